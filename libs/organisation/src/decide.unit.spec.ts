import { describe, expect, it } from '@jest/globals';
import { decideUnit, Organisation, type UnitCommand, type UnitDecision } from './index.ts';

const TODAY = '2025-08-01';

/** An organisation that commands can be given to; `must` throws when one is refused. */
class Office {
  readonly organisation = Organisation.of([]);
  private position = 0n;

  try(command: UnitCommand): UnitDecision {
    const { organisation } = this;
    const decision = decideUnit(command, organisation.state(command.unitId), { today: TODAY, organisation });
    if (decision.ok) for (const event of decision.events) organisation.apply({ ...event, position: (this.position += 10n) });
    return decision;
  }

  must(...commands: UnitCommand[]): this {
    for (const command of commands) {
      const decision = this.try(command);
      if (!decision.ok) throw new Error(decision.rejection.detail);
    }
    return this;
  }
}

const establish = (unitId: string, parentId?: string, establishedOn = '2020-01-01'): UnitCommand => ({
  type: 'EstablishUnit', unitId, name: `Đơn vị ${unitId}`, shortName: unitId, kind: 'so', establishedOn, ...(parentId !== undefined && { parentId }),
});
const move = (unitId: string, parentId: string | null, on: string): UnitCommand => ({ type: 'MoveUnit', unitId, parentId, on });
const merge = (unitId: string, intoUnitId: string, on: string): UnitCommand => ({ type: 'MergeUnit', unitId, intoUnitId, on });
const split = (unitId: string, into: string[], heirUnitId: string, on: string): UnitCommand => ({ type: 'SplitUnit', unitId, into, heirUnitId, on });
const rename = (unitId: string, name: string, on: string, shortName?: string): UnitCommand => ({ type: 'RenameUnit', unitId, name, on, ...(shortName !== undefined && { shortName }) });
const dissolve = (unitId: string, on: string): UnitCommand => ({ type: 'DissolveUnit', unitId, on });

/** tinh ⊃ so ⊃ phong; khac stands alone. */
const office = (): Office => new Office().must(establish('tinh'), establish('so', 'tinh'), establish('phong', 'so'), establish('khac'));

