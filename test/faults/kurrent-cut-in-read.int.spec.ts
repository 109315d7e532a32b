import { describe, expect, it } from '@jest/globals';
import { events, fill, following, idsOf, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB connection cut in the middle of a read', () => {
  it('leaves no gap and gives nothing twice', () =>
    withKurrentLog(async (log, server) => {
      const list = await fill(log, 300);
      server.faults.cutReads = [0, 7, 150];
      expect(idsOf(await log.readAll({ after: 0n, limit: 1_000 }))).toEqual(idsOf(list));
      server.faults.cutReads = [120, 3];
      expect(idsOf(await log.readAll({ after: 0n, limit: 1_000, direction: 'backwards' })).reverse()).toEqual(idsOf(list));
      await log.append('task-1', events(40), { expectedRevision: -1 });
      server.faults.cutReads = [10, 39];
      expect(await log.readStream('task-1')).toHaveLength(40);
      expect(server.faults.cutReads).toEqual([]);
    }));

  it('is not noticed by who follows the log', () =>
    withKurrentLog(async (log, server) => {
      const { seen, done } = following(log, 400);
      const list = [...(await fill(log, 100))];
      for (let round = 0; round < 3; round++) {
        server.cut();
        list.push(...(await fill(log, 100)));
      }
      await done;
      // Appends under way when the connection went are sent again, in another order.
      expect(idsOf(seen).sort()).toEqual(idsOf(list).sort());
      expect(idsOf(seen)).toEqual(idsOf(await log.readAll({ after: 0n, limit: 1_000 })));
    }));
});
