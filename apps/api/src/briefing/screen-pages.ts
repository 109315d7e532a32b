import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Briefing, ConclusionKind, PageKey } from '#briefing';
import { CELLS, RATES, percentVi, rateOf, sumCounts, type CountedTask, type Counts } from '#figures';
import { dayFromNumber, dayNumber, dayOf, daysBetween, DAY_MS, isoInstant, weekday, type Day } from '#kernel';
import { boundsOf, controlChart, FEW, overviewSentence, survey, TASK_TESTS, weekAhead, weeksUpTo, type Surveyed } from '#oversight';
import { foldAt, taskStream, toFact, type Task } from '#tasks';
import { readAsked, type Asked, type DashboardDto } from '../dashboard/dashboard-question.ts';
import { WEEKS_BACK } from '../dashboard/dashboard-answer.ts';
import { releasedCounts } from '../figures/figures-service.ts';
import type { Runtime } from '../runtime.ts';
import { dueParts } from '../tasks/task-items.ts';
import { positionOf } from './briefing-points.ts';
import type { KnownBriefing } from './briefings.ts';
import { raisedFor, raisingOf } from './raised.ts';
import { conclusionItems, SHORT_LENGTH, shortened, unitShort } from './views.ts';

/* What a page of the room screen shows, at the cut-off or at present: the same code, another point. At most ten rows; figures as on the dashboard. */

const R2 = RATES.find(({ code }) => code === 'R2')!;
export const ROWS = 10;
const UNIT_ROWS = 9;
const DAY_ROWS = 4;
const LATE_ROWS = 6;
/** One by one on the screen; a meeting that was asked for more says how many. */
const RAISED_ROWS = 20;
const REASON_LENGTH = 150;
const BEST = 3;
const COLLATOR = new Intl.Collator('vi');

export interface PageAsked {
  readonly page: PageKey;
  readonly n: number;
  readonly unitId: string | null;
}

/** A meeting's page at one of its points, with the point that it is compared to. */
export interface PagePoint {
  readonly briefing: KnownBriefing;
  readonly previous: KnownBriefing | undefined;
  readonly now: Asked;
  readonly since: Asked;
  /** What grows while the meeting is held grows up to here, also where the figures stand at the cut-off. */
  readonly present: Asked['point'];
}

/** At the cut-off as known when the meeting was opened; or, `live`, at present. */
export async function pagePoint(briefing: KnownBriefing, { unitId }: PageAsked, live: boolean, present: Asked['point'], runtime: Runtime): Promise<PagePoint> {
  const { state } = briefing;
  const within: Pick<DashboardDto, 'unitId' | 'scope'> = unitId !== null ? { unitId, scope: 'tree' } : state.unitId !== null ? { unitId: state.unitId, scope: 'tree' } : {};
  const at = async (asOf: number, known: Briefing['known']): Promise<Asked> => readAsked({ ...within, asOf: isoInstant(asOf), knownAt: `position:${String(await positionOf(known, runtime))}` }, runtime);
  const now = !live ? await at(state.cutOff, state.known) : state.closed !== null ? await at(state.closed.at, state.closed.known) : await readAsked(within, runtime);
  const previous = state.previousId === null ? undefined : runtime.briefings.get(state.previousId);
  const since = previous ? await at(previous.state.cutOff, previous.state.known) : await at(state.cutOff - 7 * DAY_MS, state.known);
  return { briefing, previous, now, since, present };
}

export async function pageData({ page, n, unitId }: PageAsked, point: PagePoint, runtime: Runtime): Promise<object> {
  switch (page) {
    case 'overview':
      return overview(point, runtime);
    case 'previous':
      return previousConclusions(point, n, runtime);
    case 'overdue':
      return overdue(point.now, n, runtime);
    case 'due-week':
      return dueInWeek(point.now, runtime);
    case 'units':
      return unitId === null ? units(point, runtime) : oneUnit(point, unitId, runtime);
    case 'raised':
      return raisedTasks(point, runtime);
    case 'requests':
      return requests(point.now, n, runtime);
    case 'signals':
      return signals(point.now, runtime);
    case 'conclusions': {
      const rows = await conclusionItems(point.briefing.state.conclusions, runtime);
      return { rows, total: rows.length };
    }
  }
}

const share = (counts: Counts): { numerator: number; denominator: number; text: string } => {
  const { numerator, denominator } = rateOf(R2, counts, 'half-up');
  return { numerator, denominator, text: percentVi(numerator, denominator) };
};
const cellsOf = (counts: Counts): object => Object.fromEntries(CELLS.map((cell) => [cell, counts.cells[cell]]));

