import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { Writable } from 'node:stream';
import { contentOf } from '#event-log/content';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { ManualClock } from '#kernel';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { readSettings, type Settings } from '../../apps/api/src/settings.ts';
import { backup, MANIFEST, type Manifest } from '../../apps/cli/src/operating/backup.ts';
import { examine } from '../../apps/cli/src/operating/doctor.ts';
import type { Finding } from '../../apps/cli/src/operating/findings.ts';
import { exportLog } from '../../apps/cli/src/operating/export-log.ts';
import { restore } from '../../apps/cli/src/operating/restore.ts';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

const NOW = instant('2020-11-16T09:00:00+07:00');
const clock = new ManualClock(NOW);
const root = mkdtempSync(join(tmpdir(), 'nhacviec-operating-'));
let folders = 0;
const folder = (): string => join(root, `f${String((folders += 1))}`);
let server: TestServer;
let evidenceId: string;

beforeAll(async () => {
  server = await TestServer.start(NOW);
  await server.done('/units', unit('so-y-te'), 'admin');
  await server.post('/views', { name: 'Quá hạn', path: '/viec', query: 'nhom=O2' });
  for (let n = 0; n < 30; n++) await server.post('/tasks', assignment({ content: `Việc ${String(n)}` }));
  const form = new FormData();
  form.set('file', new Blob(['ket qua kiem tra\n']), 'ket-qua.txt');
  evidenceId = ((await server.send('/files', { method: 'POST', body: form })).body as { id: string }).id;
});
afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A finished backup, made while requests go on writing. */
async function backupUnderLoad(): Promise<{ readonly target: string; readonly manifest: Manifest }> {
  const target = folder();
  let on = true;
  const load = Array.from({ length: 4 }, async () => {
    while (on) expect((await server.post('/tasks', assignment({ content: 'Ghi trong lúc sao lưu' }))).status).toBe(201);
  });
  mkdirSync(join(server.dataDir, 'reports', 'content'), { recursive: true });
  writeFileSync(join(server.dataDir, 'reports', 'content', 'so-y-te-2020.yaml'), 'loi: van phong viet\n');
  const before = await server.events();
  const manifest = await backup({ dataDir: server.dataDir, target, clock });
  on = false;
  await Promise.all(load);
  expect(manifest.log.events).toBeGreaterThanOrEqual(before);
  expect(await server.events()).toBeGreaterThan(manifest.log.events);
  return { target, manifest };
}

test('what was backed up under load is restored whole: log, evidence, and every figure as it was known then', async () => {
  const { target, manifest } = await backupUnderLoad();
  const dataDir = folder();
  await restore({ source: target, dataDir, clock });
  expect(readFileSync(join(dataDir, 'reports', 'content', 'so-y-te-2020.yaml'), 'utf8')).toBe('loi: van phong viet\n');

  const log = await openSqliteEventLog({ file: join(dataDir, 'events.sqlite'), clock, readOnly: true });
  expect(await log.verify()).toEqual({ events: manifest.log.events, position: BigInt(manifest.log.headPosition) });
  expect(await contentOf(log)).toEqual(manifest.log);
  await log.close();
  await server.caughtUp();
  const asked = `/figures?scope=tree&asOf=2020-11-16&knownAt=position:${manifest.log.headPosition}`;
  const expected = await server.ok<{ parameters: object; total: number }>(asked);
  const restored = await TestServer.start(NOW, (empty) => {
    cpSync(dataDir, empty, { recursive: true });
    return Promise.resolve();
  });
  expect((await restored.ok<{ items: { name: string; query: string }[] }>('/views')).items).toMatchObject([{ name: 'Quá hạn', query: 'nhom=O2' }]);
  const actual = await restored.ok<{ parameters: object; total: number }>(asked);
  expect({ ...actual, parameters: { ...actual.parameters, position: null } }).toEqual({
    ...expected,
    parameters: { ...expected.parameters, position: null },
  });
  expect(actual.total).toBeGreaterThanOrEqual(30);
  expect((await restored.get(`/files/${evidenceId}`)).text).toBe('ket qua kiem tra\n');
  await restored.stop();
});

