import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Collection, MongoBulkWriteError, WriteError } from 'mongodb';
import type { Instant } from '#kernel';
import type { EventIndex, IndexedEvent } from '../event-index.ts';
import { LogDamagedError, LogUnavailableError, type Position } from '../port.ts';
import { mongoFailure, mongoProblem, type MongoConnection } from './connect.ts';

/** An event's place. `n` and `latest` follow from the log alone, so whoever writes an entry writes the same one. */
interface Entry {
  /** The position: one event stands at it, while an id may by mistake stand in two streams. */
  readonly _id: Position;
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly recordedAt: Instant;
  /** How many events stand at or before it. */
  readonly n: number;
  /** The latest time up to it: never decreasing, whatever the clocks of several writers did. */
  readonly latest: Instant;
}

/** The entry up to which there is no gap; `last` is null while there is none. */
interface Reached {
  readonly _id: 'reached';
  readonly position: Position;
  readonly last: Entry | null;
}

/** Ids asked for in one turn of the event loop: appends come in crowds, and each asks for its own. */
interface Asked {
  readonly ids: Set<string>;
  readonly answer: Promise<ReadonlyMap<string, IndexedEvent>>;
}

const ASKED_TOGETHER = 1_000;

/**
 * An index that outlives the process, in two collections: `<name>` with an entry an event, and `<name>_reached` with one document that says
 * up to where every entry is in. Entries are inserted first, by whoever has read them and as often as they are read; then `reached` is moved
 * forwards, never back. A kill between the two leaves entries that nobody is told of until they come again.
 */
export async function openMongoEventIndex(
  connection: MongoConnection,
  { name = 'event_index' }: { readonly name?: string } = {},
): Promise<EventIndex> {
  const index = new MongoEventIndex(connection, name);
  await index.begin();
  return index;
}

class MongoEventIndex implements EventIndex {
  private readonly entries: Collection<Entry>;
  private readonly reachedBy: Collection<Reached>;
  private readonly server: string;
  /** What is known to be reached; it may be further by now. Everything at or before it is there to be read. */
  private seen: Reached = { _id: 'reached', position: 0n, last: null };

  private asked: Asked | undefined;

  constructor({ db, server }: MongoConnection, name: string) {
    this.entries = db.collection<Entry>(name);
    this.reachedBy = db.collection<Reached>(`${name}_reached`);
    this.server = server;
  }

  async begin(): Promise<void> {
    await this.asking(async () => {
      await this.entries.createIndexes([
        { name: 'id', key: { id: 1 } },
        { name: 'latest', key: { latest: 1, _id: 1 } },
      ]);
      await this.reachedBy.updateOne({ _id: 'reached' }, { $setOnInsert: { position: 0n, last: null } }, { upsert: true });
    });
    await this.look();
  }

  async upTo(): Promise<Position> {
    return (await this.look()).position;
  }

  async add(events: readonly IndexedEvent[]): Promise<void> {
    if (events.length === 0) return;
    // Whoever adds has added, or found here, all that stands before: from `reached` on there is no gap.
    const reached = await this.look();
    const entries: Entry[] = [];
    let [n, latest, upTo] = [reached.last?.n ?? 0, reached.last?.latest ?? -Infinity, reached.position];
    for (const { id, stream, revision, position, recordedAt } of events) {
      if (position <= upTo) continue;
      upTo = position;
      latest = Math.max(latest, recordedAt);
      entries.push({ _id: position, id, stream, revision, recordedAt, n: ++n, latest });
    }
    const last = entries.at(-1);
    if (!last) return;
    const moved = await this.asking(async () => {
      // What is there already was written before what follows, so it is as durable.
      await this.entries.insertMany(entries, { ordered: false }).catch(unlessDuplicates);
      return this.reachedBy.updateOne(
        { _id: 'reached', position: { $gte: reached.position, $lt: last._id } },
        { $set: { position: last._id, last } },
      );
    });
    // Otherwise others have gone further, or the index was dropped meanwhile.
    if (moved.matchedCount === 0) await this.look();
    else if (last._id > this.seen.position) this.seen = { _id: 'reached', position: last._id, last };
  }

