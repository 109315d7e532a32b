import { REPORT_FILES, type ReportFile } from '../events.ts';
import { jsonOf, markdownOf } from '../markdown.ts';
import type { Report } from '../model.ts';

export const REPORT_FORMATS = REPORT_FILES;
export type ReportFormat = ReportFile;

/** One report in one format; the libraries are loaded where they are needed. */
export async function writeFormat(report: Report, format: ReportFormat): Promise<Uint8Array> {
  switch (format) {
    case 'docx':
      return (await import('./docx.ts')).docxOf(report);
    case 'pdf':
      return (await import('./pdf.ts')).pdfOf(report);
    case 'xlsx':
      return (await import('./xlsx.ts')).xlsxOf(report);
    case 'md':
      return Buffer.from(markdownOf(report));
    case 'json':
      return Buffer.from(jsonOf(report));
  }
}
