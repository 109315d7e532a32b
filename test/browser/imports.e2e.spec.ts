import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { rowsXml, SHEET, workbook, type HostileCell } from '../support/hostile-sheets.ts';
import { FULL } from '../support/rounds.ts';
import { describeInBrowser, expectFitToShow } from '../support/browser.ts';

const HEAD = ['TT', 'Số văn bản', 'Ngày ban hành', 'Nơi ban hành', 'Nội dung nhiệm vụ', 'Cơ quan làm', 'Ngày giao việc', 'Thời hạn'];
const task = (n: number, lead = 'Thanh tra tỉnh'): HostileCell[] => [n, `${String(n)}/UBND-TRANG`, 44_000, 'UBND tỉnh Khánh Hòa', `Việc nhập từ trang số ${String(n)}`, lead, 44_001, 'chậm nhất ngày 15/12/2020'];

describeInBrowser('lists on their way in', (stage) => {
  let folder: string;
  let file: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nhacviec-imports-page-'));
    file = join(folder, 'Danh sách tháng 11.xlsx');
    writeFileSync(file, workbook(SHEET(rowsXml([['DANH SÁCH'], HEAD, task(1), task(2), task(3, 'Sở Không Có')]))));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are chosen, their columns named, rehearsed, recorded and undone', async () => {
    const { page, url } = stage;
    await page.goto(`${url}/nhap`);
    await page.getByRole('heading', { name: 'Chọn tệp' }).waitFor();
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByRole('heading', { name: 'Ghép cột' }).waitFor();
    expect(page.url()).toMatch(/\/nhap\/[0-9a-f-]{36}$/);
    // One heading says nothing that is known: nothing can be rehearsed before a person has.
    const rehearse = page.getByRole('button', { name: 'Chạy thử' });
    expect(await rehearse.isDisabled()).toBe(true);
    await page.getByLabel(/^Cơ quan chủ trì/).selectOption({ label: 'F · Cơ quan làm' });
    await rehearse.click();
    await page.locator('[data-new]').waitFor();
    expect(await page.locator('[data-new]').getAttribute('data-new')).toBe('2');
    await page.locator('tr[data-outcome=refused]').first().waitFor();
    expect(await page.locator('tr[data-outcome=refused]').count()).toBe(1);
    expect(await page.locator('.imptable').innerText()).toContain('Không có đơn vị “Sở Không Có” trong danh mục');
    // Left and found again.
    const address = page.url();
    await page.goto(`${url}/viec`);
    await page.goto(`${url}/nhap`);
    await page.getByRole('link', { name: 'Danh sách tháng 11.xlsx' }).click();
    await page.getByRole('button', { name: 'Ghi 2 việc' }).click();
    await page.locator('[data-written="2"]').waitFor();
    expect(page.url()).toBe(address);
    await page.getByLabel('Lý do').fill('Nhập nhầm tệp');
    await page.getByRole('button', { name: 'Hoàn tác 2 việc' }).click();
    await page.locator('[data-undone="2"]').waitFor();
    expect(stage.faults).toEqual([]);
  }, 60_000);

  it('that are no lists say why', async () => {
    const { page, url } = stage;
    const bad = join(folder, 'hong.xlsx');
    writeFileSync(bad, '<html>không phải</html>');
    await page.goto(`${url}/nhap`);
    await page.locator('input[type=file]').setInputFiles(bad);
    await page.getByText('Tệp là HTML hoặc XML đổi tên thành XLSX').waitFor();
    // The refusal is told by the browser's console too.
    stage.faults.length = 0;
  }, 30_000);

  it('go out from the lists on the page as files that come in again', async () => {
    const { page, url } = stage;
    await page.goto(`${url}/viec?nhom=O1`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Xuất XLSX' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^danh-sach-viec-2020-11-2\d\.xlsx$/);
    const bytes = readFileSync(await download.path());
    expect([bytes[0], bytes[1]]).toEqual([0x50, 0x4b]);
    const back = join(folder, 'xuat.xlsx');
    writeFileSync(back, bytes);
    await page.goto(`${url}/nhap`);
    await page.locator('input[type=file]').setInputFiles(back);
    await page.getByRole('button', { name: 'Chạy thử' }).click();
    await page.locator('[data-new="0"][data-refused="0"]').waitFor();
    await page.getByText('Không có gì mới để ghi.').waitFor();
  }, 60_000);

  it('fit every width, light and dark', async () => {
    const { url } = stage;
    if (FULL) await expectFitToShow(stage, 'imports', async (tab) => {
      await tab.goto(`${url}/nhap`);
      await tab.getByRole('heading', { name: 'Chọn tệp' }).waitFor();
    });
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(readFileSync(file))]), 'Danh sách tháng 11.xlsx');
    const at = ((await (await fetch(`${url}/api/v1/imports`, { method: 'POST', body: form })).json()) as { id: string }).id;
    await expectFitToShow(stage, 'imports-map', async (tab) => {
      await tab.goto(`${url}/nhap/${at}`);
      await tab.getByRole('heading', { name: 'Ghép cột' }).waitFor();
    });
    const messy = new FormData();
    messy.append('file', new Blob([new Uint8Array(readFileSync('libs/imports/data/mau-thu.csv'))]), 'mau-thu.csv');
    const taken = (await (await fetch(`${url}/api/v1/imports`, { method: 'POST', body: messy })).json()) as { id: string; sheets: { guessed: object }[] };
    await fetch(`${url}/api/v1/imports/${taken.id}/mapping`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ columns: taken.sheets[0]!.guessed }) });
    await expectFitToShow(stage, 'imports-rows', async (tab) => {
      await tab.goto(`${url}/nhap/${taken.id}`);
      await tab.locator('tr[data-outcome]').first().waitFor();
    });
  }, 120_000);
});
