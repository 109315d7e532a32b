import type { Counts, Period } from '#figures';
import { readPeriod } from '#figures';
import { addDays, dayOf, dayVi, isDay, isoInstant, Problem, type Day } from '#kernel';
import { indicatorStream } from '#indicators';
import { planStream } from '#plans';
import { buildReport, figureOf, type BuildRequest, type KnownReport, type Reference, type Report, type ReportFigure, type ReportLife } from '#reports';
import { answerChanges } from '../figures/figures-changes.ts';
import type { Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { indicatorIdOf, planIdOf } from './report-data.ts';
import { basisOf } from './report-lives.ts';
import { periodWords, sourcesAt, type ReportBasis } from './report-service.ts';

type Amount = ReportFigure['amount'];

export interface FigureValue {
  /** As printed in a table; empty where nothing was reported. */
  readonly text: string;
  readonly amount: Amount;
  /** Whether there is anything to compare: what is not there is said to be not there, and is no 0. */
  readonly state: 'value' | 'blank' | 'not-applicable' | 'no-data';
}

const valueOf = ({ amount, text }: Pick<ReportFigure, 'amount' | 'text'>): FigureValue => ({ text, amount, state: amount.kind === 'gap' ? 'no-data' : amount.kind === 'blank' || amount.kind === 'not-applicable' ? amount.kind : 'value' });

interface Asked {
  readonly where: string;
  readonly reference: Reference;
}

/** Every figure that stands in one of the reports, once for each place, in the order of the first. */
function referencesOf(reports: readonly Report[]): readonly Asked[] {
  const asked = new Map<string, Asked>();
  for (const { figures } of reports) for (const { where, reference } of figures) asked.set(`${where} ${JSON.stringify(reference)}`, { where, reference });
  // How many sections stand under another one is a matter of the form.
  return [...asked.values()].filter(({ reference }) => reference.of !== 'sections');
}

/** The same figures out of two sets of sources. */
function sideBySide(first: BuildRequest, second: BuildRequest): readonly (Asked & { readonly name: string; readonly measure: string; readonly first: FigureValue; readonly second: FigureValue })[] {
  return referencesOf([buildReport(first), buildReport(second)]).map(({ where, reference }) => {
    const [one, other] = [figureOf(first, reference), figureOf(second, reference)];
    const named = one.amount.kind === 'gap' ? other : one;
    return { where, reference, name: named.name, measure: named.measure, first: valueOf(one), second: valueOf(other) };
  });
}

/**
 * What has changed since a report was issued, and why: its figures as they stand in it and as they would come out now, the tasks that make the
 * difference with the events that did it, and what was recorded of the plans and indicators it takes figures from. The report itself stays as it is.
 */
export async function answerReportChanges(id: string, life: ReportLife, limit: string | undefined, runtime: Runtime): Promise<object> {
  const { issued } = life;
  if (!issued) throw new Problem(409, 'report-not-issued', 'Không hợp lệ ở trạng thái hiện tại', 'Báo cáo chưa ban hành: chưa có gì được chốt để so.');
  const basis = basisOf(life, runtime);
  const before = await sourcesAt(basis, runtime);
  const { knownAt, position: _, ...present } = basis;
  const now = await sourcesAt(present, runtime);
  const figures = sideBySide(before.request, now.request).filter(({ first, second }) => JSON.stringify([first.amount, first.text]) !== JSON.stringify([second.amount, second.text]));
  const tasks = await answerChanges(
    { unitId: life.unitId, from: life.from, to: life.to, asOf: life.asOf, knownAt: `position:${String(now.point.position)}`, sinceAsOf: life.asOf, ...(knownAt === undefined ? {} : { sinceKnownAt: knownAt }), ...(limit === undefined ? {} : { limit }) },
    runtime,
  );
  return {
    id, asOf: life.asOf,
    frozen: { issuedAt: isoInstant(issued.at), knownAt: knownAt ?? null, position: String(before.point.position), lastEventId: before.point.lastEventId },
    now: { position: String(now.point.position), lastEventId: now.point.lastEventId },
    figures: figures.map(({ where, name, measure, reference, first, second }) => ({ where, name, measure, reference, before: first, after: second })),
    tasks,
    sources: await recordedSince(life.unitId, figures.map(({ reference }) => reference), Number(life.to.slice(0, 4)), before.point.position, runtime),
    position: String(now.point.position),
  };
}

/** What was recorded of the plans and indicators behind these figures after a position. */
async function recordedSince(unitId: string, references: readonly Reference[], year: number, after: bigint, { log }: Runtime): Promise<readonly object[]> {
  const streams = new Map<string, { readonly of: 'plan' | 'indicator'; readonly code: string; readonly id: string }>();
  for (const given of references) {
    const reference = given.of === 'reports' && given.otherwise !== undefined ? given.otherwise : given;
    if (reference.of === 'plan') {
      const id = planIdOf(unitId, year, reference.code);
      streams.set(planStream(id), { of: 'plan', code: reference.code, id });
    } else if (reference.of === 'indicator' || reference.of === 'indicator-note' || reference.of === 'target') {
      const id = indicatorIdOf(unitId, reference.code);
      streams.set(indicatorStream(id), { of: 'indicator', code: reference.code, id });
    }
  }
  const found: object[] = [];
  for (const [stream, source] of streams) {
    const events = (await log.readStream(stream)).filter(({ position }) => position > after);
    found.push({ ...source, events: events.map(({ id, type, position, occurredAt, recordedAt, metadata }) => ({ id, type, position: String(position), occurredAt: isoInstant(occurredAt), recordedAt: isoInstant(recordedAt), actor: metadata.actor })) });
  }
  return found;
}

export const COMPARED_WITH = ['previous', 'last-year'] as const;
export type ComparedWith = (typeof COMPARED_WITH)[number];

/** The period before one, by its name: 2020-Q1 → 2019-Q4. Undefined for a name that is none. */
export function periodBefore(period: string, what: ComparedWith): string | undefined {
  const m = /^(\d{4})(?:-(Q[1-4]|H[12]|9M|\d{2}))?(-cal)?$/.exec(period);
  if (!m) return undefined;
  const [year, part = '', calendar = ''] = [Number(m[1]), m[2], m[3]];
  const named = (y: number, p: string): string => `${String(y)}${p === '' ? '' : `-${p}`}${calendar}`;
  // Nine months have none of their own kind before them in the year.
  if (what === 'last-year' || part === '' || part === '9M') return named(year - 1, part);
  if (part.startsWith('Q')) return part === 'Q1' ? named(year - 1, 'Q4') : named(year, `Q${String(Number(part[1]) - 1)}`);
  if (part.startsWith('H')) return part === 'H1' ? named(year - 1, 'H2') : named(year, 'H1');
  return part === '01' ? named(year - 1, '12') : named(year, String(Number(part) - 1).padStart(2, '0'));
}

/** The same day of the year before. */
function yearBefore(day: Day): Day {
  const same = `${String(Number(day.slice(0, 4)) - 1)}${day.slice(4)}`;
  return isDay(same) ? same : addDays(`${same.slice(0, 8)}01`, 27);
}

/**
 * The figures of a report beside those of the period before it, or of the same period a year before: as issued then where it was, else as the
 * log has them. A period of which the system has nothing is said to have no data.
 */
export async function answerComparison(id: string, life: ReportLife, what: ComparedWith, runtime: Runtime): Promise<object> {
  const name = periodBefore(life.period, what)!;
  const days = readPeriod(name)!;
  const basis = basisOf(life, runtime);
  const current = await sourcesAt(basis, runtime);
  const issued = issuedFor(life, name, runtime);
  const wanted = what === 'last-year' ? yearBefore(life.asOf) : days.to;
  const asOf = issued?.asOf ?? (wanted < days.from ? days.from : wanted > days.to ? days.to : wanted);
  const first = (await runtime.log.readAll({ after: 0n, categories: ['task'], limit: 1 }))[0];
  const since = first === undefined ? undefined : dayOf(first.occurredAt);
  const hasTasks = (_: Point, period: Period, counts: Counts): boolean => {
    if (since === undefined || since > period.to) return false;
    // Nothing of a unit in a time that the system has only partly seen is no zero either.
    return since <= period.from || counts.total + Object.values(counts.out).reduce((sum, n) => sum + n, 0) > 0;
  };
  const other: ReportBasis = {
    unitId: life.unitId, period: name, days, asOf, template: basis.template, content: null, ...(basis.fields === undefined ? {} : { fields: basis.fields }), hasTasks,
    ...(issued ? { knownAt: issued.known } : basis.knownAt === undefined ? {} : { knownAt: basis.knownAt }),
  };
  const before = await sourcesAt(other, runtime);
  // The words of this report say which figures are compared; they are put over the other period's sources.
  const rows = sideBySide(current.request, { ...before.request, content: current.request.content });
  const partial = since !== undefined && since > days.from && since <= days.to;
  const any = rows.some(({ second }) => second.state === 'value');
  return {
    id, with: what,
    current: { period: life.period, periodWords: periodWords(life.period, life), asOf: life.asOf, issued: life.issued !== null },
    other: {
      period: name, periodWords: periodWords(name, days), from: days.from, to: days.to, asOf, reportId: issued?.id ?? null, hasData: any,
      note: !any
        ? `Hệ thống không có dữ liệu của ${periodWords(name, days)}.`
        : partial ? `Hệ thống chỉ có dữ liệu nhiệm vụ từ ngày ${dayVi(since)}: số liệu nhiệm vụ của ${periodWords(name, days)} chưa đủ.` : null,
    },
    rows: rows.map(({ where, name: label, measure, reference, first: value, second }) => ({ where, name: label, measure, reference, current: value, other: second, difference: differenceOf(value.amount, second.amount) })),
    position: String(current.point.position),
  };
}

/** What is more or less, for counts and exact shares; null where there is nothing to subtract. */
function differenceOf(current: Amount, other: Amount): { readonly kind: 'count' | 'percent'; readonly by: number } | null {
  if (current.kind === 'count' && other.kind === 'count') return { kind: 'count', by: current.number - other.number };
  if (current.kind === 'percent' && other.kind === 'percent' && current.comparison === undefined && other.comparison === undefined) return { kind: 'percent', by: current.hundredths - other.hundredths };
  return null;
}

/** The report in force that the unit issued for a period by the same form. */
function issuedFor({ unitId, templateId }: ReportLife, period: string, { reference }: Pick<Runtime, 'reference'>): { readonly id: string; readonly asOf: Day; readonly known: string } | undefined {
  const found = reference.reports.all().findLast((one: KnownReport) => one.unitId === unitId && one.period === period && one.templateId === templateId && one.issued !== null && one.superseded === null);
  return found?.issued ? { id: found.id, asOf: found.asOf, known: found.issued.known.eventId === null ? 'position:0' : `event:${found.issued.known.eventId}` } : undefined;
}
