import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mappingStoreFeatures } from '../mapping-store.features.ts';
import { openSqliteMappings } from './sqlite-mappings.ts';

mappingStoreFeatures('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-mappings-'));
  return {
    open: async () => openSqliteMappings(join(folder, 'imports.sqlite')),
    clear: async () => rmSync(folder, { recursive: true }),
  };
});
