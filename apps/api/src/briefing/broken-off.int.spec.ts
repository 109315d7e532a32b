import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readDeadline, loadDefaultCalendar } from '#deadlines';
import { OutcomeUnknownError, type Actor, type EventLog } from '#event-log';
import { openKurrentEventLog } from '#event-log/kurrent/kurrent-event-log';
import { MemoryEventIndex } from '#event-log/memory/memory-event-index';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { ManualClock, parseInstant, systemIds, type Clock } from '#kernel';
import { EventStoreDbStandIn } from '../../../../test/stand-ins/eventstoredb/eventstoredb-stand-in.ts';
import { TaskService } from '../tasks/task-service.ts';
import { BriefingService, type ConclusionWords, type TaskPart } from './briefing-service.ts';
import { Briefings } from './briefings.ts';
import { ChangesAfterCutOff } from './changes.ts';

/*
 * A log over a network has no transaction over two streams: a process may die after a conclusion's fact stands in the task, and before the
 * conclusion stands in the meeting. Whatever is done next, there is one fact and one conclusion.
 */

const NOW = parseInstant('2026-11-23T07:40:00+07:00')!;
const office: Actor = { id: 'office', role: 'office' };
const calendar = loadDefaultCalendar();
const deadlineOf = (date: string) => {
  const reading = readDeadline({ date }, { documentDate: '2026-11-02', receivedOn: '2026-11-02', policy: 'none', calendar });
  if (!reading.ok) throw new Error(reading.detail);
  return reading.deadline;
};
const KEY = '5f0c1d1e-3c57-4c0e-9d9e-0d9c6f1a2b3c';
const words: ConclusionWords = { kind: 'extend', text: 'Gia hạn lần cuối', reason: 'Kết luận giao ban 23/11', unitId: 'so-y-te' };

interface Opened {
  readonly log: EventLog;
  readonly end: () => Promise<void>;
}

