import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { EventLog, Position } from '#event-log';
import { eventLine, eventsOf, type LogProgress } from '#event-log/content';
import { notWritable } from '../whole-file.ts';
import { flush } from './durable-files.ts';

/** Writes one event a line, from `from` (inclusive) on, waiting whenever the reader is slower. Returns how many. */
export async function exportLog(log: EventLog, to: Writable, from: Position, onProgress?: LogProgress): Promise<number> {
  let count = 0;
  for await (const batch of eventsOf(log, from, onProgress)) {
    count += batch.length;
    if (!to.write(batch.map((event) => `${eventLine(event)}\n`).join(''))) await once(to, 'drain');
  }
  return count;
}

/** As `exportLog`, into a file that stands under its name only once it is whole and flushed. */
export async function exportLogToFile(log: EventLog, file: string, from: Position, onProgress?: LogProgress): Promise<number> {
  const path = resolve(file);
  const unfinished = `${path}.unfinished`;
  // Before anything is read.
  try {
    await (await open(unfinished, 'w', 0o600)).close();
  } catch (cause) {
    throw notWritable(path, cause);
  }
  try {
    const to = createWriteStream(unfinished, { flags: 'w', mode: 0o600 });
    const count = await exportLog(log, to, from, onProgress);
    to.end();
    await finished(to);
    await flush(unfinished);
    await rename(unfinished, path);
    return count;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
