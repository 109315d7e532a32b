import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OutcomeUnknownError, type EventLog } from '#event-log';
import { ManualClock, parseInstant, systemIds } from '#kernel';
import type { Answer } from '#scenarios';
import { assignment, unit } from '../../../test/support/bodies.ts';
import { readModelRows } from '../../../test/support/dump.ts';
import { openScaled, startScaledServers, type ScaledProgram, type ScaledServers } from '../../../test/support/scaled.ts';
import { openRuntime, type Runtime } from '../../api/src/runtime.ts';
import { migrate } from '../../cli/src/operating/migrate.ts';
import { RuntimeDriver } from '../../cli/src/scenario-runtime.ts';
import { writeHistory } from '../../cli/src/invented/history.ts';

const NOW = '2026-11-22T08:00:00+07:00';
const clock = new ManualClock(parseInstant(NOW)!);
const office = { id: 'office', role: 'office' } as const;

let servers: ScaledServers;
let temporary: string;
let folder: string;
let program: ScaledProgram | undefined;
beforeEach(async () => {
  servers = await startScaledServers();
  temporary = mkdtempSync(join(tmpdir(), 'nhacviec-worker-'));
  folder = join(temporary, 'data');
});
afterEach(async () => {
  await program?.runtime.close();
  await program?.closeRest();
  program = undefined;
  await servers.stop();
  rmSync(temporary, { recursive: true, force: true });
});
const open = async (): Promise<Runtime> => (program = await openScaled(servers.urls, clock)).runtime;

describe('an operator of the scaled-out profile', () => {
  it('gets a new build that is the same, row for row, and drops the old one', async () => {
    await writeHistory({ folder, units: 3, tasks: 40, seed: 7, now: NOW });
    await migrate({ dataDir: folder, scaled: servers.urls, clock });
    const runtime = await open();
    await runtime.projector.catchUp();
    const before = [await readModelRows(runtime), (await runtime.projector.status()).map(({ build }) => build)];
    await runtime.projector.rebuild(undefined);
    expect(await readModelRows(runtime)).toBe(before[0]);
    expect((await runtime.projector.status()).map(({ build }) => build)).not.toEqual(before[1]);
    expect((await runtime.projector.drop()).map(({ name, state }) => `${name} ${state}`).sort()).toEqual(['audit-trail retired', 'figures retired', 'reminder-ledger retired', 'task-board retired']);
    expect(servers.mongo.seen.filter(({ command }) => command === 'drop')).toHaveLength(7);
  });

  it('sees what a worker could not take, and has it tried again', async () => {
    const runtime = await open();
    const stream = 'task-019aaaaa-0000-7000-8000-000000000001';
    // An assignment without anything that every assignment has: no program of ours writes it.
    const event = { id: systemIds.next(), type: 'TaskAssigned', schema: 1, data: {}, occurredAt: clock.now(), metadata: { actor: office } };
    await runtime.log.append(stream, [event], { expectedRevision: -1 });
    await runtime.projector.catchUp();
    const parked = await runtime.projector.parked();
    expect(parked.map(({ projection, eventId }) => `${projection} ${eventId}`).sort()).toEqual([`audit-trail ${event.id}`, `figures ${event.id}`, `task-board ${event.id}`]);
    const [first] = parked;
    expect(await runtime.projector.retry(first!.projection, stream)).toMatchObject({ eventId: event.id, stream, error: first!.error, attempts: first!.attempts + 1 });
    expect((await runtime.projector.status()).find(({ name }) => name === first!.projection)).toMatchObject({ parked: 1 });
    await expect(runtime.projector.retry(first!.projection, 'task-none')).rejects.toMatchObject({ code: 'not-parked', status: 404 });
  });
});

