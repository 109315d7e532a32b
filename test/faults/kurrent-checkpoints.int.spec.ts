import { describe, expect, it } from '@jest/globals';
import { events, fill, following, idsOf, until, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB server whose checkpoint is seen before the event it stands at', () => {
  it('leads nobody who follows past that event', () =>
    withKurrentLog(async (log, server) => {
      server.faults.earlyCheckpoints = true;
      const { seen, done } = following(log, 50, 10_000);
      await until(() => server.calls.subscribe === 1);
      for (let n = 0; n < 50; n++) await fill(log, 1);
      await done;
      expect(idsOf(seen)).toEqual(idsOf(await log.readAll({ after: 0n, limit: 100 })));
    }));
});

describe('who follows a category in which nothing is written', () => {
  it('looks at what is written elsewhere once, not again from where he was', () =>
    withKurrentLog(async (log, server) => {
      await fill(log, 1);
      const { seen, done } = following(log, 2);
      await until(() => seen.length === 1 && server.calls.subscribe === 1);
      const unit = events(600);
      await log.append('unit-1', unit, { expectedRevision: -1 });
      const before = server.calls.recordsRead;
      const looks = server.calls.read + 20;
      await until(() => server.calls.read >= looks);
      const readAgain = server.calls.recordsRead - before;
      await fill(log, 1);
      await done;
      expect(readAgain).toBeLessThan(2 * unit.length);
    }, { watchdogMs: 50 }));
});
