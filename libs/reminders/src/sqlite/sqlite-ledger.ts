import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import type { RecordedEvent } from '#event-log';
import type { Day, Instant } from '#kernel';
import { readStored, type Build, type Projection } from '#projections';
import { prepared } from '#projections/sqlite/prepared';
import { tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { reminderIdOf, type ItemData, type MergedItem } from '../events.ts';
import { changeOf, keysOf, REMINDER_LEDGER, type InboxMessage, type LedgerEntry, type LedgerFilter, type Page, type ReminderLedger, type Snooze } from '../ledger.ts';
import type { MessageHead } from '../message.ts';

const MESSAGES = 'reminder_messages';
const ITEMS = 'reminder_items';
const TEXTS = 'reminder_texts';
const SNOOZES = 'reminder_snoozes';
/** Heads kept at hand between batches; the rest is read back from the file. */
const CACHED = 2_000;
/** Rows read between two turns of the event loop. */
const AT_ONCE = 1_000;

/**
 * One row a message, written over as it goes on; one a slot, written once; one a snooze. A morning is many slots: their rows hold what they are found
 * by, under the place in the log where their message began, so that they are added at the end of the table; what they say stands together in one text
 * for each event.
 */
export class ReminderLedgerProjection implements Projection<SqliteTx> {
  readonly name = REMINDER_LEDGER.name;
  readonly version: number = REMINDER_LEDGER.version;
  readonly categories = REMINDER_LEDGER.categories;
  readonly types = REMINDER_LEDGER.types;
  readonly tables = [{ name: MESSAGES, orderBy: 'message_id' }, { name: ITEMS, orderBy: 'begun, n' }, { name: TEXTS, orderBy: 'begun, n' }, { name: SNOOZES, orderBy: 'id' }];
  private readonly cache = new Map<string, MessageHead>();
  private readonly changed = new Set<string>();

  init({ db, table }: SqliteTx): void {
    const [messages, items] = [table(MESSAGES), table(ITEMS)];
    db.exec(`
      CREATE TABLE ${messages} (
        message_id TEXT PRIMARY KEY, begun INTEGER NOT NULL, recipient_id TEXT NOT NULL, slot TEXT NOT NULL, rank INTEGER NOT NULL, telling INTEGER NOT NULL, unseen INTEGER NOT NULL,
        next_at INTEGER, claimed_by TEXT, trouble INTEGER NOT NULL, head TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX ${messages}_inbox ON ${messages} (recipient_id, telling, begun);
      CREATE INDEX ${messages}_unseen ON ${messages} (recipient_id) WHERE unseen = 1;
      CREATE INDEX ${messages}_next ON ${messages} (next_at) WHERE next_at IS NOT NULL;
      CREATE INDEX ${messages}_trouble ON ${messages} (trouble, begun) WHERE trouble > 0;
      CREATE INDEX ${messages}_slot ON ${messages} (slot, begun);
      CREATE UNIQUE INDEX ${messages}_begun ON ${messages} (begun);
      CREATE TABLE ${items} (
        begun INTEGER NOT NULL, n INTEGER NOT NULL, task_id TEXT NOT NULL, unit_id TEXT NOT NULL, slot TEXT NOT NULL, merged INTEGER NOT NULL,
        PRIMARY KEY (begun, n)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX ${items}_task ON ${items} (task_id);
      CREATE INDEX ${items}_unit ON ${items} (unit_id, slot);
      CREATE TABLE ${table(TEXTS)} (begun INTEGER NOT NULL, n INTEGER NOT NULL, items TEXT NOT NULL, PRIMARY KEY (begun, n)) STRICT, WITHOUT ROWID;
      CREATE TABLE ${table(SNOOZES)} (id TEXT PRIMARY KEY, recipient_id TEXT NOT NULL, task_id TEXT NOT NULL, until TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
  }

  apply(events: readonly RecordedEvent[], tx: SqliteTx): void {
    const { db, table } = tx;
    const writeItem = prepared(db, `INSERT INTO ${table(ITEMS)} VALUES (?, ?, ?, ?, ?, ?)`);
    const writeText = prepared(db, `INSERT INTO ${table(TEXTS)} VALUES (?, ?, ?)`);
    for (const event of events) {
      const change = changeOf(event, event.type === 'ReminderDecided' || event.type === 'ReminderSnoozed' ? undefined : this.head(reminderIdOf(event.stream), tx));
      if (!change) continue;
      if (change.kind === 'snooze') {
        const { recipientId, taskId, until, at } = change.snooze;
        prepared(db, `INSERT INTO ${table(SNOOZES)} VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET until = excluded.until, at = excluded.at`).run(change.id, recipientId, taskId, until, at);
        continue;
      }
      const { head, items } = change;
      if (items.length > 0) {
        const begun = this.begun(event, head, tx);
        for (const { n, item, slot, merged } of items) writeItem.run(begun, n, item.taskId, item.unitId, slot, Number(merged));
        writeText.run(begun, items[0]!.n, JSON.stringify(items.map(({ n, item, slot, merged }): KeptItem => (merged ? [n, item, slot] : [n, item]))));
      }
      this.cache.delete(head.id);
      this.cache.set(head.id, head);
      this.changed.add(head.id);
      if (event.type === 'ReminderDecided') {
        const { telling, unseen, rank, nextAt, claimedBy, trouble } = keysOf(head);
        prepared(db, `INSERT INTO ${table(MESSAGES)} VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(head.id, Number(event.position), head.recipientId, head.slot, rank, Number(telling), Number(unseen), nextAt, claimedBy, trouble, JSON.stringify(head));
      }
    }
  }

  flush({ db, table }: SqliteTx): void {
    const write = prepared(db, `UPDATE ${table(MESSAGES)} SET telling = ?, unseen = ?, next_at = ?, claimed_by = ?, trouble = ?, head = ? WHERE message_id = ?`);
    for (const id of this.changed) {
      const head = this.cache.get(id)!;
      const { telling, unseen, nextAt, claimedBy, trouble } = keysOf(head);
      write.run(Number(telling), Number(unseen), nextAt, claimedBy, trouble, JSON.stringify(head), id);
    }
  }

  committed(): void {
    this.changed.clear();
    for (const id of this.cache.keys()) {
      if (this.cache.size <= CACHED) break;
      this.cache.delete(id);
    }
  }

  rolledBack(): void {
    this.changed.clear();
    this.cache.clear();
  }

  private head(id: string, { db, table }: SqliteTx): MessageHead | undefined {
    const kept = this.cache.get(id);
    if (kept) return kept;
    const row = prepared<[string], { head: string }>(db, `SELECT head FROM ${table(MESSAGES)} WHERE message_id = ?`).get(id);
    return row && readStored(() => JSON.parse(row.head) as MessageHead);
  }

  /** Where in the log a message began. */
  private begun(event: RecordedEvent, head: MessageHead, { db, table }: SqliteTx): number {
    if (event.type === 'ReminderDecided') return Number(event.position);
    return prepared<[string], { begun: number }>(db, `SELECT begun FROM ${table(MESSAGES)} WHERE message_id = ?`).get(head.id)!.begun;
  }
}

