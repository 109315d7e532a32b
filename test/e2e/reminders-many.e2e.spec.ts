import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { CATALOGUE } from '../../apps/api/src/understood-log.ts';
import { loadDefaultCalendar, readDeadline } from '#deadlines';
import type { JsonObject } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { ManualClock, startOfDay, systemIds } from '#kernel';
import { personIdOf } from '#people';
import { openSmtp } from '#reminders/smtp/smtp-channel';
import { instant, TestServer } from '../support/server.ts';
import { SmtpSink } from '../support/smtp-sink.ts';

const UNITS = 10;
const TASKS = 10_000;
const ASSIGNED = '2026-09-01';
const DUE = '2026-11-27';
const BEFORE = '2026-11-26T08:00:00+07:00';

/** All of it assigned on one day, all of it due on another. */
async function writeTasks(dataDir: string): Promise<void> {
  const log = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock: new ManualClock(startOfDay(ASSIGNED) + 8 * 3_600_000) });
  const reading = readDeadline({ date: DUE }, { documentDate: ASSIGNED, receivedOn: ASSIGNED, policy: 'none', calendar: loadDefaultCalendar() });
  if (!reading.ok) throw new Error(reading.detail);
  const data = (n: number): JsonObject => ({
    document: { number: `${String(n % 500)}/UBND`, date: ASSIGNED, issuer: 'UBND tỉnh', title: 'Văn bản minh họa' }, content: `Việc minh họa ${String(n)}`, authority: 'ubnd-tinh',
    leadUnitId: `don-vi-${String(n % UNITS)}`, coordinatingUnitIds: [], assignedOn: ASSIGNED, deadline: reading.deadline as unknown as JsonObject,
  });
  const metadata = { actor: { id: 'office', role: 'office' } } as const;
  for (let from = 0; from < TASKS; from += 1_000) {
    await log.appendMany(Array.from({ length: 1_000 }, (_, k) => ({
      stream: `task-${systemIds.next()}`, expectedRevision: -1,
      events: [{ id: systemIds.next(), type: 'TaskAssigned', schema: CATALOGUE.schemaOf('TaskAssigned'), data: data(from + k), occurredAt: startOfDay(ASSIGNED), metadata }],
    })));
  }
  await log.close();
}

describe('ten thousand tasks that are due on one day', () => {
  let server: TestServer;
  let sink: SmtpSink;
  beforeAll(async () => {
    sink = await SmtpSink.start();
    server = await TestServer.start(instant(BEFORE), writeTasks, [openSmtp({ url: sink.url, from: 'Nhắc Việc <nhacviec@tinh.example>' })]);
    for (let n = 0; n < UNITS; n++) await server.done('/units', { id: `don-vi-${String(n)}`, name: `Đơn vị ${String(n)}`, shortName: `ĐV ${String(n)}`, kind: 'so' }, 'admin');
    const people = Array.from({ length: UNITS }, (_, n) => `CB${String(n)},Người ${String(n)},don-vi-${String(n)},người trả lời nhắc việc,cb${String(n)}@so.example`);
    await server.done('/people/import', { csv: `Mã,Họ và tên,Đơn vị,Vai trò,Thư điện tử\n${people.join('\n')}\n` }, 'admin');
    await server.runtime.reminders.tick();
  }, 120_000);
  afterAll(async () => {
    await server.stop();
    await sink.stop();
  });

  it('are one mail to each who answers for them, and one record for each task', async () => {
    await server.advance(`${DUE}T07:00:00+07:00`);
    await server.runtime.reminders.tick();
    await server.caughtUp();
    const { ledger } = server.runtime;
    const tasks = new Set<string>();
    for (let n = 0; n < UNITS; n++) {
      const recipientId = personIdOf(`CB${String(n)}`);
      const { total, entries } = await ledger.entries({ recipientId, from: DUE, to: DUE }, { offset: 0, limit: 2_000 });
      expect([total, entries.length, new Set(entries.map(({ item }) => item.taskId)).size]).toEqual([TASKS / UNITS, TASKS / UNITS, TASKS / UNITS]);
      for (const { item } of entries) {
        expect(item.unitId).toBe(`don-vi-${String(n)}`);
        tasks.add(item.taskId);
      }
    }
    expect(tasks.size).toBe(TASKS);
    expect(sink.received.map(({ to }) => to[0]).sort()).toEqual(Array.from({ length: UNITS }, (_, n) => `cb${String(n)}@so.example`).sort());
    // Looked at again, it is not sent again.
    await server.runtime.reminders.tick();
    expect(sink.received).toHaveLength(UNITS);
  }, 120_000);
});
