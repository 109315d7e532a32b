import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Problem } from '#kernel';

/** A file that cannot be written, with the path and what the system says of it. */
export const notWritable = (path: string, cause: unknown): Problem =>
  new Problem(500, 'file-not-writable', 'Không ghi được tệp', `Không ghi được ${path} (${cause instanceof Error ? cause.message : String(cause)}): hãy chọn thư mục có sẵn và được phép ghi.`, { cause });

/**
 * Writes a file whole or not at all: half a list or document would be taken for one. `mode`: who may read it, within what the system allows by itself.
 * @throws Problem `file-not-writable` naming the path; what the pieces themselves throw is thrown as it is, and nothing is left either.
 */
export async function writeWhole(file: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mode = 0o666): Promise<void> {
  const path = resolve(file);
  const part = `${path}.part`;
  try {
    await pipeline(Readable.from(pieces), createWriteStream(part, { mode }));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw (error as NodeJS.ErrnoException).syscall === undefined ? error : notWritable(path, error);
  }
}
