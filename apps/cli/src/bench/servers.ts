import { spawn, spawnSync, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ListenResult } from './listen.ts';
import type { LoadResult } from './load.ts';
import { percentile } from './table.ts';

/** Of the program put together, where all that is started by its file stands side by side. */
const inDist = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Said to a child before its own program, and to its threads, which have no channel: it ends as by SIGTERM when this process is gone, however that ended. */
const ENDS_WITH_US = "data:text/javascript,process.once('disconnect', () => process.kill(process.pid, 'SIGTERM')); process.channel?.unref();";

/** A program in a process of its own that does not outlive this one: it would hold its folder, and be measured beside the next bench. */
function start(file: string, args: readonly (string | number)[], env: NodeJS.ProcessEnv = process.env): ChildProcessByStdio<null, Readable, null> {
  return spawn(process.execPath, ['--import', ENDS_WITH_US, inDist(file), ...args.map(String)], { env, stdio: ['ignore', 'pipe', 'inherit', 'ipc'] }) as ChildProcessByStdio<null, Readable, null>;
}

/** A server in a process of its own. */
export interface BenchServer {
  readonly url: string;
  /** From starting the process to its ready line. */
  readonly startMs: number;
  /** Resident memory in MB, NaN where the system does not tell. */
  resident(): number;
  stop(): Promise<void>;
}

/** Starts the built program over a folder; `now` is a simulated clock. */
export async function startServer(folder: string, now?: string, more: Readonly<Record<string, string>> = {}): Promise<BenchServer> {
  const env = { ...process.env, ...more, HOST: '127.0.0.1', PORT: '0', NHACVIEC_DATA: folder, NHACVIEC_NOW: now ?? '', NODE_OPTIONS: '' };
  const started = performance.now();
  const child = start('./server.js', [], env);
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const m = /Nhắc Việc: (\S+)/.exec(said);
      if (m?.[1] !== undefined) resolve(m[1]);
    });
    child.once('exit', (code) => { reject(new Error(`the server ended with ${String(code)}: ${said}`)); });
  });
  return { url, startMs: performance.now() - started, resident: () => residentOf(child.pid!), stop: () => stop(child) };
}

/** Runs the load client against a server. @throws with what it said when an answer was not 201. */
export async function load(url: string, unitId: string, connections: number, warmUp: number, measured: number, pace = 0): Promise<LoadResult> {
  const child = start('./load.js', [url, unitId, connections, warmUp, measured, pace]);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString('utf8'); });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the load client ended with ${String(code)}: ${said}`);
  return JSON.parse(said) as LoadResult;
}

/** Connects that many listeners to the event stream and has them hear events; `whileConnected` runs before they leave. @throws with what they said when one missed an event. */
export async function listen(url: string, unitId: string, clients: number, perSecond: number, measured: number, whileConnected: () => void): Promise<ListenResult> {
  const child = start('./listen.js', [url, unitId, clients, perSecond, measured]);
  const said = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => { resolve(chunk.toString('utf8')); });
    child.once('exit', (code) => { reject(new Error(`the listeners ended with ${String(code)}`)); });
  });
  whileConnected();
  await stop(child);
  return JSON.parse(said) as ListenResult;
}

/** GET, or POST with a body. @throws naming the address, the status and the answer when it is a refusal. */
export async function send(url: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const response = await fetch(url, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${String(response.status)} ${text}`);
  return JSON.parse(text);
}

/** All read models of a server anew, beside those that serve; what an earlier one left goes first. */
export async function beginRebuild(api: string): Promise<void> {
  const admin = { 'X-Actor': 'admin' };
  await send(`${api}/projections/drop`, {}, admin);
  for (const name of ['figures', 'task-board', 'audit-trail', 'reminder-ledger']) await send(`${api}/projections/${name}/rebuild`, {}, admin);
}

export async function isBuilding(api: string): Promise<boolean> {
  const { items } = (await send(`${api}/projections`)) as { readonly items: readonly { readonly state: string }[] };
  return items.some(({ state }) => state === 'building');
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => { resolve(); });
    child.kill('SIGTERM');
  });
}

function residentOf(pid: number): number {
  try {
    const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1];
    if (kib !== undefined) return Number(kib) / 1024;
  } catch {
    // Not Linux: ask ps.
  }
  return Number(spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || NaN) / 1024;
}

/** Does the work while somebody else asks for lists, one after the other; `grown`: the resident memory it took besides at the most, in MB. */
export async function beside<T>(server: BenchServer, work: () => Promise<T>): Promise<{ readonly result: T; readonly took: number; readonly p99: number; readonly grown: number }> {
  const before = server.resident();
  let most = before;
  const over = new AbortController();
  const waits: number[] = [];
  const asking = (async () => {
    while (!over.signal.aborted) {
      const from = performance.now();
      await send(`${server.url}/api/v1/tasks?limit=50`);
      waits.push(performance.now() - from);
      most = Math.max(most, server.resident());
      await sleep(20);
    }
  })();
  const started = performance.now();
  const result = await work();
  const took = performance.now() - started;
  over.abort();
  await asking;
  return { result, took, p99: percentile(waits, 0.99), grown: most - before };
}
