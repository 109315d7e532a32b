import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { dumpTables, openSqliteReadModels, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { auditTrailFeatures } from '../audit-trail.features.ts';
import { AuditTrailProjection, SqliteAuditTrail } from './sqlite-audit-trail.ts';

auditTrailFeatures<SqliteTx>('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-trail-'));
  const file = join(folder, 'read-models.db');
  const store = await openSqliteReadModels(file);
  const db = new Database(file);
  return {
    store,
    projection: () => new AuditTrailProjection(),
    trail: (build) => new SqliteAuditTrail(db, build),
    dump: async (build) => [...dumpTables(db, build, new AuditTrailProjection().tables)].join('\n'),
    async clear() {
      db.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
