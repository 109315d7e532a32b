import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { EventLog } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { clockFrom } from '#kernel';
import { LOG_FILE, UNDERSTOOD_FILE } from '../data-files.ts';
import { openUnderstood } from '../understood-log.ts';
import type { ExportItem } from './export-rows.ts';
import { sheetPieces, type ExportThreadData, type FromExportThread, type ToExportThread } from './export-sheet.ts';

/* Writes the file of a list in a thread of its own, from items that it asks for as it needs them: see export-sheet.ts. */

const { question, dataDir, now, scaled } = workerData as ExportThreadData;
const port = parentPort!;
const clock = clockFrom(now);
/** So many pieces may be on their way; a reader that is slow makes the writer wait. */
const AHEAD = 4;

async function openLog(): Promise<EventLog> {
  if (scaled) {
    const { connectServers } = await import('../scaled/scaled-stores.ts');
    return (await connectServers({ dataDir, clock, scaled })).log;
  }
  const stored = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock, readOnly: true });
  return openUnderstood(stored, { marker: join(dataDir, UNDERSTOOD_FILE), remember: false });
}

const heard: ToExportThread[] = [];
let ahead = 0;
/** Who reads slices and who hands pieces over may wait at the same time. */
const waiting: (() => void)[] = [];
port.on('message', (message: ToExportThread) => {
  if (message.what === 'taken') ahead -= 1;
  else heard.push(message);
  for (const wake of waiting.splice(0)) wake();
});
const rung = (): Promise<void> => new Promise((resolve) => { waiting.push(resolve); });
const send = (message: FromExportThread): void => { port.postMessage(message); };

/** One slice is asked for ahead: it is made while the one before is written. */
async function* slices(): AsyncGenerator<readonly ExportItem[]> {
  send({ what: 'more' });
  for (;;) {
    while (heard.length === 0) await rung();
    const message = heard.shift()!;
    if (message.what !== 'items') return;
    send({ what: 'more' });
    yield message.items;
  }
}

const log = await openLog();
for await (const piece of sheetPieces(slices(), question, log)) {
  while (ahead >= AHEAD) await rung();
  ahead += 1;
  send({ what: 'piece', bytes: piece });
}
send({ what: 'done' });
