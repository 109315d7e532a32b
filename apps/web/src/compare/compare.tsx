import { Link, useSearchParams } from 'react-router';
import { ApiError, type ChangedTask, type Changes, type ComparedPoint } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { at, count, day, dayOf, known, positionText } from '../format.ts';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { PrintedPart } from '../pager.tsx';
import { Figure } from '../parts.tsx';
import { ScopeBar } from '../scope/scope-bar.tsx';
import { asQuery, compares, href, sinceQuery, useScope, type Scope } from '../scope/scope.ts';
import { useScopeName } from '../scope/units.ts';
import { Failure, Loading } from '../states.tsx';
import { CELL_WORDS, MAIN, REST } from '../words.ts';
import { ChangedList } from './changed-list.tsx';
import { useChanges } from './changes.ts';

const PAGE = 50;
const MOST = 200;
const ORDER = [...MAIN, ...REST].flatMap((kind) => kind.cells);

/** Two points of the same question, and every task that makes the difference, in three groups. */
export function ComparePage() {
  const scope = useScope();
  const [search, setSearch] = useSearchParams();
  const limit = search.get('hien') === String(MOST) ? MOST : PAGE;
  const changes = useChanges(scope, limit);
  const unitName = useScopeName(scope);
  const data = changes.data;
  const cells = search.get('o')?.split(',') ?? null;
  const extra = { o: search.get('o') ?? '' };
  return (
    <Frame
      title={t('So sánh hai thời điểm')}
      instant={data ? { asOf: data.now.asOf, position: data.now.position } : undefined}
      updatedAt={changes.dataUpdatedAt || undefined}
      lost={changes.error instanceof ApiError && changes.error.status === 0}
    >
      <ScopeBar path="/so-sanh" extra={extra} from={data ? data.parameters.from : null} />
      {!compares(scope) ? (
        <Choose scope={scope} />
      ) : changes.isError ? (
        <Failure error={changes.error} retry={() => void changes.refetch()}>
          <Link className="btn" to={href('/so-sanh', { ...scope, sinceDay: null, sinceKnownAt: null })}>
            {t('Chọn mốc khác')}
          </Link>
        </Failure>
      ) : data ? (
        <div className={changes.isPlaceholderData ? 'stale' : ''} data-ready={changes.isPlaceholderData ? undefined : 'yes'}>
          <Comparison
            data={data}
            scope={scope}
            unitName={unitName}
            cells={cells}
            more={
              limit < MOST
                ? () => {
                    const next = new URLSearchParams(search);
                    next.set('hien', String(MOST));
                    setSearch(next, { replace: true, preventScrollReset: true });
                  }
                : null
            }
          />
        </div>
      ) : (
        <Loading what={t('phần so sánh')} />
      )}
    </Frame>
  );
}

function Choose({ scope }: { scope: Scope }) {
  return (
    <div className="state">
      <h1>{t('So với thời điểm nào?')}</h1>
      <p>
        {t(
          'Chọn mốc trước ở ô “So với” phía trên. Trang này cho biết việc nào đã vào, ra khỏi hoặc đổi nhóm giữa hai mốc, và sự kiện nào làm đổi.',
        )}
      </p>
      {scope.day ? (
        <p className="acts">
          <Link className="btn primary" to={href('/so-sanh', { ...scope, knownAt: null, sinceDay: scope.day, sinceKnownAt: scope.day })}>
            {t('Số của hết {{day}} như đã biết lúc đó, so với nay', { day: day(scope.day) })}
          </Link>
        </p>
      ) : null}
    </div>
  );
}

const touches = (task: ChangedTask, cells: readonly string[] | null): boolean =>
  cells === null || (task.before !== null && cells.includes(task.before)) || (task.after !== null && cells.includes(task.after));

