import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '#event-log';
import { isoInstant, startOfDay } from '#kernel';
import type { Build, Projection, ReadModelStore } from '#projections';
import { MESSAGE_KINDS, messageIdOf, reminderStream, snoozeIdOf, type ItemData, type ReminderEvent } from './events.ts';
import { numbersOf, type ReminderLedger } from './ledger.ts';
import { evolveHead, itemsOf, type MessageFact, type MessageHead } from './message.ts';

/** A store of read models with the ledger in it. */
export interface LedgerStore<Tx> {
  readonly store: ReadModelStore<Tx>;
  projection(): Projection<Tx>;
  ledger(build: Build): ReminderLedger;
  /** Every line of a build in a fixed order. */
  dump(build: Build): Promise<string>;
  clear(): Promise<void>;
}

const PEOPLE = ['a', 'b', 'c'];
const DAYS = ['2020-11-26', '2020-11-27', '2020-11-30'];
const T0 = startOfDay('2020-11-30');

/** A life of the ledger: what happens next to one of a few messages, by numbers that a generator draws. */
function tell(draws: readonly (readonly [number, number, number])[]): RecordedEvent[] {
  const heads = new Map<string, MessageHead>();
  const revisions = new Map<string, number>();
  const events: RecordedEvent[] = [];
  const write = (id: string, event: ReminderEvent): void => {
    const position = events.length + 1;
    const revision = (revisions.get(id) ?? -1) + 1;
    revisions.set(id, revision);
    events.push({ id: `e${String(position)}`, schema: 1, stream: reminderStream(id), revision, position: BigInt(position), occurredAt: T0 + position * 1000, recordedAt: T0 + position * 1000, metadata: { actor: { id: 'reminders', role: 'system' } }, ...event } as unknown as RecordedEvent);
    const fact: MessageFact = { ...event, revision, position, occurredAt: T0 + position * 1000 };
    const head = evolveHead(heads.get(id), id, fact);
    if (head) heads.set(id, head);
  };
  for (const [what, who, n] of draws) {
    const recipientId = PEOPLE[who % 3]!;
    const kind = n % 11 === 10 ? 'dashboard' : MESSAGE_KINDS[n % 3]!;
    const slot = DAYS[(n >> 2) % 3]!;
    const id = messageIdOf(recipientId, slot, kind);
    const head = heads.get(id);
    const at = T0 + events.length * 1000;
    if (!head) {
      const items = Array.from({ length: kind === 'dashboard' ? 0 : n % 4 }, (_, place): ItemData => ({
        taskId: `t${String((n + place) % 5)}`, rule: `r${String(place)}`, step: 'due', unitId: `u${String(n % 2)}`, ...(place === 1 ? { answer: true as const } : {}),
        ...(place === 2 ? { suppressed: (['snoozed', 'merged', 'closed-meanwhile'] as const)[n % 3]! } : {}),
      }));
      write(id, {
        type: 'ReminderDecided',
        data: {
          kind, slot, slotAt: isoInstant(startOfDay(slot)), recipientId, role: 'specialist', unitId: 'u0', rules: 1, calendar: 'c', known: { position: '1', eventId: null }, items,
          deliveries: [[], [{ channel: 'email' as const }], [{ channel: 'email' as const, notBefore: isoInstant(T0 + 30_000) }], [{ channel: 'email' as const, suppressed: 'limit' as const }]][what % 4]!,
          ...(kind === 'dashboard' ? { dashboard: { subscriptionId: 's', name: 'Bảng', query: '', ...(what % 2 === 0 ? { silent: 'empty' as const } : {}) } } : n % 5 === 0 ? { merged: [{ taskId: 't9', rule: 'r0', step: 'due', unitId: 'u1', slot: DAYS[0]! }], late: true as const } : {}),
        },
      });
      if (n % 7 === 0 && kind !== 'dashboard') write(id, { type: 'ReminderContinued', data: { items: [{ taskId: 't7', rule: 'r9', step: 'overdue-1', unitId: 'u1', answer: true }] } });
    } else if (what % 8 === 0) write(id, { type: 'ReminderSeen', data: {} });
    else if (what % 8 === 1) write(snoozeIdOf(recipientId, `t${String(n % 3)}`), { type: 'ReminderSnoozed', data: { recipientId, taskId: `t${String(n % 3)}`, until: DAYS[n % 3]! } });
    else if (what % 8 === 2) write(id, { type: 'ReminderAnswered', data: { taskId: `t${String(n % 5)}`, answer: 'not-done', reason: 'chờ số liệu', proposedOn: '2020-12-05' } });
    else if (head.deliveries.length > 0) {
      const attempt = head.deliveries[0]!.attempts + 1;
      if (what % 8 === 3) write(id, { type: 'ReminderClaimed', data: { channel: 'email', attempt, by: `i${String(n % 2)}`, until: isoInstant(at + 120_000) } });
      else if (what % 8 === 4) write(id, { type: 'ReminderSent', data: { channel: 'email', attempt, messageId: '<m@x>' } });
      else if (what % 8 === 5) write(id, { type: 'ReminderFailed', data: { channel: 'email', attempt, outcome: n % 2 === 0 ? 'unknown' : 'refused', code: 'smtp-451', messageId: '<m@x>', ...(n % 3 === 0 ? {} : { retryAt: isoInstant(at + n * 1000) }) } });
      else if (what % 8 === 6) write(id, { type: 'ReminderSuppressed', data: { channel: 'email', reason: 'recipient-removed' } });
      else write(id, { type: 'ReminderResendAsked', data: { channel: 'email' } });
    }
  }
  return events;
}

