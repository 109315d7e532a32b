import { dayFromNumber, dayNumber, isDay, isPlausibleYear, type Day } from '#kernel';
import type { WrittenTime } from './phrase-types.ts';

/** The day, when it exists in a plausible year. */
export function dayFrom(d: number, m: number, y: number): Day | undefined {
  const day = `${String(y)}-${padded(m)}-${padded(d)}`;
  return isPlausibleYear(y) && isDay(day) ? day : undefined;
}

export function lastDayOfMonth(y: number, m: number): Day {
  return dayFromNumber(dayNumber(m === 12 ? `${String(y + 1)}-01-01` : `${String(y)}-${padded(m + 1)}-01`) - 1);
}

/** The highest day number the month ever has; 0 for a month that does not exist. */
export function lastDayOfAny(m: number): number {
  return m < 1 || m > 12 ? 0 : +lastDayOfMonth(2020, m).slice(8);
}

/** Months since year 0. */
export function monthIndex(day: Day): number {
  return +day.slice(0, 4) * 12 + +day.slice(5, 7) - 1;
}

export function exists({ hour, minute }: WrittenTime): boolean {
  return (hour < 24 && minute < 60) || (hour === 24 && minute === 0);
}

export function clock({ hour, minute }: WrittenTime): string {
  return `${padded(hour)}:${padded(minute)}`;
}

export function padded(n: number): string {
  return String(n).padStart(2, '0');
}

/** The last day of a period by the letter (Civil Code 2015, art. 148(1)–(4)), before any move from a day off. */
export function endOfPeriod(from: Day, count: number, unit: 'day' | 'week' | 'month' | 'quarter' | 'year'): Day {
  if (unit === 'day') return dayFromNumber(dayNumber(from) + count);
  if (unit === 'week') return dayFromNumber(dayNumber(from) + count * 7);
  const target = monthIndex(from) + count * (unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12);
  const y = Math.floor(target / 12);
  const m = (target % 12) + 1;
  const last = lastDayOfMonth(y, m);
  return from.slice(8) < last.slice(8) ? `${last.slice(0, 8)}${from.slice(8)}` : last;
}
