import { describe, expect, it } from '@jest/globals';
import { fill, following, idsOf, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB server that delivers twice', () => {
  it('is heard once, by readers and by who follows', () =>
    withKurrentLog(async (log, server) => {
      server.faults.duplicates = true;
      const { seen, done } = following(log, 120);
      const list = [...(await fill(log, 60)), ...(await fill(log, 60))];
      await done;
      expect(idsOf(seen)).toEqual(idsOf(list));
      expect(idsOf(await log.readAll({ after: 0n, limit: 1_000 }))).toEqual(idsOf(list));
      expect(idsOf(await log.readAll({ after: 0n, limit: 1_000, direction: 'backwards' })).reverse()).toEqual(idsOf(list));
      expect(await log.readStream(`task-${list[0]!.id}`)).toHaveLength(1);
      expect((await log.head()).count).toBe(120);
    }));

  it('ends nobody with an answer to an append that is not waited for any more', () =>
    withKurrentLog(async (log, server) => {
      server.faults.answersTwice = true;
      const list = [...(await fill(log, 20)), ...(await fill(log, 1))];
      expect(server.calls.append).toBe(21);
      expect(idsOf(await log.readAll({ after: 0n, limit: 100 }))).toEqual(idsOf(list));
    }));
});
