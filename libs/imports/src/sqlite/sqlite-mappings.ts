import SqliteDatabase, { type Database } from 'better-sqlite3';
import { MOST_MAPPINGS, type MappingStore } from '../mapping-store.ts';
import type { Mapping } from '../table.ts';

/** A file of its own: what is in it cannot be built anew from the log, and may be deleted. */
export function openSqliteMappings(file: string): MappingStore {
  const db = new SqliteDatabase(file);
  db.pragma('journal_mode = WAL');
  db.pragma('busy_timeout = 2000');
  db.pragma('synchronous = NORMAL');
  db.exec('CREATE TABLE IF NOT EXISTS mappings (owner TEXT NOT NULL, headings TEXT NOT NULL, mapping TEXT NOT NULL, used_at TEXT NOT NULL, PRIMARY KEY (owner, headings)) STRICT, WITHOUT ROWID');
  return new SqliteMappings(db);
}

class SqliteMappings implements MappingStore {
  private readonly db: Database;
  constructor(db: Database) {
    this.db = db;
  }

  async recall(owner: string, headings: string): Promise<Mapping | undefined> {
    const found = this.db.prepare<[string, string], { mapping: string }>('SELECT mapping FROM mappings WHERE owner = ? AND headings = ?').get(owner, headings);
    return found && (JSON.parse(found.mapping) as Mapping);
  }

  async remember(owner: string, headings: string, mapping: Mapping, at: string): Promise<void> {
    this.db.transaction(() => {
      this.db.prepare('INSERT INTO mappings (owner, headings, mapping, used_at) VALUES (?, ?, ?, ?) ON CONFLICT (owner, headings) DO UPDATE SET mapping = excluded.mapping, used_at = excluded.used_at').run(owner, headings, JSON.stringify(mapping), at);
      this.db.prepare('DELETE FROM mappings WHERE owner = ? AND headings NOT IN (SELECT headings FROM mappings WHERE owner = ? ORDER BY used_at DESC, headings LIMIT ?)').run(owner, owner, MOST_MAPPINGS);
    }).immediate();
  }

  async close(): Promise<void> {
    this.db.close();
  }
}
