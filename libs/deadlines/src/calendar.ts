import { FIRST_YEAR, LAST_YEAR, Problem, addDays, dayFromNumber, dayNumber, dayVi, isDay, weekday, type Day } from '#kernel';
import { isCalendarYear, type CalendarYear } from './calendar-year.ts';

/** Which days are worked, as published. Days before and after the published years know the weekly days off only. */
export interface WorkingCalendar {
  readonly version: string;
  isWorkingDay(day: Day): boolean;
  /** The day itself when it is worked, else the next one that is. */
  nextWorkingDay(day: Day): Day;
  /** The n-th working day after `day` (before it when n is negative); `day` itself, worked or not, when n is 0. */
  addWorkingDays(day: Day, n: number): Day;
  /** Working days after `fromExclusive` up to and including `toInclusive`; negative when the order is reversed. */
  workingDaysBetween(fromExclusive: Day, toInclusive: Day): number;
  isPublished(year: number): boolean;
  /** Why nobody works on the day, in Vietnamese with the legal basis; undefined on a working day. */
  whyOff(day: Day): string | undefined;
  /** One year with all its entries; a year not published has none and says so. */
  describeYear(year: number): DescribedYear;
  /** This calendar with the entries of these years wholly replaced, under another version. */
  withYears(years: Iterable<CalendarYear>, version: string): WorkingCalendar;
}

/** One year of a calendar, for people. */
export interface DescribedYear {
  readonly year: number;
  readonly published: boolean;
  readonly version: string;
  /** Every basis the year's days off rest on, that of the weekly days off last. */
  readonly basis: readonly string[];
  readonly holidays: readonly ({ readonly date: Day; readonly name: string } & Grounds)[];
  readonly compensations: readonly ({ readonly date: Day; readonly compensates: readonly Day[] } & Grounds)[];
  readonly swaps: readonly ({ readonly worked: Day; readonly off: Day } & Grounds)[];
  /** Days worked from 1/1 to 31/12. */
  readonly workingDayCount: number;
  /** Vietnamese, only of a year without a published calendar. */
  readonly note?: string;
}

interface Grounds {
  readonly basis: string;
  /** Entered without an official notice; to be replaced when one is published. */
  readonly unverified?: true;
}

type Entries = Pick<DescribedYear, 'holidays' | 'compensations' | 'swaps'> & { readonly basis?: string };

interface Source {
  readonly version: string;
  readonly weekly: ReadonlySet<number>;
  readonly weeklyBasis: string | undefined;
  readonly years: ReadonlyMap<number, Entries>;
}

const WEEKDAY_NAMES: Readonly<Record<string, number>> = {
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
  sunday: 7,
};
const WEEKDAYS_VI = ['thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy', 'Chủ nhật'] as const;

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads a calendar as published: `{version, weeklyDaysOff[], years: [{year, holidays[], compensations[], swaps[], workingDayCount?}]}`.
 * A swap stands in the year of its worked day. Entries under `notCounted` have no basis in force and change nothing.
 * A stated `workingDayCount` is checked against the days, so that a day forgotten while typing does not pass.
 * @throws Problem `calendar-invalid` (422) with a JSON pointer to the wrong place.
 */
