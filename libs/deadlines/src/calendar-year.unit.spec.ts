import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { Problem, addDays } from '#kernel';
import { calendarStream, evolveCalendarYear, initialCalendarYear, publishCalendarYear, type CalendarDecision, type CalendarYearState } from './calendar-events.ts';
import { defaultCalendarPath, loadDefaultCalendar } from './calendar-file.ts';
import { parseCalendarYear, type CalendarYear } from './calendar-year.ts';
import { calendarWith, parseCalendar } from './calendar.ts';

const shipped = loadDefaultCalendar();
type Shipped = { readonly version: string; readonly years: readonly { readonly year: number; readonly workingDayCount: number }[] };
const file = JSON.parse(readFileSync(defaultCalendarPath(), 'utf8')) as Shipped;

/** 2027 as it might be published: Tết from 05/02 to 11/02 and a working Saturday for Friday 30/4's neighbour. */
const body = {
  basis: 'Thông báo 100/TB-BNV ngày 01/12/2026',
  holidays: [
    { date: '2027-01-01', name: 'Tết Dương lịch' },
    { date: '2027-02-05', name: 'Tết Âm lịch' },
    { date: '2027-02-06', name: 'Tết Âm lịch' },
    { date: '2027-02-07', name: 'Tết Âm lịch' },
    { date: '2027-02-08', name: 'Tết Âm lịch' },
    { date: '2027-02-09', name: 'Tết Âm lịch' },
    { date: '2027-09-02', name: 'Quốc khánh', basis: 'Bộ luật Lao động 2019, Điều 112' },
  ],
  compensations: [
    { date: '2027-02-10', compensates: ['2027-02-06'] },
    { date: '2027-02-11', compensates: ['2027-02-07'] },
  ],
  swaps: [{ worked: '2027-01-09', off: '2026-12-31' }],
};
const year2027 = parseCalendarYear(body, 2027);

function problem(json: unknown, year = 2027): Problem {
  try {
    parseCalendarYear(json, year);
  } catch (e) {
    if (e instanceof Problem) return e;
    throw e;
  }
  throw new Error('accepted');
}

describe('a year of the calendar as given for publication', () => {
  it('accepts every year of the shipped calendar', () => {
    for (const year of file.years) {
      const content = parseCalendarYear({ basis: 'x', ...year }, year.year);
      expect(shipped.withYears([content], 't').describeYear(year.year).workingDayCount).toBe(year.workingDayCount);
    }
  });

  it('is the same in any order of entries', () => {
    const turned = { ...body, holidays: body.holidays.toReversed(), compensations: body.compensations.toReversed() };
    expect(parseCalendarYear(turned, 2027)).toEqual(year2027);
  });

  it.each([
    ['no object', [], ['/']],
    ['no basis', { ...body, basis: ' ' }, ['/basis']],
    ['a list missing', { basis: 'x', holidays: [], compensations: [] }, ['/swaps']],
    ['an entry that is no object', { ...body, swaps: ['2027-01-09'] }, ['/swaps/0']],
    ['a day that does not exist', { ...body, holidays: [...body.holidays, { date: '2027-02-30', name: 'x' }] }, ['/holidays/7/date']],
    ['a holiday of another year', { ...body, holidays: [...body.holidays, { date: '2026-12-31', name: 'x' }] }, ['/holidays/7/date']],
    ['a holiday without a name', { ...body, holidays: [...body.holidays, { date: '2027-04-30' }] }, ['/holidays/7/name']],
    ['a holiday twice', { ...body, holidays: [...body.holidays, { date: '2027-01-01', name: 'x' }] }, ['/holidays/7/date']],
    ['a compensation for a day that is no holiday', { ...body, compensations: [{ date: '2027-05-03', compensates: ['2027-05-01'] }] }, ['/compensations/0/compensates/0']],
    ['a compensation for a holiday on a working day', { ...body, compensations: [{ date: '2027-05-03', compensates: ['2027-01-01'] }] }, ['/compensations/0/compensates/0']],
    ['a compensation for nothing', { ...body, compensations: [{ date: '2027-05-03', compensates: [] }] }, ['/compensations/0/compensates']],
    ['a compensation on a Saturday', { ...body, compensations: [{ date: '2027-02-13', compensates: ['2027-02-06'] }] }, ['/compensations/0/date']],
    ['a compensation on a holiday', { ...body, compensations: [{ date: '2027-02-08', compensates: ['2027-02-06'] }] }, ['/compensations/0/date']],
    ['a swap that works on a working day', { ...body, swaps: [{ worked: '2027-01-08', off: '2026-12-31' }] }, ['/swaps/0/worked']],
    ['a holiday that is also worked', { ...body, swaps: [{ worked: '2027-02-06', off: '2026-12-31' }] }, ['/swaps/0/worked']],
    ['a swap under the year of its day off', { ...body, swaps: [{ worked: '2026-12-26', off: '2027-01-04' }] }, ['/swaps/0/worked']],
    ['a swap that gives a Sunday off', { ...body, swaps: [{ worked: '2027-01-09', off: '2027-01-10' }] }, ['/swaps/0/off']],
    ['another year inside than in the address', { ...body, year: 2026 }, ['/year']],
    ['two wrong places', { ...body, basis: '', swaps: [{ worked: '2027-01-09' }] }, ['/basis', '/swaps/0/off']],
  ])('refuses %s and names every place', (_what, json, pointers) => {
    const found = problem(json);
    expect([found.status, found.code]).toEqual([422, 'calendar-invalid']);
    expect(found.errors.map((e) => e.pointer)).toEqual(pointers);
    expect(found.detail).toContain(`“${pointers[0]!}”`);
  });

  it.each([1975, 2200, 2027.5])('refuses the year %d', (year) => {
    expect([problem(body, year).status, problem(body, year).code]).toEqual([422, 'calendar-year-out-of-range']);
  });
});

