import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewEvent } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { systemClock, systemIds } from '#kernel';
import { LOG_FILE, UNDERSTOOD_FILE } from '../../apps/api/src/data-files.ts';
import { openRuntime, type Runtime } from '../../apps/api/src/runtime.ts';

const written = (type: string, schema: number, data: NewEvent['data'] = {}): NewEvent => ({
  id: systemIds.next(),
  type,
  schema,
  data,
  metadata: { actor: { id: 'office', role: 'office' } },
  occurredAt: Date.now(),
});

describe('a log that a newer program has written', () => {
  let dataDir: string;
  let marker: string;
  const open = (readOnly = false): Promise<Runtime> => openRuntime({ dataDir, clock: systemClock, readOnly });
  /** As another program would: past everything that this one checks. */
  async function append(event: NewEvent, stream = `task-${systemIds.next()}`): Promise<void> {
    const log = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock: systemClock });
    expect(await log.append(stream, [event], { expectedRevision: -1 })).toMatchObject({ ok: true });
    await log.close();
  }

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'nhacviec-newer-'));
    marker = join(dataDir, UNDERSTOOD_FILE);
    await append(
      written('UnitEstablished', 1, { id: 'so-y-te', name: 'Sở Y tế', shortName: 'SYT', kind: 'so', establishedOn: '2020-01-01' }),
      'unit-so-y-te',
    );
    await (await open()).close();
  });
  afterEach(() => {
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('is refused at opening, in words that name the event and what to do, and stays as it was', async () => {
    const newer = written('TaskPraised', 1);
    await append(newer);
    for (const readOnly of [false, true]) {
      await expect(open(readOnly)).rejects.toMatchObject({
        code: 'log-not-understood',
        detail: `Nhật ký có sự kiện ${newer.id} ở vị trí 2, loại “TaskPraised”, lược đồ 1: chương trình này không biết loại ấy. Nhật ký do phiên bản mới hơn ghi: hãy cập nhật chương trình rồi mở lại; nhật ký chưa bị thay đổi.`,
      });
    }
    const log = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock: systemClock, readOnly: true });
    expect((await log.head()).count).toBe(2);
    await log.close();
  });

  it('met while running stops nothing by surprise: what cannot go on says so, and the program stops in order', async () => {
    const runtime = await open();
    await runtime.start();
    await append(written('UnitPraised', 1), 'unit-so-noi-vu');
    for (let n = 0; n < 100 && runtime.reference.error === null; n++) await sleep(50);
    expect(runtime.reference.error).toContain('UnitPraised');
    expect((await runtime.projector.status()).every(({ lastError }) => lastError?.includes('UnitPraised'))).toBe(true);
    await runtime.close();
  });

  it('is refused for a newer schema of a known type', async () => {
    await append(written('TaskUrged', 2, { number: 1 }));
    await expect(open()).rejects.toThrow('loại “TaskUrged”, lược đồ 2: chương trình này chỉ hiểu loại ấy đến lược đồ 1');
  });

  it('is looked at from where this program has looked before, and anew where that cannot be believed', async () => {
    const first = JSON.parse(readFileSync(marker, 'utf8')) as { catalogue: string; position: string; eventId: string };
    expect(first.position).toBe('1');
    const newer = written('TaskPraised', 1);
    await append(newer);
    const said = async (change: object): Promise<string> => {
      writeFileSync(marker, JSON.stringify({ ...first, position: '2', eventId: newer.id, ...change }));
      return open().then(
        async (runtime) => {
          await runtime.close();
          return 'opened';
        },
        (error: unknown) => (error as { code: string }).code,
      );
    };
    expect(await said({})).toBe('opened');
    expect(await said({ catalogue: 'another' })).toBe('log-not-understood');
    expect(await said({ position: '3' })).toBe('log-not-understood');
    expect(await said({ eventId: systemIds.next() })).toBe('log-not-understood');
    writeFileSync(marker, '{"catalogue":');
    await expect(open()).rejects.toMatchObject({ code: 'log-not-understood' });
  });

  it('is served no further by a program that runs beside the newer one, and the status says why', async () => {
    const runtime = await open();
    runtime.projector.start();
    try {
      const newer = written('TaskPraised', 1);
      await append(newer);
      await append(
        written('UnitEstablished', 1, { id: 'so-noi-vu', name: 'Sở Nội vụ', shortName: 'SNV', kind: 'so', establishedOn: '2020-01-01' }),
        'unit-so-noi-vu',
      );
      expect(await runtime.projector.reaches(2n, 1_000)).toBe(false);
      const status = await runtime.projector.status();
      expect(status.length).toBeGreaterThan(0);
      expect(status.filter(({ lastError }) => lastError?.includes(newer.id) !== true)).toEqual([]);
      expect(runtime.projector.lowest()).toBe(1n);
    } finally {
      await runtime.close();
    }
  });
});
