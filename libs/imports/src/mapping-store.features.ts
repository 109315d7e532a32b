import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { headingsKey, MOST_MAPPINGS, type MappingStore } from './mapping-store.ts';

export interface MappingStoreUnderTest {
  /** The same data each time. */
  open(): Promise<MappingStore>;
  clear(): Promise<void>;
}

const at = (n: number): string => `2020-11-28T08:00:00.${String(n).padStart(3, '0')}+07:00`;

/** What every store of remembered columns does. */
export function mappingStoreFeatures(name: string, start: () => Promise<MappingStoreUnderTest>): void {
  describe(`remembered columns in ${name}`, () => {
    let under: MappingStoreUnderTest;
    let store: MappingStore;
    beforeEach(async () => {
      under = await start();
      store = await under.open();
    });
    afterEach(async () => {
      await store.close();
      await under.clear();
    });

    it('are each unit’s own, and outlive the store that kept them', async () => {
      await store.remember('so-y-te', 'a', { number: 1, lead: 4 }, at(1));
      await store.close();
      store = await under.open();
      expect(await store.recall('so-y-te', 'a')).toEqual({ number: 1, lead: 4 });
      expect(await store.recall('so-noi-vu', 'a')).toBeUndefined();
      expect(await store.recall('so-y-te', 'b')).toBeUndefined();
    });

    it('are the latest of the same headings', async () => {
      await store.remember('so-y-te', 'a', { number: 1 }, at(1));
      await store.remember('so-y-te', 'a', { number: 2 }, at(2));
      expect(await store.recall('so-y-te', 'a')).toEqual({ number: 2 });
    });

    it('are so many a unit, and the one not used for longest goes', async () => {
      await store.remember('so-noi-vu', 'other', { number: 9 }, at(0));
      for (let n = 0; n <= MOST_MAPPINGS; n++) await store.remember('so-y-te', String(n), { number: n }, at(n));
      expect(await store.recall('so-y-te', '0')).toBeUndefined();
      expect(await store.recall('so-y-te', '1')).toEqual({ number: 1 });
      expect(await store.recall('so-y-te', String(MOST_MAPPINGS))).toEqual({ number: MOST_MAPPINGS });
      expect(await store.recall('so-noi-vu', 'other')).toEqual({ number: 9 });
    });

    it('know headings whatever their case, marks and spaces', () => {
      expect(headingsKey(['Số  văn bản', 'NỘI DUNG'])).toBe(headingsKey(['so van ban', 'Nội dung '.normalize('NFD')]));
      expect(headingsKey(['a', 'b'])).not.toBe(headingsKey(['b', 'a']));
    });
  });
}
