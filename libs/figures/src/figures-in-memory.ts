import { dayNumberOf, type Instant } from '#kernel';
import { Columns } from './columns.ts';
import { Coordination } from './coordination.ts';
import { readCoordination } from './followed-task.ts';
import { Marks, type MarksBytes } from './marks.ts';
import { readRows } from './stored-rows.ts';

/** All that was ever believed of one task, as a store keeps it. */
export interface TaskBeliefs {
  readonly taskId: string;
  readonly rows: string;
  readonly coordination: string;
  readonly marks: MarksBytes;
  readonly obstacles: string;
}

/** Where beliefs are read from. Batches are small enough to be taken between two turns of the event loop. */
export interface BeliefsSource {
  /** Every task, in the order in which they came into the store. */
  all(): AsyncIterable<readonly TaskBeliefs[]>;
  /** The tasks whose last event stands after this position. */
  changedAfter(position: bigint): AsyncIterable<readonly TaskBeliefs[]>;
}

/** The figures read model in memory: as disposable as the one it follows, and never told anything but what stands there. */
export class FiguresInMemory {
  readonly columns: Columns;
  readonly coordination = new Coordination();
  readonly marks: Marks;
  /** Open tasks by unit and the week their deadline ends in: asked at every assignment, so it is kept and not counted. */
  private readonly loads = new Map<string, number>();

  /** With room for what so many events may say. */
  constructor(events?: number) {
    this.columns = new Columns(events);
    this.marks = new Marks(events);
  }

  /** How many open tasks of the unit have a deadline in the week (Monday to Sunday) of the instant. */
  openDueInWeekOf(unitId: string, at: Instant): number {
    return this.loads.get(weekOf(unitId, at)) ?? 0;
  }

  /** Takes what is believed of tasks now; what was taken before stays as it is. */
  take(beliefs: readonly TaskBeliefs[]): void {
    for (const { taskId, rows, coordination, marks, obstacles } of beliefs) {
      const before = this.loadOf(taskId);
      this.columns.merge(taskId, readRows(rows));
      const after = this.loadOf(taskId);
      if (before !== after) {
        if (before !== undefined) this.loads.set(before, this.loads.get(before)! - 1);
        if (after !== undefined) this.loads.set(after, (this.loads.get(after) ?? 0) + 1);
      }
      this.marks.set(this.columns.numberOfTask(taskId)!, marks, obstacles);
      if (coordination !== '[]') this.coordination.set(taskId, readCoordination(coordination));
    }
  }

  /** Where a task counts in `loads`, by all that is known now; undefined where it is not open or has no deadline. */
  private loadOf(taskId: string): string | undefined {
    const last = this.columns.ofTask(taskId, Infinity, null).at(-1);
    return last === undefined || (last.cell !== 'O1' && last.cell !== 'O2') || last.due === Infinity ? undefined : weekOf(last.unitId, last.due);
  }
}

/** Day 0 was a Thursday; weeks begin on Monday. */
const weekOf = (unitId: string, at: Instant): string => `${unitId} ${String(Math.floor((dayNumberOf(at) + 3) / 7))}`;
