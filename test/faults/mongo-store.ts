import { setTimeout as after } from 'node:timers/promises';
import type { RecordedEvent } from '#event-log';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { systemClock, systemIds } from '#kernel';
import { type Projection } from '#projections';
import { Projector } from '#projections/projector';
import { connectMongo } from '#event-log/mongo/connect';
import { acquireLease } from '#projections/mongo/lease';
import { openMongoReadModels, readBuilds, type MongoTx } from '#projections/mongo/mongo-read-models';
import { startStandIn, type StandIn } from '../stand-ins/mongodb/server.ts';

/** How many events each stream has, in documents that carry the position that changed them last. */
class Lengths implements Projection<MongoTx> {
  readonly name = 'lengths';
  readonly version = 1;
  readonly categories = ['task'];
  readonly tables = [{ name: 'lengths', orderBy: '_id' }];
  init(): void {
    // Made by the first write.
  }
  apply(events: readonly RecordedEvent[], tx: MongoTx): void {
    for (const { stream, position } of events) {
      tx.write('lengths', { updateOne: { filter: { _id: stream }, update: { $setOnInsert: { n: 0, position: 0n } }, upsert: true } });
      tx.write('lengths', { updateOne: { filter: { _id: stream, position: { $lt: position } }, update: { $inc: { n: 1 }, $set: { position } } } });
    }
  }
}

export interface MongoUnderFault {
  readonly server: StandIn;
  /** Appends events to some streams. */
  happen(count: number): Promise<void>;
  /** A projector of a process of its own, caught up as far as the faults let it. */
  start(): Promise<Projector<MongoTx>>;
  /** The log's last position has been reached within 20 s. */
  reaches(projector: Projector<MongoTx>): Promise<boolean>;
  /** What the serving build holds, and what the log says it has to. */
  compare(): Promise<{ readonly held: Record<string, number>; readonly folded: Record<string, number> }>;
}

/** A log in memory and its read model in the stand-in. */
export async function mongoUnderFault(work: (under: MongoUnderFault) => Promise<void>): Promise<void> {
  const server = await startStandIn();
  const log = new MemoryEventLog({ clock: systemClock });
  const projectors: Projector<MongoTx>[] = [];
  let appended = 0;
  try {
    await work({
      server,
      async happen(count) {
        for (let n = 0; n < count; n++) {
          const stream = `task-${String(appended++ % 17)}`;
          const revision = (await log.readStream(stream)).length - 1;
          await log.append(stream, [{ id: systemIds.next(), type: 'Giao', schema: 1, data: {}, occurredAt: 0, metadata: { actor: { id: 'office', role: 'office' } } }], { expectedRevision: revision });
        }
      },
      async start() {
        const connection = await connectMongo(server.url, { serverSelectionMs: 1_000, answerMs: 1_000 });
        const lease = (await acquireLease(connection.db.collection('projections'), { name: 'all', holder: `process ${projectors.length}`, ttlMs: 200, renewMs: 50 }))!;
        await lease.release();
        const projector = await Projector.open({ log, store: openMongoReadModels(connection, { name: 'all', fence: lease.fence }), clock: systemClock, projections: [() => new Lengths()] });
        projectors.push(projector);
        return projector;
      },
      async reaches(projector) {
        return projector.reaches((await log.head()).position, 20_000);
      },
      async compare() {
        const connection = await connectMongo(server.url);
        const build = (await readBuilds(connection, 'all')).find(({ state }) => state === 'active');
        const held = Object.fromEntries((await connection.db.collection<{ _id: string; n: number }>(`lengths_${String(build?.id)}`).find().toArray()).map(({ _id, n }) => [_id, n]));
        await connection.close();
        const folded: Record<string, number> = {};
        for (const { stream } of await log.readAll({ after: 0n, limit: Infinity })) folded[stream] = (folded[stream] ?? 0) + 1;
        return { held, folded };
      },
    });
  } finally {
    for (const projector of projectors) await projector.stop().catch(() => undefined);
    await log.close();
    await after(0);
    await server.close();
  }
}
