import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { inFolder, startWriter } from './log-writer.ts';

test('two processes that open one new file together write one log, in one order', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'log.db');
    const writers = ['a', 'b'].map((prefix) => startWriter({ file, prefix, count: 1_000, width: 10 }));
    await Promise.all(writers.map((writer) => writer.gone));
    expect(writers.map((writer) => writer.acknowledged().length)).toEqual([1_000, 1_000]);
    const log = await openSqliteEventLog({ file, clock: systemClock });
    // verify looks at the order of the times, too.
    expect(await log.verify()).toEqual({ events: 2_000, position: 2_000n });
    const stored = (await log.readAll({ after: 0n, limit: Infinity })).map((e) => e.id);
    for (const writer of writers) {
      const its = new Set(writer.acknowledged());
      expect(stored.filter((id) => its.has(id))).toEqual(writer.acknowledged());
    }
    await log.close();
  }));

test('two processes that append to one stream never share a revision', () =>
  inFolder(async (folder) => {
    const file = join(folder, 'log.db');
    const writers = [1, 2].map(() => startWriter({ file, prefix: 'shared', count: 200, width: 1 }));
    await Promise.all(writers.map((writer) => writer.gone));
    const log = await openSqliteEventLog({ file, clock: systemClock });
    const stream = await log.readStream('task-shared');
    expect(stream.map((e) => e.revision)).toEqual(Array.from({ length: 400 }, (_, i) => i));
    expect(new Set(stream.map((e) => e.id))).toEqual(new Set(writers.flatMap((writer) => writer.acknowledged())));
    await log.close();
  }));
