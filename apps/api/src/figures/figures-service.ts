import { endOfDay, instantVi, Problem, startOfDay, type Day } from '#kernel';
import { FIXED_DATE_POLICIES, type FixedDatePolicy } from '#deadlines';
import {
  CELLS, FLOWS, OUT_REASONS, PARTS, RATES, RATE_SIDES, balancesOf, breaking, percentVi, rangePeriod, rateOf, rateSide, readPeriod, reportingYearContaining, selecting, sentence, sumCounts,
  type Balance, type Cohort, type CoordinationCounts, type CountedTask, type Counts, type FiguresQuery, type GroupBy, type Period, type Rate, type RateDefinition, type Rounding, type Selector,
} from '#figures';
import type { OrganisedAs } from '#organisation';
import { ONLY, calendarFor, isOnly, tasksOfAll, type Only } from '#oversight';
import { secretCountsIn } from '#secret-counts';
import { officialRateOf } from '#settings';
import type { FiguresDto, FiguresListDto } from '../http/dto.ts';
import { badParameter, oneOf, type Point } from '../http/points.ts';
import type { Sources } from '../sources.ts';

export interface Question {
  readonly query: FiguresQuery;
  /** The same without `only`: what cannot be told of tasks that were picked by how they stand (rates, weeks) is told of all of these. */
  readonly whole: FiguresQuery;
  readonly rounding: Rounding;
  readonly period: Period;
  readonly unitId?: string;
  /** Of the leads of these kinds alone, with commas. */
  readonly unitKind?: string;
  readonly scope: 'self' | 'tree';
  readonly organisedAs: OrganisedAs;
  readonly policy?: FixedDatePolicy;
  readonly groupBy?: GroupBy;
  /** Of the starred tasks alone, or of the others. */
  readonly starred?: boolean;
  /** Of the tasks of documents with this number alone. */
  readonly documentNumber?: string;
  /** Of the tasks alone that these numbers of the dashboard count at the point. */
  readonly only?: readonly Only[];
}

/** Reads the parameters of a figure; each wrong one is named. `period` is fixed where two points are compared. */
export function readQuestion(dto: FiguresDto, point: Point, runtime: Sources, fixed?: Period): Question {
  const period = fixed ?? readPeriodOf(dto, point.day);
  if (point.day < period.from || point.day > period.to) {
    throw new Problem(422, 'cut-off-outside-period', 'Mốc chốt ngoài kỳ', `Mốc tính đến ${point.day} không nằm trong kỳ ${period.from} – ${period.to}.`, { errors: [{ pointer: '?asOf', code: 'cut-off-outside-period', detail: `cần trong ${period.from} – ${period.to}`, given: point.asOf }] });
  }
  const scope = oneOf('scope', dto.scope, ['self', 'tree'], 'self');
  const organisedAs = oneOf<OrganisedAs>('organisedAs', dto.organisedAs, ['was', 'is'], 'was');
  const unitIds = leadsAsked(dto, scope, organisedAs, point, runtime);
  const policy = dto.fixedDatePolicy === undefined ? undefined : oneOf('fixedDatePolicy', dto.fixedDatePolicy, FIXED_DATE_POLICIES, 'all');
  const groupBy = dto.groupBy === undefined ? undefined : oneOf<GroupBy>('groupBy', dto.groupBy, ['unit', 'authority', 'field', 'month'], 'unit');
  const authority = dto.authority === undefined || dto.authority === 'all' ? undefined : dto.authority;
  const { organisation } = runtime.reference;
  const query: FiguresQuery = {
    at: point.at, known: point.known, p0: startOfDay(period.from), p1: endOfDay(period.to),
    cohort: oneOf<Cohort>('cohort', dto.cohort, ['C1', 'C2', 'C3'], 'C2'),
    basis: oneOf('deadlineBasis', dto.deadlineBasis, ['current', 'original'], 'current'),
    ...(organisedAs === 'is' ? { standsUnder: (id: string): string => organisation.successorOf(id, point.known) } : {}),
    ...(unitIds === undefined ? {} : { unitIds }), ...(authority === undefined ? {} : { authority }), ...(dto.field === undefined ? {} : { field: dto.field }), ...(policy === undefined ? {} : { policy }),
  };
  return {
    period, scope, organisedAs, rounding: oneOf<Rounding>('rounding', dto.rounding, ['half-up', 'truncate'], 'half-up'), query, whole: query,
    ...(dto.unitId === undefined ? {} : { unitId: dto.unitId }), ...(dto.unitKind === undefined ? {} : { unitKind: dto.unitKind }), ...(policy === undefined ? {} : { policy }), ...(groupBy === undefined ? {} : { groupBy }),
  };
}

