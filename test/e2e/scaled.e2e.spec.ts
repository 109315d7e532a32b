import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inventedList } from '../../apps/cli/src/bench/spreadsheets.ts';
import { assignment, unit } from '../support/bodies.ts';
import { CHILD_ENV, endChild, endLeftServers, startChildServer, type ChildServer } from '../support/child-server.ts';
import { scaledEnv, startScaledServers, type ScaledServers } from '../support/scaled.ts';

/** Two api and two workers as processes of their own, on one event store and one MongoDB: whoever is asked, and whoever is killed. */
let servers: ScaledServers;
let folder: string;
let env: Record<string, string>;
const apis: ChildServer[] = [];
const workers: ChildProcess[] = [];

/** Resolves once it is connected and waits for leases. */
async function startWorker(n: number): Promise<void> {
  const child = spawn(process.execPath, ['dist/program/worker.js'], { env: { ...CHILD_ENV, ...env, NHACVIEC_DATA: join(folder, `worker-${String(n)}`), NHACVIEC_LOG: 'error' }, stdio: ['ignore', 'pipe', 'inherit'] });
  workers.push(child);
  await once(child.stdout, 'data');
}

beforeAll(async () => {
  servers = await startScaledServers();
  folder = mkdtempSync(join(tmpdir(), 'nhacviec-scaled-'));
  env = { ...scaledEnv(servers.urls), NHACVIEC_NOW: '2020-11-17T08:00:00+07:00' };
  await Promise.all([startWorker(1), startWorker(2)]);
  for (let n = 0; n < 2; n++) apis.push(await startChildServer(join(folder, 'data'), { env }));
}, 60_000);

