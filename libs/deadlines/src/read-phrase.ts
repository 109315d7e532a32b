import {
  addDays,
  cleanText,
  dayFromNumber,
  dayNumber,
  dayOf,
  dayVi,
  isDay,
  isoInstant,
  startOfDay,
  atTime,
  weekdayDayVi,
  type Day,
} from '#kernel';
import { daysOffFrom, type WorkingCalendar } from './calendar.ts';
import { understand, type PeriodUnit, type Understood, type WrittenDay, type WrittenTime } from './phrase-grammar.ts';
import type { CountingStep, DeadlineInput, DeadlineReading, DeadlineWarning, DueDeadline, FixedDatePolicy } from './types.ts';

/** The version of the rules in this file. Raise it when the same words would give another day; stored deadlines keep theirs. */
export const RULE_VERSION = 1;

export interface ReadingContext {
  /** Date of the directive document. */
  readonly documentDate?: Day;
  /** Day of receipt; by default the day of assignment. */
  readonly receivedOn?: Day;
  readonly policy: FixedDatePolicy;
  readonly calendar: WorkingCalendar;
}

/** Phrases that are understood, shown beside a refusal. */
export const PHRASE_EXAMPLES: readonly string[] = [
  'trước ngày 15/11/2020',
  'chậm nhất ngày 15/11/2020',
  'đến hết ngày 15/11/2020',
  'trước 16 giờ 00 ngày 20/4/2020',
  'trong 05 ngày làm việc kể từ ngày nhận được văn bản',
  'trong thời hạn 15 ngày kể từ ngày ký',
  'quý II/2020',
  'trong tháng 6/2020',
  'trước ngày 25 hằng tháng (kỳ tháng 6/2020)',
  'không thời hạn',
];

const CIVIL_CODE = 'Bộ luật Dân sự 2015';
const FIRST_DAY = `${CIVIL_CODE}, Điều 147 khoản 2`;
const TRIGGER_DAY = `${CIVIL_CODE}, Điều 147 khoản 3`;
const AT_ONCE = `${CIVIL_CODE}, Điều 147 khoản 1`;
const DAY_OFF = `${CIVIL_CODE}, Điều 148 khoản 5`;
const MIDNIGHT = `${CIVIL_CODE}, Điều 148 khoản 6`;
const END_OF: Readonly<Record<Exclude<PeriodUnit, 'hour'>, string>> = {
  'working-day': `${CIVIL_CODE}, Điều 148 khoản 1`,
  day: `${CIVIL_CODE}, Điều 148 khoản 1`,
  week: `${CIVIL_CODE}, Điều 148 khoản 2`,
  month: `${CIVIL_CODE}, Điều 148 khoản 3`,
  quarter: `${CIVIL_CODE}, Điều 148 khoản 3`,
  year: `${CIVIL_CODE}, Điều 148 khoản 4`,
};
const UNIT_VI: Readonly<Record<PeriodUnit, string>> = {
  'working-day': 'ngày làm việc',
  day: 'ngày',
  week: 'tuần',
  month: 'tháng',
  quarter: 'quý',
  year: 'năm',
  hour: 'giờ',
};
const POLICY_VI: Readonly<Record<FixedDatePolicy, string>> = {
  all: 'dời mọi ngày cố định rơi vào ngày nghỉ',
  none: 'không dời ngày cố định',
  'all-but-before': 'dời ngày cố định, trừ “trước ngày …”',
};
/** Longer counts of working days show their holidays only, so that an event stays of a readable size. */
const STEPS_DAY_BY_DAY = 90;

type Refusal = Extract<DeadlineReading, { readonly ok: false }>;

/** A deadline before the question of days off. */
interface Counted {
  readonly phrase?: string;
  readonly literal: Day;
  readonly time?: string;
  readonly basis: DueDeadline['basis'];
  readonly countsWorkingDays?: boolean;
  /** First day the calendar was asked about. */
  readonly from?: Day;
  /** The day X of "trước ngày X". */
  readonly named?: Day;
  readonly steps: readonly CountingStep[];
  readonly warnings: readonly DeadlineWarning[];
}

