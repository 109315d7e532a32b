import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Deadline } from '#deadlines';
import { DAY_MS, dayFromNumber, dayNumber, endOfDay, startOfDay } from '#kernel';
import type { TaskFact } from '#tasks';
import { believe } from './believe.ts';
import { Columns, selecting, type Cohort, type FiguresQuery } from './columns.ts';
import { CELLS, FLOWS, PARTS, emptyCounts, sumCounts, type Counts } from './counts.ts';
import { readPeriod, reportingYearContaining } from './periods.ts';
import { RATES, balancesOf, percentVi, rateOf } from './rates.ts';
import type { BelievedRow } from './rows.ts';
import { bullet, sentence } from './sentence.ts';
import { timeline } from './timeline.ts';

const the2020Case = (): Counts => {
  const counts = emptyCounts();
  counts.cells.D1 = 268;
  counts.cells.O1 = 6;
  counts.total = 274;
  return counts;
};

describe('rates', () => {
  it('keep the two rates of the 2020 report apart', () => {
    const rates = Object.fromEntries(RATES.map((rate) => [rate.code, rateOf(rate, the2020Case(), 'half-up')]));
    expect([rates['R2']!.numerator, rates['R2']!.denominator, rates['R2']!.text]).toEqual([268, 268, '100 %']);
    expect([rates['R3']!.numerator, rates['R3']!.denominator, rates['R3']!.text]).toEqual([268, 274, '97,81 %']);
    expect(rates['R4']!.text).toBe('97,81 %');
    expect(rates['R5']!.text).toBe('0 %');
  });

  it.each([
    [572, 680, '84,12 %'], [627, 680, '92,21 %'], [1, 2, '50 %'], [108, 125, '86,4 %'], [99_999, 100_000, '99,99 %'], [1, 1_000_000, '0,01 %'], [0, 5, '0 %'], [5, 5, '100 %'], [0, 0, 'không phát sinh'], [2, 3, '66,67 %'],
  ])('%i/%i is written %s', (n, d, text) => {
    expect(percentVi(n, d)).toBe(text);
  });

  it('truncates where that is asked', () => {
    expect(percentVi(2, 3, 'truncate')).toBe('66,66 %');
  });
});

describe('the sentence', () => {
  it('is the one of the 2020 case', () => {
    const text = sentence(the2020Case(), '2020-11-28');
    expect(text).toBe('Hoàn thành đúng hạn 268/268 việc đã đến hạn hoặc đã hoàn thành (100 %); tổng số việc được giao 274, còn 06 việc trong thời hạn xử lý, 0 việc quá hạn (tính đến hết ngày 28/11/2020).');
    expect(bullet(text)).toMatch(/^- Trên phần mềm nhắc việc của UBND tỉnh: hoàn thành đúng hạn/);
  });
});

describe('reporting periods', () => {
  it.each([
    ['2020', '2019-12-15', '2020-12-14'], ['2020-Q1', '2019-12-15', '2020-03-14'], ['2020-Q4', '2020-09-15', '2020-12-14'], ['2020-H2', '2020-06-15', '2020-12-14'], ['2020-9M', '2019-12-15', '2020-09-14'],
    ['2020-11', '2020-10-15', '2020-11-14'], ['2020-01', '2019-12-15', '2020-01-14'], ['2020-cal', '2020-01-01', '2020-12-31'], ['2020-Q1-cal', '2020-01-01', '2020-03-31'],
  ])('%s runs from %s to %s', (name, from, to) => {
    expect(readPeriod(name)).toEqual({ from, to });
  });
  it('puts 15/12 into the next reporting year', () => {
    expect(reportingYearContaining('2020-12-15').to).toBe('2021-12-14');
    expect(reportingYearContaining('2020-12-14').to).toBe('2020-12-14');
  });
});

// --- property: columns against a reference that folds the facts anew for every question ---------------------------------------------

interface Life {
  readonly taskId: string;
  readonly facts: readonly TaskFact[];
}

const due = (day: string, time?: string): Deadline => ({ kind: 'due', dueOn: day, ...(time === undefined ? {} : { dueTime: time }), literalDueOn: day, basis: 'fixed', dueOnBy: { all: day, none: day, 'all-but-before': day }, countsWorkingDays: false, ruleVersion: 1, calendarVersion: 't', steps: [] });

