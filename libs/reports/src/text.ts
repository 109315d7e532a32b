import { GAP_OPEN, itemText, runsText, signedOnVi, type Report, type ReportAppendix, type ReportSection } from './model.ts';

export const NATIONAL_TITLE = 'CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM';
export const MOTTO = 'Độc lập - Tự do - Hạnh phúc';
export const DOCUMENT_KIND = 'BÁO CÁO';
export const RECIPIENTS_LABEL = 'Nơi nhận:';
const upper = (text: string): string => text.toLocaleUpperCase('vi');

/** The words of the head, the foot and the headings of appendices, as every writer prints them. */
export interface Printed {
  readonly parentAgency: string;
  readonly agency: string;
  readonly number: string;
  readonly placeAndDate: string;
  readonly abstract: string;
  readonly addressees: readonly string[];
  readonly signerTitle: string;
  readonly recipients: readonly string[];
}

export function printed({ head, signature, recipients }: Report): Printed {
  return {
    parentAgency: upper(head.parentAgency), agency: upper(head.agency), number: `Số: ${head.number.startsWith('/') ? `…${head.number}` : head.number}`, placeAndDate: signedOnVi(head.place === '' ? '…' : head.place, head.date),
    abstract: head.abstract, signerTitle: upper(signature.title),
    addressees: head.addressees.map((one) => `Kính gửi: ${one}`),
    // Each with its sign, the last one with a full stop: Decree 30/2020, Appendix I.
    recipients: recipients.map((one, n) => `- ${one}${n === recipients.length - 1 ? '.' : ';'}`),
  };
}

export const headingText = ({ number, heading }: ReportSection): string => `${number} ${heading}`;
export const appendixLabel = ({ number }: ReportAppendix): string => (number === '' ? 'Phụ lục' : `Phụ lục ${number}`);

/** The columns of a table as two rows of headings where some stand under a common one: the heads in print order, with their spans. */
export interface HeadCell {
  readonly text: string;
  readonly column: number;
  readonly columns: number;
  readonly rows: number;
}

export function headRows({ columns }: Pick<ReportAppendix, 'columns'>): readonly (readonly HeadCell[])[] {
  if (columns.every(({ group }) => group === undefined)) return [columns.map(({ heading }, column) => ({ text: heading, column, columns: 1, rows: 1 }))];
  const upperRow: HeadCell[] = [];
  const lower: HeadCell[] = [];
  columns.forEach(({ heading, group }, column) => {
    if (group === undefined) {
      upperRow.push({ text: heading, column, columns: 1, rows: 2 });
      return;
    }
    lower.push({ text: heading, column, columns: 1, rows: 1 });
    const before = upperRow.at(-1);
    if (before?.text === group && before.column + before.columns === column) upperRow[upperRow.length - 1] = { ...before, columns: before.columns + 1 };
    else upperRow.push({ text: group, column, columns: 1, rows: 1 });
  });
  return [upperRow, lower];
}

/** Everything of the report's body in the order of print, a line each: what any writer's output must hold. `./.` ends the body. */
export function bodyLines({ opening, sections }: Report): readonly string[] {
  const lines: string[] = opening.map(itemText);
  const take = (section: ReportSection): void => {
    lines.push(headingText(section), ...section.items.map(itemText));
    for (const child of section.sections) take(child);
  };
  for (const section of sections) take(section);
  const last = lines.at(-1);
  if (last !== undefined) lines[lines.length - 1] = endMark(last);
  return lines;
}

/** "./." in the place of the last full stop. */
export const endMark = (text: string): string => `${text.replace(/\.$/, '')}./.`;

export function appendixLines(appendix: ReportAppendix): readonly string[] {
  return [
    appendixLabel(appendix), appendix.title, appendix.attached, ...headRows(appendix).flatMap((row) => row.map(({ text }) => text)),
    ...appendix.rows.flatMap(({ cells }) => appendix.columns.map(({ key }) => cells[key]?.text ?? '')), ...appendix.footnotes,
  ];
}

/** All words of the report in the order of print. */
export function reportLines(report: Report): readonly string[] {
  const words = printed(report);
  return [
    words.parentAgency, NATIONAL_TITLE, words.agency, MOTTO, words.number, words.placeAndDate, DOCUMENT_KIND, words.abstract, ...words.addressees, ...bodyLines(report),
    ...(report.head.attachments === '' ? [] : [report.head.attachments]), RECIPIENTS_LABEL, ...words.recipients, words.signerTitle, ...report.appendices.flatMap(appendixLines),
  ].filter((line) => line !== '');
}

export const isGap = (text: string): boolean => text.includes(GAP_OPEN);
export { runsText };
