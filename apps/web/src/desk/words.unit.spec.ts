import { describe, expect, it } from '@jest/globals';
import { type Waiting } from '../api.ts';
import { tallyOf } from '../document/tally.ts';
import { ACTIONS } from '../task/action-specs.ts';
import { firstWait, leftWords, WAIT_KEYS, WAITS } from './words.ts';

const wait = (kind: Waiting['kind']): Waiting => ({ kind, since: '2020-11-28T08:00:00+07:00', text: null });

describe('a row of the desk', () => {
  it('answers every kind of waiting with commands that exist', () => {
    const known = ACTIONS.map(({ segment }) => segment);
    for (const kind of WAIT_KEYS) {
      expect(WAITS[kind].actions.length).toBeGreaterThan(0);
      for (const segment of WAITS[kind].actions) expect(known).toContain(segment);
    }
  });
  it('leads with what was asked for, else with what presses most', () => {
    const item = { waits: [wait('explain'), wait('overdue')] };
    expect(firstWait(item, null)?.kind).toBe('explain');
    expect(firstWait(item, 'overdue')?.kind).toBe('overdue');
    expect(firstWait(item, 'receive')?.kind).toBe('explain');
  });
  it('says how long is left, in working days where the phrase counts them', () => {
    const item = { group: 'soon', cell: 'O1', dueOn: '2020-12-02', daysLeft: 2, daysLate: null, countsWorkingDays: true } as const;
    expect(leftWords(item)).toBe('còn 2 ngày làm việc');
    expect(leftWords({ ...item, countsWorkingDays: false })).toBe('còn 2 ngày');
    expect(leftWords({ ...item, group: 'overdue', daysLeft: null, daysLate: 5 })).toBe('quá hạn 5 ngày');
    expect(leftWords({ ...item, group: 'today', daysLeft: 0 })).toBe('hết hạn hôm nay');
    expect(leftWords({ ...item, group: 'none', dueOn: null })).toBe('văn bản không nêu hạn');
  });
});

describe('the cells of a document', () => {
  it('and what stands outside add up to its tasks', () => {
    const tally = tallyOf([{ cell: 'O1' }, { cell: 'O1' }, { cell: 'D1' }, { cell: 'withdrawn' }, { cell: null }]);
    expect(tally).toEqual({ cells: { O1: 2, D1: 1 }, total: 3, out: 2 });
  });
});
