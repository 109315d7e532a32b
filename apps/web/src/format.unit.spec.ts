import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addDays, at, day, dayOf, daysBetween, known, local, longDay, moment, mondayOf, weekday } from './format.ts';

describe('days and instants in words', () => {
  it('are written as an office writes them', () => {
    expect([day('2020-11-29'), longDay('2020-11-29'), at('2020-11-28'), at('2020-11-29T00:30:00Z')]).toEqual(['29/11/2020', 'CN 29/11/2020', 'hết T7 28/11/2020', '07:30 CN 29/11/2020']);
    expect([moment('2020-11-28T17:00:00Z'), known('position:1234'), mondayOf('2020-11-29'), addDays('2020-11-29', 2)]).toEqual(['CN 29/11/2020', 'sự kiện #1.234', '2020-11-23', '2020-12-01']);
  });

  it('never break a page, whatever stands in an address: what is none is written as it stands', () => {
    const odd = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('0020-01-01', '2020-02-31', '9999-12-31', '+275760-09-13T00:00:00Z', '-271821-04-20', '2020-11-28,2020-11-29', '💥'));
    fc.assert(
      fc.property(odd, fc.integer(), (text, days) => {
        for (const write of [day, longDay, at, moment, known, dayOf, mondayOf, weekday]) expect(write(text)).not.toMatch(/NaN|undefined|Invalid/);
        expect(addDays(text, days % 100_000)).not.toMatch(/NaN|Invalid/);
        expect(typeof daysBetween(text, text)).toBe('number');
        expect(Object.values(local(text)).join()).not.toMatch(/NaN|Invalid/);
      }),
    );
    expect([at('💥'), known('💥'), longDay('💥'), addDays('💥', 1)]).toEqual(['💥', '💥', '💥', '💥']);
  });
});
