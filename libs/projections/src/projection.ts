import type { RecordedEvent } from '#event-log';

/**
 * A disposable read model. `apply` runs inside the transaction that also writes the checkpoint, so a batch counts wholly or not at all;
 * it has no side effects outside `Tx`. `committed` runs after the commit, to follow it in memory.
 */
export interface Projection<Tx> {
  readonly name: string;
  /** Raise when tables or rules change: the next start rebuilds it. */
  readonly version: number;
  /** Stream categories it reads. */
  readonly categories: readonly string[];
  /** Tables it owns, each with the columns that put a dump in order. */
  readonly tables: readonly { readonly name: string; readonly orderBy: string }[];
  /** Creates its tables, empty. */
  init(tx: Tx): void;
  /** Drops its tables. */
  drop(tx: Tx): void;
  apply(events: readonly RecordedEvent[], tx: Tx): void;
  /** After the commit of everything handed to `apply` since the last call. */
  committed?(): void;
  /** After a failed batch: forget what was prepared in memory. */
  rolledBack?(): void;
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
