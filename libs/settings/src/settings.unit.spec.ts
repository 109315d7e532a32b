import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideSettings, defaultSettings, foldSettings, officialRateOf, settingsAt, type ProvinceSettings, type RecordedSettings, type SettingsDecision, type SettingsEvent } from './index.ts';

const reason = 'Theo Thông báo 12/TB-VP';
const events = (decision: SettingsDecision): readonly SettingsEvent[] => {
  if (!decision.ok) throw new Error(decision.rejection.detail);
  return decision.events;
};

describe('changing settings', () => {
  it('records the fields that change, and why', () => {
    expect(decideSettings({ fixedDatePolicy: 'none', dueSoonWorkingDays: 3, reason: `  ${reason} ` }, defaultSettings)).toEqual({ ok: true, events: [{ type: 'SettingsChanged', data: { changed: { fixedDatePolicy: 'none' }, reason } }] });
  });
  it('replaces the official rates as a whole, in the order of the authorities', () => {
    const state: ProvinceSettings = { ...defaultSettings, officialRates: { 'chu-tich': 'R1' } };
    const [event] = events(decideSettings({ officialRates: { 'ubnd-tinh': 'R4', 'chinh-phu': 'R3' }, reason }, state));
    expect(JSON.stringify(event!.data.changed)).toBe('{"officialRates":{"chinh-phu":"R3","ubnd-tinh":"R4"}}');
    expect(officialRateOf(foldSettings([event!]), 'ubnd-tinh')).toBe('R4');
    expect(['chu-tich', 'constructor'].map((authority) => officialRateOf(foldSettings([event!]), authority))).toEqual(['R2', 'R2']);
  });
  it.each([0, 30])('takes %d working days for "due soon"', (dueSoonWorkingDays) => {
    expect(events(decideSettings({ dueSoonWorkingDays, reason }, defaultSettings))[0]!.data.changed).toEqual({ dueSoonWorkingDays });
  });

  it.each<[Record<string, unknown>, string, string, RegExp]>([
    [{ theme: 'dark', reason }, 'setting-unknown', '/theme', /“theme”.*fixedDatePolicy/],
    [{ 'a/b': 1, reason }, 'setting-unknown', '/a~1b', /a\/b/],
    [JSON.parse('{"__proto__":{"fixedDatePolicy":"none"},"reason":"x"}') as Record<string, unknown>, 'setting-unknown', '/__proto__', /__proto__/],
    [{ constructor: 1, reason }, 'setting-unknown', '/constructor', /constructor/],
    [{ fixedDatePolicy: 'some', reason }, 'setting-invalid', '/fixedDatePolicy', /"some".*all, none, all-but-before|"some".*cần một trong/],
    [{ dueSoonWorkingDays: -1, reason }, 'setting-invalid', '/dueSoonWorkingDays', /-1.*từ 0 đến 30/],
    [{ dueSoonWorkingDays: 31, reason }, 'setting-invalid', '/dueSoonWorkingDays', /31/],
    [{ dueSoonWorkingDays: 2.5, reason }, 'setting-invalid', '/dueSoonWorkingDays', /2\.5/],
    [{ dueSoonWorkingDays: '3', reason }, 'setting-invalid', '/dueSoonWorkingDays', /"3"/],
    [{ fullWeekTasks: 0, reason }, 'setting-invalid', '/fullWeekTasks', /0: cần số nguyên từ 1 đến 1000/],
    [{ fullWeekTasks: 1001, reason }, 'setting-invalid', '/fullWeekTasks', /1001/],
    [{ fullWeekTasks: null, reason }, 'setting-invalid', '/fullWeekTasks', /null/],
    [{ officialRates: { 'ubnd-tinh': 'R9' }, reason }, 'setting-invalid', '/officialRates', /R9.*R2x/],
    [{ officialRates: { 'UBND tỉnh': 'R2' }, reason }, 'setting-invalid', '/officialRates', /UBND/],
    [{ officialRates: ['R2'], reason }, 'setting-invalid', '/officialRates', /R2/],
    [{ fixedDatePolicy: 'none' }, 'reason-missing', '/reason', /lý do/],
    [{ fixedDatePolicy: 'none', reason: ' \u200B' }, 'reason-missing', '/reason', /lý do/],
    [{ fixedDatePolicy: 'none', reason: 5 }, 'reason-missing', '/reason', /lý do/],
    [{ fixedDatePolicy: 'none', reason: 'x'.repeat(501) }, 'reason-too-long', '/reason', /501.*500/],
    [{ fixedDatePolicy: 'none', reason: 'Theo công văn (Mật)' }, 'secrecy-mark', '/reason', /độ mật/],
  ])('refuses %j: %s', (command, code, pointer, detail) => {
    expect(decideSettings(command, defaultSettings)).toEqual({ ok: false, rejection: expect.objectContaining({ status: 422, code, pointer, detail: expect.stringMatching(detail) }) });
  });

  it.each<Record<string, unknown>>([{}, { fixedDatePolicy: 'all' }, { officialRates: {} }, { dueSoonWorkingDays: 3, fullWeekTasks: 20 }])('refuses %j, which changes nothing', (fields) => {
    expect(decideSettings({ ...fields, reason }, defaultSettings)).toMatchObject({ ok: false, rejection: { status: 409, code: 'settings-unchanged' } });
  });
  it('does not take another order of the same rates for a change', () => {
    const state: ProvinceSettings = { ...defaultSettings, officialRates: { b: 'R1', a: 'R2' } };
    expect(decideSettings({ officialRates: { a: 'R2', b: 'R1' }, reason }, state)).toMatchObject({ ok: false, rejection: { code: 'settings-unchanged' } });
  });
});

