import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDeadline } from '#deadlines';
import { addDays, atTime, dayOf, ManualClock, systemIds, type Day } from '#kernel';
import { dashboardMessageIdOf, dashboardSlots, decideSubscription, subscriptionStream, type SubscriptionCommand } from '#reminders';
import { openSmtp } from '#reminders/smtp/smtp-channel';
import type { ReminderProcessOptions } from '../../apps/api/src/reminders/records.ts';
import { ReminderProcess } from '../../apps/api/src/reminders/reminder-process.ts';
import { openRuntime, type Runtime } from '../../apps/api/src/runtime.ts';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { expectOneRecordASlot, person } from '../support/reminder-slots.ts';
import { FULL, seeded, told } from '../support/rounds.ts';
import { SmtpSink } from '../support/smtp-sink.ts';

const DAYS = FULL ? 365 : 31;
const KILLS = FULL ? 600 : 100;
const START = '2026-11-22';

class Killed extends Error {}

/** Two processes on one log, either of which may be killed at any place and comes back as another. */
class Two {
  kills = 0;
  readonly places: Record<string, number> = {};
  private readonly runtime: Runtime;
  private readonly sink: SmtpSink;
  private readonly draw: () => number;
  private readonly channels: ReturnType<typeof openSmtp>[] = [];
  private readonly running: (ReminderProcess | undefined)[] = [undefined, undefined];
  private readonly clock: ManualClock;

  constructor(runtime: Runtime, clock: ManualClock, sink: SmtpSink, draw: () => number) {
    this.runtime = runtime;
    this.clock = clock;
    this.sink = sink;
    this.draw = draw;
  }

  /** Both do what is to be done, at once; who dies is replaced. */
  async tick(deadly: number): Promise<void> {
    await Promise.all([0, 1].map(async (n) => {
      const process = (this.running[n] ??= this.open(() => deadly));
      try {
        await process.tick();
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
      }
      if (deadly > 0) this.running[n] = undefined;
    }));
  }

  async close(): Promise<void> {
    for (const channel of this.channels) await channel.close();
  }

  private open(deadly: () => number): ReminderProcess {
    const { runtime } = this;
    const channel = openSmtp({ url: this.sink.url, from: 'nhacviec@tinh.example' });
    this.channels.push(channel);
    let dead = false;
    const options: ReminderProcessOptions = {
      log: runtime.log, clock: this.clock, reference: runtime.reference, people: runtime.directory, channels: [channel], dashboards: runtime.dashboards, baseUrl: () => 'http://127.0.0.1', instance: systemIds.next(), alone: false,
      inputs: { get columns() { return runtime.columns; }, get marks() { return runtime.marks; }, get board() { return runtime.board; }, get ledger() { return runtime.ledger; }, catchUp: () => runtime.projector.catchUp() },
      at: (place) => {
        if (!dead && this.draw() >= deadly()) return;
        if (!dead) {
          this.kills += 1;
          this.places[place] = (this.places[place] ?? 0) + 1;
        }
        dead = true;
        throw new Killed();
      },
    };
    return new ReminderProcess(options);
  }
}

