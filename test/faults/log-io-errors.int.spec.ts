import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { expectLogKept } from '../support/invariants.ts';
import { FULL, told } from '../support/rounds.ts';
import { canTrace, failing, NO_STRACE, notRun } from '../support/strace.ts';
import { inFolder, startWriter } from './log-writer.ts';

const TITLE = 'input/output errors of the log';
if (!canTrace()) notRun(TITLE, NO_STRACE);
const run = canTrace() ? describe : describe.skip;

type Call = 'fsync' | 'pwrite64';
interface Round {
  readonly calls: Call;
  readonly when: string;
  readonly count: number;
  readonly on: 'log and journal' | 'log';
}

// `9+11`: the ninth call and every eleventh from there on; more apart than one opening needs of them. On the log alone: while the journal is copied into it.
const ROUNDS: readonly Round[] = FULL
  ? (['fsync', 'pwrite64'] as const).flatMap((calls) => [
      ...Array.from({ length: 40 }, (_, n): Round => ({ calls, when: String(n + 1), count: 12, on: 'log and journal' })),
      ...Array.from({ length: 20 }, (_, n): Round => ({ calls, when: `${n + 2}+${n + 41}`, count: 80, on: 'log and journal' })),
      ...Array.from({ length: 8 }, (_, n): Round => ({ calls, when: `${n + 2}+${n + 41}`, count: 500, on: 'log' })),
    ])
  : [
      { calls: 'fsync', when: '9+11', count: 80, on: 'log and journal' },
      { calls: 'pwrite64', when: '30+43', count: 80, on: 'log and journal' },
      { calls: 'pwrite64', when: '3+40', count: 300, on: 'log' },
    ];

run(TITLE, () => {
  const filesOf = (file: string, on: Round['on']): readonly string[] => (on === 'log' ? [file] : [file, `${file}-wal`, `${file}-journal`]);

  test('stop the writing with a clear state; opened again, every acknowledged event is there once, also when it was sent twice', async () => {
    let failed = 0;
    let repeated = 0;
    let openings = 0;
    const one = ({ calls, when, count, on }: Round): Promise<void> =>
      inFolder(async (folder) => {
        const file = join(folder, 'log.db');
        const writer = startWriter({
          file,
          prefix: 'io',
          count,
          width: 1 + (count % 3),
          behaviours: ['reopen'],
          under: failing({ calls, error: 'EIO', when, files: filesOf(file, on) }),
        });
        await writer.gone;
        const stops = writer.lines.filter((line) => line.stopped !== undefined);
        expect(
          stops.filter(
            (line) => line.stopped === false || !line.message!.includes(`Nhật ký ${file} đã dừng ghi`) || !line.message!.includes('mở lại'),
          ),
        ).toEqual([]);
        const refusedOpenings = writer.lines.filter((line) => line.notOpened !== undefined);
        expect(refusedOpenings.filter((line) => line.notOpened === false || !line.message!.includes(file))).toEqual([]);
        const acknowledged = writer.acknowledged();
        expect([calls, when, acknowledged.length]).toEqual([calls, when, count]);
        failed += stops.length;
        openings += refusedOpenings.length;
        repeated += writer.lines.filter((line) => line.repeated === true).length;
        const log = await openSqliteEventLog({ file, clock: systemClock });
        await expectLogKept(log, { acknowledged });
        expect((await log.head()).count).toBe(count);
        await log.close();
      });
    const waiting = [...ROUNDS];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await one(next);
    };
    await Promise.all([work(), work()]);
    told(TITLE, { rounds: ROUNDS.length, 'appends without an answer': failed, 'there after all': repeated, 'openings refused': openings });
    expect(failed).toBeGreaterThan(5);
  }, 1_800_000);

  test('not opened again, the log takes nothing more: what comes after the failure is not in it, what was under way at most once', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'log.db');
      const writer = startWriter({
        file,
        prefix: 'io',
        count: 60,
        width: 3,
        under: failing({ calls: 'fsync', error: 'EIO', when: '17', files: filesOf(file, 'log and journal') }),
      });
      await writer.gone;
      const failures = writer.lines.flatMap((line) => (line.stopped === true && line.id !== undefined ? [line.id] : []));
      expect(writer.acknowledged().length).toBeGreaterThan(10);
      expect(failures.length).toBe(60 - writer.acknowledged().length);
      const log = await openSqliteEventLog({ file, clock: systemClock });
      await expectLogKept(log, { acknowledged: writer.acknowledged(), unknown: failures.slice(0, 3), refused: failures.slice(3) });
      await log.close();
    }));
});
