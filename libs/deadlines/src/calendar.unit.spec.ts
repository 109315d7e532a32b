import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { Problem, addDays, dayFromNumber, dayNumber, weekday, type Day } from '#kernel';
import { defaultCalendarPath, loadDefaultCalendar } from './calendar-file.ts';
import { parseCalendar } from './calendar.ts';

interface Published {
  readonly years: readonly {
    readonly year: number;
    readonly workingDayCount: number;
    readonly holidays: readonly { readonly date: Day }[];
    readonly compensations: readonly { readonly date: Day }[];
    readonly swaps: readonly { readonly off: Day; readonly worked: Day }[];
  }[];
}

const published = JSON.parse(readFileSync(defaultCalendarPath(), 'utf8')) as Published;
const calendar = loadDefaultCalendar();

/** The rule of the calendar file, word by word. */
const off = new Set(
  published.years.flatMap((y) => [...y.holidays.map((h) => h.date), ...y.compensations.map((c) => c.date), ...y.swaps.map((s) => s.off)]),
);
const worked = new Set(published.years.flatMap((y) => y.swaps.map((s) => s.worked)));
const naive = (day: Day): boolean => worked.has(day) || !(off.has(day) || weekday(day) > 5);

const days = fc.integer({ min: dayNumber('2016-01-01'), max: dayNumber('2031-12-31') }).map(dayFromNumber);

describe('working calendar', () => {
  it.each(published.years.map((y) => [y.year, y.workingDayCount] as const))(
    'counts the working days of %i as published: %i',
    (year, count) => {
      expect(calendar.workingDaysBetween(`${String(year - 1)}-12-31`, `${String(year)}-12-31`)).toBe(count);
    },
  );

  it('works on the swapped Saturday and rests on the day given for it, also across the year', () => {
    expect(calendar.isWorkingDay('2024-05-04')).toBe(true);
    expect(calendar.isWorkingDay('2024-04-29')).toBe(false);
    expect(calendar.isWorkingDay('2019-01-05')).toBe(true);
    expect(calendar.isWorkingDay('2018-12-31')).toBe(false);
  });

  it('says why a day is off, with its basis', () => {
    expect(calendar.whyOff('2020-09-02')).toBe('Quốc khánh (Bộ luật Lao động 2012, Điều 115 khoản 1 điểm đ)');
    expect(calendar.whyOff('2020-01-28')).toMatch(/^nghỉ bù .+ 25\/01\/2020 \(Bộ luật Lao động 2012, Điều 115 khoản 3\)$/);
    expect(calendar.whyOff('2024-04-29')).toBe('nghỉ hoán đổi, làm bù ngày 04/05/2024 (Công văn 2450/VPCP-KGVX ngày 12/4/2024)');
    expect(calendar.whyOff('2020-11-14')).toBe('nghỉ hằng tuần, thứ Bảy (Quyết định 188/1999/QĐ-TTg)');
    expect(calendar.whyOff('2027-02-04')).toContain('chưa kiểm chứng');
    expect(calendar.whyOff('2024-05-04')).toBeUndefined();
  });

  it('leaves a day without a basis in force worked', () => {
    expect(calendar.isWorkingDay('2026-11-24')).toBe(true);
  });

  it('knows weekly days off only in a year not published', () => {
    expect(calendar.isPublished(2027)).toBe(true);
    expect(calendar.isPublished(2031)).toBe(false);
    expect(calendar.isWorkingDay('2031-01-01')).toBe(true);
    expect(calendar.isWorkingDay('2031-01-04')).toBe(false);
  });

  it('agrees with the naive rule day by day', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(calendar.isWorkingDay(day)).toBe(naive(day));
        expect(calendar.whyOff(day) === undefined).toBe(naive(day));
        let next = day;
        while (!naive(next)) next = addDays(next, 1);
        expect(calendar.nextWorkingDay(day)).toBe(next);
      }),
      { numRuns: 500 },
    );
  });

  it('counts between two days and adds working days like the naive count', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 0, max: 400 }), (from, span) => {
        const to = addDays(from, span);
        let count = 0;
        for (let d = from; d !== to;) if (naive((d = addDays(d, 1)))) count++;
        expect(calendar.workingDaysBetween(from, to)).toBe(count);
        expect(calendar.workingDaysBetween(to, from) + count).toBe(0);
        const end = calendar.addWorkingDays(from, count + 1);
        expect(naive(end)).toBe(true);
        expect(calendar.workingDaysBetween(from, end)).toBe(count + 1);
        const start = calendar.addWorkingDays(from, -count - 1);
        expect(naive(start)).toBe(true);
        expect(calendar.workingDaysBetween(start, addDays(from, -1))).toBe(count);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['no calendar at all', null, '/'],
    ['a day that does not exist', small({ holidays: [{ date: '2020-02-31', name: 'x', basis: 'y' }] }), '/years/0/holidays/0/date'],
    ['a holiday of another year', small({ holidays: [{ date: '2021-01-01', name: 'x', basis: 'y' }] }), '/years/0/holidays/0/date'],
    ['a day off without a basis', small({ holidays: [{ date: '2020-01-01', name: 'x' }] }), '/years/0/holidays/0/basis'],
    [
      'a swap under the year of its day off',
      small({ swaps: [{ off: '2020-12-31', worked: '2021-01-02', basis: 'y' }] }),
      '/years/0/swaps/0/worked',
    ],
    ['a stated count that the days do not give', small({ workingDayCount: 252 }), '/years/0/workingDayCount'],
    [
      'a week without a working day',
      { ...small({}), weeklyDaysOff: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] },
      '/weeklyDaysOff',
    ],
  ])('refuses %s and names the place', (_what, json, pointer) => {
    let thrown: unknown;
    try {
      parseCalendar(json);
    } catch (e) {
      thrown = e;
    }
    expect(thrown).toBeInstanceOf(Problem);
    expect((thrown as Problem).code).toBe('calendar-invalid');
    expect((thrown as Problem).detail).toContain(`“${pointer}”`);
  });
});

function small(year: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return {
    version: 't',
    weeklyDaysOff: ['saturday', 'sunday'],
    years: [{ year: 2020, holidays: [], compensations: [], swaps: [], ...year }],
  };
}
