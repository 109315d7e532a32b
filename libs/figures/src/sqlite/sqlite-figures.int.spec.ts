import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { dumpTables, openSqliteReadModels, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { figureTasksFeatures } from '../figure-tasks.features.ts';
import { FiguresProjection, SqliteFigures } from './sqlite-figures.ts';

figureTasksFeatures<SqliteTx>('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-figures-'));
  const file = join(folder, 'read-models.db');
  const store = await openSqliteReadModels(file);
  const db = new Database(file);
  return {
    store,
    projection: () => new FiguresProjection(),
    figures: (build) => new SqliteFigures(db, build),
    dump: async (build) => [...dumpTables(db, build, new FiguresProjection().tables)].join('\n'),
    async clear() {
      db.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
