import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '#kernel';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { Assignments } from '../support/assignments.ts';
import { endChild, endLeftServers, startChildServer } from '../support/child-server.ts';
import { expectOnce, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { FULL, told } from '../support/rounds.ts';

/** `.ci/run` asks for more than `npm test` has time for. */
const KILLS = FULL ? 50 : Number(process.env['NHACVIEC_KILLS'] ?? 8);
const WRITERS = 16;

afterEach(endLeftServers);

describe('a server killed under load', () => {
  it(`loses no acknowledged task and doubles none, ${String(KILLS)} times`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-kill-'));
    const data = join(root, 'data');
    const client = new Assignments();
    for (let kill = 0; kill <= KILLS; kill++) {
      const { child, url } = await startChildServer(data);
      if (kill === 0) await Assignments.makeUnit(url);
      await client.sendAgain(url);
      if (kill === KILLS) {
        await endChild(child, 'SIGTERM');
        break;
      }
      let killed = false;
      const writers = Array.from({ length: WRITERS }, async (_, w) => {
        for (let n = 0; !killed; n++) await client.assign(url, `việc ${String(kill)}-${String(w)}-${String(n)}`);
      });
      await new Promise((resolve) => setTimeout(resolve, 150 + (kill % 5) * 60));
      child.kill('SIGKILL');
      killed = true;
      await Promise.all(writers);
    }
    expect([client.unknown.size, client.refused.size]).toEqual([0, 0]);
    told('a server killed under load', { kills: KILLS, acknowledged: client.acknowledged.size });

    const clock = new ManualClock(Date.now());
    await expectReadModelsAreFoldOfLog(data, clock);
    const runtime = await openRuntime({ dataDir: data, clock });
    const contents = await Assignments.countsIn(runtime.log);
    expectOnce(contents, client);
    expect([...contents].filter(([, n]) => n > 1)).toEqual([]);
    expect(await runtime.board.count()).toBe(contents.size);
    expect(client.acknowledged.size).toBeGreaterThan(KILLS * 10);
    await runtime.close();
    rmSync(root, { recursive: true, force: true });
  }, 600_000);
});
