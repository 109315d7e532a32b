import { endOfDeadline, type WorkingCalendar } from '#deadlines';
import type { CountedTask } from '#figures';
import { dayOf, daysBetween, isoInstant, timeOf, type Day, type Instant } from '#kernel';
import type { Point } from '../http/points.ts';
import type { Sources } from '../sources.ts';

const MINUTE = 60_000;

/** Effective day and hour of a deadline from its last millisecond in time: day limits end at …999 ms, hour limits on the minute. */
export function dueParts(due: Instant): { dueOn: Day | null; dueTime: string | null } {
  if (due === Infinity) return { dueOn: null, dueTime: null };
  return { dueOn: dayOf(due), dueTime: due % MINUTE === 0 ? timeOf(due) : null };
}

/** Days left (working days where the phrase counts them) and calendar days late, at an instant; null where it does not apply. */
export function daysTo(due: Instant, at: Instant, workingDays: boolean, calendar: WorkingCalendar): { daysLeft: number | null; daysLate: number | null } {
  if (due === Infinity) return { daysLeft: null, daysLate: null };
  const today = dayOf(at);
  const on = dayOf(due);
  if (at > endOfDeadline(due)) return { daysLeft: null, daysLate: daysBetween(on, today) };
  return { daysLeft: workingDays ? calendar.workingDaysBetween(today, on) : daysBetween(today, on), daysLate: null };
}

/** Counted tasks as rows of a list, with what does not change with A read in one go. */
export async function toItems(counted: readonly CountedTask[], { at, day, known }: Pick<Point, 'at' | 'day' | 'known'>, runtime: Sources): Promise<object[]> {
  const { reference } = runtime;
  // As known then: a calendar published later must not change what was answered.
  const calendar = reference.calendarAt(known);
  const tasks = new Map((await runtime.board.byIds(counted.map(({ taskId }) => taskId), known)).map((task) => [task.id, task]));
  return counted.flatMap(({ taskId, unitId, cell, due, submittedAt, countsWorkingDays }) => {
    const task = tasks.get(taskId);
    if (!task) return [];
    const open = cell === 'O1' || cell === 'O2';
    const submitted = Number.isNaN(submittedAt) ? null : submittedAt;
    const late = submitted === null ? null : Math.max(0, due === Infinity ? 0 : daysBetween(dayOf(due), dayOf(submitted)));
    const { dueOn, dueTime } = dueParts(due);
    const left = open ? daysTo(due, at, countsWorkingDays, calendar) : { daysLeft: null, daysLate: late === 0 ? null : late };
    return [{
      id: taskId, code: task.code, content: task.content, documentId: task.documentId, documentNumber: task.documentNumber, documentDate: task.documentDate, authority: task.authority, field: task.field, starred: task.starred,
      leadUnitId: unitId, leadUnitName: reference.unitName(unitId, day, known), cell, assignedOn: task.assignedOn, dueOn, dueTime, countsWorkingDays,
      dueSoon: cell === 'O1' && dueOn !== null && calendar.workingDaysBetween(dayOf(at), dueOn) <= reference.settings(known).dueSoonWorkingDays,
      submittedAt: submitted === null ? null : isoInstant(submitted), ...left, routine: task.routine, parentTaskId: task.parentTaskId,
    }];
  });
}