function Comparison({
  data,
  scope,
  unitName,
  cells,
  more,
}: {
  data: Changes;
  scope: Scope;
  unitName: string;
  cells: readonly string[] | null;
  more: (() => void) | null;
}) {
  const whole = data.entered.total + data.left.total + data.changed.total;
  const groups = [
    {
      key: 'entered',
      title: t('Vào nhóm'),
      words: t('Việc được tính ở mốc sau, không được tính ở mốc trước.'),
      none: t('Không việc nào được tính ở mốc sau, không được tính ở mốc trước.'),
      group: data.entered,
    },
    {
      key: 'left',
      title: t('Ra khỏi nhóm'),
      words: t('Việc được tính ở mốc trước, không được tính ở mốc sau.'),
      none: t('Không việc nào được tính ở mốc trước, không được tính ở mốc sau.'),
      group: data.left,
    },
    {
      key: 'changed',
      title: t('Có thay đổi'),
      words: t('Việc được tính ở cả hai mốc, nhưng ở ô khác hoặc đơn vị khác.'),
      none: t('Không việc nào được tính ở cả hai mốc, nhưng ở ô khác hoặc đơn vị khác.'),
      group: data.changed,
    },
  ];
  return (
    <>
      <h1 className="listh">
        {whole === 0 ? (
          t('Hai thời điểm như nhau, không việc nào khác')
        ) : (
          <>
            <span className="big">{count(whole)}</span> {t('việc khác nhau, {{unitName}}', { unitName, n: count(whole) })}
          </>
        )}
      </h1>
      {whole > 0 && cells === null ? (
        <ExportLinks path="/figures/changes" query={{ ...asQuery(scope), ...sinceQuery(scope) }} />
      ) : null}
      <div className="points">
        <PointView title={t('Mốc trước')} point={data.since} scope={sinceScope(scope)} />
        <PointView title={t('Mốc sau')} point={data.now} scope={nowScope(scope)} />
      </div>
      <KnownThen scope={scope} data={data} />
      <CellTable data={data} scope={scope} cells={cells} />
      {groups.map(({ key, title, words, none, group }) => {
        const items = group.items.filter((task) => touches(task, cells));
        return (
          <section key={key} aria-labelledby={`h-${key}`} data-group={key} data-total={group.total}>
            <h2 id={`h-${key}`}>
              {title} <span className="quiet">{t('{{total}} việc', { total: count(group.total) })}</span>
            </h2>
            <p className="quiet">{group.total === 0 ? none : words}</p>
            <ChangedList items={items} scope={scope} />
            {group.items.length < group.total ? (
              <p className="pager">
                {t('Đang hiện {{n}} trong {{total}} việc.', { n: count(group.items.length), total: count(group.total) })}
                <PrintedPart shown={group.items.length} total={group.total} />
                {more ? (
                  <button type="button" className="btn" onClick={more}>
                    {t('Hiện tới {{n}} việc', { n: count(Math.min(MOST, group.total)) })}
                  </button>
                ) : (
                  ` ${t('Chọn một đơn vị hoặc một kỳ ngắn hơn để thấy hết.')}`
                )}
              </p>
            ) : null}
          </section>
        );
      })}
    </>
  );
}

const nowScope = (scope: Scope): Scope => ({ ...scope, sinceDay: null, sinceKnownAt: null });
const sinceScope = (scope: Scope): Scope => ({ ...nowScope(scope), day: scope.sinceDay ?? scope.day, knownAt: scope.sinceKnownAt });

function PointView({ title, point, scope }: { title: string; point: ComparedPoint; scope: Scope }) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <p className="v">
        <Figure
          value={point.total}
          scope={scope}
          pick={{ rate: 'R3', side: 'denominator' }}
          what={t('tổng số, {{title}}', { title: title.toLowerCase() })}
        />{' '}
        {t('việc được giao', { n: count(point.total) })}
      </p>
      <p>
        {t('Tính đến')} <b>{at(point.asOf)}</b>,{' '}
        {point.knownAt
          ? t('chỉ tính điều đã ghi nhận đến {{knownAt}}', { knownAt: known(point.knownAt) })
          : t('theo mọi điều đã biết đến nay')}
      </p>
      <p className="quiet">
        {t('Sự kiện {{position}} ·', { position: positionText(point.position) })}{' '}
        <Link to={href('/', scope)}>{t('Mở bảng điều hành ở mốc này')}</Link>
      </p>
    </section>
  );
}

