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

const EVENTS = 'audit_events';
const TASKS = 'audit_tasks';
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
  private readonly kept = new AtHand<TrailTask>();

  init({ db, table }: SqliteTx): void {
    db.exec(`
      CREATE TABLE ${table(EVENTS)} (
        position INTEGER PRIMARY KEY, recorded_at INTEGER NOT NULL, occurred_at INTEGER NOT NULL, task_id TEXT NOT NULL, type TEXT NOT NULL, role TEXT NOT NULL, actor_id TEXT NOT NULL,
        unit_id TEXT NOT NULL, other_unit_id TEXT, mark TEXT, due_before INTEGER, due_after INTEGER
      ) STRICT;
      CREATE TABLE ${table(TASKS)} (task_id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, due_at INTEGER, facts TEXT NOT NULL, taken INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
  }

  apply(events: readonly RecordedEvent[], tx: SqliteTx): void {
    const write = prepared(tx.db, `INSERT INTO ${tx.table(EVENTS)} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
    for (const event of events) {
      const held = this.kept.find(event.stream) ?? this.readBack(event, tx);
      const row = held.item.take(event, held.id);
      if (!row) continue;
      this.kept.change(held);
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
