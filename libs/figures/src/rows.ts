import type { Instant } from '#kernel';

/** The work axis at an instant (domain.md §2); time-axis cells (in time, overdue, on time, late) are derived when a figure is asked. */
export const STATES = ['open', 'submitted', 'done', 'suspended', 'withdrawn', 'cancelled', 'returned', 'transferred', 'duplicate', 'voided'] as const;
export type WorkState = (typeof STATES)[number];

/**
 * One stretch of one assignment's life, as believed between two log positions.
 * Instants are ms; `to` and `knownTo` are exclusive, Infinity while open. Deadlines are the last millisecond in time
 * (`lastInstantInTime`), Infinity when there is none, one per fixed-date policy in the order of FIXED_DATE_POLICIES.
 */
export interface FigureRow {
  readonly taskId: string;
  /** 0 for the first lead; each transfer begins the next. */
  readonly assignment: number;
  readonly unitId: string;
  readonly authority: string;
  readonly field: string;
  /** routine work or a subtask: in no figure. */
  readonly counted: boolean;
  readonly state: WorkState;
  readonly from: Instant;
  readonly to: Instant;
  /** When the assignment began, and whether by transfer. */
  readonly begunAt: Instant;
  readonly begunByTransfer: boolean;
  /** Instant of the last reopening by then, NaN if none. */
  readonly reopenedAt: Instant;
  /** Submission that counts (submitted, done), NaN otherwise. */
  readonly submittedAt: Instant;
  /** Deadline in force (open), or in force at the submission (submitted, done). */
  readonly due: readonly [number, number, number];
  /** Deadline the assignment began with. */
  readonly originalDue: readonly [number, number, number];
  /** The deadline as recorded, whatever the policy was then: figures use it unless a what-if policy is asked. */
  readonly dueInForce: number;
  readonly originalDueInForce: number;
  /** A ★ fact by then was recorded on a later day than it occurred. */
  readonly backdated: boolean;
  /** A grant by then came after the deadline had passed. */
  readonly extendedAfterDeadline: boolean;
  /** Went out while overdue. */
  readonly outWhileOverdue: boolean;
}

/** A row with the log positions between which it was believed. */
export interface BelievedRow extends FigureRow {
  readonly knownFrom: bigint;
  /** null while believed. */
  readonly knownTo: bigint | null;
}
