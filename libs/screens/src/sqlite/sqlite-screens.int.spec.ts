import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { screenStoreFeatures } from '../screen-store.features.ts';
import { openSqliteScreens } from './sqlite-screens.ts';

screenStoreFeatures('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-screens-'));
  let store = await openSqliteScreens(join(folder, 'screens.sqlite'));
  return {
    store,
    async reopen() {
      await store.close();
      return (store = await openSqliteScreens(join(folder, 'screens.sqlite')));
    },
    async end() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
