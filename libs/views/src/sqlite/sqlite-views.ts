import SqliteDatabase, { type Database } from 'better-sqlite3';
import { MOST_VIEWS, type Kept, type ViewStore } from '../port.ts';
import { nameKey, type SavedView } from '../view.ts';

interface Row {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly query: string;
  readonly saved_at: string;
}

/** A file of its own: what is in it cannot be built anew from the log, and the log stays the only truth about tasks. */
export function openSqliteViews(file: string): ViewStore {
  const db = new SqliteDatabase(file);
  db.pragma('journal_mode = WAL');
  db.pragma('busy_timeout = 2000');
  db.pragma('synchronous = FULL');
  db.exec(`CREATE TABLE IF NOT EXISTS views (
    owner TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, name_key TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL, saved_at TEXT NOT NULL,
    PRIMARY KEY (owner, id), UNIQUE (owner, name_key)
  ) STRICT, WITHOUT ROWID`);
  return new SqliteViews(db);
}

class SqliteViews implements ViewStore {
  private readonly db: Database;
  constructor(db: Database) {
    this.db = db;
  }

  async list(owner: string): Promise<readonly SavedView[]> {
    return this.db.prepare<[string], Row>('SELECT * FROM views WHERE owner = ? ORDER BY name_key').all(owner).map(toView);
  }

  async add(owner: string, view: SavedView): Promise<Kept> {
    return this.db.transaction((): Kept => {
      if (this.named(owner, view.name) !== undefined) return { ok: false, why: 'taken' };
      const { n } = this.db.prepare<[string], { n: number }>('SELECT count(*) AS n FROM views WHERE owner = ?').get(owner)!;
      if (n >= MOST_VIEWS) return { ok: false, why: 'full' };
      this.db.prepare('INSERT INTO views (owner, id, name, name_key, path, query, saved_at) VALUES (?, ?, ?, ?, ?, ?, ?)').run(owner, view.id, view.name, nameKey(view.name), view.path, view.query, view.savedAt);
      return { ok: true, view };
    }).immediate();
  }

  async rename(owner: string, id: string, name: string): Promise<Kept> {
    return this.db.transaction((): Kept => {
      const row = this.db.prepare<[string, string], Row>('SELECT * FROM views WHERE owner = ? AND id = ?').get(owner, id);
      if (row === undefined) return { ok: false, why: 'unknown' };
      const other = this.named(owner, name);
      if (other !== undefined && other !== id) return { ok: false, why: 'taken' };
      this.db.prepare('UPDATE views SET name = ?, name_key = ? WHERE owner = ? AND id = ?').run(name, nameKey(name), owner, id);
      return { ok: true, view: { ...toView(row), name } };
    }).immediate();
  }

  async remove(owner: string, id: string): Promise<boolean> {
    return this.db.prepare('DELETE FROM views WHERE owner = ? AND id = ?').run(owner, id).changes > 0;
  }

  async close(): Promise<void> {
    this.db.close();
  }

  private named(owner: string, name: string): string | undefined {
    return this.db.prepare<[string, string], { id: string }>('SELECT id FROM views WHERE owner = ? AND name_key = ?').get(owner, nameKey(name))?.id;
  }
}

const toView = ({ id, name, path, query, saved_at }: Row): SavedView => ({ id, name, path, query, savedAt: saved_at });
