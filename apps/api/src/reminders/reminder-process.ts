import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { schemaOf, type AppendResult, type EventLog, type JsonObject, type NewEvent, type Position } from '#event-log';
import { addDays, atTime, dayFromNumber, dayNumberOf, dayOf, derivedId, isoInstant, parseInstant, Problem, type Clock, type Day, type Instant } from '#kernel';
import { isThere, type OutsideChannel, type Person } from '#people';
import {
  DASHBOARD_RUNS_STREAM, dashboardMailOf, dashboardMessageIdOf, dashboardSlots, deliveriesOf, deliveryOf, evolveHead, isSentStill, itemsOf, letterPath, mailOf, mayClaim, messageIdOf, MissedItems, missedItems, nextDashboardSlot, quietUntil, REMINDER_EVENT_SCHEMAS, reminderStream, retryAt, RUNS_STREAM,
  type Channel, type DashboardSilence, type DashboardSlot, type DeliverySuppression, type Known, type ItemData, type Letter, type Line, type MessageFact, type MessageHead, type Outgoing, type PlannedMessage, type ReminderEvent, type ReminderEventData, type PlannedDelivery, type ReminderLedger, type RuleSet, type SendOutcome,
} from '#reminders';
import type { ReferenceData } from '../reference/reference-data.ts';
import { dashboardUrl, type DashboardMailing, type ShownDashboard } from './dashboard-mailing.ts';
import { morningOf, planMorning, type MorningSources } from './morning.ts';
import type { BoardTask } from '#task-board';
import type { KnownPeople, PeopleDirectory } from './people-known.ts';
import { Urgencies } from './urgencies.ts';

/** The clock of the machine may be set forward while we wait: looked at anew this often. */
const LONGEST_WAIT = 60_000;
const RETRY_MS = 5_000;
/** Appended side by side, for they share a commit of the log: so many messages, and not many more slots, which take time to write. */
const TOGETHER = 200;
const SLOTS_TOGETHER = 2_000;
/** Claimed together before they are sent one after the other. */
const BATCH = 50;
/** Slots in one event. */
const ITEMS_AN_EVENT = 400;
/** What a message names outside of the program; it tells how many more there are. */
const MOST_SHOWN = 50;
/** So long what is known of a task is told without looking again. */
const BELIEVED_MS = 1_000;
/** Longer than any one try may take. */
const CLAIM_MS = 120_000;
/** Decided so long after its morning, a message says that it is late. */
const LATE_MS = 3_600_000;
/** A channel that does not answer is left alone for so long. */
const DOWN_MS = 30_000;

/** Who acts for the program. */
export const REMINDERS_ACTOR = { id: 'reminders', role: 'system' } as const;

/** What is derived from the log and asked by the process; caught up before it is. */
export interface ReminderInputs extends MorningSources {
  readonly ledger: ReminderLedger;
  catchUp(): Promise<void>;
}

export interface ReminderProcessOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly inputs: ReminderInputs;
  readonly reference: ReferenceData;
  readonly people: PeopleDirectory;
  readonly channels: readonly Channel[];
  /** What dashboards say that are sent at a stated hour. */
  readonly dashboards: DashboardMailing;
  /** Where people reach the page. */
  readonly baseUrl: () => string;
  /** Names this process among others. */
  readonly instance: string;
  /** No other process sends: what another has claimed is of one that is gone. */
  readonly alone: boolean;
  /** How many mails of one channel are on their way at once. */
  readonly lanes?: number;
  readonly onTrouble?: (error: unknown) => void;
  /** Told at the places where a crash would hurt; for tests of just that. */
  readonly at?: (place: 'decided' | 'claimed' | 'sent' | 'recorded') => void | Promise<void>;
}

interface DashboardDecision {
  readonly person: Person | undefined;
  readonly silent?: DashboardSilence;
  readonly deliveries: readonly PlannedDelivery[];
}