describe('deciding what happens to a unit', () => {
  it('says what happened, cleaned', () => {
    expect(office().try({ ...rename('so', '  Sở  Tài chính '.normalize('NFD'), '2025-07-01'), legalBasis: ' Nghị quyết  202 ' })).toEqual({
      ok: true,
      events: [{ type: 'UnitRenamed', data: { id: 'so', on: '2025-07-01', name: 'Sở Tài chính', legalBasis: 'Nghị quyết 202' } }],
      warnings: [],
    });
  });

  it('takes today and the day of the last fact', () => {
    const it = office().must(rename('so', 'Sở A', '2025-07-01'), rename('so', 'Sở B', '2025-07-01'), rename('so', 'Sở C', TODAY));
    expect(it.organisation.unit('so', { on: '2025-07-01' })?.name).toBe('Sở B');
    expect(it.organisation.state('so')).toMatchObject({ name: 'Sở C', shortName: 'so', revision: 3 });
  });

  it.each<[string, UnitCommand, number, string, string]>([
    ['an unknown unit', rename('la', 'Tên', '2025-07-01'), 422, 'unit-unknown', '/unitId'],
    ['a day that does not exist', rename('so', 'Tên', '2025-02-30'), 422, 'date-does-not-exist', '/on'],
    ['a day to come', rename('so', 'Tên', '2025-08-02'), 422, 'in-the-future', '/on'],
    ['an establishment to come', establish('moi', 'tinh', '2025-08-02'), 422, 'in-the-future', '/establishedOn'],
    ['an empty name', rename('so', ' \u200b ', '2025-07-01'), 422, 'unit-name-invalid', '/name'],
    ['a name of 201 characters', rename('so', 'ậ'.repeat(201), '2025-07-01'), 422, 'unit-name-invalid', '/name'],
    ['a short name of 17 characters', rename('so', 'Tên', '2025-07-01', 'a'.repeat(17)), 422, 'unit-short-name-invalid', '/shortName'],
    ['a legal basis of 501 characters', { type: 'DissolveUnit', unitId: 'so', on: '2025-07-01', legalBasis: 'x'.repeat(501) }, 422, 'legal-basis-too-long', '/legalBasis'],
    ['an unknown parent', move('so', 'la', '2025-07-01'), 422, 'unit-unknown', '/parentId'],
    ['an unknown parent of a new unit', establish('moi', 'la'), 422, 'unit-unknown', '/parentId'],
    ['a parent established later', establish('moi', 'tinh', '2019-12-31'), 422, 'unit-not-established-yet', '/parentId'],
    ['itself as parent', move('so', 'so', '2025-07-01'), 422, 'unit-parent-self', '/parentId'],
    ['a merger into itself', merge('so', 'so', '2025-07-01'), 422, 'unit-itself', '/intoUnitId'],
    ['a merger into an unknown unit', merge('so', 'la', '2025-07-01'), 422, 'unit-unknown', '/intoUnitId'],
    ['a split into itself', split('so', ['so', 'khac'], 'khac', '2025-07-01'), 422, 'unit-itself', '/into'],
    ['a split into one', split('so', ['khac'], 'khac', '2025-07-01'), 422, 'split-needs-two', '/into'],
    ['a split that names a unit twice', split('so', ['khac', 'khac'], 'khac', '2025-07-01'), 422, 'unit-repeated', '/into'],
    ['a split into an unknown unit', split('so', ['khac', 'la'], 'khac', '2025-07-01'), 422, 'unit-unknown', '/into/1'],
    ['an heir from elsewhere', split('phong', ['khac', 'so'], 'tinh', '2025-07-01'), 422, 'heir-not-among-successors', '/heirUnitId'],
  ])('refuses %s', (_, command, status, code, pointer) => {
    expect(office().try(command)).toMatchObject({ ok: false, rejection: { status, code, pointer } });
  });

  it.each<[string, UnitCommand[], UnitCommand, string, { unitId: string; type: string; on: string }]>([
    ['an id used before', [], establish('so'), 'unit-already-established', { unitId: 'so', type: 'UnitEstablished', on: '2020-01-01' }],
    ['an id used by a unit that is gone', [dissolve('phong', '2025-07-01')], establish('phong'), 'unit-already-established', { unitId: 'phong', type: 'UnitDissolved', on: '2025-07-01' }],
    ['a day before the establishment', [], rename('so', 'Tên', '2019-12-31'), 'before-last-fact', { unitId: 'so', type: 'UnitEstablished', on: '2020-01-01' }],
    ['a day before the last fact', [rename('so', 'Tên', '2025-07-01')], move('so', null, '2025-06-30'), 'before-last-fact', { unitId: 'so', type: 'UnitRenamed', on: '2025-07-01' }],
    ['the name it has', [], rename('so', ' Đơn vị so', '2025-07-01'), 'name-unchanged', { unitId: 'so', type: 'UnitEstablished', on: '2020-01-01' }],
    ['the name it was given', [rename('so', 'Tên', '2025-07-01')], rename('so', 'Tên', '2025-07-02', 'so'), 'name-unchanged', { unitId: 'so', type: 'UnitRenamed', on: '2025-07-01' }],
    ['the parent it has', [], move('so', 'tinh', '2025-07-01'), 'parent-unchanged', { unitId: 'so', type: 'UnitEstablished', on: '2020-01-01' }],
    ['no parent where there is none', [], move('khac', null, '2025-07-01'), 'parent-unchanged', { unitId: 'khac', type: 'UnitEstablished', on: '2020-01-01' }],
    ['anything after a merger', [merge('so', 'khac', '2025-07-01')], rename('so', 'Tên', '2025-07-02'), 'not-allowed-when-merged', { unitId: 'so', type: 'UnitMerged', on: '2025-07-01' }],
    ['anything after a split', [split('phong', ['so', 'khac'], 'so', '2025-07-01')], dissolve('phong', '2025-07-02'), 'not-allowed-when-split', { unitId: 'phong', type: 'UnitSplit', on: '2025-07-01' }],
    ['anything after a dissolution', [dissolve('phong', '2025-07-01')], move('phong', 'tinh', '2025-07-01'), 'not-allowed-when-dissolved', { unitId: 'phong', type: 'UnitDissolved', on: '2025-07-01' }],
    ['a move under what stands below', [], move('tinh', 'phong', '2025-07-01'), 'unit-circle', { unitId: 'so', type: 'UnitEstablished', on: '2020-01-01' }],
    ['a merger into what stands below', [], merge('tinh', 'phong', '2025-07-01'), 'unit-circle', { unitId: 'so', type: 'UnitEstablished', on: '2020-01-01' }],
    ['a split whose heir stands below', [], split('so', ['phong', 'khac'], 'phong', '2025-07-01'), 'unit-circle', { unitId: 'phong', type: 'UnitEstablished', on: '2020-01-01' }],
    // khac ⊂ so from 10/7 to 20/7 only, and known before the move of 1/7 is recorded.
    ['a circle for some days', [move('khac', 'so', '2025-07-10'), move('khac', null, '2025-07-20')], move('so', 'khac', '2025-07-01'), 'unit-circle', { unitId: 'khac', type: 'UnitMoved', on: '2025-07-10' }],
    ['a place under a unit that merges into it later', [merge('khac', 'tinh', '2025-07-10')], move('tinh', 'khac', '2025-07-01'), 'unit-circle', { unitId: 'khac', type: 'UnitMerged', on: '2025-07-10' }],
    ['an end before another merges into it', [merge('khac', 'phong', '2025-07-10')], dissolve('phong', '2025-07-09'), 'unit-needed-later', { unitId: 'khac', type: 'UnitMerged', on: '2025-07-10' }],
    ['an end before another is placed under it', [move('khac', 'phong', '2025-07-10')], merge('phong', 'so', '2025-07-09'), 'unit-needed-later', { unitId: 'khac', type: 'UnitMoved', on: '2025-07-10' }],
  ])('refuses %s and names the fact in the way', (_, before, command, code, fact) => {
    const decision = office().must(...before).try(command);
    expect(decision).toMatchObject({ ok: false, rejection: { status: 409, code, fact } });
  });

  it('refuses a target that has ended by the day, and takes it on the day before', () => {
    const it = office().must(merge('phong', 'so', '2025-07-01'));
    expect(it.try(merge('khac', 'phong', '2025-07-01'))).toMatchObject({
      ok: false,
      rejection: { status: 422, code: 'unit-ended', pointer: '/intoUnitId', detail: '“Đơn vị phong” đã sáp nhập ngày 01/07/2025, không còn hoạt động vào ngày 01/07/2025.' },
    });
    it.must(merge('khac', 'phong', '2025-06-30'));
    expect(it.organisation.successorOf('khac')).toBe('so');
  });

  it('lets the child out first, then the parent into it', () => {
    const it = office().must(move('so', null, '2025-07-01'), merge('tinh', 'so', '2025-07-01'));
    expect([...it.organisation.tree('so', { organisedAs: 'is' })].sort()).toEqual(['phong', 'so', 'tinh']);
  });

  it('warns of units that remain under one that ends, and counts them under its successor now', () => {
    const it = office();
    expect(it.try(merge('so', 'khac', '2025-07-01'))).toMatchObject({ ok: true, warnings: [{ code: 'children-remain', unitIds: ['phong'], detail: expect.stringContaining('“Đơn vị phong”') }] });
    expect([...it.organisation.tree('khac', { organisedAs: 'is' })].sort()).toEqual(['khac', 'phong', 'so']);
    expect([...it.organisation.tree('khac', { organisedAs: 'was', on: '2025-07-01' })]).toEqual(['khac']);
    expect(it.try(dissolve('phong', '2025-07-02'))).toMatchObject({ ok: true, warnings: [] });
  });

  it('warns of a late fact that places a unit under one that has ended since, and of a name that another unit bears', () => {
    const it = office().must(dissolve('khac', '2025-07-10'));
    expect(it.try(move('phong', 'khac', '2025-07-01'))).toMatchObject({ ok: true, warnings: [{ code: 'parent-ended-since', unitIds: ['khac'] }] });
    expect(it.try(rename('phong', 'Đơn vị so', '2025-07-02'))).toMatchObject({ ok: true, warnings: [{ code: 'name-in-use', unitIds: ['so'] }] });
  });
});

