import type { Day, Instant } from '#kernel';
import type { RecordedEvent } from '#event-log';
import { reminderIdOf, type ItemData, type MergedItem, type ReminderEventData } from './events.ts';
import { evolveHead, tellsSomething as tells, type MessageFact, type MessageHead } from './message.ts';

/** The name, version and events of the projection, in whatever store it is kept. */
export const REMINDER_LEDGER = {
  name: 'reminder-ledger',
  version: 2,
  categories: ['reminder'],
  types: ['ReminderDecided', 'ReminderContinued', 'ReminderClaimed', 'ReminderSent', 'ReminderFailed', 'ReminderSuppressed', 'ReminderResendAsked', 'ReminderSeen', 'ReminderAnswered', 'ReminderSnoozed'],
} as const;

/** A slot as it was decided, with the message that says it. */
export interface LedgerEntry {
  /** Place among the items of its message. */
  readonly n: number;
  readonly item: ItemData;
  readonly head: MessageHead;
}

export interface LedgerFilter {
  readonly taskId?: string;
  readonly recipientId?: string;
  /** Who led the task. */
  readonly unitId?: string;
  readonly from?: Day;
  readonly to?: Day;
}

export interface Snooze {
  readonly recipientId: string;
  readonly taskId: string;
  readonly until: Day;
  readonly at: Instant;
}

export interface InboxMessage {
  readonly head: MessageHead;
  readonly items: readonly ItemData[];
  readonly merged: readonly MergedItem[];
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
}

/** What stores of the ledger answer; newest first where nothing else is said. Every store passes `ledger.features.ts`. */
export interface ReminderLedger {
  /**
   * Messages that are to be sent by now, urgent ones first, then in the order of the log. With `alone`, also what another process has claimed:
   * it is gone.
   */
  due(now: Instant, options: { readonly by: string; readonly alone: boolean; readonly limit: number }): Promise<readonly MessageHead[]>;
  /** When something is to be sent next; undefined when nothing waits. */
  nextDue(): Promise<Instant | undefined>;
  /** Slots, each once: not those that are told again with a later message. */
  entries(filter: LedgerFilter, page: Page): Promise<{ readonly total: number; readonly entries: readonly LedgerEntry[] }>;
  /** Messages that tell somebody something. */
  inbox(recipientId: string, page: Page): Promise<{ readonly total: number; readonly unseen: number; readonly messages: readonly InboxMessage[] }>;
  unseen(recipientId: string): Promise<number>;
  message(id: string): Promise<InboxMessage | undefined>;
  /** Of messages by id, those that there are, without their items. */
  headsOf(ids: readonly string[]): Promise<ReadonlyMap<string, MessageHead>>;
  /** In force on the day. */
  snoozes(on: Day): Promise<readonly Snooze[]>;
  /** Given up, or waiting for another try. */
  troubles(page: Page): Promise<{ readonly total: number; readonly dead: number; readonly heads: readonly MessageHead[] }>;
  /** Messages of mornings in these days, in the order of the log, by pages that let others have their turn. */
  heads(from: Day, to: Day): AsyncIterable<readonly MessageHead[]>;
}

/** Every entry there was at the beginning, newest first, `by` at a time, so that neither memory nor the event loop holds all of them. */
export async function* everyEntry(ledger: Pick<ReminderLedger, 'entries'>, filter: LedgerFilter, by: number): AsyncGenerator<readonly LedgerEntry[]> {
  let [read, moved] = [0, 0];
  let first: number | undefined;
  for (;;) {
    const { total, entries } = await ledger.entries(filter, { offset: read + moved, limit: by });
    first ??= total;
    // What a morning decides meanwhile stands before all of them and moves them on: so many of this page were read before.
    const fresh = entries.slice(total - first - moved);
    moved = total - first;
    read += fresh.length;
    yield fresh;
    if (entries.length < by) return;
  }
}

/** What one event changes, for a store that keeps heads, items and snoozes. */
export type LedgerChange =
  | { readonly kind: 'head'; readonly head: MessageHead; readonly items: readonly { readonly n: number; readonly item: ItemData; readonly slot: Day; readonly merged: boolean }[] }
  | { readonly kind: 'snooze'; readonly id: string; readonly snooze: Snooze };