/** Reads what a user gave: a date with or without an hour, no deadline, or a phrase. */
export function readDeadline(input: DeadlineInput, context: ReadingContext): DeadlineReading {
  if ('none' in input) return { ok: true, deadline: { kind: 'none' }, warnings: [] };
  if ('date' in input) return readDate(input.date, input.time, context);
  if (input.receivedOn !== undefined && !isDay(input.receivedOn)) return noSuchDate(input.receivedOn, input.receivedOn);
  const reading = readPhrase(input.phrase, { ...context, receivedOn: input.receivedOn ?? context.receivedOn });
  if (!reading.ok || input.receivedOn !== undefined || context.receivedOn === undefined) return reading;
  const understood = understand(input.phrase);
  if (typeof understood !== 'object' || understood.says !== 'period' || understood.from !== 'received') return reading;
  return {
    ...reading,
    warnings: [
      ...reading.warnings,
      warn('received-day-assumed', `Không nhập ngày nhận văn bản; lấy ngày ${dayVi(context.receivedOn)} (ngày giao).`),
    ],
  };
}

/**
 * Reads a deadline phrase with all its words or refuses it; it never guesses (domain.md §3).
 * Tone marks, case, NFD and spaces do not matter. The phrase kept is the one given, in NFC with single spaces.
 */
export function readPhrase(phrase: string, context: ReadingContext): DeadlineReading {
  const given = cleanText(phrase);
  const understood = understand(given);
  if (understood === undefined)
    return refuse(
      'phrase-not-understood',
      `Chưa hiểu thời hạn “${given}”; đề nghị nhập ngày cụ thể hoặc viết theo một trong các mẫu.`,
      given,
    );
  if (understood === 'missing-start')
    return refuse(
      'phrase-not-understood',
      `“${given}” không ghi tính từ ngày nào (kể từ ngày ký, ngày ban hành, ngày nhận được văn bản).`,
      given,
    );
  switch (understood.says) {
    case 'none':
      return { ok: true, deadline: { kind: 'none', phrase: given }, warnings: [] };
    case 'day':
      return readDay(given, understood, context);
    case 'hour':
      return readHour(given, understood, context);
    case 'end-of':
      return readEndOf(given, understood, context);
    case 'period':
      return readPeriod(given, understood, context);
    case 'monthly':
    case 'yearly':
      return readRecurrence(given, understood, context);
  }
}

function readDate(date: Day, time: string | undefined, context: ReadingContext): DeadlineReading {
  if (!isDay(date)) return noSuchDate(date, date);
  if (time === undefined)
    return settle(
      { literal: date, basis: 'fixed', steps: [{ day: date, text: `Ngày được nhập: ${weekdayDayVi(date)}.` }], warnings: [] },
      context,
    );
  const m = /^(\d{2}):(\d{2})$/.exec(time);
  if (!m) return noSuchTime(time);
  return limitAt(undefined, date, { hour: +m[1]!, minute: +m[2]! }, [], time, context);
}

function readDay(given: string, { before, day }: Extract<Understood, { says: 'day' }>, context: ReadingContext): DeadlineReading {
  const found = resolve(day, given, context);
  if (!found.ok) return found;
  return before ? beforeDay(given, found.day, found.warnings, context) : onDay(given, found.day, found.warnings, context);
}

function beforeDay(phrase: string, named: Day, warnings: readonly DeadlineWarning[], context: ReadingContext): DeadlineReading {
  const literal = addDays(named, -1);
  const steps = [
    { day: literal, text: `“Trước ngày ${dayVi(named)}” là hết ngày liền trước, ${weekdayDayVi(literal)}.`, source: MIDNIGHT },
  ];
  return settle({ phrase, literal, basis: 'fixed-before', named, steps, warnings }, context);
}

function onDay(phrase: string, literal: Day, warnings: readonly DeadlineWarning[], context: ReadingContext): DeadlineReading {
  const steps = [{ day: literal, text: `Ngày ghi trong thời hạn: ${weekdayDayVi(literal)}, tính cả ngày đó.`, source: MIDNIGHT }];
  return settle({ phrase, literal, basis: 'fixed', steps, warnings }, context);
}

function readHour(given: string, { day, time }: Extract<Understood, { says: 'hour' }>, context: ReadingContext): DeadlineReading {
  const found = resolve(day, given, context);
  return found.ok ? limitAt(given, found.day, time, found.warnings, given, context) : found;
}

