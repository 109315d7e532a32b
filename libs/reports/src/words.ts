import type { Amount } from '#indicators';
import { foldText, isDay } from '#kernel';

/** What stands in a cell that is typed text: the three empties, a count, a share, a day, or words. */
export function amountOfText(text: string): Amount {
  if (text === '') return { kind: 'blank' };
  if (text === '-') return { kind: 'not-applicable' };
  if (/^\d{1,3}(\.\d{3})*$|^\d+$/.test(text)) return { kind: 'count', number: Number(text.replaceAll('.', '')) };
  const share = /^(\d{1,3})(?:,(\d{1,2}))? ?%$/.exec(text);
  if (share) return { kind: 'percent', hundredths: Number(share[1]) * 100 + Number((share[2] ?? '').padEnd(2, '0')) };
  const m = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const day = m ? `${m[3]!}-${m[2]!.padStart(2, '0')}-${m[1]!.padStart(2, '0')}` : '';
  return isDay(day) ? { kind: 'day', day } : { kind: 'text', text };
}

/** Long forms by the short one of the office, so that "thủ tục hành chính" and "TTHC" are one word. */
const SHORT: readonly (readonly [RegExp, string])[] = [
  [/cai cach hanh chinh/g, 'cchc'], [/thu tuc hanh chinh/g, 'tthc'], [/cong nghe thong tin/g, 'cntt'], [/quy pham phap luat/g, 'qppl'], [/cong chuc/g, 'congchuc'], [/vien chuc/g, 'vienchuc'],
];
/** Words that say nothing about what is counted. */
const EMPTY = new Set(['so', 'luong', 'cac', 'o', 'dia', 'phuong', 'duoc', 'giai', 'quyet', 'theo', 'ap', 'dung', 'thuc', 'hien', 'va', 'cua', 've', 'trong', 'tren', 'nam', 'tinh', 'cong', 'tac', 'khanh', 'hoa', 'chi', 'tieu']);

export function folded(text: string): string {
  return SHORT.reduce((out, [long, short]) => out.replace(long, short), foldText(text));
}

/** The words of a text, folded, in order; numbers too. */
export const wordsOf = (text: string): string[] => folded(text).split(/[^a-z0-9]+/).filter((word) => word !== '');

/** The words that carry the meaning. */
export function meaningOf(text: string): Set<string> {
  return new Set(wordsOf(text).filter((word) => !EMPTY.has(word) && !/^\d+$/.test(word)));
}

export const within = (part: ReadonlySet<string>, whole: ReadonlySet<string>): boolean => part.size > 0 && [...part].every((word) => whole.has(word));
export const same = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => a.size === b.size && within(a, b);

/** Without the control characters that no XML may hold, composed. */
// eslint-disable-next-line no-control-regex -- these are the characters that are taken out
export const printable = (text: string): string => text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '').normalize('NFC');
