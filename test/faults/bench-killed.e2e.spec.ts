import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { whoWrites, type Writer } from '#projections/sqlite/who-writes';
import { CHILD_ENV, endChild } from '../support/child-server.ts';

/* The bench measures a server in a process of its own. Whatever ends the bench, that server ends too and gives its folder free. */

const root = mkdtempSync(join(tmpdir(), 'nhacviec-bench-killed-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });

/** Who writes the folder of the server that measures commands. */
async function writer(): Promise<Writer | undefined> {
  const [bench] = readdirSync(root);
  const folder = join(root, bench ?? '', 'commands');
  return existsSync(folder) ? whoWrites(folder) : undefined;
}

async function until<T>(what: string, ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (const from = Date.now(); ; ) {
    const answer = await ask();
    if (holds(answer)) return answer;
    if (Date.now() - from > 20_000) throw new Error(`${what}: not within 20 s; last: ${JSON.stringify(answer)}`);
    await sleep(50);
  }
}

describe('a bench that is killed', () => {
  it('leaves no server behind', async () => {
    const bench = spawn(process.execPath, ['apps/cli/launch.mjs', 'bench', '--short'], { env: { ...CHILD_ENV, TMPDIR: root }, stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      await until('the server of the bench listens', writer, (found) => found?.url !== undefined);
      await endChild(bench, 'SIGKILL');
      expect(await until('the folder is free', writer, (found) => found === undefined)).toBeUndefined();
    } finally {
      bench.kill('SIGKILL');
      const left = await writer();
      if (left?.pid !== undefined) process.kill(left.pid, 'SIGKILL');
    }
  }, 60_000);
});
