import { afterAll } from '@jest/globals';
import { connectMongo } from '#event-log/mongo/connect';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import { peopleStoreFeatures } from '../people-store.features.ts';
import { openMongoPeople } from './mongo-people.ts';

const { servers, stop } = await startServers();
afterAll(stop);

let databases = 0;
for (const { name, url } of servers) {
  peopleStoreFeatures(name, async () => {
    const connection = await connectMongo(url, { database: `nhacviec_people_${String(process.pid)}_${String(++databases)}` });
    return {
      open: () => openMongoPeople(connection),
      clear: async () => {
        await connection.db.dropDatabase();
        await connection.close();
      },
    };
  });
}
