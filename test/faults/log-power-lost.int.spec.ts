import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemIds } from '#kernel';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { afterPowerLoss, readRecording, recording, writeState, type Fate, type RecordedStep } from '../support/recorded-writes.ts';
import { FULL, seeded, told } from '../support/rounds.ts';
import { canTrace, NO_STRACE, notRun } from '../support/strace.ts';
import { startWriter, type WriterLine } from './log-writer.ts';

const TITLE = 'power loss at any recorded write';
if (!canTrace()) notRun(TITLE, NO_STRACE);
const run = canTrace() ? describe : describe.skip;

/** Nothing here has to outlive anything, and thousands of files are opened. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const RANDOM_FATES = FULL ? 6 : 1;
const STATES = FULL ? Infinity : 200;

interface Session {
  readonly count: number;
  readonly width: number;
  readonly behaviours?: readonly ('killed' | 'normal')[];
  readonly more?: (file: string) => readonly string[];
}

interface Outcome {
  readonly states: number;
  readonly lost: number;
  /** States that were refused at opening or not sound, with why. */
  readonly unsound: readonly string[];
}

run(TITLE, () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(SCRATCH, 'nhacviec-power-'));
  });
  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  /** Runs the writer once for each session on one file and gives back all that was written and said, in order. */
  async function record(name: string, sessions: readonly Session[]): Promise<readonly RecordedStep[]> {
    const folder = join(root, name);
    mkdirSync(folder);
    const file = join(folder, 'data', 'log.db');
    const traces: string[] = [];
    for (const [n, { count, width, behaviours = [], more }] of sessions.entries()) {
      const trace = join(root, `${name}-${n}.trace`);
      await startWriter({ file, prefix: `s${n}`, count, width, behaviours, under: recording(trace, more?.(file)) }).gone;
      traces.push(trace);
    }
    return readRecording(traces, folder);
  }

  /** Loses power after each step (or an even choice of them) in each way, and opens what is left with the program's own means. */
  async function losePower(steps: readonly RecordedStep[], { most, random }: { most: number; random: number }): Promise<Outcome> {
    const stateAfter = afterPowerLoss(steps);
    const acknowledged = steps.map((step) => {
      const said = step.kind === 'said' ? (JSON.parse(step.line) as WriterLine) : {};
      return said.position === undefined ? undefined : said.id;
    });
    const random01 = seeded(20_201_129);
    const drawn = (): Fate => {
      const way = random01();
      return way < 0.3 ? 'lost' : way < 0.6 ? 'kept' : () => random01() < 0.5;
    };
    const fates: readonly (() => Fate)[] = [() => 'lost', () => 'kept', ...Array.from({ length: random }, () => drawn)];
    const last = steps.map((_, n) => n).filter((n) => steps[n]!.kind !== 'sync');
    const every = Math.max(1, (last.length * fates.length) / most);
    let states = 0;
    let lost = 0;
    const unsound: string[] = [];
    for (let turn = 0; turn < last.length * fates.length; turn += every) {
      const n = last[Math.floor(turn / fates.length)]!;
      const fate = Math.floor(turn) % fates.length;
      const folder = join(root, `state-${states}`);
      states += 1;
      writeState(folder, stateAfter(n, fates[fate]!));
      const before = acknowledged.slice(0, n + 1).filter((id) => id !== undefined);
      try {
        const log = await openSqliteEventLog({ file: join(folder, 'data', 'log.db'), clock: systemClock });
        const { events } = await log.verify();
        const there = (await log.readAll({ after: 0n, limit: Infinity })).map((event) => event.id);
        if (new Set(there).size !== events)
          unsound.push(`after step ${n}, fate ${fate}: ${events} events, ${new Set(there).size} of them different`);
        // Acknowledged one after another, so what is lost shows in the order, too.
        if (before.some((id) => !there.includes(id))) lost += 1;
        const going = await log.append(
          'task-after',
          [
            {
              id: systemIds.next(),
              type: 'TaskAssigned',
              schema: 1,
              data: {},
              metadata: { actor: { id: 'a', role: 'system' } },
              occurredAt: 0,
            },
          ],
          { expectedRevision: -1 },
        );
        if (!going.ok) unsound.push(`after step ${n}, fate ${fate}: does not take another event`);
        await log.close();
      } catch (error) {
        unsound.push(`after step ${n}, fate ${fate}: ${String(error)}`);
      }
      rmSync(folder, { recursive: true, force: true });
    }
    return { states, lost, unsound: unsound.slice(0, 5) };
  }

  test('every event acknowledged before it is there, once, and the log is sound and goes on', async () => {
    // The first makes the files; the second is killed and leaves a journal; the third recovers from it and brings the journal over its limit.
    const steps = await record('full', [
      { count: 30, width: 1 },
      { count: 60, width: 4, behaviours: ['killed'] },
      { count: 400, width: 2 },
    ]);
    expect(steps.filter((step) => step.kind === 'said' && step.line.includes('position'))).toHaveLength(490);
    const outcome = await losePower(steps, { most: STATES, random: RANDOM_FATES });
    told(TITLE, { steps: steps.length, states: outcome.states, lost: outcome.lost });
    expect(outcome).toMatchObject({ lost: 0, unsound: [] });
  }, 3_600_000);

  test('what is acknowledged after a failed fsync, a kill and a new start is there too', async () => {
    // The system says so once and forgets the pages: the journal reads well from memory, and no later fsync writes what this one did not.
    const failing = (): readonly string[] => ['-e', 'inject=fsync:error=EIO:when=30'];
    const steps = await record('forgotten', [
      { count: 40, width: 1, behaviours: ['killed'], more: failing },
      { count: 20, width: 1 },
    ]);
    expect(steps.filter((step) => step.kind === 'sync' && step.failed)).toHaveLength(1);
    const outcome = await losePower(steps, { most: FULL ? Infinity : 60, random: RANDOM_FATES });
    told(`${TITLE} after a failed fsync`, { steps: steps.length, states: outcome.states, lost: outcome.lost });
    expect(outcome).toMatchObject({ lost: 0, unsound: [] });
  }, 600_000);

  test('a log written with synchronous=NORMAL loses acknowledged events: this test bites', async () => {
    const steps = await record('normal', [{ count: 60, width: 1, behaviours: ['normal'] }]);
    const outcome = await losePower(steps, { most: FULL ? Infinity : 40, random: 0 });
    told(`${TITLE}, synchronous=NORMAL`, { states: outcome.states, lost: outcome.lost });
    expect(outcome.lost).toBeGreaterThan(outcome.states / 4);
    expect(outcome.unsound).toEqual([]);
  }, 600_000);
});
