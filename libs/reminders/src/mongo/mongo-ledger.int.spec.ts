import { afterAll } from '@jest/globals';
import { connectMongo } from '#event-log/mongo/connect';
import { dumpCollections } from '#projections/mongo/dump-collections';
import { acquireLease } from '#projections/mongo/lease';
import { openMongoReadModels, type MongoTx } from '#projections/mongo/mongo-read-models';
import { startServers } from '../../../../test/stand-ins/mongodb/servers.ts';
import { ledgerFeatures, type LedgerStore } from '../ledger.features.ts';
import { MongoReminderLedger, MongoReminderLedgerProjection } from './mongo-ledger.ts';

const { servers, stop } = await startServers();
afterAll(stop);

let databases = 0;
async function open(url: string): Promise<LedgerStore<MongoTx>> {
  const connection = await connectMongo(url, { database: `nhacviec_ledger_${String(process.pid)}_${String(++databases)}` });
  const lease = await acquireLease(connection.db.collection('projections'), { name: 'all', holder: 'here' });
  await lease!.release();
  return {
    store: openMongoReadModels(connection, { name: 'all', fence: lease!.fence }),
    projection: () => new MongoReminderLedgerProjection(),
    ledger: (build) => new MongoReminderLedger(connection, build),
    async dump(build) {
      const lines: string[] = [];
      for await (const line of dumpCollections(connection, build, new MongoReminderLedgerProjection().tables)) lines.push(line);
      return lines.join('\n');
    },
    async clear() {
      await connection.db.dropDatabase();
      await connection.close();
    },
  };
}

for (const { name, url } of servers) ledgerFeatures(name, () => open(url), 8);
