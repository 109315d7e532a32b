import { addDays, dayFromNumber, dayNumber, dayVi, isPlausibleYear, weekday, weekdayDayVi, type Day } from '#kernel';
import { dayFrom, lastDayOfAny, lastDayOfMonth, monthIndex, padded } from './days.ts';
import { beforeDay, limitAt, onDay } from './read-day.ts';
import type { Recurrence } from './phrase-types.ts';
import { resolve, weekdayVi } from './resolve.ts';
import { noSuchDate, refuse, type ReadingContext, type Refusal } from './settle.ts';
import type { CountingStep, DeadlineReading } from './types.ts';

const OFFERED = 12;
/** How far ahead occurrences are looked for when months without the day are skipped, in periods: 29/02 is at most eight years away. */
const SEARCHED = 120;
const EVERY_VI: Readonly<Record<Recurrence['every'], string>> = { week: 'hằng tuần', month: 'hằng tháng', quarter: 'hằng quý', year: 'hằng năm' };
const QUARTERS = ['I', 'II', 'III', 'IV'] as const;

/** A recurring duty: the occurrence named in the phrase, or a refusal that offers the next ones. */
export function readRecurrence(given: string, phrase: Recurrence, context: ReadingContext): DeadlineReading {
  const { spot, every } = phrase;
  if (spot.on === 'day' && (spot.d < 1 || spot.d > (every === 'year' ? lastDayOfAny(spot.month) : 31))) return noSuchDate(given, given);
  if (phrase.occurrence === undefined) return offer(given, phrase, context);
  const period = periodNamed(given, phrase, context);
  if (typeof period !== 'number') return period;
  const day = dayOfPeriod(phrase, period);
  if (day === undefined) return noSuchDate(spot.on === 'day' ? `ngày ${padded(spot.d)} của ${periodVi(every, period)}` : periodVi(every, period), given);
  const first: CountingStep = { day, text: `${capital(periodVi(every, period))} của việc lặp lại ${EVERY_VI[every]}: ngày ${weekdayDayVi(day)}.` };
  if (phrase.time) return limitAt(given, day, phrase.time, [], given, context, [first]);
  return phrase.before ? beforeDay(given, day, [], context, [first]) : onDay(given, day, [], context, [first]);
}

function offer(given: string, phrase: Recurrence, context: ReadingContext): Refusal {
  const next = nextOccurrences(phrase, context);
  const example = next[0] === undefined ? { week: '(kỳ ngày 19/6/2020)', month: '(kỳ tháng 6/2020)', quarter: '(kỳ quý II/2020)', year: '(kỳ năm 2020)' }[phrase.every] : occurrenceVi(phrase, next[0]);
  const bare = given.replace(/[\s.;,]+$/, '');
  return {
    ...refuse(
      'recurrence-needs-occurrence',
      `“${given}” là việc lặp lại ${EVERY_VI[phrase.every]}, mỗi kỳ là một việc riêng; đề nghị chọn kỳ, ví dụ thêm “${example}”.`,
      given,
    ),
    ...(next.length > 0 && { occurrences: next.map((o) => o.due), occurrencePhrases: next.map((o) => `${bare} ${occurrenceVi(phrase, o)}`) }),
  };
}

interface Next {
  readonly period: number;
  readonly named: Day;
  readonly due: Day;
}

/** The next due days by the letter, on or after the later of the document date and the receipt. */
function nextOccurrences(phrase: Recurrence, context: ReadingContext): Next[] {
  const start = [context.documentDate, context.receivedOn]
    .filter((d) => d !== undefined)
    .sort()
    .at(-1);
  if (start === undefined) return [];
  const next: Next[] = [];
  const first = periodOf(phrase.every, start) - phrase.later;
  for (let period = first; next.length < OFFERED && period < first + SEARCHED; period++) {
    const named = dayOfPeriod(phrase, period);
    if (named === undefined) continue;
    const due = phrase.before && !phrase.time ? addDays(named, -1) : named;
    if (due >= start) next.push({ period, named, due });
  }
  return next;
}

/** Periods are numbered: weeks by their Monday, months, quarters and years since year 0. */
function periodOf(every: Recurrence['every'], day: Day): number {
  if (every === 'week') return (dayNumber(day) - weekday(day) + 1 - FIRST_MONDAY) / 7;
  return Math.floor(monthIndex(day) / MONTHS[every]);
}

const FIRST_MONDAY = dayNumber('1970-01-05');
const MONTHS = { month: 1, quarter: 3, year: 12 } as const;

/** The day named in a period; undefined when the month has no such day. */
function dayOfPeriod({ every, spot, later }: Recurrence, period: number): Day | undefined {
  if (every === 'week') return spot.on === 'weekday' ? dayFromNumber(FIRST_MONDAY + period * 7 + spot.weekday - 1) : undefined;
  const first = (period + later) * MONTHS[every];
  const index = spot.on === 'day' ? first + spot.month - 1 : first + MONTHS[every] - 1;
  const [y, m] = [Math.floor(index / 12), (index % 12) + 1];
  return spot.on === 'day' ? dayFrom(spot.d, m, y) : lastDayOfMonth(y, m);
}

function periodNamed(given: string, { every, spot, occurrence }: Recurrence, context: ReadingContext): number | Refusal {
  if (occurrence !== undefined && 'n' in occurrence) {
    const { n, y } = occurrence;
    const perYear = every === 'month' ? 12 : every === 'quarter' ? 4 : 1;
    return n < 1 || n > perYear || !isPlausibleYear(y) ? noSuchDate(given, given) : y * perYear + n - 1;
  }
  const from = resolve(occurrence!.day, given, context);
  if (!from.ok) return from;
  const until = occurrence!.until === undefined ? undefined : resolve(occurrence!.until, given, context);
  if (until !== undefined && !until.ok) return until;
  const period = periodOf('week', from.day);
  const named = spot.on === 'weekday' ? spot.weekday : 0;
  const fits = until === undefined ? weekday(from.day) === named : until.day > from.day && periodOf('week', until.day) === period && weekday(from.day) <= named && named <= weekday(until.day);
  return fits ? period : refuse('weekday-disagrees', `“${given}”: kỳ nêu trong ngoặc không phải ${weekdayVi(named)} của một tuần (thứ Hai đến Chủ nhật).`, given);
}

function periodVi(every: Recurrence['every'], period: number): string {
  switch (every) {
    case 'week':
      return `tuần từ ${dayVi(dayFromNumber(FIRST_MONDAY + period * 7))}`;
    case 'month':
      return `kỳ tháng ${String((period % 12) + 1)}/${String(Math.floor(period / 12))}`;
    case 'quarter':
      return `kỳ quý ${QUARTERS[period % 4]!}/${String(Math.floor(period / 4))}`;
    case 'year':
      return `kỳ năm ${String(period)}`;
  }
}

function occurrenceVi(phrase: Recurrence, { period, named }: Next): string {
  return `(${phrase.every === 'week' ? `kỳ ngày ${dayVi(named)}` : periodVi(phrase.every, period)})`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
