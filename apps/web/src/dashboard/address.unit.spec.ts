import { describe, expect, it } from '@jest/globals';
import { filtersOf, readDashboardAddress, rulesOffIn } from '#views';
import { dashboardQuery, href, readScope, type Scope } from '../scope/scope.ts';
import { rulesOffQuery } from './ask.ts';

const whole: Scope = {
  day: '2020-11-28', knownAt: 'position:7', unitId: 'so-y-te', unitKind: 'so,ban', period: '2020', tree: '1', cohort: 'C1', basis: 'original', policy: 'none', organisedAs: 'is', authority: 'chu-tich', field: 'Y tế & dân số', starred: 'co',
  documentNumber: '10/UBND-NC', only: 'overdue,extended', rounding: 'truncate', rate: 'R1', sinceDay: '2020-11-01', sinceKnownAt: 'position:3',
};
/** What the page asks the server for an address, but for its times. */
function asked(scope: Scope): object {
  const { asOf: _, knownAt: __, sinceAsOf: ___, sinceKnownAt: ____, ...rest } = dashboardQuery(scope) as Record<string, string | null | undefined>;
  return Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== undefined));
}

describe('the dashboard’s address, as it is kept to be sent', () => {
  it('is understood by the server as the page asks it', () => {
    for (const scope of [whole, { ...whole, tree: null, starred: null }, readScope(new URLSearchParams())]) {
      const kept = readDashboardAddress(href('/', scope).slice(2));
      if (!('query' in kept)) throw new Error(kept.detail);
      expect(filtersOf(kept.query)).toEqual(asked(scope));
      // Read again by the page it asks the same, whatever its times were.
      expect(asked(readScope(new URLSearchParams(kept.query)))).toEqual(asked(scope));
      expect(readScope(new URLSearchParams(kept.query))).toMatchObject({ day: null, knownAt: null, sinceDay: null, period: null });
    }
  });

  it('keeps the rules that are switched off', () => {
    const kept = readDashboardAddress(href('/', whole, rulesOffQuery(['returned', 'no-update-14'])).slice(2));
    expect('query' in kept && rulesOffIn(kept.query)).toEqual(['returned', 'no-update-14']);
    expect(rulesOffIn('donVi=x')).toEqual([]);
  });
});
