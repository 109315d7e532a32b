import type { Database } from 'better-sqlite3';
import type { RecordedEvent } from '#event-log';
import { readStored, type Build, type Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { documentNumberKey, taskIdOf, type TaskAssignedData } from '#tasks';
import { codeOf, documentKeyOf, type BoardTask, type TaskBoard } from '../board.ts';
import { assignmentOf, boardTask, boardVersion, FOREVER, MOST_DUPLICATES, MOST_MATCHES, numberedIn, repairedVersion, repairOf, sameContent, searchableText, TASK_BOARD, typedWords, type BoardRepair, type BoardVersion } from '../board-versions.ts';

interface Row {
  readonly task_id: string;
  readonly code: string;
  readonly content: string;
  readonly product: string | null;
  readonly document_key: string;
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
 * believed then. `task_repairs` keeps the repairs of the few tasks that have some, `task_numbers_kept` the numbers of assignments set aside.
 */
export class TaskBoardProjection implements Projection<SqliteTx> {
  readonly name = TASK_BOARD.name;
  readonly version: number = TASK_BOARD.version;
  readonly categories = TASK_BOARD.categories;
  readonly types = TASK_BOARD.types;
  readonly tables = [{ name: 'task_board', orderBy: 'number' }, { name: 'task_numbers', orderBy: 'year' }, { name: 'task_repairs', orderBy: 'task_id' }];
  /** The last number given in each year since the last commit. */
  private readonly numbers = new Map<number, number>();

  init({ db, table }: SqliteTx): void {
    const board = table('task_board');
    db.exec(`
      CREATE TABLE ${board} (
        number INTEGER PRIMARY KEY, task_id TEXT NOT NULL, code TEXT NOT NULL, content TEXT NOT NULL, product TEXT,
        document_key TEXT NOT NULL, document_number TEXT NOT NULL, document_date TEXT NOT NULL, issuer TEXT NOT NULL, title TEXT NOT NULL, authority TEXT NOT NULL, field TEXT,
        starred INTEGER NOT NULL, assigned_on TEXT NOT NULL, routine INTEGER NOT NULL, parent_task_id TEXT, known_from INTEGER NOT NULL, known_to INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX ${board}_task ON ${board} (task_id, known_from);
      CREATE INDEX ${board}_code ON ${board} (code);
      CREATE INDEX ${board}_document ON ${board} (document_key);
      CREATE INDEX ${board}_starred ON ${board} (starred) WHERE starred = 1;
      CREATE INDEX ${board}_parent ON ${board} (parent_task_id) WHERE parent_task_id IS NOT NULL;
      CREATE TABLE ${table('task_numbers')} (year INTEGER PRIMARY KEY, last INTEGER NOT NULL) STRICT;
      CREATE TABLE ${table('task_numbers_kept')} (task_id TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE ${table('task_repairs')} (task_id TEXT PRIMARY KEY, assigned TEXT NOT NULL, repairs TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE VIRTUAL TABLE ${table('task_search')} USING fts5(words, content='', tokenize='unicode61');
    `);
  }

  apply(events: readonly RecordedEvent[], tx: SqliteTx): void {
    for (const event of events) {
      const taskId = taskIdOf(event.stream);
      if (event.type !== 'TaskAssigned') {
        repaired(tx, taskId, event);
        continue;
      }
      const task = event.data as unknown as TaskAssignedData;
      const year = numberedIn(task);
      addVersion(tx, taskId, codeOf(year, this.kept(tx, taskId) ?? this.nextNumber(tx, year)), boardVersion(task), event.position);
    }
  }

  /** Numbers of the tasks after it are given as if it had been applied; its own waits for it. */
  setAside(event: RecordedEvent, tx: SqliteTx): void {
    const taskId = taskIdOf(event.stream);
    // Set aside first and skipped then, it keeps the number it got.
    if (event.type !== 'TaskAssigned' || this.kept(tx, taskId) !== undefined) return;
    const number = this.nextNumber(tx, numberedIn(event.data));
    prepared(tx.db, `INSERT INTO ${tx.table('task_numbers_kept')} (task_id, number) VALUES (?, ?)`).run(taskId, number);
    this.flush(tx);
  }

  flush({ db, table }: SqliteTx): void {
    for (const [year, last] of this.numbers) prepared(db, `INSERT INTO ${table('task_numbers')} (year, last) VALUES (?, ?) ON CONFLICT (year) DO UPDATE SET last = excluded.last`).run(year, last);
    this.numbers.clear();
  }

  rolledBack(): void {
    this.numbers.clear();
  }

  private nextNumber({ db, table }: SqliteTx, year: number): number {
    const number = (this.numbers.get(year) ?? prepared<[number], { last: number }>(db, `SELECT last FROM ${table('task_numbers')} WHERE year = ?`).get(year)?.last ?? 0) + 1;
    this.numbers.set(year, number);
    return number;
  }

  private kept({ db, table }: SqliteTx, taskId: string): number | undefined {
    return prepared<[string], { number: number }>(db, `SELECT number FROM ${table('task_numbers_kept')} WHERE task_id = ?`).get(taskId)?.number;
  }
}

function addVersion({ db, table }: SqliteTx, taskId: string, code: string, version: BoardVersion, knownFrom: bigint): void {
  const { content, product, documentKey, documentNumber, documentDate, issuer, title, authority, field, starred, assignedOn, routine, parentTaskId } = version;
  const { lastInsertRowid } = prepared(
    db,
    `INSERT INTO ${table('task_board')} (task_id, code, content, product, document_key, document_number, document_date, issuer, title, authority, field, starred, assigned_on, routine, parent_task_id, known_from, known_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(taskId, code, content, product, documentKey, documentNumber, documentDate, issuer, title, authority, field, Number(starred), assignedOn, Number(routine), parentTaskId, knownFrom, FOREVER);
  prepared(db, `INSERT INTO ${table('task_search')} (rowid, words) VALUES (?, ?)`).run(lastInsertRowid, searchableText(code, version));
}

/** A correction, or an annulment that may take one back: what is believed of the task is made anew from its assignment and its repairs. */
function repaired(tx: SqliteTx, taskId: string, event: RecordedEvent): void {
  const { db, table } = tx;
  const current = prepared<[string], Row & { number: number }>(db, `SELECT * FROM ${table('task_board')} WHERE task_id = ? ORDER BY known_from DESC LIMIT 1`).get(taskId);
  if (!current) return;
  const kept = prepared<[string], { assigned: string; repairs: string }>(db, `SELECT assigned, repairs FROM ${table('task_repairs')} WHERE task_id = ?`).get(taskId);
  const assigned = kept === undefined ? assignmentOf(versionOf(current)) : readStored(() => JSON.parse(kept.assigned) as TaskAssignedData);
  const repairs = [...(kept === undefined ? [] : readStored(() => JSON.parse(kept.repairs) as BoardRepair[])), repairOf(event)];
  prepared(db, `INSERT INTO ${table('task_repairs')} (task_id, assigned, repairs) VALUES (?, ?, ?) ON CONFLICT (task_id) DO UPDATE SET repairs = excluded.repairs`).run(taskId, JSON.stringify(assigned), JSON.stringify(repairs));
  const version = repairedVersion(assigned, repairs, versionOf(current));
  if (!version) return;
  prepared(db, `UPDATE ${table('task_board')} SET known_to = ? WHERE number = ?`).run(event.position, current.number);
  addVersion(tx, taskId, current.code, version, event.position);
}

const AT_K = 'known_from <= ? AND known_to > ?';

/** Reads what `TaskBoardProjection` wrote in one build. */
export class SqliteTaskBoard implements TaskBoard {
  private readonly db: Database;
  private readonly board: string;
  private readonly words: string;

  constructor(db: Database, build: Build) {
    this.db = db;
    this.board = tableOf(build, 'task_board');
    this.words = tableOf(build, 'task_search');
  }

  async byId(id: string, known: bigint | null = null): Promise<BoardTask | undefined> {
    return this.find(id, limit(known));
  }

  /** One question for all: as many questions as tasks take twice as long. */
  async byIds(ids: readonly string[], known: bigint | null = null): Promise<readonly BoardTask[]> {
    const rows = prepared<[string, number, number], Row>(this.db, `SELECT b.* FROM json_each(?) wanted CROSS JOIN ${this.board} b ON b.task_id = wanted.value AND ${AT_K} ORDER BY wanted.key`);
    return rows.all(JSON.stringify(ids), limit(known), limit(known)).map(toTask);
  }

  async codesOf(ids: readonly string[], known: bigint | null = null): Promise<ReadonlyMap<string, string>> {
    const rows = prepared<[string, number, number], { id: string; code: string }>(this.db, `SELECT b.task_id AS id, b.code FROM json_each(?) wanted CROSS JOIN ${this.board} b ON b.task_id = wanted.value AND ${AT_K}`);
    return new Map(rows.all(JSON.stringify(ids), limit(known), limit(known)).map(({ id, code }) => [id, code]));
  }

  async withCodes(codes: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = prepared<[string], { code: string; id: string }>(this.db, `SELECT b.code, b.task_id AS id FROM json_each(?) wanted CROSS JOIN ${this.board} b ON b.code = wanted.value`);
    return new Map(rows.all(JSON.stringify(codes)).map(({ code, id }) => [code, id]));
  }

  async search(text: string, known: bigint | null = null): Promise<ReadonlySet<string>> {
    // Every word as a prefix, quoted, so that nothing typed is read as query syntax.
    const words = typedWords(text);
    if (words.length === 0) return new Set();
    const found = prepared<[string, number, number], { task_id: string }>(
      this.db,
      `SELECT b.task_id FROM ${this.words} s JOIN ${this.board} b ON b.number = s.rowid WHERE ${this.words} MATCH ? AND ${AT_K} ORDER BY s.rowid LIMIT ${String(MOST_MATCHES)}`,
    );
    return this.ids(found.all(words.map((word) => `"${word}"*`).join(' AND '), limit(known), limit(known)));
  }

  async ofDocument(documentId: string, known: bigint | null = null): Promise<readonly string[]> {
    const key = documentKeyOf(documentId);
    if (key === undefined) return [];
    const rows = prepared<[string, number, number], Row>(this.db, `SELECT * FROM ${this.board} WHERE document_key = ? AND ${AT_K} ORDER BY number`).all(key, limit(known), limit(known));
    return rows.map(toTask).filter((task) => task.documentId === documentId).map((task) => task.id);
  }

  async withDocumentNumber(number: string, known: bigint | null = null): Promise<ReadonlySet<string>> {
    return this.ids(prepared<[string, number, number], { task_id: string }>(this.db, `SELECT task_id FROM ${this.board} WHERE document_key = ? AND ${AT_K}`).all(documentNumberKey(number), limit(known), limit(known)));
  }

  async starred(known: bigint | null = null): Promise<ReadonlySet<string>> {
    return this.ids(prepared<[number, number], { task_id: string }>(this.db, `SELECT task_id FROM ${this.board} WHERE starred = 1 AND ${AT_K}`).all(limit(known), limit(known)));
  }

  async subtasksOf(id: string, known: bigint | null = null): Promise<readonly string[]> {
    return prepared<[string, number, number], { task_id: string }>(this.db, `SELECT task_id FROM ${this.board} WHERE parent_task_id = ? AND ${AT_K} ORDER BY number`).all(id, limit(known), limit(known)).map((row) => row.task_id);
  }

  async likelyDuplicates(documentNumber: string, content: string): Promise<readonly { readonly id: string; readonly code: string }[]> {
    const same = prepared<[string, number], { id: string; code: string; content: string }>(this.db, `SELECT task_id AS id, code, content FROM ${this.board} WHERE document_key = ? AND known_to = ?`).all(documentNumberKey(documentNumber), FOREVER);
    return same.filter((task) => sameContent(task.content, content)).slice(0, MOST_DUPLICATES).map(({ id, code }) => ({ id, code }));
  }

  async count(): Promise<number> {
    return prepared<[number], { n: number }>(this.db, `SELECT count(*) AS n FROM ${this.board} WHERE known_to = ?`).get(FOREVER)!.n;
  }

  private find(id: string, k: number): BoardTask | undefined {
    const row = prepared<[string, number, number], Row>(this.db, `SELECT * FROM ${this.board} WHERE task_id = ? AND ${AT_K}`).get(id, k, k);
    return row === undefined ? undefined : toTask(row);
  }

  private ids(rows: readonly { readonly task_id: string }[]): ReadonlySet<string> {
    return new Set(rows.map((row) => row.task_id));
  }
}

/** `known_to` of a row still believed is FOREVER, so everything known is asked about just below it. */
const limit = (known: bigint | null): number => (known === null ? FOREVER - 1 : Number(known));

function versionOf(row: Row): BoardVersion {
  return {
    content: row.content, product: row.product, documentKey: row.document_key, documentNumber: row.document_number, documentDate: row.document_date, issuer: row.issuer, title: row.title,
    authority: row.authority, field: row.field, starred: row.starred === 1, assignedOn: row.assigned_on, routine: row.routine === 1, parentTaskId: row.parent_task_id,
  };
}

const toTask = (row: Row): BoardTask => boardTask(row.task_id, row.code, versionOf(row));
