import { dayNumber, isDay } from '#kernel';
import { EXCEL_EPOCH } from '../cell-number.ts';
import { columnLetters } from '../task-list.ts';
import { TextPieces } from '../text-pieces.ts';
import type { SheetCell, SheetToWrite } from '../write-csv.ts';
import { writeZip, type ZipPart } from './zip-out.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const PIECE = 256 * 1024;
/** Texts of columns that repeat themselves are kept until the end; what comes after so many is written where it stands. */
const MOST_SHARED = 10_000;
/** The most a cell of Excel holds. */
const MOST = 32_767;
const STYLE = { text: 0, head: 1, day: 2, number: 3, quoted: 4 } as const;

/**
 * A workbook of one sheet, in pieces: the header frozen and repeated on every printed page, a filter over all columns, A4 landscape, days as days
 * and numbers as numbers. Text stays text: what begins like a formula is marked as typed with an apostrophe, so that not even editing runs it.
 */
export function writeXlsx(sheet: SheetToWrite): AsyncGenerator<Buffer> {
  return writeZip(parts(sheet));
}

async function* parts(sheet: SheetToWrite): AsyncGenerator<ZipPart> {
  const one = (name: string, text: string): ZipPart => ({ name, content: [Buffer.from(HEAD + text)] });
  yield one('[Content_Types].xml', `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`);
  yield one('_rels/.rels', `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>`);
  yield one('xl/_rels/workbook.xml.rels', `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${REL}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${REL}/styles" Target="styles.xml"/><Relationship Id="rId3" Type="${REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`);
  yield one('xl/styles.xml', STYLES);
  const counted = { rows: 0 };
  const shared = new SharedTexts();
  yield { name: 'xl/worksheets/sheet1.xml', content: sheetXml(sheet, counted, shared) };
  yield one('xl/sharedStrings.xml', `<sst xmlns="${MAIN}">${shared.xml}</sst>`);
  const name = sheetName(sheet.name);
  const quoted = `'${name.replaceAll("'", "''")}'`;
  const area = `$A$1:$${columnLetters(sheet.columns.length - 1)}$${String(counted.rows)}`;
  yield one('xl/workbook.xml', `<workbook xmlns="${MAIN}" xmlns:r="${REL}"><sheets><sheet name="${escaped(name)}" sheetId="1" r:id="rId1"/></sheets><definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">${escaped(`${quoted}!${area}`)}</definedName><definedName name="_xlnm.Print_Titles" localSheetId="0">${escaped(`${quoted}!$1:$1`)}</definedName></definedNames></workbook>`);
}

async function* sheetXml({ columns, rows, heading }: SheetToWrite, counted: { rows: number }, shared: SharedTexts): AsyncGenerator<Buffer> {
  const letters = columns.map((_, n) => columnLetters(n));
  const kinds = columns.map(({ kind }) => kind);
  const repeats = columns.map((column) => column.repeats === true);
  const widths = columns.map(({ width = 14 }, n) => `<col min="${String(n + 1)}" max="${String(n + 1)}" width="${String(width)}" customWidth="1"/>`).join('');
  let xml = `${HEAD}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>${widths}</cols><sheetData><row r="1">`;
  columns.forEach(({ title }, n) => { xml += `<c r="${letters[n]!}1" s="${String(STYLE.head)}" t="inlineStr"><is><t xml:space="preserve">${escaped(title)}</t></is></c>`; });
  const pieces = new TextPieces(PIECE);
  const days = new Days();
  pieces.add(`${xml}</row>`);
  let line = 1;
  for await (const row of rows) {
    const number = String(++line);
    xml = `<row r="${number}">`;
    for (let n = 0; n < letters.length; n++) {
      const cell = row[n];
      if (cell === null || cell === undefined || cell === '' || (typeof cell === 'number' && !Number.isFinite(cell))) continue;
      xml += `<c r="${letters[n]!}${number}"`;
      xml += typeof cell === 'number' ? ` s="${String(STYLE.number)}"><v>${String(cell)}</v></c>` : ((repeats[n]! ? shared.cellXml(cell) : kinds[n] === 'day' ? days.cellXml(cell) : undefined) ?? textCell(cell));
    }
    const full = pieces.add(`${xml}</row>`);
    if (full) yield full;
  }
  counted.rows = line;
  const full = pieces.add(`</sheetData><autoFilter ref="A1:${letters.at(-1)!}${String(line)}"/><pageMargins left="0.4" right="0.4" top="0.75" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/><headerFooter><oddHeader>&amp;L${escaped(heading.slice(0, 200).replaceAll('&', '&&'))}</oddHeader><oddFooter>&amp;R&amp;P/&amp;N</oddFooter></headerFooter></worksheet>`);
  if (full) yield full;
  yield pieces.end();
}

