import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface HashedFile {
  readonly sha256: string;
  readonly bytes: number;
}

/** Hex SHA-256 and length of a file, read in pieces. */
export async function hashFile(path: string): Promise<HashedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const piece of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Copies into a new file of mode 0600, flushes it, and says what went through. */
export async function copyFlushed(from: string, to: string): Promise<HashedFile> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(to, 'wx', 0o600);
  try {
    for await (const piece of createReadStream(from) as AsyncIterable<Buffer>) {
      hash.update(piece);
      bytes += piece.length;
      await file.appendFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Flushes a file or a folder; Windows cannot flush a folder. */
export async function flush(path: string, isFolder = false): Promise<void> {
  if (isFolder && process.platform === 'win32') return;
  const handle = await open(path, isFolder ? 'r' : 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a whole small file so that after a power loss it stands there complete or not at all. */
export async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(`${path}.unfinished`, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.unfinished`, path);
  await flush(dirname(path), true);
}
