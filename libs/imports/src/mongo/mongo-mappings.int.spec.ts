import { afterAll } from '@jest/globals';
import { connectMongo } from '#event-log/mongo/connect';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import { mappingStoreFeatures } from '../mapping-store.features.ts';
import { openMongoMappings } from './mongo-mappings.ts';

const { servers, stop } = await startServers();
afterAll(stop);

let databases = 0;
for (const { name, url } of servers) {
  mappingStoreFeatures(name, async () => {
    const connection = await connectMongo(url, { database: `nhacviec_mappings_${String(process.pid)}_${String(++databases)}` });
    return {
      open: () => openMongoMappings(connection),
      clear: async () => {
        await connection.db.dropDatabase();
        await connection.close();
      },
    };
  });
}
