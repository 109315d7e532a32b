import type { Database } from 'better-sqlite3';
import type { RecordedEvent } from '#event-log';
import { foldText } from '#kernel';
import type { Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { documentNumberKey, repair, taskIdOf, toFact, type TaskAssignedData, type TaskFact } from '#tasks';
import { codeOf, documentIdOf, documentKeyOf, type BoardTask, type TaskBoard } from '../board.ts';

const MOST_MATCHES = 20_000;
const FOREVER = Number.MAX_SAFE_INTEGER;

interface Row {
  readonly task_id: string;
  readonly code: string;
  readonly content: string;
  readonly product: string | null;
  readonly document_number: string;
  readonly document_date: string;
  readonly issuer: string;
  readonly title: string;
  readonly authority: string;
  readonly field: string | null;
  readonly starred: number;
  readonly assigned_on: string;
  readonly routine: number;
  readonly parent_task_id: string | null;
}

/**
 * One row a version of a task: a correction closes the row it finds and adds another, so that a question about an earlier K reads what was
 * believed then. `task_repairs` keeps the repairs of the few tasks that have some.
 */
export class TaskBoardProjection implements Projection<Database> {
  readonly name = 'task-board';
  readonly version = 2;
  readonly categories = ['task'];
  readonly types = ['TaskAssigned', 'TaskCorrected', 'FactAnnulled'];
  readonly tables = [{ name: 'task_board', orderBy: 'number' }, { name: 'task_numbers', orderBy: 'year' }, { name: 'task_repairs', orderBy: 'task_id' }];
  /** Every document number a task bears, as keys: asked at every assignment, and mostly the answer is that there is none. */
  readonly documentKeys = new Set<string>();
  private fresh: string[] = [];
  /** The last number given in each year since the last commit. */
  private readonly numbers = new Map<number, number>();

  init(db: Database): void {
    db.exec(`
      CREATE TABLE task_board (
        number INTEGER PRIMARY KEY, task_id TEXT NOT NULL, code TEXT NOT NULL, content TEXT NOT NULL, product TEXT,
        document_key TEXT NOT NULL, document_number TEXT NOT NULL, document_date TEXT NOT NULL, issuer TEXT NOT NULL, title TEXT NOT NULL, authority TEXT NOT NULL, field TEXT,
        starred INTEGER NOT NULL, assigned_on TEXT NOT NULL, routine INTEGER NOT NULL, parent_task_id TEXT, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX task_board_task ON task_board (task_id, known_from);
      CREATE INDEX task_board_document ON task_board (document_key);
      CREATE INDEX task_board_starred ON task_board (starred) WHERE starred = 1;
      CREATE INDEX task_board_parent ON task_board (parent_task_id) WHERE parent_task_id IS NOT NULL;
      CREATE TABLE task_numbers (year INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
      CREATE TABLE task_repairs (task_id TEXT PRIMARY KEY, assigned TEXT NOT NULL, repairs TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE VIRTUAL TABLE task_search USING fts5(words, content='', tokenize='unicode61');
    `);
    this.documentKeys.clear();
  }

  drop(db: Database): void {
    db.exec('DROP TABLE IF EXISTS task_board; DROP TABLE IF EXISTS task_numbers; DROP TABLE IF EXISTS task_repairs; DROP TABLE IF EXISTS task_search');
  }

  apply(events: readonly RecordedEvent[], db: Database): void {
    for (const event of events) {
      if (event.type === 'TaskAssigned') {
        const taskId = taskIdOf(event.stream);
        const task = event.data as unknown as TaskAssignedData;
        const year = Number(task.assignedOn.slice(0, 4));
        const number = (this.numbers.get(year) ?? prepared<[number], { last: number }>(db, 'SELECT last FROM task_numbers WHERE year = ?').get(year)?.last ?? 0) + 1;
        this.numbers.set(year, number);
        addVersion(db, taskId, codeOf(year, number), task, event.position);
        this.fresh.push(documentNumberKey(task.document.number));
      } else if (event.type === 'TaskCorrected' || event.type === 'FactAnnulled') {
        const key = repaired(db, taskIdOf(event.stream), event);
        if (key !== undefined) this.fresh.push(key);
      }
    }
  }

  flush(db: Database): void {
    for (const [year, last] of this.numbers) prepared(db, 'INSERT INTO task_numbers (year, last) VALUES (?, ?) ON CONFLICT (year) DO UPDATE SET last = excluded.last').run(year, last);
    this.numbers.clear();
  }

  committed(): void {
    for (const key of this.fresh) this.documentKeys.add(key);
    this.fresh = [];
  }

  rolledBack(): void {
    this.numbers.clear();
    this.fresh = [];
  }

  /** Loads what stands in memory from the file; once, after the projector opened it. */
  load(db: Database): void {
    this.documentKeys.clear();
    for (const key of db.prepare<[], string>('SELECT DISTINCT document_key FROM task_board').pluck().iterate()) this.documentKeys.add(key);
  }
}

function addVersion(db: Database, taskId: string, code: string, task: TaskAssignedData, knownFrom: bigint): void {
  const documentKey = documentNumberKey(task.document.number);
  const { lastInsertRowid } = prepared(
    db,
    'INSERT INTO task_board (task_id, code, content, product, document_key, document_number, document_date, issuer, title, authority, field, starred, assigned_on, routine, parent_task_id, known_from, known_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  ).run(
    taskId, code, task.content, task.product ?? null, documentKey, task.document.number, task.document.date, task.document.issuer, task.document.title, task.authority, task.field ?? null,
    Number(task.starred === true), task.assignedOn, Number(task.routine === true), task.parentTaskId ?? null, knownFrom, FOREVER,
  );
  prepared(db, 'INSERT INTO task_search (rowid, words) VALUES (?, ?)').run(lastInsertRowid, [code, documentKey, foldText(`${task.document.title} ${task.content} ${task.product ?? ''}`)].join(' '));
}

/** A correction, or an annulment that may take one back: what is believed of the task is made anew from its assignment and its repairs. Answers the document's key when something changed. */
function repaired(db: Database, taskId: string, event: RecordedEvent): string | undefined {
  const kept = prepared<[string], { assigned: string; repairs: string }>(db, 'SELECT assigned, repairs FROM task_repairs WHERE task_id = ?').get(taskId);
  const fact = toFact(event);
  const repairs = [...(kept === undefined ? [] : (JSON.parse(kept.repairs) as object[])), { type: fact.type, eventId: fact.eventId, data: fact.data }] as unknown as TaskFact[];
  const current = prepared<[string], Row & { number: number }>(db, 'SELECT * FROM task_board WHERE task_id = ? ORDER BY known_from DESC LIMIT 1').get(taskId);
  if (!current) return undefined;
  const assigned = kept === undefined ? assignedOf(current) : (JSON.parse(kept.assigned) as TaskAssignedData);
  prepared(db, 'INSERT INTO task_repairs (task_id, assigned, repairs) VALUES (?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET repairs = excluded.repairs').run(taskId, JSON.stringify(assigned), JSON.stringify(repairs));
  const first = { type: 'TaskAssigned', eventId: '', data: assigned, occurredAt: 0 } as unknown as TaskFact;
  const now = repair([first, ...repairs]).effective.find((f) => f.type === 'TaskAssigned');
  if (now?.type !== 'TaskAssigned') return undefined;
  if (JSON.stringify(boardFields(now.data)) === JSON.stringify(boardFields(assignedOf(current)))) return undefined;
  prepared(db, 'UPDATE task_board SET known_to = ? WHERE number = ?').run(event.position, current.number);
  addVersion(db, taskId, current.code, now.data, event.position);
  return documentNumberKey(now.data.document.number);
}

/** The part of an assignment that the board keeps. */
function assignedOf(row: Row): TaskAssignedData {
  return {
    document: { number: row.document_number, date: row.document_date, issuer: row.issuer, title: row.title }, content: row.content, ...(row.product === null ? {} : { product: row.product }),
    authority: row.authority, ...(row.field === null ? {} : { field: row.field }), starred: row.starred === 1, assignedOn: row.assigned_on, routine: row.routine === 1,
    ...(row.parent_task_id === null ? {} : { parentTaskId: row.parent_task_id }), leadUnitId: '', coordinatingUnitIds: [], deadline: { kind: 'none' },
  };
}

function boardFields(task: TaskAssignedData): unknown {
  return [task.document.number, task.document.date, task.document.issuer, task.document.title, task.content, task.product ?? null, task.authority, task.field ?? null, task.starred === true, task.assignedOn, task.routine === true, task.parentTaskId ?? null];
}

const AT_K = 'known_from <= ? AND known_to > ?';

/** Reads what `TaskBoardProjection` wrote. */
export class SqliteTaskBoard implements TaskBoard {
  private readonly db: Database;
  private readonly documentKeys: ReadonlySet<string>;

  constructor(db: Database, documentKeys: ReadonlySet<string>) {
    this.db = db;
    this.documentKeys = documentKeys;
  }

  byId(id: string, known: bigint | null = null): BoardTask | undefined {
    const k = limit(known);
    const row = prepared<[string, number, number], Row>(this.db, `SELECT * FROM task_board WHERE task_id = ? AND ${AT_K}`).get(id, k, k);
    return row === undefined ? undefined : toTask(row);
  }

  byIds(ids: readonly string[], known: bigint | null = null): readonly BoardTask[] {
    return ids.flatMap((id) => this.byId(id, known) ?? []);
  }

  search(text: string, known: bigint | null = null): ReadonlySet<string> {
    // Every word as a prefix, quoted, so that nothing typed is read as query syntax.
    const words = documentNumberKey(text).split(/[^a-z0-9]+/).filter((word) => word !== '');
    if (words.length === 0) return new Set();
    const found = prepared<[string, number, number], { task_id: string }>(
      this.db,
      `SELECT b.task_id FROM task_search s JOIN task_board b ON b.number = s.rowid WHERE task_search MATCH ? AND ${AT_K} ORDER BY s.rowid LIMIT ${String(MOST_MATCHES)}`,
    );
    return this.ids(found.all(words.map((word) => `"${word}"*`).join(' AND '), limit(known), limit(known)));
  }

  ofDocument(documentId: string, known: bigint | null = null): readonly string[] {
    const key = documentKeyOf(documentId);
    if (key === undefined) return [];
    const rows = prepared<[string, number, number], Row>(this.db, `SELECT * FROM task_board WHERE document_key = ? AND ${AT_K} ORDER BY number`).all(key, limit(known), limit(known));
    return rows.map(toTask).filter((task) => task.documentId === documentId).map((task) => task.id);
  }

  withDocumentNumber(number: string, known: bigint | null = null): ReadonlySet<string> {
    return this.ids(prepared<[string, number, number], { task_id: string }>(this.db, `SELECT task_id FROM task_board WHERE document_key = ? AND ${AT_K}`).all(documentNumberKey(number), limit(known), limit(known)));
  }

  starred(known: bigint | null = null): ReadonlySet<string> {
    return this.ids(prepared<[number, number], { task_id: string }>(this.db, `SELECT task_id FROM task_board WHERE starred = 1 AND ${AT_K}`).all(limit(known), limit(known)));
  }

  subtasksOf(id: string, known: bigint | null = null): readonly string[] {
    return prepared<[string, number, number], { task_id: string }>(this.db, `SELECT task_id FROM task_board WHERE parent_task_id = ? AND ${AT_K} ORDER BY number`).all(id, limit(known), limit(known)).map((row) => row.task_id);
  }

  likelyDuplicates(documentNumber: string, content: string): readonly { readonly id: string; readonly code: string }[] {
    if (!this.documentKeys.has(documentNumberKey(documentNumber))) return [];
    const same = prepared<[string, number], { id: string; code: string; content: string }>(this.db, 'SELECT task_id AS id, code, content FROM task_board WHERE document_key = ? AND known_to = ?').all(documentNumberKey(documentNumber), FOREVER);
    const folded = foldText(content);
    return same.filter((task) => foldText(task.content) === folded).slice(0, 5);
  }

  count(): number {
    return prepared<[number], { n: number }>(this.db, 'SELECT count(*) AS n FROM task_board WHERE known_to = ?').get(FOREVER)!.n;
  }

  private ids(rows: readonly { readonly task_id: string }[]): ReadonlySet<string> {
    return new Set(rows.map((row) => row.task_id));
  }
}

/** `known_to` of a row still believed is FOREVER, so everything known is asked about just below it. */
const limit = (known: bigint | null): number => (known === null ? FOREVER - 1 : Number(known));

function toTask(row: Row): BoardTask {
  return {
    id: row.task_id, code: row.code, content: row.content, product: row.product, documentId: documentIdOf({ number: row.document_number, date: row.document_date, issuer: row.issuer }), documentNumber: row.document_number, documentDate: row.document_date,
    authority: row.authority, field: row.field, starred: row.starred === 1, assignedOn: row.assigned_on, routine: row.routine === 1, parentTaskId: row.parent_task_id,
  };
}
