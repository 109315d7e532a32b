import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as after } from 'node:timers/promises';
import type { Collection } from 'mongodb';
import { startStandIn, type StandIn } from '../../../../test/stand-ins/mongodb/server.ts';
import { connectMongo, type MongoConnection } from '#event-log/mongo/connect';
import { openMongoReadModels } from './mongo-read-models.ts';
import { acquireLease, type Lease, type ProjectionDocument } from './lease.ts';

let server: StandIn;
let connections: MongoConnection[];
beforeEach(async () => {
  server = await startStandIn();
  connections = [];
});
afterEach(async () => {
  for (const connection of connections) await connection.close();
  await server.close();
});

async function projections(): Promise<Collection<ProjectionDocument>> {
  const connection = await connectMongo(server.url, { serverSelectionMs: 2_000 });
  connections.push(connection);
  return connection.db.collection<ProjectionDocument>('projections');
}
const FAST = { name: 'figures', ttlMs: 500, renewMs: 100 };
async function take(holder: string, more: object = {}, collection?: Collection<ProjectionDocument>): Promise<Lease> {
  const lease = await acquireLease(collection ?? (await projections()), { ...FAST, holder, ...more });
  if (!lease) throw new Error('no lease');
  return lease;
}

describe('the lease of a projection', () => {
  it('is held by one of many who ask at once', async () => {
    const stop = new AbortController();
    const asked = ['a', 'b', 'c', 'd'].map(async (holder) => acquireLease(await projections(), { ...FAST, ttlMs: 5_000, holder, signal: stop.signal }));
    const first = await Promise.race(asked);
    await after(1_500);
    expect([first?.held(), first?.fence]).toEqual([true, 1n]);
    stop.abort();
    const got = (await Promise.all(asked)).filter((lease) => lease !== undefined);
    expect(got).toHaveLength(1);
    await first?.release();
  });

  it('passes at once when it is given back', async () => {
    const a = await take('a');
    const waiting = take('b');
    await after(250);
    await a.release();
    const from = performance.now();
    const b = await waiting;
    expect(performance.now() - from).toBeLessThan(400);
    expect([a.held(), b.held(), b.fence]).toEqual([false, true, 2n]);
    await b.release();
  });

  it('passes within its time and a bit when the holder is silent, who then cannot write a checkpoint', async () => {
    // Never renews: what a process does that is stopped from outside.
    const a = await take('a', { renewMs: 60_000 });
    const storeOf = ({ fence }: Lease) => openMongoReadModels(connections[0]!, { name: 'figures', fence });
    const old = storeOf(a);
    const build = await old.create('figures', 1);
    const at = (position: bigint) => [{ buildId: build.id, position, eventId: `e${String(position)}` }];
    await old.commit(at(5n));
    const from = performance.now();
    const b = await take('b');
    const took = performance.now() - from;
    expect(took).toBeGreaterThan(500);
    expect(took).toBeLessThan(1_200);
    expect([a.held(), b.fence]).toEqual([false, 2n]);
    await expect(old.commit(at(9n))).rejects.toMatchObject({ code: 'mongo-lease-lost' });
    await expect(old.activate(build)).rejects.toMatchObject({ code: 'mongo-lease-lost' });
    const next = storeOf(b);
    await next.commit(at(7n));
    await next.commit(at(7n));
    expect(await next.builds()).toMatchObject([{ position: 7n, eventId: 'e7', state: 'building' }]);
    await b.release();
    // It still waits for its next renewal, and would keep the process from ending.
    await a.release();
  });

  it('is lost to a holder that the server does not answer, and found again afterwards', async () => {
    const a = await take('a');
    const other = await projections();
    await server.down();
    const from = performance.now();
    if (!a.lost.aborted) await new Promise((resolve) => a.lost.addEventListener('abort', resolve, { once: true }));
    expect(performance.now() - from).toBeLessThan(900);
    expect(a.held()).toBe(false);
    const waiting = take('b', {}, other);
    await after(400);
    await server.up();
    const b = await waiting;
    expect([b.held(), b.fence]).toEqual([true, 2n]);
    await b.release();
  });

  it('is kept when answers to its renewals are lost, and taken once when the answer to the taking is lost', async () => {
    server.misbehave({ kind: 'cut-after', commands: ['findAndModify'], times: 2 });
    // The driver looks again for a lost server after half a second at the earliest.
    const a = await take('a', { ttlMs: 3_000 });
    expect(a.fence).toBe(1n);
    server.misbehave({ kind: 'cut-after', commands: ['update'], times: 2 });
    await after(3_500);
    expect(a.held()).toBe(true);
    expect(Number(server.documents('nhacviec', 'projections')[0]?.['beat'])).toBeGreaterThan(5);
    await a.release();
  });

  it('does not depend on the clocks of the machines', async () => {
    const a = await take('a');
    const collection = await projections();
    await collection.updateOne({ _id: 'figures' }, { $set: { expiresAt: new Date(0) } });
    const stop = new AbortController();
    const b = acquireLease(await projections(), { ...FAST, holder: 'b', signal: stop.signal });
    await after(900);
    stop.abort();
    expect(await b).toBeUndefined();
    expect(a.held()).toBe(true);
    await a.release();
  });
});
