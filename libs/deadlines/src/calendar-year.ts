import { FIRST_YEAR, LAST_YEAR, Problem, cleanText, dayVi, isDay, isPlausibleYear, weekday, type Day, type ProblemItem } from '#kernel';

const NAME_LIMIT = 200;
const ENTRY_LIMIT = 100;

/** What is published for one year. Entries without a basis of their own rest on the year's. A swap stands in the year of its worked day. */
export interface CalendarYear {
  readonly year: number;
  /** The document that fixes these days. */
  readonly basis: string;
  readonly holidays: readonly { readonly date: Day; readonly name: string; readonly basis?: string }[];
  /** A day off instead of holidays that fell on a weekly day off. */
  readonly compensations: readonly { readonly date: Day; readonly compensates: readonly Day[]; readonly basis?: string }[];
  /** A weekly day off that is worked, and the working day that is off for it. */
  readonly swaps: readonly { readonly worked: Day; readonly off: Day; readonly basis?: string }[];
}

/** True for a year that a calendar can be published for. */
export function isCalendarYear(year: number): boolean {
  return Number.isInteger(year) && isPlausibleYear(year);
}

/**
 * Reads `{basis, holidays[], compensations[], swaps[]}` as published for a year; every list may be empty, none may be missing.
 * The answer is in the order of its days, so that equal contents are equal.
 * @param weeklyDaysOff 1 = Monday … 7 = Sunday.
 * @throws Problem `calendar-invalid` or `calendar-year-out-of-range` (422) with a JSON pointer for every wrong place.
 */
export function parseCalendarYear(json: unknown, year: number, weeklyDaysOff: ReadonlySet<number> = new Set([6, 7])): CalendarYear {
  if (!isCalendarYear(year)) throw yearOutOfRange(year);
  const check = new Check(year, weeklyDaysOff);
  const root = check.object(json, '');
  if (root?.['year'] !== undefined && root['year'] !== year) check.wrong('/year', `là ${String(year)} như trong địa chỉ`, root['year']);
  const basis = check.text(root, 'basis', '');

  const holidays = check.objects(root, 'holidays', (item, at) => ({
    date: check.use(check.day(item, 'date', at, year), `${at}/date`, 'ngày lễ'),
    name: check.text(item, 'name', at),
    ...check.ownBasis(item, at),
  }));
  const holidayDates = new Set(holidays.map((h) => h.date));
  const compensations = check.objects(root, 'compensations', (item, at) => {
    const date = check.use(check.day(item, 'date', at, year, year + 1), `${at}/date`, 'ngày nghỉ bù');
    check.workingDay(date, `${at}/date`, 'ngày nghỉ bù');
    const compensates = check.list(item, 'compensates', at, (value, p) => {
      if (typeof value !== 'string' || !isDay(value)) return check.wrong(p, 'là một ngày có thật, dạng yyyy-mm-dd', value);
      if (!holidayDates.has(value)) return check.wrong(p, 'là một ngày lễ trong danh sách holidays của năm này', value);
      if (!weeklyDaysOff.has(weekday(value))) return check.wrong(p, 'là ngày lễ trùng ngày nghỉ hằng tuần (chỉ khi đó mới nghỉ bù)', value);
      return value;
    });
    if (compensates.length === 0) check.wrong(`${at}/compensates`, 'nêu ít nhất một ngày lễ được nghỉ bù', item['compensates']);
    return { date, compensates: compensates.toSorted(), ...check.ownBasis(item, at) };
  });
  const swaps = check.objects(root, 'swaps', (item, at) => {
    const worked = check.use(check.day(item, 'worked', at, year), `${at}/worked`, 'ngày làm bù');
    const off = check.use(check.day(item, 'off', at, year - 1, year, year + 1), `${at}/off`, 'ngày nghỉ hoán đổi');
    if (worked !== '' && !weeklyDaysOff.has(weekday(worked))) check.wrong(`${at}/worked`, 'là ngày nghỉ hằng tuần (ngày thường vốn đã làm việc)', worked);
    check.workingDay(off, `${at}/off`, 'ngày nghỉ hoán đổi');
    return { worked, off, ...check.ownBasis(item, at) };
  });
  check.end();
  return { year, basis, holidays: byDay(holidays, (h) => h.date), compensations: byDay(compensations, (c) => c.date), swaps: byDay(swaps, (s) => s.worked) };
}

