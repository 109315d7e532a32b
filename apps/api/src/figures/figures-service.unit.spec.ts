import { describe, expect, it } from '@jest/globals';
import { Columns, PART_BEGUN, type Counts, type FiguresQuery } from '#figures';
import { due, Life, played } from '#figures/builders.features';
import { Problem, startOfDay } from '#kernel';
import { releasedCounts, type Question } from './figures-service.ts';
import type { Runtime } from '../runtime.ts';

const query: FiguresQuery = { at: startOfDay('2020-04-01') - 1, known: null, p0: startOfDay('2019-12-15'), p1: startOfDay('2020-12-15'), cohort: 'C2', basis: 'current' };
const question: Question = { query, whole: query, rounding: 'half-up', period: { from: '2019-12-15', to: '2020-12-14' }, scope: 'self', organisedAs: 'was' };

/** Columns whose pass forgets to say of one task by which part it stands in the cohort, as a defect in it might. */
class Forgetful extends Columns {
  override evaluate(asked: FiguresQuery): Map<string, Counts> {
    const groups = super.evaluate(asked);
    for (const counts of groups.values()) counts.parts.begunInPeriod -= 1;
    return groups;
  }
  override list(asked: FiguresQuery, selects: (code: number, bits: number) => boolean): ReturnType<Columns['list']> {
    return super.list(asked, (code, bits) => selects(code, bits & ~PART_BEGUN));
  }
}

const board = { codesOf: async (ids: readonly string[]) => new Map(ids.map((id) => [id, `NV-2020-${id}`])) };

describe('a figure whose balances fail', () => {
  const life = new Life('0001').assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-12');

  it('is not released: the error names the identity, both sides and the tasks that break it', async () => {
    const columns = new Forgetful();
    for (const [taskId, rows] of played([life]).rows) columns.merge(taskId, rows);
    let problem: unknown;
    try {
      await releasedCounts(question, { columns, board } as unknown as Runtime);
    } catch (error) {
      problem = error;
    }
    expect(problem).toBeInstanceOf(Problem);
    const { status, code, detail, extra } = problem as Problem;
    expect([status, code]).toEqual([500, 'balance-broken']);
    expect(detail).toBe('N = chuyển kỳ trước sang + giao trong kỳ + mở lại trong kỳ: 1 ≠ 0. Việc làm lệch: NV-2020-0001.');
    expect(extra).toMatchObject({ tasks: ['0001'], balances: [{ left: 1, right: 0, holds: false }] });
  });

  it('is released when they hold', async () => {
    const { columns } = played([life]);
    expect((await releasedCounts(question, { columns, board } as unknown as Runtime)).balances.every(({ holds }) => holds)).toBe(true);
  });
});
