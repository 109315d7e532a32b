import { endOfDay, instantVi, startOfDay, type Day } from '#kernel';
import { FIXED_DATE_POLICIES, type FixedDatePolicy } from '#deadlines';
import {
  CELLS, FLOWS, OUT_REASONS, PARTS, RATES, balancesOf, rangePeriod, rateOf, readPeriod, reportingYearContaining, selecting, sentence, sumCounts,
  type Cohort, type CountedTask, type Counts, type FiguresQuery, type GroupBy, type Period, type Rounding, type Selector,
} from '#figures';
import { Problem } from '#kernel';
import { AUTHORITIES } from '#tasks';
import type { FiguresDto, FiguresListDto } from './dto.ts';
import { badParameter, oneOf, type Point } from './points.ts';
import type { Runtime } from './runtime.ts';

export interface Question {
  readonly query: FiguresQuery;
  readonly rounding: Rounding;
  readonly period: Period;
  readonly unitId?: string;
  readonly scope: 'self' | 'tree';
  readonly policy?: FixedDatePolicy;
  readonly groupBy?: GroupBy;
}

/** Reads the parameters of a figure; each wrong one is named. */
export function readQuestion(dto: FiguresDto, point: Point, runtime: Runtime): Question {
  const period = readPeriodOf(dto, point.day);
  if (point.day < period.from || point.day > period.to) {
    throw new Problem(422, 'cut-off-outside-period', 'Mốc chốt ngoài kỳ', `Mốc tính đến ${point.day} không nằm trong kỳ ${period.from} – ${period.to}.`, { errors: [{ pointer: '?asOf', code: 'cut-off-outside-period', detail: `cần trong ${period.from} – ${period.to}`, given: point.asOf }] });
  }
  const scope = oneOf('scope', dto.scope, ['self', 'tree'], 'self');
  const unitIds = dto.unitId === undefined ? undefined : unitScope(dto.unitId, scope, runtime);
  const policy = dto.fixedDatePolicy === undefined ? undefined : oneOf('fixedDatePolicy', dto.fixedDatePolicy, FIXED_DATE_POLICIES, 'all');
  oneOf('organisedAs', dto.organisedAs, ['was', 'is'], 'was');
  const groupBy = dto.groupBy === undefined ? undefined : oneOf<GroupBy>('groupBy', dto.groupBy, ['unit', 'authority', 'field', 'month'], 'unit');
  const authority = dto.authority === undefined || dto.authority === 'all' ? undefined : dto.authority;
  return {
    period, scope, rounding: oneOf<Rounding>('rounding', dto.rounding, ['half-up', 'truncate'], 'half-up'),
    ...(dto.unitId === undefined ? {} : { unitId: dto.unitId }), ...(policy === undefined ? {} : { policy }), ...(groupBy === undefined ? {} : { groupBy }),
    query: {
      at: point.at, known: point.known, p0: startOfDay(period.from), p1: endOfDay(period.to),
      cohort: oneOf<Cohort>('cohort', dto.cohort, ['C1', 'C2', 'C3'], 'C2'),
      basis: oneOf('deadlineBasis', dto.deadlineBasis, ['current', 'original'], 'current'),
      ...(unitIds === undefined ? {} : { unitIds }), ...(authority === undefined ? {} : { authority }), ...(policy === undefined ? {} : { policy }),
    },
  };
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

export function unitScope(unitId: string, scope: 'self' | 'tree', { units }: Runtime): ReadonlySet<string> {
  if (!units.get(unitId)) throw badParameter('unitId', unitId, 'mã một đơn vị có trong danh mục', 422);
  const ids = new Set([unitId]);
  if (scope === 'tree') for (let before = 0; before < ids.size; ) { before = ids.size; for (const unit of units.all()) if (unit.parentId !== undefined && ids.has(unit.parentId)) ids.add(unit.id); }
  return ids;
}

const numbers = (counts: Counts, rounding: Rounding): object => ({
  cells: counts.cells, parts: counts.parts, total: counts.total, out: counts.out, flow: counts.flow, rates: RATES.map((rate) => rateOf(rate, counts, rounding)),
});

/** The answer of `GET /figures` (docs/figures.md). */
export function answerFigures(question: Question, point: Point, runtime: Runtime): object {
  const { query, rounding, period, groupBy } = question;
  const groups = runtime.columns.evaluate({ ...query, groupBy: groupBy ?? 'unit' });
  const counts = sumCounts(groups.values());
  const balances = balancesOf(counts, query.cohort);
  const broken = balances.filter((balance) => !balance.holds);
  if (broken.length > 0) throw new Problem(500, 'balance-broken', 'Số liệu không cân', broken.map((b) => `${b.identity}: ${String(b.left)} ≠ ${String(b.right)}`).join('; '), { extra: { balances: broken } });
  const label = (key: string): string => (groupBy === 'authority' ? (AUTHORITIES[key] ?? key) : groupBy === 'unit' || groupBy === undefined ? (runtime.units.get(key)?.name ?? key) : key === '' ? 'Chưa phân lĩnh vực' : key);
  return {
    parameters: {
      unitId: question.unitId ?? null, scope: question.scope, role: 'lead', cohort: query.cohort, from: period.from, to: period.to, asOf: point.asOf, knownAt: point.knownAt, authority: query.authority ?? 'all',
      deadlineBasis: query.basis, fixedDatePolicy: question.policy ?? null, organisedAs: 'was', rounding, position: String(point.position), lastEventId: point.lastEventId,
    },
    ...numbers(counts, rounding),
    balances,
    sentence: sentence(counts, point.asOf.length === 10 ? point.day : { words: instantVi(point.at) }, rounding),
    groups: [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, group]) => ({ key, label: label(key), ...numbers(group, rounding) })),
  };
}

