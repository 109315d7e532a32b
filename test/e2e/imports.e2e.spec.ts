import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';
import { playDemo } from '../../apps/cli/src/demo.ts';
import { startChildServer, type ChildServer } from '../support/child-server.ts';
import { rowsXml, SHEET, workbook, type HostileCell, type Lie } from '../support/hostile-sheets.ts';
import { told } from '../support/rounds.ts';

// The built program, for the work of an import is done in threads that only a built program has.
let root: string;
let data: string;
let child: ChildServer;
/** Made before anything is served: making them takes longer than an idle connection is kept. */
let bomb: Buffer;
let wide: Buffer;
const start = (): Promise<ChildServer> => startChildServer(data, { env: { NHACVIEC_ACCESS: 'open', NHACVIEC_NOW: '2020-11-30T08:00:00+07:00' } });
const stop = async ({ child: program }: ChildServer): Promise<void> => {
  const gone = new Promise((resolve) => program.once('exit', resolve));
  program.kill('SIGTERM');
  await gone;
};

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'nhacviec-imports-'));
  data = join(root, 'data');
  // A row at the far end of a sheet costs all the cells before it.
  wide = workbook(SHEET(Array.from({ length: 60_000 }, (_, n) => `<row r="${String(n + 1)}"><c r="IV${String(n + 1)}"><v>${String(n * 7_919)}</v></c></row>`).join('')));
  bomb = workbook(Buffer.alloc(300 * 1024 * 1024, 0x20));
  await playDemo(data);
  child = await start();
}, 120_000);
afterAll(async () => {
  await stop(child);
  rmSync(root, { recursive: true, force: true });
}, 30_000);

