import { Worker } from 'node:worker_threads';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import type { AuthorityNames } from '#tasks';
import type { ScaledUrls } from '../settings.ts';
import { doWork, type Work, type Worked } from './work.ts';

/** What the thread is started with. */
export interface ImportThreadData {
  readonly work: Work;
  readonly dataDir: string;
  /** Of the clock when the thread starts: it runs on from there. */
  readonly now: number;
  readonly scaled?: ScaledUrls | undefined;
  readonly authorities: AuthorityNames;
}

export type FromImportThread = { readonly what: 'progress'; readonly done: number; readonly total: number } | { readonly what: 'hold' } | { readonly what: 'release' } | { readonly what: 'worked'; readonly worked: Worked };

export interface RunOptions {
  readonly dataDir: string;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly authorities: AuthorityNames;
  /** Missing where a thread cannot be started: from sources, as tests run. */
  readonly threads: { readonly scaled: ScaledUrls | undefined } | undefined;
  /** What a thread may cost, where it is not the usual; its program, where it does not stand beside this one. */
  readonly limits?: Limits;
  readonly program?: URL;
  readonly hold: <T>(work: () => Promise<T>) => Promise<T>;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

const MINUTE = 60_000;
/** Megabytes a thread may hold, and how long it may take. */
export interface Limits {
  readonly heap: number;
  readonly time: number;
}
/** What is recorded stands in memory whole, to be written in one transaction. */
const LIMITS: Readonly<Record<Work['what'], Limits>> = {
  take: { heap: 320, time: 2 * MINUTE }, rehearse: { heap: 384, time: 10 * MINUTE }, corrected: { heap: 320, time: 5 * MINUTE }, commit: { heap: 1_536, time: 30 * MINUTE }, undo: { heap: 1_024, time: 30 * MINUTE },
};

/** Does one piece of work where it can cost no more than it may: what goes beyond is ended and answered as a refusal. @throws what is no answer, and when called off. */
export async function runWork(
  work: Work,
  { dataDir, log, clock, authorities, threads, limits = LIMITS[work.what], program = new URL('./import-thread.js', import.meta.url), hold, onProgress, signal }: RunOptions,
): Promise<Worked> {
  if (!threads) return doWork(work, { log, clock, authorities, progress: onProgress, signal, exclusive: (held) => held() });
  const worker = new Worker(program, {
    workerData: { work, dataDir, now: clock.now(), scaled: threads.scaled, authorities } satisfies ImportThreadData,
    resourceLimits: { maxOldGenerationSizeMb: limits.heap, maxYoungGenerationSizeMb: work.what === 'take' ? 16 : 48 },
  });
  let late = false;
  const limit = setTimeout(() => { late = true; void worker.terminate(); }, limits.time);
  const off = (): void => void worker.terminate();
  signal.addEventListener('abort', off, { once: true });
  try {
    return await new Promise<Worked>((resolve, reject) => {
      let worked: Worked | undefined;
      let released: (() => void) | undefined;
      worker.on('message', (message: FromImportThread) => {
        if (message.what === 'progress') onProgress(message.done, message.total);
        else if (message.what === 'hold') {
          void hold(() => new Promise<void>((done) => {
            released = done;
            worker.postMessage('go');
          }));
        } else if (message.what === 'release') released?.();
        else worked = message.worked;
      });
      worker.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ ok: false, code: 'file-too-heavy', detail: 'Tệp cần nhiều bộ nhớ hơn mức cho phép; đề nghị tách tệp.' });
        else reject(error);
      });
      worker.on('exit', () => {
        released?.();
        if (worked) resolve(worked);
        else if (late) resolve({ ok: false, code: 'file-too-slow', detail: `Xử lý tệp lâu quá ${String(limits.time / MINUTE)} phút; đề nghị tách tệp.` });
        else reject(new Error(`the thread of “${work.what}” ended without an answer`));
      });
    });
  } finally {
    clearTimeout(limit);
    signal.removeEventListener('abort', off);
  }
}
