import type { WrittenDay, WrittenTime, WrittenYear } from './phrase-types.ts';

/** Takes patterns from the front of a folded text, spaces between them not counting. */
export class Words {
  private rest: string;
  constructor(text: string) {
    this.rest = text;
  }
  /** The groups of the match at the front, or undefined with nothing taken. */
  take(pattern: RegExp): readonly (string | undefined)[] | undefined {
    const m = pattern.exec(this.rest);
    if (m?.index !== 0) return undefined;
    this.rest = this.rest.slice(m[0].length).trimStart();
    return m;
  }
  /** What `read` finds at the front, or undefined with nothing taken. */
  maybe<T>(read: (words: Words) => T | undefined): T | undefined {
    const before = this.rest;
    const found = read(this);
    if (found === undefined) this.rest = before;
    return found;
  }
  get done(): boolean {
    return this.rest === '';
  }
}

/** What a pattern reads when it takes every word; undefined when any is left. */
export function whole<T>(text: string, read: (words: Words) => T | undefined): T | undefined {
  const words = new Words(text);
  const result = read(words);
  return words.done ? result : undefined;
}

/** True for "trước", false for "đến, chậm nhất, trong …" and for no word at all. */
export function lead(w: Words): boolean {
  w.take(/^(?:ke )?tu nay(?= den )/);
  w.take(/^(?:cham|muon) nhat(?: la)?(?= )/);
  if (w.take(/^truoc(?= )/)) return true;
  w.take(/^toi da(?: la)?(?= (?:den|ngay) )/);
  w.take(/^(?:khong (?:qua|muon hon|cham hon)|(?:noi |ngay )?trong|(?:cho )?den(?: het)?|vao|het)(?= )/);
  w.take(/^(?:het|cuoi)(?= ngay )/);
  return false;
}

/** The year behind a month or a quarter, as a piece of a pattern with one group. */
export const YEAR = String.raw`(?: ?[/-] ?| ?,? (?:cua )?nam )(\d{4})(?!\d)`;
// "tháng năm 2020" may be May 2020 or a slip for "tháng …, năm 2020".
const MONTH_WORDS = String.raw`muoi hai|muoi mot|muoi|mot|hai|ba|tu|bon|nam(?! ?\d)|sau|bay|tam|chin`;
const NUMBER_WORD = '(?:mot|hai|ba|bon|tu|nam|lam|nham|sau|bay|tam|chin|muoi|chuc|tram|linh|le)';
/** A number in words, as a piece of a pattern; `numberInWords` says whether it is one. */
export const NUMBER_WORDS = `${NUMBER_WORD}(?: ${NUMBER_WORD})*`;
const WEEKDAY = String.raw`(?:thu (hai|ba|tu|nam|sau|bay|[2-7])|(chu nhat|cn)|t([2-7]))(?![a-z0-9])`;
const WEEKDAY_AHEAD = new RegExp(`^${WEEKDAY}`);
const WEEKDAY_IN_BRACKETS = new RegExp(String.raw`^\( ?${WEEKDAY} ?\)`);
const WEEKDAY_BEHIND = new RegExp(`^, ?${WEEKDAY}`);
const IN_MONTH = String.raw` thang (\d{1,2}|${MONTH_WORDS})(?![a-z])(?:${YEAR}|(?! ?[\d/]))`;
const DAY_AND_MONTH = new RegExp(String.raw`^(?:ngay ?)?(\d{1,2})${IN_MONTH}`);
const DAY_IN_WORDS = new RegExp(`^ngay (${NUMBER_WORDS})${IN_MONTH}`);
const MONTH = new RegExp(String.raw`^thang (\d{1,2}|${MONTH_WORDS})(?![a-z\d])`);
const WEEKDAYS: Readonly<Record<string, number>> = { hai: 1, ba: 2, tu: 3, nam: 4, sau: 5, bay: 6 };

/** "thứ Sáu", "thứ 6", "T6", "Chủ nhật": 1 = Monday … 7 = Sunday. */
export function weekdayWord(w: Words): number | undefined {
  return weekdayOf(w.take(WEEKDAY_AHEAD));
}

function weekdayOf(m: readonly (string | undefined)[] | undefined): number | undefined {
  if (!m) return undefined;
  if (m[2] !== undefined) return 7;
  return WEEKDAYS[m[1] ?? ''] ?? +(m[1] ?? m[3])! - 1;
}

/** A day in figures or words, with or without its year and its weekday: "thứ Sáu, ngày 20/11/2020", "20/11/2020 (thứ Sáu)". */
export function writtenDay(w: Words): WrittenDay | undefined {
  const before = weekdayWord(w);
  if (before !== undefined) w.take(/^,/);
  const open = before !== undefined && w.take(/^\(/) !== undefined;
  const day = dayAlone(w);
  if (!day || (open && !w.take(/^\)/))) return undefined;
  const weekday = before ?? weekdayOf(w.take(WEEKDAY_IN_BRACKETS) ?? w.take(WEEKDAY_BEHIND));
  return weekday === undefined ? day : { ...day, weekday };
}

