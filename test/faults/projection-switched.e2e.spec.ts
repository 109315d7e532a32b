import { afterEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { ManualClock, parseInstant } from '#kernel';
import { READ_MODEL_FILE } from '../../apps/api/src/data-files.ts';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { Assignments } from '../support/assignments.ts';
import { endChild, endLeftServers, startChildServer } from '../support/child-server.ts';
import { expectOnce, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { FULL, told } from '../support/rounds.ts';

const TITLE = 'killed while a new build takes the place of the one that serves';
const DAY = '2026-11-20';
const NOW = `${DAY}T08:00:00+07:00`;
const KILLS = FULL ? 60 : 3;
const TASKS = FULL ? 1_500 : 400;
const WRITERS = 4;
/** When the kill comes: as soon as the new build is near the end of the log, or the switch is seen, or some time after that, while it is read into memory. */
const MOMENTS = ['near the end', 'switched', 'being loaded'] as const;

const clock = (): ManualClock => new ManualClock(parseInstant(NOW)!);

interface BuildRow {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly position: number;
}

function buildsIn(data: string): readonly BuildRow[] {
  const db = new Sqlite(join(data, READ_MODEL_FILE), { timeout: 5_000 });
  try {
    return db.prepare<[], BuildRow>('SELECT id, name, state, position FROM builds ORDER BY id').all();
  } finally {
    db.close();
  }
}

afterEach(endLeftServers);

test(`${TITLE}, under load: one build of each serves at any time, and the next start answers what the log says`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-switch-'));
  const data = join(root, 'data');
  await writeHistory({ folder: data, units: 20, tasks: TASKS, seed: 7, now: NOW });
  const client = new Assignments();
  const counts = { 'old one served': 0, 'new one served': 0 };
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, url } = await startChildServer(data, { env: { NHACVIEC_NOW: NOW } });
    if (kill === 0) await Assignments.makeUnit(url);
    await client.sendAgain(url);
    const name = kill % 2 === 0 ? 'figures' : 'task-board';
    const before = buildsIn(data).find((build) => build.name === name && build.state === 'active')!;
    let writing = true;
    const writers = Array.from({ length: WRITERS }, async (_, w) => {
      for (let n = 0; writing; n++) {
        await client.assign(url, `việc ${kill}-${w}-${n}`, { assignedOn: DAY });
        await sleep(10);
      }
    });
    const asked = await fetch(`${url}/api/v1/projections/${name}/rebuild`, { method: 'POST', headers: { 'X-Actor': 'admin' } });
    expect(asked.status).toBe(202);
    const moment = MOMENTS[kill % MOMENTS.length]!;
    const db = new Sqlite(join(data, READ_MODEL_FILE), { readonly: true });
    const newest = db.prepare<[string], BuildRow>('SELECT id, name, state, position FROM builds WHERE name = ? ORDER BY id DESC LIMIT 1');
    for (;;) {
      const build = newest.get(name)!;
      if (build.id > before.id && (build.state === 'active' || (moment === 'near the end' && build.position > before.position * 0.8)))
        break;
      await sleep(1);
    }
    if (moment === 'being loaded') await sleep(Math.floor(kill / MOMENTS.length) * 3);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    db.close();
    writing = false;
    await Promise.all(writers);

    const serving = buildsIn(data).filter(({ state }) => state === 'active');
    expect([kill, moment, serving.map((build) => build.name).sort()]).toEqual([kill, moment, ['audit-trail', 'figures', 'reminder-ledger', 'task-board']]);
    const switched = serving.find((build) => build.name === name)!.id !== before.id;
    counts[switched ? 'new one served' : 'old one served'] += 1;
    if (moment !== 'near the end') expect([kill, switched]).toEqual([kill, true]);
    await expectReadModelsAreFoldOfLog(data, clock());
  }
  const { child, url } = await startChildServer(data, { env: { NHACVIEC_NOW: NOW } });
  await client.sendAgain(url);
  await endChild(child, 'SIGTERM');
  told(TITLE, { kills: KILLS, ...counts, acknowledged: client.acknowledged.size });
  expect([client.unknown.size, client.refused.size]).toEqual([0, 0]);
  const runtime = await openRuntime({ dataDir: data, clock: clock() });
  expectOnce(await Assignments.countsIn(runtime.log), client);
  expect(await runtime.board.count()).toBe(TASKS + client.acknowledged.size);
  await runtime.close();
  expect(client.acknowledged.size).toBeGreaterThan(KILLS);
  rmSync(root, { recursive: true, force: true });
}, 1_800_000);
