import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { AppendResult, Position } from '#event-log';
import { addDays, atTime, dayOf, derivedId, isoInstant, parseInstant, type Day, type Instant } from '#kernel';
import { isThere, type Person } from '#people';
import {
  DASHBOARD_RUNS_STREAM, dashboardMessageIdOf, dashboardSlots, deliveriesOf, isSentStill, itemsOf, messageIdOf, MissedItems, missedItems, nextDashboardSlot, QUERY_INVALID, quietUntil, reminderStream, RUNS_STREAM,
  type DashboardSilence, type DashboardSlot, type DeliverySuppression, type Known, type ItemData, type PlannedMessage, type ReminderEvent, type ReminderEventData, type PlannedDelivery, type RuleSet,
} from '#reminders';
import { Deliveries } from './deliveries.ts';
import { morningOf, planMorning } from './morning.ts';
import { reminderEvent, shownBy, timeOf, toFact, type ReminderProcessOptions } from './records.ts';
import { Urgencies } from './urgencies.ts';

/** The clock of the machine may be set forward while we wait: looked at anew this often. */
const LONGEST_WAIT = 60_000;
const RETRY_MS = 5_000;
/** Appended side by side, for they share a commit of the log: so many messages, and not many more slots, which take time to write. */
const TOGETHER = 200;
const SLOTS_TOGETHER = 2_000;
/** Slots in one event. */
const ITEMS_AN_EVENT = 400;
/** Decided so long after its morning, a message says that it is late. */
const LATE_MS = 3_600_000;

