import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ask, describeInBrowser, openDashboard, UNIT } from '../support/browser.ts';

type Cells = Record<string, number>;
const LEAD = 'thanh-tra-tinh';

/** The cells as the dashboard shows them, the present one. */
async function cellsShown(page: Page, baseUrl: string): Promise<Cells> {
  await openDashboard(page, baseUrl, UNIT);
  const shown = await page
    .locator('.key a[data-count]')
    .evaluateAll((links) =>
      links.map(
        (link) => [/[?&]cell=(\w+)/.exec(link.getAttribute('href') ?? '')?.[1] ?? '', Number(link.getAttribute('data-count'))] as const,
      ),
    );
  return Object.fromEntries(shown);
}

/** How the figures differ, cells that stayed left out. */
function difference(before: Cells, after: Cells): Cells {
  const cells = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return Object.fromEntries(cells.map((cell) => [cell, (after[cell] ?? 0) - (before[cell] ?? 0)] as const).filter(([, n]) => n !== 0));
}

describeInBrowser('vòng đời một việc qua các biểu mẫu', (stage) => {
  let task = '';

  const actAs = (role: string) => stage.page.locator('select[name=vai]').selectOption(role);
  async function open(segment: string): Promise<void> {
    const { page } = stage;
    await page.goto(`${stage.url}/viec/${task}?${UNIT}`);
    await page.locator(`[data-act="${segment}"]`).click();
    await page.locator(`[data-form="${segment}"]`).waitFor();
  }
  const form = () => stage.page.locator('form[data-form]');
  async function submit(): Promise<string> {
    await form().locator('button[type=submit]').click();
    const outcome = stage.page.locator('.outcome, .refusal');
    await outcome.waitFor();
    return outcome.innerText();
  }

  it('is assigned: the deadline is read while it is typed, the unit found without tone marks', async () => {
    const { page } = stage;
    const before = await cellsShown(page, stage.url);
    await page.goto(`${stage.url}/giao-viec`);
    await page.getByLabel('Số, ký hiệu').fill('4321/UBND-NC');
    await page.getByLabel('Ngày văn bản').fill('2020-11-27');
    await page.getByLabel('Trích yếu').fill('V/v rà soát hồ sơ khiếu nại tồn đọng');
    await page.locator('textarea[name=content]').fill('Rà soát hồ sơ khiếu nại tồn đọng, báo cáo kết quả');
    await page.getByLabel('Cơ quan chủ trì').fill('thanh tra tinh');
    await page.keyboard.press('Enter');
    await page.getByLabel('Thời hạn, ghi như trong văn bản').fill('trước ngày 13/12/2020');
    await page.locator('.reading .due', { hasText: '12/2020' }).waitFor();
    expect(await page.locator('.reading').innerText()).toMatch(/Đọc là: hết T\d \d\d\/12\/2020/);
    await page.getByRole('button', { name: 'Giao 1 việc' }).click();
    const given = page.locator('[data-given]');
    await given.waitFor();
    task = (await given.getAttribute('data-given'))!;
    expect(difference(before, await cellsShown(page, stage.url))).toEqual({ O1: 1 });
  });

  it('is received and reported on by the unit, which changes no figure', async () => {
    const { page } = stage;
    const before = await cellsShown(page, stage.url);
    await actAs(`unit:${LEAD}`);
    await open('receive');
    expect(await form().locator('.effect').innerText()).toContain('Số liệu không đổi');
    expect(await submit()).toContain('Đã ghi: Tiếp nhận');
    await open('progress');
    await page.getByLabel('Đã làm được gì').fill('Đã rà soát 12 trên 30 hồ sơ');
    await page.getByLabel('Đạt bao nhiêu phần trăm').fill('40');
    await submit();
    expect(await page.locator('.facts').innerText()).toContain('40 %');
    expect(difference(before, await cellsShown(page, stage.url))).toEqual({});
  });

  it('asks for an extension; a date that is not later is refused at its field', async () => {
    const { page } = stage;
    await open('extension-requests');
    await page.getByLabel('Ngày cụ thể').check();
    await page.getByLabel('Xin hạn mới, ngày').fill('2020-12-02');
    await page.getByLabel('Lý do').fill('Chờ kết quả xác minh của huyện');
    expect(await submit()).not.toContain('Đã ghi');
    stage.faults.length = 0;
    await page.getByLabel('Xin hạn mới, ngày').fill('2020-12-21');
    await page.locator('.reading .due', { hasText: '21/12/2020' }).waitFor();
    expect(await submit()).toContain('Đã ghi: Đề nghị gia hạn');
    expect(await page.locator('.facts').innerText()).toContain('Đang xin gia hạn');
    expect(await page.locator('.gantt').innerText()).toContain('xin T2 21/12/2020');
  });

  it('the leader grants it: the form stands at the date asked, the history shows both deadlines', async () => {
    const { page } = stage;
    await actAs('leader');
    await open('extension-grants');
    expect(await page.getByLabel('Thời hạn mới, ngày').inputValue()).toBe('2020-12-21');
    await page.locator('.reading .due').waitFor();
    expect(await form().locator('.effect').innerText()).toContain('Vẫn ở nhóm “Đang thực hiện trong hạn”');
    expect(await submit()).toContain('Đã ghi: Cho gia hạn');
    expect(await page.locator('.dlist > li').count()).toBe(2);
    expect(await page.locator('#h-dl').innerText()).toMatch(/Hạn đổi 1 lần, thêm \d+ ngày/);
  });

  it('is submitted with evidence and confirmed: the figures follow, the file can be had again', async () => {
    const { page } = stage;
    const before = await cellsShown(page, stage.url);
    await actAs(`unit:${LEAD}`);
    await open('completion-submissions');
    expect(await form().locator('.effect').innerText()).toContain('sang “Chờ xác nhận, báo cáo trong hạn”');
    await page.getByLabel('Số, ký hiệu').fill('77/BC-TTT');
    await page.locator('input[name=resultDate]').fill('2020-11-28');
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'ket-qua.txt', mimeType: 'text/plain', buffer: Buffer.from('Kết quả rà soát: 30 trên 30 hồ sơ.\n') });
    await page.locator('.picked').waitFor();
    expect(await submit()).toContain('sang “Chờ xác nhận, báo cáo trong hạn”');
    const file = await page.locator('.files a').getAttribute('href');
    expect(await (await fetch(`${stage.url}${file!}`)).text()).toContain('30 trên 30 hồ sơ');
    const submitted = await cellsShown(page, stage.url);
    expect(difference(before, submitted)).toEqual({ O1: -1, V1: 1 });
    await actAs('leader');
    await open('completion-confirmations');
    expect(await submit()).toContain('sang “Hoàn thành đúng hạn”');
    await page.getByRole('link', { name: 'Số liệu đã đổi gì' }).click();
    await page.locator(`[data-changed="${task}"]`).waitFor();
    expect(await page.locator(`[data-changed="${task}"] .move`).innerText()).toContain('Hoàn thành đúng hạn');
    expect(difference(submitted, await cellsShown(page, stage.url))).toEqual({ V1: -1, D1: 1 });
  });

  it('is reopened by the office; the reopening is annulled, struck, and linked both ways', async () => {
    const { page } = stage;
    const before = await cellsShown(page, stage.url);
    await actAs('office');
    await open('reopen');
    await page.getByLabel('Lý do').fill('Thiếu hồ sơ của huyện Khánh Vĩnh');
    expect(await submit()).toContain('Đã ghi: Mở lại');
    expect(difference(before, await cellsShown(page, stage.url))).toEqual({ O1: 1, D1: -1 });
    await open('annul');
    const facts = page.getByLabel('Ghi nhận bị hủy');
    await facts.selectOption({ index: 1 });
    await page.getByLabel('Lý do').fill('Mở lại nhầm việc');
    expect(await form().locator('.effect').innerText()).toContain('như chưa từng có');
    expect(await submit()).toContain('Đã ghi: Hủy một ghi nhận');
    expect(difference(before, await cellsShown(page, stage.url))).toEqual({});
    await page.goto(`${stage.url}/viec/${task}`);
    const gone = page.locator('.story [data-event=TaskReopened]');
    await gone.waitFor();
    expect(await gone.locator('del').count()).toBe(1);
    const annulment = page.locator('.story [data-event=FactAnnulled]');
    const [goneId, annulmentId] = [await gone.getAttribute('id'), await annulment.getAttribute('id')];
    expect(await gone.locator('.note a').first().getAttribute('href')).toContain(`#${annulmentId!}`);
    expect(await annulment.locator('.note a').first().getAttribute('href')).toContain(`#${goneId!}`);
  });

  it('a correction shows what stood and what stands', async () => {
    const { page } = stage;
    await open('correct');
    await page.getByLabel('Mục cần sửa').selectOption('content');
    await page.getByLabel('Nội dung, đúng ra là').fill('Rà soát hồ sơ khiếu nại, tố cáo tồn đọng, báo cáo kết quả');
    await page.getByLabel('Lý do').fill('Nhập thiếu chữ');
    expect(await submit()).toContain('Đã ghi: Đính chính');
    expect(await page.locator('h1').innerText()).toContain('khiếu nại, tố cáo');
    const line = page.locator('.story [data-event=TaskCorrected] .corr');
    expect(await line.locator('del').innerText()).toContain('khiếu nại tồn đọng');
    expect(await line.locator('ins').innerText()).toContain('khiếu nại, tố cáo');
  });

  it('back-dating asks for day and reason together; a refusal names the fact in the way as a link', async () => {
    const { page } = stage;
    await open('reopen');
    await page.getByLabel('Lý do').fill('Ghi lùi ngày');
    await page.getByLabel('Xảy ra từ trước, nay mới ghi').check();
    await page.getByLabel('Ngày xảy ra').fill('2020-11-20');
    await page.getByLabel('Vì sao nay mới ghi').fill('Quên ghi');
    const refusal = await submit();
    expect(refusal).toContain('Vướng');
    const fact = await page.locator('.refusal a').getAttribute('href');
    expect(await page.locator(`[id="${fact!.slice(1)}"]`).count()).toBe(1);
    stage.faults.length = 0;
  });

  it('another tab has written meanwhile: nothing is lost, the page says what to do', async () => {
    const { page } = stage;
    await open('reopen');
    await page.getByLabel('Lý do').fill('Bổ sung số liệu');
    await fetch(`${stage.url}/api/v1/tasks/${task}/correct`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-actor': 'office' },
      body: JSON.stringify({ changes: { product: 'báo cáo' }, reason: 'bổ sung' }),
    });
    expect(await submit()).toContain('Người khác vừa ghi vào việc này');
    stage.faults.length = 0;
    await page.getByRole('button', { name: /Lấy diễn biến mới/ }).click();
    await page.locator('.story [data-event=TaskCorrected]').nth(1).waitFor();
    expect(await page.getByLabel('Lý do').inputValue()).toBe('Bổ sung số liệu');
    expect(await submit()).toContain('Đã ghi: Mở lại');
  });

  it('shows exactly the commands that `next` gives the acting role', async () => {
    const { page } = stage;
    const { next } = await ask<{ next: Record<string, string[]> }>(stage.url, `/tasks/${task}`);
    for (const [role, actor] of [
      ['office', 'office'],
      ['leader', 'leader'],
      ['auditor', 'auditor'],
      ['admin', 'admin'],
      ['unit', `unit:${LEAD}`],
    ] as const) {
      await page.goto(`${stage.url}/viec/${task}`);
      await page.locator('.story > li').first().waitFor();
      await actAs(actor);
      const shown = await page.locator('[data-act]').evaluateAll((all) => all.map((button) => button.getAttribute('data-act')));
      const expected = role === 'unit' ? next['unit']!.filter((segment) => segment !== 'coordination-answers') : next[role]!;
      expect({ role, shown: shown.sort() }).toEqual({ role, shown: [...expected].sort() });
    }
    await actAs('unit:so-noi-vu');
    expect(await page.locator('[data-act]').count()).toBe(0);
    await actAs('office');
  });

  it('nothing is recorded from the past, nor with restricted knowledge', async () => {
    const { page } = stage;
    for (const query of ['ngay=2020-11-28', 'bietDen=2020-11-28']) {
      const old = (await ask<{ items: { id: string }[] }>(stage.url, '/figures/list?cell=O1&limit=1&asOf=2020-11-28&knownAt=2020-11-28'))
        .items[0]!.id;
      await page.goto(`${stage.url}/viec/${old}?${query}`);
      await page.locator('.story > li').first().waitFor();
      expect(await page.locator('[data-act]').count()).toBe(0);
      expect(await page.locator('.actsp').innerText()).toContain('Đang xem quá khứ — về hiện tại');
      await page.locator('.actsp a').click();
      await page.locator('[data-act]').first().waitFor();
    }
    expect(stage.faults).toEqual([]);
  });
});
