import { parentPort } from 'node:worker_threads';
import { writePrintable } from '#reports/files/write-files';
import type { FromWriter, WriterWork } from './report-writer.ts';

/* Runs in a thread of its own: laying out thousands of rows takes seconds, in which requests have to be answered. */

const port = parentPort!;
const say = (said: FromWriter): void => { port.postMessage(said); };

async function write({ what, formats }: WriterWork): Promise<void> {
  for (const format of formats) say({ format, bytes: new Uint8Array(await writePrintable(what, format)) });
}

port.on('message', (work: WriterWork) => {
  write(work).then(
    () => { say({ done: true }); },
    (error: unknown) => { say({ error: error instanceof Error ? error : new Error(String(error)) }); },
  );
});
