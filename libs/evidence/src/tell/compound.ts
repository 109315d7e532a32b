import type { Told } from '../kinds.ts';
import { BrokenContent, readExactly, type ReadBytes } from './bytes.ts';

// Layout: MS-CFB 2.2 (header), 2.3 (FAT), 2.5 (DIFAT), 2.6 (directory entries).
const LAST = 0xfffffffa;
const NO_STREAM = 0xffffffff;
const ENTRY = 128;
/** Directory entries looked at: far more than Office writes. */
const MAX_ENTRIES = 65_536;

/** Which format a compound file is (the container of DOC, XLS, MSI, MSG, …), by the names directly under its root. @throws BrokenContent */
export async function tellCompound(read: ReadBytes): Promise<Told> {
  const names = await rootNames(read);
  if (names.has('encryptedpackage')) return { found: 'tệp Office đặt mật khẩu' };
  if (names.has('worddocument')) return { kind: 'doc' };
  // BIFF8 writes "Workbook", BIFF5 "Book".
  if (names.has('workbook') || names.has('book')) return { kind: 'xls' };
  if (names.has('powerpoint document')) return { found: 'PowerPoint 97–2003 (PPT)' };
  if ([...names].some((name) => name.startsWith('__properties_version'))) return { found: 'thư Outlook (MSG)' };
  return { found: 'tệp ghép OLE không phải DOC hay XLS' };
}

/** Names in lower case. Only those under the root count: a document may hold a workbook inside. */
async function rootNames(read: ReadBytes): Promise<ReadonlySet<string>> {
  const header = await readExactly(read, 0, 512);
  const shift = header.getUint16(30, true);
  if (shift !== 9 && shift !== 12) throw new BrokenContent(`sector shift ${String(shift)}`);
  const sectorSize = 1 << shift;
  const sectors = new Map<number, DataView>();
  // The last sector may be cut short; what is missing there reads as zero.
  const sector = async (n: number): Promise<DataView> => {
    const known = sectors.get(n);
    if (known) return known;
    const whole = new Uint8Array(sectorSize);
    const bytes = await read((n + 1) * sectorSize, sectorSize);
    if (bytes.length === 0) throw new BrokenContent(`sector ${String(n)} is missing`);
    whole.set(bytes);
    const view = new DataView(whole.buffer);
    sectors.set(n, view);
    return view;
  };

  const perSector = sectorSize / 4;
  const fatSector = async (index: number): Promise<number> => {
    if (index < 109) return header.getUint32(76 + 4 * index, true);
    let at = header.getUint32(68, true);
    for (let skip = Math.floor((index - 109) / (perSector - 1)); skip > 0 && at < LAST; skip--) at = (await sector(at)).getUint32(sectorSize - 4, true);
    if (at >= LAST) throw new BrokenContent('allocation table is too short');
    return (await sector(at)).getUint32(4 * ((index - 109) % (perSector - 1)), true);
  };
  const after = async (n: number): Promise<number> => {
    const at = await fatSector(Math.floor(n / perSector));
    if (at >= LAST) throw new BrokenContent('allocation table is too short');
    return (await sector(at)).getUint32(4 * (n % perSector), true);
  };

  const directory: DataView[] = [];
  const seen = new Set<number>();
  for (let n = header.getUint32(48, true); n < LAST; n = await after(n)) {
    if (seen.has(n) || (directory.length * sectorSize) / ENTRY > MAX_ENTRIES) throw new BrokenContent('directory runs in a circle');
    seen.add(n);
    directory.push(await sector(n));
  }
  const entry = (n: number): DataView => {
    const view = directory[Math.floor((n * ENTRY) / sectorSize)];
    if (!view) throw new BrokenContent(`directory entry ${String(n)} is missing`);
    return new DataView(view.buffer, (n * ENTRY) % sectorSize, ENTRY);
  };

  const names = new Set<string>();
  const visited = new Set<number>();
  const open = [entry(0).getUint32(76, true)];
  for (let n = open.pop(); n !== undefined; n = open.pop()) {
    if (n === NO_STREAM || visited.has(n)) continue;
    visited.add(n);
    const one = entry(n);
    const length = Math.min(one.getUint16(64, true), 64);
    names.add(new TextDecoder('utf-16le').decode(new Uint8Array(one.buffer, one.byteOffset, Math.max(0, length - 2))).toLowerCase());
    open.push(one.getUint32(68, true), one.getUint32(72, true));
  }
  return names;
}
