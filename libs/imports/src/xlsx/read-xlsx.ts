import { cleanText } from '#kernel';
import { refuseFile, type FileRefusal, type RawRecord } from '../table.ts';
import { columnLetters } from '../task-list.ts';
import { attribute, plainText, XmlFault, XmlScanner, type XmlHandler } from './xml.ts';
import { broken, GuardedZip, Refused, XLSX_LIMITS, type XlsxLimits } from './zip-in.ts';

export { XLSX_LIMITS, type XlsxLimits } from './zip-in.ts';

export interface XlsxSheet {
  readonly name: string;
  readonly hidden: boolean;
}

/** An open workbook; close it. Nothing in it is computed, followed or believed. */
export interface XlsxBook {
  readonly ok: true;
  readonly sheets: readonly XlsxSheet[];
  readonly date1904: boolean;
  /** The rows of a sheet that hold anything, in their order, all equally wide; a row that is left out between them is one empty record. */
  records(sheet: number): Promise<readonly RawRecord[] | FileRefusal>;
  close(): void;
}

interface Found extends XlsxSheet {
  readonly part: string;
}

/**
 * Opens a workbook from its bytes or its path: its names and its shared texts are read, its sheets when they are asked for. Everything is read in
 * pieces and counted on the way, so that what a file costs is bounded by `limits` and not by what it says of itself.
 */
export async function openXlsx(source: Buffer | string, size: number, head: Uint8Array, limits: XlsxLimits = XLSX_LIMITS): Promise<XlsxBook | FileRefusal> {
  const kind = kindOf(head, size);
  if (kind) return kind;
  if (size > limits.fileBytes) return refuseFile('file-too-large', `Tệp lớn ${String(size)} byte; tối đa ${String(limits.fileBytes)} byte. Đề nghị tách tệp.`);
  let zip: GuardedZip | undefined;
  try {
    zip = await GuardedZip.open(source, limits);
    const open = zip;
    const { sheets, date1904, strings: stringsPart } = await readBook(open);
    let strings: readonly string[] | undefined;
    return {
      ok: true, sheets, date1904,
      async records(sheet) {
        try {
          strings ??= stringsPart === undefined ? [] : await readStrings(open, stringsPart, limits);
          return await readSheet(open, sheets[sheet]!.part, strings, limits);
        } catch (error) {
          return refusalOf(error);
        }
      },
      close: () => { open.close(); },
    };
  } catch (error) {
    zip?.close();
    return refusalOf(error);
  }
}

/** @throws what is no refusal. */
function refusalOf(error: unknown): FileRefusal {
  if (error instanceof Refused) return error.refusal;
  if (error instanceof XmlFault) {
    return error.code === 'xlsx-doctype'
      ? refuseFile('xlsx-doctype', `Tệp XLSX ${error.message}: sổ tính bình thường không có, có thể là tệp phá hoại; không đọc.`)
      : broken(error.message).refusal;
  }
  throw error;
}

/** What the first bytes say when it is no ZIP at all. */
function kindOf(head: Uint8Array, size: number): FileRefusal | undefined {
  if (size === 0) return refuseFile('file-empty', 'Tệp trống (0 byte).');
  const [a, b, c, d] = head;
  if (a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))) return undefined;
  if (a === 0xd0 && b === 0xcf && c === 0x11 && d === 0xe0) return refuseFile('file-xls', 'Tệp là sổ tính XLS kiểu cũ, hoặc XLSX đặt mật khẩu; hãy bỏ mật khẩu và lưu lại thành XLSX rồi nhập lại.');
  const text = Buffer.from(head).toString('latin1').trimStart().toLowerCase();
  if (text.startsWith('<')) return refuseFile('file-html', 'Tệp là HTML hoặc XML đổi tên thành XLSX; hãy mở bằng phần mềm bảng tính, lưu lại thành XLSX rồi nhập lại.');
  return refuseFile('file-not-xlsx', 'Tệp không phải sổ tính XLSX; hãy mở bằng phần mềm bảng tính, lưu lại thành XLSX hoặc CSV UTF-8 rồi nhập lại.');
}

