import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { claimedScreen, CODE_MS, FORMER_MS, hashOf, pairedScreen, renewedScreen, revokedScreen, standing, TOKEN_MS, waitingScreen, type Screen, type ScreenStore } from './index.ts';

const NOW = 1_606_091_400_000;

/** What holds of every store of screens; `reopen` closes and opens it again over the same data. */
export function screenStoreFeatures(name: string, open: () => Promise<{ readonly store: ScreenStore; readonly reopen: () => Promise<ScreenStore>; readonly end: () => Promise<void> }>): void {
  describe(`the store of screens: ${name}`, () => {
    let store: ScreenStore;
    let reopen: () => Promise<ScreenStore>;
    let end: () => Promise<void>;
    beforeEach(async () => {
      ({ store, reopen, end } = await open());
    });
    afterEach(() => end());

    const waiting = waitingScreen('s1', '402913', 'claim', NOW);
    async function paired(): Promise<Screen> {
      await store.insert(waiting);
      const screen = pairedScreen(waiting, '402913', 'b1', 'Phòng họp 1', NOW)!;
      expect(await store.replace(screen)).toBe(true);
      return screen;
    }

    it('finds a screen by its code, its claim and its token, and keeps none of the three', async () => {
      const screen = await paired();
      expect(await store.byHash('code', hashOf('402913'))).toBeUndefined();
      const claimed = claimedScreen((await store.byHash('claim', hashOf('claim')))!, 'claim', 'token', NOW) as Screen;
      expect(await store.replace(claimed)).toBe(true);
      store = await reopen();
      expect(await store.byHash('claim', hashOf('claim'))).toBeUndefined();
      expect(await store.byHash('token', hashOf('token'))).toEqual(claimed);
      expect(await store.get('s1')).toEqual(claimed);
      expect(await store.paired()).toEqual([claimed]);
      expect(JSON.stringify(claimed)).not.toMatch(/402913|"claim"|"token"/);
      expect(screen.revision).toBe(1);
    });

    it('lets one of two who change at once be first', async () => {
      const screen = await paired();
      const [one, two] = [revokedScreen(screen, NOW + 1), renewedScreen(screen, 't2', 'b1', NOW + 2)];
      expect(await Promise.all([store.replace(one), store.replace(two)])).toEqual([true, false]);
      expect((await store.get('s1'))?.revokedAt).toBe(NOW + 1);
    });

    it('takes the token before a renewal for a moment more', async () => {
      const claimed = claimedScreen(await paired(), 'claim', 't1', NOW) as Screen;
      await store.replace(claimed);
      const renewed = renewedScreen(claimed, 't2', 'b2', NOW + 1_000);
      await store.replace(renewed);
      expect(await store.byHash('token', hashOf('t1'))).toEqual(renewed);
      expect([standing(renewed, 't1', NOW + 2_000), standing(renewed, 't1', NOW + 1_000 + FORMER_MS), standing(renewed, 't2', NOW + 2_000), standing(renewed, 't2', NOW + 1_000 + TOKEN_MS)]).toEqual(['good', 'unknown', 'good', 'expired']);
    });

    it('forgets codes nobody paired, and tokens that have run out', async () => {
      await store.insert(waiting);
      await store.insert(claimedScreen(pairedScreen(waitingScreen('s2', '000001', 'c2', NOW), '000001', 'b1', 'x', NOW)!, 'c2', 't2', NOW) as Screen);
      await store.forget(NOW + CODE_MS + 1);
      expect([await store.get('s1'), (await store.get('s2'))?.id]).toEqual([undefined, 's2']);
      await store.forget(NOW + TOKEN_MS + 1);
      expect(await store.get('s2')).toBeUndefined();
    });

    it('keeps what the room shows, one change after the other', async () => {
      const show = { briefingId: 'b1', page: 'overdue', n: 1, unitId: null, live: false, blank: false, revision: 1, startedAt: NOW, at: NOW };
      expect(await store.show('b1')).toBeUndefined();
      expect(await Promise.all([store.putShow(show), store.putShow({ ...show, page: 'units' })])).toEqual([true, false]);
      expect(await store.putShow({ ...show, page: 'units', revision: 2 })).toBe(true);
      expect(await store.putShow({ ...show, revision: 2 })).toBe(false);
      store = await reopen();
      expect(await store.show('b1')).toEqual({ ...show, page: 'units', revision: 2 });
    });
  });
}
