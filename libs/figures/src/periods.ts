import { addDays, isDay, isPlausibleYear, type Day } from '#kernel';

export interface Period {
  readonly from: Day;
  readonly to: Day;
}

type Months = Readonly<Record<string, readonly [fromMonth: number, toMonth: number]>>;

/** One rule for reporting periods, in force for years from `fromYear` on. */
interface ReportingRule {
  readonly fromYear: number;
  readonly basis: string;
  /** A period runs from the 15th of a month (12 = December of the year before) to the 14th of another; '' is the whole year. */
  readonly months: Months;
}

/** Reporting periods as data, newest last; a new decree adds a line. Years before the first line follow it, for want of another. */
const REPORTING: readonly ReportingRule[] = [
  {
    fromYear: 2019,
    // Nine months by analogy with the others: the article does not name them.
    basis: 'Nghị định 09/2019/NĐ-CP, Điều 12',
    months: { '': [12, 12], Q1: [12, 3], Q2: [3, 6], Q3: [6, 9], Q4: [9, 12], H1: [12, 6], H2: [6, 12], '9M': [12, 9] },
  },
];

const ruleOf = (year: number): ReportingRule => REPORTING.findLast((rule) => rule.fromYear <= year) ?? REPORTING[0]!;

const two = (n: number): string => String(n).padStart(2, '0');

/** `2020`, `2020-Q3`, `2020-H1`, `2020-9M`, `2020-11`, and calendar forms `2020-cal`, `2020-Q3-cal`, `2020-11-cal`; undefined when it is none. */
export function readPeriod(text: string): Period | undefined {
  const m = /^(\d{4})(?:-(Q[1-4]|H[12]|9M|0[1-9]|1[0-2]))?(-cal)?$/.exec(text);
  if (!m) return undefined;
  const year = Number(m[1]);
  if (!isPlausibleYear(year)) return undefined;
  const part = m[2] ?? '';
  if (m[3] !== undefined) return calendarPeriod(year, part);
  if (/^\d\d$/.test(part)) {
    const month = Number(part);
    return { from: month === 1 ? `${String(year - 1)}-12-15` : `${String(year)}-${two(month - 1)}-15`, to: `${String(year)}-${part}-14` };
  }
  return reportingPeriod(year, part);
}

function reportingPeriod(year: number, part: string): Period {
  const [fromMonth, toMonth] = ruleOf(year).months[part]!;
  return { from: `${String(fromMonth === 12 ? year - 1 : year)}-${two(fromMonth)}-15`, to: `${String(year)}-${two(toMonth)}-14` };
}

function calendarPeriod(year: number, part: string): Period {
  const q = /^Q(\d)$/.exec(part);
  const [first, last] = part === '' ? [1, 12] : q ? [Number(q[1]) * 3 - 2, Number(q[1]) * 3] : part === 'H1' ? [1, 6] : part === 'H2' ? [7, 12] : part === '9M' ? [1, 9] : [Number(part), Number(part)];
  const after = last === 12 ? `${String(year + 1)}-01-01` : `${String(year)}-${two(last + 1)}-01`;
  return { from: `${String(year)}-${two(first)}-01`, to: addDays(after, -1) };
}

/** The reporting year that contains the day: 15/12 of the year before to 14/12. */
export function reportingYearContaining(day: Day): Period {
  const year = Number(day.slice(0, 4));
  return reportingPeriod(day.slice(5) >= '12-15' ? year + 1 : year, '');
}

/** A free range. */
export function rangePeriod(from: string, to: string): Period | undefined {
  return [from, to].every((day) => isDay(day) && isPlausibleYear(Number(day.slice(0, 4)))) && from <= to ? { from, to } : undefined;
}
