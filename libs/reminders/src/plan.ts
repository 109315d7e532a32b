import { dayNumberOf, dayFromNumber, DAY_MS, isoInstant, type Day, type Instant } from '#kernel';
import { quietFor, type OutsideChannel, type Person, type PersonRole } from '#people';
import type { ItemData, MergedItem, MessageKind, PlannedDelivery } from './events.ts';
import { firedBy, type OpenWork, type WorkingDays } from './ladder.ts';
import type { Addressees } from './recipients.ts';
import type { Rule, RuleSet } from './rules.ts';

/** A message to one person as decided for a morning, before anything is written. */
export interface PlannedMessage {
  readonly recipientId: string;
  readonly role: PersonRole;
  readonly unitId: string;
  readonly onBehalfOf: string | null;
  readonly kind: MessageKind;
  readonly items: readonly ItemData[];
}

export interface Morning {
  readonly day: Day;
  readonly at: Instant;
  /** The morning of the working day before. */
  readonly previous: Instant;
}

const kindOf = (rule: Rule): MessageKind => (rule.kind === 'escalation' ? 'escalation' : rule.kind === 'ladder' && rule.urgent === true ? 'urgent' : 'digest');

interface Gathered {
  readonly recipientId: string;
  readonly role: PersonRole;
  readonly unitId: string;
  readonly onBehalfOf: string | null;
  readonly kind: MessageKind;
  /** By deadline: what one person is told may be a third of all open work, and is put in order piece by piece. */
  readonly items: Map<Instant, ItemData[]>;
}

/** Decides a morning: given open work piece by piece, answers the message of every person. Keeps the order of nothing it is given. */
export class MorningPlan {
  private readonly gathered = new Map<string, Gathered>();
  private readonly rules: readonly Rule[];
  private readonly morning: Morning;
  private readonly addressees: Addressees;
  private readonly days: WorkingDays;
  private readonly snoozed: (recipientId: string, taskId: string, day: Day) => boolean;

  constructor({ rules }: RuleSet, morning: Morning, addressees: Addressees, days: WorkingDays, snoozed: (recipientId: string, taskId: string, day: Day) => boolean) {
    this.rules = rules.filter(({ on }) => on);
    this.morning = morning;
    this.addressees = addressees;
    this.days = days;
    this.snoozed = snoozed;
  }

  take(work: OpenWork): void {
    const { at, previous, day } = this.morning;
    for (const rule of this.rules) {
      const fired = firedBy(rule, work, at, previous, this.days);
      if (!fired) continue;
      const kind = kindOf(rule);
      for (const { person, onBehalfOf, role } of this.addressees.of(fired.to, work.unitId)) {
        const key = `${kind} ${person.id}`;
        let message = this.gathered.get(key);
        if (!message) {
          message = { recipientId: person.id, role, unitId: person.unitId, onBehalfOf, kind, items: new Map() };
          this.gathered.set(key, message);
        }
        let items = message.items.get(work.due);
        if (!items) message.items.set(work.due, (items = []));
        items.push({
          taskId: work.taskId, rule: rule.id, step: fired.step, unitId: work.unitId, ...(work.due === Infinity ? {} : { dueOn: dayFromNumber(dayNumberOf(work.due)) }),
          ...(rule.kind === 'ladder' && rule.answer === true ? { answer: true as const } : {}), ...(this.snoozed(person.id, work.taskId, day) ? { suppressed: 'snoozed' as const } : {}),
        });
      }
    }
  }

  /** One after the other, each put in order when it is asked for. In a fixed order: by kind as `MESSAGE_KINDS` would send them, then by person; items by deadline, task and rule. */
  *messages(): Generator<PlannedMessage> {
    const rank: Readonly<Record<MessageKind, number>> = { urgent: 0, escalation: 1, digest: 2, test: 3, dashboard: 4 };
    for (const { items, ...message } of [...this.gathered.values()].sort((a, b) => rank[a.kind] - rank[b.kind] || (a.recipientId < b.recipientId ? -1 : 1))) {
      const byDeadline = [...items].sort(([a], [b]) => a - b);
      yield { ...message, items: byDeadline.flatMap(([, some]) => some.sort((a, b) => (a.taskId < b.taskId ? -1 : a.taskId > b.taskId ? 1 : a.rule < b.rule ? -1 : 1))) };
    }
  }
}

/** The items of a missed morning as they are recorded: told by a later message, or of work that has been closed meanwhile. */
export const missedItems = (items: readonly ItemData[], isOpen: (item: ItemData) => boolean): readonly ItemData[] =>
  items.map((item): ItemData => (item.suppressed !== undefined ? item : { ...item, suppressed: isOpen(item) ? 'merged' : 'closed-meanwhile' }));

/** What several missed mornings have left to say to one person: the last slot of each task and rule, of work that is still open. */
export class MissedItems {
  private readonly byMessage = new Map<string, { readonly message: Omit<PlannedMessage, 'items'>; readonly items: Map<string, MergedItem> }>();

  /** Takes the items of a missed message of the morning `slot`, as they are recorded. Mornings come oldest first: the last slot of a task and rule stands. */
  note(message: Omit<PlannedMessage, 'items'>, slot: Day, recorded: readonly ItemData[]): void {
    for (const { suppressed, ...item } of recorded) {
      if (suppressed !== 'merged') continue;
      const key = `${message.kind} ${message.recipientId}`;
      let kept = this.byMessage.get(key);
      if (!kept) {
        const { recipientId, role, unitId, onBehalfOf, kind } = message;
        kept = { message: { recipientId, role, unitId, onBehalfOf, kind }, items: new Map() };
        this.byMessage.set(key, kept);
      }
      kept.items.set(`${item.taskId} ${item.rule}`, { ...item, slot });
    }
  }

  /** What is told with a message of the last morning: not what that morning says anyway. */
  with(kind: MessageKind, recipientId: string, items: readonly ItemData[]): readonly MergedItem[] {
    const kept = this.byMessage.get(`${kind} ${recipientId}`);
    if (!kept) return [];
    const said = new Set(items.map(({ taskId, rule }) => `${taskId} ${rule}`));
    return [...kept.items].filter(([key]) => !said.has(key)).map(([, item]) => item);
  }

  /** Messages for those whom the last morning itself has nothing to tell. */
  others(planned: readonly PlannedMessage[]): readonly PlannedMessage[] {
    const there = new Set(planned.map(({ kind, recipientId }) => `${kind} ${recipientId}`));
    return [...this.byMessage].filter(([key]) => !there.has(key)).map(([, { message }]) => ({ ...message, items: [] }));
  }
}

/** The end of the quiet hours of somebody that an instant falls in. */
export function quietUntil({ quiet }: Pick<Person, 'quiet'>, at: Instant): Instant | undefined {
  const minutes = quietFor(quiet, Math.floor((((at + 7 * 3_600_000) % DAY_MS) + DAY_MS) / 60_000) % 1440);
  return minutes === 0 ? undefined : at + minutes * 60_000;
}

/** How a message leaves the program: by the channels that its person uses, after quiet hours, and no more a day than wished. `earlier` left the same day. */
export function deliveriesOf(person: Person, at: Instant, channels: readonly OutsideChannel[], earlier: number): readonly PlannedDelivery[] {
  const notBefore = quietUntil(person, at);
  return person.channels
    .filter((channel) => channels.includes(channel))
    .map((channel) => ({ channel, ...(person.dailyLimit !== null && earlier >= person.dailyLimit ? { suppressed: 'limit' as const } : {}), ...(notBefore === undefined ? {} : { notBefore: isoInstant(notBefore) }) }));
}
