import { readCsv } from './csv-file.ts';
import { typedCells, type FileRefusal, type Table } from './table.ts';
import type { TaskListReading } from './types.ts';
import { csvCell } from './write-csv.ts';

/** Stand in front, so that the cells of a row with too many of them keep their places and the corrected file can be imported as it is. */
const LINE = 'Dòng trong tệp';
const REASON = 'Lý do từ chối';

/**
 * The refused rows as typed, each with its line and the reason, for a person to put right. Of a row with a secrecy mark only the number stands there.
 * Cells that a spreadsheet would run get an apostrophe; UTF-8 with a byte order mark and CRLF, as spreadsheets expect.
 */
export function refusedCsv(reading: TaskListReading, file: Uint8Array | Table | FileRefusal): string {
  const csv = 'ok' in file ? file : readCsv(file);
  if (reading.refusal || !csv.ok) return '';
  const raw = new Map(csv.records.map((r) => [r.record, r]));
  const rows: string[][] = [[LINE, REASON, ...csv.header.cells]];
  for (const record of reading.records) {
    if (record.verdict !== 'refuse') continue;
    const reason = record.problems.filter((p) => p.severity === 'refuse').map((p) => p.message).join(' ');
    const cells = record.secret ? csv.header.cells.map(() => '') : typedCells(raw.get(record.record)!, csv);
    rows.push([String(record.line), reason, ...cells]);
  }
  return `\uFEFF${rows.map((cells) => cells.map(csvCell).join(',')).join('\r\n')}\r\n`;
}
