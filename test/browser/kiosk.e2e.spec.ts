import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { submission } from '../support/bodies.ts';
import { ask, describeInBrowser } from '../support/browser.ts';

const PATIENCE_MS = 30_000;
const TEST_MS = 90_000;

/** What a room screen and a console do by themselves, or by one key, besides the meeting that `briefing` runs. */
describeInBrowser('màn phòng họp và bàn điều khiển', (stage) => {
  let id = '';
  let rooms: BrowserContext;
  let room: Page;
  const { faults } = stage;

  async function post<T = { id: string; position: string }>(path: string, body: object = {}, actor = 'office'): Promise<T> {
    const answer = await fetch(`${stage.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-actor': actor }, body: JSON.stringify(body) });
    const given = (await answer.json()) as T;
    expect({ path, ok: answer.ok, given }).toMatchObject({ ok: true });
    return given;
  }
  /** Whether the page is the one that was marked, and not loaded anew; while it is being loaded it cannot be asked. */
  const stillHere = (): Promise<boolean> => room.evaluate<boolean>('window.stillHere === true').catch(() => false);
  const shows = (page: string) => room.locator(`.rframe[data-page="${page}"][data-ready=yes]`).waitFor();
  const show = (body: object) => post(`/briefings/${id}/show`, { n: 1, unitId: null, live: false, blank: false, ...body });

  beforeAll(async () => {
    id = (await post('/briefings', { name: 'Giao ban thứ Bảy', cutOff: '2020-11-28T07:30:00+07:00' })).id;
    rooms = await stage.browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'vi-VN' });
    rooms.setDefaultTimeout(PATIENCE_MS);
    room = await rooms.newPage();
    room.on('pageerror', (error) => faults.push(error.message));
    await room.clock.install();
    await room.goto(`${stage.url}/man-hinh`);
    const code = room.locator('.rcode[data-code]:not([data-code=""])');
    await code.waitFor();
    await post('/screens/pair', { code: await code.getAttribute('data-code'), briefingId: id, name: 'Phòng họp số 1' });
    await room.locator('.rframe[data-ready=yes]').waitFor();
  }, 90_000);
  afterAll(() => rooms.close());

  it('turns its pages by itself in their order until the meeting begins, and then only with the operator', async () => {
    await shows('overview');
    for (const page of ['previous', 'overdue'] as const) {
      await room.clock.fastForward(20_000);
      await shows(page);
    }
    await show({ page: 'units' });
    await shows('units');
    for (let turn = 0; turn < 3; turn++) await room.clock.fastForward(20_000);
    expect(await room.locator('.rframe').getAttribute('data-page')).toBe('units');
  }, TEST_MS);

  it('strikes the value of the cut-off and puts the live one beside it, and shows the former alone when frozen', async () => {
    const { items } = await ask<{ items: { id: string; leadUnitId: string }[] }>(stage.url, '/tasks?cell=O1&limit=1');
    await show({ page: 'overview', live: true });
    await shows('overview');
    const before = (await ask<{ data: { cells: Record<string, number> } }>(stage.url, `/briefings/${id}/screen?page=overview`)).data.cells;
    expect(await room.locator('.rbody s').count()).toBe(0);
    const { position } = await post(`/tasks/${items[0]!.id}/completion-submissions`, submission({ resultDocument: { number: '9/BC', date: '2020-11-29' } }), `unit:${items[0]!.leadUnitId}`);
    const now = (await ask<{ now: { cells: Record<string, number> } }>(stage.url, `/briefings/${id}/screen?page=overview&live=true&atLeast=${position}`)).now.cells;
    expect([now['O1'], now['V1']]).toEqual([before['O1']! - 1, before['V1']! + 1]);
    const struck = room.locator('.rbody s', { hasText: new RegExp(`(^|\\s)${before['O1']!}\\s*$`) }).first();
    await struck.waitFor();
    expect(await struck.locator('xpath=..').innerText()).toContain(String(now['O1']));
    await show({ page: 'overview', live: false });
    await room.locator('[data-state=frozen]').waitFor();
    expect(await room.locator('.rbody s').count()).toBe(0);
  }, TEST_MS);

  it('makes its line anew after sleep, from where it had heard to, without being loaded again', async () => {
    await room.evaluate('window.stillHere = true');
    const again = room.waitForRequest((request) => request.url().includes('/api/v1/stream') && request.url().includes('lastEventId='));
    // The clock on the wall went on while nothing in the page did.
    await room.clock.setSystemTime(Date.now() + 3_600_000);
    await again;
    await room.locator('.rlost').waitFor({ state: 'detached' });
    await show({ page: 'signals' });
    await shows('signals');
    expect(await stillHere()).toBe(true);
  }, TEST_MS);

  it('the other pages do so too: what is heard after sleep is drawn', async () => {
    const context = await stage.browser.newContext({ locale: 'vi-VN' });
    try {
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      await page.clock.install();
      const first = page.waitForRequest((request) => request.url().includes('/api/v1/stream'));
      await page.goto(`${stage.url}/viec`);
      await page.locator('.wgrid[data-ready=yes]').waitFor();
      await first;
      await page.waitForTimeout(500);
      const again = page.waitForRequest((request) => request.url().includes('/api/v1/stream') && request.url().includes('lastEventId='));
      await page.clock.setSystemTime(Date.now() + 3_600_000);
      await again;
      const { items } = await ask<{ items: { id: string; leadUnitId: string }[] }>(stage.url, '/tasks?cell=O1&limit=1');
      await post(`/tasks/${items[0]!.id}/progress`, { percent: 10, note: 'sau khi máy ngủ dậy' }, `unit:${items[0]!.leadUnitId}`);
      await page.getByRole('button', { name: /thay đổi/ }).waitFor();
    } finally {
      await context.close();
    }
  }, TEST_MS);

  it('loads itself anew after a deployment, once, and stands on the page that is shown', async () => {
    await show({ page: 'overdue' });
    await shows('overdue');
    await room.evaluate('window.stillHere = true');
    let asked = 0;
    // As a server with another build gives it: the page names another script.
    await room.route('**/man-hinh', async (route) => {
      if (route.request().resourceType() !== 'fetch') return route.continue();
      asked += 1;
      const answer = await route.fetch();
      return route.fulfill({ response: answer, body: (await answer.text()).replace(/(<script(?=[^>]+type="module")[^>]+src=")[^"]+/, '$1/assets/another.js') });
    });
    await stage.server.away();
    await stage.server.back();
    for (let wait = 0; wait < 100 && (await stillHere()); wait++) await room.waitForTimeout(100);
    expect(await stillHere()).toBe(false);
    await shows('overdue');
    await room.evaluate('window.stillHere = true');
    const before = asked;
    await stage.server.away();
    await stage.server.back();
    // The same program as before: it is asked for once more, and left as it is.
    for (let wait = 0; wait < 200 && asked === before; wait++) await room.waitForTimeout(100);
    expect(asked).toBeGreaterThan(before);
    await shows('overdue');
    expect(await stillHere()).toBe(true);
    await room.unroute('**/man-hinh');
  }, TEST_MS);

  it('at the console “/” looks for a task, A assigns one, and the agenda is put in another order at the keyboard', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/giao-ban/${id}`);
    await page.locator('.brmirror .rframe[data-ready=yes]').waitFor({ timeout: PATIENCE_MS });
    const { items } = await ask<{ items: { code: string }[] }>(stage.url, '/tasks?cell=O1&limit=1');
    await page.keyboard.press('/');
    await page.locator('.brform [data-box=task] input:focus').waitFor();
    // The key itself is no word of the search.
    expect(await page.locator('.brform [data-box=task] input').inputValue()).toBe('');
    await page.keyboard.type(items[0]!.code);
    await page.locator('.brform [data-box=task] [role=option]', { hasText: items[0]!.code }).waitFor();
    await page.locator('#noi-dung').focus();
    await page.keyboard.press('a');
    await page.locator('.brform [data-box=unit] input').waitFor();
    expect(await page.evaluate('document.activeElement.closest(".brform") !== null')).toBe(true);
    expect(await page.locator('.brkinds input:checked').getAttribute('value')).toBe('assign');

    const order = () => page.locator('.bragenda ol > li b').allInnerTexts();
    const [first, second, ...rest] = await order();
    await page.getByRole('button', { name: 'Đổi thứ tự, thời lượng' }).press('Enter');
    await page.getByRole('button', { name: `Đưa “${first!}” xuống` }).press('Enter');
    // The focus goes with the row, so that it is moved on by the same key.
    await page.locator(`[aria-label="Đưa “${first!}” xuống"]:focus`).waitFor();
    await page.getByRole('button', { name: 'Lưu chương trình' }).press('Enter');
    await page.locator('.bragenda ol > li:first-child b', { hasText: second! }).waitFor();
    expect(await order()).toEqual([second, first, ...rest]);
    expect((await ask<{ pages: { key: string }[] }>(stage.url, `/briefings/${id}`)).pages.slice(0, 2).map(({ key }) => key)).toEqual(['previous', 'overview']);
    expect(faults.filter((fault) => !/Failed to load resource|ERR_/.test(fault))).toEqual([]);
  }, TEST_MS);
});
