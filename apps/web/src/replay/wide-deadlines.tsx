import { IconFlag } from '@tabler/icons-react';
import { Link } from 'react-router';
import { type Query } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { count, day, dayOf, due, longDay, positionText } from '../format.ts';
import { t } from '../i18n.ts';
import { Failure, Loading } from '../states.tsx';
import { ROLE_WORDS } from '../words.ts';
import { subjectQuery, usePages, type DeadlineMove, type DeadlinePage, type WideView } from './audit.ts';
import { atEvent, More } from './wide-events.tsx';

const added = (days: number | null): string =>
  days === null
    ? t('không tính được')
    : days === 0
      ? t('0 ngày')
      : days > 0
        ? t('+{{n}} ngày', { n: count(days) })
        : t('−{{n}} ngày', { n: count(-days) });

/** Every change of a deadline in force: what it was at first, before and after, who decided, and whether it had passed by then. */
export function WideDeadlines({ view }: { view: WideView }) {
  const lateOnly = view.get('sauHan') === '1';
  const query: Query = { ...subjectQuery(view), from: view.from, to: view.to, late: lateOnly ? 'true' : null };
  const pages = usePages<DeadlinePage>('/audit/deadlines', query);
  const first = pages.data?.pages[0];
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  if (pages.error && !first) return <Failure error={pages.error} retry={() => void pages.refetch()} />;
  if (!first) return <Loading what={t('lịch sử thời hạn')} />;
  const { changes, tasks, daysAdded, afterDeadline, moreThanOnce } = first.summary;
  return (
    <section aria-labelledby="h-dues">
      <h2 id="h-dues">
        {t('Thời hạn bị đổi {{n}} lần ở {{tasks}} việc', { n: count(changes), tasks: count(tasks) })}{' '}
        <span className="quiet">{t('từ {{from}} đến {{to}}', { from: day(first.from ?? view.a), to: day(first.to ?? view.b) })}</span>
      </h2>
      <p>
        {t('Cộng {{days}} ngày; {{late}} lần sau khi đã quá hạn; {{often}} việc bị đổi từ hai lần.', {
          days: count(Math.abs(daysAdded)),
          late: count(afterDeadline),
          often: count(moreThanOnce),
        })}
      </p>
      <div className="controls" role="group" aria-label={t('Lọc lịch sử thời hạn')}>
        <label className="pick check">
          <input
            type="checkbox"
            name="sauHan"
            checked={lateOnly}
            onChange={(event) => view.set({ sauHan: event.target.checked ? '1' : null })}
          />
          <span>{t('Chỉ những lần sau khi đã quá hạn')}</span>
        </label>
        <ExportLinks path="/audit/deadlines" query={query} />
      </div>
      {items.length === 0 ? (
        <p className="quiet">{t('Không thời hạn nào bị đổi trong khoảng này.')}</p>
      ) : (
        <div className="scrollx" role="region" aria-label={t('Các lần đổi thời hạn, mới ghi trước')} tabIndex={0}>
          <table className="plain moves">
            <thead>
              <tr>
                <th scope="col">{t('Việc')}</th>
                <th scope="col">{t('Quyết ngày')}</th>
                <th scope="col">{t('Hạn ban đầu')}</th>
                <th scope="col">{t('Hạn trước')}</th>
                <th scope="col">{t('Hạn sau')}</th>
                <th scope="col" className="num">
                  {t('Thêm')}
                </th>
                <th scope="col">{t('Ai quyết, căn cứ')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((move) => (
                <Move key={move.id} move={move} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <More pages={pages} shown={items.length} total={first.total} exported />
    </section>
  );
}

function Move({ move }: { move: DeadlineMove }) {
  const on = (one: DeadlineMove['before']): string => due(one.dueOn, one.dueTime);
  const recorded = dayOf(move.recordedAt);
  return (
    <tr data-position={move.position} data-after-deadline={move.afterDeadline || undefined}>
      <th scope="row">
        <Link to={atEvent(move)}>{move.code ?? move.taskId}</Link>
        <span className="sub">{move.content}</span>
        <span className="sub">{move.unitName}</span>
      </th>
      <td>
        {longDay(dayOf(move.occurredAt))}
        <span className="sub">
          {move.name}, {t('lần {{n}}', { n: move.number })} · {positionText(move.position)}
          {recorded > dayOf(move.occurredAt) ? <> · {t('ghi {{day}}', { day: longDay(recorded) })}</> : null}
        </span>
        {move.afterDeadline ? (
          <span className="badge">
            <IconFlag size={14} aria-hidden /> {t('Gia hạn sau khi quá hạn')}
          </span>
        ) : null}
        {move.annulled ? <span className="badge dim">{t('Đã hủy ghi nhận')}</span> : null}
      </td>
      <td>{on(move.original)}</td>
      <td>
        <del>{on(move.before)}</del>
      </td>
      <td>
        <b>{on(move.after)}</b>
      </td>
      <td className="num">{added(move.daysAdded)}</td>
      <td>
        {ROLE_WORDS[move.decidedBy.role] ?? move.decidedBy.role}
        {move.document ? <span className="sub">{move.document}</span> : null}
        {move.reason ? <span className="sub">{t('lý do: {{reason}}', { reason: move.reason })}</span> : null}
      </td>
    </tr>
  );
}
