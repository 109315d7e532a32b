import { bullet as taskBullet, CELL_DEFINITIONS, FLOW_DEFINITIONS, OUT_DEFINITIONS, PART_DEFINITIONS, percentVi, RATES, rateOf, sentence as taskSentence, type Counts, type Rounding } from '#figures';
import { amountVi, BLANK, NOT_APPLICABLE, type Amount, type AmountStyle, type IndicatorReading } from '#indicators';
import { dayVi, type Instant } from '#kernel';
import type { PlanState } from '#plans';
import { GAP_OPEN, signedOnVi, type Report, type ReportCell, type ReportFigure, type ReportGap, type ReportItem, type ReportParameters, type ReportSection, type Run } from './model.ts';
import type { ReportFields } from './events.ts';
import { romanNumber } from './numbering.ts';
import { printable } from './words.ts';
import { REPORT_WORDS, UPDATED, type Parameter, type Piece, type Reference, type ReportContent, type ReportWord, type ReportTemplate, type Sentence, type TemplateItem, type TemplateSection } from './template.ts';

/** Where live figures come from. What a source does not have becomes a marked gap in the report, never a zero. */
export interface ReportSources {
  /** The figures of the unit in the period at the cut-off; null where there are none to be had. */
  readonly tasks: { readonly counts: Counts; readonly rounding: Rounding; /** How many of N their lead told something about in the program. */ readonly updated: number } | null;
  /** The same figures of the tasks to hand in the unit's own periodic reports. */
  readonly reports: Counts | null;
  readonly plan: (code: string, year: number) => PlanState | undefined;
  readonly indicator: (code: string) => IndicatorReading | undefined;
}

export interface BuildRequest {
  readonly template: ReportTemplate;
  readonly content: ReportContent | null;
  /** What the office filled in beside its text; goes before what the text and the template say. */
  readonly fields?: ReportFields;
  readonly parameters: ReportParameters;
  readonly sources: ReportSources;
}

/** Puts a report together: the form, what the office wrote, and the figures as they stand at the report's point. Pure: the same input gives the same report. */
export function buildReport(request: BuildRequest): Report {
  return new Builder(request).build();
}

/** One figure as these sources have it, whatever sentence it stands in: what two periods are compared by. */
export function figureOf(request: BuildRequest, reference: Reference): Pick<ReportFigure, 'amount' | 'name' | 'measure' | 'text'> {
  const { amount, text, name, measure } = new Builder(request).note(reference, 'table', '');
  return { amount, text, name, measure };
}

const TASK_NAMES: Readonly<Record<string, string>> = Object.fromEntries([
  ['N', 'Tổng số việc được giao'],
  ...[CELL_DEFINITIONS, PART_DEFINITIONS, FLOW_DEFINITIONS, OUT_DEFINITIONS].flatMap((definitions) => Object.entries(definitions).map(([code, { name }]) => [code, name] as const)),
]);

const REPORT_NAMES: Readonly<Record<ReportWord, string>> = {
  owed: 'Báo cáo định kỳ phải gửi', sent: 'Báo cáo định kỳ đã gửi', onTime: 'Báo cáo định kỳ gửi đúng thời hạn', late: 'Báo cáo định kỳ gửi chậm', overdue: 'Báo cáo định kỳ quá hạn chưa gửi',
};

/** By which a figure of the tasks of reports is known to be one, and not of the indicator that stands in for it. */
export const reportsCode = (what: ReportWord): string => `báo cáo ${Object.entries(REPORT_WORDS).find(([, one]) => one === what)![0]}`;

/** "97,81 %" → 9781. */
const shareOf = (text: string): Amount => ({ kind: 'percent', hundredths: Math.round(Number(text.slice(0, -2).replaceAll('.', '').replace(',', '.')) * 100) });

class Builder {
  private readonly figures: ReportFigure[] = [];
  private readonly gaps: ReportGap[] = [];
  private readonly cited = new Set<string>();
  private readonly request: BuildRequest;
  private readonly year: number;
  /** The head and foot as the office wants them. */
  private readonly head: Pick<ReportContent, 'number' | 'date' | 'agency' | 'parentAgency' | 'signerTitle'> & { readonly place?: string; readonly recipients?: readonly string[] };

