import { cleanText, dayFromNumber, dayVi, isDay, type Day } from '#kernel';
import { EXCEL_EPOCH } from './cell-number.ts';

/** A date cell: the day, perhaps with something to confirm; or why it is none. */
export type CellDate =
  | { readonly ok: true; readonly day: Day; readonly doubt?: { readonly code: string; readonly message: string } }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Reads a cell of a date column: day first always ("06/15/2020" has no month 15 and is not turned round), ISO, an Excel serial of 2000–2099,
 * or "ngày 05 tháng 6 năm 2020". A day that does not exist never rolls over.
 */
export function readCellDate(cell: string, column: string): CellDate {
  const text = cleanText(cell);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?$/.exec(text);
  if (iso) return existing(+iso[3]!, +iso[2]!, +iso[1]!, text, column);
  const serial = /^(\d{5})(?:\.0+)?$/.exec(text);
  if (serial) {
    const day = dayFromNumber(+serial[1]! - EXCEL_EPOCH);
    if (day < '2000-01-01' || day > '2099-12-31') return { ok: false, code: 'date-invalid', message: `${column} “${text}” không hợp lệ (ngày/tháng/năm).` };
    return { ok: true, day, doubt: { code: 'date-excel-serial', message: `Ô ngày chứa số ${text}, được hiểu là ${dayVi(day)} (${column}).` } };
  }
  const numbers = /^(?:ngày )?(\d{1,2}) ?([/.-]) ?(\d{1,2}) ?\2 ?(\d{4}|\d{2})$/i.exec(text);
  if (numbers) {
    const short = numbers[4]!.length === 2;
    const read = existing(+numbers[1]!, +numbers[3]!, (short ? 2000 : 0) + +numbers[4]!, text, column);
    if (!read.ok || !short) return read;
    return { ...read, doubt: { code: 'date-short-year', message: `${column} “${text}” được hiểu là ${dayVi(read.day)}; đề nghị xác nhận.` } };
  }
  const words = /^(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})$/i.exec(text);
  if (words) return existing(+words[1]!, +words[2]!, +words[3]!, text, column);
  return { ok: false, code: 'date-invalid', message: `${column} “${text}” không hợp lệ (ngày/tháng/năm).` };
}

function existing(d: number, m: number, y: number, text: string, column: string): CellDate {
  if (d < 1 || d > 31 || m < 1 || m > 12 || y < 1976 || y > 2199) return { ok: false, code: 'date-invalid', message: `${column} “${text}” không hợp lệ (ngày/tháng/năm).` };
  const day = `${String(y)}-${String(m).padStart(2, '0')}-${String(d).padStart(2, '0')}`;
  return isDay(day) ? { ok: true, day } : { ok: false, code: 'date-does-not-exist', message: `${column} “${text}” không tồn tại.` };
}

/** "16:00", "16h", "16 giờ 30" → `16:00`, `16:00`, `16:30`; undefined when it is no time of day. */
export function readCellTime(cell: string): string | undefined {
  const m = /^(\d{1,2})(?: ?(?::|h|g|giờ) ?(\d{2})?)(?::00)?(?: ?phút)?$/i.exec(cleanText(cell));
  if (!m || +m[1]! > 23 || +(m[2] ?? 0) > 59) return undefined;
  return `${m[1]!.padStart(2, '0')}:${m[2] ?? '00'}`;
}
