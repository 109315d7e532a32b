import { afterEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { ManualClock, systemClock, systemIds } from '#kernel';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { Assignments } from '../support/assignments.ts';
import { endChild, endLeftServers, startChildServer } from '../support/child-server.ts';
import { expectOnce, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';

interface Parked {
  readonly projection: string;
  readonly eventId: string;
  readonly stream: string;
}

afterEach(endLeftServers);

test('an event that no projection can take sets its own stream aside, the others go on; skipped, the read models are again what the log says', async () => {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-poison-'));
  const data = join(root, 'data');
  const { child, url } = await startChildServer(data);
  const call = async (method: 'GET' | 'POST', path: string, body?: object): Promise<{ status: number; body: any }> => {
    const response = await fetch(`${url}/api/v1/${path}`, { method, headers: { 'X-Actor': 'admin', 'Content-Type': 'application/json' }, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, body: await response.json() };
  };
  await Assignments.makeUnit(url);
  const client = new Assignments();
  const assign = async (from: number, to: number): Promise<void> => {
    for (let n = from; n < to; n++) expect(await client.assign(url, `việc ${String(n)}`)).toBe(201);
  };
  await assign(0, 5);
  const tasks = async (): Promise<{ readonly total: number; readonly items: readonly { readonly id: string }[] }> => (await call('GET', 'tasks?limit=100')).body;
  const parked = async (): Promise<readonly Parked[]> => (await call('GET', 'parked')).body.items;
  /** What is derived may be a moment behind. */
  const until = async (holds: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; !(await holds()); tries++) {
      if (tries > 200) throw new Error(`not so within twenty seconds: ${JSON.stringify([(await tasks()).total, await parked()])}`);
      await sleep(100);
    }
  };
  await until(async () => (await tasks()).total === 5);
  const victim = (await tasks()).items[0]!.id;

  // As no command of the program would write it: an assignment with nothing in it, and a deadline granted that is none.
  const poison = (type: string) => ({ id: systemIds.next(), type, schema: 1, data: {}, occurredAt: Date.now(), metadata: { actor: { id: 'office', role: 'office' } } }) as const;
  const [empty, granted] = [poison('TaskAssigned'), poison('ExtensionGranted')];
  const log = await openSqliteEventLog({ file: join(data, LOG_FILE), clock: systemClock });
  await log.append(`task-${systemIds.next()}`, [empty], { expectedRevision: -1 });
  await log.append(`task-${victim}`, [granted], { expectedRevision: 0 });
  await log.close();
  await assign(5, 25);

  await until(async () => (await parked()).some(({ projection, eventId }) => projection === 'audit-trail' && eventId === granted.id) && (await tasks()).total === 25);
  const aside = await parked();
  expect(new Set(aside.map(({ eventId }) => eventId))).toEqual(new Set([empty.id, granted.id]));
  expect(aside.filter(({ eventId }) => eventId === empty.id).map(({ projection }) => projection).sort()).toEqual(['audit-trail', 'figures', 'task-board']);
  expect((await call('GET', 'figures')).body.total).toBe(25);

  for (const { projection, eventId } of aside) expect((await call('POST', `parked/${eventId}/skip`, { projection, reason: 'ghi nhầm khi thử' })).status).toBe(200);
  expect(await parked()).toEqual([]);
  // The stream that was set aside is back: what is told of its task now counts.
  await assign(25, 26);
  await until(async () => (await tasks()).total === 26);
  await endChild(child, 'SIGTERM');

  const clock = new ManualClock(Date.now());
  await expectReadModelsAreFoldOfLog(data, clock);
  const kept = await openSqliteEventLog({ file: join(data, LOG_FILE), clock, readOnly: true });
  await kept.verify();
  expectOnce(await Assignments.countsIn(kept), client);
  await kept.close();
  expect(client.acknowledged.size).toBe(26);
  rmSync(root, { recursive: true, force: true });
}, 120_000);