  constructor(request: BuildRequest) {
    this.request = request;
    const { place, number, date, agency, parentAgency, signerTitle }: Partial<ReportContent> = request.content ?? {};
    this.head = { ...Object.fromEntries(Object.entries({ place, number, date, agency, parentAgency, signerTitle }).filter(([, value]) => value !== undefined)), ...request.fields };
    this.year = Number(request.parameters.to.slice(0, 4));
  }

  build(): Report {
    const { template, content, parameters } = this.request;
    const date = this.head.date ?? null;
    const agency = this.head.agency ?? parameters.unitName;
    const number = this.head.number ?? '';
    const text = (sentence: Sentence, where: string): string => this.runs(sentence, where).map((run) => run.text).join('');
    const opening = this.items(template.opening, 'opening');
    const sections = template.sections.map((section, n) => this.section(section, n, 1));
    const several = template.appendices.length > 1;
    const attached = `(Kèm theo Báo cáo số ${number === '' ? `…/${template.notation}` : number} ${signedOnVi('', date).slice(2)} của ${agency})`;
    const appendices = template.appendices.map((appendix, n) => ({
      key: appendix.key, number: several ? romanNumber(n + 1) : '', title: text(appendix.title, appendix.key), attached, landscape: appendix.landscape, columns: appendix.columns,
      rows: appendix.rows.map(({ cells }, row) => {
        const place = `${appendix.key}.${String(row + 1)}`;
        return { place, cells: Object.fromEntries(appendix.columns.map(({ key }) => [key, this.cell(cells[key] ?? [], place)])) };
      }),
      footnotes: appendix.footnotes.map((one) => text(one, appendix.key)),
    }));
    return {
      template: { id: template.id, version: template.version, name: template.name, suggested: template.suggested },
      parameters,
      head: {
        parentAgency: this.head.parentAgency ?? '', agency, number: number === '' ? `/${template.notation}` : number, date, place: this.head.place ?? '', abstract: text(template.abstract, 'head'),
        addressees: template.addressees.map((one) => text(one, 'head')),
        attachments: appendices.length === 0 ? '' : `(Kèm theo ${appendices.length === 1 ? 'Phụ lục' : appendices.map((one) => `Phụ lục ${one.number}`).join(', ')})`,
      },
      opening, sections, appendices,
      signature: { title: this.head.signerTitle ?? template.signerTitle },
      recipients: this.head.recipients ?? template.recipients.map((one) => text(one, 'head')),
      figures: this.figures, gaps: this.gaps,
      documents: (content?.documents ?? []).filter(({ code }) => this.cited.has(code)),
    };
  }

  private section({ key, heading, items, sections }: TemplateSection, n: number, level: number): ReportSection {
    return {
      key, level, number: level === 1 ? `${romanNumber(n + 1)}.` : level === 2 ? `${String(n + 1)}.` : `${String.fromCharCode(97 + n)})`,
      heading: this.runs(heading, key).map((run) => run.text).join(''), items: this.items(items, key), sections: sections.map((one, m) => this.section(one, m, level + 1)),
    };
  }

  private items(items: readonly TemplateItem[], where: string): ReportItem[] {
    return items.flatMap((item): ReportItem[] => {
      if (item.kind === 'sentence') {
        const runs = this.runs(item.sentence, where);
        // A sentence of which every part was left out is no sentence.
        return runs.length === 0 ? [] : [{ bullet: item.bullet, runs }];
      }
      const written = this.request.content?.slots[item.slot] ?? [];
      if (written.length === 0 && item.required) return [{ bullet: false, runs: [this.gap(where, `lời văn “${item.slot}”`)] }];
      return written.map(({ bullet, sentence }) => ({ bullet, runs: this.runs(sentence, where) }));
    });
  }

  private gap(where: string, why: string, figure?: string): Run {
    this.gaps.push({ where, why });
    return { kind: 'gap', text: `${GAP_OPEN}${why}]`, ...(figure === undefined ? {} : { figure }) };
  }

