import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { personIdOf } from '#people';
import { IMPORTS_FOLDER } from '../../apps/api/src/data-files.ts';
import { peopleCommands } from '../../apps/cli/src/people-commands.ts';
import { unit } from '../support/bodies.ts';
import { rowsXml, SHEET, workbook, type HostileCell } from '../support/hostile-sheets.ts';
import { instant, TestServer, type Reply } from '../support/server.ts';

/** Written by a spreadsheet program: an introduction, a hidden sheet, and the list under its title, with days as days. */
const REAL = readFileSync(new URL('../fixtures/people/danh-ba.xlsx', import.meta.url));
const HEAD = ['Mã', 'Họ và tên', 'Đơn vị', 'Vai trò'];
const sheet = (...rows: HostileCell[][]): Buffer => workbook(SHEET(rowsXml([HEAD, ...rows])));

let server: TestServer;
const give = (content: Uint8Array, name: string, { query = '', actor = 'admin' } = {}): Promise<Reply> => {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(content)]), name);
  return server.send(`/people/import/file${query}`, { method: 'POST', body: form, headers: { 'X-Actor': actor } });
};
const names = async (): Promise<string[]> => (await server.get('/people', 'admin')).body.items.map(({ name }: { name: string }) => name);

beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-17T08:00:00+07:00'));
  for (const id of ['so-y-te', 'so-noi-vu']) await server.done('/units', unit(id), 'admin');
});
afterAll(async () => { await server.stop(); });

