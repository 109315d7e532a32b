import { count } from '../format.ts';
import { t } from '../i18n.ts';
import { apart, stepsFor } from './signals-layout.ts';
import { type SignalsPage } from './types.ts';
import { shortDay } from './words.ts';

const WIDTH = 1728;
const HEIGHT = 540;
const LEFT = 70;
const RIGHT = 1330;
const TOP = 40;
const BOTTOM = 480;

const one = (n: number): string => n.toFixed(1).replace('.', ',');

/** The overdue stock of 26 weeks with its limits: what it says stands above it in words, so the drawing is one picture to a reader aloud. */
export function SignalsChart({ page }: { page: SignalsPage }) {
  const { weeks, mean, lower, upper } = page;
  const last = weeks.at(-1);
  if (!last) return null;
  const stocks = weeks.map((week) => week.overdueStock);
  const low = Math.min(...stocks, lower);
  const high = Math.max(...stocks, upper, low + 1);
  const x = (n: number): number => LEFT + ((RIGHT - LEFT) * n) / Math.max(1, weeks.length - 1);
  const y = (n: number): number => BOTTOM - ((BOTTOM - TOP) * (n - low)) / (high - low);
  const marked = new Set(page.signals.map(({ week }) => week));
  const [stockY = 0, upperY = 0, meanY = 0, lowerY = 0] = apart([y(last.overdueStock), y(upper), y(mean), y(lower)], 44);
  const every = Math.max(1, Math.ceil(weeks.length / 7));
  return (
    <svg
      className="rchart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={t('Số việc quá hạn cuối mỗi tuần, {{weeks}} tuần. Trung bình {{mean}}, giới hạn {{lower}} đến {{upper}}; tuần cuối {{last}}.', {
        weeks: weeks.length,
        mean: one(mean),
        lower: one(lower),
        upper: one(upper),
        last: count(last.overdueStock),
      })}
    >
      <rect className="lim" x={LEFT} y={y(upper)} width={RIGHT - LEFT} height={Math.max(0, y(lower) - y(upper))} />
      <line className="ax" x1={LEFT} y1={BOTTOM} x2={RIGHT} y2={BOTTOM} />
      <line className="mean" x1={LEFT} y1={y(mean)} x2={RIGHT} y2={y(mean)} />
      <polyline className="ln" points={stocks.map((stock, n) => `${x(n)},${y(stock)}`).join(' ')} />
      {weeks.map((week, n) =>
        week.overdueStock > upper || week.overdueStock < lower ? (
          <path
            key={week.from}
            className={week.overdueStock > upper ? 'out' : 'run'}
            d={`M${x(n)} ${y(week.overdueStock) - 13}l13 22h-26z`}
          />
        ) : (
          <circle key={week.from} className={marked.has(week.from) ? 'run' : 'pt'} cx={x(n)} cy={y(week.overdueStock)} r={marked.has(week.from) ? 9 : 7} />
        ),
      )}
      {weeks.map((week, n) =>
        (weeks.length - 1 - n) % every === 0 ? (
          <text key={week.from} x={x(n)} y={BOTTOM + 46} textAnchor={n === 0 ? 'start' : n === weeks.length - 1 ? 'end' : 'middle'}>
            {shortDay(week.to)}
          </text>
        ) : null,
      )}
      {stepsFor(low, high).map((step) => (
        <text key={step} x={LEFT - 16} y={y(step) + 10} textAnchor="end">
          {count(step)}
        </text>
      ))}
      <text className={last.overdueStock > upper ? 'b red' : 'b'} x={RIGHT + 36} y={stockY + 10}>
        {t('{{day}}: {{n}} việc', { day: shortDay(last.to), n: count(last.overdueStock) })}
      </text>
      <text x={RIGHT + 36} y={upperY + 10}>
        {t('Giới hạn trên {{n}}', { n: one(upper) })}
      </text>
      <text x={RIGHT + 36} y={meanY + 10}>
        {t('Trung bình {{n}}', { n: one(mean) })}
      </text>
      <text x={RIGHT + 36} y={lowerY + 10}>
        {t('Giới hạn dưới {{n}}', { n: one(lower) })}
      </text>
    </svg>
  );
}
