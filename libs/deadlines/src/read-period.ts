import { addDays, atTime, dayOf, dayVi, isDay, startOfDay, timeOf, weekdayDayVi, type Day } from '#kernel';
import type { WorkingCalendar } from './calendar.ts';
import { clock, endOfPeriod, exists, padded } from './days.ts';
import { AT_ONCE, END_OF, FIRST_DAY, TRIGGER_DAY } from './law.ts';
import type { PeriodStart, PeriodUnit, TriggerEvent, Understood } from './phrase-types.ts';
import { resolve } from './resolve.ts';
import { noSuchDate, noSuchTime, refuse, settle, warn, type ReadingContext, type Refusal } from './settle.ts';
import type { CountingStep, DeadlineReading, DeadlineWarning } from './types.ts';

const UNIT_VI: Readonly<Record<PeriodUnit, string>> = {
  'working-day': 'ngày làm việc',
  day: 'ngày',
  week: 'tuần',
  month: 'tháng',
  quarter: 'quý',
  year: 'năm',
  hour: 'giờ',
};
const TRIGGER_VI: Readonly<Record<TriggerEvent, string>> = {
  signed: 'Ngày ký',
  issued: 'Ngày ban hành',
  received: 'Ngày nhận được văn bản',
  effective: 'Ngày có hiệu lực',
};
/** Longer counts of working days show their holidays only, so that an event stays of a readable size. */
const STEPS_DAY_BY_DAY = 90;

export function readPeriod(given: string, phrase: Extract<Understood, { readonly says: 'period' }>, context: ReadingContext): DeadlineReading {
  const start = startOf(phrase.from, given, context);
  if (!start.ok) return start;
  const { count, unit } = phrase;
  const { day: from, what, warnings } = start;
  if (unit === 'hour') return countHours(given, count, phrase.from, start, context);

  // The day the document names is the first day (khoản 2); signing, issuing and receiving are events (khoản 3).
  const first: CountingStep = {
    day: from,
    text: `${what} ${weekdayDayVi(from)} không tính; tính từ ngày liền sau.`,
    source: typeof phrase.from === 'object' && phrase.from.event === undefined ? FIRST_DAY : TRIGGER_DAY,
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
  written: PeriodStart,
  start: Start,
  context: ReadingContext,
): DeadlineReading {
  const time = typeof written === 'object' ? written.time : undefined;
  if (time && !exists(time)) return noSuchTime(given);
  const begin = time ? atTime(start.day, clock(time)) : startOfDay(start.day);
  const end = begin + count * 3_600_000;
  const literal = dayOf(end);
  const endTime = timeOf(end);
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

function startOf(from: PeriodStart, given: string, context: ReadingContext): Start | Refusal {
  if (typeof from === 'object') {
    const found = resolve(from.day, given, context);
    if (!found.ok) return found;
    const what = from.event === undefined ? 'Ngày' : TRIGGER_VI[from.event];
    const known = from.event === 'received' ? context.receivedOn : from.event === 'effective' ? undefined : context.documentDate;
    if (from.event === undefined || known === undefined || known === found.day) return { ...found, what };
    const detail = `Thời hạn ghi ${what.toLowerCase()} ${dayVi(found.day)}, còn ngày đã nhập là ${dayVi(known)}; lấy theo câu chữ.`;
    return { ...found, what, warnings: [...found.warnings, warn('trigger-day-differs', detail)] };
  }
  const received = from === 'received';
  const day = received ? context.receivedOn : context.documentDate;
  const what = TRIGGER_VI[from];
  if (day === undefined)
    return refuse(
      received ? 'received-day-missing' : 'document-date-missing',
      `“${given}”: ${received ? 'thiếu ngày nhận văn bản' : 'thiếu ngày văn bản'} để tính.`,
      given,
    );
  return isDay(day) ? { ok: true, day, what, warnings: [] } : noSuchDate(day, given);
}
