import type { Amount } from '#indicators';
import type { Day } from '#kernel';
import { amountOfText } from './words.ts';
import { reportsCode } from './build.ts';
import { itemText, sectionsOf, type Report, type ReportFigure, type ReportItem } from './model.ts';
import type { Reference } from './template.ts';

/*
 * A report as the consistency check looks at it, whether this program wrote it or somebody transcribed it from paper. What is missing in one of
 * the two is left out, and the rules that need it say nothing.
 */

export interface CheckedFigure {
  readonly id: string;
  readonly where: string;
  /** As printed; null where nothing is. */
  readonly text: string | null;
  readonly amount: Amount | { readonly kind: 'gap'; readonly why: string };
  readonly measure: string;
  /** What is counted. */
  readonly counts: string;
  readonly role: 'result' | 'target';
  /** Figures with the same key speak of the same thing; where there is none, the words in `counts` decide. */
  readonly key?: string;
  /** A fraction printed beside a share. */
  readonly beside?: { readonly numerator: number; readonly denominator: number };
  readonly carriedOver?: boolean;
}

export interface CheckedItem {
  readonly text: string;
  readonly bullet: boolean;
  readonly figures: readonly string[];
  readonly documents: readonly string[];
}

export interface CheckedSection {
  readonly key: string;
  readonly parent: string | null;
  readonly number: string;
  readonly heading: string;
  readonly items: readonly CheckedItem[];
}

export interface CheckedDocument {
  readonly code: string;
  readonly number: string;
  readonly date?: Day;
  readonly issuer: string;
  readonly content: string;
  readonly where: readonly string[];
  readonly variants: readonly { readonly where: string; readonly asPrinted: string }[];
}

export interface CheckedTable {
  readonly key: string;
  /** As printed on paper: "1" or "I". */
  readonly number: string;
  readonly attached: string;
  readonly columns: readonly { readonly key: string; readonly heading: string; readonly group?: string }[];
  readonly rows: readonly { readonly place: string; readonly cells: Readonly<Record<string, { readonly text: string; readonly amount: CheckedFigure['amount'] }>> }[];
}

export interface CheckedReport {
  readonly number: string;
  readonly date: Day | null;
  readonly issuer: string;
  /** First and last day of the period. */
  readonly from: Day;
  readonly to: Day;
  readonly cutOff: { readonly day: Day; readonly where: string } | null;
  readonly signer: { readonly title: string; readonly asPrinted: string };
  readonly sections: readonly CheckedSection[];
  readonly figures: readonly CheckedFigure[];
  readonly documents: readonly CheckedDocument[];
  readonly tables: readonly CheckedTable[];
  readonly dated: readonly { readonly where: string; readonly text: string; readonly from: Day; readonly to: Day; readonly what: string }[];
  readonly gaps: readonly { readonly where: string; readonly why: string }[];
}

/** What the check sees of a report that this program put together. */
export function checkedReport(report: Report): CheckedReport {
  const where = new Map<string, string[]>();
  const dated: CheckedReport['dated'][number][] = [];
  const item = (one: ReportItem, place: string): CheckedItem => {
    const documents = one.runs.flatMap((run) => (run.kind === 'document' ? [run.code] : []));
    for (const code of documents) where.set(code, [...(where.get(code) ?? []).filter((known) => known !== place), place]);
    for (const run of one.runs) if (run.kind === 'dated') dated.push({ where: place, text: run.text, from: run.from, to: run.to, what: run.what });
    const figures = one.runs.flatMap((run) => ((run.kind === 'figure' || run.kind === 'gap') && run.figure !== undefined ? [run.figure] : []));
    return { text: itemText(one), bullet: one.bullet, figures, documents };
  };
  const sections: CheckedSection[] = [{ key: 'opening', parent: null, number: '', heading: '', items: report.opening.map((one) => item(one, 'opening')) }];
  const parents = new Map<string, string>();
  for (const section of sectionsOf(report.sections)) {
    for (const child of section.sections) parents.set(child.key, section.key);
    sections.push({ key: section.key, parent: parents.get(section.key) ?? null, number: section.number, heading: section.heading, items: section.items.map((one) => item(one, section.key)) });
  }
  const inTables = new Set(report.appendices.flatMap(({ rows }) => rows.map(({ place }) => place)));
  const tasks = report.figures.find(({ reference }) => reference.of === 'tasks');
  return {
    number: report.head.number, date: report.head.date, issuer: report.head.agency, from: report.parameters.from, to: report.parameters.to,
    cutOff: tasks === undefined ? null : { day: report.parameters.asOf, where: tasks.where },
    signer: { title: report.signature.title, asPrinted: report.signature.title },
    sections, dated, gaps: report.gaps,
    figures: report.figures.filter((figure) => !inTables.has(figure.where)).map((figure): CheckedFigure => {
      const reference = usedReference(figure);
      const key = reference.of === 'indicator' || reference.of === 'target' ? reference.code : reference.of === 'tasks' && reference.what === 'R2' ? 'viec-dung-han' : undefined;
      const beside = reference.of === 'tasks' && reference.what === 'R2' ? besideOf(report, figure.where) : undefined;
      return {
        id: figure.id, where: figure.where, text: figure.text === '' ? null : figure.text, amount: figure.amount, measure: figure.measure, counts: figure.name, role: figure.role,
        ...(key === undefined ? {} : { key }), ...(beside === undefined ? {} : { beside }), ...(figure.source.carriedOver === undefined ? {} : { carriedOver: figure.source.carriedOver }),
      };
    }),
    documents: report.documents.map(({ code, number, date, issuer, content, variants = [] }) => ({ code, number, issuer, content, variants, where: where.get(code) ?? [], ...(date === undefined ? {} : { date }) })),
    tables: report.appendices.map(({ key, number, attached, columns, rows }) => ({
      key, number, attached, columns,
      rows: rows.map(({ place, cells }) => ({ place, cells: Object.fromEntries(Object.entries(cells).map(([name, { text, amount }]) => [name, { text, amount: amount ?? amountOfText(text) }])) })),
    })),
  };
}

/** Where the figure was taken from in the end: what a unit told of its reports itself is an indicator like any other. */
function usedReference({ reference, source }: ReportFigure): Reference {
  return reference.of === 'reports' && reference.otherwise !== undefined && source.code !== reportsCode(reference.what) ? reference.otherwise : reference;
}

/** The fraction that the sentence of the task figures prints before its rate. */
function besideOf(report: Report, where: string): CheckedFigure['beside'] {
  for (const section of sectionsOf(report.sections)) {
    if (section.key !== where) continue;
    for (const one of section.items) {
      const m = /đúng hạn ([\d.]+)\/([\d.]+) việc/u.exec(itemText(one));
      if (m) return { numerator: Number(m[1]!.replaceAll('.', '')), denominator: Number(m[2]!.replaceAll('.', '')) };
    }
  }
  return undefined;
}
