import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDefaultCalendar, readDeadline } from '#deadlines';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { addDays, ManualClock, parseInstant, startOfDay, systemIds, type Day } from '#kernel';
import { taskStream } from '#tasks';
import { DeadlineProcess, type DeadlineProcessOptions } from './deadline-process.ts';
import { TaskService } from './task-service.ts';

const DAY = '2020-11-02';
const calendar = loadDefaultCalendar();
const actor = { id: 'office', role: 'office' } as const;
let folder: string;
let stateFile: string;
let clock: ManualClock;
let log: MemoryEventLog;
let tasks: TaskService;

function freshLog(): void {
  log = new MemoryEventLog({ clock });
  tasks = new TaskService(log, clock, systemIds, calendar);
}
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhacviec-deadlines-'));
  stateFile = join(folder, 'deadlines.json');
  clock = new ManualClock(startOfDay(DAY) + 9 * 3_600_000);
  freshLog();
});
afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

async function assign(dueOn: Day): Promise<string> {
  const taskId = systemIds.next();
  const reading = readDeadline({ date: dueOn }, { documentDate: DAY, receivedOn: DAY, policy: 'none', calendar });
  if (!reading.ok) throw new Error(reading.detail);
  await tasks.execute({
    taskId, actor,
    command: {
      type: 'AssignTask', occurredAt: startOfDay(DAY), byDay: true,
      task: { document: { number: '1/UBND', date: DAY, issuer: 'UBND tỉnh', title: 't' }, content: 'c', authority: 'ubnd-tinh', leadUnitId: 'so-y-te', coordinatingUnitIds: [], assignedOn: DAY, deadline: reading.deadline },
    },
  });
  return taskId;
}
const submit = (taskId: string): Promise<unknown> => tasks.execute({ taskId, actor, command: { type: 'SubmitCompletion', resultDocument: { number: '1/BC', date: DAY }, occurredAt: clock.now(), byDay: false } });
const refuse = (taskId: string): Promise<unknown> => tasks.execute({ taskId, actor, command: { type: 'RefuseCompletion', reason: 'thiếu số liệu', occurredAt: clock.now(), byDay: false } });

async function overdueOf(taskId: string): Promise<number> {
  return (await log.readStream(taskStream(taskId))).filter(({ type }) => type === 'TaskBecameOverdue').length;
}
async function run(options: DeadlineProcessOptions = { stateFile }): Promise<{ scanned: number }> {
  let scanned = 0;
  const counted = new Proxy(log, {
    get(target, name) {
      if (name === 'readAll') return async (o: Parameters<MemoryEventLog['readAll']>[0]) => { const events = await target.readAll(o); if (o.limit > 1) scanned += events.length; return events; };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  const process = new DeadlineProcess(counted, tasks, clock, options);
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

  it('goes on from its saved state: reads what is new, knows what was open, waits again for work that is sent back', async () => {
    const open = await assign(addDays(DAY, 5));
    const back = await assign(addDays(DAY, 5));
    await submit(back);
    await run();
    await refuse(back);
    clock.set(startOfDay(addDays(DAY, 6)) + 1);
    expect((await run()).scanned).toBe(1);
    expect(await Promise.all([open, back].map(overdueOf))).toEqual([1, 1]);
  });

  it.each<[string, () => Promise<void>]>([
    ['of another log', async () => { freshLog(); await Promise.resolve(); }],
    ['cut in half', async () => { const whole = readFileSync(stateFile, 'utf8'); writeFileSync(stateFile, whole.slice(0, whole.length / 2)); await Promise.resolve(); }],
    ['of another version', async () => { writeFileSync(stateFile, JSON.stringify({ ...(JSON.parse(readFileSync(stateFile, 'utf8')) as object), version: 99 })); await Promise.resolve(); }],
  ])('does not believe a state %s', async (_, spoil) => {
    await assign(addDays(DAY, 5));
    await run();
    await spoil();
    const there = await assign(addDays(DAY, 5));
    clock.set(startOfDay(addDays(DAY, 6)) + 1);
    const { scanned } = await run();
    expect(scanned).toBe((await log.head()).count - (await log.readAll({ after: 0n, limit: 100 })).filter(({ type }) => type === 'TaskBecameOverdue').length);
    expect(await overdueOf(there)).toBe(1);
  });

  it('takes what a read model tells and reads the log only from there on', async () => {
    const told = await assign(addDays(DAY, 5));
    const { position } = await log.head();
    const after = await assign(addDays(DAY, 5));
    clock.set(parseInstant('2020-11-20T08:00:00+07:00')!);
    const { scanned } = await run({ openDeadlines: () => ({ position, open: [{ taskId: told, end: startOfDay(addDays(DAY, 6)) }] }) });
    expect(scanned).toBe(1);
    expect(await Promise.all([told, after].map(overdueOf))).toEqual([1, 1]);
  });
});
