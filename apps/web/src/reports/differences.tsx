import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../api.ts';
import { count, day, moment, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { Failure, Loading } from '../states.tsx';
import { placeWords as cellWords } from '../words.ts';
import { type Changes, type Comparison, type FigureValue } from './types.ts';
import { placeWords, valueWords } from './words.ts';


function Value({ value, was = false }: { value: FigureValue; was?: boolean }) {
  const words = valueWords(value);
  return value.state === 'value' ? was ? <del>{words}</del> : <b>{words}</b> : <span className="quiet">{words}</span>;
}

/** What has changed since a report was issued: figures old and new, the tasks that make the difference, the events that did it. */
export function ChangesAfter({ id }: { id: string }) {
  const changes = useQuery({ queryKey: ['report', id, 'changes'], queryFn: ({ signal }) => get<Changes>(`/reports/${encodeURIComponent(id)}/changes`, { limit: '200' }, signal), staleTime: 0 });
  if (changes.isError) return <Failure error={changes.error} retry={() => void changes.refetch()} />;
  if (!changes.data) return <Loading what={t('thay đổi sau ban hành')} />;
  const { figures, tasks, sources } = changes.data;
  const groups = [
    [t('Có thay đổi'), tasks.changed],
    [t('Vào số liệu'), tasks.entered],
    [t('Ra khỏi số liệu'), tasks.left],
  ] as const;
  if (figures.length === 0 && groups.every(([, group]) => group.total === 0))
    return <p>{t('Không có gì thay đổi: lập lại lúc này vẫn ra đúng các số đã ban hành.')}</p>;
  return (
    <>
      <p>
        {t('Ghi nhận sau khi ban hành (sau sự kiện {{from}}, đến sự kiện {{to}}). Báo cáo đã ban hành giữ nguyên.', {
          from: positionText(changes.data.frozen.position),
          to: positionText(changes.data.now.position),
        })}
      </p>
      {figures.length > 0 ? (
        <div className="scrollx" tabIndex={0} role="region" aria-label={t('Số liệu khác đi')}>
          <table className="rpdiff">
            <thead>
              <tr>
                <th scope="col">{t('Vị trí')}</th>
                <th scope="col">{t('Số liệu')}</th>
                <th scope="col" className="num">
                  {t('Đã ban hành')}
                </th>
                <th scope="col" className="num">
                  {t('Lập lại lúc này')}
                </th>
              </tr>
            </thead>
            <tbody>
              {figures.map((figure, n) => (
                <tr key={n}>
                  <td>{placeWords(figure.where)}</td>
                  <td lang={saidIn()}>{figure.name}</td>
                  <td className="num">
                    <Value value={figure.before} was />
                  </td>
                  <td className="num">
                    <Value value={figure.after} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p>{t('Không số nào trong báo cáo khác đi.')}</p>
      )}
      {groups.map(([words, group]) =>
        group.total === 0 ? null : (
          <div key={words} className="rpgroup">
            <h3>
              {words} ({count(group.total)})
            </h3>
            <ul>
              {group.items.map((task) => (
                <li key={task.id}>
                  <p>
                    <Link className="code" to={`/viec/${encodeURIComponent(task.id)}`}>
                      {task.code}
                    </Link>{' '}
                    {task.content}
                  </p>
                  <p>
                    <del>{cellWords(task.before)}</del> → <b>{cellWords(task.after)}</b>
                  </p>
                  {task.events.length === 0 ? <p className="quiet">{t('chỉ thời gian trôi qua')}</p> : null}
                  {task.events.map((event) => (
                    <p key={event.id} className="quiet">
                      {positionText(event.position)} · <span lang={saidIn()}>{event.sentence}</span> · {t('ghi lúc {{at}}', { at: moment(event.recordedAt) })}
                    </p>
                  ))}
                </li>
              ))}
            </ul>
          </div>
        ),
      )}
      {sources.length > 0 ? (
        <div className="rpgroup">
          <h3>{t('Kế hoạch, chỉ tiêu ghi thêm')}</h3>
          <ul>
            {sources.map((source) => (
              <li key={source.id}>
                <Link to={source.of === 'plan' ? `/bao-cao/ke-hoach#${source.id}` : `/bao-cao/chi-so#${source.id}`}>{source.code}</Link>
                {source.events.map((event) => (
                  <p key={event.id} className="quiet">
                    {positionText(event.position)} · {t('ghi lúc {{at}}', { at: moment(event.recordedAt) })}
                  </p>
                ))}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  );
}

const signed = (n: number): string => `${n > 0 ? '+' : n < 0 ? '−' : ''}${count(Math.abs(n))}`;

function differenceWords(difference: Comparison['rows'][number]['difference']): string {
  if (difference === null) return '';
  if (difference.by === 0) return t('không đổi');
  if (difference.kind === 'count') return signed(difference.by);
  const points = (Math.abs(difference.by) / 100).toString().replace('.', ',');
  return difference.by > 0 ? t('+{{points}} điểm %', { points }) : t('−{{points}} điểm %', { points });
}

/** The figures of a report beside those of another period; what the other has not is said to be missing, and is no zero. */
export function ComparedWith({ id, with: what }: { id: string; with: 'previous' | 'last-year' }) {
  const comparison = useQuery({
    queryKey: ['report', id, 'comparison', what],
    queryFn: ({ signal }) => get<Comparison>(`/reports/${encodeURIComponent(id)}/comparison`, { with: what }, signal),
  });
  if (comparison.isError) return <Failure error={comparison.error} retry={() => void comparison.refetch()} />;
  if (!comparison.data) return <Loading what={t('số liệu kỳ so sánh')} />;
  const { current, other, rows } = comparison.data;
  return (
    <>
      <p>
        {other.reportId ? (
          <Link to={`/bao-cao/${encodeURIComponent(other.reportId)}`}>{t('Theo báo cáo đã ban hành của {{period}}.', { period: other.periodWords })}</Link>
        ) : (
          t('{{period}}: theo nhật ký, tính đến hết ngày {{asOf}}.', { period: other.periodWords, asOf: day(other.asOf) })
        )}
      </p>
      {other.note ? <p className="effect">{other.note}</p> : null}
      {other.hasData ? (
        <div className="scrollx" tabIndex={0} role="region" aria-label={t('Số liệu hai kỳ')}>
          <table className="rpdiff">
            <thead>
              <tr>
                <th scope="col">{t('Vị trí')}</th>
                <th scope="col">{t('Số liệu')}</th>
                <th scope="col" className="num">
                  {other.periodWords}
                </th>
                <th scope="col" className="num">
                  {current.periodWords}
                </th>
                <th scope="col" className="num">
                  {t('Tăng, giảm')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, n) => (
                <tr key={n}>
                  <td>{placeWords(row.where)}</td>
                  <td lang={saidIn()}>{row.name}</td>
                  <td className="num">
                    <Value value={row.other} />
                  </td>
                  <td className="num">
                    <Value value={row.current} />
                  </td>
                  <td className="num">{differenceWords(row.difference)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </>
  );
}
