import { setImmediate as nextTurn, setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Db } from 'mongodb';
import { startStandIn, type StandIn } from '../../../../test/stand-ins/mongodb/server.ts';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import { eventIndexFeatures, expectAnswers, indexedArb } from '../event-index.features.ts';
import type { IndexedEvent } from '../event-index.ts';
import { connectMongo, type MongoConnection } from './connect.ts';
import { openMongoEventIndex } from './mongo-event-index.ts';

let server: StandIn;
let connection: MongoConnection;
beforeAll(async () => {
  server = await startStandIn();
  connection = await connectMongo(server.url);
});
afterAll(async () => {
  await connection.close();
  await server.close();
});

let opened = 0;
const drop = async (name: string): Promise<void> => {
  for (const one of [name, `${name}_reached`]) await connection.db.dropCollection(one);
};

const { servers, stop } = await startServers();
afterAll(stop);
for (const { name, url } of servers) {
  eventIndexFeatures(
    name,
    async () => {
      const own = await connectMongo(url, { database: `nhacviec_index_${String(process.pid)}_${String(++opened)}` });
      const clear = async (): Promise<void> => {
        await own.db.dropDatabase();
        await own.close();
      };
      return { index: await openMongoEventIndex(own), clear };
    },
    8,
  );
}

/** The same database, with every call that matters begun a while later. */
function delayed({ server: host, db, close }: MongoConnection, pause: () => Promise<void>): MongoConnection {
  const late =
    (work: unknown, on: object) =>
    async (...given: unknown[]): Promise<unknown> => {
      await pause();
      return (work as (...given: unknown[]) => unknown).apply(on, given);
    };
  const collection = (name: string): object => {
    const real = db.collection(name);
    return {
      ...Object.fromEntries(
        (['insertMany', 'updateOne', 'findOne', 'createIndexes'] as const).map((call) => [call, late(real[call], real)]),
      ),
      find: real.find.bind(real),
      collectionName: name,
    };
  };
  return { server: host, close, db: { collection } as unknown as Db };
}

describe('the index of events in MongoDB', () => {
  it('is without gaps up to where it says, filled by three at once that are killed at any moment', async () => {
    let looks = 0;
    let kills = 0;
    await fc.assert(
      fc.asyncProperty(indexedArb(40), fc.array(fc.nat({ max: 99 }), { minLength: 20, maxLength: 60 }), async (log, dice) => {
        const name = `index_${String(++opened)}`;
        let thrown = 0;
        const roll = (sides: number): number => (dice[thrown++ % dice.length]! * 31 + thrown) % sides;
        /** How many events the log has by now: it grows while it is read. */
        let written = 1;
        let alive = 3;
        const adder = async (): Promise<void> => {
          for (;;) {
            // A process from its start to its death; its last write may be anywhere between its entries and `reached`.
            const dies = roll(2) === 0 ? roll(12) : Infinity;
            let calls = 0;
            const killed = new Error('killed');
            const slow = delayed(connection, async () => {
              if (++calls > dies) throw killed;
              for (let n = roll(4); n > 0; n--) await nextTurn();
            });
            try {
              const index = await openMongoEventIndex(slow, { name });
              let cursor = await index.upTo();
              while (cursor < log.at(-1)!.position) {
                const seen = log
                  .slice(0, written)
                  .filter(({ position }) => position > cursor)
                  .slice(0, 1 + roll(9));
                written = Math.min(log.length, written + roll(3));
                if (seen.length > 0) await index.add(seen);
                cursor = seen.at(-1)?.position ?? cursor;
              }
              return;
            } catch (error) {
              if (error !== killed) throw error;
              kills++;
            }
          }
        };
        const reader = async (): Promise<void> => {
          const index = await openMongoEventIndex(connection, { name });
          for (let before = 0n; alive > 0;) {
            const upTo = await index.upTo();
            expect(upTo >= before).toBe(true);
            before = upTo;
            const there: readonly IndexedEvent[] = log.filter(({ position }) => position <= upTo);
            const entries = await connection.db
              .collection<{ _id: bigint; n: number }>(name)
              .find({ _id: { $lte: upTo } }, { sort: { _id: 1 } })
              .toArray();
            expect(entries.map(({ _id, n }) => [_id, n])).toEqual(there.map(({ position }, n) => [position, n + 1]));
            expect(await index.count(upTo)).toBe(there.length);
            looks++;
            await after(1);
          }
        };
        const adding = Promise.all([1, 2, 3].map(() => adder().finally(() => alive--)));
        await Promise.all([adding, reader()]);
        await expectAnswers(await openMongoEventIndex(connection, { name }), log);
        expect(server.documents('nhacviec', name)).toHaveLength(log.length);
        await drop(name);
      }),
      { seed: 20_201_128, numRuns: process.env['NHACVIEC_FULL'] === undefined ? 8 : 400 },
    );
    expect(Math.min(looks, kills)).toBeGreaterThan(10);
  });

  const events = (count: number): IndexedEvent[] =>
    Array.from({ length: count }, (_, n) => ({
      id: `e${String(n)}`,
      stream: 'task-1',
      revision: n,
      position: BigInt(n + 1),
      recordedAt: n,
    }));

  it('takes what was written without being told of, and answers from it only then', async () => {
    const index = await openMongoEventIndex(connection, { name: 'untold' });
    await index.add(events(2));
    server.misbehave({ kind: 'cut-before', collection: 'untold_reached', commands: ['update'], times: 2 });
    await expect(index.add(events(5))).rejects.toThrow('Chỉ mục nhật ký');
    server.behave();
    const next = await openMongoEventIndex(connection, { name: 'untold' });
    await expectAnswers(next, events(2));
    expect(await next.find(['e3'])).toEqual([]);
    await next.add(events(5).slice(2));
    await expectAnswers(next, events(5));
    await expectAnswers(index, events(5));
  });

  it('is told of as unavailable while the server is away, and does not take a write that the majority has not for done', async () => {
    const index = await openMongoEventIndex(connection, { name: 'away' });
    server.misbehave({ kind: 'write-concern', collection: 'away', times: 5 });
    await expect(index.add(events(3))).rejects.toMatchObject({ name: 'LogUnavailableError' });
    expect(await index.upTo()).toBe(0n);
    // The entries stand there now, and are inserted again beside a new one: still not acknowledged.
    await expect(index.add(events(4))).rejects.toMatchObject({ name: 'LogUnavailableError' });
    expect(await index.upTo()).toBe(0n);
    server.behave();
    await index.add(events(4));
    await expectAnswers(index, events(4));
  });

  it('refuses to go on behind a gap when it was dropped under a running process', async () => {
    const index = await openMongoEventIndex(connection, { name: 'dropped' });
    await index.add(events(3));
    await drop('dropped');
    await expect(index.add(events(5).slice(3))).rejects.toThrow('đã bị xoá');
    const other = await openMongoEventIndex(connection, { name: 'dropped' });
    await expect(index.add(events(5).slice(3))).rejects.toThrow('đến vị trí 3, nay chỉ còn đến 0');
    await other.add(events(5));
    await index.add(events(6).slice(3));
    await expectAnswers(other, events(6));
  });
});
