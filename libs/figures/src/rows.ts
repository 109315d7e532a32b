import type { Instant } from '#kernel';

/** The work axis at an instant (domain.md §2); time-axis cells (in time, overdue, on time, late) are derived when a figure is asked. */
export const STATES = ['open', 'submitted', 'done', 'suspended', 'withdrawn', 'cancelled', 'returned', 'transferred', 'duplicate', 'voided'] as const;
export type WorkState = (typeof STATES)[number];

/**
 * A deadline as the last milliseconds in time (`lastInstantInTime`), Infinity without one: under each fixed-date policy in the order of
 * FIXED_DATE_POLICIES, then as recorded, whatever the policy was then. Figures use the last unless a what-if policy is asked.
 */
export type Dues = readonly [all: number, none: number, allButBefore: number, inForce: number];

/** One assignment: task × lead unit over time, the unit of count. */
export interface Assignment {
  readonly unitId: string;
  readonly authority: string;
  readonly field: string;
  /** False for routine work and subtasks: in no figure. */
  readonly counted: boolean;
  readonly begunAt: Instant;
  readonly byTransfer: boolean;
  /** Deadline it began with. */
  readonly original: Dues;
}

/** A ★ fact by then was recorded on a later day than it occurred. */
export const BACKDATED = 1;
/** A grant by then came after the deadline had passed. */
export const EXTENDED_LATE = 2;
/** It went out while overdue. */
export const OUT_OVERDUE = 4;
/** The deadline in force counts working days, so days left are told in them. */
export const WORKING_DAYS = 8;

/**
 * One stretch of an assignment's life: from an instant to the next stretch of the same assignment. An assignment has at most one stretch
 * beginning at an instant.
 */
export interface FigureRow {
  /** 0 for the first lead; each transfer begins the next. */
  readonly number: number;
  readonly assignment: Assignment;
  readonly state: WorkState;
  readonly from: Instant;
  /** Deadline in force (open, suspended), or in force at the submission (submitted, done). */
  readonly due: Dues;
  /** Submission that counts (submitted, done), NaN otherwise. */
  readonly submittedAt: Instant;
  /** Last reopening by then, NaN if none. */
  readonly reopenedAt: Instant;
  /** BACKDATED | EXTENDED_LATE | OUT_OVERDUE | WORKING_DAYS */
  readonly flags: number;
}

/** A row with the log positions between which it was believed; `knownTo` is exclusive, Infinity while believed. */
export interface BelievedRow extends FigureRow {
  readonly knownFrom: number;
  readonly knownTo: number;
}
