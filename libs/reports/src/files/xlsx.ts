import { PassThrough } from 'node:stream';
import excel from 'exceljs';
import { dayNumber, startOfDay, type Day } from '#kernel';
import type { Report, ReportAppendix, ReportCell, ReportFigure } from '../model.ts';
import type { TableBook } from '../official.ts';
import { appendixLabel, headRows } from '../text.ts';
import { printable } from '../words.ts';
import { withoutTimes } from './stable-zip.ts';

/** Excel counts days from 30/12/1899; a serial number keeps the day where a JavaScript date would lose it in Vietnam's time zone. */
const serial = (day: string): number => dayNumber(day) + 25_569;
const FONT = { name: 'Times New Roman', size: 12 };
const BOLD = { ...FONT, bold: true };
const THIN = { style: 'thin' as const };
const BORDER = { top: THIN, left: THIN, bottom: THIN, right: THIN };

interface Written {
  readonly value: string | number | null;
  readonly numFmt?: string;
}

/** A figure as what it is: a number, a share, a day; the empties and words as text. Text that looks like a formula stays text. */
function written({ text, amount }: ReportCell): Written {
  switch (amount?.kind) {
    case 'count':
      return { value: amount.number, numFmt: /^0\d/.test(text) ? '00' : '#,##0' };
    case 'percent': {
      const format = amount.hundredths % 100 === 0 ? '0%' : '0.00%';
      return { value: amount.hundredths / 10_000, numFmt: amount.comparison === undefined ? format : `"${amount.comparison === 'over' ? 'trên' : 'từ'} "${format}` };
    }
    case 'day':
      return { value: serial(amount.day), numFmt: 'dd/mm/yyyy' };
    default:
      return { value: text === '' ? null : printable(text) };
  }
}

