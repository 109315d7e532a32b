import { describe, expect, it } from '@jest/globals';
import { atTime, startOfDay } from '#kernel';
import { asOf, counted, due, Life, noDeadline, played, some } from './builders.features.ts';
import { learn, newTask } from './believe.ts';
import type { BelievedRow } from './rows.ts';
import type { Columns, FiguresQuery } from './columns.ts';
import type { Counts, Selector } from './counts.ts';
import { selecting } from './members.ts';
import { BACKDATED, EXTENDED_LATE, OUT_OVERDUE } from './rows.ts';
import { isRelevant, timeline } from './timeline.ts';

const life = (): Life => new Life();
const states = ({ facts }: Life): string[] => timeline(facts).map((row) => row.state);
const columnsOf = (...told: Life[]): Columns => played(told).columns;
const numbers = (told: Life, on: string, more: Partial<FiguresQuery> = {}): Counts => counted(columnsOf(told), asOf(on, more));
const cells = (told: Life, on: string, more: Partial<FiguresQuery> = {}): Record<string, number> => some(numbers(told, on, more).cells);
const flow = (told: Life, on: string, more: Partial<FiguresQuery> = {}): Record<string, number> => some(numbers(told, on, more).flow);
/** Cells by unit. */
const byUnit = (columns: Columns, query: FiguresQuery): Record<string, Record<string, number>> =>
  Object.fromEntries([...columns.evaluate({ ...query, groupBy: 'unit' })].map(([unit, { cells: c, out }]) => [unit, { ...some(c), ...some(out) }]));
const listed = (columns: Columns, query: FiguresQuery, selector: Selector): string[] => columns.list(query, selecting(selector)).map((t) => `${t.taskId}#${t.assignment} ${t.unitId} ${t.cell}`);

