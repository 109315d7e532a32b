import type { EventLog } from '#event-log';
import { addDays, atTime, type Instant, type ManualClock } from '#kernel';
import { personIdOf, type Person, type PersonRole } from '#people';
import { openRuntime, type Runtime } from '../../api/src/runtime.ts';

/** From this morning on the demo reminds; the last ones are what an inbox shows. */
const FIRST_MORNING = '2020-11-23';
const LAST_MORNING = '2020-11-27';
const MORNING = '07:00';
const UNIT = 'thanh-tra-tinh';

/** Invented people, and marked as invented: no name of the report of 2020 is used. */
const INVENTED: readonly (readonly [code: string, name: string, role: PersonRole])[] = [
  ['MH-01', 'Nguyễn Thị Minh Họa', 'head'],
  ['MH-02', 'Trần Văn Ví Dụ', 'responder'],
  ['MH-03', 'Lê Thị Giả Định', 'specialist'],
  ['MH-04', 'Phạm Văn Thử Nghiệm', 'office'],
  ['MH-05', 'Hoàng Thị Mẫu', 'leader'],
];

const people: readonly Person[] = INVENTED.map(([code, name, role]) => ({
  id: personIdOf(code), code, name: `${name} (tên minh họa)`, unitId: UNIT, role, email: `${code.toLowerCase()}@tinh.example`, phone: null, channels: ['email'], quiet: null, dailyLimit: null, delegation: null, leftOn: null,
}));

/** Reminds in a demo as the program would have on its mornings, while the list of its year is played. */
export class DemoReminders {
  private runtime: Runtime | undefined;
  private next = FIRST_MORNING;
  private readonly dir: string;
  private readonly log: EventLog;
  private readonly clock: ManualClock;

  constructor(dir: string, log: EventLog, clock: ManualClock) {
    this.dir = dir;
    this.log = log;
    this.clock = clock;
  }

  /** When something is to be done next; undefined after the last morning. */
  get at(): Instant | undefined {
    return this.next > LAST_MORNING ? undefined : atTime(this.next, MORNING);
  }

  /** Decides the morning that `at` names; everything that was recorded before has to stand in the log. */
  async remind(): Promise<void> {
    const at = this.at!;
    const begins = this.runtime === undefined;
    // The day before, for reminders begin with the morning after people are there.
    this.clock.set(begins ? at - 3_600_000 : at);
    this.runtime ??= await openRuntime({ dataDir: this.dir, clock: this.clock, log: kept(this.log), simulated: true });
    const { runtime } = this;
    if (begins) {
      await (await runtime.people()).save(people);
      await runtime.reminders.tick();
      this.clock.set(at);
    }
    await runtime.reminders.tick();
    await runtime.projector.catchUp();
    // Half an hour later the unit has looked at what came before today; today's waits for whoever opens the demo.
    this.clock.set(at + 30 * 60_000);
    if (this.next < LAST_MORNING) {
      for (const person of people.slice(1, 3)) {
        for (const { head } of (await runtime.ledger.inbox(person.id, { offset: 0, limit: 10 })).messages) if (head.seenAt === null) await runtime.reminderCommands.see(head.id, () => undefined, { actor: { id: `unit:${UNIT}`, role: 'unit', unitId: UNIT } });
      }
    }
    do this.next = addDays(this.next, 1); while (this.at !== undefined && !runtime.reference.calendar.isWorkingDay(this.next));
  }

  async close(): Promise<void> {
    await this.runtime?.close();
  }
}

/** The same log, which stays open when the runtime closes. */
function kept(log: EventLog): EventLog {
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'close') return () => Promise.resolve();
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target) : value;
    },
  });
}