describe('what an office keeps of its own', () => {
  const own: Readonly<Record<string, string>> = {
    'authorities.json': '[{"code": "pho-chu-tich-a", "name": "Phó Chủ tịch Nguyễn Văn A"}]\n',
    'reports/templates/Mẫu của tỉnh (bản 2).yaml': 'mẫu: mau-cua-tinh\nphiên bản: 1\ntên: Mẫu của tỉnh\ncăn cứ: Công văn\nhiệu lực: {từ: 15/12/2018}\nký hiệu: BC\ntrích yếu: Công tác\nnơi nhận: [Như trên]\nngười ký: Giám đốc\nphần:\n  - {mã: I, tiêu đề: Kết quả, câu: ["Tốt."]}\n',
    'reports/content/so-y-te-2020-Q3.yaml': 'đơn vị: so-y-te\n',
  };
  const EXCEPT = /^(?:read-models\.sqlite|screens\.sqlite|events\.understood\.json|writer\.(?:lock|pid)|imports\/|.*-(?:wal|shm|journal)$)/;
  const filesOf = (at: string): string[] => readdirSync(at, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => relative(at, join(one.parentPath, one.name)).normalize('NFC')).sort();
  let dataDir: string;
  let target: string;
  let manifest: Manifest;
  beforeAll(async () => {
    for (const [path, text] of Object.entries(own)) {
      mkdirSync(join(server.dataDir, dirname(path)), { recursive: true });
      writeFileSync(join(server.dataDir, path), text);
    }
    await server.done('/people/import', { csv: 'Mã,Họ và tên,Đơn vị,Vai trò\nCB1,Người thử,so-y-te,chuyên viên\n' }, 'admin');
    const form = new FormData();
    form.set('file', new Blob(['STT;Số văn bản;Ngày;Cơ quan;Nội dung;Chủ trì;Ngày giao;Thời hạn\n1;1/UBND;16/11/2020;UBND tỉnh;Việc;Sở Y tế;16/11/2020;30/11/2020\n']), 'ds.csv');
    const { id, sheets } = (await server.send('/imports?unitId=so-y-te', { method: 'POST', body: form })).body as { id: string; sheets: { guessed: object }[] };
    await server.done(`/imports/${id}/mapping`, { columns: { number: 1, documentDate: 2, issuer: 3, content: 4, lead: 5, assignedOn: 6, phrase: 7, ...sheets[0]!.guessed } });
    [target, dataDir] = [folder(), folder()];
    manifest = await backup({ dataDir: server.dataDir, target, clock });
    await restore({ source: target, dataDir, clock });
  });

  test('is all in the backup, each file with its SHA-256; what is not there is built anew or made anew', async () => {
    const there = filesOf(server.dataDir).filter((path) => !EXCEPT.test(path));
    expect(there).toEqual(expect.arrayContaining([...Object.keys(own), 'events.sqlite', 'imports.sqlite', 'people.sqlite', 'views.sqlite']));
    expect(manifest.files.map(({ path }) => path.normalize('NFC')).sort()).toEqual(there);
    for (const { path, sha256 } of manifest.files) expect([path, createHash('sha256').update(readFileSync(join(target, path))).digest('hex')]).toEqual([path, sha256]);
  });

  test('is restored as it was, and the program reads it', async () => {
    for (const [path, text] of Object.entries(own)) expect(readFileSync(join(dataDir, path), 'utf8')).toBe(text);
    const restored = await TestServer.start(NOW, (empty) => {
      cpSync(dataDir, empty, { recursive: true });
      return Promise.resolve();
    });
    expect((await restored.ok<{ authorities: object[] }>('/system')).authorities).toContainEqual({ code: 'pho-chu-tich-a', name: 'Phó Chủ tịch Nguyễn Văn A', own: true });
    expect((await restored.ok<{ items: { id: string }[] }>('/report-templates')).items.map(({ id }) => id)).toContain('mau-cua-tinh');
    expect((await restored.get('/people', 'admin')).body.items).toMatchObject([{ code: 'CB1' }]);
    const form = new FormData();
    form.set('file', new Blob(['STT;Số văn bản;Ngày;Cơ quan;Nội dung;Chủ trì;Ngày giao;Thời hạn\n']), 'thang-sau.csv');
    expect((await restored.send('/imports?unitId=so-y-te', { method: 'POST', body: form })).body.sheets[0].remembered).toMatchObject({ number: 1, documentDate: 2, phrase: 7 });
    await restored.stop();
  });

  test('with a byte changed is not restored, and the file is named', async () => {
    const source = folder();
    cpSync(target, source, { recursive: true });
    writeFileSync(join(source, 'authorities.json'), own['authorities.json']!.replace('Văn A', 'Văn B'));
    await expect(restore({ source, dataDir: folder(), clock })).rejects.toThrow(/tệp authorities\.json: SHA-256/);
  });

  test('and a list of authorities that the program could not start with is said at once, and not when it is needed', async () => {
    const broken = folder();
    cpSync(dataDir, broken, { recursive: true });
    writeFileSync(join(broken, 'authorities.json'), '[{"code": "a"');
    const to = folder();
    await expect(backup({ dataDir: broken, target: to, clock })).rejects.toMatchObject({ code: 'authorities-invalid' });
    expect(existsSync(join(to, MANIFEST))).toBe(false);
  });
});

