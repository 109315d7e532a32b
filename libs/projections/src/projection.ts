import type { Position, RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';

/**
 * A disposable read model. `Tx` is what a store gives it to read and write its tables with; everything between two commits counts wholly or
 * not at all. It has no side effects outside `Tx`. `apply` may run several times before a commit. `data` and `metadata` of the events are
 * parsed when first read, so look at `type` before them. One object serves one build, so it may keep things in memory.
 */
export interface Projection<Tx> {
  readonly name: string;
  /** Raise when tables or rules change: the new version is built beside the old one. */
  readonly version: number;
  /** Stream categories it reads. */
  readonly categories: readonly string[];
  /** Event types it reads; absent: all of its categories. Where every projection names them, the others are not even read from the log. */
  readonly types?: readonly string[];
  /** Tables it owns, each with the columns that put a dump in order. */
  readonly tables: readonly ProjectionTable[];
  /** Creates its tables, empty. */
  init(tx: Tx): void | Promise<void>;
  apply(events: readonly RecordedEvent[], tx: Tx): void | Promise<void>;
  /** Before the commit of everything handed to `apply` since the last one: what was gathered over the batches is written here, once. */
  flush?(tx: Tx): void | Promise<void>;
  /** After that commit. */
  committed?(): void;
  /** After a failed batch: forget what was prepared in memory. */
  rolledBack?(): void;
  /** At the end of every catch-up, outside a transaction: e.g. to make an index (`IF NOT EXISTS`) that a rebuild is faster without. */
  caughtUp?(tx: Tx): void | Promise<void>;
  /** An event is set aside or skipped: keeps what other streams need of it, so that they come out as if it had been applied. */
  setAside?(event: RecordedEvent, tx: Tx): void | Promise<void>;
}

export interface ProjectionTable {
  readonly name: string;
  readonly orderBy: string;
}

/** One set of tables of a projection. `building` catches up beside the `active` one, which serves; a `retired` one waits to be dropped. */
export interface Build {
  readonly id: number;
  readonly name: string;
  readonly version: number;
  readonly state: 'building' | 'active' | 'retired';
  readonly position: Position;
  /** The event at `position`, '' at the beginning: a checkpoint of another log is recognised by it. */
  readonly eventId: string;
  /** How often a stream that was set aside came back: whoever follows the tables reads them anew. */
  readonly repairs: number;
}

/** A stream that a projection could not go on with. The events from this one on wait in the log. */
export interface ParkedStream {
  readonly buildId: number;
  readonly stream: string;
  readonly eventId: string;
  readonly position: Position;
  readonly revision: number;
  readonly error: string;
  readonly parkedAt: Instant;
  readonly attempts: number;
}

export interface Checkpoint {
  readonly buildId: number;
  readonly position: Position;
  readonly eventId: string;
}

/**
 * Where read models live. Data, parked streams and checkpoints between `begin` and `commit` become visible together, or, in a store without
 * transactions, in this order and with every write conditional on positions, so that doing it again changes nothing.
 */
export interface ReadModelStore<Tx> {
  /** Every build there is, oldest first. */
  builds(): Promise<readonly Build[]>;
  /** A new one, `building`, at the beginning of the log. */
  create(name: string, version: number): Promise<Build>;
  /** What a projection's methods get for this build. */
  tx(build: Build): Tx;
  begin(): Promise<void>;
  commit(checkpoints: readonly Checkpoint[]): Promise<void>;
  rollback(): Promise<void>;
  /** The one that serves from now on; the one before retires. One write. */
  activate(build: Build): Promise<void>;
  /** Removes the tables and all that is kept of a build. */
  drop(build: Build): Promise<void>;
  parked(): Promise<readonly ParkedStream[]>;
  park(stream: ParkedStream): Promise<void>;
  /** Takes a stream back and counts a repair of its build. */
  unpark(stream: ParkedStream): Promise<void>;
  /** A long catch-up begins or ends, while nobody is served. */
  bulk(on: boolean): Promise<void>;
  /** Whether an error is the store's own (disk, lock, network), so that no event is blamed for it; a damaged store marks itself as to be built anew. */
  failed(error: unknown): boolean;
  close(): Promise<void>;
}

export interface ProjectionStatus {
  readonly name: string;
  readonly version: number;
  readonly build: number;
  readonly state: Build['state'];
  readonly position: string;
  readonly lagEvents: number;
  /** Seconds since the oldest event not yet applied was recorded; 0 when none waits. */
  readonly lagSeconds: number;
  readonly parked: number;
  readonly lastError: string | null;
  /** Of a build under way: events looked at, of how many, and an estimate of the seconds left (null while there is none). */
  readonly progress: { readonly done: number; readonly total: number; readonly secondsLeft: number | null } | null;
  /** Times the loop began anew after a failure, since the program started. */
  readonly restarts: number;
}

/** What a store gave back of a read model makes no sense: not an event is to blame, but the store, to be thrown away and built anew. */
export class ReadModelDamagedError extends Error {
  /** Crosses between threads, where the class is lost. */
  readonly code = 'READ_MODEL_DAMAGED';
  constructor(cause: unknown) {
    super(`a stored text of a read model makes no sense: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.name = 'ReadModelDamagedError';
  }
}

/** Reads what a read model has stored. @throws ReadModelDamagedError in place of whatever the reading throws. */
export function readStored<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new ReadModelDamagedError(cause);
  }
}
