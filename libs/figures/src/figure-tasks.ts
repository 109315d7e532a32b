import type { Instant } from '#kernel';

/** Work that a unit leads now, for questions that need no two times. */
export interface FigureTasks {
  /** Open tasks that the unit leads, oldest first. */
  openOf(unitId: string): readonly string[];
  /** Open tasks whose deadline ends at the instant or later, oldest first. */
  openDueFrom(from: Instant): readonly string[];
  /** How much work the unit leads that is not done. */
  heldBy(unitId: string): { readonly open: number; readonly submitted: number; readonly suspended: number };
  /** How many open tasks of the unit, but for one, end between two instants (inclusive). */
  openDueBetween(unitId: string, from: Instant, to: Instant, except: string): number;
  /** Open deadlines whose passing is not recorded, with the instant after which it has to be. */
  openDeadlines(): Iterable<{ readonly taskId: string; readonly end: Instant }>;
}
