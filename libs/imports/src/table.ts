import { cleanText, foldText } from '#kernel';
import { hasSecrecyMark } from '#tasks';
import { numberAsText } from './cell-number.ts';
import { COLUMN_KEYS, COLUMNS, DATE_COLUMNS, NEEDED, OPTIONAL, TIME_COLUMNS, type Column } from './columns.ts';
import { looksLikeTcvn3, tcvn3ToUnicode } from './tcvn3.ts';

/** A record of the file before anything is understood. */
export interface RawRecord {
  readonly record: number;
  readonly line: number;
  readonly cells: readonly string[];
  /** Cells that hold a formula; their text is the formula and never what was computed from it. */
  readonly formulas?: readonly number[];
  /** Cells that hold a number, for a spreadsheet keeps days and hours as numbers. */
  readonly numbers?: readonly number[];
  /** Its cells were taken out when the file came in: it carries a secrecy mark. */
  readonly secret?: true;
}

/** A list of records with its header found, whatever kind of file it came in. */
export interface Table {
  readonly ok: true;
  readonly header: RawRecord;
  /** Where each column stands; -1 for one the file lacks. */
  readonly at: Readonly<Record<Column, number>>;
  readonly before: readonly RawRecord[];
  readonly records: readonly RawRecord[];
  /** Days of a spreadsheet are counted from 1904. */
  readonly date1904?: boolean;
}

export interface FileRefusal {
  readonly ok: false;
  readonly code: string;
  readonly detail: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Which heading is which column: the place of each, -1 or missing for none. */
export type Mapping = Readonly<Partial<Record<Column, number>>>;

/** Titles and addresses may stand above the table. */
export const HEADER_WITHIN = 20;
const folded = new Map<string, Column>(COLUMN_KEYS.map((key) => [foldText(COLUMNS[key]), key]));
const columnOf = (cell: string): Column | undefined => (cell.length <= 60 ? folded.get(foldText(cell)) : undefined);

/** The row among the first twenty that names most columns; `found`: how many. */
export function findHeader(raw: readonly RawRecord[]): { readonly index: number; readonly found: number } {
  let index = -1;
  let found = 0;
  for (let i = 0; i < Math.min(raw.length, HEADER_WITHIN); i++) {
    const n = new Set(raw[i]!.cells.map(columnOf).filter((c) => c !== undefined)).size;
    if (n > found) {
      found = n;
      index = i;
    }
  }
  return { index, found };
}

/** The table whose header names the columns as this program does. */
export function tableByNames(raw: readonly RawRecord[]): { readonly found: number; readonly answer: Table | FileRefusal } {
  const { index, found } = findHeader(raw);
  const at = index < 0 ? undefined : places(raw[index]!);
  const missing = COLUMN_KEYS.filter((key) => !OPTIONAL.has(key) && (at?.[key] ?? -1) < 0).map((key) => COLUMNS[key]);
  if (found < 3) return { found, answer: refuseFile('header-missing', `Không tìm thấy dòng tiêu đề trong ${String(HEADER_WITHIN)} dòng đầu; cần các cột: ${missing.join(' · ')}.`, { missing }) };
  if (missing.length > 0) return { found, answer: refuseFile('columns-missing', `Thiếu ${String(missing.length)} cột: ${missing.map((m) => `“${m}”`).join(', ')}.`, { missing }) };
  const names = raw[index]!.cells.map(columnOf).filter((c) => c !== undefined);
  const twice = [...new Set(names.filter((n, i) => names.indexOf(n) !== i))].map((n) => COLUMNS[n]);
  if (twice.length > 0) return { found, answer: refuseFile('columns-repeated', `Cột ${twice.map((m) => `“${m}”`).join(', ')} xuất hiện hai lần trong tiêu đề.`, { repeated: twice }) };
  return { found, answer: { ok: true, header: raw[index]!, at: at!, before: raw.slice(0, index), records: raw.slice(index + 1) } };
}

/** The table whose columns a person has named. */
export function tableByMapping(raw: readonly RawRecord[], header: number, mapping: Mapping): Table | FileRefusal {
  const first = raw[header];
  if (!first) return refuseFile('header-missing', 'Không có dòng tiêu đề đã chọn.');
  const at = Object.fromEntries(COLUMN_KEYS.map((key) => [key, mapping[key] ?? -1])) as Record<Column, number>;
  const missing: string[] = NEEDED.filter((key) => at[key] < 0).map((key) => COLUMNS[key]);
  if (at.phrase < 0 && at.due < 0) missing.push(COLUMNS.phrase);
  if (missing.length > 0) return refuseFile('columns-missing', `Thiếu ${String(missing.length)} cột: ${missing.map((m) => `“${m}”`).join(', ')}.`, { missing });
  const beyond = COLUMN_KEYS.find((key) => at[key] >= first.cells.length);
  if (beyond) return refuseFile('column-unknown', `Cột “${COLUMNS[beyond]}” được ghép với cột thứ ${String(at[beyond] + 1)}, tệp chỉ có ${String(first.cells.length)} cột.`);
  const taken = COLUMN_KEYS.filter((key) => at[key] >= 0);
  const twice = taken.find((key, n) => taken.some((other, m) => m < n && at[other] === at[key]));
  if (twice) return refuseFile('columns-repeated', `Cột thứ ${String(at[twice] + 1)} của tệp được ghép hai lần (“${COLUMNS[twice]}”).`);
  return { ok: true, header: first, at, before: raw.slice(0, header), records: raw.slice(header + 1) };
}

function places(header: RawRecord): Record<Column, number> {
  const at = Object.fromEntries(COLUMN_KEYS.map((key) => [key, -1])) as Record<Column, number>;
  header.cells.forEach((cell, i) => {
    const key = columnOf(cell);
    if (key !== undefined && at[key] < 0) at[key] = i;
  });
  return at;
}

/** True when the record repeats the names of the columns; a task row never has five of them as values. */
export function isHeader(cells: readonly string[]): boolean {
  let n = 0;
  for (const cell of cells) if (cell !== '' && cell.length <= 40 && folded.has(foldText(cell)) && ++n >= 5) return true;
  return false;
}

export function sameHeader(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((cell, i) => foldText(cell) === foldText(b[i]!));
}

export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell === '' || cleanText(cell) === '');