/** Collects elements by their names; for the small parts of a workbook. */
async function elements(zip: GuardedZip, part: string, names: readonly string[]): Promise<{ readonly name: string; readonly attributes: string }[]> {
  const found: { name: string; attributes: string }[] = [];
  const handler: XmlHandler = {
    wantsText: false,
    open(name, attributes) {
      if (!names.includes(name)) return;
      if (found.length >= 10_000) throw broken(`phần “${part}” có quá nhiều mục`);
      found.push({ name, attributes });
    },
    close: () => undefined,
    text: () => undefined,
  };
  await scan(zip, part, handler);
  return found;
}

/** What a part holds is looked at only when all of it has been inflated once and counted: a bomb costs nothing but the counting. */
async function scan(zip: GuardedZip, part: string, handler: XmlHandler): Promise<void> {
  await zip.weigh(part);
  const scanner = new XmlScanner(handler);
  let first = true;
  await zip.read(part, (text) => {
    if (first && text !== '') {
      first = false;
      if (/^[^<]*<\?xml[^>]*encoding=["'](?!utf-?8["'])/i.test(text.slice(0, 200))) throw broken(`phần “${part}” không phải UTF-8`);
    }
    if (text.includes('\0')) throw broken(`phần “${part}” có ký tự 0x00`);
    scanner.feed(text);
  });
  if (!scanner.done) throw broken(`phần “${part}” bị cắt ngang`);
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

async function relations(zip: GuardedZip, part: string, folder: string): Promise<ReadonlyMap<string, Relation>> {
  const all = new Map<string, Relation>();
  if (!zip.has(part)) return all;
  for (const { attributes } of await elements(zip, part, ['Relationship'])) {
    const [id, type, target] = ['Id', 'Type', 'Target'].map((name) => attribute(attributes, name) ?? '');
    // What lies outside the file is not followed.
    if (attribute(attributes, 'TargetMode') === 'External') continue;
    all.set(id!, { type: type!.slice(type!.lastIndexOf('/') + 1), target: resolved(folder, target!) });
  }
  return all;
}

function resolved(folder: string, target: string): string {
  const steps: string[] = [];
  for (const step of (target.startsWith('/') ? target : `${folder}/${target}`).split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}

async function readBook(zip: GuardedZip): Promise<{ readonly sheets: readonly Found[]; readonly date1904: boolean; readonly strings: string | undefined }> {
  const top = await relations(zip, '_rels/.rels', '');
  const part = [...top.values()].find(({ type }) => type === 'officeDocument')?.target ?? 'xl/workbook.xml';
  if (!zip.has(part) || !/\.xml$/i.test(part) || zip.has('mimetype')) {
    if (zip.has('mimetype') || zip.has('content.xml')) throw new Refused('file-ods', 'Tệp là sổ tính ODS đổi tên; hãy lưu lại thành XLSX rồi nhập lại.');
    if (zip.has('xl/workbook.bin')) throw new Refused('file-xlsb', 'Tệp là sổ tính nhị phân XLSB; hãy lưu lại thành XLSX rồi nhập lại.');
    if (zip.has('word/document.xml')) throw new Refused('file-docx', 'Tệp là văn bản Word đổi tên; hãy chép bảng sang sổ tính XLSX rồi nhập lại.');
    throw new Refused('file-not-xlsx', 'Tệp là một tệp nén nhưng không có sổ tính bên trong.');
  }
  const folder = part.slice(0, Math.max(0, part.lastIndexOf('/')));
  const parts = await relations(zip, `${folder}/_rels/${part.slice(folder.length + 1)}.rels`, folder);
  const sheets: Found[] = [];
  let date1904 = false;
  for (const { name, attributes } of await elements(zip, part, ['sheet', 'workbookPr'])) {
    if (name === 'workbookPr') date1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '');
    else {
      const relation = parts.get(attribute(attributes, 'id') ?? '');
      // Sheets of charts and macros hold no rows.
      if (relation?.type === 'worksheet' && zip.has(relation.target)) sheets.push({ name: cleanText(attribute(attributes, 'name') ?? '').slice(0, 100), hidden: (attribute(attributes, 'state') ?? 'visible') !== 'visible', part: relation.target });
    }
  }
  if (sheets.length === 0) throw new Refused('xlsx-no-sheet', 'Sổ tính không có trang tính nào.');
  if (sheets.length > 256) throw new Refused('xlsx-too-many-parts', `Sổ tính có ${String(sheets.length)} trang tính; nhiều nhất 256.`);
  const strings = [...parts.values()].find(({ type }) => type === 'sharedStrings')?.target;
  return { sheets, date1904, strings: strings !== undefined && zip.has(strings) ? strings : undefined };
}

/** `_x000D_` and the like stand for characters that XML cannot hold; controls are no text, nor is half a character. */
function ownText(text: string): string {
  const escaped = text.includes('_x') ? text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))).replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, '\uFFFD') : text;
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return /[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(escaped) ? escaped.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, ' ') : escaped;
}

