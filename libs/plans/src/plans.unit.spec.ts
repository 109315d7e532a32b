import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#kernel';
import { decidePlan, foldPlan, Plans, type PlanCommand, type PlanFact, type PlanState } from './index.ts';

const now = parseInstant('2020-11-28T08:00:00+07:00')!;
const document = { number: '13/QĐ-TTT', date: '2020-01-30' };
const issue: PlanCommand = { type: 'IssuePlan', planId: 'p', unitId: 'u', year: 2020, code: 'cchc', title: 'Kế hoạch', issuedOn: '2020-01-30', document };

function story(...commands: readonly PlanCommand[]): { state: PlanState | undefined; facts: PlanFact[]; refused: string | undefined } {
  const facts: PlanFact[] = [];
  for (const command of commands) {
    const decision = decidePlan(command, foldPlan(facts), { now });
    if (!decision.ok) return { state: foldPlan(facts), facts, refused: decision.rejection.code };
    for (const event of decision.events) facts.push({ ...event, eventId: String(facts.length), position: BigInt(facts.length + 1) });
  }
  return { state: foldPlan(facts), facts, refused: undefined };
}
const item = (itemId: string): PlanCommand => ({ type: 'AddPlanItem', itemId, content: `Mục ${itemId}` });
const done = (itemId: string, doneOn = '2020-06-30'): PlanCommand => ({ type: 'CompletePlanItem', itemId, doneOn, evidence: document });

describe('a plan', () => {
  it('has items that are done with evidence, reopened and removed', () => {
    const { state } = story(issue, item('1'), item('2'), item('3'), done('1'), done('2'), { type: 'ReopenPlanItem', itemId: '2', reason: 'nhầm' }, { type: 'RemovePlanItem', itemId: '3', reason: 'trùng' }, { type: 'NotePlan', note: 'Đạt kế hoạch' });
    expect(state?.items.map(({ itemId, done: at }) => [itemId, at?.evidence])).toEqual([['1', document], ['2', undefined]]);
    expect(state?.note).toBe('Đạt kế hoạch');
  });
  it.each<[string, PlanCommand[], string]>([
    ['a second of the same', [issue, issue], 'plan-already-there'],
    ['a code with tone marks', [{ ...issue, code: 'kế hoạch' }], 'plan-code-invalid'],
    ['a day that does not exist', [{ ...issue, issuedOn: '2020-02-31' }], 'date-does-not-exist'],
    ['a day to come', [{ ...issue, issuedOn: '2020-12-01' }], 'in-the-future'],
    ['an item twice', [issue, item('1'), item('1')], 'item-already-there'],
    ['an item that is not there', [issue, done('9')], 'item-unknown'],
    ['an item done twice', [issue, item('1'), done('1'), done('1')], 'item-already-done'],
    ['an item done before the plan', [issue, item('1'), done('1', '2020-01-29')], 'before-the-plan'],
    ['an item done without proof', [issue, item('1'), { type: 'CompletePlanItem', itemId: '1', doneOn: '2020-06-30' }], 'evidence-missing'],
    ['reopening what is not done', [issue, item('1'), { type: 'ReopenPlanItem', itemId: '1', reason: 'x' }], 'item-not-done'],
    ['an item of a plan that does not apply', [{ type: 'DeclarePlanNotApplicable', planId: 'p', unitId: 'u', year: 2020, code: 'a', title: 'T', reason: 'không có đơn vị trực thuộc' }, item('1')], 'plan-not-applicable'],
    ['a correction that changes nothing', [issue, { type: 'CorrectPlan', issuedOn: '2020-01-30', document, reason: 'x' }], 'nothing-changed'],
    ['a correction without a reason', [issue, { type: 'CorrectPlan', issuedOn: '2020-02-01', reason: ' ' }], 'text-missing'],
    ['a corrected day after an item was done', [issue, item('1'), done('1'), { type: 'CorrectPlan', issuedOn: '2020-07-01', reason: 'x' }], 'after-a-completion'],
    ['a plan that is not there', [item('1')], 'plan-unknown'],
  ])('refuses %s', (_, commands, code) => {
    expect(story(...commands).refused).toBe(code);
  });
});

describe('plans at a point', () => {
  it('count what was done by the cut-off and known then, in the order of happening', () => {
    const plans = new Plans();
    for (const fact of story(issue, item('1'), item('2'), done('2', '2020-10-01'), done('1', '2020-05-01')).facts) plans.apply('p', fact);
    const count = (at: { asOf?: string; known?: bigint }): number | undefined => plans.plan('p', at)?.items.filter((one) => one.done).length;
    expect([count({}), count({ asOf: '2020-06-30' }), count({ asOf: '2020-10-01' }), count({ asOf: '2020-04-30' }), count({ asOf: '2020-12-31', known: 4n })]).toEqual([2, 1, 2, 0, 1]);
    expect(plans.plan('p', { asOf: '2020-01-29' })).toBeUndefined();
  });
});

describe('a corrected plan', () => {
  it('is seen on every day as if it had been written so, as known from then on', () => {
    const { facts } = story(issue, item('1'), done('1', '2020-06-30'), { type: 'CorrectPlan', issuedOn: '2020-01-10', title: 'Kế hoạch đúng', reason: 'ghi nhầm ngày' });
    const plans = new Plans();
    for (const fact of facts) plans.apply('p', fact);
    expect(plans.plan('p', { asOf: '2020-02-01' })).toMatchObject({ issuedOn: '2020-01-10', title: 'Kế hoạch đúng', items: [{ itemId: '1' }] });
    expect(plans.plan('p', { asOf: '2020-02-01', known: 3n })).toMatchObject({ issuedOn: '2020-01-30', title: 'Kế hoạch' });
  });
});
