import { expect, test } from '@jest/globals';
import { closeSync, existsSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { ManualClock, parseInstant } from '#kernel';
import { playDemo } from '../../apps/cli/src/demo.ts';
import { READ_MODEL_FILE } from '../../apps/api/src/data-files.ts';
import { readModelRows } from '../support/dump.ts';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { inFolder } from './log-writer.ts';

const clock = (): ManualClock => new ManualClock(parseInstant('2020-11-29T07:30:00+07:00')!);

async function dumpOf(dataDir: string): Promise<string> {
  const runtime = await openRuntime({ dataDir, clock: clock() });
  const dump = await readModelRows(runtime);
  await runtime.close();
  return dump;
}

test('a read-model file that is damaged at its head, in its middle, or found damaged while serving is built anew, the same', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data');
    await playDemo(data);
    const file = join(data, READ_MODEL_FILE);
    const sound = await dumpOf(data);
    expect(sound.length).toBeGreaterThan(10_000);

    writeFileSync(file, 'không phải cơ sở dữ liệu '.repeat(1_000));
    expect(await dumpOf(data)).toBe(sound);

    expect(statSync(file).size).toBeGreaterThan(40 * 4_096);
    const handle = openSync(file, 'r+');
    for (let at = 4_096; at < statSync(file).size; at += 4_096) writeSync(handle, Buffer.alloc(200, 0xa5), 0, 200, at);
    closeSync(handle);
    expect(await dumpOf(data)).toBe(sound);

    // As the projector leaves it behind when SQLite reports damage in the middle of its work.
    const db = new Sqlite(file);
    db.exec("UPDATE builds SET position = 1, event_id = ''");
    db.close();
    writeFileSync(`${file}.damaged`, '');
    expect(await dumpOf(data)).toBe(sound);
    expect(existsSync(`${file}.damaged`)).toBe(false);
  }), 120_000);

test('a stored text that makes no sense is damage, too: built anew, whether it is read to be served or to go on from, and no event is blamed for it', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data');
    await playDemo(data);
    const harm = (column: string, where: (table: string) => string, tables = 'figure_tasks'): void => {
      const db = new Sqlite(join(data, READ_MODEL_FILE));
      const table = db.prepare<[string], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE ? || '_%'").pluck().get(tables)!;
      expect(db.prepare(`UPDATE ${table} SET ${column} = substr(${column}, 1, length(${column}) - 1) WHERE ${where(table)}`).run().changes).toBe(1);
      db.close();
    };
    const sound = await dumpOf(data);
    harm('rows', () => 'rowid = 3');
    expect(await dumpOf(data)).toBe(sound);
    harm('coordination', (table) => `rowid = (SELECT min(rowid) FROM ${table} WHERE coordination <> '[]')`);
    expect(await dumpOf(data)).toBe(sound);

    const runtime = await openRuntime({ dataDir: data, clock: clock() });
    const [open] = await runtime.figureTasks.openOf('thanh-tra-tinh');
    await runtime.tasks.execute({ taskId: open!, actor: { id: 'office', role: 'office' }, prepare: () => ({ command: { type: 'WithdrawTask', reason: 'thử', occurredAt: clock().now(), byDay: false } }) });
    await runtime.close();
    harm('facts', () => `task_id = '${open!}'`, 'figure_facts');
    const gone = await openRuntime({ dataDir: data, clock: clock() });
    expect([await gone.projector.parked(), (await gone.figureTasks.openOf('thanh-tra-tinh')).includes(open!)]).toEqual([[], false]);
    await gone.close();
  }), 120_000);

test('a read-model file of a newer layout, or whose checkpoint names an event of another log, is built anew', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data');
    await playDemo(data);
    const sound = await dumpOf(data);
    for (const change of ['PRAGMA user_version = 99', "UPDATE builds SET event_id = '0190a2b4-0000-7000-8000-000000000000'", 'UPDATE builds SET version = 999', 'UPDATE builds SET position = 99999999']) {
      const db = new Sqlite(join(data, READ_MODEL_FILE));
      db.exec(change);
      db.close();
      expect(await dumpOf(data)).toBe(sound);
    }
  }), 120_000);

test('a foreign file in its place is refused by name and left as it is', () =>
  inFolder(async (folder) => {
    const file = join(folder, READ_MODEL_FILE);
    const db = new Sqlite(file);
    db.exec('CREATE TABLE of_somebody_else (a); PRAGMA application_id = 7');
    db.close();
    const before = readFileSync(file);
    await expect(openRuntime({ dataDir: folder, clock: clock() })).rejects.toMatchObject({ code: 'read-models-foreign', detail: expect.stringContaining(file) });
    expect(readFileSync(file)).toEqual(before);
  }));
