import { dayNumberOf, type Instant } from '#kernel';
import { EVENT_NAMES_VI, REPAIRS, type TaskEventType } from '#tasks';

/** The name, version and events of the projection, in whatever store it is kept. */
export const AUDIT_TRAIL = {
  name: 'audit-trail',
  version: 3,
  categories: ['task'],
  types: Object.keys(EVENT_NAMES_VI) as TaskEventType[],
} as const;

/**
 * What an event is a candidate for, each judged as known when it was recorded:
 * `unproved` confirmed without a file and without a result document · `fileless` confirmed with a document alone · `close` submitted shortly
 * before the deadline · `moved` changed the deadline in force · `moved-late` did so after that deadline had passed.
 */
export const MARKS = ['unproved', 'fileless', 'close', 'moved', 'moved-late'] as const;
export type Mark = (typeof MARKS)[number];

/** So long before the deadline a submission is `close`; a question may ask for less. */
export const CLOSE_MS = 12 * 3_600_000;

/** One event of a task, as an auditor counts and picks it. */
export interface AuditRow {
  readonly position: number;
  readonly recordedAt: Instant;
  readonly occurredAt: Instant;
  readonly taskId: string;
  readonly type: TaskEventType;
  readonly role: string;
  /** Opaque id of who acted. */
  readonly actorId: string;
  /** Who led the task when it was recorded. */
  readonly unitId: string;
  /** The other unit it concerns: the one that leads from then on, or the coordinating unit that answers. */
  readonly otherUnitId: string | null;
  readonly mark: Mark | null;
  /** Last instants in time of the deadline before and after, null without one; of marks about deadlines only. */
  readonly dueBefore: Instant | null;
  readonly dueAfter: Instant | null;
}

/** Calendar days between happening and recording; never negative. */
export const lateDaysOf = ({ occurredAt, recordedAt }: Pick<AuditRow, 'occurredAt' | 'recordedAt'>): number =>
  Math.max(0, dayNumberOf(recordedAt) - dayNumberOf(occurredAt));

export const isRepair = (type: string): boolean => REPAIRS.has(type);
