import { endOfDeadline, type WorkingCalendar } from '#deadlines';
import { dayFromNumber, dayNumber, dayNumberOf, foldText, type Day, type Instant } from '#kernel';
import type { EscalationLevel, Recipient, Rule, When } from './rules.ts';

/** What is asked of a task that is open on a morning. */
export interface OpenWork {
  readonly taskId: string;
  readonly unitId: string;
  /** Last millisecond in time; Infinity without a deadline. */
  readonly due: Instant;
  /** When the present lead began. */
  readonly begunAt: Instant;
  readonly authority: string;
  readonly field: string | null;
  readonly starred: boolean;
  readonly urgency: string | null;
  /** Last time those in charge told about it, or were given it. */
  readonly updatedAt: Instant;
  /** When it was urged since it was begun, oldest first. */
  readonly urgedAt: readonly Instant[];
}

/** That a rule speaks on a morning. `step` names why; with task, rule and day it is the slot. */
export interface Fired {
  readonly step: string;
  readonly to: readonly Recipient[];
}

/** Working days between days, looked up once: a run asks for the same few hundred days tens of thousands of times. */
export class WorkingDays {
  private readonly upTo = new Map<number, number>();
  private readonly calendar: Pick<WorkingCalendar, 'workingDaysBetween'>;
  private static readonly ORIGIN = '2000-01-01';

  constructor(calendar: Pick<WorkingCalendar, 'workingDaysBetween'>) {
    this.calendar = calendar;
  }

  /** Working days after `from` up to `to`, by day numbers; negative where `to` is earlier. */
  between(from: number, to: number): number {
    return this.count(to) - this.count(from);
  }

  private count(day: number): number {
    let n = this.upTo.get(day);
    if (n === undefined) {
      n = this.calendar.workingDaysBetween(WorkingDays.ORIGIN, dayFromNumber(day));
      this.upTo.set(day, n);
    }
    return n;
  }
}

const matches = (list: readonly string[] | undefined, value: string | null): boolean => list === undefined || (value !== null && list.includes(value));

/** As typed by people: with tone marks here or there, in any case. */
function matchesText(list: readonly string[] | undefined, value: string | null): boolean {
  if (list === undefined) return true;
  if (value === null) return false;
  if (list.includes(value)) return true;
  const folded = foldText(value);
  return list.some((one) => foldText(one) === folded);
}

function isAbout(when: When, work: OpenWork, days: WorkingDays): boolean {
  if (when.starred !== undefined && when.starred !== work.starred) return false;
  if (!matches(when.authorities, work.authority) || !matchesText(when.fields, work.field) || !matchesText(when.urgencies, work.urgency)) return false;
  if (when.lengthFrom === undefined && when.lengthTo === undefined) return true;
  // Without a deadline there is no length.
  if (work.due === Infinity) return false;
  const length = days.between(dayNumberOf(work.begunAt), dayNumberOf(work.due));
  return length >= (when.lengthFrom ?? -Infinity) && length <= (when.lengthTo ?? Infinity);
}

/**
 * Whether a rule speaks about open work on the morning `at` of a working day, `previous` being the morning of the working day before. At most
 * one slot a rule, task and morning: of several steps that fall on it the most pressing one.
 */
export function firedBy(rule: Rule, work: OpenWork, at: Instant, previous: Instant, days: WorkingDays): Fired | undefined {
  if (!rule.on || !isAbout(rule.when, work, days)) return undefined;
  const today = dayNumberOf(at);
  switch (rule.kind) {
    case 'silence': {
      const silent = days.between(dayNumberOf(work.updatedAt), today);
      return silent >= rule.days && (silent - rule.days) % rule.every === 0 ? { step: `silent-${String(silent)}`, to: rule.to } : undefined;
    }
    case 'escalation':
      return escalated(rule.levels, work, at, previous, days);
    case 'ladder': {
      if (work.due === Infinity) return undefined;
      const step = ladderStep(rule.steps, work, at, today, days);
      return step === undefined ? undefined : { step, to: rule.to };
    }
  }
}

