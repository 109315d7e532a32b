import { spawn, type ChildProcess } from 'node:child_process';

/** Where a program under test listens: any free port. */
export const CHILD_ENV = { ...process.env, PORT: '0', NODE_OPTIONS: '' };

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A command to run it under, with its arguments. */
  readonly under?: readonly string[];
}

export interface ChildServer {
  readonly child: ChildProcess;
  readonly url: string;
}

/** `nhacviec serve` in a process of its own, not waited for. */
export function spawnChildServer(data: string, { env = {}, under = [] }: ChildOptions = {}): ChildProcess {
  const words = [...under, process.execPath, 'apps/cli/launch.mjs', 'serve', '--data', data];
  const child = spawn(words[0]!, words.slice(1), { env: { ...CHILD_ENV, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  running.add(child);
  child.once('exit', () => running.delete(child));
  return child;
}

const running = new Set<ChildProcess>();

/** For after each test: one that failed leaves no server behind, which would keep the run from ending. */
export async function endLeftServers(): Promise<void> {
  await Promise.all([...running].map((child) => endChild(child, 'SIGKILL')));
}

/** `nhacviec serve` in a process of its own, so that it can be killed; resolves once it says where it listens. */
export async function startChildServer(data: string, options: ChildOptions = {}): Promise<ChildServer> {
  const child = spawnChildServer(data, options);
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const m = /Nhắc Việc: (\S+)/.exec(said);
      if (m) resolve(m[1]!);
    });
    child.once('exit', (code) => {
      reject(new Error(`the server stopped before it was ready: ${String(code)} ${said}`));
    });
  });
  return { child, url };
}

/** Ends it with a signal; resolves with its exit code once it is gone. */
export async function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> {
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return ended;
}
