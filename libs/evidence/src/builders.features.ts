import { crc32, deflateRawSync } from 'node:zlib';

/** A ZIP of the given entries, in order; packed unless `stored`. */
export function zip(entries: readonly { readonly name: string; readonly text: string; readonly stored?: boolean }[]): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const { name, text, stored = false } of entries) {
    const plain = Buffer.from(text);
    const data = stored ? plain : deflateRawSync(plain);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(plain.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), data]);
    const at = Buffer.alloc(14);
    at.writeUInt32LE(offset, 10);
    centrals.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, at, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(centrals);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

const contentTypes = (...types: readonly string[]): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>${types.map((type) => `<Override PartName="/part.xml" ContentType="${type}"/>`).join('')}</Types>`;

/** An Open XML package whose main part has the given type. */
export const openXml = (mainType: string, more: readonly { name: string; text: string }[] = []): Buffer => zip([{ name: '_rels/.rels', text: '<Relationships/>' }, { name: '[Content_Types].xml', text: contentTypes(mainType) }, ...more]);
export const docx = (): Buffer => openXml('application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml', [{ name: 'word/document.xml', text: '<w:document>Báo cáo</w:document>' }]);
export const openDocument = (type: string): Buffer => zip([{ name: 'mimetype', text: type, stored: true }, { name: 'content.xml', text: '<office:document-content/>' }]);

/** A compound file with streams of these names under its root; further entries can be put into a storage below it. */
export function compound(names: readonly string[], { inside = [], garbageFat = false }: { readonly inside?: readonly string[]; readonly garbageFat?: boolean } = {}): Buffer {
  const none = 0xffffffff;
  const entry = (name: string, type: number, right: number, child: number): Buffer => {
    const bytes = Buffer.alloc(128);
    bytes.write(name, 'utf16le');
    bytes.writeUInt16LE((name.length + 1) * 2, 64);
    bytes.writeUInt8(type, 66);
    bytes.writeUInt32LE(none, 68);
    bytes.writeUInt32LE(right, 72);
    bytes.writeUInt32LE(child, 76);
    return bytes;
  };
  // 0 root; then the streams, a storage, and what is in the storage, each list chained by its right siblings.
  const storageAt = 1 + names.length;
  const entries = [
    entry('Root Entry', 5, none, 1),
    ...names.map((name, n) => entry(name, 2, n + 2, none)),
    entry('ObjectPool', 1, none, inside.length > 0 ? storageAt + 1 : none),
    ...inside.map((name, n) => entry(name, 2, n + 1 < inside.length ? storageAt + n + 2 : none, none)),
  ];
  const header = Buffer.alloc(512);
  header.write('d0cf11e0a1b11ae1', 'hex');
  header.writeUInt16LE(9, 30);
  header.writeUInt32LE(1, 48);
  header.writeUInt32LE(0xfffffffe, 68);
  header.fill(0xff, 76);
  header.writeUInt32LE(0, 76);
  const sectors = Math.ceil(entries.length / 4);
  const fat = Buffer.alloc(512, 0xff);
  fat.writeUInt32LE(0xfffffffd, 0);
  for (let n = 1; n <= sectors; n++) fat.writeUInt32LE(garbageFat ? 1 : n === sectors ? 0xfffffffe : n + 1, 4 * n);
  const directory = Buffer.alloc(sectors * 512);
  Buffer.concat(entries).copy(directory);
  return Buffer.concat([header, fat, directory]);
}

export const pdf = (body = 'x'): Buffer => Buffer.from(`%PDF-1.7\n%\u00e2\u00e3\n${body}\n%%EOF\n`, 'latin1');
