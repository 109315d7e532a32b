import { describe, expect, it } from '@jest/globals';
import { placesFor, unitsFor } from './find.ts';

const unit = (id: string, name: string, shortName: string | null = null) => ({ id, name, shortName, kind: 'so' });

describe('going somewhere by typing', () => {
  it('finds pages without tone marks, also by other words for them', () => {
    expect(placesFor('ban lam', 'office').map(({ path }) => path)).toEqual(['/ban-lam-viec']);
    expect(placesFor('tổng quan', 'leader').map(({ path }) => path)).toEqual(['/']);
    expect(placesFor('', 'office').length).toBeGreaterThan(placesFor('', 'leader').length);
  });
  it('offers units only once something is typed', () => {
    const units = [unit('so-y-te', 'Sở Y tế'), unit('so-noi-vu', 'Sở Nội vụ', 'SNV')];
    expect(unitsFor(units, ' ', 8)).toEqual([]);
    expect(unitsFor(units, 'y te', 8).map(({ id }) => id)).toEqual(['so-y-te']);
    expect(unitsFor(units, 'snv', 8).map(({ id }) => id)).toEqual(['so-noi-vu']);
    expect(unitsFor(units, 'so', 1)).toHaveLength(1);
  });
});
