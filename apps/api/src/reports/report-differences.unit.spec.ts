import { describe, expect, it } from '@jest/globals';
import { readPeriod } from '#figures';
import { periodBefore } from './report-differences.ts';

describe('the period that another one is compared with', () => {
  it.each<[period: string, previous: string | undefined, lastYear: string | undefined]>([
    ['2020', '2019', '2019'],
    ['2020-cal', '2019-cal', '2019-cal'],
    ['2020-Q1', '2019-Q4', '2019-Q1'],
    ['2020-Q3', '2020-Q2', '2019-Q3'],
    ['2020-Q1-cal', '2019-Q4-cal', '2019-Q1-cal'],
    ['2020-H1', '2019-H2', '2019-H1'],
    ['2020-H2', '2020-H1', '2019-H2'],
    ['2020-9M', '2019-9M', '2019-9M'],
    ['2020-01', '2019-12', '2019-01'],
    ['2020-11', '2020-10', '2019-11'],
    ['2020-10-cal', '2020-09-cal', '2019-10-cal'],
    ['2020-Q5', undefined, undefined],
    ['quý I', undefined, undefined],
  ])('%s has before it %s, and a year before %s', (period, previous, lastYear) => {
    expect([periodBefore(period, 'previous'), periodBefore(period, 'last-year')]).toEqual([previous, lastYear]);
  });

  it('is one that can be read, and ends the day before its own begins where both are of one kind', () => {
    for (const period of ['2020', '2020-cal', '2020-Q1', '2020-Q2', '2020-Q3', '2020-Q4', '2020-H1', '2020-H2', '2020-01', '2020-12', '2020-06-cal']) {
      const [before, own] = [readPeriod(periodBefore(period, 'previous')!)!, readPeriod(period)!];
      expect([period, Date.parse(own.from) - Date.parse(before.to)]).toEqual([period, 86_400_000]);
    }
  });
});
