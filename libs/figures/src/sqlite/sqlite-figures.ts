import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';
import { AtHand, ReadModelDamagedError, readStored, type Build, type Held, type Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { taskIdOf } from '#tasks';
import type { FigureTasks, HeldWork, PassedDeadline } from '../figure-tasks.ts';
import type { BeliefsSource, TaskBeliefs } from '../figures-in-memory.ts';
import { FIGURE_EVENTS, FollowedTask, type StoredLife } from '../followed-task.ts';

const TABLE = 'figure_tasks';
const FACTS = 'figure_facts';
/** Rows of a task that is written again are found by their places: no index has to be asked. */
interface InTables {
  readonly task: FollowedTask;
  places: readonly [task: number | bigint, facts: number | bigint] | undefined;
}

/** Tasks read between two turns of the event loop. */
const AT_ONCE = 100;

/**
 * The two-time figures read model: what was believed of every task, with the log positions between which it was believed, one row a task in
 * either table. `FiguresInMemory` follows it.
 */
export class FiguresProjection implements Projection<SqliteTx> {
  readonly name = 'figures';
  readonly version: number = 6;
  readonly categories = ['task'];
  readonly types = FIGURE_EVENTS;
  readonly tables = [{ name: TABLE, orderBy: 'task_id' }, { name: FACTS, orderBy: 'task_id' }];
  private readonly tasks = new AtHand<InTables>();

  /** What is read at every start stands apart from the facts, which are as long and needed by the next event of the task only. */
  init({ db, table }: SqliteTx): void {
    const name = table(TABLE);
    db.exec(`
      CREATE TABLE ${name} (
        task_id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, state TEXT NOT NULL, due_at INTEGER, end_at INTEGER, changed_at INTEGER NOT NULL,
        coordination TEXT NOT NULL, obstacles TEXT NOT NULL, rows TEXT NOT NULL, marks BLOB NOT NULL
      ) STRICT;
      CREATE TABLE ${table(FACTS)} (task_id TEXT PRIMARY KEY, due_by TEXT NOT NULL, passed TEXT NOT NULL, count INTEGER NOT NULL, facts TEXT NOT NULL) STRICT;
    `);
  }

  apply(events: readonly RecordedEvent[], tx: SqliteTx): void {
    for (const event of events) {
      const held = this.tasks.find(event.stream) ?? this.readBack(event, tx);
      held.item.task.take(event);
      this.tasks.change(held);
    }
  }

  /** One write a task and commit, however many facts it brought. */
  flush({ db, table }: SqliteTx): void {
    const add = prepared(db, `INSERT INTO ${table(TABLE)} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    const addFacts = prepared(db, `INSERT INTO ${table(FACTS)} VALUES (?, ?, ?, ?, ?)`);
    const write = prepared(db, `UPDATE ${table(TABLE)} SET unit_id = ?, state = ?, due_at = ?, end_at = ?, changed_at = ?, coordination = ?, obstacles = ?, rows = ?, marks = ? WHERE rowid = ?`);
    const writeFacts = prepared(db, `UPDATE ${table(FACTS)} SET due_by = ?, passed = ?, count = ?, facts = ? WHERE rowid = ?`);
    for (const { id, item } of this.tasks.changed) {
      const stored = item.task.toStored();
      if (!stored) continue;
      const row = [stored.unitId, stored.state, stored.dueAt, stored.endAt, stored.changedAt, stored.coordination, stored.obstacles, stored.rows, stored.marks] as const;
      const facts = [stored.dueBy, stored.passed, stored.count, stored.facts] as const;
      if (item.places) {
        const written = write.run(...row, item.places[0]).changes + writeFacts.run(...facts, item.places[1]).changes;
        if (written !== 2) throw new ReadModelDamagedError(`the rows of task ${id} are gone`);
      } else item.places = [add.run(id, ...row).lastInsertRowid, addFacts.run(id, ...facts).lastInsertRowid];
    }
  }

  committed(): void {
    this.tasks.committed();
  }

  rolledBack(): void {
    this.tasks.rolledBack();
  }

  /** For questions, and for who follows the table; a rebuild is faster without them. */
  caughtUp({ db, table }: SqliteTx): void {
    const name = table(TABLE);
    db.exec(`
      CREATE INDEX IF NOT EXISTS ${name}_changed ON ${name} (changed_at);
      CREATE INDEX IF NOT EXISTS ${name}_lead ON ${name} (unit_id, state);
      CREATE INDEX IF NOT EXISTS ${name}_end ON ${name} (end_at) WHERE end_at IS NOT NULL;
    `);
  }

  /** The first event of a stream has nothing before it to read back. */
  private readBack({ stream, revision }: RecordedEvent, { db, table }: SqliteTx): Held<InTables> {
    const taskId = taskIdOf(stream);
    const stored = revision === 0 ? undefined : prepared<[string], StoredLife & { place: number; factsPlace: number }>(db, `SELECT t.rowid AS place, f.rowid AS factsPlace, due_by AS dueBy, facts, count, rows, coordination, marks, obstacles, passed, changed_at AS changedAt FROM ${table(TABLE)} t JOIN ${table(FACTS)} f USING (task_id) WHERE task_id = ?`).get(taskId);
    const task = readStored(() => new FollowedTask(stored));
    return this.tasks.hold(stream, taskId, { task, places: stored && [stored.place, stored.factsPlace] }, stored !== undefined);
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
