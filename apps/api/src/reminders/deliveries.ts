import { setImmediate as nextTurn } from 'node:timers/promises';
import { dayFromNumber, dayNumberOf, dayOf, derivedId, isoInstant, type Day, type Instant } from '#kernel';
import { isThere, type OutsideChannel, type Person } from '#people';
import {
  dashboardMailOf, deliveryOf, evolveHead, letterPath, mailOf, mayClaim, QUERY_INVALID, reminderStream, retryAt,
  type Channel, type DeliverySuppression, type ItemData, type Letter, type Line, type MessageHead, type Outgoing, type ReminderEvent, type SendOutcome,
} from '#reminders';
import { dashboardUrl } from './dashboard-mailing.ts';
import type { KnownPeople } from './people-known.ts';
import { headOf, reminderEvent, shownBy, timeOf, toFact, type ReminderProcessOptions } from './records.ts';
import { ToldTasks } from './told-tasks.ts';

/** Claimed together before they are sent one after the other. */
const BATCH = 50;
/** What a message names outside of the program; it tells how many more there are. */
const MOST_SHOWN = 50;
/** Longer than any one try may take. */
const CLAIM_MS = 120_000;
/** A channel that does not answer is left alone for so long. */
const DOWN_MS = 30_000;

interface Claimed {
  readonly head: MessageHead;
  readonly channel: Channel;
  readonly attempt: number;
}

/** It has not been tried with anybody: figures that could not be asked are asked again later, as a mail that nobody took. */
const NO_FIGURES: SendOutcome = { ok: false, outcome: 'refused', temporary: true, code: 'no-figures', down: false };
/** An address that is none has to be mended by somebody. */
const NO_DASHBOARD: SendOutcome = { ...NO_FIGURES, temporary: false, code: QUERY_INVALID };

/** What is to leave, why nothing is to, or what failed before anything could. With what it was written by. */
interface Written {
  readonly claimed: Claimed;
  readonly outgoing: Outgoing | DeliverySuppression | SendOutcome;
  readonly told: ToldTasks;
  readonly people: KnownPeople;
}

/** Sends what waits in the ledger: a sending is claimed in the log before it begins, and its outcome told there after it. */
export class Deliveries {
  private readonly options: ReminderProcessOptions;
  private readonly stopping: AbortSignal;
  private readonly downUntil = new Map<OutsideChannel, Instant>();

  constructor(options: ReminderProcessOptions, stopping: AbortSignal) {
    this.options = options;
    this.stopping = stopping;
  }

  /** When something is to be sent next. */
  async next(): Promise<Instant | undefined> {
    const next = await this.options.inputs.ledger.nextDue();
    const held = Math.min(...this.downUntil.values());
    return next === undefined ? undefined : this.downUntil.size > 0 && Number.isFinite(held) ? Math.max(next, held) : next;
  }

  /** Sends everything that is due, or what it has begun when an instant has passed at which others decide; returns how many messages have left. */
  async send(until: Instant = Infinity): Promise<number> {
    const { inputs, instance, alone } = this.options;
    const signal = this.stopping;
    let sent = 0;
    const tried = new Set<string>();
    while (!signal.aborted) {
      await inputs.catchUp();
      const now = await timeOf(this.options);
      if (now >= until) return sent;
      const heads = await inputs.ledger.due(now, { by: instance, alone, limit: BATCH });
      const fresh = heads.filter(({ id, position }) => !tried.has(`${id} ${String(position)}`));
      if (fresh.length === 0) return sent;
      for (const { id, position } of fresh) tried.add(`${id} ${String(position)}`);
      const claimed = (await Promise.all(fresh.map((head) => this.claim(head, now)))).flat();
      await this.options.at?.('claimed');
      let told = new ToldTasks(inputs, now);
      const write = async (one: Claimed): Promise<Written> => {
        if (told.isOld) told = new ToldTasks(inputs, await timeOf(this.options));
        return this.write(one, told);
      };
      const lanes = Array.from({ length: this.options.lanes ?? 1 }, async () => {
        let next = claimed.shift();
        for (let written = next && (await write(next)); written !== undefined && !signal.aborted; ) {
          const mine = (await this.holdsStill(written)) ? written : await write(written.claimed);
          next = claimed.shift();
          // While this one is on its way, the next is written. Neither is left alone when the other fails.
          const [left, after]: [PromiseSettledResult<boolean>, PromiseSettledResult<Written | undefined>] = await Promise.allSettled([this.sendOne(mine), next && nextTurn().then(() => write(next!))]);
          if (left.status === 'rejected') throw left.reason;
          if (after.status === 'rejected') throw after.reason;
          if (left.value) sent += 1;
          written = after.value;
        }
      });
      await Promise.all(lanes);
    }
    return sent;
  }

