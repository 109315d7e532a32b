import type { Day } from '#kernel';
import type { WorkingCalendar } from './calendar.ts';
import { readPhrase } from './read-phrase.ts';
import { effectiveDays, settle, type ReadingContext } from './settle.ts';
import { FIXED_DATE_POLICIES, type CountingStep, type Deadline, type DeadlineReading, type DueDeadline, type FixedDatePolicy } from './types.ts';

/** The days to count from where a deadline was recorded without them. */
export interface FallbackDays {
  readonly documentDate: Day;
  readonly receivedOn: Day;
}

/**
 * Counts a recorded deadline again under another calendar: the same words from the same days, or the same literal date and hour, under
 * the policy it was read with. Deadlines recorded without `readWith` use the fallback days and the policy that explains their day in force.
 *
 * The words are counted again only where they are what was counted: a typed date that stands beside words nobody could read then keeps
 * its date. So the literal day changes only where working days are counted, and the refusal is left to words no longer understood.
 */
export function recomputeDeadline(deadline: DueDeadline, calendar: WorkingCalendar, fallback: FallbackDays): DeadlineReading {
  const with_ = deadline.readWith ?? { ...fallback, ...firstDayCounted(deadline, fallback), policy: policyOf(deadline) };
  const context: ReadingContext = { ...with_, calendar };
  if (deadline.phrase !== undefined) {
    const reading = readPhrase(deadline.phrase, context);
    if (reading.ok && reading.deadline.kind === 'due' && sameCounting(deadline, reading.deadline)) return reading;
    if (deadline.countsWorkingDays) return reading;
  }
  return settle(
    {
      ...(deadline.phrase !== undefined && { phrase: deadline.phrase }),
      literal: deadline.literalDueOn,
      ...(deadline.dueTime !== undefined && { time: deadline.dueTime }),
      basis: deadline.basis,
      countsWorkingDays: deadline.countsWorkingDays,
      steps: stepsByTheLetter(deadline),
      warnings: [],
    },
    context,
  );
}

function sameCounting(before: DueDeadline, after: DueDeadline): boolean {
  if (before.basis !== after.basis || before.countsWorkingDays !== after.countsWorkingDays) return false;
  return before.countsWorkingDays || (before.literalDueOn === after.literalDueOn && before.dueTime === after.dueTime);
}

/** The first policy that gives the day in force; `all` unless only another one does. */
function policyOf(deadline: DueDeadline): FixedDatePolicy {
  return FIXED_DATE_POLICIES.find((policy) => deadline.dueOnBy[policy] === deadline.dueOn) ?? 'all';
}

/** A count of working days shows the day it began after as its first step, and that is truer than any fallback. */
function firstDayCounted({ countsWorkingDays, steps }: DueDeadline, fallback: FallbackDays): FallbackDays {
  const first = steps[0];
  return countsWorkingDays && first !== undefined ? { documentDate: first.day, receivedOn: first.day } : fallback;
}

/** The steps up to the literal day; what follows about days off is written anew. */
function stepsByTheLetter({ steps, literalDueOn }: DueDeadline): readonly CountingStep[] {
  const end = steps.findIndex((s) => / là ngày nghỉ: |^Không dời: |^Dời đến |^Lịch chưa công bố|^Hạn hiệu lực: /.test(s.text));
  return end === -1 ? steps.filter((s) => s.day <= literalDueOn) : steps.slice(0, end);
}

export interface RecordedDeadline {
  readonly taskId: string;
  readonly deadline: Deadline;
  readonly documentDate: Day;
  readonly assignedOn: Day;
}

export interface CalendarChange {
  readonly taskId: string;
  readonly from: Pick<DueDeadline, 'dueOn' | 'literalDueOn' | 'calendarVersion'>;
  readonly to: Pick<DueDeadline, 'dueOn' | 'literalDueOn' | 'calendarVersion'>;
  /** The deadline to record when it is decided to recompute. */
  readonly deadline: DueDeadline;
}

/**
 * The deadlines that would change under another calendar; nothing is changed by asking (domain.md §3). One at a time, so that a caller
 * with many can let others run between them.
 */
export function* calendarChanges(recorded: Iterable<RecordedDeadline>, next: WorkingCalendar): Generator<CalendarChange, void, undefined> {
  for (const { taskId, deadline, documentDate, assignedOn } of recorded) {
    const change = calendarChange(taskId, deadline, { documentDate, receivedOn: assignedOn }, next);
    if (change !== undefined) yield change;
  }
}

function calendarChange(taskId: string, deadline: Deadline, fallback: FallbackDays, next: WorkingCalendar): CalendarChange | undefined {
  if (deadline.kind === 'none') return undefined;
  // Only a count of working days has another literal day under another calendar; for all others the move alone decides.
  if (!deadline.countsWorkingDays && effectiveDays(deadline.basis, deadline.literalDueOn, next)[deadline.readWith?.policy ?? policyOf(deadline)] === deadline.dueOn) return undefined;
  const reading = recomputeDeadline(deadline, next, fallback);
  if (!reading.ok || reading.deadline.kind === 'none') return undefined;
  const to = reading.deadline;
  return to.dueOn === deadline.dueOn && to.literalDueOn === deadline.literalDueOn ? undefined : { taskId, from: days(deadline), to: days(to), deadline: to };
}

function days({ dueOn, literalDueOn, calendarVersion }: DueDeadline): CalendarChange['from'] {
  return { dueOn, literalDueOn, calendarVersion };
}
