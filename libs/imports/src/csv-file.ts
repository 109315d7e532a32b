import { CsvError, parse } from 'csv-parse/sync';
import { findHeader, refuseFile as refuse, tableByNames, type FileRefusal, type RawRecord, type Table } from './table.ts';

export interface CsvFile extends Table {
  readonly delimiter: string;
}

/** A list as records, its header not looked for. */
export interface CsvRecords {
  readonly ok: true;
  readonly delimiter: string;
  readonly records: readonly RawRecord[];
}

const MAX_BYTES = 64 * 1024 * 1024;
/** A cell costs far more than its separator: a file of nothing else would fill the memory. */
const MAX_CELLS = 6_000_000;
/** No row of a list is so long; what it would cost to take apart is not paid. */
const MAX_LINE = 1024 * 1024;
/** As in a workbook. */
const MAX_CELL = 65_536;

/** Bytes to a table with its header found, or one clear reason why this file cannot be read at all. */
export function readCsv(bytes: Uint8Array): CsvFile | FileRefusal {
  const body = textOf(bytes);
  if (!Buffer.isBuffer(body)) return body;
  let best: { found: number; answer: CsvFile | FileRefusal } | undefined;
  for (const delimiter of DELIMITERS) {
    const raw = withDelimiter(body, delimiter);
    if ('ok' in raw) {
      best ??= { found: 0, answer: raw };
      continue;
    }
    const { found, answer } = tableByNames(raw);
    if (answer.ok) return { ...answer, delimiter };
    if (!best || found > best.found) best = { found, answer };
  }
  return best!.answer;
}

/** Bytes to records whose header somebody may name: the separator that gives most known headings, then most columns. */
export function readCsvRecords(bytes: Uint8Array): CsvRecords | FileRefusal {
  const body = textOf(bytes);
  if (!Buffer.isBuffer(body)) return body;
  let best: { found: number; width: number; delimiter: string; records: readonly RawRecord[] } | undefined;
  let refusal: FileRefusal | undefined;
  for (const delimiter of DELIMITERS) {
    const records = withDelimiter(body, delimiter);
    if ('ok' in records) {
      refusal ??= records;
      continue;
    }
    const { found } = findHeader(records);
    const width = Math.max(0, ...records.slice(0, 20).map(({ cells }) => cells.length));
    if (!best || found > best.found || (found === best.found && width > best.width)) best = { found, width, delimiter, records };
    if (found > 5) break;
  }
  return best ? { ok: true, delimiter: best.delimiter, records: best.records } : refusal!;
}

const DELIMITERS = [',', ';', '\t'] as const;

/** The text of the file, still as bytes, without its byte order mark. */
function textOf(bytes: Uint8Array): Buffer | FileRefusal {
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
  const delimiters = countDelimiters(body);
  if (delimiters > MAX_CELLS) return refuse('csv-too-many-cells', `Tệp có hơn ${String(MAX_CELLS)} dấu phân cách; đề nghị tách tệp.`);
  const long = longLine(body);
  if (long > 0) return refuse('csv-line-too-long', `Dòng ${String(long)} dài hơn ${String(MAX_LINE)} byte: không phải danh sách. Đề nghị xem lại tệp, mỗi nhiệm vụ một dòng.`, { line: long });
  if (body.toString('utf8').trim() === '') return refuse('file-empty', 'Tệp không có chữ nào.');
  return body;
}

function withDelimiter(body: Buffer, delimiter: string): RawRecord[] | FileRefusal {
  try {
    const found = records(body, delimiter);
    const long = found.find(({ cells }) => cells.some((cell) => cell.length > MAX_CELL));
    return long === undefined ? found : refuse('cell-too-long', `Dòng ${String(long.line)} có ô dài hơn ${String(MAX_CELL)} ký tự; không đọc.`, { line: long.line });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 0;
    return refuse('csv-broken', error.code === 'CSV_QUOTE_NOT_CLOSED' ? `Có dấu nháy kép mở mà không đóng (đọc đến hết tệp, dòng ${String(line)}); không thể biết các dòng sau thuộc ô nào.` : `Không đọc được CSV ở dòng ${String(line)} (${error.code}).`, { line });
  }
}

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

/** Number of the first line that is too long, whatever ends its lines; 0 where there is none. */
function longLine(body: Buffer): number {
  let line = 1;
  for (let from = 0; from < body.length; line++) {
    const [lf, cr] = [body.subarray(from, from + MAX_LINE + 1).indexOf(10), body.subarray(from, from + MAX_LINE + 1).indexOf(13)];
    const end = lf < 0 ? cr : cr < 0 ? lf : Math.min(lf, cr);
    if (end < 0) return body.length - from > MAX_LINE ? line : 0;
    from += end + 1;
    if (end === cr && body[from] === 10) from++;
  }
  return 0;
}

/** Of the separator that comes most. */
function countDelimiters(body: Buffer): number {
  const counts = [44, 59, 9].map((byte) => {
    let n = 0;
    for (let at = body.indexOf(byte); at >= 0 && n <= MAX_CELLS; at = body.indexOf(byte, at + 1)) n++;
    return n;
  });
  let lines = 0;
  for (let at = body.indexOf(10); at >= 0 && lines <= MAX_CELLS; at = body.indexOf(10, at + 1)) lines++;
  return Math.max(...counts, lines);
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
