import { readCsv } from '../csv-file.ts';
import { refuseFile, tableByNames, type FileRefusal, type Table } from '../table.ts';
import { openXlsx } from './read-xlsx.ts';

/** A ZIP begins so, and with it every XLSX; no text does. */
export const isZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b;
/** An old XLS, or an XLSX under a password. */
export const isOldXls = (head: Uint8Array): boolean => head[0] === 0xd0 && head[1] === 0xcf;

/** A list in CSV or XLSX whose header names the columns as this program does; of a workbook one sheet, the first that is not hidden. */
export async function readSheetFile(bytes: Buffer, sheet?: string): Promise<Table | FileRefusal> {
  if (!isZip(bytes) && !isOldXls(bytes)) return readCsv(bytes);
  const book = await openXlsx(bytes, bytes.length, bytes.subarray(0, 64));
  if (!book.ok) return book;
  try {
    const chosen = sheet === undefined ? Math.max(0, book.sheets.findIndex(({ hidden }) => !hidden)) : book.sheets.findIndex(({ name }) => name === sheet);
    if (chosen < 0) return refuseFile('sheet-unknown', `Sổ tính không có trang “${sheet ?? ''}”; có: ${book.sheets.map(({ name }) => `“${name}”`).join(', ')}.`);
    const records = await book.records(chosen);
    if ('ok' in records) return records;
    const { answer } = tableByNames(records);
    return answer.ok ? { ...answer, date1904: book.date1904 } : answer;
  } finally {
    book.close();
  }
}
