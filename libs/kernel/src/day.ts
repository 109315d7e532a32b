/**
 * Days and instants as a Vietnamese office means them.
 *
 * A `Day` is `YYYY-MM-DD` in Asia/Ho_Chi_Minh (UTC+7, no daylight saving since 1975), so days and instants convert by plain arithmetic.
 * An `Instant` is milliseconds since 1970-01-01T00:00Z.
 */
export type Day = string;
export type Instant = number;

export const DAY_MS = 86_400_000;
const OFFSET_MS = 7 * 3_600_000;
// A year below 1000 is a typing slip, and below 100 the runtime would take it for one of the twentieth century.
const DAY_SHAPE = /^([1-9]\d{3})-(\d{2})-(\d{2})$/;
const INSTANT_SHAPE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

/** Years of which questions and deadlines may speak: outside them a typing slip is likelier, and before 1976 the time zone was not UTC+7 throughout. */
export const FIRST_YEAR = 1976;
export const LAST_YEAR = 2199;
export const isPlausibleYear = (year: number): boolean => year >= FIRST_YEAR && year <= LAST_YEAR;

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** True for a calendar day that exists; `2020-02-31` does not. */
export function isDay(text: string): boolean {
  if (!DAY_SHAPE.test(text)) return false;
  const month = +text.slice(5, 7);
  const day = +text.slice(8, 10);
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= (month === 2 && isLeap(+text.slice(0, 4)) ? 29 : DAYS_IN_MONTH[month - 1]!);
}

/** Day number since 1970-01-01; the difference of two is a count of calendar days. */
export function dayNumber(day: Day): number {
  return Date.UTC(+day.slice(0, 4), +day.slice(5, 7) - 1, +day.slice(8, 10)) / DAY_MS;
}

/** Days already written out: lists and rebuilds ask for the same few thousand again and again. */
const written = new Map<number, Day>();
const MOST_WRITTEN = 50_000;

export function dayFromNumber(n: number): Day {
  const known = written.get(n);
  if (known !== undefined) return known;
  const day = new Date(n * DAY_MS).toISOString().slice(0, 10);
  if (written.size < MOST_WRITTEN) written.set(n, day);
  return day;
}

export function addDays(day: Day, count: number): Day {
  return dayFromNumber(dayNumber(day) + count);
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return dayNumber(to) - dayNumber(from);
}

const FIRST_MONDAY = -719_162;

/** 1 = Monday … 7 = Sunday (ISO 8601). */
export function weekday(day: Day): number {
  // 0001-01-01 was a Monday: from there on no number is negative.
  return ((dayNumber(day) - FIRST_MONDAY) % 7) + 1;
}

/** Day number (as `dayNumber`) of the Vietnamese day an instant falls on; plain arithmetic, for comparing many. */
export function dayNumberOf(at: Instant): number {
  return Math.floor((at + OFFSET_MS) / DAY_MS);
}

/** The Vietnamese day an instant falls on. */
export function dayOf(at: Instant): Day {
  return dayFromNumber(dayNumberOf(at));
}

/** 00:00 of the day in Vietnam. */
export function startOfDay(day: Day): Instant {
  return dayNumber(day) * DAY_MS - OFFSET_MS;
}

/** 24:00 of the day in Vietnam, which is 00:00 of the next one. */
export function endOfDay(day: Day): Instant {
  return startOfDay(day) + DAY_MS;
}

/** The instant of `HH:MM` on a day in Vietnam. */
export function atTime(day: Day, time: string): Instant {
  return startOfDay(day) + (+time.slice(0, 2) * 60 + +time.slice(3, 5)) * 60_000;
}

/** `HH:MM` of an instant in Vietnam. */
export function timeOf(at: Instant): string {
  const minutes = Math.floor((at + OFFSET_MS) / 60_000) - dayNumberOf(at) * 1_440;
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** ISO 8601 with the Vietnamese offset, to the millisecond: `2020-11-29T07:30:00.000+07:00`. */
export function isoInstant(at: Instant): string {
  return `${new Date(at + OFFSET_MS).toISOString().slice(0, 23)}+07:00`;
}

/** Reads ISO 8601 with an offset; undefined when it is not one or does not exist. */
export function parseInstant(text: string): Instant | undefined {
  if (!INSTANT_SHAPE.test(text) || !isDay(text.slice(0, 10))) return undefined;
  const t = Date.parse(text);
  return Number.isNaN(t) ? undefined : t;
}

/** `28/11/2020` */
export function dayVi(day: Day): string {
  return `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
}

const WEEKDAYS = ['T2', 'T3', 'T4', 'T5', 'T6', 'T7', 'CN'] as const;

/** `T7 28/11/2020` */
export function weekdayDayVi(day: Day): string {
  return `${WEEKDAYS[weekday(day) - 1]!} ${dayVi(day)}`;
}

/** `07:30 ngày 29/11/2020`, as a paper to be signed says it. */
export function instantProseVi(at: Instant): string {
  return `${timeOf(at)} ngày ${dayVi(dayOf(at))}`;
}

/** `07:30 CN 29/11/2020` */
export function instantVi(at: Instant): string {
  return `${timeOf(at)} ${weekdayDayVi(dayOf(at))}`;
}
