import SqliteDatabase, { type Database } from 'better-sqlite3';
import { foldText } from '#kernel';
import type { Feed, PeopleStore } from '../port.ts';
import type { Person } from '../person.ts';

/** A file of its own, written over in place: what is erased leaves no page behind (`secure_delete`, and the journal is emptied). */
export function openSqlitePeople(file: string): PeopleStore {
  const db = new SqliteDatabase(file);
  db.pragma('journal_mode = WAL');
  db.pragma('busy_timeout = 2000');
  db.pragma('synchronous = FULL');
  db.pragma('secure_delete = ON');
  db.exec(`
    CREATE TABLE IF NOT EXISTS people (id TEXT PRIMARY KEY, code_key TEXT NOT NULL UNIQUE, person TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS erased (id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS feeds (hash TEXT PRIMARY KEY, person_id TEXT NOT NULL, made_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS version (one INTEGER PRIMARY KEY CHECK (one = 1), n INTEGER NOT NULL) STRICT;
    INSERT OR IGNORE INTO version VALUES (1, 0);
  `);
  return new SqlitePeople(db);
}

class SqlitePeople implements PeopleStore {
  private readonly db: Database;
  constructor(db: Database) {
    this.db = db;
  }

  async all(): Promise<readonly Person[]> {
    return this.db.prepare<[], { person: string }>('SELECT person FROM people ORDER BY code_key').all().map(({ person }) => JSON.parse(person) as Person);
  }

  async get(id: string): Promise<Person | undefined> {
    const found = this.db.prepare<[string], { person: string }>('SELECT person FROM people WHERE id = ?').get(id);
    return found && (JSON.parse(found.person) as Person);
  }

  async save(people: readonly Person[]): Promise<{ readonly ok: true } | { readonly ok: false; readonly taken: string }> {
    const write = this.db.transaction(() => {
      // Codes that change hands within one list are free while it is written.
      const remove = this.db.prepare('DELETE FROM people WHERE id = ?');
      for (const { id } of people) remove.run(id);
      const holder = this.db.prepare<[string], { id: string }>('SELECT id FROM people WHERE code_key = ?');
      const insert = this.db.prepare('INSERT INTO people (id, code_key, person) VALUES (?, ?, ?)');
      for (const person of people) {
        const key = foldText(person.code);
        if (holder.get(key) !== undefined) throw new Taken(person.code);
        insert.run(person.id, key, JSON.stringify(person));
      }
      this.changed();
    });
    try {
      write.immediate();
      return { ok: true };
    } catch (error) {
      if (error instanceof Taken) return { ok: false, taken: error.code };
      throw error;
    }
  }

  async erase(id: string): Promise<boolean> {
    const gone = this.db.transaction((): boolean => {
      if (this.db.prepare('DELETE FROM people WHERE id = ?').run(id).changes === 0) return false;
      this.db.prepare('INSERT OR IGNORE INTO erased (id) VALUES (?)').run(id);
      this.db.prepare('DELETE FROM feeds WHERE person_id = ?').run(id);
      const write = this.db.prepare('UPDATE people SET person = ? WHERE id = ?');
      for (const { person } of this.db.prepare<[], { person: string }>('SELECT person FROM people').all()) {
        const one = JSON.parse(person) as Person;
        if (one.delegation?.toId === id) write.run(JSON.stringify({ ...one, delegation: null }), one.id);
      }
      this.changed();
      return true;
    })();
    if (gone) this.db.pragma('wal_checkpoint(TRUNCATE)');
    return gone;
  }

  async erased(): Promise<ReadonlySet<string>> {
    return new Set(this.db.prepare<[], { id: string }>('SELECT id FROM erased').all().map(({ id }) => id));
  }

  async addFeed({ hash, personId, madeAt }: Feed): Promise<void> {
    this.db.prepare('INSERT INTO feeds (hash, person_id, made_at) VALUES (?, ?, ?)').run(hash, personId, madeAt);
  }

  async feed(hash: string): Promise<Feed | undefined> {
    return this.db.prepare<[string], Feed>('SELECT hash, person_id AS personId, made_at AS madeAt FROM feeds WHERE hash = ?').get(hash);
  }

  async feedsOf(personId: string): Promise<readonly Feed[]> {
    return this.db.prepare<[string], Feed>('SELECT hash, person_id AS personId, made_at AS madeAt FROM feeds WHERE person_id = ? ORDER BY made_at').all(personId);
  }

  async revokeFeeds(personId: string): Promise<number> {
    return this.db.prepare('DELETE FROM feeds WHERE person_id = ?').run(personId).changes;
  }

  async version(): Promise<number> {
    return this.db.prepare<[], { n: number }>('SELECT n FROM version').get()!.n;
  }

  async close(): Promise<void> {
    this.db.close();
  }

  private changed(): void {
    this.db.prepare('UPDATE version SET n = n + 1').run();
  }
}

class Taken extends Error {
  readonly code: string;
  constructor(code: string) {
    super(`the code ${code} is another person's`);
    this.code = code;
  }
}