describe('a reorganisation that moves tasks', () => {
  it('is completed by the same request when the log went away in its middle', async () => {
    let appendsLeft = Infinity;
    program = await openScaled(servers.urls, clock, (log) => breakingOff(log, () => appendsLeft-- > 0));
    const { runtime } = program;
    const driver = new RuntimeDriver('scaled', runtime, clock, () => Promise.resolve());
    for (const id of ['so-a', 'so-b']) expect(await driver.post('/units', unit(id), 'admin')).toMatchObject({ status: 200 });
    for (let n = 0; n < 5; n++) expect(await driver.post('/tasks', assignment({ leadUnitId: 'so-a', assignedOn: '2026-11-20', deadline: { date: '2026-12-15' }, document: { number: `${String(n)}/UBND`, date: '2026-11-19', issuer: 'UBND tỉnh', title: 'Về việc báo cáo' } }), 'office')).toMatchObject({ status: 200 });
    const merge = (): Promise<Answer> => driver.post('/units/so-a/merge-into', { intoUnitId: 'so-b', on: '2026-11-22', legalBasis: '12/NQ-HĐND', openTasks: { toUnitId: 'so-b' } }, 'admin');
    appendsLeft = 2;
    await expect(merge()).rejects.toThrow(OutcomeUnknownError);
    appendsLeft = Infinity;
    const types = async (): Promise<string[]> => (await runtime.log.readAll({ after: 0n, limit: 100 })).map(({ type }) => type).slice(7);
    expect(await types()).toEqual(['TaskTransferred', 'TaskTransferred']);
    expect(await merge()).toMatchObject({ status: 200 });
    expect(await types()).toEqual(['TaskTransferred', 'TaskTransferred', 'TaskTransferred', 'TaskTransferred', 'TaskTransferred', 'UnitMerged']);
    await runtime.projector.catchUp();
    expect([(await runtime.figureTasks.openOf('so-a')).length, (await runtime.figureTasks.openOf('so-b')).length]).toEqual([0, 5]);
  });
});

/** A log whose `appendMany` writes as long as it may, and then cannot tell. */
function breakingOff(log: EventLog, may: () => boolean): EventLog {
  const appendMany: EventLog['appendMany'] = async (appends) => {
    const results = [];
    for (const { stream, events, expectedRevision } of appends) {
      if (!may()) throw new OutcomeUnknownError('the server went away');
      const result = await log.append(stream, events, { expectedRevision });
      if (!result.ok) return result;
      results.push(result);
    }
    return { ok: true, results };
  };
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'appendMany') return appendMany;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value as (...given: unknown[]) => unknown).bind(target) : value;
    },
  });
}

describe('moving from one machine to the servers', () => {
  it('keeps ids, order, revisions and times, and every figure', async () => {
    await writeHistory({ folder, units: 5, tasks: 50, seed: 3, now: NOW });
    const steps = new Set<string>();
    const moved = await migrate({ dataDir: folder, scaled: servers.urls, clock, onProgress: (step) => steps.add(step) });
    expect([moved.found, moved.events > 300, moved.figures > 20]).toEqual([0, true, true]);
    // Deadlines have passed by now, and nothing of that is recorded by the move: it can be made again.
    expect(await migrate({ dataDir: folder, scaled: servers.urls, clock })).toEqual({ ...moved, found: moved.events });
    expect([...steps].filter((step) => step !== 'Dựng bảng')).toEqual(['Chép sự kiện', 'Đọc nhật ký gốc', 'Đối chiếu nhật ký', 'Đối chiếu số liệu']);
    const here = await openRuntime({ dataDir: folder, clock });
    const there = await open();
    const told = async ({ log }: Runtime): Promise<unknown[]> => (await log.readAll({ after: 0n, limit: 10_000 })).map(({ position: _position, ...event }) => event);
    expect(await told(there)).toEqual(await told(here));
    await here.close();
  });

  it('goes on where a move broke off, and refuses servers that hold another log', async () => {
    await writeHistory({ folder, units: 2, tasks: 30, seed: 5, now: NOW });
    const limit = 25;
    let seen = 0;
    await expect(migrate({ dataDir: folder, scaled: servers.urls, clock, onProgress: (step, done) => {
      seen = Math.max(seen, done);
      if (step === 'Đọc nhật ký gốc') throw new Error('the machine went off');
    } })).rejects.toThrow('the machine went off');
    expect(seen).toBeGreaterThan(limit);
    expect(await migrate({ dataDir: folder, scaled: servers.urls, clock })).toMatchObject({ found: seen, events: seen });
    const other = join(temporary, 'other');
    await writeHistory({ folder: other, units: 2, tasks: 30, seed: 6, now: NOW });
    await expect(migrate({ dataDir: other, scaled: servers.urls, clock })).rejects.toMatchObject({ code: 'migrate-target-differs', detail: expect.stringMatching(/^Sự kiện thứ \d+ trên máy chủ/) });
  });
});
