import { afterEach, describe, expect, it } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { addDays, atTime, isoInstant, ManualClock, type Day } from '#kernel';
import type { Person } from '#people';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { endChild, endLeftServers, spawnChildServer } from '../support/child-server.ts';
import { expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { expectOneRecordASlot, person } from '../support/reminder-slots.ts';
import { FULL, seeded, told } from '../support/rounds.ts';
import { SmtpSink } from '../support/smtp-sink.ts';

const START = '2026-11-22';
const MORNINGS = FULL ? 12 : 1;
const KILLS_A_MORNING = FULL ? 25 : 7;
/** So many that mails are left to be sent when the last kill of a morning comes. */
const PEOPLE_A_UNIT = FULL ? 80 : 50;
const CONNECTIONS = 4;

/** Where a server is to be killed. */
type Moment =
  /** While messages are decided, once so many more events stand in the log. */
  | { readonly at: 'deciding'; readonly events: number }
  /** At this mail of its life: when its data has come and nothing is said, when it is accepted, or so long after that. */
  | { readonly at: 'data' | 'accepted'; readonly mail: number; readonly afterMs: number };

/** A life of a server, as it ended. */
interface Life {
  readonly connections: number;
  /** Mails of the sink before it began. */
  readonly from: number;
  readonly killed: 'deciding' | 'data' | 'accepted' | 'no';
}

/** One morning after the other of a province whose server is killed again and again. */
class Mornings {
  readonly lives: Life[] = [];
  private readonly data: string;
  private readonly sink: SmtpSink;
  private readonly draw: () => number;

  constructor(data: string, sink: SmtpSink, draw: () => number) {
    this.data = data;
    this.sink = sink;
    this.draw = draw;
  }

  async kill(day: Day, times: number): Promise<void> {
    for (let kill = 0; kill < times; kill++) {
      // The first two while it decides; then at any mail, and just after one was accepted more often than not.
      const moment: Moment = kill < 2 ? { at: 'deciding', events: 1 + Math.floor(this.draw() * 250) } : { at: kill % 3 === 0 ? 'data' : 'accepted', mail: 1 + Math.floor(this.draw() * 25), afterMs: this.draw() < 0.6 ? 0 : this.draw() * 12 };
      await this.live(day, kill % 4 === 3 ? CONNECTIONS : 1, moment);
    }
  }

  /** Lets it run until nothing waits to be sent. */
  async through(day: Day): Promise<void> {
    await this.live(day, 1, undefined);
  }

  private async live(day: Day, connections: number, moment: Moment | undefined): Promise<void> {
    const { sink } = this;
    const from = sink.received.length;
    const before = this.count();
    const child = spawnChildServer(this.data, {
      env: { NHACVIEC_NOW: isoInstant(atTime(day, '07:00')), SMTP_URL: sink.url, SMTP_FROM: 'nhacviec@tinh.example', SMTP_CONNECTIONS: String(connections) },
    });
    const gone = new Promise<void>((resolve) => child.once('exit', () => { resolve(); }));
    const end = { hit: false };
    const kill = (): void => { end.hit = child.kill('SIGKILL'); };
    let mails = 0;
    sink.answer = () => {
      mails += 1;
      if (moment && moment.at !== 'deciding' && mails === moment.mail) {
        if (moment.at === 'data') kill();
        else setTimeout(kill, moment.afterMs);
      }
      return 'take';
    };
    if (moment?.at === 'deciding') await untilLog(child, 2, () => this.count() >= before + moment.events, kill);
    // Where less is left to send than the moment asks for, the morning is through before it comes.
    else await untilLog(child, 100, () => this.isThrough(day), () => { if (!end.hit) void endChild(child, 'SIGTERM'); });
    await gone;
    this.lives.push({ connections, from, killed: moment && end.hit ? moment.at : 'no' });
  }

  private ask(sql: string, ...values: string[]): Readonly<Record<string, number>> {
    const db = new Sqlite(join(this.data, LOG_FILE), { readonly: true });
    try {
      return db.prepare<string[], Record<string, number>>(sql).get(...values)!;
    } finally {
      db.close();
    }
  }

  private count(): number {
    return this.ask(`SELECT count(*) AS n FROM events WHERE category = 'reminder'`)['n']!;
  }

  /** The morning is decided, and each message that was to leave has an end. */
  private isThrough(day: Day): boolean {
    const { runs, open } = this.ask(
      `SELECT (SELECT count(*) FROM events WHERE category = 'reminderrun' AND type = 'ReminderMorningsDecided' AND json_extract(data, '$.slot') = ?) AS runs,
        (SELECT count(*) FROM events WHERE type = 'ReminderDecided' AND json_array_length(data, '$.deliveries') > 0) - (SELECT count(*) FROM events WHERE type IN ('ReminderSent', 'ReminderSuppressed')) AS open`,
      day,
    );
    return runs === 1 && open! <= 0;
  }
}

/** Looks into the log of a running server, every so many milliseconds: what looks costs the server its time. */
async function untilLog(child: ChildProcess, every: number, holds: () => boolean, then: () => void): Promise<void> {
  while (child.exitCode === null && child.signalCode === null && !holds()) await sleep(every);
  then();
}

afterEach(endLeftServers);

describe('the mornings of a server that is killed with SIGKILL while it decides, sends and records', () => {
  it(`have one record for each rule, task, person and slot, its mail, and at most one mail twice a kill and connection (${String(MORNINGS * KILLS_A_MORNING)} kills)`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-remind-kill-'));
    const data = join(root, 'data');
    const sink = await SmtpSink.start();
    const from = { clock: new ManualClock(atTime(START, '08:00')) };
    try {
      await writeHistory({ folder: data, units: 12, tasks: 600, seed: 4, now: `${START}T08:00:00+07:00` });
      const people: Person[] = [];
      const begun = await openRuntime({ dataDir: data, ...from, simulated: true });
      for (const { id } of begun.reference.organisation.all()) for (let n = 0; n < PEOPLE_A_UNIT; n++) people.push(person(`${id}-${String(n)}`, id, { role: n === 0 ? 'head' : n === 1 ? 'responder' : 'specialist' }));
      people.push(person('van-phong', people[0]!.unitId, { role: 'office' }), person('lanh-dao', people[0]!.unitId, { role: 'leader' }));
      await (await begun.people()).save(people);
      await begun.reminders.tick();
      await begun.close();

      const mornings = new Mornings(data, sink, seeded(22));
      let day: Day = START;
      for (let n = 0; n < MORNINGS; n++) {
        do day = addDays(day, 1); while (!begun.reference.calendar.isWorkingDay(day));
        await mornings.kill(day, KILLS_A_MORNING);
        await mornings.through(day);
      }

      await expectReadModelsAreFoldOfLog(data, new ManualClock(atTime(day, '12:00')));
      const runtime = await openRuntime({ dataDir: data, clock: new ManualClock(atTime(day, '12:00')), simulated: true });
      try {
        const events = await runtime.log.readAll({ after: 0n, categories: ['reminder', 'reminderrun'], limit: 1_000_000 });
        expect(events.filter(({ type }) => type === 'ReminderMorningsDecided').length).toBe(MORNINGS);
        const slots = await expectOneRecordASlot(runtime, people, events);

        const idOf = (stream: string): string => `<${stream.slice('reminder-'.length)}@tinh.example>`;
        const decided = new Map(events.filter(({ type }) => type === 'ReminderDecided').map(({ stream, data: said }) => [idOf(stream), said['recipientId'] as string]));
        const sent = events.filter(({ type }) => type === 'ReminderSent').map(({ stream }) => idOf(stream));
        const counts = sink.counts();
        expect(new Set(sent).size).toBe(sent.length);
        expect(sent.filter((id) => !counts.has(id))).toEqual([]);
        expect([...counts.keys()].filter((id) => !decided.has(id))).toEqual([]);
        expect([...counts.keys()].filter((id) => !sent.includes(id))).toEqual([]);
        // To its own person, and the same Message-ID whenever it goes to them again about the same.
        expect(sink.received.filter(({ messageId, to }) => to.length !== 1 || to[0] !== `${decided.get(messageId)!}@so.example`)).toEqual([]);
        expect([...decided.keys()].sort()).toEqual([...new Set(sent)].sort());

        // No life sends anything twice. What one sends again is at most what kills before it had left on their way: one mail a connection, until a
        // later life has sent it again, which may itself be killed at that.
        let doubled = 0;
        let doubt = 0;
        const seen = new Set<string>();
        mornings.lives.forEach(({ from: first, connections, killed: how }, n) => {
          const own = sink.received.slice(first, mornings.lives[n + 1]?.from).map(({ messageId }) => messageId);
          expect([n, own.length]).toEqual([n, new Set(own).size]);
          const again = own.filter((id) => seen.has(id)).length;
          expect([n, again, again <= doubt]).toEqual([n, again, true]);
          doubled += again;
          // Who has come to the end of a morning has left nothing on its way.
          doubt = how === 'no' ? 0 : doubt - again + connections;
          own.forEach((id) => seen.add(id));
        });
        const killed = (at: Life['killed']): number => mornings.lives.filter((life) => life.killed === at).length;
        told('a server killed while it reminds', { mornings: MORNINGS, deciding: killed('deciding'), 'after the data': killed('data'), accepted: killed('accepted'), messages: decided.size, slots, mails: sink.received.length, doubled });
        expect(killed('deciding')).toBeGreaterThanOrEqual(MORNINGS);
        expect(killed('data') + killed('accepted')).toBeGreaterThanOrEqual(MORNINGS * (KILLS_A_MORNING - 3));
        expect(decided.size).toBeGreaterThan(MORNINGS * 150);
        // Killed with a mail accepted and not recorded, a server has to send one again: otherwise nothing was tried here.
        expect(doubled).toBeGreaterThan(0);
      } finally {
        await runtime.close();
      }
    } finally {
      await endLeftServers();
      await sink.stop();
      rmSync(root, { recursive: true, force: true });
    }
  }, 1_800_000);
});
