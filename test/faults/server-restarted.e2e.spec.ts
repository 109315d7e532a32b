import { afterEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addDays, isoInstant, ManualClock, startOfDay, type Day } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { Assignments } from '../support/assignments.ts';
import { endChild, endLeftServers, startChildServer } from '../support/child-server.ts';
import { countsInLog, expectOnce, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { FULL, told } from '../support/rounds.ts';

const TITLE = 'restarts one after another';
const RESTARTS = FULL ? 50 : 5;
const FIRST: Day = '2020-03-02';
const PER_LIFE = 4;

afterEach(endLeftServers);

test(`${TITLE}: after each of ${RESTARTS} it is ready, nothing is lost, and every deadline that passed meanwhile is recorded once`, async () => {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-restart-'));
  const data = join(root, 'data');
  const client = new Assignments();
  let day = FIRST;
  const from = performance.now();
  for (let life = 0; life <= RESTARTS; life++) {
    // Three days pass between two lives, so that deadlines do.
    day = addDays(FIRST, life * 3);
    const { child, url } = await startChildServer(data, { env: { NHACVIEC_NOW: isoInstant(startOfDay(day) + 9 * 3_600_000) } });
    if (life === 0) await Assignments.makeUnit(url);
    expect([life, (await fetch(`${url}/api/v1/health/ready`)).status]).toEqual([life, 200]);
    await Promise.all(
      Array.from({ length: PER_LIFE }, (_, n) =>
        client.assign(url, `việc ${life}-${n}`, { assignedOn: day, deadline: { date: addDays(day, 1 + n) } }),
      ),
    );
    expect(client.acknowledged.size).toBe((life + 1) * PER_LIFE);
    await endChild(child, life % 2 === 0 ? 'SIGTERM' : 'SIGKILL');
  }
  const seconds = (performance.now() - from) / 1_000;
  told(TITLE, { restarts: RESTARTS, seconds: seconds.toFixed(1), tasks: client.acknowledged.size });

  const clock = new ManualClock(startOfDay(day) + 10 * 3_600_000);
  const log = await openSqliteEventLog({ file: join(data, LOG_FILE), clock, readOnly: true });
  await log.verify();
  expectOnce(await Assignments.countsIn(log), client);
  const overdue = await countsInLog(log, ({ type, stream }) => (type === 'TaskBecameOverdue' ? stream : undefined));
  expect([...overdue].filter(([, times]) => times !== 1)).toEqual([]);
  // By the last start those of the lives before the last two are over, weekends and holidays included.
  expect(overdue.size).toBeGreaterThanOrEqual((RESTARTS - 3) * PER_LIFE);
  await log.close();
  await expectReadModelsAreFoldOfLog(data, clock);
  rmSync(root, { recursive: true, force: true });
}, 300_000);
