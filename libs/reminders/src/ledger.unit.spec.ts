import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { everyEntry, type LedgerEntry, type ReminderLedger } from './ledger.ts';

it('the whole ledger is read page after page, each entry once, while mornings are decided', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 10 }), async (begun, by, grown) => {
      // Newest first, as every store answers.
      const all: number[] = Array.from({ length: begun }, (_, n) => begun - n);
      const growth = [...grown];
      const ledger: Pick<ReminderLedger, 'entries'> = {
        entries: async (_filter, { offset, limit }) => {
          const answer = { total: all.length, entries: all.slice(offset, offset + limit).map((n) => ({ n }) as LedgerEntry) };
          for (let more = growth.shift() ?? 0; more > 0; more--) all.unshift(all.length + 1);
          return answer;
        },
      };
      const read: number[] = [];
      for await (const entries of everyEntry(ledger, {}, by)) read.push(...entries.map(({ n }) => n));
      expect(read).toEqual(Array.from({ length: begun }, (_, n) => begun - n));
    }),
  );
});
