import { addDays, dayVi, isPlausibleYear, weekdayDayVi, type Day } from '#kernel';
import { clock, exists, lastDayOfMonth, monthIndex } from './days.ts';
import { END_OF_SPAN, MIDNIGHT } from './law.ts';
import type { EndOf, WrittenTime } from './phrase-types.ts';
import { noSuchDate, noSuchTime, refuse, settle, warn, type ReadingContext } from './settle.ts';
import type { CountingStep, DeadlineReading, DeadlineWarning } from './types.ts';

/** "trước ngày X": the end of the day before. `as` when the words name a month, quarter or year instead of the day. */
export function beforeDay(
  phrase: string,
  named: Day,
  warnings: readonly DeadlineWarning[],
  context: ReadingContext,
  first: readonly CountingStep[] = [],
  as?: string,
): DeadlineReading {
  const literal = addDays(named, -1);
  const what = as === undefined ? `“Trước ngày ${dayVi(named)}”` : `“${as.charAt(0).toUpperCase()}${as.slice(1)}” là trước ngày ${dayVi(named)},`;
  const steps = [...first, { day: literal, text: `${what} là hết ngày liền trước, ${weekdayDayVi(literal)}.`.replace(', là hết', ', hết'), source: MIDNIGHT }];
  return settle({ phrase, literal, basis: 'fixed-before', named, ...(as !== undefined && { namedAs: as }), steps, warnings }, context);
}

/** "chậm nhất ngày X", "đến hết ngày X", "X": the end of the day itself. */
export function onDay(
  phrase: string,
  literal: Day,
  warnings: readonly DeadlineWarning[],
  context: ReadingContext,
  first: readonly CountingStep[] = [],
): DeadlineReading {
  const steps = [...first, { day: literal, text: `Ngày ghi trong thời hạn: ${weekdayDayVi(literal)}, tính cả ngày đó.`, source: MIDNIGHT }];
  return settle({ phrase, literal, basis: 'fixed', steps, warnings }, context);
}

/** A limit with an hour. `given` is shown when the hour does not exist. */
export function limitAt(
  phrase: string | undefined,
  day: Day,
  time: WrittenTime,
  warnings: readonly DeadlineWarning[],
  given: string,
  context: ReadingContext,
  first: readonly CountingStep[] = [],
): DeadlineReading {
  if (!exists(time)) return noSuchTime(given);
  const kept = phrase !== undefined && { phrase };
  if (time.hour === 24) {
    // 24:00 of a day is its end, so this is a day like any other and not an hour limit at 00:00 of the next one.
    const steps = [...first, { day, text: `24 giờ 00 là lúc hết ngày ${weekdayDayVi(day)}.`, source: MIDNIGHT }];
    return settle({ ...kept, literal: day, basis: 'fixed', steps, warnings }, context);
  }
  const text = `Thời hạn có giờ: ${clock(time)} ${weekdayDayVi(day)}; nộp đúng thời điểm đó vẫn là trong hạn. Thời hạn có giờ không dời.`;
  return settle({ ...kept, literal: day, time: clock(time), basis: 'hours', steps: [...first, { day, text }], warnings }, context);
}

const PER_YEAR = { month: 12, quarter: 4, year: 1 } as const;
const SPAN_VI = { month: 'tháng', quarter: 'quý', year: 'năm' } as const;
const QUARTERS = ['I', 'II', 'III', 'IV'] as const;

/**
 * The end of a month, quarter or year. Without a year it is the first such end on or after the document's date, as with a date;
 * "tháng này", "quý sau", "năm nay" and "cuối tháng" alone count from the document's date. Both warn.
 */
export function readEndOf(given: string, phrase: EndOf, context: ReadingContext): DeadlineReading {
  const { span, before } = phrase;
  const perYear = PER_YEAR[span];
  if (typeof phrase.which === 'number' && (phrase.which < 1 || phrase.which > perYear)) return noSuchDate(given, given);
  let index: number;
  const warnings: DeadlineWarning[] = [];
  if (typeof phrase.which === 'number' && typeof phrase.year === 'number') {
    if (!isPlausibleYear(phrase.year)) return noSuchDate(given, given);
    index = phrase.year * perYear + phrase.which - 1;
  } else {
    const from = context.documentDate;
    if (from === undefined) return refuse('document-date-missing', `“${given}” không ghi đủ tháng, quý, năm và không có ngày văn bản để suy ra.`, given);
    const own = Math.floor((monthIndex(from) * perYear) / 12);
    const year = +from.slice(0, 4);
    if (typeof phrase.which !== 'number') index = own + (phrase.which === 'next' ? 1 : 0);
    else if (phrase.year !== undefined) index = (year + (phrase.year === 'next' ? 1 : 0)) * perYear + phrase.which - 1;
    else {
      index = year * perYear + phrase.which - 1;
      if ((before ? firstDay(index, perYear) : lastDay(index, perYear)) < from) index += perYear;
    }
    const relative = typeof phrase.which !== 'number' || phrase.year !== undefined;
    warnings.push(
      relative
        ? warn('span-assumed', `Thời hạn không ghi rõ ${SPAN_VI[span]} nào; theo ngày văn bản ${dayVi(from)} được hiểu là ${spanVi(span, index)}.`)
        : warn('year-assumed', `Thời hạn không ghi năm; được hiểu là ${spanVi(span, index)}, kỳ đầu tiên như vậy kể từ ngày văn bản ${dayVi(from)}.`),
    );
  }
  if (before) return beforeDay(given, firstDay(index, perYear), warnings, context, [], `trước ${spanVi(span, index)}`);
  const literal = lastDay(index, perYear);
  const steps = [{ day: literal, text: `Ngày cuối của ${spanVi(span, index)} là ${weekdayDayVi(literal)}.`, source: span === 'quarter' ? MIDNIGHT : END_OF_SPAN }];
  return settle({ phrase: given, literal, basis: 'fixed', steps, warnings }, context);
}

function firstDay(index: number, perYear: number): Day {
  const month = (index * 12) / perYear;
  return `${String(Math.floor(month / 12))}-${String((month % 12) + 1).padStart(2, '0')}-01`;
}

function lastDay(index: number, perYear: number): Day {
  const month = ((index + 1) * 12) / perYear - 1;
  return lastDayOfMonth(Math.floor(month / 12), (month % 12) + 1);
}

function spanVi(span: EndOf['span'], index: number): string {
  const perYear = PER_YEAR[span];
  const [y, n] = [Math.floor(index / perYear), index % perYear];
  return span === 'year' ? `năm ${String(y)}` : span === 'quarter' ? `quý ${QUARTERS[n]!}/${String(y)}` : `tháng ${String(n + 1)}/${String(y)}`;
}
