import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { RecordedEvent } from '#event-log';
import { AtHand, readStored, type Build, type Held, type Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { taskIdOf } from '#tasks';
import { AUDIT_TRAIL, type AuditRow } from '../audit-row.ts';
import type { AuditTrail } from '../audit-trail.ts';
import { TrailTask, type StoredTrail } from '../trail-task.ts';
import { AuditPage, pageOf, readPage } from './audit-pages.ts';

const PAGES = 'audit_pages';
const TASKS = 'audit_tasks';
/** Pages read between two turns of the event loop. */
const AT_ONCE = 16;

/** One page for a range of positions with a row an event, and one row a task with what the next event of it is judged by. */
export class AuditTrailProjection implements Projection<SqliteTx> {
  readonly name = AUDIT_TRAIL.name;
  readonly version: number = AUDIT_TRAIL.version;
  readonly categories = AUDIT_TRAIL.categories;
  readonly types = AUDIT_TRAIL.types;
  readonly tables = [
    { name: PAGES, orderBy: 'page' },
    { name: TASKS, orderBy: 'task_id' },
  ];
  private readonly kept = new AtHand<TrailTask>();
  /** The page of the row that came last; what it holds is written when another is begun, or at the end of a batch. */
  private page: AuditPage | undefined;

  init({ db, table }: SqliteTx): void {
    db.exec(`
      CREATE TABLE ${table(PAGES)} (page INTEGER PRIMARY KEY, events TEXT NOT NULL) STRICT;
      CREATE TABLE ${table(TASKS)} (task_id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, due_at INTEGER, facts TEXT NOT NULL, taken INTEGER NOT NULL) STRICT;
    `);
  }

  apply(events: readonly RecordedEvent[], tx: SqliteTx): void {
    for (const event of events) {
      const held = this.kept.find(event.stream) ?? this.readBack(event, tx);
      const row = held.item.take(event, held.id);
      if (!row) continue;
      this.kept.change(held);
      this.pageFor(row, tx).put(row);
    }
  }

  flush(tx: SqliteTx): void {
    const { db, table } = tx;
    this.writePage(tx);
    const write = prepared(
      db,
      `INSERT INTO ${table(TASKS)} VALUES (?, ?, ?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET unit_id = excluded.unit_id, due_at = excluded.due_at, facts = excluded.facts, taken = excluded.taken`,
    );
    for (const { id, item } of this.kept.changed) {
      const { unitId, due, facts, taken } = item.toStored();
      write.run(id, unitId, due, facts, taken);
    }
  }

  committed(): void {
    this.kept.committed();
  }

  rolledBack(): void {
    this.kept.rolledBack();
    this.page = undefined;
  }

  private pageFor({ position }: AuditRow, tx: SqliteTx): AuditPage {
    const page = pageOf(position);
    if (this.page?.page === page) return this.page;
    this.writePage(tx);
    // A row may belong to a page written long ago: its stream was set aside until now.
    const stored = prepared<[number], { events: string }>(tx.db, `SELECT events FROM ${tx.table(PAGES)} WHERE page = ?`).get(page);
    this.page = new AuditPage(page, stored && readStored(() => readPage(page, stored.events)));
    return this.page;
  }

  private writePage({ db, table }: SqliteTx): void {
    if (!this.page?.changed) return;
    const text = this.page.toStored();
    prepared(db, `INSERT INTO ${table(PAGES)} VALUES (?, ?) ON CONFLICT (page) DO UPDATE SET events = excluded.events`).run(this.page.page, text);
    this.page.changed = false;
  }

  /** The first event of a stream has nothing before it to read back. */
  private readBack({ stream, revision }: RecordedEvent, { db, table }: SqliteTx): Held<TrailTask> {
    const taskId = taskIdOf(stream);
    const read = (): StoredTrail | undefined =>
      prepared<[string], StoredTrail>(
        db,
        `SELECT unit_id AS unitId, due_at AS due, facts, taken FROM ${table(TASKS)} WHERE task_id = ?`,
      ).get(taskId);
    const stored = revision === 0 ? undefined : read();
    return this.kept.hold(stream, taskId, readStored(() => new TrailTask(stored)), stored !== undefined);
  }
}

/** Reads what `AuditTrailProjection` wrote in one build. */
export class SqliteAuditTrail implements AuditTrail {
  private readonly db: Database;
  private readonly pages: string;
  constructor(db: Database, build: Build) {
    this.db = db;
    this.pages = tableOf(build, PAGES);
  }

  async *rows(after: bigint, upTo: bigint): AsyncGenerator<readonly AuditRow[]> {
    const some = prepared<[number, number, number], { page: number; events: string }>(
      this.db,
      `SELECT page, events FROM ${this.pages} WHERE page >= ? AND page <= ? ORDER BY page LIMIT ?`,
    );
    for (let from = pageOf(Number(after) + 1); ;) {
      const pages = some.all(from, pageOf(Number(upTo)), AT_ONCE);
      const rows = pages.flatMap(({ page, events }) => readStored(() => readPage(page, events))).filter(({ position }) => position > after && position <= upTo);
      if (rows.length > 0) yield rows;
      if (pages.length < AT_ONCE) return;
      from = pages.at(-1)!.page + 1;
      await nextTurn();
    }
  }
}
