import type { RecordedEvent } from '#event-log';

/**
 * A disposable read model. `apply` runs inside the transaction that also writes the checkpoint, so a batch counts wholly or not at all;
 * it has no side effects outside `Tx`. While catching up `apply` runs several times in one transaction, and turns of the event loop may pass
 * between; queries have a connection of their own and see commits only. `data` and `metadata` of the events are parsed when first read, so
 * look at `type` before them. `committed` runs after the commit, to follow it in memory.
 */
export interface Projection<Tx> {
  readonly name: string;
  /** Raise when tables or rules change: the next start rebuilds it. */
  readonly version: number;
  /** Stream categories it reads. */
  readonly categories: readonly string[];
  /** Event types it reads; absent: all of its categories. Where every projection names them, the others are not even read from the log. */
  readonly types?: readonly string[];
  /** Tables it owns, each with the columns that put a dump in order. */
  readonly tables: readonly { readonly name: string; readonly orderBy: string }[];
  /** Creates its tables, empty. */
  init(tx: Tx): void;
  /** Drops its tables. */
  drop(tx: Tx): void;
  apply(events: readonly RecordedEvent[], tx: Tx): void;
  /** Before the commit of everything handed to `apply` since the last one: what was gathered over the batches is written here, once. */
  flush?(tx: Tx): void;
  /** After the commit of everything handed to `apply` since the last call. */
  committed?(): void;
  /** After a failed batch: forget what was prepared in memory. */
  rolledBack?(): void;
  /** At the end of every catch-up and rebuild, outside a transaction: e.g. to make an index (`IF NOT EXISTS`) that a rebuild is faster without. */
  caughtUp?(tx: Tx): void | Promise<void>;
}

export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly position: string;
  readonly lagEvents: number;
  /** Seconds since the oldest event not yet applied was recorded; 0 when none waits. */
  readonly lagSeconds: number;
  readonly parked: number;
  readonly lastError: string | null;
}
