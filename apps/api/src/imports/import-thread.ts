import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { EventLog } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { clockFrom } from '#kernel';
import { LOG_FILE, UNDERSTOOD_FILE } from '../data-files.ts';
import { openUnderstood } from '../understood-log.ts';
import type { FromImportThread, ImportThreadData } from './run-work.ts';
import { doWork, type Workplace } from './work.ts';

/* One piece of work of an import in a thread of its own, with bounded memory and its own connection to the log: see run-work.ts. */

const { work, dataDir, now, scaled, authorities } = workerData as ImportThreadData;
const send = (message: FromImportThread): void => { parentPort!.postMessage(message); };
const clock = clockFrom(now);
const writes = work.what === 'commit' || work.what === 'undo';

async function openLog(): Promise<{ readonly log: EventLog; readonly existing?: Workplace['existing']; readonly close: () => Promise<void> }> {
  if (scaled) {
    const { connectServers } = await import('../scaled/scaled-stores.ts');
    const servers = await connectServers({ dataDir: resolve(dataDir), clock, scaled });
    return { log: servers.log, close: () => servers.close() };
  }
  const stored = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock, readOnly: !writes });
  return { log: await openUnderstood(stored, { marker: join(dataDir, UNDERSTOOD_FILE), remember: false }), existing: (streams) => stored.existing(streams), close: () => stored.close() };
}

/** The program's own connection is told to wait: two that want to write would make each other's thread sleep. */
async function exclusive<T>(held: () => Promise<T>): Promise<T> {
  const go = once(parentPort!, 'message');
  send({ what: 'hold' });
  await go;
  try {
    return await held();
  } finally {
    send({ what: 'release' });
  }
}

// What a file looks like has nothing to do with the log.
const opened = work.what === 'take' || work.what === 'corrected' ? undefined : await openLog();
try {
  const progress = (done: number, total: number): void => { send({ what: 'progress', done, total }); };
  const worked = await doWork(work, { log: opened?.log ?? ({} as EventLog), clock, authorities, progress, exclusive, ...(opened?.existing && { existing: opened.existing }) });
  send({ what: 'worked', worked });
} finally {
  await opened?.close();
}
