import type { Collection } from 'mongodb';
import { mongoFailure, type MongoConnection } from '#event-log/mongo/connect';
import { foldText } from '#kernel';
import type { Feed, PeopleStore } from '../port.ts';
import type { Person } from '../person.ts';

/** `_id` is the code, so that the server itself keeps two people from bearing one. */
type PersonDocument = Person & { readonly _id: string };
interface Counter {
  readonly _id: string;
  readonly n: number;
}

export async function openMongoPeople({ db }: MongoConnection, { name = 'people' }: { readonly name?: string } = {}): Promise<PeopleStore> {
  const people = db.collection<PersonDocument>(name);
  const feeds = db.collection<Feed & { readonly _id: string }>(`${name}_feeds`);
  await people.createIndexes([{ name: 'id', key: { id: 1 } }]);
  await feeds.createIndexes([{ name: 'person', key: { personId: 1 } }]);
  return new MongoPeople(people, feeds, db.collection<{ readonly _id: string }>(`${name}_erased`), db.collection<Counter>(`${name}_version`));
}

class MongoPeople implements PeopleStore {
  private readonly people: Collection<PersonDocument>;
  private readonly feeds: Collection<Feed & { readonly _id: string }>;
  private readonly gone: Collection<{ readonly _id: string }>;
  private readonly counter: Collection<Counter>;
  constructor(people: Collection<PersonDocument>, feeds: Collection<Feed & { readonly _id: string }>, gone: Collection<{ readonly _id: string }>, counter: Collection<Counter>) {
    this.people = people;
    this.feeds = feeds;
    this.gone = gone;
    this.counter = counter;
  }

  async all(): Promise<readonly Person[]> {
    return (await this.people.find({}, { sort: { _id: 1 } }).toArray()).map(toPerson);
  }

  async get(id: string): Promise<Person | undefined> {
    const found = await this.people.findOne({ id });
    return found === null ? undefined : toPerson(found);
  }

  /** Looked at as a whole first; two lists at once may both be taken, and the server keeps one person a code. */
  async save(people: readonly Person[]): Promise<{ readonly ok: true } | { readonly ok: false; readonly taken: string }> {
    const ids = new Set(people.map(({ id }) => id));
    const held = await this.people.find({}).toArray();
    const keys = new Set<string>();
    const others = new Set(held.filter(({ id }) => !ids.has(id)).map(({ _id }) => _id));
    for (const person of people) {
      const key = foldText(person.code);
      if (keys.has(key) || others.has(key)) return { ok: false, taken: person.code };
      keys.add(key);
    }
    for (const person of people) {
      const _id = foldText(person.code);
      try {
        await this.people.replaceOne({ _id, id: person.id }, { ...person }, { upsert: true });
      } catch (error) {
        if (mongoFailure(error) !== 'duplicate') throw error;
        // The code was another's of the same list, whose new code is written too.
        await this.people.replaceOne({ _id }, { ...person }, { upsert: true });
      }
      await this.people.deleteMany({ id: person.id, _id: { $ne: _id } });
    }
    await this.changed();
    return { ok: true };
  }

  async erase(id: string): Promise<boolean> {
    const person = await this.people.findOne({ id });
    if (person === null) return false;
    // That somebody was erased is known before they are: a kill in between leaves something to erase, and nothing forgotten.
    await this.gone.updateOne({ _id: id }, { $set: { erased: true } }, { upsert: true });
    for (const one of await this.people.find({}).toArray()) if (one.delegation?.toId === id) await this.people.updateOne({ _id: one._id }, { $set: { delegation: null } });
    await this.feeds.deleteMany({ personId: id });
    await this.people.deleteMany({ id });
    await this.changed();
    return true;
  }

  async erased(): Promise<ReadonlySet<string>> {
    return new Set((await this.gone.find({}).toArray()).map(({ _id }) => _id));
  }

  async addFeed(feed: Feed): Promise<void> {
    await this.feeds.insertOne({ ...feed, _id: feed.hash });
  }

  async feed(hash: string): Promise<Feed | undefined> {
    const found = await this.feeds.findOne({ _id: hash });
    return found === null ? undefined : toFeed(found);
  }

  async feedsOf(personId: string): Promise<readonly Feed[]> {
    return (await this.feeds.find({ personId }, { sort: { madeAt: 1 } }).toArray()).map(toFeed);
  }

  async revokeFeeds(personId: string): Promise<number> {
    return (await this.feeds.deleteMany({ personId })).deletedCount;
  }

  async version(): Promise<number> {
    return (await this.counter.findOne({ _id: 'version' }))?.n ?? 0;
  }

  async close(): Promise<void> {
    // The connection belongs to whoever opened it.
  }

  private async changed(): Promise<void> {
    await this.counter.updateOne({ _id: 'version' }, { $inc: { n: 1 } }, { upsert: true });
  }
}

const toPerson = ({ _id, ...person }: PersonDocument): Person => person;
const toFeed = ({ hash, personId, madeAt }: Feed): Feed => ({ hash, personId, madeAt });
