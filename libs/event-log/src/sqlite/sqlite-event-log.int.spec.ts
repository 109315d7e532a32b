import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { atTime, ManualClock, systemClock } from '#kernel';
import { eventLogFeatures, newEvent } from '../event-log.features.ts';
import { LogDamagedError, LogStoppedError } from '../port.ts';
import { openSqliteEventLog } from './sqlite-event-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'nhacviec-log-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
const newFile = (): string => join(folder, `log-${String((files += 1))}.db`);
const open = (file: string, clock = systemClock) => openSqliteEventLog({ file, clock });

/** A closed log of `count` events, a stream each, all in the main file. */
async function given(count: number): Promise<string> {
  const file = newFile();
  const log = await open(file);
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      log.append(`task-${String(i)}`, [newEvent({ data: { title: `tieu-de-${String(i)}-` } })], { expectedRevision: -1 }),
    ),
  );
  await log.close();
  return file;
}

/** Writes `to` over `from` in the file, byte for byte. */
function alter(file: string, from: string, to: string): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(from);
  if (at < 0) throw new Error(`no "${from}" in ${file}`);
  bytes.write(to, at);
  writeFileSync(file, bytes);
}

eventLogFeatures('sqlite', (clock) => open(newFile(), clock));

describe('the SQLite log file', () => {
  test('keeps its events when it is opened again', async () => {
    const file = newFile();
    const event = newEvent();
    const first = await open(file);
    const answer = await first.append('task-1', [event], { expectedRevision: -1 });
    await first.close();
    const again = await open(file);
    expect(await again.readStream('task-1')).toMatchObject([{ id: event.id, revision: 0 }]);
    expect(await again.append('task-1', [event], { expectedRevision: -1 })).toEqual({ ...answer, repeated: true });
    expect(await again.append('task-1', [newEvent()], { expectedRevision: 0 })).toMatchObject({ ok: true, position: 2n });
    await again.close();
  });

  test('is written with WAL and synchronous FULL, when new and when opened again', async () => {
    const file = newFile();
    for (let i = 0; i < 2; i++) {
      const log = await open(file);
      expect(log.durability()).toEqual({ journalMode: 'wal', synchronous: 2 });
      await log.close();
    }
  });

  test('does not go back in time when it is opened with a slower clock', async () => {
    const file = newFile();
    const noon = atTime('2020-11-27', '12:00');
    const first = await open(file, new ManualClock(noon));
    await first.append('task-1', [newEvent()], { expectedRevision: -1 });
    await first.close();
    const again = await open(file, new ManualClock(noon - 1_000));
    expect(await again.append('task-1', [newEvent()], { expectedRevision: 0 })).toMatchObject({ recordedAt: noon });
    await again.close();
  });

  test('makes the folders it needs', async () => {
    const log = await open(join(folder, 'một', 'hai', 'log.db'));
    expect((await log.head()).count).toBe(0);
    await log.close();
  });

  test('serves two connections: appends of one reach the subscription of the other', async () => {
    const file = newFile();
    const [writer, reader] = [await open(file), await open(file)];
    const stop = new AbortController();
    setTimeout(() => void writer.append('task-1', [newEvent()], { expectedRevision: -1 }), 30);
    for await (const batch of reader.subscribe({ after: 0n, signal: stop.signal })) {
      expect(batch.map((e) => e.stream)).toEqual(['task-1']);
      stop.abort();
    }
    expect(await reader.append('task-1', [newEvent()], { expectedRevision: -1 })).toMatchObject({ ok: false, actualRevision: 0 });
    expect(await reader.append('task-1', [newEvent()], { expectedRevision: 0 })).toMatchObject({ ok: true, position: 2n });
    expect((await writer.head()).count).toBe(2);
    await writer.close();
    await reader.close();
  });

  test('opened to read only, reads and refuses appends', async () => {
    const file = await given(2);
    const log = await openSqliteEventLog({ file, clock: systemClock, readOnly: true });
    expect(await log.readAll({ after: 0n, limit: 10 })).toHaveLength(2);
    await expect(log.append('task-9', [newEvent()], { expectedRevision: -1 })).rejects.toThrow('chỉ đọc');
    await log.close();
    await expect(openSqliteEventLog({ file: newFile(), clock: systemClock, readOnly: true })).rejects.toThrow(LogDamagedError);
  });

  test('can be verified, and copied while open', async () => {
    const log = await open(await given(2_500));
    expect(await log.verify()).toEqual({ events: 2_500, position: 2_500n });
    const copy = newFile();
    await log.backupTo(copy);
    await log.close();
    const restored = await open(copy);
    expect(await restored.verify()).toEqual({ events: 2_500, position: 2_500n });
    await restored.close();
  });

  test('does not let a hand with SQL change or remove events', async () => {
    const file = await given(1);
    const db = new Sqlite(file);
    expect(() => db.exec("UPDATE events SET type = 'x'")).toThrow('not changed');
    expect(() => db.exec('DELETE FROM events')).toThrow('not removed');
    db.close();
  });
});