interface DashboardDecision {
  readonly person: Person | undefined;
  readonly silent?: DashboardSilence;
  /** What is wrong with the address. */
  readonly fault?: string;
  readonly deliveries: readonly PlannedDelivery[];
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
  private readonly deliveries: Deliveries;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(options: ReminderProcessOptions) {
    this.options = options;
    this.urgencies = new Urgencies(options.log);
    this.deliveries = new Deliveries(options, this.stopping.signal);
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
      const begun = await timeOf(this.options);
      const decided = await this.decide();
      let trouble: Error | undefined;
      // Figures that cannot be asked hold up no reminder.
      const dashboards = await this.decideDashboards().catch((error: unknown) => { trouble = error instanceof Error ? error : new Error(String(error)); return 0; });
      const sent = await this.deliveries.send(await this.nextToDecide(begun));
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

  /** The first morning after an instant, by default after now, by what is known now; undefined where nobody is to be reminded. */
  async nextMorning(after?: Instant): Promise<Instant | undefined> {
    const { reference, people } = this.options;
    if ((await people.known()).all.length === 0) return undefined;
    const from = after ?? (await timeOf(this.options));
    const { set } = reference.rules;
    for (let day = dayOf(from); ; day = addDays(day, 1)) if (reference.calendar.isWorkingDay(day) && atTime(day, set.morning) > from) return atTime(day, set.morning);
  }

  /** The first dashboard that is to be sent after an instant, by default after now, by what is known now. */
  async nextDashboard(after?: Instant): Promise<Instant | undefined> {
    const { reference } = this.options;
    const from = after ?? (await timeOf(this.options));
    const next = [...reference.subscriptions.values()].flatMap((one) => nextDashboardSlot(one, reference.calendar, from)?.at ?? []);
    return next.length === 0 ? undefined : Math.min(...next);
  }

  private async nextToDecide(after: Instant): Promise<Instant> {
    return Math.min((await this.nextMorning(after)) ?? Infinity, (await this.nextDashboard(after)) ?? Infinity);
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
        // Sending takes its time: a morning that came meanwhile is still to be decided.
        const begun = await timeOf(this.options);
        await this.tick();
        const next = Math.min(await this.nextToDecide(begun), (await this.deliveries.next()) ?? Infinity);
        wait = Math.min(LONGEST_WAIT, Math.max(next - (await timeOf(this.options)), 50));
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

  /** From which day mornings are to be decided; undefined while nobody is to be reminded. The first time, this is the next morning. */
  private async from(now: Instant): Promise<{ readonly from: Day; readonly revision: number } | undefined> {
    const { log, people, reference } = this.options;
    const [last] = await log.readStream(RUNS_STREAM, { direction: 'backwards', limit: 1 });
    if (last?.type === 'ReminderMorningsDecided') return { from: addDays((last.data as unknown as ReminderEventData['ReminderMorningsDecided']).slot, 1), revision: last.revision };
    if (last) return { from: (last.data as unknown as ReminderEventData['RemindersBegun']).from, revision: last.revision };
    if ((await people.known()).all.length === 0) return undefined;
    const today = dayOf(now);
    const from = now < atTime(today, reference.rules.set.morning) ? today : addDays(today, 1);
    await log.append(RUNS_STREAM, [reminderEvent(derivedId('reminders-begun'), { type: 'RemindersBegun', data: { from } }, now)], { expectedRevision: -1 });
    return this.from(now);
  }

  /** Decides every morning up to this one that is not decided, on a working day after its hour; returns how many messages were written. */
  private async decide(): Promise<number> {
    const { log, inputs, reference, people } = this.options;
    await reference.catchUp();
    const { calendar, rules: { set: rules, version } } = reference;
    const now = await timeOf(this.options);
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
    await log.append(RUNS_STREAM, [reminderEvent(derivedId('reminder-mornings', today), run, now)], { expectedRevision: begun.revision });
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
    const now = await timeOf(this.options);
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
    await this.inGroups(planned, async ({ subscription, slot, silent, fault, deliveries, person }) => {
      const id = dashboardMessageIdOf(subscription.id, slot.day);
      const { name, query } = slot.terms;
      const data: ReminderEventData['ReminderDecided'] = {
        kind: 'dashboard', slot: slot.day, slotAt: isoInstant(slot.at), recipientId: subscription.recipientId, role: person?.role ?? subscription.role, unitId: person?.unitId ?? subscription.unitId, rules: reference.rules.version,
        calendar: reference.calendar.version, known, deliveries, items: [], dashboard: { subscriptionId: subscription.id, name, query, ...(silent === undefined ? {} : { silent }), ...(fault === undefined ? {} : { fault }) }, ...(now - slot.at > LATE_MS ? { late: true as const } : {}),
      };
      await log.append(reminderStream(id), [reminderEvent(derivedId('reminder-decided', id), { type: 'ReminderDecided', data }, now)], { expectedRevision: -1 });
    });
    const run: ReminderEvent = { type: 'ReminderDashboardsDecided', data: { until: isoInstant(now), known, messages: planned.length, missed: planned.filter(({ silent }) => silent === 'missed').length } };
    await log.append(DASHBOARD_RUNS_STREAM, [reminderEvent(derivedId('reminder-dashboards', isoInstant(now), this.options.instance), run, now)], { expectedRevision: last?.revision ?? -1 });
    await this.options.at?.('decided');
    return planned.length;
  }

  /** Whether a dashboard is sent, and if not, why. */
  private async decideDashboard(slot: DashboardSlot, person: Person | undefined, known: Known, now: Instant): Promise<DashboardDecision> {
    const suppressed = (reason: DeliverySuppression, silent?: DashboardSilence): DashboardDecision => ({ person, deliveries: [{ channel: 'email', suppressed: reason }], ...(silent === undefined ? {} : { silent }) });
    if (!isSentStill(slot, now, LATE_MS)) return suppressed('missed', 'missed');
    if (!person || !isThere(person, dayOf(now))) return suppressed('recipient-removed');
    const shown = await shownBy(this.options.dashboards, slot.terms.query, slot.at, known);
    if ('fault' in shown) return { person, fault: shown.fault, deliveries: [{ channel: 'email', failed: QUERY_INVALID }] };
    if (shown.empty) return suppressed('empty', 'empty');
    if (person.email === null) return suppressed('no-address');
    if (!this.options.channels.some(({ name }) => name === 'email')) return suppressed('channel-off');
    const notBefore = quietUntil(person, now);
    return { person, deliveries: [{ channel: 'email', ...(notBefore === undefined ? {} : { notBefore: isoInstant(notBefore) }) }] };
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
    const events = [reminderEvent(derivedId('reminder-decided', id), { type: 'ReminderDecided', data: { kind, recipientId, role, unitId, ...(onBehalfOf === null ? {} : { onBehalfOf }), ...data, items: items.slice(0, ITEMS_AN_EVENT) } }, now)];
    for (let from = ITEMS_AN_EVENT; from < items.length; from += ITEMS_AN_EVENT) events.push(reminderEvent(derivedId('reminder-continued', id, String(from)), { type: 'ReminderContinued', data: { items: items.slice(from, from + ITEMS_AN_EVENT) } }, now));
    return { result: await this.options.log.append(stream, events, { expectedRevision: -1 }), stream };
  }
}
