import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connectMongo } from '#event-log/mongo/connect';
import { dumpCollections } from '#projections/mongo/dump-collections';
import { acquireLease } from '#projections/mongo/lease';
import { openMongoReadModels, type MongoTx } from '#projections/mongo/mongo-read-models';
import { logArb } from '#tasks/lives.features';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import type { AuditRow } from '../audit-row.ts';
import { auditTrailFeatures, eventsOf, naiveRows, type TrailStore } from '../audit-trail.features.ts';
import { MongoAuditTrail, MongoAuditTrailProjection } from './mongo-audit-trail.ts';

const { servers, stop } = await startServers();
afterAll(stop);

let databases = 0;
async function open(url = servers[0]!.url): Promise<TrailStore<MongoTx>> {
  const connection = await connectMongo(url, { database: `nhacviec_trail_${String(process.pid)}_${String(++databases)}` });
  const lease = await acquireLease(connection.db.collection('projections'), { name: 'all', holder: 'here' });
  await lease!.release();
  return {
    store: openMongoReadModels(connection, { name: 'all', fence: lease!.fence }),
    projection: () => new MongoAuditTrailProjection(),
    trail: (build) => new MongoAuditTrail(connection, build),
    async dump(build) {
      const lines: string[] = [];
      for await (const line of dumpCollections(connection, build, new MongoAuditTrailProjection().tables)) lines.push(line);
      return lines.join('\n');
    },
    async clear() {
      await connection.db.dropDatabase();
      await connection.close();
    },
  };
}

for (const { name, url } of servers) auditTrailFeatures(name, () => open(url), 8);

describe('the audit trail in MongoDB, where data and checkpoint are not written together', () => {
  it('is the fold of the log after kills at any write, and after writes of a holder whose time is over', async () => {
    const stored = await open();
    const step = fc.record({
      size: fc.integer({ min: 1, max: 12 }),
      ends: fc.constantFrom('well' as const, 'killed' as const, 'late' as const),
      operations: fc.nat({ max: 16 }),
      restarts: fc.boolean(),
    });
    const seen = { killed: 0, late: 0 };
    await fc.assert(
      fc.asyncProperty(logArb(5, 50), fc.array(step, { minLength: 4, maxLength: 12 }), async (log, steps) => {
        const events = eventsOf(log);
        let projection = stored.projection();
        await stored.store.begin();
        const build = await stored.store.create(projection.name, projection.version);
        const tx = stored.store.tx(build);
        await projection.init(tx);
        await stored.store.commit([]);
        /** Operations of somebody who thought he held the lease, sent when another has gone on. */
        let late: (() => Promise<void>) | undefined;
        for (let at = 0, n = 0; at < events.length; n++) {
          const { size, ends, operations, restarts } = steps[n] ?? { size: 7, ends: 'well' as const, operations: 0, restarts: false };
          const some = events.slice(at, at + size);
          let left = ends === 'well' ? Infinity : operations;
          const written: Parameters<MongoTx['write']>[] = [];
          const cut: MongoTx = {
            collection: (table) => tx.collection(table),
            write: (...operation) => {
              if (left-- > 0) written.push(operation);
            },
          };
          await projection.apply(some, cut);
          await projection.flush?.(cut);
          const send = async (): Promise<void> => {
            await stored.store.begin();
            for (const operation of written) tx.write(...operation);
            await stored.store.commit([]);
          };
          if (ends === 'late') late = send;
          else await send();
          if (ends === 'well') {
            at += size;
            projection.committed?.();
            await late?.();
            late = undefined;
          } else seen[ends]++;
          if (restarts) projection = stored.projection();
          else if (ends !== 'well') projection.rolledBack?.();
        }
        await late?.();
        const rows: AuditRow[] = [];
        for await (const page of stored.trail(build).rows(0n, 1n << 52n)) rows.push(...page);
        expect(rows).toEqual(naiveRows(log));
        await stored.store.drop(build);
      }),
      { seed: 20_201_128, numRuns: process.env['NHACVIEC_FULL'] === undefined ? 20 : 500 },
    );
    expect(Math.min(seen.killed, seen.late)).toBeGreaterThan(10);
    await stored.clear();
  });
});
