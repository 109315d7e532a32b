import { itemText, type Report, type ReportSection } from './model.ts';
import { appendixLabel, DOCUMENT_KIND, endMark, headingText, headRows, MOTTO, NATIONAL_TITLE, printed, RECIPIENTS_LABEL } from './text.ts';

/** What would be read as a mark of Markdown, or of HTML inside it, stands for itself. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|~]/g, '\\$&').replace(/^(\d+)\. /, '$1\\. ').replace(/^([-+]) /, '\\$1 ');

/** The report as Markdown (GitHub's tables). */
export function markdownOf(report: Report): string {
  const words = printed(report);
  const lines: string[] = [];
  const blank = (): void => { if (lines.at(-1) !== '') lines.push(''); };
  for (const line of [words.parentAgency, words.agency, NATIONAL_TITLE, MOTTO, words.number, words.placeAndDate]) if (line !== '') lines.push(plain(line), '');
  lines.push(`# ${DOCUMENT_KIND}`, '', `**${plain(words.abstract)}**`, '', ...words.addressees.flatMap((one) => [plain(one), '']));
  const lastSection = [...report.sections].at(-1);
  const deepest = (section: ReportSection | undefined): ReportSection | undefined => (section?.sections.length ? deepest(section.sections.at(-1)) : section);
  const last = deepest(lastSection)?.items.at(-1);
  const item = (one: ReportSection['items'][number]): void => {
    const text = one === last ? endMark(itemText(one)) : itemText(one);
    if (one.bullet) lines.push(`- ${plain(text.slice(2))}`);
    else {
      blank();
      lines.push(plain(text), '');
    }
  };
  const take = (section: ReportSection): void => {
    blank();
    lines.push(`${'#'.repeat(section.level + 1)} ${plain(headingText(section))}`, '');
    section.items.forEach(item);
    section.sections.forEach(take);
  };
  report.opening.forEach(item);
  report.sections.forEach(take);
  blank();
  if (report.head.attachments !== '') lines.push(plain(report.head.attachments), '');
  lines.push(`**${RECIPIENTS_LABEL}**`, '', ...words.recipients.map((one) => `- ${plain(one.slice(2))}`), '', `**${plain(words.signerTitle)}**`, '');
  for (const appendix of report.appendices) {
    lines.push(`## ${plain(appendixLabel(appendix))}`, '', `**${plain(appendix.title)}**`, '', plain(appendix.attached), '');
    const [upper = [], lower] = headRows(appendix);
    // Markdown has one row of headings: a column under a common heading names both.
    const heads = appendix.columns.map((column, n) => (lower && column.group !== undefined ? `${upper.find((cell) => cell.column <= n && n < cell.column + cell.columns)?.text ?? ''}: ${column.heading}` : column.heading));
    lines.push(`| ${heads.map(plain).join(' | ')} |`, `|${appendix.columns.map(({ align }) => ({ left: ' --- ', center: ' :---: ', right: ' ---: ' })[align]).join('|')}|`);
    for (const { cells } of appendix.rows) lines.push(`| ${appendix.columns.map(({ key }) => plain(cells[key]?.text ?? '')).join(' | ')} |`);
    lines.push('', ...appendix.footnotes.flatMap((note) => [plain(note), '']));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The report as JSON: everything of the model, in one order of keys. */
export const jsonOf = (report: Report): string => `${JSON.stringify(report, null, 2)}\n`;
