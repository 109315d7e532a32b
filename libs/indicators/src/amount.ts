import { countVi, dayVi, proseCountVi, type Day } from '#kernel';

/**
 * What a report cell or sentence can hold. Three empties are three values and never merged: `not-applicable` is printed "-", `blank` is printed
 * as nothing (chưa báo cáo), and zero is a count of 0 (không phát sinh).
 */
export type Amount =
  | { readonly kind: 'count'; readonly number: number }
  /** In hundredths of a percent, so that shares stay whole numbers: 9781 is 97,81 %. "từ 80 %" is `atLeast`, "trên 90 %" `over`. */
  | { readonly kind: 'percent'; readonly hundredths: number; readonly comparison?: 'atLeast' | 'over' }
  | { readonly kind: 'day'; readonly day: Day }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'not-applicable' }
  | { readonly kind: 'blank' };

export const BLANK: Amount = { kind: 'blank' };
export const NOT_APPLICABLE: Amount = { kind: 'not-applicable' };

export function isAmount(given: unknown): given is Amount {
  if (typeof given !== 'object' || given === null) return false;
  const { kind, number, hundredths, comparison, day, text } = given as Readonly<Record<string, unknown>>;
  const whole = (n: unknown): boolean => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;
  switch (kind) {
    case 'count':
      return whole(number);
    case 'percent':
      return whole(hundredths) && (comparison === undefined || comparison === 'atLeast' || comparison === 'over');
    case 'day':
      return typeof day === 'string';
    case 'text':
      return typeof text === 'string' && text !== '';
    default:
      return kind === 'not-applicable' || kind === 'blank';
  }
}

/** 9781 → "97,81 %", 10000 → "100 %". */
export function hundredthsVi(hundredths: number): string {
  const decimals = String(hundredths % 100).padStart(2, '0').replace(/0+$/, '');
  return `${countVi(Math.floor(hundredths / 100))}${decimals === '' ? '' : `,${decimals}`} %`;
}

/** How a count is written: as in a table ("6"), as in report prose ("06"), or with "không phát sinh" for none. */
export type AmountStyle = 'table' | 'prose' | 'words';

/** In Vietnamese report style. A blank is the empty string; what stands for it in a sentence is for the sentence to say. */
export function amountVi(amount: Amount, style: AmountStyle = 'table'): string {
  switch (amount.kind) {
    case 'count':
      if (style === 'words' && amount.number === 0) return 'không phát sinh';
      return style === 'table' ? countVi(amount.number) : proseCountVi(amount.number);
    case 'percent': {
      const share = hundredthsVi(amount.hundredths);
      if (amount.comparison === undefined) return share;
      return amount.comparison === 'over' ? `trên ${share}` : style === 'table' ? `từ ${share}` : `từ ${share} trở lên`;
    }
    case 'day':
      return dayVi(amount.day);
    case 'text':
      return amount.text;
    case 'not-applicable':
      return '-';
    case 'blank':
      return '';
  }
}
