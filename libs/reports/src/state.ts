import type { Instant } from '#kernel';
import type { FindingCounts, FrozenPoint, ReportDue, ReportEventData, ReportFact, ReportFields, ReportSubject } from './events.ts';

export type ReportStatus = 'drafted' | 'checked' | 'issued' | 'superseded';

/** The life of a report: what it is about, what the office filled in, and how far it has come. */
export interface ReportLife extends ReportSubject {
  readonly kind: 'report';
  readonly status: ReportStatus;
  readonly fields: ReportFields;
  readonly content: string | null;
  readonly due: ReportDue | null;
  readonly draftedAt: Instant;
  /** The last check of what it still is: an edit takes it away. */
  readonly checked: (FindingCounts & { readonly at: Instant; readonly known: FrozenPoint }) | null;
  readonly issued: (ReportEventData['ReportIssued'] & { readonly at: Instant; readonly recordedAt: Instant; readonly eventId: string; readonly position: bigint }) | null;
  readonly superseded: { readonly byReportId: string; readonly reason: string; readonly at: Instant; readonly eventId: string } | null;
  readonly revision: number;
}

export type ReportLifeState = { readonly kind: 'none' } | ReportLife;
export const NO_REPORT: ReportLifeState = { kind: 'none' };

/** Total: an event that does not fit leaves the state as it is, for the log is the truth and the decider the guard. */
export function evolveReport(state: ReportLifeState, fact: ReportFact): ReportLifeState {
  if (fact.type === 'ReportDrafted') {
    if (state.kind !== 'none') return state;
    const { content = null, due = null, ...subject } = fact.data;
    return { kind: 'report', ...subject, status: 'drafted', fields: {}, content, due, draftedAt: fact.occurredAt, checked: null, issued: null, superseded: null, revision: fact.revision };
  }
  if (state.kind === 'none') return state;
  const next = { ...state, revision: fact.revision };
  switch (fact.type) {
    case 'ReportEdited': {
      const { fields = {}, content = state.content, asOf = state.asOf } = fact.data;
      return { ...next, status: 'drafted', checked: null, asOf, content, fields: Object.fromEntries(Object.entries({ ...state.fields, ...fields }).filter(([, value]) => value !== null)) };
    }
    case 'ReportChecked': {
      const { known, errors, warnings, infos } = fact.data;
      return { ...next, status: 'checked', checked: { errors, warnings, infos, known, at: fact.occurredAt } };
    }
    case 'ReportIssued': {
      const { template, fields, content, asOf } = fact.data;
      return { ...next, status: 'issued', asOf, fields, content, templateId: template.id, templateVersion: template.version, issued: { ...fact.data, at: fact.occurredAt, recordedAt: fact.recordedAt, eventId: fact.eventId, position: fact.position } };
    }
    case 'ReportSuperseded':
      return { ...next, status: 'superseded', superseded: { ...fact.data, at: fact.occurredAt, eventId: fact.eventId } };
  }
}

export const foldReport = (facts: Iterable<ReportFact>): ReportLifeState => [...facts].reduce(evolveReport, NO_REPORT);

/** A report as lists need it: without the long texts, which stand in its stream. */
export interface KnownReport extends ReportLife {
  readonly id: string;
}

/** All reports, from their facts in the order of the log. Long texts are not kept: a province has thousands of reports in the course of the years. */
export class Reports {
  private readonly kept = new Map<string, ReportLifeState>();

  apply(id: string, fact: ReportFact): void {
    this.kept.set(id, withoutTexts(evolveReport(this.kept.get(id) ?? NO_REPORT, fact)));
  }

  get(id: string): KnownReport | undefined {
    const state = this.kept.get(id);
    return state?.kind === 'report' ? { id, ...state } : undefined;
  }

  /** Oldest first. */
  all(): readonly KnownReport[] {
    return [...this.kept].flatMap(([id, state]) => (state.kind === 'report' ? [{ id, ...state }] : []));
  }
}

function withoutTexts(state: ReportLifeState): ReportLifeState {
  if (state.kind === 'none') return state;
  return { ...state, content: null, issued: state.issued && { ...state.issued, content: null, template: { ...state.issued.template, text: '' } } };
}

export type Punctuality = 'on-time' | 'late' | 'waiting' | 'overdue';

/** How an owed report stands at a day: issued by its due day or after it, or not yet. Undefined for one that nobody asked for. */
export function punctualityOf({ due, issued }: Pick<ReportLife, 'due' | 'issued'>, at: { readonly issuedOn: string | null; readonly today: string }): Punctuality | undefined {
  if (due === null) return undefined;
  if (issued !== null && at.issuedOn !== null) return at.issuedOn <= due.dueOn ? 'on-time' : 'late';
  return at.today <= due.dueOn ? 'waiting' : 'overdue';
}
