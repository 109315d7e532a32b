import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { fromBufferPromise, openPromise, type Entry, type ZipFile } from 'yauzl';
import { refuseFile, type FileRefusal } from '../table.ts';

const MIB = 1024 * 1024;

/** How much a spreadsheet may cost. Sizes are of what comes out, counted while it comes and not as the file says. */
export interface XlsxLimits {
  readonly fileBytes: number;
  readonly entries: number;
  readonly inflatedBytes: number;
  /** Inflated to packed; looked at from the first megabyte on. */
  readonly ratio: number;
  readonly rows: number;
  readonly columns: number;
  readonly cells: number;
  readonly cellLength: number;
  readonly sharedStrings: number;
  readonly sharedLength: number;
  readonly merges: number;
  readonly milliseconds: number;
}

export const XLSX_LIMITS: XlsxLimits = {
  fileBytes: 32 * MIB, entries: 2_000, inflatedBytes: 320 * MIB, ratio: 120, rows: 100_000, columns: 256, cells: 4_000_000, cellLength: 65_536, sharedStrings: 1_000_000, sharedLength: 40_000_000, merges: 100_000, milliseconds: 60_000,
};

/** A refusal on the way, thrown through streams and caught at the door of the room. */
export class Refused extends Error {
  readonly refusal: FileRefusal;
  constructor(code: string, detail: string, extra?: Readonly<Record<string, unknown>>) {
    super(detail);
    this.name = 'Refused';
    this.refusal = refuseFile(code, detail, extra);
  }
}

class NotText extends Error {}

export const broken = (why: string): Refused => new Refused('xlsx-broken', `Tệp XLSX hỏng hoặc không đúng dạng: ${why}. Hãy mở bằng phần mềm bảng tính, lưu lại thành XLSX rồi nhập lại.`);

/** The entries of an archive, each read by itself and never more than the limits say. */
export class GuardedZip {
  private readonly zip: ZipFile;
  private readonly entries: ReadonlyMap<string, Entry>;
  private readonly limits: XlsxLimits;
  private readonly until: number;
  private inflated = 0;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, limits: XlsxLimits, until: number) {
    this.zip = zip;
    this.entries = entries;
    this.limits = limits;
    this.until = until;
  }

  /** @throws Refused */
  static async open(source: Buffer | string, limits: XlsxLimits): Promise<GuardedZip> {
    const until = performance.now() + limits.milliseconds;
    let zip: ZipFile | undefined;
    try {
      zip = typeof source === 'string' ? await openPromise(source, { lazyEntries: true, autoClose: false }) : await fromBufferPromise(source, { lazyEntries: true });
      if (zip.entryCount > limits.entries) throw new Refused('xlsx-too-many-parts', `Tệp có ${String(zip.entryCount)} phần bên trong; một sổ tính có nhiều nhất ${String(limits.entries)}.`);
      const entries = new Map<string, Entry>();
      for (let entry = await next(zip); entry !== null; entry = await next(zip)) {
        const name = entry.fileName.toLowerCase();
        if (entries.has(name)) throw broken(`phần “${entry.fileName.slice(0, 80)}” có hai lần`);
        if (entries.size >= limits.entries) throw new Refused('xlsx-too-many-parts', `Tệp có hơn ${String(limits.entries)} phần bên trong.`);
        entries.set(name, entry);
      }
      return new GuardedZip(zip, entries, limits, until);
    } catch (error) {
      zip?.close();
      throw error instanceof Refused ? error : broken(reasonOf(error));
    }
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase());
  }

  close(): void {
    this.zip.close();
  }

  /** Hands the text of a part on in pieces; an empty part of another name is none. @throws Refused */
  async read(name: string, take: (text: string) => void): Promise<void> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const decoded = (chunk?: Uint8Array): string => {
      try {
        return chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true });
      } catch {
        throw new NotText();
      }
    };
    try {
      await this.bytes(name, (chunk) => { take(decoded(chunk)); });
      take(decoded());
    } catch (error) {
      if (error instanceof NotText) throw broken(`phần “${name}” không phải UTF-8`);
      throw error;
    }
  }

  /** Inflates a part and keeps nothing of it. @throws Refused where it is more than it may be */
  async weigh(name: string): Promise<void> {
    const before = this.inflated;
    await this.bytes(name, () => undefined);
    // It is counted when it is read.
    this.inflated = before;
  }

  private async bytes(name: string, take: (chunk: Uint8Array) => void): Promise<void> {
    const entry = this.entries.get(name.toLowerCase());
    if (!entry) throw broken(`thiếu phần “${name}”`);
    if (entry.isEncrypted()) throw new Refused('xlsx-encrypted', 'Tệp được đặt mật khẩu; hãy bỏ mật khẩu rồi nhập lại.');
    if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) throw broken(`phần “${name}” nén bằng cách không dùng trong XLSX (${String(entry.compressionMethod)})`);
    const { limits } = this;
    if (this.inflated + entry.uncompressedSize > limits.inflatedBytes) throw tooBig(limits);
    let stream: Readable | undefined;
    let own = 0;
    let crc = 0;
    try {
      stream = await this.zip.openReadStreamPromise(entry);
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        own += chunk.length;
        crc = crc32(chunk, crc);
        this.inflated += chunk.length;
        if (this.inflated > limits.inflatedBytes) throw tooBig(limits);
        if (own > MIB && own > entry.compressedSize * limits.ratio) {
          throw new Refused('xlsx-bomb', `Phần “${name}” bung ra hơn ${String(limits.ratio)} lần: không phải sổ tính bình thường, có thể là tệp phá hoại.`);
        }
        if (performance.now() > this.until) throw new Refused('file-too-slow', `Đọc tệp lâu quá ${String(limits.milliseconds / 1000)} giây; đề nghị tách tệp.`);
        take(chunk);
      }
      if (crc !== entry.crc32) throw broken(`phần “${name}” không khớp mã kiểm (CRC) ghi trong tệp`);
    } catch (error) {
      stream?.destroy();
      if (error instanceof Refused || error instanceof NotText || (error as Error).name === 'XmlFault') throw error;
      throw broken(reasonOf(error));
    }
  }
}

const tooBig = (limits: XlsxLimits): Refused => new Refused('xlsx-too-big', `Nội dung tệp bung ra lớn hơn ${String(limits.inflatedBytes / MIB)} MiB; đề nghị tách tệp.`);

function next(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      zip.off('entry', entry);
      zip.off('end', end);
      zip.off('error', failed);
    };
    const entry = (one: Entry): void => { done(); resolve(one); };
    const end = (): void => { done(); resolve(null); };
    const failed = (error: Error): void => { done(); reject(error); };
    zip.on('entry', entry);
    zip.on('end', end);
    zip.on('error', failed);
    zip.readEntry();
  });
}

/** What the library of archives found, without what only programmers read. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/relative path|absolute path|invalid characters in fileName/i.test(message)) return 'tên một phần trỏ ra ngoài tệp';
  if (/end of central directory|signature|unexpected EOF|truncated/i.test(message)) return 'tệp ZIP bị cắt hoặc sai cấu trúc';
  if (/too many bytes|not enough bytes|size/i.test(message)) return 'kích thước ghi trong tệp không đúng';
  return 'không giải nén được';
}
