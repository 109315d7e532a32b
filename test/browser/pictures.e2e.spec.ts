import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { writeHistory } from '../../apps/cli/src/invented/history.ts';
import { describeInBrowser, expectNoViolation } from '../support/browser.ts';
import { instant, TestServer } from '../support/server.ts';

/* The three screens over an invented province, as the README shows them: with NHACVIEC_SHOTS, over 5,000 tasks and into docs/pictures. */

const SHOTS = process.env['NHACVIEC_SHOTS'] !== undefined;
const FOLDER = SHOTS ? 'docs/pictures' : 'node_modules/.cache/screenshots';
const CUT_OFF = '2026-11-23T07:30:00+07:00';
const NOW = '2026-11-23T08:00:00+07:00';

describeInBrowser('ba màn hình trên một tỉnh giả định', (stage) => {
  let server: TestServer;

  beforeAll(async () => {
    mkdirSync(FOLDER, { recursive: true });
    server = await TestServer.start(instant(NOW), async (folder) => {
      await writeHistory({ folder, units: 65, tasks: SHOTS ? 5_000 : 500, seed: 1, now: NOW });
    });
  }, 300_000);
  afterAll(() => server.stop());

  /** A screen that nobody has touched, of the size it is made for; nothing on it goes wrong. */
  async function taken(name: string, [width, height]: readonly [number, number], show: (page: Page) => Promise<void>): Promise<void> {
    const context = await stage.browser.newContext({ viewport: { width, height }, locale: 'vi-VN', colorScheme: 'light', reducedMotion: 'reduce' });
    try {
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      await show(page);
      await page.screenshot({ path: `${FOLDER}/${name}.png` });
      await expectNoViolation(page, name);
      expect(faults).toEqual([]);
    } finally {
      await context.close();
    }
  }

  it('the leader sees what is overdue, and whose it is', async () => {
    await taken('dashboard', [1440, 1000], async (page) => {
      await page.goto(`${server.url}/`);
      await page.locator('[data-ready=yes]').waitFor();
      const { cells } = await server.ok('/figures');
      const said = await page.locator('h1').innerText();
      expect(said).toMatch(/nhiệm vụ quá hạn/);
      expect(said.replaceAll(/[^\d ]/g, '').split(' ')).toContain(String(cells.O2));
      expect(await page.locator('.board tr[data-row]').count()).toBeGreaterThan(3);
    });
  });

  it('the meeting sees its pages in the room', async () => {
    const { id } = await server.done('/briefings', { name: 'Giao ban thứ Hai 23/11/2026', cutOff: CUT_OFF });
    await taken('briefing', [1920, 1080], async (page) => {
      await page.goto(`${server.url}/man-hinh`);
      const code = page.locator('.rcode[data-code]:not([data-code=""])');
      await code.waitFor();
      await server.done('/screens/pair', { code: await code.getAttribute('data-code'), briefingId: id, name: 'Phòng họp số 1' });
      await page.locator('.rframe[data-ready=yes]').waitFor();
      await server.done(`/briefings/${id}/show`, { page: 'overdue', n: 1, unitId: null, live: false, blank: false });
      await page.locator('.rframe[data-page=overdue][data-ready=yes]').waitFor();
      expect(await page.locator('.rframe').innerText()).toMatch(/Quá hạn/i);
    });
  });

  it('the auditor sees what a unit had, when, and who said so', async () => {
    await taken('replay', [1440, 1000], async (page) => {
      await page.goto(`${server.url}/phat-lai?doiTuong=don-vi:so-noi-vu&a=2026-10-01&b=2026-11-20`);
      await page.locator('.replay.wide').waitFor();
      await page.locator('.events.wide > li').first().waitFor();
    });
  });
});
