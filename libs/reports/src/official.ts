import type { Day } from '#kernel';
import { itemText, type Report, type ReportAppendix, type ReportColumn, type ReportSection } from './model.ts';
import { DOCUMENT_KIND, endMark, headingText, printed } from './text.ts';

/** A table of words: what a report's appendix is without its amounts. */
export interface OfficialTable {
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly (Pick<ReportAppendix['rows'][number], 'cells'>)[];
}

export type OfficialBlock =
  | { readonly kind: 'paragraph'; readonly text: string; readonly bold?: boolean; readonly italics?: boolean; readonly keepNext?: boolean }
  /** A line in the middle of the page: the title of what follows. */
  | { readonly kind: 'title'; readonly text: string; /** Begins a page. */ readonly newPage?: boolean }
  | { readonly kind: 'table'; readonly table: OfficialTable };

/**
 * A document in the layout of Decree 30/2020/NĐ-CP, Appendix I, as plain data: what stands in it is decided before, how it looks in `files/`.
 * It is a draft for people to number, date and sign.
 */
export interface OfficialDocument {
  /** Marked “DỰ THẢO” over the head; a report leaves its number and day open instead. */
  readonly draft: boolean;
  readonly parentAgency: string;
  readonly agency: string;
  /** “Số: …/BC-TTT”. */
  readonly number: string;
  readonly placeAndDate: string;
  /** “BÁO CÁO”; null for an official letter (công văn), whose subject stands under its number. */
  readonly name: string | null;
  readonly subject: string;
  /** “Kính gửi: …”, a line each. */
  readonly addressees: readonly string[];
  readonly blocks: readonly OfficialBlock[];
  readonly recipients: readonly string[];
  /** A line each: who it is signed for, and the office of the one who signs. */
  readonly signerTitle: string;
  readonly appendices: readonly ReportAppendix[];
  /** What a program shows of the file, and the day it speaks of: no clock is asked. */
  readonly title: string;
  readonly author: string;
  readonly day: Day;
}

/** What stands with the signature, so that it never has a page for itself: the last paragraphs of the text. */
export function endOf(blocks: readonly OfficialBlock[]): { readonly before: readonly OfficialBlock[]; readonly last: readonly OfficialBlock[] } {
  let from = blocks.length;
  while (from > Math.max(0, blocks.length - WITH_SIGNATURE) && blocks[from - 1]!.kind === 'paragraph') from--;
  return { before: blocks.slice(0, from), last: blocks.slice(from) };
}
const WITH_SIGNATURE = 2;

/** A report as the document that it is printed as. */
export function officialOf(report: Report): OfficialDocument {
  const words = printed(report);
  const all: { readonly text: string; readonly heading: boolean }[] = report.opening.map((one) => ({ text: itemText(one), heading: false }));
  const take = (section: ReportSection): void => {
    all.push({ text: headingText(section), heading: true }, ...section.items.map((one) => ({ text: itemText(one), heading: false })));
    section.sections.forEach(take);
  };
  report.sections.forEach(take);
  return {
    draft: false, parentAgency: words.parentAgency, agency: words.agency, number: words.number, placeAndDate: words.placeAndDate, name: DOCUMENT_KIND, subject: words.abstract, addressees: words.addressees,
    blocks: [
      ...all.map(({ text, heading }, n): OfficialBlock => ({ kind: 'paragraph', text: n === all.length - 1 ? endMark(text) : text, ...(heading ? { bold: true, keepNext: true } : {}) })),
      ...(report.head.attachments === '' ? [] : [{ kind: 'paragraph', text: report.head.attachments, italics: true } as const]),
    ],
    recipients: words.recipients, signerTitle: words.signerTitle, appendices: report.appendices,
    title: `Báo cáo ${report.head.abstract}`, author: report.head.agency, day: report.parameters.asOf,
  };
}

/** Tables for a workbook: each on a sheet of its own name, widths of columns in letters. */
export interface TableBook {
  readonly sheets: readonly { readonly name: string; readonly table: ReportAppendix }[];
  readonly author: string;
  readonly day: Day;
}
