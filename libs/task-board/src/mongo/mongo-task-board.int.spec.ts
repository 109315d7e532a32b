import { afterAll } from '@jest/globals';
import { connectMongo } from '#event-log/mongo/connect';
import { acquireLease, type ProjectionDocument } from '#projections/mongo/lease';
import { openMongoReadModels, readBuilds, type MongoTx } from '#projections/mongo/mongo-read-models';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import { taskBoardFeatures } from '../task-board.features.ts';
import { MongoTaskBoard, MongoTaskBoardProjection } from './mongo-task-board.ts';

const { servers, stop } = await startServers();
afterAll(stop);

let databases = 0;
for (const { name, url } of servers) {
  taskBoardFeatures<MongoTx>(name, async () => {
    const database = `nhacviec_board_${process.pid}_${++databases}`;
    const reader = await connectMongo(url, { database });
    let starts = 0;
    return {
      async open() {
        const connection = await connectMongo(url, { database });
        const lease = await acquireLease(connection.db.collection<ProjectionDocument>('projections'), {
          name: 'all',
          holder: `start ${++starts}`,
          renewMs: 20,
        });
        await lease!.release();
        return openMongoReadModels(connection, { name: 'all', fence: lease!.fence });
      },
      projection: () => new MongoTaskBoardProjection(),
      board: async () =>
        new MongoTaskBoard(
          reader.db,
          (await readBuilds(reader, 'all')).find(({ state }) => state === 'active')!,
        ),
      async clear() {
        await reader.db.dropDatabase();
        await reader.close();
      },
    };
  });
}
