import { expect, test } from '@jest/globals';
import { instant, TestServer } from '../support/server.ts';
import { assignment, unit } from '../support/bodies.ts';
import { countsInLog, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const START = instant('2020-11-20T08:00:00+07:00');

/** What figures of a past day say; where the log stands is left out, for it grows. */
async function figuresOf(server: TestServer, asOf: string): Promise<string> {
  const { cells, parts, total, out, flow, rates } = await server.ok(`/figures?unitId=so-y-te&period=2020&asOf=${asOf}`);
  return JSON.stringify({ cells, parts, total, out, flow, rates });
}

test('a clock set back and forward by an hour and a year: recorded times never decrease, deadlines are recorded once, figures of past days stay', async () => {
  const server = await TestServer.start(START);
  try {
    await server.done('/units', unit('so-y-te'));
    const tasks: string[] = [];
    const assign = async (deadline: object): Promise<string> => {
      const { id } = await server.done(
        '/tasks',
        assignment({
          deadline,
          assignedOn: '2020-11-20',
          document: {
            number: `${String(tasks.length + 1)}/UBND-NC`,
            date: '2020-11-20',
            issuer: 'UBND tỉnh',
            title: 'Về việc báo cáo kết quả',
          },
        }),
      );
      tasks.push(id);
      return id;
    };
    for (const date of ['2020-11-23', '2020-11-24', '2020-12-10', '2021-06-15']) await assign({ date });
    await server.advance('2020-11-26T09:00:00+07:00');
    await server.caughtUp();

    const past = ['2020-11-20', '2020-11-23', '2020-11-25'];
    const before = await Promise.all(past.map((day) => figuresOf(server, day)));
    expect(JSON.parse(before[2]!)).toMatchObject({ cells: { O2: 2, O1: 2 } });

    let at = server.clock.now();
    const log = async () =>
      (await server.runtime.log.readAll({ after: 0n, limit: 10_000 })).map(({ recordedAt, type, stream }) => ({
        recordedAt,
        type,
        stream,
      }));
    // A year ahead the deadlines of December and June are over; back again they are as they were recorded: once.
    for (const [jump, restarts] of [
      [-HOUR, false],
      [HOUR, true],
      [-YEAR, false],
      [-HOUR, true],
      [YEAR, true],
      [HOUR, false],
      [YEAR, true],
      [-YEAR, true],
      [-HOUR, false],
      [YEAR, false],
    ] as const) {
      at += jump;
      server.clock.set(at);
      if (restarts) await server.restart();
      await server.runtime.deadlines.recordPassed();
      await server.done(`/tasks/${tasks[0]!}/progress`, { note: `sau khi chỉnh đồng hồ ${jump / HOUR} giờ` });
      const events = await log();
      expect(events.filter(({ recordedAt }, n) => n > 0 && recordedAt < events[n - 1]!.recordedAt)).toEqual([]);
      const overdue = new Map<string, number>();
      for (const { type, stream } of events) if (type === 'TaskBecameOverdue') overdue.set(stream, (overdue.get(stream) ?? 0) + 1);
      expect([...overdue.values()].filter((times) => times !== 1)).toEqual([]);
      expect(await Promise.all(past.map((day) => figuresOf(server, day)))).toEqual(before);
    }
    const overdue = await countsInLog(server.runtime.log, ({ type, stream }) => (type === 'TaskBecameOverdue' ? stream : undefined));
    expect([...overdue].sort()).toEqual(tasks.map((id) => [`task-${id}`, 1]).sort());
    await server.restart(async () => {
      await expectReadModelsAreFoldOfLog(server.dataDir, server.clock);
    });
  } finally {
    await server.stop();
  }
}, 120_000);
