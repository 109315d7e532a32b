import { inflateRawSync } from 'node:zlib';
import type { Told } from '../kinds.ts';
import { BrokenContent, readExactly, type ReadBytes } from './bytes.ts';

// Layout: PKWARE APPNOTE 6.3.10, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const MAX_DIRECTORY = 4 * 1024 * 1024;
/** Bound of the one entry that is read, packed and unpacked. */
const MAX_ENTRY = 1024 * 1024;

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly offset: number;
}

const OPEN_XML: readonly (readonly [mainType: string, told: Told])[] = [
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml', { kind: 'docx' }],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml', { kind: 'xlsx' }],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml', { kind: 'pptx' }],
];
const OPEN_DOCUMENT: Readonly<Record<string, Told>> = {
  'application/vnd.oasis.opendocument.text': { kind: 'odt' },
  'application/vnd.oasis.opendocument.spreadsheet': { kind: 'ods' },
};

/** Which office format a ZIP is, by what it declares itself to be inside (ECMA-376 part 2 [Content_Types].xml, OpenDocument part 2 mimetype). @throws BrokenContent */
export async function tellZip(read: ReadBytes, size: number): Promise<Told> {
  const entries = await directory(read, size);
  const contentTypes = entries.get('[Content_Types].xml');
  if (contentTypes) {
    const declared = await text(read, contentTypes);
    const types = new Set(Array.from(declared.matchAll(/ContentType\s*=\s*(?:"([^"]*)"|'([^']*)')/g), (m) => (m[1] ?? m[2])!));
    if ([...types].some((type) => /macroEnabled|ms-office\.vbaProject/i.test(type)) || [...entries.keys()].some((name) => /(^|\/)vbaProject\.bin$/i.test(name))) return { found: 'tệp Office có macro' };
    return OPEN_XML.find(([mainType]) => types.has(mainType))?.[1] ?? { found: 'gói Open XML không phải DOCX, XLSX hay PPTX' };
  }
  const mimetype = entries.get('mimetype');
  if (mimetype) {
    const declared = (await text(read, mimetype)).trim().slice(0, 100);
    const told = Object.hasOwn(OPEN_DOCUMENT, declared) && entries.has('content.xml') ? OPEN_DOCUMENT[declared] : undefined;
    return told ?? { found: /^[\w.+-]+\/[\w.+-]+$/.test(declared) ? `gói ZIP loại ${declared}` : 'tệp nén ZIP' };
  }
  return { found: 'tệp nén ZIP' };
}

/** The entries by name. Nothing may stand behind the directory's end, so that no second reading of the same bytes is possible. */
async function directory(read: ReadBytes, size: number): Promise<ReadonlyMap<string, Entry>> {
  const tailLength = Math.min(size, 22 + 0xffff);
  const tail = await readExactly(read, size - tailLength, tailLength);
  let end = tailLength - 22;
  while (end >= 0 && !(tail.getUint32(end, true) === END && end + 22 + tail.getUint16(end + 20, true) === tailLength)) end--;
  if (end < 0) throw new BrokenContent('no end of central directory');
  const count = tail.getUint16(end + 10, true);
  const length = tail.getUint32(end + 12, true);
  const start = tail.getUint32(end + 16, true);
  if (length > MAX_DIRECTORY || start + length > size) throw new BrokenContent(`central directory of ${String(length)} bytes at ${String(start)}`);
  const central = await readExactly(read, start, length);
  const entries = new Map<string, Entry>();
  for (let at = 0, n = 0; n < count; n++) {
    if (at + 46 > length || central.getUint32(at, true) !== CENTRAL) throw new BrokenContent('central directory entry');
    const nameLength = central.getUint16(at + 28, true);
    const next = at + 46 + nameLength + central.getUint16(at + 30, true) + central.getUint16(at + 32, true);
    if (next > length) throw new BrokenContent('central directory entry');
    const name = new TextDecoder().decode(new Uint8Array(central.buffer, central.byteOffset + at + 46, nameLength));
    if (entries.has(name)) throw new BrokenContent('the same entry twice');
    entries.set(name, { method: central.getUint16(at + 10, true), packed: central.getUint32(at + 20, true), offset: central.getUint32(at + 42, true) });
    at = next;
  }
  return entries;
}

async function text(read: ReadBytes, { method, packed, offset }: Entry): Promise<string> {
  if (packed > MAX_ENTRY) throw new BrokenContent(`entry of ${String(packed)} bytes`);
  const local = await readExactly(read, offset, 30);
  if (local.getUint32(0, true) !== LOCAL) throw new BrokenContent('local header');
  const data = await readExactly(read, offset + 30 + local.getUint16(26, true) + local.getUint16(28, true), packed);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (method === 0) return new TextDecoder().decode(bytes);
  if (method !== 8) throw new BrokenContent(`packed by method ${String(method)}`);
  try {
    return new TextDecoder().decode(inflateRawSync(bytes, { maxOutputLength: MAX_ENTRY }));
  } catch {
    throw new BrokenContent('entry cannot be unpacked');
  }
}
