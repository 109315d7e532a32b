import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { inFolder, startWriter } from './log-writer.ts';

test('a log killed while it appends keeps every acknowledged event, once', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'log.db');
    const acknowledged: string[] = [];
    for (const after of [1, 40, 333]) {
      const writer = startWriter({
        file,
        prefix: `k${String(after)}`,
        count: 1_000_000,
        width: 25,
        onLine: ({ child, acknowledged }) => {
          if (acknowledged().length >= after) child.kill('SIGKILL');
        },
      });
      await writer.gone;
      expect(writer.acknowledged().length).toBeGreaterThanOrEqual(after);
      acknowledged.push(...writer.acknowledged());
    }
    const log = await openSqliteEventLog({ file, clock: systemClock });
    const { events } = await log.verify();
    const stored = (await log.readAll({ after: 0n, limit: Infinity })).map((e) => e.id);
    expect(new Set(stored).size).toBe(events);
    const there = new Set(stored);
    expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
    await log.close();
  }));
