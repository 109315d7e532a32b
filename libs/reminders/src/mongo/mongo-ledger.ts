import type { Collection, Db, Filter } from 'mongodb';
import type { RecordedEvent } from '#event-log';
import type { Day, Instant } from '#kernel';
import { readStored, type Build, type Projection } from '#projections';
import { collectionOf, type MongoTx } from '#projections/mongo/mongo-read-models';
import { reminderIdOf, type ItemData, type MergedItem } from '../events.ts';
import { changeOf, keysOf, REMINDER_LEDGER, type InboxMessage, type LedgerEntry, type LedgerFilter, type Page, type ReminderLedger, type Snooze } from '../ledger.ts';
import type { MessageHead } from '../message.ts';

const MESSAGES = 'reminder_messages';
const ITEMS = 'reminder_items';
const SNOOZES = 'reminder_snoozes';
const AT_ONCE = 1_000;

interface MessageDocument {
  readonly _id: string;
  readonly position: bigint;
  readonly begun: bigint;
  readonly recipientId: string;
  readonly slot: string;
  readonly rank: number;
  readonly telling: boolean;
  readonly unseen: boolean;
  readonly nextAt: number | null;
  readonly claimedBy: string | null;
  readonly trouble: number;
  readonly head: string;
}
interface ItemDocument {
  readonly _id: string;
  readonly messageId: string;
  readonly n: number;
  readonly begun: bigint;
  readonly taskId: string;
  readonly unitId: string;
  readonly recipientId: string;
  readonly slot: string;
  readonly merged: boolean;
  readonly item: string;
}
interface SnoozeDocument extends Snooze {
  readonly _id: string;
  readonly position: bigint;
}

interface AtHand {
  readonly head: MessageHead;
  readonly begun: bigint;
}

/**
 * One document a message, one a slot and one a snooze. What is written again after a lost checkpoint is the same: slots stand before their
 * message in a commit and are written once, messages and snoozes only over older ones.
 */
export class MongoReminderLedgerProjection implements Projection<MongoTx> {
  readonly name = REMINDER_LEDGER.name;
  readonly version: number = REMINDER_LEDGER.version;
  readonly categories = REMINDER_LEDGER.categories;
  readonly types = REMINDER_LEDGER.types;
  readonly tables = [{ name: MESSAGES, orderBy: '_id' }, { name: ITEMS, orderBy: '_id' }, { name: SNOOZES, orderBy: '_id' }];
  /** What the events since the last commit are about. */
  private readonly heads = new Map<string, AtHand>();
  private readonly changed = new Set<string>();

  async init(tx: MongoTx): Promise<void> {
    await tx.collection(MESSAGES).createIndexes([{ key: { recipientId: 1, begun: -1 } }, { key: { nextAt: 1 } }, { key: { trouble: 1 } }, { key: { slot: 1, begun: 1 } }]);
    await tx.collection(ITEMS).createIndexes([{ key: { taskId: 1, begun: -1 } }, { key: { unitId: 1, slot: 1 } }, { key: { recipientId: 1, slot: 1 } }, { key: { messageId: 1, n: 1 } }]);
    await tx.collection(SNOOZES).createIndexes([{ key: { until: 1 } }]);
  }

  /** Again, for a build that was begun and cut short before its indexes. */
  caughtUp(tx: MongoTx): Promise<void> {
    return this.init(tx);
  }

