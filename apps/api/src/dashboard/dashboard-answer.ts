import { setImmediate as nextTurn } from 'node:timers/promises';
import { CELLS, RATES, percentVi, rateOf, sumCounts, type Cell, type Counts, type FiguresQuery, type WeekCounts } from '#figures';
import { dayOf, type Day } from '#kernel';
import {
  AGES, EXCEPTION_NAMES, EXCEPTION_RULES, ExceptionsFound, FEW, TASK_TESTS, ageOf, boundsOf, controlChart, loadWeekOf, medianOf, ninetyDays, onlyWords, overviewSentence, rateState, survey, weeksUpTo, wilson,
  type Age, type Share, type Surveyed, type TaskWhat,
} from '#oversight';
import { releasedCounts } from '../figures/figures-service.ts';
import type { Sources } from '../sources.ts';
import { tellBlocked } from './blocked.ts';
import type { Asked, DashboardQuestion } from './dashboard-question.ts';

export const WEEKS_BACK = 26;
const WEEKS_OF_UNITS = 12;
const R2 = RATES.find(({ code }) => code === 'R2')!;

/** Numbers of tasks that both points are asked for. */
const TILES = ['overdue', 'overdue-over-30', 'due-3', 'due-7', 'due-7-no-update', 'extended', 'waiting-extension', 'waiting-completion', 'waiting-explanation', 'waiting-return', 'waiting'] as const satisfies readonly TaskWhat[];
type Tile = (typeof TILES)[number];

interface UnitTally {
  overdue: number;
  oldest: number;
  dueSoon: number;
  extended: number;
  updatedAt: number;
  readonly load: number[];
  later: number;
}

/** What one survey counts. */
class Surveys {
  readonly tiles = Object.fromEntries(TILES.map((tile) => [tile, 0])) as Record<Tile, number>;
  readonly ages = Object.fromEntries(AGES.map((age) => [age, 0])) as Record<Age, number>;
  readonly units = new Map<string, UnitTally>();
  readonly late: number[] = [];
  times = 0;
  daysAdded = 0;

  meet(task: Surveyed, { days }: Asked): void {
    for (const tile of TILES) if (TASK_TESTS[tile](task, days)) this.tiles[tile]++;
    const { visit, told, cell, late } = task;
    this.times += told.extensions;
    this.daysAdded += told.daysAdded;
    let unit = this.units.get(visit.unitId);
    if (!unit) this.units.set(visit.unitId, (unit = { overdue: 0, oldest: -1, dueSoon: 0, extended: 0, updatedAt: NaN, load: days.mondays.map(() => 0), later: 0 }));
    if (told.extensions > 0) unit.extended++;
    if (!(unit.updatedAt >= told.updatedAt)) unit.updatedAt = told.updatedAt;
    if (cell === 'O2') {
      this.late.push(late);
      this.ages[ageOf(late)]++;
      unit.overdue++;
      unit.oldest = Math.max(unit.oldest, late);
    } else if (cell === 'O1') {
      if (TASK_TESTS['due-7'](task, days)) unit.dueSoon++;
      const week = loadWeekOf(task, days);
      if (week < 0) unit.later++;
      else unit.load[week]!++;
    }
  }
}

/**
 * `GET /dashboard`: every number by the definitions of docs/dashboard.md. Computed in slices, none of which holds the event loop for long. Rates and
 * weeks are those of the whole question, whatever tasks `only` picks: among tasks chosen by their outcome a rate of outcomes says nothing.
 */
