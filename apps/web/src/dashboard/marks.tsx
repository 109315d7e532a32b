import { type UnitRow } from './types.ts';

const [W, H] = [64, 20];

/** Twelve weeks as a line without numbers: the last of them stands beside it. Says nothing to a reader of the page that the count does not. */
export function Spark({ weeks }: { weeks: readonly number[] }) {
  const most = Math.max(1, ...weeks);
  const points = weeks.map((n, index) => [
    weeks.length < 2 ? W - 3 : 2 + (index * (W - 5)) / (weeks.length - 1),
    H - 3 - (n / most) * (H - 6),
  ] as const);
  const last = points.at(-1);
  if (!last) return null;
  return (
    <svg className={weeks.at(-1) === 0 ? 'spark nil' : 'spark'} width={W} height={H} viewBox={`0 0 ${String(W)} ${String(H)}`} aria-hidden="true">
      <polyline points={points.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
      <circle cx={last[0]} cy={last[1]} r="2" />
    </svg>
  );
}

const BAND = 84;
/** Where the scale of intervals begins, in hundredths of a per cent: at half, unless somebody is below. */
export const scaleFrom = (rows: readonly UnitRow[]): number =>
  rows.some(({ onTime }) => !onTime.few && onTime.low !== null && onTime.low < 5_000) ? 0 : 5_000;
export const placeOf = (hundredths: number, from: number): number =>
  4 + (BAND - 8) * Math.min(1, Math.max(0, (hundredths - from) / (10_000 - from)));

/** A rate with its interval at 95 %, and the rate of all as a line. */
export function Interval({ rate, from, all }: { rate: UnitRow['onTime']; from: number; all: number | null }) {
  if (rate.few || rate.low === null || rate.high === null || rate.denominator === 0) return null;
  return (
    <svg className="iv" width={BAND} height="20" viewBox={`0 0 ${String(BAND)} 20`} aria-hidden="true">
      {all === null ? null : <line className="ref" x1={placeOf(all, from)} x2={placeOf(all, from)} y1="0" y2="20" />}
      <line className="rng" x1={placeOf(rate.low, from)} x2={placeOf(rate.high, from)} y1="10" y2="10" />
      <circle cx={placeOf((rate.numerator * 10_000) / rate.denominator, from)} cy="10" r="3" />
    </svg>
  );
}
