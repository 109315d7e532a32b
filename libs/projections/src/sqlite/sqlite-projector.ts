import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { EventLog, Position, RecordedEvent } from '#event-log';
import { categoryOf } from '#event-log';
import type { Clock } from '#kernel';
import type { Projection, ProjectionStatus } from '../projection.ts';
import { isDamage, markDamaged, openReader, openWriter } from './open-read-models.ts';
import { prepared } from './prepared.ts';

/** Events looked at at once: few enough to stay in the young generation of the heap; more at once are slower, not faster. */
const READ = 2_000;
/** A commit costs its dirty pages: while nobody is served, one for many events; while serving, no more than holds the event loop for some tens of milliseconds. */
const COMMIT = 20_000;
const COMMIT_SERVING = 1_000;
/** Pages in the journal before they are copied to the file: the longer, the fewer times a page is copied; the shorter, the shorter the pause. */
const PAGES_CATCHING_UP = 16_000;
const PAGES_SERVING = 1_000;
/** Requests of this process wait no longer than about this for a catch-up. */
const SLICE_MS = 12;
/** After a live batch: what arrives meanwhile shares the next one. Cut short when somebody waits for a position. */
const REST_MS = 25;
const BACK_OFF_MS = [100, 500, 2_000, 10_000] as const;

interface Registered {
  readonly projection: Projection<Database>;
  position: Position;
  lastError: string | null;
}

export interface ProjectorOptions {
  /** Writes nothing: answers from what another process has built, as of one moment. */
  readonly readOnly?: boolean;
  /** Told of every committed batch: how long it took, and over how many events of the log it went. */
  readonly onBatch?: (seconds: number, events: number) => void;
}

/**
 * Brings read models up to the log: reads batches, hands each projection what it has not seen, and commits data and checkpoints in one
 * transaction. All projections of one file share the reading. Checkpoints are read from the file at start, never kept only in memory.
 * A kill at any moment leaves the last commit. One process writes a file at a time (see writer-lock.ts).
 */
export class SqliteProjector {
  private readonly registered: Registered[] = [];
  private readonly waiting = new Set<{ position: Position; done: () => void }>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  /** One writer at a time within the process, too: a transaction may stay open over several turns of the event loop. */
  private turn: Promise<unknown> = Promise.resolve();
  private endRest: (() => void) | undefined;
  private readonly file: string;
  private readonly writer: Database | undefined;
  private readonly reader: Database;
  private readonly log: EventLog;
  private readonly clock: Clock;
  private onBatch: ProjectorOptions['onBatch'];

  private constructor(file: string, writer: Database | undefined, reader: Database, log: EventLog, clock: Clock) {
    this.file = file;
    this.writer = writer;
    this.reader = reader;
    this.log = log;
    this.clock = clock;
  }

  /**
   * Opens the read-model file and prepares every projection's tables. A file that is damaged, of another layout, or built from another log
   * is built anew; a foreign file is refused. @throws Problem naming the file.
   */
  static async open(file: string, log: EventLog, projections: readonly Projection<Database>[], clock: Clock, { readOnly = false, onBatch }: ProjectorOptions = {}): Promise<SqliteProjector> {
    if (readOnly && !existsSync(file)) throw new ReadModelMissingError(projections[0]?.name ?? '', projections[0]?.version ?? 0);
    const writer = readOnly ? undefined : await openWriter(file);
    let reader: Database | undefined;
    try {
      reader = await openReader(file);
      const projector = new SqliteProjector(file, writer, reader, log, clock);
      projector.onBatch = onBatch;
      // Everything a read-only process answers is of one moment, whatever is written meanwhile.
      if (readOnly) reader.exec('BEGIN');
      for (const projection of projections) {
        const row = reader.prepare<[string], Checkpoint>('SELECT version, position, event_id AS eventId FROM checkpoints WHERE name = ?').get(projection.name);
        const usable = row?.version === projection.version && (await isOf(log, row));
        const entry: Registered = { projection, position: row && usable ? BigInt(row.position) : 0n, lastError: null };
        if (!usable) {
          if (readOnly) throw new ReadModelMissingError(projection.name, projection.version);
          projector.reset(entry);
        }
        projector.registered.push(entry);
      }
      return projector;
    } catch (error) {
      reader?.close();
      writer?.close();
      // Another layout has other columns, a new file no tables: for a reader both mean that there is nothing to read yet.
      if (readOnly && error instanceof Error && /no such (table|column)/.test(error.message)) throw new ReadModelMissingError(projections[0]?.name ?? '', projections[0]?.version ?? 0);
      throw error;
    }
  }

