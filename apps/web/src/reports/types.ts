/** Answers of `/reports`, `/report-templates`, `/plans`, `/indicators` as this page reads them. */

export type Amount =
  | { kind: 'count'; number: number }
  | { kind: 'percent'; hundredths: number; comparison?: 'atLeast' | 'over' }
  | { kind: 'day'; day: string }
  | { kind: 'text'; text: string }
  | { kind: 'not-applicable' }
  | { kind: 'blank' }
  | { kind: 'gap'; why: string };

export type ReportStatus = 'drafted' | 'checked' | 'issued' | 'superseded';
export type Punctuality = 'on-time' | 'late' | 'waiting' | 'overdue';
export const FORMATS = ['docx', 'pdf', 'xlsx', 'md', 'json'] as const;
export type Format = (typeof FORMATS)[number];

export interface ReportItem {
  id: string;
  unitId: string;
  unitName: string;
  period: string;
  periodWords: string;
  asOf: string;
  templateId: string;
  templateVersion: number;
  status: ReportStatus;
  number: string | null;
  revision: number;
  draftedAt: string;
  due: { dutyId: string; dueOn: string; taskId: string; state: Punctuality } | null;
  checked: { errors: number; warnings: number; infos: number; at: string } | null;
  issued: {
    at: string;
    eventId: string;
    known: { position: string; eventId: string | null };
    template: { id: string; version: number };
    files: Record<Format, { sha256: string; bytes: number }>;
    errors: number;
    warnings: number;
    infos: number;
  } | null;
  superseded: { byReportId: string; reason: string; at: string } | null;
}

export interface Fields {
  number?: string;
  date?: string;
  place?: string;
  agency?: string;
  parentAgency?: string;
  signerTitle?: string;
  recipients?: string[];
}

export interface ReportDetail extends ReportItem {
  from: string;
  to: string;
  fields: Fields;
  content: string | null;
  supersedes: string[];
  now: string;
}

export interface Finding {
  code: string;
  rule: string;
  severity: 'error' | 'warning' | 'info';
  place: string[];
  values: string[];
  detail: string;
}

interface Run {
  kind: 'text' | 'figure' | 'gap' | 'document' | 'dated';
  text: string;
  figure?: string;
}
export interface PaperItem {
  bullet: boolean;
  runs: Run[];
}
export interface PaperSection {
  key: string;
  number: string;
  heading: string;
  level: number;
  items: PaperItem[];
  sections: PaperSection[];
}
export interface PaperAppendix {
  key: string;
  number: string;
  title: string;
  attached: string;
  landscape: boolean;
  columns: { key: string; heading: string; width: number; align: 'left' | 'center' | 'right'; group?: string }[];
  rows: { place: string; cells: Record<string, { text: string; amount?: Amount }> }[];
  footnotes: string[];
}
export interface Paper {
  template: { id: string; version: number; name: string; suggested: boolean };
  head: { parentAgency: string; agency: string; number: string; date: string | null; place: string; abstract: string; addressees: string[]; attachments: string };
  opening: PaperItem[];
  sections: PaperSection[];
  signature: { title: string };
  recipients: string[];
  appendices: PaperAppendix[];
  figures: { id: string; name: string; source: { code: string; evidence?: string } }[];
}
export interface Preview {
  id: string;
  status: ReportStatus;
  report: Paper;
  findings: Finding[];
  position: string;
}

export interface Verified {
  matches: boolean;
  firstDiffering: Format | null;
  words: string;
  files: { format: Format; matches: boolean; frozen: { sha256: string; bytes: number }; now: { sha256: string; bytes: number } }[];
}

export interface FigureValue {
  text: string;
  state: 'value' | 'blank' | 'not-applicable' | 'no-data';
}
interface ChangedTask {
  id: string;
  code: string;
  content: string;
  before: string | null;
  after: string | null;
  events: { id: string; name: string; sentence: string; recordedAt: string; position: string }[];
}
export interface Changes {
  frozen: { issuedAt: string; position: string };
  now: { position: string };
  figures: { where: string; name: string; measure: string; before: FigureValue; after: FigureValue }[];
  tasks: {
    cells: Record<string, { before: number; after: number; entered: number; left: number }>;
    entered: { total: number; items: ChangedTask[] };
    left: { total: number; items: ChangedTask[] };
    changed: { total: number; items: ChangedTask[] };
  };
  sources: { of: 'plan' | 'indicator'; code: string; id: string; events: { id: string; type: string; position: string; recordedAt: string }[] }[];
}
export interface Comparison {
  current: { period: string; periodWords: string; asOf: string };
  other: { period: string; periodWords: string; asOf: string; reportId: string | null; hasData: boolean; note: string | null };
  rows: {
    where: string;
    name: string;
    measure: string;
    current: FigureValue;
    other: FigureValue;
    difference: { kind: 'count' | 'percent'; by: number } | null;
  }[];
}

export interface TemplateItem {
  id: string;
  version: number;
  name: string;
  suggested: boolean;
  basis: string;
  validFrom: string;
  validTo: string | null;
}

export interface PlanLine {
  id: string;
  unitId: string;
  unitName: string;
  year: number;
  code: string;
  title: string;
  issuedOn?: string;
  document?: { number: string; date: string };
  note?: string;
  applicable: boolean;
  counts: { kind: 'not-applicable' } | { kind: 'blank' } | { kind: 'count'; items: number; done: number };
}
export interface PlanDetail extends PlanLine {
  items: {
    itemId: string;
    content: string;
    product?: string;
    dueOn?: string;
    done: { on: string; evidence: { number: string; date: string } | null; fileIds: string[]; note: string | null } | null;
  }[];
}
export interface IndicatorLine {
  id: string;
  unitId: string;
  unitName: string;
  ownerUnitName: string;
  code: string;
  name: string;
  measure: string;
  amount: Amount;
  validFrom?: string;
  carriedOver: boolean;
  /** Columns of a table beside the total; what is not named is blank. */
  parts: Record<string, Amount>;
  note?: string;
  evidence?: { number?: string; date?: string; title?: string };
  /** By year. */
  targets: Record<string, Amount>;
  lastChange: string;
  change: IndicatorChange | null;
}
interface IndicatorSaid {
  amount: Amount;
  parts?: Record<string, Amount>;
  note?: string;
}
export interface IndicatorChange {
  of: { kind: 'value'; validFrom: string } | { kind: 'target'; year: number };
  before: IndicatorSaid | null;
  after: IndicatorSaid;
  at: string;
  by?: { id: string; role: string; unitId?: string };
}

/** A document that the words of a report cite. */
export interface WrittenDocument {
  code: string;
  number: string;
  date: string | null;
  kind: string | null;
  issuer: string;
  content: string;
}
export interface ReportWords {
  slots: { slot: string; section: string | null; required: boolean; lines: string[] }[];
  documents: WrittenDocument[];
  revision: number;
}