  private runs(sentence: Sentence, where: string): Run[] {
    return sentence.flatMap((piece) => this.piece(piece, where));
  }

  private piece(piece: Piece, where: string): Run[] {
    switch (piece.kind) {
      case 'text':
        return [{ kind: 'text', text: printable(piece.text) }];
      case 'dated':
        return [{ kind: 'dated', text: piece.text, from: piece.from, to: piece.to, what: piece.what }];
      case 'parameter':
        return this.parameter(piece.parameter, where);
      case 'document':
        return [this.document(piece.code, where)];
      case 'figure':
        return [this.figureRun(piece.reference, piece.style ?? 'prose', where)];
      case 'optional': {
        const worth = piece.pieces.some((one) => {
          if (one.kind !== 'figure') return false;
          const { amount } = this.resolve(one.reference);
          return !(amount.kind === 'not-applicable' || (amount.kind === 'count' && amount.number === 0));
        });
        return worth ? this.runs(piece.pieces, where) : [];
      }
    }
  }

  private parameter(parameter: Parameter, where: string): Run[] {
    const { parameters } = this.request;
    const plain = (text: string): Run[] => [{ kind: 'text', text }];
    switch (parameter) {
      case 'period':
        return plain(parameters.periodWords);
      case 'year':
        return plain(String(this.year));
      case 'nextYear':
        return plain(String(this.year + 1));
      case 'unit':
        return plain(this.head.agency ?? parameters.unitName);
      case 'asOf':
        return plain(dayVi(parameters.asOf));
      case 'from':
        return plain(dayVi(parameters.from));
      case 'to':
        return plain(dayVi(parameters.to));
      case 'sentence':
        return this.taskSentence(where);
    }
  }

  /** The sentence of the task figures, with every number in it noted as a figure of the report. */
  private taskSentence(where: string): Run[] {
    const { tasks } = this.request.sources;
    if (tasks === null) return [this.gap(where, 'số liệu việc được giao')];
    const { counts, rounding } = tasks;
    for (const what of ['R2', 'N']) this.note({ of: 'tasks', what }, 'prose', where);
    for (const [what, always] of [['D1', true], ['D2', false], ['D3', false], ['O1', false], ['O2', true], ['O3', false], ['X', false]] as const) {
      if (always || counts.cells[what] > 0) this.note({ of: 'tasks', what }, 'prose', where);
    }
    const whole = taskSentence(counts, this.request.parameters.asOf, rounding);
    return [{ kind: 'text', text: taskBullet(whole).slice(2) }];
  }

  private document(code: string, where: string): Run {
    const found = this.request.content?.documents.find((one) => one.code === code);
    if (!found) return this.gap(where, `văn bản “${code}”`);
    this.cited.add(code);
    const { kind, number, date } = found;
    return { kind: 'document', code, text: printable(`${kind === undefined ? '' : `${kind} `}số ${number}${date === undefined ? '' : ` ngày ${dayVi(date)}`}`) };
  }

  note(reference: Reference, style: AmountStyle, where: string): ReportFigure {
    const resolved = this.resolve(reference);
    const { amount } = resolved;
    const text = amount.kind === 'gap' ? '' : printable(resolved.text ?? amountVi(amount, style));
    const figure: ReportFigure = { id: `f${String(this.figures.length + 1).padStart(3, '0')}`, where, reference, amount, text, name: resolved.name, measure: resolved.measure, role: reference.of === 'target' ? 'target' : 'result', year: this.year + (reference.of === 'target' ? reference.year : 0), source: resolved.source };
    this.figures.push(figure);
    return figure;
  }

  private figureRun(reference: Reference, style: AmountStyle, where: string): Run {
    const { id, amount, text, name } = this.note(reference, style, where);
    if (amount.kind === 'gap') return this.gap(where, amount.why, id);
    // A sentence cannot say "blank": what nobody has reported is marked like what is not there.
    if (amount.kind === 'blank') return this.gap(where, `chưa báo cáo ${name}`, id);
    return { kind: 'figure', figure: id, text: amount.kind === 'not-applicable' ? 'không áp dụng' : text };
  }