  /** For queries: a connection of its own, so that it sees commits and never the middle of a batch. Read only. */
  get database(): Database {
    return this.reader;
  }

  get readOnly(): boolean {
    return this.writer === undefined;
  }

  /** Applies everything now in the log, then returns; throws on the first error (a rebuild stops and says). */
  async catchUp(onProgress?: (done: bigint, head: bigint) => void): Promise<void> {
    await this.exclusively(async () => {
      const far = !this.running && (await this.log.head()).position - this.lowest() > BigInt(COMMIT);
      if (far) {
        this.writing().pragma(`wal_autocheckpoint = ${String(PAGES_CATCHING_UP)}`);
        this.writing().pragma('cache_size = -32000');
      }
      await this.applyAll(onProgress);
      if (far) {
        this.writing().pragma(`wal_autocheckpoint = ${String(PAGES_SERVING)}`);
        this.writing().pragma('wal_checkpoint(TRUNCATE)');
        this.writing().pragma('cache_size = -8000');
        this.writing().pragma('shrink_memory');
      }
      for (const { projection } of this.registered) await projection.caughtUp?.(this.writing());
    });
  }

  /** Follows the log until `stop`. A failing batch is retried with back-off from its checkpoint; the error is visible in `status`. */
  start(): void {
    this.running = this.run();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.exclusively(() => this.applyAll());
        failures = 0;
        await this.rest(REST_MS);
        // Only waits for the next event: what there is by then is read together.
        for await (const _ of this.log.subscribe({ after: this.lowest(), batchSize: 1, lazily: true, signal })) break;
        // The answers to those who appended go out first.
        await nextTurn();
      } catch (error) {
        if (isDamage(error)) markDamaged(this.file);
        for (const entry of this.registered) entry.lastError = error instanceof Error ? error.message : String(error);
        const pause = BACK_OFF_MS[Math.min(failures++, BACK_OFF_MS.length - 1)]!;
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pause);
          signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
        });
      }
    }
  }

  /** Resolves true once every projection has applied `position`; false after `timeoutMs`. */
  async reaches(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.lowest() >= position) return true;
    return new Promise((resolve) => {
      const waiter = { position, done: () => { clearTimeout(timer); resolve(true); } };
      const timer = setTimeout(() => { this.waiting.delete(waiter); resolve(false); }, timeoutMs);
      this.waiting.add(waiter);
      this.endRest?.();
    });
  }

  /** Empties one projection (or all) and applies the whole log to it again. */
  async rebuild(name: string | undefined, onProgress?: (done: bigint, head: bigint) => void): Promise<void> {
    await this.exclusively(async () => {
      for (const entry of this.registered) if (name === undefined || entry.projection.name === name) this.reset(entry);
    });
    await this.catchUp(onProgress);
  }

  async status(): Promise<readonly ProjectionStatus[]> {
    const head = await this.log.head();
    const list: ProjectionStatus[] = [];
    for (const { projection, position, lastError } of this.registered) {
      const behind = position >= head.position ? [] : await this.log.readAll({ after: position, categories: projection.categories, limit: 1_000, lazily: true });
      const oldest = behind[0];
      list.push({
        name: projection.name,
        version: projection.version,
        position: String(position),
        lagEvents: behind.length,
        lagSeconds: oldest === undefined ? 0 : Math.max(0, (this.clock.now() - oldest.recordedAt) / 1000),
        parked: 0,
        lastError,
      });
    }
    return list;
  }

  /** Position that every projection has reached. */
  lowest(): Position {
    return this.registered.reduce((low, { position }) => (position < low ? position : low), this.registered[0]?.position ?? 0n);
  }

  /** Every table in a fixed order, for comparing two builds byte for byte. */
  *dump(): Generator<string> {
    for (const { projection } of this.registered) {
      for (const table of projection.tables) {
        yield `# ${projection.name}@${String(projection.version)} ${table.name}`;
        for (const row of this.reader.prepare(`SELECT * FROM ${table.name} ORDER BY ${table.orderBy}`).iterate()) yield JSON.stringify(row);
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.endRest?.();
    await this.running;
    await this.turn.catch(() => undefined);
    this.reader.close();
    this.writer?.close();
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private writing(): Database {
    if (!this.writer) throw new Error(`${this.file} was opened read only`);
    return this.writer;
  }

  /** From the lowest checkpoint to the end of the log, giving way to the event loop between slices and between commits. */
  private async applyAll(onProgress?: (done: bigint, head: bigint) => void): Promise<void> {
    const db = this.writing();
    const most = this.running ? COMMIT_SERVING : COMMIT;
    let batch: Batch | undefined;
    let sliceFrom = performance.now();
    let after = this.lowest();
    const types = this.types();
    try {
      for (;;) {
        const events = await this.log.readAll({ after, limit: READ, lazily: true, ...(types && { types }) });
        const last = events.at(-1);
        if (last) {
          batch ??= this.begin(db);
          this.apply(events, db);
          batch.last = last;
          batch.events += READ;
          after = last.position;
        }
        const caughtUp = !last;
        if (batch && (caughtUp || batch.events >= most)) {
          const from = this.lowest();
            this.commit(db, batch.last!);
            this.onBatch?.((performance.now() - batch.begunAt) / 1000, Number(batch.last!.position - from));
          batch = undefined;
          if (onProgress) onProgress(this.lowest(), (await this.log.head()).position);
        }
        if (caughtUp) return;
        if (!batch && this.stopping.signal.aborted) return;
        if (performance.now() - sliceFrom > SLICE_MS) {
          await nextTurn();
          sliceFrom = performance.now();
        }
      }
    } catch (error) {
      if (db.inTransaction) prepared(db, 'ROLLBACK').run();
      for (const { projection } of this.registered) projection.rolledBack?.();
      throw error;
    }
  }

  /** The types that some projection reads; undefined where one reads all. */
  private types(): readonly string[] | undefined {
    const types = new Set<string>();
    for (const { projection } of this.registered) {
      if (!projection.types) return undefined;
      for (const type of projection.types) types.add(type);
    }
    return [...types];
  }

  private begin(db: Database): Batch {
    prepared(db, 'BEGIN IMMEDIATE').run();
    return { events: 0, last: undefined, begunAt: performance.now() };
  }

  private apply(events: readonly RecordedEvent[], db: Database): void {
    for (const { projection, position } of this.registered) {
      const { categories, types } = projection;
      const fresh = events.filter((e) => e.position > position && (types?.includes(e.type) ?? true) && categories.includes(categoryOf(e.stream)));
      if (fresh.length > 0) projection.apply(fresh, db);
    }
  }

  private commit(db: Database, last: RecordedEvent): void {
    for (const { projection } of this.registered) projection.flush?.(db);
    for (const { projection, position } of this.registered) if (last.position > position) writeCheckpoint(db, projection, last.position, last.id);
    prepared(db, 'COMMIT').run();
    for (const entry of this.registered) {
      if (last.position > entry.position) entry.position = last.position;
      entry.lastError = null;
      entry.projection.committed?.();
    }
    this.wake();
  }

  /** Resolves after `ms`, or at once when somebody waits for a position or the projector stops. */
  private rest(ms: number): Promise<void> {
    if (this.waiting.size > 0 || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.endRest = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.endRest = end;
    });
  }

  private wake(): void {
    const reached = this.lowest();
    for (const waiter of this.waiting) {
      if (waiter.position <= reached) {
        this.waiting.delete(waiter);
        waiter.done();
      }
    }
  }

  private reset(entry: Registered): void {
    const db = this.writing();
    db.transaction(() => {
      entry.projection.drop(db);
      entry.projection.init(db);
      writeCheckpoint(db, entry.projection, 0n, '');
    })();
    entry.projection.rolledBack?.();
    entry.position = 0n;
  }
}

/** The read model a read-only process asked for is not there in this version: only a process that may write can build it. */
export class ReadModelMissingError extends Error {
  constructor(name: string, version: number) {
    super(`read model ${name}@${String(version)} has not been built`);
    this.name = 'ReadModelMissingError';
  }
}

interface Batch {
  events: number;
  last: RecordedEvent | undefined;
  readonly begunAt: number;
}

interface Checkpoint {
  readonly version: number;
  readonly position: number;
  readonly eventId: string;
}

/** A checkpoint of another log (restored, exchanged, cut off) says nothing: the event at its position has to be the one it names. */
async function isOf(log: EventLog, { position, eventId }: Checkpoint): Promise<boolean> {
  if (position === 0) return true;
  const [event] = await log.readAll({ after: BigInt(position - 1), limit: 1, lazily: true });
  return event?.position === BigInt(position) && event.id === eventId;
}

function writeCheckpoint(db: Database, projection: Projection<Database>, position: Position, eventId: string): void {
  prepared(
    db,
    'INSERT INTO checkpoints (name, version, position, event_id) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version, position = excluded.position, event_id = excluded.event_id',
  ).run(projection.name, projection.version, position, eventId);
}
