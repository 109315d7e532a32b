import { Columns } from './columns.ts';
import { Coordination } from './coordination.ts';
import { readCoordination } from './followed-task.ts';
import { readRows } from './stored-rows.ts';

/** All that was ever believed of one task, as a store keeps it. */
export interface TaskBeliefs {
  readonly taskId: string;
  readonly rows: string;
  readonly coordination: string;
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
  readonly columns = new Columns();
  readonly coordination = new Coordination();

  /** Takes what is believed of tasks now; what was taken before stays as it is. */
  take(beliefs: readonly TaskBeliefs[]): void {
    for (const { taskId, rows, coordination } of beliefs) {
      this.columns.merge(taskId, readRows(rows));
      if (coordination !== '[]') this.coordination.set(taskId, readCoordination(coordination));
    }
  }
}
