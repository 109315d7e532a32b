import { expect, it } from '@jest/globals';
import { ask, countedLinks, describeInBrowser, expectEachLinkCounts, openDashboard, VIEW } from '../support/browser.ts';

interface Figures {
  total: number;
  rates: { code: string; numerator: number; denominator: number; text: string }[];
}

describeInBrowser('cách tính', (stage) => {
  it('the definition in front is a choice: R3 with R4 beside it, marked as not the official one', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    await page.getByRole('button', { name: 'Cách tính' }).click();
    await page.getByLabel('Tỷ lệ đứng trước').selectOption('R3');
    await page.waitForURL(/tyLe=R3/);
    await page.locator('.answer', { hasText: '268/274' }).waitFor();
    expect(await page.locator('.answer').innerText()).toContain('97,81 %');
    const order = await page.locator('[data-rate]').evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('data-rate')));
    expect(order.slice(0, 2)).toEqual(['R3', 'R4']);
    expect(await page.locator('main').innerText()).toContain('định nghĩa chính thức là R2');
    await page.locator('[data-chip=rate]').click();
    await page.waitForURL((url) => !url.searchParams.has('tyLe'));
    await page.locator('.answer', { hasText: '268/268' }).waitFor();
  });

  it.each([
    ['Tập việc', 'C1', 'cohort=C1', /Tập việc: bắt đầu trong kỳ/],
    ['Tập việc', 'C3', 'cohort=C3', /Tập việc: có hạn trong kỳ/],
    ['Thời hạn dùng để xét', 'original', 'deadlineBasis=original', /Tính theo hạn ban đầu/],
    ['Hạn trúng ngày nghỉ', 'none', 'fixedDatePolicy=none', /Giả định: không ngày ấn định nào dời/],
    ['Cơ quan giao', 'chu-tich', 'authority=chu-tich', /Việc do Chủ tịch UBND tỉnh giao/],
    ['Tổ chức bộ máy', 'is', 'organisedAs=is', /Theo tổ chức hiện nay/],
  ])(
    '%s = %s counts as the server does, stands as a chip, and every number equals its list',
    async (label, value, parameter, chip) => {
      const { page } = stage;
      await openDashboard(page, stage.url, VIEW);
      await page.getByRole('button', { name: 'Cách tính' }).click();
      const picker = page.getByLabel(label);
      await picker.selectOption(value);
      await page.locator('.chips', { hasText: chip }).waitFor();
      await page.locator('[data-ready=yes]').waitFor();
      const figures = await ask<Figures>(stage.url, `/figures?asOf=2020-11-28&unitId=thanh-tra-tinh&period=2020&${parameter}`);
      await page.locator('.striph', { hasText: `${figures.total} việc được giao` }).waitFor();
      const rate = figures.rates.find(({ code }) => code === 'R2')!;
      expect((await page.locator('[data-rate=R2] .val').innerText()).replace(/\s+/g, ' ')).toBe(
        `${rate.text} ${rate.numerator}/${rate.denominator}`,
      );
      await expectEachLinkCounts(page, stage.url, await countedLinks(page, '.key'));
      expect(stage.faults).toEqual([]);
    },
    60_000,
  );

  it('a what-if says that it is none of the official figures', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, `${VIEW}&ngayNghi=none`);
    expect(await page.locator('.aside.whatif').innerText()).toContain('Đây không phải số liệu chính thức');
  });

  it('Esc removes the last chip, one at a time', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, `${VIEW}&tapViec=C1&hanTinh=original`);
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('hanTinh') && url.searchParams.has('tapViec'));
    await page.locator('[data-chip=basis]').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => !url.searchParams.has('tapViec'));
  });

  it('explains a rate in line from the server: terms with their lists, identities, position; Esc closes', async () => {
    const { page } = stage;
    await openDashboard(page, stage.url, VIEW);
    await page.locator('[data-rate=R2] .whyb').click();
    await page.locator('.why dl').waitFor();
    const said = await page.locator('.why').innerText();
    expect(said).toContain('Mẫu số');
    expect(said).toContain('15/12/2019–14/12/2020');
    expect(said).toContain('N = D1+D2+D3+V1+V2+V3+O1+O2+O3+X');
    expect(said).toMatch(/#[\d.]+/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.why').count()).toBe(0);
    expect(await page.locator('[data-rate=R2] .whyb:focus').count()).toBe(1);
  });

  it.each(['cell=O1', 'part=D1b', 'flow=opening', 'rate=R3&side=numerator'])('the list of %s says what its number means', async (pick) => {
    const { page } = stage;
    await page.goto(`${stage.url}/danh-sach?${VIEW}&${pick}`);
    const total = page.locator('h1 [data-total]');
    await total.waitFor();
    await page.getByRole('button', { name: 'Vì sao số này?' }).click();
    await page.locator('.why dl').waitFor();
    expect(await page.locator('.why').innerText()).toContain(
      `${(await total.getAttribute('data-total'))!} việc`.replace(/^268 việc$/, 'Tử số 268'),
    );
  });
});
