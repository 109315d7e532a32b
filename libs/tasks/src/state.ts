import { lastInstantInTime, type Deadline } from '#deadlines';
import type { Instant } from '#kernel';
import type { TaskAssignedData, TaskEvent, TaskFact } from './events.ts';
import { DECIDING } from './events.ts';

/** A fact as a rejection names it: which one stands in the way. */
export interface FactReference {
  readonly eventId: string;
  readonly type: string;
  readonly occurredAt: Instant;
}

export interface Submission extends FactReference {
  /** Deadline in force when it was submitted. */
  readonly deadline: Deadline;
}

/** What the decider needs to know of a task; folded from its own stream in log order. */
export type TaskState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'task';
      readonly work: 'open' | 'submitted' | 'done' | 'withdrawn' | 'voided';
      readonly assigned: TaskAssignedData;
      readonly deadline: Deadline;
      /** The fact that set the deadline in force. */
      readonly deadlineFact: FactReference;
      readonly originalDeadline: Deadline;
      readonly lastDeciding: FactReference;
      readonly lastFact: FactReference;
      readonly received?: FactReference;
      readonly pendingExtension?: FactReference & { readonly deadline: Deadline; readonly reason: string };
      readonly submission?: Submission;
      readonly completed?: FactReference;
      readonly percent?: number;
      readonly extensions: number;
      /** `decidingEventId|last` of every deadline whose passing is recorded. */
      readonly overdueRecorded: readonly string[];
    };

export const initial: TaskState = { kind: 'none' };

/** Names a deadline for "recorded once": the fact that set it and its last instant. */
export function deadlineKey(fact: FactReference, deadline: Deadline): string {
  return `${fact.eventId}|${String(lastInstantInTime(deadline))}`;
}

/** Folds one fact. Total: an event that does not fit leaves the state as it is, for the log is the truth and the decider the guard. */
export function evolve(state: TaskState, fact: TaskFact): TaskState {
  const at: FactReference = { eventId: fact.eventId, type: fact.type, occurredAt: fact.occurredAt };
  if (fact.type === 'TaskAssigned') {
    return {
      kind: 'task',
      work: 'open',
      assigned: fact.data,
      deadline: fact.data.deadline,
      deadlineFact: at,
      originalDeadline: fact.data.deadline,
      lastDeciding: at,
      lastFact: at,
      extensions: 0,
      overdueRecorded: [],
    };
  }
  if (state.kind === 'none') return state;
  const next = { ...state, lastFact: at, lastDeciding: DECIDING.has(fact.type) ? at : state.lastDeciding };
  switch (fact.type) {
    case 'TaskReceived':
      return { ...next, received: at };
    case 'ProgressReported':
      return fact.data.percent === undefined ? next : { ...next, percent: fact.data.percent };
    case 'ExtensionRequested':
      return { ...next, pendingExtension: { ...at, deadline: fact.data.deadline, reason: fact.data.reason } };
    case 'ExtensionRefused':
      return without(next, 'pendingExtension');
    case 'ExtensionGranted':
      return { ...without(next, 'pendingExtension'), deadline: fact.data.deadline, deadlineFact: at, extensions: state.extensions + 1 };
    case 'CompletionSubmitted':
      return { ...next, work: 'submitted', submission: { ...at, deadline: state.deadline } };
    case 'TaskCompleted':
      return { ...next, work: 'done', completed: at };
    case 'CompletionRefused':
      return { ...without(next, 'submission'), work: 'open' };
    case 'TaskWithdrawn':
      return { ...next, work: 'withdrawn' };
    case 'TaskVoided':
      return { ...next, work: 'voided' };
    case 'TaskBecameOverdue':
      return { ...next, overdueRecorded: [...state.overdueRecorded, deadlineKey({ ...at, eventId: fact.data.decidingEventId }, fact.data.deadline)] };
  }
}

function without<S extends object, K extends keyof S>(state: S, key: K): Omit<S, K> {
  const { [key]: _, ...rest } = state;
  return rest;
}

export function fold(facts: readonly TaskFact[]): TaskState {
  return facts.reduce(evolve, initial);
}

export type { TaskEvent };
