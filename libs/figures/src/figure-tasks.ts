import type { Instant } from '#kernel';

/** Work that a unit leads now, for questions that need no two times. */
export interface FigureTasks {
  /** Open tasks that the unit leads, oldest first. */
  openOf(unitId: string): Promise<readonly string[]>;
  /** Open tasks whose deadline ends at the instant or later, oldest first. */
  openDueFrom(from: Instant): Promise<readonly string[]>;
  /** How much work the unit leads that is not done. */
  heldBy(unitId: string): Promise<HeldWork>;
  /** Open tasks whose deadline has passed by the instant without that being recorded, earliest first, so many at most. */
  passedBy(instant: Instant, limit: number): Promise<readonly PassedDeadline[]>;
  /** When the next deadline passes that is not recorded as passed; undefined when there is none. */
  nextEnd(): Promise<Instant | undefined>;
}

export interface HeldWork {
  readonly open: number;
  readonly submitted: number;
  readonly suspended: number;
}

export interface PassedDeadline {
  readonly taskId: string;
  readonly end: Instant;
}