/** Reads which number a list stands behind: exactly one of cell, part, flow, out, or rate with side. */
export function readSelector(dto: FiguresListDto): { selector: Selector; without?: 'assignedOverdue' | 'suspendedWithoutDeadline' } {
  const given = (['cell', 'part', 'flow', 'out', 'rate'] as const).filter((name) => dto[name] !== undefined);
  if (given.length === 0) return { selector: { by: 'all' } };
  if (given.length > 1) throw badParameter(given[1]!, dto[given[1]!], `chỉ một trong cell, part, flow, out, rate (đã có ${given[0]!})`);
  if (dto.cell !== undefined) return { selector: { by: 'cell', cells: dto.cell.split(',').map((cell) => oneOf('cell', cell, CELLS, 'D1')) } };
  if (dto.part !== undefined) return { selector: { by: 'part', part: oneOf('part', dto.part, PARTS, 'D1a') } };
  if (dto.flow !== undefined) return { selector: { by: 'flow', flow: oneOf('flow', dto.flow, FLOWS, 'new') } };
  if (dto.out !== undefined) return { selector: { by: 'out', reason: oneOf('out', dto.out, OUT_REASONS, 'withdrawn') } };
  const rate = RATES.find(({ code }) => code === dto.rate);
  if (!rate) throw badParameter('rate', dto.rate, RATES.map(({ code }) => code).join(' | '));
  const side = oneOf('side', dto.side, ['numerator', 'denominator'], 'denominator');
  return {
    selector: { by: 'cell', cells: rate[side] },
    ...(rate.withoutAssignedOverdue ? { without: 'assignedOverdue' as const } : rate.withoutSuspendedWithoutDeadline && side === 'denominator' ? { without: 'suspendedWithoutDeadline' as const } : {}),
  };
}

export function listCounted(question: Question, dto: FiguresListDto, runtime: Runtime): CountedTask[] {
  const { selector, without } = readSelector(dto);
  const selects = selecting(selector);
  return runtime.columns.list(question.query, (m) => selects(m) && !(without === 'assignedOverdue' && m.assignedOverdue) && !(without === 'suspendedWithoutDeadline' && m.cell === 'X' && m.noDeadline));
}
