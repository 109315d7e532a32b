import { calculateObjectSize, Int32, Long, type Document } from 'bson';
import { aggregate } from 'mingo';
import { Collection, limitOf } from './collection.ts';
import { CommandError, isDocument, keyOf, matcher, numberOf, plain, projector, valuesAt } from './values.ts';

const MOST_BYTES = 16 * 1024 * 1024;
const FIRST_BATCH = 101;
const VERSION = '7.0.0';
/** Wire version of MongoDB 7.0: what is new in later ones is not here. */
export const WIRE_VERSION = 21;

interface Cursor {
  readonly ns: string;
  readonly documents: readonly Document[];
  at: number;
}

/** What the server keeps: databases, and cursors that have not been read to their end. */
export class Store {
  private readonly collections = new Map<string, Collection>();
  private readonly cursors = new Map<string, Cursor>();
  private nextCursor = 1_000;
  readonly startedAt = Date.now();

  /** @throws CommandError, also where the command is none of ours (59 CommandNotFound) */
  run(command: Document): Document {
    const name = Object.keys(command)[0]!;
    const handler = COMMANDS[name];
    if (!handler) throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`);
    if ('startTransaction' in command || command['autocommit'] === false) throw new CommandError(263, 'OperationNotSupportedInTransaction', 'the stand-in has no multi-document transactions');
    if ('collation' in command) throw new CommandError(238, 'NotImplemented', 'the stand-in has no collations');
    return handler(this, command, `${String(command['$db'])}.${String(command[name])}`);
  }

  /** Documents of a collection, for looking at from a test without a driver. */
  peek(ns: string): readonly Document[] {
    return this.collections.get(ns)?.find({}) ?? [];
  }

  collection(ns: string): Collection {
    let collection = this.collections.get(ns);
    if (!collection) this.collections.set(ns, (collection = new Collection(ns)));
    return collection;
  }

  existing(ns: string): Collection | undefined {
    return this.collections.get(ns);
  }

  namesIn(db: string): string[] {
    return [...this.collections.keys()].filter((ns) => ns.startsWith(`${db}.`)).map((ns) => ns.slice(db.length + 1));
  }

  databases(): string[] {
    return [...new Set([...this.collections.keys()].map((ns) => ns.slice(0, ns.indexOf('.'))))].sort();
  }

  drop(ns: string): boolean {
    return this.collections.delete(ns);
  }

  open(ns: string, documents: readonly Document[], batchSize: number, single = false): Document {
    const cursor: Cursor = { ns, documents, at: 0 };
    const firstBatch = batchOf(cursor, batchSize);
    const open = !single && cursor.at < documents.length;
    const id = open ? this.nextCursor++ : 0;
    if (open) this.cursors.set(String(id), cursor);
    return { cursor: { firstBatch, id: Long.fromNumber(id), ns }, ok: 1 };
  }

  more(id: unknown, batchSize: number): Document {
    const key = String(plain(id));
    const cursor = this.cursors.get(key);
    if (!cursor) throw new CommandError(43, 'CursorNotFound', `cursor id ${key} not found`);
    const nextBatch = batchOf(cursor, batchSize);
    const done = cursor.at >= cursor.documents.length;
    if (done) this.cursors.delete(key);
    return { cursor: { nextBatch, id: done ? Long.ZERO : id, ns: cursor.ns }, ok: 1 };
  }

  kill(ids: readonly unknown[]): Document {
    const killed = ids.filter((id) => this.cursors.delete(String(plain(id))));
    return { cursorsKilled: killed, cursorsNotFound: ids.filter((id) => !killed.includes(id)), cursorsAlive: [], cursorsUnknown: [], ok: 1 };
  }

  get openCursors(): number {
    return this.cursors.size;
  }
}

function batchOf(cursor: Cursor, most: number): Document[] {
  const from = cursor.at;
  for (let bytes = 0; cursor.at < cursor.documents.length && cursor.at - from < most; cursor.at++) {
    bytes += calculateObjectSize(cursor.documents[cursor.at]!);
    if (bytes > MOST_BYTES && cursor.at > from) break;
  }
  return cursor.documents.slice(from, cursor.at);
}

type Handler = (store: Store, command: Document, ns: string) => Document;

/** Runs the statements of a write command one by one; ordered ones end at the first error. */
function statements(list: readonly Document[], ordered: boolean, run: (statement: Document, index: number) => void): Document {
  const writeErrors: Document[] = [];
  for (const [index, statement] of list.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, ...error.more, errmsg: error.message });
      if (ordered) break;
    }
  }
  return writeErrors.length > 0 ? { writeErrors } : {};
}

const filterOf = (value: unknown): Document => (isDocument(value) ? value : {});
const ordered = (command: Document): boolean => command['ordered'] !== false;
const optional = (value: unknown): Document | undefined => (isDocument(value) ? value : undefined);

/** `hello` is the server's, which knows its port. */
const COMMANDS: Readonly<Record<string, Handler>> = {
  ping: () => ({ ok: 1 }),
  buildinfo: () => ({ ok: 1, version: '7.0.0', versionArray: [7, 0, 0, 0], modules: ['stand-in'] }),
  buildInfo: () => ({ version: VERSION, gitVersion: 'stand-in', versionArray: [7, 0, 0, 0], bits: 64, maxBsonObjectSize: MOST_BYTES, storageEngines: ['memory'], ok: 1 }),
  serverStatus: (store) => ({ host: '127.0.0.1', version: VERSION, process: 'stand-in', pid: Long.fromNumber(process.pid), uptime: (Date.now() - store.startedAt) / 1000, localTime: new Date(), metrics: { cursor: { open: { total: Long.fromNumber(store.openCursors) } } }, ok: 1 }),
  endSessions: () => ({ ok: 1 }),
  insert: (store, command, ns) => {
    const collection = store.collection(ns);
    let n = 0;
    const errors = statements(command['documents'] as Document[], ordered(command), (document) => {
      collection.insert(document);
      n++;
    });
    return { n, ...errors, ok: 1 };
  },
  update: (store, command, ns) => {
    const upserted: Document[] = [];
    let n = 0;
    let nModified = 0;
    const errors = statements(command['updates'] as Document[], ordered(command), (statement, index) => {
      if ('arrayFilters' in statement) throw new CommandError(9, 'FailedToParse', 'the stand-in has no arrayFilters');
      if ('collation' in statement) throw new CommandError(238, 'NotImplemented', 'the stand-in has no collations');
      const { matched, modified, upsertedId } = store.collection(ns).update(statement as Parameters<Collection['update']>[0]);
      if (upsertedId !== undefined) upserted.push({ index, _id: upsertedId });
      n += matched + (upsertedId === undefined ? 0 : 1);
      nModified += modified;
    });
    return { n, nModified, ...(upserted.length > 0 ? { upserted } : {}), ...errors, ok: 1 };
  },
  delete: (store, command, ns) => {
    let n = 0;
    const errors = statements(command['deletes'] as Document[], ordered(command), ({ q, limit }) => {
      n += store.existing(ns)?.delete(q as Document, numberOf(limit)) ?? 0;
    });
    return { n, ...errors, ok: 1 };
  },
  find: (store, command, ns) => {
    const limit = numberOf(command['limit']);
    const project = projector(filterOf(command['projection']));
    matcher(filterOf(command['filter']));
    const found = store.existing(ns)?.find(filterOf(command['filter']), optional(command['sort']), Math.abs(limit), numberOf(command['skip'])) ?? [];
    return store.open(ns, found.map(project), numberOf(command['batchSize'], FIRST_BATCH), command['singleBatch'] === true || limit < 0);
  },
  getMore: (store, command) => store.more(command['getMore'], numberOf(command['batchSize'], Infinity)),
  killCursors: (store, command) => store.kill(command['cursors'] as unknown[]),
  aggregate: (store, command, ns) => {
    const stages = [...(command['pipeline'] as Document[])];
    let documents: readonly Document[] = store.existing(ns)?.find({}) ?? [];
    // As far as stages only choose documents, types stay as they are; behind that they are mingo's.
    if (stages[0] && '$match' in stages[0]) {
      documents = store.existing(ns)?.find(filterOf(stages.shift()!['$match'])) ?? [];
    }
    if (stages.length > 0) {
      const unknownStage = stages.find((stage) => ['$out', '$merge', '$search', '$changeStream'].includes(Object.keys(stage)[0]!));
      if (unknownStage) throw new CommandError(40324, 'Location40324', `the stand-in has no stage ${Object.keys(unknownStage)[0]!}`);
      try {
        documents = aggregate(documents.map((document) => plain(document) as Document), plain(stages) as Document[], { collectionResolver: (name) => store.peek(`${String(command['$db'])}.${name}`).map((document) => plain(document) as Document) });
      } catch (error) {
        throw new CommandError(40324, 'Location40324', error instanceof Error ? error.message : String(error));
      }
    }
    return store.open(ns, documents, numberOf(optional(command['cursor'])?.['batchSize'], FIRST_BATCH));
  },
  count: (store, command, ns) => {
    const found = store.existing(ns)?.find(filterOf(command['query']), undefined, limitOf(command['limit']), numberOf(command['skip'])) ?? [];
    return { n: found.length, ok: 1 };
  },
  distinct: (store, command, ns) => {
    const values = new Map<string, unknown>();
    for (const document of store.existing(ns)?.find(filterOf(command['query'])) ?? []) {
      for (const value of valuesAt(document, String(command['key']).split('.')).flatMap((one: unknown) => (Array.isArray(one) ? (one as unknown[]) : [one]))) {
        if (value !== undefined && !values.has(keyOf(value))) values.set(keyOf(value), value);
      }
    }
    return { values: [...values.values()], ok: 1 };
  },
  findAndModify: (store, command, ns) => {
    const query = filterOf(command['query']);
    const sort = optional(command['sort']);
    const project = projector(filterOf(command['fields']));
    const collection = store.collection(ns);
    const [before] = collection.find(query, sort, 1);
    if (command['remove'] === true) {
      if (before) collection.removeOne(before);
      return { lastErrorObject: { n: before ? 1 : 0 }, value: before ? project(before) : null, ok: 1 };
    }
    const { upsertedId } = collection.update({ q: before ? { _id: before['_id'] as unknown } : query, u: command['update'], upsert: command['upsert'] === true });
    const id: unknown = before ? before['_id'] : upsertedId;
    const after = id === undefined ? undefined : collection.find({ _id: id }, undefined, 1)[0];
    const value = command['new'] === true ? after : before;
    return { lastErrorObject: { n: after ? 1 : 0, updatedExisting: before !== undefined, ...(upsertedId === undefined ? {} : { upserted: upsertedId }) }, value: value ? project(value) : null, ok: 1 };
  },
  create: (store, command, ns) => {
    if (store.existing(ns)) throw new CommandError(48, 'NamespaceExists', `Collection ${ns} already exists.`);
    if (command['viewOn'] !== undefined || command['capped'] === true || command['timeseries'] !== undefined) throw new CommandError(238, 'NotImplemented', 'the stand-in has plain collections only');
    store.collection(ns);
    return { ok: 1 };
  },
  createIndexes: (store, command, ns) => {
    const createdCollectionAutomatically = !store.existing(ns);
    const collection = store.collection(ns);
    const numIndexesBefore = collection.indexes.length;
    for (const spec of command['indexes'] as Document[]) collection.createIndex(spec);
    return { numIndexesBefore, numIndexesAfter: collection.indexes.length, createdCollectionAutomatically, ok: 1 };
  },
  listIndexes: (store, command, ns) => {
    const collection = store.existing(ns);
    if (!collection) throw new CommandError(26, 'NamespaceNotFound', `ns does not exist: ${ns}`);
    return store.open(`${String(command['$db'])}.$cmd.listIndexes`, collection.indexes.map(({ spec }) => ({ v: new Int32(2), ...spec })), Infinity);
  },
  listCollections: (store, command) => {
    const db = String(command['$db']);
    const listed = store.namesIn(db).map((name): Document => ({ name, type: 'collection', options: {}, info: { readOnly: false }, idIndex: { v: new Int32(2), key: { _id: 1 }, name: '_id_' } }));
    return store.open(`${db}.$cmd.listCollections`, listed.filter(matcher(filterOf(command['filter']))), Infinity);
  },
  listDatabases: (store) => ({ databases: store.databases().map((name) => ({ name, sizeOnDisk: Long.ZERO, empty: false })), totalSize: Long.ZERO, ok: 1 }),
  drop: (store, _command, ns) => {
    const collection = store.existing(ns);
    store.drop(ns);
    return { ...(collection ? { nIndexesWas: collection.indexes.length, ns } : {}), ok: 1 };
  },
  dropDatabase: (store, command) => {
    const db = String(command['$db']);
    for (const name of store.namesIn(db)) store.drop(`${db}.${name}`);
    return { dropped: db, ok: 1 };
  },
};

export const WRITES: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'findAndModify', 'create', 'createIndexes', 'drop', 'dropDatabase']);