function dayAlone(w: Words): WrittenDay | undefined {
  const iso = w.take(/^(?:ngay ?)?(\d{4})-(\d{2})-(\d{2})(?!\d)/);
  if (iso) return { y: +iso[1]!, m: +iso[2]!, d: +iso[3]! };
  // A dash needs its year: "10-12" may be two days of a month.
  const numbers =
    w.take(/^(?:ngay ?)?(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})(?![\d/])/) ??
    w.take(/^(?:ngay ?)?(\d{1,2}) ?(\/) ?(\d{1,2}) nam (\d{4})(?!\d)/) ??
    w.take(/^(?:ngay ?)?(\d{1,2}) ?(\/) ?(\d{1,2})(?! ?[\d/])/);
  if (numbers) return dated(+numbers[1]!, +numbers[3]!, numbers[4]);
  const words = w.take(DAY_AND_MONTH);
  if (words) return dated(+words[1]!, monthNumber(words[2]!)!, words[3]);
  const spelt = w.take(DAY_IN_WORDS);
  const d = spelt && numberInWords(spelt[1]!);
  return d === undefined ? undefined : dated(d, monthNumber(spelt![2]!)!, spelt![3]);
}

function dated(d: number, m: number, y: string | undefined): WrittenDay {
  if (y === undefined) return { d, m };
  return y.length === 2 ? { d, m, y: 2000 + +y, shortYear: true } : { d, m, y: +y };
}

/** "16 giờ 00", "16h30", "16:30", "10h30'", "17g00". A number before "/" or "tháng" belongs to the day. */
export function writtenTime(w: Words): WrittenTime | undefined {
  const m = w.take(/^(\d{1,2}) ?(?:gio|h|g|:)(?: ?(\d{1,2})(?: ?(?:'|(?:phut|ph|p)(?![a-z])))?)?(?![\d/.-])(?! ?thang)(?![a-z])/);
  return m && { hour: +m[1]!, minute: +(m[2] ?? 0) };
}

/** "tháng 6", "tháng sáu" (folded). */
export function writtenMonth(w: Words): number | undefined {
  const m = w.take(MONTH);
  return m && monthNumber(m[1]!);
}

function monthNumber(text: string): number | undefined {
  return /^\d/.test(text) ? +text : numberInWords(text);
}

const QUARTERS: Readonly<Record<string, number>> = { i: 1, ii: 2, iii: 3, iv: 4, mot: 1, nhat: 1, hai: 2, ba: 3, bon: 4, tu: 4 };

/** "quý II", "quý 2", "quý hai". */
export function writtenQuarter(w: Words): number | undefined {
  const m = w.take(/^qu[yi] ?(\d|iv|i{1,3}|mot|nhat|hai|ba|bon|tu)(?![a-z\d])/);
  return m && (QUARTERS[m[1]!] ?? +m[1]!);
}

/** The year behind a month or a quarter: "/2020", "năm 2020", "năm nay", "năm sau"; undefined when none is there. */
export function writtenYear(w: Words): WrittenYear {
  const year = w.take(/^(?:[/-] ?|,? ?(?:cua )?nam |(?=\d))(\d{4})(?!\d)/);
  if (year) return +year[1]!;
  return w.take(/^(?:cua )?nam nay(?![a-z])/) ? 'this' : w.take(/^(?:cua )?nam (?:sau|toi)(?![a-z])/) ? 'next' : undefined;
}

const DIGITS: Readonly<Record<string, number>> = {
  mot: 1,
  hai: 2,
  ba: 3,
  bon: 4,
  tu: 4,
  nam: 5,
  lam: 5,
  nham: 5,
  sau: 6,
  bay: 7,
  tam: 8,
  chin: 9,
};

/** 1–999 in folded Vietnamese words: "muoi lam" → 15, "hai muoi mot" → 21, "mot tram linh nam" → 105, "mot tram hai muoi" → 120. */
export function numberInWords(words: string): number | undefined {
  const m = /^([a-z]+) tram(?: (.+))?$/.exec(words.trim());
  if (!m) return belowHundred(words.trim());
  const hundreds = DIGITS[m[1]!];
  if (hundreds === undefined) return undefined;
  if (m[2] === undefined) return hundreds * 100;
  const odd = /^(?:linh|le) ([a-z]+)$/.exec(m[2]);
  // "một trăm năm" alone may be 105 or the short form of 150.
  const rest = odd ? DIGITS[odd[1]!] : / /.test(m[2]) || m[2] === 'muoi' ? belowHundred(m[2]) : undefined;
  return rest === undefined ? undefined : hundreds * 100 + rest;
}

function belowHundred(words: string): number | undefined {
  const m = /^(?:(?:([a-z]+) )?(muoi|chuc)(?: ([a-z]+))?|([a-z]+))$/.exec(words);
  if (!m) return undefined;
  if (m[4] !== undefined) return DIGITS[m[4]];
  const tens = m[1] === undefined ? 1 : DIGITS[m[1]];
  const ones = m[3] === undefined ? 0 : DIGITS[m[3]];
  return tens === undefined || ones === undefined ? undefined : tens * 10 + ones;
}