interface Answer {
  readonly status: number;
  readonly body: any;
}
async function send(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${child.url}/api/v1${path}`, init);
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}
const post = (path: string, body: unknown = {}, actor = 'office'): Promise<Answer> => send(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Actor': actor }, body: JSON.stringify(body) });
function upload(bytes: Buffer, name: string, query = '', actor = 'office'): Promise<Answer> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  return send(`/imports${query}`, { method: 'POST', headers: { 'X-Actor': actor }, body: form });
}
async function settled(id: string): Promise<any> {
  for (let n = 0; n < 600; n++) {
    const { body } = await send(`/imports/${id}`);
    if (body.doing === null) return body;
    await sleep(25);
  }
  throw new Error(`import ${id} does not end`);
}
async function rehearsed(bytes: Buffer, name: string, columns?: object): Promise<any> {
  const taken = await upload(bytes, name);
  expect(taken).toMatchObject({ status: 201 });
  const chosen = await post(`/imports/${taken.body.id}/mapping`, { columns: columns ?? taken.body.sheets[0].guessed });
  expect(chosen).toMatchObject({ status: 200, body: { doing: 'rehearse' } });
  return settled(taken.body.id);
}
const rowsOf = async (id: string, group = 'all'): Promise<any[]> => (await send(`/imports/${id}/rows?group=${group}&limit=200`)).body.items;
/** Those of people about tasks and units: what the program records by itself meanwhile is none of an import. */
function events(): number {
  const log = new Database(join(data, LOG_FILE), { readonly: true });
  const { n } = log.prepare("SELECT count(*) AS n FROM events WHERE category IN ('task', 'unit') AND type <> 'TaskBecameOverdue'").get() as { n: number };
  log.close();
  return n;
}
const messy = readFileSync('libs/imports/data/mau-thu.csv');
const list2020 = readFileSync('libs/imports/data/thanh-tra-tinh-2020.csv');

const HEAD = ['TT', 'Số văn bản', 'Ngày ban hành', 'Nơi ban hành', 'Nội dung nhiệm vụ', 'Đơn vị chủ trì', 'Ngày giao việc', 'Thời hạn', 'Cột lạ'];
const task = (n: number, more: Partial<Record<number, HostileCell>> = {}): HostileCell[] => [n, `${String(n)}/UBND-NHAP`, 44_000, 'UBND tỉnh Khánh Hòa', `Việc nhập thử số ${String(n)}`, 'Thanh tra tỉnh', 44_001, 'chậm nhất ngày 15/12/2020', 'thừa'].map((cell, c) => more[c] ?? cell);
const foreign = (...rows: HostileCell[][]): Buffer => workbook(SHEET(rowsXml([['DANH SÁCH VIỆC'], HEAD, ...rows])));

describe('a list in CSV', () => {
  it('is rehearsed with the verdicts of the command line, and nothing of a secret row stays on disk', async () => {
    const before = events();
    const state = await rehearsed(messy, 'mau-thu.csv');
    expect(state).toMatchObject({ phase: 'rehearsed', format: 'csv', failure: null, rehearsed: { counts: { accepted: 14, warned: 14, refused: 17, skipped: 4, secret: 2, new: 28, events: expect.any(Number) } } });
    expect(state.rehearsed.notices).toContain('Dòng tổng cộng ghi 46, đọc được 45 dòng nhiệm vụ.');
    const rows = await rowsOf(state.id);
    expect(rows).toHaveLength(49);
    expect(rows.find(({ record }: any) => record === 6)).toMatchObject({ outcome: 'refused', messages: [{ column: 'Ngày văn bản', given: '31/02/2020', code: 'date-does-not-exist' }] });
    expect(await rowsOf(state.id, 'refused')).toHaveLength(17);
    const kept = readdirSync(join(data, 'imports', state.id)).map((name) => readFileSync(join(data, 'imports', state.id, name), 'utf8')).join('');
    expect(kept).toContain('mẫu thử T01');
    for (const secret of ['giả định của văn bản', '05/KH-UBND', '9022/UBND-NC']) expect(kept).not.toContain(secret);
    expect(readdirSync(join(data, 'imports')).filter((name) => name.startsWith('upload-'))).toEqual([]);
    expect(events()).toBe(before);
  });

  it('comes back with its messages, and can be sent again as it is', async () => {
    const state = await rehearsed(messy, 'mau-thu.csv');
    const answer = await fetch(`${child.url}/api/v1/imports/${state.id}/corrected`);
    expect(answer.headers.get('content-disposition')).toContain('mau-thu-da-xem.csv');
    const text = Buffer.from(await answer.arrayBuffer());
    expect(text.toString()).toContain('“31/02/2020” không tồn tại');
    expect(text.toString()).not.toContain('giả định của văn bản');
    const again = await rehearsed(text, 'mau-thu-da-xem.csv');
    expect(again.rehearsed.counts).toMatchObject({ accepted: 14, new: 28 });
  });

  it('that is recorded already changes nothing', async () => {
    const before = events();
    const state = await rehearsed(list2020, 'thanh-tra-tinh-2020.csv');
    expect(state.rehearsed.counts).toMatchObject({ new: 0, extended: 0, contradictions: 0, events: 0, unchanged: 274 });
    await post(`/imports/${state.id}/commit`);
    expect(await settled(state.id)).toMatchObject({ phase: 'committed', written: { tasks: 0, events: 0 } });
    expect(events()).toBe(before);
  });
});

describe('a list in XLSX', () => {
  it('with headings of its own is understood, recorded whole, and the columns are remembered for the unit', async () => {
    const taken = await upload(foreign(task(1), task(2, { 4: 'Việc hai' }), task(3, { 6: 'không phải ngày' })), 'so-rieng.xlsx', '?unitId=thanh-tra-tinh');
    const { guessed, header, remembered } = taken.body.sheets[0];
    expect({ header, remembered }).toEqual({ header: 1, remembered: null });
    expect(guessed).toEqual({ label: 0, number: 1, documentDate: 2, issuer: 3, content: 4, lead: 5, assignedOn: 6, phrase: 7 });
    const chosen = { ...guessed, note: 8 };
    await post(`/imports/${taken.body.id}/mapping`, { sheet: 0, header: 1, columns: chosen });
    const state = await settled(taken.body.id);
    expect(state.rehearsed.counts).toMatchObject({ new: 2, refused: 1 });
    expect((await rowsOf(state.id, 'refused'))[0]).toMatchObject({ line: 5, messages: [{ column: 'Ngày giao' }] });
    const before = events();
    expect(await post(`/imports/${state.id}/commit`)).toMatchObject({ status: 200, body: { doing: 'commit' } });
    const done = await settled(state.id);
    expect(done).toMatchObject({ phase: 'committed', written: { tasks: 2, events: 2 } });
    expect(events()).toBe(before + 2);
    // Asked again it answers, and writes nothing.
    expect(await post(`/imports/${state.id}/commit`)).toMatchObject({ status: 200, body: { phase: 'committed' } });
    const found = await send(`/tasks?q=${encodeURIComponent('viec nhap thu so 1')}&atLeast=${done.written.position}`);
    expect(found.body.items).toMatchObject([{ documentNumber: '1/UBND-NHAP', documentDate: '2020-06-18', assignedOn: '2020-06-19', dueOn: '2020-12-15' }]);
    expect((await upload(foreign(task(9)), 'thang-sau.xlsx', '?unitId=thanh-tra-tinh')).body.sheets[0].remembered).toEqual(chosen);
    expect((await upload(foreign(task(9)), 'thang-sau.xlsx')).body.sheets[0].remembered).toBeNull();
  });

  it('is undone by events with a reason, unless a task has lived on, and can then come in again', async () => {
    const bytes = foreign(task(11), task(12));
    const first = await rehearsed(bytes, 'hoan-tac.xlsx');
    await post(`/imports/${first.id}/commit`);
    const { written } = await settled(first.id);
    const [one] = await rowsOf(first.id, 'new');
    expect(await post(`/tasks/${one.taskId}/receive`)).toMatchObject({ status: 200 });
    await post(`/imports/${first.id}/undo`, { reason: 'Nhầm tệp' });
    const refused = await settled(first.id);
    expect(refused).toMatchObject({ phase: 'committed', failure: { doing: 'undo', code: 'tasks-lived-on', tasks: [{ taskCode: expect.stringMatching(/^NV-2020-/), content: 'Việc nhập thử số 11' }] } });
    const { eventIds } = (await post(`/tasks/${one.taskId}/progress`, { note: 'x' })).body;
    expect(eventIds).toHaveLength(1);

    const second = await rehearsed(foreign(task(13), task(14)), 'hoan-tac-2.xlsx');
    await post(`/imports/${second.id}/commit`);
    await settled(second.id);
    expect(await post(`/imports/${second.id}/undo`, { reason: ' ' })).toMatchObject({ status: 422 });
    await post(`/imports/${second.id}/undo`, { reason: 'Nhầm tệp' });
    const undone = await settled(second.id);
    expect(undone).toMatchObject({ phase: 'undone', undone: { tasks: 2, events: 2, reason: 'Nhầm tệp' } });
    expect(BigInt(undone.undone.position)).toBeGreaterThan(BigInt(written.position));
    expect((await send(`/tasks?documentNumber=13/UBND-NHAP&atLeast=${undone.undone.position}`)).body.items).toMatchObject([{ cell: 'voided' }]);
    const again = await rehearsed(foreign(task(13), task(14)), 'hoan-tac-2.xlsx');
    expect(again.rehearsed.counts).toMatchObject({ new: 2, contradictions: 0 });
  });

  it('is taken up again after a restart, found where it was', async () => {
    const { id } = await rehearsed(foreign(task(21)), 'nghi-giua-chung.xlsx');
    await stop(child);
    child = await start();
    expect((await send('/imports')).body.items.map((item: any) => item.id)).toContain(id);
    expect((await send(`/imports/${id}`)).body).toMatchObject({ phase: 'rehearsed', name: 'nghi-giua-chung.xlsx' });
    await post(`/imports/${id}/commit`);
    expect(await settled(id)).toMatchObject({ written: { tasks: 1 } });
  });
});

describe('who and what is refused', () => {
  it('everybody but the office', async () => {
    for (const actor of ['leader', 'auditor', 'admin', 'unit:thanh-tra-tinh']) expect(await upload(messy, 'a.csv', '', actor)).toMatchObject({ status: 403, body: { code: 'not-permitted' } });
    expect(await send('/imports', { headers: { 'X-Actor': 'auditor' } })).toMatchObject({ status: 403 });
  });

  it('what is too much with 413', async () => {
    const answer = await upload(bomb, 'bom.xlsx');
    expect(answer).toMatchObject({ status: 413, body: { code: 'xlsx-bomb', detail: expect.stringContaining('tệp phá hoại') } });
    expect(await upload(Buffer.alloc(33 * 1024 * 1024, 0x61), 'to.csv')).toMatchObject({ status: 413, body: { code: 'file-too-large' } });
    const heavy = Buffer.from(`${';'.repeat(31 * 1024 * 1024)}\n`);
    expect(await upload(heavy, 'nang.csv')).toMatchObject({ status: 413, body: { code: 'csv-too-many-cells' } });
    expect(await upload(wide, 'rong.xlsx')).toMatchObject({ status: 413, body: { code: 'xlsx-too-big' } });
    expect(readdirSync(join(data, 'imports')).filter((name) => name.startsWith('upload-'))).toEqual([]);
  });

  // Each by another limit: what a part inflates to, how much of it, how many parts, rows, letters in a cell.
  it('bombs of every kind with 413, and at its highest the program holds 50 MB more', async () => {
    const MIB = 1024 * 1024;
    const parts = (n: number): Lie[] => Array.from({ length: n }, (_, i) => ({ name: `xl/media/${String(i)}.bin`, data: '' }));
    const bombs: readonly [name: string, bytes: () => Buffer][] = [
      ['spaces in the sheet', () => bomb],
      ['a shared text', () => workbook(SHEET(''), [{ name: 'xl/sharedStrings.xml', data: `<sst>${`<si><t>${'A'.repeat(50)}</t></si>`.repeat(1_000_000)}</sst>` }])],
      ['one cell', () => workbook(SHEET(`<row r="1"><c r="A1" t="inlineStr"><is><t>${'A'.repeat(40 * MIB)}</t></is></c></row>`))],
      ['the list of sheets', () => workbook(SHEET(''), [{ name: 'xl/workbook.xml', data: Buffer.alloc(40 * MIB, 0x20) }])],
      ['rows without end', () => workbook(SHEET('<row><c><v>1</v></c></row>'.repeat(1_500_000)))],
      ['parts without end', () => workbook(SHEET(''), parts(20_000))],
      ['a wide sheet', () => wide],
    ];
    // The first file of all loads what reads files, and that stays.
    for (let n = 0; n < 2; n++) expect((await upload(foreign(task(33)), 'truoc.xlsx')).status).toBe(201);
    const cost: Record<string, number> = {};
    for (const [name, bytes] of bombs) {
      const file = bytes();
      const before = memory('VmRSS');
      forgetPeak();
      expect({ name, status: (await upload(file, 'bom.xlsx')).status }).toEqual({ name, status: 413 });
      cost[name] = Math.round(memory('VmHWM') - before);
    }
    told('tệp phá hoại, MB thêm ở lúc cao nhất', cost);
    expect(Object.entries(cost).filter(([, most]) => most > 50)).toEqual([]);
  }, 120_000);

  it('a gigabyte in one line, that never stands in memory or on the disk', async () => {
    const before = memory('VmRSS');
    forgetPeak();
    const [line, boundary] = [Buffer.alloc(1024 * 1024, 0x61), 'het'];
    const body = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="mot-dong.csv"\r\nContent-Type: text/csv\r\n\r\n`);
      for (let n = 0; n < 1024; n++) yield line;
      yield Buffer.from(`\r\n--${boundary}--\r\n`);
    };
    const answer = await new Promise<Answer>((resolve, reject) => {
      const sent = request(`${child.url}/api/v1/imports`, { method: 'POST', headers: { 'X-Actor': 'office', 'Content-Type': `multipart/form-data; boundary=${boundary}` } }, (response) => {
        text(response).then((words) => { resolve({ status: response.statusCode!, body: JSON.parse(words) }); }, reject);
      });
      sent.on('error', reject);
      Readable.from(body()).pipe(sent);
    });
    expect(answer).toMatchObject({ status: 413, body: { code: 'file-too-large', detail: 'Tệp quá 32 MiB; đề nghị tách tệp.' } });
    expect(memory('VmHWM') - before).toBeLessThan(80);
    expect(readdirSync(join(data, 'imports')).filter((name) => name.startsWith('upload-'))).toEqual([]);
    expect(await upload(Buffer.alloc(31 * 1024 * 1024, 0x61), 'mot-dong.csv')).toMatchObject({ status: 422, body: { code: 'csv-line-too-long' } });
  }, 60_000);

  it('what is no list, unknown columns, and steps out of order', async () => {
    expect(await upload(Buffer.from('PK\u0003\u0004 chẳng phải'), 'x.xlsx')).toMatchObject({ status: 422, body: { code: 'xlsx-broken' } });
    expect(await upload(Buffer.from('x'), 'x.csv', '?unitId=khong-co')).toMatchObject({ status: 422 });
    expect(await send('/imports', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{}' })).toMatchObject({ status: 415 });
    const { id, sheets } = (await upload(foreign(task(31)), 'buoc.xlsx')).body;
    expect(await post(`/imports/${id}/commit`)).toMatchObject({ status: 409, body: { code: 'import-not-in-phase' } });
    expect(await post(`/imports/${id}/mapping`, { columns: { khong: 1 } })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/columns/khong' }] } });
    await post(`/imports/${id}/mapping`, { columns: { ...sheets[0].guessed, lead: null } });
    expect(await settled(id)).toMatchObject({ failure: { code: 'columns-missing', detail: 'Thiếu 1 cột: “Cơ quan chủ trì”.' } });
    expect(await send('/imports/khong-co')).toMatchObject({ status: 404 });
    expect(await send(`/imports/${id}`, { method: 'DELETE' })).toMatchObject({ status: 200 });
    expect(await send(`/imports/${id}`)).toMatchObject({ status: 404 });
  });
});

/** What the program holds (`VmRSS`) or held at most (`VmHWM`), in MB: the kernel's own count, which misses no moment. */
function memory(what: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${String(child.child.pid)}/status`, 'utf8'))![1]) / 1024;
}
/** From now on the most is counted anew (proc(5), clear_refs). */
const forgetPeak = (): void => { writeFileSync(`/proc/${String(child.child.pid)}/clear_refs`, '5'); };
