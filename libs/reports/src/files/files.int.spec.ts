import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import excel from 'exceljs';
import { emptyCounts } from '#figures';
import type { IndicatorReading } from '#indicators';
import { appendixLines, bodyLines, buildReport, headingText, markdownOf, readTemplate, reportLines, type Report } from '../index.ts';
import { pdfText } from '../../../../test/support/pdf-text.ts';
import { templateFiles } from './shipped.ts';
import { withoutTimes } from './stable-zip.ts';
import { REPORT_FORMATS, writeFormat, type ReportFormat } from './write-files.ts';

const NASTY = '=1+1 <b>&"đậm"</b> | * _ \u0007 Nghĩa vụ “đặc biệt”';
const AMOUNTS: readonly IndicatorReading['amount'][] = [
  { kind: 'count', number: 1_234 }, { kind: 'percent', hundredths: 9_781 }, { kind: 'percent', hundredths: 8_000, comparison: 'atLeast' }, { kind: 'not-applicable' }, { kind: 'blank' }, { kind: 'count', number: 0 }, { kind: 'day', day: '2020-03-17' }, { kind: 'text', text: NASTY },
];

/** The form of 2011–2020 over made-up sources, so that every kind of amount stands somewhere. */
function sample(before: readonly string[] = []): Report {
  const reading = readTemplate(templateFiles()[0]!.text);
  if (!reading.ok) throw new Error('template');
  const counts = emptyCounts();
  Object.assign(counts.cells, { D1: 268, O1: 6 });
  counts.total = 274;
  let n = 0;
  return buildReport({
    template: reading.template,
    content: { unitId: 'u', period: '2020', place: 'Khánh Hòa', number: '57/BC-TTT', date: '2020-11-29', parentAgency: 'UBND tỉnh Khánh Hòa', slots: { 'I.1': [{ bullet: true, sentence: [{ kind: 'text', text: 'Căn cứ Quyết định số 13/QĐ-TTT & <kế hoạch>.' }] }, ...before.map((text) => ({ bullet: true, sentence: [{ kind: 'text' as const, text }] }))], III: [{ bullet: false, sentence: [{ kind: 'text', text: 'Tốt.' }] }] }, documents: [] },
    parameters: { unitId: 'u', unitName: 'Thanh tra tỉnh', period: '2020', periodWords: 'năm 2020', from: '2019-12-15', to: '2020-12-14', asOf: '2020-11-28', knownAt: null, position: '1', lastEventId: null },
    sources: {
      tasks: { counts, rounding: 'half-up', updated: 268 }, reports: null, plan: () => undefined,
      indicator: (code) => ({ indicatorId: code, unitId: 'u', code, name: code, measure: '%', amount: AMOUNTS[n++ % AMOUNTS.length]!, parts: { province: AMOUNTS[n % AMOUNTS.length]! }, note: n % 3 === 0 ? NASTY : 'ghi chú', carriedOver: false, targets: {}, lastChange: 0 }),
    },
  });
}
const report = sample();
/** With so many lines more in its text, and without the tables behind it, which take the most time. */
const grownBy = (more: number): Report => ({ ...sample(Array.from({ length: more }, (_, n) => `Câu thứ ${String(n)} của phần đầu.`)), appendices: [] });
const files = new Map<ReportFormat, Buffer>();
async function bytesOf(format: ReportFormat): Promise<Buffer> {
  const known = files.get(format) ?? Buffer.from(await writeFormat(report, format));
  files.set(format, known);
  return known;
}

/** Entries of a zip file, by its central directory. */
function unzip(zip: Buffer): Map<string, Buffer> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  const entries = new Map<string, Buffer>();
  let at = zip.readUInt32LE(end + 16);
  for (let n = zip.readUInt16LE(end + 10); n > 0; n--) {
    const [size, nameLength, local] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28), zip.readUInt32LE(at + 42)];
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const raw = zip.subarray(start, start + size);
    entries.set(zip.toString('utf8', at + 46, at + 46 + nameLength), zip.readUInt16LE(at + 10) === 0 ? raw : inflateRawSync(raw));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}
const unescape = (xml: string): string => xml.replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');
const printableLines = (lines: readonly string[]): string[] => lines.filter((line) => line !== '');

