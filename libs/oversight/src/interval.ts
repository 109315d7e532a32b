import { percentVi } from '#figures';

export interface Share {
  readonly numerator: number;
  readonly denominator: number;
}

/** Fewer than so many fallen due say little: a rate is then not compared. */
export const FEW = 10;

const Z95 = 1.959_963_984_540_054;

/** Wilson's score interval at 95 %, in hundredths of a per cent; undefined of nothing (E. B. Wilson, JASA 22, 1927). */
export function wilson({ numerator, denominator: n }: Share): { readonly low: number; readonly high: number } | undefined {
  if (n === 0) return undefined;
  const p = numerator / n;
  const z2 = Z95 * Z95;
  const middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  // Rounding alone may leave the ends a hair inside 0 and 1.
  return { low: numerator === 0 ? 0 : Math.round((middle - half) * 10_000), high: numerator === n ? 10_000 : Math.round((middle + half) * 10_000) };
}

export type RateState = 'stable' | 'better' | 'worse' | 'few';

/**
 * A rate against the one before it, as a p-chart does: outside three standard deviations around the former one it is a signal. One success
 * and one failure are added to the former, so that a flawless past does not make every single failure a signal.
 */
export function rateState(now: Share, before: Share): { readonly state: RateState; readonly words: string } {
  if (now.denominator < FEW || before.denominator < FEW) return { state: 'few', words: `ít dữ liệu: cần ít nhất ${String(FEW)} việc đến hạn trong 90 ngày này và trong 90 ngày liền trước` };
  const p = (before.numerator + 1) / (before.denominator + 2);
  const deviation = 3 * Math.sqrt((p * (1 - p)) / now.denominator);
  const [low, high] = [Math.max(0, p - deviation), Math.min(1, p + deviation)];
  const rate = now.numerator / now.denominator;
  const limits = `${hundredths(low)} – ${hundredths(high)} của 90 ngày liền trước`;
  if (rate > high) return { state: 'better', words: `tín hiệu tốt: cao hơn giới hạn ${limits}` };
  if (rate < low) return { state: 'worse', words: `tín hiệu xấu: thấp hơn giới hạn ${limits}` };
  return { state: 'stable', words: `ổn định: nằm trong giới hạn ${limits}` };
}

const hundredths = (share: number): string => percentVi(Math.round(share * 10_000), 10_000);