function ladderStep(steps: Extract<Rule, { kind: 'ladder' }>['steps'], work: OpenWork, at: Instant, today: number, days: WorkingDays): string | undefined {
  const due = dayNumberOf(work.due);
  if (at > endOfDeadline(work.due) && due < today) {
    const late = days.between(due, today);
    return steps.some((step) => step.kind === 'overdue' && late >= step.first && (late - step.first) % step.every === 0) ? `overdue-${String(late)}` : undefined;
  }
  const left = days.between(today, due);
  // Behind the due day by days, and in time by the hour, it is neither.
  if (due < today) return undefined;
  const begun = dayNumberOf(work.begunAt);
  if (steps.some((step) => step.kind === 'before' && step.days === left)) {
    // A task given for the day itself has its due day; one given later than the step has missed it for good.
    return left === 0 ? 'due' : begun < today ? `before-${String(left)}` : undefined;
  }
  if (begun >= today) return undefined;
  const length = days.between(begun, due);
  const passed = days.between(begun, today);
  const share = steps.find((step) => step.kind === 'share' && passed === Math.ceil((length * step.percent) / 100) && passed > 0);
  return share?.kind === 'share' ? `share-${String(share.percent)}` : undefined;
}

function escalated(levels: readonly EscalationLevel[], work: OpenWork, at: Instant, previous: Instant, days: WorkingDays): Fired | undefined {
  const due = work.due === Infinity ? Infinity : dayNumberOf(work.due);
  const late = due < dayNumberOf(at) && at > endOfDeadline(work.due) ? days.between(due, dayNumberOf(at)) : 0;
  const urged = (by: Instant): number => work.urgedAt.filter((one) => one <= by).length;
  // The highest level that is reached this morning: who stands above has heard of those below.
  for (let level = levels.length - 1; level >= 0; level--) {
    const { overdueDays, urgings, to } = levels[level]!;
    if (overdueDays !== undefined && late === overdueDays) return { step: `level-${String(level + 1)}-overdue-${String(late)}`, to };
    if (urgings !== undefined && urged(at) >= urgings && urged(previous) < urgings) return { step: `level-${String(level + 1)}-urged-${String(urgings)}`, to };
  }
  return undefined;
}

/** A stretch of a task's life: from an instant on it is open with this, or not open (`null`). */
export interface Stretch {
  readonly from: Instant;
  readonly work: OpenWork | null;
}

export interface Slot {
  readonly day: Day;
  readonly step: string;
}

/**
 * The slots of a task from one day to another (both included): a pure function of its history, the rule, the calendar and the hour of the
 * morning. `morningOf` gives the instant of a day's morning.
 */
export function slotsOf(history: readonly Stretch[], rule: Rule, calendar: Pick<WorkingCalendar, 'isWorkingDay' | 'workingDaysBetween'>, from: Day, to: Day, morningOf: (day: Day) => Instant): Slot[] {
  const days = new WorkingDays(calendar);
  const slots: Slot[] = [];
  let previous = morningOf(lastWorkingDayBefore(from, calendar));
  for (let n = dayNumber(from); n <= dayNumber(to); n++) {
    const day = dayFromNumber(n);
    if (!calendar.isWorkingDay(day)) continue;
    const at = morningOf(day);
    const work = history.findLast((stretch) => stretch.from <= at)?.work;
    const fired = work ? firedBy(rule, work, at, previous, days) : undefined;
    if (fired) slots.push({ day, step: fired.step });
    previous = at;
  }
  return slots;
}

export function lastWorkingDayBefore(day: Day, calendar: Pick<WorkingCalendar, 'isWorkingDay'>): Day {
  let n = dayNumber(day) - 1;
  while (!calendar.isWorkingDay(dayFromNumber(n))) n--;
  return dayFromNumber(n);
}
