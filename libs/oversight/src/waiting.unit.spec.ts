import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { played } from '#figures/builders.features';
import { addDays, endOfDay } from '#kernel';
import { foldAt, repair } from '#tasks';
import { LIVES_DAYS, LIVES_FROM, logArb } from '#tasks/lives.features';
import { waitsOf, waitsTold } from './waiting.ts';

const FULL = process.env['NHACVIEC_FULL'] !== undefined;

describe('what waits by the marks of a task', () => {
  it('is at every two times what waits by its facts folded anew', () => {
    const seen: Record<string, number> = {};
    const pointArb = fc.record({ back: fc.noBias(fc.nat({ max: LIVES_DAYS + 12 })), known: fc.noBias(fc.nat({ max: 160 })).map((n) => (n < 8 || n > 70 ? null : BigInt(n))) });
    fc.assert(
      fc.property(logArb(4, 70), fc.array(pointArb, { minLength: 6, maxLength: 6 }), ({ tasks }, points) => {
        const { columns, marks } = played(tasks);
        for (const { back, known } of points) {
          const at = endOfDay(addDays(LIVES_FROM, back)) - 1;
          for (const { taskId, facts } of tasks) {
            const heard = facts.filter(({ position }) => known === null || position <= known);
            const state = foldAt(heard, at);
            if (state.kind === 'none' || (state.work !== 'open' && state.work !== 'submitted')) continue;
            const plain = ({ lead, deciders }: ReturnType<typeof waitsTold>): unknown => [lead, deciders].map((list) => list.map(({ kind, since }) => [kind, since]));
            const expected = waitsOf(state, repair(heard).effective.filter((fact) => fact.occurredAt <= at));
            expect(plain(waitsTold(marks.read(columns.numberOfTask(taskId)!, at, known), state.work === 'open'))).toEqual(plain(expected));
            for (const { kind } of [...expected.lead, ...expected.deciders]) seen[kind] = (seen[kind] ?? 0) + 1;
          }
        }
      }),
      { seed: 20_201_128, numRuns: FULL ? 2_400 : 150 },
    );
    expect([Object.keys(seen).sort(), Object.values(seen).filter((n) => n < 2)]).toEqual([['confirm', 'explain', 'extension', 'extension-answer', 'receive', 'redo', 'return'], []]);
  });
});
