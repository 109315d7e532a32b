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

/** What the thread says: each file, then that it was the last one, or what went wrong. */
export type FromWriter = WrittenFile | { readonly error: Error } | { readonly done: true };

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
  if (!import.meta.url.endsWith('.js')) {
    const files: WrittenFile[] = [];
    for (const format of work.formats) files.push({ format, bytes: await writePrintable(work.what, format) });
    return files;
  }
  const worker = takeThread();
  let limit: NodeJS.Timeout | undefined;
  let sound = false;
  try {
    const files = await new Promise<readonly WrittenFile[]>((resolve, reject) => {
      job = { files: [], resolve, reject };
      limit = setTimeout(() => { reject(new Error(`writing a report took longer than ${String(limitSeconds)} s`)); }, limitSeconds * 1_000);
      signal?.addEventListener('abort', () => { reject(new Error('writing a report was called off')); }, { once: true });
      worker.postMessage(work);
    });
    sound = true;
    return files;
  } finally {
    clearTimeout(limit);
    job = undefined;
    giveBack(worker, sound);
  }
}

/** Loading what writes documents takes as long as writing a short one, so the thread waits a while for the next. */
const KEPT_MS = 20_000;
let kept: Worker | undefined;
let ending: NodeJS.Timeout | undefined;
/** The document it is writing. */
let job: { readonly files: WrittenFile[]; readonly resolve: (files: readonly WrittenFile[]) => void; readonly reject: (error: Error) => void } | undefined;

function takeThread(): Worker {
  clearTimeout(ending);
  kept ??= startThread();
  kept.ref();
  return kept;
}

function startThread(): Worker {
  const worker = new Worker(new URL('./writer-thread.js', import.meta.url));
  worker.on('message', (said: FromWriter) => {
    if ('bytes' in said) job?.files.push(said);
    else if ('error' in said) job?.reject(said.error);
    else job?.resolve(job.files);
  });
  const gone = (error: Error): void => {
    if (kept !== worker) return;
    kept = undefined;
    job?.reject(error);
  };
  worker.on('error', gone);
  worker.on('exit', () => { gone(new Error('the thread that writes documents has ended')); });
  return worker;
}

/** One that failed, hangs or was called off is not used again. */
function giveBack(worker: Worker, sound: boolean): void {
  const end = (): void => {
    if (kept === worker) kept = undefined;
    void worker.terminate();
  };
  if (!sound) {
    end();
    return;
  }
  // Nobody waits for it to end.
  worker.unref();
  ending = setTimeout(end, KEPT_MS);
  ending.unref();
}
