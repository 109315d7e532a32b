import type { Deadline, FixedDatePolicy } from '#deadlines';
import type { TaskAssignedData, TaskFact } from '#tasks';
import type { FiguresQuery } from './columns.ts';
import { CELLS, FLOWS, OUT_REASONS, PARTS, type Cell, type Counts, type Flow, type OutReason, type Part } from './counts.ts';

/*
 * Figures the naive way, for tests: of the facts known at K drop what is annulled, correct the assignment, take those that happened by A, fold
 * them one by one, judge each assignment by days and hours as domain.md §4.2 says it. It shares with the product the names of cells, parts
 * and flows, and nothing that counts: no repair, no timeline, no columns, no calendar arithmetic.
 */

export interface NaiveTask {
  readonly taskId: string;
  readonly facts: readonly TaskFact[];
}

/** One assignment at (A, K) as a question sees it. */
export interface Member {
  readonly taskId: string;
  readonly assignment: number;
  /** Lead, as it was. */
  readonly unitId: string;
  readonly authority: string;
  readonly field: string;
  readonly month: string;
  readonly cell: Cell | OutReason;
  readonly inCohort: boolean;
  readonly inC2: boolean;
  readonly parts: readonly Part[];
  readonly flows: readonly Flow[];
  readonly assignedOverdue: boolean;
  readonly suspendedWithoutDeadline: boolean;
  /** The deadline that judges it. */
  readonly deadline: Deadline;
}

interface Held {
  number: number;
  unitId: string;
  begun: number;
  byTransfer: boolean;
  original: Deadline;
  state: 'open' | 'submitted' | 'done' | 'suspended' | 'withdrawn' | 'cancelled' | 'returned' | 'transferred' | 'duplicate';
  deadline: Deadline;
  submitted: number | undefined;
  reopened: number | undefined;
  backdated: boolean;
  extendedLate: boolean;
}

const HOUR = 3_600_000;
/** The day in Vietnam, written apart from the product's. */
export const naiveDay = (ms: number): string => new Date(ms + 7 * HOUR).toISOString().slice(0, 10);
const midnight = (day: string): number => Date.parse(`${day}T00:00:00+07:00`);
const hour = (day: string, time: string): number => Date.parse(`${day}T${time}:00+07:00`);
const dayUnder = (d: Exclude<Deadline, { kind: 'none' }>, policy?: FixedDatePolicy): string => (policy === undefined ? d.dueOn : d.dueOnBy[policy]);

/** What is done at an instant is late by day, or by instant where the limit has an hour. */
export function naiveLate(at: number, d: Deadline, policy?: FixedDatePolicy): boolean {
  if (d.kind === 'none') return false;
  return d.dueTime === undefined ? naiveDay(at) > dayUnder(d, policy) : at > hour(dayUnder(d, policy), d.dueTime);
}

/** What is open at an instant is overdue after 24:00 of the due day, or after the hour. */
export function naiveOverdue(at: number, d: Deadline, policy?: FixedDatePolicy): boolean {
  if (d.kind === 'none') return false;
  return at > (d.dueTime === undefined ? midnight(dayUnder(d, policy)) + 24 * HOUR : hour(dayUnder(d, policy), d.dueTime));
}

export interface Believed {
  readonly voided: boolean;
  readonly assigned: (TaskFact & { readonly type: 'TaskAssigned' }) | undefined;
  /** Effective facts but the assignment's corrections, in order of occurrence and then of the log. */
  readonly facts: readonly TaskFact[];
}

/** Facts known at K after the repairs known at K. */
export function naiveBelieved(facts: readonly TaskFact[], known: bigint | null): Believed {
  const heard = facts.filter((f) => known === null || f.position <= known);
  const stands = (fact: TaskFact): boolean => !heard.some((f) => f.type === 'FactAnnulled' && f.data.annulledEventId === fact.eventId && stands(f));
  const left = heard.filter(stands);
  const corrections = left.flatMap((f) => (f.type === 'TaskCorrected' ? [f.data.changes] : []));
  const happened = left
    .filter((f) => f.type !== 'TaskCorrected' && f.type !== 'FactAnnulled' && f.type !== 'TaskVoided')
    .map((fact): TaskFact => {
      if (fact.type !== 'TaskAssigned') return fact;
      const data: Record<string, unknown> = { ...fact.data };
      for (const changes of corrections) for (const [name, change] of Object.entries(changes)) data[name] = change.new ?? undefined;
      const day = (data as unknown as TaskAssignedData).assignedOn;
      return { ...fact, data: data as unknown as TaskAssignedData, occurredAt: naiveDay(fact.occurredAt) === day ? fact.occurredAt : midnight(day) };
    })
    .sort((a, b) => a.occurredAt - b.occurredAt || Number(a.position - b.position));
  const assigned = happened.find((f) => f.type === 'TaskAssigned');
  return { voided: left.some((f) => f.type === 'TaskVoided'), assigned: assigned?.type === 'TaskAssigned' ? assigned : undefined, facts: happened };
}

