import { useEffect, useRef, useState } from 'react';
import { useLook } from '../display/look.ts';
import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { Figure } from '../parts.tsx';
import { wholeOf, type Scope } from '../scope/scope.ts';
import { limitsAt, placeIn, type Place } from './funnel-limits.ts';
import { drawFunnel } from './funnel-plot.ts';
import { type Dashboard, type UnitRow } from './types.ts';

const PLACE_WORDS: Readonly<Record<Place, string>> = {
  below: t('thấp hơn mức dao động thường'),
  within: t('trong mức dao động thường'),
  above: t('cao hơn mức dao động thường'),
};

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** The value a theme gives a token: `light-dark()` is resolved by the browser where it is used as a colour. */
function colour(holder: HTMLElement, name: string): string {
  const probe = document.createElement('i');
  probe.style.color = `var(${name}, ${token(name)})`;
  holder.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

/** Rate against number of tasks: a small unit is not shamed by one late task. */
export function Funnel({ data, scope }: { data: Dashboard; scope: Scope }) {
  const [asTable, setAsTable] = useState(false);
  const holder = useRef<HTMLDivElement>(null);
  const { numerator, denominator } = data.all.onTime;
  const mean = denominator === 0 ? 0 : (numerator * 100) / denominator;
  const rows = data.units
    .filter((row) => row.onTime.denominator > 0)
    .map((row) => {
      const rate = (row.onTime.numerator * 100) / row.onTime.denominator;
      return { row, rate, place: placeIn(mean, row.onTime.denominator, rate) };
    });
  const below = rows.filter(({ place }) => place === 'below');
  const drawn = JSON.stringify(rows.map(({ row, rate }) => [row.unitId, rate, row.onTime.denominator]));
  const look = useLook();
  useEffect(() => {
    const at = holder.current;
    if (!at || asTable || denominator === 0) return undefined;
    return drawFunnel(
      at,
      rows.map(({ row, rate, place }) => ({
        name: row.shortName || row.name,
        size: row.onTime.denominator,
        rate: Math.round(rate * 100) / 100,
        outside: place === 'below',
      })),
      mean,
      (size) => limitsAt(mean, size),
      {
        ink: colour(at, '--ink-2'),
        quiet: colour(at, '--ink-3'),
        line: colour(at, '--line'),
        low: colour(at, '--overdue'),
        words: { size: t('Số việc đã đến hạn hoặc đã hoàn thành'), rate: t('Đúng hạn, %') },
      },
    );
    // Drawn anew when the numbers or the theme change, and not with every tick.
  }, [drawn, asTable, look]);
  return (
    <div className="funnel">
      <p className="takeaway">
        {denominator === 0
          ? t('Chưa có việc nào đến hạn.')
          : below.length === 0
            ? t('Không đơn vị nào thấp hơn mức dao động thường quanh tỷ lệ chung {{text}}.', { text: data.all.onTime.text })
            : t('{{n}} đơn vị thấp hơn mức dao động thường quanh tỷ lệ chung {{text}}: {{names}}.', {
                n: count(below.length),
                text: data.all.onTime.text,
                names: below
                  .slice(0, 5)
                  .map(({ row }) => row.name)
                  .join(', '),
              })}{' '}
        <button type="button" className="lk" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? t('Xem biểu đồ') : t('Xem bảng số')}
        </button>
      </p>
      {asTable ? <FunnelTable rows={rows} scope={scope} /> : <div ref={holder} className="fplot" aria-hidden="true" />}
    </div>
  );
}

function FunnelTable({ rows, scope }: { rows: readonly { row: UnitRow; rate: number; place: Place }[]; scope: Scope }) {
  const order = [...rows].sort((a, b) => a.rate - b.rate);
  return (
    <div className="scrollx" role="region" aria-label={t('Tỷ lệ đúng hạn và số việc')} tabIndex={0}>
      <table className="weeks">
        <thead>
          <tr>
            <th scope="col">{t('Đơn vị chủ trì')}</th>
            <th scope="col" className="num">
              {t('Đúng hạn')}
            </th>
            <th scope="col" className="num">
              {t('Số việc')}
            </th>
            <th scope="col">{t('So với chung')}</th>
          </tr>
        </thead>
        <tbody>
          {order.map(({ row, place }) => {
            const here: Scope = { ...scope, unitId: row.unitId, unitKind: null, tree: null };
            return (
              <tr key={row.unitId}>
                <th scope="row">{row.name}</th>
                <td className="num">{row.onTime.few ? <span className="few">{t('ít dữ liệu')}</span> : row.onTime.text}</td>
                <td className="num">
                  <Figure value={row.onTime.denominator} scope={wholeOf(here)} pick={{ rate: 'R2', side: 'denominator' }} what={t('{{unit}}, mẫu số đúng hạn', { unit: row.name })} />
                </td>
                <td>{row.onTime.few ? '' : PLACE_WORDS[place]}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
