import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import excel from 'exceljs';
import { playDemo } from '../../apps/cli/src/demo.ts';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { exportOf, tasksToExport } from '../../apps/api/src/exports/lists.ts';
import type { ExportQuestion } from '../../apps/api/src/exports/export-rows.ts';
import { sheetPieces } from '../../apps/api/src/exports/export-sheet.ts';
import { readSheetFile } from '#imports/xlsx/sheet-file';
import { planImport, readTaskTable, runImport, type ImportPlan } from '#imports';
import { clockFrom, parseInstant } from '#kernel';
import { taskStream, toFact } from '#tasks';
import type { Runtime } from '../../apps/api/src/runtime.ts';
import { instant, TestServer } from '../support/server.ts';
import { FULL } from '../support/rounds.ts';

type Format = 'xlsx' | 'csv';
const NOW = '2026-11-22T08:00:00+07:00';

/** `as`: what is said of the list besides, to be written in another way. */
async function fileOf(runtime: Runtime, format: Format, dto: object = {}, as: Partial<ExportQuestion> = {}): Promise<Buffer> {
  const { question: asked, slices } = exportOf(await tasksToExport(dto, runtime), format, runtime);
  const question = { ...asked, ...as };
  const pieces: Buffer[] = [];
  for await (const piece of sheetPieces(slices, question, runtime.log)) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function planOf(bytes: Buffer, { log, reference, tasks }: Runtime, createUnits = false): Promise<ImportPlan & { readonly messages: readonly string[] }> {
  const now = await tasks.now();
  const reading = readTaskTable(await readSheetFile(bytes), { now, units: reference.directory, formerUnits: reference.everyUnit, calendar: reference.calendar, policy: reference.settings().fixedDatePolicy, createUnits, fileName: 'xuat' });
  const plan = await planImport(reading, { load: async (id) => (await log.readStream(taskStream(id))).map(toFact), now, actor: { id: 'office', role: 'office' } });
  return { ...plan, messages: [...reading.records.flatMap(({ problems }) => problems.map(({ message }) => message)), ...plan.contradictions.map(({ message }) => message), ...plan.differences.map(({ message }) => message)] };
}

const table = async (bytes: Buffer): Promise<string[][]> => parse(bytes, { bom: true });

describe('the list of 2020 going out', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await TestServer.start(instant('2020-11-30T08:00:00+07:00'), async (dataDir) => { await playDemo(dataDir); });
  }, 120_000);
  afterAll(() => server.stop());
  const download = async (path: string): Promise<{ readonly bytes: Buffer; readonly headers: Headers; readonly status: number }> => {
    const answer = await fetch(`${server.url}/api/v1${path}`);
    return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
  };

  it('is the list that came in, cell by cell, in its first twenty columns', async () => {
    const { bytes, headers } = await download('/tasks/export?format=csv&sort=code');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toContain('danh-sach-viec-2020-11-30.csv');
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const rows = await table(bytes);
    const came = await table(readFileSync('libs/imports/data/thanh-tra-tinh-2020.csv'));
    expect(rows[0]!.slice(0, 20)).toEqual(came[0]);
    const inColumn = (title: string) => (row: readonly string[]): string => row[came[0]!.indexOf(title)]!;
    const of = (all: readonly string[][]) => new Map(all.slice(1).map((row) => [`${inColumn('Số, ký hiệu văn bản')(row)} ${inColumn('Trích yếu/Nội dung nhiệm vụ')(row)}`, row]));
    const out = of(rows);
    let differing = 0;
    for (const [name, row] of of(came)) {
      const found = out.get(name)!;
      // The demo has gone on with some tasks; what the list said of the others stands as it was said.
      if (row.slice(1, 20).join('|') !== found.slice(1, 20).join('|')) differing++;
    }
    expect(came).toHaveLength(275);
    expect(differing).toBeLessThanOrEqual(6);
  });

  it('changes nothing when it comes in again, in either form', async () => {
    for (const format of ['csv', 'xlsx'] as const) {
      const plan = await planOf((await download(`/tasks/export?format=${format}`)).bytes, server.runtime);
      expect(plan.counts).toMatchObject({ refused: 0, warned: 0, new: 0, extended: 0, contradictions: 0, events: 0 });
      expect(plan.differences).toEqual([]);
      expect(plan.counts.unchanged).toBeGreaterThan(270);
    }
  });

  it('is a workbook with days, a frozen header, a filter and print setup', async () => {
    const { bytes, headers } = await download('/tasks/export');
    expect(headers.get('content-type')).toContain('spreadsheetml');
    const book = new excel.Workbook();
    await book.xlsx.load(bytes as never);
    const sheet = book.worksheets[0]!;
    expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 1 });
    expect(sheet.pageSetup).toMatchObject({ orientation: 'landscape', paperSize: 9 });
    expect(sheet.getCell('A2').value).toBe(1);
    expect(sheet.getCell('J2').numFmt).toBe('dd/mm/yyyy');
    expect(sheet.rowCount).toBe(Number(headers.get('x-total-count')) + 1);
  });

  it('can be filled in and sent back: only what was added is new', async () => {
    const rows = await table((await download('/tasks/export?format=csv&cell=O1')).bytes);
    const column = (title: string): number => rows[0]!.indexOf(title);
    const one = rows[1]!;
    one[column('Ngày hoàn thành')] = '29/11/2020';
    one[column('Văn bản kết quả')] = 'Văn bản số 99/TTT-VP ngày 29/11/2020';
    const csv = Buffer.from(rows.map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n'));
    const plan = await planOf(csv, server.runtime);
    expect(plan.counts).toMatchObject({ new: 0, extended: 1, unchanged: rows.length - 2, contradictions: 0, events: 1 });
    expect(plan.appends[0]!.events[0]).toMatchObject({ type: 'CompletionSubmitted' });
  });

  it.each([
    ['/figures/list/export?asOf=2020-11-28&unitId=thanh-tra-tinh&period=2020&cell=D1', '/figures/list?asOf=2020-11-28&unitId=thanh-tra-tinh&period=2020&cell=D1'],
    ['/dashboard/list/export?asOf=2020-11-28&what=all&sort=-due', '/dashboard/list?asOf=2020-11-28&what=all&sort=-due'],
    ['/dashboard/exceptions/export?asOf=2020-11-28', '/dashboard/exceptions?asOf=2020-11-28'],
    ['/tasks/export?q=thanh%20tra&sort=-due&asOf=2020-06-30', '/tasks?q=thanh%20tra&sort=-due&asOf=2020-06-30'],
  ])('%s has the rows of its list in their order', async (path, list) => {
    const [head, ...rows] = await table((await download(`${path}&format=csv`)).bytes);
    const items = await server.all(list);
    const code = head!.indexOf('Mã việc');
    expect(rows.map((row) => row[code])).toEqual(items.map((item: any) => item.code));
    const lead = head!.indexOf('Cơ quan chủ trì');
    expect(rows.map((row) => row[lead])).toEqual(items.map((item: any) => item.leadUnitName));
  });

  it('says what changed between two points', async () => {
    const query = 'asOf=2020-11-28&sinceAsOf=2020-06-30&period=2020&unitId=thanh-tra-tinh';
    const [head, ...rows] = await table((await download(`/figures/changes/export?${query}&format=csv`)).bytes);
    const changes = await server.ok<Record<'entered' | 'left' | 'changed', { total: number }>>(`/figures/changes?${query}`);
    expect(rows).toHaveLength(changes.entered.total + changes.left.total + changes.changed.total);
    expect(new Set(rows.map((row) => row[head!.indexOf('Thay đổi')]))).toEqual(new Set(['Vào nhóm', 'Có thay đổi']));
  });

  it('makes no formula of a text, whatever it begins with', async () => {
    await server.done('/tasks', {
      document: { number: '777/UBND', date: '2020-11-27', issuer: '@SUM(1+1)', title: '-2+3' }, content: '=HYPERLINK("http://vi-du.example","x")', product: '+1+cmd|\' /C calc\'!A0', authority: 'ubnd-tinh',
      leadUnitId: 'thanh-tra-tinh', assignedOn: '2020-11-30', deadline: { date: '2020-12-20' },
    });
    const csv = (await download('/tasks/export?format=csv&documentNumber=777/UBND')).bytes.toString();
    for (const cell of ["'@SUM(1+1)", "'-2+3", '"\'=HYPERLINK(""http', "'+1+cmd"]) expect(csv).toContain(cell);
    const { bytes } = await download('/tasks/export?documentNumber=777/UBND');
    const book = new excel.Workbook();
    await book.xlsx.load(bytes as never);
    expect(book.worksheets[0]!.getCell('F2').value).toBe('=HYPERLINK("http://vi-du.example","x")');
    const plan = await planOf(bytes, server.runtime);
    expect(plan.counts).toMatchObject({ unchanged: 1, events: 0, warned: 0 });
  });

  describe('what is no list of tasks', () => {
    const PEOPLE = [
      'Mã,Họ và tên,Đơn vị,Vai trò,Thư điện tử,Điện thoại,Kênh,Giờ yên lặng,Số thư mỗi ngày,Ủy quyền cho,Ủy quyền từ,Ủy quyền đến,Nghỉ từ',
      'CB1,Nguyễn Văn Một,thanh-tra-tinh,người trả lời nhắc việc,mot@vi-du.example,0912345678,thư,22:00-06:30,3,CB2,01/12/2020,05/12/2020,',
      'CB2,"=Trần ""Hai""",thanh-tra-tinh,chuyên viên,,+84912345678,,,,,,,31/12/2020',
    ].join('\n');
    beforeAll(async () => {
      expect(await server.post('/people/import', { csv: PEOPLE }, { 'X-Actor': 'admin' })).toMatchObject({ body: { added: 2, refused: [] } });
      const { id } = await server.done<{ id: string }>('/briefings', { name: '=Giao ban', cutOff: '2020-11-30T08:00:00+07:00' });
      for (const text of ['Rà soát việc quá hạn', 'Bỏ sau']) await server.done(`/briefings/${id}/conclusions`, { kind: 'decision', text });
      await server.done('/reports', { unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-28' });
      await server.done('/plans', { unitId: 'thanh-tra-tinh', year: 2020, code: 'khong-ap-dung', title: '=1+1', notApplicable: 'không có cơ quan trực thuộc' });
      await server.caughtUp();
    }, 60_000);

    const rowsOf = async (path: string): Promise<readonly Readonly<Record<string, string>>[]> => {
      const [head, ...rows] = await table((await download(path)).bytes);
      return rows.map((row) => Object.fromEntries(row.map((cell, n) => [head![n]!, cell])));
    };

    it('goes out by a door each, in both forms with the same cells; every door there is', async () => {
      const doors: Readonly<Record<string, string>> = {
        '/plans/export': 'ke-hoach', '/indicators/export': 'chi-tieu', '/units/export': 'danh-muc-don-vi', '/reports/export': 'bao-cao', '/briefings/export': 'giao-ban', '/people/export': 'danh-ba',
        '/reminder-ledger/export': 'so-nhac', '/audit/events/export': 'su-kien', '/audit/deadlines/export': 'lich-su-thoi-han',
      };
      const { paths } = await server.ok<{ paths: Record<string, object> }>('/openapi.json');
      const described = Object.keys(paths).map((path) => path.replace('/api/v1', '')).filter((path) => path.endsWith('/export'));
      expect(described.sort()).toEqual([...Object.keys(doors), '/tasks/export', '/figures/list/export', '/figures/changes/export', '/dashboard/export', '/dashboard/list/export', '/dashboard/exceptions/export'].sort());
      for (const [path, name] of Object.entries(doors)) {
        const csv = await download(`${path}?format=csv`);
        expect([path, csv.status, csv.headers.get('content-type'), [...csv.bytes.subarray(0, 3)]]).toEqual([path, 200, 'text/csv; charset=utf-8', [0xef, 0xbb, 0xbf]]);
        expect(csv.headers.get('content-disposition')).toContain(`${name}-2020-11-30.csv`);
        const [head, ...rows] = await table(csv.bytes);
        expect([path, String(rows.length)]).toEqual([path, csv.headers.get('x-total-count')]);
        const book = new excel.Workbook();
        await book.xlsx.load((await download(path)).bytes as never);
        const sheet = book.worksheets[0]!;
        expect([path, sheet.getRow(1).values]).toEqual([path, [undefined, ...head!]]);
        expect([path, sheet.rowCount]).toEqual([path, rows.length + 1]);
        // A text is never a formula: what the CSV file marks with an apostrophe stands as it is in the workbook.
        const differing: unknown[] = [];
        sheet.eachRow((row, n) => {
          if (n > 1) row.eachCell((cell, column) => { if (cell.type === excel.ValueType.Formula || (typeof cell.value === 'string' && cell.value !== rows[n - 2]![column - 1]!.replace(/^'/, ''))) differing.push([cell.address, cell.value, rows[n - 2]![column - 1]]); });
        });
        expect([path, differing]).toEqual([path, []]);
        expect(await server.get(`${path}?format=pdf`)).toMatchObject({ status: 400 });
        expect(await server.get(`${path}?limit=5`)).toMatchObject({ status: 400 });
      }
      for (const who of ['leader', 'auditor', 'unit:thanh-tra-tinh']) {
        expect((await server.get('/people/export', who)).status).toBe(403);
        expect((await server.get('/plans/export?format=csv', who)).status).toBe(200);
      }
    }, 60_000);

    it('has plans with an item a row, and the three empties apart', async () => {
      const rows = await rowsOf('/plans/export?format=csv&year=2020&unitId=thanh-tra-tinh');
      const { items } = await server.ok<{ items: { id: string; code: string; counts: { kind: string; items?: number; done?: number } }[] }>('/plans?year=2020&unitId=thanh-tra-tinh&limit=200');
      expect(items.map(({ counts: { items: n } }) => n)).toContain(43);
      for (const { id, code, counts } of items) {
        const own = rows.filter((row) => row['Mã định danh kế hoạch'] === id);
        expect([code, own.length]).toEqual([code, counts.items ?? 1]);
        expect([code, own[0]!['Số mục'], own[0]!['Số mục xong']]).toEqual([code, ...(counts.kind === 'count' ? [String(counts.items), String(counts.done)] : counts.kind === 'blank' ? ['', ''] : ["'-", "'-"])]);
        expect(own.filter((row) => row['Hoàn thành ngày'] !== '')).toHaveLength(counts.done ?? 0);
      }
      expect(rows.filter((row) => row['Mã kế hoạch'] === 'khong-ap-dung')).toMatchObject([{ 'Tên kế hoạch': "'=1+1", 'Áp dụng': 'không áp dụng', 'Ghi chú của kế hoạch': 'không có cơ quan trực thuộc' }]);
      // As it stood on a day, and as nothing was known.
      const done = (all: readonly Readonly<Record<string, string>>[]): number => all.filter((row) => row['Hoàn thành ngày'] !== '').length;
      const before = done(await rowsOf('/plans/export?format=csv&year=2020&unitId=thanh-tra-tinh&asOf=2020-06-30'));
      expect(before).toBeGreaterThan(0);
      expect(before).toBeLessThan(done(rows));
      expect(await rowsOf('/plans/export?format=csv&knownAt=position:0')).toEqual([]);
    });

    it('has indicators as the list says them, units on a day, reports, and conclusions of meetings', async () => {
      const { items } = await server.ok<{ items: { id: string; amount: { kind: string; number?: number } }[] }>('/indicators?asOf=2020-11-28&limit=200');
      const rows = await rowsOf('/indicators/export?format=csv&asOf=2020-11-28');
      expect(rows.map((row) => row['Mã định danh'])).toEqual(items.map(({ id }) => id));
      const said: Readonly<Record<string, (n?: number) => string>> = { count: (n) => String(n), blank: () => '', 'not-applicable': () => "'-" };
      const plain = items.flatMap(({ amount: { kind, number } }, n) => (said[kind] ? [[rows[n]!['Giá trị'], said[kind](number)]] : []));
      expect(plain.length).toBeGreaterThan(10);
      expect(plain.filter(([is, wanted]) => is !== wanted)).toEqual([]);
      const units = await server.ok<{ items: { id: string; name: string }[] }>('/units?asOf=2020-06-30');
      expect((await rowsOf('/units/export?format=csv&asOf=2020-06-30')).map((row) => [row['Mã đơn vị'], row['Tên đơn vị']])).toEqual(units.items.map(({ id, name }) => [id, name]));
      expect(await rowsOf('/reports/export?format=csv&status=drafted')).toMatchObject([{ 'Mã đơn vị': 'thanh-tra-tinh', 'Kỳ báo cáo': 'năm 2020', 'Số liệu đến hết ngày': '28/11/2020', 'Trạng thái': 'dự thảo', 'SHA-256 của tệp PDF': '' }]);
      expect(await rowsOf('/briefings/export?format=csv&state=open')).toMatchObject([{ Phiên: "'=Giao ban", 'Kết luận số': '1', Loại: 'Quyết nghị', 'Nội dung kết luận': 'Rà soát việc quá hạn' }, { 'Kết luận số': '2' }]);
    });

    it('has the events and the deadlines of an audit, all of them, oldest first', async () => {
      const events = await server.ok<{ total: number; items: { position: string; sentence: string }[] }>('/audit/events?unitId=thanh-tra-tinh&type=ExtensionGranted,TaskCompleted&order=oldest&limit=200');
      const rows = await rowsOf('/audit/events/export?format=csv&unitId=thanh-tra-tinh&type=ExtensionGranted,TaskCompleted');
      expect(events.total).toBeGreaterThan(100);
      expect(rows).toHaveLength(events.total);
      expect(rows.slice(0, 200).map((row) => [row['Sự kiện'], row['Sự kiện thành câu']])).toEqual(events.items.map(({ position, sentence }) => [position, sentence]));
      expect((await download('/audit/deadlines/export?format=csv')).bytes.toString()).toBe((await download('/audit/deadlines?format=csv')).bytes.toString());
    });

    it('brings the directory of people in again unchanged, in both forms', async () => {
      const before = (await server.get('/people?limit=200', 'admin')).body.items;
      for (const format of ['csv', 'xlsx']) {
        const form = new FormData();
        form.append('file', new Blob([new Uint8Array((await download(`/people/export?format=${format}`)).bytes)]), `danh-ba.${format}`);
        expect([format, (await server.send('/people/import/file?sync=true', { method: 'POST', body: form, headers: { 'X-Actor': 'admin' } })).body]).toMatchObject([format, { added: 0, changed: before.length, left: 0, refused: [] }]);
        expect((await server.get('/people?limit=200', 'admin')).body.items).toEqual(before);
      }
      expect(await rowsOf('/people/export?format=csv&q=cb2')).toMatchObject([{ Mã: 'CB2', 'Họ và tên': '\'=Trần "Hai"', 'Điện thoại': "'+84912345678" }]);
    });
  });

  it('refuses a form it does not know, and unknown filters', async () => {
    expect(await server.get('/tasks/export?format=pdf')).toMatchObject({ status: 400 });
    expect(await server.get('/tasks/export?khong=1')).toMatchObject({ status: 400 });
    expect(await server.get('/tasks/export?limit=5')).toMatchObject({ status: 400 });
  });
});

describe(`${FULL ? '5,000' : '600'} invented tasks with whole lives`, () => {
  let root: string;
  let runtime: Runtime;
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'nhacviec-export-'));
    await writeHistory({ folder: join(root, 'a'), units: 20, tasks: FULL ? 5_000 : 600, seed: 3, now: NOW });
    runtime = await openRuntime({ dataDir: join(root, 'a'), clock: clockFrom(parseInstant(NOW)!) });
  }, 240_000);
  afterAll(async () => {
    await runtime.close();
    rmSync(root, { recursive: true, force: true });
  });

  it.each(['xlsx', 'csv'] as const)('go out as %s and come in again without any difference', async (format) => {
    const bytes = await fileOf(runtime, format);
    const plan = await planOf(bytes, runtime);
    const total = await runtime.board.count();
    expect({ counts: plan.counts, differences: plan.differences, contradictions: plan.contradictions }).toEqual({
      counts: { accepted: total, warned: 0, refused: 0, skipped: 0, new: 0, unchanged: total, extended: 0, contradictions: 0, events: 0 }, differences: [], contradictions: [],
    });
  });

  it.each([{}, { asOf: '2025-03-31' }, { knownAt: '2025-06-30' }])('are one file, whether the log is read task by task or once for all of a long list: %j', async (point) => {
    const [one, other] = [await fileOf(runtime, 'csv', point, { total: 1 }), await fileOf(runtime, 'csv', point, { total: 100_000 })];
    expect(one.length).toBeGreaterThan(10_000);
    expect(other.equals(one)).toBe(true);
  });

  it('come into an empty system with the same ids, and go out of it with the same assignments', async () => {
    const bytes = await fileOf(runtime, 'csv', { cell: 'D1,O1,O2,D2,O3,D3' });
    const other = await openRuntime({ dataDir: join(root, `b`), clock: clockFrom(parseInstant(NOW)!) });
    try {
      const plan = await planOf(bytes, other, true);
      const told = await runImport(other.log, plan);
      expect(told.ok).toBe(true);
      await other.reference.catchUp();
      other.projector.start();
      await other.projector.reaches((await other.log.head()).position, 30_000);
      const [head, ...rows] = await table(bytes);
      const back = new Map((await table(await fileOf(other, 'csv'))).slice(1).map((row) => [row[head!.indexOf('Mã định danh')]!, row]));
      expect(plan.counts.new).toBeGreaterThan(rows.length * 0.7);
      const same = ['Số, ký hiệu văn bản', 'Ngày văn bản', 'Cơ quan ban hành', 'Người ký (chức vụ)', 'Trích yếu/Nội dung nhiệm vụ', 'Sản phẩm', 'Ngày giao', 'Thời hạn (nguyên văn)', 'Hạn xử lý', 'Cơ quan giao', 'Lĩnh vực', 'Trọng tâm', 'Trọng số', 'Độ khẩn', 'Ngày hoàn thành', 'Ngày xác nhận'].map((title) => head!.indexOf(title));
      const differing = rows.flatMap((row) => {
        const found = back.get(row[head!.indexOf('Mã định danh')]!);
        return found === undefined || same.every((n) => row[n] === found[n]) ? [] : [[same.map((n) => row[n]).join('|'), same.map((n) => found[n]).join('|')]];
      });
      expect(differing).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
