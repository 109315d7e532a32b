import { afterEach, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, parseInstant } from '#kernel';
import { LOG_FILE, READ_MODEL_FILE } from '../../apps/api/src/data-files.ts';
import { readModelRows } from '../support/dump.ts';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { CHILD_ENV, endLeftServers, spawnChildServer } from '../support/child-server.ts';
import { expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { FULL, told } from '../support/rounds.ts';

const TITLE = 'killed while read models are built';
const NOW = '2026-11-20T08:00:00+07:00';
const KILLS = FULL ? 60 : 4;
const TASKS = FULL ? 6_000 : 1_000;

const clock = (): ManualClock => new ManualClock(parseInstant(NOW)!);

async function dumpOf(dataDir: string): Promise<string> {
  const runtime = await openRuntime({ dataDir, clock: clock() });
  try {
    return await readModelRows(runtime);
  } finally {
    await runtime.close();
  }
}

/** Kills it after `ms`, or notes that it was done sooner. */
async function killAfter(child: ChildProcess, ms: number): Promise<'killed' | 'done'> {
  const gone = new Promise<'killed' | 'done'>((resolve) =>
    child.once('exit', (_, signal) => {
      resolve(signal === 'SIGKILL' ? 'killed' : 'done');
    }),
  );
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  const how = await gone;
  clearTimeout(timer);
  return how;
}

afterEach(endLeftServers);

test(`${TITLE}, by command or at start: the next start has them right, byte for byte`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-rebuild-'));
  const data = join(root, 'data');
  await writeHistory({ folder: data, units: 20, tasks: TASKS, seed: 5, now: NOW });
  const sound = await expectReadModelsAreFoldOfLog(data, clock());
  expect(sound.length).toBeGreaterThan(500_000);

  const ways: Readonly<Record<string, () => ChildProcess>> = {
    'rebuild of all': () =>
      spawn(process.execPath, ['apps/cli/launch.mjs', 'projections', 'rebuild', '--data', data], {
        env: { ...CHILD_ENV, NHACVIEC_NOW: NOW },
        stdio: 'ignore',
      }),
    'rebuild of one': () =>
      spawn(process.execPath, ['apps/cli/launch.mjs', 'projections', 'rebuild', 'figures', '--data', data], {
        env: { ...CHILD_ENV, NHACVIEC_NOW: NOW },
        stdio: 'ignore',
      }),
    'start without read models': () => {
      for (const suffix of ['', '-wal', '-shm']) rmSync(join(data, `${READ_MODEL_FILE}${suffix}`), { force: true });
      return spawnChildServer(data, { env: { NHACVIEC_NOW: NOW } });
    },
    // The server goes on after the start, so this one is always killed; what it recorded meanwhile is undone below.
    'start with read models': () => spawnChildServer(data, { env: { NHACVIEC_NOW: NOW } }),
  };
  const log = join(root, 'log');
  cpSync(join(data, LOG_FILE), log);
  const counts: Record<string, number> = { killed: 0, done: 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    const names = Object.keys(ways);
    const name = names[kill % names.length]!;
    // From the loading of the program to well into the building.
    const ms = 350 + Math.round((Math.floor(kill / names.length) * 137 + (kill % names.length) * 61) % 900);
    const how = await killAfter(ways[name]!(), ms);
    counts[how]! += 1;
    // A served start records passed deadlines in the log: first that what is there fits it, then the log as it was.
    await expectReadModelsAreFoldOfLog(data, clock());
    if (name.startsWith('start')) {
      for (const suffix of ['-wal', '-shm']) expect(existsSync(join(data, `${LOG_FILE}${suffix}`))).toBe(false);
      cpSync(log, join(data, LOG_FILE));
    }
    expect([kill, name, (await dumpOf(data)) === sound]).toEqual([kill, name, true]);
  }
  told(TITLE, { kills: counts['killed']!, 'done sooner': counts['done']!, tasks: TASKS });
  expect(counts['killed']).toBeGreaterThan(KILLS / 2);
  rmSync(root, { recursive: true, force: true });
}, 1_800_000);
