import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { LOG_FILE, READ_MODEL_FILE } from '../../apps/api/src/data-files.ts';
import { Assignments } from '../support/assignments.ts';
import { endChild, endLeftServers, startChildServer } from '../support/child-server.ts';
import { expectOnce, expectReadModelsAreFoldOfLog } from '../support/invariants.ts';
import { FULL, told } from '../support/rounds.ts';
import { smallDisk } from '../support/small-disk.ts';
import { canTrace, failing, NO_STRACE, notRun } from '../support/strace.ts';

const TITLE = 'a full disk under the server';
const ROUNDS = FULL ? 12 : 1;

interface Place {
  readonly folder: string;
  readonly how: string;
  /** What the server is started under while the disk is to be full. */
  readonly under: readonly string[];
  fill(): void;
  free(): void;
  remove(): void;
}

/** A disk of its own that really gets full; where none can be mounted, one whose writes are answered with "no space left". */
function place(round: number): Place | undefined {
  const disk = smallDisk(24 * 1024);
  if (disk) {
    const ballast = join(disk.folder, 'ballast');
    const left = (700 + round * 90) * 1024;
    return {
      folder: join(disk.folder, 'data'),
      how: 'a tmpfs of 24 MiB',
      under: [],
      fill() {
        const { bavail, bsize } = statfsSync(disk.folder);
        writeFileSync(ballast, Buffer.alloc(bavail * bsize - left, 1));
      },
      free: () => {
        rmSync(ballast);
      },
      remove: () => {
        disk.remove();
      },
    };
  }
  if (!canTrace()) return undefined;
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-full-'));
  const folder = join(root, 'data');
  const files = [LOG_FILE, READ_MODEL_FILE].flatMap((name) => [join(folder, name), join(folder, `${name}-wal`)]);
  return {
    folder,
    how: 'ENOSPC from strace',
    under: failing({ calls: 'pwrite64', error: 'ENOSPC', when: `${300 + round * 70}+`, files }),
    fill: () => undefined,
    free: () => undefined,
    remove: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

test(`${TITLE}: commands are refused with a clear state, questions are answered, and after space was made nothing acknowledged is missing`, async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const disk = place(round);
    if (!disk) {
      notRun(TITLE, `no disk can be mounted, and ${NO_STRACE}`);
      return;
    }
    try {
      const { folder } = disk;
      const client = new Assignments();
      const first = await startChildServer(folder, { under: disk.under });
      await Assignments.makeUnit(first.url);
      await client.assign(first.url, 'khi đĩa còn chỗ');
      disk.fill();
      let sent = 0;
      for (let failures = 0; failures < 40 && sent < 20_000;) {
        const statuses = await Promise.all(Array.from({ length: 8 }, () => client.assign(first.url, `việc ${round}-${(sent += 1)}`)));
        failures += statuses.filter((status) => status !== 201).length;
      }
      const before = client.acknowledged.size;
      expect(before).toBeGreaterThan(8);
      // Nothing else than: this is not written any more, and it is not known what was.
      expect([...client.codes.keys()]).toEqual(['log-stopped']);
      expect((await fetch(`${first.url}/api/v1/tasks?limit=1`)).status).toBe(200);
      expect((await fetch(`${first.url}/api/v1/health/live`)).status).toBe(200);
      const ready = await fetch(`${first.url}/api/v1/health/ready`);
      expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ status: 'not-ready', error: expect.stringContaining('đã dừng ghi') })]);
      disk.free();
      expect(await client.assign(first.url, 'có chỗ nhưng chưa khởi động lại')).toBe(503);
      expect(await endChild(first.child, 'SIGTERM')).toBe(0);

      const second = await startChildServer(folder);
      await client.sendAgain(second.url);
      expect(client.unknown.size).toBe(0);
      expect(client.acknowledged.size).toBe(sent + 2);
      await endChild(second.child, 'SIGTERM');

      const log = await openSqliteEventLog({ file: join(folder, LOG_FILE), clock: new ManualClock(Date.now()), readOnly: true });
      await log.verify();
      expectOnce(await Assignments.countsIn(log), client);
      await log.close();
      await expectReadModelsAreFoldOfLog(folder, new ManualClock(Date.now()));
      told(TITLE, {
        by: disk.how,
        round: round + 1,
        'acknowledged before': before,
        'sent again and accepted': client.acknowledged.size - before,
      });
    } finally {
      await endLeftServers();
      disk.remove();
    }
  }
}, 600_000);
