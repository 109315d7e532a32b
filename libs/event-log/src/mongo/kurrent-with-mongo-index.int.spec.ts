import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { ManualClock, type Clock } from '#kernel';
import { EventStoreDbStandIn } from '../../../../test/stand-ins/eventstoredb/eventstoredb-stand-in.ts';
import { startStandIn, type StandIn } from '../../../../test/stand-ins/mongodb/server.ts';
import { eventLogFeatures, newEvent, OVER_A_SOCKET } from '../event-log.features.ts';
import { openKurrentEventLog } from '../kurrent/kurrent-event-log.ts';
import type { EventLog } from '../port.ts';
import { connectMongo, type MongoConnection } from './connect.ts';
import { openMongoEventIndex } from './mongo-event-index.ts';

// Thousands of appends one after another, each over two sockets to servers in this very process.
jest.setTimeout(180_000);

let server: EventStoreDbStandIn;
let mongo: StandIn;
let connection: MongoConnection;
beforeAll(async () => {
  server = await EventStoreDbStandIn.start();
  mongo = await startStandIn();
  connection = await connectMongo(mongo.url);
});
afterAll(async () => {
  await connection.close();
  await mongo.close();
  await server.stop();
});

let logs = 0;
const anotherLog = (): void => {
  server.reset();
  logs++;
};
/** A process: the log of now, with an index that all processes on it share. */
const open = async (clock: Clock): Promise<EventLog> =>
  openKurrentEventLog({ url: server.url, clock, index: await openMongoEventIndex(connection, { name: `index_${String(logs)}` }) });

eventLogFeatures('EventStoreDB, protocol stand-in, with its index in MongoDB', (clock) => {
  anotherLog();
  return open(clock);
}, OVER_A_SOCKET);

describe('the log on EventStoreDB with its index in MongoDB', () => {
  test('needs no reading of what was indexed before it was opened', async () => {
    anotherLog();
    const one = await open(new ManualClock(1_000));
    for (let n = 0; n < 20; n++) await one.append(`task-${String(n)}`, [newEvent()], { expectedRevision: -1 });
    const head = await one.head();
    await one.close();
    const other = await open(new ManualClock(1_000));
    expect([await other.head(), await other.positionAt(1_000)]).toEqual([head, head.position]);
    await other.close();
  });

  test('tells the repeat of what another process wrote, when both fill one index', async () => {
    anotherLog();
    const [one, other] = [await open(new ManualClock(1_000)), await open(new ManualClock(2_000))];
    const streams = Array.from({ length: 30 }, (_, n) => ({ stream: `task-${String(n)}`, event: newEvent() }));
    const firsts = await Promise.all(
      streams.map(({ stream, event }, n) => (n % 2 === 0 ? one : other).append(stream, [event], { expectedRevision: -1 })),
    );
    const repeats = await Promise.all(
      streams.map(({ stream, event }, n) => (n % 2 === 0 ? other : one).append(stream, [event], { expectedRevision: -1 })),
    );
    expect(repeats).toEqual(firsts.map((first) => ({ ...first, repeated: true })));
    expect((await one.head()).count).toBe(30);
    expect(await other.head()).toEqual(await one.head());
    expect((await one.readEvent(streams[29]!.event.id))?.stream).toBe('task-29');
    await Promise.all([one.close(), other.close()]);
  });

  test('writes nothing while the index is away, and says so', async () => {
    anotherLog();
    const log = await open(new ManualClock(1_000));
    const event = newEvent();
    await mongo.down();
    await expect(log.append('task-1', [event], { expectedRevision: -1 })).rejects.toMatchObject({ name: 'LogUnavailableError' });
    await mongo.up();
    expect(await log.readStream('task-1')).toEqual([]);
    expect(await log.append('task-1', [event], { expectedRevision: -1 })).toMatchObject({ ok: true, repeated: false });
    await log.close();
  }, 30_000);
});