/** How an event changes the ledger, given the head of its message; undefined where it was taken before. */
export function changeOf(event: RecordedEvent, head: MessageHead | undefined): LedgerChange | undefined {
  const id = reminderIdOf(event.stream);
  const position = Number(event.position);
  if (event.type === 'ReminderSnoozed') {
    const { recipientId, taskId, until } = event.data as unknown as ReminderEventData['ReminderSnoozed'];
    return { kind: 'snooze', id, snooze: { recipientId, taskId, until, at: event.occurredAt } };
  }
  const fact: MessageFact = { type: event.type, data: event.data, revision: event.revision, position, occurredAt: event.occurredAt };
  const next = evolveHead(head, id, fact);
  if (!next || next === head) return undefined;
  if (event.type === 'ReminderDecided') {
    const { items, merged = [] } = event.data as unknown as ReminderEventData['ReminderDecided'];
    // Merged ones stand behind all others, which may go on in further events.
    return { kind: 'head', head: next, items: [...items.map((item, n) => ({ n, item, slot: next.slot, merged: false })), ...merged.map(({ slot, ...item }, n) => ({ n: MERGED_FROM + n, item, slot, merged: true }))] };
  }
  if (event.type === 'ReminderContinued') {
    const { items } = event.data as unknown as ReminderEventData['ReminderContinued'];
    return { kind: 'head', head: next, items: items.map((item, n) => ({ n: head!.items + n, item, slot: next.slot, merged: false })) };
  }
  return { kind: 'head', head: next, items: [] };
}

export const MERGED_FROM = 1_000_000;

/** What a store puts beside a head to find it by. */
export interface HeadKeys {
  /** Somebody reads something in it. */
  readonly telling: boolean;
  readonly unseen: boolean;
  /** Urgent first. */
  readonly rank: number;
  readonly nextAt: Instant | null;
  readonly claimedBy: string | null;
  readonly trouble: 0 | 1 | 2;
}

const RANKS = { urgent: 0, escalation: 1, test: 0, dashboard: 1, digest: 2 } as const;

export function keysOf(head: MessageHead): HeadKeys {
  const waiting = head.deliveries.flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]));
  return {
    telling: tells(head), unseen: head.seenAt === null && tells(head), rank: RANKS[head.kind], nextAt: waiting.length === 0 ? null : Math.min(...waiting), claimedBy: head.deliveries.find(({ state }) => state === 'claimed')?.by ?? null,
    trouble: head.deliveries.some(({ state }) => state === 'dead') ? 2 : head.deliveries.some(({ state }) => state === 'failed') ? 1 : 0,
  };
}

/** Whose numbers stand side by side. */
export const NUMBERS_BY = ['person', 'unit'] as const;
export type NumbersBy = (typeof NUMBERS_BY)[number];

export interface ReminderNumbers {
  readonly messages: number;
  readonly slots: number;
  /** On the morning itself. */
  readonly inTime: number;
  /** By a later message, after a downtime. */
  readonly later: number;
  readonly snoozed: number;
  readonly closedMeanwhile: number;
  /** Of the messages that tell something. */
  readonly telling: number;
  readonly seen: number;
  readonly asked: number;
  readonly answered: number;
  readonly deliveries: Readonly<Record<string, number>>;
}

/** Adds up heads one by one. */
class NumberSums {
  private readonly sums = { messages: 0, slots: 0, inTime: 0, later: 0, snoozed: 0, closedMeanwhile: 0, telling: 0, seen: 0, asked: 0, answered: 0 };
  private readonly deliveries: Record<string, number> = {};

  add(head: MessageHead): void {
    const { sums } = this;
    sums.messages += 1;
    sums.slots += head.items;
    sums.inTime += head.late ? 0 : head.told;
    sums.later += head.silent.merged + (head.late ? head.told : 0);
    sums.snoozed += head.silent.snoozed;
    sums.closedMeanwhile += head.silent.closedMeanwhile;
    if (tells(head)) {
      sums.telling += 1;
      sums.seen += head.seenAt === null ? 0 : 1;
    }
    sums.asked += head.asked;
    sums.answered += Object.keys(head.answers).length;
    for (const { channel, state } of head.deliveries) this.deliveries[`${channel} ${state}`] = (this.deliveries[`${channel} ${state}`] ?? 0) + 1;
  }

  get numbers(): ReminderNumbers {
    return { ...this.sums, deliveries: this.deliveries };
  }
}

/** What the heads of a span add up to, together and by person or by the unit that a person was of then. */
export async function numbersOf(
  heads: AsyncIterable<readonly MessageHead[]>,
  isIn: (head: MessageHead) => boolean,
  by?: NumbersBy,
): Promise<{ readonly numbers: ReminderNumbers; readonly groups: ReadonlyMap<string, ReminderNumbers> }> {
  const whole = new NumberSums();
  const groups = new Map<string, NumberSums>();
  for await (const page of heads) {
    for (const head of page) {
      // Neither is about a task that somebody is reminded of.
      if (head.kind === 'test' || head.kind === 'dashboard' || !isIn(head)) continue;
      whole.add(head);
      if (by === undefined) continue;
      const key = by === 'person' ? head.recipientId : head.unitId;
      let sums = groups.get(key);
      if (!sums) groups.set(key, (sums = new NumberSums()));
      sums.add(head);
    }
  }
  return { numbers: whole.numbers, groups: new Map([...groups].map(([key, sums]) => [key, sums.numbers])) };
}
