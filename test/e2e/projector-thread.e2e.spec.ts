import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { endChild, endLeftServers, startChildServer } from '../support/child-server.ts';

afterEach(endLeftServers);

/** What Linux says of a thread: the nineteenth field is its niceness, behind a name that may hold blanks. */
const niceOf = (pid: number, thread: string): number => Number(readFileSync(`/proc/${String(pid)}/task/${thread}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')[16]);

describe('the thread that keeps the read models', () => {
  // Elsewhere threads have no priority of their own, and nothing is asked of them.
  (process.platform === 'linux' ? it : it.skip)('lets the one that answers people go first, and no other gives way', async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-threads-'));
    try {
      const { child } = await startChildServer(join(root, 'data'));
      const pid = child.pid!;
      const threads = readdirSync(`/proc/${String(pid)}/task`);
      const own = niceOf(pid, String(pid));
      const later = threads.filter((thread) => niceOf(pid, thread) > own);
      expect(later.length).toBe(1);
      await endChild(child, 'SIGTERM');
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
