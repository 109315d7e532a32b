import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { EventLog } from '#event-log';
import type { SqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import type { Clock } from '#kernel';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { readModelRows } from './dump.ts';
import { openRuntime } from '../../apps/api/src/runtime.ts';

/** What a client knows of the commands it sent: each is named by what stands in the log for it (an event id, say). */
export interface Told {
  readonly acknowledged: Iterable<string>;
  /** Answered with a refusal: nothing may stand in the log for these. */
  readonly refused?: Iterable<string>;
  /** Sent, and no answer, or one that says that the outcome is unknown: at most once. */
  readonly unknown?: Iterable<string>;
}

/** How often each name stands in the log; `nameOf` gives what a command is named by, undefined for events of others. */
export async function countsInLog(
  log: EventLog,
  nameOf: (event: Awaited<ReturnType<EventLog['readAll']>>[number]) => string | undefined = (event) => event.id,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let after = 0n; ;) {
    const events = await log.readAll({ after, limit: 1_000 });
    for (const event of events) {
      const name = nameOf(event);
      if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    if (events.length === 0) return counts;
    after = events.at(-1)!.position;
  }
}

/** First invariant: every acknowledged command exactly once in the log, a refused one never, one of unknown outcome at most once. */
export function expectOnce(counts: ReadonlyMap<string, number>, { acknowledged, refused = [], unknown = [] }: Told): void {
  const timesOf = (name: string): number => counts.get(name) ?? 0;
  expect({
    acknowledgedNotOnce: [...acknowledged].filter((name) => timesOf(name) !== 1),
    refusedButThere: [...refused].filter((name) => timesOf(name) > 0),
    unknownMoreThanOnce: [...unknown].filter((name) => timesOf(name) > 1),
  }).toEqual({ acknowledgedNotOnce: [], refusedButThere: [], unknownMoreThanOnce: [] });
}

/** The same for a log whose events are named by their ids; the log itself has to be sound. */
export async function expectLogKept(log: SqliteEventLog, told: Told): Promise<void> {
  await log.verify();
  expectOnce(await countsInLog(log), told);
}

/**
 * Second invariant: what the read models of a data folder say is, byte for byte, what a fold of its log from the beginning gives. Nobody may
 * have the folder open. Gives the dump back.
 */
export async function expectReadModelsAreFoldOfLog(dataDir: string, clock: Clock): Promise<string> {
  const dumpOf = async (folder: string): Promise<string> => {
    const runtime = await openRuntime({ dataDir: folder, clock });
    try {
      return await readModelRows(runtime);
    } finally {
      await runtime.close();
    }
  };
  const kept = await dumpOf(dataDir);
  const fresh = mkdtempSync(join(tmpdir(), 'nhacviec-fold-'));
  try {
    // Closed by the first opening, so all of it stands in the one file.
    if (existsSync(join(dataDir, `${LOG_FILE}-wal`))) throw new Error(`${dataDir} is still open`);
    copyFileSync(join(dataDir, LOG_FILE), join(fresh, LOG_FILE));
    expect(kept === (await dumpOf(fresh))).toBe(true);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return kept;
}
