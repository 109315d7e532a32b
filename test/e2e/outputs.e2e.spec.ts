import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import excel from 'exceljs';
import { assignment, unit } from '../support/bodies.ts';
import { pdfText } from '../support/pdf-text.ts';
import { instant, TestServer } from '../support/server.ts';

let server: TestServer;
let code: string;
beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'));
  for (const id of ['so-y-te', 'so-noi-vu']) await server.done('/units', unit(id, { name: id === 'so-y-te' ? 'Sở Y tế' : 'Sở Nội vụ' }), 'admin');
  const { id } = await server.done<{ id: string }>('/tasks', assignment({ content: 'Xây dựng kế hoạch phòng dịch', deadline: { date: '2020-11-18' } }));
  await server.done('/tasks', assignment({ content: 'Báo cáo tiêm chủng', deadline: { date: '2020-11-27' }, authority: 'pho-chu-tich', field: 'y-te' }));
  await server.done('/tasks', assignment({ content: 'Việc của sở khác', leadUnitId: 'so-noi-vu', document: { number: '9/UBND-NC', date: '2020-10-01', issuer: 'UBND tỉnh', title: 'Giao việc' }, assignedOn: '2020-10-05', deadline: { date: '2020-12-01' }, backdateReason: 'ghi muộn' }));
  await server.advance('2020-11-24T09:00:00+07:00');
  code = (await server.ok<{ code: string }>(`/tasks/${id}`)).code;
});
afterAll(async () => { await server.stop(); });

interface File {
  readonly bytes: Buffer;
  readonly type: string | null;
  readonly name: string | null;
}
async function file(path: string): Promise<File> {
  const reply = await fetch(`${server.url}/api/v1/outputs/${path}`);
  if (reply.status !== 200) throw new Error(`${path}: ${await reply.text()}`);
  return { bytes: Buffer.from(await reply.arrayBuffer()), type: reply.headers.get('Content-Type'), name: reply.headers.get('Content-Disposition') };
}

/** The words of a Word file, a paragraph a line. */
function wordsOf(zip: Buffer): string {
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6])) + 16);
  for (; zip.readUInt32LE(at) === 0x02014b50; at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)) {
    if (zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)) !== 'word/document.xml') continue;
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const xml = inflateRawSync(zip.subarray(start, start + zip.readUInt32LE(at + 20))).toString('utf8');
    return xml.replace(/<\/w:p>/g, '\n').replace(/<[^>]+>/g, '').replaceAll('\u00a0', ' ');
  }
  throw new Error('no document');
}

describe('the draft letter that urges a unit', () => {
  it('says what is overdue, since when, with the list, and leaves number, day and signature to people', async () => {
    const { bytes, name } = await file('overdue-letter?unitId=so-y-te&asOf=2020-11-23');
    const words = wordsOf(bytes);
    expect(name).toContain('cong-van-don-doc-so-y-te-2020-11-23.docx');
    for (const line of ['DỰ THẢO', 'Số: …/UBND-…', 'V/v đôn đốc nhiệm vụ quá hạn', '…, ngày … tháng … năm …', 'Kính gửi: Sở Y tế.', 'DANH MỤC NHIỆM VỤ QUÁ HẠN CỦA SỞ Y TẾ', code, 'Xây dựng kế hoạch phòng dịch', '18/11/2020']) expect(words).toContain(line);
    expect(words).toContain(`tính đến hết ngày 23/11/2020, Sở Y tế còn 01 việc quá hạn chưa hoàn thành; quá hạn lâu nhất là 5 ngày (${code})`);
    expect(words).not.toContain('Việc của sở khác');
  });
  it('is the same, byte for byte, when it is asked for again as known then', async () => {
    const { position } = await server.ok<{ position: string }>('/outputs/overdue');
    const path = `overdue-letter?unitId=so-y-te&asOf=2020-11-23&knownAt=position:${position}&format=`;
    const [docx, pdf] = [await file(`${path}docx`), await file(`${path}pdf`)];
    await server.done('/tasks', assignment({ content: 'Việc giao sau', backdateReason: 'ghi muộn' }));
    expect((await file(`${path}docx`)).bytes.equals(docx.bytes)).toBe(true);
    expect((await file(`${path}pdf`)).bytes.equals(pdf.bytes)).toBe(true);
    expect([docx.type, pdf.type, pdf.bytes.subarray(0, 5).toString()]).toEqual(['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/pdf', '%PDF-']);
  });
  it('is not written to a unit that has nothing overdue', async () => {
    expect((await server.get('/outputs/overdue-letter?unitId=so-noi-vu&asOf=2020-11-23')).body).toMatchObject({ status: 422, code: 'nothing-overdue' });
    expect((await server.ok<{ items: object[] }>('/outputs/overdue?asOf=2020-11-23')).items).toEqual([{ unitId: 'so-y-te', unitName: 'Sở Y tế', overdue: 1, long: 0, oldestDays: 5 }]);
    expect((await server.ok<{ items: object[] }>('/outputs/overdue?asOf=2020-11-18')).items).toEqual([]);
  });
});

