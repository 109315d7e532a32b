import { useState } from 'react';
import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { wholeOf, type Scope } from '../scope/scope.ts';
import { Num } from './num.tsx';
import { OnlyLink } from './only-link.tsx';
import { type Dashboard } from './types.ts';
import { whatWords } from './what-words.ts';

const [W, TOP, LEFT, RIGHT] = [720, 28, 4, 64];
const FLOW_H = 56;
/** Between the chart and the bars, for the words under the lower limit. */
const GAP = 30;
/** Two numbers beside the chart do not run into each other, in the larger type of a phone either. */
const APART = 32;
const decimal = (n: number): string => (Math.round(n * 10) / 10).toString().replace('.', ',');
const short = (iso: string): string => day(iso).slice(0, 5).replace(/^0/, '');

/** The stock of overdue tasks as a control chart, and what came and went each week below it. */
export function Flow({ data, scope }: { data: Dashboard; scope: Scope }) {
  const [asTable, setAsTable] = useState(false);
  const { weeks, control } = data;
  const last = weeks.at(-1);
  if (!last) return null;
  const signals = [...control.signals].reverse();
  const newest = signals[0];
  return (
    <section aria-labelledby="h-flow-weeks" className="flow">
      <div className="hd">
        <h2 id="h-flow-weeks">
          {newest ? t('{{signal}}.', { signal: newest.words }) : t('Số việc quá hạn ổn định: không có tín hiệu nào trong {{n}} tuần.', { n: count(weeks.length) })}
        </h2>
        <div className="tools">
          <button type="button" className="lk" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? t('Xem biểu đồ') : t('Xem bảng số')}
          </button>
        </div>
        <p className="quiet">
          {t('Số việc quá hạn cuối mỗi tuần, {{n}} tuần; tuần này tính đến thời điểm đang xem.', { n: count(weeks.length) })}
          {scope.only === null ? null : ` ${t('Của mọi việc trong phạm vi, không chỉ các việc đang lọc.')}`}
        </p>
      </div>
      {control.signals.length > 0 ? (
        <ul className="signals">
          {signals.map((signal) => (
            <li key={`${signal.week} ${signal.rule}`} data-signal={signal.rule}>
              <b>{signal.direction === 'up' ? t('Tín hiệu xấu.') : t('Tín hiệu tốt.')}</b> {signal.words}
            </li>
          ))}
        </ul>
      ) : null}
      {asTable ? <WeekTable data={data} scope={wholeOf(scope)} /> : <Plot data={data} />}
      <p className="quiet">
        {t('Mỗi tuần: giao mới (cột nhạt), hoàn thành (cột đậm). Tuần này giao {{assigned}}, hoàn thành {{completed}}.', {
          assigned: count(last.assigned),
          completed: count(last.completed),
        })}
      </p>
    </section>
  );
}

