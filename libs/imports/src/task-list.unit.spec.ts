import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { loadDefaultCalendar } from '#deadlines';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { ManualClock, parseInstant } from '#kernel';
import { UnitDirectory, type Unit } from '#organisation';
import { fold, taskStream, toFact } from '#tasks';
import { planImport, readTaskList, refusedCsv, runImport, type ImportPlan, type ReadRecord, type TaskListContext, type TaskListReading, type Verdict } from './index.ts';

const data = (name: string): Buffer => readFileSync(new URL(`../data/${name}`, import.meta.url));
const NOW = parseInstant('2020-11-30T08:00:00+07:00')!;
const actor = { id: 'office', role: 'office' } as const;
const calendar = loadDefaultCalendar();
const list2020 = data('thanh-tra-tinh-2020.csv');
const messy = data('mau-thu.csv');

function read(bytes: Uint8Array, more: Partial<TaskListContext> = {}): TaskListReading {
  return readTaskList(bytes, { now: NOW, units: UnitDirectory.of([]), calendar, policy: 'all', createUnits: false, fileName: 'danh-sach.csv', ...more });
}
const units2020: readonly Unit[] = read(list2020, { createUnits: true }).unitsToCreate;
const directory = (): UnitDirectory => UnitDirectory.of(units2020);
const readMessy = (): TaskListReading => read(messy, { units: directory() });

function memory(): { log: MemoryEventLog; plan: (reading: TaskListReading, strict?: boolean) => Promise<ImportPlan> } {
  const log = new MemoryEventLog({ clock: new ManualClock(NOW) });
  return {
    log,
    plan: (reading, strict = false) => planImport(reading, { load: async (id) => (await log.readStream(taskStream(id))).map(toFact), now: NOW, actor, strict }),
  };
}

