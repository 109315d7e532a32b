import { expect, it } from '@jest/globals';
import { ask, describeInBrowser, expectFitToShow } from '../support/browser.ts';

const UNIT = 'don-vi:thanh-tra-tinh';
const VIEW = `doiTuong=${UNIT}&a=2020-10-01&b=2020-11-28`;

describeInBrowser('kiểm tra viên đi từ câu hỏi đến chứng cứ, bằng bàn phím', (stage) => {
  const ready = () => stage.page.locator('.replay.wide [data-moves]').waitFor();
  const tabTo = async (selector: string): Promise<void> => {
    // As a reader without a mouse gets there: focus moves on with Tab alone.
    for (let n = 0; n < 150; n++) {
      if (await stage.page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
      await stage.page.keyboard.press('Tab');
    }
    throw new Error(`${selector} is not reached with Tab`);
  };

  it('chooses a unit by typing', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/phat-lai`);
    await page.getByRole('combobox', { name: 'Một đơn vị' }).focus();
    await page.keyboard.type('thanh tra tinh');
    await page.locator('[data-kind=unit] [role=option]').first().waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-kind=unit] button:enabled').waitFor();
    await tabTo('[data-kind=unit] button');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('doiTuong') === UNIT);
    await page.locator('.replay.wide').waitFor();
  });

  it('moves the two points with the keys; the figures are those of the two days, as known then', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/phat-lai?${VIEW}`);
    await ready();
    await page.getByRole('slider', { name: 'Mốc A' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForURL((url) => url.searchParams.get('a') === '2020-09-30');
    await page.keyboard.press('PageUp');
    await page.waitForURL((url) => url.searchParams.get('a') === '2020-10-07');
    await page.locator('.replay.wide[data-a="2020-10-07"] [data-ready=yes] [data-moves]').waitFor();
    expect(await page.getByRole('slider', { name: 'Mốc A' }).getAttribute('aria-valuetext')).toBe('hết T4 07/10/2020');
    for (const [column, day] of [['a', '2020-10-07'], ['b', '2020-11-28']] as const) {
      const { cells, total } = await ask<{ cells: Record<string, number>; total: number }>(stage.url, `/figures?unitId=thanh-tra-tinh&scope=tree&period=2020&asOf=${day}&knownAt=${day}`);
      for (const cell of ['D1', 'O1']) expect([day, cell, await page.locator(`tr[data-cell=${cell}] [data-column=${column}] a`).getAttribute('data-count')]).toEqual([day, cell, String(cells[cell])]);
      expect(await page.locator(`tr[data-cell=total] [data-column=${column}] a`).getAttribute('data-count')).toBe(String(total));
    }
    expect(await page.locator('[data-board=A]').getAttribute('href')).toContain('ngay=2020-10-07&bietDen=2020-10-07');
  });

  it('goes through the days on which something was recorded: by step, by play, with a pause, looked at before, and to the next deadline', async () => {
    const { page } = stage;
    const { buckets } = await ask<{ buckets: { to: string; total: number; late: number }[] }>(stage.url, '/audit/density?unitId=thanh-tra-tinh&scope=tree&bucket=day');
    const days = buckets.filter(({ to }) => to > '2020-10-01' && to <= '2020-11-28');
    const stands = (a: string) => page.locator(`.replay.wide[data-a="${a}"]`).waitFor();
    const open = async (): Promise<void> => {
      await page.goto(`${stage.url}/phat-lai?${VIEW}`);
      await ready();
      await page.locator('[data-step=next]:enabled').waitFor();
    };
    await open();
    await page.locator('[data-step=next]').press('Enter');
    await stands(days[0]!.to);
    await page.locator('select[name=tocDo]').selectOption('20');
    await page.locator('[data-do=play]').press('Enter');
    await stands(days.at(-1)!.to);
    await page.waitForURL((url) => url.searchParams.get('a') === days.at(-1)!.to);
    await page.locator('[data-do=play]', { hasText: 'Phát từ A' }).waitFor();

    await open();
    await page.locator('select[name=tocDo]').selectOption('20');
    await page.locator('select[name=dungKhi]').selectOption('muon');
    await page.locator('[data-do=play]').press('Enter');
    const late = days.find((one) => one.late > 0)!.to;
    await stands(late);
    await page.locator('.paused', { hasText: 'Đã dừng: có sự kiện ghi muộn' }).waitFor();

    const { items } = await ask<{ items: { dueOn: string }[] }>(stage.url, `/tasks?unitId=thanh-tra-tinh&scope=tree&asOf=2020-11-28&knownAt=2020-11-28&dueFrom=2020-10-02&sort=due&limit=1`);
    await open();
    await page.locator('[data-jump=due-after]').press('Enter');
    await stands(items[0]!.dueOn);

    await open();
    const figures = await ask<{ total: number }>(stage.url, '/figures?unitId=thanh-tra-tinh&scope=tree&asOf=2020-09-30&knownAt=2020-09-30');
    await page.getByRole('slider', { name: 'Xem trước' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.locator('.peek[data-peek="2020-09-30"]', { hasText: `tổng số ${figures.total},` }).waitFor();
    await stands('2020-10-01');
  }, 60_000);

  it('reads the events, narrows them, and turns the page', async () => {
    const { page } = stage;
    const lines = page.locator('.events.wide > li');
    const { total } = await ask<{ total: number }>(stage.url, '/audit/events?unitId=thanh-tra-tinh');
    await lines.first().waitFor();
    expect(await page.locator('#h-events').innerText()).toContain(`${total} sự kiện`);
    await tabTo('[data-do=more]');
    await page.keyboard.press('Enter');
    await lines.nth(60).waitFor();
    await page.locator('input[name=muon]').focus();
    await page.keyboard.press('Space');
    await page.waitForURL((url) => url.searchParams.get('muon') === '1');
    await page.locator('select[name=loai]').selectOption('TaskCompleted');
    const narrowed = (await ask<{ total: number }>(stage.url, '/audit/events?unitId=thanh-tra-tinh&late=true&type=TaskCompleted')).total;
    await page.locator('#h-events', { hasText: `${narrowed} sự kiện` }).waitFor();
    await page.locator('.events.wide > li[data-event=TaskCompleted] .badges', { hasText: 'Nhập muộn' }).first().waitFor();
    expect(await page.locator('.events.wide > li:not([data-event=TaskCompleted])').count()).toBe(0);
    expect(await page.locator('[data-do=export]').getAttribute('href')).toContain('late=true');
  });

  it('sees every change of a deadline, and takes the table along', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/phat-lai?${VIEW}`);
    await ready();
    await tabTo('[data-tab=thoi-han]');
    await page.keyboard.press('Enter');
    const rows = page.locator('.moves tbody tr');
    await rows.first().waitFor();
    const { items, total } = await ask<{ items: { position: string }[]; total: number }>(stage.url, '/audit/deadlines?unitId=thanh-tra-tinh');
    expect(total).toBe(items.length);
    expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-position')))).toEqual(items.map(({ position }) => position));
    const table = await fetch(`${stage.url}${(await page.locator('[data-do=csv]').getAttribute('href'))!}`);
    expect((await table.text()).trimEnd().split('\r\n').length).toBe(total + 1);
  });

  it('asks six rules, changes a limit, and counts in the list what the rule says', async () => {
    const { page } = stage;
    await tabTo('[data-tab=bat-thuong]');
    await page.keyboard.press('Enter');
    const rule = page.locator('[data-rule=late-entries]');
    await rule.waitFor();
    expect(await page.locator('[data-rule]').count()).toBe(6);
    await page.locator('input[name=lateDays]').focus();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.searchParams.get('lateDays') === '1');
    const asked = await ask<{ total: number; items: { position: string }[] }>(stage.url, '/audit/patterns/late-entries?unitId=thanh-tra-tinh&lateDays=1&asOf=2020-11-28&knownAt=2020-11-28&limit=50');
    await page.locator(`[data-rule=late-entries][data-total="${asked.total}"]`).waitFor();
    await rule.locator('.rulecount a').focus();
    await page.keyboard.press('Enter');
    const list = page.locator('[data-list=late-entries] .events > li');
    await list.first().waitFor();
    expect(await list.evaluateAll((all) => all.map((line) => line.getAttribute('data-position')))).toEqual(asked.items.map(({ position }) => position));
    const code = await list.first().locator('[data-task]').getAttribute('data-task');
    await list.first().locator('[data-task]').focus();
    await page.keyboard.press('Enter');
    await page.locator('.replay[data-ready=yes]').waitFor();
    expect(page.url()).toContain(`doiTuong=${code!}&a=position:${asked.items[0]!.position}`);
  });

  it('takes the printed evidence of the task and of the unit along', async () => {
    const { page } = stage;
    const pdf = async (): Promise<number> => {
      const answer = await fetch(`${stage.url}${(await page.locator('[data-do=pdf]').getAttribute('href'))!}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      return (await answer.arrayBuffer()).byteLength;
    };
    expect(await pdf()).toBeGreaterThan(10_000);
    await page.locator('[data-replay="thanh-tra-tinh"]').focus();
    await page.keyboard.press('Enter');
    await page.locator('.replay.wide [data-do=pdf]').waitFor();
    expect(stage.faults).toEqual([]);
  });

  it('is fit to show: clean for axe, without a page wider than the window', async () => {
    await expectFitToShow(stage, 'audit', async (tab) => {
      await tab.goto(`${stage.url}/phat-lai?${VIEW}&muc=bat-thuong`);
      await tab.locator('[data-rule=late-entries]').waitFor();
      await tab.locator('[data-moves]').waitFor();
    });
  }, 120_000);
});
