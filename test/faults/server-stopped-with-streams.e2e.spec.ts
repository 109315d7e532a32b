import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { ManualClock } from '#kernel';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { Assignments } from '../support/assignments.ts';
import { startChildServer } from '../support/child-server.ts';
import { expectOnce, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { SseClient } from '../support/sse.ts';

const CLIENTS = 500;

describe('a server told to stop while events stream', () => {
  it(`ends ${String(CLIENTS)} streams and itself with 0 within ten seconds, under load, with one client that takes nothing`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-stop-'));
    const { child, url } = await startChildServer(join(root, 'data'));
    const data = join(root, 'data');
    const client = new Assignments();
    await Assignments.makeUnit(url);
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => SseClient.open(`${url}/api/v1/stream`)));
    clients[0]!.pause();
    let stopping = false;
    let answered = 0;
    const writers = Promise.all(
      Array.from({ length: 8 }, async (_, w) => {
        for (let n = 0; !stopping; n++) {
          const status = await client.assign(url, `việc ${String(w)}-${String(n)}`);
          if (status === 0) break;
          expect([201, 503]).toContain(status);
          answered++;
        }
      }),
    );
    await Promise.all(clients.slice(1).map((client) => client.until(({ events }) => events.length >= 20)));

    const started = performance.now();
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const code = await ended;
    const took = performance.now() - started;
    stopping = true;
    await Promise.all(clients.slice(1).map(({ closed }) => closed));
    await writers;
    clients[0]!.cut();

    process.stdout.write(`Dừng với ${String(CLIENTS)} luồng, ${String(answered)} lệnh đã trả lời: ${took.toFixed(0)} ms\n`);
    expect(code).toBe(0);
    // Nothing waits for a connection: the last resort after nine seconds was not needed.
    expect(took).toBeLessThan(5_000);
    const seen = clients[1]!.events.map(({ id }) => Number(id));
    expect(seen).toEqual(seen.map((_, n) => seen[0]! + n));

    const clock = new ManualClock(Date.now());
    const log = await openSqliteEventLog({ file: join(data, LOG_FILE), clock, readOnly: true });
    await log.verify();
    expectOnce(await Assignments.countsIn(log), client);
    await log.close();
    await expectReadModelsAreFoldOfLog(data, clock);
    expect(client.acknowledged.size).toBeGreaterThan(10);
    rmSync(root, { recursive: true, force: true });
  });
});