async function overview({ previous, now, since }: PagePoint, runtime: Runtime): Promise<object> {
  const { counts, groups } = await releasedCounts({ ...now.question, groupBy: 'unit' }, runtime);
  const { counts: before } = await releasedCounts(since.question, runtime);
  const found = { over30: 0, dueSoon: 0, dueSoonNoUpdate: 0 };
  const late = new Set<number>();
  survey(runtime, now.question.query, now.days.today, (task) => {
    if (task.cell === 'O2') late.add(task.visit.task);
    if (TASK_TESTS['overdue-over-30'](task)) found.over30++;
    if (!TASK_TESTS['due-7'](task, now.days)) return;
    found.dueSoon++;
    if (TASK_TESTS['due-7-no-update'](task, now.days)) found.dueSoonNoUpdate++;
  });
  await nextTurn();
  let stayed = 0;
  let lateBefore = 0;
  survey(runtime, since.question.query, since.days.today, ({ cell, visit }) => {
    if (cell !== 'O2') return;
    lateBefore++;
    if (late.has(visit.task)) stayed++;
  });
  const words = previous ? `giao ban ${isoInstant(previous.state.openedAt).slice(8, 10)}/${isoInstant(previous.state.openedAt).slice(5, 7)}` : '7 ngày trước';
  const last = late.size > 0 ? undefined : runtime.columns.lastOverdue(now.question.query, now.point.at);
  const pieces = overviewSentence({ overdue: late.size, overdueBefore: lateBefore, over30: found.over30, dueIn7: found.dueSoon, dueIn7NoUpdate: found.dueSoonNoUpdate, noneSince: last === undefined ? null : dayOf(last + 1) }, words);
  return {
    sentence: pieces.map(({ text }) => text).join(''), cells: cellsOf(counts), total: counts.total, from: now.question.period.from, since: { briefingId: previous?.id ?? null, asOf: since.point.asOf, words }, sinceCells: cellsOf(before),
    overdue: late.size, overdueUnits: [...groups.values()].filter(({ cells }) => cells.O2 > 0).length, over30: found.over30, entered: late.size - stayed, left: lateBefore - stayed, dueSoon: found.dueSoon, dueSoonNoUpdate: found.dueSoonNoUpdate,
    onTime: share(counts), sinceOnTime: share(before),
  };
}

type ConclusionState = 'done-on-time' | 'done-late' | 'in-time' | 'due-today' | 'overdue' | 'waiting' | 'words-only' | 'out';
const STATES: readonly ConclusionState[] = ['overdue', 'due-today', 'in-time', 'waiting', 'done-late', 'done-on-time', 'words-only', 'out'];

/** What became of what was concluded last time; overdue first. */
async function previousConclusions({ previous, now: { point, days } }: PagePoint, n: number, runtime: Runtime): Promise<object> {
  const zero = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<ConclusionState, number>;
  if (!previous) return { briefing: null, rows: [], total: 0, counts: zero };
  const kept = previous.state.conclusions.filter(({ struck }) => struck === null);
  const codes = await runtime.board.codesOf(kept.flatMap(({ taskId }) => taskId ?? []), point.known);
  const rows = kept.map((one) => {
    const task = one.taskId === null ? undefined : runtime.columns.ofTask(one.taskId, point.at, point.known).at(-1);
    const { dueOn } = dueParts(task?.due ?? Infinity);
    const state = stateOf(task, dueOn === point.day);
    const unitId = task?.unitId ?? one.unitId;
    return {
      conclusionId: one.id, number: one.number, short: one.short ?? shortened(one.text, 48), unitShort: unitId === null ? null : unitShort(unitId, runtime, point.known), taskId: one.taskId, taskCode: one.taskId === null ? null : (codes.get(one.taskId) ?? null),
      dueOn, state, daysLate: state === 'overdue' ? days.today - dayNumber(dueOn!) : state === 'done-late' && task ? daysBetween(dueOn!, dayOf(task.submittedAt)) : null,
    };
  });
  const counts = { ...zero };
  for (const { state } of rows) counts[state]++;
  rows.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || (b.daysLate ?? 0) - (a.daysLate ?? 0) || a.number - b.number);
  const { id, state } = previous;
  return { briefing: { id, name: state.name, closedAt: state.closed === null ? null : isoInstant(state.closed.at) }, rows: rows.slice((n - 1) * ROWS, n * ROWS), total: rows.length, pages: Math.ceil(rows.length / ROWS), counts };
}

