import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MOST_VIEWS, type ViewStore } from './port.ts';
import type { SavedView } from './view.ts';

export interface StoreUnderTest {
  /** The same data each time. */
  open(): Promise<ViewStore>;
  clear(): Promise<void>;
}

const view = (id: string, name: string): SavedView => ({ id, name, path: '/viec', query: 'nhom=O2', savedAt: '2020-11-28T08:00:00.000+07:00' });

/** What every store of saved views does. */
export function viewStoreFeatures(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`saved views in ${name}`, () => {
    let under: StoreUnderTest;
    let store: ViewStore;
    beforeEach(async () => {
      under = await start();
      store = await under.open();
    });
    afterEach(async () => {
      await store.close();
      await under.clear();
    });

    it('are each owner’s own, in the order of names, and outlive the store that kept them', async () => {
      for (const [id, title] of [['1', 'Quá hạn'], ['2', 'Đến hạn tuần này'], ['3', 'Chờ xác nhận']] as const) expect(await store.add('office', view(id, title))).toEqual({ ok: true, view: view(id, title) });
      await store.add('unit:so-y-te', view('4', 'Quá hạn'));
      await store.close();
      store = await under.open();
      expect((await store.list('office')).map(({ name: title }) => title)).toEqual(['Chờ xác nhận', 'Quá hạn', 'Đến hạn tuần này']);
      expect(await store.list('unit:so-y-te')).toEqual([view('4', 'Quá hạn')]);
      expect(await store.list('leader')).toEqual([]);
    });

    it('keep a name once, whatever its case and however its letters are composed', async () => {
      await store.add('office', view('1', 'Quá hạn'));
      for (const same of ['quá hạn', 'Quá  hạn'.normalize('NFD'), 'QUÁ HẠN']) expect(await store.add('office', view('2', same))).toEqual({ ok: false, why: 'taken' });
      expect((await store.add('office', view('3', 'Qua han'))).ok).toBe(true);
    });

    it('keep one of two that come at once under one name', async () => {
      const both = await Promise.all([store.add('office', view('1', 'Một')), store.add('office', view('2', 'Một'))]);
      expect(both.filter(({ ok }) => ok)).toHaveLength(1);
      expect(await store.list('office')).toHaveLength(1);
    });

    it('are renamed in place: to a free name, to another writing of their own, never to that of another', async () => {
      await store.add('office', view('1', 'Một'));
      await store.add('office', view('2', 'Hai'));
      expect(await store.rename('office', '1', 'Hai')).toEqual({ ok: false, why: 'taken' });
      expect(await store.rename('office', '1', 'MỘT')).toEqual({ ok: true, view: view('1', 'MỘT') });
      expect(await store.rename('office', '1', 'Ba')).toEqual({ ok: true, view: view('1', 'Ba') });
      expect(await store.rename('leader', '1', 'Tư')).toEqual({ ok: false, why: 'unknown' });
      expect((await store.list('office')).map(({ id, name: title }) => [id, title])).toEqual([['1', 'Ba'], ['2', 'Hai']]);
      expect((await store.add('office', view('3', 'Một'))).ok).toBe(true);
    });

    it('are removed by their owner alone', async () => {
      await store.add('office', view('1', 'Một'));
      expect(await store.remove('leader', '1')).toBe(false);
      expect(await store.remove('office', '1')).toBe(true);
      expect(await store.remove('office', '1')).toBe(false);
      expect(await store.list('office')).toEqual([]);
    });

    it('are so many an owner and no more', async () => {
      for (let n = 0; n < MOST_VIEWS; n++) await store.add('office', view(String(n), `Góc ${String(n)}`));
      expect(await store.add('office', view('x', 'Một góc nữa'))).toEqual({ ok: false, why: 'full' });
      expect((await store.add('leader', view('x', 'Một góc nữa'))).ok).toBe(true);
      await store.remove('office', '0');
      expect((await store.add('office', view('x', 'Một góc nữa'))).ok).toBe(true);
    });
  });
}