  /** Takes the sending of a message upon itself, by every channel where it is due. */
  private async claim(head: MessageHead, now: Instant): Promise<readonly Claimed[]> {
    const { instance, alone } = this.options;
    const claimed: Claimed[] = [];
    for (const { channel: name } of head.deliveries) {
      if ((this.downUntil.get(name) ?? 0) > now) continue;
      const channel = this.options.channels.find((one) => one.name === name);
      let attempt: number | undefined;
      const after = await this.tell(claimed.at(-1)?.head ?? head, (current) => {
        attempt = undefined;
        if (mayClaim(current, name, instance, now, alone) !== undefined) return undefined;
        if (!channel) return { type: 'ReminderSuppressed', data: { channel: name, reason: 'channel-off' } };
        const { state, attempts } = deliveryOf(current, name)!;
        // What somebody else had begun goes on as the same try: being killed is no failure of the mail.
        attempt = state === 'claimed' ? attempts : attempts + 1;
        return { type: 'ReminderClaimed', data: { channel: name, attempt, by: instance, until: isoInstant(now + CLAIM_MS) } };
      });
      if (after && attempt !== undefined && channel) claimed.push({ head: after, channel, attempt });
    }
    return claimed;
  }

  /** Whether what was written may leave as it is: nobody came or went meanwhile, and what is said of tasks is new enough. */
  private async holdsStill({ told, people }: Written): Promise<boolean> {
    return !told.isOld && people === (await this.options.people.known());
  }

  private async write(claimed: Claimed, told: ToldTasks): Promise<Written> {
    const { head, channel: { name } } = claimed;
    const people = await this.options.people.known();
    const person = people.byId.get(head.recipientId);
    const written = { claimed, told, people };
    if (!person || !isThere(person, dayOf(await timeOf(this.options)))) return { ...written, outgoing: 'recipient-removed' };
    if (name === 'email' && person.email === null) return { ...written, outgoing: 'no-address' };
    if (head.dashboard === undefined) return { ...written, outgoing: (await this.outgoing(head, name, person, told)) ?? 'nothing-left' };
    try {
      return { ...written, outgoing: await this.dashboardOf(head, head.dashboard, person) };
    } catch (error) {
      this.options.onTrouble?.(error);
      return { ...written, outgoing: NO_FIGURES };
    }
  }

  /** True when the message has left. */
  private async sendOne({ claimed: { head, channel, attempt }, outgoing }: Written): Promise<boolean> {
    const name = channel.name;
    const messageId = channel.messageIdOf(head.id);
    const held = this.downUntil.get(name);
    if (held !== undefined && held > (await timeOf(this.options))) {
      // It has not been tried: the claim is given back as if nothing had been.
      await this.tell(head, () => ({ type: 'ReminderFailed', data: { channel: name, attempt: attempt - 1, outcome: 'refused', code: 'channel-down', messageId, retryAt: isoInstant(held) } }));
      return false;
    }
    if (typeof outgoing === 'string') {
      await this.tell(head, () => ({ type: 'ReminderSuppressed', data: { channel: name, reason: outgoing } }));
      return false;
    }
    const tried = !('ok' in outgoing);
    const outcome = tried ? await channel.send(outgoing) : outgoing;
    if (tried) await this.options.at?.('sent');
    if (outcome.ok) await this.tell(head, () => ({ type: 'ReminderSent', data: { channel: name, attempt, messageId } }));
    else {
      const after = await timeOf(this.options);
      if (outcome.down) this.downUntil.set(name, after + DOWN_MS);
      const again = retryAt(attempt, outcome.temporary, after);
      await this.tell(head, () => ({ type: 'ReminderFailed', data: { channel: name, attempt, outcome: outcome.outcome, code: outcome.code, messageId, ...(again === undefined ? {} : { retryAt: isoInstant(again) }) } }));
    }
    if (tried) await this.options.at?.('recorded');
    return outcome.ok;
  }

