import { expect, it } from '@jest/globals';
import {
  ask,
  countedLinks,
  countedTasks,
  DAY,
  describeInBrowser,
  expectEachLinkCounts,
  openDashboard,
  readList,
  UNIT,
  VIEW,
} from '../support/browser.ts';

async function lateEntries(baseUrl: string, id: string): Promise<number> {
  const body = await ask<{ items: { backdated: boolean }[] }>(baseUrl, `/tasks/${id}/events?asOf=2020-11-28`);
  return body.items.filter((event) => event.backdated).length;
}

describeInBrowser('bảng điều hành và danh sách', (stage) => {
  it('answers first: nothing overdue; and of the period 268/268, 100 %, with 268/274, 97,81 % beside it', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    expect(await page.locator('h1').innerText()).toContain('Không có nhiệm vụ quá hạn');
    const heading = await page.locator('.answer').innerText();
    expect(heading).toContain('268/268');
    expect(heading).toContain('100 %');
    expect(heading).toContain(
      'tổng số việc được giao 274, còn 06 việc trong thời hạn xử lý, 0 việc quá hạn (tính đến hết ngày 28/11/2020)',
    );
    const tile = async (code: string) => (await page.locator(`[data-rate=${code}] .val`).innerText()).replace(/\s+/g, ' ');
    expect(await tile('R2')).toBe('100 % 268/268');
    expect(await tile('R3')).toBe('97,81 % 268/274');
    expect(await tile('R4')).toBe('97,81 % 268/274');
    expect(await page.locator('.inst').innerText()).toMatch(/Tại thời điểm hết T7 28\/11\/2020 \(giờ VN\) · sự kiện #[\d.]+/);
    expect(await page.locator('[data-badge=simulated]').count()).toBe(1);
    expect(await page.locator('.pastbar').innerText()).toContain('Đang xem quá khứ');
    expect(stage.faults).toEqual([]);
  });

  it('has its first figures on the screen before what is below them, and from then on all at once', async () => {
    const context = await stage.browser.newContext();
    try {
      const page = await context.newPage();
      // Told by the page itself: what stood there at each change, for a look from outside may come too late.
      await page.addInitScript(`window.stood = []; new MutationObserver(() => {
        const now = [...document.querySelectorAll('.bands .strip, .bands .board, .bands[data-ready=yes]')].map((one) => one.matches('.bands') ? 'ready' : one.matches('.board') ? 'board' : 'strip').sort().join(' ');
        if (now !== '' && window.stood.at(-1) !== now) window.stood.push(now);
        if (now !== '') window.named ??= [...document.querySelectorAll('.inst')].map((one) => one.textContent.trim());
      }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-ready'] })`);
      await page.goto(`${stage.url}/?${VIEW}`);
      await page.locator('[data-ready=yes]').waitFor();
      expect(await page.evaluate('window.stood')).toEqual(['strip', 'board ready strip']);
      // They say from the first moment whose they are, and that the clock is a simulated one.
      expect(await page.evaluate('window.named.join()')).toMatch(/Thanh tra tỉnh.*Đồng hồ mô phỏng/);
      await page.locator('header a[href^="/viec"]').first().click();
      await page.locator('.wgrid').waitFor();
      await page.evaluate('window.stood = []');
      await page.goBack();
      await page.locator('[data-ready=yes]').waitFor();
      expect(await page.evaluate('window.stood')).toEqual(['board ready strip']);
    } finally {
      await context.close();
    }
  });

  it('has its sentence and its bar before the page itself has come, the same and at the same place', async () => {
    const context = await stage.browser.newContext();
    try {
      const page = await context.newPage();
      const [sentence, bar] = ['.say .lead', '.strip .bar'];
      const standing = (where: string): Promise<unknown> =>
        page.evaluate(`((of) => [of('${sentence}').textContent, Math.round(of('${sentence}').getBoundingClientRect().top), [...of('${bar}').children].map((part) => [part.className, part.textContent])])((what) => document.querySelector('${where} ' + what))`);
      // Once, so that the place is known.
      await page.goto(`${stage.url}/?donVi=thanh-tra-tinh`);
      await page.locator('[data-ready=yes]').waitFor();
      await page.evaluate(() => new Promise((done) => { setTimeout(done, 100); }));
      const whole = await standing('.bands');
      let goOn = (): void => undefined;
      const held = new Promise<void>((resolve) => { goOn = resolve; });
      await page.route(/\/assets\/first-/, async (route) => {
        await held;
        await route.continue();
      });
      await page.reload();
      await page.locator('.opening').waitFor();
      expect(await standing('.opening')).toEqual(whole);
      expect(await page.locator('.opening .inst').innerText()).toMatch(/Thanh tra tỉnh.*Đồng hồ mô phỏng/s);
      goOn();
      await page.locator('[data-ready=yes]').waitFor();
      expect(await page.locator('.opening').count()).toBe(0);
      expect(await standing('.bands')).toEqual(whole);
      // A day of the past tints the page: nothing is drawn before that.
      await page.goto(`${stage.url}/?${VIEW}`);
      await page.locator('[data-ready=yes]').waitFor();
      expect(await page.evaluate('document.querySelectorAll(".opening").length')).toBe(0);
    } finally {
      await context.close();
    }
  });

  it('every number equals the rows of the list it leads to', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    await page.locator('[data-rate=R2] .whyb').click();
    await page.locator('.why dl').waitFor();
    const links = await countedLinks(page);
    expect(links.length).toBeGreaterThan(30);
    for (const { href } of links) expect(href).toContain(DAY);
    await expectEachLinkCounts(page, stage.url, links);
  }, 240_000);

  it('the whole province: every number of the unit table as well', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, DAY);
    const links = await countedLinks(page, '.board');
    expect(links.length).toBeGreaterThan(0);
    await expectEachLinkCounts(page, stage.url, links);
  }, 240_000);

  it('the day picker changes the address and the figures; "bây giờ" leads back', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    await page.locator('input[name=ngay]').fill('2020-06-30');
    await page.waitForURL(/ngay=2020-06-30/);
    await page.locator('[data-ready=yes] .answer', { hasText: '30/06/2020' }).waitFor();
    expect(page.url()).toContain(UNIT);
    expect(await page.locator('.answer').innerText()).not.toContain('268/268');
    await page.locator('select[name=luc]').selectOption('');
    await page.waitForURL((url) => !url.searchParams.has('ngay'));
    await page.locator('[data-ready=yes] .answer', { hasText: '268/268' }).waitFor();
    expect(await page.locator('.pastbar').count()).toBe(0);
    await page.goBack();
    await page.locator('[data-ready=yes] .answer', { hasText: '30/06/2020' }).waitFor();
  });

  it('a day outside the period is refused in words, with a way on', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/?ngay=2020-11-28&kyBaoCao=2019`);
    await page.locator('[role=alert]').waitFor();
    await page.getByRole('link', { name: 'Dùng kỳ chứa ngày đang xem' }).click();
    await page.locator('[data-ready=yes]').waitFor();
    stage.faults.length = 0;
  });

  it('tells the story of a task, with both times', async () => {
    const { page } = stage;
    const id = (await countedTasks(stage.url, 'cell=D1'))[0]!;
    await page.goto(`${stage.url}/viec/${id}?${VIEW}`);
    await page.locator('.story li').first().waitFor();
    expect(await page.locator('.story > li').count()).toBeGreaterThanOrEqual(2);
    expect(await page.locator('.story').innerText()).toMatch(/Ghi \d\d:\d\d:\d\d/);
    expect(await page.locator('.story .badge').count()).toBe(await lateEntries(stage.url, id));
    expect(await page.locator('.facts').innerText()).toContain('Hoàn thành đúng hạn');
    expect(await page.locator('.counting').first().innerText()).toContain('kết thúc lúc 24:00');
    await page.locator('.story summary').first().click();
    expect(await page.locator('.story pre').first().isVisible()).toBe(true);
    expect(await page.locator('a.brand').getAttribute('href')).toContain(DAY);
    expect(stage.faults).toEqual([]);
  });

  it('marks what was keyed late', async () => {
    const { page } = stage;
    for (const id of (await countedTasks(stage.url, 'part=backdated')).slice(0, 3)) {
      await page.goto(`${stage.url}/viec/${id}?${VIEW}`);
      await page.locator('.story li').first().waitFor();
      expect(await page.locator('.story .badge').count()).toBe(await lateEntries(stage.url, id));
      expect(await page.locator('.story').innerText()).toMatch(/Nhập muộn \d+ ngày/);
    }
  });

  it('the key / leads to the search box; words without tone marks find tasks', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    await page.keyboard.press('/');
    await page.keyboard.type('bao cao');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/viec\?.*q=bao/);
    const found = await readList(page);
    expect(found.total).toBeGreaterThan(0);
    expect(found.rows).toBe(found.total);
    await page.goto(`${stage.url}/viec?q=khongcoviecnaonhuthe`);
    expect(await page.locator('main h1').innerText()).toContain('Không thấy việc nào');
  });

  it('keeps the chosen theme, and the last figures when the line is lost', async () => {
    const own = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
    try {
      const tab = await own.newPage();
      await openDashboard(tab, stage.url, VIEW);
      await tab.getByRole('button', { name: 'Hiển thị' }).click();
      await tab.getByRole('radio', { name: 'Nền tối' }).check();
      await tab.reload();
      await tab.locator('[data-ready=yes]').waitFor();
      expect(await tab.evaluate('document.documentElement.dataset.theme')).toBe('dark');
      await own.setOffline(true);
      await tab.locator('.lostbar').waitFor();
      expect(await tab.locator('.lostbar').innerText()).toMatch(/Mất kết nối — số liệu lúc \d\d:\d\d:\d\d/);
      expect(await tab.locator('.answer').innerText()).toContain('268/268');
      await own.setOffline(false);
      await tab.locator('.lostbar').waitFor({ state: 'detached' });
    } finally {
      await own.close();
    }
  });
});
