import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearchParams } from 'react-router';
import { ApiError, get, type DocumentAnswer, type Page, type TaskItem } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { count, longDay } from '../format.ts';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { ChangesPill } from '../live/changes-pill.tsx';
import { Bar, LookIcon, TaskTable } from '../parts.tsx';
import { saidIn } from '../said.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { href, pointQuery, toPresent, useScope } from '../scope/scope.ts';
import { Failure, Loading } from '../states.tsx';
import { CELL_WORDS, MAIN, REST } from '../words.ts';
import { tallyOf } from './tally.ts';

const KINDS = [...MAIN, ...REST];

/** The tasks of the document as a file, where the list of its number holds exactly these: another document may bear the same number. */
function DocumentExport({ document, cells, shown }: { document: DocumentAnswer; cells: readonly string[] | null; shown: number }) {
  const query = { documentNumber: document.document.number, asOf: document.asOf, knownAt: `position:${document.position}`, cell: cells === null ? null : cells.join(',') };
  const list = useQuery({
    queryKey: ['tasks', 'of-number', query],
    queryFn: ({ signal }) => get<Page<TaskItem>>('/tasks', { ...query, limit: '1' }, signal),
    enabled: shown > 0,
  });
  return shown > 0 && list.data?.total === shown ? <ExportLinks path="/tasks" query={query} /> : null;
}

/** A directive document and every task it carries. */
export function DocumentPage() {
  const { id = '' } = useParams();
  const scope = useScope();
  const [search] = useSearchParams();
  const picked = search.get('nhom');
  const path = `/van-ban/${encodeURIComponent(id)}`;
  const point = pointQuery(scope);
  const answer = useQuery({
    queryKey: ['document', id, point],
    queryFn: ({ signal }) => get<DocumentAnswer>(`/documents/${encodeURIComponent(id)}`, point, signal),
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const data = answer.data;
  const tally = tallyOf(data?.tasks ?? []);
  const kind = KINDS.find(({ key }) => key === picked);
  const shown = (data?.tasks ?? []).filter(({ cell }) =>
    kind ? cell !== null && kind.cells.includes(cell) : picked === 'out' ? cell === null || !(cell in CELL_WORDS) : true,
  );
  return (
    <Frame
      title={data ? t('Văn bản {{number}}', { number: data.document.number }) : t('Văn bản')}
      instant={data ? { asOf: data.asOf, position: data.position } : undefined}
      updatedAt={answer.dataUpdatedAt || undefined}
      lost={answer.error instanceof ApiError && answer.error.status === 0}
    >
      <ScopeBar path={path} figures={false} extra={picked ? { nhom: picked } : {}} />
      <ChangesPill position={data?.position} apply={() => answer.refetch()} />
      {answer.isError && !data ? (
        <Failure error={answer.error} retry={() => void answer.refetch()}>
          {scope.day || scope.knownAt ? (
            <Link className="btn" to={href(path, toPresent(scope))}>
              {t('Xem ở hiện tại')}
            </Link>
          ) : null}
          <Link className="btn" to={href('/viec', scope)}>
            {t('Tìm việc')}
          </Link>
        </Failure>
      ) : data ? (
        <>
          <p className="crumb">
            <Link to={href('/', scope)}>{t('Bảng điều hành')}</Link> ▸ <Link to={href('/viec', scope)}>{t('Việc')}</Link>
          </p>
          <p className="eyebrow">
            <b className="code">{data.document.number}</b>
            <span>{longDay(data.document.date)}</span>
            <span>
              {data.document.issuer}
              {data.document.signerTitle ? `, ${data.document.signerTitle}` : ''}
            </span>
            {data.document.urgency ? <span>{data.document.urgency}</span> : null}
          </p>
          <h1 className="taskh" lang={data.document.title ? saidIn() : undefined}>
            {data.document.title ?? t('Văn bản {{number}}', { number: data.document.number })}
          </h1>
          <p>
            <Link to={href('/', { ...scope, documentNumber: data.document.number })}>{t('Bảng điều hành của văn bản này')}</Link>
          </p>
          <section className="doct" aria-labelledby="van-ban-viec">
            <h2 id="van-ban-viec">
              <span data-total={shown.length}>{count(shown.length)}</span> {t('việc', { n: count(shown.length) })}
              {kind ? `: ${kind.word.toLowerCase()}` : picked === 'out' ? ` ${t('ngoài tổng số')}` : ` ${t('trong văn bản này')}`}
              {kind || picked === 'out' ? (
                <>
                  {' '}
                  <Link className="small" to={href(path, scope)}>
                    {t('Xem cả {{total}} việc', { total: count(data.total) })}
                  </Link>
                </>
              ) : null}
            </h2>
            <Bar cells={tally.cells} total={tally.total} />
            <ul className="doccells">
              {KINDS.map(({ key, look, word, cells }) => {
                const n = cells.reduce((sum, cell) => sum + (tally.cells[cell] ?? 0), 0);
                return n === 0 && !MAIN.some((main) => main.key === key) ? null : (
                  <li key={key}>
                    <Link to={href(path, scope, { nhom: key })} data-count={n} aria-current={picked === key ? 'true' : undefined}>
                      <LookIcon look={look} /> {word} <b>{count(n)}</b>
                    </Link>
                  </li>
                );
              })}
              {tally.out > 0 ? (
                <li>
                  <Link to={href(path, scope, { nhom: 'out' })} data-count={tally.out} aria-current={picked === 'out' ? 'true' : undefined}>
                    <LookIcon look="out" /> {t('Ngoài tổng số')} <b>{count(tally.out)}</b>
                  </Link>
                </li>
              ) : null}
            </ul>
            <DocumentExport document={data} cells={kind ? kind.cells : null} shown={picked === 'out' ? 0 : shown.length} />
            <TaskTable items={shown} scope={scope} documents={false} />
          </section>
        </>
      ) : (
        <Loading what={t('văn bản')} />
      )}
    </Frame>
  );
}
