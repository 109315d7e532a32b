import type { Database } from 'better-sqlite3';
import type { Build, Checkpoint, ParkedStream, ProjectionTable, ReadModelStore } from '../projection.ts';
import { isDamage, markDamaged, openWriter } from './open-read-models.ts';
import { prepared } from './prepared.ts';

/** What a projection gets in SQLite: its connection, and the names of its tables in this build. */
export interface SqliteTx {
  readonly db: Database;
  readonly table: (name: string) => string;
}

interface BuildRow {
  readonly id: number;
  readonly name: string;
  readonly version: number;
  readonly state: Build['state'];
  readonly position: number;
  readonly event_id: string;
  readonly repairs: number;
}

interface ParkedRow {
  readonly build_id: number;
  readonly stream: string;
  readonly event_id: string;
  readonly position: number;
  readonly revision: number;
  readonly error: string;
  readonly parked_at: number;
  readonly attempts: number;
}

export const tableOf = (build: Pick<Build, 'id'>, name: string): string => `${name}_${String(build.id)}`;

/** The builds in a file, oldest first. */
export function readBuilds(db: Database): readonly Build[] {
  return prepared<[], BuildRow>(db, 'SELECT id, name, version, state, position, event_id, repairs FROM builds ORDER BY id').all().map(({ position, event_id: eventId, ...row }) => ({ ...row, position: BigInt(position), eventId }));
}

/** The streams that are set aside, by build and position. */
export function readParked(db: Database): readonly ParkedStream[] {
  return prepared<[], ParkedRow>(db, 'SELECT * FROM parked ORDER BY build_id, position').all()
    .map((row) => ({ buildId: row.build_id, stream: row.stream, eventId: row.event_id, position: BigInt(row.position), revision: row.revision, error: row.error, parkedAt: row.parked_at, attempts: row.attempts }));
}

/** Every table of a build in a fixed order, a row a line, for comparing two builds byte for byte. */
export function* dumpTables(db: Database, build: Build, tables: readonly ProjectionTable[]): Generator<string> {
  for (const { name, orderBy } of tables) {
    yield `# ${build.name}@${String(build.version)} ${name}`;
    for (const row of db.prepare(`SELECT * FROM ${tableOf(build, name)} ORDER BY ${orderBy}`).iterate()) yield JSON.stringify(row);
  }
}

/** Errors of the file, the disk or a lock say nothing of the event that was being applied. */
const STORE_ERRORS = /^SQLITE_(FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM|PROTOCOL|INTERRUPT)/;

/** Pages in the journal before they are copied to the file: the longer, the fewer times a page is copied; the shorter, the shorter the pause. */
const PAGES_IN_BULK = 32_000;
const PAGES_SERVING = 1_000;

/** Opens or makes the read-model file for the one that writes it. */
export async function openSqliteReadModels(file: string): Promise<ReadModelStore<SqliteTx>> {
  return new SqliteReadModels(await openWriter(file), file);
}

class SqliteReadModels implements ReadModelStore<SqliteTx> {
  private readonly db: Database;
  private readonly file: string;
  constructor(db: Database, file: string) {
    this.db = db;
    this.file = file;
  }

  async builds(): Promise<readonly Build[]> {
    return readBuilds(this.db);
  }

  async create(name: string, version: number): Promise<Build> {
    const { lastInsertRowid } = prepared(this.db, "INSERT INTO builds (name, version, state, position, event_id, repairs) VALUES (?, ?, 'building', 0, '', 0)").run(name, version);
    return { id: Number(lastInsertRowid), name, version, state: 'building', position: 0n, eventId: '', repairs: 0 };
  }

  tx(build: Build): SqliteTx {
    return { db: this.db, table: (name) => tableOf(build, name) };
  }

  async begin(): Promise<void> {
    prepared(this.db, 'BEGIN IMMEDIATE').run();
  }

  async commit(checkpoints: readonly Checkpoint[]): Promise<void> {
    for (const { buildId, position, eventId } of checkpoints) prepared(this.db, 'UPDATE builds SET position = ?, event_id = ? WHERE id = ?').run(position, eventId, buildId);
    prepared(this.db, 'COMMIT').run();
  }

  async rollback(): Promise<void> {
    if (this.db.inTransaction) prepared(this.db, 'ROLLBACK').run();
  }

  async activate({ id, name }: Build): Promise<void> {
    prepared(this.db, "UPDATE builds SET state = iif(id = ?, 'active', 'retired') WHERE name = ? AND (id = ? OR state = 'active')").run(id, name, id);
  }

  async drop(build: Build): Promise<void> {
    const suffix = tableOf(build, '');
    this.db.transaction(() => {
      // A search table brings tables of its own, whose names end otherwise; they go with it.
      for (const name of this.db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all()) if (name.endsWith(suffix)) this.db.exec(`DROP TABLE ${name}`);
      this.db.prepare('DELETE FROM parked WHERE build_id = ?').run(build.id);
      this.db.prepare('DELETE FROM builds WHERE id = ?').run(build.id);
    })();
  }

  async parked(): Promise<readonly ParkedStream[]> {
    return readParked(this.db);
  }

  async park({ buildId, stream, eventId, position, revision, error, parkedAt, attempts }: ParkedStream): Promise<void> {
    this.db.prepare('INSERT OR REPLACE INTO parked (build_id, stream, event_id, position, revision, error, parked_at, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?)').run(buildId, stream, eventId, position, revision, error, parkedAt, attempts);
  }

  async unpark({ buildId, stream }: ParkedStream): Promise<void> {
    this.db.prepare('DELETE FROM parked WHERE build_id = ? AND stream = ?').run(buildId, stream);
    this.db.prepare('UPDATE builds SET repairs = repairs + 1 WHERE id = ?').run(buildId);
  }

  async bulk(on: boolean): Promise<void> {
    this.db.pragma(`wal_autocheckpoint = ${String(on ? PAGES_IN_BULK : PAGES_SERVING)}`);
    this.db.pragma(`cache_size = ${on ? '-32000' : '-8000'}`);
    // What stands in the journal by then is copied with the next commit, like any other; nobody waits for that to go on.
    if (!on) this.db.pragma('shrink_memory');
  }

  failed(error: unknown): boolean {
    if (isDamage(error)) {
      markDamaged(this.file);
      return true;
    }
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    return STORE_ERRORS.test(code);
  }

  async close(): Promise<void> {
    this.db.close();
  }
}