describe('reminders by two processes that are killed again and again', () => {
  it(`are one record for each rule, task, person and morning of ${String(DAYS)} days, and one mail for each record that is to be sent; of the dashboard one record a subscription and day`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-reminders-'));
    const dataDir = join(root, 'data');
    await writeHistory({ folder: dataDir, units: 3, tasks: FULL ? 400 : 120, seed: 11, now: `${START}T08:00:00+07:00` });
    const clock = new ManualClock(atTime(START, '08:00'));
    const runtime = await openRuntime({ dataDir, clock, simulated: true });
    const sink = await SmtpSink.start();
    const draw = seeded(2026);
    let two: Two | undefined;
    try {
      const units = [...new Set(runtime.columns.page({ at: clock.now(), known: null }, (cell) => cell.startsWith('O')).items.map(({ unitId }) => unitId))];
      const people = units.flatMap((unit, n) => [person(`h${String(n)}`, unit, { role: 'head' }), person(`s${String(n)}`, unit), person(`r${String(n)}`, unit, { role: 'responder', ...(n === 1 ? { email: null, channels: [] } : {}) })]);
      people.push(person('office', units[0]!, { role: 'office' }), person('leader', units[0]!, { role: 'leader' }));
      await (await runtime.people()).save(people);
      // Dashboards at hours of the mornings: one ends, one is changed again and again and has nothing to say, one asks about a unit that is not there any more.
      const subscriptions = [['07:00', ''], ['08:00', `donVi=${units[0]!}`], ['09:00', ''], ['08:30', `donVi=${units[0]!}&sao=co`], ['08:00', 'donVi=khong-con']].map(([hour, query], n) => ({ id: systemIds.next(), hour: hour!, terms: { name: `Bảng ${String(n)}`, query: query!, hour: hour!, weekdays: n === 2 ? [1, 3, 5] : [1, 2, 3, 4, 5, 6, 7] } }));
      for (const { id, terms } of subscriptions) await subscribe(runtime, id, { type: 'begin', recipient: people.at(-1)!, terms });
      two = new Two(runtime, clock, sink, draw);
      let day: Day = START;
      let refusals = 0;
      for (let n = 0; n < DAYS; n++) {
        day = addDays(day, 1);
        // Now and then nobody is there for some mornings.
        const off = draw() < 0.15 && n < DAYS - 4;
        if (!off) {
          clock.set(atTime(day, '07:00') + Math.floor(draw() * 3) * 3_600_000);
          sink.answer = () => {
            if (draw() >= 0.03) return 'take';
            refusals += 1;
            return draw() < 0.5 ? 451 : 'cut-after-data';
          };
          for (let round = 0; round < 6; round++) {
            await two.tick(two.kills < KILLS ? 0.4 : 0);
            clock.set(clock.now() + 130_000);
          }
          sink.answer = () => 'take';
        }
        clock.set(Math.max(clock.now(), atTime(day, '16:00')));
        await live(runtime, clock, day, units, draw);
        if (n === DAYS >> 1) await subscribe(runtime, subscriptions[2]!.id, { type: 'end' });
        if (n % 7 === 3) await subscribe(runtime, subscriptions[3]!.id, { type: 'change', terms: { hour: n % 2 === 0 ? '07:15' : '08:45' } });
        await runtime.projector.catchUp();
        await runtime.deadlines.recordPassed();
      }
      // What failed last is tried to its end.
      for (let round = 0; round < 8; round++) {
        clock.set(clock.now() + 700 * 60_000);
        await two.tick(0);
      }
      const { head, events } = await runtime.projector.catchUp().then(async () => ({ head: await runtime.log.head(), events: (await runtime.log.readAll({ after: 0n, categories: ['reminder', 'reminderrun'], limit: 100_000 })) }));
      expect(head.count).toBeGreaterThan(events.length);
      const slots = await expectOneRecordASlot(runtime, people, events);

      const { calendar } = runtime.reference;
      const dashboards = [...runtime.reference.subscriptions.values()].flatMap((one) => dashboardSlots(one, calendar, -Infinity, clock.now()).map((slot) => dashboardMessageIdOf(one.id, slot.day)));
      const recorded = events.filter(({ type, data }) => type === 'ReminderDecided' && data['kind'] === 'dashboard');
      expect(recorded.map(({ stream }) => stream.slice('reminder-'.length)).sort()).toEqual([...dashboards].sort());
      expect(dashboards.length).toBeGreaterThan(DAYS);
      const silences = recorded.map(({ data: { dashboard } }) => { const { silent, fault } = dashboard as { silent?: string; fault?: string }; return silent ?? (fault === undefined ? 'sent' : 'failed'); });
      expect(new Set(silences)).toEqual(new Set(['sent', 'missed', 'empty', 'failed']));

      // Every message that was to leave has left, under its own id, and no other.
      const toLeave = events.filter(({ type, data }) => type === 'ReminderDecided' && (data['deliveries'] as readonly { suppressed?: string; failed?: string }[]).some(({ suppressed, failed }) => suppressed === undefined && failed === undefined)).map(({ stream }) => stream.slice('reminder-'.length));
      const last = new Map<string, string>();
      for (const { stream, type } of events) if (/^Reminder(Sent|Failed|Suppressed|Claimed|Decided)$/.test(type)) last.set(stream.slice('reminder-'.length), type);
      const suppressed = new Set(toLeave.filter((id) => last.get(id) === 'ReminderSuppressed'));
      expect(toLeave.filter((id) => last.get(id) !== 'ReminderSent' && !suppressed.has(id)).map((id) => last.get(id))).toEqual([]);
      const counts = sink.counts();
      const ids = new Set(toLeave.map((id) => `<${id}@tinh.example>`));
      expect([...counts.keys()].filter((id) => !ids.has(id))).toEqual([]);
      expect(toLeave.filter((id) => !suppressed.has(id) && !counts.has(`<${id}@tinh.example>`))).toEqual([]);
      const doubled = [...counts.values()].reduce((sum, n) => sum + n - 1, 0);
      expect(doubled).toBeLessThanOrEqual(two.kills + refusals);
      expect(toLeave.length).toBeGreaterThan(DAYS * 2);
      told('reminders by two processes', { days: DAYS, kills: two.kills, ...two.places, slots, dashboards: dashboards.length, missed: silences.filter((one) => one === 'missed').length, messages: toLeave.length, mails: sink.received.length, doubled, refusals, suppressed: suppressed.size });
      expect(two.kills).toBeGreaterThanOrEqual(FULL ? 300 : 100);
    } finally {
      await two?.close();
      await runtime.close();
      await sink.stop();
      rmSync(root, { recursive: true, force: true });
    }
  }, FULL ? 3_600_000 : 60_000);
});