async function readStrings(zip: GuardedZip, part: string, limits: XlsxLimits): Promise<readonly string[]> {
  const strings: string[] = [];
  let current: string | undefined;
  let phonetic = false;
  let length = 0;
  const handler: XmlHandler = {
    wantsText: false,
    open(name) {
      if (name === 'si') current = '';
      else if (name === 'rPh') phonetic = true;
      else if (name === 't' && !phonetic) handler.wantsText = current !== undefined;
    },
    close(name) {
      if (name === 't') handler.wantsText = false;
      else if (name === 'rPh') phonetic = false;
      else if (name === 'si' && current !== undefined) {
        length += current.length;
        if (strings.length >= limits.sharedStrings || length > limits.sharedLength) throw new Refused('xlsx-too-big', 'Sổ tính có quá nhiều chữ; đề nghị tách tệp.');
        strings.push(ownText(plainText(current)));
        current = undefined;
      }
    },
    text(piece) {
      current = (current ?? '') + piece;
      if (current.length > limits.cellLength * 8) throw new Refused('cell-too-long', `Có ô dài hơn ${String(limits.cellLength)} ký tự.`);
    },
  };
  await scan(zip, part, handler);
  return strings;
}

/** `at`: the columns of the cells, where most cells before them are empty: those get their place once the sheet is known not to be too big. */
interface SheetRow {
  readonly line: number;
  cells: string[];
  at?: number[] | undefined;
  formulas?: number[];
  numbers?: number[];
}

function spread(cells: readonly string[], at: readonly number[]): string[] {
  const row = Array.from({ length: Math.max(-1, ...at) + 1 }, () => '');
  for (const [n, column] of at.entries()) row[column] = cells[n]!;
  return row;
}

class Sheet implements XmlHandler {
  wantsText = false;
  readonly rows: SheetRow[] = [];
  readonly merges: string[] = [];
  ended = false;
  width = 0;
  private inData = false;
  private line = 0;
  private lineText = '0';
  private row: SheetRow | undefined;
  private at: number[] = [];
  private column = -1;
  private type = '';
  private value = '';
  private formula: string | undefined;
  private into: 'v' | 'f' | 't' | undefined;
  private phonetic = false;
  private cells = 0;
  private readonly strings: readonly string[];
  private readonly limits: XlsxLimits;

  constructor(strings: readonly string[], limits: XlsxLimits) {
    this.strings = strings;
    this.limits = limits;
  }