/** The same, but dies after the first stream of several so many times. */
function breaking(log: EventLog, times: { left: number }): EventLog {
  return new Proxy(log, {
    get(target, name) {
      if (name === 'appendMany') {
        return async (appends: Parameters<EventLog['appendMany']>[0]) => {
          if (appends.length < 2 || times.left === 0) return target.appendMany(appends);
          times.left--;
          await target.appendMany(appends.slice(0, 1));
          throw new OutcomeUnknownError('killed between two streams');
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

describe.each<[string, (clock: Clock) => Promise<Opened>]>([
  ['memory', async (clock) => ({ log: new MemoryEventLog({ clock }), end: async () => undefined })],
  [
    'EventStoreDB (stand-in)',
    async (clock) => {
      const server = await EventStoreDbStandIn.start();
      const log = await openKurrentEventLog({ url: server.url, clock, index: new MemoryEventIndex() });
      return { log, end: async () => { await log.close(); await server.stop(); } };
    },
  ],
])('a conclusion that was broken off between the streams of a log: %s', (_, open) => {
  let stored: Opened;
  let clock: ManualClock;
  let times: { left: number };
  let id: string;
  let taskId: string;

  /** A process of its own over the same log. */
  function program(): { readonly tasks: TaskService; readonly service: BriefingService; readonly briefings: Briefings; readonly log: EventLog } {
    const log = breaking(stored.log, times);
    const tasks = new TaskService(log, clock, systemIds, () => calendar);
    const briefings = new Briefings(log);
    return { tasks, briefings, log, service: new BriefingService(log, systemIds, tasks, briefings) };
  }
  const part: TaskPart = () => ({ taskId, actor: office, prepare: (__, now) => ({ command: { type: 'GrantExtension', deadline: deadlineOf('2026-12-07'), reason: words.reason!, occurredAt: now, byDay: false } }) });
  const request = (key?: string) => ({ briefingId: id, actor: office, content: ['conclusion', 'x'], ...(key === undefined ? {} : { key }) });
  async function recorded(): Promise<{ readonly grants: number; readonly conclusions: readonly object[] }> {
    const { briefings } = program();
    await briefings.catchUp();
    return { grants: (await stored.log.readStream(`task-${taskId}`)).filter(({ type }) => type === 'ExtensionGranted').length, conclusions: briefings.get(id)!.state.conclusions };
  }

  beforeEach(async () => {
    clock = new ManualClock(NOW);
    times = { left: 0 };
    stored = await open(clock);
    taskId = systemIds.next();
    const { tasks, service } = program();
    const task = { document: { number: '1/UBND', date: '2026-11-02', issuer: 'UBND tỉnh', title: 't' }, content: 'c', authority: 'chu-tich', leadUnitId: 'so-y-te', coordinatingUnitIds: [], assignedOn: '2026-11-20', deadline: deadlineOf('2026-11-30') };
    await tasks.execute({ taskId, actor: office, begins: true, prepare: (__, now) => ({ command: { type: 'AssignTask', task, occurredAt: now, byDay: false } }) });
    id = (await service.open({ actor: office, content: 'open' }, { type: 'OpenBriefing', name: 'Giao ban', cutOff: NOW - 600_000 })).id;
    times.left = 1;
    await expect(program().service.conclude(request(KEY), words, part)).rejects.toThrow(OutcomeUnknownError);
    expect(await recorded()).toEqual({ grants: 1, conclusions: [] });
  });
  afterEach(() => stored.end());

  it('is taken up by the same request again, in whatever process', async () => {
    const again = await program().service.conclude(request(KEY), words, part);
    expect(again).toMatchObject({ events: ['ConclusionRecorded', 'ExtensionGranted'], number: 1, taskId, taskRevision: 1 });
    expect(await program().service.conclude(request(KEY), words, part)).toEqual(again);
    expect(await recorded()).toMatchObject({ grants: 1, conclusions: [{ number: 1, text: 'Gia hạn lần cuối', unitId: 'so-y-te', made: [{ type: 'ExtensionGranted' }] }] });
  });

  it('is found and recorded by the next command on the meeting; the request that comes again is then told so', async () => {
    const { service, log, briefings } = program();
    await briefings.catchUp();
    const { state } = briefings.get(id)!;
    const facts = await new ChangesAfterCutOff(log).upTo({ briefingId: id, cutOff: state.cutOff, known: BigInt(state.known.position) }, (await log.head()).position);
    await service.settle(facts);
    await program().service.settle(facts);
    expect(await recorded()).toMatchObject({ grants: 1, conclusions: [{ number: 1, kind: 'extend', text: 'Gia hạn lần cuối', reason: words.reason, unitId: 'so-y-te', taskId, deadline: { dueOn: '2026-12-07' } }] });
    expect(await program().service.conclude(request(KEY), words, part)).toMatchObject({ number: 1, taskRevision: 1 });
    expect(await recorded()).toMatchObject({ grants: 1, conclusions: [{}] });
  });

  it('goes on where the meeting was closed meanwhile: its fact was made before', async () => {
    await program().service.execute({ briefingId: id, actor: office, content: 'close' }, async () => ({ type: 'CloseBriefing', known: await program().service.known() }));
    expect(await program().service.conclude(request(KEY), words, part)).toMatchObject({ number: 1 });
    await expect(program().service.conclude(request(systemIds.next()), words, part)).rejects.toThrow('briefing-closed');
    expect(await recorded()).toMatchObject({ grants: 1, conclusions: [{ number: 1 }] });
  });

  it('lets one of two who open at once hold the meeting', async () => {
    await program().service.execute({ briefingId: id, actor: office, content: 'close' }, async () => ({ type: 'CloseBriefing', known: await program().service.known() }));
    const answers = await Promise.allSettled([1, 2].map((n) => program().service.open({ actor: office, content: n }, { type: 'OpenBriefing', name: `Phiên ${String(n)}`, cutOff: NOW })));
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'briefing-open' } });
  });
});
