import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIXED_DATE_POLICIES, type Deadline, type FixedDatePolicy } from '#deadlines';
import { addDays, atTime, dayOf, endOfDay, startOfDay, type Day, type Instant } from '#kernel';
import type { TaskAssignedData, TaskFact } from '#tasks';
import { due, fact, noDeadline, played } from './builders.features.ts';
import { Columns, selecting, type FiguresQuery, type GroupBy } from './columns.ts';
import { CELLS, FLOWS, OUT_REASONS, PARTS, emptyCounts, sumCounts, type Cell, type Counts, type OutReason, type Selector } from './counts.ts';
import { balancesOf } from './rates.ts';

/*
 * The reference is the naive one: take the facts known at K, fold those that happened by A, judge by days and hours. It shares nothing with
 * the columns but the names of the cells.
 */

interface Task {
  readonly taskId: string;
  readonly facts: readonly TaskFact[];
}

interface Now {
  work: 'open' | 'submitted' | 'done' | 'withdrawn';
  deadline: Deadline;
  submittedAt: Instant;
  /** In force at the submission. */
  judgedBy: Deadline;
  backdated: boolean;
  extendedLate: boolean;
}

const dayDue = (d: Deadline, policy?: FixedDatePolicy): Day | undefined => (d.kind === 'none' ? undefined : policy === undefined ? d.dueOn : d.dueOnBy[policy]);

/** A thing done at `at` is late by day, by instant where the limit has an hour. */
function late(at: Instant, d: Deadline, policy?: FixedDatePolicy): boolean {
  if (d.kind === 'none') return false;
  const on = dayDue(d, policy)!;
  return d.dueTime === undefined ? dayOf(at) > on : at > atTime(on, d.dueTime);
}

function overdue(at: Instant, d: Deadline, policy?: FixedDatePolicy): boolean {
  if (d.kind === 'none') return false;
  const on = dayDue(d, policy)!;
  return at > (d.dueTime === undefined ? endOfDay(on) : atTime(on, d.dueTime));
}

function foldUntil(facts: readonly TaskFact[], happened: (at: Instant) => boolean): Now | undefined {
  let now: Now | undefined;
  for (const f of [...facts].sort((a, b) => a.occurredAt - b.occurredAt || Number(a.position - b.position))) {
    if (!happened(f.occurredAt)) continue;
    if (f.type === 'TaskAssigned') now = { work: 'open', deadline: f.data.deadline, submittedAt: NaN, judgedBy: f.data.deadline, backdated: false, extendedLate: false };
    if (!now) continue;
    if (!['ProgressReported', 'ExtensionRequested'].includes(f.type) && dayOf(f.recordedAt) > dayOf(f.occurredAt)) now.backdated = true;
    if (f.type === 'ExtensionGranted') {
      if (late(f.occurredAt, now.deadline)) now.extendedLate = true;
      now.deadline = f.data.deadline;
    }
    if (f.type === 'CompletionSubmitted') Object.assign(now, { work: 'submitted', submittedAt: f.occurredAt, judgedBy: now.deadline });
    if (f.type === 'TaskCompleted') now.work = 'done';
    if (f.type === 'CompletionRefused') now.work = 'open';
    if (f.type === 'TaskWithdrawn') now.work = 'withdrawn';
  }
  return now;
}

