import { setImmediate as nextTurn } from 'node:timers/promises';
import { Told, type Columns, type Marks } from '#figures';
import type { WorkingCalendar } from '#deadlines';
import { atTime, type Day, type Instant } from '#kernel';
import type { Person } from '#people';
import { Addressees, lastWorkingDayBefore, MorningPlan, WorkingDays, type Morning, type OpenWork, type PlannedMessage, type RuleSet, type Snooze } from '#reminders';
import type { TaskBoard } from '#task-board';
import { Turns } from '../turns.ts';

/** Asked of the board at once. */
const ASKED = 500;

/** What mornings are decided from; one query each, and never one a task. */
export interface MorningSources {
  readonly columns: Columns;
  readonly marks: Marks;
  readonly board: TaskBoard;
}

export interface MorningKnown {
  readonly rules: RuleSet;
  readonly calendar: WorkingCalendar;
  readonly people: readonly Person[];
  readonly snoozes: readonly Snooze[];
  readonly known: bigint;
  /** Urgency of documents by task, where a rule asks for it. */
  readonly urgencies?: ReadonlyMap<string, string>;
}

export const morningOf = (day: Day, { morning }: RuleSet, calendar: WorkingCalendar): Morning => ({ day, at: atTime(day, morning), previous: atTime(lastWorkingDayBefore(day, calendar), morning) });

/** Open work at an instant, as rules ask about it; routine work is left out, subtasks are not. */
export async function openWork({ columns, marks, board }: MorningSources, at: Instant, known: bigint, urgencies: ReadonlyMap<string, string> | undefined, meet: (work: OpenWork) => void): Promise<void> {
  const starred = await board.starred(known);
  const tasks: number[] = [];
  const found: OpenWork[] = [];
  const uncounted: string[] = [];
  const meeting = columns.visitOpen(at, known, ({ task, taskId, unitId, due, begunAt, authority, field, counted }) => {
    tasks.push(task);
    if (!counted) uncounted.push(taskId);
    found.push({ taskId, unitId, due, begunAt, authority, field, starred: false, urgency: null, updatedAt: begunAt, urgedAt: [] });
  });
  for (const _ of meeting) await nextTurn();
  const routine = new Set<string>();
  for (let from = 0; from < uncounted.length; from += ASKED) {
    for (const task of await board.byIds(uncounted.slice(from, from + ASKED), known)) if (task.routine) routine.add(task.id);
    await nextTurn();
  }
  const told = new Told();
  const turns = new Turns();
  for (let n = 0; n < found.length; n++) {
    if (turns.over) await turns.next();
    const work = found[n]!;
    if (routine.has(work.taskId)) continue;
    const task = tasks[n]!;
    const { updatedAt } = marks.read(task, at, known, told);
    meet({ ...work, starred: starred.has(work.taskId), urgency: urgencies?.get(work.taskId) ?? null, updatedAt: Number.isNaN(updatedAt) ? work.begunAt : updatedAt, urgedAt: marks.urgedAt(task, work.begunAt, at, known) });
  }
}

/** The messages of a morning; `meet` hears of everything that is open then. */
export async function planMorning(sources: MorningSources, { rules, calendar, people, snoozes, known, urgencies }: MorningKnown, day: Day, meet: (work: OpenWork) => void = () => undefined): Promise<readonly PlannedMessage[]> {
  const morning = morningOf(day, rules, calendar);
  const asleep = new Map(snoozes.map(({ recipientId, taskId, until }) => [`${recipientId} ${taskId}`, until]));
  const plan = new MorningPlan(rules, morning, new Addressees(people, day), new WorkingDays(calendar), (recipientId, taskId, on) => asleep.size > 0 && on < (asleep.get(`${recipientId} ${taskId}`) ?? ''));
  await openWork(sources, morning.at, known, urgencies, (work) => {
    plan.take(work);
    meet(work);
  });
  const messages: PlannedMessage[] = [];
  const turns = new Turns();
  for (const message of plan.messages()) {
    messages.push(message);
    if (turns.over) await turns.next();
  }
  return messages;
}
