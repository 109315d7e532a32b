import { dayFromNumber, dayVi } from '#kernel';
import { DATE_COLUMNS, TIME_COLUMNS, type Column } from './columns.ts';

const DATES: ReadonlySet<Column> = new Set(DATE_COLUMNS);
const TIMES: ReadonlySet<Column> = new Set(TIME_COLUMNS);
/** Excel's day 25569 is 01/01/1970 in the 1900 system. */
export const EXCEL_EPOCH = 25_569;
const FROM_1904 = 1_462;
/** 31/12/9999, the last day a spreadsheet has. */
const LAST = 2_958_465;

/**
 * A number of a spreadsheet as a clerk would have typed it: in a column of days a day, in one of hours an hour, elsewhere the number. Never
 * through a JavaScript date, which loses a day at UTC+7. What is no day stays a number, for the reader to refuse.
 */
export function numberAsText(cell: string, column: Column, date1904: boolean): string {
  const value = Number(cell);
  if (!Number.isFinite(value)) return cell;
  if (TIMES.has(column) && value >= 0 && value < 1) return hourOf(value);
  if (!DATES.has(column)) return cell;
  const serial = value + (date1904 ? FROM_1904 : 0);
  if (serial < 1 || serial >= LAST + 1) return cell;
  const whole = Math.floor(serial);
  // The 1900 system has a 29/02/1900 that never was: before it every day is one too low.
  const day = !date1904 && whole === 60 ? '29/02/1900' : dayVi(dayFromNumber(whole - EXCEL_EPOCH + (!date1904 && whole < 60 ? 1 : 0)));
  return serial === whole ? day : `${day} ${hourOf(serial - whole)}`;
}

function hourOf(part: number): string {
  const minutes = Math.min(1_439, Math.round(part * 1_440));
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
