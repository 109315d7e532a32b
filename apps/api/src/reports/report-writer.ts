import { Worker } from 'node:worker_threads';
import type { Report } from '#reports';
import { writePrintable, type Printable, type ReportFormat } from '#reports/files/write-files';

export interface WriterWork {
  readonly what: Printable;
  readonly formats: readonly ReportFormat[];
}

export interface WrittenFile {
  readonly format: ReportFormat;
  readonly bytes: Uint8Array;
}

const SECONDS = 120;

/** One document at a time: the machine is there for those who work, and a document can wait. */
let before: Promise<unknown> = Promise.resolve();

interface Options {
  readonly limitSeconds?: number;
  readonly signal?: AbortSignal;
}

/** Writes a report as `writeDocuments` does. */
export const writeReport = (report: Report, formats: readonly ReportFormat[], options: Options = {}): Promise<readonly WrittenFile[]> => writeDocuments({ report }, formats, options);

/**
 * Writes a document in these formats, in the order asked, off the thread that answers requests. Run from its sources, as tests do, it writes here.
 * @throws when the writer fails or takes longer than two minutes.
 */
export function writeDocuments(what: Printable, formats: readonly ReportFormat[], options: Options = {}): Promise<readonly WrittenFile[]> {
  const written = before.catch(() => undefined).then(() => write({ what, formats }, options));
  before = written;
  return written;
}

async function write(work: WriterWork, { limitSeconds = SECONDS, signal }: Options): Promise<readonly WrittenFile[]> {
  const { what, formats } = work;
  if (!import.meta.url.endsWith('.js')) {
    const files: WrittenFile[] = [];
    for (const format of formats) files.push({ format, bytes: await writePrintable(what, format) });
    return files;
  }
  return await new Promise((resolve, reject) => {
    const files: WrittenFile[] = [];
    const worker = new Worker(new URL('./writer-thread.js', import.meta.url), { workerData: work });
    const stop = (error: Error): void => {
      clearTimeout(limit);
      reject(error);
      void worker.terminate();
    };
    const limit = setTimeout(() => { stop(new Error(`writing a report took longer than ${String(limitSeconds)} s`)); }, limitSeconds * 1_000);
    signal?.addEventListener('abort', () => { stop(new Error('writing a report was called off')); }, { once: true });
    worker.on('message', (file: WrittenFile) => files.push(file));
    worker.on('error', stop);
    worker.on('exit', () => {
      clearTimeout(limit);
      if (files.length === formats.length) resolve(files);
      else reject(new Error(`the writer ended after ${String(files.length)} of ${String(formats.length)} formats`));
    });
  });
}
