import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { inFolder, startWriter } from './log-writer.ts';

// The file size limit of the system stands for a full disk: the write of a commit fails for real, in SQLite and the kernel.
const runs = process.platform === 'win32' ? test.skip : test;

runs('a log whose commit failed refuses all later appends and keeps what it acknowledged', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'log.db');
    const writer = startWriter({ file, prefix: 'full', count: 600, width: 3, maxFileKiB: 512 });
    await writer.gone;
    const firstFailure = writer.lines.findIndex((line) => line.stopped !== undefined);
    const failures = writer.lines.slice(firstFailure).filter((line) => line.id !== undefined);
    expect(writer.acknowledged().length).toBeGreaterThan(10);
    expect(firstFailure).toBeGreaterThan(0);
    expect(failures.every((line) => line.stopped === true)).toBe(true);
    expect(failures[0]!.message).toContain(`Nhật ký ${file} đã dừng ghi`);
    expect(failures[0]!.message).toContain('mở lại');

    const log = await openSqliteEventLog({ file, clock: systemClock });
    const { events } = await log.verify();
    const there = new Set((await log.readAll({ after: 0n, limit: Infinity })).map((e) => e.id));
    expect(writer.acknowledged().filter((id) => !there.has(id))).toEqual([]);
    // Of the three under way the outcome is unknown; of the later ones it is not.
    expect(events - writer.acknowledged().length).toBeLessThanOrEqual(3);
    expect(failures.slice(3).filter((line) => there.has(line.id!))).toEqual([]);
    const answer = await log.append(
      'task-after',
      [
        {
          id: '0190b4a0-0000-7000-8000-000000000001',
          type: 'TaskAssigned',
          schema: 1,
          data: {},
          metadata: { actor: { id: 'a', role: 'system' } },
          occurredAt: 0,
        },
      ],
      { expectedRevision: -1 },
    );
    expect(answer).toMatchObject({ ok: true });
    await log.close();
  }),
);
