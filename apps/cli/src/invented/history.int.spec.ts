import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { parseInstant, systemClock } from '#kernel';
import { fold, toFact } from '#tasks';
import { LOG_FILE } from '../../../api/src/data-files.ts';
import { writeHistory } from './history.ts';

const NOW = '2026-11-22T08:00:00+07:00';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhacviec-invented-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('an invented history', () => {
  it('is recorded in the order of its times, nothing before it happened, and is the same for the same seed', async () => {
    const events = await history('one', 1);
    expect(events.length).toBeGreaterThan(3_000);
    expect(events.filter((event, n) => event.recordedAt < (events[n - 1]?.recordedAt ?? 0))).toEqual([]);
    expect(events.filter(({ occurredAt, recordedAt }) => occurredAt > recordedAt)).toEqual([]);
    expect(events.at(-1)!.recordedAt).toBeLessThanOrEqual(parseInstant(NOW)!);
    expect(text(await history('again', 1))).toBe(text(events));
    expect(text(await history('other', 2))).not.toBe(text(events));
  });

  it('has everything in it that a dashboard is there to show', async () => {
    const events = await history('one', 1);
    const types = new Set(events.map(({ type }) => type));
    for (const type of ['ExtensionGranted', 'ExtensionRefused', 'CompletionRefused', 'TaskTransferred', 'TaskSuspended', 'TaskUrged', 'ExplanationGiven', 'TaskBecameOverdue', 'TaskWithdrawn', 'CoordinationAnswered']) {
      expect(types).toContain(type);
    }
    const keyedLate = events.filter(({ data }) => 'backdateReason' in (data as object));
    expect(keyedLate.length / events.length).toBeGreaterThan(0.02);
    // In the way stands what people call it by: the code of a task that was given before.
    const obstacles = events.flatMap(({ data, position }) => ('blockedBy' in data ? [{ position, words: data['blockedBy'] as string }] : []));
    expect(obstacles.length).toBeGreaterThan(3);
    const given = events.filter(({ type }) => type === 'TaskAssigned');
    for (const { position, words } of obstacles) {
      const [, year, number] = /^chờ kết quả của NV-(\d{4})-(\d{4,})$/.exec(words) ?? [];
      expect(given.filter(({ data }) => (data['assignedOn'] as string).startsWith(year!))[Number(number) - 1]!.position).toBeLessThan(position);
    }
    const streams = new Map<string, RecordedEvent[]>();
    for (const event of events) if (event.stream.startsWith('task-')) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    const works = [...streams.values()].map((stream) => fold(stream.map(toFact))).map((task) => (task.kind === 'task' ? task.work : task.kind));
    expect(works).toHaveLength(300);
    expect(works.filter((work) => work === 'done').length).toBeGreaterThan(200);
    expect(works.filter((work) => work === 'open').length).toBeGreaterThan(2);
  });
});

async function history(name: string, seed: number): Promise<readonly RecordedEvent[]> {
  const dir = join(folder, name);
  await writeHistory({ folder: dir, units: 20, tasks: 300, seed, now: NOW });
  const log = await openSqliteEventLog({ file: join(dir, LOG_FILE), clock: systemClock, readOnly: true });
  try {
    return await log.readAll({ after: 0n, limit: 100_000 });
  } finally {
    await log.close();
  }
}

const text = (events: readonly RecordedEvent[]): string => JSON.stringify(events, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