describe('the life of a task as stretches', () => {
  it('runs from the assignment on, each stretch until the next begins', () => {
    const rows = timeline(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').refused('2020-03-11').submitted('2020-03-12').confirmed('2020-03-13').facts);
    expect(rows.map((row) => row.state)).toEqual(['open', 'submitted', 'open', 'submitted', 'done']);
    expect(rows.map((row) => row.from)).toEqual(['2020-03-02', '2020-03-09', '2020-03-11', '2020-03-12', '2020-03-13'].map(startOfDay));
    expect(rows.map((row) => row.submittedAt)).toEqual([NaN, startOfDay('2020-03-09'), NaN, startOfDay('2020-03-12'), startOfDay('2020-03-12')]);
  });

  it('has no stretch between facts of one instant', () => {
    expect(states(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-09'))).toEqual(['open', 'done']);
  });

  it('is nothing before an assignment is known', () => {
    expect(timeline([])).toEqual([]);
  });

  it('is one voided stretch from the beginning once the entry was wrong, and the life again once that is annulled', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).transferred('2020-03-05', 'so-y-te').submitted('2020-03-09').voided('2020-04-01');
    expect(timeline(told.facts).map(({ state, from, number }) => ({ state, from, number }))).toEqual([{ state: 'voided', from: startOfDay('2020-03-02'), number: 0 }]);
    expect(states(told.annulled('2020-04-02'))).toEqual(['open', 'transferred', 'open', 'submitted']);
    expect(states(told.annulled('2020-04-03'))).toEqual(['voided']);
  });

  it('is moved by deciding facts and repairs only', () => {
    expect(['TaskAssigned', 'ExtensionGranted', 'TaskVoided', 'TaskCorrected', 'FactAnnulled'].every(isRelevant)).toBe(true);
    expect(['ProgressReported', 'ExtensionRequested', 'TaskBecameOverdue', 'CoordinationAnswered'].some(isRelevant)).toBe(false);
  });

  it('marks what was keyed late, extended late, and gone out overdue', () => {
    const flags = (told: Life): number[] => timeline(told.facts).map((row) => row.flags);
    expect(flags(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09', '2020-03-10').confirmed('2020-03-11'))).toEqual([0, BACKDATED, BACKDATED]);
    expect(flags(life().assigned('2020-03-02', due('2020-03-10')).granted('2020-03-11', due('2020-03-20')))).toEqual([0, EXTENDED_LATE]);
    expect(flags(life().assigned('2020-03-02', due('2020-03-10')).cancelled('2020-03-11'))).toEqual([0, OUT_OVERDUE]);
    expect(flags(life().assigned('2020-03-02', due('2020-03-10')).cancelled('2020-03-10'))).toEqual([0, 0]);
    // Suspended or submitted it is not overdue, whatever day it is.
    expect(flags(life().assigned('2020-03-02', due('2020-03-10')).suspended('2020-03-05').cancelled('2020-03-11'))).toEqual([0, 0, 0]);
    expect(flags(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-05').withdrawn('2020-03-11'))).toEqual([0, 0, 0]);
  });
});

describe('what is believed', () => {
  /** What the last fact closed and added. */
  const taught = ({ facts }: Life): { closed: BelievedRow[]; added: BelievedRow[] } => {
    const task = newTask();
    for (const fact of facts) learn(task, fact);
    const last = Number(facts.at(-1)!.position);
    return { closed: task.rows.filter((row) => row.knownTo === last), added: task.rows.filter((row) => row.knownFrom === last) };
  };

  it('stays where a new fact changes nothing', () => {
    expect(taught(life().assigned('2020-03-02', due('2020-03-10')).requested('2020-03-05', due('2020-03-20')))).toEqual({ closed: [], added: [] });
  });

  it('is added to by a later fact, which closes nothing', () => {
    const { closed, added } = taught(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-12'));
    expect([closed, added.map((row) => [row.state, row.knownFrom, row.knownTo])]).toEqual([[], [['done', 3, Infinity]]]);
  });

  it('is replaced where a fact of the same instant decides anew', () => {
    const { closed, added } = taught(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-09'));
    expect([closed.map((row) => row.state), added.map((row) => row.state)]).toEqual([['submitted'], ['done']]);
  });

  it('is changed by a repair only where the life is another one', () => {
    const { closed, added } = taught(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-12').annulled('2020-03-20'));
    expect([closed.map((row) => row.state), added]).toEqual([['done'], []]);
  });
});

describe('cases', () => {
  it('1 done on the due day is on time', () => {
    expect(cells(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-10').confirmed('2020-03-10'), '2020-03-10')).toEqual({ D1: 1 });
    expect(cells(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-11').confirmed('2020-03-11'), '2020-03-11')).toEqual({ D2: 1 });
  });

  it('2 submitted in time and confirmed late is on time, undecided until then', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-20');
    expect(cells(told, '2020-03-19')).toEqual({ V1: 1 });
    expect(cells(told, '2020-03-20')).toEqual({ D1: 1 });
  });

  it('3 only the accepted submission counts', () => {
    expect(cells(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').refused('2020-03-10').submitted('2020-03-12').confirmed('2020-03-13'), '2020-03-31')).toEqual({ D2: 1 });
  });

  it('4 a due day moved off a day off is judged under the policy asked', () => {
    const told = life().assigned('2020-11-02', due('2020-11-16', undefined, { none: '2020-11-14' })).submitted('2020-11-16').confirmed('2020-11-16');
    expect(cells(told, '2020-11-30')).toEqual({ D1: 1 });
    expect(cells(told, '2020-11-30', { policy: 'all' })).toEqual({ D1: 1 });
    expect(cells(told, '2020-11-30', { policy: 'none' })).toEqual({ D2: 1 });
  });

  it('5 an extension before the deadline makes D1b of what came after the first deadline', () => {
    const told = (on: string): Life => life().assigned('2020-03-02', due('2020-03-10')).granted('2020-03-08', due('2020-03-20')).submitted(on).confirmed(on);
    expect(numbers(told('2020-03-10'), '2020-03-31').parts).toMatchObject({ D1a: 1, D1b: 0, extendedAfterDeadline: 0 });
    expect(numbers(told('2020-03-11'), '2020-03-31').parts).toMatchObject({ D1a: 0, D1b: 1, extendedAfterDeadline: 0 });
    expect(cells(told('2020-03-11'), '2020-03-31', { basis: 'original' })).toEqual({ D2: 1 });
  });

  it('6 an undecided request changes nothing', () => {
    expect(cells(life().assigned('2020-03-02', due('2020-03-10')).requested('2020-03-08', due('2020-03-20')), '2020-03-11')).toEqual({ O2: 1 });
  });

  it('7 a grant after the deadline counts from the grant and is flagged, be it given by day on the very next one', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).granted('2020-03-11', due('2020-03-20'));
    expect(cells(told, '2020-03-10')).toEqual({ O1: 1 });
    expect(numbers(told, '2020-03-10').parts.extendedAfterDeadline).toBe(0);
    expect(cells(told, '2020-03-11')).toEqual({ O1: 1 });
    expect(numbers(told, '2020-03-11').parts.extendedAfterDeadline).toBe(1);
    expect(cells(life().assigned('2020-03-02', due('2020-03-10')).granted('2020-03-14', due('2020-03-20')), '2020-03-13')).toEqual({ O2: 1 });
  });

  it('8 transferred, the first lead’s assignment closes as that and the second has its own', () => {
    const columns = columnsOf(life().assigned('2020-03-02', due('2020-03-10'), { leadUnitId: 'a' }).transferred('2020-03-11', 'b').submitted('2020-03-12').confirmed('2020-03-13'));
    expect(byUnit(columns, asOf('2020-03-10'))).toEqual({ a: { O1: 1 } });
    expect(byUnit(columns, asOf('2020-03-11'))).toEqual({ a: { transferred: 1 }, b: { O2: 1 } });
    const all = counted(columns, asOf('2020-03-31'));
    expect([all.total, some(all.cells), some(all.out), some(all.flow)]).toEqual([1, { D2: 1 }, { transferred: 1 }, { new: 1, transferredIn: 1, closed: 1, out: 1 }]);
    // It began with the deadline then in force, which had passed.
    expect([all.parts.assignedOverdue, all.assignedOverdueMatured]).toEqual([1, 1]);
    expect(timeline(life().assigned('2020-03-02', due('2020-03-10')).transferred('2020-03-11', 'b').facts).map((row) => row.flags & OUT_OVERDUE)).toEqual([0, OUT_OVERDUE, 0]);
  });

  it('8 sent back to its first lead, a task has three assignments, and one counts', () => {
    const columns = columnsOf(life().assigned('2020-03-02', due('2020-03-10'), { leadUnitId: 'a' }).transferred('2020-03-04', 'b', due('2020-03-20')).transferred('2020-03-06', 'a'));
    const query = asOf('2020-03-31');
    expect(byUnit(columns, query)).toEqual({ a: { O2: 1, transferred: 1 }, b: { transferred: 1 } });
    expect(listed(columns, query, { by: 'out', reason: 'transferred' })).toEqual(['t1#0 a transferred', 't1#1 b transferred']);
    expect(columns.ofTask('t1', query.at, null).map((t) => [t.assignment, t.unitId, t.cell])).toEqual([[0, 'a', 'transferred'], [1, 'b', 'transferred'], [2, 'a', 'O2']]);
    // Judged by the deadline it began with: the one in force when it came back.
    expect(some(counted(columns, { ...query, basis: 'original' }).cells)).toEqual({ O2: 1 });
    expect(some(counted(columns, { ...asOf('2020-03-15'), basis: 'original' }).cells)).toEqual({ O1: 1 });
  });

  it('9 with a return proposed the clock runs, accepted it is out', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).proposedReturn('2020-03-04').returned('2020-03-12');
    expect([cells(told, '2020-03-10'), cells(told, '2020-03-11')]).toEqual([{ O1: 1 }, { O2: 1 }]);
    expect(some(numbers(told, '2020-03-12').out)).toEqual({ returned: 1 });
    expect(timeline(told.facts).at(-1)!.flags).toBe(OUT_OVERDUE);
  });

  it('10 a deadline set later counts from then, and the basis original keeps it without one', () => {
    const told = life().assigned('2020-03-02', noDeadline).set('2020-03-05', due('2020-03-10')).submitted('2020-03-12').confirmed('2020-03-12');
    expect([cells(told, '2020-03-04'), cells(told, '2020-03-05'), cells(told, '2020-03-11'), cells(told, '2020-03-12')]).toEqual([{ O3: 1 }, { O1: 1 }, { O2: 1 }, { D2: 1 }]);
    expect(cells(told, '2020-03-12', { basis: 'original' })).toEqual({ D3: 1 });
    const set = numbers(life().assigned('2020-03-02', noDeadline).set('2020-03-05', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-09'), '2020-03-31');
    // It began without a deadline, so nothing moved one.
    expect([set.parts.D1a, set.parts.D1b]).toEqual([1, 0]);
  });

  it('10 without a deadline it is in the third cell of its row', () => {
    const told = life().assigned('2020-03-02', noDeadline).submitted('2020-03-09').confirmed('2020-03-12');
    expect([cells(told, '2020-03-08'), cells(told, '2020-03-11'), cells(told, '2020-03-12')]).toEqual([{ O3: 1 }, { V3: 1 }, { D3: 1 }]);
  });

  it('11 withdrawn it is out', () => {
    const found = numbers(life().assigned('2020-03-02', due('2020-03-10')).withdrawn('2020-03-15', true), '2020-03-15');
    expect([found.total, some(found.out), some(found.flow)]).toEqual([0, { withdrawn: 1 }, { new: 1, out: 1 }]);
  });

  it('12 three leads of one item are three tasks, each counted', () => {
    const columns = columnsOf(...['a', 'b', 'c'].map((leadUnitId, n) => new Life(`t${n}`, ((at) => () => at++)(n * 10 + 1)).assigned('2020-03-02', due('2020-03-10'), { leadUnitId, itemId: 'mục-1' })));
    expect(byUnit(columns, asOf('2020-03-05'))).toEqual({ a: { O1: 1 }, b: { O1: 1 }, c: { O1: 1 } });
  });

  it('13 submitted before the period and confirmed in it is an adjustment of the period before', () => {
    const found = numbers(life().assigned('2019-12-02', due('2019-12-12')).submitted('2019-12-10').confirmed('2019-12-20'), '2020-01-31');
    expect([some(found.cells), some(found.parts)]).toEqual([{ D1: 1 }, { D1a: 1, carriedOver: 1, priorPeriodAdjustment: 1 }]);
  });

  it('14 assigned before the period and due in it is in C2 and C3, not in C1', () => {
    const told = life().assigned('2019-12-02', due('2020-01-10'));
    expect((['C1', 'C2', 'C3'] as const).map((cohort) => numbers(told, '2020-01-05', { cohort }).total)).toEqual([0, 1, 1]);
  });

  it('15 assigned in the period and due after it is open in time', () => {
    const told = life().assigned('2020-12-01', due('2021-01-10'));
    expect(cells(told, '2020-12-14')).toEqual({ O1: 1 });
    expect(numbers(told, '2020-12-14', { cohort: 'C3' }).total).toBe(0);
  });

  it('16 completed after the cut-off is not counted at it', () => {
    expect(cells(life().assigned('2020-11-02', due('2020-12-10')).submitted('2020-11-29').confirmed('2020-11-29'), '2020-11-28')).toEqual({ O1: 1 });
  });

  it('17 done on 27/11 and keyed on 30/11 is absent as known on 28/11 and present when restated', () => {
    const columns = columnsOf(life().assigned('2020-11-02', due('2020-11-27')).submitted('2020-11-27', '2020-11-30').confirmed('2020-11-27', '2020-11-30'));
    expect(some(counted(columns, asOf('2020-11-28', { known: 1n })).cells)).toEqual({ O2: 1 });
    const restated = counted(columns, asOf('2020-11-28'));
    expect([some(restated.cells), restated.parts.backdated]).toEqual([{ D1: 1 }, 1]);
  });

  it('18 assigned with the deadline already past is flagged', () => {
    const found = numbers(life().assigned('2020-03-02', due('2020-03-01')), '2020-03-05');
    expect([some(found.cells), found.parts.assignedOverdue, found.assignedOverdueMatured]).toEqual([{ O2: 1 }, 1, 1]);
    expect(numbers(life().assigned('2020-03-02', due('2020-03-02')), '2020-03-05').parts.assignedOverdue).toBe(0);
  });

  it('19 a wrong entry is in nothing at any cut-off once it is voided, and as known before it stays', () => {
    const columns = columnsOf(life().assigned('2020-03-02', due('2020-03-10')).voided('2020-04-01'));
    const restated = counted(columns, asOf('2020-03-20'));
    expect([restated.total, some(restated.out), some(restated.flow)]).toEqual([0, { voided: 1 }, {}]);
    expect(columns.list(asOf('2020-03-20'), selecting({ by: 'out', reason: 'voided' })).map((task) => task.taskId)).toEqual(['t1']);
    expect(some(counted(columns, asOf('2020-03-20', { known: 1n })).cells)).toEqual({ O2: 1 });
  });

  it('20 a duplicate counts no more, from wherever it was linked', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-10').duplicate('2020-03-12');
    expect(cells(told, '2020-03-11')).toEqual({ D1: 1 });
    expect([numbers(told, '2020-03-12').total, some(numbers(told, '2020-03-12').out), flow(told, '2020-03-12')]).toEqual([0, { duplicate: 1 }, { new: 1, out: 1 }]);
    // Done before the period it is no part of it: what went out was counted where it was done.
    expect(flow(told, '2020-03-31', { p0: startOfDay('2020-03-11') })).toEqual({});
  });

  it('21 and 22 subtasks and routine work are in no figure', () => {
    expect(numbers(life().assigned('2020-03-02', due('2020-03-10'), { parentTaskId: 't0' }), '2020-03-05').total).toBe(0);
    expect(numbers(life().assigned('2020-03-02', due('2020-03-10'), { routine: true }), '2020-03-05').total).toBe(0);
  });

  it('23 suspended it waits in X, carried over too, and goes on by an explicit deadline', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).suspended('2020-03-05').resumed('2020-03-20', due('2020-03-25')).submitted('2020-03-24').confirmed('2020-03-24');
    expect([cells(told, '2020-03-05'), cells(told, '2020-03-19'), cells(told, '2020-03-20'), cells(told, '2020-03-24')]).toEqual([{ X: 1 }, { X: 1 }, { O1: 1 }, { D1: 1 }]);
    const carried = numbers(told, '2020-03-19', { p0: startOfDay('2020-03-15') });
    expect([some(carried.cells), some(carried.parts), some(carried.flow), carried.suspendedWithoutDeadline]).toEqual([{ X: 1 }, { carriedOver: 1 }, { opening: 1, closing: 1 }, 0]);
    expect(numbers(life().assigned('2020-03-02', noDeadline).suspended('2020-03-05'), '2020-03-31').suspendedWithoutDeadline).toBe(1);
    expect(numbers(told, '2020-03-24').parts.D1b).toBe(1);
  });

  it('24 an objective cause changes no cell', () => {
    expect(cells(life().assigned('2020-03-02', due('2020-03-10')).objectiveCause('2020-03-11'), '2020-03-31')).toEqual({ O2: 1 });
  });

  it('25 reopened after done it leaves D; as of a day before it stays there', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-10').reopened('2020-03-20');
    expect([cells(told, '2020-03-19'), cells(told, '2020-03-20')]).toEqual([{ D1: 1 }, { O2: 1 }]);
    expect([flow(told, '2020-03-31'), some(numbers(told, '2020-03-31').parts)]).toEqual([{ new: 1, closing: 1 }, { begunInPeriod: 1 }]);
    // In a period that begins after it was done, the reopening is what brings it in.
    const later = numbers(told, '2020-03-31', { p0: startOfDay('2020-03-15') });
    expect([later.total, some(later.parts), some(later.flow)]).toEqual([1, { reopenedInPeriod: 1 }, { reopened: 1, closing: 1 }]);
    expect(numbers(told, '2020-03-31', { p0: startOfDay('2020-03-15'), cohort: 'C1' }).total).toBe(0);
    // At p0 exactly it is reopened in the period; a day later it is carried over.
    expect(flow(told, '2020-03-31', { p0: startOfDay('2020-03-20') })).toEqual({ reopened: 1, closing: 1 });
    expect(flow(told, '2020-03-31', { p0: startOfDay('2020-03-21') })).toEqual({ opening: 1, closing: 1 });
  });

  it('25 a reopening begins nothing: the basis original judges by the deadline it began with', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-10').reopened('2020-03-20', due('2020-03-31')).submitted('2020-03-30').confirmed('2020-03-30');
    expect([cells(told, '2020-03-31'), cells(told, '2020-03-31', { basis: 'original' })]).toEqual([{ D1: 1 }, { D2: 1 }]);
    expect(numbers(told, '2020-03-31').parts.D1b).toBe(1);
  });

  it('26 a unit that went into another keeps its results, and stands under it as it is now', () => {
    const columns = columnsOf(
      new Life('t1').assigned('2020-03-02', due('2020-03-10'), { leadUnitId: 'a' }).submitted('2020-03-09').confirmed('2020-03-10'),
      new Life('t2', ((n) => () => n++)(10)).assigned('2020-03-02', due('2020-03-10'), { leadUnitId: 'b' }),
    );
    expect(byUnit(columns, asOf('2020-03-31'))).toEqual({ a: { D1: 1 }, b: { O2: 1 } });
    expect(byUnit(columns, asOf('2020-03-31', { standsUnder: () => 'b' }))).toEqual({ b: { D1: 1, O2: 1 } });
    expect(listed(columns, asOf('2020-03-31', { standsUnder: () => 'b', unitIds: new Set(['a']) }), { by: 'all' })).toEqual(['t1#0 b D1']);
  });

  it('31 a confirmation annulled leaves the task undecided at every cut-off, as known from then', () => {
    const columns = columnsOf(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-12').annulled('2020-04-01'));
    for (const day of ['2020-03-12', '2020-03-31', '2020-05-01']) {
      expect([day, some(counted(columns, asOf(day)).cells)]).toEqual([day, { V1: 1 }]);
      expect([day, some(counted(columns, asOf(day, { known: 3n })).cells)]).toEqual([day, { D1: 1 }]);
    }
  });

  it('32 the lead corrected, the task is the right unit’s from the beginning, as known from then', () => {
    const columns = columnsOf(life().assigned('2020-03-02', due('2020-03-10'), { leadUnitId: 'a' }).submitted('2020-03-09').confirmed('2020-03-12').corrected('2020-04-01', { leadUnitId: 'b' }));
    for (const [day, cell] of [['2020-03-02', 'O1'], ['2020-03-09', 'V1'], ['2020-03-31', 'D1']] as const) {
      expect(byUnit(columns, asOf(day))).toEqual({ b: { [cell]: 1 } });
      expect(byUnit(columns, asOf(day, { known: 3n }))).toEqual({ a: { [cell]: 1 } });
    }
  });

  it('a corrected day of assignment moves it into the other period, and work found to be routine is in none', () => {
    const told = (values: object): Life => life().assigned('2020-03-16', due('2020-03-20')).corrected('2020-04-01', values);
    const inPeriod = (l: Life): Record<string, number> => flow(l, '2020-03-31', { p0: startOfDay('2020-03-15') });
    expect([inPeriod(told({ content: 'khác' })), inPeriod(told({ assignedOn: '2020-03-14' })), inPeriod(told({ routine: true })), inPeriod(told({ parentTaskId: 't0' }))]).toEqual([{ new: 1, closing: 1 }, { opening: 1, closing: 1 }, {}, {}]);
  });

  it('a deadline counted anew after a new calendar is in force from then', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).recomputed('2020-03-05', due('2020-03-11')).submitted('2020-03-11').confirmed('2020-03-11');
    expect([cells(told, '2020-03-31'), cells(told, '2020-03-31', { basis: 'original' })]).toEqual([{ D1: 1 }, { D2: 1 }]);
    expect(numbers(told, '2020-03-31').parts.D1b).toBe(1);
  });

  it('a limit with an hour is kept at that very instant, and overdue after it', () => {
    const at = atTime('2020-04-20', '16:00');
    const told = (submitted: number): Life => life().assigned('2020-04-13', due('2020-04-20', '16:00')).submitted(submitted).confirmed('2020-04-21');
    expect(cells(told(at), '2020-04-30')).toEqual({ D1: 1 });
    expect(cells(told(at + 1), '2020-04-30')).toEqual({ D2: 1 });
    const open = life().assigned('2020-04-13', due('2020-04-20', '16:00'));
    expect(cells(open, '2020-04-20', { at })).toEqual({ O1: 1 });
    expect(cells(open, '2020-04-20', { at: at + 1 })).toEqual({ O2: 1 });
  });

  it('a task due on the cut-off day is still in time at 24:00', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10'));
    expect(cells(told, '2020-03-10')).toEqual({ O1: 1 });
    expect(cells(told, '2020-03-10', { at: startOfDay('2020-03-11') })).toEqual({ O1: 1 });
    expect(cells(told, '2020-03-11')).toEqual({ O2: 1 });
  });

  it('a fact at 24:00 of the cut-off day belongs to the next one', () => {
    expect(cells(life().assigned('2020-03-02', due('2020-03-31')).submitted('2020-03-11'), '2020-03-10')).toEqual({ O1: 1 });
    expect(numbers(life().assigned('2019-12-15', due('2019-12-31')), '2019-12-31').flow).toMatchObject({ opening: 0, new: 1 });
    expect(numbers(life().assigned('2019-12-14', due('2019-12-31')), '2019-12-31').flow).toMatchObject({ opening: 1, new: 0 });
  });
});
