import { describe, expect, it } from '@jest/globals';
import { OutcomeUnknownError } from '#event-log';
import { events, fill, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB server that writes and does not say so', () => {
  it('has each append exactly once after it is sent again', () =>
    withKurrentLog(async (log, server) => {
      for (const fault of ['timeoutsAfterWriting', 'cutsAfterWriting'] as const) {
        const [a, b] = [`task-${fault}-1`, `task-${fault}-2`];
        server.faults[fault] = 2;
        const batch = events(3);
        expect(await log.append(a, batch, { expectedRevision: -1 })).toMatchObject({ ok: true, revision: 2, repeated: false });
        expect(await log.append(a, events(1), { expectedRevision: 2 })).toMatchObject({ ok: true, revision: 3 });
        server.faults[fault] = 1;
        const answers = await Promise.all([log.append(b, events(2), { expectedRevision: -1 }), log.append(a, events(1), { expectedRevision: 3 })]);
        expect(answers).toMatchObject([{ ok: true, revision: 1 }, { ok: true, revision: 4 }]);
        expect(await log.readStream(a)).toHaveLength(5);
        expect(await log.readStream(b)).toHaveLength(2);
      }
      expect((await log.head()).count).toBe(14);
    }));

  it('has an import exactly once', () =>
    withKurrentLog(async (log, server) => {
      const appends = Array.from({ length: 20 }, (_, n) => ({ stream: `task-${String(n)}`, expectedRevision: -1, events: events(2) }));
      server.faults.timeoutsAfterWriting = 3;
      expect(await log.appendMany(appends)).toMatchObject({ ok: true });
      expect((await log.head()).count).toBe(40);
    }));

  it('leaves the outcome unknown when it never answers, and the repeat finds out', () =>
    withKurrentLog(
      async (log, server) => {
        await fill(log, 1);
        const batch = events(2);
        server.faults.timeoutsAfterWriting = 1_000;
        await expect(log.append('task-1', batch, { expectedRevision: -1 })).rejects.toThrow(OutcomeUnknownError);
        server.faults.timeoutsAfterWriting = 0;
        expect(await log.append('task-1', batch, { expectedRevision: -1 })).toMatchObject({ ok: true, revision: 1, repeated: true });
        expect((await log.head()).count).toBe(3);
      },
      { totalMs: 500 },
    ));
});
