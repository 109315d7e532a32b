import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadDefaultCalendar, readDeadline } from '#deadlines';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { addDays, ManualClock, parseInstant, startOfDay, systemIds, type Day } from '#kernel';
import { taskStream } from '#tasks';
import { DeadlineProcess, type OpenDeadlines } from './deadline-process.ts';
import { TaskService } from './task-service.ts';

const DAY = '2020-11-02';
const calendar = loadDefaultCalendar();
const actor = { id: 'office', role: 'office' } as const;
let clock: ManualClock;
let log: MemoryEventLog;
let tasks: TaskService;

function freshLog(): void {
  log = new MemoryEventLog({ clock });
  tasks = new TaskService(log, clock, systemIds, () => calendar);
}
beforeEach(() => {
  clock = new ManualClock(startOfDay(DAY) + 9 * 3_600_000);
  freshLog();
});

async function assign(dueOn: Day): Promise<string> {
  const taskId = systemIds.next();
  const reading = readDeadline({ date: dueOn }, { documentDate: DAY, receivedOn: DAY, policy: 'none', calendar });
  if (!reading.ok) throw new Error(reading.detail);
  await tasks.execute({
    taskId, actor, begins: true,
    prepare: () => ({
      command: {
        type: 'AssignTask', occurredAt: startOfDay(DAY), byDay: true,
        task: { document: { number: '1/UBND', date: DAY, issuer: 'UBND tỉnh', title: 't' }, content: 'c', authority: 'ubnd-tinh', leadUnitId: 'so-y-te', coordinatingUnitIds: [], assignedOn: DAY, deadline: reading.deadline },
      },
    }),
  });
  return taskId;
}
const submit = (taskId: string): Promise<unknown> => tasks.execute({ taskId, actor, prepare: () => ({ command: { type: 'SubmitCompletion', resultDocument: { number: '1/BC', date: DAY }, occurredAt: clock.now(), byDay: false } }) });
const refuse = (taskId: string): Promise<unknown> => tasks.execute({ taskId, actor, prepare: () => ({ command: { type: 'RefuseCompletion', reason: 'thiếu số liệu', occurredAt: clock.now(), byDay: false } }) });

async function overdueOf(taskId: string): Promise<number> {
  return (await log.readStream(taskStream(taskId))).filter(({ type }) => type === 'TaskBecameOverdue').length;
}
/** By default a read model that knows nothing yet: everything is read from the log. */
async function run(known: OpenDeadlines = { position: 0n, open: [] }): Promise<{ scanned: number }> {
  let scanned = 0;
  const counted = new Proxy(log, {
    get(target, name) {
      if (name === 'readAll') return async (o: Parameters<MemoryEventLog['readAll']>[0]) => { const events = await target.readAll(o); if (o.limit > 1) scanned += events.length; return events; };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const process = new DeadlineProcess(counted, tasks, clock, () => known);
  await process.start();
  await process.stop();
  return { scanned };
}

describe('the deadline process', () => {
  it('records each deadline that passed while it was off once, in the order of their ends, and none of what is submitted', async () => {
    const later = await assign(addDays(DAY, 9));
    const sooner = await assign(addDays(DAY, 3));
    const submitted = await assign(addDays(DAY, 3));
    const future = await assign(addDays(DAY, 60));
    await submit(submitted);
    clock.set(startOfDay(addDays(DAY, 20)));
    await run();
    await run();
    expect(await Promise.all([sooner, later, submitted, future].map(overdueOf))).toEqual([1, 1, 0, 0]);
    const recorded = (await log.readAll({ after: 0n, limit: 100 })).filter(({ type }) => type === 'TaskBecameOverdue');
    expect(recorded.map(({ stream }) => stream)).toEqual([taskStream(sooner), taskStream(later)]);
  });

  it('waits again for work that is sent back, whose deadline had stopped counting', async () => {
    const back = await assign(addDays(DAY, 5));
    await submit(back);
    await refuse(back);
    clock.set(startOfDay(addDays(DAY, 6)) + 1);
    await run();
    expect(await overdueOf(back)).toBe(1);
  });

  it('takes what a read model tells and reads the log only from there on', async () => {
    const told = await assign(addDays(DAY, 5));
    const { position } = await log.head();
    const after = await assign(addDays(DAY, 5));
    clock.set(parseInstant('2020-11-20T08:00:00+07:00')!);
    const { scanned } = await run({ position, open: [{ taskId: told, end: startOfDay(addDays(DAY, 6)) }] });
    expect(scanned).toBe(1);
    expect(await Promise.all([told, after].map(overdueOf))).toEqual([1, 1]);
  });
});
