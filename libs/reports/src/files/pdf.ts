import { createRequire } from 'node:module';
import { startOfDay } from '#kernel';
import { itemText, type Report, type ReportAppendix, type ReportSection } from '../model.ts';
import { printable } from '../words.ts';
import { appendixLabel, DOCUMENT_KIND, endMark, headingText, headRows, isGap, MOTTO, NATIONAL_TITLE, printed, RECIPIENTS_LABEL } from '../text.ts';
import { BETWEEN_PARAGRAPHS_PT, boldWidth, FIRST_LINE_MM, MARGIN_MM, PAGE_NUMBER_MM, points, SIZE, tinos, TITLES } from './layout.ts';

type Content = Readonly<Record<string, unknown>>;

/** What is used of the library. Its published types bring the whole of the browser's into a program of the server, so it is not imported by them. */
interface PdfMake {
  addFonts(fonts: Readonly<Record<string, ReturnType<typeof tinos>>>): void;
  setUrlAccessPolicy(allowed: (url: string) => boolean): void;
  setLocalAccessPolicy(allowed: (path: string) => boolean): void;
  createPdf(definition: Content): { getBuffer(): Promise<Buffer> };
}

const pdfmake = createRequire(import.meta.url)('pdfmake') as PdfMake;

let ready = false;

/** Fonts once; no document may make the library read another file or ask the network. */
function prepare(): void {
  if (ready) return;
  const faces = tinos();
  pdfmake.addFonts({ Tinos: faces });
  pdfmake.setUrlAccessPolicy(() => false);
  const allowed = new Set<string>(Object.values(faces));
  pdfmake.setLocalAccessPolicy((path) => allowed.has(path));
  ready = true;
}

/** A number such as 3777/QĐ-UBND stays whole: broken at its signs, it would also be spread at them where lines are justified. */
function whole(words: string): string | readonly (string | Content)[] {
  const parts = printable(words).split(/(\S*[\p{L}\d][/-][\p{L}\d]\S*)/u);
  return parts.length === 1 ? parts[0]! : parts.flatMap((part, n): (string | Content)[] => (part === '' ? [] : n % 2 === 1 ? [{ text: part, noWrap: true }] : [part]));
}

const text = (words: string, more: object = {}): Content => ({ text: whole(words), ...(isGap(words) ? { background: '#ffff00' } : {}), ...more });
const centred = (words: string, fontSize: number, more: object = {}): Content => text(words, { fontSize, alignment: 'center', ...more });
const rule = (length: number, width: number, after: number): Content => {
  const side = Math.max(0, (width - length) / 2);
  return { canvas: [{ type: 'line', x1: side, y1: 2, x2: side + length, y2: 2, lineWidth: 0.75 }], margin: [0, 0, 0, after] };
};

const WIDTH = points(210 - MARGIN_MM.left - MARGIN_MM.right);

function bodyContent(report: Report): Content[] {
  const all: { readonly words: string; readonly heading: boolean }[] = report.opening.map((one) => ({ words: itemText(one), heading: false }));
  const take = (section: ReportSection): void => {
    all.push({ words: headingText(section), heading: true }, ...section.items.map((one) => ({ words: itemText(one), heading: false })));
    section.sections.forEach(take);
  };
  report.sections.forEach(take);
  return all.map(({ words, heading }, n) => paragraph(n === all.length - 1 ? endMark(words) : words, heading ? { bold: true, headlineLevel: 1 } : {}));
}

const paragraph = (words: string, more: object = {}): Content => text(words, { fontSize: SIZE.body, alignment: 'justify', leadingIndent: points(FIRST_LINE_MM), lineHeight: 1.1, margin: [0, 0, 0, BETWEEN_PARAGRAPHS_PT], ...more });

/** Thin black lines all around. */
const GRID = { hLineWidth: () => 0.5, vLineWidth: () => 0.5, hLineColor: () => '#000000', vLineColor: () => '#000000', paddingLeft: () => 3, paddingRight: () => 3, paddingTop: () => 1.5, paddingBottom: () => 1.5 };