const BASE = dayNumber('2020-01-01');
const instants = fc.tuple(fc.integer({ min: 0, max: 20 }), fc.constantFrom(0, 0, 10 * 3_600_000, DAY_MS - 1)).map(([d, ms]) => startOfDay(dayFromNumber(BASE + d)) + ms);
const deadlines = fc.oneof(fc.constant<Deadline>({ kind: 'none' }), fc.integer({ min: 0, max: 25 }).map((d) => due(dayFromNumber(BASE + d))), fc.integer({ min: 0, max: 25 }).map((d) => due(dayFromNumber(BASE + d), '10:00')));

/** Legal lives: each fact no earlier than the one before, recorded some days later; positions run through all tasks. */
const lives = fc
  .array(fc.record({ at: fc.array(instants, { minLength: 1, maxLength: 6 }), moves: fc.array(fc.constantFrom('grant', 'submit', 'confirm', 'refuse', 'withdraw'), { maxLength: 5 }), deadline: deadlines, later: deadlines, late: fc.integer({ min: 0, max: 3 }), voided: fc.boolean(), routine: fc.constantFrom(false, false, false, true), unit: fc.constantFrom('a', 'b') }), { minLength: 1, maxLength: 12 })
  .map((seeds): Life[] => {
    let position = 0n;
    return seeds.map((seed, n) => {
      const times = [...seed.at].sort((a, b) => a - b);
      const facts: TaskFact[] = [];
      const add = (type: string, at: number, data: object): void => {
        position += 1n;
        facts.push({ type, data, eventId: `${String(n)}-${String(facts.length)}`, revision: facts.length, position, occurredAt: at, recordedAt: at + seed.late * DAY_MS } as unknown as TaskFact);
      };
      add('TaskAssigned', times[0]!, { leadUnitId: seed.unit, authority: 'x', deadline: seed.deadline, routine: seed.routine, coordinatingUnitIds: [] });
      let state = 'open';
      seed.moves.forEach((move, m) => {
        const at = times[Math.min(m + 1, times.length - 1)]!;
        if (move === 'grant' && state === 'open' && seed.later.kind === 'due') add('ExtensionGranted', at, { deadline: seed.later });
        else if (move === 'submit' && state === 'open') { add('CompletionSubmitted', at, {}); state = 'submitted'; }
        else if (move === 'confirm' && state === 'submitted') { add('TaskCompleted', at, { submissionEventId: '' }); state = 'done'; }
        else if (move === 'refuse' && state === 'submitted') { add('CompletionRefused', at, { submissionEventId: '', reason: '' }); state = 'open'; }
        else if (move === 'withdraw' && (state === 'open' || state === 'submitted')) { add('TaskWithdrawn', at, { wasOverdue: false, reason: '' }); state = 'withdrawn'; }
      });
      if (seed.voided && n % 3 === 0) add('TaskVoided', times[0]!, { reason: '' });
      return { taskId: `t${String(n)}`, facts };
    });
  });

interface Folded { state: string; begun: number; submitted?: number; deadline: Deadline; judged: Deadline; original: Deadline; grantedLate: boolean; backdated: boolean }

/** Day by the calendar of Vietnam, written apart from the product's. */
const dayAt = (ms: number): string => new Date(ms + 7 * 3_600_000).toISOString().slice(0, 10);
const inTime = (submitted: number, d: Deadline): boolean => d.kind === 'due' && (d.dueTime === undefined ? dayAt(submitted) <= d.dueOn : submitted <= Date.parse(`${d.dueOn}T${d.dueTime}:00+07:00`));
const ended = (at: number, d: Deadline): boolean => d.kind === 'due' && at > (d.dueTime === undefined ? Date.parse(`${d.dueOn}T00:00:00+07:00`) + 86_400_000 : Date.parse(`${d.dueOn}T${d.dueTime}:00+07:00`));