  open(name: string, attributes: string): void {
    if (!this.inData) {
      if (name === 'sheetData') this.inData = true;
      else if (name === 'mergeCell') {
        if (this.merges.length >= this.limits.merges) throw new Refused('xlsx-too-many-merges', `Trang tính gộp ô hơn ${String(this.limits.merges)} chỗ; hãy bỏ gộp ô rồi nhập lại.`);
        this.merges.push(attribute(attributes, 'ref') ?? '');
      }
      return;
    }
    switch (name) {
      case 'row': {
        const given = attribute(attributes, 'r');
        const line = given === undefined ? this.line + 1 : Number(given);
        if (!Number.isInteger(line) || line <= this.line || line > 1_048_576) throw broken(`số dòng “${(given ?? '').slice(0, 20)}” không đúng thứ tự`);
        this.line = line;
        this.lineText = String(line);
        this.row = { line, cells: [] };
        this.at = [];
        this.column = -1;
        return;
      }
      case 'c': {
        const ref = attribute(attributes, 'r');
        const before = this.column;
        this.column = ref === undefined ? before + 1 : columnIndex(ref);
        // Two values for one place, or a place in another row, are two readings of one list: none is chosen.
        if (ref !== undefined && (this.column <= before || (/\d$/.test(ref) && ref.slice(columnLetters(this.column).length) !== this.lineText))) throw broken(`ô “${ref.slice(0, 20)}” ở dòng ${this.lineText} không đúng chỗ hoặc có hai lần`);
        this.type = attribute(attributes, 't') ?? 'n';
        this.value = '';
        this.formula = undefined;
        return;
      }
      case 'v':
      case 'f':
        this.into = name;
        this.wantsText = true;
        if (name === 'f') this.formula = '';
        return;
      case 'rPh':
        this.phonetic = true;
        return;
      case 't':
        if (!this.phonetic) {
          this.into = 't';
          this.wantsText = true;
        }
    }
  }

  text(piece: string): void {
    if (this.into === 'f') this.formula = (this.formula ?? '') + piece;
    else this.value += piece;
    if (this.value.length > this.limits.cellLength * 8 || (this.formula?.length ?? 0) > this.limits.cellLength) throw this.tooLong();
  }

  close(name: string): void {
    switch (name) {
      case 'v':
      case 'f':
      case 't':
        this.into = undefined;
        this.wantsText = false;
        return;
      case 'rPh':
        this.phonetic = false;
        return;
      case 'c':
        if (this.row) this.keep(this.row);
        return;
      case 'row':
        if (this.row && this.row.cells.length > 0) {
          const last = this.rows.at(-1);
          // An empty row between two others ends a block, as an empty line of a CSV file does.
          if (last && last.line + 1 < this.row.line) this.rows.push({ line: last.line + 1, cells: [] });
          if (this.rows.length >= this.limits.rows) throw new Refused('xlsx-too-many-rows', `Trang tính có hơn ${String(this.limits.rows)} dòng; đề nghị tách tệp.`);
          this.rows.push(this.row);
          const width = Math.max(...this.at) + 1;
          this.width = Math.max(this.width, width);
          if (width > 2 * this.at.length + 16) this.row.at = this.at;
          else if (this.at.length !== width || this.at[0] !== 0) this.row.cells = spread(this.row.cells, this.at);
          // Empty cells will take their place too.
          this.cells += width;
          if (this.cells > this.limits.cells) throw new Refused('xlsx-too-big', `Trang tính có hơn ${String(this.limits.cells)} ô; đề nghị tách tệp.`);
        }
        this.row = undefined;
        return;
      case 'sheetData':
        this.inData = false;
        return;
      case 'worksheet':
        this.ended = true;
    }
  }

  private keep(row: SheetRow): void {
    const { column, limits } = this;
    const isNumber = this.type === 'n';
    const text = this.formula === undefined ? this.plain() : `=${plainText(this.formula)}`;
    if (text === '') return;
    if (text.length > limits.cellLength) throw this.tooLong();
    if (column >= limits.columns) throw new Refused('xlsx-too-many-columns', `Ô ${columnLetters(column)}${String(row.line)} có chữ; chỉ đọc đến cột ${columnLetters(limits.columns - 1)}. Hãy xóa các cột thừa rồi nhập lại.`);
    if (row.cells.length > 2 * limits.columns) throw new Refused('xlsx-too-many-columns', `Dòng ${String(row.line)} có hơn ${String(2 * limits.columns)} ô; không đọc.`);
    row.cells.push(text);
    this.at.push(column);
    if (this.formula !== undefined || this.type === 'e') (row.formulas ??= []).push(column);
    else if (isNumber) (row.numbers ??= []).push(column);
  }

