import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemClock } from '#kernel';
import { newEvent } from '../event-log.features.ts';
import { LogDamagedError, type Position, type RecordedEvent } from '../port.ts';
import { openSqliteEventLog, type SqliteEventLog } from './sqlite-event-log.ts';

// The thread is the built one: a thread is started from a built file.
const program = pathToFileURL('dist/program/read-ahead-thread.js');
const TYPES = ['Given', 'Told', 'Ended'];
const EVENTS = 3_000;

const folder = mkdtempSync(join(tmpdir(), 'nhacviec-ahead-'));
const file = join(folder, 'log.sqlite');
const event = (n: number) => newEvent({ type: TYPES[n % 3]!, data: { title: `tiêu đề ${String(n)}.` } });
const write = (log: SqliteEventLog, from: number, count: number) =>
  log.appendMany(Array.from({ length: count }, (_, n) => ({ stream: `task-${String(from + n)}`, events: [event(from + n)], expectedRevision: -1 })));

/** A log that reads ahead from a thousand events on, and how often it was read in the thread that asks. */
async function opened(from = file, thread = program): Promise<{ readonly log: SqliteEventLog; readonly read: () => number }> {
  const log = await openSqliteEventLog({ file: from, clock: systemClock, ahead: { from: 1_000, program: thread } });
  const rows = log.rows.bind(log);
  let read = 0;
  log.rows = (options) => {
    read += 1;
    return rows(options);
  };
  return { log, read: () => read };
}

const plain = ({ id, type, schema, data, metadata, occurredAt, stream, revision, position, recordedAt }: RecordedEvent): unknown[] => [id, type, schema, data, metadata, occurredAt, stream, revision, position, recordedAt];

async function all(log: SqliteEventLog, ahead: boolean, { after = 0n, types, each = async () => undefined }: { after?: Position; types?: string[]; each?: (position: Position) => Promise<unknown> } = {}): Promise<unknown[][]> {
  const read: unknown[][] = [];
  for (let from = after; ; ) {
    const events = await log.readAll({ after: from, limit: 100, lazily: true, ahead, ...(types && { types }) });
    const last = events.at(-1);
    if (!last) return read;
    read.push(...events.map(plain));
    from = last.position;
    await each(from);
  }
}

describe('a thread that reads ahead of who goes through the whole log', () => {
  beforeAll(async () => {
    const log = await openSqliteEventLog({ file, clock: systemClock });
    await write(log, 0, EVENTS);
    await log.close();
  });
  afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

  it.each([undefined, ['Told'], ['Given', 'Ended']])('gives the same events in the same order, of the types %p', async (types) => {
    const { log, read } = await opened();
    const given = await all(log, true, types && { types });
    // The end is asked of the log itself.
    expect(read()).toBe(1);
    expect(given).toEqual(await all(log, false, types && { types }));
    expect(given.length).toBeGreaterThanOrEqual(types ? (EVENTS * types.length) / 3 : EVENTS);
    await log.close();
  });

  it('is followed by what is appended meanwhile', async () => {
    const { log } = await opened();
    let written: Promise<unknown> | undefined;
    const given = await all(log, true, { each: async (position) => (position === 2_000n ? (written = write(log, EVENTS, 150)) : undefined) });
    await written;
    expect(given.map((one) => one[8])).toEqual(Array.from({ length: EVENTS + 150 }, (_, n) => BigInt(n + 1)));
    await log.close();
  });

  it('is not asked by who goes somewhere else, or has little to read', async () => {
    const { log, read } = await opened();
    const at = async (after: bigint): Promise<bigint> => (await log.readAll({ after, limit: 100, lazily: true, ahead: true }))[0]!.position;
    expect([await at(0n), await at(100n), await at(1_000n), await at(50n), read()]).toEqual([1n, 101n, 1_001n, 51n, 0]);
    expect([await at(2_500n), read()]).toEqual([2_501n, 1]);
    await log.close();
  });

  it('stops before an event whose checksum is wrong, which the log then names', async () => {
    const bad = join(folder, 'bad.sqlite');
    const log = await openSqliteEventLog({ file: bad, clock: systemClock });
    await write(log, 0, EVENTS);
    await log.close();
    const bytes = readFileSync(bad);
    bytes.write('tiêu đề 1x34.', bytes.indexOf('tiêu đề 1234.'));
    writeFileSync(bad, bytes);
    const { log: damaged } = await opened(bad);
    let last = 0n;
    const failure = await all(damaged, true, { each: async (position) => (last = position) }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(LogDamagedError);
    expect((failure as Error).message).toMatch(/ở vị trí 1235 /);
    expect(last).toBe(1_200n);
    await damaged.close();
  });

  it('that cannot be started is done without', async () => {
    const { log, read } = await opened(file, pathToFileURL('dist/program/no-such-thread.js'));
    expect((await all(log, true)).length).toBeGreaterThanOrEqual(EVENTS);
    expect(read()).toBeGreaterThan(EVENTS / 100);
    await log.close();
  });

  it('is ended with the log, in the middle of its work', async () => {
    const { log } = await opened();
    await log.readAll({ after: 0n, limit: 100, lazily: true, ahead: true });
    await log.close();
    await expect(log.readAll({ after: 100n, limit: 100, lazily: true })).rejects.toThrow('đã đóng');
  });
});