describe('the organisation', () => {
  const it5 = (): Office =>
    office().must(
      { ...establish('moi', 'tinh', '2025-07-01'), legalBasis: 'Quyết định 1' },
      rename('so', 'Sở Tài chính', '2025-07-01', 'STC'),
      move('so', 'khac', '2025-07-05'),
      { ...split('so', ['moi', 'phong'], 'moi', '2025-07-10'), legalBasis: 'Quyết định 2' },
      merge('khac', 'moi', '2025-07-10'),
    );

  it('tells a unit as of a day', () => {
    const { organisation } = it5();
    expect(organisation.unit('so', { on: '2019-12-31' })).toBeUndefined();
    expect(organisation.unit('so', { on: '2025-06-30' })).toEqual({ id: 'so', name: 'Đơn vị so', shortName: 'so', kind: 'so', parentId: 'tinh', establishedOn: '2020-01-01', status: 'active' });
    expect(organisation.unit('so', { on: '2025-07-09' })).toMatchObject({ name: 'Sở Tài chính', shortName: 'STC', parentId: 'khac', status: 'active' });
    expect(organisation.unit('so')).toMatchObject({ status: 'split', endedOn: '2025-07-10', successorId: 'moi', into: ['moi', 'phong'] });
    expect(organisation.unit('khac')).toMatchObject({ status: 'merged', successorId: 'moi' });
  });

  it('tells it as known at a position', () => {
    const { organisation } = it5();
    expect(organisation.unit('so', { known: 60n })).toMatchObject({ name: 'Sở Tài chính', parentId: 'tinh', status: 'active' });
    expect(organisation.unit('moi', { known: 49n })).toBeUndefined();
    expect([organisation.successorOf('so', 79n), organisation.successorOf('so', 80n), organisation.successorOf('so', null)]).toEqual(['so', 'moi', 'moi']);
  });

  it('tells the story of a unit, with the names of the day', () => {
    const { organisation } = it5();
    expect(organisation.lineage('so').map(({ on, sentence }) => `${on} ${sentence}`)).toEqual([
      '2020-01-01 Thành lập “Đơn vị so”, trực thuộc “Đơn vị tinh”.',
      '2025-07-01 “Đơn vị so” đổi tên thành “Sở Tài chính”.',
      '2025-07-05 “Sở Tài chính” chuyển về trực thuộc “Đơn vị khac” (trước đó thuộc “Đơn vị tinh”).',
      '2025-07-10 “Sở Tài chính” chia tách thành “Đơn vị moi”, “Đơn vị phong”; “Đơn vị moi” kế thừa số liệu khi tính theo tổ chức hiện nay.',
    ]);
    expect(organisation.lineage('moi')).toEqual([
      { on: '2025-07-01', sentence: 'Thành lập “Đơn vị moi”, trực thuộc “Đơn vị tinh”.', legalBasis: 'Quyết định 1', position: 50n },
      { on: '2025-07-10', sentence: expect.stringContaining('“Sở Tài chính” chia tách'), legalBasis: 'Quyết định 2', position: 80n },
      { on: '2025-07-10', sentence: '“Đơn vị khac” sáp nhập vào “Đơn vị moi”.', position: 90n },
    ]);
    expect(organisation.lineage('moi', 80n)).toHaveLength(2);
  });

  it('sorts by the Vietnamese alphabet', () => {
    const it = new Office().must(...(['Sở Y tế', 'Đài Phát thanh', 'Dân số', 'Ăn uống', 'Âm nhạc', 'An ninh'] as const).map((name, n): UnitCommand => ({ ...establish(`u${String(n)}`), name }) as UnitCommand));
    expect(it.organisation.all().map((u) => u.name)).toEqual(['An ninh', 'Ăn uống', 'Âm nhạc', 'Dân số', 'Đài Phát thanh', 'Sở Y tế']);
  });

  it('forgets what it answered when a fact comes in between two others', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id, n) => ({ type: 'UnitEstablished', data: { id, name: id, shortName: id, kind: 'so', establishedOn: '2020-01-01' }, position: BigInt(10 * (n + 1)) }));
    const organisation = Organisation.of([a!, c!]);
    expect(organisation.all().map((u) => u.id)).toEqual(['a', 'c']);
    organisation.apply(b!);
    organisation.apply(b!);
    expect([organisation.all({ known: 20n }), organisation.all()].map((all) => all.map((u) => u.id))).toEqual([['a', 'b'], ['a', 'b', 'c']]);
  });

  it('counts a unit it does not know for itself alone', () => {
    const { organisation } = office();
    expect([organisation.successorOf('la'), ...organisation.tree('la', { organisedAs: 'is' }), ...organisation.tree('la', { organisedAs: 'was' }), ...organisation.self('la', { organisedAs: 'is' })]).toEqual(['la', 'la', 'la', 'la']);
  });

  it('answers a request with hundreds of units by look-ups', () => {
    const many = new Office().must(establish('goc'));
    for (let n = 0; n < 300; n++) many.must(establish(`u${String(n)}`, n % 10 === 0 ? 'goc' : `u${String(n - (n % 10))}`));
    for (let n = 1; n < 300; n += 10) many.must(merge(`u${String(n)}`, `u${String(n + 1)}`, '2025-07-01'));
    const { organisation } = many;
    expect(organisation.tree('goc', { organisedAs: 'is' })).toBe(organisation.tree('goc', { organisedAs: 'is', known: null }));
    expect(organisation.all({ on: '2025-07-02' })).toBe(organisation.all({ on: '2025-07-31', known: 1_000_000n }));
    expect(organisation.tree('goc', { organisedAs: 'was', on: '2024-01-01' }).size).toBe(301);
  });
});
