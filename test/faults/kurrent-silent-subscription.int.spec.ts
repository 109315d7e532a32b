import { describe, expect, it } from '@jest/globals';
import { events, fill, following, idsOf, until, withKurrentLog } from '../support/kurrent-log.ts';

describe('an EventStoreDB subscription that goes silent', () => {
  it('is found by the watchdog and begun again, without gap or double', () =>
    withKurrentLog(async (log, server) => {
      const before = await fill(log, 20);
      const { seen, done } = following(log, 60);
      await until(() => seen.length === 20 && server.calls.subscribe === 1);
      server.silence();
      const after = await fill(log, 40);
      await done;
      expect(idsOf(seen)).toEqual(idsOf([...before, ...after]));
    }));

  it('is left alone while nothing is written for it', () =>
    withKurrentLog(async (log, server) => {
      await fill(log, 5);
      const { seen, done } = following(log, 6);
      await until(() => server.calls.subscribe === 1);
      for (let n = 0; n < 10; n++) {
        await log.append(`unit-${String(n)}`, events(1), { expectedRevision: -1 });
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(server.calls.subscribe).toBe(1);
      await fill(log, 1);
      await done;
      expect(seen).toHaveLength(6);
    }));
});
