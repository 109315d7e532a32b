import { parentPort, workerData } from 'node:worker_threads';
import { writePrintable } from '#reports/files/write-files';
import type { WriterWork, WrittenFile } from './report-writer.ts';

/** Runs in a thread of its own: laying out thousands of rows takes seconds, in which requests have to be answered. */
const { what, formats } = workerData as WriterWork;
for (const format of formats) {
  const bytes = await writePrintable(what, format);
  parentPort!.postMessage({ format, bytes: new Uint8Array(bytes) } satisfies WrittenFile);
}
