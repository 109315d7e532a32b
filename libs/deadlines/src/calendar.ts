import { Problem, addDays, dayFromNumber, dayNumber, dayVi, isDay, weekday, type Day } from '#kernel';

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

  const off = new Map<number, string>();
  const worked = new Set<number>();
  const published = new Set<number>();
  const stated: { readonly year: number; readonly count: number; readonly at: string }[] = [];

  array(root, 'years', '').forEach((entry, i) => {
    const at = `/years/${String(i)}`;
    const year = object(entry, at);
    const number = year['year'];
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 1976 || number > 2199)
      return invalid(`${at}/year`, 'là năm trong khoảng 1976–2199', number);
    if (published.has(number)) invalid(`${at}/year`, 'chỉ xuất hiện một lần', number);
    published.add(number);

    const names = new Map<Day, string>();
    array(year, 'holidays', at).forEach((item, j) => {
      const p = `${at}/holidays/${String(j)}`;
      const holiday = object(item, p);
      const day = dayOfYear(holiday, 'date', p, number);
      names.set(day, text(holiday, 'name', p));
      off.set(dayNumber(day), reason(text(holiday, 'name', p), holiday, p));
    });
    array(year, 'compensations', at).forEach((item, j) => {
      const p = `${at}/compensations/${String(j)}`;
      const rest = object(item, p);
      const day = dayOfYear(rest, 'date', p);
      const for_ = array(rest, 'compensates', p).map((d) =>
        typeof d === 'string' && isDay(d)
          ? `${names.get(d) ?? 'ngày lễ'} ${dayVi(d)}`
          : invalid(`${p}/compensates`, 'là các ngày có thật, dạng yyyy-mm-dd', d),
      );
      if (!off.has(dayNumber(day))) off.set(dayNumber(day), reason(`nghỉ bù ${for_.join(', ')}`, rest, p));
    });
    array(year, 'swaps', at).forEach((item, j) => {
      const p = `${at}/swaps/${String(j)}`;
      const swap = object(item, p);
      const workedDay = dayOfYear(swap, 'worked', p, number);
      const offDay = dayOfYear(swap, 'off', p);
      worked.add(dayNumber(workedDay));
      if (!off.has(dayNumber(offDay))) off.set(dayNumber(offDay), reason(`nghỉ hoán đổi, làm bù ngày ${dayVi(workedDay)}`, swap, p));
    });
    const count = year['workingDayCount'];
    if (count !== undefined) {
      if (typeof count !== 'number') return invalid(`${at}/workingDayCount`, 'là một số', count);
      stated.push({ year: number, count, at: `${at}/workingDayCount` });
    }
  });

  const calendar = build(version, weekly, weeklyBasis, off, worked, published);
  for (const { year, count, at } of stated) {
    const counted = calendar.workingDaysBetween(`${String(year - 1)}-12-31`, `${String(year)}-12-31`);
    if (counted !== count) invalid(at, `bằng số ngày làm việc đếm được của năm ${String(year)} (${String(counted)})`, count);
  }
  return calendar;
}

function build(
  version: string,
  weekly: ReadonlySet<number>,
  weeklyBasis: string | undefined,
  off: ReadonlyMap<number, string>,
  worked: ReadonlySet<number>,
  published: ReadonlySet<number>,
): WorkingCalendar {
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
    isPublished: (year) => published.has(year),
    whyOff: (day) => {
      const n = dayNumber(day);
      if (isWorked(n)) return undefined;
      return off.get(n) ?? `nghỉ hằng tuần, ${WEEKDAYS_VI[weekday(day) - 1]!}${weeklyBasis === undefined ? '' : ` (${weeklyBasis})`}`;
    },
  };
}

/** The days off from `day` on, up to the next working day (exclusive). */
export function daysOffFrom(calendar: WorkingCalendar, day: Day): Day[] {
  const days: Day[] = [];
  for (let d = day; !calendar.isWorkingDay(d); d = addDays(d, 1)) days.push(d);
  return days;
}

function reason(what: string, entry: Json, at: string): string {
  const doubt = entry['status'] === 'unverified' ? '; chưa kiểm chứng' : '';
  return `${what} (${text(entry, 'basis', at)}${doubt})`;
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
