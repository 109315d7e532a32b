import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { countedLinks, describeInBrowser, expectTidy, picture, readList, TIMEOUT_MS } from '../support/browser.ts';
import { instant, TestServer } from '../support/server.ts';

/* What an invented province of 65 units and 5,000 tasks looks like: `nhacviec demo --units 65 --tasks 5000 --seed 1`. */

const NOW = '2026-11-22T08:00:00+07:00';
const CUT_OFF = '2026-11-22T07:30:00+07:00';
const WIDTHS = [1440, 768, 360] as const;
const SHOTS = Boolean(process.env['NHACVIEC_FULL'] ?? process.env['NHACVIEC_SHOTS']);
const ROOM_PAGES = ['overview', 'previous', 'overdue', 'due-week', 'units', 'requests', 'signals', 'conclusions'] as const;

describeInBrowser('một tỉnh giả định 65 đơn vị, 5.000 việc', (stage) => {
  let server: TestServer;
  let context: BrowserContext;
  let tab: Page;
  let unit: { id: string; name: string };
  let task = '';
  let meeting = '';
  let report = '';
  const faults: string[] = [];

  beforeAll(async () => {
    server = await TestServer.start(instant(NOW), async (folder) => { await writeHistory({ folder, units: 65, tasks: 5_000, seed: 1, now: NOW }); });
    const { items: units } = await server.ok<{ items: { id: string; name: string }[] }>('/units');
    unit = units.reduce((longest, one) => (one.name.length > longest.name.length ? one : longest));
    // Of those that are open the one of which most was recorded.
    const { items: open } = await server.ok<{ items: { id: string }[] }>('/tasks?cell=O1,O2&limit=40&sort=-due');
    const lives = await Promise.all(open.map(async ({ id }) => ({ id, events: (await server.ok<{ items: unknown[] }>(`/tasks/${id}/events`)).items.length })));
    task = lives.reduce((longest, one) => (one.events > longest.events ? one : longest)).id;
    meeting = (await server.done('/briefings', { name: 'Giao ban Chủ nhật 22/11/2026', cutOff: CUT_OFF })).id;
    report = (await server.done('/reports', { unitId: unit.id, period: '2026', asOf: '2026-11-21' })).id;
    context = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'vi-VN', colorScheme: 'light', reducedMotion: 'reduce' });
    context.setDefaultTimeout(TIMEOUT_MS);
    tab = await context.newPage();
    tab.on('pageerror', (error) => faults.push(error.message));
  }, 180_000);
  afterAll(async () => {
    await context.close();
    await server.stop();
  }, 30_000);

  /** At every width, and drawn in both themes where pictures are asked for. */
  async function expectTidyEverywhere(name: string): Promise<void> {
    for (const width of WIDTHS) {
      await tab.setViewportSize({ width, height: 900 });
      for (const colorScheme of SHOTS ? (['dark', 'light'] as const) : []) {
        await tab.emulateMedia({ colorScheme });
        await picture(tab, `province-${name}-${String(width)}-${colorScheme}`);
      }
      await expectTidy(tab, name);
    }
    await tab.setViewportSize({ width: 1440, height: 900 });
  }

  const subject = (kind: string, id: string): string => `/phat-lai?doiTuong=${encodeURIComponent(`${kind}:${id}`)}`;
  const pages: [string, () => string, string][] = [
    ['dashboard', () => '/', '[data-ready=yes]'],
    ['dashboard-unit', () => `/?donVi=${unit.id}`, '[data-ready=yes]'],
    ['worklist', () => '/viec?nhom=O2', '.wgrid[data-ready=yes] [data-task]'],
    ['list', () => '/danh-sach?cell=O2', 'tr[data-task]'],
    ['desk', () => '/ban-lam-viec', '.drow'],
    ['task', () => `/viec/${task}`, '.story li'],
    ['compare', () => '/so-sanh?soVoi=2026-11-01', '[data-ready=yes]'],
    ['meeting', () => `/giao-ban/${meeting}`, '.brmirror .rframe[data-ready=yes]'],
    ['meeting-course', () => `/giao-ban/${meeting}/dien-bien`, 'tr[data-event]'],
    ['replay-task', () => `/phat-lai?doiTuong=${task}&a=2026-10-01&b=2026-11-21`, '.replay[data-ready=yes]'],
    ['replay-unit', () => `${subject('don-vi', unit.id)}&a=2026-10-01&b=2026-11-20`, '.events.wide > li'],
    ['replay-meeting', () => subject('giao-ban', meeting), '.replay[data-ready=yes]'],
    ['replay-report', () => subject('bao-cao', report), '.replay[data-ready=yes]'],
  ];
  it.each(pages)('%s: nothing is cut off, runs into another or has to be scrolled sideways', async (name, path, ready) => {
    await tab.goto(`${server.url}${path()}`);
    await tab.locator(ready).first().waitFor();
    await expectTidyEverywhere(name);
  });

  it('the numbers of the dashboard are there and each is the length of its list', async () => {
    await tab.goto(`${server.url}/`);
    await tab.locator('[data-ready=yes]').waitFor();
    const { total, cells } = await server.ok<{ total: number; cells: Record<string, number> }>('/figures');
    expect(total).toBeGreaterThan(1_000);
    expect(Number(await tab.locator('.key a[href*="cell=O2"]').first().getAttribute('data-count'))).toBe(cells['O2']);
    expect(await tab.locator('.board tr[data-row]').count()).toBeGreaterThan(30);
    const links = [...(await countedLinks(tab, '.key')).slice(0, 4), ...(await countedLinks(tab, '.ftiles')).slice(0, 2), ...(await countedLinks(tab, '.board tbody')).slice(0, 2)];
    expect(links.length).toBe(8);
    for (const { href, count } of links) {
      await tab.goto(`${server.url}${href}`);
      expect({ href, ...(await readList(tab, { firstPageOnly: true })) }).toEqual({ href, total: count, rows: Math.min(100, count) });
    }
  }, 120_000);

  it('the funnel names its units beside each other, and follows the theme', async () => {
    await tab.goto(`${server.url}/`);
    await tab.locator('[data-ready=yes]').waitFor();
    await tab.getByRole('button', { name: 'Biểu đồ phễu' }).click();
    await tab.locator('.fplot svg text').first().waitFor();
    /** As the theme has it, and as the plot is drawn. */
    const inks = (): Promise<string[]> =>
      tab.evaluate(`(() => {
        const probe = document.querySelector('.takeaway').appendChild(document.createElement('i'));
        probe.style.color = 'var(--ink-2)';
        const asked = getComputedStyle(probe).color;
        probe.remove();
        return [asked, getComputedStyle([...document.querySelectorAll('.fplot svg text')].at(-1)).fill];
      })()`);
    const [light, drawn] = await inks();
    expect(drawn).toBe(light);
    await expectTidy(tab, 'funnel');
    await tab.emulateMedia({ colorScheme: 'dark' });
    await tab.locator(`.fplot svg text:not([fill="${light!}"])`).last().waitFor();
    const [dark, anew] = await inks();
    expect(dark).not.toBe(light);
    expect(anew).toBe(dark);
    await tab.emulateMedia({ colorScheme: 'light' });
  });

  it('the pages of the room hold their numbers', async () => {
    const room = await stage.browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'vi-VN', reducedMotion: 'reduce' });
    room.setDefaultTimeout(TIMEOUT_MS);
    try {
      const screen = await room.newPage();
      await screen.goto(`${server.url}/man-hinh`);
      const code = screen.locator('.rcode[data-code]:not([data-code=""])');
      await code.waitFor();
      await server.done('/screens/pair', { code: await code.getAttribute('data-code'), briefingId: meeting, name: 'Phòng họp số 1' });
      for (const page of ROOM_PAGES) {
        await server.done(`/briefings/${meeting}/show`, { page, n: 1, unitId: null, live: false, blank: false });
        await screen.locator(`.rframe[data-page="${page}"][data-ready=yes]`).waitFor();
        if (SHOTS) await picture(screen, `province-room-${page}`);
        await expectTidy(screen, page, '.rt td, .rweek ul span');
      }
    } finally {
      await room.close();
    }
    // The operator comes to the requests that stand on no first page of ten.
    const { total } = (await server.ok(`/briefings/${meeting}/screen?page=requests`)).data as { total: number };
    expect(total).toBeGreaterThan(10);
    const [eleventh] = (await server.ok(`/briefings/${meeting}/screen?page=requests&n=11`)).data.rows as { unitShort: string; code: string }[];
    await server.done(`/briefings/${meeting}/show`, { page: 'requests', n: 1, unitId: null, live: false, blank: false });
    await tab.goto(`${server.url}/giao-ban/${meeting}`);
    await tab.locator('.brmirror .rframe[data-page=requests][data-ready=yes]').waitFor();
    for (let n = 2; n <= 11; n++) {
      await tab.keyboard.press('ArrowDown');
      await tab.getByText(`Đang xét đề nghị ${String(n)} trong ${String(total)}`).first().waitFor();
    }
    expect(await tab.locator('.brmirror .rwho').innerText()).toContain(eleventh!.unitShort);
    expect(await tab.locator('.brmirror .rwhat').innerText()).toContain(eleventh!.code);
    expect(faults).toEqual([]);
  }, 60_000);
});
