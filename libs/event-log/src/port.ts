import type { Instant } from '#kernel';

/** A place in the log: ordered, opaque to all but the store that gave it. */
export type Position = bigint;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };
export type JsonObject = { readonly [key: string]: Json | undefined };

/** Who acted: an opaque id, the unit acted for and the role; nothing personal. */
export interface Actor {
  readonly id: string;
  readonly role: 'office' | 'leader' | 'auditor' | 'admin' | 'unit' | 'system';
  readonly unitId?: string;
}

export interface EventMetadata {
  readonly actor: Actor;
  readonly commandId?: string;
  /** Fingerprint of the command's content, so that the same key with another body is recognised. */
  readonly commandHash?: string;
  readonly $correlationId?: string;
  readonly $causationId?: string;
  readonly [key: string]: unknown;
}

export interface NewEvent {
  /** UUID; the same id appended again at the same expected revision is a repeat, not a second fact. */
  readonly id: string;
  readonly type: string;
  /** Integer version of the shape of `data`. */
  readonly schema: number;
  readonly data: JsonObject;
  readonly metadata: EventMetadata;
  /** When it happened. */
  readonly occurredAt: Instant;
}

export interface RecordedEvent extends NewEvent {
  /** `<category>-<id>`; the category has no hyphen: `task-0190…`, `unit-thanh-tra-tinh`. */
  readonly stream: string;
  /** 0 for the first event of a stream. */
  readonly revision: number;
  readonly position: Position;
  /** When the log wrote it; never decreasing along the log. */
  readonly recordedAt: Instant;
}

/** −1 expects that the stream does not exist; n expects that its last event has revision n. */
export type ExpectedRevision = number;

export interface StreamAppend {
  readonly stream: string;
  readonly expectedRevision: ExpectedRevision;
  readonly events: readonly NewEvent[];
}

export interface Appended {
  readonly ok: true;
  readonly stream: string;
  /** Revision of the last event. */
  readonly revision: number;
  /** Position of the last event. */
  readonly position: Position;
  readonly recordedAt: Instant;
  /** True when all these ids stood there already: the first answer, given again. */
  readonly repeated: boolean;
}

export interface AppendConflict {
  readonly ok: false;
  readonly stream: string;
  readonly expectedRevision: ExpectedRevision;
  /** −1 when the stream does not exist. */
  readonly actualRevision: number;
}

export type AppendResult = Appended | AppendConflict;

export interface ReadAllOptions {
  /** Exclusive; 0n reads from the beginning. */
  readonly after: Position;
  /** Only streams of these categories. */
  readonly categories?: readonly string[];
  /**
   * Forwards and over all categories only: `limit` events are looked at, and those of these types are given, with the last one looked at
   * whatever its type, so that its place is known. An empty answer is the end of the log.
   */
  readonly types?: readonly string[];
  readonly limit: number;
  readonly direction?: 'forwards' | 'backwards';
  /** A store may then parse `data` and `metadata` when they are first asked for: for readers of the whole log that need only the type of most. */
  readonly lazily?: boolean;
  /** Said by who goes on to the end of the log, forwards and over all categories, while nobody else waits for the processors: a store may then read on meanwhile. */
  readonly ahead?: boolean;
}

/** The log cannot take appends any more (failed commit or fsync): the outcome of what was under way is unknown; reopen. */
export class LogStoppedError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogStoppedError';
  }
}

/** It may have been written or not: nobody answered in time. The same ids at the same expected revision find out; never report it as failed. */
export class OutcomeUnknownError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutcomeUnknownError';
  }
}

/** The log cannot be reached now: nothing was written, nothing is lost; ask again later. */
export class LogUnavailableError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogUnavailableError';
  }
}

/** The log cannot be opened or read: names the file and what to do. */
export class LogDamagedError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'LogDamagedError';
  }
}

/**
 * The only truth. Every store of this port passes `event-log.features.ts`.
 * Appends are durable when their promise resolves (memory apart).
 */
export interface EventLog {
  /** Why it takes no appends any more, from when it does not until it is opened again; a store that never stops leaves it out. */
  readonly stopped?: LogStoppedError | undefined;
  /** Atomic for its one stream; a conflict is an answer, not an exception. Throws LogStoppedError or, from a log over the network, OutcomeUnknownError when the outcome is unknown. */
  append(stream: string, events: readonly NewEvent[], options: { expectedRevision: ExpectedRevision }): Promise<AppendResult>;
  /**
   * All streams or none, in one transaction; the first conflict is the answer and nothing is written. For imports. A log over the network
   * has no such transaction: see its own words for what can remain; the same call again goes on where it stopped.
   */
  appendMany(appends: readonly StreamAppend[]): Promise<{ ok: true; results: readonly Appended[] } | AppendConflict>;
  /** Oldest first, from revision `from` (default 0, inclusive); an unknown stream is empty. */
  readStream(stream: string, options?: { from?: number; limit?: number; direction?: 'forwards' | 'backwards' }): Promise<readonly RecordedEvent[]>;
  readAll(options: ReadAllOptions): Promise<readonly RecordedEvent[]>;
  /** The event at this very position, if there is one. */
  readAt(position: Position): Promise<RecordedEvent | undefined>;
  /** The event with this id, if it stands in the log. */
  readEvent(id: string): Promise<RecordedEvent | undefined>;
  /** Position of the last event; 0n when empty. `count` is the number of events. */
  head(): Promise<{ position: Position; recordedAt: Instant; lastEventId: string | null; count: number }>;
  /** Position of the last event recorded at or before the instant; 0n when there is none. */
  positionAt(instant: Instant): Promise<Position>;
  /** Yields batches after `after`, for ever, as they are written, until the signal aborts. */
  subscribe(options: { after: Position; categories?: readonly string[]; batchSize?: number; lazily?: boolean; signal: AbortSignal }): AsyncIterable<readonly RecordedEvent[]>;
  /** The first event after `after` and up to `upTo` that is none of these; where a store can tell without handing out everything. */
  firstOther?(known: readonly { readonly type: string; readonly schema: number }[], range: { readonly after: Position; readonly upTo: Position }): Promise<RecordedEvent | undefined>;
  close(): Promise<void>;
}

/** The category of a stream name: `task-0190…` → `task`. */
export function categoryOf(stream: string): string {
  const dash = stream.indexOf('-');
  return dash < 0 ? stream : stream.slice(0, dash);
}
