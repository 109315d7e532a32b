import { describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { fill, following, idsOf, until, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB subscription dropped because its consumer is too slow', () => {
  it('goes on from the last event, each time at once', () =>
    withKurrentLog(async (log, server) => {
      const { seen, done } = following(log, 301);
      const first = await fill(log, 1);
      await until(() => seen.length === 1);
      server.faults.dropAfter = 32;
      const rest: Awaited<ReturnType<typeof fill>>[number][] = [];
      for (let n = 0; n < 10; n++) {
        rest.push(...(await fill(log, 30)));
        await sleep(20);
      }
      await done;
      expect(server.calls.subscribe).toBeGreaterThan(3);
      expect(idsOf(seen)).toEqual(idsOf([...first, ...rest]));
    }));
});