const STARRED = new Set([
  'TaskAssigned', 'ExtensionGranted', 'DeadlineSet', 'DeadlineRecomputed', 'ReturnAccepted', 'TaskTransferred', 'TaskSuspended', 'TaskResumed', 'CompletionSubmitted', 'TaskCompleted', 'CompletionRefused', 'TaskReopened',
  'TaskWithdrawn', 'TaskCancelled', 'DuplicateLinked',
]);

/** The assignments that there are once the facts that pass have happened. */
function held(facts: readonly TaskFact[], happened: (at: number) => boolean): Held[] {
  const all: Held[] = [];
  for (const f of facts) {
    if (!STARRED.has(f.type) || !happened(f.occurredAt)) continue;
    const recordedLate = naiveDay(f.recordedAt) > naiveDay(f.occurredAt);
    if (f.type === 'TaskAssigned') {
      all.push({
        number: 0, unitId: f.data.leadUnitId, begun: f.occurredAt, byTransfer: false, original: f.data.deadline, state: 'open', deadline: f.data.deadline, submitted: undefined, reopened: undefined, backdated: recordedLate,
        extendedLate: false,
      });
      continue;
    }
    const now = all.at(-1);
    if (!now) continue;
    if (recordedLate) now.backdated = true;
    if (f.type === 'ExtensionGranted' && naiveLate(f.occurredAt, now.deadline)) now.extendedLate = true;
    if (f.type === 'ExtensionGranted' || f.type === 'DeadlineSet' || f.type === 'DeadlineRecomputed' || f.type === 'TaskResumed') now.deadline = f.data.deadline;
    if (f.type === 'TaskSuspended') now.state = 'suspended';
    if (f.type === 'TaskResumed') now.state = 'open';
    if (f.type === 'CompletionSubmitted') Object.assign(now, { state: 'submitted', submitted: f.occurredAt });
    if (f.type === 'TaskCompleted') now.state = 'done';
    if (f.type === 'CompletionRefused') Object.assign(now, { state: 'open', submitted: undefined });
    if (f.type === 'TaskReopened') Object.assign(now, { state: 'open', submitted: undefined, reopened: f.occurredAt, deadline: f.data.deadline ?? now.deadline });
    if (f.type === 'TaskWithdrawn') now.state = 'withdrawn';
    if (f.type === 'TaskCancelled') now.state = 'cancelled';
    if (f.type === 'ReturnAccepted') now.state = 'returned';
    if (f.type === 'DuplicateLinked') now.state = 'duplicate';
    if (f.type === 'TaskTransferred') {
      now.state = 'transferred';
      const deadline = f.data.deadline ?? now.deadline;
      all.push({
        number: now.number + 1, unitId: f.data.toUnitId, begun: f.occurredAt, byTransfer: true, original: deadline, state: 'open', deadline, submitted: undefined, reopened: undefined, backdated: recordedLate, extendedLate: false,
      });
    }
  }
  return all;
}

/** The deadline in force at an instant by the facts known at K, whatever the state. */
export function naiveDeadlineAt(task: NaiveTask, at: number, known: bigint | null): Deadline {
  const { facts } = naiveBelieved(task.facts, known);
  const by = (instant: number): Deadline | undefined => held(facts, (one) => one <= instant).at(-1)?.deadline;
  return by(at) ?? { kind: 'none' };
}

/** Every assignment that a question sees, those out of N included. */
export function naiveMembers(tasks: readonly NaiveTask[], q: FiguresQuery): Member[] {
  const members: Member[] = [];
  for (const { taskId, facts: told } of tasks) {
    const { voided, assigned, facts } = naiveBelieved(told, q.known);
    if (!assigned) continue;
    const { authority, field = '', routine, parentTaskId } = assigned.data;
    if (routine === true || parentTaskId !== undefined) continue;
    if ((q.authority !== undefined && q.authority !== authority) || (q.field !== undefined && q.field !== field)) continue;
    const before = held(facts, (at) => at < q.p0);
    if (voided) {
      const [first] = held(facts, (at) => at <= q.at);
      if (!first || first.begun < q.p0 || (q.unitIds && !q.unitIds.has(first.unitId))) continue;
      members.push({ taskId, assignment: 0, unitId: first.unitId, authority, field, month: naiveDay(first.begun).slice(0, 7), cell: 'voided', inCohort: false, inC2: false, parts: [], flows: [], assignedOverdue: false, suspendedWithoutDeadline: false, deadline: first.deadline });
      continue;
    }
    for (const now of held(facts, (at) => at <= q.at)) if (!q.unitIds || q.unitIds.has(now.unitId)) members.push(...judged(taskId, authority, field, now, before.find((h) => h.number === now.number), q));
  }
  return members;
}