/** The refusal of a year no calendar can be published for. */
export function yearOutOfRange(year: unknown): Problem {
  const detail = `Năm phải là số nguyên trong khoảng ${String(FIRST_YEAR)}–${String(LAST_YEAR)}, đang là ${year === undefined ? 'trống' : JSON.stringify(year)}.`;
  return new Problem(422, 'calendar-year-out-of-range', 'Năm không hợp lệ', detail, {
    errors: [{ pointer: '/year', code: 'calendar-year-out-of-range', detail, given: year }],
  });
}

function byDay<T>(items: readonly T[], day: (item: T) => Day): readonly T[] {
  return items.toSorted((a, b) => (day(a) < day(b) ? -1 : 1));
}

type Json = Readonly<Record<string, unknown>>;

/** Collects every wrong place. A value that is wrong reads as '' and is judged no further; `end` throws when there was one. */
class Check {
  private readonly errors: ProblemItem[] = [];
  private readonly used = new Map<Day, string>();
  private readonly year: number;
  private readonly weekly: ReadonlySet<number>;
  constructor(year: number, weekly: ReadonlySet<number>) {
    this.year = year;
    this.weekly = weekly;
  }

  wrong(pointer: string, must: string, given: unknown): '' {
    const shown = given === undefined ? 'trống' : JSON.stringify(given);
    this.errors.push({ pointer: pointer === '' ? '/' : pointer, code: 'calendar-invalid', detail: `Phải ${must}, đang là ${shown}.`, ...(given !== undefined && { given }) });
    return '';
  }

  object(value: unknown, at: string): Json | undefined {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
    this.wrong(at, 'là một đối tượng JSON', value);
    return undefined;
  }

  list<T>(from: Json, key: string, at: string, read: (item: unknown, at: string) => T): readonly T[] {
    const value = from[key];
    const p = `${at}/${key}`;
    if (!Array.isArray(value)) return this.none(p, 'là một danh sách', value);
    if (value.length > ENTRY_LIMIT) return this.none(p, `có tối đa ${String(ENTRY_LIMIT)} mục`, value.length);
    return (value as readonly unknown[]).map((item, i) => read(item, `${p}/${String(i)}`));
  }

  objects<T>(from: Json | undefined, key: string, read: (item: Json, at: string) => T): readonly T[] {
    if (from === undefined) return [];
    return this.list(from, key, '', (item, at) => {
      const object = this.object(item, at);
      return object === undefined ? [] : [read(object, at)];
    }).flat();
  }

  private none(pointer: string, must: string, given: unknown): readonly never[] {
    this.wrong(pointer, must, given);
    return [];
  }

  text(from: Json | undefined, key: string, at: string): string {
    if (from === undefined) return '';
    const value = from[key];
    const clean = typeof value === 'string' ? cleanText(value) : '';
    return clean === '' || clean.length > NAME_LIMIT ? this.wrong(`${at}/${key}`, `là chữ, không trống, tối đa ${String(NAME_LIMIT)} ký tự`, value) : clean;
  }

  ownBasis(from: Json, at: string): { readonly basis?: string } {
    return from['basis'] === undefined ? {} : { basis: this.text(from, 'basis', at) };
  }

  day(from: Json, key: string, at: string, ...years: readonly number[]): Day {
    const value = from[key];
    if (typeof value !== 'string' || !isDay(value)) return this.wrong(`${at}/${key}`, 'là một ngày có thật, dạng yyyy-mm-dd', value);
    return years.includes(+value.slice(0, 4)) ? value : this.wrong(`${at}/${key}`, `thuộc năm ${years.map(String).join(', ')}`, value);
  }

  /** Notes what a day is; a day cannot be two things. */
  use(day: Day, pointer: string, as: string): Day {
    if (day === '') return day;
    const already = this.used.get(day);
    if (already !== undefined) return this.wrong(pointer, `không trùng: ngày ${dayVi(day)} đã là ${already}`, day);
    this.used.set(day, as);
    return day;
  }

  workingDay(day: Day, pointer: string, what: string): void {
    if (day !== '' && this.weekly.has(weekday(day))) this.wrong(pointer, `là ngày làm việc (${what} không thể rơi vào ngày nghỉ hằng tuần)`, day);
  }

  end(): void {
    const [first, ...others] = this.errors;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : ` Còn ${String(others.length)} lỗi khác.`;
    const detail = `Lịch làm việc năm ${String(this.year)} không hợp lệ tại “${first.pointer}”: ${first.detail.charAt(0).toLowerCase()}${first.detail.slice(1)}${more}`;
    throw new Problem(422, 'calendar-invalid', 'Lịch làm việc không hợp lệ', detail, { errors: this.errors });
  }
}
