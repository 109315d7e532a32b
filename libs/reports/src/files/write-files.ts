import { REPORT_FILES, type ReportFile } from '../events.ts';
import { jsonOf, markdownOf } from '../markdown.ts';
import type { Report } from '../model.ts';
import { officialOf, type OfficialDocument, type TableBook } from '../official.ts';

export const REPORT_FORMATS = REPORT_FILES;
export type ReportFormat = ReportFile;

/** What can be written, as plain data that goes to a thread. */
export type Printable = { readonly report: Report } | { readonly official: OfficialDocument } | { readonly tables: TableBook };

/** One report in one format; the libraries are loaded where they are needed. */
export async function writeFormat(report: Report, format: ReportFormat): Promise<Uint8Array> {
  switch (format) {
    case 'docx':
      return (await import('./docx.ts')).docxOf(officialOf(report));
    case 'pdf':
      return (await import('./pdf.ts')).pdfOf(officialOf(report));
    case 'xlsx':
      return (await import('./xlsx.ts')).xlsxOf(report);
    case 'md':
      return Buffer.from(markdownOf(report));
    case 'json':
      return Buffer.from(jsonOf(report));
  }
}

/** @throws for a format that such a thing is not written in. */
export async function writePrintable(what: Printable, format: ReportFormat): Promise<Uint8Array> {
  if ('report' in what) return writeFormat(what.report, format);
  if ('tables' in what) {
    if (format !== 'xlsx') throw new Error(`tables are written as xlsx, not ${format}`);
    return (await import('./xlsx.ts')).xlsxOfTables(what.tables);
  }
  if (format === 'docx') return (await import('./docx.ts')).docxOf(what.official);
  if (format === 'pdf') return (await import('./pdf.ts')).pdfOf(what.official);
  throw new Error(`a document is written as docx or pdf, not ${format}`);
}
