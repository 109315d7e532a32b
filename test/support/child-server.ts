import { spawn, type ChildProcess } from 'node:child_process';

/** Where a program under test listens: any free port. */
export const CHILD_ENV = { ...process.env, PORT: '0', NODE_OPTIONS: '' };

/** `nhacviec serve` in a process of its own, so that it can be killed; resolves once it says where it listens. */
export async function startChildServer(data: string): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['apps/cli/launch.mjs', 'serve', '--data', data], { env: CHILD_ENV, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const m = /Nhắc Việc: (\S+)/.exec(said);
      if (m) resolve(m[1]!);
    });
    child.once('exit', (code) => { reject(new Error(`the server stopped before it was ready: ${String(code)} ${said}`)); });
  });
  return { child, url };
}

/** Ends it with a signal; resolves once it is gone. */
export async function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}
