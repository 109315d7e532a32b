import { expect, it } from '@jest/globals';
import { describeInBrowser } from '../support/browser.ts';

const UNIT = 'thanh-tra-tinh';

describeInBrowser('báo cáo định kỳ trên trang', (stage) => {
  const api = async (path: string, body?: object): Promise<any> => {
    const reply = await fetch(`${stage.url}/api/v1${path}`, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
    if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`);
    return reply.json();
  };

  it('is drafted, shows its findings with both values, and is not offered for issue while an error stands', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/bao-cao`);
    await page.getByRole('heading', { name: 'Chưa có báo cáo nào' }).waitFor();
    await page.getByLabel('Đơn vị').fill('thanh tra');
    await page.keyboard.press('Enter');
    await page.getByLabel(/Số liệu tính đến hết ngày/).fill('2020-11-28');
    await page.getByRole('button', { name: 'Lập dự thảo' }).click();
    const paper = page.locator('.paper');
    await paper.waitFor();
    expect(await paper.locator('h2').innerText()).toContain('BÁO CÁO');
    expect(await paper.innerText()).toContain('hoàn thành đúng hạn 268/268 việc đã đến hạn hoặc đã hoàn thành (100 %)');
    expect(await paper.innerText()).toContain('DỰ THẢO');
    const first = page.locator('.rpfound[data-severity=error] li').first();
    expect(await first.innerText()).toContain('01/11/2019');
    expect(await first.innerText()).toContain('tháng 10/2020');
    await first.getByRole('button', { name: 'Tới phụ lục 1, dòng 2' }).click();
    expect(await page.evaluate('document.activeElement.id')).toBe('vt-PL1-2');
    expect(await page.getByText('Còn 4 lỗi nên chưa ban hành được.').count()).toBe(1);
    // What is recorded elsewhere is offered, and changes nothing under the reader.
    const { items: [plan] } = await api(`/plans?unitId=${UNIT}&year=2020`);
    await api(`/plans/${plan.id}/notes`, { note: 'ghi chú khác', on: '2020-11-20' });
    await page.locator('.pill').click();
    await page.locator('.pill').waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Ban hành' }).count()).toBe(0);
  });

  it('lets the office mend the plan and the indicator, fill in the foot, check and issue', async () => {
    const { page } = stage;
    const report = page.url();
    await page.goto(`${stage.url}/bao-cao/ke-hoach`);
    const plan = page.locator('[data-plan=kiem-tra-cchc]');
    await plan.getByRole('button').first().click();
    await plan.getByRole('button', { name: 'Đính chính kế hoạch' }).click();
    await plan.getByLabel('Ngày ban hành').fill('2020-10-29');
    await plan.getByLabel('Số, ký hiệu').fill('153/QĐ-TTT');
    await plan.getByLabel('Lý do đính chính').fill('ghi nhầm ngày ban hành');
    await plan.getByRole('button', { name: 'Đính chính' }).click();
    await plan.getByText('ban hành 29/10/2020').waitFor();
    await page.goto(`${stage.url}/bao-cao/chi-so`);
    const indicator = page.locator('[data-indicator=van-ban-dien-tu]');
    await indicator.getByRole('button', { name: /Ghi giá trị/ }).click();
    await indicator.getByLabel(/Giá trị/).fill('95 %');
    await indicator.getByText('Sẽ ghi: 95 %').waitFor();
    await indicator.getByLabel('Có hiệu lực từ ngày').fill('2020-11-27');
    await indicator.getByRole('button', { name: 'Ghi giá trị' }).click();
    // A value without proof is refused where it is missing.
    await indicator.locator('.ferr').waitFor();
    await indicator.getByLabel('Văn bản minh chứng: số, ký hiệu').fill('44/BC-VP');
    await indicator.getByLabel('Ngày văn bản').fill('2020-11-27');
    await indicator.getByRole('button', { name: 'Ghi giá trị' }).click();
    await indicator.getByText('minh chứng: 44/BC-VP').waitFor();
    // The list goes out as a file, by the links beside it.
    const file = await fetch(`${stage.url}${(await page.locator('.exports [data-do=csv]').getAttribute('href'))!}`);
    expect([file.status, (await file.text()).includes('44/BC-VP')]).toEqual([200, true]);
    // The other two are words of the plans and of the text.
    const { items } = await api(`/plans?unitId=${UNIT}&year=2020`);
    for (const code of ['dao-tao', 'ung-dung-cntt']) await api(`/plans/${items.find((one: { code: string }) => one.code === code).id}/notes`, { note: 'Đang tổng hợp số nhiệm vụ', on: '2020-11-28' });
    await page.goto(report);
    await page.getByRole('button', { name: 'Viết lời văn' }).click();
    // A sentence cites a document by choosing it; what cannot be read is said under its own slot.
    const assessment = page.locator('[data-slot="III"] textarea');
    await assessment.fill('Công tác cải cách hành chính được triển khai đều theo ');
    await page.locator('[data-slot="III"] select').selectOption('d01');
    expect(await assessment.inputValue()).toBe('Công tác cải cách hành chính được triển khai đều theo {văn bản: d01}');
    await assessment.press('End');
    await assessment.pressSequentially('.\n- Câu {sai: 1}');
    await page.getByRole('button', { name: 'Lưu lời văn' }).click();
    await page.locator('[data-slot="III"] .ferr').getByText(/Câu 2/).waitFor();
    await assessment.fill((await assessment.inputValue()).split('\n')[0]!);
    const cited = page.locator('.rpdocs li').filter({ hasText: 'd30 ·' });
    await cited.getByRole('button', { name: /^Sửa/ }).click();
    await page.locator('.rpdocs').getByLabel('Số, ký hiệu').fill('3597/QĐ-UBND');
    await page.locator('.rpdocs').getByLabel('Số, ký hiệu').press('Enter');
    await page.getByRole('button', { name: 'Lưu lời văn' }).click();
    await page.locator('.rpsave').getByText('Đã lưu.').waitFor();
    await page.locator('.paper').getByText(/triển khai đều theo Quyết định số 3777\/QĐ-UBND/).waitFor();
    await page.getByLabel('Chức danh người ký').fill('Phó Chánh Thanh tra');
    await page.getByRole('button', { name: 'Lưu', exact: true }).click();
    await page.locator('.pfoot').getByText('PHÓ CHÁNH THANH TRA').waitFor();
    await page.getByRole('button', { name: 'Kiểm tra', exact: true }).click();
    await page.getByText(/Kiểm tra lúc .*: 0 lỗi/).waitFor();
    await page.getByRole('button', { name: 'Ban hành' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Ban hành' }).click();
    await page.locator('.rpfrozen').waitFor({ timeout: 30_000 });
    expect(await page.locator('.rphash').count()).toBe(5);
    expect(await page.getByLabel('Chức danh người ký').count()).toBe(0);
  });

  it('says that the files are the same, and after a late fact what changed and why', async () => {
    const { page } = stage;
    await page.getByRole('button', { name: 'Chạy lại và so khớp' }).click();
    await page.getByText('Trùng khớp: cả năm tệp').waitFor({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Thay đổi sau ban hành' }).click();
    await page.getByText('Không có gì thay đổi').waitFor();
    const { items } = await api(`/figures/list?unitId=${UNIT}&period=2020&asOf=2020-11-28&cell=O1`);
    await api(`/tasks/${items[0].id}/completion-submissions`, { resultDocument: { number: '77/BC-TTT', date: '2020-11-27' }, occurredOn: '2020-11-27', backdateReason: 'văn thư ghi muộn' });
    await page.reload();
    await page.getByRole('button', { name: 'Thay đổi sau ban hành' }).click();
    await page.getByRole('link', { name: items[0].code }).waitFor();
    const row = page.locator('.rpdiff tbody tr').first();
    expect((await row.innerText()).replace(/\s+/g, ' ')).toBe('mục II.4 Đang thực hiện trong hạn 6 5');
    expect(await page.locator('.rpgroup').first().innerText()).toContain('báo cáo hoàn thành: 77/BC-TTT');
    await page.getByRole('button', { name: 'So sánh kỳ trước' }).click();
    await page.getByText('chưa đủ').waitFor();
    expect(stage.faults.filter((fault) => !/422/.test(fault))).toEqual([]);
  });

  it('lets the administrator settle who owes which report, and tells what comes next', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/bao-cao/phai-nop`);
    await page.getByText('Quản trị hệ thống đặt chế độ báo cáo ở trang này.').waitFor();
    await page.locator('select[name=vai]').selectOption('admin');
    await page.getByLabel('Đơn vị nộp').fill('thanh tra');
    await page.keyboard.press('Enter');
    await page.getByLabel('quý I', { exact: true }).check();
    await page.getByLabel(/Chốt số liệu trước ngày cuối kỳ/).fill('90');
    await page.getByLabel('Theo văn bản số').fill('09/2019/NĐ-CP');
    await page.getByLabel('Ngày văn bản').fill('2019-01-24');
    await page.getByLabel('Cơ quan ban hành văn bản').fill('Chính phủ');
    await page.getByLabel('Lý do').fill('chế độ báo cáo');
    await page.getByRole('button', { name: 'Thêm', exact: true }).click();
    await page.locator('.ferr', { hasText: 'từ 0 đến 60' }).waitFor();
    await page.getByLabel(/Chốt số liệu trước ngày cuối kỳ/).fill('10');
    await page.getByRole('button', { name: 'Thêm', exact: true }).click();
    const line = page.locator(`[data-duty=${UNIT}]`);
    await line.waitFor();
    expect(await line.innerText()).toContain('cả năm, quý I');
    // Today is 29/11/2020: the year closes ten days before 14/12, which was a Friday.
    expect((await page.locator('[data-coming="2020"] td').allInnerTexts()).slice(1)).toEqual(['04/12/2020', '11/12/2020']);
    await line.getByRole('button', { name: /Bỏ/ }).click();
    await line.getByLabel('Lý do bỏ').fill('ghi nhầm');
    await line.getByRole('button', { name: 'Bỏ báo cáo này' }).click();
    await page.getByRole('heading', { name: 'Chưa đặt báo cáo nào phải nộp' }).waitFor();
    expect(await api('/reports/duties')).toMatchObject({ items: [], coming: [] });
  });

  it('keeps the columns and the note of an indicator when a new total is recorded, and tells what was before', async () => {
    const { page } = stage;
    const valueOf = async (): Promise<any> => (await api(`/indicators?unitId=${UNIT}&limit=200`)).items.find((one: { code: string }) => one.code === 'pl2-01');
    const six = { kind: 'count', number: 6 };
    expect(await valueOf()).toMatchObject({ amount: six, parts: { province: six }, note: 'Cấp phòng' });
    await page.goto(`${stage.url}/bao-cao/chi-so`);
    await page.locator('select[name=vai]').selectOption('office');
    const indicator = page.locator('[data-indicator=pl2-01]');
    await indicator.getByRole('button', { name: /Ghi giá trị/ }).click();
    expect([await indicator.getByLabel('Cấp tỉnh').inputValue(), await indicator.getByLabel('Cấp huyện').inputValue(), await indicator.getByLabel('Ghi chú').inputValue()]).toEqual(['6', '', 'Cấp phòng']);
    await indicator.getByLabel(/^Giá trị/).fill('7');
    await indicator.getByLabel('Cấp xã').fill('1');
    await indicator.getByLabel('Văn bản minh chứng: số, ký hiệu').fill('45/BC-VP');
    await indicator.getByRole('button', { name: 'Ghi giá trị' }).click();
    const change = indicator.locator('.rpchange');
    // The one before it stands there until the new one has been asked for.
    await change.filter({ hasText: '29/11/2020' }).waitFor();
    expect((await change.innerText()).replace(/\s+/g, ' ')).toMatch(/^Thay đổi gần nhất, giá trị từ ngày 29\/11\/2020: trước: 6 → 7; Cấp xã trước: chưa báo cáo → 1 · .* · Văn phòng$/);
    expect(await valueOf()).toMatchObject({ amount: { kind: 'count', number: 7 }, parts: { province: six, commune: { kind: 'count', number: 1 } }, note: 'Cấp phòng' });
  });

  it('has a target set that a sentence of the report lacks, and the gap is gone', async () => {
    const { page } = stage;
    const { items } = await api(`/indicators?unitId=${UNIT}&limit=200`);
    await api(`/indicators/${items.find((one: { code: string }) => one.code === 'thu-dien-tu').id}/targets`, { year: 2021, amount: { kind: 'blank' } });
    const { id } = await api('/reports', { unitId: UNIT, period: '2020', asOf: '2020-11-28' });
    const missing = async (): Promise<string[]> => (await api(`/reports/${id}/preview`)).findings.filter(({ code }: { code: string }) => code === 'missing-value').map(({ place }: { place: string[] }) => place.join(' '));
    expect(await missing()).toEqual(['IV.7']);
    await page.goto(`${stage.url}/bao-cao/chi-so`);
    const indicator = page.locator('[data-indicator=thu-dien-tu]');
    await indicator.getByText('Mục tiêu năm 2021: chưa báo cáo').waitFor();
    await indicator.getByRole('button', { name: /Ghi mục tiêu/ }).click();
    await indicator.getByLabel('Năm').fill('2021');
    await indicator.getByRole('button', { name: 'Ghi mục tiêu' }).click();
    await indicator.locator('.ferr', { hasText: 'Cần ghi giá trị' }).waitFor();
    await indicator.getByLabel(/^Mục tiêu/).fill('100 %');
    await indicator.getByText('Sẽ ghi: 100 %').waitFor();
    await indicator.getByRole('button', { name: 'Ghi mục tiêu' }).click();
    await indicator.getByText('Mục tiêu năm 2021: 100 %').waitFor();
    expect(await missing()).toEqual([]);
    await page.goto(`${stage.url}/bao-cao/${id}`);
    await page.locator('.paper').getByText(/Thư điện tử công vụ: 100 % tài khoản/).waitFor();
  });
});