describe('a backup that cannot be trusted', () => {
  let good: string;
  const copyOf = (): string => {
    const copy = folder();
    cpSync(good, copy, { recursive: true });
    return copy;
  };
  beforeAll(async () => {
    good = folder();
    await backup({ dataDir: server.dataDir, target: good, clock });
  });

  test('without its manifest it is known to be unfinished', async () => {
    const source = copyOf();
    rmSync(join(source, MANIFEST));
    const dataDir = folder();
    await expect(restore({ source, dataDir, clock })).rejects.toMatchObject({ code: 'backup-unfinished' });
    expect(existsSync(dataDir)).toBe(false);
  });

  test('with one byte changed it names the file, and the folder is not served', async () => {
    const source = copyOf();
    const file = join(source, 'files', evidenceId.slice(0, 2), evidenceId);
    const bytes = readFileSync(file);
    bytes[0]! ^= 1;
    writeFileSync(file, bytes);
    const dataDir = folder();
    await expect(restore({ source, dataDir, clock })).rejects.toThrow(evidenceId);
    await expect(openRuntime({ dataDir, clock })).rejects.toMatchObject({ code: 'restore-unfinished' });
    await expect(restore({ source: good, dataDir, clock })).rejects.toMatchObject({ code: 'folder-not-empty' });
  });

  test('with other counts in its manifest it says which', async () => {
    const source = copyOf();
    const manifest = JSON.parse(readFileSync(join(source, MANIFEST), 'utf8')) as { log: { streams: number } };
    manifest.log.streams += 1;
    writeFileSync(join(source, MANIFEST), JSON.stringify(manifest));
    await expect(restore({ source, dataDir: folder(), clock })).rejects.toThrow(/streams là \d+, biên bản ghi \d+/);
  });

  test('with a path that leads out of it, it is refused', async () => {
    const source = copyOf();
    const manifest = JSON.parse(readFileSync(join(source, MANIFEST), 'utf8')) as { files: { path: string }[] };
    manifest.files[0]!.path = 'files/../../x';
    writeFileSync(join(source, MANIFEST), JSON.stringify(manifest));
    await expect(restore({ source, dataDir: folder(), clock })).rejects.toMatchObject({ code: 'backup-damaged' });
  });
});

test('neither backup nor restore writes into a folder that holds something', async () => {
  const target = folder();
  mkdirSync(target);
  writeFileSync(join(target, 'thu-cua-toi.txt'), 'x');
  await expect(backup({ dataDir: server.dataDir, target, clock })).rejects.toMatchObject({ code: 'folder-not-empty' });
});

