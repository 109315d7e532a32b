const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
/** 01/01/1980 00:00, the first instant a zip file can name. */
const EPOCH_DATE = 0x0021;

/**
 * Sets the time of every entry of a zip file to the same instant, in place, so that the same content gives the same bytes. @throws for what is
 * no zip file.
 */
export function withoutTimes(zip: Buffer): Buffer {
  let end = zip.length - 22;
  while (end >= 0 && zip.readUInt32LE(end) !== END) end--;
  if (end < 0) throw new Error('not a zip file: no end of central directory');
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    if (zip.readUInt32LE(at) !== ENTRY) throw new Error(`not a zip file: no entry at ${String(at)}`);
    zip.writeUInt16LE(0, at + 12);
    zip.writeUInt16LE(EPOCH_DATE, at + 14);
    const local = zip.readUInt32LE(at + 42);
    if (zip.readUInt32LE(local) !== LOCAL) throw new Error(`not a zip file: no local header at ${String(local)}`);
    zip.writeUInt16LE(0, local + 10);
    zip.writeUInt16LE(EPOCH_DATE, local + 12);
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return zip;
}