function reference(tasks: readonly Task[], q: FiguresQuery): Map<string, Counts> {
  const groups = new Map<string, Counts>();
  const { policy } = q;
  for (const { facts } of tasks) {
    const known = facts.filter((f) => q.known === null || f.position <= q.known);
    const first = known.find((f) => f.type === 'TaskAssigned');
    if (!first || first.occurredAt > q.at) continue;
    const data = first.data as TaskAssignedData;
    if (data.routine || data.parentTaskId !== undefined) continue;
    if (q.unitIds && !q.unitIds.has(data.leadUnitId)) continue;
    if (q.authority !== undefined && data.authority !== q.authority) continue;
    const begun = first.occurredAt;
    const key = { unit: data.leadUnitId, authority: data.authority, field: data.field ?? '', month: dayOf(begun).slice(0, 7), none: '' }[q.groupBy ?? 'none'];
    const counts = (): Counts => groups.get(key) ?? groups.set(key, emptyCounts()).get(key)!;
    if (known.some((f) => f.type === 'TaskVoided')) {
      if (begun >= q.p0) counts().out.voided++;
      continue;
    }
    const now = foldUntil(known, (at) => at <= q.at)!;
    const before = foldUntil(known, (at) => at < q.p0);
    const carried = before !== undefined && (before.work === 'open' || before.work === 'submitted');
    const inC2 = carried || begun >= q.p0;
    const effective = now.work === 'submitted' || now.work === 'done' ? now.judgedBy : now.deadline;
    const judge = q.basis === 'original' ? data.deadline : effective;
    // C3 goes by the effective deadline under either basis.
    const dueOn = dayDue(effective, policy);
    const inCohort = q.cohort === 'C2' ? inC2 : q.cohort === 'C1' ? begun >= q.p0 : dueOn !== undefined && dueOn >= dayOf(q.p0) && dueOn < dayOf(q.p1);

    const third = judge.kind === 'none' ? '3' : undefined;
    const cell: Cell | undefined =
      now.work === 'done' ? (`D${third ?? (late(now.submittedAt, judge, policy) ? '2' : '1')}` as Cell)
      : now.work === 'submitted' ? (`V${third ?? (late(now.submittedAt, judge, policy) ? '2' : '1')}` as Cell)
      : now.work === 'open' ? (`O${third ?? (overdue(q.at, judge, policy) ? '2' : '1')}` as Cell)
      : undefined;
    if (inC2) {
      counts().flow[carried ? 'opening' : 'new']++;
      counts().flow[cell === undefined ? 'out' : now.work === 'done' ? 'closed' : 'closing']++;
    }
    if (!inCohort) continue;
    const c = counts();
    if (cell === undefined) {
      c.out.withdrawn++;
      continue;
    }
    c.cells[cell]++;
    c.total++;
    if (inC2) c.parts[carried ? 'carriedOver' : 'begunInPeriod']++;
    if (cell === 'D1') c.parts[late(now.submittedAt, data.deadline, policy) ? 'D1b' : 'D1a']++;
    if (now.backdated) c.parts.backdated++;
    if (now.work === 'done' && now.submittedAt < q.p0) c.parts.priorPeriodAdjustment++;
    if (now.extendedLate) c.parts.extendedAfterDeadline++;
    if (late(begun, data.deadline, policy)) {
      c.parts.assignedOverdue++;
      if (cell === 'D1') c.assignedOverdueD1++;
      if (['D1', 'D2', 'O2', 'V2'].includes(cell)) c.assignedOverdueMatured++;
    }
  }
  return groups;
}

/* Few days and few hours, so that facts fall on p0, p1, A, hour limits and on one another. */
const FIRST = '2020-02-25';
const DAYS = 14;
const HOURS = ['00:00', '10:00', '16:00'] as const;
const dayArb = fc.integer({ min: 0, max: DAYS }).map((n) => addDays(FIRST, n));
const instantArb = fc.tuple(dayArb, fc.constantFrom(...HOURS), fc.constantFrom(0, 0, 1, -1)).map(([day, hour, ms]) => atTime(day, hour) + ms);
const deadlineArb: fc.Arbitrary<Deadline> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(noDeadline) },
  { weight: 4, arbitrary: fc.tuple(dayArb, fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 2 })).map(([on, a, b]) => due(on, undefined, { none: addDays(on, -a), 'all-but-before': addDays(on, -b) })) },
  { weight: 2, arbitrary: fc.tuple(dayArb, fc.constantFrom('10:00', '16:00')).map(([on, time]) => due(on, time)) },
);

type Step = 'grant' | 'submit' | 'confirm' | 'refuse' | 'withdraw' | 'void' | 'progress';
const stepArb = fc.record({
  step: fc.constantFrom<Step>('grant', 'grant', 'submit', 'submit', 'submit', 'confirm', 'confirm', 'refuse', 'withdraw', 'void', 'progress'),
  at: instantArb,
  lag: fc.constantFrom(0, 0, 0, 3_600_000, 86_400_000, 3 * 86_400_000),
  deadline: deadlineArb,
});
const lifeArb = fc.record({
  begun: instantArb,
  lag: fc.constantFrom(0, 0, 86_400_000, 5 * 86_400_000),
  deadline: deadlineArb,
  unit: fc.constantFrom('a', 'b', 'c'),
  authority: fc.constantFrom('ubnd-tinh', 'chu-tich'),
  field: fc.constantFrom(undefined, 'x'),
  kind: fc.constantFrom('task', 'task', 'task', 'task', 'routine', 'subtask'),
  steps: fc.array(stepArb, { maxLength: 6 }),
});

