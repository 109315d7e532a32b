import { afterAll } from '@jest/globals';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import { projectorFeatures } from '../projector.features.ts';
import { connectMongo } from '#event-log/mongo/connect';
import { acquireLease } from './lease.ts';
import { collectionOf, openMongoReadModels, readBuilds, type MongoTx } from './mongo-read-models.ts';

const { servers, stop } = await startServers();
afterAll(stop);

let databases = 0;
for (const { name, url } of servers) {
  projectorFeatures<MongoTx>(name, async () => {
    const database = `nhacviec_projector_${String(process.pid)}_${String(++databases)}`;
    const reader = await connectMongo(url, { database });
    let starts = 0;
    return {
      async open() {
        const connection = await connectMongo(url, { database });
        const lease = await acquireLease(connection.db.collection('projections'), { name: 'all', holder: `start ${++starts}`, renewMs: 20 });
        await lease!.release();
        return openMongoReadModels(connection, { name: 'all', fence: lease!.fence });
      },
      init: () => undefined,
      // A document an event: written again, it counts once.
      count: (tx, type, event) => tx.write('counting', { updateOne: { filter: { _id: event.id }, update: { $setOnInsert: { type } }, upsert: true } }),
      async counted(counting) {
        const build = (await readBuilds(reader, 'all')).find((one) => one.name === counting && one.state === 'active');
        if (!build) return undefined;
        const counted: Record<string, number> = {};
        for (const { type } of await reader.db.collection(collectionOf(build, 'counting')).find().toArray()) counted[String(type)] = (counted[String(type)] ?? 0) + 1;
        return counted;
      },
      async clear() {
        await reader.db.dropDatabase();
        await reader.close();
      },
    };
  });
}