function foldAt(life: Life, at: number, known: bigint): Folded | undefined {
  const facts = life.facts.filter((f) => f.position <= known && (f.occurredAt <= at || f.type === 'TaskVoided')).sort((a, b) => a.occurredAt - b.occurredAt || Number(a.position - b.position));
  let s: Folded | undefined;
  for (const f of facts) {
    if (f.type === 'TaskAssigned') s = { state: 'open', begun: f.occurredAt, deadline: f.data.deadline, judged: f.data.deadline, original: f.data.deadline, grantedLate: false, backdated: false };
    if (!s) continue;
    if (f.type !== 'TaskVoided' && dayAt(f.recordedAt) > dayAt(f.occurredAt)) s.backdated = true;
    if (f.type === 'ExtensionGranted') { s.grantedLate ||= s.deadline.kind === 'due' && !inTime(f.occurredAt, s.deadline); s.deadline = f.data.deadline; s.judged = s.deadline; }
    if (f.type === 'CompletionSubmitted') { s.state = 'submitted'; s.submitted = f.occurredAt; s.judged = s.deadline; }
    if (f.type === 'TaskCompleted') s.state = 'done';
    if (f.type === 'CompletionRefused') { s.state = 'open'; delete s.submitted; }
    if (f.type === 'TaskWithdrawn') s.state = 'withdrawn';
    if (f.type === 'TaskVoided') return { ...s, state: 'voided' };
  }
  return s;
}

interface Answer { cells: Record<string, string[]>; parts: Record<string, string[]>; out: string[]; voided: string[]; flow: Record<string, string[]> }

function naive(all: readonly Life[], q: FiguresQuery): Answer {
  const answer: Answer = { cells: {}, parts: {}, out: [], voided: [], flow: {} };
  const put = (into: Record<string, string[]>, name: string, id: string): void => { (into[name] ??= []).push(id); };
  const known = q.known ?? 1_000_000n;
  for (const life of all) {
    const s = foldAt(life, q.at, known);
    const first = life.facts[0]!;
    if (!s || (first.type === 'TaskAssigned' && first.data.routine)) continue;
    if (first.type === 'TaskAssigned' && q.unitIds && !q.unitIds.has(first.data.leadUnitId)) continue;
    const begun = s.begun >= q.p0;
    if (s.state === 'voided') { if (begun) answer.voided.push(life.taskId); continue; }
    const before = foldAt(life, q.p0 - 1, known);
    const carried = before !== undefined && (before.state === 'open' || before.state === 'submitted');
    const c2 = carried || begun;
    const d = q.basis === 'original' ? s.original : s.judged;
    // C3 goes by the effective deadline under either basis.
    const e = s.judged;
    const last = e.kind === 'due' ? (e.dueTime === undefined ? endOfDay(e.dueOn) - 1 : Date.parse(`${e.dueOn}T${e.dueTime}:00+07:00`)) : undefined;
    const member = q.cohort === 'C2' ? c2 : q.cohort === 'C1' ? begun : last !== undefined && last >= q.p0 && last < q.p1;
    const isOut = s.state === 'withdrawn';
    if (c2) {
      put(answer.flow, carried ? 'opening' : 'new', life.taskId);
      put(answer.flow, isOut ? 'out' : s.state === 'done' ? 'closed' : 'closing', life.taskId);
    }
    if (!member) continue;
    if (isOut) { answer.out.push(life.taskId); continue; }
    const cell = s.state === 'open' ? (d.kind === 'none' ? 'O3' : ended(q.at, d) ? 'O2' : 'O1') : `${s.state === 'done' ? 'D' : 'V'}${d.kind === 'none' ? '3' : inTime(s.submitted!, d) ? '1' : '2'}`;
    put(answer.cells, cell, life.taskId);
    if (carried) put(answer.parts, 'carriedOver', life.taskId);
    else if (begun) put(answer.parts, 'begunInPeriod', life.taskId);
    if (cell === 'D1') put(answer.parts, s.original.kind === 'due' && !inTime(s.submitted!, s.original) ? 'D1b' : 'D1a', life.taskId);
    if (s.backdated) put(answer.parts, 'backdated', life.taskId);
    if (s.state === 'done' && s.submitted! < q.p0) put(answer.parts, 'priorPeriodAdjustment', life.taskId);
    if (s.grantedLate) put(answer.parts, 'extendedAfterDeadline', life.taskId);
    if (s.original.kind === 'due' && !inTime(s.begun, s.original)) put(answer.parts, 'assignedOverdue', life.taskId);
  }
  return answer;
}