/** Keeps the legal steps of each life and writes all of them into one log: recordedAt never decreases along it. */
function write(lives: readonly (typeof lifeArb extends fc.Arbitrary<infer T> ? T : never)[]): Task[] {
  const drafts = lives.flatMap((life, n) => {
    const own: { n: number; type: string; data: object; at: Instant; recordedAt: Instant }[] = [];
    let last = life.begun;
    let recorded = life.begun + life.lag;
    const data = { leadUnitId: life.unit, authority: life.authority, field: life.field, assignedOn: dayOf(life.begun), deadline: life.deadline, ...(life.kind === 'routine' ? { routine: true } : life.kind === 'subtask' ? { parentTaskId: 't0' } : {}) };
    own.push({ n, type: 'TaskAssigned', data, at: last, recordedAt: recorded });
    let work = 'open';
    for (const { step, at, lag, deadline } of [...life.steps].sort((a, b) => a.at - b.at)) {
      const legal = step === 'void' ? true : work === 'open' ? ['grant', 'submit', 'withdraw', 'progress'].includes(step) : work === 'submitted' && ['confirm', 'refuse', 'withdraw'].includes(step);
      if (!legal) continue;
      last = Math.max(last, at);
      recorded = Math.max(recorded, last + lag);
      const type = { grant: 'ExtensionGranted', submit: 'CompletionSubmitted', confirm: 'TaskCompleted', refuse: 'CompletionRefused', withdraw: 'TaskWithdrawn', void: 'TaskVoided', progress: 'ProgressReported' }[step];
      own.push({ n, type, data: step === 'grant' ? { deadline } : { wasOverdue: false }, at: last, recordedAt: recorded });
      if (step === 'void') break;
      work = { grant: 'open', progress: 'open', refuse: 'open', submit: 'submitted', confirm: 'done', withdraw: 'withdrawn' }[step];
    }
    return own;
  });
  const log = drafts.map((draft, order) => ({ draft, order })).sort((a, b) => a.draft.recordedAt - b.draft.recordedAt || a.order - b.order);
  const tasks = lives.map((_, n) => ({ taskId: `t${n}`, facts: [] as TaskFact[] }));
  log.forEach(({ draft }, i) => tasks[draft.n]!.facts.push(fact(draft.type as TaskFact['type'], draft.data, { at: draft.at, recordedAt: draft.recordedAt, position: 10 + i * 3 })));
  return tasks;
}

const queryArb = fc
  .record({
    days: fc.tuple(dayArb, dayArb, dayArb).map((d) => [...d].sort() as [Day, Day, Day]),
    moment: fc.constantFrom('end', 'start', '10:00', '16:00', '16:00:00.001'),
    known: fc.option(fc.integer({ min: 8, max: 160 }).map(BigInt)),
    cohort: fc.constantFrom('C1' as const, 'C2' as const, 'C3' as const),
    basis: fc.constantFrom('current' as const, 'original' as const),
    policy: fc.option(fc.constantFrom(...FIXED_DATE_POLICIES), { nil: undefined }),
    groupBy: fc.constantFrom<GroupBy | undefined>(undefined, 'unit', 'authority', 'field', 'month'),
    units: fc.option(fc.constant(new Set(['a', 'c'])), { nil: undefined }),
    authority: fc.constantFrom(undefined, undefined, 'chu-tich', 'thu-tuong'),
  })
  .map(({ days: [from, on, to], moment, known, cohort, basis, policy, groupBy, units, authority }): FiguresQuery => {
    const at = moment === 'end' ? endOfDay(on) - 1 : moment === 'start' ? startOfDay(on) : atTime(on, moment.slice(0, 5)) + (moment.length > 5 ? 1 : 0);
    return {
      at, known, p0: startOfDay(from), p1: endOfDay(to), cohort, basis,
      ...(policy === undefined ? {} : { policy }), ...(groupBy === undefined ? {} : { groupBy }), ...(units === undefined ? {} : { unitIds: units }), ...(authority === undefined ? {} : { authority }),
    };
  });