function Plot({ data }: { data: Dashboard }) {
  const { weeks, control } = data;
  const most = Math.max(control.upper, 1, ...weeks.map((week) => week.overdueStock)) * 1.08;
  const least = Math.min(Math.max(0, control.lower), ...weeks.map((week) => week.overdueStock)) * 0.9;
  // Half a year without anything overdue needs no room to say so.
  const H = weeks.every((week) => week.overdueStock === 0) ? 60 : 200;
  const span = W - LEFT - RIGHT;
  const x = (index: number) => LEFT + 10 + (index * (span - 20)) / Math.max(1, weeks.length - 1);
  const y = (value: number) => TOP + (H - TOP - 8) * (1 - (value - least) / Math.max(1, most - least));
  const signal = new Set(control.signals.map(({ week }) => week));
  const ends = weeks.at(-1)?.overdueStock ?? 0;
  const busiest = Math.max(1, ...weeks.flatMap((week) => [week.assigned, week.completed]));
  // The number that counts stands at its point; the mean makes room.
  const meanAt = Math.abs(y(ends) - y(control.mean)) >= APART ? y(control.mean) : y(ends) + (y(control.mean) <= y(ends) ? -APART : APART);
  const apart = (span - 20) / Math.max(1, weeks.length - 1);
  const bar = apart / 2.6;
  return (
    <svg className="cc" viewBox={`0 0 ${String(W)} ${String(H + GAP + FLOW_H + 36)}`} aria-hidden="true">
      <line className="mean" x1={LEFT} x2={W - RIGHT} y1={y(control.mean)} y2={y(control.mean)} />
      <text x={W - RIGHT + 6} y={meanAt + 5}>
        {decimal(control.mean)}
      </text>
      <line className="lim" x1={LEFT} x2={W - RIGHT} y1={y(control.upper)} y2={y(control.upper)} />
      {control.lower > least ? <line className="lim" x1={LEFT} x2={W - RIGHT} y1={y(control.lower)} y2={y(control.lower)} /> : null}
      <polyline className="ser" points={weeks.map((week, index) => `${x(index).toFixed(1)},${y(week.overdueStock).toFixed(1)}`).join(' ')} />
      {weeks.map((week, index) => (
        <circle
          key={week.from}
          className={signal.has(week.from) ? 'sig' : 'pt'}
          cx={x(index)}
          cy={y(week.overdueStock)}
          r={signal.has(week.from) || index === weeks.length - 1 ? 4 : 2.5}
        />
      ))}
      {/* Over the points: high or low weeks at the beginning lie where the words stand. */}
      <text x={LEFT} y={y(control.upper) - 5}>
        {t('giới hạn trên {{n}}', { n: decimal(control.upper) })}
      </text>
      {control.lower > least ? (
        <text className="under" x={LEFT} y={y(control.lower) + 5}>
          {t('giới hạn dưới {{n}}', { n: decimal(control.lower) })}
        </text>
      ) : null}
      <text className="now" x={W - RIGHT + 6} y={y(ends) + 7}>
        {count(ends)}
      </text>
      {weeks.map((week, index) => (
        <g key={week.from}>
          <FlowBar what={`assigned-week-${week.from}`} n={week.assigned} look="fa" x={x(index) - bar} width={bar} hit={[x(index) - apart / 2, apart / 2]} top={H + GAP} most={busiest} />
          <FlowBar what={`completed-week-${week.from}`} n={week.completed} look="fc" x={x(index) + 1} width={bar} hit={[x(index), apart / 2]} top={H + GAP} most={busiest} />
        </g>
      ))}
      <line className="ax" x1={LEFT} x2={W - RIGHT} y1={H + GAP + FLOW_H} y2={H + GAP + FLOW_H} />
      {weeks.map((week, index) =>
        index % 5 === 0 || index === weeks.length - 1 ? (
          <text key={week.from} x={x(index)} y={H + GAP + FLOW_H + 30} textAnchor={index === 0 ? 'start' : 'middle'}>
            {short(week.from)}
          </text>
        ) : null,
      )}
    </svg>
  );
}

/** What flowed in a week, for those who point at it: it narrows the page to those tasks, as the list that the table leads to does. A low bar is hit above it too. */
function FlowBar({ what, n, look, x, width, hit, top, most }: { what: string; n: number; look: string; x: number; width: number; hit: readonly [from: number, width: number]; top: number; most: number }) {
  return (
    <OnlyLink what={what} n={n} pointed>
      <title>{`${whatWords(what, null).name}: ${count(n)}`}</title>
      <rect className="hit" x={hit[0]} width={hit[1]} y={top} height={FLOW_H} />
      <rect className={look} x={x} width={width} y={top + FLOW_H * (1 - n / most)} height={(FLOW_H * n) / most} />
    </OnlyLink>
  );
}

function WeekTable({ data, scope }: { data: Dashboard; scope: Scope }) {
  const signal = new Set(data.control.signals.map(({ week }) => week));
  return (
    <div className="scrollx" role="region" aria-label={t('Số liệu từng tuần')} tabIndex={0}>
      <table className="weeks">
        <thead>
          <tr>
            <th scope="col">{t('Tuần từ')}</th>
            <th scope="col" className="num">
              {t('Giao mới')}
            </th>
            <th scope="col" className="num">
              {t('Hoàn thành')}
            </th>
            <th scope="col" className="num">
              {t('Quá hạn cuối tuần')}
            </th>
            <th scope="col">{t('Tín hiệu')}</th>
          </tr>
        </thead>
        <tbody>
          {[...data.weeks].reverse().map((week) => (
            <tr key={week.from}>
              <th scope="row">{day(week.from)}</th>
              <td className="num">
                <Num value={week.assigned} scope={scope} what="assigned-week" week={week.from} />
              </td>
              <td className="num">
                <Num value={week.completed} scope={scope} what="completed-week" week={week.from} />
              </td>
              <td className="num">
                <Num value={week.overdueStock} scope={scope} what="overdue-at" week={week.from} />
              </td>
              <td>{signal.has(week.from) ? t('có tín hiệu') : ''}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
