import {
  AlignmentType, BorderStyle, Document, Header, LineRuleType, Packer, PageNumber, PageOrientation, Paragraph, SectionType, Table, TableCell, TableLayoutType, TableRow, TextRun, VerticalAlignTable, WidthType,
  type IParagraphOptions, type IRunOptions, type ISectionOptions, type ITableCellOptions,
} from 'docx';
import { isoInstant, startOfDay } from '#kernel';
import { endOf, type OfficialBlock, type OfficialDocument, type OfficialTable } from '../official.ts';
import { printable } from '../words.ts';
import { appendixLabel, headRows, isGap, MOTTO, NATIONAL_TITLE, RECIPIENTS_LABEL } from '../text.ts';
import { BETWEEN_PARAGRAPHS_PT, boldWidth, DRAFT, FIRST_LINE_MM, MARGIN_MM, PAGE_NUMBER_MM, points, set, SIZE, TITLES } from './layout.ts';
import { withoutTimes } from './stable-zip.ts';

const FONT = 'Times New Roman';
const twips = (mm: number): number => Math.round(points(mm) * 20);
const A4 = { width: twips(210), height: twips(297) };
const TEXT_WIDTH = A4.width - twips(MARGIN_MM.left) - twips(MARGIN_MM.right);
const NO_BORDER = { style: BorderStyle.NONE, size: 0, color: 'auto' };
const NO_BORDERS = { top: NO_BORDER, bottom: NO_BORDER, left: NO_BORDER, right: NO_BORDER, insideHorizontal: NO_BORDER, insideVertical: NO_BORDER };
const LINE = { style: BorderStyle.SINGLE, size: 4, color: '000000' };

interface Look {
  readonly size: number;
  readonly bold?: boolean;
  readonly italics?: boolean;
}

const run = (text: string, { size, bold = false, italics = false }: Look): TextRun => new TextRun({ text: set(text), size: size * 2, bold, italics, ...(isGap(text) ? { highlight: 'yellow' } : {}) } satisfies IRunOptions);
const paragraph = (text: string, look: Look, options: IParagraphOptions = {}): Paragraph => new Paragraph({ ...options, children: [run(text, look)] });
const centred = (text: string, look: Look, after = 0, before = 0): Paragraph => paragraph(text, look, { alignment: AlignmentType.CENTER, spacing: { after: after * 20, before: before * 20 } });

/** A rule of a length in points, in the middle of a width: the top border of an empty paragraph that is drawn in on both sides. */
function rule(length: number, width: number, after = 0): Paragraph {
  const side = Math.max(0, Math.round((width - length * 20) / 2));
  return new Paragraph({ indent: { left: side, right: side }, spacing: { before: 20, after: after * 20, line: 40, lineRule: LineRuleType.EXACT }, border: { top: { style: BorderStyle.SINGLE, size: 6, color: '000000', space: 1 } }, children: [new TextRun({ text: '', size: 4 })] });
}

/** Two columns without borders, as the head and the foot have them. */
function columns(left: readonly Paragraph[], right: readonly Paragraph[], leftPart: number): Table {
  const widths = [Math.round((TEXT_WIDTH * leftPart) / 100), TEXT_WIDTH - Math.round((TEXT_WIDTH * leftPart) / 100)];
  const cell = (children: readonly Paragraph[], n: number): TableCell => new TableCell({ children: [...children], width: { size: widths[n]!, type: WidthType.DXA }, margins: { left: 0, right: 0 } });
  return new Table({ width: { size: TEXT_WIDTH, type: WidthType.DXA }, columnWidths: widths, layout: TableLayoutType.FIXED, borders: NO_BORDERS, rows: [new TableRow({ children: [cell(left, 0), cell(right, 1)], cantSplit: true })] });
}

function bodyParagraph(text: string, look: Look = { size: SIZE.body }, keepNext = false): Paragraph {
  return paragraph(text, look, { alignment: AlignmentType.JUSTIFIED, keepNext, indent: { firstLine: twips(FIRST_LINE_MM) }, spacing: { before: 0, after: BETWEEN_PARAGRAPHS_PT * 20, line: 264, lineRule: LineRuleType.AUTO } });
}

