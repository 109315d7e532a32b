import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { RecordedEvent } from '#event-log';
import { readStored, type Build, type Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { taskIdOf } from '#tasks';
import { AUDIT_TRAIL, type AuditRow } from '../audit-row.ts';
import type { AuditTrail } from '../audit-trail.ts';
import { TrailTask } from '../trail-task.ts';

const EVENTS = 'audit_events';
const TASKS = 'audit_tasks';
/** Tasks kept at hand between batches; the rest is read back from the file. */
const CACHED_TASKS = 2_000;
/** Rows read between two turns of the event loop. */
const AT_ONCE = 4_000;

/** One row an event, and one a task with what the next event of it is judged by. */
export class AuditTrailProjection implements Projection<SqliteTx> {
  readonly name = AUDIT_TRAIL.name;
  readonly version: number = AUDIT_TRAIL.version;
  readonly categories = AUDIT_TRAIL.categories;
  readonly types = AUDIT_TRAIL.types;
  readonly tables = [
    { name: EVENTS, orderBy: 'position' },
    { name: TASKS, orderBy: 'task_id' },
  ];
  private readonly cache = new Map<string, TrailTask>();
  private readonly changed = new Set<string>();

  init({ db, table }: SqliteTx): void {
    db.exec(`
      CREATE TABLE ${table(EVENTS)} (
        position INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, occurred_at INTEGER NOT NULL, task_id TEXT NOT NULL, type TEXT NOT NULL, role TEXT NOT NULL, actor_id TEXT NOT NULL,
        unit_id TEXT NOT NULL, other_unit_id TEXT, mark TEXT, due_before INTEGER, due_after INTEGER
      ) STRICT;
      CREATE TABLE ${table(TASKS)} (task_id TEXT PRIMARY KEY, facts TEXT NOT NULL, taken INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
  }

  apply(events: readonly RecordedEvent[], tx: SqliteTx): void {
    const write = prepared(tx.db, `INSERT INTO ${tx.table(EVENTS)} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    for (const event of events) {
      const taskId = taskIdOf(event.stream);
      const row = this.followed(taskId, event.revision, tx).take(event);
      if (!row) continue;
      this.changed.add(taskId);
      write.run(
        row.position,
        row.recordedAt,
        row.occurredAt,
        row.taskId,
        row.type,
        row.role,
        row.actorId,
        row.unitId,
        row.otherUnitId,
        row.mark,
        row.dueBefore,
        row.dueAfter,
      );
    }
  }

  flush({ db, table }: SqliteTx): void {
    const write = prepared(
      db,
      `INSERT INTO ${table(TASKS)} VALUES (?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET facts = excluded.facts, taken = excluded.taken`,
    );
    for (const taskId of this.changed) {
      const { facts, taken } = this.cache.get(taskId)!.toStored();
      write.run(taskId, facts, taken);
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

  private followed(taskId: string, revision: number, { db, table }: SqliteTx): TrailTask {
    let task = this.cache.get(taskId);
    // Last used stands last, so the ones dropped first are those least recently used.
    if (task) this.cache.delete(taskId);
    else {
      const stored =
        revision === 0
          ? undefined
          : prepared<[string], { facts: string; taken: number }>(db, `SELECT facts, taken FROM ${table(TASKS)} WHERE task_id = ?`).get(
              taskId,
            );
      task = readStored(() => new TrailTask(stored));
    }
    this.cache.set(taskId, task);
    return task;
  }
}

/** Reads what `AuditTrailProjection` wrote in one build. */
export class SqliteAuditTrail implements AuditTrail {
  private readonly db: Database;
  private readonly events: string;
  constructor(db: Database, build: Build) {
    this.db = db;
    this.events = tableOf(build, EVENTS);
  }

  async *rows(after: bigint, upTo: bigint): AsyncGenerator<readonly AuditRow[]> {
    const page = prepared<[bigint, bigint, number], AuditRow>(
      this.db,
      `SELECT position, recorded_at AS recordedAt, occurred_at AS occurredAt, task_id AS taskId, type, role, actor_id AS actorId, unit_id AS unitId, other_unit_id AS otherUnitId, mark, due_before AS dueBefore, due_after AS dueAfter FROM ${this.events} WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`,
    );
    for (let from = after; ;) {
      const rows = page.all(from, upTo, AT_ONCE);
      if (rows.length > 0) yield rows;
      if (rows.length < AT_ONCE) return;
      from = BigInt(rows.at(-1)!.position);
      await nextTurn();
    }
  }
}