describe('reports that are owed', () => {
  const duty = { unitId: 'so-y-te', periods: ['Q1', 'year'], cutOffDaysBefore: 0, dueWorkingDays: 5, from: '2021-01-01', document: { number: '09/2019/NĐ-CP', date: '2019-01-24', issuer: 'Chính phủ' } };
  it('are kept in one order of fields and periods, and replaced as a whole', () => {
    const [event] = events(decideSettings({ reportDuties: [duty], reason }, defaultSettings));
    expect(event!.data.changed.reportDuties).toEqual([{ ...duty, periods: ['year', 'Q1'] }]);
    expect(decideSettings({ reportDuties: event!.data.changed.reportDuties, reason }, foldSettings([event!]))).toMatchObject({ ok: false, rejection: { code: 'settings-unchanged' } });
    expect(foldSettings([event!, ...events(decideSettings({ reportDuties: [], reason }, foldSettings([event!])))]).reportDuties).toEqual([]);
    expect(decideSettings({ reportDuties: [], reason }, defaultSettings)).toMatchObject({ ok: false, rejection: { code: 'settings-unchanged' } });
  });
  it.each<[string, unknown]>([
    ['no list', { ...duty }], ['an unknown period', [{ ...duty, periods: ['Q5'] }]], ['no period', [{ ...duty, periods: [] }]], ['a period twice', [{ ...duty, periods: ['Q1', 'Q1'] }]], ['a day that does not exist', [{ ...duty, from: '2021-02-30' }]],
    ['no deadline', [{ ...duty, dueWorkingDays: 0 }]], ['a field that is none', [{ ...duty, deadline: 5 }]], ['the same report twice', [duty, duty]], ['no document', [{ ...duty, document: undefined }]], ['a marked document', [{ ...duty, document: { ...duty.document, number: 'Mật' } }]],
  ])('refuses %s', (_, reportDuties) => {
    expect(decideSettings({ reportDuties, reason }, defaultSettings)).toMatchObject({ ok: false, rejection: { status: 422, code: 'setting-invalid', pointer: '/reportDuties' } });
  });
});

describe('the settings at a time', () => {
  const history: RecordedSettings[] = [
    { type: 'SettingsChanged', position: 5n, data: { changed: { fixedDatePolicy: 'none' }, reason } },
    { type: 'SettingsChanged', position: 9n, data: { changed: { dueSoonWorkingDays: 5 }, reason } },
    { type: 'SettingsChanged', position: 12n, data: { changed: { fixedDatePolicy: 'all-but-before' }, reason } },
  ];
  it('are the defaults before anything was changed', () => {
    expect(settingsAt([], null)).toEqual({ fixedDatePolicy: 'all', dueSoonWorkingDays: 3, fullWeekTasks: 20, officialRates: {} });
    expect(settingsAt(history, 4n)).toEqual(defaultSettings);
  });
  it.each([[5n, 'none', 3], [11n, 'none', 5], [12n, 'all-but-before', 5], [null, 'all-but-before', 5]] as const)('as known at %s: %s and %d', (known, fixedDatePolicy, dueSoonWorkingDays) => {
    expect(settingsAt(history, known)).toMatchObject({ fixedDatePolicy, dueSoonWorkingDays });
  });

  it('after any accepted commands are the last value given for each field, at every position', () => {
    const command = fc.record(
      { fixedDatePolicy: fc.constantFrom('all', 'none', 'all-but-before'), dueSoonWorkingDays: fc.nat(30), fullWeekTasks: fc.integer({ min: 1, max: 1_000 }), officialRates: fc.dictionary(fc.constantFrom('chu-tich', 'ubnd-tinh', 'chinh-phu'), fc.constantFrom('R1', 'R2', 'R4'), { noNullPrototype: true }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), (commands) => {
        const log: RecordedSettings[] = [];
        const expected: ProvinceSettings[] = [defaultSettings];
        for (const [n, fields] of commands.entries()) {
          const decision = decideSettings({ ...fields, reason }, settingsAt(log, null));
          if (decision.ok) log.push({ ...decision.events[0]!, position: BigInt(n + 1) });
          expected.push({ ...expected[n]!, ...fields });
        }
        expected.forEach((settings, n) => expect(settingsAt(log, BigInt(n))).toEqual(settings));
      }),
      { numRuns: 200 },
    );
  });
});
