import { foldText } from '#kernel';

/** A day as written; `shortYear` when the year had two digits. */
export interface WrittenDay {
  readonly d: number;
  readonly m: number;
  readonly y?: number;
  readonly shortYear?: true;
}

export interface WrittenTime {
  readonly hour: number;
  readonly minute: number;
}

export type PeriodUnit = 'working-day' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'hour';

/** What a phrase says, before any date is checked or counted. */
export type Understood =
  | { readonly says: 'none' }
  | { readonly says: 'day'; readonly before: boolean; readonly day: WrittenDay }
  | { readonly says: 'hour'; readonly day: WrittenDay; readonly time: WrittenTime }
  | { readonly says: 'end-of'; readonly span: 'quarter' | 'month' | 'year'; readonly n: number; readonly y: number }
  | {
      readonly says: 'period';
      readonly count: number;
      readonly unit: PeriodUnit;
      readonly from: 'signed' | 'issued' | 'received' | { readonly day: WrittenDay; readonly time?: WrittenTime };
    }
  | {
      readonly says: 'monthly';
      readonly before: boolean;
      readonly d: number;
      readonly occurrence?: { readonly m: number; readonly y: number };
    }
  | {
      readonly says: 'yearly';
      readonly before: boolean;
      readonly d: number;
      readonly m: number;
      readonly occurrence?: { readonly y: number };
    };

/** No deadline is written longer; a pasted page is refused before any pattern runs over it. */
const LONGEST = 300;

/**
 * Reads the words of a deadline without tone marks and case, all of them or none: words left over make it undefined.
 * `missing-start` is a period that does not say from which day it runs.
 */