/** A slot of a message as it is kept: its place and what it says; of one told again by this message, its own day. */
type KeptItem = readonly [n: number, item: ItemData, missed?: Day];

interface HeadRow {
  readonly head: string;
}

/** Reads what `ReminderLedgerProjection` wrote in one build. */
export class SqliteReminderLedger implements ReminderLedger {
  private readonly db: Database;
  private readonly messages: string;
  private readonly items: string;
  private readonly texts: string;
  private readonly asleep: string;

  constructor(db: Database, build: Build) {
    this.db = db;
    this.messages = tableOf(build, MESSAGES);
    this.items = tableOf(build, ITEMS);
    this.texts = tableOf(build, TEXTS);
    this.asleep = tableOf(build, SNOOZES);
  }

  async due(now: Instant, { by, alone, limit }: { readonly by: string; readonly alone: boolean; readonly limit: number }): Promise<readonly MessageHead[]> {
    return prepared<[number, number, string, number], HeadRow>(this.db, `SELECT head FROM ${this.messages} WHERE next_at IS NOT NULL AND (next_at <= ? OR (? = 1 AND claimed_by IS NOT NULL AND claimed_by <> ?)) ORDER BY rank, begun LIMIT ?`)
      .all(now, Number(alone), by, limit)
      .map(toHead);
  }

  async nextDue(): Promise<Instant | undefined> {
    return prepared<[], { at: number | null }>(this.db, `SELECT min(next_at) AS at FROM ${this.messages} WHERE next_at IS NOT NULL`).get()?.at ?? undefined;
  }

  async entries(filter: LedgerFilter, { offset, limit }: Page): Promise<{ readonly total: number; readonly entries: readonly LedgerEntry[] }> {
    const wheres = ['merged = 0'];
    const values: (string | number)[] = [];
    const where = (text: string, value: string | undefined): void => {
      if (value === undefined) return;
      wheres.push(text);
      values.push(value);
    };
    where('task_id = ?', filter.taskId);
    where(`begun IN (SELECT begun FROM ${this.messages} WHERE recipient_id = ?)`, filter.recipientId);
    where('unit_id = ?', filter.unitId);
    where('slot >= ?', filter.from);
    where('slot <= ?', filter.to);
    const from = `FROM ${this.items} WHERE ${wheres.join(' AND ')}`;
    const { total } = prepared<(string | number)[], { total: number }>(this.db, `SELECT count(*) AS total ${from}`).get(...values)!;
    const rows = prepared<(string | number)[], { begun: number; n: number }>(this.db, `SELECT begun, n ${from} ORDER BY begun DESC, n LIMIT ? OFFSET ?`).all(...values, limit, offset);
    const found = new Map<number, { readonly head: MessageHead; readonly items: ReadonlyMap<number, ItemData> }>();
    for (const { begun } of rows) {
      if (found.has(begun)) continue;
      const head = toHead(prepared<[number], HeadRow>(this.db, `SELECT head FROM ${this.messages} WHERE begun = ?`).get(begun)!);
      found.set(begun, { head, items: new Map(this.kept(begun).map(([n, item]) => [n, item])) });
    }
    return { total, entries: rows.map(({ begun, n }) => ({ n, item: found.get(begun)!.items.get(n)!, head: found.get(begun)!.head })) };
  }