function limitAt(
  phrase: string | undefined,
  day: Day,
  time: WrittenTime,
  warnings: readonly DeadlineWarning[],
  given: string,
  context: ReadingContext,
): DeadlineReading {
  if (!exists(time)) return noSuchTime(given);
  if (time.hour === 24) {
    // 24:00 of a day is its end, so this is a day like any other and not an hour limit at 00:00 of the next one.
    const steps = [{ day, text: `24 giờ 00 là lúc hết ngày ${weekdayDayVi(day)}.`, source: MIDNIGHT }];
    return settle({ ...(phrase !== undefined && { phrase }), literal: day, basis: 'fixed', steps, warnings }, context);
  }
  const steps = [
    {
      day,
      text: `Thời hạn có giờ: ${clock(time)} ${weekdayDayVi(day)}; nộp đúng thời điểm đó vẫn là trong hạn. Thời hạn có giờ không dời.`,
    },
  ];
  return settle({ ...(phrase !== undefined && { phrase }), literal: day, time: clock(time), basis: 'hours', steps, warnings }, context);
}

function readEndOf(given: string, { span, n, y }: Extract<Understood, { says: 'end-of' }>, context: ReadingContext): DeadlineReading {
  const last = span === 'year' ? 12 : span === 'quarter' ? n * 3 : n;
  if (n < 1 || last > 12 || !plausible(y)) return noSuchDate(given, given);
  const literal = lastDayOfMonth(y, last);
  const what =
    span === 'year'
      ? `năm ${String(y)}`
      : span === 'quarter'
        ? `quý ${['I', 'II', 'III', 'IV'][n - 1]!}/${String(y)}`
        : `tháng ${String(n)}/${String(y)}`;
  const steps = [{ day: literal, text: `Ngày cuối của ${what} là ${weekdayDayVi(literal)}.`, source: MIDNIGHT }];
  return settle({ phrase: given, literal, basis: 'fixed', steps, warnings: [] }, context);
}

function readRecurrence(
  given: string,
  phrase: Extract<Understood, { says: 'monthly' | 'yearly' }>,
  context: ReadingContext,
): DeadlineReading {
  const occurrence = phrase.says === 'monthly' ? phrase.occurrence : phrase.occurrence && { m: phrase.m, y: phrase.occurrence.y };
  if (phrase.d < 1 || phrase.d > 31 || (phrase.says === 'yearly' && lastDayOfAny(phrase.m) < phrase.d)) return noSuchDate(given, given);
  if (occurrence) {
    const day = dayFrom(phrase.d, occurrence.m, occurrence.y);
    if (day === undefined) return noSuchDate(`${String(phrase.d)}/${String(occurrence.m)}/${String(occurrence.y)}`, given);
    return phrase.before ? beforeDay(given, day, [], context) : onDay(given, day, [], context);
  }
  const every = phrase.says === 'monthly' ? 'hằng tháng' : 'hằng năm';
  const example = phrase.says === 'monthly' ? '(kỳ tháng 6/2020)' : '(kỳ năm 2020)';
  const occurrences = nextOccurrences(phrase, context);
  return {
    ...refuse(
      'recurrence-needs-occurrence',
      `“${given}” là việc lặp lại ${every}, mỗi kỳ là một việc riêng; đề nghị chọn kỳ, ví dụ thêm “${example}”.`,
      given,
    ),
    ...(occurrences.length > 0 && { occurrences }),
  };
}

/** The next 12 due days by the letter, on or after the later of the document date and the receipt. */
function nextOccurrences(phrase: Extract<Understood, { says: 'monthly' | 'yearly' }>, context: ReadingContext): Day[] {
  const start = [context.documentDate, context.receivedOn]
    .filter((d) => d !== undefined)
    .sort()
    .at(-1);
  const days: Day[] = [];
  if (start === undefined) return days;
  const step = phrase.says === 'monthly' ? 1 : 12;
  const first = phrase.says === 'monthly' ? monthIndex(start) : +start.slice(0, 4) * 12 + phrase.m - 1;
  for (let i = first; days.length < 12; i += step) {
    const day = dayFrom(phrase.d, (i % 12) + 1, Math.floor(i / 12));
    if (day === undefined) {
      if (i > first + 12 * 100) break;
      continue;
    }
    const due = phrase.before ? addDays(day, -1) : day;
    if (due >= start) days.push(due);
  }
  return days;
}

