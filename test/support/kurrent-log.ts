import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, NewEvent, RecordedEvent } from '#event-log';
import { systemClock } from '#kernel';
import { newEvent } from '../../libs/event-log/src/event-log.features.ts';
import { openKurrentEventLog } from '../../libs/event-log/src/kurrent/kurrent-event-log.ts';
import { MemoryEventIndex } from '../../libs/event-log/src/memory/memory-event-index.ts';
import { EventStoreDbStandIn } from '../stand-ins/eventstoredb/eventstoredb-stand-in.ts';

/** The stand-in and a log on it that gives up soon: what takes seconds in service takes tenths of them here. */
export async function withKurrentLog(work: (log: EventLog, server: EventStoreDbStandIn) => Promise<void>, limits: { attemptMs?: number; totalMs?: number; watchdogMs?: number } = {}): Promise<void> {
  const server = await EventStoreDbStandIn.start();
  try {
    const log = await openKurrentEventLog({ url: server.url, clock: systemClock, index: new MemoryEventIndex(), attemptMs: 1_000, totalMs: 5_000, watchdogMs: 300, ...limits });
    try {
      await work(log, server);
    } finally {
      await log.close();
    }
  } finally {
    await server.stop();
  }
}

export const events = (count: number): NewEvent[] => Array.from({ length: count }, () => newEvent());

/** Appends so many events, each to a stream of its own. */
export async function fill(log: EventLog, count: number): Promise<readonly NewEvent[]> {
  const list = events(count);
  for (let n = 0; n < count; n += 100) await Promise.all(list.slice(n, n + 100).map((event) => log.append(`task-${event.id}`, [event], { expectedRevision: -1 })));
  return list;
}

/** Follows the log from its beginning until it has given so many events; fails when that takes longer than the limit. */
export function following(log: EventLog, count: number, limitMs = 25_000): { readonly seen: RecordedEvent[]; readonly done: Promise<void> } {
  const seen: RecordedEvent[] = [];
  const stop = new AbortController();
  const follow = async (): Promise<void> => {
    for await (const batch of log.subscribe({ after: 0n, categories: ['task'], signal: stop.signal })) {
      seen.push(...batch);
      if (seen.length >= count) return;
    }
    throw new Error(`${String(seen.length)} of ${String(count)} events within ${String(limitMs)} ms`);
  };
  const timer = setTimeout(() => {
    stop.abort();
  }, limitMs);
  return { seen, done: follow().finally(() => { clearTimeout(timer); }) };
}

export async function until(holds: () => boolean, limitMs = 5_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not so within ${String(limitMs)} ms`);
    await sleep(10);
  }
}

export const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
