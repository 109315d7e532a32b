import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemClock } from '#kernel';
import { cleanFileName, nameHasSecrecyMark } from '../file-name.ts';
import { evidenceType } from '../kinds.ts';
import { EvidenceDamagedError, isEvidenceId, type EvidenceFile, type EvidencePut, type EvidenceSoundness, type EvidenceStore, type OpenedEvidence } from '../port.ts';
import { empty, MAX_EVIDENCE_BYTES, secrecyMark, tooLarge, typeNotAllowed } from '../rejections.ts';
import { tellKind } from '../tell/tell-kind.ts';
import { Utf8Check } from '../tell/utf8-check.ts';

const UPLOAD = '.upload-';
const UPLOAD_SHAPE = /^\.upload-[0-9a-f-]{36}(?:\.json)?$/;
/** An upload under way writes all the time, and a request ends after five minutes (Node's requestTimeout); what stood still longer is left over. */
const STALE_MS = 15 * 60_000;

/** What stands beside the content. */
type Note = Omit<EvidenceFile, 'id'>;

export interface FolderEvidenceOptions {
  /** Made when missing. */
  readonly folder: string;
  readonly maxBytes?: number;
}

/**
 * Evidence in a folder: `<first two hex>/<sha256>` with `<sha256>.json` beside it. Content is written to a file at the top of the folder (the same
 * file system), flushed, and only then renamed to its id; the note comes first, so content is never without one.
 */
export function folderEvidence({ folder, maxBytes = MAX_EVIDENCE_BYTES }: FolderEvidenceOptions): EvidenceStore {
  const pathOf = (id: string): string => join(folder, id.slice(0, 2), id);

  async function put(content: AsyncIterable<Uint8Array>, { name: given }: { readonly name: string }): Promise<EvidencePut> {
    if (nameHasSecrecyMark(given)) return { ok: false, rejection: secrecyMark() };
    const name = cleanFileName(given);
    await makeFolder(folder);
    const upload = join(folder, `${UPLOAD}${randomUUID()}`);
    try {
      const received = await receive(content, upload, maxBytes);
      if ('rejection' in received) return { ok: false, rejection: received.rejection };
      const { id, size, told } = received;
      if ('found' in told) return { ok: false, rejection: typeNotAllowed(told.found) };
      return await keep(id, { name, type: evidenceType(told.kind, name), size }, upload);
    } finally {
      await rm(upload, { force: true });
      await rm(`${upload}.json`, { force: true });
    }
  }

  async function keep(id: string, note: Note, upload: string): Promise<EvidencePut> {
    const path = pathOf(id);
    await makeFolder(dirname(path));
    await writeWhole(`${upload}.json`, JSON.stringify(note));
    // In one turn, so that of two uploads of the same content one is the first. Content of another length is a damaged copy: the good one takes its place.
    const repeated = existsSync(path) && statSync(path).size === note.size;
    const before = repeated ? readNote(path) : undefined;
    const kept = before?.size === note.size ? before : note;
    if (kept === note) renameSync(`${upload}.json`, `${path}.json`);
    if (!repeated) renameSync(upload, path);
    await syncFolder(dirname(path));
    await syncFolder(folder);
    return { ok: true, created: !repeated, file: { id, ...kept } };
  }

  async function openKept(id: string): Promise<OpenedEvidence | undefined> {
    const size = await sizeOf(id);
    if (size === undefined) return undefined;
    const path = pathOf(id);
    // The name can be erased without the evidence.
    const note = readNote(path) ?? { name: id, type: 'application/octet-stream', size };
    if (note.size !== size) throw new EvidenceDamagedError(id, `dài ${String(size)} byte, cần ${String(note.size)} byte`);
    return { id, ...note, content: () => checked(id, path) };
  }

  /** Undefined when nothing is kept under this id. */
  async function sizeOf(id: string): Promise<number | undefined> {
    if (!isEvidenceId(id)) return undefined;
    const found = await unlessMissing(stat(pathOf(id)));
    return found?.isFile() ? found.size : undefined;
  }

  async function sweep(): Promise<void> {
    const stale = systemClock.now() - STALE_MS;
    for (const name of (await unlessMissing(readdir(folder))) ?? []) {
      if (!UPLOAD_SHAPE.test(name)) continue;
      const path = join(folder, name);
      const found = await unlessMissing(stat(path));
      if (found && found.mtimeMs < stale) await rm(path, { force: true });
    }
  }

  async function verify(id: string): Promise<EvidenceSoundness> {
    if ((await sizeOf(id)) === undefined) return { state: 'missing' };
    const hash = createHash('sha256');
    let size = 0;
    for await (const chunk of createReadStream(pathOf(id)) as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
    }
    const actual = hash.digest('hex');
    return actual === id ? { state: 'sound', size } : { state: 'damaged', expected: id, actual, size };
  }

  return { put, open: openKept, has: async (id) => (await sizeOf(id)) !== undefined, sweep, verify };
}

/** Writes the content to `path` and flushes it, hashing and looking on the way. */
async function receive(content: AsyncIterable<Uint8Array>, path: string, maxBytes: number): Promise<{ rejection: ReturnType<typeof empty> } | { id: string; size: number; told: Awaited<ReturnType<typeof tellKind>> }> {
  const hash = createHash('sha256');
  const text = new Utf8Check();
  let size = 0;
  const file = await open(path, 'wx+', 0o600);
  try {
    for await (const chunk of content) {
      size += chunk.length;
      if (size > maxBytes) return { rejection: tooLarge(maxBytes) };
      hash.update(chunk);
      text.add(chunk);
      await file.appendFile(chunk);
    }
    if (size === 0) return { rejection: empty() };
    const told = await tellKind({ read: readerOf(file), size, isText: text.isText() });
    if ('kind' in told) await file.sync();
    return { id: hash.digest('hex'), size, told };
  } finally {
    await file.close();
  }
}

function readerOf(file: FileHandle): (offset: number, length: number) => Promise<Uint8Array> {
  return async (offset, length) => {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  };
}

/** The bytes of the file; the last piece is held back until the hash of all of them is the id. */
async function* checked(id: string, path: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (held) yield held;
    held = chunk;
  }
  const actual = hash.digest('hex');
  if (actual !== id) throw new EvidenceDamagedError(id, `nội dung có SHA-256 ${actual}`);
  if (held) yield held;
}

/** Undefined when there is none or it cannot be understood: content without its note can still be read. */
function readNote(path: string): Note | undefined {
  try {
    const { name, type, size } = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Partial<Record<keyof Note, unknown>>;
    return typeof name === 'string' && typeof type === 'string' && typeof size === 'number' ? { name, type, size } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A folder is there after a power loss only when the one that holds it was flushed. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await syncFolder(dirname(made));
}

async function syncFolder(folder: string): Promise<void> {
  // Windows cannot flush a folder.
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** By shape and not by class: Node's own errors are of another realm where tests run modules apart. */
function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
