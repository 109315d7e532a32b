import { afterAll } from '@jest/globals';
import { connectMongo } from '#event-log/mongo/connect';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import { viewStoreFeatures } from '../view-store.features.ts';
import { openMongoViews } from './mongo-views.ts';

const { servers, stop } = await startServers();
afterAll(stop);

let databases = 0;
for (const { name, url } of servers) {
  viewStoreFeatures(name, async () => {
    const connection = await connectMongo(url, { database: `nhacviec_views_${String(process.pid)}_${String(++databases)}` });
    return {
      open: () => openMongoViews(connection),
      clear: async () => {
        await connection.db.dropDatabase();
        await connection.close();
      },
    };
  });
}