  async apply(events: readonly RecordedEvent[], tx: MongoTx): Promise<void> {
    await this.readBack(events, tx);
    for (const event of events) {
      const id = reminderIdOf(event.stream);
      const before = this.heads.get(id);
      const change = changeOf(event, before?.head);
      if (!change) continue;
      if (change.kind === 'snooze') {
        const { id: _id, snooze } = change;
        tx.write(SNOOZES, { updateOne: { filter: { _id }, update: { $setOnInsert: { ...snooze, position: event.position } }, upsert: true } });
        tx.write(SNOOZES, { replaceOne: { filter: { _id, position: { $lt: event.position } }, replacement: { ...snooze, position: event.position } } });
        continue;
      }
      const { head, items } = change;
      const begun = before?.begun ?? event.position;
      for (const { n, item, slot, merged } of items) {
        tx.write(ITEMS, {
          updateOne: {
            filter: { _id: `${id} ${String(n).padStart(8, '0')}` },
            update: { $setOnInsert: { messageId: id, n, begun, taskId: item.taskId, unitId: item.unitId, recipientId: head.recipientId, slot, merged, item: JSON.stringify(item) } },
            upsert: true,
          },
        });
      }
      this.heads.set(id, { head, begun });
      this.changed.add(id);
    }
  }

  flush(tx: MongoTx): void {
    for (const _id of this.changed) {
      const { head, begun } = this.heads.get(_id)!;
      const { telling, unseen, rank, nextAt, claimedBy, trouble } = keysOf(head);
      const document = { position: BigInt(head.position), begun, recipientId: head.recipientId, slot: head.slot, rank, telling, unseen, nextAt, claimedBy, trouble, head: JSON.stringify(head) };
      tx.write(MESSAGES, { updateOne: { filter: { _id }, update: { $setOnInsert: document }, upsert: true } });
      tx.write(MESSAGES, { replaceOne: { filter: { _id, position: { $lt: document.position } }, replacement: document } });
    }
  }

  committed(): void {
    this.changed.clear();
    this.heads.clear();
  }

  rolledBack(): void {
    this.committed();
  }

  private async readBack(events: readonly RecordedEvent[], tx: MongoTx): Promise<void> {
    const wanted = [...new Set(events.map(({ stream }) => reminderIdOf(stream)))].filter((id) => !this.heads.has(id));
    if (wanted.length === 0) return;
    for await (const { _id, head, begun } of tx.collection(MESSAGES).find<MessageDocument>({ _id: { $in: wanted } }, { batchSize: wanted.length })) this.heads.set(_id, { head: readHead(head), begun });
  }
}

/** Reads what `MongoReminderLedgerProjection` wrote in one build. */
export class MongoReminderLedger implements ReminderLedger {
  private readonly messages: Collection<MessageDocument>;
  private readonly items: Collection<ItemDocument>;
  private readonly asleep: Collection<SnoozeDocument>;

  constructor({ db }: { readonly db: Db }, build: Build) {
    this.messages = db.collection<MessageDocument>(collectionOf(build, MESSAGES));
    this.items = db.collection<ItemDocument>(collectionOf(build, ITEMS));
    this.asleep = db.collection<SnoozeDocument>(collectionOf(build, SNOOZES));
  }

  async due(now: Instant, { by, alone, limit }: { readonly by: string; readonly alone: boolean; readonly limit: number }): Promise<readonly MessageHead[]> {
    const order = { rank: 1, begun: 1 } as const;
    const due = await this.messages.find({ nextAt: { $ne: null, $lte: now } }, { sort: order, limit }).toArray();
    const left = alone ? (await this.messages.find({ nextAt: { $gt: now }, claimedBy: { $ne: null } }, { sort: order, limit }).toArray()).filter(({ claimedBy }) => claimedBy !== by) : [];
    return [...due, ...left].sort((a, b) => a.rank - b.rank || Number(a.begun - b.begun)).slice(0, limit).map(({ head }) => readHead(head));
  }

  async nextDue(): Promise<Instant | undefined> {
    return (await this.messages.find({ nextAt: { $ne: null } }, { sort: { nextAt: 1 }, limit: 1 }).toArray())[0]?.nextAt ?? undefined;
  }