/**
 * The same, of those tasks alone that are starred or come from a document, as known at K: what only the board tells. `only` then narrows them to
 * those that some numbers of the dashboard count at this very point, so that two points are compared number by number.
 */
export async function askQuestion(dto: FiguresDto, point: Point, runtime: Sources, fixed?: Period): Promise<Question> {
  const question = readQuestion(dto, point, runtime, fixed);
  const { board, columns, marks, reference } = runtime;
  const starred = dto.starred === undefined ? undefined : oneOf('starred', dto.starred, ['true', 'false'], 'true') === 'true';
  const documentNumber = dto.documentNumber === undefined || dto.documentNumber.trim() === '' ? undefined : dto.documentNumber.trim();
  const only = dto.only === undefined ? undefined : readOnly(dto.only);
  const stars = starred === undefined ? undefined : await board.starred(point.known);
  const ofDocument = documentNumber === undefined ? undefined : await board.withDocumentNumber(documentNumber, point.known);
  const among = (taskId: string): boolean => (stars === undefined || stars.has(taskId) === starred) && (ofDocument === undefined || ofDocument.has(taskId));
  const whole = stars === undefined && ofDocument === undefined ? question.query : { ...question.query, among };
  const told = { ...question, ...(starred === undefined ? {} : { starred }), ...(documentNumber === undefined ? {} : { documentNumber }), query: whole, whole };
  if (only === undefined) return told;
  const picked = tasksOfAll(only, { columns, marks }, whole, point.day, calendarFor(point.at, reference.calendarAt(point.known), reference.settings(point.known).dueSoonWorkingDays));
  return { ...told, only, query: { ...whole, among: (taskId) => picked.has(taskId) } };
}

/** The numbers that a question is narrowed to, each once. */
function readOnly(given: string): readonly Only[] {
  return [...new Set(given.split(',').map((text): Only => {
    const one = text.trim();
    if (!isOnly(one)) throw badParameter('only', one, `${ONLY.join(' | ')} | load, assigned-week, completed-week, overdue-at với thứ Hai của tuần, như load-2020-11-30`);
    return one;
  }))];
}

function readPeriodOf(dto: FiguresDto, day: Day): Period {
  if (dto.from !== undefined || dto.to !== undefined) {
    const range = rangePeriod(dto.from ?? '', dto.to ?? '');
    if (!range || dto.period !== undefined) throw badParameter('from', `${dto.from ?? ''}…${dto.to ?? ''}`, 'cả from và to là ngày có thật, from không sau to, và không kèm period', 422);
    return range;
  }
  if (dto.period === undefined) return reportingYearContaining(day);
  const period = readPeriod(dto.period);
  if (!period) throw badParameter('period', dto.period, 'một kỳ như 2020, 2020-Q3, 2020-H1, 2020-9M, 2020-11, 2020-cal');
  return period;
}

/** The leads whose results count for a unit, as organised then (on the day of A) or now. */
export function unitScope(unitId: string, scope: 'self' | 'tree', organisedAs: OrganisedAs, { day, known }: Pick<Point, 'day' | 'known'>, { reference: { organisation } }: Sources): ReadonlySet<string> {
  if (!organisation.unit(unitId)) throw badParameter('unitId', unitId, 'mã một đơn vị có trong danh mục', 422);
  return scope === 'self' ? organisation.self(unitId, { known, organisedAs }) : organisation.tree(unitId, { on: day, known, organisedAs });
}

