import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { peopleStoreFeatures } from '../people-store.features.ts';
import { openSqlitePeople } from './sqlite-people.ts';

peopleStoreFeatures('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-people-'));
  return {
    open: async () => openSqlitePeople(join(folder, 'people.sqlite')),
    clear: async () => rmSync(folder, { recursive: true }),
  };
});

it('leaves nothing of an erased person in any file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-people-'));
  const store = openSqlitePeople(join(folder, 'people.sqlite'));
  const person = { id: 'a', code: 'CB-1', name: 'Tên sẽ bị xóa', unitId: 'so-y-te', role: 'head', email: 'se-bi-xoa@so.example', phone: null, channels: [], quiet: null, dailyLimit: null, delegation: null, leftOn: null } as const;
  await store.save([person, { ...person, id: 'b', code: 'CB-2', name: 'Tên ở lại', email: null }]);
  const holds = (text: string): boolean => readdirSync(folder).some((file) => readFileSync(join(folder, file)).includes(text));
  expect([holds('se-bi-xoa'), holds('Tên ở lại')]).toEqual([true, true]);
  await store.erase('a');
  expect([holds('se-bi-xoa'), holds('Tên sẽ bị xóa'), holds('Tên ở lại')]).toEqual([false, false, true]);
  await store.close();
  rmSync(folder, { recursive: true });
});
