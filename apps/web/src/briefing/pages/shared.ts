import { count } from '../../format.ts';
import { type Conclusion, type RateText } from '../types.ts';

/** What every page of the room is told beside its own data. */
export interface Around {
  cutOff: string;
  /** Those of this meeting: what was decided a minute ago shows, though the figures stand at the cut-off. */
  conclusions: readonly Conclusion[];
}

export const fraction = (rate: RateText): string => `${count(rate.numerator)}/${count(rate.denominator)}`;
export const NO_RATE = '–';
export const percent = (rate: RateText): string => (rate.denominator === 0 ? NO_RATE : rate.text);

/** Which of what is decided one by one stands in the middle: the operator's, kept within what there is. */
export const placeIn = (rows: readonly unknown[], n: number): number => Math.min(Math.max(1, n), Math.max(1, rows.length)) - 1;
