import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIXED_DATE_POLICIES } from '#deadlines';
import { addDays, atTime, endOfDay, startOfDay, type Day, type Instant } from '#kernel';
import { foldAt } from '#tasks';
import { LIVES_DAYS, LIVES_FROM, logArb, UNITS, type ToldLog } from '#tasks/lives.features';
import { played } from './builders.features.ts';
import { learn, lifeFromRows, newTask } from './believe.ts';
import { Columns, type ChangedTask, type FiguresQuery, type GroupBy } from './columns.ts';
import type { CoordinationCounts } from './coordination.ts';
import { CELLS, FLOWS, OUT_REASONS, PARTS, sumCounts, type Counts, type Selector } from './counts.ts';
import { selecting } from './members.ts';
import { groupOf, inN, naiveBelieved, naiveCounts, naiveDay, naiveDeadlineAt, naiveLate, naiveMembers, naiveOverdue, type Member } from './naive.features.ts';
import { balancesOf, RATE_SIDES, RATES, rateOf, rateSide } from './rates.ts';
import type { FigureRow } from './rows.ts';
import { KeptFacts } from './stored-facts.ts';
import { readRows, writeRows } from './stored-rows.ts';
import { timeline } from './timeline.ts';

/* The reference is naive.features.ts; the histories are random legal lives of `#tasks/lives.features`. */

const dayArb = fc.noBias(fc.nat({ max: LIVES_DAYS })).map((n) => addDays(LIVES_FROM, n));
/** Units that went into another one; as they are now they stand under it. */
const MERGED: Readonly<Record<string, string>> = { b: 'a', d: 'c' };
const asIs = (unitId: string): string => MERGED[unitId] ?? unitId;

const momentArb = fc.tuple(fc.constantFrom('end', 'end', 'start', '10:00', '16:00'), fc.constantFrom(0, 0, 0, 1, -1));
const momentOf = (on: Day, [moment, ms]: readonly [string, number]): Instant => (moment === 'end' ? endOfDay(on) - 1 : moment === 'start' ? startOfDay(on) : atTime(on, moment)) + ms;
const knownArb = fc.noBias(fc.nat({ max: 160 })).map((n) => (n < 8 || n > 70 ? null : BigInt(n)));
/** Mostly nothing, so that most questions see most tasks. */
const seldom = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: arb });

const queryArb = fc
  .record({
    days: fc.tuple(dayArb, dayArb, dayArb).map((d) => [...d].sort() as [Day, Day, Day]),
    moment: momentArb,
    known: knownArb,
    cohort: fc.constantFrom('C1' as const, 'C2' as const, 'C2' as const, 'C3' as const),
    basis: fc.constantFrom('current' as const, 'original' as const),
    policy: fc.option(fc.constantFrom(...FIXED_DATE_POLICIES), { nil: undefined }),
    groupBy: fc.constantFrom<GroupBy | undefined>(undefined, 'unit', 'unit', 'authority', 'field', 'month'),
    units: seldom(fc.subarray([...UNITS]).map((ids) => new Set<string>(ids))),
    standsUnder: fc.constantFrom(undefined, asIs),
    authority: seldom(fc.constantFrom('chu-tich', 'chu-tich', 'thu-tuong')),
    field: seldom(fc.constantFrom('x', '', 'y', 'không có')),
  })
  .map(({ days: [from, on, to], moment, known, cohort, basis, policy, groupBy, units, standsUnder, authority, field }): FiguresQuery => ({
    at: momentOf(on, moment), known, p0: startOfDay(from), p1: endOfDay(to), cohort, basis,
    ...(policy === undefined ? {} : { policy }), ...(groupBy === undefined ? {} : { groupBy }), ...(units === undefined ? {} : { unitIds: units }), ...(standsUnder === undefined ? {} : { standsUnder }),
    ...(authority === undefined ? {} : { authority }), ...(field === undefined ? {} : { field }),
  }));
const queriesArb = fc.array(queryArb, { minLength: 6, maxLength: 6 });

