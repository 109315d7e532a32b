import type { Day, Instant } from '#kernel';

/** A place in the log that stays findable: positions differ between stores and after a move, the event's id does not. */
export interface FrozenPoint {
  readonly position: string;
  /** Null where the log was empty. */
  readonly eventId: string | null;
}

/** What stays open for the office that signs. A field that is left out is as the written text, or the template, has it. */
export interface ReportFields {
  readonly number?: string;
  readonly date?: Day;
  readonly place?: string;
  readonly agency?: string;
  readonly parentAgency?: string;
  readonly signerTitle?: string;
  /** “Nơi nhận”, a line each. */
  readonly recipients?: readonly string[];
}
export type ReportFieldChanges = { readonly [F in keyof ReportFields]?: ReportFields[F] | null };

export const REPORT_FILES = ['docx', 'pdf', 'xlsx', 'md', 'json'] as const;
export type ReportFile = (typeof REPORT_FILES)[number];

export interface FindingCounts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
}

/** Which report it is: a unit, a period, the last day it counts, and the form. */
export interface ReportSubject {
  readonly unitId: string;
  readonly period: string;
  readonly from: Day;
  readonly to: Day;
  /** Figures count what had happened before 24:00 of this day. */
  readonly asOf: Day;
  readonly templateId: string;
  readonly templateVersion: number;
}

/** Set where the report is owed: prepared when its cut-off passed, and a task of the unit besides. */
export interface ReportDue {
  readonly dutyId: string;
  readonly dueOn: Day;
  readonly taskId: string;
}

interface Data {
  /** `content` is what the office wrote for the period, as the YAML of docs/reports.md: without it in the log an issued report could not be written again. */
  readonly ReportDrafted: ReportSubject & { readonly content?: string; readonly due?: ReportDue };
  /** What changed; null takes a field back to what the text or the template says. */
  readonly ReportEdited: { readonly fields?: ReportFieldChanges; readonly content?: string | null; readonly asOf?: Day };
  /** The consistency check as it came out at this point: how many findings of each severity, and how often each rule spoke. */
  readonly ReportChecked: FindingCounts & { readonly known: FrozenPoint; readonly rules: Readonly<Record<string, number>> };
  /** Everything from which the files can be written again, and the SHA-256 of each. The fields are those printed; the template stands whole: its file may change or go. */
  readonly ReportIssued: Omit<ReportSubject, 'templateId' | 'templateVersion'> & FindingCounts & {
    readonly known: FrozenPoint;
    readonly template: { readonly id: string; readonly version: number; readonly text: string };
    readonly fields: ReportFields;
    readonly content: string | null;
    readonly files: Readonly<Record<ReportFile, { readonly sha256: string; readonly bytes: number }>>;
  };
  readonly ReportSuperseded: { readonly byReportId: string; readonly reason: string };
}

export type ReportEventData = Data;
export type ReportEvent = { readonly [T in keyof Data]: { readonly type: T; readonly data: Data[T] } }[keyof Data];
/** A fact of a report with its two times. */
export type ReportFact = ReportEvent & { readonly eventId: string; readonly revision: number; readonly position: bigint; readonly occurredAt: Instant; readonly recordedAt: Instant };

export const REPORT_CATEGORY = 'report';
export const reportStream = (id: string): string => `${REPORT_CATEGORY}-${id}`;
export const reportIdOf = (stream: string): string => stream.slice(REPORT_CATEGORY.length + 1);