/** What follows the place of a cell of text. */
const textCell = (text: string): string => `${styleOf(text)} t="inlineStr"><is>${textXml(text)}</is></c>`;

/** Days of a list are few, however many rows it has: each is counted once. */
class Days {
  private readonly cells = new Map<string, string | undefined>();

  /** What follows the place of a cell that holds the day; undefined for what is no day, or none that a spreadsheet knows. */
  cellXml(day: string): string | undefined {
    if (this.cells.has(day)) return this.cells.get(day);
    const serial = isDay(day) ? dayNumber(day) + EXCEL_EPOCH : 0;
    // Before 01/03/1900 the days of a spreadsheet are not those of the calendar.
    const cell = serial > 60 ? ` s="${String(STYLE.day)}"><v>${String(serial)}</v></c>` : undefined;
    if (this.cells.size < MOST_SHARED) this.cells.set(day, cell);
    return cell;
  }
}

/** What begins like a formula is text that was typed with an apostrophe. */
const styleOf = (text: string): string => (/^[\s\u200B\uFEFF]*[=+\-@]/u.test(text) ? ` s="${String(STYLE.quoted)}"` : '');
const textXml = (text: string): string => (!UNEVEN.test(text) && text.length <= MOST ? `<t>${text}</t>` : `<t${BLANKS.test(text) ? ' xml:space="preserve"' : ''}>${escaped(text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text)}</t>`);

/** Texts that stand once in the workbook; their cells name them by number. */
class SharedTexts {
  xml = '';
  private readonly cells = new Map<string, string>();

  /** What follows the place of a cell that holds the text; undefined where there are too many texts already. */
  cellXml(text: string): string | undefined {
    let cell = this.cells.get(text);
    if (cell === undefined) {
      if (this.cells.size >= MOST_SHARED) return undefined;
      cell = `${styleOf(text)} t="s"><v>${String(this.cells.size)}</v></c>`;
      this.cells.set(text, cell);
      this.xml += `<si>${textXml(text)}</si>`;
    }
    return cell;
  }
}

/** Anything but words of Latin letters with single spaces between, as most texts are: of those nothing is written in another way. */
const UNEVEN = /[^ !#-%'-;=?-^`-~\u00A1-\u024F\u1E00-\u1EFF]|^ | $| {2}/;
/** Blanks that a reader would drop if it were not told to keep them. */
const BLANKS = /^\s|\s$|[\r\n\t]| {2}/u;

// eslint-disable-next-line no-control-regex -- XML cannot hold these
const SPECIAL = /[&<>"\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|_x[0-9a-fA-F]{4}_|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML cannot hold becomes a space; `_x0041_` as it is typed would be read as a letter, so its underscore is written out. */
export function escaped(text: string): string {
  return text.replace(SPECIAL, (found) => ENTITIES[found] ?? (found.startsWith('_x') ? `_x005F${found}` : ' '));
}

const sheetName = (name: string): string => name.replace(/[[\]:*?/\\']/g, ' ').trim().slice(0, 31) || 'Danh sách';

const FONT = '<sz val="11"/><name val="Times New Roman"/><family val="1"/>';
const STYLES = `<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><fonts count="2"><font>${FONT}</font><font><b/>${FONT}</font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFEAEEF4"/><bgColor indexed="64"/></patternFill></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf><xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;
export type { SheetCell };
