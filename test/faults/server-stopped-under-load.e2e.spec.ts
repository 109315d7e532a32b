import { afterEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { Assignments } from '../support/assignments.ts';
import { endChild, endLeftServers, startChildServer } from '../support/child-server.ts';
import { expectOnce, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { FULL, told } from '../support/rounds.ts';

const TITLE = 'SIGTERM under load';
const CONNECTIONS = FULL ? 1_500 : 400;
const ROUNDS = FULL ? 10 : 1;
const WRITERS = 16;

/** Open connections as they are found on any day: silent ones, ones kept after an answer, requests that are never finished (the last is waited for, for nine seconds). */
const ALL_OPENINGS = [
  '',
  'GET /api/v1/health/live HTTP/1.1\r\nHost: x\r\n\r\n',
  'GET /api/v1/health/live HTTP/1.1\r\nHo',
  'POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"content":',
] as const;
const OPENINGS = FULL ? ALL_OPENINGS : ALL_OPENINGS.slice(0, 3);

async function hold(url: string, count: number): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(url);
  return Promise.all(
    Array.from(
      { length: count },
      (_, n) =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(Number(port), hostname, () => {
            socket.write(OPENINGS[n % OPENINGS.length]!);
            resolve(socket);
          });
          socket.resume();
          socket.once('error', reject);
          socket.on('error', () => undefined);
        }),
    ),
  );
}

afterEach(endLeftServers);

test(`${TITLE}: with ${CONNECTIONS} connections open it exits 0 within ten seconds, and everything acknowledged is in the log`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-stop-'));
    const data = join(root, 'data');
    const { child, url } = await startChildServer(data);
    await Assignments.makeUnit(url);
    const held = await hold(url, CONNECTIONS);
    const client = new Assignments();
    let stopping = false;
    const writers = Array.from({ length: WRITERS }, async (_, w) => {
      for (let n = 0; !stopping; n++) if ((await client.assign(url, `việc ${round}-${w}-${n}`)) === 0) return;
    });
    // Under way for a while, and on a slow machine until every writer has been answered more than once.
    await new Promise((resolve) => setTimeout(resolve, 600));
    for (let tries = 0; tries < 200 && client.acknowledged.size <= WRITERS * 2; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    const from = performance.now();
    const code = await endChild(child, 'SIGTERM');
    const took = performance.now() - from;
    stopping = true;
    await Promise.all(writers);
    for (const socket of held) socket.destroy();
    told(TITLE, {
      connections: CONNECTIONS,
      round: round + 1,
      acknowledged: client.acknowledged.size,
      'without answer': client.unknown.size,
      'stopped after ms': Math.round(took),
    });
    expect([code, took < 10_000]).toEqual([0, true]);
    expect(client.acknowledged.size).toBeGreaterThan(WRITERS);
    const log = await openSqliteEventLog({ file: join(data, LOG_FILE), clock: new ManualClock(Date.now()), readOnly: true });
    await log.verify();
    expectOnce(await Assignments.countsIn(log), client);
    await log.close();
    await expectReadModelsAreFoldOfLog(data, new ManualClock(Date.now()));
    rmSync(root, { recursive: true, force: true });
  }
}, 300_000);