  private plain(): string {
    const { type, value } = this;
    if (value === '') return '';
    switch (type) {
      case 's': {
        const index = Number(value);
        const text = Number.isInteger(index) ? this.strings[index] : undefined;
        if (text === undefined) throw broken(`ô ${this.name} trỏ tới chuỗi số ${value.trim().slice(0, 20)}, sổ tính chỉ có ${String(this.strings.length)} chuỗi`);
        return text;
      }
      case 'n': {
        const number = value.trim() === '' ? NaN : Number(value);
        if (!Number.isFinite(number)) throw broken(`ô ${this.name} có số không đọc được “${value.trim().slice(0, 20)}”`);
        return String(number);
      }
      case 'b':
        return value.trim() === '1' ? 'TRUE' : 'FALSE';
      default:
        return ownText(plainText(value));
    }
  }

  private get name(): string {
    return `${columnLetters(Math.max(0, this.column))}${String(this.line)}`;
  }

  private tooLong(): Refused {
    return new Refused('cell-too-long', `Ô ${this.name} dài hơn ${String(this.limits.cellLength)} ký tự; không đọc.`);
  }
}

/** The column of "AB12", from 0. */
function columnIndex(ref: string): number {
  let index = 0;
  let letters = 0;
  for (; letters < ref.length; letters++) {
    const code = ref.charCodeAt(letters) & ~32;
    if (code < 65 || code > 90) break;
    index = index * 26 + code - 64;
    if (letters > 2) break;
  }
  if (letters === 0 || letters > 3 || index > 16_384) throw broken(`địa chỉ ô “${ref.slice(0, 20)}” không có`);
  return index - 1;
}

async function readSheet(zip: GuardedZip, part: string, strings: readonly string[], limits: XlsxLimits): Promise<readonly RawRecord[]> {
  const sheet = new Sheet(strings, limits);
  await scan(zip, part, sheet);
  if (!sheet.ended) throw broken(`phần “${part}” bị cắt ngang`);
  if (sheet.rows.length === 0) throw new Refused('file-empty', 'Trang tính không có chữ nào.');
  if (sheet.rows.length * sheet.width > limits.cells) throw new Refused('xlsx-too-big', `Trang tính có ${String(sheet.rows.length)} dòng rộng ${String(sheet.width)} cột; đề nghị xóa các cột thừa hoặc tách tệp.`);
  for (const row of sheet.rows) if (row.at) row.cells = spread(row.cells, row.at);
  fillMerged(sheet, limits);
  for (const { cells } of sheet.rows) if (cells.length > 0) while (cells.length < sheet.width) cells.push('');
  return sheet.rows.map(({ line, cells, formulas, numbers }) => ({ record: line, line, cells, ...(formulas && { formulas }), ...(numbers && { numbers }) }));
}

/** Cells merged downwards hold the value of their first one; cells merged sideways hold theirs in the first column only. */
function fillMerged({ rows, merges }: Sheet, limits: XlsxLimits): void {
  if (merges.length === 0) return;
  const byLine = new Map(rows.map((row, n) => [row.line, n]));
  let looked = 0;
  for (const ref of merges) {
    const m = /^\$?([A-Z]{1,3})\$?(\d{1,7}):\$?[A-Z]{1,3}\$?(\d{1,7})$/.exec(ref);
    if (!m) throw broken(`vùng gộp ô “${ref.slice(0, 30)}” không đọc được`);
    const [column, first, last] = [columnIndex(m[1]!), Number(m[2]), Number(m[3])];
    const top = byLine.get(first);
    const value = top === undefined ? undefined : rows[top]!.cells[column];
    if (top === undefined || value === undefined || value === '') continue;
    for (let n = top + 1; n < rows.length && rows[n]!.line <= last; n++) {
      if (++looked > limits.cells) throw new Refused('xlsx-too-many-merges', 'Các vùng gộp ô chồng lên nhau quá nhiều; hãy bỏ gộp ô rồi nhập lại.');
      const row = rows[n]!;
      if (row.cells.length === 0 || (row.cells[column] ?? '') !== '') continue;
      while (row.cells.length < column) row.cells.push('');
      row.cells[column] = value;
      for (const kind of ['formulas', 'numbers'] as const) if (rows[top]![kind]?.includes(column)) (row[kind] ??= []).push(column);
    }
  }
}
