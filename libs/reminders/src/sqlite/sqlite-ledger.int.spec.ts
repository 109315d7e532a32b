import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { dumpTables, openSqliteReadModels, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { ledgerFeatures } from '../ledger.features.ts';
import { ReminderLedgerProjection, SqliteReminderLedger } from './sqlite-ledger.ts';

ledgerFeatures<SqliteTx>('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-ledger-'));
  const file = join(folder, 'read-models.db');
  const store = await openSqliteReadModels(file);
  const db = new Database(file);
  return {
    store,
    projection: () => new ReminderLedgerProjection(),
    ledger: (build) => new SqliteReminderLedger(db, build),
    dump: async (build) => [...dumpTables(db, build, new ReminderLedgerProjection().tables)].join('\n'),
    async clear() {
      db.close();
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
