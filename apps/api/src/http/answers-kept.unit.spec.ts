import { describe, expect, it } from '@jest/globals';
import type { Columns } from '#figures';
import { AnswersKept, parametersKey, presentKey } from './answers-kept.ts';

const columns = (): Columns => ({}) as Columns;

describe('answers that many ask for', () => {
  it('are made once while one is under way, and given again afterwards', async () => {
    const kept = new AnswersKept();
    const of = columns();
    let made = 0;
    const answer = async (): Promise<object> => ({ n: ++made });
    expect(await Promise.all([kept.of('a', of, answer), kept.of('a', of, answer)])).toEqual([{ n: 1 }, { n: 1 }]);
    expect(await kept.of('a', of, answer)).toEqual({ n: 1 });
    expect(await kept.of('b', of, answer)).toEqual({ n: 2 });
  });

  it('are made anew from other columns, and after one that failed', async () => {
    const kept = new AnswersKept();
    const [before, after] = [columns(), columns()];
    await kept.of('a', before, async () => ({ n: 1 }));
    expect(await kept.of('a', after, async () => ({ n: 2 }))).toEqual({ n: 2 });
    await expect(kept.of('c', after, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await kept.of('c', after, async () => ({ n: 3 }))).toEqual({ n: 3 });
  });

  it('are so many: the one that nobody asked for longest goes', async () => {
    const kept = new AnswersKept(2);
    const of = columns();
    let made = 0;
    const ask = (key: string): Promise<object> => kept.of(key, of, async () => ({ n: ++made }));
    for (const key of ['a', 'b', 'a', 'c']) await ask(key);
    expect(await ask('a')).toEqual({ n: 1 });
    expect(await ask('b')).toEqual({ n: 4 });
  });
});

describe('their keys', () => {
  it('are one for the same parameters in any order, and do not ask what is only waited for', () => {
    expect(parametersKey({ unitId: 'a', scope: 'tree', atLeast: '7' } as object)).toBe(parametersKey({ scope: 'tree', unitId: 'a', asOf: undefined } as object));
    expect(parametersKey({ unitId: 'a' } as object)).not.toBe(parametersKey({ unitId: 'b' } as object));
  });

  it('hold for a minute up to its end, and until something is recorded', () => {
    const minute = Date.parse('2026-11-22T08:00:00+07:00');
    expect(presentKey({ known: 5n, at: minute })).not.toBe(presentKey({ known: 5n, at: minute + 1 }));
    expect(presentKey({ known: 5n, at: minute + 1 })).toBe(presentKey({ known: 5n, at: minute + 60_000 }));
    expect(presentKey({ known: 5n, at: minute })).not.toBe(presentKey({ known: 6n, at: minute }));
  });
});