describe('the same report in every format', () => {
  it('has the same words in the same order in Word', async () => {
    const xml = unzip(await bytesOf('docx')).get('word/document.xml')!.toString('utf8');
    const paragraphs = [...xml.matchAll(/<w:p[ >].*?<\/w:p>|<w:p\/>/gs)].map(([paragraph]) => unescape([...paragraph.matchAll(/<w:t(?: [^>]*)?>(.*?)<\/w:t>/gs)].map((m) => m[1]!).join('')).replaceAll('\u00a0', ' ')).filter((line) => line !== '');
    // The head stands side by side: left column first.
    const [head, rest] = [paragraphs.slice(0, 6), paragraphs.slice(6)];
    const expected = printableLines(reportLines(report));
    expect([...head].sort()).toEqual([...expected.slice(0, 6)].sort());
    expect(rest).toEqual(expected.slice(6));
  });

  it('has the same words in the same order in the PDF', async () => {
    const text = pdfText('the words of a report in its PDF', await bytesOf('pdf'));
    if (text === undefined) return;
    const tight = (words: string): string => words.normalize('NFC').replace(/\s/g, '');
    // Page numbers stand alone on their pages, and are drawn last.
    const pages = tight(text.split('\f').map((page) => page.replace(/\n\s*\d+\s*$/, '')).join(''));
    const lines = printableLines(reportLines(report));
    // The head stands side by side: its lines come in another order than those of the body.
    const [head, rest] = [lines.slice(0, 6), lines.slice(6)];
    const begin = Math.max(...head.map((line) => pages.indexOf(tight(line)) + tight(line).length));
    for (const line of head) expect(pages.slice(0, begin)).toContain(tight(line));
    let at = begin;
    for (const line of rest) {
      const found = pages.indexOf(tight(line), at);
      expect(found >= 0 ? line : `${pages.includes(tight(line)) ? 'out of order' : 'not'} in the PDF: ${line}`).toBe(line);
      at = found + tight(line).length;
    }
  });

  it('leaves no heading behind at the foot of a page of the PDF, however much stands before it', async () => {
    const headingsOf = (sections: Report['sections']): string[] => sections.flatMap((section) => [headingText(section), ...headingsOf(section.sections)]);
    const headings = new Set(headingsOf(report.sections));
    const stranded: string[] = [];
    // So much that the headings come on the second page, where a page number stands above them.
    for (let more = 28; more < 40; more++) {
      const grown = grownBy(more);
      const text = pdfText('headings at the foot of a page', await writeFormat(grown, 'pdf'));
      if (text === undefined) return;
      const pages = text.normalize('NFC').split('\f');
      for (const [n, page] of pages.entries()) {
        // The page number is drawn last.
        const last = page.split('\n').map((line) => line.trim()).findLast((line) => !/^\d*$/.test(line)) ?? '';
        if (headings.has(last)) stranded.push(`${String(more)}: ${String(n + 1)}: ${last}`);
      }
    }
    expect(stranded).toEqual([]);
  });

  it('is numbered page by page, the text and each appendix by itself, the first page of each without a number', async () => {
    const xml = unzip(await bytesOf('docx')).get('word/document.xml')!.toString('utf8');
    const sections = [...xml.matchAll(/<w:sectPr[ >].*?<\/w:sectPr>/gs)].map(([section]) => section);
    expect(sections).toHaveLength(1 + report.appendices.length);
    for (const section of sections) expect([section.includes('<w:pgNumType w:start="1"'), section.includes('<w:titlePg'), [...section.matchAll(/<w:headerReference w:type="(\w+)"/g)].map(([, type]) => type).sort()]).toEqual([true, true, ['default', 'first']]);
    const text = pdfText('the page numbers of a report', await bytesOf('pdf'));
    if (text === undefined) return;
    const pages = text.normalize('NFC').split('\f').filter((page) => page.trim() !== '');
    let expected = 0;
    for (const [n, page] of pages.entries()) {
      expected = n === 0 || /^\s*Phụ lục [IVX]+\s*$/m.test(page) ? 1 : expected + 1;
      // Drawn last.
      expect([n, /\n\s*(\d+)\s*$/.exec(page)?.[1] ?? '1']).toEqual([n, String(expected)]);
    }
    expect(pages.length).toBeGreaterThan(1 + report.appendices.length);
  });

  it('has its signature on a page with the end of its text, in Word and in the PDF, however long it is', async () => {
    const xml = unzip(await bytesOf('docx')).get('word/document.xml')!.toString('utf8');
    const before = xml.slice(0, xml.indexOf('Nơi nhận:'));
    const body = before.slice(0, before.lastIndexOf('<w:tbl>'));
    const last = [...body.matchAll(/<w:p[ >].*?<\/w:p>|<w:p\/>/gs)].slice(-3).map(([paragraph]) => paragraph);
    expect(last.map((paragraph) => paragraph.includes('<w:keepNext/>'))).toEqual([true, true, true]);
    expect(last[1]).toContain('(Kèm theo Phụ lục');
    const alone: number[] = [];
    // With so many the text ends so far down that the signature has no room below it.
    for (const more of [2, 4]) {
      const text = pdfText('a signature on its page', await writeFormat(grownBy(more), 'pdf'));
      if (text === undefined) return;
      const page = text.normalize('NFC').split('\f').find((one) => one.includes('Nơi nhận:'))!;
      if (!page.includes('(Kèm theo Phụ lục')) alone.push(more);
    }
    expect(alone).toEqual([]);
  });

  it('has words in narrow columns as wide in Word as in the PDF, and shares whole', async () => {
    const xml = unzip(await bytesOf('docx')).get('word/document.xml')!.toString('utf8');
    expect(xml).toContain('97,81\u00a0%');
    expect(xml).not.toMatch(/\d %/);
    // The grid of the last appendix, in twentieths of a point: the words of its narrowest column have what the PDF gives them, 20 points.
    const grid = [...xml.slice(xml.lastIndexOf('<w:tblGrid>')).matchAll(/<w:gridCol w:w="(\d+)"/g)].map(([, width]) => Number(width));
    const side = Number(/<w:tblCellMar>.*?<w:left w:type="dxa" w:w="(\d+)"/s.exec(xml.slice(xml.lastIndexOf('<w:tbl>')))![1]);
    expect(grid).toHaveLength(report.appendices.at(-1)!.columns.length);
    expect(Math.min(...grid) - 2 * side).toBeGreaterThan(20 * 20);
    expect(grid.reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(9_355);
  });

  it('has the same words in Markdown', () => {
    const plain = markdownOf(report).replace(/^\|[ :|-]+\|$/gm, '').replace(/\\([\\`*_[\]<>#|~.+-])/g, '$1').replace(/[\s*#|]/g, '');
    for (const line of printableLines([...bodyLines(report), ...report.appendices.flatMap(({ title, attached, footnotes }) => [title, attached, ...footnotes])])) expect(plain.includes(line.replace(/[\s*#|]/g, '')) ? line : `not in Markdown: ${line}`).toBe(line);
    for (const { rows } of report.appendices) for (const { cells } of rows) expect(plain.includes(Object.values(cells).map(({ text }) => text.replace(/[\s*#|]/g, '')).join(''))).toBe(true);
  });

  it('has in Excel the appendices: real numbers, shares and days, the empties apart, and no formula', async () => {
    const book = new excel.Workbook();
    await book.xlsx.load((await bytesOf('xlsx')) as never);
    expect(book.worksheets.map(({ name }) => name)).toEqual(['Phụ lục I', 'Phụ lục II', 'Phụ lục III', 'Phụ lục IV', 'Nguồn số liệu']);
    const kinds = new Set<string>();
    report.appendices.forEach((appendix, a) => {
      const sheet = book.worksheets[a]!;
      const heads = appendix.columns.some(({ group }) => group !== undefined) ? 2 : 1;
      expect(sheet.views[0]).toMatchObject({ state: 'frozen', ySplit: 3 + heads });
      expect(sheet.autoFilter).toBeTruthy();
      expect(sheet.pageSetup).toMatchObject({ paperSize: 9, fitToWidth: 1, orientation: appendix.landscape ? 'landscape' : 'portrait', printTitlesRow: `4:${String(3 + heads)}` });
      appendix.rows.forEach(({ cells }, r) => {
        appendix.columns.forEach(({ key }, c) => {
          const { text, amount } = cells[key]!;
          const cell = sheet.getRow(4 + heads + r).getCell(c + 1);
          kinds.add(amount?.kind ?? 'typed');
          const expected = amount?.kind === 'count' ? amount.number : amount?.kind === 'percent' ? amount.hundredths / 10_000 : amount?.kind === 'day' ? new Date(`${amount.day}T00:00:00Z`) : text === '' ? null : text;
          expect([appendix.key, r, key, cell.value]).toEqual([appendix.key, r, key, expected]);
          expect(cell.formula).toBeFalsy();
        });
      });
    });
    expect([...kinds].sort()).toEqual(['blank', 'count', 'day', 'gap', 'not-applicable', 'percent', 'text', 'typed']);
    expect(appendixLines(report.appendices[0]!).length).toBeGreaterThan(40);
  });

  it('holds in JSON the whole model', async () => {
    expect(JSON.parse((await bytesOf('json')).toString('utf8'))).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

describe('the same report again', () => {
  it.each(REPORT_FORMATS)('gives the same bytes in %s, an hour later too', async (format) => {
    const first = await bytesOf(format);
    const hash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    const now = Date.now;
    // The clock that the libraries read: nothing of it may reach a file.
    const RealDate = Date;
    globalThis.Date = class extends RealDate {
      constructor(...args: readonly unknown[]) {
        if (args.length === 0) super(now() + 3_600_000);
        else super(...(args as [number]));
      }
    } as DateConstructor;
    try {
      expect(hash(await writeFormat(report, format))).toBe(hash(first));
    } finally {
      globalThis.Date = RealDate;
    }
  });
});

describe('times in a zip file', () => {
  it('are taken out of every entry; what is no zip file is refused', async () => {
    const zip = await bytesOf('docx');
    const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
    for (let at = zip.readUInt32LE(end + 16), n = zip.readUInt16LE(end + 10); n > 0; n--) {
      const local = zip.readUInt32LE(at + 42);
      expect([zip.readUInt32LE(at + 12), zip.readUInt32LE(local + 10)]).toEqual([0x0021_0000, 0x0021_0000]);
      at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
    expect(() => withoutTimes(Buffer.from('not a zip file, but long enough to be one'))).toThrow('not a zip file');
  });
});
