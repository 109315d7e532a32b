import { dayVi, isDay, weekday, type Day } from '#kernel';
import { dayFrom, lastDayOfAny, padded } from './days.ts';
import type { WrittenDay } from './phrase-types.ts';
import { noSuchDate, refuse, warn, type ReadingContext, type Refusal } from './settle.ts';
import type { DeadlineWarning } from './types.ts';

type Resolved = { readonly ok: true; readonly day: Day; readonly warnings: readonly DeadlineWarning[] };
const WEEKDAYS_VI = ['thứ Hai', 'thứ Ba', 'thứ Tư', 'thứ Năm', 'thứ Sáu', 'thứ Bảy', 'Chủ nhật'] as const;

/**
 * A written day as a day that exists; without a year the first such one on or after the document's date.
 * A weekday that disagrees is refused and not merely warned of: nobody can tell whether the day or the weekday is the slip.
 */
export function resolve(written: WrittenDay, given: string, context: ReadingContext): Resolved | Refusal {
  const found = resolveDate(written, given, context);
  if (!found.ok || written.weekday === undefined || weekday(found.day) === written.weekday) return found;
  const [said, is] = [weekdayVi(written.weekday), weekdayVi(weekday(found.day))];
  return refuse('weekday-disagrees', `“${given}”: ngày ${dayVi(found.day)} là ${is}, không phải ${said}; đề nghị kiểm tra lại ngày hoặc thứ.`, given);
}

/** 1 → "thứ Hai", 7 → "Chủ nhật". */
export function weekdayVi(number: number): string {
  return WEEKDAYS_VI[number - 1]!;
}

function resolveDate(
  written: WrittenDay,
  given: string,
  context: ReadingContext,
): Resolved | Refusal {
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
