import type { MongoConnection } from '#event-log/mongo/connect';
import type { Build, ProjectionTable } from '../projection.ts';
import { collectionOf } from './mongo-read-models.ts';

/** Every table of a build in a fixed order, a document a line, for comparing two builds byte for byte. */
export async function* dumpCollections(
  { db }: Pick<MongoConnection, 'db'>,
  build: Build,
  tables: readonly ProjectionTable[],
): AsyncGenerator<string> {
  for (const { name, orderBy } of tables) {
    yield `# ${build.name}@${String(build.version)} ${name}`;
    const sort = Object.fromEntries(orderBy.split(',').map((field) => [field.trim(), 1 as const]));
    for await (const document of db.collection(collectionOf(build, name)).find({}, { sort, allowDiskUse: true, batchSize: 1_000 }))
      yield lineOf(document);
  }
}

/** JSON with the names in order, for a server keeps fields in the order in which they came; long integers with all their digits. */
function lineOf(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(lineOf).join()}]`;
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return JSON.stringify(value);
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${lineOf(field)}`).join()}}`;
}
