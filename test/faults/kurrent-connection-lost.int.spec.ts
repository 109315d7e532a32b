import { afterAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { LogUnavailableError, OutcomeUnknownError, type NewEvent } from '#event-log';
import { systemClock } from '#kernel';
import { events, idsOf } from '../support/kurrent-log.ts';
import { firstNodeOf, startKurrentTestServer } from '../support/kurrent-server.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';

const ROUNDS = process.env['NHACVIEC_FULL'] ? 60 : 6;
const WRITERS = 16;

const server = await startKurrentTestServer();
const ends: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const end of ends) await end();
  await server.stop();
});

describe(`the connection to ${server.name} lost while appends are under way`, () => {
  it(
    'loses no acknowledged append, writes none twice, and calls none failed that was written',
    async () => {
      const proxy = await startTcpProxy(firstNodeOf(server.url));
      ends.push(() => proxy.close());
      const open = await server.world();
      const log = await open(
        { clock: systemClock, attemptMs: 1_000, totalMs: 1_200, watchdogMs: 300 },
        `esdb://127.0.0.1:${String(proxy.port)}?tls=false`,
      );
      ends.unshift(() => log.close());
      const told: {
        readonly how: 'acknowledged' | 'unknown' | 'unavailable';
        readonly stream: string;
        readonly revision: number;
        readonly batch: readonly NewEvent[];
      }[] = [];
      let running = true;
      const write = async (writer: number): Promise<void> => {
        for (let n = 0; running; n++) {
          const stream = `task-${String(writer)}x${String(n)}`;
          for (let revision = -1, k = 0; k < 3 && (running as boolean); k++) {
            const batch = events(1 + ((n + k) % 3));
            try {
              const answer = await log.append(stream, batch, { expectedRevision: revision });
              if (!answer.ok) throw new Error(`a conflict in ${stream}, which has one writer: ${JSON.stringify(answer)}`);
              told.push({ how: 'acknowledged', stream, revision, batch });
              revision = answer.revision;
            } catch (error) {
              if (!(error instanceof OutcomeUnknownError || error instanceof LogUnavailableError)) throw error;
              told.push({ how: error instanceof OutcomeUnknownError ? 'unknown' : 'unavailable', stream, revision, batch });
              break;
            }
          }
        }
      };
      const seen: string[] = [];
      const stop = new AbortController();
      const following = (async () => {
        for await (const batch of log.subscribe({ after: 0n, categories: ['task'], signal: stop.signal })) seen.push(...idsOf(batch));
      })();
      const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
      for (let round = 0; round < ROUNDS; round++) {
        await sleep(200 + Math.random() * 200);
        proxy.holdAnswers();
        // Every other time longer than an append may take in all.
        await sleep(round % 2 === 0 ? 50 : 2_500);
        proxy.cut();
      }
      await sleep(500);
      running = false;
      await writing;

      const written = await log.readAll({ after: 0n, limit: 1_000_000 });
      const places = new Map(written.map(({ id, stream, revision }) => [id, `${stream}@${String(revision)}`]));
      const whole = (one: (typeof told)[number]) =>
        one.batch.every(({ id }, i) => places.get(id) === `${one.stream}@${String(one.revision + 1 + i)}`);
      const some = ({ batch }: (typeof told)[number]) => batch.some(({ id }) => places.has(id));
      const of = (how: string) => told.filter((one) => one.how === how);
      const line = {
        server: server.name,
        rounds: ROUNDS,
        acknowledged: of('acknowledged').length,
        unknown: of('unknown').length,
        'unknown and written': of('unknown').filter(some).length,
        unavailable: of('unavailable').length,
      };
      process.stderr.write(`connection to the log lost: ${JSON.stringify(line)}\n`);
      expect(places.size).toBe(written.length);
      expect(of('acknowledged').filter((one) => !whole(one))).toEqual([]);
      expect(of('unknown').filter((one) => some(one) && !whole(one))).toEqual([]);
      expect(of('unavailable').filter(some)).toEqual([]);
      expect(of('acknowledged').length).toBeGreaterThan(0);
      expect(of('unknown').length).toBeGreaterThan(0);

      // On a busy machine the repeat may be unknown, too: then once more.
      const settle = async (stream: string, batch: readonly NewEvent[], expectedRevision: number, end: number): Promise<boolean> => {
        try {
          return (await log.append(stream, batch, { expectedRevision })).ok;
        } catch (error) {
          if (Date.now() > end) throw error;
          return settle(stream, batch, expectedRevision, end);
        }
      };
      for (const { stream, revision, batch } of told.filter(({ how }) => how !== 'acknowledged'))
        expect(await settle(stream, batch, revision, Date.now() + 20_000)).toBe(true);
      const all = idsOf(await log.readAll({ after: 0n, limit: 1_000_000 }));
      expect(all).toHaveLength(new Set(told.flatMap(({ batch }) => idsOf(batch))).size);
      for (const end = Date.now() + 15_000; seen.length < all.length && Date.now() < end;) await sleep(20);
      stop.abort();
      await following;
      expect(seen).toEqual(all);
    },
    60_000 + ROUNDS * 5_000,
  );
});
