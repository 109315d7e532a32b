import { describe, expect, it } from '@jest/globals';
import { loadDefaultCalendar } from '#deadlines';
import { addDays, dayFromNumber, endOfDay } from '#kernel';
import { ageOf, medianOf } from './ages.ts';
import { controlChart, decimalVi } from './control-chart.ts';
import { namedIn } from './exceptions.ts';
import { rateState, wilson } from './interval.ts';
import { changeVi, overviewSentence, type Overview } from './sentence.ts';
import { calendarFor } from './survey.ts';
import { ONLY, isOnly, onlyWords, weekOf, type Only } from './whats.ts';
import { boundsOf, mondayOf, weekAhead, weeksFrom, weeksUpTo } from './weeks.ts';

const weeksOf = (values: readonly number[]): { week: string; value: number }[] => values.map((value, n) => ({ week: addDays('2026-06-01', n * 7), value }));
const rulesOf = (values: readonly number[]): unknown[] => controlChart(weeksOf(values)).signals.map(({ week, rule, direction }) => [values.length - 1 - (Date.parse('2026-06-01') / 864e5 + (values.length - 1) * 7 - Date.parse(week) / 864e5) / 7, rule, direction]);

describe('the control chart', () => {
  it('has limits at 2,66 mean moving ranges from the mean, two decimals, never below nothing', () => {
    // Mean 11, moving ranges 2 2 2 2 2 2 2: 11 ± 5,32.
    expect(controlChart(weeksOf([10, 12, 10, 12, 10, 12, 10, 12]))).toEqual({ mean: 11, lower: 5.68, upper: 16.32, signals: [], words: 'Ổn định: không có tín hiệu nào trong 8 tuần.' });
    // Mean 1, moving ranges 2: the lower limit would be -4,32.
    expect(controlChart(weeksOf([0, 2, 0, 2, 0, 2, 0, 2]))).toMatchObject({ mean: 1, lower: 0, upper: 6.32 });
  });

  it('marks a point outside the limits and says which', () => {
    const values = [10, 11, 10, 11, 10, 11, 10, 11, 10, 30, 10, 11];
    const outside = (of: readonly number[]): unknown[] => rulesOf(of).filter((one) => (one as string[])[1] === 'outside');
    expect(outside(values)).toEqual([[9, 'outside', 'up']]);
    expect(controlChart(weeksOf(values)).signals.find(({ rule }) => rule === 'outside')!.words).toMatch(/^Tuần từ 03\/08\/2026: 30 việc quá hạn, vượt giới hạn trên 23,\d+$/);
    expect(outside([50, 51, 50, 51, 50, 51, 50, 51, 50, 20, 50, 51])).toEqual([[9, 'outside', 'down']]);
  });

  it('marks the seventh point in a row on one side once, and a point on the mean ends the row', () => {
    expect(rulesOf([5, 8, 5, 8, 5, 8, 5, 12, 9, 12, 9, 12, 9, 12, 9]).filter((one) => (one as string[])[1] === 'seven-one-side')).toEqual([[6, 'seven-one-side', 'down'], [13, 'seven-one-side', 'up']]);
    // Six above, then one on the mean of 10, then six above again.
    expect(rulesOf([12, 11, 12, 11, 12, 11, 10, 12, 11, 12, 11, 12, 11, 0, 1, 10, 10, 11]).filter((one) => (one as string[])[1] === 'seven-one-side')).toEqual([]);
  });

  it('marks the sixth point of a rise or fall; two equal points end it', () => {
    const trends = (values: readonly number[]): unknown[] => rulesOf(values).filter((one) => (one as string[])[1] === 'trend-of-six');
    expect(trends([5, 6, 7, 8, 9, 10, 11, 10])).toEqual([[5, 'trend-of-six', 'up']]);
    expect(trends([12, 11, 9, 8, 6, 5, 6, 5])).toEqual([[5, 'trend-of-six', 'down']]);
    expect(trends([5, 6, 7, 7, 8, 9, 10, 11])).toEqual([]);
  });

  it('reckons nothing from fewer than eight weeks', () => {
    expect(controlChart(weeksOf([1, 2, 3, 4, 5, 6, 7]))).toMatchObject({ mean: null, lower: null, upper: null, signals: [] });
  });

  it('writes decimals with a comma', () => {
    expect([decimalVi(36.4), decimalVi(1_234.567), decimalVi(7)]).toEqual(['36,4', '1.234,57', '7']);
  });
});