export function understand(phrase: string): Understood | 'missing-start' | undefined {
  if (phrase.length > LONGEST) return undefined;
  const text = foldText(phrase)
    .replace(/[–—]/g, '-')
    .replace(/^["“”'‘’«\s]+|["“”'‘’»\s.;,]+$/g, '')
    .replace(
      /^(?:(?:thoi )?han(?: (?:hoan thanh|xu ly|bao cao|thuc hien))? ?: ?|(?:thoi )?han (?:hoan thanh|xu ly|bao cao|thuc hien) |(?:phai )?(?:hoan thanh|bao cao|xong) )/,
      '',
    );
  if (/^khong (?:(?:co|xac dinh|quy dinh|dat|ghi) )?(?:thoi )?han$/.test(text)) return { says: 'none' };
  return (
    whole(text, endOf) ??
    whole(text, recurrence) ??
    whole(text, hourLimit) ??
    whole(text, fixedDay) ??
    whole(text, period) ??
    (whole(text, barePeriod) === undefined ? undefined : 'missing-start')
  );
}

/** Takes patterns from the front of a text, spaces between them not counting. */
class Words {
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
  get done(): boolean {
    return this.rest === '';
  }
}

function whole<T>(text: string, read: (words: Words) => T | undefined): T | undefined {
  const words = new Words(text);
  const result = read(words);
  return words.done ? result : undefined;
}

/** True for "trước", false for "đến, chậm nhất, trong …" and for no word at all. */
function lead(w: Words): boolean {
  if (w.take(/^truoc(?= )/)) return true;
  w.take(/^(?:(?:cham|muon) nhat(?: la)?(?: (?:den|vao|trong))?(?: het)?|khong (?:qua|muon hon|cham hon)|den(?: het)?|trong|het|vao)(?= )/);
  return false;
}

const YEAR = String.raw`(?: ?[/-] ?| ?,? nam )(\d{4})(?!\d)`;

function writtenDay(w: Words): WrittenDay | undefined {
  const iso = w.take(/^(?:ngay )?(\d{4})-(\d{2})-(\d{2})(?!\d)/);
  if (iso) return { y: +iso[1]!, m: +iso[2]!, d: +iso[3]! };
  // A dash needs its year: "10-12" may be two days of a month.
  const numbers =
    w.take(/^(?:ngay )?(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})(?![\d/])/) ??
    w.take(new RegExp(String.raw`^(?:ngay )?(\d{1,2}) ?(/) ?(\d{1,2}) nam (\d{4})(?!\d)`)) ??
    w.take(/^(?:ngay )?(\d{1,2}) ?(\/) ?(\d{1,2})(?! ?[\d/])/);
  if (numbers) return dated(numbers[1], numbers[3], numbers[4]);
  const words = w.take(new RegExp(String.raw`^(?:ngay )?(\d{1,2}) thang (\d{1,2})(?:${YEAR}|(?! ?[\d/]))`));
  return words && dated(words[1], words[2], words[3]);
}

function dated(d: string | undefined, m: string | undefined, y: string | undefined): WrittenDay {
  if (y === undefined) return { d: +d!, m: +m! };
  return y.length === 2 ? { d: +d!, m: +m!, y: 2000 + +y, shortYear: true } : { d: +d!, m: +m!, y: +y };
}

function writtenTime(w: Words): WrittenTime | undefined {
  const m = w.take(/^(\d{1,2}) ?(?:gio|h|g|:)(?: ?(\d{1,2})(?: ?(?:phut|ph|p)(?![a-z]))?)?(?![\d/.-])(?! thang)(?![a-z])/);
  return m && { hour: +m[1]!, minute: +(m[2] ?? 0) };
}

function fixedDay(w: Words): Understood | undefined {
  const before = lead(w);
  const day = writtenDay(w);
  return day && { says: 'day', before, day };
}

function hourLimit(w: Words): Understood | undefined {
  lead(w);
  w.take(/^luc(?= )/);
  const time = writtenTime(w);
  w.take(/^,/);
  const day = time && writtenDay(w);
  return day && { says: 'hour', day, time };
}

const QUARTERS: Readonly<Record<string, number>> = { i: 1, ii: 2, iii: 3, iv: 4, mot: 1, nhat: 1, hai: 2, ba: 3, bon: 4, tu: 4 };

function endOf(w: Words): Understood | undefined {
  w.take(/^(?:cham|muon) nhat(?: la)?(?= )/);
  w.take(/^(?:trong|den het|het)(?= )/);
  const quarter = w.take(new RegExp(String.raw`^qu[yi] ?(\d|[a-z]+)${YEAR}`));
  if (quarter) {
    const n = /^\d$/.test(quarter[1]!) ? +quarter[1]! : QUARTERS[quarter[1]!];
    return n === undefined ? undefined : { says: 'end-of', span: 'quarter', n, y: +quarter[2]! };
  }
  const month = w.take(new RegExp(String.raw`^thang (\d{1,2})${YEAR}`));
  if (month) return { says: 'end-of', span: 'month', n: +month[1]!, y: +month[2]! };
  const year = w.take(/^nam (\d{4})(?!\d)/);
  return year && { says: 'end-of', span: 'year', n: 1, y: +year[1]! };
}

function recurrence(w: Words): Understood | undefined {
  const before = lead(w);
  const monthly = w.take(/^(?:ngay )?(\d{1,2})(?: cua)? (?:hang|moi) thang/);
  if (monthly) {
    const which = inBrackets(w, String.raw`ky (?:bao cao )?(?:thang )?(\d{1,2})${YEAR}`);
    return { says: 'monthly', before, d: +monthly[1]!, ...(which && { occurrence: { m: +which[1]!, y: +which[2]! } }) };
  }
  const day = writtenDay(w);
  if (!day || day.y !== undefined || !w.take(/^(?:hang|moi) nam/)) return undefined;
  const which = inBrackets(w, String.raw`ky (?:bao cao )?(?:nam )?(\d{4})(?!\d)`);
  return { says: 'yearly', before, d: day.d, m: day.m, ...(which && { occurrence: { y: +which[1]! } }) };
}

function inBrackets(w: Words, inside: string): readonly (string | undefined)[] | undefined {
  return w.take(new RegExp(String.raw`^\( ?${inside} ?\)`)) ?? w.take(new RegExp(`^,? ?${inside}`));
}

const UNITS: Readonly<Record<string, PeriodUnit>> = {
  'ngay lam viec': 'working-day',
  ngay: 'day',
  tuan: 'week',
  thang: 'month',
  quy: 'quarter',
  nam: 'year',
  gio: 'hour',
};

function barePeriod(w: Words): { readonly count: number; readonly unit: PeriodUnit } | undefined {
  w.take(/^(?:(?:cham|muon) nhat(?: la)?|khong qua)(?= )/);
  w.take(/^trong(?= )/);
  w.take(/^(?:thoi han|thoi gian|vong)(?= )/);
  w.take(/^(?:khong qua|toi da|la)(?= )/);
  const digits = w.take(/^(\d{1,3})(?!\d)(?: ?\(([a-z ]+)\))?(?= )/);
  const words = digits ? undefined : w.take(/^([a-z ]+?)(?: ?\((\d{1,3})\))?(?= (?:ngay|tuan|thang|quy|nam|gio)(?: |,|$))/);
  const unit = (digits ?? words) && w.take(/^(ngay lam viec|ngay|tuan|thang|quy|nam|gio)(?= |,|$)/);
  if (!unit) return undefined;
  const count = digits ? +digits[1]! : numberInWords(words![1]!);
  // "05 (năm) ngày": both must say the same, or nobody knows which one is meant.
  const again = digits ? (digits[2] === undefined ? count : numberInWords(digits[2])) : words![2] === undefined ? count : +words![2];
  return count === undefined || count < 1 || again !== count ? undefined : { count, unit: UNITS[unit[1]!]! };
}

// "Văn bản" alone is the one that gives the task; a named kind of document is only with "này", else it may be another paper.
const THIS_DOCUMENT = String.raw`(?: van ban(?: (?:chi dao|giao viec|giao nhiem vu))?(?: nay)?| (?:cong van|quyet dinh|thong bao|chi thi|ke hoach|ket luan|cong dien) nay)?`;
const TRIGGER = new RegExp(String.raw`^(?:ngay|khi|luc|thoi diem) (?:(ky(?: ban hanh)?)|(ban hanh)|(nhan(?: duoc)?))${THIS_DOCUMENT}$`);

function period(w: Words): Understood | undefined {
  const length = barePeriod(w);
  w.take(/^,/);
  if (!length || !w.take(/^(?:ke tu|tinh tu|tinh ke tu|tu)(?= )/)) return undefined;
  const trigger = w.take(TRIGGER);
  if (trigger) return { says: 'period', ...length, from: trigger[1] ? 'signed' : trigger[2] ? 'issued' : 'received' };
  w.take(/^luc(?= )/);
  const time = writtenTime(w);
  w.take(/^,/);
  const day = writtenDay(w);
  if (!day || (time && length.unit !== 'hour')) return undefined;
  return { says: 'period', ...length, from: { day, ...(time && { time }) } };
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

/** 1–99 in folded Vietnamese words: "muoi lam" → 15, "hai muoi mot" → 21. */
export function numberInWords(words: string): number | undefined {
  const m = /^(?:(?:([a-z]+) )?(muoi|chuc)(?: ([a-z]+))?|([a-z]+))$/.exec(words.trim());
  if (!m) return undefined;
  if (m[4] !== undefined) return DIGITS[m[4]];
  const tens = m[1] === undefined ? 1 : DIGITS[m[1]];
  const ones = m[3] === undefined ? 0 : DIGITS[m[3]];
  return tens === undefined || ones === undefined ? undefined : tens * 10 + ones;
}