export async function answerDashboard(asked: DashboardQuestion, runtime: Sources) {
  const { point, question, days, since } = asked;
  const { groups, counts } = await releasedCounts({ ...question, groupBy: 'unit' }, runtime);
  await nextTurn();
  const matured = question.only === undefined ? undefined : runtime.columns.evaluate({ ...question.whole, groupBy: 'unit' });
  const judged = (unitId: string, own: Counts): Counts => matured?.get(unitId) ?? own;
  const [now, before] = [new Surveys(), new Surveys()];
  const exceptions = new ExceptionsFound(days);
  survey(runtime, question.query, days.today, (task) => {
    now.meet(task, asked);
    exceptions.meet(task);
  });
  await nextTurn();
  survey(runtime, since.question.query, since.days.today, (task) => { before.meet(task, since); });
  await nextTurn();
  const weeks = weeksUpTo(point.day, WEEKS_BACK);
  const { p0: _, p1: __, ...who } = question.whole;
  const byUnit = runtime.columns.weeks(who, boundsOf(weeks, point.at));
  await nextTurn();
  const share = (query: FiguresQuery): Share & { readonly text: string } => {
    const { numerator, denominator } = rateOf(R2, sumCounts(runtime.columns.evaluate(query).values()), 'half-up');
    return { numerator, denominator, text: percentVi(numerator, denominator) };
  };
  const [onTime, onTimeBefore, onTimePrior] = [share(ninety(asked)), share(ninety(since)), share(ninety(asked, 1))];
  await nextTurn();
  // Of tasks that were picked the last one that was overdue is no day since when nothing is.
  const last = now.tiles.overdue > 0 || question.only !== undefined ? undefined : runtime.columns.lastOverdue(who, point.at);
  const noneSince = last === undefined ? null : dayOf(last + 1);
  await tellBlocked(exceptions, point, runtime);
  const found = exceptions.close();

  const total = weeks.map((_, n) => {
    const sum = { assigned: 0, completed: 0, overdue: 0 };
    for (const unit of byUnit.values()) {
      sum.assigned += unit.assigned[n]!;
      sum.completed += unit.completed[n]!;
      sum.overdue += unit.overdue[n]!;
    }
    return sum;
  });
  // Weeks before there was anything are no weeks without overdue work.
  const begun = total.findIndex(({ assigned, completed, overdue }) => assigned + completed + overdue > 0);
  const chart = controlChart(begun < 0 ? [] : weeks.slice(begun).map(({ from }, n) => ({ week: from, value: total[begun + n]!.overdue })));
  const units = [...groups].filter(([, group]) => group.total > 0).map(([unitId, group]) => unitRow(unitId, group, judged(unitId, group), now.units.get(unitId), byUnit.get(unitId), asked, runtime));
  const whole = unitRow(question.unitId ?? '', counts, matured === undefined ? counts : sumCounts(matured.values()), wholeOf(now.units.values(), asked), sumWeeks(byUnit.values()), asked, runtime);
  const { tiles } = now;
  const oldest = now.late.reduce<number | null>((max, late) => Math.max(max ?? 0, late), null);
  const { state, words } = rateState(onTime, onTimePrior);
  return {
    asOf: point.asOf, knownAt: point.knownAt, position: String(point.position), lastEventId: point.lastEventId,
    since: { asOf: since.point.asOf, knownAt: since.point.knownAt, by: asked.sinceBy, words: `so với ${asked.sinceWords}` },
    tiles: {
      overdue: { count: tiles.overdue, since: before.tiles.overdue, over30: tiles['overdue-over-30'], oldestDays: oldest, medianDays: medianOf(now.late), noneSince },
      dueSoon: { nearDays: runtime.reference.settings(point.known).dueSoonWorkingDays, in3: tiles['due-3'], in7: tiles['due-7'], in7NoUpdate: tiles['due-7-no-update'], since7: before.tiles['due-7'] },
      onTime90: { ...onTime, since: onTimeBefore, prior: onTimePrior, state, words },
      extended: { tasks: tiles.extended, times: now.times, daysAdded: now.daysAdded, since: before.tiles.extended },
      waiting: {
        extensions: tiles['waiting-extension'], completions: tiles['waiting-completion'], explanations: tiles['waiting-explanation'], returns: tiles['waiting-return'], total: tiles.waiting, since: before.tiles.waiting,
      },
    },
    sentence: overviewSentence({ overdue: tiles.overdue, overdueBefore: before.tiles.overdue, over30: tiles['overdue-over-30'], dueIn7: tiles['due-7'], dueIn7NoUpdate: tiles['due-7-no-update'], noneSince }, asked.sinceWords, question.only === undefined ? undefined : { total: counts.total, name: onlyWords(question.only) }),
    ageing: AGES.map((key) => ({ key, count: now.ages[key] })),
    weeks: weeks.map(({ from, to }, n) => ({ from, to, assigned: total[n]!.assigned, completed: total[n]!.completed, overdueStock: total[n]!.overdue })),
    control: chart,
    units: units.sort((a, b) => b.overdue - a.overdue || (b.oldestDays ?? -1) - (a.oldestDays ?? -1) || COLLATOR.compare(a.name, b.name) || (a.unitId < b.unitId ? -1 : 1)),
    all: whole,
    exceptions: { rules: EXCEPTION_RULES.map((code) => ({ code, name: EXCEPTION_NAMES[code], count: found.filter(({ why }) => why.some(({ rule }) => rule === code)).length })), total: found.length },
  };
}

export type DashboardAnswer = Awaited<ReturnType<typeof answerDashboard>>;