  async entries({ taskId, recipientId, unitId, from, to }: LedgerFilter, { offset, limit }: Page): Promise<{ readonly total: number; readonly entries: readonly LedgerEntry[] }> {
    const slot = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lte: to }) };
    const filter: Filter<ItemDocument> = { merged: false, ...(taskId === undefined ? {} : { taskId }), ...(recipientId === undefined ? {} : { recipientId }), ...(unitId === undefined ? {} : { unitId }), ...(Object.keys(slot).length === 0 ? {} : { slot }) };
    const total = await this.items.countDocuments(filter);
    const rows = await this.items.find(filter, { sort: { begun: -1, n: 1 }, skip: offset, limit }).toArray();
    const ids = [...new Set(rows.map(({ messageId }) => messageId))];
    const heads = new Map((await this.messages.find({ _id: { $in: ids } }).toArray()).map(({ _id, head }) => [_id, readHead(head)]));
    return { total, entries: rows.flatMap(({ messageId, n, item }) => (heads.has(messageId) ? [{ n, item: readItem(item), head: heads.get(messageId)! }] : [])) };
  }

  async inbox(recipientId: string, { offset, limit }: Page): Promise<{ readonly total: number; readonly unseen: number; readonly messages: readonly InboxMessage[] }> {
    const filter = { recipientId, telling: true };
    const heads = (await this.messages.find(filter, { sort: { begun: -1 }, skip: offset, limit }).toArray()).map(({ head }) => readHead(head));
    return { total: await this.messages.countDocuments(filter), unseen: await this.unseen(recipientId), messages: await Promise.all(heads.map((head) => this.withItems(head))) };
  }

  unseen(recipientId: string): Promise<number> {
    return this.messages.countDocuments({ recipientId, unseen: true });
  }

  async message(id: string): Promise<InboxMessage | undefined> {
    const found = await this.messages.findOne({ _id: id });
    return found === null ? undefined : this.withItems(readHead(found.head));
  }

  async headsOf(ids: readonly string[]): Promise<ReadonlyMap<string, MessageHead>> {
    if (ids.length === 0) return new Map();
    return new Map((await this.messages.find({ _id: { $in: [...ids] } }).toArray()).map(({ _id, head }) => [_id, readHead(head)]));
  }

  async snoozes(on: Day): Promise<readonly Snooze[]> {
    return (await this.asleep.find({ until: { $gt: on } }, { sort: { at: -1, _id: 1 } }).toArray()).map(({ recipientId, taskId, until, at }) => ({ recipientId, taskId, until, at }));
  }

  async troubles({ offset, limit }: Page): Promise<{ readonly total: number; readonly dead: number; readonly heads: readonly MessageHead[] }> {
    const found = await this.messages.find({ trouble: { $gt: 0 } }, { sort: { trouble: -1, begun: -1 }, skip: offset, limit }).toArray();
    return { total: await this.messages.countDocuments({ trouble: { $gt: 0 } }), dead: await this.messages.countDocuments({ trouble: 2 }), heads: found.map(({ head }) => readHead(head)) };
  }

  /** By pages of their own and not one long cursor, which the server would end when its reader is slow. */
  async *heads(from: Day, to: Day): AsyncGenerator<readonly MessageHead[]> {
    for (let after = 0n; ; ) {
      const page = await this.messages.find({ slot: { $gte: from, $lte: to }, begun: { $gt: after } }, { sort: { begun: 1 }, limit: AT_ONCE, batchSize: AT_ONCE }).toArray();
      if (page.length > 0) yield page.map(({ head }) => readHead(head));
      if (page.length < AT_ONCE) return;
      after = page.at(-1)!.begun;
    }
  }

  private async withItems(head: MessageHead): Promise<InboxMessage> {
    const rows = await this.items.find({ messageId: head.id }, { sort: { n: 1 } }).toArray();
    return {
      head,
      items: rows.filter(({ merged }) => !merged).map(({ item }) => readItem(item)),
      merged: rows.filter(({ merged }) => merged).map(({ item, slot }): MergedItem => ({ ...readItem(item), slot })),
    };
  }
}

const readHead = (head: string): MessageHead => readStored(() => JSON.parse(head) as MessageHead);
const readItem = (item: string): ItemData => readStored(() => JSON.parse(item) as ItemData);
