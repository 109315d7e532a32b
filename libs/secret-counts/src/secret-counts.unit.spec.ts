import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays } from '#kernel';
import { decideSecretCount, secretCountsIn, secretCountsInForce, secretCountStream, type SecretCount, type SecretCountEntry } from './index.ts';

const today = '2020-11-28';
const count = (change: Partial<SecretCount> = {}): SecretCount => ({ unitId: 'thanh-tra-tinh', from: '2020-10-15', to: '2020-11-14', assigned: 5, completed: 3, ...change });
const entry = (position: bigint, change: Partial<SecretCount> = {}): SecretCountEntry => ({ ...count(change), position });

describe('recording a count of secret tasks', () => {
  it('says the unit, the period and two numbers, and nothing else', () => {
    expect(decideSecretCount(Object.assign(count(), { note: 'nội dung mật' }), [], { today })).toEqual({ ok: true, events: [{ type: 'SecretCountRecorded', data: count() }] });
    expect(secretCountStream('thanh-tra-tinh')).toBe('secretcount-thanh-tra-tinh');
  });
  it('takes nothing given, everything completed, one day, and a period that ends today', () => {
    for (const change of [{ assigned: 0, completed: 0 }, { completed: 5 }, { from: '2020-11-14' }, { to: today }]) expect(decideSecretCount(count(change), [], { today })).toMatchObject({ ok: true });
  });
  it('replaces the count of exactly the same period, back again too', () => {
    const recorded = [entry(1n), entry(2n, { assigned: 6 })];
    expect(decideSecretCount(count(), recorded, { today })).toMatchObject({ ok: true });
    expect(decideSecretCount(count({ assigned: 6 }), recorded, { today })).toMatchObject({ ok: false, rejection: { status: 409, code: 'secret-count-unchanged', fact: recorded[1] } });
  });

  it.each<[Partial<SecretCount>, string, string]>([
    [{ from: '2020-02-31' }, 'date-does-not-exist', '/from'],
    [{ to: '14/11/2020' }, 'date-does-not-exist', '/to'],
    [{ from: '2020-11-15' }, 'period-reversed', '/from'],
    [{ to: '2020-11-29' }, 'in-the-future', '/to'],
    [{ assigned: -1 }, 'count-invalid', '/assigned'],
    [{ assigned: 2.5 }, 'count-invalid', '/assigned'],
    [{ assigned: NaN }, 'count-invalid', '/assigned'],
    [{ completed: 1_000_001, assigned: 1_000_000 }, 'count-invalid', '/completed'],
    [{ completed: 6 }, 'completed-exceeds-assigned', '/completed'],
  ])('refuses %j: %s', (change, code, pointer) => {
    expect(decideSecretCount(count(change), [], { today })).toMatchObject({ ok: false, rejection: { status: 422, code, pointer } });
  });

  it.each<[string, Partial<SecretCount>]>([
    ['the last day', { from: '2020-11-14', to: '2020-11-20' }],
    ['the first day', { from: '2020-10-01', to: '2020-10-15' }],
    ['a part of it', { from: '2020-10-20', to: '2020-10-25' }],
    ['all of it and more', { from: '2020-10-01', to: '2020-11-20' }],
    ['the same beginning', { to: '2020-11-13' }],
  ])('refuses another period of the unit that shares %s, and names the recorded one', (_, change) => {
    expect(decideSecretCount(count(change), [entry(1n)], { today })).toMatchObject({ ok: false, rejection: { status: 409, code: 'secret-count-overlaps', fact: entry(1n), detail: expect.stringContaining('15/10/2020–14/11/2020') } });
  });
  it('takes the next day, the day before, and any period of another unit', () => {
    for (const change of [{ from: '2020-11-15', to: '2020-11-20' }, { from: '2020-10-01', to: '2020-10-14' }, { unitId: 'so-y-te', from: '2020-10-20' }]) expect(decideSecretCount(count(change), [entry(1n)], { today })).toMatchObject({ ok: true });
  });
});