function stateOf(task: CountedTask | undefined, dueToday: boolean): ConclusionState {
  switch (task?.cell) {
    case undefined:
      return 'words-only';
    case 'D1':
    case 'D3':
      return 'done-on-time';
    case 'D2':
      return 'done-late';
    case 'O1':
      return dueToday ? 'due-today' : 'in-time';
    case 'O3':
    case 'X':
      return 'in-time';
    case 'O2':
      return 'overdue';
    case 'V1':
    case 'V2':
    case 'V3':
      return 'waiting';
    default:
      return 'out';
  }
}

interface Late {
  readonly taskId: string;
  readonly unitId: string;
  readonly late: number;
  readonly dueDay: number;
  readonly order: number;
}

const worstFirst = (a: Late, b: Late): number => b.late - a.late || a.order - b.order;

function allLate({ question, days }: Asked, runtime: Runtime): { readonly late: Late[]; readonly units: number; readonly over30: number } {
  const late: Late[] = [];
  survey(runtime, question.query, days.today, ({ cell, visit, late: since, dueDay }) => {
    if (cell === 'O2') late.push({ taskId: visit.taskId, unitId: visit.unitId, late: since, dueDay, order: runtime.columns.codeOrderOf(visit.task) });
  });
  return { late: late.sort(worstFirst), units: new Set(late.map(({ unitId }) => unitId)).size, over30: late.filter((one) => one.late > 30).length };
}

async function overdue(asked: Asked, n: number, runtime: Runtime): Promise<object> {
  const { late, units: unitCount, over30 } = allLate(asked, runtime);
  return { total: late.length, units: unitCount, over30, pages: Math.ceil(late.length / ROWS), rows: await lateRows(late.slice((n - 1) * ROWS, n * ROWS), asked, runtime) };
}

async function lateRows(late: readonly Late[], { point }: Asked, runtime: Runtime): Promise<object[]> {
  const shown = await shownTasks(late.map(({ taskId }) => taskId), point.known, runtime);
  return Promise.all(
    late.map(async ({ taskId, unitId, late: daysLate, dueDay }) => ({
      taskId, ...shown(taskId), unitId, unitShort: unitShort(unitId, runtime, point.known), dueOn: dayFromNumber(dueDay), daysLate, reason: reasonGiven(await stateAt(taskId, point, runtime)),
      // Who speaks for a unit is not kept anywhere: the room knows.
      speaks: null,
    })),
  );
}

/** What the unit said last: an explanation, or the note of its last report. */
function reasonGiven(state: Task | undefined): string | null {
  if (!state) return null;
  const answer = state.explanation?.answered;
  const report = state.facts.findLast((fact) => fact.type === 'ProgressReported' && fact.eventId === state.progress?.eventId);
  const note = report?.type === 'ProgressReported' ? (report.data.blockedBy ?? report.data.note) : '';
  if (answer && !(report && report.occurredAt > answer.occurredAt)) return shortened(answer.answer, 60);
  return note === '' ? (answer ? shortened(answer.answer, 60) : null) : shortened(note, 60);
}

/** A task at (A, K), from its stream: for the ten that a page shows. */
async function stateAt(taskId: string, { at, known }: Asked['point'], runtime: Runtime): Promise<Task | undefined> {
  const facts = (await runtime.log.readStream(taskStream(taskId))).filter(({ position }) => position <= known).map(toFact);
  const state = foldAt(facts, at);
  return state.kind === 'task' ? state : undefined;
}

async function shownTasks(ids: readonly string[], known: bigint, runtime: Runtime): Promise<(id: string) => { readonly code: string | null; readonly short: string }> {
  const tasks = new Map((await runtime.board.byIds([...new Set(ids)], known)).map((task) => [task.id, task]));
  return (id) => ({ code: tasks.get(id)?.code ?? null, short: shortened(tasks.get(id)?.content ?? '', SHORT_LENGTH) });
}

interface Due {
  readonly taskId: string;
  readonly unitId: string;
  readonly noUpdate: boolean;
  readonly order: number;
}

const weekOf = (day: Day): { readonly first: number; readonly last: number } => {
  const { from, to } = weekAhead(day);
  return { first: dayNumber(from), last: dayNumber(to) };
};

