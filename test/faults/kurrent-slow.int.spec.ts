import { describe, expect, it } from '@jest/globals';
import { events, fill, withKurrentLog } from '../support/kurrent-log.ts';

describe('a slow EventStoreDB server', () => {
  it('gets each append once, though attempts are given up and sent again', () =>
    withKurrentLog(
      async (log, server) => {
        await fill(log, 1);
        server.faults.slowMs = 600;
        setTimeout(() => { server.faults.slowMs = 20; }, 900);
        const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => log.append(`task-${String(n)}`, events(2), { expectedRevision: -1 })));
        expect(answers.every((answer) => answer.ok && answer.revision === 1)).toBe(true);
        expect(server.calls.append).toBeGreaterThan(11);
        expect((await log.head()).count).toBe(21);
      },
      { attemptMs: 300 },
    ));
});