describe('publishing a year', () => {
  const decide = (content: CalendarYear, ...before: readonly CalendarYear[]): CalendarDecision =>
    publishCalendarYear(content, before.reduce<CalendarYearState>((state, data) => evolveCalendarYear(state, { type: 'CalendarPublished', data }), initialCalendarYear));

  it('gives one event with the whole content, in a stream of the year', () => {
    expect(decide(year2027)).toEqual({ ok: true, events: [{ type: 'CalendarPublished', data: year2027 }] });
    expect(calendarStream(2027)).toBe('calendar-2027');
  });

  it('refuses what stands already, in whatever order it is written', () => {
    const turned = { ...year2027, holidays: year2027.holidays.toReversed() };
    expect(decide(turned, year2027)).toMatchObject({ ok: false, rejection: { status: 409, code: 'calendar-unchanged' } });
  });

  it('accepts another basis, and a content that stood before the last one', () => {
    const other = { ...year2027, basis: 'Thông báo khác' };
    expect(decide(other, year2027).ok).toBe(true);
    expect(decide(year2027, year2027, other).ok).toBe(true);
  });

  it('refuses a year outside 1976–2199', () => {
    for (const year of [1975, 2200]) expect(decide({ ...year2027, year })).toMatchObject({ ok: false, rejection: { status: 422, code: 'calendar-year-out-of-range' } });
  });
});

describe('the shipped calendar with published years', () => {
  const next = calendarWith(shipped, [year2027]);

  it('is itself without any', () => {
    expect(calendarWith(shipped, [])).toBe(shipped);
  });

  it('names in its version how often each year was published, years in order', () => {
    expect(next.version).toBe(`${file.version}+2027.1`);
    const later = calendarWith(shipped, [year2027, { ...year2027, year: 2026, holidays: [], compensations: [], swaps: [] }, { ...year2027, basis: 'y' }]);
    expect(later.version).toBe(`${file.version}+2026.1+2027.2`);
    expect(later.describeYear(2027).basis[0]).toBe('y');
  });

  it('has that year’s entries and no other ones of it', () => {
    expect(shipped.isWorkingDay('2027-02-04')).toBe(false);
    expect(next.isWorkingDay('2027-02-04')).toBe(true);
    expect(next.isWorkingDay('2027-02-11')).toBe(false);
    expect(next.isWorkingDay('2027-01-09')).toBe(true);
    expect(next.isWorkingDay('2026-12-31')).toBe(false);
    expect(next.whyOff('2027-02-11')).toBe('nghỉ bù Tết Âm lịch 07/02/2027 (Thông báo 100/TB-BNV ngày 01/12/2026)');
    expect(next.whyOff('2027-09-02')).toBe('Quốc khánh (Bộ luật Lao động 2019, Điều 112)');
  });

  it('leaves every day outside that year and its swap as it was', () => {
    for (let d = '2018-12-01'; d < '2026-12-31'; d = addDays(d, 1)) expect([d, next.isWorkingDay(d)]).toEqual([d, shipped.isWorkingDay(d)]);
  });

  it('leaves the shipped calendar as it was', () => {
    expect(shipped.version).toBe(file.version);
    expect(shipped.isWorkingDay('2026-12-31')).toBe(true);
  });
});

describe('a year described', () => {
  it('has its entries, their bases and the days worked, counted one by one', () => {
    const next = calendarWith(shipped, [year2027]);
    const described = next.describeYear(2027);
    let worked = 0;
    for (let d = '2027-01-01'; d <= '2027-12-31'; d = addDays(d, 1)) if (next.isWorkingDay(d)) worked++;
    expect(described).toMatchObject({ year: 2027, published: true, version: next.version, workingDayCount: worked });
    expect(described.basis).toEqual([body.basis, 'Bộ luật Lao động 2019, Điều 112', 'Quyết định 188/1999/QĐ-TTg']);
    expect([described.holidays.length, described.compensations.length, described.swaps.length]).toEqual([7, 2, 1]);
    expect(described.compensations[0]).toEqual({ date: '2027-02-10', compensates: ['2027-02-06'], basis: body.basis });
    expect(described).not.toHaveProperty('note');
  });

  it('marks what was entered without an official notice', () => {
    expect(shipped.describeYear(2027).holidays.filter((h) => h.unverified).map((h) => h.date)).toEqual(['2027-02-04', '2027-02-05', '2027-09-03']);
  });

  it('says so when no calendar was published', () => {
    expect(shipped.describeYear(2031)).toEqual({
      year: 2031,
      published: false,
      version: file.version,
      basis: ['Quyết định 188/1999/QĐ-TTg'],
      holidays: [],
      compensations: [],
      swaps: [],
      workingDayCount: 261,
      note: 'Lịch chưa công bố cho năm 2031; chỉ tính ngày nghỉ hằng tuần.',
    });
  });

  it('is published as soon as it was laid over', () => {
    const empty = parseCalendar({ version: 't', weeklyDaysOff: ['sunday'], years: [] });
    expect(empty.isPublished(2027)).toBe(false);
    expect(calendarWith(empty, [year2027]).isPublished(2027)).toBe(true);
  });
});
