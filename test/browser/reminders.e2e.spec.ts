import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { assignment } from '../support/bodies.ts';
import { ask, describeInBrowser, TIMEOUT_MS } from '../support/browser.ts';

const UNIT = 'unit:thanh-tra-tinh';

describeInBrowser('hộp nhắc, sổ nhắc, quy tắc', (stage) => {
  const as = async (actor: string, run: (tab: Page) => Promise<void>): Promise<void> => {
    const own = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'vi-VN' });
    try {
      own.setDefaultTimeout(TIMEOUT_MS);
      await own.addInitScript(`localStorage.setItem('nhacviec.vai', ${JSON.stringify(actor)})`);
      await run(await own.newPage());
    } finally {
      await own.close();
    }
  };

  it('somebody finds what waits by the number in the row of pages, puts a task off, and marks the rest as seen', () =>
    as(UNIT, async (tab) => {
      await tab.goto(`${stage.url}/hop-nhac`);
      await tab.locator('select[name=nguoi]').selectOption({ label: await tab.locator('select[name=nguoi] option', { hasText: 'người trả lời' }).innerText() });
      await tab.locator('nav [data-unseen="1"]').waitFor();
      const fresh = tab.locator('.rmsg.fresh');
      // The number in the row of pages and the list are asked for apart.
      await fresh.first().waitFor();
      expect(await fresh.count()).toBe(1);
      const row = fresh.locator('[data-task]').first();
      const code = (await row.locator('.code').innerText()).trim();
      await row.getByRole('button', { name: /Tạm ẩn/ }).click();
      await row.getByRole('button', { name: 'Tạm ẩn việc này' }).click();
      await tab.locator('.rsnoozed', { hasText: code }).waitFor();
      await fresh.getByRole('button', { name: /Đánh dấu đã xem/ }).click();
      await fresh.waitFor({ state: 'detached' });
      await tab.locator('nav [data-unseen]').waitFor({ state: 'detached' });
      expect(await tab.locator('main h1').innerText()).toMatch(/^0/);
    }), 60_000);

  it('“tôi không được nhắc” is answered on one screen, from the page of the task', () =>
    as('auditor', async (tab) => {
      const { items } = await ask<{ items: { taskId: string; code: string }[] }>(stage.url, '/reminder-ledger?limit=1');
      const { taskId, code } = items[0]!;
      await tab.goto(`${stage.url}/viec/${taskId}`);
      await tab.getByRole('link', { name: 'Sổ nhắc' }).click();
      await tab.locator('tr[data-slot]').first().waitFor();
      expect(await tab.locator('main h1').innerText()).toBe(`Ai được nhắc việc ${code}`);
      const { total } = await ask<{ total: number }>(stage.url, `/reminder-ledger?taskId=${taskId}`);
      expect(await tab.locator('tr[data-slot]').count()).toBe(total);
      const said = await tab.locator('main').innerText();
      for (const word of ['Trần Văn Ví Dụ (tên minh họa)', 'Hộp nhắc 07:00', 'tự tạm ẩn việc này']) expect(said).toContain(word);
    }), 60_000);

  it('the ledger sets people side by side, and one of them leads to what they were reminded of', () =>
    as('office', async (tab) => {
      await tab.goto(`${stage.url}/nhac/so`);
      await tab.getByRole('button', { name: 'Theo người' }).click();
      const { groups, total } = await ask<{ groups: { key: string; name: string; seen: number; telling: number }[]; total: number }>(stage.url, '/reminder-ledger/numbers?groupBy=person');
      expect(total).toBeGreaterThan(1);
      await tab.locator('tr[data-group]').nth(total - 1).waitFor();
      const shown = await tab.locator('tr[data-group]').evaluateAll((rows) => rows.map((row) => [row.getAttribute('data-group'), row.querySelectorAll('td')[2]!.textContent.trim()]));
      expect(shown).toEqual(groups.map(({ key, seen, telling }) => [key, telling === 0 ? '–' : `${String(seen)}/${String(telling)}`]));
      await tab.locator('tr[data-group]').first().getByRole('button').click();
      await tab.getByRole('button', { name: `Bỏ lọc theo ${groups[0]!.name}` }).waitFor();
    }), 60_000);

  it('the office narrows a rule to tasks of an authority and a field, and what is foreseen follows', () =>
    as('office', async (tab) => {
      await tab.goto(`${stage.url}/nhac/quy-tac`);
      const rule = tab.locator('[data-rule=tra-loi]');
      await rule.waitFor();
      const foreseen = async (): Promise<string> => {
        const answered = tab.waitForResponse('**/reminder-rules/preview');
        await tab.locator('[data-do=preview]').click();
        await (await answered).finished();
        await tab.locator('[data-preview] tbody tr').nth(4).waitFor();
        return tab.locator('[data-preview]').innerText();
      };
      expect(await foreseen()).toContain('Trả lời trong ngày đến hạn');
      await rule.locator('details summary').click();
      await rule.locator('[data-when=authorities]').getByLabel('Thủ tướng Chính phủ').check();
      await rule.locator('input[name=fields]').pressSequentially('Y tế; Giáo dục');
      expect(await rule.locator('details summary').innerText()).toBe('Cho việc do Thủ tướng Chính phủ giao, lĩnh vực Y tế; Giáo dục.');
      expect(await foreseen()).not.toContain('Trả lời trong ngày đến hạn');
      await rule.locator('input[name=fields]').fill('');
      await rule.locator('[data-when=authorities]').getByLabel('Thủ tướng Chính phủ').uncheck();
      expect(await rule.locator('details summary').innerText()).toBe('Cho mọi việc đang mở.');
      await rule.locator('select[name=starred]').selectOption('true');
      expect(await rule.locator('details summary').innerText()).toBe('Cho việc trọng tâm.');
    }), 60_000);

  it('the office sees what other rules would send before it sets them', () =>
    as('office', async (tab) => {
      await tab.goto(`${stage.url}/nhac/quy-tac`);
      await tab.locator('[data-rule=tra-loi]').waitFor();
      await tab.locator('[data-rule=tra-loi] legend input').uncheck();
      await tab.locator('[data-do=preview]').click();
      await tab.locator('[data-preview] tbody tr').nth(4).waitFor();
      expect(await tab.locator('[data-preview]').innerText()).not.toContain('Trả lời trong ngày đến hạn');
      await tab.getByRole('button', { name: 'Đặt quy tắc' }).click();
      await tab.locator('.ferr').first().waitFor();
      await tab.getByLabel('Lý do đổi').fill('chỉ nhắc theo bậc');
      await tab.getByRole('button', { name: 'Đặt quy tắc' }).click();
      await tab.locator('main h1', { hasText: 'bản 1' }).waitFor();
    }), 60_000);

  it('a leader has the dashboard of a unit sent at an hour, sees the mail beforehand, and changes and ends it again', () =>
    as('leader', async (tab) => {
      await tab.goto(`${stage.url}/?donVi=thanh-tra-tinh`);
      await tab.getByRole('button', { name: 'Gửi định kỳ' }).click();
      const form = tab.getByRole('dialog', { name: 'Gửi định kỳ bảng điều hành' });
      await form.locator('[data-foreseen=yes]').waitFor();
      const { all } = await ask<{ all: { total: number; cells: { D1: number } } }>(stage.url, '/dashboard?unitId=thanh-tra-tinh');
      const said = await form.locator('pre').innerText();
      for (const words of ['Phạm vi: Thanh tra tỉnh', `Tổng số ${String(all.total)}`, `Hoàn thành đúng hạn: ${String(all.cells.D1)}`]) expect(said).toContain(words);
      await form.getByRole('button', { name: 'Đặt gửi định kỳ' }).click();
      await form.locator('.ferr', { hasText: 'Chọn người nhận' }).waitFor();
      // Without tone marks.
      await form.getByRole('combobox').fill('hoang thi mau');
      await form.getByRole('option', { name: 'Hoàng Thị Mẫu' }).click();
      await form.getByLabel('Giờ gửi').fill('06:45');
      await form.getByLabel('Thứ Hai').uncheck();
      await form.getByRole('button', { name: 'Đặt gửi định kỳ' }).click();
      await tab.getByRole('link', { name: 'Xem các bản gửi định kỳ' }).click();
      const row = tab.locator('tr[data-subscription]');
      await row.waitFor();
      const shown = await row.innerText();
      for (const words of ['Hoàng Thị Mẫu', 'Bảng điều hành Thanh tra tỉnh', '06:45', 'Thứ Ba đến Thứ Sáu', 'lần tới 06:45 T3 01/12/2020']) expect(shown).toContain(words);
      await row.getByRole('button', { name: 'Đổi Bảng điều hành Thanh tra tỉnh' }).click();
      const change = tab.getByRole('dialog', { name: 'Đổi bản gửi định kỳ' });
      await change.getByLabel('Giờ gửi').fill('16:30');
      await change.getByRole('button', { name: 'Ghi thay đổi' }).click();
      await row.filter({ hasText: '16:30' }).waitFor();
      await row.getByRole('button', { name: 'Thôi gửi Bảng điều hành Thanh tra tỉnh' }).click();
      await row.getByRole('button', { name: 'Thôi gửi bản này' }).click();
      await row.waitFor({ state: 'detached' });
      await tab.getByLabel('Cả những bản đã thôi').check();
      await row.filter({ hasText: 'đã thôi' }).waitFor();
    }), 60_000);

  it('the administrator tries a file of people, takes it, and erases somebody on request', () =>
    as('admin', async (tab) => {
      await tab.goto(`${stage.url}/nhac/danh-ba`);
      await tab.locator('tr[data-person]').first().waitFor();
      const before = Number(await tab.locator('h1 [data-total]').getAttribute('data-total'));
      await tab.locator('input[name=people]').setInputFiles({ name: 'danh-ba.csv', mimeType: 'text/csv', buffer: Buffer.from('Mã,Họ và tên,Đơn vị,Vai trò\nTM1,Người Thử Một,thanh-tra-tinh,chuyên viên\nTM2,Người Thử Hai,đơn vị không có,chuyên viên\n') });
      await tab.getByRole('button', { name: 'Xem trước' }).click();
      await tab.locator('[data-result=tried]', { hasText: 'Sẽ thêm 1 người' }).waitFor();
      expect(await tab.locator('[data-result] tbody tr').innerText()).toContain('đơn vị không có');
      expect(Number(await tab.locator('h1 [data-total]').getAttribute('data-total'))).toBe(before);
      await tab.getByRole('button', { name: 'Nhập vào danh bạ' }).click();
      await tab.locator(`h1 [data-total="${String(before + 1)}"]`).waitFor();
      const row = tab.locator('tr[data-person]', { hasText: 'Người Thử Một' });
      await row.getByRole('button', { name: 'Xóa Người Thử Một' }).click();
      await tab.getByRole('button', { name: 'Xóa khỏi danh bạ' }).click();
      await row.waitFor({ state: 'detached' });
    }), 60_000);

  it('the link of an escalation opens on the draft letter of its unit', () =>
    as('leader', async (tab) => {
      const late = assignment({ leadUnitId: 'thanh-tra-tinh', deadline: { date: '2020-11-18' }, backdateReason: 'ghi muộn' });
      expect((await fetch(`${stage.url}/api/v1/tasks`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Actor': 'office' }, body: JSON.stringify(late) })).status).toBe(201);
      await tab.goto(`${stage.url}/bao-cao/van-ban?donVi=thanh-tra-tinh&ngay=2020-11-27`);
      await tab.locator('tr[data-unit=thanh-tra-tinh]').waitFor();
      expect(await tab.locator('tr[data-unit]').count()).toBe(1);
      expect(await tab.locator('input[name=asOf]').inputValue()).toBe('2020-11-27');
      expect(await tab.locator('tr[data-unit] a').first().getAttribute('href')).toBe('/api/v1/outputs/overdue-letter?unitId=thanh-tra-tinh&asOf=2020-11-27&format=docx');
    }), 60_000);
});