  private cell(sentence: Sentence, where: string): ReportCell {
    const [piece, ...more] = sentence;
    if (piece?.kind === 'figure' && more.length === 0) {
      const { id, amount, text } = this.note(piece.reference, piece.style ?? 'table', where);
      if (amount.kind === 'gap') {
        this.gaps.push({ where, why: amount.why });
        return { text: `${GAP_OPEN}${amount.why}]`, amount, figure: id };
      }
      return { text, amount, figure: id };
    }
    const text = this.runs(sentence, where).map((run) => run.text).join('');
    return text === '' ? { text, amount: BLANK } : { text };
  }

  private resolve(reference: Reference): Pick<ReportFigure, 'amount' | 'name' | 'measure' | 'source'> & { readonly text?: string } {
    switch (reference.of) {
      case 'tasks':
        return this.ofTasks(reference);
      case 'sections': {
        const find = (sections: readonly TemplateSection[]): TemplateSection | undefined => sections.find(({ key }) => key === reference.under) ?? sections.map((one) => find(one.sections)).find((one) => one !== undefined);
        return { amount: { kind: 'count', number: find(this.request.template.sections)?.sections.length ?? 0 }, name: `số mục của phần ${reference.under}`, measure: 'nội dung', source: { code: `phần ${reference.under}` } };
      }
      case 'reports':
        return this.ofReports(reference);
      case 'plan':
        return this.ofPlan(reference.code, reference.what);
      default:
        return this.ofIndicator(reference);
    }
  }

  private ofTasks({ what, side }: Extract<Reference, { of: 'tasks' }>): ReturnType<Builder['resolve']> {
    const { tasks } = this.request.sources;
    if (what === UPDATED) return this.ofUpdates(side);
    const rate = RATES.find(({ code }) => code === what);
    const named = { name: rate?.name ?? TASK_NAMES[what] ?? what, measure: rate === undefined || side !== undefined ? 'việc' : '%', source: { code: `việc ${what}` } };
    if (tasks === null) return { amount: { kind: 'gap', why: `số liệu việc được giao (${named.name})` }, ...named };
    const { counts, rounding } = tasks;
    if (rate) {
      const { numerator, denominator, text } = rateOf(rate, counts, rounding);
      if (side !== undefined) return { amount: { kind: 'count', number: side === 'numerator' ? numerator : denominator }, ...named };
      return { amount: denominator === 0 ? { kind: 'text', text } : shareOf(text), text, ...named };
    }
    const all: Readonly<Record<string, number>> = { ...counts.cells, ...counts.parts, ...counts.out, ...counts.flow, N: counts.total };
    const number = all[what];
    return { amount: number === undefined ? { kind: 'gap', why: `số liệu việc “${what}”` } : { kind: 'count', number }, ...named };
  }

  /** Of all tasks given, how many their lead reported progress or completion of in the program. */
  private ofUpdates(side: Extract<Reference, { of: 'tasks' }>['side']): ReturnType<Builder['resolve']> {
    const { tasks } = this.request.sources;
    const named = { name: 'Việc được cập nhật trên phần mềm', measure: side === undefined ? '%' : 'việc', source: { code: `việc ${UPDATED}` } };
    if (tasks === null) return { amount: { kind: 'gap', why: `số liệu việc được giao (${named.name})` }, ...named };
    const { updated, counts: { total }, rounding } = tasks;
    if (side !== undefined) return { amount: { kind: 'count', number: side === 'numerator' ? updated : total }, ...named };
    const text = percentVi(updated, total, rounding);
    return { amount: total === 0 ? { kind: 'text', text } : shareOf(text), text, ...named };
  }

