import type { Collection } from 'mongodb';
import { mongoFailure, type MongoConnection } from '#event-log/mongo/connect';
import { MOST_VIEWS, type Kept, type ViewStore } from '../port.ts';
import { nameKey, type SavedView } from '../view.ts';

/** `_id` is owner and name, so that the server itself keeps a name from being taken twice; a renamed view is written anew under its new one. */
interface ViewDocument {
  readonly _id: string;
  readonly owner: string;
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly path: string;
  readonly query: string;
  readonly savedAt: string;
}

export async function openMongoViews({ db }: MongoConnection, { name = 'saved_views' }: { readonly name?: string } = {}): Promise<ViewStore> {
  const views = db.collection<ViewDocument>(name);
  await views.createIndexes([{ name: 'owner', key: { owner: 1, key: 1 } }]);
  return new MongoViews(views);
}

class MongoViews implements ViewStore {
  private readonly views: Collection<ViewDocument>;
  constructor(views: Collection<ViewDocument>) {
    this.views = views;
  }

  async list(owner: string): Promise<readonly SavedView[]> {
    return (await this.views.find({ owner }, { sort: { key: 1 } }).toArray()).map(toView);
  }

  async add(owner: string, view: SavedView): Promise<Kept> {
    const held = await this.views.find({ owner }, { projection: { key: 1 } }).toArray();
    if (held.some(({ key }) => key === nameKey(view.name))) return { ok: false, why: 'taken' };
    if (held.length >= MOST_VIEWS) return { ok: false, why: 'full' };
    return this.insert(owner, view);
  }

  async rename(owner: string, id: string, name: string): Promise<Kept> {
    const before = await this.views.findOne({ owner, id });
    if (before === null) return { ok: false, why: 'unknown' };
    const view = { ...toView(before), name };
    if (before.key === nameKey(name)) {
      await this.views.updateOne({ _id: before._id }, { $set: { name } });
      return { ok: true, view };
    }
    // First the new, then the old goes: a kill between the two leaves the view under both names, and never none.
    const kept = await this.insert(owner, view);
    if (kept.ok) await this.views.deleteOne({ _id: before._id });
    return kept;
  }

  async remove(owner: string, id: string): Promise<boolean> {
    return (await this.views.deleteMany({ owner, id })).deletedCount > 0;
  }

  async close(): Promise<void> {
    // The connection belongs to whoever opened it.
  }

  private async insert(owner: string, view: SavedView): Promise<Kept> {
    const key = nameKey(view.name);
    try {
      await this.views.insertOne({ _id: `${owner} ${key}`, owner, key, ...view });
      return { ok: true, view };
    } catch (error) {
      if (mongoFailure(error) === 'duplicate') return { ok: false, why: 'taken' };
      throw error;
    }
  }
}

const toView = ({ id, name, path, query, savedAt }: ViewDocument): SavedView => ({ id, name, path, query, savedAt });