describe('the counts in a period', () => {
  const year = { from: '2019-12-15', to: '2020-12-14', asOf: today, known: null };
  const entries = [entry(3n), entry(5n, { from: '2020-11-15', to: '2020-11-20', assigned: 2, completed: 2 }), entry(7n, { unitId: 'so-y-te', assigned: 10, completed: 1 }), entry(9n, { assigned: 8, completed: 8 })];

  it('are those in force, added up', () => {
    expect(secretCountsIn(entries, year)).toEqual({ assigned: 20, completed: 11, entries: [entries[2], entries[3], entries[1]] });
  });
  it('leave out other units, periods not wholly inside, and periods that end after the cut-off', () => {
    expect(secretCountsIn(entries, { ...year, unitIds: new Set(['thanh-tra-tinh']) })).toMatchObject({ assigned: 10 });
    expect(secretCountsIn(entries, { ...year, unitIds: new Set() })).toEqual({ assigned: 0, completed: 0, entries: [] });
    expect(secretCountsIn(entries, { ...year, from: '2020-10-16' })).toMatchObject({ assigned: 2 });
    expect(secretCountsIn(entries, { ...year, asOf: '2020-11-19' })).toMatchObject({ assigned: 18 });
  });
  it('are the ones believed at the time of knowledge', () => {
    expect([2n, 3n, 8n, 9n].map((known) => secretCountsIn(entries, { ...year, known }).assigned)).toEqual([0, 5, 17, 20]);
  });

  const day = fc.nat(40).map((n) => addDays('2020-10-01', n));
  const recorded = fc
    .array(fc.tuple(fc.constantFrom('a', 'b', 'c'), day, fc.nat(8), fc.nat(9), fc.nat(9)), { maxLength: 30 })
    .map((list) => list.map(([unitId, from, length, one, other], n) => ({ unitId, from, to: addDays(from, length), assigned: Math.max(one, other), completed: Math.min(one, other), position: BigInt(n * 2 + 1) })));

  it('equal a naive filter, whatever the order the entries come in', () => {
    fc.assert(
      fc.property(recorded, fc.shuffledSubarray(['a', 'b', 'c']), fc.boolean(), day, day, day, fc.option(fc.bigInt({ min: 0n, max: 62n })), fc.nat(), (list, units, all, from, to, asOf, known, turn) => {
        const query = { from, to, asOf, known, ...(all ? {} : { unitIds: new Set(units) }) };
        const visible = list.filter((e) => known === null || e.position <= known);
        const naive = visible.filter((e) => !visible.some((later) => later.position > e.position && later.unitId === e.unitId && later.from === e.from && later.to === e.to)
          && (all || units.includes(e.unitId)) && from <= e.from && e.to <= to && e.to <= asOf);
        const turned = [...list.slice(turn % (list.length + 1)), ...list.slice(0, turn % (list.length + 1))];
        const { assigned, completed, entries } = secretCountsIn(turned, query);
        expect([assigned, completed]).toEqual([naive.reduce((n, e) => n + e.assigned, 0), naive.reduce((n, e) => n + e.completed, 0)]);
        expect(new Set(entries)).toEqual(new Set(naive));
        expect(secretCountsIn(list, query)).toEqual({ assigned, completed, entries });
      }),
      { numRuns: 500 },
    );
  });

  it('accepted one after the other never overlap, so that no secret task is counted twice', () => {
    fc.assert(
      fc.property(recorded, (commands) => {
        const log: SecretCountEntry[] = [];
        for (const { position, ...command } of commands) if (decideSecretCount(command, log, { today }).ok) log.push({ ...command, position });
        const inForce = secretCountsInForce(log, null);
        for (const [n, a] of inForce.entries()) for (const b of inForce.slice(n + 1)) expect(a.unitId !== b.unitId || a.to < b.from || b.to < a.from).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
