import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { PeopleStore } from './port.ts';
import type { Person } from './person.ts';

export interface PeopleUnderTest {
  /** The same data each time. */
  open(): Promise<PeopleStore>;
  clear(): Promise<void>;
}

const person = (id: string, change: Partial<Person> = {}): Person => ({
  id, code: `CB-${id}`, name: `Người ${id}`, unitId: 'so-y-te', role: 'specialist', email: `${id}@so-y-te.example`, phone: null, channels: ['email'], quiet: null, dailyLimit: null, delegation: null, leftOn: null, ...change,
});

/** What every directory of people does. */
export function peopleStoreFeatures(name: string, start: () => Promise<PeopleUnderTest>): void {
  describe(`the directory of people in ${name}`, () => {
    let under: PeopleUnderTest;
    let store: PeopleStore;
    beforeEach(async () => {
      under = await start();
      store = await under.open();
    });
    afterEach(async () => {
      await store.close();
      await under.clear();
    });

    it('keeps people in the order of their codes, writes them over, and outlives whoever opened it', async () => {
      await store.save([person('b'), person('a', { quiet: { from: '22:00', until: '06:30' }, delegation: { toId: 'b', from: '2020-11-01', until: '2020-11-30' } })]);
      await store.save([person('b', { name: 'Tên mới', code: 'CB-B2' })]);
      await store.close();
      store = await under.open();
      expect(await store.all()).toEqual([person('a', { quiet: { from: '22:00', until: '06:30' }, delegation: { toId: 'b', from: '2020-11-01', until: '2020-11-30' } }), person('b', { name: 'Tên mới', code: 'CB-B2' })]);
      expect(await store.get('b')).toMatchObject({ name: 'Tên mới' });
      expect(await store.get('x')).toBeUndefined();
    });

    it('takes a list wholly or not at all: a code is one person’s', async () => {
      await store.save([person('a')]);
      expect(await store.save([person('b'), person('c', { code: 'cb-A' })])).toEqual({ ok: false, taken: 'cb-A' });
      expect((await store.all()).map(({ id }) => id)).toEqual(['a']);
      expect(await store.save([person('a', { code: 'CB-c' }), person('c', { code: 'CB-a' })])).toEqual({ ok: true });
      expect((await store.all()).map(({ id }) => id)).toEqual(['c', 'a']);
    });

    it('erases somebody with everything that leads to them, and remembers only that the id was somebody’s', async () => {
      await store.save([person('a'), person('b', { delegation: { toId: 'a', from: '2020-11-01', until: '2020-11-30' } })]);
      await store.addFeed({ hash: 'h', personId: 'a', madeAt: 1 });
      const before = await store.version();
      expect(await store.erase('a')).toBe(true);
      expect(await store.erase('a')).toBe(false);
      expect(await store.all()).toEqual([person('b')]);
      expect([...(await store.erased())]).toEqual(['a']);
      expect(await store.feed('h')).toBeUndefined();
      expect(await store.version()).toBeGreaterThan(before);
    });

    it('knows feeds by the hash of their token until they are revoked', async () => {
      await store.save([person('a'), person('b')]);
      await store.addFeed({ hash: 'h1', personId: 'a', madeAt: 1 });
      await store.addFeed({ hash: 'h2', personId: 'a', madeAt: 2 });
      await store.addFeed({ hash: 'h3', personId: 'b', madeAt: 3 });
      expect(await store.feed('h2')).toEqual({ hash: 'h2', personId: 'a', madeAt: 2 });
      expect((await store.feedsOf('a')).map(({ hash }) => hash)).toEqual(['h1', 'h2']);
      expect(await store.revokeFeeds('a')).toBe(2);
      expect([await store.feed('h1'), (await store.feed('h3'))?.personId]).toEqual([undefined, 'b']);
    });
  });
}
