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

/** Beside any fact given for an earlier day. */
interface Reasoned {
  readonly reason?: string;
  readonly note?: string;
  readonly backdateReason?: string;
  readonly backdateDocument?: string;
}

/**
 * Everything that can happen to a task, one stream `task-<id>` per task (domain.md §2). Names are stored as they stand here.
 * The remaining events of the whole life (transfer, suspension, repairs, …) join this map, `decide`, `evolve`, `story` and `timeline`.
 */
export interface TaskEventData {
  TaskAssigned: TaskAssignedData & Reasoned;
  TaskReceived: Reasoned;
  ProgressReported: { readonly note: string; readonly percent?: number; readonly blockedBy?: string } & Reasoned;
  ExtensionRequested: { readonly deadline: Deadline; readonly reason: string } & Reasoned;
  ExtensionRefused: { readonly reason: string } & Reasoned;
  ExtensionGranted: { readonly deadline: Deadline; readonly document?: string } & Reasoned;
  CompletionSubmitted: { readonly resultDocument?: ResultDocument; readonly result?: string; readonly evidence?: readonly string[] } & Reasoned;
  TaskCompleted: { readonly submissionEventId: string } & Reasoned;
  CompletionRefused: { readonly submissionEventId: string; readonly reason: string } & Reasoned;
  TaskWithdrawn: { readonly wasOverdue: boolean; readonly reason: string } & Reasoned;
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
  'CompletionSubmitted',
  'TaskCompleted',
  'CompletionRefused',
  'TaskWithdrawn',
]);

/** A fact of a task with its two times, as read models and folds see it. */
export type TaskFact = TaskEvent & {
  readonly eventId: string;
  readonly revision: number;
  readonly position: bigint;
  readonly occurredAt: number;
  readonly recordedAt: number;
};
