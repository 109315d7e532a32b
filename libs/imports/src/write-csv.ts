import { dayVi, isDay } from '#kernel';
import { TextPieces } from './text-pieces.ts';

/** What a column of a sheet holds: `day` cells are given as YYYY-MM-DD and written as days, `number` cells as numbers; all else is text. */
export interface SheetColumn {
  readonly title: string;
  readonly kind?: 'day' | 'number';
  /** In letters. */
  readonly width?: number;
  /** Few different texts in many rows: a workbook holds each of them once. */
  readonly repeats?: boolean;
}

export type SheetCell = string | number | null;

/** A list to be written: rows arrive as they are read, so that none of it stands whole in memory. */
export interface SheetToWrite {
  readonly name: string;
  /** Printed above every page: what this is and as of when. */
  readonly heading: string;
  readonly columns: readonly SheetColumn[];
  readonly rows: AsyncIterable<readonly SheetCell[]> | Iterable<readonly SheetCell[]>;
}

const PIECE = 64 * 1024;

// eslint-disable-next-line no-control-regex -- programs stop reading at some of them, and swallow others
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g;

/** One cell, harmless to a spreadsheet and quoted where CSV needs it: a formula becomes text, a control character a space. */
export function csvCell(cell: string): string {
  const text = cell.replace(CONTROL, ' ');
  const safe = /^[\s\u200B\uFEFF]*[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const NUMBER = /^-?\d+(?:[.,]\d+)?$/;

function plain(cell: SheetCell | undefined, kind: SheetColumn['kind']): string {
  if (cell === null || cell === undefined) return '';
  // A number is a number, also one below zero; only text can be taken for a formula.
  if (typeof cell === 'number') return String(cell);
  if (kind === 'day' && isDay(cell)) return dayVi(cell);
  return kind === 'number' && NUMBER.test(cell) ? cell : csvCell(cell);
}

/** UTF-8 with a byte order mark and CRLF, as spreadsheets expect. */
export async function* writeCsv({ columns, rows }: SheetToWrite): AsyncGenerator<Buffer> {
  const pieces = new TextPieces(PIECE);
  pieces.add(`\uFEFF${columns.map(({ title }) => csvCell(title)).join(',')}\r\n`);
  for await (const row of rows) {
    let text = '';
    for (let n = 0; n < columns.length; n++) text += (n === 0 ? '' : ',') + plain(row[n], columns[n]!.kind);
    const full = pieces.add(`${text}\r\n`);
    if (full) yield full;
  }
  yield pieces.end();
}