/** Of the week that a meeting at A looks ahead to: what is in time and falls due in it. Days off stand there when something does fall due on them. */
async function dueInWeek({ point, question, days }: Asked, runtime: Runtime): Promise<object> {
  const { first, last } = weekOf(point.day);
  const due = Array.from({ length: last - first + 1 }, (): Due[] => []);
  survey(runtime, question.query, days.today, (task) => {
    if (task.cell !== 'O1' || task.dueDay > last) return;
    due[task.dueDay - first]!.push({ taskId: task.visit.taskId, unitId: task.visit.unitId, noUpdate: !(task.told.updatedAt >= days.stale), order: runtime.columns.codeOrderOf(task.visit.task) });
  });
  for (const one of due) one.sort((a, b) => Number(b.noUpdate) - Number(a.noUpdate) || a.order - b.order);
  const picked = due.map((one) => one.slice(0, DAY_ROWS));
  const shown = await shownTasks(picked.flat().map(({ taskId }) => taskId), point.known, runtime);
  const all = due.flat();
  return {
    total: all.length, noUpdate: all.filter(({ noUpdate }) => noUpdate).length,
    days: due.flatMap((one, n) => {
      const day = dayFromNumber(first + n);
      if (weekday(day) > 5 && one.length === 0) return [];
      return [{ day, total: one.length, rows: picked[n]!.map(({ taskId, unitId, noUpdate }) => ({ taskId, ...shown(taskId), unitShort: unitShort(unitId, runtime, point.known), noUpdate })) }];
    }),
  };
}

interface UnitTally {
  overdue: number;
  oldest: number;
  dueWeek: number;
  extended: number;
}

interface UnitRow {
  readonly unitId: string;
  readonly shortName: string;
  readonly onTime: ReturnType<typeof share> & { readonly few: boolean };
  readonly overdue: number;
  readonly sinceOverdue: number | null;
  readonly oldestDays: number | null;
  readonly dueWeek: number;
  readonly extended: number;
}

async function units({ now, since, previous }: PagePoint, runtime: Runtime): Promise<object> {
  const { groups } = await releasedCounts({ ...now.question, groupBy: 'unit' }, runtime);
  const { groups: before } = await releasedCounts({ ...since.question, groupBy: 'unit' }, runtime);
  const { last } = weekOf(now.point.day);
  const tallies = new Map<string, UnitTally>();
  survey(runtime, now.question.query, now.days.today, ({ cell, visit, told, late, dueDay }) => {
    let tally = tallies.get(visit.unitId);
    if (!tally) tallies.set(visit.unitId, (tally = { overdue: 0, oldest: -1, dueWeek: 0, extended: 0 }));
    if (told.extensions > 0) tally.extended++;
    if (cell === 'O2') {
      tally.overdue++;
      tally.oldest = Math.max(tally.oldest, late);
    } else if (cell === 'O1' && dueDay <= last) tally.dueWeek++;
  });
  const counted = [...groups].filter(([, { total }]) => total > 0);
  const rows = counted.map(([unitId, counts]): UnitRow => {
    const tally = tallies.get(unitId);
    const onTime = share(counts);
    return {
      unitId, shortName: unitShort(unitId, runtime, now.point.known), onTime: { ...onTime, few: onTime.denominator < FEW }, overdue: tally?.overdue ?? 0, sinceOverdue: before.get(unitId)?.cells.O2 ?? 0,
      oldestDays: tally === undefined || tally.oldest < 0 ? null : tally.oldest, dueWeek: tally?.dueWeek ?? 0, extended: tally?.extended ?? 0,
    };
  });
  const rate = ({ onTime: { numerator, denominator } }: UnitRow): number => (denominator === 0 ? 1 : numerator / denominator);
  const byName = (a: UnitRow, b: UnitRow): number => COLLATOR.compare(a.shortName, b.shortName) || (a.unitId < b.unitId ? -1 : 1);
  rows.sort((a, b) => b.overdue - a.overdue || (b.oldestDays ?? -1) - (a.oldestDays ?? -1) || rate(a) - rate(b) || byName(a, b));
  const others = rows.slice(UNIT_ROWS).filter((row) => row.overdue > 0);
  const bottom = rows.filter((row) => row.overdue === 0 && !row.onTime.few).sort((a, b) => rate(b) - rate(a) || b.onTime.denominator - a.onTime.denominator || byName(a, b)).slice(0, BEST);
  const total = (field: 'overdue' | 'sinceOverdue'): number => others.reduce((sum, row) => sum + (row[field] ?? 0), 0);
  return {
    withOverdue: rows.filter((row) => row.overdue > 0).length, all: rows.length, since: since.point.asOf, sinceBriefingId: previous?.id ?? null, rows: rows.slice(0, UNIT_ROWS),
    rest: others.length === 0 ? null : { units: others.length, overdue: total('overdue'), sinceOverdue: total('sinceOverdue'), oldestDays: others.reduce((most, row) => Math.max(most, row.oldestDays ?? 0), 0), onTime: share(sumCounts(others.map(({ unitId }) => groups.get(unitId)!))) },
    bottom,
  };
}

