import { beforeEach, describe, expect, it } from '@jest/globals';
import { loadDefaultCalendar, readDeadline } from '#deadlines';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { addDays, ManualClock, startOfDay, systemIds, type Day } from '#kernel';
import type { PassedDeadline } from '#figures';
import { endOfOpenDeadline, fold, taskIdOf, taskStream, toFact } from '#tasks';
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
/** A read model that knows all deadlines from the log, or as it knew them when it was last caught up. */
function readModel({ behind = false } = {}): OpenDeadlines {
  let known: PassedDeadline[] = [];
  return {
    figureTasks: {
      passedBy: async (instant, limit) => known.filter(({ end }) => end < instant).slice(0, limit),
      nextEnd: async () => known[0]?.end,
    },
    async catchUp() {
      if (behind && known.length > 0) return;
      const streams = new Set((await log.readAll({ after: 0n, limit: 1_000 })).map(({ stream }) => stream));
      known = [];
      for (const stream of streams) {
        const end = endOfOpenDeadline(fold((await log.readStream(stream)).map(toFact)));
        if (end !== undefined) known.push({ taskId: taskIdOf(stream), end });
      }
      known.sort((one, other) => one.end - other.end);
    },
    onChange: () => undefined,
  };
}

async function run(models = readModel()): Promise<void> {
  const process = new DeadlineProcess(tasks, clock, models);
  await process.start();
  await process.stop();
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

  it('records once what a read model goes on naming, and nothing that was submitted since', async () => {
    const told = await assign(addDays(DAY, 5));
    const submitted = await assign(addDays(DAY, 5));
    const models = readModel({ behind: true });
    await models.catchUp();
    await submit(submitted);
    clock.set(startOfDay(addDays(DAY, 6)) + 1);
    await run(models);
    await run(models);
    expect(await Promise.all([told, submitted].map(overdueOf))).toEqual([1, 0]);
  });
});
