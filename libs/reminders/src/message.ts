import { parseInstant, type Day, type Instant } from '#kernel';
import type { OutsideChannel, PersonRole } from '#people';
import type { DeliverySuppression, ItemData, Known, MergedItem, MessageKind, ReminderEventData, SentDashboard } from './events.ts';

export const DELIVERY_STATES = ['planned', 'claimed', 'sent', 'failed', 'dead', 'suppressed'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** How far one message is by one channel. */
export interface Delivery {
  readonly channel: OutsideChannel;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** When it is tried next; of a claimed one, until when nobody else tries. Null where nothing is to be done. */
  readonly nextAt: Instant | null;
  readonly at: Instant;
  readonly by: string | null;
  readonly code: string | null;
  readonly reason: DeliverySuppression | null;
  readonly messageId: string | null;
  /** It may have arrived though nobody said so. */
  readonly unknown: boolean;
}

/** A message without its items: what a delivery and an inbox need. */
export interface MessageHead {
  readonly id: string;
  readonly kind: MessageKind;
  readonly slot: Day;
  readonly slotAt: Instant;
  readonly decidedAt: Instant;
  readonly recipientId: string;
  readonly role: PersonRole;
  readonly unitId: string;
  readonly onBehalfOf: string | null;
  readonly rules: number;
  readonly late: boolean;
  /** Slots decided, and those of them that tell something by this message; merged ones beside. */
  readonly items: number;
  readonly told: number;
  readonly merged: number;
  /** Of slots that are told and ask for an answer. */
  readonly asked: number;
  /** Slots that tell nothing by this message, by the reason. */
  readonly silent: { readonly snoozed: number; readonly merged: number; readonly closedMeanwhile: number };
  /** By task. */
  readonly answers: Readonly<Record<string, Answer>>;
  readonly seenAt: Instant | null;
  /** Of a dashboard: which one, as known when. */
  readonly dashboard?: SentDashboard & { readonly known: Known };
  readonly deliveries: readonly Delivery[];
  readonly revision: number;
  readonly position: number;
}

export interface Answer {
  readonly answer: 'done' | 'not-done';
  readonly reason: string | null;
  readonly proposedOn: Day | null;
  readonly at: Instant;
}

/** A fact of a message as the log has it. */
export interface MessageFact {
  readonly type: string;
  readonly data: unknown;
  readonly revision: number;
  readonly position: number;
  readonly occurredAt: Instant;
}

const added = (a: MessageHead['silent'], b: MessageHead['silent']): MessageHead['silent'] => ({ snoozed: a.snoozed + b.snoozed, merged: a.merged + b.merged, closedMeanwhile: a.closedMeanwhile + b.closedMeanwhile });

function silentOf(items: readonly ItemData[]): MessageHead['silent'] {
  const count = (reason: ItemData['suppressed']): number => items.filter(({ suppressed }) => suppressed === reason).length;
  return { snoozed: count('snoozed'), merged: count('merged'), closedMeanwhile: count('closed-meanwhile') };
}

const isTold = (item: ItemData): boolean => item.suppressed === undefined;

/** Whether anything is to be read in it. */
export const tellsSomething = ({ told, merged, kind, dashboard }: Pick<MessageHead, 'told' | 'merged' | 'kind' | 'dashboard'>): boolean => told + merged > 0 || kind === 'test' || (dashboard !== undefined && dashboard.silent === undefined);

/** The head after one more fact; facts that were taken change nothing. */
export function evolveHead(head: MessageHead | undefined, id: string, fact: MessageFact): MessageHead | undefined {
  if (head && fact.position <= head.position) return head;
  const place = { revision: fact.revision, position: fact.position };
  if (fact.type === 'ReminderDecided') {
    const data = fact.data as ReminderEventData['ReminderDecided'];
    const { merged = [], items } = data;
    const begun: MessageHead = {
      id, kind: data.kind, slot: data.slot, slotAt: parseInstant(data.slotAt)!, decidedAt: fact.occurredAt, recipientId: data.recipientId, role: data.role, unitId: data.unitId, onBehalfOf: data.onBehalfOf ?? null,
      rules: data.rules, late: data.late === true, items: items.length, told: items.filter(isTold).length, merged: merged.length,
      asked: [...items.filter(isTold), ...merged].filter(({ answer }) => answer).length, silent: silentOf(items), answers: {}, seenAt: null, ...(data.dashboard === undefined ? {} : { dashboard: { ...data.dashboard, known: data.known } }),
      deliveries: data.deliveries.map(({ channel, notBefore, suppressed, failed }): Delivery => {
        const state = suppressed !== undefined ? 'suppressed' : failed !== undefined ? 'dead' : 'planned';
        const nextAt = state !== 'planned' ? null : notBefore === undefined ? fact.occurredAt : parseInstant(notBefore)!;
        return { channel, state, attempts: 0, nextAt, at: fact.occurredAt, by: null, code: failed ?? null, reason: suppressed ?? null, messageId: null, unknown: false };
      }),
      ...place,
    };
    return begun;
  }
  if (!head) return undefined;
  switch (fact.type) {
    case 'ReminderContinued': {
      const { items } = fact.data as ReminderEventData['ReminderContinued'];
      return { ...head, items: head.items + items.length, told: head.told + items.filter(isTold).length, asked: head.asked + items.filter((item) => isTold(item) && item.answer).length, silent: added(head.silent, silentOf(items)), ...place };
    }
    case 'ReminderSeen':
      return { ...head, seenAt: head.seenAt ?? fact.occurredAt, ...place };
    case 'ReminderClaimed': {
      const { channel, attempt, by, until } = fact.data as ReminderEventData['ReminderClaimed'];
      return { ...head, ...place, deliveries: changed(head, channel, { state: 'claimed', attempts: attempt, nextAt: parseInstant(until)!, at: fact.occurredAt, by }) };
    }
    case 'ReminderSent': {
      const { channel, messageId } = fact.data as ReminderEventData['ReminderSent'];
      return { ...head, ...place, deliveries: changed(head, channel, { state: 'sent', nextAt: null, at: fact.occurredAt, by: null, code: null, messageId, unknown: false }) };
    }
    case 'ReminderFailed': {
      const { channel, attempt, outcome, code, retryAt, messageId } = fact.data as ReminderEventData['ReminderFailed'];
      return {
        ...head, ...place,
        deliveries: changed(head, channel, { state: retryAt === undefined ? 'dead' : 'failed', nextAt: retryAt === undefined ? null : parseInstant(retryAt)!, attempts: attempt, at: fact.occurredAt, by: null, code, messageId, unknown: outcome === 'unknown' || deliveryOf(head, channel)?.unknown === true }),
      };
    }
    case 'ReminderSuppressed': {
      const { channel, reason } = fact.data as ReminderEventData['ReminderSuppressed'];
      return { ...head, ...place, deliveries: changed(head, channel, { state: 'suppressed', nextAt: null, at: fact.occurredAt, by: null, reason }) };
    }
    case 'ReminderResendAsked': {
      const { channel } = fact.data as ReminderEventData['ReminderResendAsked'];
      return { ...head, ...place, deliveries: changed(head, channel, { state: 'planned', attempts: 0, nextAt: fact.occurredAt, at: fact.occurredAt, by: null, reason: null }) };
    }
    case 'ReminderAnswered': {
      const { taskId, answer, reason, proposedOn } = fact.data as ReminderEventData['ReminderAnswered'];
      return { ...head, ...place, answers: { ...head.answers, [taskId]: { answer, reason: reason ?? null, proposedOn: proposedOn ?? null, at: fact.occurredAt } } };
    }
    default:
      return { ...head, ...place };
  }
}

export const deliveryOf = ({ deliveries }: Pick<MessageHead, 'deliveries'>, channel: OutsideChannel): Delivery | undefined => deliveries.find((one) => one.channel === channel);

function changed(head: MessageHead, channel: OutsideChannel, change: Partial<Delivery>): readonly Delivery[] {
  return head.deliveries.map((one) => (one.channel === channel ? { ...one, ...change } : one));
}

/** The items of facts of one message, with those that were merged into it. */
export function itemsOf(facts: readonly MessageFact[]): { readonly items: readonly ItemData[]; readonly merged: readonly MergedItem[] } {
  const items: ItemData[] = [];
  let merged: readonly MergedItem[] = [];
  for (const { type, data } of facts) {
    if (type === 'ReminderDecided') {
      const decided = data as ReminderEventData['ReminderDecided'];
      items.push(...decided.items);
      merged = decided.merged ?? [];
    } else if (type === 'ReminderContinued') items.push(...(data as ReminderEventData['ReminderContinued']).items);
  }
  return { items, merged };
}

/** Minutes until the next try; after the last one it is given up. Together some nineteen hours. */
export const BACK_OFF_MINUTES = [1, 5, 15, 60, 180, 360, 540] as const;

export type ClaimRefusal = 'unknown' | 'done' | 'too-early' | 'held';

/** Whether `by` may send now. `alone`: no other process sends, so that a claim of another is one of a process that is gone. */
export function mayClaim(head: MessageHead | undefined, channel: OutsideChannel, by: string, now: Instant, alone: boolean): ClaimRefusal | undefined {
  const delivery = head && deliveryOf(head, channel);
  if (!delivery) return 'unknown';
  if (delivery.nextAt === null) return 'done';
  if (delivery.state === 'claimed') return delivery.by === by || (!alone && delivery.nextAt > now) ? 'held' : undefined;
  return delivery.nextAt > now ? 'too-early' : undefined;
}

/** When a try that failed is made again; undefined where it is given up: after the last, or because nothing would change. */
export function retryAt(attempt: number, temporary: boolean, now: Instant): Instant | undefined {
  const minutes = BACK_OFF_MINUTES[attempt - 1];
  return temporary && minutes !== undefined ? now + minutes * 60_000 : undefined;
}