function table(appendix: ReportAppendix): Content {
  const sum = appendix.columns.reduce((n, column) => n + column.width, 0);
  // Lines and padding of a column stand beside its width.
  const width = points((appendix.landscape ? 297 : 210) - MARGIN_MM.left - MARGIN_MM.right) - appendix.columns.length * 6.5 - 0.5;
  const heads = headRows(appendix);
  const head = heads.map((cells, level) => {
    const row: Content[] = appendix.columns.map(() => ({ text: '' }));
    for (const { text: words, column, columns, rows } of cells) row[column] = text(words, { bold: true, alignment: 'center', ...(columns > 1 ? { colSpan: columns } : {}), ...(rows > 1 && level === 0 ? { rowSpan: rows } : {}) });
    return row;
  });
  const body = appendix.rows.map(({ cells }) => appendix.columns.map(({ key, align }): Content => {
    const words = cells[key]?.text ?? '';
    return words === '' ? { text: '' } : align === 'left' ? text(words) : text(words, { alignment: align });
  }));
  return { fontSize: SIZE.table, layout: GRID, table: { headerRows: heads.length, dontBreakRows: true, widths: appendix.columns.map((column) => (column.width * width) / sum), body: [...head, ...body] } };
}

/** The report as a PDF in the layout of Decree 30/2020/NĐ-CP, its face embedded. The same report gives the same bytes. */
export async function pdfOf(report: Report): Promise<Buffer> {
  prepare();
  const words = printed(report);
  const [left, right] = [(WIDTH * TITLES.left) / 100, (WIDTH * TITLES.right) / 100];
  const at = new Date(startOfDay(report.parameters.asOf));
  const definition = {
    pageSize: 'A4', pageMargins: [points(MARGIN_MM.left), points(MARGIN_MM.top), points(MARGIN_MM.right), points(MARGIN_MM.bottom)],
    defaultStyle: { font: 'Tinos', fontSize: SIZE.body },
    info: { title: printable(`Báo cáo ${report.head.abstract}`), author: printable(report.head.agency), creationDate: at, modDate: at },
    language: 'vi-VN',
    header: (page: number) => (page === 1 ? '' : { text: String(page), fontSize: SIZE.pageNumber, alignment: 'center', margin: [points(MARGIN_MM.left), points(PAGE_NUMBER_MM) - SIZE.pageNumber / 2, points(MARGIN_MM.right), 0] }),
    // A heading does not stay behind alone at the foot of a page.
    pageBreakBefore: (node: { readonly headlineLevel?: number; readonly pageNumbers: readonly number[] }, { getFollowingNodesOnPage }: { readonly getFollowingNodesOnPage: () => readonly unknown[] }) => node.headlineLevel === 1 && getFollowingNodesOnPage().length === 0,
    content: [
      {
        columns: [
          { width: left, stack: [...(words.parentAgency === '' ? [] : [centred(words.parentAgency, SIZE.agency)]), centred(words.agency, SIZE.agency, { bold: true }), rule(boldWidth(words.agency, SIZE.agency) * 0.42, left, 6), centred(words.number, SIZE.number)] },
          { width: right, stack: [centred(NATIONAL_TITLE, SIZE.national, { bold: true }), centred(MOTTO, SIZE.motto, { bold: true }), rule(12.22 * SIZE.motto, right, 6), centred(words.placeAndDate, SIZE.place, { italics: true })] },
        ],
        columnGap: 0,
      },
      centred(DOCUMENT_KIND, SIZE.kind, { bold: true, margin: [0, 18, 0, 0] }), centred(words.abstract, SIZE.abstract, { bold: true }), rule(boldWidth(words.abstract, SIZE.abstract) * 0.42, WIDTH, 12),
      ...words.addressees.map((one) => centred(one, SIZE.body, { margin: [0, 0, 0, 12] })),
      ...bodyContent(report),
      ...(report.head.attachments === '' ? [] : [paragraph(report.head.attachments, { italics: true })]),
      {
        unbreakable: true, columnGap: 0, margin: [0, 12, 0, 0],
        columns: [
          { width: WIDTH / 2, stack: [text(RECIPIENTS_LABEL, { fontSize: SIZE.recipientsLabel, bold: true, italics: true }), ...words.recipients.map((one) => text(one, { fontSize: SIZE.recipients }))] },
          { width: WIDTH / 2, stack: [centred(words.signerTitle, SIZE.signer, { bold: true }), { text: '\n\n\n\n\n', fontSize: SIZE.signer }] },
        ],
      },
      ...report.appendices.flatMap((appendix): Content[] => [
        centred(appendixLabel(appendix), SIZE.appendix, { bold: true, pageBreak: 'before', pageOrientation: appendix.landscape ? 'landscape' : 'portrait' }),
        centred(appendix.title, SIZE.appendix, { bold: true }), centred(appendix.attached, SIZE.attached, { italics: true, margin: [0, 0, 0, 10] }),
        table(appendix),
        ...appendix.footnotes.map((note) => text(note, { fontSize: SIZE.note, italics: true, margin: [0, 4, 0, 0] })),
      ]),
    ],
  };
  return pdfmake.createPdf(definition).getBuffer();
}
