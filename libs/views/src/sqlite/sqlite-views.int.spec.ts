import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { viewStoreFeatures } from '../view-store.features.ts';
import { openSqliteViews } from './sqlite-views.ts';

viewStoreFeatures('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-views-'));
  return {
    open: async () => openSqliteViews(join(folder, 'views.sqlite')),
    clear: async () => rmSync(folder, { recursive: true }),
  };
});
