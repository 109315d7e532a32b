import { lastInstantInTime, type Deadline } from '#deadlines';
import type { Instant } from '#kernel';
import type { TaskAssignedData, TaskFact } from './events.ts';
import { DECIDING, REPAIRS } from './events.ts';
import { repair } from './repairs.ts';

/** A fact as a rejection names it: which one stands in the way. */
export interface FactReference {
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Instant;
}

export interface Submission extends FactReference {
  /** Deadline in force when it was submitted. */
  readonly deadline: Deadline;
  readonly evidence: readonly string[];
}

/** The work axis (domain.md §2): stored, moved only by events. */
export const WORKS = ['open', 'submitted', 'done', 'suspended', 'withdrawn', 'cancelled', 'returned', 'duplicate', 'voided'] as const;
export type Work = (typeof WORKS)[number];

/** What the decider needs to know of a task; folded from its own stream in log order, after repairs. */
export type TaskState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'task';
      readonly work: Work;
      /** As corrected; `assigned.leadUnitId` is the first lead, `leadUnitId` the present one. */
      readonly assigned: TaskAssignedData;
      readonly leadUnitId: string;
      /** When it was given, as corrected: nothing but a repair happens before. */
      readonly assignedAt: Instant;
      /** Beginning of the present assignment. */
      readonly begunAt: Instant;
      readonly deadline: Deadline;
      /** The fact that set the deadline in force. */
      readonly deadlineFact: FactReference;
      readonly lastDeciding: FactReference;
      readonly lastFact: FactReference;
      /** By the present lead. */
      readonly received?: FactReference;
      readonly progress?: FactReference;
      readonly pendingExtension?: FactReference & { readonly deadline: Deadline; readonly reason: string };
      readonly pendingReturn?: FactReference & { readonly reason: string };
      readonly submission?: Submission;
      readonly completed?: FactReference;
      readonly percent?: number;
      readonly extensions: number;
      readonly urged?: FactReference & { readonly number: number };
      readonly explanation?: FactReference & { readonly question: string; readonly answered?: FactReference & { readonly answer: string } };
      readonly objectiveCause?: FactReference & { readonly document: string; readonly reason: string };
      readonly coordination: Readonly<Record<string, FactReference>>;
      readonly duplicateOf?: string;
      /** `deadlineKey` of every deadline whose passing is recorded. */
      readonly overdueRecorded: readonly string[];
      /** All facts in log order, repairs and what they annulled included: what a repair is decided from. */
      readonly facts: readonly TaskFact[];
    };

export type Task = Extract<TaskState, { kind: 'task' }>;
export const initial: TaskState = { kind: 'none' };

/** Names a deadline for "recorded once": the fact that set it and its last instant. */
export function deadlineKey(decidingEventId: string, deadline: Deadline): string {
  return `${decidingEventId}|${String(lastInstantInTime(deadline))}`;
}

/** Folds one more fact. A repair reaches back, so it folds everything anew. */
export function evolve(state: TaskState, fact: TaskFact): TaskState {
  if (state.kind === 'none') return fold([fact]);
  if (REPAIRS.has(fact.type)) return fold([...state.facts, fact]);
  return { ...(step(state, fact) as Task), facts: [...state.facts, fact] };
}

/** The state after facts in log order. */
export function fold(facts: readonly TaskFact[]): TaskState {
  const { effective, voided } = repair(facts);
  return finish(effective, voided, facts);
}

/** The state at (A, K): of the facts known at K, repaired by what is known at K, those that happened by A (domain.md §2). */
export function foldAt(known: readonly TaskFact[], at: Instant): TaskState {
  const { effective, voided } = repair(known);
  // In log order, as `fold`: ★ facts happened in it, and what answers what among the others goes by it.
  return finish(effective.filter((fact) => fact.occurredAt <= at), voided, known);
}

function finish(effective: readonly TaskFact[], voided: TaskFact | undefined, facts: readonly TaskFact[]): TaskState {
  const state = effective.reduce(step, initial);
  if (state.kind === 'none') return state;
  // Evidence that a deadline passed stays recorded even where a repair took it out of the life: it must not be written a second time.
  const overdueRecorded = facts.flatMap((f) => (f.type === 'TaskBecameOverdue' ? [deadlineKey(f.data.decidingEventId, f.data.deadline)] : []));
  if (voided === undefined) return { ...state, facts, overdueRecorded };
  const at = reference(voided);
  return { ...state, facts, overdueRecorded, work: 'voided', lastDeciding: at, lastFact: at };
}

const reference = ({ eventId, type, occurredAt }: TaskFact): FactReference => ({ eventId, type, occurredAt });