afterAll(async () => {
  for (const worker of workers) if (worker.exitCode === null && worker.signalCode === null) await endChild(worker, 'SIGKILL');
  await endLeftServers();
  await servers.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Answered<T> {
  readonly status: number;
  readonly body: T;
}

async function ask<T>(n: number, method: 'GET' | 'POST', path: string, body?: object, headers: Record<string, string> = {}): Promise<Answered<T>> {
  const response = await fetch(`${apis[n]!.url}/api/v1${path}`, { method, headers: { 'X-Actor': 'office', 'Content-Type': 'application/json', ...headers }, ...(body && { body: JSON.stringify(body) }) });
  return { status: response.status, body: (await response.json()) as T };
}
interface Command {
  readonly id: string;
  readonly position: string;
}
/** As `GET /imports/{id}` answers, where this test reads it. */
interface Import {
  readonly id: string;
  readonly doing: string | null;
  readonly phase: string;
  readonly failure: object | null;
  readonly sheets: readonly { readonly guessed: object }[];
  readonly rehearsed: { readonly counts: Record<string, number> };
  readonly written: { readonly position: string } | null;
  readonly undone: { readonly position: string } | null;
}
interface Figures {
  readonly total: number;
  readonly parameters: { readonly position: string };
}

const assign = (n: number, key?: string): Promise<Answered<Command>> => ask(n, 'POST', '/tasks', assignment(), key === undefined ? {} : { 'Idempotency-Key': key });
const total = async (n: number, atLeast: string): Promise<number | string> => {
  const { status, body } = await ask<Figures>(n, 'GET', `/figures?atLeast=${atLeast}`);
  return status === 200 ? body.total : `${String(status)} ${JSON.stringify(body)}`;
};

/** Processes that hold a lease now, by the name of the lease. */
const holders = (): Record<string, string | null> => Object.fromEntries(servers.mongo.documents('nhacviec', 'projections').map(({ _id, holder }) => [String(_id), (holder as string | null)?.split(' ')[1] ?? null]));

/** The command line. The stand-ins answer in this process, so it must not stand still while a child runs. */
const run = async (...args: string[]): Promise<{ status: number | null; out: string }> => {
  const child = spawn(process.execPath, ['apps/cli/launch.mjs', ...args, '--data', join(folder, 'data')], { env: { ...CHILD_ENV, ...env } });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { out += chunk.toString('utf8'); });
  const status = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { status, out };
};

interface BuildStatus {
  readonly name: string;
  readonly build: number;
  readonly state: string;
}
const builds = async (): Promise<readonly BuildStatus[]> => (await ask<{ items: readonly BuildStatus[] }>(0, 'GET', '/projections')).body.items;
const servingBuild = async (name: string): Promise<number> => (await builds()).find((one) => one.name === name && one.state === 'active')!.build;

/** Asks for a new build and waits until it serves; `meanwhile` is done again and again until then. */
async function rebuild(name: string, meanwhile: () => Promise<void> = () => sleep(50)): Promise<void> {
  const before = await servingBuild(name);
  expect((await ask(0, 'POST', `/projections/${name}/rebuild`, {}, { 'X-Actor': 'admin' })).status).toBe(202);
  for (const until = performance.now() + 20_000; (await servingBuild(name)) === before && performance.now() < until; ) await meanwhile();
  expect(await servingBuild(name)).toBeGreaterThan(before);
}

describe('two api and two workers', () => {
  it('answer what the other has just recorded, whichever is asked', async () => {
    const made = await ask<Command>(0, 'POST', '/units', unit('so-y-te'));
    expect(made.status).toBe(201);
    for (let n = 0; n < 6; n++) {
      const { status, body } = await assign(n % 2);
      expect(`${String(status)} ${status === 201 ? '' : JSON.stringify(body)}`).toBe('201 ');
      expect(await total((n + 1) % 2, body.position)).toBe(n + 1);
    }
    expect((await ask<{ profile: string }>(1, 'GET', '/system')).body.profile).toBe('scaled');
  });

  it('record a command that is sent to both with one key once', async () => {
    const key = 'b1f0c1b4-1b1f-4a58-9a53-4f1d1d3f6f10';
    const [a, b] = await Promise.all([assign(0, key), assign(1, key)]);
    expect([a.status, b.status, a.body.id]).toEqual([201, 201, b.body.id]);
    expect(await total(0, b.body.position)).toBe(7);
  });

  it('share the leases, and the others go on within ten seconds when one worker is killed', async () => {
    const before = holders();
    expect(Object.keys(before).sort()).toEqual(['audit-trail', 'figures', 'processes', 'reminder-ledger', 'reminders', 'task-board']);
    const victim = workers.find(({ pid }) => before['figures'] === String(pid))!;
    await endChild(victim, 'SIGKILL');
    const killedAt = performance.now();
    const { status, body } = await assign(0);
    expect(status).toBe(201);
    let last: number | string = '';
    while (last !== 8 && performance.now() - killedAt < 20_000) last = await total(1, body.position);
    const took = performance.now() - killedAt;
    process.stdout.write(`takeover after kill -9 of the holder: ${(took / 1000).toFixed(1)} s\n`);
    expect(last).toBe(8);
    expect(took).toBeLessThan(10_000);
    expect(holders()['figures']).not.toBe(String(victim.pid));
    await startWorker(3);
  });

  it('pass the leases on at once when a worker is stopped in order', async () => {
    const holder = holders()['figures'];
    const worker = workers.find(({ pid }) => holder === String(pid))!;
    const from = performance.now();
    expect(await endChild(worker, 'SIGTERM')).toBe(0);
    const { body } = await assign(1);
    let last: number | string = '';
    while (last !== 9 && performance.now() - from < 20_000) last = await total(0, body.position);
    process.stdout.write(`after SIGTERM of the holder: ${((performance.now() - from) / 1000).toFixed(1)} s\n`);
    expect(last).toBe(9);
    expect(performance.now() - from).toBeLessThan(5_000);
    await startWorker(4);
  });

  it('build anew while they answer, when an operator asks one of them', async () => {
    const position = (await ask<Figures>(0, 'GET', '/figures')).body.parameters.position;
    const everywhere = async (): Promise<void> => {
      for (const n of [0, 1]) expect(await total(n, position)).toBe(9);
    };
    await rebuild('figures', everywhere);
    await everywhere();
  });

  it('take nothing from a worker that wakes up after its lease was taken over', async () => {
    const holder = holders()['figures'];
    const paused = workers.find(({ pid }) => holder === String(pid))!;
    paused.kill('SIGSTOP');
    const { body } = await assign(0);
    const from = performance.now();
    let last: number | string = '';
    while (last !== 10 && performance.now() - from < 20_000) last = await total(0, body.position);
    expect(last).toBe(10);
    expect(holders()['figures']).not.toBe(holder);
    paused.kill('SIGCONT');
    for (let n = 0; n < 5; n++) expect(await total(1, (await assign(n % 2)).body.position)).toBe(11 + n);
    const before = await run('projections', 'dump');
    expect(before.out.split('\n').filter((line) => line.startsWith('{')).length).toBe(4 * 15);
    for (const name of ['figures', 'task-board', 'audit-trail']) await rebuild(name);
    expect(await run('projections', 'dump')).toEqual(before);
  }, 120_000);

  it('are seen by the command line, which finds everything in order', async () => {
    for (let tries = 0; Object.values(holders()).includes(null) && tries < 100; tries++) await sleep(100);
    const doctor = await run('doctor');
    expect(doctor.out).toMatch(/Worker giữ: .*figures/);
    expect([doctor.status, doctor.out.includes('HỎNG')]).toEqual([0, false]);
    const stat = await run('log', 'stat', '--json');
    expect(JSON.parse(stat.out)).toMatchObject({ types: { TaskAssigned: 15, UnitEstablished: 1 } });
    expect((await run('projections', 'list')).out).toMatch(/figures@\d/);
    expect((await run('backup', join(folder, 'b'))).out).toMatch(/NHACVIEC_PROFILE=scaled/);
  });

  it('take a list in through one: the other answers with it, gives it out, and knows it when it comes again; undone, it is out of the figures', async () => {
    await ask(0, 'POST', '/units', { id: 'so-noi-vu', name: 'Sở Nội vụ', shortName: 'SNV', kind: 'so' });
    const before = (await ask<Figures>(0, 'GET', '/figures')).body.total;
    const list = await inventedList(30, '2020-11-10');
    const settled = async (n: number, id: string): Promise<Import> => {
      for (;;) {
        const { body } = await ask<Import>(n, 'GET', `/imports/${id}`);
        if (body.doing === null) return body;
        await sleep(50);
      }
    };
    const rehearsed = async (n: number, bytes: Buffer, name: string): Promise<Import> => {
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(bytes)]), name);
      const taken = (await (await fetch(`${apis[n]!.url}/api/v1/imports`, { method: 'POST', headers: { 'X-Actor': 'office' }, body: form })).json()) as Import;
      await ask(n, 'POST', `/imports/${taken.id}/mapping`, { columns: taken.sheets[0]!.guessed });
      return settled(n, taken.id);
    };
    const first = await rehearsed(0, list, 'danh-sach.xlsx');
    expect(first.rehearsed.counts).toMatchObject({ new: 30, refused: 0 });
    await ask(0, 'POST', `/imports/${first.id}/commit`, {});
    const committed = await settled(0, first.id);
    expect(committed).toMatchObject({ phase: 'committed', failure: null });
    expect(await total(1, committed.written!.position)).toBe(before + 30);

    const out = Buffer.from(await (await fetch(`${apis[1]!.url}/api/v1/tasks/export?format=csv&unitId=so-noi-vu`)).arrayBuffer());
    expect(out.toString('utf8').split('30/UBND-DO').length).toBeGreaterThan(1);
    expect((await rehearsed(1, out, 'xuat.csv')).rehearsed.counts).toMatchObject({ unchanged: 30, new: 0, extended: 0, contradictions: 0, refused: 0 });

    await ask(0, 'POST', `/imports/${first.id}/undo`, { reason: 'nhầm đơn vị' });
    const undone = await settled(0, first.id);
    expect(undone).toMatchObject({ phase: 'undone', failure: null });
    expect(await total(1, undone.undone!.position)).toBe(before);
  }, 60_000);
});
