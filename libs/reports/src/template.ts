import type { Day } from '#kernel';
import type { AmountStyle } from '#indicators';

/** A place in a template file. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface TemplateFault extends Place {
  readonly path: string;
  readonly detail: string;
  readonly given?: string;
  readonly expected?: string;
}

/** Where a live figure comes from. */
export type Reference =
  /** A count of the task figures (`D1`, `N`, `carriedOver`), or a rate with its side. */
  | { readonly of: 'tasks'; readonly what: string; readonly side?: 'numerator' | 'denominator' }
  /** How the unit handed in its own periodic reports, each of which is a task; where it was given none, what it reported of them itself. */
  | { readonly of: 'reports'; readonly what: ReportWord; readonly otherwise?: Extract<Reference, { of: 'indicator' }> }
  | { readonly of: 'indicator'; readonly code: string; readonly part?: string }
  | { readonly of: 'indicator-note'; readonly code: string }
  /** A target for a year: of the report (0), of the next (1). */
  | { readonly of: 'target'; readonly code: string; readonly year: number }
  | { readonly of: 'plan'; readonly code: string; readonly what: PlanWord }
  /** How many sections stand under another one. */
  | { readonly of: 'sections'; readonly under: string };

/** Of the tasks, the share that their lead told something about in the program. */
export const UPDATED = 'cập nhật';

export const REPORT_WORDS = { 'phải gửi': 'owed', 'đã gửi': 'sent', 'đúng hạn': 'onTime', chậm: 'late', 'quá hạn': 'overdue' } as const;
export type ReportWord = (typeof REPORT_WORDS)[keyof typeof REPORT_WORDS];

export const PLAN_WORDS = { mục: 'items', xong: 'done', 'ban hành': 'issued', 'ghi chú': 'note', tên: 'title' } as const;
export type PlanWord = (typeof PLAN_WORDS)[keyof typeof PLAN_WORDS];

/** Words that the report itself knows. */
export const PARAMETER_WORDS = { kỳ: 'period', năm: 'year', 'năm sau': 'nextYear', 'đơn vị': 'unit', 'tính đến': 'asOf', 'câu số liệu': 'sentence', 'từ ngày': 'from', 'đến ngày': 'to' } as const;
export type Parameter = (typeof PARAMETER_WORDS)[keyof typeof PARAMETER_WORDS];

export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parameter'; readonly parameter: Parameter }
  | { readonly kind: 'figure'; readonly reference: Reference; /** Left out: "06" in a sentence, "6" in a table. */ readonly style?: AmountStyle }
  | { readonly kind: 'document'; readonly code: string }
  /** A time that the sentence states of something: "tháng 10/2020" of "ban hành kế hoạch kiểm tra". */
  | { readonly kind: 'dated'; readonly text: string; readonly from: Day; readonly to: Day; readonly what: string }
  /** Left out when its figures are zero or do not apply. */
  | { readonly kind: 'optional'; readonly pieces: readonly Piece[] };

export type Sentence = readonly Piece[];

export type TemplateItem =
  | { readonly kind: 'sentence'; readonly bullet: boolean; readonly sentence: Sentence }
  /** Filled by what the office writes for this report; a required one that is empty is a gap. */
  | { readonly kind: 'slot'; readonly slot: string; readonly required: boolean };

export interface TemplateSection {
  readonly key: string;
  readonly heading: Sentence;
  readonly items: readonly TemplateItem[];
  readonly sections: readonly TemplateSection[];
}

export const ALIGNMENTS = { trái: 'left', giữa: 'center', phải: 'right' } as const;
export type Alignment = (typeof ALIGNMENTS)[keyof typeof ALIGNMENTS];

export interface TemplateColumn {
  readonly key: string;
  readonly heading: string;
  /** Share of the width of the table. */
  readonly width: number;
  readonly align: Alignment;
  /** Heading over neighbouring columns of the same group. */
  readonly group?: string;
}

export interface TemplateRow {
  readonly cells: Readonly<Record<string, Sentence>>;
}

export interface TemplateAppendix {
  readonly key: string;
  readonly title: Sentence;
  readonly landscape: boolean;
  readonly columns: readonly TemplateColumn[];
  readonly rows: readonly TemplateRow[];
  readonly footnotes: readonly Sentence[];
}

/** The form of a report, as a data file says it: docs/reports.md. */
export interface ReportTemplate {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** A suggestion of ours and not a form that an authority has prescribed. */
  readonly suggested: boolean;
  readonly basis: string;
  readonly validFrom: Day;
  readonly validTo: Day | null;
  readonly abstract: Sentence;
  readonly notation: string;
  readonly addressees: readonly Sentence[];
  readonly recipients: readonly Sentence[];
  readonly signerTitle: string;
  readonly opening: readonly TemplateItem[];
  readonly sections: readonly TemplateSection[];
  readonly appendices: readonly TemplateAppendix[];
}

/** A document that the report cites. */
export interface CitedDocument {
  readonly code: string;
  readonly number: string;
  readonly date?: Day;
  readonly issuer: string;
  readonly kind?: string;
  readonly content: string;
  /** As it stands in another place of the same report. */
  readonly variants?: readonly { readonly where: string; readonly asPrinted: string }[];
}

/** What the office writes for one report: sentences for the slots of its template, and the documents they cite. */
export interface ReportContent {
  readonly unitId: string;
  readonly period: string;
  readonly place: string;
  readonly agency?: string;
  readonly parentAgency?: string;
  readonly number?: string;
  readonly date?: Day;
  readonly signerTitle?: string;
  readonly slots: Readonly<Record<string, readonly { readonly bullet: boolean; readonly sentence: Sentence }[]>>;
  readonly documents: readonly CitedDocument[];
}
