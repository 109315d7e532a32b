import { expect, it } from '@jest/globals';
import { AxeBuilder } from '@axe-core/playwright';
import { ask, countedTasks, describeInBrowser, VIEW } from '../support/browser.ts';

interface Row {
  id: string;
  content: string;
  code: string;
  documentId: string;
  documentNumber: string;
}

describeInBrowser('trang văn bản và ô đi nhanh', (stage) => {
  const first = async (): Promise<Row> => (await ask<{ items: Row[] }>(stage.url, '/tasks?limit=1')).items[0]!;

  it('every document is reached from its tasks and shows all of them, each count its own rows', async () => {
    const { page } = stage;
    const { items } = await ask<{ items: Row[] }>(stage.url, '/tasks?limit=200');
    const carried = new Map<string, number>();
    for (const { documentId } of items) carried.set(documentId, (carried.get(documentId) ?? 0) + 1);
    const [documentId] = [...carried].sort((a, b) => b[1] - a[1])[0]!;
    const { total } = await ask<{ total: number }>(stage.url, `/documents/${encodeURIComponent(documentId)}`);
    const task = items.find((item) => item.documentId === documentId)!;
    await page.goto(`${stage.url}/viec/${task.id}`);
    await page.getByRole('link', { name: task.documentNumber, exact: true }).click();
    await page.locator('h2 [data-total]').waitFor();
    expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(`/van-ban/${documentId}`);
    expect(await page.locator('tr[data-task]').count()).toBe(total);
    const cells = await page
      .locator('.doccells a')
      .evaluateAll((all) => all.map((link) => ({ href: link.getAttribute('href') ?? '', count: Number(link.getAttribute('data-count')) })));
    expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(total);
    for (const { href, count } of cells) {
      await page.goto(`${stage.url}${href}`);
      await page.locator('h2 [data-total]').waitFor();
      expect({ href, rows: await page.locator('tr[data-task]').count() }).toEqual({ href, rows: count });
    }
    await page.goto(`${stage.url}/viec?q=${task.code}`);
    await page
      .locator(`[role=row][data-task="${task.id}"]`)
      .getByRole('link', { name: `Văn bản ${task.documentNumber}` })
      .click();
    await page.locator('h2 [data-total]').waitFor();
    expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(`/van-ban/${documentId}`);
  });

  it('a document of which nothing is known says so', async () => {
    await stage.page.goto(`${stage.url}/van-ban/khong-co_2020-01-01_ubnd`);
    await stage.page.getByRole('heading', { name: 'Không tìm thấy văn bản' }).waitFor();
    // The browser itself tells of the refusal.
    expect(stage.faults.splice(0)).toEqual([expect.stringContaining('404')]);
  });

  it('Ctrl K finds a task without tone marks, by code and by document number, and opens it', async () => {
    const { page } = stage;
    const task = await first();
    const plain = task.content
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/đ/g, 'd')
      .replace(/Đ/g, 'D')
      .split(' ')
      .slice(0, 6)
      .join(' ')
      .toLowerCase();
    for (const typed of [plain, task.code, task.documentNumber]) {
      await page.goto(`${stage.url}/viec`);
      await page.locator('[role=row][data-task]').first().waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /Đi tới/ }).fill(typed);
      const option = page.getByRole('group', { name: 'Việc' }).getByRole('option', { name: new RegExp(task.code) });
      await option.waitFor();
      while ((await option.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await page.locator('h1.taskh').waitFor();
      expect(page.url()).toContain(`/viec/${task.id}`);
      expect(await page.locator('dialog').count()).toBe(0);
    }
  });

  it('goes to pages and units, and keeps the day that is looked at', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/viec/${(await countedTasks(stage.url, 'cell=D1'))[0]!}?${VIEW}`);
    await page.locator('h1.taskh').waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /Đi tới/ }).fill('so noi vu');
    await page.getByRole('group', { name: 'Xem số liệu của đơn vị' }).getByRole('option', { name: 'Sở Nội vụ' }).click();
    await page.locator('[data-ready=yes]').waitFor();
    expect(page.url()).toContain('donVi=so-noi-vu');
    expect(page.url()).toContain('ngay=2020-11-28');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /Đi tới/ }).fill('so sanh');
    await page.keyboard.press('Enter');
    await page.locator('nav a[aria-current=page]', { hasText: 'So sánh' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /Đi tới/ }).fill('ban lam viec');
    await page.keyboard.press('Enter');
    await page.locator('nav a[aria-current=page]', { hasText: 'Bàn làm việc' }).waitFor();
    expect(page.url()).not.toContain('ngay=');
  });

  it('keeps the focus inside, gives it back on Esc, and neither dialog has a finding of axe', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/viec`);
    await page.locator('[role=row][data-task]').first().waitFor();
    const link = page.locator('[role=row][data-task] a').first();
    for (const [key, label] of [
      ['Control+k', 'Đi nhanh'],
      ['?', 'Các phím'],
    ] as const) {
      await link.focus();
      await page.keyboard.press(key);
      const dialog = page.getByRole('dialog', { name: label });
      await dialog.waitFor();
      for (let tabs = 0; tabs < 4; tabs++) {
        await page.keyboard.press('Tab');
        // The browser's own controls may have it in between; the page behind never does.
        expect(await page.locator('main a:focus, main button:focus, header :focus').count()).toBe(0);
      }
      const { violations } = await new AxeBuilder({ page })
        .options({ resultTypes: ['violations'] })
        .setLegacyMode()
        .analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ') ?? ''}`)).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(await link.evaluate((one) => one.matches(':focus'))).toBe(true);
    }
    expect(stage.faults).toEqual([]);
  });

  it('a question mark that is typed into a box stays one', async () => {
    const { page } = stage;
    await page.locator('.find input').focus();
    await page.keyboard.type('a?');
    expect(await page.locator('.find input').inputValue()).toBe('a?');
    expect(await page.locator('dialog').count()).toBe(0);
  });
});
