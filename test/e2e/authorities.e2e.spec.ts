import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readTaskTable } from '#imports';
import { readSheetFile } from '#imports/xlsx/sheet-file';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

const OWN = { code: 'pho-chu-tich-a', name: 'Phó Chủ tịch Nguyễn Văn A' };
const write = (dataDir: string, text: string): void => {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'authorities.json'), text);
};

let server: TestServer;
let id: string;
beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'), (dataDir) => {
    write(dataDir, JSON.stringify([OWN]));
    return Promise.resolve();
  });
  await server.done('/units', unit('so-y-te', { name: 'Sở Y tế' }), 'admin');
  id = (await server.done<{ id: string }>('/tasks', assignment({ authority: OWN.code }))).id;
  await server.done('/tasks', assignment({ content: 'Việc của người trước', authority: 'pho-chu-tich-cu' }));
});
afterAll(async () => { await server.stop(); });

describe('the authorities that an office names in its data folder', () => {
  it('are told to the page in the order of lists, and which the office has named', async () => {
    const { authorities } = await server.ok<{ authorities: { code: string }[] }>('/system');
    expect(authorities.map(({ code }) => code)).toEqual(['ubnd-tinh', 'chu-tich', 'pho-chu-tich', 'pho-chu-tich-a', 'chinh-phu', 'thu-tuong']);
    expect(authorities).toContainEqual({ ...OWN, own: true });
    expect(authorities).toContainEqual({ code: 'chu-tich', name: 'Chủ tịch UBND tỉnh', own: false });
  });

  it('are called by name in stories and figures; one that is not on the list goes by its code', async () => {
    const { items } = await server.ok<{ items: { sentence: string }[] }>(`/tasks/${id}/events`);
    expect(items[0]!.sentence).toContain('Phó Chủ tịch Nguyễn Văn A giao Sở Y tế');
    const { groups } = await server.ok<{ groups: { key: string; label: string }[] }>('/figures?groupBy=authority&asOf=2020-11-16');
    expect(groups.map(({ key, label }) => [key, label])).toEqual([['pho-chu-tich-a', OWN.name], ['pho-chu-tich-cu', 'pho-chu-tich-cu']]);
  });

  it('go out in lists by name and come in again as who they are', async () => {
    const csv = Buffer.from(await (await fetch(`${server.url}/api/v1/tasks/export?format=csv&sort=code`)).arrayBuffer());
    expect(csv.toString()).toContain(`,${OWN.name},`);
    const { reference, tasks } = server.runtime;
    const context = { now: await tasks.now(), units: reference.directory, formerUnits: reference.everyUnit, calendar: reference.calendar, policy: reference.settings().fixedDatePolicy, createUnits: false, fileName: 'xuat' };
    const read = async (more: object): Promise<unknown[]> =>
      readTaskTable(await readSheetFile(csv), { ...context, ...more }).records.map(({ row, problems }) => (row?.facts[0]?.type === 'AssignTask' ? row.facts[0].task.authority : problems.map(({ code }) => code).join(' ')));
    expect(await read({ authorities: { ...reference.authorities, 'pho-chu-tich-cu': 'Phó Chủ tịch cũ' } })).toEqual(['pho-chu-tich-a', 'pho-chu-tich-cu']);
    // Whom nobody has named is not guessed.
    expect(await read({})).toEqual(['authority-unknown', 'authority-unknown']);
  });

  it('stop the program from starting where their file cannot be read, with its place', async () => {
    for (const [text, words] of [['[{"code": "a"', /authorities\.json: không đọc được JSON/], ['[{"code": "A B", "name": "x"}]', /authorities\.json\/0\/code: mã cần/]] as const) {
      await expect(server.restart(() => { write(server.dataDir, text); })).rejects.toMatchObject({ code: 'authorities-invalid', detail: expect.stringMatching(words) });
    }
    write(server.dataDir, JSON.stringify([OWN]));
    await server.restart();
    expect((await server.ok<{ authorities: object[] }>('/system')).authorities).toHaveLength(6);
  });
});