function readPeriod(given: string, phrase: Extract<Understood, { says: 'period' }>, context: ReadingContext): DeadlineReading {
  const start = startOf(phrase.from, given, context);
  if (!start.ok) return start;
  const { count, unit } = phrase;
  const { day: from, what, warnings } = start;
  if (unit === 'hour') return countHours(given, count, phrase.from, start, context);

  // The day the document names is the first day (khoản 2); signing, issuing and receiving are events (khoản 3).
  const first: CountingStep = {
    day: from,
    text: `${what} ${weekdayDayVi(from)} không tính; tính từ ngày liền sau.`,
    source: typeof phrase.from === 'object' ? FIRST_DAY : TRIGGER_DAY,
  };
  if (unit === 'working-day') {
    const { literal, steps } = countWorkingDays(from, count, context.calendar);
    return settle({ phrase: given, literal, basis: 'period', countsWorkingDays: true, from, steps: [first, ...steps], warnings }, context);
  }
  const literal = endOfPeriod(from, count, unit);
  const short =
    (unit === 'month' || unit === 'quarter' || unit === 'year') && literal.slice(8) !== from.slice(8)
      ? ` (tháng không có ngày ${from.slice(8)}, lấy ngày cuối tháng)`
      : '';
  const last: CountingStep = {
    day: literal,
    text: `Đủ ${padded(count)} ${UNIT_VI[unit]}: ${weekdayDayVi(literal)}${short}.`,
    source: END_OF[unit],
  };
  return settle({ phrase: given, literal, basis: 'period', from, steps: [first, last], warnings }, context);
}

/** The last day of a period by the letter (Civil Code 2015, art. 148(1)–(4)), before any move from a day off. */
export function endOfPeriod(from: Day, count: number, unit: 'day' | 'week' | 'month' | 'quarter' | 'year'): Day {
  if (unit === 'day') return addDays(from, count);
  if (unit === 'week') return addDays(from, count * 7);
  const target = monthIndex(from) + count * (unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12);
  const y = Math.floor(target / 12);
  const m = (target % 12) + 1;
  return dayFrom(+from.slice(8), m, y) ?? lastDayOfMonth(y, m);
}

function countWorkingDays(from: Day, count: number, calendar: WorkingCalendar): { readonly literal: Day; readonly steps: CountingStep[] } {
  const steps: CountingStep[] = [];
  const full = count <= STEPS_DAY_BY_DAY;
  let day = from;
  for (let worked = 0; worked < count;) {
    day = addDays(day, 1);
    const why = calendar.whyOff(day);
    if (why !== undefined) {
      if (full || !why.startsWith('nghỉ hằng tuần')) steps.push({ day, text: `${weekdayDayVi(day)} không tính: ${why}.` });
    } else {
      worked++;
      if (full || worked === 1 || worked === count)
        steps.push({
          day,
          text: `Ngày làm việc thứ ${String(worked)}: ${weekdayDayVi(day)}.`,
          ...(worked === count && { source: END_OF['working-day'] }),
        });
    }
  }
  return { literal: day, steps };
}

function countHours(
  given: string,
  count: number,
  written: Extract<Understood, { says: 'period' }>['from'],
  start: Start,
  context: ReadingContext,
): DeadlineReading {
  const time = typeof written === 'object' ? written.time : undefined;
  if (time && !exists(time)) return noSuchTime(given);
  const begin = time ? atTime(start.day, clock(time)) : startOfDay(start.day);
  const end = begin + count * 3_600_000;
  const literal = dayOf(end);
  const endTime = isoInstant(end).slice(11, 16);
  const steps: CountingStep[] = [
    {
      day: start.day,
      text: `Tính ngay từ ${time ? clock(time) : '00:00'} ${weekdayDayVi(start.day)} (${start.what.toLowerCase()}).`,
      source: AT_ONCE,
    },
    { day: literal, text: `Đủ ${padded(count)} giờ: ${endTime} ${weekdayDayVi(literal)}. Thời hạn có giờ không dời.` },
  ];
  const warnings = time
    ? start.warnings
    : [
        ...start.warnings,
        warn(
          'hours-from-start-of-day',
          `Chỉ biết ngày ${dayVi(start.day)}, không biết giờ; ${padded(count)} giờ được tính từ 00:00 ngày đó.`,
        ),
      ];
  return settle({ phrase: given, literal, time: endTime, basis: 'hours', steps, warnings }, context);
}

