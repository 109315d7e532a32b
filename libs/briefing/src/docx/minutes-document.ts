import type { FileChild, IRunOptions, Paragraph as ParagraphType, Table as TableType } from 'docx';
import { itemText, type Minutes } from '../minutes.ts';
import { withoutTimes } from '#reports/files/stable-zip';

/* Layout by Decree 30/2020/NĐ-CP, Appendix I. Lengths in twentieths of a point, sizes of letters in half points. */
const MM = 56.7;
const PAGE = { width: 11_906, height: 16_838 };
const MARGIN = { top: Math.round(20 * MM), bottom: Math.round(20 * MM), left: Math.round(30 * MM), right: Math.round(20 * MM), header: Math.round(10 * MM), footer: Math.round(10 * MM) };
const WIDTH = PAGE.width - MARGIN.left - MARGIN.right;
const [LEFT, RIGHT] = [Math.round(WIDTH * 0.42), WIDTH - Math.round(WIDTH * 0.42)];
const FACE = 'Times New Roman';
const MOTTO = 'Độc lập - Tự do - Hạnh phúc';

/** A code of a task stays on one line. */
const UNBROKEN = '\u2011';

/**
 * The draft as a document for people to number, date and sign: those places are left open, and it says that it is a draft. The same minutes
 * give the same bytes.
 */
export async function minutesDocument(minutes: Minutes): Promise<Uint8Array> {
  const { AlignmentType, BorderStyle, Document, Header, Packer, PageNumber, Paragraph, Table, TableBorders, TableCell, TableLayoutType, TableRow, TextRun, WidthType } = await import('docx');
  const { issuer, place, symbol, title, abstract, day, opening, items, closing, signer, recipients } = minutes;
  const run = (text: string, options: IRunOptions = {}): InstanceType<typeof TextRun> => new TextRun({ text, ...options });
  const centred = (text: string, options: IRunOptions = {}, before = 0): ParagraphType => new Paragraph({ alignment: AlignmentType.CENTER, spacing: { before, after: 0 }, children: [run(text, options)] });
  /** A rule of this length under what stands before, in the middle of a column. */
  const rule = (column: number, length: number): ParagraphType => {
    const aside = Math.max(0, Math.round((column - length) / 2));
    return new Paragraph({ spacing: { before: 20, after: 0, line: 60, lineRule: 'exact' }, indent: { left: aside, right: aside }, border: { top: { style: BorderStyle.SINGLE, size: 6, space: 0, color: '000000' } }, children: [] });
  };
  const body = (text: string, keepNext = false): ParagraphType => new Paragraph({ keepNext, alignment: AlignmentType.JUSTIFIED, indent: { firstLine: 720 }, spacing: { before: 120, after: 0, line: 300 }, children: [run(text)] });
  const two = (left: readonly ParagraphType[], right: readonly ParagraphType[]): TableType =>
    new Table({
      width: { size: WIDTH, type: WidthType.DXA }, columnWidths: [LEFT, RIGHT], layout: TableLayoutType.FIXED, borders: TableBorders.NONE,
      rows: [new TableRow({ cantSplit: true, children: [new TableCell({ width: { size: LEFT, type: WidthType.DXA }, margins: { left: 0, right: 0 }, children: [...left] }), new TableCell({ width: { size: RIGHT, type: WidthType.DXA }, margins: { left: 0, right: 0 }, children: [...right] })] })],
    });
  const capitals = issuer.toLocaleUpperCase('vi');
  const children: FileChild[] = [
    two(
      [centred('DỰ THẢO', { bold: true, italics: true, size: 24 }), centred(capitals, { bold: true, size: 26 }), rule(LEFT, Math.round(LEFT * 0.4)), centred(`Số:          /${symbol}`, { size: 26 }, 100)],
      [
        // Level with the issuer, below the mark of the draft.
        centred('\u00a0', { size: 24 }), centred('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM', { bold: true, size: 24 }), centred(MOTTO, { bold: true, size: 26 }), rule(RIGHT, MOTTO.length * 118),
        centred(`${place}, ngày …… tháng …… năm ${day.slice(0, 4)}`, { italics: true, size: 26 }, 100),
      ],
    ),
    centred(title, { bold: true, size: 28 }, 360),
    centred(abstract, { bold: true, size: 28 }),
    rule(WIDTH, Math.round(WIDTH * 0.25)),
    new Paragraph({ spacing: { before: 0, after: 120 }, children: [] }),
    ...opening.map((text) => body(text)),
    ...items.map((item) => body(`${String(item.number)}. ${itemText(item.task === null ? item : { ...item, task: item.task.replaceAll('-', UNBROKEN) })}`)),
    // What is signed stands with the end of the text.
    body(closing, true),
    new Paragraph({ keepNext: true, spacing: { before: 0, after: 240 }, children: [] }),
    two(
      [new Paragraph({ spacing: { after: 0 }, children: [run('Nơi nhận:', { bold: true, italics: true, size: 24 })] }), ...recipients.map((line) => new Paragraph({ spacing: { after: 0 }, children: [run(line, { size: 22 })] }))],
      [...signer.split('\n').map((line) => centred(line, { bold: true, size: 26 })), ...Array.from({ length: 4 }, () => centred('')), centred('(dự thảo, chưa ký)', { italics: true, size: 26 })],
    ),
  ];
  const file = new Document({
    title: `${title} ${abstract}`, creator: 'Nhắc Việc', lastModifiedBy: 'Nhắc Việc', description: minutes.basis, revision: 1,
    styles: { default: { document: { run: { font: FACE, size: 28, language: { value: 'vi-VN' } }, paragraph: { spacing: { after: 0 } } } } },
    sections: [
      {
        properties: { titlePage: true, page: { size: PAGE, margin: MARGIN } },
        headers: { default: new Header({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ children: [PageNumber.CURRENT], size: 26 })] })] }), first: new Header({ children: [new Paragraph({ children: [] })] }) },
        children,
      },
    ],
  });
  const core = coreProperties(`${title} ${abstract}`, minutes.basis, `${day}T00:00:00Z`);
  return withoutTimes(await Packer.toBuffer(file, false, [{ path: 'docProps/core.xml', data: core }]));
}

/** The package writes the present time there. */
function coreProperties(title: string, description: string, at: string): string {
  const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter]!);
  return `<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:dcmitype="http://purl.org/dc/dcmitype/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>${escaped(title)}</dc:title><dc:creator>Nhắc Việc</dc:creator><dc:description>${escaped(description)}</dc:description><cp:lastModifiedBy>Nhắc Việc</cp:lastModifiedBy><cp:revision>1</cp:revision><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified></cp:coreProperties>`;
}
