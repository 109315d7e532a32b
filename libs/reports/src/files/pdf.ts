import { startOfDay } from '#kernel';
import { endOf, type OfficialBlock, type OfficialDocument, type OfficialTable } from '../official.ts';
import { printable } from '../words.ts';
import { appendixLabel, headRows, isGap, MOTTO, NATIONAL_TITLE, RECIPIENTS_LABEL } from '../text.ts';
import { BETWEEN_PARAGRAPHS_PT, boldWidth, DRAFT, FIRST_LINE_MM, MARGIN_MM, PAGE_NUMBER_MM, points, set, SIZE, TITLES } from './layout.ts';
import { writePdf, type PdfContent as Content } from './pdfmake.ts';

/** A number such as 3777/QĐ-UBND stays whole: broken at its signs, it would also be spread at them where lines are justified. */
function whole(words: string): string | readonly (string | Content)[] {
  const parts = set(words).split(/(\S*[\p{L}\d][/-][\p{L}\d]\S*)/u);
  return parts.length === 1 ? parts[0]! : parts.flatMap((part, n): (string | Content)[] => (part === '' ? [] : n % 2 === 1 ? [{ text: part, noWrap: true }] : [part]));
}

const text = (words: string, more: object = {}): Content => ({ text: whole(words), ...(isGap(words) ? { background: '#ffff00' } : {}), ...more });
const centred = (words: string, fontSize: number, more: object = {}): Content => text(words, { fontSize, alignment: 'center', ...more });
const rule = (length: number, width: number, after: number): Content => {
  const side = Math.max(0, (width - length) / 2);
  return { canvas: [{ type: 'line', x1: side, y1: 2, x2: side + length, y2: 2, lineWidth: 0.75 }], margin: [0, 0, 0, after] };
};

const WIDTH = points(210 - MARGIN_MM.left - MARGIN_MM.right);

const paragraph = (words: string, more: object = {}): Content => text(words, { fontSize: SIZE.body, alignment: 'justify', leadingIndent: points(FIRST_LINE_MM), lineHeight: 1.1, margin: [0, 0, 0, BETWEEN_PARAGRAPHS_PT], ...more });

function block(one: OfficialBlock): Content {
  switch (one.kind) {
    case 'paragraph':
      return paragraph(one.text, { ...(one.bold ? { bold: true } : {}), ...(one.italics ? { italics: true } : {}), ...(one.keepNext ? { headlineLevel: HEADING } : {}) });
    case 'title':
      return centred(one.text, SIZE.abstract, { bold: true, headlineLevel: HEADING, margin: [0, 6, 0, 6], ...(one.newPage ? { pageBreak: 'before' } : {}) });
    case 'table':
      return { ...table(one.table, 210), margin: [0, 0, 0, BETWEEN_PARAGRAPHS_PT] };
  }
}

/** Thin black lines all around. */
const GRID = { hLineWidth: () => 0.5, vLineWidth: () => 0.5, hLineColor: () => '#000000', vLineColor: () => '#000000', paddingLeft: () => 3, paddingRight: () => 3, paddingTop: () => 1.5, paddingBottom: () => 1.5 };

function table({ columns: all, rows }: OfficialTable, pageMm: number): Content {
  const sum = all.reduce((n, column) => n + column.width, 0);
  // Lines and padding of a column stand beside its width.
  const width = points(pageMm - MARGIN_MM.left - MARGIN_MM.right) - all.length * 6.5 - 0.5;
  const heads = headRows({ columns: all });
  const head = heads.map((cells, level) => {
    const row: Content[] = all.map(() => ({ text: '' }));
    for (const { text: words, column, columns, rows } of cells) row[column] = text(words, { bold: true, alignment: 'center', ...(heads.length === 1 ? { verticalAlignment: 'middle' } : {}), ...(columns > 1 ? { colSpan: columns } : {}), ...(rows > 1 && level === 0 ? { rowSpan: rows } : {}) });
    return row;
  });
  const body = rows.map(({ cells }) => all.map(({ key, align }): Content => {
    const words = cells[key]?.text ?? '';
    return words === '' ? { text: '' } : align === 'left' ? text(words) : text(words, { alignment: align });
  }));
  return { fontSize: SIZE.table, layout: GRID, table: { headerRows: heads.length, dontBreakRows: true, widths: all.map((column) => (column.width * width) / sum), body: [...head, ...body] } };
}

interface LaidOut {
  readonly headlineLevel?: number;
}
const HEADING = 1;
/** The page number is laid out behind everything on its page. */
const NO_TEXT = 2;

