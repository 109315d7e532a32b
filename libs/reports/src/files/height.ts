import type { OfficialBlock, OfficialTable } from '../official.ts';
import { headRows } from '../text.ts';
import { BETWEEN_PARAGRAPHS_PT, FIRST_LINE_MM, MARGIN_MM, points, SIZE } from './layout.ts';

/*
 * How much of a page blocks take in the PDF, for what has to stand on one page: reckoned by the widths of letters of Times, a little on the wide
 * side, so that what fits here fits there.
 */

/** In thousandths of the size; marks over and under a letter take no room. */
const WIDTHS: readonly (readonly [letters: RegExp, width: number])[] = [[/[ijlt:;/,. ]/, 278], [/[frI()-]/, 340], [/[sJ]/, 390], [/[acez“”]/, 444], [/[mw%…]/, 830], [/[MW—]/, 960], [/\p{Lu}/u, 720], [/./u, 500]];
const known = new Map<string, number>();
function letterWidth(letter: string): number {
  const there = known.get(letter);
  if (there !== undefined) return there;
  const bare = letter.normalize('NFD').slice(0, 1);
  const width = WIDTHS.find(([letters]) => letters.test(bare))![1] / 1_000;
  known.set(letter, width);
  return width;
}
const widthOf = (text: string, size: number): number => Array.from(text).reduce((sum, letter) => sum + letterWidth(letter), 0) * size;
const PLAIN = 1.03;
const BOLD = 1.1;
/** A line of the face, in parts of its size. */
const LINE = 1.15;
const BODY_SPACING = 1.1;
const TEXT_WIDTH = points(210 - MARGIN_MM.left - MARGIN_MM.right);

/** What there is between the margins of a page, in points. */
export const PAGE_HEIGHT = points(297 - MARGIN_MM.top - MARGIN_MM.bottom);
/** What the head of a named document takes of its first page, with a subject of two lines; and the foot of the last, with room to sign. */
export const HEAD_HEIGHT = (SIZE.number + SIZE.national + SIZE.motto + SIZE.place + SIZE.kind + 2 * SIZE.abstract) * LINE + 8 + 18 + 14;
export const FOOT_HEIGHT = 12 + 6 * SIZE.signer * LINE;

/** Lines of a text whose words are not broken, in letters of this size. */
function linesIn(text: string, width: number, size: number, indent = 0): number {
  const space = widthOf(' ', size);
  let lines = 1;
  let at = indent;
  for (const word of text.split(/\s+/)) {
    const long = widthOf(word, size);
    if (at > 0 && at + long > width) {
      lines++;
      at = 0;
    }
    // A word that is longer than its line is broken after all.
    lines += Math.max(0, Math.ceil(long / width) - 1);
    at += long + space;
  }
  return lines;
}

function tableHeight({ columns, rows }: OfficialTable): number {
  const sum = columns.reduce((n, { width }) => n + width, 0);
  const width = TEXT_WIDTH - columns.length * 6.5 - 0.5;
  const row = (words: (column: OfficialTable['columns'][number]) => string, wide: number): number =>
    Math.max(...columns.map((column) => linesIn(words(column), (column.width * width) / sum, wide * SIZE.table))) * SIZE.table * LINE + 3.5;
  const heads = headRows({ columns }).length * row(({ heading }) => heading, BOLD);
  return heads + rows.reduce((n, { cells }) => n + row(({ key }) => cells[key]?.text ?? '', PLAIN), 0) + BETWEEN_PARAGRAPHS_PT;
}

/** Points that a block takes of a page. */
export function heightOf(block: OfficialBlock): number {
  switch (block.kind) {
    case 'paragraph':
      return linesIn(block.text, TEXT_WIDTH, (block.bold ? BOLD : PLAIN) * SIZE.body, points(FIRST_LINE_MM)) * SIZE.body * LINE * BODY_SPACING + BETWEEN_PARAGRAPHS_PT;
    case 'title':
      return linesIn(block.text, TEXT_WIDTH, BOLD * SIZE.abstract) * SIZE.abstract * LINE + 12;
    case 'table':
      return tableHeight(block.table);
  }
}
