import type { Occurrence, Recurrence } from './phrase-types.ts';
import { lead, weekdayWord, writtenDay, writtenMonth, writtenQuarter, writtenTime, writtenYear, type Words } from './phrase-words.ts';

type Every = Recurrence['every'];
/** `every` is the only rhythm the spot fits; `implied` when its own words say that it repeats ("tháng cuối quý"). */
type Spot = Pick<Recurrence, 'spot' | 'later'> & { readonly every?: Every; readonly implied?: true; readonly occurrence?: Occurrence };

const EVERY: Readonly<Record<string, Every>> = { tuan: 'week', thang: 'month', quy: 'quarter', nam: 'year' };
const MONTH_OF_QUARTER: Readonly<Record<string, number>> = { dau: 1, 'dau tien': 1, 'thu nhat': 1, 'thu hai': 2, giua: 2, 'thu ba': 3, cuoi: 3, 'cuoi cung': 3 };
const NEXT = /^(?:sau|tiep theo|ke tiep|lien ke)(?![a-z])/;
const NEXT_YEAR = /^(?:cua )?nam (?:sau|tiep theo|ke tiep)(?![a-z])/;

/**
 * "trước ngày 25 hằng tháng", "hằng quý, trước ngày 20 của tháng cuối quý", "trước 16 giờ thứ Sáu hằng tuần", "ngày 15/12 hằng năm",
 * each with or without the occurrence meant: "(kỳ tháng 6/2020)".
 */
export function recurrence(w: Words): Recurrence | undefined {
  w.take(/^dinh ky(?= )/);
  const front = every(w);
  const open = front !== undefined && w.take(/^\(/) !== undefined;
  w.take(/^,/);
  const before = lead(w);
  w.take(/^luc(?= )/);
  const time = writtenTime(w);
  if (time) w.take(/^,/);
  const spot = [lastDay, inQuarter, onWeekday, onDate, inMonth].reduce<Spot | undefined>((found, read) => found ?? w.maybe((words) => read(words, front)), undefined);
  if (!spot) return undefined;
  const back = front === undefined ? every(w) : undefined;
  const how = front ?? back ?? (spot.implied && spot.every);
  if (how === undefined || (spot.every !== undefined && spot.every !== how)) return undefined;
  // "hằng quý, ngày 20" does not say of which month.
  if (spot.every === undefined && how !== 'month') return undefined;
  if (open && !w.take(/^\)/)) return undefined;
  const named = spot.occurrence ?? occurrence(w, how);
  return { says: 'recurrence', every: how, before, ...(time && { time }), spot: spot.spot, later: spot.later, ...(named && { occurrence: named }) };
}

function every(w: Words): Every | undefined {
  const m = w.take(/^(?:cua )?(?:hang|moi) (tuan|thang|quy|nam)(?![a-z])/);
  return m && EVERY[m[1]!];
}

/** "cuối mỗi tháng", "ngày cuối cùng của quý" behind "hằng quý". */
function lastDay(w: Words, front: Every | undefined): Spot | undefined {
  const m = w.take(/^(?:ngay )?cuoi(?: cung)?(?: cua)? (?:(hang|moi) )?(thang|quy|nam)(?![a-z]| ?\d)/);
  const span = m && EVERY[m[2]!];
  return span === undefined || (m![1] === undefined && front !== span) ? undefined : { every: span, implied: true, spot: { on: 'last-day' }, later: 0 };
}

/** "ngày 20 của tháng cuối quý", "ngày 05 tháng đầu quý sau", "ngày 15 tháng cuối quý II/2020". */
function inQuarter(w: Words, front: Every | undefined): Spot | undefined {
  const m = w.take(/^(?:ngay )?(\d{1,2})(?: cua)? thang (dau(?: tien)?|giua|cuoi(?: cung)?|thu (?:nhat|hai|ba))(?![a-z])(?: cua)?(?: (?:hang|moi))?/);
  if (!m) return undefined;
  const spot = { on: 'day' as const, d: +m[1]!, month: MONTH_OF_QUARTER[m[2]!]! };
  const n = writtenQuarter(w);
  if (n !== undefined) {
    const y = writtenYear(w);
    return typeof y === 'number' ? { every: 'quarter', implied: true, spot, later: 0, occurrence: { n, y } } : undefined;
  }
  if (!w.take(/^qu[yi](?![a-z\d])/)) return front === 'quarter' ? { every: 'quarter', spot, later: 0 } : undefined;
  return { every: 'quarter', implied: true, spot, later: next(w) };
}

function onWeekday(w: Words): Spot | undefined {
  const weekday = weekdayWord(w);
  return weekday === undefined ? undefined : { spot: { on: 'weekday', weekday }, later: 0, every: 'week' };
}

/** "ngày 15/12 hằng năm", "ngày 15/01 năm sau" behind "hằng năm". */
function onDate(w: Words, front: Every | undefined): Spot | undefined {
  const day = writtenDay(w);
  if (!day || day.y !== undefined || day.weekday !== undefined) return undefined;
  const later = front === 'year' && w.take(NEXT_YEAR) ? 1 : 0;
  return { every: 'year', spot: { on: 'day', d: day.d, month: day.m }, later };
}

/** "ngày 25 hằng tháng", "ngày 05 của tháng sau" behind "hằng tháng". */
function inMonth(w: Words, front: Every | undefined): Spot | undefined {
  const m = w.take(/^(?:ngay )?(\d{1,2})(?![\d/])/);
  if (!m) return undefined;
  const spot = { on: 'day' as const, d: +m[1]!, month: 1 };
  if (front !== 'month') return { spot, later: 0 };
  return { every: 'month', spot, later: w.take(/^(?:cua )?thang(?![a-z])/) ? next(w) : 0 };
}

function next(w: Words): 0 | 1 {
  return w.take(NEXT) ? 1 : 0;
}

/** "(kỳ tháng 6/2020)", "(kỳ quý II/2020)", "(kỳ năm 2020)", "(kỳ ngày 19/6/2020)", "(tuần từ ngày 15/6/2020 đến ngày 21/6/2020)". */
function occurrence(w: Words, how: Every): Occurrence | undefined {
  w.take(/^,/);
  const open = w.take(/^\(/) !== undefined;
  const said = w.take(/^ky(?: bao cao)?(?= )/) !== undefined;
  if (!open && !said) return undefined;
  const named = how === 'week' ? week(w) : inSpan(w, how);
  return named === undefined || (open && !w.take(/^\)/)) ? undefined : named;
}

function inSpan(w: Words, how: Exclude<Every, 'week'>): Occurrence | undefined {
  if (how === 'year') {
    const year = w.take(/^(?:nam )?(\d{4})(?!\d)/);
    return year && { n: 1, y: +year[1]! };
  }
  const bare = how === 'month' ? w.take(/^(\d{1,2})(?= ?[/-])/) : undefined;
  const n = bare ? +bare[1]! : how === 'month' ? writtenMonth(w) : writtenQuarter(w);
  const y = n === undefined ? undefined : writtenYear(w);
  return typeof y === 'number' ? { n: n!, y } : undefined;
}

function week(w: Words): Occurrence | undefined {
  const span = w.take(/^tuan tu(?= )/) !== undefined;
  const day = writtenDay(w);
  if (!day || !span) return day && { day };
  const until = w.take(/^(?:den(?: het)?|-)(?= )/) && writtenDay(w);
  return until && { day, until };
}
