import { describe, expect, it } from '@jest/globals';
import { emptyCounts, sumCounts, type Counts } from './counts.ts';
import { RATES, balancesOf, percentVi, rateOf } from './rates.ts';
import { sentence } from './sentence.ts';
import { readPeriod, rangePeriod } from './periods.ts';

function counts(cells: Partial<Counts['cells']>, more: Partial<Counts> = {}): Counts {
  const all = { ...emptyCounts(), ...more };
  Object.assign(all.cells, cells);
  all.total = Object.values(all.cells).reduce((a, b) => a + b, 0);
  return all;
}

const written = (of: Counts): Record<string, string> =>
  Object.fromEntries(RATES.map((rate) => { const { code, numerator, denominator, text } = rateOf(rate, of, 'half-up'); return [code, `${numerator}/${denominator} = ${text}`]; }));

describe('rates', () => {
  it('are those of the 2020 case', () => {
    expect(written(counts({ D1: 268, O1: 6 }))).toEqual({
      R1: '268/268 = 100 %', R2: '268/268 = 100 %', R2x: '268/268 = 100 %', R3: '268/274 = 97,81 %', R4: '268/274 = 97,81 %', R5: '0/274 = 0 %', R5m: '0/268 = 0 %', R6: '268/268 = 100 %',
    });
  });

  it('have every cell where it belongs', () => {
    const all = counts({ D1: 50, D2: 7, D3: 3, V1: 5, V2: 2, V3: 1, O1: 11, O2: 4, O3: 6, X: 9 }, { assignedOverdueD1: 0, assignedOverdueMatured: 3, suspendedWithoutDeadline: 2 });
    expect(written(all)).toEqual({
      R1: '50/57 = 87,72 %', R2: '50/63 = 79,37 %', R2x: '50/60 = 83,33 %', R3: '60/98 = 61,22 %', R4: '50/86 = 58,14 %', R5: '4/98 = 4,08 %', R5m: '4/63 = 6,35 %', R6: '57/63 = 90,48 %',
    });
  });

  it('tell the two published shares of Đà Nẵng 2023 apart', () => {
    const rates = written(counts({ D1: 572, D2: 55, O1: 53 }));
    expect([rates['R3'], rates['R4']]).toEqual(['627/680 = 92,21 %', '572/680 = 84,12 %']);
  });

  it('say so where nothing arose', () => {
    expect(new Set(Object.values(written(emptyCounts())))).toEqual(new Set(['0/0 = không phát sinh']));
  });

  it.each([
    [1, 8, '12,5 %', '12,5 %'], [1, 800, '0,13 %', '0,12 %'], [99_999, 100_000, '99,99 %', '99,99 %'], [1, 100_000, '0,01 %', '0,01 %'], [999_999, 1_000_000, '99,99 %', '99,99 %'], [7, 100, '7 %', '7 %'], [1, 1_000, '0,1 %', '0,1 %'],
  ])('%i/%i is %s by half-up and %s cut off', (n, d, halfUp, cut) => {
    expect([percentVi(n, d), percentVi(n, d, 'truncate')]).toEqual([halfUp, cut]);
  });
});

describe('balances', () => {
  it('name the identity that fails, with both sides', () => {
    const broken = counts({ D1: 2 });
    broken.parts.D1a = 1;
    expect(balancesOf(broken, 'C1').filter((balance) => !balance.holds)).toEqual([{ identity: 'D1 = D1a + D1b', left: 2, right: 1, holds: false }]);
  });

  it('add up over groups', () => {
    const sum = sumCounts([counts({ D1: 2 }), counts({ D1: 1, O2: 3 })]);
    expect([sum.total, sum.cells.D1, sum.cells.O2]).toEqual([6, 3, 3]);
  });
});

describe('the sentence', () => {
  it('names every part that is not zero', () => {
    expect(sentence(counts({ D1: 5, D2: 2, D3: 1, V1: 1, V2: 1, V3: 1, O1: 12, O2: 4, O3: 3, X: 1_234 }), '2020-11-28')).toBe(
      'Hoàn thành đúng hạn 5/12 việc đã đến hạn hoặc đã hoàn thành (41,67 %); tổng số việc được giao 1.264, hoàn thành quá hạn 02, hoàn thành không thời hạn 01, chờ xác nhận 03, còn 12 việc trong thời hạn xử lý, 04 việc quá hạn, 03 việc chưa có thời hạn, 1.234 việc tạm dừng (tính đến hết ngày 28/11/2020).',
    );
  });

  it('of nothing says that nothing arose', () => {
    expect(sentence(emptyCounts(), '2020-11-28')).toBe('Hoàn thành đúng hạn 0/0 việc đã đến hạn hoặc đã hoàn thành (không phát sinh); tổng số việc được giao 0, 0 việc quá hạn (tính đến hết ngày 28/11/2020).');
  });
});

describe('reporting periods', () => {
  const parts = (names: string[]): (readonly [string, string] | undefined)[] => names.map((name) => { const period = readPeriod(name); return period && [period.from, period.to]; });

  it('of quarters and of months cover the year once', () => {
    expect(parts(['2020-Q1', '2020-Q2', '2020-Q3', '2020-Q4'])).toEqual([['2019-12-15', '2020-03-14'], ['2020-03-15', '2020-06-14'], ['2020-06-15', '2020-09-14'], ['2020-09-15', '2020-12-14']]);
    expect(parts(['2020-01', '2020-02', '2020-12'])).toEqual([['2019-12-15', '2020-01-14'], ['2020-01-15', '2020-02-14'], ['2020-11-15', '2020-12-14']]);
    expect(parts(['2020-H1', '2020-H2'])).toEqual([['2019-12-15', '2020-06-14'], ['2020-06-15', '2020-12-14']]);
  });

  it('by the calendar end on the last day', () => {
    expect(parts(['2020-02-cal', '2019-02-cal', '2020-H2-cal', '2020-Q4-cal'])).toEqual([['2020-02-01', '2020-02-29'], ['2019-02-01', '2019-02-28'], ['2020-07-01', '2020-12-31'], ['2020-10-01', '2020-12-31']]);
  });

  it('that are none are not read', () => {
    expect(parts(['', '20', '2020-Q5', '2020-13', '2020-00', '2020-H3', '2020-11-28', 'quý I'])).toEqual(Array(8).fill(undefined));
    expect([rangePeriod('2020-02-30', '2020-03-01'), rangePeriod('2020-03-02', '2020-03-01')]).toEqual([undefined, undefined]);
  });
});
