import { expect, test } from '@jest/globals';
import { connectMongo } from '#event-log/mongo/connect';
import { startStandIn } from '../../../../test/stand-ins/mongodb/server.ts';
import type { Build } from '../projection.ts';
import { dumpCollections } from './dump-collections.ts';
import type { Row } from './mongo-read-models.ts';

const build: Build = { id: 7, name: 'lists', version: 2, state: 'active', position: 0n, eventId: '', repairs: 0 };

test('writes the documents of a build in order, whatever the order of their fields and of their coming, with long integers exact', async () => {
  const server = await startStandIn();
  const connection = await connectMongo(server.url);
  await connection.db.collection<Row>('list_7').insertMany([
    { _id: 'b', at: 9_007_199_254_740_993n, more: { z: null, a: [1, 'á', new Date(0)] } },
    { more: { a: [], z: 0.5 }, at: 2n, _id: 'c' },
  ]);
  await connection.db.collection<Row>('list_7').insertOne({ _id: 'a', at: 2n });
  await connection.db.collection<Row>('other_7').insertOne({ _id: 'x' });
  const lines: string[] = [];
  for await (const line of dumpCollections(connection, build, [
    { name: 'list', orderBy: 'at, _id' },
    { name: 'none', orderBy: '_id' },
  ]))
    lines.push(line);
  expect(lines).toEqual([
    '# lists@2 list',
    '{"_id":"a","at":2}',
    '{"_id":"c","at":2,"more":{"a":[],"z":0.5}}',
    '{"_id":"b","at":9007199254740993,"more":{"a":[1,"á","1970-01-01T00:00:00.000Z"],"z":null}}',
    '# lists@2 none',
  ]);
  await connection.close();
  await server.close();
});
