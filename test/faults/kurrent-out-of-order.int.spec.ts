import { describe, expect, it } from '@jest/globals';
import { LogDamagedError } from '#event-log';
import { fill, following, idsOf, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB server that delivers in another order', () => {
  it('is heard in the order of the log by who follows: none is lost, none comes twice', () =>
    withKurrentLog(async (log, server) => {
      server.faults.disorder = true;
      const { seen, done } = following(log, 400);
      for (let n = 0; n < 4; n++) await fill(log, 100);
      await done;
      expect(server.overtaken).toBeGreaterThan(0);
      const stored = await log.readAll({ after: 0n, limit: 1_000 });
      expect(idsOf(seen)).toEqual(idsOf(stored));
      expect(new Set(idsOf(seen)).size).toBe(400);
      expect(seen.every(({ position }, n) => n === 0 || position > seen[n - 1]!.position)).toBe(true);
    }));

  it('is not believed where it does so in what is read: told as damage, and nothing of it is given', () =>
    withKurrentLog(async (log, server) => {
      const list = await fill(log, 20);
      server.faults.disorderlyReads = true;
      await expect(log.readAll({ after: 0n, limit: 1_000 })).rejects.toThrow(LogDamagedError);
      server.faults.disorderlyReads = false;
      expect(idsOf(await log.readAll({ after: 0n, limit: 1_000 })).sort()).toEqual(idsOf(list).sort());
    }));
});
