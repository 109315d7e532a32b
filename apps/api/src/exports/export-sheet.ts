import { Worker } from 'node:worker_threads';
import { resolve } from 'node:path';
import type { EventLog } from '#event-log';
import { writeCsv, type SheetToWrite } from '#imports';
import { writeXlsx } from '#imports/xlsx/write-xlsx';
import type { Clock } from '#kernel';
import type { ScaledUrls } from '../settings.ts';
import { exportColumns, exportRows, type ExportItem, type ExportQuestion } from './export-rows.ts';

/** What the thread is started with. */
export interface ExportThreadData {
  readonly question: ExportQuestion;
  readonly dataDir: string;
  readonly now: number;
  readonly scaled?: ScaledUrls | undefined;
}
export type ToExportThread = { readonly what: 'items'; readonly items: readonly ExportItem[] } | { readonly what: 'end' } | { readonly what: 'taken' };
export type FromExportThread = { readonly what: 'more' } | { readonly what: 'piece'; readonly bytes: Uint8Array } | { readonly what: 'done' };

export interface ExportOptions {
  readonly dataDir: string;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly threads: { readonly scaled: ScaledUrls | undefined } | undefined;
}

/** The file of a list in pieces. */
export function sheetPieces(slices: AsyncIterable<readonly ExportItem[]>, question: ExportQuestion, log: Pick<EventLog, 'readStream' | 'readAll'>): AsyncGenerator<Buffer> {
  const sheet: SheetToWrite = { name: 'Danh sách', heading: question.heading, columns: exportColumns(question.more), rows: exportRows(slices, question, log) };
  return question.format === 'xlsx' ? writeXlsx(sheet) : writeCsv(sheet);
}

/** The same from a thread of its own: reading a thousand streams and packing a file takes seconds, in which requests have to be answered. */
export async function* exportPieces(slices: AsyncGenerator<readonly ExportItem[]>, question: ExportQuestion, { dataDir, log, clock, threads }: ExportOptions): AsyncGenerator<Uint8Array> {
  if (!threads) {
    yield* sheetPieces(slices, question, log);
    return;
  }
  const worker = new Worker(new URL('./export-thread.js', import.meta.url), {
    workerData: { question, dataDir: resolve(dataDir), now: clock.now(), scaled: threads.scaled } satisfies ExportThreadData,
    resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 },
  });
  const said: FromExportThread[] = [];
  let wake: (() => void) | undefined;
  const end: { failure?: Error; gone?: true } = {};
  const ring = (): void => { wake?.(); };
  worker.on('message', (message: FromExportThread) => { said.push(message); ring(); });
  worker.on('error', (error) => { end.failure = error; ring(); });
  worker.on('exit', () => { end.gone = true; ring(); });
  const send = (message: ToExportThread): void => { worker.postMessage(message); };
  try {
    for (;;) {
      const message = said.shift();
      if (message === undefined) {
        if (end.failure) throw end.failure;
        if (end.gone) throw new Error('the export thread ended before its file');
        await new Promise<void>((rung) => { wake = rung; });
        continue;
      }
      if (message.what === 'done') return;
      if (message.what === 'piece') {
        yield message.bytes;
        send({ what: 'taken' });
      } else {
        const next = await slices.next();
        send(next.done === true ? { what: 'end' } : { what: 'items', items: next.value });
      }
    }
  } finally {
    await worker.terminate();
  }
}

