import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { projectorFeatures } from '../projector.features.ts';
import { openSqliteReadModels, readBuilds, tableOf, type SqliteTx } from './sqlite-read-models.ts';

projectorFeatures<SqliteTx>('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-projector-'));
  const file = join(folder, 'read-models.sqlite');
  return {
    open: () => openSqliteReadModels(file),
    init: ({ db, table }) => { db.exec(`CREATE TABLE ${table('counting')} (type TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT`); },
    count: ({ db, table }, key) => { db.prepare(`INSERT INTO ${table('counting')} VALUES (?, 1) ON CONFLICT (type) DO UPDATE SET n = n + 1`).run(key); },
    async counted(name) {
      const db = new Sqlite(file, { readonly: true });
      try {
        const build = readBuilds(db).find((one) => one.name === name && one.state === 'active');
        return build && Object.fromEntries(db.prepare<[], { type: string; n: number }>(`SELECT type, n FROM ${tableOf(build, 'counting')} ORDER BY type`).all().map(({ type, n }) => [type, n]));
      } finally {
        db.close();
      }
    },
    async clear() {
      rmSync(folder, { recursive: true, force: true });
    },
  };
});