/** The slow reading: every message folded from all its facts, every question a walk over all of them. */
function naive(events: readonly RecordedEvent[]) {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
  const messages = [...streams].flatMap(([stream, of]) => {
    if (of[0]!.type === 'ReminderSnoozed') return [];
    const facts = of.map(({ type, data, revision, position, occurredAt }) => ({ type, data, revision, position: Number(position), occurredAt }));
    let head: MessageHead | undefined;
    for (const fact of facts) head = evolveHead(head, stream.slice('reminder-'.length), fact);
    return [{ head: head!, begun: Number(of[0]!.position), ...itemsOf(facts) }];
  });
  return messages.sort((a, b) => a.begun - b.begun);
}

/** What every store of the ledger does. */
export function ledgerFeatures<Tx>(name: string, open: () => Promise<LedgerStore<Tx>>, reduced = 40): void {
  describe(`the reminder ledger in ${name}`, () => {
    let stored: LedgerStore<Tx>;
    beforeAll(async () => { stored = await open(); });
    afterAll(() => stored.clear());

    async function played(events: readonly RecordedEvent[], sizes: readonly number[], troubles: readonly ('none' | 'fails' | 'restarts')[]): Promise<Build> {
      const { store } = stored;
      let projection = stored.projection();
      await store.begin();
      const build = await store.create(projection.name, projection.version);
      const tx = store.tx(build);
      await projection.init(tx);
      await store.commit([]);
      for (let from = 0, batch = 0; from < events.length; batch++) {
        const some = events.slice(from, (from += sizes[batch % sizes.length]!));
        const trouble = troubles[batch % troubles.length]!;
        if (trouble === 'fails') {
          await store.begin();
          await projection.apply(some, tx);
          await projection.flush?.(tx);
          await store.rollback();
          projection.rolledBack?.();
        }
        await store.begin();
        await projection.apply(some, tx);
        await projection.flush?.(tx);
        await store.commit([{ buildId: build.id, position: some.at(-1)!.position, eventId: some.at(-1)!.id }]);
        projection.committed?.();
        if (trouble === 'restarts') projection = stored.projection();
      }
      await projection.caughtUp?.(tx);
      return build;
    }

    it('answers what a slow reading of the log answers, whatever the batches, and a rebuild stores the same bytes', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40)), { minLength: 1, maxLength: 40 }),
          fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
          fc.array(fc.constantFrom('none' as const, 'fails' as const, 'restarts' as const), { minLength: 1, maxLength: 4 }),
          async (draws, sizes, troubles) => {
            const events = tell(draws);
            if (events.length === 0) return;
            const all = naive(events);
            const build = await played(events, sizes, troubles);
            const whole = await played(events, [1_000], ['none']);
            expect(await stored.dump(build)).toBe(await stored.dump(whole));
            const ledger = stored.ledger(build);
            const page = { offset: 0, limit: 1_000 };
            const now = T0 + events.length * 1000;

            const rank = (head: MessageHead): number => ({ urgent: 0, escalation: 1, test: 0, dashboard: 1, digest: 2 })[head.kind];
            const waits = (head: MessageHead): boolean => head.deliveries.some(({ nextAt }) => nextAt !== null);
            for (const alone of [false, true]) {
              const due = all.filter(({ head }) => waits(head) && head.deliveries.some(({ nextAt, state, by }) => nextAt !== null && (nextAt <= now || (alone && state === 'claimed' && by !== 'i0'))));
              expect(await ledger.due(now, { by: 'i0', alone, limit: 100 })).toEqual(due.map(({ head }) => head).sort((a, b) => rank(a) - rank(b)));
            }
            const times = all.flatMap(({ head }) => head.deliveries.flatMap(({ nextAt }) => nextAt ?? []));
            expect(await ledger.nextDue()).toBe(times.length === 0 ? undefined : Math.min(...times));

            const slots = [...all].reverse().flatMap(({ head, items }) => items.map((item, n) => ({ n, item, head })));
            for (const filter of [{}, { taskId: 't1' }, { recipientId: 'b' }, { unitId: 'u1', from: DAYS[1]!, to: DAYS[1]! }]) {
              const expected = slots.filter(({ item, head }) => (filter.taskId === undefined || item.taskId === filter.taskId) && (filter.recipientId === undefined || head.recipientId === filter.recipientId) && (filter.unitId === undefined || (item.unitId === filter.unitId && head.slot === DAYS[1])));
              expect(await ledger.entries(filter, page)).toEqual({ total: expected.length, entries: expected });
              expect(await ledger.entries(filter, { offset: 1, limit: 2 })).toEqual({ total: expected.length, entries: expected.slice(1, 3) });
            }
            for (const recipientId of PEOPLE) {
              const own = all.filter(({ head }) => head.recipientId === recipientId && (head.told + head.merged > 0 || (head.dashboard !== undefined && head.dashboard.silent === undefined))).reverse();
              const unseen = own.filter(({ head }) => head.seenAt === null).length;
              expect(await ledger.inbox(recipientId, page)).toEqual({ total: own.length, unseen, messages: own.map(({ head, items, merged }) => ({ head, items, merged })) });
              expect(await ledger.unseen(recipientId)).toBe(unseen);
            }
            const broken = (state: string) => all.filter(({ head }) => head.deliveries.some((one) => one.state === state)).reverse().map(({ head }) => head);
            expect(await ledger.troubles(page)).toEqual({ total: broken('dead').length + broken('failed').length, dead: broken('dead').length, heads: [...broken('dead'), ...broken('failed')] });
            const heads: MessageHead[] = [];
            for await (const some of ledger.heads(DAYS[1]!, DAYS[2]!)) heads.push(...some);
            expect(heads).toEqual(all.map(({ head }) => head).filter(({ slot }) => slot >= DAYS[1]!));
            const { numbers, groups } = await numbersOf(ledger.heads(DAYS[0]!, DAYS[2]!), () => true, 'person');
            // Those of each person are what is counted of this person alone, and nobody is left out.
            for (const [id, own] of groups) expect(own).toEqual((await numbersOf(ledger.heads(DAYS[0]!, DAYS[2]!), ({ recipientId }) => recipientId === id)).numbers);
            expect([...groups.values()].reduce((sum, { messages }) => sum + messages, 0)).toBe(numbers.messages);
            expect(numbers.messages).toBe(all.filter(({ head }) => head.kind !== 'dashboard').length);
            expect(await ledger.headsOf(['khong-co', ...all.slice(0, 3).map(({ head }) => head.id)])).toEqual(new Map(all.slice(0, 3).map(({ head }) => [head.id, head])));
            expect([numbers.slots, numbers.inTime + numbers.later + numbers.snoozed + numbers.closedMeanwhile]).toEqual([slots.length, slots.length]);

            const asleep = new Map<string, unknown>();
            for (const { stream, type, data, occurredAt } of events) if (type === 'ReminderSnoozed') asleep.set(stream, { ...data, at: occurredAt });
            const expectedAsleep = [...asleep.values()].filter((one) => (one as { until: string }).until > DAYS[0]!);
            const found = await ledger.snoozes(DAYS[0]!);
            expect(found).toHaveLength(expectedAsleep.length);
            expect(found).toEqual(expect.arrayContaining(expectedAsleep));
            await stored.store.drop(build);
            await stored.store.drop(whole);
          },
        ),
        { seed: 20_201_130, numRuns: process.env['NHACVIEC_FULL'] === undefined ? reduced : reduced * 25 },
      );
    });
  });
}
