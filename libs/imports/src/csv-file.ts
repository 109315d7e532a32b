import { CsvError, parse } from 'csv-parse/sync';
import { cleanText, foldText } from '#kernel';
import { COLUMN_KEYS, COLUMNS, OPTIONAL, type Column } from './columns.ts';

/** A record of the file before anything is understood. */
export interface RawRecord {
  readonly record: number;
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvFile {
  readonly ok: true;
  readonly delimiter: string;
  readonly header: RawRecord;
  /** Where each column stands; -1 for an optional one the file lacks. */
  readonly at: Readonly<Record<Column, number>>;
  readonly before: readonly RawRecord[];
  readonly records: readonly RawRecord[];
}

export interface FileRefusal {
  readonly ok: false;
  readonly code: string;
  readonly detail: string;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** Titles and addresses may stand above the table. */
const HEADER_WITHIN = 20;
const MAX_BYTES = 64 * 1024 * 1024;
const folded = new Map<string, Column>(COLUMN_KEYS.map((key) => [foldText(COLUMNS[key]), key]));

/** Bytes to records, or one clear reason why this file cannot be read at all. */
export function readCsv(bytes: Uint8Array): CsvFile | FileRefusal {
  if (bytes.length === 0) return refuse('file-empty', 'Tệp trống (0 byte).');
  if (bytes.length > MAX_BYTES) return refuse('file-too-large', `Tệp lớn ${String(bytes.length)} byte; tối đa ${String(MAX_BYTES)} byte. Đề nghị tách tệp.`);
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4) {
    return refuse('file-not-csv', 'Tệp là sổ tính XLSX (hoặc ZIP); đề nghị lưu dưới dạng “CSV UTF-8 (phân tách bằng dấu phẩy)” rồi nhập lại.');
  }
  const wrongAt = firstByteNotUtf8(bytes);
  if (wrongAt >= 0) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
    return refuse(
      'encoding-not-utf8',
      `Tệp không phải UTF-8: byte thứ ${String(wrongAt)} (tính từ 0) là 0x${bytes[wrongAt]!.toString(16).toUpperCase().padStart(2, '0')}${utf16 ? ', có vẻ là UTF-16' : ''}. Đề nghị lưu lại dưới dạng “CSV UTF-8” rồi nhập lại; chưa có dòng nào được nhập.`,
      { byteOffset: wrongAt },
    );
  }
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const body = Buffer.from(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  const nul = body.indexOf(0);
  if (nul >= 0) return refuse('file-not-text', `Tệp có byte 0x00 ở vị trí ${String(nul + start)}: không phải tệp văn bản CSV UTF-8.`, { byteOffset: nul + start });
  if (body.toString('utf8').trim() === '') return refuse('file-empty', 'Tệp không có chữ nào.');

  let best: { found: number; answer: CsvFile | FileRefusal } | undefined;
  for (const delimiter of [',', ';', '\t']) {
    const attempt = withDelimiter(body, delimiter);
    if (attempt.answer.ok) return attempt.answer;
    if (!best || attempt.found > best.found) best = attempt;
  }
  return best!.answer;
}

function withDelimiter(body: Buffer, delimiter: string): { found: number; answer: CsvFile | FileRefusal } {
  let raw: RawRecord[];
  try {
    raw = records(body, delimiter);
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 0;
    return {
      found: 0,
      answer: refuse('csv-broken', error.code === 'CSV_QUOTE_NOT_CLOSED' ? `Có dấu nháy kép mở mà không đóng (đọc đến hết tệp, dòng ${String(line)}); không thể biết các dòng sau thuộc ô nào.` : `Không đọc được CSV ở dòng ${String(line)} (${error.code}).`, { line }),
    };
  }
  let header = -1;
  let found = 0;
  for (let i = 0; i < Math.min(raw.length, HEADER_WITHIN); i++) {
    const n = new Set(raw[i]!.cells.map((c) => folded.get(foldText(c))).filter((c) => c !== undefined)).size;
    if (n > found) {
      found = n;
      header = i;
    }
  }
  const at = header < 0 ? undefined : places(raw[header]!);
  const missing = COLUMN_KEYS.filter((key) => !OPTIONAL.has(key) && (at?.[key] ?? -1) < 0).map((key) => COLUMNS[key]);
  if (found < 3) return { found, answer: refuse('header-missing', `Không tìm thấy dòng tiêu đề trong ${String(HEADER_WITHIN)} dòng đầu; cần các cột: ${missing.join(' · ')}.`, { missing }) };
  if (missing.length > 0) return { found, answer: refuse('columns-missing', `Thiếu ${String(missing.length)} cột: ${missing.map((m) => `“${m}”`).join(', ')}.`, { missing }) };
  const names = raw[header]!.cells.map((c) => folded.get(foldText(c))).filter((c) => c !== undefined);
  const twice = [...new Set(names.filter((n, i) => names.indexOf(n) !== i))].map((n) => COLUMNS[n]);
  if (twice.length > 0) return { found, answer: refuse('columns-repeated', `Cột ${twice.map((m) => `“${m}”`).join(', ')} xuất hiện hai lần trong tiêu đề.`, { repeated: twice }) };
  return { found, answer: { ok: true, delimiter, header: raw[header]!, at: at!, before: raw.slice(0, header), records: raw.slice(header + 1) } };
}

function places(header: RawRecord): Record<Column, number> {
  const at = Object.fromEntries(COLUMN_KEYS.map((key) => [key, -1])) as Record<Column, number>;
  header.cells.forEach((cell, i) => {
    const key = folded.get(foldText(cell));
    if (key !== undefined && at[key] < 0) at[key] = i;
  });
  return at;
}

/** True when the record repeats the names of the columns; a task row never has five of them as values. */
export function isHeader(cells: readonly string[]): boolean {
  let n = 0;
  for (const cell of cells) if (cell.length <= 40 && folded.has(foldText(cell)) && ++n >= 5) return true;
  return false;
}

export function sameHeader(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((cell, i) => foldText(cell) === foldText(b[i]!));
}

export const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cleanText(cell) === '');

function records(body: Buffer, delimiter: string): RawRecord[] {
  const rows = parse(body, { delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: false, info: true }) as unknown as { record: string[]; info: { bytes: number } }[];
  // The parser counts a CRLF inside quotes twice, so lines are counted in the bytes.
  let line = 1;
  let from = 0;
  return rows.map(({ record, info }, i) => {
    const starts = line;
    for (let at = body.indexOf(10, from); at >= 0 && at < info.bytes; at = body.indexOf(10, at + 1)) line++;
    from = info.bytes;
    return { record: i + 1, line: starts, cells: record };
  });
}

/** Offset of the first byte that cannot be UTF-8, or -1. */
function firstByteNotUtf8(bytes: Uint8Array): number {
  const broken = (length: number, stream: boolean): boolean => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream });
      return false;
    } catch {
      return true;
    }
  };
  if (!broken(bytes.length, false)) return -1;
  // Cut off in the middle of a character: everything before is in order.
  if (!broken(bytes.length, true)) return bytes.length - 1;
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (broken(middle, true)) bad = middle;
    else good = middle;
  }
  return bad - 1;
}

function refuse(code: string, detail: string, extra?: Readonly<Record<string, unknown>>): FileRefusal {
  return { ok: false, code, detail, ...(extra && { extra }) };
}
