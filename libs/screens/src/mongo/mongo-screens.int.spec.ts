import { connectMongo } from '#event-log/mongo/connect';
import { startStandIn } from '../../../../test/stand-ins/mongodb/server.ts';
import { screenStoreFeatures } from '../screen-store.features.ts';
import { openMongoScreens } from './mongo-screens.ts';

screenStoreFeatures('mongo', async () => {
  const server = await startStandIn();
  const connection = await connectMongo(server.url);
  return {
    store: await openMongoScreens(connection),
    reopen: () => openMongoScreens(connection),
    async end() {
      await connection.close();
      await server.close();
    },
  };
});