function judged(taskId: string, authority: string, field: string, now: Held, before: Held | undefined, q: FiguresQuery): Member[] {
  const carried = before !== undefined && ['open', 'submitted', 'suspended'].includes(before.state);
  const begun = now.begun >= q.p0;
  const reopened = now.reopened !== undefined && now.reopened >= q.p0;
  const inC2 = carried || begun || reopened;
  const effective = now.deadline;
  const judge = q.basis === 'original' ? now.original : effective;
  const dueOn = effective.kind === 'none' ? undefined : dayUnder(effective, q.policy);
  const inCohort = q.cohort === 'C2' ? inC2 : q.cohort === 'C1' ? begun : dueOn !== undefined && dueOn >= naiveDay(q.p0) && dueOn <= naiveDay(q.p1 - 1);
  if (!inC2 && !inCohort) return [];

  const third = judge.kind === 'none';
  const done = now.state === 'done';
  const late = now.submitted !== undefined && naiveLate(now.submitted, judge, q.policy);
  const cell: Cell | OutReason =
    now.state === 'done' ? (third ? 'D3' : late ? 'D2' : 'D1')
    : now.state === 'submitted' ? (third ? 'V3' : late ? 'V2' : 'V1')
    : now.state === 'open' ? (third ? 'O3' : naiveOverdue(q.at, judge, q.policy) ? 'O2' : 'O1')
    : now.state === 'suspended' ? 'X'
    : now.state;
  const isCell = (CELLS as readonly string[]).includes(cell);
  const assignedOverdue = naiveLate(now.begun, now.original, q.policy);
  const parts: Part[] = [];
  if (inCohort && isCell) {
    if (carried) parts.push('carriedOver');
    else if (begun) parts.push('begunInPeriod');
    else if (reopened) parts.push('reopenedInPeriod');
    if (cell === 'D1') parts.push(naiveLate(now.submitted!, now.original, q.policy) ? 'D1b' : 'D1a');
    if (now.backdated) parts.push('backdated');
    if (done && now.submitted! < q.p0) parts.push('priorPeriodAdjustment');
    if (now.extendedLate) parts.push('extendedAfterDeadline');
    if (assignedOverdue) parts.push('assignedOverdue');
  }
  const flows: Flow[] = [];
  if (inC2) {
    flows.push(carried ? 'opening' : !begun ? 'reopened' : now.byTransfer ? 'transferredIn' : 'new');
    flows.push(!isCell ? 'out' : done ? 'closed' : 'closing');
  }
  return [{
    taskId, assignment: now.number, unitId: now.unitId, authority, field, month: naiveDay(now.begun).slice(0, 7), cell, inCohort, inC2, parts, flows, assignedOverdue, suspendedWithoutDeadline: cell === 'X' && third, deadline: judge,
  }];
}

export const inN = (m: Member): boolean => m.inCohort && (CELLS as readonly string[]).includes(m.cell);

/** The group that a member stands in. */
export function groupOf(m: Member, { groupBy, standsUnder }: FiguresQuery): string {
  switch (groupBy) {
    case 'unit':
      return standsUnder === undefined ? m.unitId : standsUnder(m.unitId);
    case 'authority':
      return m.authority;
    case 'field':
      return m.field;
    case 'month':
      return m.month;
    case undefined:
      return '';
  }
}

/** Counts per group: each number is how many members it has. */
export function naiveCounts(members: readonly Member[], q: FiguresQuery): Map<string, Counts> {
  const groups = new Map<string, Member[]>();
  for (const m of members) groups.set(groupOf(m, q), [...(groups.get(groupOf(m, q)) ?? []), m]);
  return new Map([...groups].map(([name, all]) => [name, count(all)]));
}

function count(all: readonly Member[]): Counts {
  const counted = all.filter(inN);
  const numbers = <K extends string>(names: readonly K[], has: (m: Member, name: K) => boolean): Record<K, number> => Object.fromEntries(names.map((name) => [name, all.filter((m) => has(m, name)).length])) as Record<K, number>;
  return {
    cells: numbers(CELLS, (m, cell) => m.inCohort && m.cell === cell),
    parts: numbers(PARTS, (m, part) => m.parts.includes(part)),
    out: numbers(OUT_REASONS, (m, reason) => m.cell === reason && (m.inCohort || reason === 'voided')),
    flow: numbers(FLOWS, (m, flow) => m.flows.includes(flow)),
    total: counted.length,
    assignedOverdueD1: counted.filter((m) => m.assignedOverdue && m.cell === 'D1').length,
    assignedOverdueMatured: counted.filter((m) => m.assignedOverdue && ['D1', 'D2', 'O2', 'V2'].includes(m.cell)).length,
    suspendedWithoutDeadline: counted.filter((m) => m.suspendedWithoutDeadline).length,
  };
}
