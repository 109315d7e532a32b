import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { systemClock } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { FULL, seeded, told } from '../support/rounds.ts';
import { inFolder, startWriter } from './log-writer.ts';

/** With those of the other files of this folder, more than a thousand in the long run. */
const KILLS = FULL ? 800 : 6;

test(
  `a log killed ${String(KILLS)} times while it appends keeps every acknowledged event, once`,
  () =>
    inFolder(async (folder) => {
      const file = join(folder, 'log.db');
      const random = seeded(20_201_128);
      const acknowledged: string[] = [];
      for (let kill = 0; kill < KILLS; kill++) {
        // The first answer, then anywhere: in the middle of commits, and where the journal is copied to the file.
        const after = kill === 0 ? 1 : 1 + Math.floor(random() * 400);
        const writer = startWriter({
          file,
          prefix: `k${String(kill)}`,
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
      told('a log killed while it appends', { kills: KILLS, acknowledged: acknowledged.length, 'there without an answer': events - acknowledged.length });
      expect(acknowledged.filter((id) => !there.has(id))).toEqual([]);
      await log.close();
    }),
  60_000 + KILLS * 5_000,
);
