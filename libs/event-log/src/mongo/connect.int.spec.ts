import { afterEach, describe, expect, it } from '@jest/globals';
import { Problem } from '#kernel';
import { startStandIn, type StandIn } from '../../../../test/stand-ins/mongodb/server.ts';
import { connectMongo, mongoFailure, mongoProblem } from './connect.ts';

let server: StandIn | undefined;
afterEach(() => server?.close());

const thrown = async (work: Promise<unknown>): Promise<Problem> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
const everything = (error: unknown): string => (error instanceof Error ? `${JSON.stringify(error)} ${error.message} ${error.stack ?? ''} ${everything(error.cause)}` : String(error));

describe('the connection to MongoDB', () => {
  it('keeps positions exact in both directions', async () => {
    server = await startStandIn();
    const connection = await connectMongo(server.url);
    const positions = connection.db.collection<{ _id: string; at: bigint }>('positions');
    await positions.insertOne({ _id: 'a', at: 9_007_199_254_740_993n });
    expect(await positions.findOne({ at: { $gt: 9_007_199_254_740_992n } })).toEqual({ _id: 'a', at: 9_007_199_254_740_993n });
    expect(server.documents('nhacviec', 'positions')[0]?.['at']).toMatchObject({ low: 1, high: 2_097_152 });
    await connection.close();
  });

  it('uses the database that the connection string names', async () => {
    server = await startStandIn();
    const connection = await connectMongo(server.url.replace('/?', '/huyen-a?'));
    expect([connection.db.databaseName, connection.server]).toEqual(['huyen-a', /127\.0\.0\.1:\d+/.exec(server.url)![0]]);
    await connection.close();
  });

  it('says what is wrong with a connection string, without repeating it', async () => {
    for (const url of ['http://office:s3cret-word@db/x', 'mongodb://office:s3cret-word:more@@db', 'mongodb://office:s3cret-word@db/?frobnicate=s3cret-word']) {
      const problem = await thrown(connectMongo(url));
      expect(problem.code).toBe('mongo-url-invalid');
      expect(everything(problem)).not.toContain('s3cret-word');
    }
  });

  it('names the host that does not answer, and no password', async () => {
    server = await startStandIn();
    const host = /127\.0\.0\.1:\d+/.exec(server.url)![0];
    await server.close();
    const problem = await thrown(connectMongo(`mongodb://office:s3cret-word@${host}/?replicaSet=standin`, { serverSelectionMs: 200 }));
    expect([problem.code, problem.status]).toEqual(['mongo-unreachable', 503]);
    expect(problem.detail).toContain(host);
    expect(everything(problem)).not.toContain('s3cret-word');
  });

  it('tells failures apart', async () => {
    server = await startStandIn();
    const connection = await connectMongo(server.url, { serverSelectionMs: 2_000 });
    const things = connection.db.collection('things');
    const failure = async (): Promise<string> => {
      try {
        await things.updateOne({ key: 1 }, { $inc: { n: 1 } }, { upsert: true });
        return 'none';
      } catch (error) {
        return `${mongoFailure(error)} ${mongoProblem(error, connection.server).code}`;
      }
    };
    const seen = [await failure()];
    for (const kind of ['cut-after', 'not-primary', 'write-concern'] as const) {
      server.misbehave({ kind, times: 2 });
      seen.push(await failure());
      server.behave();
    }
    await things.createIndexes([{ key: { key: 1 }, name: 'key', unique: true }]);
    seen.push(await things.insertOne({ key: 1 }).then(() => 'none', mongoFailure));
    expect(seen).toEqual(['none', 'unreachable mongo-unreachable', 'no-primary mongo-no-primary', 'not-acknowledged mongo-not-acknowledged', 'duplicate']);
    await connection.close();
  });
});