function block(one: OfficialBlock, keepNext = false): (Paragraph | Table)[] {
  switch (one.kind) {
    case 'paragraph':
      return [bodyParagraph(one.text, { size: SIZE.body, bold: one.bold ?? false, italics: one.italics ?? false }, keepNext || (one.keepNext ?? false))];
    case 'title':
      return [paragraph(one.text, { size: SIZE.abstract, bold: true }, { alignment: AlignmentType.CENTER, keepNext: true, pageBreakBefore: one.newPage ?? false, spacing: { before: 120, after: 120 } })];
    case 'table':
      // Word needs a paragraph between two tables, or they become one.
      return [wordTable(one.table, TEXT_WIDTH), new Paragraph({ children: [], spacing: { before: 0, after: 0, line: BETWEEN_PARAGRAPHS_PT * 20, lineRule: LineRuleType.EXACT } })];
  }
}

const STYLE = { left: 'TableLeft', center: 'TableCenter', right: 'TableRight' } as const;
const TABLE_STYLES = ([['TableHead', AlignmentType.CENTER], ['TableLeft', AlignmentType.LEFT], ['TableCenter', AlignmentType.CENTER], ['TableRight', AlignmentType.RIGHT]] as const).map(([id, alignment]) => ({ id, name: id, basedOn: 'Normal', paragraph: { alignment }, run: { size: SIZE.table * 2, bold: id === 'TableHead' } }));

/** Left and right of the words of a cell, in twentieths of a point. */
const CELL_SIDE = 65;

function wordTable(table: OfficialTable, width: number): Table {
  const sum = table.columns.reduce((n, column) => n + column.width, 0);
  // As in the PDF the words have the widths: the room beside them is that of every column, or the narrow ones would break theirs.
  const words = width - table.columns.length * 2 * CELL_SIDE;
  const widths = table.columns.map((column) => Math.round((column.width * words) / sum) + 2 * CELL_SIDE);
  // Looks stand in styles: said again in each of thousands of cells they would be most of the file, and of the time.
  const cell = (text: string, style: string, more: Partial<ITableCellOptions> = {}): TableCell =>
    new TableCell({ ...more, children: [text === '' ? new Paragraph({ style }) : new Paragraph({ style, children: [isGap(text) ? run(text, { size: SIZE.table }) : new TextRun(set(text))] })] });
  const head = headRows(table).map((cells) => new TableRow({
    tableHeader: true, cantSplit: true,
    children: cells.map(({ text, columns: columnSpan, rows: rowSpan }) => cell(text, 'TableHead', { verticalAlign: VerticalAlignTable.CENTER, ...(columnSpan > 1 ? { columnSpan } : {}), ...(rowSpan > 1 ? { rowSpan } : {}) })),
  }));
  const rows = table.rows.map(({ cells }) => new TableRow({ cantSplit: true, children: table.columns.map(({ key, align }) => cell(cells[key]?.text ?? '', STYLE[align])) }));
  return new Table({
    width: { size: width, type: WidthType.DXA }, columnWidths: widths, layout: TableLayoutType.FIXED, rows: [...head, ...rows], margins: { left: CELL_SIDE, right: CELL_SIDE, top: 20, bottom: 20 },
    borders: { top: LINE, bottom: LINE, left: LINE, right: LINE, insideHorizontal: LINE, insideVertical: LINE },
  });
}

/** The page number of every page but the first, of the text and of each appendix: those are numbered by themselves (Decree 30/2020, Appendix I, part I, III.1). */
const numbered = new Header({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ children: [PageNumber.CURRENT], size: SIZE.pageNumber * 2 })] })] });
const unnumbered = new Header({ children: [new Paragraph({ children: [] })] });

function page(landscape: boolean): NonNullable<ISectionOptions['properties']> {
  return {
    type: SectionType.NEXT_PAGE, titlePage: true,
    page: {
      pageNumbers: { start: 1 },
      size: { ...A4, orientation: landscape ? PageOrientation.LANDSCAPE : PageOrientation.PORTRAIT },
      margin: { top: twips(MARGIN_MM.top), bottom: twips(MARGIN_MM.bottom), left: twips(MARGIN_MM.left), right: twips(MARGIN_MM.right), header: twips(PAGE_NUMBER_MM), footer: twips(PAGE_NUMBER_MM) },
    },
  };
}