  /** The dashboard of the message's slot, as known when it was decided: the numbers of the decision, however late it leaves. */
  private async dashboardOf(head: MessageHead, { subscriptionId, name, query, known }: NonNullable<MessageHead['dashboard']>, person: Person): Promise<Outgoing | DeliverySuppression | SendOutcome> {
    const { reference } = this.options;
    await reference.catchUp();
    if (reference.subscriptions.get(subscriptionId)?.endedAt !== null) return 'ended';
    const shown = await shownBy(this.options.dashboards, query, head.slotAt, known);
    if ('fault' in shown) return NO_DASHBOARD;
    const base = this.options.baseUrl();
    const exceptions = shown.says.exceptions.map(({ taskId, ...one }) => ({ ...one, url: `${base}/viec/${taskId}` }));
    const mail = dashboardMailOf({ ...shown.says, exceptions, name, late: head.late, url: dashboardUrl(base, query, head.slotAt, known), settingsUrl: `${base}/nhac/dinh-ky` });
    return { id: head.id, kind: head.kind, slot: head.slot, recipientId: person.id, to: person.email, mail, tasks: exceptions.map(({ code, url, why }) => ({ code, url, step: why })), letters: [] };
  }

  /** What leaves: of the slots those whose work is still open and led by the same unit. Undefined where nothing is left. */
  private async outgoing(head: MessageHead, channel: OutsideChannel, person: Person, told: ToldTasks): Promise<Outgoing | undefined> {
    const { inputs, reference } = this.options;
    const base = this.options.baseUrl();
    const kept = await inputs.ledger.message(head.id);
    const isStill = ({ taskId, unitId }: ItemData): boolean => told.standing(taskId)?.unitId === unitId;
    const still: readonly (ItemData & { readonly slot?: Day })[] = [...(kept?.items ?? []).filter((item) => item.suppressed === undefined && isStill(item)), ...(kept?.merged ?? []).filter(isStill)];
    if (still.length === 0 && head.kind !== 'test') return undefined;
    const shown = still.slice(0, MOST_SHOWN);
    const tasks = await told.texts(shown.map(({ taskId }) => taskId));
    const letters = new Map<string, Letter>();
    const lines = shown.flatMap(({ taskId, unitId, step, dueOn, answer, slot = null }): Line[] => {
      const task = tasks.get(taskId);
      if (!task) return [];
      const due = told.standing(taskId)?.due ?? Infinity;
      const day = due === Infinity ? (dueOn ?? null) : dayFromNumber(dayNumberOf(due));
      const unit = reference.unitName(unitId);
      const letter = letterPath(head, unitId, day);
      if (letter !== undefined) letters.set(unitId, { unitId, unit, url: `${base}${letter}` });
      return [{ code: task.code, title: task.content, unit, dueOn: day, step, url: `${base}/viec/${taskId}`, answer: answer === true, slot }];
    });
    const mail = mailOf({ kind: head.kind, slot: head.slot, lines, more: still.length - shown.length, inboxUrl: `${base}/hop-nhac?nguoi=${encodeURIComponent(person.id)}`, late: head.late, letters: [...letters.values()] });
    return { id: head.id, kind: head.kind, slot: head.slot, recipientId: person.id, to: channel === 'email' ? person.email : person.phone, mail, tasks: lines.map(({ code, url, step }) => ({ code, url, step })), letters: [...letters.values()].map(({ url }) => url) };
  }

  /**
   * Appends to a message what follows from how it stands; answers how it stands then. Begins with how it was last seen: only where somebody
   * else was faster is the message read, and decided about anew.
   */
  private async tell(seen: MessageHead, decide: (head: MessageHead) => ReminderEvent | undefined): Promise<MessageHead | undefined> {
    const { log } = this.options;
    const { id } = seen;
    const stream = reminderStream(id);
    for (let head: MessageHead | undefined = seen; ; head = headOf(id, (await log.readStream(stream)).map(toFact))) {
      const event: ReminderEvent | undefined = head && decide(head);
      if (!head || !event) return undefined;
      const now = await timeOf(this.options);
      const result = await log.append(stream, [reminderEvent(derivedId('reminder-event', id, String(head.revision + 1), this.options.instance, event.type), event, now)], { expectedRevision: head.revision });
      if (result.ok && !result.repeated) return evolveHead(head, id, { type: event.type, data: event.data, revision: result.revision, position: Number(result.position), occurredAt: now });
      if (result.ok) return undefined;
    }
  }
}
