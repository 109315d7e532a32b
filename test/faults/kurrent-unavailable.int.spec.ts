import { describe, expect, it } from '@jest/globals';
import { LogUnavailableError, OutcomeUnknownError } from '#event-log';
import { events, fill, following, idsOf, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB server that goes and comes back', () => {
  it('is waited for by appends, reads and subscriptions', () =>
    withKurrentLog(async (log, server) => {
      const before = await fill(log, 10);
      const { seen, done } = following(log, 12);
      await server.refuse();
      const [first] = events(1);
      const appending = log.append('task-1', [first!], { expectedRevision: -1 });
      const reading = log.readAll({ after: 0n, limit: 10 });
      setTimeout(() => void server.listen(), 700);
      expect(await appending).toMatchObject({ ok: true, revision: 0 });
      expect(idsOf(await reading)).toEqual(idsOf(before));
      const [last] = await fill(log, 1);
      await done;
      expect(idsOf(seen)).toEqual(idsOf([...before, first!, last!]));
    }));

  it('is said to be away, and the same append goes through later', () =>
    withKurrentLog(
      async (log, server) => {
        await fill(log, 1);
        await server.refuse();
        const batch = events(2);
        await expect(log.readAll({ after: 0n, limit: 10 })).rejects.toThrow(LogUnavailableError);
        const error: unknown = await log.append('task-1', batch, { expectedRevision: -1 }).catch((e: unknown) => e);
        // Which of the two depends on whether the first attempt was already on the old connection.
        expect(error instanceof OutcomeUnknownError || error instanceof LogUnavailableError).toBe(true);
        await server.listen();
        expect(await log.append('task-1', batch, { expectedRevision: -1 })).toMatchObject({ ok: true, revision: 1 });
        expect((await log.head()).count).toBe(3);
      },
      { totalMs: 400 },
    ));
});