describe('the weekly sheet of a unit', () => {
  it('has what is overdue, what falls due in the next seven days, and the sentence of the figures', async () => {
    const words = wordsOf((await file('weekly-sheet?unitId=so-y-te&asOf=2020-11-23')).bytes);
    for (const line of ['PHIẾU NHẮC VIỆC', 'Tuần từ ngày 24/11/2020 đến ngày 30/11/2020', 'I. Quá hạn chưa hoàn thành: 01 việc.', 'II. Đến hạn trong 7 ngày tới: 02 việc.', 'Báo cáo tiêm chủng', 'III. Đã báo cáo, chờ xác nhận: không có.']) expect(words).toContain(line);
    expect(words).toContain((await server.ok<{ sentence: string }>('/figures?unitId=so-y-te&asOf=2020-11-23')).sentence);
  });
});

describe('the pack for the meeting', () => {
  it('has a page for each authority, with its own figures', async () => {
    const words = wordsOf((await file('briefing-pack?asOf=2020-11-23')).bytes);
    for (const authority of ['chu-tich', 'pho-chu-tich']) expect(words).toContain((await server.ok<{ sentence: string }>(`/figures?asOf=2020-11-23&authority=${authority}`)).sentence);
    expect([...words.matchAll(/^Nhiệm vụ do (.*) giao$/gm)].map(([, name]) => name)).toEqual(['Chủ tịch UBND tỉnh', 'Phó Chủ tịch UBND tỉnh']);
  });
});

/** How many units, authorities, fields and months have given or got the tasks above. */
const GROUPS: Readonly<Record<string, number>> = { unit: 2, authority: 2, field: 2, month: 2 };

describe('the tables of figures', () => {
  it('are those of GET /figures, by unit, authority, field and month, as numbers', async () => {
    const { bytes } = await file('figures-table?asOf=2020-11-23');
    const book = new excel.Workbook();
    await book.xlsx.load(bytes as never);
    expect(book.worksheets.map(({ name }) => name)).toEqual(['Theo đơn vị', 'Theo cơ quan giao', 'Theo lĩnh vực', 'Theo tháng giao']);
    for (const [n, by] of ['unit', 'authority', 'field', 'month'].entries()) {
      interface Group { readonly label: string; readonly total: number; readonly cells: Record<string, number>; readonly rates: { readonly code: string; readonly numerator: number; readonly denominator: number; readonly text: string }[] }
      const whole = await server.ok<Group & { readonly groups: Group[] }>(`/figures?asOf=2020-11-23&groupBy=${by}`);
      expect([by, whole.groups.length]).toEqual([by, GROUPS[by]]);
      const rows: unknown[][] = [];
      book.worksheets[n]!.eachRow((row) => rows.push((row.values as unknown[]).slice(1)));
      const printed = new Map(rows.map((row) => [row[1], row]));
      for (const group of [...whole.groups, { ...whole, label: 'Tổng cộng' }]) {
        const row = printed.get(group.label)!;
        expect([by, group.label, row.slice(2, 13)]).toEqual([by, group.label, [...Object.values(group.cells), group.total]]);
        const rates = ['R1', 'R2', 'R3', 'R4', 'R5'].map((code) => group.rates.find((rate) => rate.code === code)!);
        const shares = rates.flatMap(({ numerator, denominator, text }) => [`${String(numerator)}/${String(denominator)}`, denominator === 0 ? text : Number(text.slice(0, -2).replace(',', '.')) / 100]);
        expect([by, group.label, row.slice(13)]).toEqual([by, group.label, shares]);
      }
      // Numbered lines are those of the groups and no others.
      expect(rows.filter((row) => /^\d+$/.test(String(row[0])))).toHaveLength(whole.groups.length);
    }
  });
});

