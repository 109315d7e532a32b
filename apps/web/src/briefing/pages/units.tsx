import { count, local } from '../../format.ts';
import { t } from '../../i18n.ts';
import { Pair } from '../room-parts.tsx';
import { type UnitsPage } from '../types.ts';
import { shortDay, signed } from '../words.ts';
import { fraction, NO_RATE, percent } from './shared.ts';

const changed = (n: number, since: number | null): string => (since === null ? '' : n === since ? t('không đổi') : signed(n - since));

export function UnitsRoom({ then, now }: { then: UnitsPage; now: UnitsPage | null }) {
  const nowOf = (unitId: string): number | null => (now === null ? null : (now.rows.find((row) => row.unitId === unitId)?.overdue ?? null));
  return (
    <>
      <div className="rhead">
        <p className="rfig" data-figure="units">
          <Pair then={then.withOverdue} now={now?.withOverdue} />/{count(then.all)}
        </p>
        <p className="rbig">
          {t('đơn vị có việc quá hạn;')}
          <br />
          {t('{{n}} đơn vị không có', { n: count(then.all - then.withOverdue) })}
        </p>
      </div>
      {then.rows.length === 0 ? null : (
        <table className="rt h10">
          <thead>
            <tr>
              <th scope="col" className="c w6">
                {t('Phím')}
              </th>
              <th scope="col">{t('Đơn vị')}</th>
              <th scope="col" className="pl2 w26">
                {then.since ? t('Quá hạn, so với {{day}}', { day: shortDay(local(then.since).day) }) : t('Quá hạn')}
              </th>
              <th scope="col" className="num w16">
                {t('Lâu nhất, ngày')}
              </th>
              <th scope="col" className="num w28">
                {t('Đúng hạn')}
              </th>
            </tr>
          </thead>
          <tbody>
            {then.rows.map((row, at) => (
              <tr key={row.unitId}>
                <td className="c q">{at + 1}</td>
                <th scope="row" className="unit">
                  {row.shortName}
                </th>
                <td className={row.overdue > 0 || (nowOf(row.unitId) ?? 0) > 0 ? 'days' : 'days none'}>
                  <span className="n2">
                    <Pair then={row.overdue} now={nowOf(row.unitId)} />
                  </span>{' '}
                  <small className="w1">{changed(row.overdue, row.sinceOverdue)}</small>
                </td>
                <td className="num m">{row.oldestDays === null ? NO_RATE : count(row.oldestDays)}</td>
                <td className="num m">
                  {row.onTime.few ? <small>{t('ít dữ liệu')}</small> : percent(row.onTime)} <small className="w2">({fraction(row.onTime)})</small>
                </td>
              </tr>
            ))}
            {then.rest && then.rest.units > 0 ? (
              <tr className="rest">
                <td />
                <th scope="row" className="unit">
                  {t('{{n}} đơn vị khác', { n: count(then.rest.units) })}
                </th>
                <td className="days">
                  <span className="n2">{count(then.rest.overdue)}</span> <small className="w1">{changed(then.rest.overdue, then.rest.sinceOverdue)}</small>
                </td>
                <td className="num m">{then.rest.oldestDays === null ? NO_RATE : count(then.rest.oldestDays)}</td>
                <td className="num m">
                  {percent(then.rest.onTime)} <small className="w2">({fraction(then.rest.onTime)})</small>
                </td>
              </tr>
            ) : null}
          </tbody>
        </table>
      )}
    </>
  );
}