const tasksArb = fc.array(lifeArb, { minLength: 1, maxLength: 12 }).map(write);
const sorted = (groups: ReadonlyMap<string, Counts>): [string, Counts][] => [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
// A multiple of three: fast-check never ends on a fraction of a run.
const runs = { seed: 20_201_128, numRuns: process.env['NHACVIEC_FULL'] ? 6_000 : 1_200 };

describe('figures from columns, against facts folded anew for each question', () => {
  it('are the same at every cut-off, knowledge, period, cohort, basis and policy', () => {
    fc.assert(
      fc.property(tasksArb, fc.array(queryArb, { minLength: 6, maxLength: 6 }), (tasks, queries) => {
        const { columns, rows } = played(...tasks);
        const loaded = new Columns();
        loaded.load(rows);
        for (const query of queries) {
          const expected = sorted(reference(tasks, query));
          expect(sorted(columns.evaluate(query))).toEqual(expected);
          expect(sorted(loaded.evaluate(query))).toEqual(expected);
        }
      }),
      runs,
    );
  });

  it('balance, and every number is the length of its list', () => {
    fc.assert(
      fc.property(tasksArb, queryArb, (tasks, query) => {
        const { columns, rows } = played(...tasks);
        const loaded = new Columns();
        loaded.load(rows.reverse());
        const counts = sumCounts(columns.evaluate(query).values());
        expect(balancesOf(counts, query.cohort).filter((balance) => !balance.holds)).toEqual([]);
        const long = (selector: Selector): number => {
          const list = columns.list(query, selecting(selector));
          expect(loaded.list(query, selecting(selector))).toEqual(list);
          expect(new Set(list.map((task) => task.taskId)).size).toBe(list.length);
          return list.length;
        };
        expect(long({ by: 'all' })).toBe(counts.total);
        for (const cell of CELLS) expect([cell, long({ by: 'cell', cells: [cell] })]).toEqual([cell, counts.cells[cell]]);
        for (const part of PARTS) expect([part, long({ by: 'part', part })]).toEqual([part, counts.parts[part]]);
        for (const flow of FLOWS) expect([flow, long({ by: 'flow', flow })]).toEqual([flow, counts.flow[flow]]);
        for (const reason of OUT_REASONS) expect([reason, long({ by: 'out', reason })]).toEqual([reason, counts.out[reason]]);
      }),
      { ...runs, numRuns: Math.floor(runs.numRuns / 3) },
    );
  });

  it('close a period with what opens the next', () => {
    fc.assert(
      fc.property(tasksArb, queryArb, dayArb, (tasks, query, on) => {
        const { columns } = played(...tasks);
        const closing = columns.evaluate({ ...query, at: query.p1 - 1 });
        const opening = columns.evaluate({ ...query, p0: query.p1, p1: endOfDay(addDays(on, 30)), at: endOfDay(addDays(on, 30)) - 1 });
        const flows = (groups: Map<string, Counts>, flow: 'closing' | 'opening'): [string, number][] =>
          sorted(groups).map(([key, counts]): [string, number] => [key, counts.flow[flow]]).filter(([, n]) => n > 0);
        expect(flows(opening, 'opening')).toEqual(flows(closing, 'closing'));
      }),
      { ...runs, numRuns: Math.floor(runs.numRuns / 3) },
    );
  });

  it('see each begun assignment once, in the cell that figures count', () => {
    fc.assert(
      fc.property(tasksArb, queryArb, (tasks, { at, known }) => {
        const { columns } = played(...tasks);
        const seen = new Map<Cell | OutReason, number>();
        for (const { cell } of columns.alive(at, known)) seen.set(cell, (seen.get(cell) ?? 0) + 1);
        const [counts] = [...reference(tasks, { at, known, p0: -Infinity, p1: Infinity, cohort: 'C1', basis: 'current' }).values()];
        expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(Object.entries({ ...counts?.cells, withdrawn: counts?.out.withdrawn ?? 0 }).filter(([, n]) => n > 0)));
      }),
      { ...runs, numRuns: Math.floor(runs.numRuns / 3) },
    );
  });
});
