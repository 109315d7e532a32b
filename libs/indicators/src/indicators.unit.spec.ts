import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseInstant } from '#kernel';
import { amountVi, decideIndicator, foldIndicator, hundredthsVi, isAmount, readIndicator, type Amount, type IndicatorCommand, type IndicatorFact } from './index.ts';

const now = parseInstant('2020-11-28T08:00:00+07:00')!;
const define: IndicatorCommand = { type: 'DefineIndicator', indicatorId: 'i', unitId: 'u', code: 'a', name: 'Tên', measure: '%' };
const value = (validFrom: string, number: number): IndicatorCommand => ({ type: 'RecordIndicatorValue', amount: { kind: 'count', number }, validFrom, evidence: { number: '1/BC' } });

function story(...commands: readonly IndicatorCommand[]): { facts: IndicatorFact[]; refused: string | undefined } {
  const facts: IndicatorFact[] = [];
  for (const command of commands) {
    const decision = decideIndicator(command, foldIndicator(facts), { now });
    if (!decision.ok) return { facts, refused: decision.rejection.code };
    for (const event of decision.events) facts.push({ ...event, eventId: String(facts.length), position: BigInt(facts.length + 1), recordedAt: now });
  }
  return { facts, refused: undefined };
}

describe('an indicator', () => {
  it('has the value that is valid on the day; the last recorded of one day; carried over where it is older than the period', () => {
    const state = foldIndicator(story(define, value('2019-06-01', 1), value('2020-03-01', 2), value('2020-03-01', 3)).facts)!;
    const at = (asOf: string): unknown[] => { const { amount, carriedOver } = readIndicator(state, { asOf, from: '2019-12-15' }); return [amount, carriedOver]; };
    expect([at('2019-05-31'), at('2020-02-29'), at('2020-11-28')]).toEqual([[{ kind: 'blank' }, false], [{ kind: 'count', number: 1 }, true], [{ kind: 'count', number: 3 }, false]]);
  });
  it('tells what was changed last: what stood there before, on its day or before it, with its columns, and by whom', () => {
    const actor = { id: 'office', role: 'office' } as const;
    const changeAfter = (...commands: readonly IndicatorCommand[]): unknown => foldIndicator(story(define, ...commands).facts.map((fact) => ({ ...fact, actor })))!.change;
    const six = { ...value('2020-03-01', 6), parts: { province: { kind: 'count', number: 6 } }, note: 'Cấp phòng' } as IndicatorCommand;
    const made = { at: now, by: actor };
    const said = { amount: { kind: 'count', number: 6 }, parts: { province: { kind: 'count', number: 6 } }, note: 'Cấp phòng' };
    expect(changeAfter()).toBeUndefined();
    expect(changeAfter(six)).toEqual({ of: { kind: 'value', validFrom: '2020-03-01' }, before: null, after: said, ...made });
    for (const day of ['2020-03-01', '2020-06-01']) expect(changeAfter(six, value(day, 7))).toEqual({ of: { kind: 'value', validFrom: day }, before: said, after: { amount: { kind: 'count', number: 7 } }, ...made });
    // What is recorded for a day before all others takes nothing's place.
    expect(changeAfter(six, value('2019-06-01', 5))).toMatchObject({ before: null });
    const target = (number: number): IndicatorCommand => ({ type: 'SetIndicatorTarget', year: 2021, amount: { kind: 'count', number } });
    expect(changeAfter(six, target(9), target(10))).toEqual({ of: { kind: 'target', year: 2021 }, before: { amount: { kind: 'count', number: 9 } }, after: { amount: { kind: 'count', number: 10 } }, ...made });
  });
  it.each<[string, IndicatorCommand[], string]>([
    ['a second of the same', [define, define], 'indicator-already-there'],
    ['a number without proof', [define, { type: 'RecordIndicatorValue', amount: { kind: 'count', number: 1 }, validFrom: '2020-01-01' }], 'evidence-missing'],
    ['a value to come', [define, value('2020-12-01', 1)], 'in-the-future'],
    ['a day that does not exist', [define, value('2020-02-31', 1)], 'date-does-not-exist'],
    ['half a thing', [define, value('2020-01-01', 0.5)], 'amount-invalid'],
    ['what is no amount', [define, { type: 'SetIndicatorTarget', year: 2021, amount: { kind: 'lot' } as unknown as Amount }], 'amount-invalid'],
    ['the same value again', [define, value('2020-01-01', 1), value('2020-01-01', 1)], 'value-unchanged'],
    ['a value of nothing', [value('2020-01-01', 1)], 'indicator-unknown'],
  ])('refuses %s', (_, commands, code) => {
    expect(story(...commands).refused).toBe(code);
  });
  it('takes "does not apply" without proof', () => {
    expect(story(define, { type: 'RecordIndicatorValue', amount: { kind: 'not-applicable' }, validFrom: '2020-01-01' }).refused).toBeUndefined();
  });
});

describe('an amount in Vietnamese report style', () => {
  it.each<[Amount, string, string]>([
    [{ kind: 'count', number: 6 }, '6', '06'], [{ kind: 'count', number: 14_068 }, '14.068', '14.068'], [{ kind: 'count', number: 0 }, '0', '0'], [{ kind: 'percent', hundredths: 9_781 }, '97,81 %', '97,81 %'],
    [{ kind: 'percent', hundredths: 8_000, comparison: 'atLeast' }, 'từ 80 %', 'từ 80 % trở lên'], [{ kind: 'percent', hundredths: 9_000, comparison: 'over' }, 'trên 90 %', 'trên 90 %'], [{ kind: 'day', day: '2020-03-17' }, '17/03/2020', '17/03/2020'],
    [{ kind: 'not-applicable' }, '-', '-'], [{ kind: 'blank' }, '', ''],
  ])('%j', (amount, table, prose) => {
    expect([amountVi(amount), amountVi(amount, 'prose')]).toEqual([table, prose]);
  });
  it('keeps every share apart from every other', () => {
    fc.assert(fc.property(fc.nat(20_000), fc.nat(20_000), (a, b) => { expect(hundredthsVi(a) === hundredthsVi(b)).toBe(a === b); }), { seed: 1 });
  });
  it('is told from what is none', () => {
    for (const wrong of [null, 3, {}, { kind: 'count' }, { kind: 'count', number: -1 }, { kind: 'percent', hundredths: 1.5 }, { kind: 'percent', hundredths: 1, comparison: 'under' }, { kind: 'text', text: '' }]) expect(isAmount(wrong)).toBe(false);
  });
});
