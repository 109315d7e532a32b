import { dayNumberOf, type Instant } from '#kernel';

/** Work that a unit leads now, for questions that need no two times. */
export interface FigureTasks {
  /** Open tasks that the unit leads, oldest first. */
  openOf(unitId: string): readonly string[];
  /** Open tasks whose deadline ends at the instant or later, oldest first. */
  openDueFrom(from: Instant): readonly string[];
  /** How much work the unit leads that is not done. */
  heldBy(unitId: string): { readonly open: number; readonly submitted: number; readonly suspended: number };
  /** How many open tasks of the unit have a deadline in the week (Monday to Sunday) of the instant. */
  openDueInWeekOf(unitId: string, at: Instant): number;
  /** Open deadlines whose passing is not recorded, with the instant after which it has to be. */
  openDeadlines(): Iterable<{ readonly taskId: string; readonly end: Instant }>;
}

/** How many open tasks end in each week, by unit; asked at every assignment, so it is kept and not counted. */
export class WeekLoads {
  private readonly counts = new Map<string, number>();

  /** The week of a deadline as a key; undefined without one. */
  static key(unitId: string, due: Instant): string | undefined {
    // Day 0 was a Thursday; weeks begin on Monday.
    return due === Infinity ? undefined : `${unitId} ${String(Math.floor((dayNumberOf(due) + 3) / 7))}`;
  }

  of(key: string | undefined): number {
    return key === undefined ? 0 : (this.counts.get(key) ?? 0);
  }

  move(from: string | undefined, to: string | undefined): void {
    if (from === to) return;
    if (from !== undefined) this.counts.set(from, this.of(from) - 1);
    if (to !== undefined) this.counts.set(to, this.of(to) + 1);
  }

  clear(): void {
    this.counts.clear();
  }
}