describe('a share', () => {
  it('has the interval of Wilson, whole at its ends', () => {
    // 8 of 10: 49,02 % to 94,33 % (Agresti and Coull 1998, table).
    expect(wilson({ numerator: 8, denominator: 10 })).toEqual({ low: 4902, high: 9433 });
    expect(wilson({ numerator: 0, denominator: 10 })).toEqual({ low: 0, high: 2775 });
    expect(wilson({ numerator: 10, denominator: 10 })).toEqual({ low: 7225, high: 10_000 });
    expect(wilson({ numerator: 0, denominator: 0 })).toBeUndefined();
  });

  it('is a signal only outside three standard deviations of the one before', () => {
    const of = (numerator: number, denominator: number): { numerator: number; denominator: number } => ({ numerator, denominator });
    // Before 80 of 100: 79,41 % ± 12,13 % for 100.
    expect(rateState(of(85, 100), of(80, 100))).toEqual({ state: 'stable', words: 'ổn định: nằm trong giới hạn 67,28 % – 91,54 % của 90 ngày liền trước' });
    expect(rateState(of(92, 100), of(80, 100)).state).toBe('better');
    expect(rateState(of(67, 100), of(80, 100)).state).toBe('worse');
    // A flawless past makes one failure no signal.
    expect(rateState(of(99, 100), of(100, 100)).state).toBe('stable');
    expect([rateState(of(9, 9), of(80, 100)).state, rateState(of(80, 100), of(9, 9)).state]).toEqual(['few', 'few']);
  });
});

describe('days and weeks', () => {
  it('a meeting looks ahead to the end of its week, and on a weekend to the end of the one that comes', () => {
    expect(['2026-11-23', '2026-11-27', '2026-11-28', '2026-11-29'].map(weekAhead)).toEqual([
      { from: '2026-11-23', to: '2026-11-29' }, { from: '2026-11-23', to: '2026-11-29' }, { from: '2026-11-28', to: '2026-12-06' }, { from: '2026-11-29', to: '2026-12-06' },
    ]);
  });

  it('run from Monday to Sunday, the last cut at the instant', () => {
    expect([mondayOf('2026-11-29'), mondayOf('2026-11-30')]).toEqual(['2026-11-23', '2026-11-30']);
    expect(weeksUpTo('2026-11-29', 2)).toEqual([{ from: '2026-11-16', to: '2026-11-22' }, { from: '2026-11-23', to: '2026-11-29' }]);
    expect(weeksFrom('2026-11-29', 2).map(({ from }) => from)).toEqual(['2026-11-23', '2026-11-30']);
    expect(boundsOf(weeksUpTo('2026-11-25', 1), 17)).toEqual([Date.parse('2026-11-23T00:00:00+07:00'), 18]);
  });

  it('call near what lies within the working days, days off after the last of them too', () => {
    // Friday 13/11/2020: three working days are Monday to Wednesday; seven end on Tuesday 24/11.
    const { near, ahead, today } = calendarFor(endOfDay('2020-11-13') - 1, loadDefaultCalendar(), 3);
    expect([today, near, ahead].map(dayFromNumber)).toEqual(['2020-11-13', '2020-11-18', '2020-11-24']);
    // From Wednesday, two of them end on Friday: a deadline on the Sunday after has no further working day before it.
    expect(dayFromNumber(calendarFor(endOfDay('2020-11-11') - 1, loadDefaultCalendar(), 2).near)).toBe('2020-11-15');
  });

  it('put ages into four groups, and take the lower middle', () => {
    expect([0, 1, 7, 8, 30, 31, 90, 91].map(ageOf)).toEqual(['1-7', '1-7', '1-7', '8-30', '8-30', '31-90', '31-90', 'over-90']);
    expect([medianOf([]), medianOf([5]), medianOf([9, 1, 4]), medianOf([8, 1, 4, 2])]).toEqual([null, 5, 4, 2]);
  });
});

