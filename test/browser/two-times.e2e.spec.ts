import { expect, it } from '@jest/globals';
import {
  ask,
  countedLinks,
  countedTasks,
  DAY,
  describeInBrowser,
  expectEachLinkCounts,
  openDashboard,
  UNIT,
  VIEW,
} from '../support/browser.ts';

const THEN = `${VIEW}&bietDen=2020-11-28`;

describeInBrowser('hai mốc thời gian', (stage) => {
  it('as known on 28/11 the figures of 28/11 are other ones, and the page says so plainly', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    const now = await page.locator('.answer .big').innerText();
    await page.locator('select[name=bietDen]').selectOption('2020-11-28');
    await page.waitForURL(/bietDen=2020-11-28/);
    await page.locator('[data-ready=yes]').waitFor();
    await page.locator('.answer .big', { hasNotText: now }).waitFor();
    expect(await page.locator('.pastbar').innerText()).toContain('Chỉ tính những gì đã ghi nhận đến hết 28/11/2020');
    expect(await page.locator('[data-chip=knownAt]').innerText()).toContain('Biết đến hết 28/11/2020');
    // Removing the chip, here by Esc, brings everything known back.
    await page.locator('.answer').click();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('bietDen'));
    await page.locator('.answer .big', { hasText: now }).waitFor();
  });

  it('another day of knowledge can be typed', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    await page.locator('select[name=bietDen]').selectOption('khac');
    await page.locator('input[name=bietDenNgay]').fill('2020-06-30');
    await page.waitForURL(/bietDen=2020-06-30/);
    await page.locator('[data-chip=knownAt]', { hasText: '30/06/2020' }).waitFor();
    expect(await page.locator('select[name=bietDen]').inputValue()).toBe('2020-06-30');
  });

  it('every number equals its list, with knowledge restricted too', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, THEN);
    const links = await countedLinks(page);
    expect(links.length).toBeGreaterThan(30);
    for (const { href } of links) expect(href).toContain('bietDen=2020-11-28');
    await expectEachLinkCounts(page, stage.url, links);
  }, 240_000);

  it('from the past view one click compares the published figure with what is known now, and names the tasks', async () => {
    const { page } = stage;
    const query = 'asOf=2020-11-28&unitId=thanh-tra-tinh&period=2020';
    const before = new Set(await countedTasks(stage.url, 'cell=D1', `${query}&knownAt=2020-11-28`));
    const late = (await countedTasks(stage.url, 'cell=D1', query)).filter((id) => !before.has(id));
    expect(late.length).toBeGreaterThan(0);
    await openDashboard(page, stage.url, VIEW);
    await page
      .locator('.pastbar')
      .getByRole('link', { name: /So số đã biết lúc/ })
      .click();
    await page.waitForURL(/\/so-sanh\?.*soVoiBietDen=2020-11-28/);
    await page.locator('[data-ready=yes] .points').waitFor();
    expect(page.url()).toContain(UNIT);
    const total = async (group: string) => Number(await page.locator(`[data-group=${group}]`).getAttribute('data-total'));
    const shown = async (group: string) => page.locator(`[data-group=${group}] [data-changed]`).count();
    for (const group of ['entered', 'left', 'changed']) expect(await shown(group)).toBe(await total(group));
    for (const id of late) {
      const line = page.locator(`[data-changed="${id}"]`);
      expect(await line.innerText()).toMatch(/Nhập muộn \d+ ngày/);
      expect(await line.locator('.move').innerText()).toContain('Hoàn thành đúng hạn');
    }
    const links = await countedLinks(page);
    expect(links.length).toBeGreaterThanOrEqual(4);
    await expectEachLinkCounts(page, stage.url, links);
  }, 60_000);

  it('an event of the comparison leads to its place in the story', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/so-sanh?${VIEW}&soVoi=2020-11-28&soVoiBietDen=2020-11-28`);
    const cause = page.locator('.causes a').first();
    const to = (await cause.getAttribute('href'))!;
    await cause.click();
    await page.locator('.story > li').first().waitFor();
    expect(page.url()).toContain(DAY);
    expect(await page.locator(`[id="${to.split('#')[1]!}"]`).isVisible()).toBe(true);
  });

  it('the dashboard tells the change of each cell and opens the tasks that made it', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    await page.locator('select[name=soVoi]').selectOption('luc-do');
    await page.waitForURL(/soVoiBietDen=2020-11-28/);
    const delta = page.locator('[data-delta=done]');
    await delta.click();
    const panel = page.locator('.panel');
    const changes = await ask<{ cells: Record<string, { before: number; after: number; entered: number; left: number }> }>(
      stage.url,
      '/figures/changes?asOf=2020-11-28&unitId=thanh-tra-tinh&period=2020&sinceAsOf=2020-11-28&sinceKnownAt=2020-11-28',
    );
    const done = changes.cells['D1']!;
    expect(await delta.innerText()).toContain(`+${done.after - done.before} (${done.entered} vào, ${done.left} ra)`);
    expect(await panel.locator('[data-changed]').count()).toBe(done.entered + done.left);
    await page.keyboard.press('Escape');
    expect(await panel.count()).toBe(0);
    expect(await page.locator('[data-delta=done]:focus').count()).toBe(1);
  });

  it.each([
    ['hom-qua', '2020-11-27'],
    ['tuan-truoc', '2020-11-21'],
    ['dau-ky', '2019-12-15'],
  ])('compares with %s in two choices', async (choice, day) => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    await page.locator('select[name=soVoi]').selectOption(choice);
    await page.waitForURL(new RegExp(`soVoi=${day}`));
    await page.getByRole('link', { name: 'Xem từng việc' }).click();
    await page.waitForURL(/\/so-sanh/);
    await page.locator('[data-ready=yes] .points').waitFor();
    const figures = await ask<{ total: number }>(stage.url, `/figures?asOf=${day}&unitId=thanh-tra-tinh&period=2020`);
    expect(await page.locator('.points section').first().innerText()).toContain(`${figures.total} việc được giao`);
    expect(stage.faults).toEqual([]);
  });
});
