import type { Database } from 'better-sqlite3';
import type { EventLog, Position, RecordedEvent } from '#event-log';
import { categoryOf } from '#event-log';
import type { Clock } from '#kernel';
import type { Projection, ProjectionStatus } from '../projection.ts';
import { prepared } from './prepared.ts';

const BATCH = 2_000;
const BACK_OFF_MS = [100, 500, 2_000, 10_000] as const;

interface Registered {
  readonly projection: Projection<Database>;
  position: Position;
  lastError: string | null;
}

/**
 * Brings read models up to the log: reads batches, hands each projection what it has not seen, and commits data and checkpoints in one
 * transaction. All projections of one file share the reading. Checkpoints are read from the file at start, never kept only in memory.
 */
export class SqliteProjector {
  private readonly registered: Registered[] = [];
  private readonly waiting = new Set<{ position: Position; done: () => void }>();
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly db: Database;
  private readonly log: EventLog;
  private readonly clock: Clock;

  private constructor(db: Database, log: EventLog, clock: Clock) {
    this.db = db;
    this.log = log;
    this.clock = clock;
  }

  /** Opens the read-model file (`synchronous=NORMAL` is enough: it can be rebuilt) and prepares every projection's tables. */
  static async open(file: string, log: EventLog, projections: readonly Projection<Database>[], clock: Clock): Promise<SqliteProjector> {
    const { default: Sqlite } = await import('better-sqlite3');
    const db = new Sqlite(file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('busy_timeout = 5000');
    db.pragma('cache_size = -32000');
    const projector = new SqliteProjector(db, log, clock);
    const head = (await log.head()).position;
    db.exec('CREATE TABLE IF NOT EXISTS checkpoints (name TEXT PRIMARY KEY, version INTEGER NOT NULL, position INTEGER NOT NULL) STRICT');
    for (const projection of projections) {
      const row = db.prepare<[string], { version: number; position: number }>('SELECT version, position FROM checkpoints WHERE name = ?').get(projection.name);
      // A read model of another version, or ahead of the log (a restored or exchanged log), says nothing: build it anew.
      const usable = row?.version === projection.version && BigInt(row.position) <= head;
      const entry: Registered = { projection, position: usable ? BigInt(row.position) : 0n, lastError: null };
      if (!usable) projector.reset(entry);
      projector.registered.push(entry);
    }
    return projector;
  }

  get database(): Database {
    return this.db;
  }

  /** Applies everything now in the log, then returns; throws on the first error (a rebuild stops and says). */
  async catchUp(onProgress?: (done: bigint, head: bigint) => void): Promise<void> {
    const { position: head } = await this.log.head();
    for (;;) {
      const after = this.lowest();
      const events = await this.log.readAll({ after, categories: this.categories(), limit: BATCH });
      if (events.length === 0) break;
      this.applyBatch(events);
      onProgress?.(this.lowest(), head);
    }
    this.advanceTo(head);
  }

  /** Follows the log until `stop`. A failing batch is retried with back-off from its checkpoint; the error is visible in `status`. */
  start(): void {
    this.running = this.run();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        for await (const events of this.log.subscribe({ after: this.lowest(), categories: this.categories(), batchSize: BATCH, signal })) {
          this.applyBatch(events);
          failures = 0;
        }
      } catch (error) {
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
    });
  }

  /** Empties one projection (or all) and applies the whole log to it again. */
  async rebuild(name: string | undefined, onProgress?: (done: bigint, head: bigint) => void): Promise<void> {
    for (const entry of this.registered) if (name === undefined || entry.projection.name === name) this.reset(entry);
    await this.catchUp(onProgress);
  }

  async status(): Promise<readonly ProjectionStatus[]> {
    const head = await this.log.head();
    const list: ProjectionStatus[] = [];
    for (const { projection, position, lastError } of this.registered) {
      const behind = position >= head.position ? [] : await this.log.readAll({ after: position, categories: projection.categories, limit: 1_000 });
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
        for (const row of this.db.prepare(`SELECT * FROM ${table.name} ORDER BY ${table.orderBy}`).iterate()) yield JSON.stringify(row);
      }
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.db.close();
  }

  private categories(): readonly string[] {
    return [...new Set(this.registered.flatMap(({ projection }) => projection.categories))];
  }

  private applyBatch(events: readonly RecordedEvent[]): void {
    const last = events[events.length - 1]!.position;
    try {
      this.db.transaction(() => {
        for (const entry of this.registered) {
          const fresh = events.filter((e) => e.position > entry.position && entry.projection.categories.includes(categoryOf(e.stream)));
          if (fresh.length > 0) entry.projection.apply(fresh, this.db);
          if (last > entry.position) this.writeCheckpoint(entry.projection, last);
        }
      })();
    } catch (error) {
      for (const { projection } of this.registered) projection.rolledBack?.();
      throw error;
    }
    for (const entry of this.registered) {
      if (last > entry.position) entry.position = last;
      entry.lastError = null;
      entry.projection.committed?.();
    }
    this.wake();
  }

  private advanceTo(position: Position): void {
    for (const entry of this.registered) if (position > entry.position) entry.position = position;
    this.wake();
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
    this.db.transaction(() => {
      entry.projection.drop(this.db);
      entry.projection.init(this.db);
      this.writeCheckpoint(entry.projection, 0n);
    })();
    entry.projection.rolledBack?.();
    entry.position = 0n;
  }

  private writeCheckpoint(projection: Projection<Database>, position: Position): void {
    prepared(this.db, 'INSERT INTO checkpoints (name, version, position) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET version = excluded.version, position = excluded.position').run(projection.name, projection.version, position);
  }
}
