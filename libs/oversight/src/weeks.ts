import { addDays, startOfDay, weekday, type Day, type Instant } from '#kernel';

export interface Week {
  /** Monday and Sunday. */
  readonly from: Day;
  readonly to: Day;
}

export const mondayOf = (day: Day): Day => addDays(day, 1 - weekday(day));
export const weekFrom = (monday: Day): Week => ({ from: monday, to: addDays(monday, 6) });

/** So many weeks, the last of which holds the day, oldest first. */
export function weeksUpTo(day: Day, count: number): readonly Week[] {
  const last = mondayOf(day);
  return Array.from({ length: count }, (_, n) => weekFrom(addDays(last, (n + 1 - count) * 7)));
}

/** So many weeks, the first of which holds the day. */
export function weeksFrom(day: Day, count: number): readonly Week[] {
  const first = mondayOf(day);
  return Array.from({ length: count }, (_, n) => weekFrom(addDays(first, n * 7)));
}

/** What a meeting on the day looks ahead to: its own week, or on a weekend what is left of it and the week that comes. */
export function weekAhead(day: Day): Week {
  const monday = mondayOf(day);
  return weekday(day) > 5 ? { from: day, to: addDays(monday, 13) } : weekFrom(monday);
}

/** Where the weeks begin, and where the last of them is cut: after the instant. */
export const boundsOf = (weeks: readonly Week[], at: Instant): readonly Instant[] => [...weeks.map(({ from }) => startOfDay(from)), at + 1];