/** The ninety days up to the point, of the whole question. */
export const ninety = ({ point, question }: Asked, back = 0): FiguresQuery => ninetyDays(question.whole, point.day, back);

const COLLATOR = new Intl.Collator('vi');

interface UnitRow {
  readonly unitId: string;
  readonly name: string;
  readonly shortName: string;
  readonly parentId: string | null;
  readonly hasSubunits: boolean;
  readonly cells: Readonly<Record<Cell, number>>;
  readonly total: number;
  readonly overdue: number;
  readonly oldestDays: number | null;
  readonly overdueWeeks: readonly number[];
  readonly dueSoon: number;
  readonly onTime: { readonly numerator: number; readonly denominator: number; readonly text: string; readonly low: number | null; readonly high: number | null; readonly few: boolean };
  readonly extended: number;
  readonly lastUpdateOn: Day | null;
  readonly load: readonly { readonly from: Day; readonly due: number; readonly heavy: boolean }[];
  readonly later: number;
  readonly usualPerWeek: number;
}

/** `judged`: what the rate is of. */
function unitRow(unitId: string, counts: Counts, judged: Counts, tally: UnitTally | undefined, weeks: WeekCounts | undefined, { point, days, question }: Asked, { reference: { organisation } }: Sources): UnitRow {
  const was = { known: point.known, ...(question.organisedAs === 'is' ? {} : { on: point.day }) };
  const unit = unitId === '' ? undefined : (organisation.unit(unitId, was) ?? organisation.unit(unitId));
  const { numerator, denominator, text } = rateOf(R2, judged, 'half-up');
  const interval = wilson({ numerator, denominator });
  const usual = medianOf([...(weeks?.completed ?? [])]) ?? 0;
  return {
    unitId, name: unit?.name ?? (unitId === '' ? 'Toàn tỉnh' : unitId), shortName: unit?.shortName ?? (unitId === '' ? 'Toàn tỉnh' : unitId), parentId: unit?.parentId ?? null,
    hasSubunits: unitId === '' || organisation.tree(unitId, { on: point.day, known: point.known, organisedAs: question.organisedAs }).size > organisation.self(unitId, { known: point.known, organisedAs: question.organisedAs }).size,
    cells: Object.fromEntries(CELLS.map((cell) => [cell, counts.cells[cell]])) as Record<Cell, number>, total: counts.total,
    overdue: tally?.overdue ?? 0, oldestDays: tally === undefined || tally.oldest < 0 ? null : tally.oldest, overdueWeeks: [...(weeks?.overdue.slice(-WEEKS_OF_UNITS) ?? new Int32Array(WEEKS_OF_UNITS))],
    dueSoon: tally?.dueSoon ?? 0, onTime: { numerator, denominator, text, low: interval?.low ?? null, high: interval?.high ?? null, few: denominator < FEW }, extended: tally?.extended ?? 0,
    lastUpdateOn: tally === undefined || Number.isNaN(tally.updatedAt) ? null : dayOf(tally.updatedAt),
    // One task a week is no load to be marked, however seldom the unit completes one.
    load: days.weeks.map(({ from }, n) => ({ from, due: tally?.load[n] ?? 0, heavy: (tally?.load[n] ?? 0) > Math.max(1, usual) })), later: tally?.later ?? 0, usualPerWeek: usual,
  };
}

function wholeOf(units: Iterable<UnitTally>, { days }: Asked): UnitTally {
  const whole: UnitTally = { overdue: 0, oldest: -1, dueSoon: 0, extended: 0, updatedAt: NaN, load: days.mondays.map(() => 0), later: 0 };
  for (const unit of units) {
    whole.overdue += unit.overdue;
    whole.oldest = Math.max(whole.oldest, unit.oldest);
    whole.dueSoon += unit.dueSoon;
    whole.extended += unit.extended;
    if (!(whole.updatedAt >= unit.updatedAt)) whole.updatedAt = unit.updatedAt;
    unit.load.forEach((due, week) => { whole.load[week]! += due; });
    whole.later += unit.later;
  }
  return whole;
}

function sumWeeks(units: Iterable<WeekCounts>): WeekCounts {
  const whole: WeekCounts = { assigned: new Int32Array(WEEKS_BACK), completed: new Int32Array(WEEKS_BACK), overdue: new Int32Array(WEEKS_BACK) };
  for (const unit of units) for (const kind of ['assigned', 'completed', 'overdue'] as const) unit[kind].forEach((n, week) => { whole[kind][week]! += n; });
  return whole;
}

