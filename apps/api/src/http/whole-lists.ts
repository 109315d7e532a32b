import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { Problem } from '#kernel';
import { contentDisposition } from './content-disposition.ts';

/* Lists that are answered whole, as a file. */

const MOST_ROWS = 200_000;

/** @throws Problem 413 before anything is sent: a file that ends early looks like a whole one. */
export function refuseTooManyRows(total: number): void {
  if (total > MOST_ROWS) throw new Problem(413, 'too-many-rows', 'Danh sách quá dài', `Danh sách có ${String(total)} dòng; mỗi tệp tối đa ${String(MOST_ROWS)} dòng. Thu hẹp bộ lọc rồi xuất lại.`);
}

/** Writes as fast as it is read at the other end; ends where nobody reads any more. */
export async function sendPieces(response: Response, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    await pipeline(Readable.from(pieces), response);
  } catch (error) {
    // After the first byte an error can only cut the file short; who asked has gone, or sees that it ends too early.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') process.stderr.write(`export: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    if (response.headersSent) response.destroy();
    else throw error;
  }
}

export function sendTextFile(response: Response, type: string, name: string, pieces: AsyncIterable<string>): Promise<void> {
  response.type(type).setHeader('Content-Disposition', contentDisposition(name));
  return sendPieces(response, pieces);
}
