import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connectMongo } from '#event-log/mongo/connect';
import { dumpCollections } from '#projections/mongo/dump-collections';
import { acquireLease } from '#projections/mongo/lease';
import { openMongoReadModels, type MongoTx } from '#projections/mongo/mongo-read-models';
import { logArb } from '#tasks/lives.features';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import { played } from '../builders.features.ts';
import {
  answers,
  begun,
  commit,
  eventsOf,
  figureRuns,
  figureTasksFeatures,
  projected,
  type FiguresStore,
} from '../figure-tasks.features.ts';
import { FiguresInMemory } from '../figures-in-memory.ts';
import { MongoFigures, MongoFiguresProjection } from './mongo-figures.ts';

const { servers, stop } = await startServers();
afterAll(stop);

let databases = 0;
async function open(url = servers[0]!.url): Promise<FiguresStore<MongoTx>> {
  const connection = await connectMongo(url, { database: `nhacviec_figures_${String(process.pid)}_${String(++databases)}` });
  const lease = await acquireLease(connection.db.collection('projections'), { name: 'all', holder: 'here' });
  await lease!.release();
  return {
    store: openMongoReadModels(connection, { name: 'all', fence: lease!.fence }),
    projection: () => new MongoFiguresProjection(),
    figures: (build) => new MongoFigures(connection, build),
    async dump(build) {
      const lines: string[] = [];
      for await (const line of dumpCollections(connection, build, new MongoFiguresProjection().tables)) lines.push(line);
      return lines.join('\n');
    },
    async clear() {
      await connection.db.dropDatabase();
      await connection.close();
    },
  };
}

for (const { name, url } of servers) {
  figureTasksFeatures(name, () => open(url), 12);
}

describe('the figures in MongoDB, where data and checkpoint are not written together', () => {
  it('are the fold of the log after kills at any operation, batches that come again cut otherwise, and writes of a holder whose time is over', async () => {
    const stored = await open();
    const step = fc.record({
      size: fc.integer({ min: 1, max: 12 }),
      ends: fc.constantFrom('well' as const, 'well' as const, 'killed' as const, 'late' as const),
      operations: fc.nat({ max: 14 }),
      restarts: fc.boolean(),
    });
    const seen = { killed: 0, late: 0 };
    await fc.assert(
      fc.asyncProperty(logArb(6, 60), fc.array(step, { minLength: 4, maxLength: 12 }), async (log, steps) => {
        const events = eventsOf(log);
        const whole = await projected(stored, log, [1_000], () => false);
        const { build, tx, ...first } = await begun(stored);
        let { projection } = first;
        /** Operations of somebody who thought he held the lease, sent when another has gone on. */
        let late: (() => Promise<void>) | undefined;
        // Twelve steps that may not get far; then what is left, undisturbed.
        for (let at = 0, n = 0; at < events.length; n++) {
          const { size, ends, operations, restarts } = steps[n] ?? { size: 7, ends: 'well', operations: 0, restarts: false };
          const some = events.slice(at, at + size);
          if (ends === 'well') {
            await commit(stored, projection, tx, build, some);
            at += size;
            await late?.();
            late = undefined;
            if (restarts) projection = stored.projection();
            continue;
          }
          // Some of the operations reach the server, now or later; the checkpoint does not.
          let left = operations;
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
          if (ends === 'killed') await send();
          else late = send;
          seen[ends]++;
          if (restarts) projection = stored.projection();
          else projection.rolledBack?.();
        }
        await late?.();
        expect(await stored.dump(build)).toBe(await stored.dump(whole.build));
        const memory = new FiguresInMemory();
        for await (const beliefs of stored.figures(build).all()) memory.take(beliefs);
        expect(answers(memory)).toBe(answers(played(log.tasks)));
        for (const one of [build, whole.build]) await stored.store.drop(one);
      }),
      figureRuns(40),
    );
    expect(Math.min(seen.killed, seen.late)).toBeGreaterThan(25);
    await stored.clear();
  });
});
