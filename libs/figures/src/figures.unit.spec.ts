import { describe, expect, it } from '@jest/globals';
import { emptyCounts, type Counts } from './counts.ts';
import { readPeriod, reportingYearContaining } from './periods.ts';
import { RATES, percentVi, rateOf } from './rates.ts';
import { bullet, sentence } from './sentence.ts';

const the2020Case = (): Counts => {
  const counts = emptyCounts();
  counts.cells.D1 = 268;
  counts.cells.O1 = 6;
  counts.total = 274;
  return counts;
};

describe('rates', () => {
  it('keep the two rates of the 2020 report apart', () => {
    const rates = Object.fromEntries(RATES.map((rate) => [rate.code, rateOf(rate, the2020Case(), 'half-up')]));
    expect([rates['R2']!.numerator, rates['R2']!.denominator, rates['R2']!.text]).toEqual([268, 268, '100 %']);
    expect([rates['R3']!.numerator, rates['R3']!.denominator, rates['R3']!.text]).toEqual([268, 274, '97,81 %']);
    expect(rates['R4']!.text).toBe('97,81 %');
    expect(rates['R5']!.text).toBe('0 %');
  });

  it.each([
    [572, 680, '84,12 %'], [627, 680, '92,21 %'], [1, 2, '50 %'], [108, 125, '86,4 %'], [99_999, 100_000, '99,99 %'], [1, 1_000_000, '0,01 %'], [0, 5, '0 %'], [5, 5, '100 %'], [0, 0, 'không phát sinh'], [2, 3, '66,67 %'],
  ])('%i/%i is written %s', (n, d, text) => {
    expect(percentVi(n, d)).toBe(text);
  });

  it('truncates where that is asked', () => {
    expect(percentVi(2, 3, 'truncate')).toBe('66,66 %');
  });
});

describe('the sentence', () => {
  it('is the one of the 2020 case', () => {
    const text = sentence(the2020Case(), '2020-11-28');
    expect(text).toBe('Hoàn thành đúng hạn 268/268 việc đã đến hạn hoặc đã hoàn thành (100 %); tổng số việc được giao 274, còn 06 việc trong thời hạn xử lý, 0 việc quá hạn (tính đến hết ngày 28/11/2020).');
    expect(bullet(text)).toMatch(/^- Trên phần mềm nhắc việc của UBND tỉnh: hoàn thành đúng hạn/);
  });
});

describe('reporting periods', () => {
  it.each([
    ['2020', '2019-12-15', '2020-12-14'], ['2020-Q1', '2019-12-15', '2020-03-14'], ['2020-Q4', '2020-09-15', '2020-12-14'], ['2020-H2', '2020-06-15', '2020-12-14'], ['2020-9M', '2019-12-15', '2020-09-14'],
    ['2020-11', '2020-10-15', '2020-11-14'], ['2020-01', '2019-12-15', '2020-01-14'], ['2020-cal', '2020-01-01', '2020-12-31'], ['2020-Q1-cal', '2020-01-01', '2020-03-31'],
  ])('%s runs from %s to %s', (name, from, to) => {
    expect(readPeriod(name)).toEqual({ from, to });
  });
  it('puts 15/12 into the next reporting year', () => {
    expect(reportingYearContaining('2020-12-15').to).toBe('2021-12-14');
    expect(reportingYearContaining('2020-12-14').to).toBe('2020-12-14');
  });
});
