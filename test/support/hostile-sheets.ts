import { crc32, deflateRawSync } from 'node:zlib';

/** A part of an archive, with the lies that its headers may tell. */
export interface Lie {
  readonly name: string;
  readonly data: Buffer | string;
  readonly method?: number;
  readonly flags?: number;
  /** Instead of the true sizes. */
  readonly says?: { readonly size?: number; readonly packed?: number; readonly crc?: number };
  readonly extra?: Buffer;
}

/** An archive made by hand, so that everything in it can be wrong. */
export function zipOf(parts: readonly Lie[], end: { readonly count?: number; readonly cut?: number; readonly offset?: number } = {}): Buffer {
  const files: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const { name, data, method = 8, flags = 0, says = {}, extra = Buffer.alloc(0) } of parts) {
    const bytes = Buffer.from(data);
    const packed = method === 8 ? deflateRawSync(bytes, { level: 9 }) : bytes;
    const title = Buffer.from(name, 'utf8');
    const [crc, size, small] = [says.crc ?? crc32(bytes), says.size ?? bytes.length, says.packed ?? packed.length];
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(flags | 0x800, 6);
    head.writeUInt16LE(method, 8);
    head.writeUInt32LE(crc, 14);
    head.writeUInt32LE(small, 18);
    head.writeUInt32LE(size, 22);
    head.writeUInt16LE(title.length, 26);
    files.push(head, title, packed);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt16LE(flags | 0x800, 8);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(crc, 16);
    entry.writeUInt32LE(small, 20);
    entry.writeUInt32LE(size, 24);
    entry.writeUInt16LE(title.length, 28);
    entry.writeUInt16LE(extra.length, 30);
    entry.writeUInt32LE(at, 42);
    central.push(entry, title, extra);
    at += 30 + title.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(0x06054b50, 0);
  tail.writeUInt16LE(Math.min(0xffff, end.count ?? parts.length), 8);
  tail.writeUInt16LE(Math.min(0xffff, end.count ?? parts.length), 10);
  tail.writeUInt32LE(directory.length, 12);
  tail.writeUInt32LE(end.offset ?? at, 16);
  const whole = Buffer.concat([...files, directory, tail]);
  return end.cut === undefined ? whole : whole.subarray(0, end.cut);
}

const REL = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
export const WORKBOOK = (sheets = '<sheet name="Trang 1" sheetId="1" r:id="rId1"/>', properties = ''): string => `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns:r="${REL}">${properties}<sheets>${sheets}</sheets></workbook>`;
export const RELATIONS = (target = 'worksheets/sheet1.xml', more = ''): string => `<Relationships><Relationship Id="rId1" Type="${REL}/worksheet" Target="${target}"/><Relationship Id="rId2" Type="${REL}/sharedStrings" Target="sharedStrings.xml"/>${more}</Relationships>`;
export const SHEET = (rows: string, after = '', before = ''): string => `<?xml version="1.0"?><worksheet>${before}<sheetData>${rows}</sheetData>${after}</worksheet>`;

/** A workbook whose sheet is this XML; `parts` are added or take the place of the usual ones. */
export function workbook(sheet: string | Buffer, parts: readonly Lie[] = [], end: Parameters<typeof zipOf>[1] = {}): Buffer {
  const usual: Lie[] = [
    { name: '_rels/.rels', data: `<Relationships><Relationship Id="rId1" Type="${REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>` },
    { name: 'xl/workbook.xml', data: WORKBOOK() },
    { name: 'xl/_rels/workbook.xml.rels', data: RELATIONS() },
    { name: 'xl/worksheets/sheet1.xml', data: sheet },
  ];
  return zipOf([...usual.filter(({ name }) => !parts.some((part) => part.name === name)), ...parts], end);
}

const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
/** The letters of a column, from 0. */
export const letters = (n: number): string => (n < 26 ? String.fromCharCode(65 + n) : letters(Math.floor(n / 26) - 1) + letters(n % 26));

/** Rows of cells: texts, numbers, or formulas with what is remembered of them. */
export type HostileCell = string | number | { readonly formula: string; readonly cached?: string | number } | { readonly xml: string } | null;
export function rowsXml(rows: readonly (readonly HostileCell[])[], firstLine = 1): string {
  return rows
    .map((cells, r) => {
      const line = String(r + firstLine);
      const inside = cells.map((cell, c) => {
        const place = `${letters(c)}${line}`;
        if (cell === null || cell === '') return '';
        if (typeof cell === 'number') return `<c r="${place}"><v>${String(cell)}</v></c>`;
        if (typeof cell === 'string') return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${xml(cell)}</t></is></c>`;
        if ('xml' in cell) return cell.xml.replaceAll('@', place);
        return `<c r="${place}"${typeof cell.cached === 'string' ? ' t="str"' : ''}><f>${xml(cell.formula)}</f>${cell.cached === undefined ? '' : `<v>${xml(String(cell.cached))}</v>`}</c>`;
      });
      return `<row r="${line}">${inside.join('')}</row>`;
    })
    .join('');
}
