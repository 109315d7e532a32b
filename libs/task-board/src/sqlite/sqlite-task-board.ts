import type { Database, Statement } from 'better-sqlite3';
import { foldText } from '#kernel';
import type { Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { documentNumberKey, taskIdOf, type TaskAssignedData } from '#tasks';
import { codeOf, type BoardTask, type TaskBoard } from '../board.ts';

const MOST_MATCHES = 20_000;

interface Row {
  readonly task_id: string;
  readonly code: string;
  readonly content: string;
  readonly product: string | null;
  readonly document_number: string;
  readonly document_date: string;
  readonly lead_unit_id: string;
  readonly authority: string;
  readonly assigned_on: string;
  readonly deadline: string;
  readonly revision: number;
  readonly last_fact_at: number;
}

export const taskBoardProjection: Projection<Database> = {
  name: 'task-board',
  version: 1,
  categories: ['task'],
  tables: [{ name: 'task_board', orderBy: 'number' }, { name: 'task_numbers', orderBy: 'year' }],

  init(db) {
    db.exec(`
      CREATE TABLE task_board (
        number INTEGER PRIMARY KEY, task_id TEXT NOT NULL UNIQUE, code TEXT NOT NULL UNIQUE, content TEXT NOT NULL, product TEXT,
        document_number TEXT NOT NULL, document_date TEXT NOT NULL, lead_unit_id TEXT NOT NULL, authority TEXT NOT NULL,
        assigned_on TEXT NOT NULL, deadline TEXT NOT NULL, revision INTEGER NOT NULL, last_fact_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE task_numbers (year INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
      CREATE VIRTUAL TABLE task_search USING fts5(words, content='', tokenize='unicode61');
    `);
  },

  drop(db) {
    db.exec('DROP TABLE IF EXISTS task_board; DROP TABLE IF EXISTS task_numbers; DROP TABLE IF EXISTS task_search');
  },

  apply(events, db) {
    const next = prepared<[number], { last: number }>(db, 'INSERT INTO task_numbers (year, last) VALUES (?, 1) ON CONFLICT (year) DO UPDATE SET last = last + 1 RETURNING last');
    const insert = prepared(
      db,
      'INSERT INTO task_board (task_id, code, content, product, document_number, document_date, lead_unit_id, authority, assigned_on, deadline, revision, last_fact_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    const index = prepared(db, 'INSERT INTO task_search (rowid, words) VALUES (?, ?)');
    const touch = prepared(db, 'UPDATE task_board SET revision = ?, last_fact_at = max(last_fact_at, ?) WHERE task_id = ?');
    // Later facts of a batch overwrite earlier ones, so one update a task and batch gives the same rows as one an event.
    const touched = new Map<string, { revision: number; at: number }>();
    for (const event of events) {
      const taskId = taskIdOf(event.stream);
      if (event.type !== 'TaskAssigned') {
        const before = touched.get(taskId);
        touched.set(taskId, { revision: event.revision, at: Math.max(before?.at ?? 0, event.occurredAt) });
        continue;
      }
      const task = event.data as unknown as TaskAssignedData;
      const year = Number(task.assignedOn.slice(0, 4));
      const code = codeOf(year, next.get(year)!.last);
      const { lastInsertRowid } = insert.run(
        taskId, code, task.content, task.product ?? null, task.document.number, task.document.date, task.leadUnitId, task.authority,
        task.assignedOn, JSON.stringify(task.deadline), event.revision, event.occurredAt,
      );
      index.run(lastInsertRowid, searchWords(code, task));
    }
    for (const [taskId, { revision, at }] of touched) touch.run(revision, at, taskId);
  },
};

function searchWords(code: string, task: TaskAssignedData): string {
  return [code, documentNumberKey(task.document.number), foldText(task.document.title), foldText(task.content), foldText(task.product ?? '')].join(' ');
}

/** Reads what `taskBoardProjection` wrote. */
export class SqliteTaskBoard implements TaskBoard {
  private readonly one: Statement<[string], Row>;
  private readonly found: Statement<[string], { task_id: string }>;
  private readonly total: Statement<[], { n: number }>;

  constructor(db: Database) {
    this.one = db.prepare('SELECT * FROM task_board WHERE task_id = ?');
    this.found = db.prepare(`SELECT b.task_id FROM task_search s JOIN task_board b ON b.number = s.rowid WHERE task_search MATCH ? ORDER BY s.rowid LIMIT ${String(MOST_MATCHES)}`);
    this.total = db.prepare('SELECT count(*) AS n FROM task_board');
  }

  byId(id: string): BoardTask | undefined {
    const row = this.one.get(id);
    return row === undefined ? undefined : toTask(row);
  }

  byIds(ids: readonly string[]): readonly BoardTask[] {
    return ids.flatMap((id) => this.byId(id) ?? []);
  }

  search(text: string): ReadonlySet<string> {
    // Every word as a prefix, quoted, so that nothing typed is read as query syntax.
    const words = documentNumberKey(text).split(/[^a-z0-9]+/).filter((word) => word !== '');
    if (words.length === 0) return new Set();
    return new Set(this.found.all(words.map((word) => `"${word}"*`).join(' AND ')).map((row) => row.task_id));
  }

  count(): number {
    return this.total.get()!.n;
  }
}

function toTask(row: Row): BoardTask {
  return {
    id: row.task_id, code: row.code, content: row.content, product: row.product, documentNumber: row.document_number, documentDate: row.document_date,
    leadUnitId: row.lead_unit_id, authority: row.authority, assignedOn: row.assigned_on, deadline: JSON.parse(row.deadline) as BoardTask['deadline'],
    revision: row.revision, lastFactAt: row.last_fact_at,
  };
}

