import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';
import { readStored, type Build, type Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { taskIdOf } from '#tasks';
import type { FigureTasks, HeldWork, PassedDeadline } from '../figure-tasks.ts';
import type { BeliefsSource, TaskBeliefs } from '../figures-in-memory.ts';
import { FIGURE_EVENTS, FollowedTask, type StoredLife } from '../followed-task.ts';

const TABLE = 'figure_tasks';
/** Tasks kept at hand between batches; the rest is read back from the file. */
const CACHED_TASKS = 2_000;
/** Tasks read between two turns of the event loop. */
const AT_ONCE = 500;

/**
 * The two-time figures read model: what was believed of every task, with the log positions between which it was believed, one row of the
 * table a task. `FiguresInMemory` follows it.
 */
export class FiguresProjection implements Projection<SqliteTx> {
  readonly name = 'figures';
  readonly version: number = 4;
  readonly categories = ['task'];
  readonly types = FIGURE_EVENTS;
  readonly tables = [{ name: TABLE, orderBy: 'task_id' }];
  private readonly cache = new Map<string, FollowedTask>();
  private readonly changed = new Set<string>();

  init({ db, table }: SqliteTx): void {
    const name = table(TABLE);
    db.exec(`
      CREATE TABLE ${name} (
        task_id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, state TEXT NOT NULL, due_at INTEGER, end_at INTEGER,
        facts TEXT NOT NULL, rows TEXT NOT NULL, coordination TEXT NOT NULL, marks TEXT NOT NULL, obstacles TEXT NOT NULL, passed TEXT NOT NULL, changed_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX ${name}_lead ON ${name} (unit_id, state);
      CREATE INDEX ${name}_end ON ${name} (end_at) WHERE end_at IS NOT NULL;
    `);
  }

  apply(events: readonly RecordedEvent[], tx: SqliteTx): void {
    for (const event of events) {
      const taskId = taskIdOf(event.stream);
      this.followed(taskId, event.revision, tx).take(event);
      this.changed.add(taskId);
    }
  }

  /** One write a task and commit, however many facts it brought. */
  flush({ db, table }: SqliteTx): void {
    const write = prepared(
      db,
      `INSERT INTO ${table(TABLE)} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET unit_id = excluded.unit_id, state = excluded.state, due_at = excluded.due_at, end_at = excluded.end_at, facts = excluded.facts, rows = excluded.rows, coordination = excluded.coordination, marks = excluded.marks, obstacles = excluded.obstacles, passed = excluded.passed, changed_at = excluded.changed_at`,
    );
    for (const taskId of this.changed) {
      const stored = this.cache.get(taskId)!.toStored();
      if (stored) write.run(taskId, stored.unitId, stored.state, stored.dueAt, stored.endAt, stored.facts, stored.rows, stored.coordination, stored.marks, stored.obstacles, stored.passed, stored.changedAt);
    }
  }

  committed(): void {
    this.changed.clear();
    for (const taskId of this.cache.keys()) {
      if (this.cache.size <= CACHED_TASKS) break;
      this.cache.delete(taskId);
    }
  }

  rolledBack(): void {
    this.changed.clear();
    this.cache.clear();
  }

  /** Who follows the table asks for what changed; a rebuild is faster without it. */
  caughtUp({ db, table }: SqliteTx): void {
    db.exec(`CREATE INDEX IF NOT EXISTS ${table(TABLE)}_changed ON ${table(TABLE)} (changed_at)`);
  }

  private followed(taskId: string, revision: number, { db, table }: SqliteTx): FollowedTask {
    let task = this.cache.get(taskId);
    // Last used stands last, so the ones dropped first are those least recently used.
    if (task) this.cache.delete(taskId);
    // The first event of a stream has nothing before it to read back.
    else {
      const stored = revision === 0 ? undefined : prepared<[string], StoredLife>(db, `SELECT facts, rows, coordination, marks, obstacles, passed, changed_at AS changedAt FROM ${table(TABLE)} WHERE task_id = ?`).get(taskId);
      task = readStored(() => new FollowedTask(stored));
    }
    this.cache.set(taskId, task);
    return task;
  }
}

/** Reads what `FiguresProjection` wrote in one build. */
export class SqliteFigures implements FigureTasks, BeliefsSource {
  private readonly db: Database;
  private readonly table: string;
  constructor(db: Database, build: Build) {
    this.db = db;
    this.table = tableOf(build, TABLE);
  }

  async openOf(unitId: string): Promise<readonly string[]> {
    return prepared<[string], { task_id: string }>(this.db, `SELECT task_id FROM ${this.table} WHERE unit_id = ? AND state = 'open' ORDER BY rowid`).all(unitId).map((row) => row.task_id);
  }

  async openDueFrom(from: Instant): Promise<readonly string[]> {
    return prepared<[number], { task_id: string }>(this.db, `SELECT task_id FROM ${this.table} WHERE state = 'open' AND due_at >= ? ORDER BY rowid`).all(from).map((row) => row.task_id);
  }

  async heldBy(unitId: string): Promise<HeldWork> {
    const held = { open: 0, submitted: 0, suspended: 0 };
    for (const { state, n } of prepared<[string], { state: keyof HeldWork; n: number }>(this.db, `SELECT state, count(*) AS n FROM ${this.table} WHERE unit_id = ? AND state IN ('open', 'submitted', 'suspended') GROUP BY state`).all(unitId)) held[state] = n;
    return held;
  }

  async passedBy(instant: Instant, limit: number): Promise<readonly PassedDeadline[]> {
    return prepared<[number, number], PassedDeadline>(this.db, `SELECT task_id AS taskId, end_at AS end FROM ${this.table} WHERE end_at < ? ORDER BY end_at, task_id LIMIT ?`).all(instant, limit);
  }

  async nextEnd(): Promise<Instant | undefined> {
    return prepared<[], { end: number | null }>(this.db, `SELECT min(end_at) AS end FROM ${this.table} WHERE end_at IS NOT NULL`).get()?.end ?? undefined;
  }

  async *all(): AsyncGenerator<readonly TaskBeliefs[]> {
    const page = prepared<[number, number], TaskBeliefs & { readonly place: number }>(this.db, `SELECT rowid AS place, task_id AS taskId, rows, coordination, marks, obstacles FROM ${this.table} WHERE rowid > ? ORDER BY rowid LIMIT ?`);
    for (let after = 0; ; ) {
      const beliefs = page.all(after, AT_ONCE);
      const last = beliefs.at(-1);
      if (!last) return;
      after = last.place;
      yield beliefs;
      await nextTurn();
    }
  }

  async *changedAfter(position: bigint): AsyncGenerator<readonly TaskBeliefs[]> {
    const page = prepared<[bigint, number], TaskBeliefs & { readonly changedAt: number }>(this.db, `SELECT changed_at AS changedAt, task_id AS taskId, rows, coordination, marks, obstacles FROM ${this.table} WHERE changed_at > ? ORDER BY changed_at LIMIT ?`);
    for (let after = position; ; ) {
      const beliefs = page.all(after, AT_ONCE);
      if (beliefs.length > 0) yield beliefs;
      // One event stands at a position, so no two tasks share one.
      if (beliefs.length < AT_ONCE) return;
      after = BigInt(beliefs.at(-1)!.changedAt);
      await nextTurn();
    }
  }
}
