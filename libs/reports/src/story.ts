import { dayVi } from '#kernel';
import type { FindingCounts, ReportEvent, ReportFact } from './events.ts';

/** Event names as people read them. */
export const REPORT_EVENT_NAMES_VI: Readonly<Record<ReportEvent['type'], string>> = {
  ReportDrafted: 'Lập dự thảo', ReportEdited: 'Sửa dự thảo', ReportChecked: 'Kiểm tra nhất quán', ReportIssued: 'Ban hành', ReportSuperseded: 'Thay thế',
};

export const REPORT_FIELD_NAMES_VI = {
  number: 'số, ký hiệu', date: 'ngày ký', place: 'nơi ký', agency: 'cơ quan ban hành', parentAgency: 'cơ quan chủ quản', signerTitle: 'chức vụ người ký', recipients: 'nơi nhận',
} as const;

const counted = ({ errors, warnings, infos }: FindingCounts): string => `${String(errors)} lỗi, ${String(warnings)} cảnh báo, ${String(infos)} lưu ý`;

/** A fact of a report as a sentence. `named` gives the words of what stands in it by an id or a code. */
export function reportSentence(fact: ReportFact, named: { readonly unit: (id: string) => string; readonly period: (period: string, from: string, to: string) => string }): string {
  switch (fact.type) {
    case 'ReportDrafted': {
      const { unitId, period, from, to, asOf, templateId, templateVersion, due } = fact.data;
      return `Lập dự thảo báo cáo của ${named.unit(unitId)}, ${named.period(period, from, to)}, số liệu đến hết ngày ${dayVi(asOf)}, theo mẫu ${templateId} bản ${String(templateVersion)}${due === undefined ? '' : `; hạn nộp ${dayVi(due.dueOn)}`}.`;
    }
    case 'ReportEdited': {
      const { fields = {}, content, asOf } = fact.data;
      const parts = Object.entries(fields).map(([field, value]) => {
        const word = REPORT_FIELD_NAMES_VI[field as keyof typeof REPORT_FIELD_NAMES_VI];
        return value === null ? `bỏ ${word}` : `${word}: ${Array.isArray(value) ? value.join('; ') : field === 'date' ? dayVi(String(value)) : String(value)}`;
      });
      if (content !== undefined) parts.push(content === null ? 'bỏ lời văn của đơn vị' : 'lời văn của đơn vị');
      if (asOf !== undefined) parts.push(`ngày chốt số liệu: ${dayVi(asOf)}`);
      return `Sửa dự thảo: ${parts.join('; ')}.`;
    }
    case 'ReportChecked':
      return `Kiểm tra nhất quán: ${counted(fact.data)}.`;
    case 'ReportIssued': {
      const { fields, asOf, files } = fact.data;
      return `Ban hành${fields.number === undefined ? '' : ` số ${fields.number}`}, số liệu đến hết ngày ${dayVi(asOf)}; ${counted(fact.data)}; chốt ${String(Object.keys(files).length)} tệp.`;
    }
    case 'ReportSuperseded':
      return `Bị một báo cáo khác thay thế; lý do: ${fact.data.reason}`;
  }
}