describe('a log file that is not as it should be', () => {
  const refusal = (file: string): Promise<Error> =>
    open(file).then(
      () => Promise.reject(new Error('was opened')),
      (error: unknown) => error as Error,
    );

  test('is refused when a newer version wrote it, and left as it is', async () => {
    const file = await given(1);
    const db = new Sqlite(file);
    db.pragma('user_version = 99');
    db.close();
    const before = readFileSync(file);
    const error = await refusal(file);
    expect(error).toBeInstanceOf(LogDamagedError);
    expect(error.message).toMatch(/phiên bản mới hơn.*99.*cập nhật/);
    expect(error.message).toContain(file);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('is refused when it is a database of another program', async () => {
    const file = newFile();
    const db = new Sqlite(file);
    db.exec('CREATE TABLE other (a)');
    db.close();
    const before = readFileSync(file);
    const error = await refusal(file);
    expect(error).toBeInstanceOf(LogDamagedError);
    expect(error.message).toContain(`Tệp ${file} không phải nhật ký`);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  test('is refused when it is no database', async () => {
    const file = newFile();
    writeFileSync(file, 'Kế hoạch tuần 48\n'.repeat(1_000));
    const error = await refusal(file);
    expect(error).toBeInstanceOf(LogDamagedError);
    expect(error.message).toContain(file);
  });

  test('is refused when its end is missing', async () => {
    const file = await given(500);
    truncateSync(file, 20_000);
    const error = await refusal(file);
    expect(error).toBeInstanceOf(LogDamagedError);
    expect(error.message).toMatch(/bị hỏng.*khôi phục/);
  });

  test('is refused where no file can be', async () => {
    const file = join(await given(1), 'log.db');
    const error = await refusal(file);
    expect(error).toBeInstanceOf(LogDamagedError);
    expect(error.message).toMatch(/Không mở được nhật ký.*quyền ghi/);
    expect(error.message).toContain(file);
    expect(await refusal(folder)).toBeInstanceOf(LogDamagedError);
  });

  test('names the event and the file when a byte has changed', async () => {
    const file = await given(3);
    alter(file, 'tieu-de-1-', 'tieu-de-7-');
    const log = await open(file);
    const [good] = await log.readStream('task-0');
    expect(good!.data).toEqual({ title: 'tieu-de-0-' });
    const error = await log.readStream('task-1').catch((e: unknown) => e as Error);
    expect(error).toBeInstanceOf(LogDamagedError);
    expect((error as Error).message).toContain(file);
    expect((error as Error).message).toMatch(/sự kiện [0-9a-f-]{36} ở vị trí 2 \(luồng task-1\)/);
    await expect(log.readAll({ after: 0n, limit: 10 })).rejects.toThrow(LogDamagedError);
    await expect(log.verify()).rejects.toThrow(LogDamagedError);
    await log.close();
  });

  test('is refused when its last event was removed, and found out by verify and readers when another was', async () => {
    for (const position of [1, 2, 3]) {
      const file = await given(3);
      const db = new Sqlite(file);
      db.exec(`DROP TRIGGER events_are_not_removed; DELETE FROM events WHERE position = ${String(position)}`);
      db.close();
      if (position === 3) {
        expect((await refusal(file)).message).toContain('thiếu sự kiện ở vị trí 3');
        continue;
      }
      const log = await open(file);
      await expect(log.verify()).rejects.toThrow(LogDamagedError);
      await expect(log.readAll({ after: 0n, limit: 3 })).rejects.toThrow(`thiếu sự kiện ở vị trí ${position}`);
      await expect(log.readAll({ after: 0n, limit: 3, types: ['Khác'] })).rejects.toThrow('thiếu sự kiện');
      await expect(log.readAll({ after: 0n, limit: 3, direction: 'backwards' })).rejects.toThrow('thiếu sự kiện');
      await log.close();
    }
  });
});

test('an append that waits for another process for too long is refused, and the log goes on', async () => {
  const file = await given(1);
  const log = await open(file);
  const other = new Sqlite(file);
  other.exec('BEGIN IMMEDIATE');
  const error = await log.append('task-9', [newEvent()], { expectedRevision: -1 }).catch((e: unknown) => e);
  expect(error).not.toBeInstanceOf(LogStoppedError);
  expect((error as Error).message).toContain('chưa ghi gì');
  other.exec('ROLLBACK');
  other.close();
  expect(await log.append('task-9', [newEvent()], { expectedRevision: -1 })).toMatchObject({ ok: true });
  await log.close();
});

describe('beside a thread that writes much at once', () => {
  test('appends wait without being lost, and are written when it is done', async () => {
    const file = newFile();
    const [log, other] = [await open(file), await open(file)];
    let written = false;
    let waiting: Promise<unknown> | undefined;
    await log.hold(async () => {
      waiting = log.append('task-mine', [newEvent({})], { expectedRevision: -1 }).then(() => { written = true; });
      await other.appendMany(Array.from({ length: 50 }, (_, n) => ({ stream: `task-${String(n)}`, expectedRevision: -1, events: [newEvent({})] })));
      expect(written).toBe(false);
    });
    await waiting;
    expect((await log.head()).count).toBe(51);
    expect(await log.existing(['task-mine', 'task-49', 'task-none'])).toEqual(new Set(['task-mine', 'task-49']));
    await log.close();
    await other.close();
  });
});

/** Transactions in the journal, as SQLite itself wrote them down: a frame that ends one says how large the file is after it (sqlite.org/fileformat, 4.1). */
function commitsIn(file: string): number {
  const wal = readFileSync(`${file}-wal`);
  if (wal.length === 0) return 0;
  const frame = 24 + wal.readUInt32BE(8);
  let commits = 0;
  for (let at = 32; at + frame <= wal.length; at += frame) {
    // Frames of an earlier round of the journal have its salt.
    if (wal.readUInt32BE(at + 8) === wal.readUInt32BE(16) && wal.readUInt32BE(at + 4) > 0) commits += 1;
  }
  return commits;
}

describe('group commit', () => {
  const events = (count: number, log: Awaited<ReturnType<typeof open>>, prefix: string): Promise<unknown>[] =>
    Array.from({ length: count }, (_, n) => log.append(`task-${prefix}-${String(n)}`, [newEvent()], { expectedRevision: -1 }));

  test('appends of one turn share one commit, one that conflicts among them too; each after another has its own', async () => {
    const file = newFile();
    const log = await open(file);
    await log.append('task-1', [newEvent()], { expectedRevision: -1 });
    const before = commitsIn(file);
    const answers = await Promise.all([...events(50, log, 'a'), log.append('task-1', [newEvent()], { expectedRevision: 7 }), ...events(50, log, 'b')]);
    expect(commitsIn(file) - before).toBe(1);
    expect(answers.filter((answer) => !(answer as { ok: boolean }).ok)).toEqual([expect.objectContaining({ ok: false, stream: 'task-1', expectedRevision: 7, actualRevision: 0 })]);
    expect((await log.head()).count).toBe(101);
    for (let n = 0; n < 10; n++) await log.append(`task-c-${String(n)}`, [newEvent()], { expectedRevision: -1 });
    expect(commitsIn(file) - before).toBe(11);
    await log.close();
  });
});