export function parseCalendar(json: unknown): WorkingCalendar {
  const root = object(json, '');
  const version = text(root, 'version', '');
  const weekly = new Set(
    array(root, 'weeklyDaysOff', '').map((name, i) => {
      const number = typeof name === 'string' ? WEEKDAY_NAMES[name] : undefined;
      return number ?? invalid(`/weeklyDaysOff/${String(i)}`, 'là tên ngày trong tuần bằng tiếng Anh, chữ thường', name);
    }),
  );
  // With all seven days off no next working day exists and every search for one would run for ever.
  if (weekly.size > 6) invalid('/weeklyDaysOff', 'chừa lại ít nhất một ngày làm việc', root['weeklyDaysOff']);
  const weeklyBasis =
    root['weeklyDaysOffBasis'] === undefined
      ? undefined
      : text(object(root['weeklyDaysOffBasis'], '/weeklyDaysOffBasis'), 'basis', '/weeklyDaysOffBasis');

  const years = new Map<number, Entries>();
  const stated: { readonly year: number; readonly count: number; readonly at: string }[] = [];

  array(root, 'years', '').forEach((entry, i) => {
    const at = `/years/${String(i)}`;
    const year = object(entry, at);
    const number = year['year'];
    if (typeof number !== 'number' || !isCalendarYear(number))
      return invalid(`${at}/year`, `là năm trong khoảng ${String(FIRST_YEAR)}–${String(LAST_YEAR)}`, number);
    if (years.has(number)) invalid(`${at}/year`, 'chỉ xuất hiện một lần', number);
    const list = <T>(key: string, read: (item: Json, at: string) => T): readonly T[] =>
      array(year, key, at).map((item, j) => read(object(item, `${at}/${key}/${String(j)}`), `${at}/${key}/${String(j)}`));
    years.set(number, {
      holidays: list('holidays', (item, p) => ({ date: dayOfYear(item, 'date', p, number), name: text(item, 'name', p), ...grounds(item, p) })),
      compensations: list('compensations', (item, p) => ({
        date: dayOfYear(item, 'date', p),
        compensates: array(item, 'compensates', p).map((d) =>
          typeof d === 'string' && isDay(d) ? d : invalid(`${p}/compensates`, 'là các ngày có thật, dạng yyyy-mm-dd', d),
        ),
        ...grounds(item, p),
      })),
      swaps: list('swaps', (item, p) => ({ worked: dayOfYear(item, 'worked', p, number), off: dayOfYear(item, 'off', p), ...grounds(item, p) })),
    });
    const count = year['workingDayCount'];
    if (count !== undefined) {
      if (typeof count !== 'number') return invalid(`${at}/workingDayCount`, 'là một số', count);
      stated.push({ year: number, count, at: `${at}/workingDayCount` });
    }
  });

  const calendar = build({ version, weekly, weeklyBasis, years });
  for (const { year, count, at } of stated) {
    const counted = calendar.describeYear(year).workingDayCount;
    if (counted !== count) invalid(at, `bằng số ngày làm việc đếm được của năm ${String(year)} (${String(counted)})`, count);
  }
  return calendar;
}

/**
 * The shipped calendar with published years laid over it: each publication replaces its year's entries wholly.
 * `published` holds the data of every `CalendarPublished` in the order of the log; the version tells how often each year was
 * published, as `2026-11-22.1+2026.2+2027.1`. Without publications it is the shipped calendar itself.
 */
export function calendarWith(base: WorkingCalendar, published: Iterable<CalendarYear>): WorkingCalendar {
  const last = new Map<number, { readonly content: CalendarYear; readonly times: number }>();
  for (const content of published) last.set(content.year, { content, times: (last.get(content.year)?.times ?? 0) + 1 });
  if (last.size === 0) return base;
  const inOrder = [...last].sort(([a], [b]) => a - b);
  const version = [base.version, ...inOrder.map(([year, { times }]) => `${String(year)}.${String(times)}`)].join('+');
  return base.withYears(
    inOrder.map(([, { content }]) => content),
    version,
  );
}

/** The days of all years together: why a day is off, and which weekly days off are worked. */
function daysOf(years: ReadonlyMap<number, Entries>): { readonly off: ReadonlyMap<number, string>; readonly worked: ReadonlySet<number> } {
  const off = new Map<number, string>();
  const worked = new Set<number>();
  for (const { holidays, compensations, swaps } of years.values()) {
    for (const h of holidays) off.set(dayNumber(h.date), reason(h.name, h));
    const names = new Map(holidays.map((h) => [h.date, h.name]));
    for (const c of compensations) {
      const instead = c.compensates.map((d) => `${names.get(d) ?? 'ngày lễ'} ${dayVi(d)}`).join(', ');
      if (!off.has(dayNumber(c.date))) off.set(dayNumber(c.date), reason(`nghỉ bù ${instead}`, c));
    }
    for (const s of swaps) {
      worked.add(dayNumber(s.worked));
      if (!off.has(dayNumber(s.off))) off.set(dayNumber(s.off), reason(`nghỉ hoán đổi, làm bù ngày ${dayVi(s.worked)}`, s));
    }
  }
  return { off, worked };
}

