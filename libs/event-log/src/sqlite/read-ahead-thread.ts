import { parentPort, workerData } from 'node:worker_threads';
import type { ReadAheadData } from './read-ahead.ts';
import { lastPlace, packRows } from './lazy-events.ts';
import { openSqliteEventLog } from './sqlite-event-log.ts';

/* The thread of read-ahead.ts. It ends at the end of the log, or with the first trouble, which is told by whoever asks the log itself. */

const { file, after, limit, types, may } = workerData as ReadAheadData;
const port = parentPort!;
const log = await openSqliteEventLog({ file, clock: { now: () => 0 }, readOnly: true });
try {
  for (let from = after; ; ) {
    Atomics.wait(may, 0, 0);
    Atomics.sub(may, 0, 1);
    const packed = packRows(log.rows({ after: from, limit, ...(types && { types }) }));
    const last = lastPlace(packed);
    if (last === undefined) break;
    port.postMessage(packed, [packed.numbers.buffer as ArrayBuffer]);
    from = BigInt(last);
  }
} finally {
  await log.close();
}
