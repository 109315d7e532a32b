import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Binary, Double, Int32, Long, MongoClient, MongoServerError, ObjectId, type Collection, type Db, type Document } from 'mongodb';
import { startStandIn, type StandIn } from './server.ts';
import { startServers } from './servers.ts';

/* What every server answers is asked of every one there is; faults only of the stand-in, which has them. */

const found = await startServers();
afterAll(() => found.stop());

it('has a server to test against, and says which', () => {
  expect(found.servers.map(({ kind }) => kind)).toContain('stand-in');
});

const code = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    await work;
    return 'nothing was thrown';
  } catch (error) {
    return error instanceof MongoServerError ? error.code : error;
  }
};

for (const server of found.servers) {
  describe(`a server the driver can work with: ${server.name}`, () => {
    let client: MongoClient;
    let db: Db;
    let things: Collection;
    beforeAll(async () => {
      client = await new MongoClient(server.url, { serverSelectionTimeoutMS: 5_000 }).connect();
      db = client.db(`nhacviec_test_${process.pid}`);
    });
    beforeEach(async () => {
      things = db.collection('things');
      await things.drop().catch(() => undefined);
    });
    afterAll(async () => {
      await db.dropDatabase();
      await client.close();
    });

    it('keeps the types of what it is given', async () => {
      const id = new ObjectId();
      const given = { _id: id, i: new Int32(1), l: Long.fromString('9007199254740993'), d: new Double(2), at: new Date(1_600_000_000_000), bytes: new Binary(Buffer.from([0, 255, 128])), list: [null, true, 'á'] };
      await things.insertOne(given);
      expect(await things.findOne({ _id: id }, { promoteValues: false })).toEqual(given);
      expect(await things.countDocuments({ l: Long.fromString('9007199254740993') })).toBe(1);
      expect(await things.countDocuments({ l: Long.fromString('9007199254740992') })).toBe(0);
      expect(await things.countDocuments({ l: { $gt: Long.fromString('9007199254740992') } })).toBe(1);
      expect(await things.countDocuments({ l: { $gt: 5 } })).toBe(1);
      expect(await things.countDocuments({ i: Long.fromNumber(1) })).toBe(1);
    });

    it('refuses a second document with the same id or the same unique value, and goes on after it only when unordered', async () => {
      await things.createIndexes([{ key: { code: 1 }, name: 'code', unique: true }]);
      await things.insertMany([{ _id: 1, code: 'a' }, { _id: 2, code: 'b' }] as Document[]);
      expect(await code(things.insertOne({ _id: 1, code: 'c' } as Document))).toBe(11000);
      expect(await code(things.insertOne({ _id: 3, code: 'a' } as Document))).toBe(11000);
      expect(await code(things.updateOne({ _id: 2 } as Document, { $set: { code: 'a' } }))).toBe(11000);
      const more = [{ _id: 1, code: 'x' }, { _id: 4, code: 'd' }] as Document[];
      expect(await code(things.insertMany(more))).toBe(11000);
      expect(await things.countDocuments({ _id: 4 } as Document)).toBe(0);
      expect(await code(things.insertMany(more, { ordered: false }))).toBe(11000);
      expect(await things.distinct('code')).toEqual(['a', 'b', 'd']);
    });

    it('writes under a condition: a lower position changes nothing, an upsert that finds a higher one is a duplicate', async () => {
      const put = (position: number, text: string): Promise<unknown> => things.updateOne({ _id: 'a', position: { $lt: Long.fromNumber(position) } } as Document, { $set: { position: Long.fromNumber(position), text } }, { upsert: true });
      await put(5, 'five');
      expect(await code(put(5, 'again'))).toBe(11000);
      expect(await code(put(4, 'four'))).toBe(11000);
      await put(6, 'six');
      expect(await things.find().toArray()).toEqual([{ _id: 'a', position: 6, text: 'six' }]);
      const raw = await things.findOne({}, { promoteLongs: false });
      expect(raw!['position']).toBeInstanceOf(Long);
    });

    it('updates by operators', async () => {
      await things.insertOne({ _id: 1, n: 1, inner: { a: 1, b: 2 }, list: ['x'] } as Document);
      const result = await things.updateOne({ _id: 1 } as Document, { $inc: { n: 2, 'inner.a': 1 }, $unset: { 'inner.b': '' }, $push: { list: { $each: ['y', 'z'] } }, $max: { top: 7 }, $setOnInsert: { never: true } } as Document);
      expect(result).toMatchObject({ matchedCount: 1, modifiedCount: 1, upsertedCount: 0 });
      await things.updateOne({ _id: 1 } as Document, { $addToSet: { list: 'x' }, $max: { top: 3 }, $pull: { list: 'y' } as Document });
      expect(await things.findOne({ _id: 1 } as Document)).toEqual({ _id: 1, n: 3, inner: { a: 2 }, list: ['x', 'z'], top: 7 });
      expect(await things.updateOne({ _id: 1 } as Document, { $set: { n: 3 } })).toMatchObject({ matchedCount: 1, modifiedCount: 0 });
      expect(await code(things.updateOne({ _id: 1 } as Document, { $frobnicate: { n: 1 } }))).toBe(9);
      await things.updateOne({ _id: 2, kind: 'k' } as Document, { $setOnInsert: { made: true } }, { upsert: true });
      expect(await things.findOne({ _id: 2 } as Document)).toEqual({ _id: 2, kind: 'k', made: true });
      await things.replaceOne({ _id: 2 } as Document, { whole: 1 });
      expect(await things.findOne({ _id: 2 } as Document)).toEqual({ _id: 2, whole: 1 });
    });

    it('finds, sorts, projects and hands out in batches', async () => {
      await things.insertMany(Array.from({ length: 1_000 }, (_, n) => ({ _id: n, mod: n % 7, words: [`từ${n % 10}`, 'chung'] })) as Document[]);
      const listed = await things.find({ mod: 3, _id: { $gte: 100 } } as Document, { sort: { _id: -1 }, limit: 5, skip: 1, projection: { mod: 1 } }).toArray();
      expect(listed).toEqual([990, 983, 976, 969, 962].map((_id) => ({ _id, mod: 3 })));
      const all: unknown[] = [];
      for await (const one of things.find({}, { batchSize: 90, sort: { _id: 1 } })) all.push(one._id);
      expect(all).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
      expect(await things.countDocuments({ $or: [{ _id: { $lt: 10 } }, { _id: { $in: [998, 999, 5] } }] } as Document)).toBe(12);
      expect(await things.countDocuments({ words: /^từ1/ })).toBe(100);
      await things.createIndexes([{ key: { words: 1 }, name: 'words' }]);
      expect(await things.countDocuments({ words: /^từ1/ })).toBe(100);
      expect(await things.countDocuments({ $and: [{ words: /^chung/ }, { words: 'từ2' }] })).toBe(100);
      expect(await things.countDocuments({ missing: { $exists: false }, mod: { $ne: 0 } })).toBe(857);
      const cursor = things.find({}, { batchSize: 2 });
      await cursor.next();
      await cursor.close();
      expect(await things.deleteMany({ mod: { $in: [0, 1] } })).toMatchObject({ deletedCount: 286 });
    });

    it('aggregates', async () => {
      await things.insertMany([{ unit: 'a', state: 'open', n: 1 }, { unit: 'a', state: 'done', n: 2 }, { unit: 'b', state: 'open', n: 4 }]);
      const held = await things.aggregate([{ $match: { state: 'open' } }, { $group: { _id: '$unit', n: { $sum: '$n' } } }, { $sort: { _id: 1 } }]).toArray();
      expect(held).toEqual([{ _id: 'a', n: 1 }, { _id: 'b', n: 4 }]);
    });

    it('finds and modifies one', async () => {
      const next = (): Promise<Document | null> => things.findOneAndUpdate({ _id: 'counter' } as Document, { $inc: { n: 1 } }, { upsert: true, returnDocument: 'after' });
      expect([(await next())?.['n'], (await next())?.['n']]).toEqual([1, 2]);
      expect(await things.findOneAndDelete({ _id: 'counter' } as Document)).toMatchObject({ n: 2 });
      expect(await things.findOneAndUpdate({ _id: 'counter' } as Document, { $inc: { n: 1 } })).toBeNull();
    });

    it('writes in bulk, in order', async () => {
      const result = await things.bulkWrite([
        { insertOne: { document: { _id: 1, n: 1 } as Document } },
        { updateOne: { filter: { _id: 1 } as Document, update: { $inc: { n: 1 } } } },
        { replaceOne: { filter: { _id: 2 } as Document, replacement: { n: 9 }, upsert: true } },
        { deleteOne: { filter: { _id: 1, n: 1 } as Document } },
      ]);
      expect(result).toMatchObject({ insertedCount: 1, modifiedCount: 1, upsertedCount: 1, deletedCount: 0 });
      expect(await things.find({}, { sort: { _id: 1 } }).toArray()).toEqual([{ _id: 1, n: 2 }, { _id: 2, n: 9 }]);
    });

    it('lists collections and indexes', async () => {
      await things.createIndexes([{ key: { a: 1, b: -1 }, name: 'ab' }]);
      await things.createIndexes([{ key: { a: 1, b: -1 }, name: 'ab' }]);
      expect((await things.indexes()).map(({ name }) => name)).toEqual(['_id_', 'ab']);
      expect((await db.listCollections({ name: 'things' }).toArray()).map(({ name }) => name)).toEqual(['things']);
    });

    it('answers a command it does not know as one it does not know', async () => {
      expect(await code(db.command({ frobnicate: 1 }))).toBe(59);
      expect(await db.command({ ping: 1 })).toMatchObject({ ok: 1 });
      expect(await db.command({ buildInfo: 1 })).toHaveProperty('version');
    });
  });
}