/** Folds one effective fact. Total: an event that does not fit leaves the state as it is, for the log is the truth and the decider the guard. */
export function step(state: TaskState, fact: TaskFact): TaskState {
  const at = reference(fact);
  if (fact.type === 'TaskAssigned') {
    return {
      kind: 'task', work: 'open', assigned: fact.data, leadUnitId: fact.data.leadUnitId, assignedAt: at.occurredAt, begunAt: at.occurredAt, deadline: fact.data.deadline, deadlineFact: at,
      lastDeciding: at, lastFact: at, extensions: 0, coordination: {}, overdueRecorded: [], facts: [],
    };
  }
  if (state.kind === 'none') return state;
  // A copy that is changed before anybody else sees it: tens of thousands of lives are folded for one list.
  const next: { -readonly [K in keyof Task]: Task[K] } = { ...state, lastFact: at };
  if (DECIDING.has(fact.type)) next.lastDeciding = at;
  const dueBy = (deadline: Deadline | undefined): void => {
    if (deadline === undefined) return;
    next.deadline = deadline;
    next.deadlineFact = at;
  };
  switch (fact.type) {
    case 'TaskReceived':
      // Recorded late about the time of a former lead, it says nothing of the present one.
      if (at.occurredAt >= state.begunAt) next.received = at;
      return next;
    case 'ProgressReported':
      if (at.occurredAt < state.begunAt) return next;
      next.progress = at;
      if (fact.data.percent !== undefined) next.percent = fact.data.percent;
      return next;
    case 'ExtensionRequested':
      next.pendingExtension = { ...at, deadline: fact.data.deadline, reason: fact.data.reason };
      return next;
    case 'ExtensionRefused':
      return without(next, 'pendingExtension');
    case 'ExtensionGranted':
      dueBy(fact.data.deadline);
      next.extensions += 1;
      return without(next, 'pendingExtension');
    case 'DeadlineSet':
    case 'DeadlineRecomputed':
      dueBy(fact.data.deadline);
      return next;
    case 'ReturnProposed':
      next.pendingReturn = { ...at, reason: fact.data.reason };
      return next;
    case 'ReturnRefused':
      return without(next, 'pendingReturn');
    case 'ReturnAccepted':
      next.work = 'returned';
      return without(next, 'pendingReturn');
    case 'TaskTransferred':
      dueBy(fact.data.deadline);
      next.leadUnitId = fact.data.toUnitId;
      next.begunAt = at.occurredAt;
      // The next assignment begins afresh: what the former lead received, reported or asked is not the new one's.
      return without(next, 'received', 'progress', 'pendingExtension', 'pendingReturn', 'percent');
    case 'TaskSuspended':
      next.work = 'suspended';
      return next;
    case 'TaskResumed':
      dueBy(fact.data.deadline);
      next.work = 'open';
      return without(next, 'pendingExtension');
    case 'CompletionSubmitted':
      next.work = 'submitted';
      next.submission = { ...at, deadline: state.deadline, evidence: fact.data.evidence ?? [] };
      return next;
    case 'TaskCompleted':
      next.work = 'done';
      next.completed = at;
      return next;
    case 'CompletionRefused':
      next.work = 'open';
      return without(next, 'submission');
    case 'TaskReopened':
      dueBy(fact.data.deadline);
      next.work = 'open';
      return without(next, 'submission', 'completed', 'pendingExtension', 'pendingReturn');
    case 'TaskWithdrawn':
      next.work = 'withdrawn';
      return next;
    case 'TaskCancelled':
      next.work = 'cancelled';
      return next;
    case 'DuplicateLinked':
      next.work = 'duplicate';
      next.duplicateOf = fact.data.ofTaskId;
      return next;
    case 'TaskUrged':
      next.urged = { ...at, number: fact.data.number };
      return next;
    // A meeting finds it by itself; the task's own rules ask nothing of it.
    case 'RaisedForBriefing':
      return next;
    case 'ExplanationRequested':
      next.explanation = { ...at, question: fact.data.question };
      return next;
    case 'ExplanationGiven':
      if (state.explanation !== undefined) next.explanation = { ...state.explanation, answered: { ...at, answer: fact.data.answer } };
      return next;
    case 'ObjectiveCauseConfirmed':
      next.objectiveCause = { ...at, document: fact.data.document, reason: fact.data.reason };
      return next;
    case 'CoordinationAnswered':
      next.coordination = { ...state.coordination, [fact.data.unitId]: at };
      return next;
    case 'TaskBecameOverdue':
      next.overdueRecorded = [...state.overdueRecorded, deadlineKey(fact.data.decidingEventId, fact.data.deadline)];
      return next;
    // Repairs are applied before facts are folded.
    case 'TaskCorrected':
    case 'FactAnnulled':
    case 'TaskVoided':
      return state;
  }
}

/** Takes optional fields away. */
function without(task: Task, ...keys: readonly ('received' | 'progress' | 'percent' | 'pendingExtension' | 'pendingReturn' | 'submission' | 'completed')[]): Task {
  // Most have none of it, and what a property was taken from is slow ever after.
  for (const key of keys) if (key in task) Reflect.deleteProperty(task, key);
  return task;
}