describe('doors of papers', () => {
  it('refuse what they do not have, with its name', async () => {
    expect((await server.get('/outputs/overdue-letter')).body).toMatchObject({ status: 400, errors: [{ pointer: '?unitId' }] });
    expect((await server.get('/outputs/weekly-sheet?unitId=khong-co')).body).toMatchObject({ status: 422, errors: [{ pointer: '?unitId' }] });
    expect((await server.get('/outputs/weekly-sheet?unitId=so-y-te&format=xlsx')).body).toMatchObject({ status: 400, errors: [{ pointer: '?format' }] });
    expect((await server.get('/outputs/briefing-pack?asOf=2020-11-23T10:00:00%2B07:00')).body).toMatchObject({ status: 422, errors: [{ pointer: '?asOf' }] });
  });
});

describe('the pack where every vice-chairman gives tasks to many units', () => {
  it('has one page for each of those who give tasks, however much there is to tell, with the foot on the last', async () => {
    const other = await TestServer.start(instant('2020-11-16T09:00:00+07:00'), (dataDir) => {
      mkdirSync(dataDir, { recursive: true });
      writeFileSync(join(dataDir, 'authorities.json'), JSON.stringify([{ code: 'pho-chu-tich-a', name: 'Phó Chủ tịch Nguyễn Văn A' }, { code: 'pho-chu-tich-b', name: 'Phó Chủ tịch Trần Thị B' }]));
      return Promise.resolve();
    });
    try {
      const units = Array.from({ length: 12 }, (_, n) => `don-vi-${String(n + 1)}`);
      const givers = ['chu-tich', 'pho-chu-tich-a', 'pho-chu-tich-b'];
      for (const [n, id] of units.entries()) await other.done('/units', unit(id, { name: `Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và nông nghiệp số ${String(n + 1)}` }), 'admin');
      const content = 'Rà soát, tổng hợp, báo cáo tình hình thực hiện các nhiệm vụ được giao, nêu rõ khó khăn, vướng mắc và kiến nghị hướng xử lý trong thời gian tới';
      for (const authority of givers) for (const leadUnitId of units) await other.done('/tasks', assignment({ authority, leadUnitId, content, deadline: { date: '2020-11-18' } }));
      await other.advance('2020-11-24T09:00:00+07:00');
      const reply = await fetch(`${other.url}/api/v1/outputs/briefing-pack?asOf=2020-11-23&format=pdf`);
      const text = pdfText('pages of the briefing pack', Buffer.from(await reply.arrayBuffer()));
      if (text === undefined) return;
      const pages = text.normalize('NFC').split('\f').filter((page) => page.trim() !== '');
      expect(pages.map((page) => [...page.matchAll(/^Nhiệm vụ do (.*) giao$/gm)].map(([, name]) => name))).toEqual([['Chủ tịch UBND tỉnh'], ['Phó Chủ tịch Nguyễn Văn A'], ['Phó Chủ tịch Trần Thị B']]);
      expect(pages.map((page) => page.includes('CHÁNH VĂN PHÒNG'))).toEqual([false, false, true]);
    } finally {
      await other.stop();
    }
  });
});
