import { describe, expect, it } from '@jest/globals';
import { atTime, startOfDay } from '#kernel';
import { asOf, counted, due, Life, noDeadline, played, some } from './builders.features.ts';
import { believe } from './believe.ts';
import { selecting } from './columns.ts';
import type { BelievedRow } from './rows.ts';
import { isRelevant, timeline } from './timeline.ts';

const life = (): Life => new Life();
const states = ({ taskId, facts }: Life): string[] => timeline(taskId, facts).map((row) => row.state);
const cells = (told: Life, on: string, more = {}): Record<string, number> => some(counted(played(told).columns, asOf(on, more)).cells);
const numbers = (told: Life, on: string, more = {}): ReturnType<typeof counted> => counted(played(told).columns, asOf(on, more));

describe('the life of a task as stretches', () => {
  it('runs from the assignment on without a gap or an end', () => {
    const rows = timeline('t1', life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').refused('2020-03-11').submitted('2020-03-12').confirmed('2020-03-13').facts);
    expect(rows.map((row) => row.state)).toEqual(['open', 'submitted', 'open', 'submitted', 'done']);
    expect(rows.map((row) => row.to)).toEqual([...rows.slice(1).map((row) => row.from), Infinity]);
    expect(rows.at(-1)!.submittedAt).toBe(startOfDay('2020-03-12'));
  });

  it('has no stretch between facts of one instant', () => {
    expect(states(life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-09'))).toEqual(['open', 'done']);
  });

  it('is nothing before an assignment is known', () => {
    expect(timeline('t1', [])).toEqual([]);
  });

  it('is one voided stretch from the beginning once the entry was wrong', () => {
    const rows = timeline('t1', life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').voided('2020-04-01').facts);
    expect(rows.map(({ state, from, to }) => ({ state, from, to }))).toEqual([{ state: 'voided', from: startOfDay('2020-03-02'), to: Infinity }]);
  });

  it('is moved by deciding facts and repairs only', () => {
    expect(['TaskAssigned', 'ExtensionGranted', 'TaskVoided'].every(isRelevant)).toBe(true);
    expect(['ProgressReported', 'ExtensionRequested', 'TaskBecameOverdue'].some(isRelevant)).toBe(false);
  });
});

describe('what is believed', () => {
  const believed = (told: Life): BelievedRow[] => timeline('t1', told.facts).map((row) => ({ ...row, knownFrom: 1n, knownTo: null }));

  it('stays where a new fact changes nothing', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10'));
    expect(believe(believed(told), timeline('t1', told.requested('2020-03-05', due('2020-03-20')).facts), 2n)).toEqual({ closed: [], added: [] });
  });

  it('is closed and replaced only from the change on', () => {
    const told = life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09');
    const { closed, added } = believe(believed(told), timeline('t1', told.confirmed('2020-03-12').facts), 3n);
    expect(closed.map((row) => [row.state, row.knownTo])).toEqual([['submitted', 3n]]);
    expect(added.map((row) => [row.state, row.knownFrom, row.knownTo])).toEqual([['submitted', 3n, null], ['done', 3n, null]]);
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

  it('10 without a deadline it is in the third cell of its row', () => {
    const told = life().assigned('2020-03-02', noDeadline).submitted('2020-03-09').confirmed('2020-03-12');
    expect([cells(told, '2020-03-08'), cells(told, '2020-03-11'), cells(told, '2020-03-12')]).toEqual([{ O3: 1 }, { V3: 1 }, { D3: 1 }]);
  });

  it('11 withdrawn it is out', () => {
    const found = numbers(life().assigned('2020-03-02', due('2020-03-10')).withdrawn('2020-03-15', true), '2020-03-15');
    expect([found.total, some(found.out), some(found.flow)]).toEqual([0, { withdrawn: 1 }, { new: 1, out: 1 }]);
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
    const { columns } = played(life().assigned('2020-11-02', due('2020-11-27')).submitted('2020-11-27', '2020-11-30').confirmed('2020-11-27', '2020-11-30'));
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
    const { columns } = played(life().assigned('2020-03-02', due('2020-03-10')).voided('2020-04-01'));
    const restated = counted(columns, asOf('2020-03-20'));
    expect([restated.total, some(restated.out), some(restated.flow)]).toEqual([0, { voided: 1 }, {}]);
    expect(columns.list(asOf('2020-03-20'), selecting({ by: 'out', reason: 'voided' })).map((task) => task.taskId)).toEqual(['t1']);
    expect(some(counted(columns, asOf('2020-03-20', { known: 1n })).cells)).toEqual({ O2: 1 });
  });

  it('21 and 22 subtasks and routine work are in no figure', () => {
    expect(numbers(life().assigned('2020-03-02', due('2020-03-10'), { parentTaskId: 't0' }), '2020-03-05').total).toBe(0);
    expect(numbers(life().assigned('2020-03-02', due('2020-03-10'), { routine: true }), '2020-03-05').total).toBe(0);
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
