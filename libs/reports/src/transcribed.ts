import { BLANK, NOT_APPLICABLE, type Amount } from '#indicators';
import type { Day } from '#kernel';
import { readPeriod } from '#figures';
import type { CheckedFigure, CheckedItem, CheckedReport, CheckedSection } from './checked.ts';
import { monthRange, quarterRange } from './sentence.ts';
import { amountOfText } from './words.ts';

interface Cell {
  readonly kind: 'value' | 'blank' | 'not-applicable';
  readonly text?: string;
  readonly date?: Day;
  readonly asPrinted?: string;
}
interface Figure {
  readonly id: string;
  readonly text: string | null;
  readonly value?: Cell;
  readonly number?: number;
  readonly unit: string;
  readonly counts: string;
  readonly where: string;
  readonly role?: string;
  readonly year?: number;
  readonly comparison?: string;
  readonly printedBeside?: string;
  readonly repeats?: string;
}
interface Section {
  readonly key: string;
  readonly printedNumber: string | null;
  readonly heading: string | null;
  readonly items?: readonly { readonly summary: string; readonly documents?: readonly string[]; readonly figures?: readonly string[] }[];
  readonly children?: readonly Section[];
}

/** A report on paper, transcribed as `data/2020/57-BC-TTT-2020.json` is. Only what is printed is read: not what the transcriber thought of it. */
export interface TranscribedReport {
  readonly head: { readonly number: Cell; readonly date: Cell; readonly issuer: Cell; readonly signer: { readonly position: Cell }; readonly dataCutOff: Cell & { readonly appliesTo: string }; readonly reportingYear: number };
  readonly outline: readonly Section[];
  readonly figures: readonly Figure[];
  readonly datedFacts: readonly { readonly text: string; readonly date?: Day; readonly period?: string; readonly what: string; readonly where: string }[];
  readonly documents: readonly { readonly id: string; readonly number: string | null; readonly date: Day | null; readonly issuer: string; readonly content: string; readonly where: readonly string[]; readonly variants?: readonly { readonly where: string; readonly asPrinted: string }[] }[];
  readonly appendices: readonly {
    readonly number: number;
    readonly attachedTo: string;
    readonly columns: readonly { readonly key: string; readonly heading: string }[];
    readonly columnGroups?: readonly { readonly heading: string; readonly columns: readonly string[] }[];
    readonly rows: readonly { readonly no: number; readonly cells: Readonly<Record<string, Cell>> }[];
  }[];
}

/** What the check sees of a transcribed report. */
export function transcribedReport({ head, outline, figures, datedFacts, documents, appendices }: TranscribedReport): CheckedReport {
  const repeated = new Map(figures.flatMap(({ id, repeats }) => (repeats === undefined ? [] : [[id, repeats] as const])));
  const sections: CheckedSection[] = [];
  const items = new Map<string, string>();
  const countsOf = new Map(figures.map(({ id, counts }) => [id, counts]));
  const take = (section: Section, parent: string | null): void => {
    const found = (section.items ?? []).map(({ summary, documents: cited = [], figures: stated = [] }): CheckedItem => {
      for (const id of stated) items.set(id, summary);
      // The transcription abridges: a bullet printed twice is written out once, and its copy names the figures that it repeats.
      const copy = stated.length > 0 && stated.every((id) => repeated.has(id)) ? items.get(repeated.get(stated[0]!)!) : undefined;
      return { text: copy ?? summary, bullet: true, figures: stated, documents: cited };
    });
    sections.push({ key: section.key, parent, number: section.printedNumber ?? '', heading: section.heading ?? '', items: found });
    for (const child of section.children ?? []) take(child, section.key);
  };
  for (const section of outline) take(section, null);
  const period = readPeriod(String(head.reportingYear))!;
  const position = head.signer.position;
  return {
    number: head.number.text ?? '', date: head.date.date ?? null, issuer: head.issuer.text ?? '', from: period.from, to: period.to,
    cutOff: head.dataCutOff.date === undefined ? null : { day: head.dataCutOff.date, where: head.dataCutOff.appliesTo.split(':')[0]! },
    signer: { title: position.text ?? '', asPrinted: position.asPrinted ?? position.text ?? '' },
    sections, gaps: [],
    figures: figures.map((figure): CheckedFigure => {
      const m = /^(\d+)\/(\d+)$/.exec(figure.printedBeside ?? '');
      return {
        id: figure.id, where: figure.where, text: figure.text, amount: amountOf(figure), measure: figure.unit, counts: countsOf.get(/^như (f\d+)/u.exec(figure.counts)?.[1] ?? '') ?? figure.counts, role: figure.role === 'target' ? 'target' : 'result',
        ...(m ? { beside: { numerator: Number(m[1]), denominator: Number(m[2]) } } : {}),
      };
    }),
    documents: documents.flatMap(({ id, number, date, issuer, content, where, variants = [] }) => (number === null ? [] : [{ code: id, number, issuer, content, where, variants, ...(date === null ? {} : { date }) }])),
    tables: appendices.map(({ number, attachedTo, columns, columnGroups = [], rows }) => ({
      key: `PL${String(number)}`, number: String(number), attached: attachedTo,
      columns: columns.map(({ key, heading }) => {
        const group = columnGroups.find(({ columns: inGroup }) => inGroup.includes(key))?.heading;
        return { key, heading, ...(group === undefined ? {} : { group }) };
      }),
      rows: rows.map(({ no, cells }) => ({ place: `PL${String(number)}.${String(no)}`, cells: Object.fromEntries(Object.entries(cells).map(([key, cell]) => [key, { text: textOf(cell), amount: cellAmount(cell) }])) })),
    })),
    dated: datedFacts.flatMap(({ text, date, what, where }) => {
      const short = /^(?:quý|tháng) (\S+)$/iu.exec(text)?.[1] ?? '';
      const range = date === undefined ? quarterRange(short) ?? monthRange(short) : ([date, date] as const);
      return range === undefined || where.startsWith('PL') ? [] : [{ where, text, from: range[0], to: range[1], what }];
    }),
  };
}

const textOf = ({ kind, text }: Cell): string => (kind === 'not-applicable' ? '-' : kind === 'blank' ? '' : text ?? '');

/** The amount a transcribed cell stands for. */
export function cellAmount(cell: Cell): Amount {
  if (cell.kind === 'blank') return BLANK;
  if (cell.kind === 'not-applicable') return NOT_APPLICABLE;
  return cell.date === undefined ? amountOfText(cell.text ?? '') : { kind: 'day', day: cell.date };
}

function amountOf({ value, number, unit, comparison }: Figure): Amount {
  if (value !== undefined && value.kind !== 'value') return cellAmount(value);
  if (number === undefined) return BLANK;
  if (unit !== '%') return { kind: 'count', number };
  return { kind: 'percent', hundredths: number * 100, ...(comparison === '>=' ? { comparison: 'atLeast' } : comparison === '>' ? { comparison: 'over' } : {}) };
}