const HEADER = 'STT,"Số, ký hiệu văn bản",Ngày văn bản,Cơ quan ban hành,Người ký (chức vụ),Trích yếu/Nội dung nhiệm vụ,Sản phẩm,Cơ quan chủ trì,Cơ quan phối hợp,Ngày giao,Thời hạn (nguyên văn),Hạn xử lý,Gia hạn đến,Ngày hoàn thành,Văn bản kết quả,Trạng thái ghi,Ghi chú,Hạn hiệu lực,Giờ hạn,Giờ hoàn thành';
const ROW = ['1', '1/UBND-NC', '01/06/2020', 'UBND tỉnh', 'Chủ tịch', 'Việc thử', 'Báo cáo', 'Thanh tra tỉnh', '', '02/06/2020', 'chậm nhất ngày 30/6/2020', '', '', '', '', '', '', '', '', ''];
const column = HEADER.replace('"Số, ký hiệu văn bản"', 'Số; ký hiệu văn bản').split(',').map((c) => c.replace(';', ','));
function csv(...rows: Record<string, string>[]): Buffer {
  const quote = (c: string): string => (/[",\n]/.test(c) ? `"${c.replaceAll('"', '""')}"` : c);
  return Buffer.from([HEADER, ...rows.map((r) => ROW.map((v, i) => quote(r[column[i]!] ?? v)).join(','))].join('\n') + '\n');
}
const one = (row: Record<string, string>, more: Partial<TaskListContext> = {}): ReadRecord => read(csv(row), { units: directory(), ...more }).records[0]!;

/** Record, line, tag, verdict, and pieces its message must hold. */
const EXPECTED: readonly (readonly [number, number, string | undefined, Verdict, ...string[]])[] = [
  [2, 2, 'T01', 'accept'],
  [3, 3, 'T02', 'accept-with-warning', 'Ngày giao “5/6/20” được hiểu là 05/06/2020; đề nghị xác nhận'],
  [4, 4, 'T03', 'accept'],
  [5, 5, 'T04', 'accept-with-warning', 'Ô ngày chứa số 43987, được hiểu là 05/06/2020'],
  [6, 6, 'T05', 'refuse', 'Ngày văn bản “31/02/2020” không tồn tại'],
  [7, 7, 'T06', 'refuse', 'Thiếu cơ quan chủ trì'],
  [8, 8, 'T07', 'refuse', 'Có 2 cơ quan chủ trì trong một ô; tách thành 2 dòng hoặc chọn 1 chủ trì, 1 phối hợp'],
  [9, 9, 'T08', 'refuse', 'Không có đơn vị “Sở Kinh tế biển” trong danh mục (hiệu lực ngày 02/06/2020)'],
  [10, 10, 'T09', 'accept-with-warning', '“Thanh tra tinh” được hiểu là “Thanh tra tỉnh”'],
  [11, 11, 'T10', 'accept'],
  [12, 12, 'T11', 'accept'],
  [13, 13, 'T01', 'refuse', 'Trùng với dòng T01 (cùng văn bản, cùng nội dung, cùng chủ trì)'],
  [14, 14, 'T13', 'refuse', 'Trùng với dòng T01'],
  [15, 15, 'T14', 'accept-with-warning', 'Nội dung dài 5.000 ký tự'],
  [16, 16, 'T15', 'accept-with-warning', 'Ô bắt đầu bằng dấu “=”; được lưu như văn bản'],
  [17, 17, 'T16', 'accept-with-warning', 'dấu “+”', 'dấu “-”', 'dấu “@”'],
  [18, 18, 'T17', 'accept'],
  [19, 19, 'T18', 'accept'],
  [20, 20, 'T19', 'accept'],
  [21, 21, 'T20', 'refuse', 'Trùng với dòng T17'],
  [22, 22, undefined, 'refuse', 'Dòng 21 có dấu chỉ độ mật; không được nhập vào hệ thống. Chỉ nhập số lượng theo mục riêng'],
  [23, 23, undefined, 'refuse', 'Dòng 22 có dấu chỉ độ mật'],
  [24, 24, 'T23', 'accept'],
  [25, 25, 'T24', 'accept-with-warning', 'Nội dung nhắc đến bí mật nhà nước; xác nhận văn bản không có dấu chỉ độ mật'],
  [26, 26, 'T25', 'accept-with-warning', 'Giao khi đã quá hạn'],
  [27, 27, 'T26', 'refuse', 'Ngày hoàn thành 01/06/2020 trước ngày giao 10/06/2020'],
  [28, 28, 'T27', 'refuse', 'Ngày hoàn thành 15/01/2021 sau ngày nhập 30/11/2020'],
  [29, 29, undefined, 'skip'],
  [30, 30, undefined, 'skip'],
  [31, 31, undefined, 'skip', 'lặp lại tiêu đề'],
  [32, 32, 'T29', 'refuse', 'Thiếu số, ký hiệu và ngày văn bản'],
  [33, 33, 'T30', 'accept'],
  [34, 34, 'T31', 'accept-with-warning', 'Số, ký hiệu văn bản lấy theo dòng trên (9030/TB-UBND)'],
  [35, 35, 'T32', 'accept-with-warning', 'Số, ký hiệu văn bản lấy theo dòng trên (9030/TB-UBND)'],
  [36, 36, 'T33', 'accept-with-warning', 'Ghi “Hoàn thành đúng hạn” nhưng hoàn thành 02/07/2020 sau hạn 30/06/2020'],
  [37, 37, 'T34', 'refuse', 'Ghi hoàn thành nhưng thiếu ngày hoàn thành'],
  [38, 38, 'T35', 'refuse', 'Gia hạn đến 20/06/2020 sớm hơn hạn xử lý 30/06/2020'],
  [39, 39, 'T36', 'accept-with-warning', '“trước ngày 15/11/2020” nghĩa là hết ngày 14/11/2020', 'hạn hiệu lực 16/11/2020', 'ô Hạn xử lý ghi 15/11/2020'],
  [40, 40, 'T37', 'accept'],
  [41, 41, 'T38', 'accept-with-warning', '“Sở Nội vụ; Sở Tư pháp”', 'bỏ mục trống', 'bỏ tên lặp “Sở Nội vụ”', 'bỏ cơ quan chủ trì “Thanh tra tỉnh”'],
  [42, 42, 'T39', 'accept'],
  [43, 44, 'T40', 'refuse', 'Dòng có 21 cột, cần 20'],
  [44, 45, 'T41', 'refuse', 'Chữ có vẻ gõ bằng bảng mã TCVN3; đề nghị chuyển mã', 'Thanh tra tỉnh'],
  [45, 46, 'T42', 'accept-with-warning', 'Thời hạn có giờ (16:00); thiếu giờ hoàn thành, tính theo ngày'],
  [46, 47, 'T43', 'accept'],
  [47, 48, 'T44', 'refuse', 'Ngày giao “06/15/2020” không hợp lệ (ngày/tháng/năm)'],
  [48, 49, 'T45', 'accept'],
  [49, 50, 'T46', 'accept'],
  [50, 51, undefined, 'skip', 'Dòng tổng cộng ghi 46, đọc được 45 dòng nhiệm vụ'],
];

describe('the messy list of 49 records', () => {
  const reading = readMessy();
  it.each(EXPECTED)('record %i on line %i (%s): %s', (record, line, tag, verdict, ...pieces) => {
    const found = reading.records.find((r) => r.record === record)!;
    const said = found.problems.map((p) => p.message).join(' ');
    expect({ line: found.line, tag: found.tag, verdict: found.verdict, said }).toMatchObject({ line, tag, verdict });
    for (const piece of pieces) expect(said).toContain(piece);
    if (verdict === 'accept') expect(found.problems).toEqual([]);
    expect(found.row !== undefined).toBe(verdict.startsWith('accept'));
  });

  it('adds up to 14, 14, 17 and 4', () => {
    expect(reading.records).toHaveLength(49);
    expect(reading.counts).toEqual({ tasks: 45, accepted: 14, warned: 14, refused: 17, skipped: 4, secret: 2 });
    expect(reading.notices).toEqual(['02 dòng có độ mật: không lưu gì ngoài số lượng.', 'Dòng tổng cộng ghi 46, đọc được 45 dòng nhiệm vụ.']);
    expect(reading.unitsToCreate).toEqual([]);
  });

  const rowOf = (tag: string) => reading.records.find((r) => r.tag === tag)!.row!;
  const task = (tag: string) => {
    const [assign] = rowOf(tag).facts;
    if (assign?.type !== 'AssignTask') throw new Error(tag);
    return assign.task;
  };

  it('normalises what it stores and keeps what was typed', () => {
    expect(['T17', 'T18', 'T19'].map((t) => task(t).document.number)).toEqual(['57/BC-TTT', '57/BC-TTT', '57/BC-TTT']);
    expect(task('T10').document.number).toBe('9010/UBND-NC');
    expect(task('T10').asTyped!['Số, ký hiệu văn bản']).toBe('  9010/UBND-NC  ');
    expect(task('T11').content).toBe(task('T11').content.normalize('NFC'));
    expect(['T02', 'T03', 'T04', 'T43'].map((t) => task(t).assignedOn)).toEqual(Array(4).fill('2020-06-05'));
    expect(Array.from(task('T14').content)).toHaveLength(5000);
    expect(task('T15').content).toBe('=HYPERLINK("http://vi-du.example/","Bấm vào đây")');
    expect(task('T32').document).toMatchObject({ number: '9030/TB-UBND', date: '2020-06-03', issuer: 'UBND tỉnh Khánh Hòa', signerTitle: 'Phó Chủ tịch' });
    expect(task('T37').deadline).toEqual({ kind: 'none', phrase: 'không thời hạn' });
    expect(task('T36').deadline).toMatchObject({ literalDueOn: '2020-11-14', dueOn: '2020-11-16' });
    expect(task('T38').coordinatingUnitIds).toEqual(['so-noi-vu', 'so-tu-phap']);
    expect(task('T39').content).toBe('Báo cáo "tình hình thực hiện" kết luận thanh tra mẫu thử T39');
    expect(task('T46').content).toContain('<script>');
    expect(rowOf('T01').facts.map((f) => f.type)).toEqual(['AssignTask', 'SubmitCompletion', 'ConfirmCompletion']);
    expect(rowOf('T01').facts[1]).toMatchObject({ result: 'Văn bản số 901/TTT-VP ngày 25/6/2020', resultDocument: { number: '901/TTT-VP', date: '2020-06-25' }, byDay: true });
  });

  it('keeps nothing of a row with a secrecy mark', async () => {
    const { plan } = memory();
    const planned = await plan(reading);
    const everything = JSON.stringify([reading, planned], (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)) + refusedCsv(reading, messy);
    for (const secret of ['05/KH-UBND', 'MẬT)', 'giả định', '921/TTT', '922/TTT', '9022/', 'tối mật', 'T21', 'T22']) expect(everything).not.toContain(secret);
    expect(planned.counts).toMatchObject({ accepted: 14, warned: 14, refused: 17, skipped: 4, new: 28, contradictions: 0 });
  });

  it('writes the refused rows for a person, harmless to a spreadsheet', () => {
    const text = refusedCsv(reading, messy);
    expect(text.startsWith('\uFEFFDòng trong tệp,Lý do từ chối,STT,')).toBe(true);
    const lines = text.trim().split('\r\n');
    expect(lines).toHaveLength(18);
    expect(lines.find((l) => l.startsWith('22,'))).toBe(`22,"Dòng 21 có dấu chỉ độ mật; không được nhập vào hệ thống. Chỉ nhập số lượng theo mục riêng."${','.repeat(20)}`);
    const formula = csv({ 'Trích yếu/Nội dung nhiệm vụ': '=1+1', 'Ngày giao': '' });
    expect(refusedCsv(read(formula, { units: directory() }), formula)).toContain(",'=1+1,");
    // Put right and imported again, the apostrophe and the two columns in front do no harm.
    const again = read(Buffer.from(refusedCsv(read(formula, { units: directory() }), formula).replace(',,chậm', ',02/06/2020,chậm')), { units: directory() });
    expect(again.records[0]!.row?.content).toBe('=1+1');
  });
});

describe('the list of 2020', () => {
  it('is accepted whole, with the deadlines its columns state', () => {
    const reading = read(list2020, { createUnits: true });
    expect(reading.records.filter((r) => r.verdict !== 'accept').map((r) => [r.line, r.problems.map((p) => p.message)])).toEqual([]);
    expect(reading.counts).toMatchObject({ tasks: 274, accepted: 274 });
    const vi = (day: string): string => `${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
    for (const { row, line } of reading.records) {
      const [assign, next] = row!.facts;
      if (assign?.type !== 'AssignTask' || assign.task.deadline.kind !== 'due') throw new Error(`line ${String(line)}`);
      const typed = assign.task.asTyped!;
      const inForce = next?.type === 'GrantExtension' && next.deadline.kind === 'due' ? next.deadline : assign.task.deadline;
      expect([line, vi(assign.task.deadline.literalDueOn), vi(inForce.dueOn)]).toEqual([line, typed['Hạn xử lý'], typed['Hạn hiệu lực']]);
    }
    expect(reading.records.filter((r) => r.row!.facts.some((f) => f.type === 'GrantExtension'))).toHaveLength(12);
    const authorities = reading.records.map((r) => (r.row!.facts[0]!.type === 'AssignTask' ? r.row!.facts[0]!.task.authority : ''));
    expect(['chu-tich', 'pho-chu-tich', 'ubnd-tinh'].map((a) => authorities.filter((x) => x === a).length)).toEqual([68, 140, 66]);
    expect(reading.unitsToCreate.every((u) => Array.from(u.shortName).length <= 16 && u.establishedOn >= '2019-01-01')).toBe(true);
    expect(new Set(reading.unitsToCreate.map((u) => u.shortName)).size).toBe(reading.unitsToCreate.length);
    expect(reading.unitsToCreate.find((u) => u.id === 'cac-so-ban-nganh')?.kind).toBe('tap-the');
  });

  it('changes nothing when imported again, and next month adds only what is new', async () => {
    const { log, plan } = memory();
    const first = await plan(read(list2020, { createUnits: true }));
    expect(first.counts).toMatchObject({ new: 274, unchanged: 0, events: 274 + 12 + 2 * 268 });
    expect(await runImport(log, first)).toEqual({ ok: true, events: first.counts.events + first.units.length });
    expect(await runImport(log, first)).toMatchObject({ ok: true });
    expect((await log.head()).count).toBe(first.counts.events + first.units.length);

    const second = await plan(read(list2020, { units: directory(), createUnits: true, fileName: 'tên khác.csv' }));
    expect([second.appends, second.units, second.counts.unchanged, second.contradictions, second.differences]).toEqual([[], [], 274, [], []]);

    // Next month: the extended task is done, and there is one task more.
    const lines = list2020.toString('utf8').replaceAll('\r\n', '\n').trimEnd().split('\n');
    const next = lines.map((l) => (l.startsWith('256,') ? l.replace(/15\/12\/2020,,,"?Đang thực hiện, trong hạn"?/, '15/12/2020,27/11/2020,Kết luận số 20/KL-TTT ngày 27/11/2020,Hoàn thành đúng hạn') : l));
    next.push('275,1/UBND-NC,26/11/2020,UBND tỉnh Khánh Hòa,Chủ tịch,Việc mới,Báo cáo,Thanh tra tỉnh,,27/11/2020,chậm nhất ngày 30/12/2020,30/12/2020,,,,"Đang thực hiện, trong hạn",,30/12/2020,,');
    const third = await plan(read(Buffer.from(next.join('\n')), { units: directory() }));
    expect(third.counts).toMatchObject({ accepted: 275, new: 1, extended: 1, unchanged: 273, contradictions: 0, events: 3 });
    expect(third.appends.flatMap((a) => a.events.map((e) => e.type))).toEqual(['CompletionSubmitted', 'TaskCompleted', 'TaskAssigned']);
    expect(await runImport(log, third)).toMatchObject({ ok: true, events: 3 });
    const done = fold((await log.readStream(third.appends[0]!.stream)).map(toFact));
    expect(done).toMatchObject({ kind: 'task', work: 'done', extensions: 1 });

    // An older export afterwards takes nothing back.
    const older = await plan(read(list2020, { units: directory() }));
    expect([older.appends, older.contradictions, older.differences.map((d) => d.code)]).toEqual([[], [], ['completion-not-in-file']]);
  });

  it('lists a contradiction and appends nothing of its row', async () => {
    const { log, plan } = memory();
    const done = { 'Ngày hoàn thành': '25/06/2020' };
    await runImport(log, await plan(read(csv(done), { units: directory() })));
    const differing: readonly [Record<string, string>, string, string][] = [
      [{ 'Ngày hoàn thành': '26/06/2020' }, 'completion-differs', 'nhật ký ghi hoàn thành 00:00 T5 25/06/2020, danh sách ghi 26/06/2020'],
      [{ ...done, 'Ngày giao': '03/06/2020' }, 'assigned-day-differs', 'danh sách ghi 03/06/2020'],
      [{ ...done, 'Thời hạn (nguyên văn)': 'chậm nhất ngày 01/7/2020' }, 'deadline-differs', 'nhật ký ghi thời hạn 30/06/2020'],
      [{ ...done, 'Gia hạn đến': '15/07/2020', 'Ghi chú': 'gia hạn tại Công văn số 9/UBND ngày 20/6/2020' }, 'not-allowed-when-done', 'đã hoàn thành'],
    ];
    for (const [row, code, piece] of differing) {
      const planned = await plan(read(csv(row), { units: directory() }));
      expect([planned.appends, planned.counts.contradictions, planned.contradictions[0]!.code]).toEqual([[], 1, code]);
      expect(planned.contradictions[0]!.message).toContain(piece);
    }
    const product = await plan(read(csv({ ...done, 'Sản phẩm': 'Tờ trình' }), { units: directory() }));
    expect([product.counts.unchanged, product.differences.map((d) => d.code)]).toEqual([1, ['details-differ']]);
  });

  it('writes nothing when someone wrote since the plan was made', async () => {
    const { log, plan } = memory();
    const other = { 'Số, ký hiệu văn bản': '2/UBND-NC' };
    const planned = await plan(read(csv(other, {}), { units: directory() }));
    // The same task from another door, with ids of its own.
    const taken = planned.appends[1]!;
    await log.append(taken.stream, taken.events.map((e) => ({ ...e, id: 'a0a0a0a0-0000-4000-8000-000000000001' })), { expectedRevision: -1 });
    expect(await runImport(log, planned)).toMatchObject({ ok: false, code: 'log-changed' });
    expect((await log.head()).count).toBe(1);
  });

  it('refuses the whole file when strict and one row is refused', async () => {
    const { log, plan } = memory();
    const planned = await plan(readMessy(), true);
    expect([planned.refusal?.code, planned.appends]).toEqual(['strict-refused', []]);
    expect(await runImport(log, planned)).toMatchObject({ ok: false, code: 'strict-refused' });
  });
});

describe('files that cannot be read', () => {
  const lines = csv({}).toString('utf8');
  it.each([
    ['empty', Buffer.alloc(0), 'file-empty', 'trống'],
    ['blank', Buffer.from('\uFEFF\r\n'), 'file-empty', ''],
    ['another encoding', Buffer.concat([Buffer.from('STT,'), Buffer.from([0xd1, 0x41])]), 'encoding-not-utf8', 'byte thứ 5 (tính từ 0) là 0x41'],
    ['UTF-16', Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('STT', 'utf16le')]), 'encoding-not-utf8', 'UTF-16'],
    ['UTF-16, the other way round', Buffer.from([0xfe, 0xff, 0, 0x53]), 'encoding-not-utf8', 'có vẻ là UTF-16'],
    ['half a character', Buffer.from([0x53, 0xed, 0xa0, 0x80]), 'encoding-not-utf8', 'byte thứ'],
    ['a letter written longer than it is', Buffer.from([0x53, 0xc0, 0xaf]), 'encoding-not-utf8', '0xC0'],
    ['a null byte', Buffer.from('STT;\0'), 'file-not-text', '0x00 ở vị trí 4'],
    ['one line without end', Buffer.alloc(8 * 1024 * 1024, 0x61), 'csv-line-too-long', 'Dòng 1 dài hơn 1048576 byte'],
    ['one line without end below others', Buffer.concat([csv({}), Buffer.alloc(2 * 1024 * 1024, 0x61)]), 'csv-line-too-long', 'Dòng 3 dài hơn'],
    ['a cell without end', Buffer.concat([csv({}), Buffer.from(`2,"${'a\n'.repeat(40_000)}"\n`)]), 'cell-too-long', 'Dòng 3 có ô dài hơn 65536 ký tự'],
    ['lines without end', Buffer.from('\n'.repeat(7_000_000)), 'csv-too-many-cells', '6000000'],
    ['cut in a character', Buffer.concat([csv({}), Buffer.from([0xe1, 0xba])]), 'encoding-not-utf8', 'byte thứ'],
    ['a spreadsheet', Buffer.from([0x50, 0x4b, 3, 4, 20]), 'file-not-csv', 'XLSX'],
    ['no header', Buffer.from('a,b\n1,2\n'), 'header-missing', 'Cơ quan chủ trì'],
    ['missing columns', Buffer.from(lines.replace('Cơ quan chủ trì', 'Chủ trì').replace('Ngày giao', 'Giao')), 'columns-missing', 'Thiếu 2 cột: “Cơ quan chủ trì”, “Ngày giao”'],
    ['repeated column', Buffer.from(lines.replace('Giờ hạn', 'Ghi chú')), 'columns-repeated', '“Ghi chú”'],
    ['an open quote', Buffer.from(lines + '2,"abc'), 'csv-broken', 'nháy kép'],
    ['another header below', Buffer.concat([csv({}), Buffer.from(HEADER.replace('STT,', '').concat(',STT\n'))]), 'header-changes', 'Dòng 3'],
    ['a secret heading', Buffer.from(`Độ mật: Tối mật\n${lines}`), 'secrecy-mark', 'dấu chỉ độ mật'],
  ])('%s', async (_, bytes, code, piece) => {
    const reading = read(bytes, { units: directory() });
    expect([reading.refusal?.code, reading.records]).toEqual([code, []]);
    expect(reading.refusal!.detail).toContain(piece);
    expect((await memory().plan(reading)).refusal?.code).toBe(code);
  });

  it('reads a list with a title above, semicolons between and columns in another order', () => {
    const swapped = csv({}).toString('utf8').trim().split('\n').map((l) => l.replace('"Số, ký hiệu văn bản"', 'SỐ@').split(',').map((c) => (c === 'SỐ@' ? '"Số, ký hiệu văn bản"' : c)).reverse().join(';'));
    const reading = read(Buffer.from(`DANH SÁCH NHIỆM VỤ\n${swapped.join('\n')}`), { units: directory() });
    expect(reading.refusal).toBeUndefined();
    expect(reading.records.map((r) => [r.line, r.verdict])).toEqual([[3, 'accept']]);
  });
});

describe('single rows', () => {
  it.each([
    [{ 'Ngày giao': '' }, 'refuse', 'Thiếu ngày giao'],
    [{ 'Trích yếu/Nội dung nhiệm vụ': ' ' }, 'refuse', 'Thiếu nội dung nhiệm vụ'],
    [{ 'Cơ quan ban hành': '' }, 'refuse', 'Thiếu cơ quan ban hành'],
    [{ 'Ngày văn bản': '' }, 'refuse', 'Thiếu ngày văn bản'],
    [{ 'Thời hạn (nguyên văn)': '' }, 'refuse', 'Thiếu thời hạn'],
    [{ 'Thời hạn (nguyên văn)': 'sớm nhất có thể' }, 'refuse', 'Chưa hiểu thời hạn “sớm nhất có thể”'],
    [{ 'Thời hạn (nguyên văn)': 'sớm nhất có thể', 'Hạn xử lý': '30/06/2020' }, 'accept-with-warning', 'lấy theo ô Hạn xử lý 30/06/2020'],
    [{ 'Thời hạn (nguyên văn)': 'trước ngày 25 hằng tháng' }, 'refuse', ''],
    [{ 'Ngày giao': '01/12/2020' }, 'refuse', 'sau ngày nhập 30/11/2020'],
    [{ 'Ngày hoàn thành': '30/11/2020', 'Giờ hoàn thành': '08:30' }, 'refuse', 'sau ngày nhập'],
    [{ 'Ngày hoàn thành': '29/06/2020', 'Giờ hoàn thành': '25:00' }, 'refuse', 'không hợp lệ (giờ:phút)'],
    [{ 'Gia hạn đến': '15/07/2020', 'Ngày hoàn thành': '10/07/2020' }, 'accept-with-warning', 'lấy ngày 30/06/2020'],
    [{ 'Gia hạn đến': '15/07/2020', 'Ghi chú': 'gia hạn tại Công văn số 1/UBND ngày 01/12/2020' }, 'refuse', 'sau ngày nhập'],
    [{ 'Trạng thái ghi': 'Hoàn thành quá hạn', 'Ngày hoàn thành': '29/06/2020' }, 'accept-with-warning', 'không sau hạn'],
    [{ 'Trạng thái ghi': 'Đang thực hiện', 'Ngày hoàn thành': '29/06/2020' }, 'accept-with-warning', 'nhưng có ngày hoàn thành'],
    [{ 'Cơ quan phối hợp': 'Sở Lạ' }, 'accept-with-warning', 'Không có đơn vị phối hợp “Sở Lạ”'],
    [{ 'Cơ quan phối hợp': 'các sở, ban, ngành' }, 'accept', ''],
    [{ 'Cơ quan ban hành': 'Siemens Müller São Paulo ® «x»' }, 'accept', ''],
    [{ 'Sản phẩm': '-' }, 'accept', ''],
    [{ 'Ngày giao': '99999' }, 'refuse', 'không hợp lệ'],
    [{ 'Ngày giao': '29/02/2019' }, 'refuse', 'không tồn tại'],
  ] as [Record<string, string>, Verdict, string][])('%j: %s', (row, verdict, piece) => {
    const found = one(row);
    const said = found.problems.map((p) => p.message).join(' ');
    expect([found.verdict, said]).toEqual([verdict, expect.stringContaining(piece)]);
  });

  it('does not choose between two units of one unmarked name', () => {
    const units = UnitDirectory.of(['Sở Tài', 'Sở Tái'].map((name, i) => ({ id: `u${String(i)}`, name, shortName: name, kind: 'so', establishedOn: '2020-01-01' })));
    expect(one({ 'Cơ quan chủ trì': 'So Tai' }, { units }).problems[0]!.message).toContain('có thể là “Sở Tài”, “Sở Tái”');
  });

  it('treats rows that continue a secret document as secret', () => {
    const reading = read(csv({ 'Số, ký hiệu văn bản': '5/KH (Mật)' }, { 'Số, ký hiệu văn bản': '', 'Ngày văn bản': '', 'Cơ quan ban hành': '', 'Trích yếu/Nội dung nhiệm vụ': 'phần hai' }, {}), { units: directory() });
    expect(reading.records.map((r) => [r.verdict, r.secret])).toEqual([['refuse', true], ['refuse', true], ['accept', false]]);
    expect(JSON.stringify(reading)).not.toContain('phần hai');
  });

  it.each(['5/KH (Mật, hỏa tốc)', '5/KH (MẬT', '5/KH (MËT)', '5/KH [Tuyệt mật]'.normalize('NFD')])('sees the mark in %s', (number) => {
    expect(one({ 'Số, ký hiệu văn bản': number }).secret).toBe(true);
  });

  it('establishes each of several units in one cell, and only those of accepted rows', () => {
    const names = (...rows: Record<string, string>[]): string[] => read(csv(...rows), { createUnits: true }).unitsToCreate.map((u) => u.name);
    expect(names({ 'Cơ quan phối hợp': 'Sở Một, Sở Hai; các sở, ban, ngành;' })).toEqual(['Thanh tra tỉnh', 'Sở Một', 'Sở Hai', 'các sở, ban, ngành']);
    expect(names({ 'Cơ quan chủ trì': 'Sở Một, Sở Hai' }, { 'Cơ quan chủ trì': 'Sở Ba', 'Ngày giao': '' })).toEqual([]);
    // Of two spellings the one with its tone marks is the name.
    expect(names({ 'Cơ quan chủ trì': 'Thanh tra tinh' })).toEqual(['Thanh tra tinh']);
    expect(names({ 'Cơ quan chủ trì': 'Thanh tra tinh' }, { 'Số, ký hiệu văn bản': '2/UBND' })).toEqual(['Thanh tra tỉnh']);
  });

  it('reads 10,000 rows within seconds of computing time', () => {
    const rows = Array.from({ length: 10_000 }, (_, i) => ({ STT: String(i), 'Số, ký hiệu văn bản': `${String(i)}/UBND-NC`, 'Trích yếu/Nội dung nhiệm vụ': `Việc số ${String(i)}`, 'Ngày hoàn thành': '25/06/2020', 'Cơ quan phối hợp': 'Sở Nội vụ; các sở, ban, ngành' }));
    const bytes = csv(...rows);
    // Computing time, not time passed: other work shares the machine while tests run. About 1.3 s when nothing else does.
    const before = process.cpuUsage();
    expect(read(bytes, { units: directory() }).counts.accepted).toBe(10_000);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(6_000);
  });
});