/** A unit with all below it: its bar, its late tasks, its extensions, its answers to requests. */
async function oneUnit({ now, since }: PagePoint, unitId: string, runtime: Runtime): Promise<object> {
  const { counts } = await releasedCounts(now.question, runtime);
  const { counts: before } = await releasedCounts(since.question, runtime);
  const { last } = weekOf(now.point.day);
  const found = { tasks: 0, times: 0, days: 0, asked: 0, answered: 0, dueWeek: 0, dueWeekNoUpdate: 0 };
  survey(runtime, now.question.query, now.days.today, ({ cell, told, dueDay }) => {
    if (told.extensions > 0) found.tasks++;
    found.times += told.extensions;
    found.days += told.daysAdded;
    if (!Number.isNaN(told.askedAt)) found.asked++;
    if (!Number.isNaN(told.explainedAt)) found.answered++;
    if (cell !== 'O1' || dueDay > last) return;
    found.dueWeek++;
    if (!(told.updatedAt >= now.days.stale)) found.dueWeekNoUpdate++;
  });
  const { late } = allLate(now, runtime);
  return {
    unitId, name: runtime.reference.unitName(unitId, now.point.day, now.point.known), shortName: unitShort(unitId, runtime, now.point.known), cells: cellsOf(counts), total: counts.total, overdue: counts.cells.O2, sinceOverdue: before.cells.O2,
    onTime: share(counts), late: await lateRows(late.slice(0, LATE_ROWS), now, runtime), extensions: { tasks: found.tasks, times: found.times, days: found.days }, answers: { asked: found.asked, answered: found.answered }, dueWeek: found.dueWeek,
    dueWeekNoUpdate: found.dueWeekNoUpdate,
  };
}

/** What was put on the agenda from outside, each with why and by whom: the list as it is now, each task as it stands at the point. */
async function raisedTasks({ briefing, now: { point, days }, present }: PagePoint, runtime: Runtime): Promise<object> {
  const all = await raisedFor(briefing.state, present, runtime);
  const first = all.slice(0, RAISED_ROWS);
  const shown = await shownTasks(first.map(({ taskId }) => taskId), present.known, runtime);
  const rows = await Promise.all(
    first.map(async (one) => {
      // A task that was given after the cut-off stands as it does now.
      const task = runtime.columns.ofTask(one.taskId, point.at, point.known).at(-1) ?? runtime.columns.ofTask(one.taskId, present.at, present.known).at(-1);
      const { dueOn } = dueParts(task?.due ?? Infinity);
      const raising = await raisingOf(one, runtime);
      return {
        taskId: one.taskId, ...shown(one.taskId), unitId: one.unitId, unitShort: unitShort(one.unitId, runtime, present.known), dueOn, daysLate: task?.cell === 'O2' && dueOn !== null ? days.today - dayNumber(dueOn) : null, cell: task?.cell ?? null,
        reason: raising === undefined ? null : shortened(raising.reason, REASON_LENGTH), raisedBy: raising?.actor.role ?? null, raisedAt: isoInstant(one.at), afterCutOff: one.position > (await positionOf(briefing.state.known, runtime)),
      };
    }),
  );
  return { total: all.length, rows };
}

interface Waiting {
  readonly taskId: string;
  readonly unitId: string;
  readonly kind: 'extension' | 'return' | 'completion';
  readonly since: number;
  readonly late: number;
  readonly dueDay: number;
  readonly extensions: number;
  readonly daysAdded: number;
}

/** What waits for a decision, the longest waiting first. */
function waitingAt({ question, days }: Asked, runtime: Runtime): readonly Waiting[] {
  const waiting: Waiting[] = [];
  survey(runtime, question.query, days.today, (task) => {
    const { told, visit, late, dueDay } = task;
    for (const kind of kindsOf(task)) waiting.push({ taskId: visit.taskId, unitId: visit.unitId, kind, since: kind === 'extension' ? told.extensionAt : kind === 'return' ? told.returnAt : told.submittedAt, late, dueDay, extensions: told.extensions, daysAdded: told.daysAdded });
  });
  return waiting.sort((a, b) => a.since - b.since || (a.taskId < b.taskId ? -1 : 1));
}