  async inbox(recipientId: string, { offset, limit }: Page): Promise<{ readonly total: number; readonly unseen: number; readonly messages: readonly InboxMessage[] }> {
    const { total } = prepared<[string], { total: number }>(this.db, `SELECT count(*) AS total FROM ${this.messages} WHERE recipient_id = ? AND telling = 1`).get(recipientId)!;
    const rows = prepared<[string, number, number], HeadRow & { begun: number }>(this.db, `SELECT head, begun FROM ${this.messages} WHERE recipient_id = ? AND telling = 1 ORDER BY begun DESC LIMIT ? OFFSET ?`).all(recipientId, limit, offset);
    return { total, unseen: await this.unseen(recipientId), messages: rows.map(({ head, begun }) => withItems(toHead({ head }), this.kept(begun))) };
  }

  async unseen(recipientId: string): Promise<number> {
    return prepared<[string], { n: number }>(this.db, `SELECT count(*) AS n FROM ${this.messages} WHERE recipient_id = ? AND unseen = 1`).get(recipientId)!.n;
  }

  async message(id: string): Promise<InboxMessage | undefined> {
    const rows = prepared<[string], HeadRow & { items: string | null }>(this.db, `SELECT m.head, t.items FROM ${this.messages} m LEFT JOIN ${this.texts} t ON t.begun = m.begun WHERE m.message_id = ? ORDER BY t.n`).all(id);
    return rows[0] && withItems(toHead(rows[0]), readStored(() => rows.flatMap(({ items }) => (items === null ? [] : (JSON.parse(items) as KeptItem[])))));
  }

  async headsOf(ids: readonly string[]): Promise<ReadonlyMap<string, MessageHead>> {
    const read = prepared<[string], HeadRow>(this.db, `SELECT head FROM ${this.messages} WHERE message_id = ?`);
    return new Map(ids.flatMap((id) => { const row = read.get(id); return row === undefined ? [] : [[id, toHead(row)]]; }));
  }

  async snoozes(on: Day): Promise<readonly Snooze[]> {
    return prepared<[string], Snooze>(this.db, `SELECT recipient_id AS recipientId, task_id AS taskId, until, at FROM ${this.asleep} WHERE until > ? ORDER BY at DESC, id`).all(on);
  }

  async troubles({ offset, limit }: Page): Promise<{ readonly total: number; readonly dead: number; readonly heads: readonly MessageHead[] }> {
    const { total, dead } = prepared<[], { total: number; dead: number | null }>(this.db, `SELECT count(*) AS total, sum(trouble = 2) AS dead FROM ${this.messages} WHERE trouble > 0`).get()!;
    return { total, dead: dead ?? 0, heads: prepared<[number, number], HeadRow>(this.db, `SELECT head FROM ${this.messages} WHERE trouble > 0 ORDER BY trouble DESC, begun DESC LIMIT ? OFFSET ?`).all(limit, offset).map(toHead) };
  }

  async *heads(from: Day, to: Day): AsyncGenerator<readonly MessageHead[]> {
    const page = prepared<[string, string, number, number], HeadRow & { begun: number }>(this.db, `SELECT head, begun FROM ${this.messages} WHERE slot >= ? AND slot <= ? AND begun > ? ORDER BY begun LIMIT ?`);
    for (let after = 0; ; ) {
      const rows = page.all(from, to, after, AT_ONCE);
      if (rows.length > 0) yield rows.map(toHead);
      if (rows.length < AT_ONCE) return;
      after = rows.at(-1)!.begun;
      await nextTurn();
    }
  }

  /** The slots of the message that began at a place, in their order. */
  private kept(begun: number): readonly KeptItem[] {
    const texts = prepared<[number], { items: string }>(this.db, `SELECT items FROM ${this.texts} WHERE begun = ? ORDER BY n`).all(begun);
    return readStored(() => texts.flatMap(({ items }) => JSON.parse(items) as KeptItem[]));
  }
}

const toHead = ({ head }: HeadRow): MessageHead => readStored(() => JSON.parse(head) as MessageHead);

function withItems(head: MessageHead, kept: readonly KeptItem[]): InboxMessage {
  const items: ItemData[] = [];
  const merged: MergedItem[] = [];
  for (const [, item, missed] of kept) {
    if (missed === undefined) items.push(item);
    else merged.push({ ...item, slot: missed });
  }
  return { head, items, merged };
}