test('a log with a flipped byte is not backed up as good: the event is named', async () => {
  const dataDir = folder();
  await backup({ dataDir: server.dataDir, target: dataDir, clock });
  const file = join(dataDir, 'events.sqlite');
  const bytes = readFileSync(file);
  const at = bytes.indexOf(Buffer.from('Việc 7"'));
  bytes[at + 'Việc '.length + 2] = '8'.charCodeAt(0);
  writeFileSync(file, bytes);
  const target = folder();
  await expect(backup({ dataDir, target, clock })).rejects.toThrow(
    /sự kiện [0-9a-f-]{36} ở vị trí \d+ \(luồng task-[0-9a-f-]{36}\) không khớp mã kiểm tra/,
  );
  expect(existsSync(join(target, MANIFEST))).toBe(false);
});

test('an export holds every event of the log, from the position asked for, and waits for a slow reader', async () => {
  const { log } = server.runtime;
  const head = await log.head();
  let text = '';
  const slow = new Writable({
    highWaterMark: 1,
    write(piece: Buffer, _encoding, done) {
      text += piece.toString('utf8');
      setTimeout(done, 1);
    },
  });
  expect(await exportLog(log, slow, 5n)).toBe(head.count - 4);
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const events = await log.readAll({ after: 4n, limit: 100_000 });
  expect(lines).toEqual(
    events.map((e) => ({
      id: e.id,
      stream: e.stream,
      revision: e.revision,
      position: String(e.position),
      type: e.type,
      schema: e.schema,
      occurredAt: new Date(e.occurredAt + 7 * 3_600_000).toISOString().replace('Z', '+07:00'),
      recordedAt: new Date(e.recordedAt + 7 * 3_600_000).toISOString().replace('Z', '+07:00'),
      data: e.data,
      metadata: e.metadata,
    })),
  );
});

describe('doctor', () => {
  const look = async (dataDir: string, now = clock, settings: () => Settings = () => readSettings({})): Promise<Record<string, Finding>> =>
    Object.fromEntries((await examine({ dataDir, clock: now, settings })).map((finding) => [finding.code, finding]));

  test('finds a served folder in order, and who serves it', async () => {
    await server.caughtUp();
    const findings = await look(server.dataDir);
    expect(Object.values(findings).filter(({ state, code }) => state !== 'ok' && code !== 'disk')).toEqual([]);
    expect(findings['writer']!.detail).toContain(String(process.pid));
    expect(Object.keys(findings)).toEqual(
      expect.arrayContaining([
        'versions',
        'settings',
        'permissions',
        'disk',
        'sizes',
        'wal',
        'writer',
        'log',
        'pragmas',
        'clock',
        'projection-figures',
      ]),
    );
  });

  test('says what is wrong and what to do about it', async () => {
    const early = new ManualClock(NOW - 2 * 3_600_000);
    expect((await look(server.dataDir, early))['clock']).toMatchObject({ state: 'fail', advice: expect.stringContaining('NTP') });
    expect(
      (
        await look(server.dataDir, clock, () => {
          throw new Error('PORT sai');
        })
      )['settings'],
    ).toMatchObject({ state: 'fail', detail: 'PORT sai' });
    expect((await look(folder()))['data-folder']!.state).toBe('fail');
    const open = folder();
    cpSync(server.dataDir, open, { recursive: true });
    chmodSync(open, 0o755);
    expect((await look(open))['permissions']).toMatchObject({ state: 'warn', advice: expect.stringContaining('chmod') });
    // What was written last stands in the journal and would be believed.
    for (const journal of ['-wal', '-shm']) rmSync(join(open, `events.sqlite${journal}`), { force: true });
    writeFileSync(join(open, 'events.sqlite'), 'không phải nhật ký'.repeat(1000));
    const findings = await look(open);
    expect(findings['log']).toMatchObject({ state: 'fail', advice: expect.stringContaining('khôi phục') });
    expect(findings['projections']).toBeUndefined();
  });
});