interface Claimed {
  readonly head: MessageHead;
  readonly channel: Channel;
  readonly attempt: number;
}

/** What is to leave, or why nothing does; undefined where it could not be found out now. With what it was written by. */
interface Written {
  readonly claimed: Claimed;
  readonly outgoing: Outgoing | DeliverySuppression | undefined;
  readonly told: ToldTasks;
  readonly people: KnownPeople;
}

/**
 * Decides who is reminded of what each morning, and sends it. Both are records in the log: a message of a person and morning is the first
 * event of a stream of its own, so that whoever comes second loses; sending is claimed there before it begins and its outcome told after it.
 * It keeps nothing of its own: which mornings are decided stands in the log, what waits to be sent in the ledger that is built from it.
 */
export class ReminderProcess {
  private readonly stopping = new AbortController();
  private readonly options: ReminderProcessOptions;
  private readonly urgencies: Urgencies;
  private working: Promise<void> | undefined;
  private woken: (() => void) | undefined;
  private readonly downUntil = new Map<OutsideChannel, Instant>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: ReminderProcessOptions) {
    this.options = options;
    this.urgencies = new Urgencies(options.log);
  }

  start(): void {
    this.working = this.work();
  }

  /** Somebody has changed something that may let a message go. */
  wake(): void {
    this.woken?.();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.wake();
    await this.working;
    await this.turn.catch(() => undefined);
  }

  /** Decides what is to be decided by now, and sends what is to be sent by now. One at a time. */
  tick(): Promise<{ readonly decided: number; readonly sent: number }> {
    const mine = this.turn.catch(() => undefined).then(async () => {
      const decided = await this.decide();
      let trouble: Error | undefined;
      // Figures that cannot be asked hold up no reminder.
      const dashboards = await this.decideDashboards().catch((error: unknown) => { trouble = error instanceof Error ? error : new Error(String(error)); return 0; });
      const sent = await this.deliver();
      if (trouble) throw trouble;
      return { decided: decided + dashboards, sent };
    });
    this.turn = mine;
    return mine;
  }

  /** Decides what is to be decided by now, and sends nothing; returns how many messages were written. */
  decideNow(): Promise<number> {
    const mine = this.turn.catch(() => undefined).then(() => this.decide());
    this.turn = mine;
    return mine;
  }

  /** Urgency of documents by task, where one of the rules asks for it. */
  async urgenciesFor({ rules }: RuleSet): Promise<ReadonlyMap<string, string> | undefined> {
    return rules.some(({ on, when }) => on && when.urgencies !== undefined) ? this.urgencies.known() : undefined;
  }

  /** When something is to be done next, by what is known now; undefined where nobody is to be reminded. */
  async nextMorning(): Promise<Instant | undefined> {
    const { reference, people } = this.options;
    if ((await people.known()).all.length === 0) return undefined;
    const now = await this.now();
    const { set } = reference.rules;
    for (let day = dayOf(now); ; day = addDays(day, 1)) if (reference.calendar.isWorkingDay(day) && atTime(day, set.morning) > now) return atTime(day, set.morning);
  }

  /** When a dashboard is to be sent next, by what is known now. */
  async nextDashboard(): Promise<Instant | undefined> {
    const { reference } = this.options;
    const now = await this.now();
    const next = [...reference.subscriptions.values()].flatMap((one) => nextDashboardSlot(one, reference.calendar, now)?.at ?? []);
    return next.length === 0 ? undefined : Math.min(...next);
  }

  /** The last morning that is decided, when that was, and where it stands in the log. */
  async lastRun(): Promise<(ReminderEventData['ReminderMorningsDecided'] & { readonly at: Instant; readonly position: Position }) | undefined> {
    const [last] = await this.options.log.readStream(RUNS_STREAM, { direction: 'backwards', limit: 1 });
    return last?.type === 'ReminderMorningsDecided' ? { ...(last.data as unknown as ReminderEventData['ReminderMorningsDecided']), at: last.occurredAt, position: last.position } : undefined;
  }

  private async work(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      let wait: number;
      try {
        await this.tick();
        const now = await this.now();
        const next = [await this.nextMorning(), await this.nextDashboard(), await this.nextDelivery()].flatMap((at) => at ?? []);
        wait = Math.min(LONGEST_WAIT, Math.max(Math.min(...next) - now, 50));
      } catch (error) {
        // Stopped in the middle: what is left is found by whoever comes next.
        if (!this.stopping.signal.aborted) this.options.onTrouble?.(error);
        wait = RETRY_MS;
      }
      const ended = new AbortController();
      const woken = new Promise<void>((resolve) => { this.woken = resolve; });
      await Promise.race([sleep(wait, undefined, { signal: AbortSignal.any([signal, ended.signal]), ref: false }).catch(() => undefined), woken]);
      ended.abort();
    }
  }

  private async nextDelivery(): Promise<Instant | undefined> {
    const next = await this.options.inputs.ledger.nextDue();
    const held = Math.min(...this.downUntil.values());
    return next === undefined ? undefined : this.downUntil.size > 0 && Number.isFinite(held) ? Math.max(next, held) : next;
  }

  /** The later of the clock and the log's last recordedAt. */
  private async now(): Promise<Instant> {
    return Math.max(this.options.clock.now(), (await this.options.log.head()).recordedAt);
  }

  private newEvent(id: string, event: ReminderEvent, occurredAt: Instant): NewEvent {
    return { id, type: event.type, schema: schemaOf(REMINDER_EVENT_SCHEMAS, event.type), data: event.data as unknown as JsonObject, occurredAt, metadata: { actor: REMINDERS_ACTOR, $correlationId: id } };
  }

  /* ---- deciding ---- */

  /** From which day mornings are to be decided; undefined while nobody is to be reminded. The first time, this is the next morning. */
  private async from(now: Instant): Promise<{ readonly from: Day; readonly revision: number } | undefined> {
    const { log, people, reference } = this.options;
    const [last] = await log.readStream(RUNS_STREAM, { direction: 'backwards', limit: 1 });
    if (last?.type === 'ReminderMorningsDecided') return { from: addDays((last.data as unknown as ReminderEventData['ReminderMorningsDecided']).slot, 1), revision: last.revision };
    if (last) return { from: (last.data as unknown as ReminderEventData['RemindersBegun']).from, revision: last.revision };
    if ((await people.known()).all.length === 0) return undefined;
    const today = dayOf(now);
    const from = now < atTime(today, reference.rules.set.morning) ? today : addDays(today, 1);
    await log.append(RUNS_STREAM, [this.newEvent(derivedId('reminders-begun'), { type: 'RemindersBegun', data: { from } }, now)], { expectedRevision: -1 });
    return this.from(now);
  }

  /** Decides every morning up to this one that is not decided, on a working day after its hour; returns how many messages were written. */
  private async decide(): Promise<number> {
    const { log, inputs, reference, people } = this.options;
    await reference.catchUp();
    const { calendar, rules: { set: rules, version } } = reference;
    const now = await this.now();
    const today = dayOf(now);
    const begun = await this.from(now);
    if (!begun || begun.from > today || !calendar.isWorkingDay(today) || now < atTime(today, rules.morning)) return 0;
    await inputs.catchUp();
    const { position, lastEventId } = await log.head();
    const known = { position: String(position), eventId: lastEventId };
    const mornings: Day[] = [];
    for (let day = begun.from; day <= today; day = addDays(day, 1)) if (calendar.isWorkingDay(day)) mornings.push(day);
    const everybody = await people.known();
    const urgencies = await this.urgenciesFor(rules);
    const given = { rules, calendar, people: everybody.all, snoozes: await inputs.ledger.snoozes(begun.from), known: position, ...(urgencies === undefined ? {} : { urgencies }) };
    const open = new Set<string>();
    const last = await planMorning(inputs, given, today, ({ taskId, unitId }) => { open.add(`${taskId} ${unitId}`); });
    const isOpen = ({ taskId, unitId }: ItemData): boolean => open.has(`${taskId} ${unitId}`);
    const counts = { messages: 0, items: 0 };
    const missed = new MissedItems();
    const sharedData = (day: Day) => ({ slot: day, slotAt: isoInstant(morningOf(day, rules, calendar).at), rules: version, calendar: calendar.version, known });

    for (const day of mornings.slice(0, -1)) {
      const planned = (await planMorning(inputs, given, day)).map((message) => ({ message, items: missedItems(message.items, isOpen) }));
      await this.inGroups(planned, async ({ message, items }) => {
        const { result, stream } = await this.writeMessage(message, items, { ...sharedData(day), late: true, deliveries: [] }, now);
        counts.messages += 1;
        counts.items += items.length;
        // Somebody has decided it before, or we have before we were cut off: what stands there counts.
        const recorded = result.ok && !result.repeated ? items : itemsOf((await log.readStream(stream)).map(toFact)).items;
        missed.note(message, day, recorded);
      });
    }

    const late = now - morningOf(today, rules, calendar).at > LATE_MS;
    const names = this.options.channels.map(({ name }) => name);
    const left = new Map<string, number>();
    await this.inGroups([...last, ...missed.others(last)], async (message) => {
      const merged = missed.with(message.kind, message.recipientId, message.items).filter(isOpen);
      const tells = merged.length > 0 || message.items.some(({ suppressed }) => suppressed === undefined);
      if (message.items.length === 0 && merged.length === 0) return;
      const person = everybody.byId.get(message.recipientId);
      const deliveries = person && tells ? deliveriesOf(person, now, names, left.get(message.recipientId) ?? 0) : [];
      if (deliveries.length > 0) left.set(message.recipientId, (left.get(message.recipientId) ?? 0) + 1);
      await this.writeMessage(message, message.items, { ...sharedData(today), ...(late ? { late: true as const } : {}), ...(merged.length === 0 ? {} : { merged }), deliveries }, now);
      counts.messages += 1;
      counts.items += message.items.length;
    });
    const run: ReminderEvent = { type: 'ReminderMorningsDecided', data: { slot: today, from: mornings[0]!, rules: version, known, ...counts, missed: mornings.length - 1 } };
    await log.append(RUNS_STREAM, [this.newEvent(derivedId('reminder-mornings', today), run, now)], { expectedRevision: begun.revision });
    await this.options.at?.('decided');
    return counts.messages;
  }

  /**
   * Decides every dashboard that was to be sent up to now and is not decided: one message a subscription and day. That of a day gone by is
   * recorded and not sent: nobody is helped by old figures, and a downtime must not end in a flood.
   */
  private async decideDashboards(): Promise<number> {
    const { log, inputs, reference, people } = this.options;
    // First the time, then what was recorded by then.
    const now = await this.now();
    await reference.catchUp();
    if (reference.subscriptions.size === 0) return 0;
    const [last] = await log.readStream(DASHBOARD_RUNS_STREAM, { direction: 'backwards', limit: 1 });
    const after = last === undefined ? -Infinity : parseInstant((last.data as unknown as ReminderEventData['ReminderDashboardsDecided']).until)!;
    const slots = [...reference.subscriptions.values()].flatMap((subscription) => dashboardSlots(subscription, reference.calendar, after, now).map((slot) => ({ subscription, slot, items: [] })));
    if (slots.length === 0) return 0;
    await inputs.catchUp();
    const { position, lastEventId } = await log.head();
    const known: Known = { position: String(position), eventId: lastEventId };
    const { byId } = await people.known();
    const planned: (typeof slots[number] & DashboardDecision)[] = [];
    for (const one of slots) {
      planned.push({ ...one, ...(await this.decideDashboard(one.slot, byId.get(one.subscription.recipientId), known, now)) });
      this.stopping.signal.throwIfAborted();
    }
    await this.inGroups(planned, async ({ subscription, slot, silent, deliveries, person }) => {
      const id = dashboardMessageIdOf(subscription.id, slot.day);
      const { name, query } = slot.terms;
      const data: ReminderEventData['ReminderDecided'] = {
        kind: 'dashboard', slot: slot.day, slotAt: isoInstant(slot.at), recipientId: subscription.recipientId, role: person?.role ?? subscription.role, unitId: person?.unitId ?? subscription.unitId, rules: reference.rules.version,
        calendar: reference.calendar.version, known, deliveries, items: [], dashboard: { subscriptionId: subscription.id, name, query, ...(silent === undefined ? {} : { silent }) }, ...(now - slot.at > LATE_MS ? { late: true as const } : {}),
      };
      await log.append(reminderStream(id), [this.newEvent(derivedId('reminder-decided', id), { type: 'ReminderDecided', data }, now)], { expectedRevision: -1 });
    });
    const run: ReminderEvent = { type: 'ReminderDashboardsDecided', data: { until: isoInstant(now), known, messages: planned.length, missed: planned.filter(({ silent }) => silent === 'missed').length } };
    await log.append(DASHBOARD_RUNS_STREAM, [this.newEvent(derivedId('reminder-dashboards', isoInstant(now), this.options.instance), run, now)], { expectedRevision: last?.revision ?? -1 });
    await this.options.at?.('decided');
    return planned.length;
  }

  /** Whether a dashboard is sent, and if not, why. */
  private async decideDashboard(slot: DashboardSlot, person: Person | undefined, known: Known, now: Instant): Promise<DashboardDecision> {
    const suppressed = (reason: DeliverySuppression, silent?: DashboardSilence): DashboardDecision => ({ person, deliveries: [{ channel: 'email', suppressed: reason }], ...(silent === undefined ? {} : { silent }) });
    if (!isSentStill(slot, now, LATE_MS)) return suppressed('missed', 'missed');
    if (!person || !isThere(person, dayOf(now))) return suppressed('recipient-removed');
    const shown = await this.shown(slot.terms.query, slot.at, known);
    if (shown === undefined) return suppressed('no-figures', 'no-figures');
    if (shown.empty) return suppressed('empty', 'empty');
    if (person.email === null) return suppressed('no-address');
    if (!this.options.channels.some(({ name }) => name === 'email')) return suppressed('channel-off');
    const notBefore = quietUntil(person, now);
    return { person, deliveries: [{ channel: 'email', ...(notBefore === undefined ? {} : { notBefore: isoInstant(notBefore) }) }] };
  }

  /** Undefined where the question is none any more; any other failure is thrown, and tried again. */
  private async shown(query: string, at: Instant, known: Known): Promise<ShownDashboard | undefined> {
    try {
      return await this.options.dashboards.shown(query, at, known);
    } catch (error) {
      if (error instanceof Problem && error.status < 500) return undefined;
      throw error;
    }
  }

  private async inGroups<T extends { readonly items: readonly unknown[] }>(all: readonly T[], each: (one: T) => Promise<void>): Promise<void> {
    for (let from = 0; from < all.length && !this.stopping.signal.aborted; ) {
      let to = from;
      for (let slots = 0; to < all.length && to - from < TOGETHER && (to === from || slots + all[to]!.items.length <= SLOTS_TOGETHER); to++) slots += all[to]!.items.length;
      await Promise.all(all.slice(from, to).map(each));
      await nextTurn();
      from = to;
    }
    this.stopping.signal.throwIfAborted();
  }

  private async writeMessage(
    { recipientId, role, unitId, onBehalfOf, kind }: Omit<PlannedMessage, 'items'>,
    items: readonly ItemData[],
    data: Omit<ReminderEventData['ReminderDecided'], 'kind' | 'recipientId' | 'role' | 'unitId' | 'onBehalfOf' | 'items'>,
    now: Instant,
  ): Promise<{ readonly result: AppendResult; readonly stream: string }> {
    const id = messageIdOf(recipientId, data.slot, kind);
    const stream = reminderStream(id);
    const events = [this.newEvent(derivedId('reminder-decided', id), { type: 'ReminderDecided', data: { kind, recipientId, role, unitId, ...(onBehalfOf === null ? {} : { onBehalfOf }), ...data, items: items.slice(0, ITEMS_AN_EVENT) } }, now)];
    for (let from = ITEMS_AN_EVENT; from < items.length; from += ITEMS_AN_EVENT) events.push(this.newEvent(derivedId('reminder-continued', id, String(from)), { type: 'ReminderContinued', data: { items: items.slice(from, from + ITEMS_AN_EVENT) } }, now));
    return { result: await this.options.log.append(stream, events, { expectedRevision: -1 }), stream };
  }

  /* ---- sending ---- */

  /** Sends everything that is due; returns how many messages have left. */
  private async deliver(): Promise<number> {
    const { inputs, instance, alone } = this.options;
    const { signal } = this.stopping;
    let sent = 0;
    const tried = new Set<string>();
    while (!signal.aborted) {
      await inputs.catchUp();
      const now = await this.now();
      const heads = await inputs.ledger.due(now, { by: instance, alone, limit: BATCH });
      const fresh = heads.filter(({ id, position }) => !tried.has(`${id} ${String(position)}`));
      if (fresh.length === 0) return sent;
      for (const { id, position } of fresh) tried.add(`${id} ${String(position)}`);
      const claimed = (await Promise.all(fresh.map((head) => this.claim(head, now)))).flat();
      await this.options.at?.('claimed');
      let told = new ToldTasks(inputs, now);
      const write = async (one: Claimed): Promise<Written> => {
        if (told.isOld) told = new ToldTasks(inputs, await this.now());
        return this.write(one, told);
      };
      const lanes = Array.from({ length: this.options.lanes ?? 1 }, async () => {
        let next = claimed.shift();
        for (let written = next && (await write(next)); written !== undefined && !signal.aborted; ) {
          const mine = (await this.holdsStill(written)) ? written : await write(written.claimed);
          next = claimed.shift();
          // While this one is on its way, the next is written. Neither is left alone when the other fails.
          const [left, after]: [PromiseSettledResult<boolean>, PromiseSettledResult<Written | undefined>] = await Promise.allSettled([this.send(mine), next && nextTurn().then(() => write(next!))]);
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
    if (!person || !isThere(person, dayOf(await this.now()))) return { ...written, outgoing: 'recipient-removed' };
    if (name === 'email' && person.email === null) return { ...written, outgoing: 'no-address' };
    if (head.dashboard === undefined) return { ...written, outgoing: (await this.outgoing(head, name, person, told)) ?? 'nothing-left' };
    try {
      return { ...written, outgoing: await this.dashboardOf(head, head.dashboard, person) };
    } catch (error) {
      this.options.onTrouble?.(error);
      return { ...written, outgoing: undefined };
    }
  }

  /** True when the message has left. */
  private async send({ claimed: { head, channel, attempt }, outgoing }: Written): Promise<boolean> {
    const name = channel.name;
    const messageId = channel.messageIdOf(head.id);
    const held = this.downUntil.get(name) ?? 0;
    if (held > (await this.now())) {
      // It has not been tried: the claim is given back as if nothing had been.
      await this.tell(head, () => ({ type: 'ReminderFailed', data: { channel: name, attempt: attempt - 1, outcome: 'refused', code: 'channel-down', messageId, retryAt: isoInstant(held) } }));
      return false;
    }
    if (typeof outgoing === 'string') {
      await this.tell(head, () => ({ type: 'ReminderSuppressed', data: { channel: name, reason: outgoing } }));
      return false;
    }
    // Figures that could not be asked: it has not been tried with anybody, and is asked again later, as a mail that nobody took.
    const outcome: SendOutcome = outgoing === undefined ? { ok: false, outcome: 'refused', temporary: true, code: 'no-figures', down: false } : await channel.send(outgoing);
    if (outgoing !== undefined) await this.options.at?.('sent');
    if (outcome.ok) await this.tell(head, () => ({ type: 'ReminderSent', data: { channel: name, attempt, messageId } }));
    else {
      const after = await this.now();
      if (outcome.down) this.downUntil.set(name, after + DOWN_MS);
      const again = retryAt(attempt, outcome.temporary, after);
      await this.tell(head, () => ({ type: 'ReminderFailed', data: { channel: name, attempt, outcome: outcome.outcome, code: outcome.code, messageId, ...(again === undefined ? {} : { retryAt: isoInstant(again) }) } }));
    }
    if (outgoing !== undefined) await this.options.at?.('recorded');
    return outcome.ok;
  }

  /** The dashboard of the message's slot, as known when it was decided: the numbers of the decision, however late it leaves. */
  private async dashboardOf(head: MessageHead, { subscriptionId, name, query, known }: NonNullable<MessageHead['dashboard']>, person: Person): Promise<Outgoing | DeliverySuppression> {
    const { reference } = this.options;
    await reference.catchUp();
    if (reference.subscriptions.get(subscriptionId)?.endedAt !== null) return 'ended';
    const shown = await this.shown(query, head.slotAt, known);
    if (shown === undefined) return 'no-figures';
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
      const now = await this.now();
      const result = await log.append(stream, [this.newEvent(derivedId('reminder-event', id, String(head.revision + 1), this.options.instance, event.type), event, now)], { expectedRevision: head.revision });
      if (result.ok && !result.repeated) return evolveHead(head, id, { type: event.type, data: event.data, revision: result.revision, position: Number(result.position), occurredAt: now });
      if (result.ok) return undefined;
    }
  }
}

/** What messages that are sent soon after one another say of their tasks, asked once: people of one unit are reminded of the same ones. */
class ToldTasks {
  private readonly madeAt = performance.now();
  private readonly stand = new Map<string, { readonly unitId: string; readonly due: number } | undefined>();
  private readonly board = new Map<string, BoardTask>();
  private readonly inputs: ReminderInputs;
  private readonly now: Instant;
  constructor(inputs: ReminderInputs, now: Instant) {
    this.inputs = inputs;
    this.now = now;
  }

  /** A mail server may be slow, and what was open then is done by now. */
  get isOld(): boolean {
    return performance.now() - this.madeAt > BELIEVED_MS;
  }

  /** Who leads a task that is still open, and until when; undefined for any other. */
  standing(taskId: string): { readonly unitId: string; readonly due: number } | undefined {
    if (this.stand.has(taskId)) return this.stand.get(taskId);
    const last = this.inputs.columns.ofTask(taskId, this.now, null).at(-1);
    const open = last?.cell.startsWith('O') === true ? { unitId: last.unitId, due: last.due } : undefined;
    this.stand.set(taskId, open);
    return open;
  }

  async texts(taskIds: readonly string[]): Promise<ReadonlyMap<string, BoardTask>> {
    const asked = [...new Set(taskIds)].filter((id) => !this.board.has(id));
    if (asked.length > 0) for (const task of await this.inputs.board.byIds(asked)) this.board.set(task.id, task);
    return this.board;
  }
}

export const toFact = ({ type, data, revision, position, occurredAt }: { readonly type: string; readonly data: unknown; readonly revision: number; readonly position: bigint; readonly occurredAt: Instant }): MessageFact => ({ type, data, revision, position: Number(position), occurredAt });

export const headOf = (id: string, facts: readonly MessageFact[]): MessageHead | undefined => facts.reduce<MessageHead | undefined>((head, fact) => evolveHead(head, id, fact), undefined);
