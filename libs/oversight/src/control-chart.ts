import { countVi, dayVi, type Day } from '#kernel';

export type ChartRule = 'outside' | 'seven-one-side' | 'trend-of-six';

export interface ChartSignal {
  readonly week: Day;
  readonly rule: ChartRule;
  readonly direction: 'up' | 'down';
  readonly words: string;
}

export interface ControlChart {
  /** Two decimals; null where there are too few weeks to reckon with. */
  readonly mean: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly signals: readonly ChartSignal[];
  readonly words: string;
}

export interface ChartPoint {
  readonly week: Day;
  readonly value: number;
}

/** Limits from fewer weeks would move with every new one. */
export const WEEKS_NEEDED = 8;
/** 3 / d2 for ranges of two, d2 = 1.128: natural process limits of an XmR chart (D. J. Wheeler, Understanding Variation). */
const WHEELER = 2.66;
const RUN = 7;
const TREND = 6;

/**
 * An XmR chart of a number that stands at the end of each week: mean ± 2.66 × mean moving range, and three rules. A run or trend is told
 * once, at the week in which it is long enough. What cannot be less than nothing has no limit below nothing.
 */
export function controlChart(points: readonly ChartPoint[]): ControlChart {
  if (points.length < WEEKS_NEEDED) return { mean: null, lower: null, upper: null, signals: [], words: `Chưa đủ dữ liệu: cần ít nhất ${String(WEEKS_NEEDED)} tuần có việc.` };
  const values = points.map(({ value }) => value);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const range = values.slice(1).reduce((sum, value, n) => sum + Math.abs(value - values[n]!), 0) / (values.length - 1);
  const lower = Math.max(0, mean - WHEELER * range);
  const upper = mean + WHEELER * range;
  const signals: ChartSignal[] = [];
  let run = 0;
  let trend = 0;
  points.forEach(({ week, value }, n) => {
    const add = (rule: ChartRule, up: boolean, words: string): void => { signals.push({ week, rule, direction: up ? 'up' : 'down', words: `Tuần từ ${dayVi(week)}: ${words}` }); };
    if (value > upper) add('outside', true, `${countVi(value)} việc quá hạn, vượt giới hạn trên ${decimalVi(upper)}`);
    else if (value < lower) add('outside', false, `${countVi(value)} việc quá hạn, dưới giới hạn dưới ${decimalVi(lower)}`);
    // How many in a row stand above (positive) or below (negative) the mean; rise or fall.
    const side = Math.sign(value - mean);
    run = side === 0 ? 0 : Math.sign(run) === side ? run + side : side;
    if (Math.abs(run) === RUN) add('seven-one-side', side > 0, `${String(RUN)} tuần liền ở ${side > 0 ? 'trên' : 'dưới'} mức trung bình ${decimalVi(mean)}`);
    const step = n === 0 ? 0 : Math.sign(value - values[n - 1]!);
    trend = step === 0 ? 0 : Math.sign(trend) === step ? trend + step : step;
    // Six points make five steps.
    if (Math.abs(trend) === TREND - 1) add('trend-of-six', step > 0, `${String(TREND)} tuần liền ${step > 0 ? 'tăng' : 'giảm'}`);
  });
  return { mean: two(mean), lower: two(lower), upper: two(upper), signals, words: signals.length === 0 ? `Ổn định: không có tín hiệu nào trong ${String(points.length)} tuần.` : `Có ${String(signals.length)} tín hiệu trong ${String(points.length)} tuần.` };
}

const two = (n: number): number => Math.round(n * 100) / 100;

/** At most two decimals, with a comma. */
export function decimalVi(n: number): string {
  const [whole, decimals] = String(two(n)).split('.');
  return `${countVi(Number(whole))}${decimals === undefined ? '' : `,${decimals}`}`;
}