  async find(ids: readonly string[]): Promise<readonly IndexedEvent[]> {
    if (ids.length === 0) return [];
    if (!this.asked || this.asked.ids.size >= ASKED_TOGETHER) {
      const asked: Asked = {
        ids: new Set(),
        answer: nextTurn().then(() => {
          if (this.asked === asked) this.asked = undefined;
          return this.lookFor([...asked.ids]);
        }),
      };
      this.asked = asked;
    }
    const { ids: together, answer } = this.asked;
    for (const id of ids) together.add(id);
    const found = await answer;
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  async last(): Promise<IndexedEvent | undefined> {
    const { last } = await this.look();
    return last === null ? undefined : eventOf(last);
  }

  async count(upTo: Position): Promise<number> {
    const { position, last } = await this.covering(upTo);
    if (upTo >= position) return last?.n ?? 0;
    const entry = await this.asking(() => this.entries.findOne({ _id: { $lte: upTo } }, { sort: { _id: -1 }, projection: { n: 1 } }));
    return entry?.n ?? 0;
  }

  async firstAfter(position: Position): Promise<Position | undefined> {
    if (position >= (await this.covering(position + 1n)).position) return undefined;
    const entry = await this.asking(() => this.entries.findOne({ _id: { $gt: position } }, { sort: { _id: 1 }, projection: { _id: 1 } }));
    return entry?._id;
  }

  async positionAt(instant: Instant): Promise<Position> {
    const { position, last } = await this.look();
    if (last === null || last.latest <= instant) return position;
    const entry = await this.asking(() =>
      this.entries.findOne(
        { latest: { $lte: instant }, _id: { $lte: position } },
        { sort: { latest: -1, _id: -1 }, projection: { _id: 1 } },
      ),
    );
    return entry?._id ?? 0n;
  }

  private async lookFor(ids: readonly string[]): Promise<ReadonlyMap<string, IndexedEvent>> {
    const { position } = this.seen;
    const found = await this.asking(() =>
      this.entries.find({ id: { $in: [...ids] } }, { sort: { _id: 1 }, batchSize: ASKED_TOGETHER }).toArray(),
    );
    // What others have not finished adding is not in yet.
    const known = found.every(({ _id }) => _id <= position) ? position : (await this.look()).position;
    return new Map(found.filter(({ _id }) => _id <= known).map((entry) => [entry.id, eventOf(entry)]));
  }

  /** What is reached, asked anew only where the position is not known to be. */
  private async covering(position: Position): Promise<Reached> {
    return position <= this.seen.position ? this.seen : this.look();
  }

  private async look(): Promise<Reached> {
    const before = this.seen.position;
    const reached = await this.asking(() => this.reachedBy.findOne({ _id: 'reached' }));
    // What was read before cannot have been taken back, unless by whoever dropped the index: this process would go on behind a gap.
    if (reached === null || reached.position < before)
      throw new LogDamagedError(
        `Chỉ mục nhật ký “${this.entries.collectionName}” đã bị xoá khi chương trình đang dùng: đã ghi đến vị trí ${String(before)}, nay chỉ còn đến ${String(reached?.position ?? 0n)} (${this.server}). Hãy khởi động lại các tiến trình để dựng lại chỉ mục.`,
      );
    if (reached.position > this.seen.position) this.seen = reached;
    return this.seen;
  }

  private async asking<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!['unreachable', 'no-primary', 'not-acknowledged'].includes(mongoFailure(error))) throw error;
      throw new LogUnavailableError(`Chỉ mục nhật ký: ${mongoProblem(error, this.server).detail}`, error);
    }
  }
}

const eventOf = ({ _id, id, stream, revision, recordedAt }: Entry): IndexedEvent => ({ id, stream, revision, position: _id, recordedAt });

/** Passes over documents that were there; anything else stays an error. */
function unlessDuplicates(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'MongoBulkWriteError') throw error;
  const { writeErrors, result } = error as MongoBulkWriteError;
  const all: readonly WriteError[] = Array.isArray(writeErrors) ? writeErrors : [writeErrors];
  if (all.length === 0 || all.some(({ code }) => code !== 11000) || result.getWriteConcernError() !== undefined) throw error;
}
