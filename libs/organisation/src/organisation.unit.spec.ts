import { describe, expect, it } from '@jest/globals';
import { establishUnit, UnitDirectory, type Unit } from './index.ts';

const unit = (more: Partial<Unit> = {}): Unit => ({ id: 'thanh-tra-tinh', name: 'Thanh tra tỉnh', shortName: 'TTT', kind: 'thanh-tra', establishedOn: '2019-01-01', ...more });

describe('establishing a unit', () => {
  it('says what was established, cleaned', () => {
    expect(establishUnit(unit({ name: ' Thanh  tra tỉnh '.normalize('NFD') }), false)).toEqual({ ok: true, events: [{ type: 'UnitEstablished', data: unit() }], warnings: [] });
  });
  it.each([
    [{ id: 'Thanh tra' }, 'unit-id-invalid'],
    [{ id: '' }, 'unit-id-invalid'],
    [{ name: ' ' }, 'unit-name-invalid'],
    [{ shortName: 'Mười bảy ký tự ơi' }, 'unit-short-name-invalid'],
    [{ kind: '' }, 'unit-kind-missing'],
    [{ establishedOn: '2019-02-30' }, 'date-does-not-exist'],
    [{ parentId: 'thanh-tra-tinh' }, 'unit-parent-self'],
  ])('refuses %j', (more, code) => {
    expect(establishUnit(unit(more), false)).toMatchObject({ ok: false, rejection: { status: 422, code } });
  });
  it('never uses an id twice', () => {
    expect(establishUnit(unit(), true)).toMatchObject({ ok: false, rejection: { status: 409, code: 'unit-already-established' } });
  });
});

describe('the directory', () => {
  const directory = UnitDirectory.of([unit(), unit({ id: 'a', name: 'Sở Tài' }), unit({ id: 'b', name: 'Sở Tái' })]);
  it('matches by name, and without marks when exactly one fits', () => {
    expect(directory.match('  Thanh\u00a0tra t\u200bỉnh ').kind).toBe('exact');
    expect(directory.match('THANH TRA TINH')).toMatchObject({ kind: 'folded', unit: { id: 'thanh-tra-tinh' } });
    expect(directory.match('So Tai')).toMatchObject({ kind: 'ambiguous', units: [{ id: 'a' }, { id: 'b' }] });
    expect(directory.match('Sở Tái')).toMatchObject({ kind: 'exact', unit: { id: 'b' } });
    expect(directory.match('Sở lạ').kind).toBe('none');
  });
  it('replaces a unit with the same id', () => {
    const own = UnitDirectory.of([unit()]);
    own.add(unit({ name: 'Thanh tra thành phố' }));
    expect([own.match('Thanh tra tỉnh').kind, own.match('Thanh tra thành phố').kind, own.all().length]).toEqual(['none', 'exact', 1]);
  });
});
