import type { Deadline } from '#deadlines';
import type { Day } from '#kernel';

/** The document that carries a task. `number` is canonical: "57/BC-TTT". */
export interface DirectiveDocument {
  readonly number: string;
  readonly date: Day;
  readonly issuer: string;
  readonly signerTitle?: string;
  readonly title: string;
  readonly urgency?: string;
}

export interface ResultDocument {
  readonly number: string;
  readonly date: Day;
}

export interface TaskAssignedData {
  readonly document: DirectiveDocument;
  readonly itemId?: string;
  readonly content: string;
  readonly product?: string;
  /** `ubnd-tinh`, `chu-tich`, `pho-chu-tich`, `chinh-phu`, `thu-tuong`, … the list is data. */
  readonly authority: string;
  readonly leadUnitId: string;
  readonly coordinatingUnitIds: readonly string[];
  readonly assignedOn: Day;
  readonly deadline: Deadline;
  readonly field?: string;
  readonly starred?: boolean;
  readonly weight?: number;
  readonly parentTaskId?: string;
  readonly routine?: boolean;
  /** The cells as typed, when the task came from a list. */
  readonly asTyped?: Readonly<Record<string, string>>;
}

/** Fields of an assignment that a correction may change; a new value of `null` takes an optional field away. */
export const CORRECTABLE = [
  'document', 'itemId', 'content', 'product', 'authority', 'leadUnitId', 'coordinatingUnitIds', 'assignedOn', 'deadline', 'field', 'starred', 'weight', 'parentTaskId', 'routine',
] as const satisfies readonly (keyof TaskAssignedData)[];
export type CorrectableField = (typeof CORRECTABLE)[number];
export type Corrections = { readonly [F in CorrectableField]?: { readonly old: TaskAssignedData[F] | null; readonly new: TaskAssignedData[F] | null } };

/** Beside any fact: why, a remark, and what justifies an earlier day. */
export interface Reasoned {
  readonly reason?: string;
  readonly note?: string;
  readonly backdateReason?: string;
  readonly backdateDocument?: string;
}

interface WasOverdue {
  /** At that moment the deadline in force had passed and nothing was submitted. */
  readonly wasOverdue: boolean;
}

/**
 * Everything that can happen to a task, one stream `task-<id>` per task (domain.md §2). Names are stored as they stand here.
 * A new event joins this map, `decide`, `evolve`, `story`, and, when it is ★ or a repair, `timeline` in the figures room.
 */
export interface TaskEventData {
  TaskAssigned: TaskAssignedData & Reasoned;
  TaskReceived: Reasoned;
  ProgressReported: { readonly note: string; readonly percent?: number; readonly blockedBy?: string } & Reasoned;
  ExtensionRequested: { readonly deadline: Deadline; readonly reason: string } & Reasoned;
  ExtensionRefused: { readonly reason: string } & Reasoned;
  ExtensionGranted: { readonly deadline: Deadline; readonly document?: string } & Reasoned;
  DeadlineSet: { readonly deadline: Deadline } & Reasoned;
  DeadlineRecomputed: { readonly deadline: Deadline; readonly previous: Deadline; readonly calendarVersion: string; readonly reason: string } & Reasoned;
  ReturnProposed: { readonly reason: string } & Reasoned;
  ReturnRefused: { readonly reason: string } & Reasoned;
  ReturnAccepted: WasOverdue & Reasoned;
  /** Without `deadline` the one in force is kept. */
  TaskTransferred: { readonly fromUnitId: string; readonly toUnitId: string; readonly deadline?: Deadline; readonly reason: string } & WasOverdue & Reasoned;
  TaskSuspended: { readonly reason: string; readonly document?: string } & Reasoned;
  TaskResumed: { readonly deadline: Deadline } & Reasoned;
  /** `evidence`: SHA-256 of the files that prove it, which are also their ids. */
  CompletionSubmitted: { readonly resultDocument?: ResultDocument; readonly result?: string; readonly evidence?: readonly string[] } & Reasoned;
  TaskCompleted: { readonly submissionEventId: string } & Reasoned;
  CompletionRefused: { readonly submissionEventId: string; readonly reason: string } & Reasoned;
  /** Without `deadline` the one in force at the completion is kept. */
  TaskReopened: { readonly deadline?: Deadline; readonly reason: string } & Reasoned;
  TaskWithdrawn: { readonly reason: string } & WasOverdue & Reasoned;
  TaskCancelled: { readonly reason: string } & WasOverdue & Reasoned;
  DuplicateLinked: { readonly ofTaskId: string; readonly reason: string } & WasOverdue & Reasoned;
  TaskUrged: { readonly number: number; readonly channel?: string } & Reasoned;
  /** Put on the agenda of the weekly meeting that is open in the scope, or of the next one. */
  RaisedForBriefing: { readonly reason: string } & Reasoned;
  ExplanationRequested: { readonly question: string } & Reasoned;
  ExplanationGiven: { readonly answer: string } & Reasoned;
  ObjectiveCauseConfirmed: { readonly document: string; readonly reason: string } & Reasoned;
  CoordinationAnswered: { readonly unitId: string } & Reasoned;
  TaskCorrected: { readonly changes: Corrections; readonly reason: string } & Reasoned;
  FactAnnulled: { readonly annulledEventId: string; readonly annulledType: string; readonly reason: string } & Reasoned;
  TaskVoided: { readonly reason: string } & Reasoned;
  /** `occurredAt` is the deadline's end; `decidingEventId` the fact that set the deadline. */
  TaskBecameOverdue: { readonly deadline: Deadline; readonly decidingEventId: string };
}

export type TaskEventType = keyof TaskEventData;
export type TaskEvent = { [T in TaskEventType]: { readonly type: T; readonly data: TaskEventData[T] } }[TaskEventType];

/** ★ facts decide the cell and keep the order of occurrence among themselves. */
export const DECIDING: ReadonlySet<string> = new Set<TaskEventType>([
  'TaskAssigned',
  'ExtensionGranted',
  'DeadlineSet',
  'DeadlineRecomputed',
  'ReturnAccepted',
  'TaskTransferred',
  'TaskSuspended',
  'TaskResumed',
  'CompletionSubmitted',
  'TaskCompleted',
  'CompletionRefused',
  'TaskReopened',
  'TaskWithdrawn',
  'TaskCancelled',
  'DuplicateLinked',
]);

/** Facts by which those who do a task tell about it, or by which it is given to them: without one for long it is stale. */
export const UPDATES: ReadonlySet<string> = new Set<TaskEventType>([
  'TaskAssigned', 'TaskReceived', 'ProgressReported', 'ExtensionRequested', 'ReturnProposed', 'TaskTransferred', 'TaskResumed', 'CompletionSubmitted', 'CompletionRefused', 'TaskReopened', 'ExplanationGiven',
]);

/** ↶ facts repair the record and not the world: they reach back to every instant (domain.md §2). */
export const REPAIRS: ReadonlySet<string> = new Set<TaskEventType>(['TaskCorrected', 'FactAnnulled', 'TaskVoided']);

/** A fact of a task with its two times, as read models and folds see it. */
export type TaskFact = TaskEvent & {
  readonly eventId: string;
  readonly revision: number;
  readonly position: bigint;
  readonly occurredAt: number;
  readonly recordedAt: number;
};
