import type { Collection } from 'mongodb';
import type { MongoConnection } from '#event-log/mongo/connect';
import { MOST_MAPPINGS, type MappingStore } from '../mapping-store.ts';
import type { Mapping } from '../table.ts';

interface MappingDocument {
  readonly _id: string;
  readonly owner: string;
  readonly mapping: Mapping;
  readonly usedAt: string;
}

export async function openMongoMappings({ db }: MongoConnection, { name = 'import_mappings' }: { readonly name?: string } = {}): Promise<MappingStore> {
  const mappings = db.collection<MappingDocument>(name);
  await mappings.createIndexes([{ name: 'owner', key: { owner: 1, usedAt: -1 } }]);
  return new MongoMappings(mappings);
}

class MongoMappings implements MappingStore {
  private readonly mappings: Collection<MappingDocument>;
  constructor(mappings: Collection<MappingDocument>) {
    this.mappings = mappings;
  }

  async recall(owner: string, headings: string): Promise<Mapping | undefined> {
    return (await this.mappings.findOne({ _id: `${owner} ${headings}` }))?.mapping;
  }

  async remember(owner: string, headings: string, mapping: Mapping, at: string): Promise<void> {
    await this.mappings.updateOne({ _id: `${owner} ${headings}` }, { $set: { owner, mapping, usedAt: at } }, { upsert: true });
    const old = await this.mappings.find({ owner }, { sort: { usedAt: -1 }, skip: MOST_MAPPINGS, projection: { _id: 1 } }).toArray();
    if (old.length > 0) await this.mappings.deleteMany({ _id: { $in: old.map(({ _id }) => _id) } });
  }

  async close(): Promise<void> {
    // The connection belongs to whoever opened it.
  }
}
