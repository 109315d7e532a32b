import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CELLS } from '#figures';
import { openXlsx } from '#imports/xlsx/read-xlsx';
import { countVi, dayVi } from '#kernel';
import { assignment, submission, unit } from '../support/bodies.ts';
import { pdfText } from '../support/pdf-text.ts';
import { instant, TestServer } from '../support/server.ts';

/* The dashboard as a document: what is printed is what `GET /dashboard` answers for the same question. */

let server: TestServer;
const first = 'asOf=2020-11-30T08:30:00%2B07:00';
let known = '';

beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'));
  for (const id of ['so-y-te', 'so-noi-vu']) await server.done('/units', unit(id, { name: id === 'so-y-te' ? 'Sở Y tế' : 'Sở Nội vụ' }), 'admin');
  const given: string[] = [];
  const assign = async (change: object): Promise<void> => { given.push((await server.done<{ id: string }>('/tasks', assignment(change))).id); };
  for (const day of ['2020-11-18', '2020-11-20', '2020-12-01', '2020-12-04']) await assign({ content: `Phòng dịch đến ${day}`, deadline: { date: day }, field: 'y tế', starred: day < '2020-11-19' });
  await assign({ content: 'Cải cách thủ tục', leadUnitId: 'so-noi-vu', deadline: { date: '2020-11-27' }, field: 'nội vụ' });
  await assign({ content: 'Việc không hạn', leadUnitId: 'so-noi-vu', deadline: { none: true } });
  await server.done(`/tasks/${given[4]!}/completion-submissions`, submission(), 'unit:so-noi-vu');
  await server.done(`/tasks/${given[1]!}/extension-requests`, { deadline: { date: '2020-12-15' }, reason: 'chờ số liệu' }, 'unit:so-y-te');
  await server.advance('2020-11-30T08:30:00+07:00');
  await server.caughtUp();
  known = `knownAt=position:${(await server.ok<{ position: string }>('/system')).position}`;
});
afterAll(async () => {
  await server.stop();
});

async function paper(query: string): Promise<{ readonly bytes: Buffer; readonly name: string; readonly type: string }> {
  const reply = await fetch(`${server.url}/api/v1/dashboard/export?${query}`);
  if (reply.status !== 200) throw new Error(await reply.text());
  return { bytes: Buffer.from(await reply.arrayBuffer()), name: reply.headers.get('Content-Disposition') ?? '', type: reply.headers.get('Content-Type') ?? '' };
}

/** The words of a Word file, a paragraph a line. */
function wordsOf(zip: Buffer): string {
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6])) + 16);
  for (; zip.readUInt32LE(at) === 0x02014b50; at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)) {
    if (zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)) !== 'word/document.xml') continue;
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const xml = inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(at + 20))).toString('utf8');
    return xml.replace(/<\/w:p>/g, '\n').replace(/<[^>]+>/g, '').replaceAll('&amp;', '&');
  }
  throw new Error('no document');
}

/** The words of a PDF in the order in which they stand; undefined where no reader of PDF is installed. */
const printedOf = (pdf: Buffer): string | undefined => pdfText('the words of the printed dashboard', pdf);

/** As one run of letters: neither file keeps the other's lines. */
const tight = (text: string): string => text.normalize('NFC').replace(/\s/g, '');

const FILTERS: readonly (readonly [query: string, scope: string])[] = [
  ['', 'Phạm vi: Toàn tỉnh'],
  [`unitId=so-y-te&scope=tree&field=${encodeURIComponent('y tế')}`, 'Phạm vi: Sở Y tế, cả đơn vị trực thuộc; lĩnh vực: y tế'],
  ['starred=true&authority=chu-tich', 'Phạm vi: Toàn tỉnh; việc do Chủ tịch UBND tỉnh giao; việc trọng tâm'],
  ['documentNumber=khong-co%2FVB', 'Phạm vi: Toàn tỉnh; văn bản khong-co/VB'],
  ['unitKind=so&only=overdue', 'Phạm vi: khối sở; chỉ việc quá hạn chưa hoàn thành (tỷ lệ và các tuần là của cả phạm vi)'],
];