describe('the directory of people comes in as a spreadsheet', () => {
  const refused = [
    { line: 6, column: 'Điện thoại', given: '912345678', expected: '0912345678', code: 'phone-is-number', detail: 'Ô Điện thoại là số 912345678, có lẽ đã mất chữ số 0 đứng đầu; hãy để ô là văn bản.' },
    { line: 7, column: 'Họ và tên', given: expect.stringContaining('CONCATENATE'), expected: 'giá trị, không phải công thức', code: 'formula', detail: 'Ô “Họ và tên” là công thức; công thức không được tính. Hãy dán giá trị vào ô rồi nhập lại.' },
    { line: 8, column: 'Thư điện tử', given: 'khong-phai-thu', expected: 'địa chỉ như ten@donvi.gov.vn', code: 'email-invalid', detail: '“khong-phai-thu” không phải địa chỉ thư điện tử.' },
  ];

  it('that another program wrote: tried without a trace, then taken, and what is not taken is named by row, column, what stands there and what is expected', async () => {
    expect(await give(REAL, 'danh-ba.xlsx', { query: '?dryRun=true' })).toMatchObject({ status: 200, body: { dryRun: true, added: 3, changed: 0, left: 0, refused } });
    expect(await names()).toEqual([]);
    expect(await give(REAL, 'danh-ba.xlsx')).toMatchObject({ status: 200, body: { dryRun: false, added: 3, refused } });
    expect((await server.get('/people', 'admin')).body.items).toMatchObject([
      { code: '1006', name: 'Đỗ Mã Số', unitId: 'so-noi-vu', role: 'office' },
      { code: 'CB1', name: 'Nguyễn Trả Lời', phone: '0912345678', quiet: { from: '22:00', until: '06:30' }, dailyLimit: 3, delegation: { toId: personIdOf('CB2'), from: '2020-11-20', until: '2020-11-25' }, leftOn: null },
      { code: 'CB2', name: 'Trần Chuyên Viên', leftOn: '2020-12-31' },
    ]);
    expect(await give(REAL, 'danh-ba.xlsx', { query: '?dryRun=true' })).toMatchObject({ body: { added: 0, changed: 3 } });
  });

  it('and as CSV by the same door, with the same words as the list that is sent as text', async () => {
    const csv = 'Mã;Họ và tên;Đơn vị;Vai trò;Thư điện tử\nCB7;Bùi Bảy;so-la;chuyên viên;\nCB8;Đặng Tám;so-y-te;vua;\nCB9;Ngô Chín;so-y-te;chuyên viên;a@b@c\n';
    const byFile = await give(new TextEncoder().encode(csv), 'danh-ba.csv', { query: '?dryRun=true' });
    const byText = await server.post('/people/import', { csv, dryRun: true }, { 'X-Actor': 'admin' });
    expect(byFile.body).toEqual(byText.body);
    expect(byFile.body.refused.map(({ line, column, given, code }: Record<string, unknown>) => [line, column, given, code])).toEqual([[2, 'Đơn vị', 'so-la', 'unit-unknown'], [3, 'Vai trò', 'vua', 'person-role-unknown'], [4, 'Thư điện tử', 'a@b@c', 'email-invalid']]);
  });

  it('says that somebody has left who is not in it, when asked to', async () => {
    expect(await give(sheet(['CB1', 'Nguyễn Trả Lời', 'so-y-te', 'người trả lời nhắc việc']), 'mot-nguoi.xlsx', { query: '?sync=true' })).toMatchObject({ body: { changed: 1, left: 2 } });
    expect((await server.get('/people', 'admin')).body.items.map(({ leftOn }: { leftOn: string | null }) => leftOn)).toEqual(['2020-11-17', null, '2020-11-17']);
  });

  it('keeps nothing of a row with a secrecy mark, not even in its answer', async () => {
    const answer = await give(sheet(['CB5', 'Người Năm (MẬT)', 'so-y-te', 'chuyên viên']), 'co-mat.xlsx');
    expect(answer.body).toMatchObject({ added: 0, refused: [{ line: 2, column: '', given: '', code: 'secrecy-mark' }] });
    expect(answer.text).not.toContain('Năm');
  });

  it.each([
    ['a bomb', () => workbook(Buffer.alloc(200 * 1024 * 1024, 0x20)), 413, 'xlsx-bomb'],
    ['a document type', () => workbook('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><worksheet/>'), 422, 'xlsx-doctype'],
    ['a way out of the archive', () => workbook(SHEET(''), [{ name: '../../etc/passwd', data: 'x' }]), 422, 'xlsx-broken'],
    ['thousands of parts', () => workbook(SHEET(''), Array.from({ length: 3_000 }, (_, n) => ({ name: `x/${String(n)}`, data: '' }))), 413, 'xlsx-too-many-parts'],
    ['an old workbook', () => Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(600)]), 422, 'file-xls'],
    ['no list', () => workbook(SHEET(rowsXml([['Mã', 'Tên gì đó'], ['1', '2']]))), 422, 'columns-missing'],
    ['a column twice', () => workbook(SHEET(rowsXml([[...HEAD, 'Mã cán bộ'], ['1', '2', '3', '4', '5']]))), 422, 'columns-repeated'],
    ['nothing', () => Buffer.alloc(0), 422, 'file-empty'],
  ] as const)('and is refused as a whole, with nothing left behind: %s', async (_, file, status, code) => {
    const before = await names();
    expect(await give(file(), 'tep.xlsx')).toMatchObject({ status, body: { code, errors: [{ pointer: '/file', code }] } });
    expect(await names()).toEqual(before);
    expect(readdirSync(join(server.dataDir, IMPORTS_FOLDER))).toEqual([]);
  }, 60_000);

  it('from the administrator alone, as one file', async () => {
    expect(await give(REAL, 'danh-ba.xlsx', { actor: 'office' })).toMatchObject({ status: 403 });
    expect(await server.send('/people/import/file', { method: 'POST', body: new FormData(), headers: { 'X-Actor': 'admin' } })).toMatchObject({ status: 400, body: { code: 'one-file-expected' } });
    expect(await server.post('/people/import/file', {}, { 'X-Actor': 'admin' })).toMatchObject({ status: 415 });
  });
});