/** A name that Excel takes: at most 31 letters, none of its signs, not used before. */
function sheetName(name: string, used: Set<string>): string {
  const clean = printable(name).replace(/[[\]:*?/\\']/g, ' ').trim().slice(0, 31) || 'Sheet';
  let free = clean;
  for (let n = 2; used.has(free.toLowerCase()); n++) free = `${clean.slice(0, 31 - String(n).length - 1)} ${String(n)}`;
  used.add(free.toLowerCase());
  return free;
}

type Book = InstanceType<typeof excel.stream.xlsx.WorkbookWriter>;

const SETUP = { paperSize: 9, fitToPage: true, fitToWidth: 1, fitToHeight: 0, margins: { left: 1.18, right: 0.59, top: 0.79, bottom: 0.79, header: 0.39, footer: 0.39 } } as const;

/** `asWritten`: the widths of the columns are in letters, and headings have room for three lines. */
function tableSheet(book: Book, appendix: ReportAppendix, name: string, used: Set<string>, asWritten = false): void {
  const heads = headRows(appendix);
  const titles = [name, appendix.title, appendix.attached];
  const lastHead = titles.length + heads.length;
  const sheet = book.addWorksheet(sheetName(name, used), {
    views: [{ state: 'frozen', ySplit: lastHead, xSplit: 0 }],
    pageSetup: { ...SETUP, orientation: appendix.landscape ? 'landscape' : 'portrait', printTitlesRow: `${String(titles.length + 1)}:${String(lastHead)}` },
    headerFooter: { oddHeader: '&C&P' },
  });
  const whole = appendix.columns.reduce((n, column) => n + column.width, 0);
  sheet.columns = appendix.columns.map(({ width }) => ({ width: asWritten ? width : Math.max(6, (width / whole) * (appendix.landscape ? 130 : 90)) }));
  titles.forEach((title, n) => {
    const row = sheet.getRow(n + 1);
    row.getCell(1).value = printable(title);
    row.getCell(1).font = n < 2 ? { ...BOLD, size: 14 } : { ...FONT, italic: true };
    row.getCell(1).alignment = { horizontal: 'center', vertical: 'middle', wrapText: true };
    sheet.mergeCells(n + 1, 1, n + 1, appendix.columns.length);
  });
  heads.forEach((cells, level) => {
    const row = sheet.getRow(titles.length + 1 + level);
    if (asWritten && level === heads.length - 1) row.height = 64;
    for (const { text, column } of cells) row.getCell(column + 1).value = printable(text);
    for (let n = 1; n <= appendix.columns.length; n++) {
      row.getCell(n).font = BOLD;
      row.getCell(n).alignment = { horizontal: 'center', vertical: 'middle', wrapText: true };
      row.getCell(n).border = BORDER;
    }
  });
  heads.forEach((cells, level) => {
    const top = titles.length + 1 + level;
    for (const { column, columns, rows } of cells) if (columns > 1 || rows > 1) sheet.mergeCells(top, column + 1, top + rows - 1, column + columns);
  });
  for (let n = 1; n <= lastHead; n++) sheet.getRow(n).commit();
  sheet.autoFilter = { from: { row: lastHead, column: 1 }, to: { row: lastHead + appendix.rows.length, column: appendix.columns.length } };
  // One style object for each look: the library keeps styles by what they say, and saying it once is most of the time.
  const styles = new Map<string, Partial<excel.Style>>();
  const styleOf = (align: ReportAppendix['columns'][number]['align'], numFmt: string | undefined): Partial<excel.Style> => {
    const key = `${align}|${numFmt ?? ''}`;
    const known = styles.get(key) ?? { font: FONT, border: BORDER, alignment: { horizontal: align, vertical: 'top', wrapText: true }, ...(numFmt === undefined ? {} : { numFmt }) };
    styles.set(key, known);
    return known;
  };
  appendix.rows.forEach(({ cells }, r) => {
    const row = sheet.getRow(lastHead + 1 + r);
    appendix.columns.forEach(({ key, align }, c) => {
      const { value, numFmt } = written(cells[key] ?? { text: '' });
      const cell = row.getCell(c + 1);
      if (value !== null) cell.value = value;
      cell.style = styleOf(align, numFmt);
    });
    row.commit();
  });
  appendix.footnotes.forEach((note, n) => {
    const row = sheet.getRow(lastHead + appendix.rows.length + 2 + n);
    row.getCell(1).value = printable(note);
    row.getCell(1).font = { ...FONT, italic: true, size: 11 };
    row.commit();
  });
  sheet.commit();
}

const AMOUNT_WORDS: Readonly<Record<ReportFigure['amount']['kind'], string>> = { count: 'số', percent: 'tỷ lệ', day: 'ngày', text: 'lời', 'not-applicable': 'không áp dụng', blank: 'chưa báo cáo', gap: 'còn thiếu' };

/** Every figure of the report with where it stands and where it comes from. */
function sourcesSheet(book: Book, report: Report, used: Set<string>): void {
  const heads = ['Mã', 'Vị trí', 'Số liệu', 'Đơn vị tính', 'Giá trị', 'Loại', 'Nguồn', 'Minh chứng'];
  const sheet = book.addWorksheet(sheetName('Nguồn số liệu', used), { views: [{ state: 'frozen', ySplit: 1, xSplit: 0 }], pageSetup: { ...SETUP, orientation: 'landscape', printTitlesRow: '1:1' } });
  sheet.columns = [8, 10, 60, 16, 14, 16, 32, 32].map((width) => ({ width }));
  const head = sheet.getRow(1);
  heads.forEach((title, n) => {
    head.getCell(n + 1).value = title;
    head.getCell(n + 1).font = BOLD;
    head.getCell(n + 1).border = BORDER;
  });
  head.commit();
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: report.figures.length + 1, column: heads.length } };
  report.figures.forEach(({ id, where, name, measure, amount, text, source }, n) => {
    const row = sheet.getRow(n + 2);
    const { value, numFmt } = amount.kind === 'gap' ? { value: null } : written({ text, amount });
    [id, where, printable(name), printable(measure), value, AMOUNT_WORDS[amount.kind], printable(source.code), source.evidence === undefined ? null : printable(source.evidence)].forEach((one, c) => {
      const cell = row.getCell(c + 1);
      if (one !== null) cell.value = one;
      cell.font = FONT;
      if (c === 4 && numFmt !== undefined) cell.numFmt = numFmt;
    });
    row.commit();
  });
  sheet.commit();
}

/** A workbook written as a stream: shared strings would keep all text in memory till the end, written in place they do not. */
async function workbook({ author, day }: { readonly author: string; readonly day: Day }, fill: (book: Book, used: Set<string>) => void): Promise<Buffer> {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const at = new Date(startOfDay(day));
  const book = new excel.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: false });
  Object.assign(book, { created: at, modified: at, creator: printable(author), lastModifiedBy: printable(author) });
  fill(book, new Set<string>());
  await book.commit();
  return withoutTimes(Buffer.concat(chunks));
}

/** The appendices and the sources of all figures as an Excel workbook. The same report gives the same bytes. */
export function xlsxOf(report: Report): Promise<Buffer> {
  return workbook({ author: report.head.agency, day: report.parameters.asOf }, (book, used) => {
    for (const appendix of report.appendices) tableSheet(book, appendix, appendixLabel(appendix), used);
    sourcesSheet(book, report, used);
  });
}

/** Tables as an Excel workbook, a sheet each: numbers are numbers. The same tables give the same bytes. */
export function xlsxOfTables({ sheets, ...of }: TableBook): Promise<Buffer> {
  return workbook(of, (book, used) => {
    for (const { name, table } of sheets) tableSheet(book, table, name, used, true);
  });
}