describe('the dashboard as a document', () => {
  it.each(FILTERS)('prints the numbers of GET /dashboard, the instant, what was known and the scope, in Word and in PDF (%s)', async (filter, scope) => {
    const query = `${first}&${known}&${filter}`;
    const { all, tiles, ageing, units, weeks, sentence, exceptions, position } = await server.ok(`/dashboard?${query}`);
    const { items } = await server.ok(`/dashboard/exceptions?${query}`);
    const { overdue, dueSoon, extended, waiting } = tiles;
    const rows: readonly string[] = [
      `Tổng số${countVi(all.total)}`, `Hoàn thành đúng hạn${countVi(all.cells.D1)}`, `Đang thực hiện trong hạn${countVi(all.cells.O1)}`, `Quá hạn chưa hoàn thành${countVi(overdue.count)}${overdue.count === overdue.since ? 'không đổi' : overdue.count > overdue.since ? 'tăng' : 'giảm'}`,
      `Chờ xác nhận${countVi(['V1', 'V2', 'V3'].reduce((sum, cell) => sum + Number(all.cells[cell]), 0))}`, `Chưa có thời hạn${countVi(all.cells.O3)}`, `Quá hạn trên 30 ngày${countVi(overdue.over30)}`,
      `Tuổi quá hạn: 1–7; 8–30; 31–90; trên 90 ngày${ageing.map(({ count }: { count: number }) => countVi(count)).join('; ')}`, `Đến hạn trong 7 ngày làm việc${countVi(dueSoon.in7)}`, `Đã gia hạn (việc; lần; ngày thêm)${[extended.tasks, extended.times, extended.daysAdded].map(countVi).join('; ')}`,
      `Chờ xử lý của lãnh đạo${countVi(waiting.total)}`,
      ...units.map((one: any, n: number) => `${String(n + 1)}${String(one.name)}${countVi(one.total)}${CELLS.map((cell) => countVi(one.cells[cell])).join('')}`),
      `Tổng cộng${countVi(all.total)}${CELLS.map((cell) => countVi(all.cells[cell])).join('')}`,
      `${countVi(exceptions.total)} VIỆC CẦN LÃNH ĐẠO CHÚ Ý`, ...items.map((item: any, n: number) => `${String(n + 1)}${item.why.map(({ words }: { words: string }) => words).join('; ')}${String(item.code)}${String(item.content)}`),
      ...weeks.map((week: any) => `${dayVi(week.from)}${dayVi(week.to)}${countVi(week.assigned)}${countVi(week.completed)}${countVi(week.overdueStock)}`),
      sentence.map(({ text }: { text: string }) => text).join(''), 'Tại thời điểm 08:30 T2 30/11/2020 (giờ VN)', `biết đến sự kiện #${position}`, scope, 'BẢNG ĐIỀU HÀNH', 'DỰ THẢO', 'Số thay đổi: so với 7 ngày trước.',
    ];
    const [docx, pdf] = [await paper(query), await paper(`${query}&format=pdf`)];
    expect([docx.type, pdf.type, pdf.bytes.subarray(0, 5).toString()]).toEqual(['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/pdf', '%PDF-']);
    expect([docx.name, pdf.name]).toEqual([expect.stringContaining('bang-dieu-hanh-2020-11-30.docx'), expect.stringContaining('bang-dieu-hanh-2020-11-30.pdf')]);
    for (const [kind, text] of [['docx', wordsOf(docx.bytes)], ['pdf', printedOf(pdf.bytes)]] as const) {
      if (text === undefined) continue;
      const printed = tight(text);
      for (const row of rows) expect([kind, row, printed.includes(tight(row))]).toEqual([kind, row, true]);
    }
  });

  it('is a workbook too: the same figures as numbers, units, exceptions and weeks a sheet each, the instant at the head', async () => {
    const query = `${first}&${known}`;
    const { all, tiles, units, weeks } = await server.ok(`/dashboard?${query}`);
    const { items } = await server.ok(`/dashboard/exceptions?${query}`);
    const { bytes, name, type } = await paper(`${query}&format=xlsx`);
    expect([type, name]).toEqual(['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', expect.stringContaining('bang-dieu-hanh-2020-11-30.xlsx')]);
    const sheet = async (of: string): Promise<(string | number)[][]> => {
      const book = await openXlsx(bytes, bytes.length, bytes.subarray(0, 64));
      if (!book.ok) throw new Error(JSON.stringify(book));
      const records = await book.records(book.sheets.findIndex((one) => one.name === of));
      book.close();
      if ('ok' in records) throw new Error(JSON.stringify(records));
      return records.map(({ cells, numbers }) => cells.map((text, n) => (numbers?.includes(n) ? Number(text) : text)));
    };
    const figures = await sheet('Bảng điều hành');
    expect(figures.flat().join(' ')).toContain('Tại thời điểm 08:30 T2 30/11/2020 (giờ VN)');
    const value = (label: string): string | number | undefined => figures.find(([title]) => title === label)?.[1];
    expect([value('Tổng số'), value('Quá hạn chưa hoàn thành'), value('Chờ xử lý của lãnh đạo')]).toEqual([all.total, tiles.overdue.count, tiles.waiting.total]);
    expect((await sheet('Theo đơn vị')).filter((row) => units.some((one: any) => row.includes(one.name))).map((row) => row[2])).toEqual(units.map((one: any) => one.total));
    const codes = (await sheet('Việc cần chú ý')).flat();
    for (const { code } of items) expect(codes).toContain(code);
    expect((await sheet('Theo tuần')).flat()).toContain(dayVi(weeks.at(-1).from));
    expect((await paper(`${query}&format=xlsx`)).bytes.equals(bytes)).toBe(true);
  });

  it('is the same, byte for byte, however late it is asked for again; a rule that is switched off is not in it; a wrong format is refused', async () => {
    const before = [await paper(`${first}&${known}`), await paper(`${first}&${known}&format=pdf`)];
    await server.done('/tasks', assignment({ content: 'Việc giao sau', backdateReason: 'ghi muộn' }));
    await server.caughtUp();
    const after = [await paper(`${first}&${known}`), await paper(`${first}&${known}&format=pdf`)];
    expect(after.map(({ bytes }, n) => bytes.equals(before[n]!.bytes))).toEqual([true, true]);
    const words = wordsOf((await paper(`${first}&${known}&rules=returned`)).bytes);
    expect(words).toContain('0 VIỆC CẦN LÃNH ĐẠO CHÚ Ý');
    expect(words).toContain('đang tắt 5 quy tắc');
    expect(await server.get(`/dashboard/export?${first}&format=odt`)).toMatchObject({ status: 400 });
  });
});
