import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { EventLog, NewEvent, Position } from '#event-log';
import { categoryOf } from '#event-log';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { ManualClock, Problem, systemIds } from '#kernel';
import { SseClient } from '../../../../test/support/sse.ts';
import { LiveStream, type LiveStreamOptions } from './live-stream.ts';

const anEvent = (text = ''): NewEvent => ({
  id: systemIds.next(),
  type: 'ProgressReported',
  schema: 1,
  data: { text },
  metadata: { actor: { id: 'office', role: 'office' } },
  occurredAt: 0,
});

/** Counts what is asked of the log. */
function counting(log: EventLog): EventLog & { readonly reads: { all: number; subscribe: number } } {
  const reads = { all: 0, subscribe: 0 };
  return {
    reads,
    append: (...given) => log.append(...given),
    appendMany: (...given) => log.appendMany(...given),
    readStream: (...given) => log.readStream(...given),
    readAt: (...given) => log.readAt(...given),
    readEvent: (...given) => log.readEvent(...given),
    head: () => log.head(),
    positionAt: (...given) => log.positionAt(...given),
    close: () => log.close(),
    readAll(...given) {
      reads.all++;
      return log.readAll(...given);
    },
    subscribe(...given) {
      reads.subscribe++;
      return log.subscribe(...given);
    },
  };
}