/** `n` is one of those that wait; its ten stand on the page. */
async function requests(asked: Asked, n: number, runtime: Runtime): Promise<object> {
  const { point } = asked;
  const waiting = waitingAt(asked, runtime);
  const first = Math.floor((n - 1) / ROWS) * ROWS;
  const page = waiting.slice(first, first + ROWS);
  const shown = await shownTasks(page.map(({ taskId }) => taskId), point.known, runtime);
  const rows = await Promise.all(
    page.map(async (one) => {
      const state = await stateAt(one.taskId, point, runtime);
      const asked = one.kind === 'extension' ? state?.pendingExtension : undefined;
      const askedDueOn = asked?.deadline.kind === 'due' ? asked.deadline.dueOn : null;
      const dueOn = Number.isNaN(one.dueDay) ? null : dayFromNumber(one.dueDay);
      return {
        taskId: one.taskId, revision: (state?.facts.length ?? 0) - 1, ...shown(one.taskId), unitId: one.unitId, unitShort: unitShort(one.unitId, runtime, point.known), kind: one.kind, dueOn, daysLate: one.late > 0 ? one.late : null, askedDueOn,
        addsDays: askedDueOn === null || dueOn === null ? null : daysBetween(dueOn, askedDueOn), reason: asked?.reason ?? (one.kind === 'return' ? (state?.pendingReturn?.reason ?? null) : null), since: isoInstant(one.since), extensionsBefore: one.extensions,
        daysAddedBefore: one.daysAdded,
      };
    }),
  );
  return { total: waiting.length, first: first + 1, rows };
}

const DECIDED_BY: Readonly<Record<Waiting['kind'], readonly ConclusionKind[]>> = {
  extension: ['extend', 'refuse-extension', 'transfer'],
  return: ['accept-return', 'refuse-return', 'transfer'],
  completion: ['confirm', 'refuse-completion'],
};

export interface DecidedRequest {
  readonly taskId: string;
  readonly kind: Waiting['kind'];
  /** Of this meeting; null: decided outside it. */
  readonly conclusionId: string | null;
}

/** Of all that waited at the cut-off, on whatever page: what the meeting has decided, and beside the present also what waits no more there. */
export function decidedRequests({ briefing, now }: PagePoint, live: PagePoint | null, runtime: Runtime): readonly DecidedRequest[] {
  const still = live === null ? undefined : new Set(waitingAt(live.now, runtime).map(({ taskId, kind }) => `${taskId} ${kind}`));
  return waitingAt(now, runtime).flatMap(({ taskId, kind }) => {
    const by = briefing.state.conclusions.findLast((one) => one.struck === null && one.taskId === taskId && DECIDED_BY[kind].includes(one.kind));
    return by !== undefined || still?.has(`${taskId} ${kind}`) === false ? [{ taskId, kind, conclusionId: by?.id ?? null }] : [];
  });
}

function kindsOf(task: Surveyed): readonly Waiting['kind'][] {
  return [...(TASK_TESTS['waiting-extension'](task) ? (['extension'] as const) : []), ...(TASK_TESTS['waiting-return'](task) ? (['return'] as const) : []), ...(TASK_TESTS['waiting-completion'](task) ? (['completion'] as const) : [])];
}

async function signals({ point, question }: Asked, runtime: Runtime): Promise<object> {
  const weeks = weeksUpTo(point.day, WEEKS_BACK);
  const { p0: _, p1: __, ...who } = question.query;
  const byUnit = runtime.columns.weeks(who, boundsOf(weeks, point.at));
  const overdueAt = weeks.map((_week, n) => [...byUnit.values()].reduce((sum, { overdue: stock }) => sum + stock[n]!, 0));
  const some = weeks.map((_week, n) => [...byUnit.values()].some(({ assigned, completed, overdue: stock }) => assigned[n]! + completed[n]! + stock[n]! > 0));
  // Weeks before there was anything are no weeks without overdue work.
  const begun = some.indexOf(true);
  const chart = controlChart(begun < 0 ? [] : weeks.slice(begun).map(({ from }, n) => ({ week: from, value: overdueAt[begun + n]! })));
  return { weeks: weeks.map(({ from, to }, n) => ({ from, to: n === weeks.length - 1 ? point.day : to, overdueStock: overdueAt[n]! })), ...chart };
}