function columnsOf(all: readonly Life[]): Columns {
  const columns = new Columns();
  const facts = all.flatMap((life) => life.facts.map((fact) => ({ life, fact }))).sort((a, b) => Number(a.fact.position - b.fact.position));
  const believed = new Map<string, BelievedRow[]>();
  const seen = new Map<string, TaskFact[]>();
  for (const { life, fact } of facts) {
    const known = [...(seen.get(life.taskId) ?? []), fact];
    seen.set(life.taskId, known);
    const rows = believed.get(life.taskId) ?? [];
    const { closed, added } = believe(rows, timeline(life.taskId, known), fact.position);
    believed.set(life.taskId, [...rows.filter((r) => !closed.some((c) => c.from === r.from && c.state === r.state)), ...added]);
    columns.apply(life.taskId, closed, added);
  }
  return columns;
}

describe('columns', () => {
  it('count and list what a naive fold of the facts known at K that happened by A counts and lists', () => {
    const runs = process.env['NHACVIEC_FULL'] === undefined ? 400 : 5_000;
    fc.assert(
      fc.property(
        lives, instants, instants, fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }), fc.constantFrom<Cohort>('C1', 'C2', 'C3'), fc.constantFrom('current' as const, 'original' as const), fc.boolean(),
        (all, a, b, known, cohort, basis, onlyA) => {
          const query: FiguresQuery = { at: Math.max(a, b), p0: Math.min(a, b), p1: Math.max(a, b) + 3 * DAY_MS, known: known === null ? null : BigInt(known), cohort, basis, ...(onlyA ? { unitIds: new Set(['a']) } : {}) };
          const columns = columnsOf(all);
          const expected = naive(all, query);
          const counts = sumCounts(columns.evaluate({ ...query, groupBy: 'unit' }).values());
          const listed = (selector: Parameters<typeof selecting>[0]): string[] => columns.list(query, selecting(selector)).map((t) => t.taskId).sort();
          for (const cell of CELLS) {
            const ids = (expected.cells[cell] ?? []).sort();
            expect([cell, listed({ by: 'cell', cells: [cell] })]).toEqual([cell, ids]);
            expect([cell, counts.cells[cell]]).toEqual([cell, ids.length]);
          }
          for (const part of PARTS) {
            const ids = (expected.parts[part] ?? []).sort();
            expect([part, listed({ by: 'part', part })]).toEqual([part, ids]);
            expect([part, counts.parts[part]]).toEqual([part, ids.length]);
          }
          for (const flow of FLOWS) {
            const ids = (expected.flow[flow] ?? []).sort();
            expect([flow, listed({ by: 'flow', flow }), counts.flow[flow]]).toEqual([flow, ids, ids.length]);
          }
          expect(listed({ by: 'out', reason: 'withdrawn' })).toEqual(expected.out.sort());
          expect(listed({ by: 'out', reason: 'voided' })).toEqual(expected.voided.sort());
          expect(balancesOf(counts, cohort).filter((balance) => !balance.holds)).toEqual([]);
        },
      ),
      { numRuns: runs, seed: 20201128 },
    );
  });

  it('close a period with what opens the next at the same knowledge', () => {
    fc.assert(
      fc.property(lives, fc.integer({ min: 2, max: 10 }), fc.integer({ min: 11, max: 20 }), (all, from, to) => {
        const columns = columnsOf(all);
        const p0 = startOfDay(dayFromNumber(BASE + from));
        const p1 = endOfDay(dayFromNumber(BASE + to));
        const ask = (at: number, start: number): Counts => sumCounts(columns.evaluate({ at, known: null, p0: start, p1: at + 1, cohort: 'C2', basis: 'current' }).values());
        expect(ask(p1 - 1, p0).flow.closing).toBe(ask(p1 + 5 * DAY_MS, p1).flow.opening);
      }),
      { numRuns: 200, seed: 7 },
    );
  });
});