const FULL = process.env['NHACVIEC_FULL'] !== undefined;
const runs = (n: number): { readonly seed: number; readonly numRuns: number } => ({ seed: 20_201_128, numRuns: FULL ? n * 12 : n });
const sorted = <T>(groups: ReadonlyMap<string, T>): [string, T][] => [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
const key = (m: { readonly taskId: string; readonly assignment: number }): string => `${m.taskId}#${m.assignment}`;
/** toEqual, quick where both are written alike: it is asked a hundred thousand times. */
const text = (value: unknown): string => JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' || (typeof v === 'number' && !Number.isFinite(v)) ? String(v) : v));
const same = (received: unknown, expected: unknown): void => {
  if (text(received) !== text(expected)) expect(received).toEqual(expected);
};
const sum = (groups: ReadonlyMap<string, Counts>): Counts => sumCounts(groups.values());

/** Every number of the counts, with the members that a reference finds behind it. */
const SELECTORS: readonly (readonly [Selector, (m: Member) => boolean, (c: Counts) => number])[] = [
  [{ by: 'all' }, inN, (c) => c.total],
  ...CELLS.map((cell) => [{ by: 'cell', cells: [cell] }, (m: Member) => inN(m) && m.cell === cell, (c: Counts) => c.cells[cell]] as const),
  ...PARTS.map((part) => [{ by: 'part', part }, (m: Member) => m.parts.includes(part), (c: Counts) => c.parts[part]] as const),
  ...FLOWS.map((flow) => [{ by: 'flow', flow }, (m: Member) => m.flows.includes(flow), (c: Counts) => c.flow[flow]] as const),
  ...OUT_REASONS.map((reason) => [{ by: 'out', reason }, (m: Member) => m.cell === reason && (m.inCohort || reason === 'voided'), (c: Counts) => c.out[reason]] as const),
];

describe('figures from columns, against facts folded anew for each question', () => {
  it('are the same at every cut-off, knowledge, period, cohort, basis, policy, grouping, unit, authority and field', () => {
    const all: Counts[] = [];
    fc.assert(
      fc.property(logArb(), queriesArb, ({ tasks }, queries) => {
        const { columns } = played(tasks);
        for (const query of queries) {
          const expected = naiveCounts(naiveMembers(tasks, query), query);
          same(sorted(columns.evaluate(query)), sorted(expected));
          all.push(sum(expected));
        }
      }),
      runs(800),
    );
    // The campaign has met every number there is, and often.
    const { cells, parts, out, flow } = sumCounts(all);
    const rare = Object.entries({ ...cells, ...parts, ...out, ...flow }).filter(([, n]) => n < 8);
    expect(rare).toEqual([]);
  });

  it('are each the length of its list, which holds the very assignments counted, under the unit asked', () => {
    fc.assert(
      fc.property(logArb(), queryArb, ({ tasks }, query) => {
        const { columns } = played(tasks);
        const counts = sum(columns.evaluate(query));
        const members = naiveMembers(tasks, query);
        for (const [selector, has, number] of SELECTORS) {
          const list = columns.list(query, selecting(selector));
          const expected = members.filter(has);
          same([selector, list.map(key).sort(), number(counts)], [selector, expected.map(key).sort(), list.length]);
          const of = new Map(expected.map((m) => [key(m), [groupOf(m, { ...query, groupBy: 'unit' }), m.cell]]));
          for (const task of list) same([task.unitId, task.cell], of.get(key(task)));
        }
      }),
      runs(200),
    );
  });

  it('give each rate its lists: as long as its numerator, as its denominator, and as what it leaves out of the cells of the denominator', () => {
    fc.assert(
      fc.property(logArb(), queryArb, ({ tasks }, query) => {
        const { columns } = played(tasks);
        const counts = sum(columns.evaluate(query));
        for (const definition of RATES) {
          const { numerator, denominator } = rateOf(definition, counts, 'half-up');
          const lists = RATE_SIDES.map((side) => columns.list(query, selecting(rateSide(definition, side))).map(key));
          const cells = definition.denominator.reduce((n, cell) => n + counts.cells[cell], 0);
          expect([definition.code, lists.map((list) => list.length)]).toEqual([definition.code, [numerator, denominator, cells - denominator]]);
          expect(lists[0]!.every((one) => lists[1]!.includes(one))).toBe(true);
        }
      }),
      runs(120),
    );
  });

  it('balance, and each assignment of C2 stands in one part', () => {
    fc.assert(
      fc.property(logArb(), queryArb, ({ tasks }, query) => {
        const { columns } = played(tasks);
        for (const [, counts] of columns.evaluate(query)) expect(balancesOf(counts, query.cohort).filter((balance) => !balance.holds)).toEqual([]);
        const c2 = { ...query, cohort: 'C2' as const };
        const keys = (selector: Selector): string[] => columns.list(c2, selecting(selector)).map(key);
        const parts = (['carriedOver', 'begunInPeriod', 'reopenedInPeriod'] as const).flatMap((part) => keys({ by: 'part', part }));
        expect(parts.sort()).toEqual(keys({ by: 'all' }).sort());
        const flows = (names: readonly (typeof FLOWS)[number][]): string[] => names.flatMap((flow) => keys({ by: 'flow', flow })).sort();
        expect(flows(['opening', 'new', 'transferredIn', 'reopened'])).toEqual(flows(['closed', 'out', 'closing']));
      }),
      runs(150),
    );
  });

  it('close a period with what opens the next, assignment by assignment', () => {
    fc.assert(
      fc.property(logArb(), queryArb, fc.nat({ max: 20 }), momentArb, ({ tasks }, query, later, moment) => {
        const { columns } = played(tasks);
        const to = addDays(naiveDay(query.p1), later);
        const keys = (q: FiguresQuery, flow: 'closing' | 'opening'): string[] => columns.list(q, selecting({ by: 'flow', flow })).map(key).sort();
        const next = { ...query, p0: query.p1, p1: endOfDay(to), at: Math.max(query.p1, momentOf(to, moment)) };
        // A voided task opens nothing; one that was voided is in neither.
        expect(keys(next, 'opening')).toEqual(keys({ ...query, at: query.p1 - 1 }, 'closing'));
      }),
      runs(200),
    );
  });

  it('add up to the same total as units were and as they are, and over any grouping', () => {
    fc.assert(
      fc.property(logArb(), queryArb, ({ tasks }, query) => {
        const { columns } = played(tasks);
        const { groupBy: _, standsUnder: __, ...plain } = query;
        const whole = sum(columns.evaluate(plain));
        expect(sum(columns.evaluate({ ...plain, groupBy: 'unit' }))).toEqual(whole);
        expect(sum(columns.evaluate({ ...plain, groupBy: 'unit', standsUnder: asIs }))).toEqual(whole);
        for (const groupBy of ['authority', 'field', 'month'] as const) expect(sum(columns.evaluate({ ...plain, groupBy }))).toEqual(whole);
        const alone = UNITS.filter((id) => !plain.unitIds || plain.unitIds.has(id)).map((id) => sum(columns.evaluate({ ...plain, unitIds: new Set([id]) })));
        expect(sumCounts(alone)).toEqual(whole);
      }),
      runs(120),
    );
  });
});

describe('weeks told in one pass', () => {
  it('are for each week what the week is as a period: what began, what was done, what was overdue at its end', () => {
    const seen = { assigned: 0, completed: 0, overdue: 0, cleared: 0 };
    fc.assert(
      fc.property(logArb(), queryArb, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), ({ tasks }, { at, known, p0, unitIds, standsUnder, authority, field }, lengths) => {
        const { columns } = played(tasks);
        const bounds = lengths.reduce((all, length) => [...all, all.at(-1)! + length * 86_400_000], [p0]);
        bounds[bounds.length - 1] = Math.min(bounds.at(-1)!, Math.max(at, bounds.at(-2)!) + 1);
        const who = { known, among: (taskId: string): boolean => taskId !== 't1', ...(unitIds && { unitIds }), ...(standsUnder && { standsUnder }), ...(authority === undefined ? {} : { authority }), ...(field === undefined ? {} : { field }) };
        const weeks = columns.weeks(who, bounds);
        const plain = tasks.filter(({ taskId }) => taskId !== 't1');
        lengths.forEach((_, week) => {
          const [from, end] = [bounds[week]!, bounds[week + 1]! - 1];
          const q: FiguresQuery = { ...who, at: end, p0: from, p1: end + 1, cohort: 'C2', basis: 'current', groupBy: 'unit' };
          const expected = naiveCounts(naiveMembers(plain, q), q);
          const told = sorted(weeks).map(([unit, w]) => [unit, w.assigned[week], w.completed[week], w.overdue[week]]).filter(([, ...n]) => n.some((one) => one !== 0));
          same(told, sorted(expected).map(([unit, c]) => [unit, c.flow.new, c.flow.closed, c.cells.O2]).filter(([, ...n]) => n.some((one) => one !== 0)));
          for (const c of expected.values()) {
            seen.assigned += c.flow.new;
            seen.completed += c.flow.closed;
            seen.overdue += c.cells.O2;
          }
        });
        // Minute by minute where facts and deadlines fall: the last at which something was overdue.
        const last = columns.lastOverdue(who, at);
        const overdueAt = (one: Instant): boolean => naiveMembers(plain, { ...who, at: one, p0: -8e15, p1: 8e15, cohort: 'C1', basis: 'current' }).some(({ cell }) => cell === 'O2');
        if (last !== undefined) {
          expect([last <= at, overdueAt(last)]).toEqual([true, true]);
          if (last < at) seen.cleared++;
          if (last < at) expect(overdueAt(last + 1)).toBe(false);
        }
        if (overdueAt(at)) expect(last).toBe(at);
      }),
      runs(150),
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(10);
  });
});

describe('what changed between two points', () => {
  /** Each task once: the assignment that counts, or else the last that went out. */
  const byTask = (tasks: ToldLog['tasks'], query: FiguresQuery): Map<string, Member> => {
    const found = new Map<string, Member>();
    for (const m of naiveMembers(tasks, query)) {
      if (!m.inCohort && m.cell !== 'voided') continue;
      const other = found.get(m.taskId);
      if (!other || inN(m) || (!inN(other) && m.assignment > other.assignment)) found.set(m.taskId, m);
    }
    return found;
  };

  it('is the difference of the two results', () => {
    const seen = { entered: 0, left: 0, changed: 0 };
    fc.assert(
      fc.property(logArb(), queryArb, dayArb, momentArb, knownArb, ({ tasks }, query, on, moment, known) => {
        const { columns } = played(tasks);
        const from = { ...query, at: Math.max(query.p0, momentOf(on, moment)), known };
        const [first, second] = [byTask(tasks, from), byTask(tasks, query)];
        const side = (m: Member | undefined): readonly unknown[] | null => (m === undefined ? null : [key(m), groupOf(m, { ...query, groupBy: 'unit' }), m.cell]);
        const expected: Record<string, unknown[]> = { entered: [], left: [], changed: [] };
        for (const { taskId } of tasks) {
          const [a, b] = [first.get(taskId), second.get(taskId)];
          const [was, is] = [a !== undefined && inN(a), b !== undefined && inN(b)];
          const kind = is && !was ? 'entered' : was && !is ? 'left' : was && is && (a!.cell !== b!.cell || side(a)![1] !== side(b)![1]) ? 'changed' : undefined;
          if (kind !== undefined) expected[kind]!.push([taskId, side(a), side(b)]);
        }
        const told = (list: readonly ChangedTask[]): unknown[] =>
          list.map(({ taskId, before, after }) => [taskId, before && [key(before), before.unitId, before.cell], after && [key(after), after.unitId, after.cell]]).sort((x, y) => (String(x[0]) < String(y[0]) ? -1 : 1));
        const { entered, left, changed } = columns.changes(from, query);
        expect({ entered: told(entered), left: told(left), changed: told(changed) }).toEqual(expected);
        const numbers = (q: FiguresQuery): number => sum(columns.evaluate(q)).total;
        expect(numbers(query) - numbers(from)).toBe(entered.length - left.length);
        seen.entered += entered.length;
        seen.left += left.length;
        seen.changed += changed.length;
      }),
      runs(250),
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });
});

describe('the coordination rate', () => {
  it('counts answers of coordinators of the tasks counted, judged by the deadline in force at the answer', () => {
    let answered = 0;
    fc.assert(
      fc.property(logArb(), queriesArb, ({ tasks }, queries) => {
        const { columns, coordination } = played(tasks);
        for (const query of queries) {
          const expected = new Map<string, CoordinationCounts>();
          for (const m of naiveMembers(tasks, query).filter(inN)) {
            const task = tasks.find(({ taskId }) => taskId === m.taskId)!;
            const { assigned, facts } = naiveBelieved(task.facts, query.known);
            for (const unitId of assigned!.data.coordinatingUnitIds) {
              // Each unit answers once; an answer past the cut-off is none yet.
              const answer = facts.find((f) => f.type === 'CoordinationAnswered' && f.data.unitId === unitId && f.occurredAt <= query.at);
              const deadline = query.basis === 'original' || !answer ? m.deadline : naiveDeadlineAt(task, Math.max(answer.occurredAt, assigned!.occurredAt), query.known);
              if (deadline.kind === 'none' || (!answer && !naiveOverdue(query.at, deadline, query.policy))) continue;
              const unit = query.standsUnder === undefined ? unitId : query.standsUnder(unitId);
              const counts = expected.get(unit) ?? { answered: 0, answeredInTime: 0, unansweredOverdue: 0 };
              expected.set(unit, counts);
              if (!answer) counts.unansweredOverdue++;
              else counts.answered++;
              if (answer && !naiveLate(answer.occurredAt, deadline, query.policy)) counts.answeredInTime++;
            }
          }
          expect(sorted(coordination.rates(columns, query))).toEqual(sorted(expected));
          for (const counts of expected.values()) answered += counts.answered;
        }
      }),
      runs(250),
    );
    expect(answered).toBeGreaterThan(100);
  });
});

describe('what is believed', () => {
  const inOrder = ({ number, assignment: a, state, from, due, submittedAt, reopenedAt, flags }: FigureRow): unknown => ({
    number, from, state, due, submittedAt, reopenedAt, flags, assignment: { unitId: a.unitId, authority: a.authority, field: a.field, counted: a.counted, begunAt: a.begunAt, byTransfer: a.byTransfer, original: a.original },
  });
  it('is after every fact the whole life made anew, and each row keeps the positions between which it was', () => {
    fc.assert(
      fc.property(logArb(), ({ tasks }) => {
        for (const { facts } of tasks) {
          const known = newTask();
          const whole = facts.map((_, n) => [...timeline(facts.slice(0, n + 1))].sort((a, b) => a.number - b.number || a.from - b.from).map(inOrder));
          facts.forEach((fact, n) => {
            learn(known, fact);
            const rows = (at: number): unknown[] => known.rows.filter((row) => row.knownFrom <= at && row.knownTo > at).sort((a, b) => a.number - b.number || a.from - b.from).map(inOrder);
            // As known now, and at some position before.
            for (const k of new Set([n, (n * 7) % (n + 1)])) same(rows(Number(facts[k]!.position)), whole[k]);
          });
        }
      }),
      runs(150),
    );
  });

  it('is the same after a restart at any fact: loaded from its text it answers and is written alike', () => {
    fc.assert(
      fc.property(logArb(), queriesArb, fc.nat({ max: 40 }), ({ tasks }, queries, cut) => {
        const straight = played(tasks);
        const restarted = new Columns();
        const loaded = new Columns();
        for (const { taskId, facts } of tasks) {
          const before = newTask();
          for (const fact of facts.slice(0, cut)) learn(before, fact);
          const text = writeRows(before.rows);
          expect(writeRows(readRows(text))).toBe(text);
          // As a projection takes it up again: the life from the rows.
          const rows = readRows(text);
          const after = { facts: new KeptFacts({ facts: before.facts.toStored(), count: before.facts.length }), rows, life: lifeFromRows(rows, before.life?.dueBy ?? '') };
          if (before.life) expect(after.life).toMatchObject(before.life);
          restarted.merge(taskId, after.rows);
          for (const fact of facts.slice(cut)) {
            learn(after, fact);
            restarted.merge(taskId, after.rows);
          }
          expect(writeRows(after.rows)).toBe(writeRows(straight.rows.get(taskId) ?? []));
          loaded.merge(taskId, readRows(writeRows(after.rows)));
        }
        for (const query of queries) {
          const expected = sorted(straight.columns.evaluate(query));
          same(sorted(restarted.evaluate(query)), expected);
          same(sorted(loaded.evaluate(query)), expected);
          const list = straight.columns.list(query, selecting({ by: 'all' }));
          same(restarted.list(query, selecting({ by: 'all' })), list);
          same(loaded.list(query, selecting({ by: 'all' })), list);
        }
      }),
      runs(120),
    );
  });

  it('is nothing before the first fact, and what it was at K once more facts are known', () => {
    fc.assert(
      fc.property(logArb(), queryArb, fc.nat({ max: 100 }), ({ tasks, log }, query, n) => {
        if (log.length === 0) return;
        const known = log[n % log.length]!.fact.position;
        const [then, now] = [played(tasks, known), played(tasks)];
        const asked = { ...query, known };
        const answer = (columns: Columns, q: FiguresQuery): string => JSON.stringify([sorted(columns.evaluate(q)), columns.list(q, selecting({ by: 'all' }))]);
        expect(answer(now.columns, asked)).toBe(answer(then.columns, asked));
        expect(answer(then.columns, { ...query, known: null })).toBe(answer(then.columns, asked));
        expect(sorted(now.coordination.rates(now.columns, asked))).toEqual(sorted(then.coordination.rates(then.columns, asked)));
        expect(answer(now.columns, { ...query, known: log[0]!.fact.position - 1n })).toBe('[[],[]]');
      }),
      runs(150),
    );
  });
});

describe('the tasks that are alive', () => {
  it('are every assignment begun by then, in the cell that figures of all time count, and those of one task are the same', () => {
    fc.assert(
      fc.property(logArb(), queryArb, ({ tasks }, { at, known }) => {
        const { columns } = played(tasks);
        const all: FiguresQuery = { at, known, p0: -8.64e15, p1: 8.64e15, cohort: 'C1', basis: 'current' };
        // Routine work and subtasks are seen here and counted nowhere.
        const plain = tasks.map(({ taskId, facts }) => ({ taskId, facts: facts.map((f) => (f.type === 'TaskAssigned' ? { ...f, data: { ...f.data, routine: false, parentTaskId: undefined } } : f)).map(uncorrectedKind) })) as unknown as ToldLog['tasks'];
        const expected = naiveMembers(plain, { ...all, p0: 0, p1: 8e15 }).map((m) => `${key(m)} ${m.unitId} ${m.cell}`).sort();
        const found = columns.page({ at, known }, () => true).items;
        expect(found.map((t) => `${key(t)} ${t.unitId} ${t.cell}`).sort()).toEqual(expected);
        expect(tasks.flatMap(({ taskId }) => columns.ofTask(taskId, at, known)).map((t) => `${key(t)} ${t.unitId} ${t.cell}`).sort()).toEqual(expected);
      }),
      runs(150),
    );
  });
});

describe('a page of the tasks that are alive', () => {
  it('is a piece of all of them in their order, however few are asked for', () => {
    const wanted = fc.record({ by: fc.constantFrom('code' as const, 'due' as const, 'assigned' as const, 'unit' as const), descending: fc.boolean(), offset: fc.nat(3), limit: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(logArb(24, 120), fc.record({ at: fc.constant(8e15), known: fc.constant(null) }), wanted, ({ tasks }, { at, known }, { offset, limit, ...order }) => {
        const { columns } = played(tasks);
        const all = columns.page({ at, known }, () => true, order);
        expect(columns.page({ at, known }, () => true, { ...order, offset, limit })).toEqual({ total: all.total, items: all.items.slice(offset, offset + limit) });
      }),
      runs(150),
    );
  });
});

describe('the state of a task at (A, K)', () => {
  it('is on the work axis what the figures count', () => {
    const WORK = { D: 'done', V: 'submitted', O: 'open', X: 'suspended' } as Readonly<Record<string, string>>;
    fc.assert(
      fc.property(logArb(), queryArb, ({ tasks }, { at, known }) => {
        const { columns } = played(tasks);
        for (const { taskId, facts } of tasks) {
          const state = foldAt(facts.filter((f) => known === null || f.position <= known), at);
          const task = columns.ofTask(taskId, at, known).at(-1);
          expect([task && (WORK[task.cell.charAt(0)] ?? task.cell), task?.begunAt]).toEqual(state.kind === 'none' ? [undefined, undefined] : [state.work, state.work === 'voided' ? state.assignedAt : state.begunAt]);
          if (state.kind === 'task' && state.work !== 'voided') expect(task!.unitId).toBe(state.leadUnitId);
        }
      }),
      runs(150),
    );
  });
});

/** A correction without what makes work routine or a subtask. */
function uncorrectedKind(f: ToldLog['tasks'][number]['facts'][number]): typeof f {
  if (f.type !== 'TaskCorrected') return f;
  const { routine: _, parentTaskId: __, ...changes } = f.data.changes;
  return { ...f, data: { ...f.data, changes } };
}