/** Figures of an earlier day stand in two ways: as published then, or as known now. One click changes between them. */
function KnownThen({ scope, data }: { scope: Scope; data: Changes }) {
  const then = dayOf(data.since.asOf);
  const asThen = scope.sinceKnownAt !== null;
  if (asThen && scope.sinceKnownAt !== then) return null;
  return (
    <p className="quiet">
      <Link to={href('/so-sanh', { ...scope, sinceDay: then, sinceKnownAt: asThen ? null : then })}>
        {asThen
          ? t('Lấy mốc trước theo mọi điều đã biết đến nay')
          : t('Lấy mốc trước như đã biết lúc hết {{then}} (số đã công bố)', { then: day(then) })}
      </Link>
    </p>
  );
}

function CellTable({ data, scope, cells }: { data: Changes; scope: Scope; cells: readonly string[] | null }) {
  const rows = ORDER.filter((cell) => {
    const row = data.cells[cell];
    return row !== undefined && (row.before > 0 || row.after > 0 || row.entered > 0 || row.left > 0);
  });
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby="h-cells">
      <h2 id="h-cells">{t('Từng nhóm')}</h2>
      <div className="scrollx" role="group" aria-labelledby="h-cells" tabIndex={0}>
        <table className="plain cellt">
          <thead>
            <tr>
              <th scope="col">{t('Nhóm')}</th>
              <th scope="col" className="num">
                {t('Mốc trước')}
              </th>
              <th scope="col" className="num">
                {t('Mốc sau')}
              </th>
              <th scope="col" className="num">
                {t('Vào')}
              </th>
              <th scope="col" className="num">
                {t('Ra')}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((cell) => {
              const row = data.cells[cell] ?? { before: 0, after: 0, entered: 0, left: 0 };
              const only = cells?.length === 1 && cells[0] === cell;
              return (
                <tr key={cell} data-cell={cell} className={cells && !cells.includes(cell) ? 'dim' : undefined}>
                  <th scope="row">
                    {row.entered + row.left > 0 ? (
                      <Link
                        to={href('/so-sanh', scope, only ? {} : { o: cell })}
                        aria-current={only ? 'true' : undefined}
                        title={only ? t('Bỏ lọc') : t('Chỉ xem nhóm này')}
                      >
                        {CELL_WORDS[cell]}
                      </Link>
                    ) : (
                      CELL_WORDS[cell]
                    )}
                  </th>
                  <td className="num">
                    <Figure
                      value={row.before}
                      scope={sinceScope(scope)}
                      pick={{ cell }}
                      what={t('{{cell}}, mốc trước', { cell: CELL_WORDS[cell] ?? cell })}
                    />
                  </td>
                  <td className="num strong">
                    <Figure
                      value={row.after}
                      scope={nowScope(scope)}
                      pick={{ cell }}
                      what={t('{{cell}}, mốc sau', { cell: CELL_WORDS[cell] ?? cell })}
                    />
                  </td>
                  <td className="num">{row.entered === 0 ? <span className="zero">0</span> : `+${count(row.entered)}`}</td>
                  <td className="num">{row.left === 0 ? <span className="zero">0</span> : `−${count(row.left)}`}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {cells ? (
        <p className="quiet">
          {t('Đang chỉ hiện việc vào hoặc ra khỏi: {{cells}}.', { cells: cells.map((cell) => CELL_WORDS[cell] ?? cell).join('; ') })}{' '}
          <Link to={href('/so-sanh', scope)}>{t('Hiện mọi nhóm')}</Link>
        </p>
      ) : null}
    </section>
  );
}
