import type { Position, RecordedEvent } from '../port.ts';
import { classify, type Reading } from './client.ts';
import { backOff, rest } from './retrying.ts';
import { incoming } from './stored-event.ts';

/** What is written while the watchdog looks may still be on its way to the subscription. */
const ON_ITS_WAY_MS = 1_000;

/** What stands in $all after a place. `scannedTo` is a place up to which nothing wanted is left out; `end`: there was nothing more. */
export interface Page {
  readonly events: readonly RecordedEvent[];
  readonly scannedTo: Position;
  readonly end: boolean;
}

class SilentSubscription extends Error {}

interface Following {
  readonly after: Position;
  readonly batchSize: number;
  readonly categories?: readonly string[];
  readonly watchdogMs: number;
  readonly signal: AbortSignal;
  readonly page: (after: Position, limit: number) => Promise<Page>;
  readonly open: (after: Position, onCheckpoint: (position: Position) => void) => Reading;
}

/**
 * Reads pages up to the end of the log, then subscribes; whatever ends the subscription (cut, silent, dropped as too slow), it goes back to
 * reading pages from the last event given. Every event once and in order: those at or before the last one given are passed over.
 */
export async function* followKurrent(options: Following): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const { batchSize, categories, signal } = options;
  if (categories?.length === 0) return waitForAbort(signal);
  let after = options.after;
  /** Nothing wanted stands between `after` and here. */
  let scannedTo = after;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const page = await options.page(scannedTo, batchSize);
      if (isAborted(signal)) return;
      const last = page.events.at(-1);
      if (last) after = last.position;
      scannedTo = page.scannedTo;
      if (last) yield page.events;
      if (isAborted(signal)) return;
      if (!page.end) continue;
      for await (const step of live(options, after, scannedTo)) {
        failures = 0;
        if (step.events.length > 0) {
          after = step.events.at(-1)!.position;
          yield step.events;
        }
        if (step.scannedTo > scannedTo) scannedTo = step.scannedTo;
        if (isAborted(signal)) return;
      }
    } catch (error) {
      if (isAborted(signal)) return;
      const { kind } = classify(error);
      if (kind === 'denied' || kind === 'deleted') throw error;
      // A server 23.10 drops whoever lags by 32 events: routine, like a silent subscription, and no reason to wait.
      if (kind === 'too-slow' || error instanceof SilentSubscription) continue;
    }
    await rest(backOff(failures), signal);
    failures += 1;
  }
}

interface Step {
  readonly events: readonly RecordedEvent[];
  readonly scannedTo: Position;
}

async function* live({ batchSize, watchdogMs, signal, page, open }: Following, after: Position, from: Position): AsyncGenerator<Step, void, undefined> {
  let scannedTo = from;
  let taken = 0;
  // True only while there is nothing received that was not given: a checkpoint then overtakes no event.
  let idle = true;
  const quiet = (): boolean => idle && reading.waiting === 0;
  const reading: Reading = open(from, (position) => {
    if (quiet() && position > scannedTo) scannedTo = position;
  });
  const stop = (): void => {
    reading.stop();
  };
  signal.addEventListener('abort', stop);
  const watchdog = setInterval(() => {
    void look();
  }, watchdogMs);
  let looking = false;
  const look = async (): Promise<void> => {
    if (looking || !quiet()) return;
    looking = true;
    const before = taken;
    try {
      const { events } = await page(scannedTo, 1);
      if (events.length === 0) return;
      await rest(Math.min(ON_ITS_WAY_MS, watchdogMs), signal);
      if (taken === before && quiet()) reading.stop(new SilentSubscription('a subscription gave nothing of what stands in the log'));
    } catch (error) {
      reading.stop(error instanceof Error ? error : new Error(String(error)));
    } finally {
      looking = false;
    }
  };
  let batch: RecordedEvent[] = [];
  let last = after;
  try {
    for await (const given of reading) {
      idle = false;
      taken += 1;
      if (given.position > last) {
        last = given.position;
        const one = incoming(given);
        if (one) batch.push(one.event);
      }
      if (batch.length > 0 && (batch.length >= batchSize || reading.waiting === 0)) {
        const events = batch;
        batch = [];
        scannedTo = last;
        yield { events, scannedTo };
      }
      idle = batch.length === 0;
    }
  } finally {
    clearInterval(watchdog);
    signal.removeEventListener('abort', stop);
    reading.stop();
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function waitForAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
}
