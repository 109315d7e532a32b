import { atTime, endOfDay, type Instant } from '#kernel';
import type { Deadline, FixedDatePolicy, LastInstantInTime } from './types.ts';

/** The last millisecond still in time under a policy (default: the day in force); Infinity without a deadline. */
export function lastInstantInTime(deadline: Deadline, policy?: FixedDatePolicy): LastInstantInTime {
  if (deadline.kind === 'none') return Infinity;
  const on = policy === undefined ? deadline.dueOn : deadline.dueOnBy[policy];
  return deadline.dueTime === undefined ? endOfDay(on) - 1 : atTime(on, deadline.dueTime);
}

/**
 * The end of the deadline: 24:00 of the day, or the hour. Open work is overdue after it (domain.md §4.2: O1 while A ≤ end).
 * Hour limits stand on whole minutes and day limits at …999 ms, so rounding up to the second gives the end of either.
 */
export function endOfDeadline(last: LastInstantInTime): Instant {
  return Math.ceil(last / 1000) * 1000;
}
