import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { sum } from '../../words.ts';
import { Pair, ROOM_KINDS, RoomBar } from '../room-parts.tsx';
import { type UnitPage } from '../types.ts';
import { Late, Reason } from './late.tsx';
import { fraction, percent } from './shared.ts';

export function UnitRoom({ then, now }: { then: UnitPage; now: UnitPage | null }) {
  const shown = now ?? then;
  return (
    <>
      <div className="rhead unitpage">
        <p className="rbig">
          <strong>{then.shortName}</strong>
          <span>
            {then.sinceOverdue === null
              ? t('{{n}} việc trong kỳ', { n: count(then.total) })
              : t('{{n}} việc trong kỳ; giao ban trước quá hạn {{since}}', { n: count(then.total), since: count(then.sinceOverdue) })}
          </span>
        </p>
        <p className={shown.overdue > 0 ? 'rfig red r' : 'rfig r'} data-figure="overdue">
          <Pair then={then.overdue} now={now?.overdue} />
        </p>
        <p className={shown.overdue > 0 ? 'rnear red' : 'rnear'}>
          {t('việc', { n: shown.overdue })}
          <br />
          {t('quá hạn')}
        </p>
        <p className="rfig pc">{percent(shown.onTime)}</p>
        <p className="rnear">
          {t('đúng hạn')}
          <br />({fraction(shown.onTime)})
        </p>
      </div>
      <div className="runit">
        <RoomBar cells={shown.cells} small />
        <ul className="rlegend">
          {ROOM_KINDS.map(({ key, short, cells }) => (
            <li key={key}>
              <i className={`rsw rc-${key}`} aria-hidden="true" />
              {short} <b>{count(sum(shown.cells, cells))}</b>
            </li>
          ))}
        </ul>
      </div>
      <div className="rtwo">
        {then.late.length === 0 ? (
          <p className="rbig">{t('Không có nhiệm vụ quá hạn.')}</p>
        ) : (
          <table className="rt h6">
            <thead>
              <tr>
                <th scope="col" className="num w8">
                  {t('Số ngày')}
                </th>
                <th scope="col" className="pl">
                  {t('Việc quá hạn')}
                </th>
                <th scope="col" className="w26">
                  {t('Lý do đơn vị nêu')}
                </th>
              </tr>
            </thead>
            <tbody>
              {then.late.map((row) => (
                <tr key={row.taskId}>
                  <td className="num days">
                    <Late row={row} />
                  </td>
                  <td className="pl w">{row.short}</td>
                  <td>
                    <Reason row={row} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <ul className="rside">
          <li>
            <b className="rfig">{count(shown.extensions.tasks)}</b>
            <span>
              {t('việc đã gia hạn:')}
              <br />
              {t('{{times}} lần, {{days}} ngày', { times: count(shown.extensions.times), days: count(shown.extensions.days) })}
            </span>
          </li>
          <li>
            <b className="rfig">
              {count(shown.answers.answered)}/{count(shown.answers.asked)}
            </b>
            <span>
              {t('yêu cầu giải trình')}
              <br />
              {t('đã trả lời')}
            </span>
          </li>
          <li>
            <b className="rfig">{count(shown.dueWeek)}</b>
            <span>
              {t('đến hạn tuần này,')}
              <br />
              {t('{{n}} chưa cập nhật', { n: count(shown.dueWeekNoUpdate) })}
            </span>
          </li>
        </ul>
      </div>
    </>
  );
}
