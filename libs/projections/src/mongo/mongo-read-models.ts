import type { AnyBulkWriteOperation, Collection, Document, UpdateFilter } from 'mongodb';
import { Problem } from '#kernel';
import type { Build, Checkpoint, ParkedStream, ReadModelStore } from '../projection.ts';
import { mongoFailure, type MongoConnection } from '#event-log/mongo/connect';
import type { ProjectionDocument } from './lease.ts';

/** Documents of a build: `_id` is a text, positions are `bigint`. */
export type Row = Document & { readonly _id: string };

/** What a projection gets in MongoDB. Writes are gathered until the commit; each must change nothing when it is done again. */
export interface MongoTx {
  collection(table: string): Collection<Row>;
  write(table: string, operation: AnyBulkWriteOperation<Row>): void;
}

/** Operations sent at once. */
const BULK = 1_000;

export const collectionOf = (build: Pick<Build, 'id'>, table: string): string => `${table}_${String(build.id)}`;

/** The builds under a lease, or under all, oldest first. */
export async function readBuilds({ db }: MongoConnection, lease?: string): Promise<readonly Build[]> {
  const documents = await db.collection<ProjectionDocument>('projections').find(lease === undefined ? {} : { _id: lease }, { projection: { builds: 1 } }).toArray();
  return documents.flatMap(({ builds = {} }) => Object.entries(builds).map(([id, build]) => ({ id: Number(id), ...build }))).sort((a, b) => a.id - b.id);
}

/** Streams set aside in any build. */
export async function readParked({ db }: MongoConnection): Promise<readonly ParkedStream[]> {
  const found = await db.collection<Parked>('parked').find({}, { sort: { buildId: 1, position: 1 } }).toArray();
  return found.map(({ _id, ...stream }) => stream);
}

/** The read models of one database, for whoever holds the lease `name` with `fence`; all that is kept of builds is written on that condition. */
export function openMongoReadModels(connection: MongoConnection, lease: { readonly name: string; readonly fence: bigint }): ReadModelStore<MongoTx> {
  return new MongoReadModels(connection, lease);
}

interface Counter {
  readonly _id: string;
  readonly last: number;
}

interface Parked extends ParkedStream {
  readonly _id: string;
}

class MongoReadModels implements ReadModelStore<MongoTx> {
  private readonly connection: MongoConnection;
  private readonly lease: { readonly name: string; readonly fence: bigint };
  private gathered = new Map<string, AnyBulkWriteOperation<Row>[]>();
  /** Streams parked and taken back since `begin`: after the data, before the checkpoints. */
  private streams: (() => Promise<void>)[] | undefined;

  constructor(connection: MongoConnection, lease: { readonly name: string; readonly fence: bigint }) {
    this.connection = connection;
    this.lease = lease;
  }

  builds(): Promise<readonly Build[]> {
    return readBuilds(this.connection, this.lease.name);
  }

  async create(name: string, version: number): Promise<Build> {
    // Collections of builds under all leases share one room, so their numbers are given in one place, and never again.
    const counter = await this.connection.db.collection<Counter>('counters').findOneAndUpdate({ _id: 'builds' }, { $inc: { last: 1 } }, { upsert: true, returnDocument: 'after' });
    const id = counter!.last;
    const build = { name, version, state: 'building', position: 0n, eventId: '', repairs: 0 } as const;
    await this.underLease({ $set: { [`builds.${String(id)}`]: build } });
    return { id, ...build };
  }

  tx(build: Build): MongoTx {
    return {
      collection: (table) => this.connection.db.collection<Row>(collectionOf(build, table)),
      write: (table, operation) => {
        const name = collectionOf(build, table);
        const list = this.gathered.get(name);
        if (list) list.push(operation);
        else this.gathered.set(name, [operation]);
      },
    };
  }

  async begin(): Promise<void> {
    this.gathered = new Map();
    this.streams = [];
  }

  async commit(checkpoints: readonly Checkpoint[]): Promise<void> {
    for (const [name, operations] of this.gathered) {
      const collection = this.connection.db.collection<Row>(name);
      for (let from = 0; from < operations.length; from += BULK) await collection.bulkWrite(operations.slice(from, from + BULK), { ordered: true });
    }
    for (const change of this.streams ?? []) await change();
    if (checkpoints.length > 0) {
      const set: (readonly [string, string | bigint])[] = checkpoints.flatMap(({ buildId, position, eventId }) => [[`builds.${String(buildId)}.position`, position] as const, [`builds.${String(buildId)}.eventId`, eventId] as const]);
      await this.underLease({ $set: Object.fromEntries(set) as Record<string, string | bigint> });
    }
    await this.rollback();
  }

  async rollback(): Promise<void> {
    this.gathered = new Map();
    this.streams = undefined;
  }

  async activate({ id, name }: Build): Promise<void> {
    const served = (await this.builds()).filter((build) => build.name === name && build.state === 'active' && build.id !== id);
    const set: Record<string, string> = Object.fromEntries([...served.map((build) => [`builds.${String(build.id)}.state`, 'retired']), [`builds.${String(id)}.state`, 'active']]) as Record<string, string>;
    await this.underLease({ $set: set });
  }

  async drop(build: Build): Promise<void> {
    const suffix = collectionOf(build, '');
    // The entry goes last: a drop that was cut short is done again.
    for (const { name } of await this.connection.db.listCollections({}, { nameOnly: true }).toArray()) if (name.endsWith(suffix)) await this.connection.db.dropCollection(name);
    await this.parkedStreams().deleteMany({ buildId: build.id });
    await this.underLease({ $unset: { [`builds.${String(build.id)}`]: '' } });
  }

  async parked(): Promise<readonly ParkedStream[]> {
    return readParked(this.connection);
  }

  async park(stream: ParkedStream): Promise<void> {
    await this.inTurn(async () => {
      const { buildId, position, ...rest } = stream;
      await this.parkedStreams().replaceOne({ _id: keyOf(stream) }, { buildId, position, ...rest }, { upsert: true });
    });
  }

  async unpark(stream: ParkedStream): Promise<void> {
    await this.inTurn(async () => {
      await this.underLease({ $inc: { [`builds.${String(stream.buildId)}.repairs`]: 1 } });
      await this.parkedStreams().deleteOne({ _id: keyOf(stream) });
    });
  }

  async bulk(): Promise<void> {
    // Nothing to set: the server has its own journal.
  }

  failed(error: unknown): boolean {
    return (error instanceof Problem && error.code.startsWith('mongo-')) || mongoFailure(error) !== 'other';
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private parkedStreams(): Collection<Parked> {
    return this.connection.db.collection<Parked>('parked');
  }

  private async inTurn(change: () => Promise<void>): Promise<void> {
    if (this.streams) this.streams.push(change);
    else await change();
  }

  /** @throws Problem `mongo-lease-lost` when somebody else holds the lease by now; nothing is written then. */
  private async underLease(update: UpdateFilter<ProjectionDocument>): Promise<void> {
    const { name, fence } = this.lease;
    const { matchedCount } = await this.connection.db.collection<ProjectionDocument>('projections').updateOne({ _id: name, fence }, update);
    if (matchedCount === 0) throw new Problem(503, 'mongo-lease-lost', 'Tiến trình khác đang dựng bảng', `Quyền dựng bảng "${name}" (lần ${String(fence)}) đã chuyển cho tiến trình khác; tiến trình này dừng ghi (${this.connection.server}).`);
  }
}

const keyOf = ({ buildId, stream }: Pick<ParkedStream, 'buildId' | 'stream'>): string => `${String(buildId)} ${stream}`;