interface Start {
  readonly ok: true;
  readonly day: Day;
  readonly what: string;
  readonly warnings: readonly DeadlineWarning[];
}

function startOf(from: Extract<Understood, { says: 'period' }>['from'], given: string, context: ReadingContext): Start | Refusal {
  if (typeof from === 'object') {
    const found = resolve(from.day, given, context);
    return found.ok ? { ...found, what: 'Ngày' } : found;
  }
  const received = from === 'received';
  const day = received ? context.receivedOn : context.documentDate;
  const what = received ? 'Ngày nhận được văn bản' : from === 'signed' ? 'Ngày ký' : 'Ngày ban hành';
  if (day === undefined)
    return refuse(
      received ? 'received-day-missing' : 'document-date-missing',
      `“${given}”: ${received ? 'thiếu ngày nhận văn bản' : 'thiếu ngày văn bản'} để tính.`,
      given,
    );
  return isDay(day) ? { ok: true, day, what, warnings: [] } : noSuchDate(day, given);
}

/** A written day as a day that exists; without a year the first such one on or after the document's date. */
function resolve(
  written: WrittenDay,
  given: string,
  context: ReadingContext,
): { readonly ok: true; readonly day: Day; readonly warnings: readonly DeadlineWarning[] } | Refusal {
  const { d, m, y } = written;
  if (y !== undefined) {
    const day = dayFrom(d, m, y);
    if (day === undefined) return noSuchDate(`${padded(d)}/${padded(m)}/${String(y)}`, given);
    return {
      ok: true,
      day,
      warnings: written.shortYear ? [warn('year-assumed', `Năm ghi hai chữ số; được hiểu là ngày ${dayVi(day)}.`)] : [],
    };
  }
  if (m < 1 || m > 12 || d < 1 || d > lastDayOfAny(m)) return noSuchDate(`${padded(d)}/${padded(m)}`, given);
  const start = context.documentDate;
  if (start === undefined)
    return refuse('document-date-missing', `“${given}” không ghi năm và không có ngày văn bản để suy ra năm.`, given);
  if (!isDay(start)) return noSuchDate(start, given);
  // 29/02 may be up to eight years away (1896–1904 style gaps do not occur before 2100).
  for (let year = +start.slice(0, 4); year <= +start.slice(0, 4) + 8; year++) {
    const day = dayFrom(d, m, year);
    if (day !== undefined && day >= start)
      return {
        ok: true,
        day,
        warnings: [
          warn(
            'year-assumed',
            `Thời hạn không ghi năm; được hiểu là ngày ${dayVi(day)}, ngày đầu tiên như vậy kể từ ngày văn bản ${dayVi(start)}.`,
          ),
        ],
      };
  }
  return noSuchDate(`${padded(d)}/${padded(m)}`, given);
}