describe('the sentence', () => {
  const told = (overview: Partial<Overview>): string => overviewSentence({ overdue: 37, overdueBefore: 32, over30: 12, dueIn7: 21, dueIn7NoUpdate: 8, noneSince: null, ...overview }, 'giao ban trước').map(({ text }) => text).join('');
  it('says what is overdue, how that changed, and what comes', () => {
    expect(told({})).toBe('Có 37 nhiệm vụ quá hạn (tăng 5 so với giao ban trước), 12 trong số đó quá 30 ngày; 21 nhiệm vụ đến hạn trong 7 ngày làm việc tới, 8 chưa có cập nhật nào trong 14 ngày.');
    expect(told({ overdue: 1_234, overdueBefore: 1_236, over30: 0, dueIn7NoUpdate: 0 })).toBe('Có 1.234 nhiệm vụ quá hạn (giảm 2 so với giao ban trước); 21 nhiệm vụ đến hạn trong 7 ngày làm việc tới, đều có cập nhật trong 14 ngày.');
    expect(told({ overdue: 0, dueIn7: 0 })).toBe('Không có nhiệm vụ quá hạn (giảm 32 so với giao ban trước); không có nhiệm vụ đến hạn trong 7 ngày làm việc tới.');
    expect(told({ overdue: 0, overdueBefore: 0, noneSince: '2026-11-12', dueIn7: 0 })).toBe('Không có nhiệm vụ quá hạn kể từ ngày 12/11/2026; không có nhiệm vụ đến hạn trong 7 ngày làm việc tới.');
    expect(changeVi(4, 4)).toBe('không đổi');
  });

  it('begins with the tasks it speaks of where these are some only, each number still with its list', () => {
    const overview: Overview = { overdue: 0, overdueBefore: 3, over30: 0, dueIn7: 0, dueIn7NoUpdate: 0, noneSince: null };
    const among = (total: number, only: readonly Only[], more: Partial<Overview> = {}): string => overviewSentence({ ...overview, ...more }, 'giao ban trước', { total, name: onlyWords(only) }).map(({ text, what }) => (what === undefined ? text : `[${text} ${what}]`)).join('');
    expect(among(1_569, ['done-on-time'])).toBe('Trong [1.569 all] việc hoàn thành đúng hạn không có nhiệm vụ quá hạn (giảm 3 so với giao ban trước); không có nhiệm vụ đến hạn trong 7 ngày làm việc tới.');
    expect(among(4, ['extended', 'overdue'], { overdue: 4 })).toBe('Trong [4 all] việc đã gia hạn và quá hạn chưa hoàn thành có [4 overdue] nhiệm vụ quá hạn (tăng 1 so với giao ban trước); không có nhiệm vụ đến hạn trong 7 ngày làm việc tới.');
    // A comma would end what the page sets in its largest type.
    for (const one of [...ONLY, 'load-2020-11-30', 'assigned-week-2020-11-30', 'completed-week-2020-11-30', 'overdue-at-2020-11-30']) expect([one, isOnly(one), /[,;.]|-\d/.test(onlyWords([one]))]).toEqual([one, true, false]);
    expect(onlyWords(['load-2020-11-30', 'extended'])).toBe('đến hạn trong tuần 30/11–06/12/2020 và đã gia hạn');
  });

  it('takes a week by its Monday alone', () => {
    expect(['load-later', 'load-2020-11-30', 'overdue-at-2020-11-30'].map((one) => weekOf(one))).toEqual([undefined, { what: 'load', monday: '2020-11-30' }, { what: 'overdue-at', monday: '2020-11-30' }]);
    for (const one of ['load', 'load-', 'load-2020-12-01', 'load-2020-02-31', 'due-3-2020-11-30', 'load-2020-11-30,']) expect([one, isOnly(one)]).toEqual([one, false]);
  });

  it('has a list behind each of its numbers', () => {
    const pieces = overviewSentence({ overdue: 37, overdueBefore: 32, over30: 12, dueIn7: 21, dueIn7NoUpdate: 8, noneSince: null }, 'giao ban trước');
    expect(pieces.filter(({ what }) => what !== undefined)).toEqual([{ text: '37', what: 'overdue' }, { text: '12', what: 'overdue-over-30' }, { text: '21', what: 'due-7' }, { text: '8', what: 'due-7-no-update' }]);
  });
});

describe('the words of an obstacle', () => {
  it('name tasks by code or id', () => {
    expect(namedIn('chờ NV-2026-0231, nv-2026-10412 và 019a0000-0000-7000-8000-000000000001')).toEqual(['NV-2026-0231', 'nv-2026-10412', '019a0000-0000-7000-8000-000000000001']);
    expect(namedIn('thiếu kinh phí')).toEqual([]);
  });
});
