import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Problem, type Clock } from '#kernel';
import type { Build, ChangeListener, CommittedBatch, ParkedStream, Progress, ProjectionStatus } from '#projections';
import type { ProjectorControl } from '../read-models.ts';

/** What the thread is started with. */
export interface ThreadData {
  readonly dataDir: string;
  /** Of the clock when the thread starts: it runs on from there. */
  readonly now: number;
}

/** What can be asked of the projector in the thread; each is answered once. */
export type Call =
  | { readonly what: 'catchUp' | 'drop' | 'status' | 'stop' }
  | { readonly what: 'rebuild'; readonly name: string | undefined }
  | { readonly what: 'retry'; readonly projection: string; readonly stream: string };

/** To the thread: calls, and notes that are not answered. */
export type ToThread = { readonly what: 'call'; readonly id: number; readonly call: Call } | { readonly what: 'appended' } | { readonly what: 'hurry' } | { readonly what: 'start' };

export type FromThread =
  | { readonly what: 'ready' }
  | { readonly what: 'changed'; readonly batch: CommittedBatch | undefined }
  | { readonly what: 'progress'; readonly id: number; readonly done: bigint; readonly head: bigint }
  | { readonly what: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly what: 'failure'; readonly id: number | null; readonly failure: Failure };

/** An error as it crosses between threads. */
export interface Failure {
  readonly message: string;
  /** Of the store, so that damage is told from other troubles. */
  readonly code?: string;
  readonly problem?: Pick<Problem, 'status' | 'code' | 'title' | 'detail' | 'errors' | 'extra'>;
}

interface Waiting {
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: Progress | undefined;
}

/** Starts the projector of a data folder in a thread of its own. `appended` is to be called after every commit to the log. */
export async function projectorInThread(dataDir: string, clock: Clock): Promise<ProjectorControl & { readonly appended: () => void }> {
  const data: ThreadData = { dataDir, now: clock.now() };
  // What the thread throws away is thrown away soon: a larger young generation would only be resident memory.
  const worker = new Worker(new URL('./projector-thread.js', import.meta.url), { workerData: data, resourceLimits: { maxYoungGenerationSizeMb: 16 } });
  const listeners: ChangeListener[] = [];
  const waiting = new Map<number, Waiting>();
  let calls = 0;
  let ended: Error | undefined;
  let told = false;
  const end = (error: Error): void => {
    ended ??= error;
    for (const one of waiting.values()) one.reject(ended);
    waiting.clear();
  };
  const send = (message: ToThread): void => { worker.postMessage(message); };
  const call = <T>(what: Call, onProgress?: Progress): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      if (ended) {
        reject(ended);
        return;
      }
      const id = ++calls;
      waiting.set(id, { resolve, reject, onProgress });
      send({ what: 'call', id, call: what });
    }) as Promise<T>;
  worker.on('message', (message: FromThread) => {
    if (message.what === 'changed') for (const listener of listeners) listener(message.batch);
    else if (message.what === 'progress') waiting.get(message.id)?.onProgress?.(message.done, message.head);
    else if (message.what !== 'ready') {
      const one = message.id === null ? undefined : waiting.get(message.id);
      if (message.id !== null) waiting.delete(message.id);
      if (message.what === 'answer') one?.resolve(message.answer);
      else one?.reject(errorOf(message.failure));
    }
  });
  worker.on('error', (error) => { end(error); });
  worker.on('exit', () => { end(new Error('the projector thread has ended')); });
  const [first] = (await once(worker, 'message')) as [FromThread];
  if (first.what === 'failure') {
    await worker.terminate();
    throw errorOf(first.failure);
  }
  return {
    appended: () => {
      // A burst is one note: the thread looks at what there is when it comes to it.
      if (told) return;
      told = true;
      setImmediate(() => {
        told = false;
        send({ what: 'appended' });
      });
    },
    hurry: () => { send({ what: 'hurry' }); },
    start: () => { send({ what: 'start' }); },
    onChange: (listener) => { listeners.push(listener); },
    catchUp: (onProgress) => call({ what: 'catchUp' }, onProgress),
    rebuild: (name, onProgress) => call({ what: 'rebuild', name }, onProgress),
    drop: () => call<readonly Build[]>({ what: 'drop' }),
    status: () => call<readonly ProjectionStatus[]>({ what: 'status' }),
    retry: (projection, stream) => call<ParkedStream | undefined>({ what: 'retry', projection, stream }),
    stop: async () => {
      if (ended) return;
      const exit = once(worker, 'exit');
      await call({ what: 'stop' }).catch(() => undefined);
      await exit;
    },
  };
}

export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
  if (!(error instanceof Problem)) return { message, ...(code === undefined ? {} : { code }) };
  const { status, title, detail, errors, extra } = error;
  return { message, problem: { status, code: error.code, title, detail, errors, extra } };
}

function errorOf({ message, code, problem }: Failure): Error {
  if (problem) return new Problem(problem.status, problem.code, problem.title, problem.detail, { errors: problem.errors, extra: problem.extra });
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