/** The leads a question is about: of a unit, of a block (the units of some kinds, each like a unit asked about), or of both at once; undefined: all. */
export function leadsAsked({ unitId, unitKind }: { readonly unitId?: string; readonly unitKind?: string }, scope: 'self' | 'tree', organisedAs: OrganisedAs, point: Pick<Point, 'day' | 'known'>, runtime: Sources): ReadonlySet<string> | undefined {
  const ofUnit = unitId === undefined ? undefined : unitScope(unitId, scope, organisedAs, point, runtime);
  if (unitKind === undefined) return ofUnit;
  const ofKind = blockScope(unitKind, scope, organisedAs, point, runtime);
  return ofUnit === undefined ? ofKind : new Set([...ofUnit].filter((id) => ofKind.has(id)));
}

function blockScope(unitKind: string, scope: 'self' | 'tree', organisedAs: OrganisedAs, { day, known }: Pick<Point, 'day' | 'known'>, { reference: { organisation } }: Sources): ReadonlySet<string> {
  const kinds = new Set(unitKind.split(',').map((kind) => kind.trim()));
  const all = new Set(organisation.all().map(({ kind }) => kind));
  if (![...kinds].some((kind) => all.has(kind))) throw badParameter('unitKind', unitKind, `loại của đơn vị có trong danh mục, cách nhau bằng dấu phẩy: ${[...all].sort().join(', ')}`, 422);
  const own = organisation.ofKinds(kinds, { known, organisedAs });
  return scope === 'self' ? own : new Set([...own].flatMap((id) => [...organisation.tree(id, { on: day, known, organisedAs })]));
}

const numbers = (counts: Counts): object => ({
  cells: counts.cells, parts: counts.parts, total: counts.total, out: counts.out, flow: counts.flow,
});
const ratesOf = (counts: Counts, rounding: Rounding): Rate[] => RATES.map((rate) => rateOf(rate, counts, rounding));

export function parametersOf({ query, rounding, period, unitId, unitKind, scope, organisedAs, policy, starred, documentNumber, only }: Question, point: Point): object {
  return {
    unitId: unitId ?? null, ...(unitKind === undefined ? {} : { unitKind }), scope, role: 'lead', cohort: query.cohort, from: period.from, to: period.to, asOf: point.asOf, knownAt: point.knownAt, authority: query.authority ?? 'all', field: query.field ?? null,
    ...(starred === undefined ? {} : { starred }), ...(documentNumber === undefined ? {} : { documentNumber }), ...(only === undefined ? {} : { only }),
    deadlineBasis: query.basis, fixedDatePolicy: policy ?? null, organisedAs, rounding, position: String(point.position), lastEventId: point.lastEventId,
  };
}

/** The counts of a figure; one whose balances fail is not released. @throws Problem 500 naming the identity, both sides and the tasks that break it. */
export async function releasedCounts(question: Question, runtime: Sources): Promise<{ readonly groups: ReadonlyMap<string, Counts>; readonly counts: Counts; readonly balances: readonly Balance[] }> {
  const { query } = question;
  const groups = runtime.columns.evaluate({ ...query, groupBy: question.groupBy ?? 'unit' });
  const counts = sumCounts(groups.values());
  const balances = balancesOf(counts, query.cohort);
  const broken = balances.filter((balance) => !balance.holds);
  if (broken.length > 0) {
    const tasks = [...new Set(broken.flatMap(({ identity }) => runtime.columns.list(query, breaking(identity)).map(({ taskId }) => taskId)))].slice(0, 50);
    const codes = [...(await runtime.board.codesOf(tasks)).values()];
    throw new Problem(500, 'balance-broken', 'Số liệu không cân', `${broken.map((b) => `${b.identity}: ${String(b.left)} ≠ ${String(b.right)}`).join('; ')}. Việc làm lệch: ${codes.length === 0 ? 'không xác định' : codes.join(', ')}.`, { extra: { balances: broken, tasks } });
  }
  return { groups, counts, balances };
}