describe('the directory at the command line, beside the running program', () => {
  const file = (name: string): string => join(server.dataDir, '..', name);
  const run = async (...args: string[]): Promise<string> => {
    const said: string[] = [];
    const program = new Command().exitOverride();
    peopleCommands(program, { data: (command) => command.option('--data <thư mục>', '', server.dataDir), out: (line) => void said.push(line) });
    const before = process.exitCode;
    await program.parseAsync(['people', ...args], { from: 'user' });
    process.exitCode = before;
    return said.join('\n');
  };
  const CSV = "Mã;Họ và tên;Đơn vị;Vai trò;Thư điện tử;Điện thoại;Kênh;Giờ yên lặng;Số thư mỗi ngày\nDL1;Vũ Dòng Lệnh;so-y-te;thủ trưởng đơn vị;dl1@so-y-te.example;'+84912345678;webhook;22:00-06:30;3\nDL2;Hồ Không Kênh;so-noi-vu;chuyên viên;dl2@so-noi-vu.example;;không;;\nDL3;Ai Đó;so-la;chuyên viên;;;;;\n";

  it('takes a list as the door does: tried without a trace, then taken; the file stays', async () => {
    writeFileSync(file('dl.csv'), CSV);
    const before = await names();
    expect(await run('import', file('dl.csv'), '--dry-run')).toBe('Dòng 4, cột “Đơn vị”: Không có đơn vị “so-la” trong danh mục. [đang ghi: so-la] [cần: mã, tên hoặc tên tắt của đơn vị trong danh mục]\nThêm 2, sửa 0, cho nghỉ 0, không nhận 1 dòng.\nChạy thử: không ghi gì.');
    expect(await names()).toEqual(before);
    const byDoor = await give(new TextEncoder().encode(CSV), 'dl.csv', { query: '?dryRun=true' });
    expect(JSON.parse(await run('import', file('dl.csv'), '--dry-run', '--json'))).toEqual(byDoor.body);
    expect(await run('import', file('dl.csv'))).toContain('Đã ghi.');
    // The running program knows them at once.
    expect(await names()).toEqual(expect.arrayContaining(['Vũ Dòng Lệnh', 'Hồ Không Kênh']));
    expect(existsSync(file('dl.csv'))).toBe(true);
    expect(await run('list', '--unit', 'so-noi-vu')).toContain('DL2        Hồ Không Kênh; chuyên viên, Đơn vị so-noi-vu');
    expect(await run('list')).not.toContain('@');
  });

  it.each(['csv', 'xlsx'])('writes it as %s, readable by its owner alone, and read again it changes nobody', async (format) => {
    const { items } = (await server.get('/people?limit=200', 'admin')).body;
    expect(await run('export', file(`ra.${format}`))).toBe(`${file(`ra.${format}`)}: ${String(items.length)} người.`);
    expect(statSync(file(`ra.${format}`)).mode & 0o777).toBe(0o600);
    expect(await run('import', file(`ra.${format}`), '--sync')).toBe(`Thêm 0, sửa ${String(items.length)}, cho nghỉ 0, không nhận 0 dòng.\nĐã ghi.`);
    expect((await server.get('/people?limit=200', 'admin')).body.items).toEqual(items);
  });

  it('says which folder or file is wrong', async () => {
    await expect(run('list', '--data', file('khong-co'))).rejects.toMatchObject({ code: 'log-missing' });
    await expect(run('import', file('khong-co.csv'))).rejects.toMatchObject({ code: 'file-missing' });
    await expect(run('export', file('ra.txt'))).rejects.toMatchObject({ code: 'option-invalid' });
    await expect(run('export', file('khong-co/ra.csv'))).rejects.toMatchObject({ code: 'file-not-writable' });
    // A folder bears the name already: nothing of the people is left beside it.
    mkdirSync(file('thu-muc.csv'));
    await expect(run('export', file('thu-muc.csv'))).rejects.toMatchObject({ code: 'file-not-writable', detail: expect.stringContaining(file('thu-muc.csv')) });
    expect(existsSync(file('thu-muc.csv.part'))).toBe(false);
  });
});
