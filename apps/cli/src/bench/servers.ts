import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import type { LoadResult } from './load.ts';

const inDist = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

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
export async function startServer(folder: string, now?: string): Promise<BenchServer> {
  const env = { ...process.env, HOST: '127.0.0.1', PORT: '0', NHACVIEC_DATA: folder, NHACVIEC_NOW: now ?? '', NODE_OPTIONS: '' };
  const started = performance.now();
  const child = spawn(process.execPath, [inDist('../../../api/src/main.js')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
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
  const child = spawn(process.execPath, [inDist('./load.js'), url, unitId, String(connections), String(warmUp), String(measured), String(pace)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString('utf8'); });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the load client ended with ${String(code)}: ${said}`);
  return JSON.parse(said) as LoadResult;
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