async function subscribe(runtime: Runtime, id: string, command: SubscriptionCommand): Promise<void> {
  const { reference, referenceCommands } = runtime;
  await referenceCommands.execute({
    id, stream: subscriptionStream(id), actor: { id: 'office', role: 'office' }, content: command,
    decide: (now) => {
      const decision = decideSubscription(command, reference.subscriptions.get(id));
      if (!decision.ok) throw new Error(decision.rejection.detail);
      return { events: decision.events.map((event) => ({ ...event, occurredAt: now })) };
    },
  });
}

/** An afternoon in the offices: some work is reported, some is given more time, some is urged, some comes in. */
async function live(runtime: Runtime, clock: ManualClock, day: Day, units: readonly string[], draw: () => number): Promise<void> {
  const open = runtime.columns.page({ at: clock.now(), known: null }, (cell) => cell.startsWith('O')).items;
  const actor = { id: 'office', role: 'office' } as const;
  const now = clock.now();
  const give = async (taskId: string, command: Parameters<typeof runtime.tasks.execute>[0]['prepare']): Promise<void> => {
    await runtime.tasks.execute({ taskId, actor, prepare: command }).catch(() => undefined);
  };
  const deadline = (dueOn: Day) => {
    const reading = readDeadline({ date: dueOn }, { documentDate: day, receivedOn: day, policy: 'all', calendar: runtime.reference.calendar });
    if (!reading.ok) throw new Error(reading.detail);
    return reading.deadline;
  };
  for (const { taskId } of open.filter(() => draw() < 0.08)) {
    const what = draw();
    if (what < 0.3) await give(taskId, () => ({ command: { type: 'SubmitCompletion', resultDocument: { number: '1/BC', date: day }, occurredAt: now, byDay: false } }));
    else if (what < 0.6) await give(taskId, () => ({ command: { type: 'UrgeTask', occurredAt: now, byDay: false } }));
    else await give(taskId, () => ({ command: { type: 'ReportProgress', text: 'đang làm', occurredAt: now, byDay: false } }));
  }
  for (let n = Math.floor(draw() * 6); n > 0; n--) {
    await runtime.tasks.execute({
      taskId: systemIds.next(), actor, begins: true,
      prepare: () => ({ command: { type: 'AssignTask', occurredAt: now, byDay: false, task: { document: { number: '1/UBND', date: day, issuer: 'UBND tỉnh', title: 't' }, content: `việc ${day}`, authority: 'ubnd-tinh', leadUnitId: units[Math.floor(draw() * units.length)]!, coordinatingUnitIds: [], assignedOn: dayOf(now), deadline: deadline(addDays(day, 3 + Math.floor(draw() * 30))) } } }),
    }).catch(() => undefined);
  }
}