/** A document as a Word file in the layout of Decree 30/2020/NĐ-CP, for people to sign. The same document gives the same bytes. */
export async function docxOf(official: OfficialDocument): Promise<Buffer> {
  const [left, right] = [(TEXT_WIDTH * TITLES.left) / 100, (TEXT_WIDTH * TITLES.right) / 100];
  const { name, subject } = official;
  const { before, last } = endOf(official.blocks);
  const first = [
    columns(
      [
        ...(official.draft ? [centred(DRAFT, { size: SIZE.number, bold: true, italics: true })] : []),
        ...(official.parentAgency === '' ? [] : [centred(official.parentAgency, { size: SIZE.agency })]), centred(official.agency, { size: SIZE.agency, bold: true }), rule(boldWidth(official.agency, SIZE.agency) * 0.42, left, 6),
        centred(official.number, { size: SIZE.number }),
        // The subject of an official letter stands under its number.
        ...(name === null ? [centred(subject, { size: SIZE.letterSubject }, 0, 6)] : []),
      ],
      [
        // Level with the agency, below the mark of the draft.
        ...(official.draft ? [centred('\u00a0', { size: SIZE.number })] : []),
        centred(NATIONAL_TITLE, { size: SIZE.national, bold: true }), centred(MOTTO, { size: SIZE.motto, bold: true }), rule(12.22 * SIZE.motto, right, 6),
        centred(official.placeAndDate, { size: SIZE.place, italics: true }),
      ],
      TITLES.left,
    ),
    ...(name === null
      ? [centred('', { size: SIZE.body }, 6)]
      : [centred(name, { size: SIZE.kind, bold: true }, 0, 18), centred(subject, { size: SIZE.abstract, bold: true }), rule(boldWidth(subject, SIZE.abstract) * 0.42, TEXT_WIDTH, 12)]),
    ...official.addressees.map((one) => centred(one, { size: SIZE.body }, 12)),
    ...before.flatMap((one) => block(one)), ...last.flatMap((one) => block(one, true)),
    new Paragraph({ children: [], keepNext: true, spacing: { before: 0, after: 0 } }),
    columns(
      [paragraph(RECIPIENTS_LABEL, { size: SIZE.recipientsLabel, bold: true, italics: true }), ...official.recipients.map((one) => paragraph(one, { size: SIZE.recipients }))],
      // Room for signature and seal; the name is for the one who signs.
      [...official.signerTitle.split('\n').map((line) => centred(line, { size: SIZE.signer, bold: true })), ...Array.from({ length: 5 }, () => new Paragraph({ children: [new TextRun({ text: '', size: SIZE.signer * 2 })] }))],
      50,
    ),
  ];
  const sections: ISectionOptions[] = [{ properties: page(false), headers: { default: numbered, first: unnumbered }, children: first }];
  for (const appendix of official.appendices) {
    const width = (appendix.landscape ? A4.height : A4.width) - twips(MARGIN_MM.left) - twips(MARGIN_MM.right);
    sections.push({
      properties: page(appendix.landscape), headers: { default: numbered, first: unnumbered },
      children: [
        centred(appendixLabel(appendix), { size: SIZE.appendix, bold: true }), centred(appendix.title, { size: SIZE.appendix, bold: true }), centred(appendix.attached, { size: SIZE.attached, italics: true }, 12),
        wordTable(appendix, width),
        ...appendix.footnotes.map((note) => paragraph(note, { size: SIZE.note, italics: true }, { alignment: AlignmentType.JUSTIFIED, spacing: { before: 80 } })),
      ],
    });
  }
  const document = new Document({
    styles: { default: { document: { run: { font: FONT, size: SIZE.body * 2, color: '000000', language: { value: 'vi-VN' } }, paragraph: { spacing: { before: 0, after: 0 } } } }, paragraphStyles: TABLE_STYLES },
    sections,
  });
  return withoutTimes(await Packer.toBuffer(document, false, [{ path: 'docProps/core.xml', data: coreProperties(official) }]));
}

const escaped = (text: string): string => printable(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

/** Title, agency and the document's own day: the library would write the clock. */
function coreProperties({ title, author, day }: OfficialDocument): string {
  const at = isoInstant(startOfDay(day)).replace('.000', '');
  return (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">' +
    `<dc:title>${escaped(title)}</dc:title><dc:creator>${escaped(author)}</dc:creator><dc:language>vi-VN</dc:language><dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created><dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified></cp:coreProperties>`
  );
}