function build(source: Source): WorkingCalendar {
  const { version, weekly, weeklyBasis, years } = source;
  const { off, worked } = daysOf(years);
  const isWorked = (n: number): boolean => worked.has(n) || (!off.has(n) && !weekly.has(((n + 3) % 7) + 1));

  // Working days up to each day of the published span, so that counting between two days is one subtraction.
  const known = [...off.keys(), ...worked];
  const base = known.length === 0 ? 0 : Math.min(...known) - 366;
  const upTo = new Int32Array(known.length === 0 ? 1 : Math.max(...known) - base + 367);
  for (let i = 1; i < upTo.length; i++) upTo[i] = upTo[i - 1]! + (isWorked(base + i) ? 1 : 0);

  const between = (from: number, to: number): number => {
    if (to < from) return -between(to, from);
    if (from >= base && to < base + upTo.length) return upTo[to - base]! - upTo[from - base]!;
    let count = 0;
    for (let n = from + 1; n <= to; n++) if (isWorked(n)) count++;
    return count;
  };

  return {
    version,
    isWorkingDay: (day) => isWorked(dayNumber(day)),
    nextWorkingDay: (day) => {
      let n = dayNumber(day);
      while (!isWorked(n)) n++;
      return dayFromNumber(n);
    },
    addWorkingDays: (day, count) => {
      let n = dayNumber(day);
      const step = count < 0 ? -1 : 1;
      for (let left = Math.abs(count); left > 0;) {
        n += step;
        if (isWorked(n)) left--;
      }
      return dayFromNumber(n);
    },
    workingDaysBetween: (from, to) => between(dayNumber(from), dayNumber(to)),
    isPublished: (year) => years.has(year),
    whyOff: (day) => {
      const n = dayNumber(day);
      if (isWorked(n)) return undefined;
      return off.get(n) ?? `nghỉ hằng tuần, ${WEEKDAYS_VI[weekday(day) - 1]!}${weeklyBasis === undefined ? '' : ` (${weeklyBasis})`}`;
    },
    describeYear: (year) => {
      const { basis, holidays = [], compensations = [], swaps = [] } = years.get(year) ?? {};
      const all = [basis, ...[...holidays, ...compensations, ...swaps].map((e) => e.basis), weeklyBasis];
      return {
        year,
        published: years.has(year),
        version,
        basis: [...new Set(all.filter((b) => b !== undefined))],
        holidays,
        compensations,
        swaps,
        workingDayCount: between(dayNumber(`${String(year)}-01-01`) - 1, dayNumber(`${String(year)}-12-31`)),
        ...(!years.has(year) && { note: `Lịch chưa công bố cho năm ${String(year)}; chỉ tính ngày nghỉ hằng tuần.` }),
      };
    },
    withYears: (changed, newVersion) =>
      build({ ...source, version: newVersion, years: new Map([...years, ...[...changed].map((c) => [c.year, entriesOf(c)] as const)]) }),
  };
}

/** A publication as entries of a calendar: each with a basis, the year's where it has none of its own. */
function entriesOf({ basis, holidays, compensations, swaps }: CalendarYear): Entries {
  const grounded = <T extends { readonly basis?: string }>(entry: T): T & Grounds => ({ ...entry, basis: entry.basis ?? basis });
  return { basis, holidays: holidays.map(grounded), compensations: compensations.map(grounded), swaps: swaps.map(grounded) };
}

/** The days off from `day` on, up to the next working day (exclusive). */
export function daysOffFrom(calendar: WorkingCalendar, day: Day): Day[] {
  const days: Day[] = [];
  for (let d = day; !calendar.isWorkingDay(d); d = addDays(d, 1)) days.push(d);
  return days;
}

function grounds(entry: Json, at: string): Grounds {
  return { basis: text(entry, 'basis', at), ...(entry['status'] === 'unverified' && { unverified: true as const }) };
}

function reason(what: string, { basis, unverified }: Grounds): string {
  return `${what} (${basis}${unverified ? '; chưa kiểm chứng' : ''})`;
}

function invalid(pointer: string, must: string, given: unknown): never {
  const detail = `Lịch làm việc không hợp lệ tại “${pointer === '' ? '/' : pointer}”: phải ${must}, đang là ${given === undefined ? 'trống' : JSON.stringify(given)}.`;
  throw new Problem(422, 'calendar-invalid', 'Lịch làm việc không hợp lệ', detail, {
    errors: [{ pointer, code: 'calendar-invalid', detail, given }],
  });
}

function object(value: unknown, at: string): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : invalid(at, 'là một đối tượng JSON', value);
}

function array(from: Json, key: string, at: string): readonly unknown[] {
  const value = from[key];
  return Array.isArray(value) ? (value as readonly unknown[]) : invalid(`${at}/${key}`, 'là một danh sách', value);
}

function text(from: Json, key: string, at: string): string {
  const value = from[key];
  return typeof value === 'string' && value !== '' ? value : invalid(`${at}/${key}`, 'là chữ, không trống', value);
}

function dayOfYear(from: Json, key: string, at: string, year?: number): Day {
  const value = text(from, key, at);
  if (!isDay(value)) return invalid(`${at}/${key}`, 'là một ngày có thật, dạng yyyy-mm-dd', value);
  if (year !== undefined && +value.slice(0, 4) !== year) return invalid(`${at}/${key}`, `thuộc năm ${String(year)}`, value);
  return value;
}
