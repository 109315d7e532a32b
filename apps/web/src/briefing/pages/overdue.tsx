import { count } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Pair, RoomNothing } from '../room-parts.tsx';
import { type OverduePage } from '../types.ts';
import { Late, Reason } from './late.tsx';
import { NO_RATE } from './shared.ts';

export function OverdueRoom({ then, now, n }: { then: OverduePage; now: OverduePage | null; n: number }) {
  if (then.total === 0 && (now === null || now.total === 0))
    return <RoomNothing title={t('Không có nhiệm vụ quá hạn')} more={t('Tại mốc chốt, mọi việc còn trong hạn hoặc đã xong.')} />;
  return (
    <>
      <div className="rhead">
        <p className="rfig red" data-figure="overdue">
          <Pair then={then.total} now={now?.total} />
        </p>
        <p className="rbig">
          {t('việc quá hạn ở {{units}} đơn vị, {{n}} việc trên 30 ngày;', { units: count(then.units), n: count(then.over30) })}
          <br />
          {n > 1
            ? t('tiếp theo, trang {{n}} trong {{all}}:', { n: count(n), all: count(then.pages) })
            : then.total > then.rows.length
              ? t('mười việc lâu nhất:')
              : t('lâu nhất trước:')}
        </p>
      </div>
      <table className="rt h10">
        <thead>
          <tr>
            <th scope="col" className="num w10">
              {t('Số ngày')}
            </th>
            <th scope="col" className="pl w28">
              {t('Đơn vị')}
            </th>
            <th scope="col">{t('Việc')}</th>
            <th scope="col" className="w25">
              {t('Lý do đơn vị nêu')}
            </th>
            <th scope="col" className="w13">
              {t('Trình bày')}
            </th>
          </tr>
        </thead>
        <tbody>
          {then.rows.map((row) => (
            <tr key={row.taskId} data-task={row.taskId}>
              <td className="num days">
                <Late row={row} />
              </td>
              <th scope="row" className="unit pl">
                {row.unitShort}
              </th>
              <td>{row.short}</td>
              <td>
                <Reason row={row} />
              </td>
              <td className="q">{row.speaks ?? NO_RATE}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