describe('the stand-in', () => {
  let server: StandIn;
  let client: MongoClient;
  let things: Collection;
  beforeEach(async () => {
    server = await startStandIn();
    client = await new MongoClient(server.url, { serverSelectionTimeoutMS: 2_000, heartbeatFrequencyMS: 500, minHeartbeatFrequencyMS: 50 }).connect();
    things = client.db('test').collection('things');
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });
  const add = (id: string): Promise<unknown> => things.updateOne({ _id: id } as Document, { $inc: { n: 1 } }, { upsert: true, writeConcern: { w: 'majority' } });
  const n = (id: string): unknown => (server.documents('test', 'things').find((one) => one['_id'] === id)?.['n'] as { value: number } | undefined)?.value;
  const writes = (): number => server.seen.filter(({ command }) => command === 'update').length;

  it('has no transactions and says so', async () => {
    const session = client.startSession();
    session.startTransaction();
    expect(await code(things.insertOne({ a: 1 }, { session }))).toBe(263);
    await session.endSession();
    expect(server.documents('test', 'things')).toEqual([]);
  });

  it('refuses what it does not have instead of pretending', async () => {
    await things.insertOne({ _id: 1, list: [1] } as Document);
    expect(await code(things.updateOne({ _id: 1 } as Document, [{ $set: { a: 1 } }]))).toBe(9);
    expect(await code(things.updateOne({ _id: 1 } as Document, { $set: { 'list.$[x]': 2 } }, { arrayFilters: [{ x: 1 }] }))).toBe(9);
    expect(await code(things.find({}, { collation: { locale: 'vi' } }).toArray())).toBe(238);
    expect(await code(things.find({ a: { $frobnicate: 1 } }).toArray())).toBe(2);
    expect(await code(things.createIndexes([{ key: { a: 'text' }, name: 'text' }]))).toBe(67);
  });

  it('cuts the socket before or after a write; the retry of the driver is answered as the first time', async () => {
    server.misbehave({ kind: 'cut-before' });
    await add('a');
    expect([n('a'), writes()]).toEqual([1, 2]);
    server.misbehave({ kind: 'cut-after' });
    await add('a');
    expect([n('a'), writes()]).toEqual([2, 4]);
    server.misbehave({ kind: 'cut-after', times: 2 });
    await expect(add('a')).rejects.toThrow(/connection .* closed/);
    expect(n('a')).toBe(3);
  });

  it('is no primary for a moment', async () => {
    server.misbehave({ kind: 'not-primary' });
    await add('a');
    expect([n('a'), writes()]).toEqual([1, 2]);
    server.misbehave({ kind: 'not-primary', times: 2 });
    expect(await code(add('a'))).toBe(10107);
    expect(n('a')).toBe(1);
  });

  it('does not acknowledge what it has written', async () => {
    server.misbehave({ kind: 'write-concern' });
    await expect(add('a')).rejects.toMatchObject({ code: 64 });
    expect(n('a')).toBe(1);
  });

  it('writes twice, answers late, or not at all', async () => {
    server.misbehave({ kind: 'duplicate' });
    await add('a');
    expect(n('a')).toBe(2);
    server.misbehave({ kind: 'slow', ms: 120 });
    const from = performance.now();
    await add('a');
    expect(performance.now() - from).toBeGreaterThan(110);
    server.misbehave({ kind: 'silent', commands: ['find'], collection: 'things' });
    const impatient = await new MongoClient(server.url, { socketTimeoutMS: 150, retryReads: false }).connect();
    await expect(impatient.db('test').collection('things').find().toArray()).rejects.toThrow(/timed out/);
    await impatient.close();
    server.misbehave({ kind: 'slow', after: 1, ms: 100 });
    await add('b');
    expect(n('b')).toBe(1);
  });

  it('goes down and comes back with what it had', async () => {
    await add('a');
    await server.down();
    await expect(add('a')).rejects.toThrow();
    await server.up();
    await add('a');
    expect(n('a')).toBe(2);
  });

  it('takes tens of thousands of documents', async () => {
    const many = Array.from({ length: 20_000 }, (_, at) => ({ _id: `task-${at}`, unit: `unit-${at % 100}`, position: Long.fromNumber(at) }));
    const before = (_id: string, position: number): Document => ({ _id, position: { $lt: Long.fromNumber(position) } });
    await things.createIndexes([{ key: { unit: 1 }, name: 'unit' }]);
    const from = performance.now();
    await things.insertMany(many as unknown as Document[]);
    await things.bulkWrite(many.map(({ _id }, at) => ({ updateOne: { filter: before(_id, at + 30_000), update: { $set: { position: Long.fromNumber(at + 30_000) } } } })));
    expect(await things.countDocuments({ unit: 'unit-7' })).toBe(200);
    expect(await things.countDocuments({ position: { $gte: Long.fromNumber(40_000) } })).toBe(10_000);
    expect(performance.now() - from).toBeLessThan(15_000);
  });
});
