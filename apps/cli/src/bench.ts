import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { EventLog } from '#event-log';
import { rawReadAndParse } from '#event-log/sqlite/raw-read';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { clockFrom, parseInstant, systemClock, systemIds } from '#kernel';
import { LOG_FILE, openRuntime } from '../../api/src/runtime.ts';
import { serve } from '../../api/src/serve.ts';
import { writeHistory } from './seed.ts';

const NOW = '2026-11-22T08:00:00+07:00';
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const percentile = (values: readonly number[], p: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))]!;
const row = (what: string, value: string): void => { process.stdout.write(`| ${what.padEnd(66)} | ${value.padStart(24)} |\n`); };
const perSecond = (n: number): string => `${Math.round(n).toLocaleString('en')}/s`;

/** Measures on this machine, rounds interleaved, medians; every figure of speed in the README comes from here. */
export async function bench(short: boolean): Promise<void> {
  const rounds = short ? 3 : 5;
  const tasks = short ? 5_000 : 50_000;
  const dir = mkdtempSync(join(tmpdir(), 'nhacviec-bench-'));
  process.stdout.write(`Node ${process.version}, ${String(availableParallelism())} cores, ${short ? 'short' : 'full'} run, medians of ${String(rounds)} rounds\n\n`);
  try {
    await benchAppends(dir, rounds, short ? 2_000 : 10_000);
    const folder = join(dir, 'history');
    const { events } = await writeHistory({ folder, units: 65, tasks, seed: 1, now: NOW });
    await benchRebuild(folder, events, short ? 1 : 3);
    await benchHttp(folder, dir, tasks, short);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function benchAppends(dir: string, rounds: number, count: number): Promise<void> {
  const log = await openSqliteEventLog({ file: join(dir, 'appends.sqlite'), clock: systemClock });
  const rates = new Map<number, number[]>([[1, []], [10, []], [100, []], [1000, []]]);
  for (let round = 0; round < rounds; round++) {
    for (const [width, list] of rates) {
      const total = width === 1 ? count / 4 : count;
      const started = performance.now();
      for (let done = 0; done < total; done += width) await Promise.all(Array.from({ length: width }, () => appendOne(log)));
      list.push((total * 1000) / (performance.now() - started));
    }
  }
  for (const [width, list] of rates) row(width === 1 ? 'durable append, one by one' : `durable append, group commit, ${String(width)} under way`, perSecond(median(list)));
  await log.close();
}

function appendOne(log: EventLog): Promise<unknown> {
  const id = systemIds.next();
  return log.append(`task-${id}`, [{ id, type: 'ProgressReported', schema: 1, occurredAt: Date.now(), data: { note: 'đo tốc độ ghi nhật ký sự kiện', percent: 40 }, metadata: { actor: { id: 'office', role: 'office' } } }], { expectedRevision: -1 });
}

async function benchRebuild(folder: string, events: number, rounds: number): Promise<void> {
  const clock = clockFrom(parseInstant(NOW)!);
  const raw: number[] = [];
  const rebuilt: number[] = [];
  const runtime = await openRuntime({ dataDir: folder, clock });
  for (let round = 0; round < rounds; round++) {
    let started = performance.now();
    const read = await rawReadAndParse(join(folder, LOG_FILE));
    raw.push((read * 1000) / (performance.now() - started));
    started = performance.now();
    await runtime.projector.rebuild(undefined);
    rebuilt.push((events * 1000) / (performance.now() - started));
  }
  row(`raw read and JSON.parse of ${events.toLocaleString('en')} events`, perSecond(median(raw)));
  row('rebuild of all projections', perSecond(median(rebuilt)));
  row('rebuild / raw (to reach: 0.25)', (median(rebuilt) / median(raw)).toFixed(2));
  await runtime.close();
}

async function benchHttp(folder: string, dir: string, tasks: number, short: boolean): Promise<void> {
  const started = performance.now();
  const served = await serve({ host: '127.0.0.1', port: 0, dataDir: folder, clock: clockFrom(parseInstant(NOW)!), simulated: true });
  row(`cold start over ${tasks.toLocaleString('en')} tasks, overdue recorded (ms)`, (performance.now() - started).toFixed(0));
  const agent = new Agent({ keepAlive: true, maxSockets: 100 });
  try {
    const times: number[] = [];
    for (let n = 0; n < (short ? 60 : 300); n++) {
      const day = new Date(Date.UTC(2024, 0, 1 + ((n * 37) % 900))).toISOString().slice(0, 10);
      const at = performance.now();
      await call(agent, `${served.url}/api/v1/figures?asOf=${day}&groupBy=unit`);
      times.push(performance.now() - at);
    }
    row('GET /figures, arbitrary past day, grouped by unit, p50 (ms)', percentile(times, 0.5).toFixed(1));
    row('GET /figures, arbitrary past day, grouped by unit, p95 (ms)', percentile(times, 0.95).toFixed(1));
    row('resident after that (MB, this process with the bench in it)', (process.memoryUsage().rss / 1_048_576).toFixed(0));
  } finally {
    agent.destroy();
    await served.close();
  }
  const fresh = await serve({ host: '127.0.0.1', port: 0, dataDir: join(dir, 'commands'), clock: systemClock, simulated: false });
  const many = new Agent({ keepAlive: true, maxSockets: 100 });
  try {
    await call(many, `${fresh.url}/api/v1/units`, { id: 'don-vi', name: 'Đơn vị', shortName: 'ĐV', kind: 'so' });
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    const latencies: number[] = [];
    const total = short ? 1_000 : 5_000;
    // The first few hundred requests compile the program; a server that has run for a minute is what people meet.
    const warmUp = 500;
    let next = -warmUp;
    let at = 0;
    await Promise.all(Array.from({ length: 100 }, async () => {
      while (next < total) {
        if (next === 0) at = performance.now();
        const n = next++;
        const before = performance.now();
        await call(many, `${fresh.url}/api/v1/tasks`, { document: { number: `${String(n)}/UBND`, date: today, issuer: 'UBND tỉnh', title: 'Đo tốc độ' }, content: `Việc ${String(n)}`, authority: 'ubnd-tinh', leadUnitId: 'don-vi', assignedOn: today, deadline: { none: true } });
        if (n >= 0) latencies.push(performance.now() - before);
      }
    }));
    row('POST /tasks over HTTP, 100 connections (client in the same process)', perSecond((total * 1000) / (performance.now() - at)));
    row('POST /tasks p99 (ms)', percentile(latencies, 0.99).toFixed(1));
  } finally {
    many.destroy();
    await fresh.close();
  }
}

function call(agent: Agent, url: string, body?: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers: body === undefined ? {} : { 'Content-Type': 'application/json' } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if ((response.statusCode ?? 500) < 300) resolve(text);
        else reject(new Error(`${url}: ${String(response.statusCode)} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