  private ofReports({ what, otherwise }: Extract<Reference, { of: 'reports' }>): ReturnType<Builder['resolve']> {
    const { reports } = this.request.sources;
    // A unit that was given no report to hand in has none that could be late: that is not a 0, and what it told of itself goes before it.
    const none = reports === null || reports.total === 0;
    if (none && otherwise !== undefined) return this.ofIndicator(otherwise);
    const named = { name: REPORT_NAMES[what], measure: 'báo cáo', source: { code: reportsCode(what) } };
    if (reports === null) return { amount: { kind: 'gap', why: `số liệu báo cáo phải gửi (${named.name})` }, ...named };
    if (none) return { amount: NOT_APPLICABLE, ...named };
    const { D1, D2, D3, V1, V2, V3, O2 } = reports.cells;
    return { amount: { kind: 'count', number: { owed: reports.total, sent: D1 + D2 + D3 + V1 + V2 + V3, onTime: D1 + V1, late: D2 + V2, overdue: O2 }[what] }, ...named };
  }

  private ofPlan(code: string, what: Extract<Reference, { of: 'plan' }>['what']): ReturnType<Builder['resolve']> {
    const plan = this.request.sources.plan(code, this.year);
    const words = { items: 'số nhiệm vụ', done: 'số nhiệm vụ đã hoàn thành', issued: 'ngày ban hành', note: 'ghi chú', title: 'tên' }[what];
    if (plan === undefined) return { amount: { kind: 'gap', why: `kế hoạch “${code}” năm ${String(this.year)}` }, name: `${words} của kế hoạch ${code}`, measure: 'nhiệm vụ', source: { code: `kế hoạch ${code}` } };
    const done = plan.items.filter((item) => item.done);
    const amount = ((): Amount => {
      if (what === 'title') return { kind: 'text', text: plan.title };
      if (what === 'note') return plan.note === undefined ? BLANK : { kind: 'text', text: plan.note };
      if (!plan.applicable) return NOT_APPLICABLE;
      if (what === 'issued') return plan.issuedOn === undefined ? BLANK : { kind: 'day', day: plan.issuedOn };
      // A plan whose items nobody has entered has no number to report: that is blank, and not "0 of 0".
      if (plan.items.length === 0) return BLANK;
      return { kind: 'count', number: what === 'items' ? plan.items.length : done.length };
    })();
    const proofs = done.flatMap((item) => item.done?.evidence?.number ?? []);
    return {
      amount, name: `${words} của ${plan.title}`, measure: 'nhiệm vụ',
      source: { code: `kế hoạch ${code}`, owner: plan.unitId, lastChange: plan.lastFact.occurredAt, ...(plan.document === undefined ? {} : { evidence: plan.document.number }), ...(what === 'done' && proofs.length > 0 ? { evidence: proofs.slice(0, 3).join(', ') + (proofs.length > 3 ? `… (${String(proofs.length)})` : '') } : {}) },
    };
  }

  private ofIndicator(reference: Extract<Reference, { of: 'indicator' | 'indicator-note' | 'target' }>): ReturnType<Builder['resolve']> {
    const { code } = reference;
    const found = this.request.sources.indicator(code);
    if (found === undefined) return { amount: { kind: 'gap', why: `chỉ tiêu “${code}”` }, name: code, measure: '', source: { code: `chỉ tiêu ${code}` } };
    const { name, measure, evidence, validFrom, carriedOver, lastChange } = found;
    const lastly: { readonly lastChange: Instant } = { lastChange };
    const source = { code: `chỉ tiêu ${code}${reference.of === 'indicator' && reference.part !== undefined ? `.${reference.part}` : ''}`, owner: found.ownerUnitId ?? found.unitId, ...lastly };
    if (reference.of === 'target') return { amount: found.targets[String(this.year + reference.year)] ?? BLANK, name, measure, source };
    const proof = evidence?.number ?? evidence?.title;
    const whole = { ...source, carriedOver, ...(validFrom === undefined ? {} : { validFrom }), ...(proof === undefined ? {} : { evidence: proof }) };
    if (reference.of === 'indicator-note') return { amount: found.note === undefined ? BLANK : { kind: 'text', text: found.note }, name: `ghi chú của ${name}`, measure, source: whole };
    return { amount: reference.part === undefined ? found.amount : found.parts[reference.part] ?? BLANK, name, measure, source: whole };
  }
}
