import type { Database, Statement } from 'better-sqlite3';
import type { Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { taskIdOf, toFact, type TaskFact } from '#tasks';
import { believe } from '../believe.ts';
import type { Columns } from '../columns.ts';
import type { BelievedRow, FigureRow, WorkState } from '../rows.ts';
import { isRelevant, timeline } from '../timeline.ts';

/** Tasks whose facts and rows are kept at hand between batches; the rest is read back from the file. */
const CACHED_TASKS = 20_000;

interface Known {
  readonly facts: TaskFact[];
  believed: readonly BelievedRow[];
}

interface StoredRow {
  readonly task_id: string; readonly assignment: number; readonly unit_id: string; readonly authority: string; readonly field: string; readonly counted: number;
  readonly state: string; readonly from_at: number; readonly to_at: number | null; readonly begun_at: number; readonly begun_by_transfer: number;
  readonly reopened_at: number | null; readonly submitted_at: number | null; readonly due: string; readonly flags: number; readonly known_from: number; readonly known_to: number | null;
}

/**
 * The two-time figures read model: what was believed of every task, with the log positions between which it was believed.
 * A new fact closes the rows it changes and adds the new ones; the rows live in memory as `columns`, which follow every commit.
 */
export class FiguresProjection implements Projection<Database> {
  readonly name = 'figures';
  readonly version = 1;
  readonly categories = ['task'];
  readonly tables = [
    { name: 'figure_facts', orderBy: 'position' },
    { name: 'figure_rows', orderBy: 'task_id, known_from, known_to, assignment, from_at, to_at' },
  ];
  private readonly cache = new Map<string, Known>();
  private pending: { taskId: string; closed: readonly BelievedRow[]; added: readonly BelievedRow[] }[] = [];
  private readonly columns: Columns;

  constructor(columns: Columns) {
    this.columns = columns;
  }

  init(db: Database): void {
    db.exec(`
      CREATE TABLE figure_facts (position INTEGER PRIMARY KEY, task_id TEXT NOT NULL, fact TEXT NOT NULL) STRICT;
      CREATE INDEX figure_facts_task ON figure_facts (task_id);
      CREATE TABLE figure_rows (
        task_id TEXT NOT NULL, assignment INTEGER NOT NULL, unit_id TEXT NOT NULL, authority TEXT NOT NULL, field TEXT NOT NULL, counted INTEGER NOT NULL,
        state TEXT NOT NULL, from_at INTEGER NOT NULL, to_at INTEGER, begun_at INTEGER NOT NULL, begun_by_transfer INTEGER NOT NULL, reopened_at INTEGER,
        submitted_at INTEGER, due TEXT NOT NULL, flags INTEGER NOT NULL, known_from INTEGER NOT NULL, known_to INTEGER
      ) STRICT;
      CREATE INDEX figure_rows_task ON figure_rows (task_id);
    `);
    this.columns.clear();
  }

  drop(db: Database): void {
    db.exec('DROP TABLE IF EXISTS figure_facts; DROP TABLE IF EXISTS figure_rows');
  }

  /** Loads the columns from the file; once, after the projector opened it. */
  load(db: Database): void {
    this.columns.clear();
    this.columns.load(readRows(db.prepare<[], StoredRow>('SELECT * FROM figure_rows ORDER BY task_id, known_from, from_at')));
  }

  apply(events: Parameters<Projection<Database>['apply']>[0], db: Database): void {
    const writeFact = prepared(db, 'INSERT INTO figure_facts (position, task_id, fact) VALUES (?, ?, ?)');
    const close = prepared(db, 'UPDATE figure_rows SET known_to = ? WHERE task_id = ? AND known_to IS NULL AND assignment = ? AND from_at = ? AND state = ?');
    const add = prepared(db, 'INSERT INTO figure_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
    for (const event of events) {
      if (!isRelevant(event.type)) continue;
      const taskId = taskIdOf(event.stream);
      const fact = slim(toFact(event));
      const known = this.known(taskId, db);
      known.facts.push(fact);
      writeFact.run(event.position, taskId, JSON.stringify(fact, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
      const { closed, added } = believe(known.believed, timeline(taskId, known.facts), event.position);
      for (const row of closed) close.run(event.position, taskId, row.assignment, row.from, row.state);
      for (const row of added) add.run(...toStored(row));
      known.believed = [...known.believed.filter((row) => !closed.some((c) => c.assignment === row.assignment && c.from === row.from && c.state === row.state)), ...added];
      this.pending.push({ taskId, closed, added });
    }
  }

  committed(): void {
    for (const { taskId, closed, added } of this.pending) this.columns.apply(taskId, closed, added);
    this.pending = [];
    for (const taskId of this.cache.keys()) {
      if (this.cache.size <= CACHED_TASKS) break;
      this.cache.delete(taskId);
    }
  }

  rolledBack(): void {
    this.pending = [];
    this.cache.clear();
  }

  private known(taskId: string, db: Database): Known {
    const cached = this.cache.get(taskId);
    if (cached) {
      // Last used stands last, so the ones dropped first are those least recently used.
      this.cache.delete(taskId);
      this.cache.set(taskId, cached);
      return cached;
    }
    const facts = prepared<[string], { fact: string }>(db, 'SELECT fact FROM figure_facts WHERE task_id = ? ORDER BY position').all(taskId)
      .map(({ fact }) => { const f = JSON.parse(fact) as TaskFact & { position: string }; return { ...f, position: BigInt(f.position) }; });
    const believed = facts.length === 0 ? [] : [...readRows(prepared<[string], StoredRow>(db, 'SELECT * FROM figure_rows WHERE task_id = ? AND known_to IS NULL ORDER BY known_from, from_at'), taskId)];
    const known: Known = { facts, believed };
    this.cache.set(taskId, known);
    return known;
  }
}

/** Keeps of a fact what `timeline` reads: texts and counting steps would only make the file large. */
function slim(fact: TaskFact): TaskFact {
  const data = fact.data as unknown as Record<string, unknown>;
  const deadline = data['deadline'] as Record<string, unknown> | undefined;
  const kept: Record<string, unknown> = {};
  for (const key of ['authority', 'leadUnitId', 'field', 'routine', 'parentTaskId', 'submissionEventId', 'wasOverdue', 'assignedOn']) if (data[key] !== undefined) kept[key] = data[key];
  if (deadline) kept['deadline'] = deadline['kind'] === 'none' ? { kind: 'none' } : { kind: 'due', dueOn: deadline['dueOn'], dueTime: deadline['dueTime'], dueOnBy: deadline['dueOnBy'] };
  return { ...fact, data: kept } as unknown as TaskFact;
}

const orNull = (n: number): number | null => (Number.isFinite(n) ? n : null);
const bit = (set: boolean, mask: number): number => (set ? mask : 0);

function toStored(row: BelievedRow): (string | number | bigint | null)[] {
  const due = JSON.stringify([...row.due, row.dueInForce, ...row.originalDue, row.originalDueInForce].map(orNull));
  return [
    row.taskId, row.assignment, row.unitId, row.authority, row.field, Number(row.counted), row.state, row.from, orNull(row.to), row.begunAt, Number(row.begunByTransfer),
    orNull(row.reopenedAt), orNull(row.submittedAt), due, bit(row.backdated, 1) | bit(row.extendedAfterDeadline, 2) | bit(row.outWhileOverdue, 4), row.knownFrom, row.knownTo,
  ];
}

function* readRows(statement: Statement<string[], StoredRow> | Statement<[], StoredRow> | Statement<[string], StoredRow>, ...args: string[]): Generator<BelievedRow> {
  for (const r of (statement as Statement<string[], StoredRow>).iterate(...args)) {
    const due = (JSON.parse(r.due) as (number | null)[]).map((n) => n ?? Infinity) as [number, number, number, number, number, number, number, number];
    const row: FigureRow = {
      taskId: r.task_id, assignment: r.assignment, unitId: r.unit_id, authority: r.authority, field: r.field, counted: r.counted === 1, state: r.state as WorkState,
      from: r.from_at, to: r.to_at ?? Infinity, begunAt: r.begun_at, begunByTransfer: r.begun_by_transfer === 1, reopenedAt: r.reopened_at ?? NaN, submittedAt: r.submitted_at ?? NaN,
      due: [due[0], due[1], due[2]], dueInForce: due[3], originalDue: [due[4], due[5], due[6]], originalDueInForce: due[7],
      backdated: (r.flags & 1) !== 0, extendedAfterDeadline: (r.flags & 2) !== 0, outWhileOverdue: (r.flags & 4) !== 0,
    };
    yield { ...row, knownFrom: BigInt(r.known_from), knownTo: r.known_to === null ? null : BigInt(r.known_to) };
  }
}