/** "(Mật, hỏa tốc)", and what an unquoted comma leaves of it in one cell: "05/KH-UBND (MẬT". */
const OPEN_BRACKET = /[([{]\s*(?:tối |tuyệt )?mật\s*(?:[,;]|$)/iu;
const isMark = (text: string): boolean => hasSecrecyMark(text) || (/mật/iu.test(text) && OPEN_BRACKET.test(text));

/** A secrecy mark in any cell, also one typed with an old font. */
export function hasMark(cells: readonly string[]): boolean {
  return cells.some((cell) => cell !== '' && (isMark(cleanText(cell)) || (looksLikeTcvn3(cell) && isMark(cleanText(tcvn3ToUnicode(cell))))));
}

export const isTotals = (cells: readonly string[]): boolean => /^(?:tổng cộng|tổng số|cộng|tong cong|tong so)(?:\s*[:(].*)?$/iu.test(cleanText(cells.find((c) => cleanText(c) !== '') ?? ''));

/**
 * Rows with a mark, and rows of the same merged block below them: their content belongs to the same secret document. `at`: the places of the
 * document's number and date.
 */
export function secretRecords(records: readonly RawRecord[], at: { readonly number: number; readonly documentDate: number }): ReadonlySet<RawRecord> {
  const secret = new Set<RawRecord>();
  let continues = false;
  for (const raw of records) {
    const marked = raw.secret === true || hasMark(raw.cells);
    const below: boolean = !marked && continues && cleanText(raw.cells[at.number] ?? '') === '' && cleanText(raw.cells[at.documentDate] ?? '') === '' && !isBlank(raw.cells) && !isHeader(raw.cells) && !isTotals(raw.cells);
    continues = marked || below;
    if (continues) secret.add(raw);
  }
  return secret;
}

export function refuseFile(code: string, detail: string, extra?: Readonly<Record<string, unknown>>): FileRefusal {
  return { ok: false, code, detail, ...(extra && { extra }) };
}

/** The cells as a clerk would have typed them: a spreadsheet's numbers in columns of days and hours are days and hours. */
export function typedCells(raw: RawRecord, table: Pick<Table, 'at' | 'date1904'>): readonly string[] {
  if (raw.numbers === undefined) return raw.cells;
  const cells = [...raw.cells];
  for (const key of [...DATE_COLUMNS, ...TIME_COLUMNS]) {
    const at = table.at[key];
    if (at >= 0 && raw.numbers.includes(at)) cells[at] = numberAsText(cells[at] ?? '', key, table.date1904 === true);
  }
  return cells;
}
