import type { Position, RecordedEvent } from '../port.ts';
import { classify, type Reading } from './client.ts';
import { backOff, rest } from './retrying.ts';

/** What is written while the watchdog looks may still be on its way to the subscription. */
const ON_ITS_WAY_MS = 1_000;
/** How long, and how often, an event that a subscription told of is waited for where reading does not give it yet. */
const EARLY_MS = 5;
const MOST_EARLY = 200;

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
  readonly open: (after: Position) => Reading;
}

/** How far has been looked: nothing wanted that was not given stands up to here. */
interface Place {
  scannedTo: Position;
}

/**
 * Reads pages up to the end of the log, then subscribes. A subscription only rings: what it tells of is read from the log, so whatever it
 * gives twice, late or in another order, every event is given once and in the order of the log. Whatever ends it (cut, silent, dropped as
 * too slow), pages are read on from the same place.
 */
export async function* followKurrent(options: Following): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
  const { after, batchSize, categories, signal } = options;
  if (categories?.length === 0) return waitForAbort(signal);
  const place: Place = { scannedTo: after };
  let failures = 0;
  while (!signal.aborted) {
    try {
      const { events, end } = await pageOn(options, place, batchSize);
      if (isAborted(signal)) return;
      if (events.length > 0) yield events;
      if (isAborted(signal)) return;
      if (!end) continue;
      for await (const rung of live(options, place)) {
        failures = 0;
        for (let early = 0; place.scannedTo < rung && !isAborted(signal);) {
          const page = await pageOn(options, place, batchSize);
          if (isAborted(signal)) return;
          if (page.events.length > 0) yield page.events;
          else if (page.end && place.scannedTo < rung) {
            // Told of before it can be read; one that never can be was taken away meanwhile.
            if (++early > MOST_EARLY) throw new SilentSubscription(`the log does not give what a subscription told of, at ${String(rung)}`);
            await rest(EARLY_MS, signal);
          }
        }
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

async function pageOn({ page }: Following, place: Place, limit: number): Promise<Page> {
  const found = await page(place.scannedTo, limit);
  if (found.scannedTo > place.scannedTo) place.scannedTo = found.scannedTo;
  return found;
}

/** Subscribes, and gives the furthest place that it was told of, each time somebody has come to the end of what was told before. */
async function* live({ batchSize, watchdogMs, signal, page, open }: Following, place: Place): AsyncGenerator<Position, void, undefined> {
  let taken = 0;
  // While something received is being read, nothing is missing that the watchdog could find.
  let idle = true;
  const quiet = (): boolean => idle && reading.waiting === 0;
  const reading: Reading = open(place.scannedTo);
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
      const { events, scannedTo } = await page(place.scannedTo, 1);
      if (events.length === 0) {
        // What is not wanted is looked at once. Only what was read moves the place: a checkpoint of the server may be seen before the event it stands at.
        if (scannedTo > place.scannedTo) place.scannedTo = scannedTo;
        return;
      }
      await rest(Math.min(ON_ITS_WAY_MS, watchdogMs), signal);
      if (taken === before && quiet()) reading.stop(new SilentSubscription('a subscription gave nothing of what stands in the log'));
    } catch (error) {
      reading.stop(error instanceof Error ? error : new Error(String(error)));
    } finally {
      looking = false;
    }
  };
  try {
    let furthest = 0n;
    let untold = 0;
    for await (const { position } of reading) {
      idle = false;
      taken += 1;
      untold += 1;
      if (position > furthest) furthest = position;
      if (reading.waiting > 0 && untold < batchSize) continue;
      untold = 0;
      yield furthest;
      idle = true;
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
