import type { Amount } from '#indicators';
import type { Day, Instant } from '#kernel';
import type { Alignment, CitedDocument, Reference } from './template.ts';

/** A live figure as the report holds it; `id` in the order of the report. */
export interface ReportFigure {
  readonly id: string;
  readonly where: string;
  readonly reference: Reference;
  /** A gap is no amount: the source has nothing by this name, and the report says so instead of printing a zero. */
  readonly amount: Amount | { readonly kind: 'gap'; readonly why: string };
  readonly text: string;
  /** What is counted, and in what. */
  readonly name: string;
  readonly measure: string;
  readonly role: 'result' | 'target';
  readonly year: number;
  readonly source: {
    readonly code: string;
    readonly owner?: string;
    readonly evidence?: string;
    readonly validFrom?: Day;
    readonly carriedOver?: boolean;
    readonly lastChange?: Instant;
  };
}

export type Run =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'figure'; readonly figure: string; readonly text: string }
  /** What is missing, said in place and marked. */
  | { readonly kind: 'gap'; readonly figure?: string; readonly text: string }
  | { readonly kind: 'document'; readonly code: string; readonly text: string }
  | { readonly kind: 'dated'; readonly text: string; readonly from: Day; readonly to: Day; readonly what: string };

export interface ReportItem {
  readonly bullet: boolean;
  readonly runs: readonly Run[];
}

export interface ReportSection {
  readonly key: string;
  /** As printed: "I.", "1.", "a)". */
  readonly number: string;
  readonly heading: string;
  readonly level: number;
  readonly items: readonly ReportItem[];
  readonly sections: readonly ReportSection[];
}

export interface ReportCell {
  readonly text: string;
  /** Set where the cell is one figure. */
  readonly amount?: ReportFigure['amount'];
  readonly figure?: string;
}

export interface ReportColumn {
  readonly key: string;
  readonly heading: string;
  readonly width: number;
  readonly align: Alignment;
  readonly group?: string;
}

export interface ReportAppendix {
  readonly key: string;
  /** "I", "II": Decree 30/2020 numbers appendices in Roman numerals when there are several; empty for a single one. */
  readonly number: string;
  readonly title: string;
  readonly attached: string;
  readonly landscape: boolean;
  readonly columns: readonly ReportColumn[];
  readonly rows: readonly { readonly place: string; readonly cells: Readonly<Record<string, ReportCell>> }[];
  readonly footnotes: readonly string[];
}

export interface ReportGap {
  readonly where: string;
  readonly why: string;
}

export interface ReportParameters {
  readonly unitId: string;
  readonly unitName: string;
  readonly period: string;
  readonly periodWords: string;
  readonly from: Day;
  readonly to: Day;
  readonly asOf: Day;
  readonly knownAt: string | null;
  readonly position: string;
  readonly lastEventId: string | null;
}

/** One report, from which every writer writes. */
export interface Report {
  readonly template: { readonly id: string; readonly version: number; readonly name: string; readonly suggested: boolean };
  readonly parameters: ReportParameters;
  readonly head: {
    readonly parentAgency: string;
    readonly agency: string;
    /** Number and day stay open for the office that signs. */
    readonly number: string;
    readonly date: Day | null;
    readonly place: string;
    readonly abstract: string;
    readonly addressees: readonly string[];
    readonly attachments: string;
  };
  readonly opening: readonly ReportItem[];
  readonly sections: readonly ReportSection[];
  readonly signature: { readonly title: string };
  readonly recipients: readonly string[];
  readonly appendices: readonly ReportAppendix[];
  readonly figures: readonly ReportFigure[];
  readonly documents: readonly CitedDocument[];
  readonly gaps: readonly ReportGap[];
}

export const GAP_OPEN = '[còn thiếu: ';

/** "ngày 06 tháng 02 năm 2020": days below 10 and the months 1 and 2 with a leading zero; dots where the day is open. */
export function signedOnVi(place: string, date: Day | null): string {
  if (date === null) return `${place}, ngày … tháng … năm …`;
  const month = Number(date.slice(5, 7));
  return `${place}, ngày ${date.slice(8, 10)} tháng ${month <= 2 ? `0${String(month)}` : String(month)} năm ${date.slice(0, 4)}`;
}

export const runsText = (runs: readonly Run[]): string => runs.map(({ text }) => text).join('');
export const itemText = ({ bullet, runs }: ReportItem): string => `${bullet ? '- ' : ''}${runsText(runs)}`;

export function* sectionsOf(sections: readonly ReportSection[]): Generator<ReportSection> {
  for (const section of sections) {
    yield section;
    yield* sectionsOf(section.sections);
  }
}