/** The number of a page: an appendix is numbered by itself (Decree 30/2020, Appendix I, part I, III.1). The library notes with each text where it laid it, before it asks for the heads of pages. */
function numberOf(page: number, appendices: readonly (Content & { readonly positions?: readonly { readonly pageNumber: number }[] })[]): number {
  const first = appendices.map(({ positions }) => positions?.[0]?.pageNumber ?? Infinity).findLast((start) => start <= page) ?? 1;
  return page - first + 1;
}

/** A document as a PDF in the layout of Decree 30/2020/NĐ-CP, its face embedded. The same document gives the same bytes. */
export async function pdfOf(official: OfficialDocument): Promise<Buffer> {
  const { name, subject } = official;
  const [left, right] = [(WIDTH * TITLES.left) / 100, (WIDTH * TITLES.right) / 100];
  const at = new Date(startOfDay(official.day));
  const { before, last } = endOf(official.blocks);
  const appendices = official.appendices.map((appendix) => centred(appendixLabel(appendix), SIZE.appendix, { bold: true, pageBreak: 'before', pageOrientation: appendix.landscape ? 'landscape' : 'portrait' }));
  return writePdf({
    pageSize: 'A4', pageMargins: [points(MARGIN_MM.left), points(MARGIN_MM.top), points(MARGIN_MM.right), points(MARGIN_MM.bottom)],
    defaultStyle: { font: 'Tinos', fontSize: SIZE.body },
    info: { title: printable(official.title), author: printable(official.author), creationDate: at, modDate: at },
    language: 'vi-VN',
    header: (at: number) => {
      const page = numberOf(at, appendices);
      return page === 1 ? '' : { text: String(page), headlineLevel: NO_TEXT, fontSize: SIZE.pageNumber, alignment: 'center', margin: [points(MARGIN_MM.left), points(PAGE_NUMBER_MM) - SIZE.pageNumber / 2, points(MARGIN_MM.right), 0] };
    },
    // A heading with nothing under it on its page but other headings goes to the next.
    pageBreakBefore: (node: LaidOut, { getFollowingNodesOnPage }: { readonly getFollowingNodesOnPage: () => readonly LaidOut[] }) => node.headlineLevel === HEADING && getFollowingNodesOnPage().every(({ headlineLevel }) => headlineLevel !== undefined),
    content: [
      {
        columns: [
          {
            width: left,
            stack: [
              ...(official.draft ? [centred(DRAFT, SIZE.number, { bold: true, italics: true })] : []),
              ...(official.parentAgency === '' ? [] : [centred(official.parentAgency, SIZE.agency)]), centred(official.agency, SIZE.agency, { bold: true }), rule(boldWidth(official.agency, SIZE.agency) * 0.42, left, 6), centred(official.number, SIZE.number),
              // The subject of an official letter stands under its number.
              ...(name === null ? [centred(subject, SIZE.letterSubject, { margin: [0, 6, 0, 0] })] : []),
            ],
          },
          {
            width: right,
            stack: [
              // Level with the agency, below the mark of the draft.
              ...(official.draft ? [centred('\u00a0', SIZE.number)] : []),
              centred(NATIONAL_TITLE, SIZE.national, { bold: true }), centred(MOTTO, SIZE.motto, { bold: true }), rule(12.22 * SIZE.motto, right, 6), centred(official.placeAndDate, SIZE.place, { italics: true }),
            ],
          },
        ],
        columnGap: 0,
      },
      ...(name === null
        ? [centred('\u00a0', SIZE.body)]
        : [centred(name, SIZE.kind, { bold: true, margin: [0, 18, 0, 0] }), centred(subject, SIZE.abstract, { bold: true }), rule(boldWidth(subject, SIZE.abstract) * 0.42, WIDTH, 12)]),
      ...official.addressees.map((one) => centred(one, SIZE.body, { margin: [0, 0, 0, 12] })),
      ...before.map(block),
      {
        unbreakable: true,
        stack: [...last.map(block), { columnGap: 0, margin: [0, 12, 0, 0], columns: [
          { width: WIDTH / 2, stack: [text(RECIPIENTS_LABEL, { fontSize: SIZE.recipientsLabel, bold: true, italics: true }), ...official.recipients.map((one) => text(one, { fontSize: SIZE.recipients }))] },
          { width: WIDTH / 2, stack: [...official.signerTitle.split('\n').map((line) => centred(line, SIZE.signer, { bold: true })), { text: '\n\n\n\n\n', fontSize: SIZE.signer }] },
        ] }],
      },
      ...official.appendices.flatMap((appendix, n): Content[] => [
        appendices[n]!,
        centred(appendix.title, SIZE.appendix, { bold: true }), centred(appendix.attached, SIZE.attached, { italics: true, margin: [0, 0, 0, 10] }),
        table(appendix, appendix.landscape ? 297 : 210),
        ...appendix.footnotes.map((note) => text(note, { fontSize: SIZE.note, italics: true, margin: [0, 4, 0, 0] })),
      ]),
    ],
  });
}