/** Applies the rule for days off and writes the end of the counting. */
function settle(counted: Counted, { policy, calendar }: ReadingContext): DeadlineReading {
  const { literal, basis, named } = counted;
  const moved = basis === 'hours' ? literal : calendar.nextWorkingDay(literal);
  const dueOnBy = {
    all: moved,
    none: basis === 'period' ? moved : literal,
    'all-but-before': basis === 'fixed-before' ? literal : moved,
  };
  const dueOn = dueOnBy[policy];
  const steps: CountingStep[] = [...counted.steps];
  const warnings: DeadlineWarning[] = [...counted.warnings];

  if (moved !== literal) {
    for (const day of daysOffFrom(calendar, literal))
      steps.push({ day, text: `${weekdayDayVi(day)} là ngày nghỉ: ${calendar.whyOff(day)!}.` });
    const fixed = basis !== 'period';
    if (dueOn === literal) {
      steps.push({ day: literal, text: `Không dời: cách xử lý đang áp dụng là “${POLICY_VI[policy]}”.` });
    } else {
      steps.push({
        day: dueOn,
        text: `Dời đến hết ngày làm việc tiếp theo, ${weekdayDayVi(dueOn)}${fixed ? ` (cách xử lý đang áp dụng: “${POLICY_VI[policy]}”)` : ''}.`,
        source: DAY_OFF,
      });
      if (named !== undefined && dueOn >= named) {
        steps.push({
          day: dueOn,
          text:
            dueOn === named
              ? `Sau khi dời, hạn rơi đúng vào ngày ${dayVi(named)} mà câu chữ ghi là “trước ngày”.`
              : `Sau khi dời, hạn nằm sau ngày ${dayVi(named)} mà câu chữ ghi là “trước ngày”.`,
        });
      }
      warnings.push(
        warn(
          'moved-to-working-day',
          `Hạn theo chữ ${weekdayDayVi(literal)} là ngày nghỉ (${calendar.whyOff(literal)!}); hạn hiệu lực ${weekdayDayVi(dueOn)}.`,
        ),
      );
    }
  }
  const years = basis === 'hours' ? [] : unpublishedYears(calendar, counted.from ?? literal, moved);
  if (years.length > 0) {
    const detail = `Lịch chưa công bố cho năm ${years.join(', ')}; chỉ tính ngày nghỉ hằng tuần.`;
    steps.push({ day: dueOn, text: detail });
    warnings.push(warn('calendar-not-published', detail));
  }
  steps.push({
    day: dueOn,
    text: `Hạn hiệu lực: ${counted.time === undefined ? `hết ngày ${weekdayDayVi(dueOn)} (24 giờ)` : `${counted.time} ${weekdayDayVi(dueOn)}`}.`,
    ...(counted.time === undefined && { source: MIDNIGHT }),
  });

  const deadline: DueDeadline = {
    kind: 'due',
    ...(counted.phrase !== undefined && { phrase: counted.phrase }),
    dueOn,
    ...(counted.time !== undefined && { dueTime: counted.time }),
    literalDueOn: literal,
    basis,
    dueOnBy,
    countsWorkingDays: counted.countsWorkingDays ?? false,
    ruleVersion: RULE_VERSION,
    calendarVersion: calendar.version,
    steps,
  };
  return { ok: true, deadline, warnings };
}

function unpublishedYears(calendar: WorkingCalendar, from: Day, to: Day): string[] {
  const years: string[] = [];
  for (let y = +from.slice(0, 4); y <= +to.slice(0, 4); y++) if (!calendar.isPublished(y)) years.push(String(y));
  return years;
}

function refuse(code: string, detail: string, given: string): Refusal {
  return { ok: false, code, detail, given, examples: PHRASE_EXAMPLES };
}

function noSuchDate(date: string, given: string): Refusal {
  return refuse('date-does-not-exist', `Ngày “${date}” không tồn tại.`, given);
}

function noSuchTime(given: string): Refusal {
  return refuse('time-does-not-exist', `Giờ trong “${given}” không tồn tại (00:00–24:00).`, given);
}

function warn(code: string, detail: string): DeadlineWarning {
  return { code, detail };
}

// Outside these years a typing slip is likelier than a deadline, and before 1976 the time zone was not UTC+7 throughout.
function plausible(year: number): boolean {
  return year >= 1976 && year <= 2199;
}

function dayFrom(d: number, m: number, y: number): Day | undefined {
  const day = `${String(y)}-${padded(m)}-${padded(d)}`;
  return plausible(y) && isDay(day) ? day : undefined;
}

function lastDayOfMonth(y: number, m: number): Day {
  return dayFromNumber(dayNumber(m === 12 ? `${String(y + 1)}-01-01` : `${String(y)}-${padded(m + 1)}-01`) - 1);
}

/** The highest day number the month ever has; 0 for a month that does not exist. */
function lastDayOfAny(m: number): number {
  return m < 1 || m > 12 ? 0 : +lastDayOfMonth(2020, m).slice(8);
}

function monthIndex(day: Day): number {
  return +day.slice(0, 4) * 12 + +day.slice(5, 7) - 1;
}

function exists({ hour, minute }: WrittenTime): boolean {
  return (hour < 24 && minute < 60) || (hour === 24 && minute === 0);
}

function clock({ hour, minute }: WrittenTime): string {
  return `${padded(hour)}:${padded(minute)}`;
}

function padded(n: number): string {
  return String(n).padStart(2, '0');
}