/** The answer of `GET /figures` (docs/figures.md). */
export async function answerFigures(question: Question, point: Point, runtime: Sources): Promise<object> {
  const { query, rounding, period, groupBy, organisedAs } = question;
  const { groups, counts, balances } = await releasedCounts(question, runtime);
  const { reference } = runtime;
  const secret = secretCountsIn(reference.secretCounts, { from: period.from, to: period.to, asOf: point.day, known: point.known, ...(query.unitIds === undefined ? {} : { unitIds: query.unitIds }) });
  const unit = (id: string): string => (organisedAs === 'is' ? reference.unitName(id, undefined, point.known) : reference.unitName(id, point.day, point.known));
  const label = (key: string): string => (groupBy === 'authority' ? reference.authorityName(key) : groupBy === 'unit' || groupBy === undefined ? unit(key) : key === '' ? 'Chưa phân lĩnh vực' : key);
  return {
    parameters: parametersOf(question, point),
    ...numbers(counts),
    rates: ratesOf(counts, rounding),
    balances,
    officialRate: officialRateOf(reference.settings(point.known), query.authority ?? 'all'),
    // Secret work never enters the system; its typed-in counts stand apart, outside N and every rate.
    secretCounts: { ...secret, entries: secret.entries.map((entry) => ({ ...entry, position: String(entry.position) })) },
    sentence: sentence(counts, point.asOf.length === 10 ? point.day : { words: instantVi(point.at) }, rounding),
    // Names and formulas of the rates stand once, above: eighty units would repeat them six hundred times.
    groups: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, group]) => ({ key, label: label(key), ...numbers(group), rates: ratesOf(group, rounding).map(({ code, numerator, denominator, text }) => ({ code, numerator, denominator, text })) })),
  };
}

/** Reads which number a list stands behind: exactly one of cell, part, flow, out, or rate with side. */
export function readSelector(dto: FiguresListDto): Selector {
  const given = (['cell', 'part', 'flow', 'out', 'rate'] as const).filter((name) => dto[name] !== undefined);
  if (given.length === 0) return { by: 'all' };
  if (given.length > 1) throw badParameter(given[1]!, dto[given[1]!], `chỉ một trong cell, part, flow, out, rate (đã có ${given[0]!})`);
  if (dto.cell !== undefined) return { by: 'cell', cells: dto.cell.split(',').map((cell) => oneOf('cell', cell, CELLS, 'D1')) };
  if (dto.part !== undefined) return { by: 'part', part: oneOf('part', dto.part, PARTS, 'D1a') };
  if (dto.flow !== undefined) return { by: 'flow', flow: oneOf('flow', dto.flow, FLOWS, 'new') };
  if (dto.out !== undefined) return { by: 'out', reason: oneOf('out', dto.out, OUT_REASONS, 'withdrawn') };
  const rate = readRate(dto.rate!);
  return rateSide(rate, oneOf('side', dto.side, RATE_SIDES, 'denominator'));
}

export function readRate(code: string): RateDefinition {
  const rate = RATES.find((one) => one.code === code);
  if (!rate) throw badParameter('rate', code, RATES.map((one) => one.code).join(' | '));
  return rate;
}

export function listCounted(question: Question, dto: FiguresListDto, runtime: Sources): CountedTask[] {
  return runtime.columns.list(question.query, selecting(readSelector(dto)));
}

/** RC per coordinating unit (domain.md §4.3). */
export function answerCoordination(question: Question, point: Point, runtime: Sources): object {
  // The figure is the coordinators' own: the unit asked about is one of them, whoever leads.
  const { unitIds, ...query } = question.query;
  const units = [...runtime.coordination.rates(runtime.columns, query)].filter(([id]) => unitIds === undefined || unitIds.has(id));
  const line = (counts: CoordinationCounts): object => {
    const denominator = counts.answered + counts.unansweredOverdue;
    return { ...counts, denominator, text: percentVi(counts.answeredInTime, denominator, question.rounding) };
  };
  const total = { answered: 0, answeredInTime: 0, unansweredOverdue: 0 };
  for (const [, counts] of units) {
    total.answered += counts.answered;
    total.answeredInTime += counts.answeredInTime;
    total.unansweredOverdue += counts.unansweredOverdue;
  }
  return {
    parameters: { ...parametersOf(question, point), role: 'coordinating' }, code: 'RC', name: 'Trả lời phối hợp đúng hạn', formula: 'đã trả lời trong hạn / (đã trả lời + chưa trả lời khi đã hết hạn)', total: line(total),
    units: units.sort(([a], [b]) => (a < b ? -1 : 1)).map(([unitId, counts]) => ({ unitId, unitName: runtime.reference.unitName(unitId, point.day, point.known), ...line(counts) })),
  };
}