describe('the stream of events', () => {
  let log: ReturnType<typeof counting>;
  let live: LiveStream;
  let server: Server;
  let url: string;
  let broken: unknown[];
  const opened: SseClient[] = [];

  async function serve(change: Partial<LiveStreamOptions> = {}): Promise<void> {
    live = new LiveStream({
      log,
      reached: async () => (await log.head()).position,
      tell: async ({ stream }) => ({ event: categoryOf(stream), data: { id: stream } }),
      onBroken: (error) => broken.push(error),
      ...change,
    });
    server = createServer((request, response) => {
      const given = request.headers['last-event-id'] as string | undefined;
      live.attach(response, given === undefined ? undefined : BigInt(given)).catch((error: unknown) => {
        response.writeHead(error instanceof Problem ? error.status : 500).end(String(error));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  const client = async (lastEventId?: string): Promise<SseClient> => {
    const one = await SseClient.open(url, lastEventId === undefined ? {} : { lastEventId });
    opened.push(one);
    return one;
  };

  async function append(count: number, text = ''): Promise<void> {
    const appends = Array.from({ length: count }, () => ({
      stream: `task-${systemIds.next()}`,
      expectedRevision: -1,
      events: [anEvent(text)],
    }));
    const result = await log.appendMany(appends);
    if (!result.ok) throw new Error('not written');
  }

  const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, n) => String(from + n));
  const idsOf = (one: SseClient): string[] => one.events.map(({ id }) => id);

  beforeEach(() => {
    log = counting(new MemoryEventLog({ clock: new ManualClock(0) }));
    broken = [];
  });

  afterEach(async () => {
    live.stop();
    for (const one of opened.splice(0)) one.cut();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await log.close();
  });

  test('gives every event from the connection on, with position, name and data', async () => {
    await append(3);
    await serve();
    const one = await client();
    await one.until(({ lastEventId }) => lastEventId === '3');
    await log.append('unit-so-noi-vu', [anEvent()], { expectedRevision: -1 });
    await one.until(({ events }) => events.length === 1);
    expect(one.events).toEqual([{ id: '4', event: 'unit', data: { position: '4', type: 'ProgressReported', id: 'unit-so-noi-vu' } }]);
    expect(one.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache, no-transform' });
  });

  test('resumes without a gap or a double under continuous appends and random cuts', async () => {
    await serve({ kept: 5_000 });
    const total = 4_000;
    let seed = 20261125;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    const appending = (async () => {
      for (let done = 0; done < total;) {
        const count = Math.min(1 + Math.floor(random() * 40), total - done);
        await append(count);
        done += count;
        await sleep(random() * 4);
      }
    })();
    const cuts: number[] = [];
    const follow = async (n: number): Promise<string[]> => {
      const seen: string[] = [];
      for (let last = '0'; ; cuts[n]!++) {
        const one = await client(last);
        const patience = random() * 60;
        const stop = Date.now() + patience;
        await one.until(({ lastEventId }) => lastEventId === String(total) || Date.now() > stop, 2_000).catch(() => undefined);
        one.cut();
        expect(one.events.every(({ event }) => event === 'task')).toBe(true);
        seen.push(...idsOf(one));
        last = one.lastEventId!;
        if (last === String(total)) return seen;
      }
    };
    const all = Promise.all(
      Array.from({ length: 8 }, (_, n) => {
        cuts[n] = 0;
        return follow(n);
      }),
    );
    await appending;
    for (const seen of await all) expect(seen).toEqual(numbers(1, total));
    expect(cuts.reduce((a, b) => a + b)).toBeGreaterThan(20);
  });

  test('gives an event only when what is derived has reached it', async () => {
    let reached: Position = 0n;
    await serve({ reached: () => Promise.resolve(reached) });
    const one = await client();
    await append(2);
    await sleep(100);
    expect(one.events).toEqual([]);
    reached = 2n;
    await one.until(({ events }) => events.length === 2);
  });

  test('sends a comment at every heartbeat', async () => {
    await serve({ heartbeatMs: 30 });
    const one = await client();
    await one.until(({ comments }) => comments >= 3, 3_000);
    expect(one.events).toEqual([]);
  });

  test('resumes from memory after a restart of the server', async () => {
    await append(50);
    await serve({ kept: 20 });
    const one = await client('35');
    await one.until(({ events }) => events.length === 15);
    expect(idsOf(one)).toEqual(numbers(36, 50));
    // The oldest place from which nothing is missing.
    const edge = await client('30');
    await edge.until(({ events }) => events.length === 20);
    expect(idsOf(edge)).toEqual(numbers(31, 50));
  });

  test('says resync once where the gap is too long, and goes on from there', async () => {
    await append(50);
    await serve({ kept: 20 });
    const one = await client('29');
    await append(1);
    await one.until(({ events }) => events.length === 2);
    expect(one.events.map(({ id, event, data }) => [id, event, data.reason])).toEqual([
      ['50', 'resync', 'gap-too-long'],
      ['51', 'task', undefined],
    ]);
  });

  test('says resync for a position beyond the log', async () => {
    await append(5);
    await serve();
    const beyond = await client('6');
    await beyond.until(({ events }) => events.length === 1);
    expect(beyond.events).toEqual([{ id: '5', event: 'resync', data: { position: '5', reason: 'beyond-log' } }]);
  });

  test('says resync for a position of another log, where no event of this one stands', async () => {
    await append(5);
    const spaced: EventLog = {
      ...log,
      readAll: async (options) => (await log.readAll({ ...options, after: options.after / 10n })).map((event) => ({ ...event, position: event.position * 10n })),
      readAt: async (position) => {
        const event = await log.readAt(position / 10n);
        return event && { ...event, position };
      },
    };
    await serve({ log: spaced, reached: () => Promise.resolve(50n) });
    const [known, foreign] = [await client('30'), await client('35')];
    await Promise.all([known.until(({ events }) => events.length === 2), foreign.until(({ events }) => events.length === 1)]);
    expect(idsOf(known)).toEqual(['40', '50']);
    expect(foreign.events.map(({ id, event }) => [id, event])).toEqual([['50', 'resync']]);
  });

  test('waits where another server has shown more than this one has read', async () => {
    let reached: Position = 0n;
    await append(5);
    await serve({ reached: () => Promise.resolve(reached) });
    const ahead = await client('3');
    const behind = await client('0');
    reached = 5n;
    await ahead.until(({ events }) => events.length === 2);
    await behind.until(({ events }) => events.length === 5);
    expect(idsOf(ahead)).toEqual(['4', '5']);
    expect(idsOf(behind)).toEqual(numbers(1, 5));
  });

  test('cuts a client that takes nothing, and the others go on', async () => {
    // Frames of some size, so that what the system keeps for a connection is soon full.
    const wide = 'x'.repeat(4_000);
    await serve({ tell: async () => ({ event: 'task', data: { wide } }) });
    const [slow, quick] = [await client(), await client()];
    slow.pause();
    for (let n = 0; n < 200 && live.clients === 2; n++) {
      await append(50);
      await quick.until(({ events }) => events.length === 50 * (n + 1));
    }
    expect(live.clients).toBe(1);
    slow.resume();
    await slow.closed;
    const before = quick.events.length;
    await append(1);
    await quick.until(({ events }) => events.length === before + 1);
    expect(idsOf(quick)).toEqual(numbers(1, before + 1));
    // What the slow one got is whole and in order up to the cut.
    expect(idsOf(slow)).toEqual(numbers(1, slow.events.length));
    expect(slow.events.length).toBeLessThan(before);
  });

  test('reads the log once however many clients there are', async () => {
    await append(10);
    await serve();
    const clients = await Promise.all(Array.from({ length: 500 }, (_, n) => client(n % 2 === 0 ? '4' : undefined)));
    expect(live.clients).toBe(500);
    await append(5);
    await Promise.all(clients.map((one, n) => one.until(({ events }) => events.length === (n % 2 === 0 ? 11 : 5))));
    expect(log.reads).toEqual({ all: 1, subscribe: 1 });
    for (const one of clients.slice(0, 400)) one.cut();
    for (const end = Date.now() + 5_000; live.clients !== 100 && Date.now() < end;) await sleep(10);
    expect(live.clients).toBe(100);
  });

  test('ends every stream when it stops, and takes no new one', async () => {
    await serve();
    const clients = await Promise.all(Array.from({ length: 20 }, () => client()));
    const started = Date.now();
    live.stop();
    await Promise.all(clients.map(({ closed }) => closed));
    expect(Date.now() - started).toBeLessThan(1_000);
    expect(live.clients).toBe(0);
    await expect(client()).rejects.toThrow('503');
  });

  test('lets its clients go when the log breaks off, and starts again for the next', async () => {
    let failing = false;
    const failingLog: EventLog = {
      ...log,
      subscribe: (options) =>
        (async function* () {
          for await (const batch of log.subscribe(options)) {
            if (failing) throw new Error('đĩa hỏng');
            yield batch;
          }
        })(),
    };
    await serve({ log: failingLog });
    const one = await client();
    await append(1);
    await one.until(({ events }) => events.length === 1);
    failing = true;
    await append(1);
    await one.closed;
    expect(broken).toEqual([new Error('đĩa hỏng')]);
    failing = false;
    const again = await client(one.lastEventId);
    await again.until(({ events }) => events.length === 1);
    expect(idsOf(again)).toEqual(['2']);
  });
});
