import { expect, it } from '@jest/globals';
import { ask, describeInBrowser } from '../support/browser.ts';

describeInBrowser('giao việc', (stage) => {
  it('two tasks of one document by the keyboard alone, from the first field to the last', async () => {
    const { page } = stage;
    const keys = page.keyboard;
    const type = async (text: string) => keys.type(text);
    const next = async (times = 1) => {
      for (let n = 0; n < times; n++) await keys.press('Tab');
    };
    const total = async () => (await ask<{ total: number }>(stage.url, '/figures')).total;
    const before = await total();
    await page.goto(`${stage.url}/giao-viec`);
    await page.getByLabel('Số, ký hiệu').focus();
    await type('88/UBND-TH');
    await next();
    await page.locator('input[name=date]:focus').waitFor();
    await page.getByLabel('Ngày văn bản').fill('2020-11-27');
    await page.getByLabel('Cơ quan ban hành').focus();
    await next();
    await type('Phó Chủ tịch');
    await next();
    await type('V/v chuẩn bị tổng kết năm');
    // Urgency, authority, and the three parts of the day of assignment with its button.
    await page.getByLabel('Ngày giao').focus();
    while ((await page.locator('textarea[name=content]:focus').count()) === 0) await next();
    await type('Chuẩn bị báo cáo tổng kết năm 2020');
    await next();
    await type('thanh tra tinh');
    await keys.press('Enter');
    await next();
    await type('so noi vu');
    await keys.press('Enter');
    while ((await page.locator('input[name=phrase]:focus').count()) === 0) await next();
    await type('trong 10 ngày làm việc kể từ ngày ký');
    await page.locator('.reading .due').waitFor();
    expect(await page.locator('.reading').innerText()).toContain('hết T6 11/12/2020');
    while ((await page.locator('button:focus', { hasText: 'Thêm một việc' }).count()) === 0) await next();
    await keys.press('Enter');
    await page.locator('[data-row]').nth(1).waitFor();
    await page.locator('[data-row] >> nth=1 >> textarea:focus').waitFor();
    await type('Rà soát chỉ tiêu năm 2021');
    await next();
    await type('thanh tra tinh');
    await keys.press('Enter');
    while ((await page.locator('[data-row] >> nth=1 >> input[type=radio]:focus').count()) === 0) await next();
    // Words, a day, none: the third of the three.
    await keys.press('ArrowRight');
    await keys.press('ArrowRight');
    while ((await page.locator('button[type=submit]:focus').count()) === 0) await next();
    expect(await page.locator('button[type=submit]').innerText()).toBe('Giao 2 việc');
    await keys.press('Enter');
    await page.locator('.outcome', { hasText: 'Đã giao 2 việc' }).waitFor();
    expect(await total()).toBe(before + 2);
    const found = await ask<{ items: { content: string; dueOn: string | null }[] }>(stage.url, '/tasks?documentNumber=88/UBND-TH');
    expect(found.items.map(({ content, dueOn }) => [content, dueOn]).sort()).toEqual([
      ['Chuẩn bị báo cáo tổng kết năm 2020', '2020-12-11'],
      ['Rà soát chỉ tiêu năm 2021', null],
    ]);
    expect(stage.faults).toEqual([]);
  }, 60_000);

  it('warns of a likely duplicate and of a day off before anything is sent', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/giao-viec`);
    await page.getByLabel('Số, ký hiệu').fill('88/UBND-TH');
    await page.getByLabel('Ngày văn bản').fill('2020-11-27');
    await page.locator('textarea[name=content]').fill('Chuẩn bị báo cáo tổng kết năm 2020');
    await page.getByLabel('Cơ quan chủ trì').fill('thanh tra tinh');
    await page.keyboard.press('Enter');
    await page.getByLabel('Ngày cụ thể').check();
    await page.getByLabel('Thời hạn, ngày').fill('2020-12-12');
    await page.locator('[data-caution=duplicate]', { hasText: 'Có thể đã giao rồi' }).waitFor();
    expect(await page.locator('[data-caution=duplicate]').innerText()).toContain('Chuẩn bị báo cáo tổng kết năm 2020');
    await page.locator('.reading .due').waitFor();
    expect(await page.locator('.reading').innerText()).toMatch(/hết T2 14\/12\/2020.*theo mặt chữ T7 12\/12\/2020, trúng ngày nghỉ/s);
    expect(await page.locator('[data-caution=week]').innerText()).toContain('việc đến hạn');
  });

  it('a phrase that is not understood is never guessed: it says what it reads, and offers a date', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/giao-viec`);
    await page.getByLabel('Thời hạn, ghi như trong văn bản').fill('khi nào tiện thì làm');
    await page.locator('.reading .warnt').waitFor();
    expect(await page.locator('.reading').innerText()).toContain('Ngày cụ thể');
    await page.getByLabel('Thời hạn, ghi như trong văn bản').fill('trước ngày 25 hằng tháng');
    await page.locator('.offers button').first().click();
    expect(await page.getByLabel('Thời hạn, ngày').inputValue()).toMatch(/^2020-12-2\d$/);
    stage.faults.length = 0;
  });

  it('tells at the field what is missing, and sends nothing', async () => {
    const { page } = stage;
    const { total } = await ask<{ total: number }>(stage.url, '/tasks');
    await page.goto(`${stage.url}/giao-viec`);
    await page.getByRole('button', { name: 'Giao 1 việc' }).click();
    await page.locator('.ferr').first().waitFor();
    expect(await page.locator('input[name=number]').getAttribute('aria-invalid')).toBe('true');
    expect(await page.locator('.ferr').allInnerTexts()).toEqual(expect.arrayContaining(['Cần số, ký hiệu văn bản.', 'Cần nội dung việc.']));
    expect((await ask<{ total: number }>(stage.url, '/tasks')).total).toBe(total);
  });

  it('a secrecy mark is refused, with the sentence at the row', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/giao-viec`);
    await page.getByLabel('Số, ký hiệu').fill('99/UBND-NC');
    await page.getByLabel('Ngày văn bản').fill('2020-11-27');
    await page.getByLabel('Trích yếu').fill('V/v nội dung khác');
    await page.locator('textarea[name=content]').fill('Báo cáo (Mật)');
    await page.getByLabel('Cơ quan chủ trì').fill('thanh tra tinh');
    await page.keyboard.press('Enter');
    await page.getByLabel('Không thời hạn').check();
    await page.getByRole('button', { name: 'Giao 1 việc' }).click();
    await page.locator('.refusal').waitFor();
    expect((await page.locator('.refusal').innerText()).toLowerCase()).toContain('mật');
    expect((await ask<{ total: number }>(stage.url, '/tasks?documentNumber=99/UBND-NC')).total).toBe(0);
    stage.faults.length = 0;
  });
});
