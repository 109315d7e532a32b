import { beforeAll, expect, it } from '@jest/globals';
import { ask, describeInBrowser, expectFitToShow, expectNoViolation, picture } from '../support/browser.ts';
import { FULL } from '../support/rounds.ts';

interface Life { readonly items: readonly { readonly position: string; readonly type: string }[] }

describeInBrowser('phát lại một buổi giao ban và một báo cáo', (stage) => {
  let meeting = '';
  let report = '';
  let life: Life;

  async function post(path: string, body: object = {}): Promise<{ id: string; conclusionId: string; position: string }> {
    const answer = await fetch(`${stage.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-actor': 'office' }, body: JSON.stringify(body) });
    const given = (await answer.json()) as { id: string; conclusionId: string; position: string };
    expect({ path, ok: answer.ok, given }).toMatchObject({ ok: true });
    return given;
  }
  const row = (key: string) => stage.page.locator(`.states tr[data-field="${key}"]`);
  const ready = (kind: string) => stage.page.locator(`.replay[data-life=${kind}][data-ready=yes]`).waitFor();
  const name = async (handle: 'A' | 'B') => (await stage.page.getByRole('slider', { name: `Mốc ${handle}` }).getAttribute('aria-valuetext'))!;

  beforeAll(async () => {
    const { items } = await ask<{ items: { id: string }[] }>(stage.url, '/tasks?cell=O1&limit=1');
    meeting = (await post('/briefings', { name: 'Giao ban thứ Hai', cutOff: '2020-11-28T07:30:00+07:00' })).id;
    const first = await post(`/briefings/${meeting}/conclusions`, { kind: 'decision', text: 'Rà soát việc quá hạn' });
    await post(`/briefings/${meeting}/conclusions`, { kind: 'urge', taskId: items[0]!.id, text: 'Đôn đốc ngay', reason: 'chưa có báo cáo' });
    await post(`/briefings/${meeting}/conclusions/${first.conclusionId}/amend`, { text: 'Rà soát mọi việc quá hạn', reason: 'nói rõ' });
    const { position } = await post(`/briefings/${meeting}/close`);
    life = await ask<Life>(stage.url, `/audit/briefings/${meeting}?atLeast=${position}`);
    report = (await post('/reports', { unitId: 'thanh-tra-tinh', period: '2020' })).id;
    await post(`/reports/${report}/edit`, { number: '57/BC-TTT' });
    await post(`/reports/${report}/edit`, { number: '58/BC-TTT', place: 'Nha Trang' });
  }, 60_000);

  it('a meeting is chosen by its name, and stands at its last event: closed, with its conclusions', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/phat-lai`);
    await page.locator('select[name=meeting]').selectOption({ label: 'Giao ban thứ Hai' });
    await page.getByRole('button', { name: 'Phát lại buổi này' }).press('Enter');
    await page.waitForURL((url) => url.searchParams.get('doiTuong') === `giao-ban:${meeting}`);
    await ready('briefing');
    expect(await page.locator('main h1').innerText()).toContain('đã kết thúc, 2 kết luận');
    expect(await name('A')).toContain('sự kiện 6 trên 6');
    const told = await page.locator('.events > li').evaluateAll((all) => all.map((one) => one.getAttribute('data-event')));
    expect(told).toEqual(life.items.map(({ type }) => type).reverse());
  });

  it('two handles go along its rail with the keys; what differs between A and B is struck, with the event that did it', async () => {
    const { page } = stage;
    await page.locator('[data-do=set-b]').press('Enter');
    await page.getByRole('slider', { name: 'Mốc A' }).focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await page.locator(`.replay[data-ready=yes][data-a="position:${life.items[1]!.position}"][data-b="position:${life.items[5]!.position}"]`).waitFor();
    expect(await page.locator('main h1').innerText()).toMatch(/đang họp, 1 kết luận, rồi đã kết thúc, 2 kết luận/);
    expect(await row('status').locator('del').innerText()).toBe('đang họp');
    expect(await row('status').locator('ins').innerText()).toBe('đã kết thúc');
    await row('status').locator('.by', { hasText: 'Kết thúc phiên' }).waitFor();
    const second = page.locator('.states tr', { has: page.getByRole('rowheader', { name: 'Kết luận 2' }) });
    expect(await second.locator('del').innerText()).toBe('chưa được ghi');
    const first = page.locator('.states tr', { has: page.getByRole('rowheader', { name: 'Kết luận 1' }) });
    expect(await first.locator('ins').innerText()).toContain('Rà soát mọi việc quá hạn');
    await first.locator('.by', { hasText: 'Sửa kết luận' }).waitFor();
    // The address gives the same view again.
    await page.waitForURL((url) => url.searchParams.get('a') === `position:${life.items[1]!.position}` && url.searchParams.has('b'));
    await page.reload();
    await page.locator(`.replay[data-ready=yes][data-a="position:${life.items[1]!.position}"]`).waitFor();
    expect(await page.locator('[data-known=b]').count()).toBe(4);
    await expectNoViolation(page, 'phát lại buổi giao ban');
    await picture(page, 'replay-meeting-1440-light');
  });

  it('a meeting is taken away as lines of the log and on paper, its dashboard and pages are links', async () => {
    const { page } = stage;
    const got = async (what: string): Promise<[number, string | null, string]> => {
      const answer = await fetch(`${stage.url}${(await page.locator(`[data-do=${what}]`).getAttribute('href'))!}`);
      return [answer.status, answer.headers.get('content-type'), await answer.text()];
    };
    const [status, , lines] = await got('export');
    expect(status).toBe(200);
    expect(lines.trimEnd().split('\n').map((line) => (JSON.parse(line) as { position: string }).position)).toEqual(life.items.map(({ position }) => position));
    expect((await got('pdf')).slice(0, 2)).toEqual([200, 'application/pdf']);
    await page.locator('select[name=dungKhi] option[value="truong:status"]').waitFor({ state: 'attached' });
    await page.locator('[data-do=drop-b]').press('Enter');
    await page.locator('[data-step=first]').press('Enter');
    await page.locator('select[name=dungKhi]').selectOption('truong:status');
    await page.locator('select[name=tocDo]').selectOption('20');
    await page.locator('[data-do=play]').press('Enter');
    await page.locator('.paused', { hasText: 'Đã dừng: “Trạng thái” đổi.' }).waitFor();
    expect(await name('A')).toContain('sự kiện 6 trên 6');
  });

  it('an event that a conclusion made in a task leads to that task', async () => {
    const { page } = stage;
    await page.locator('.events > li[data-event=TaskUrged] .badges a').click();
    await page.waitForURL(/doiTuong=NV-/);
    await page.locator('.replay[data-ready=yes]').waitFor();
  });

  it('a report is chosen by its unit and period, and its fields are compared in the same way', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/phat-lai`);
    const option = page.locator('select[name=report] option').nth(1);
    await option.waitFor({ state: 'attached' });
    expect(await option.innerText()).toMatch(/Thanh tra tỉnh.*\(dự thảo\)/);
    await page.locator('select[name=report]').selectOption(report);
    await page.getByRole('button', { name: 'Phát lại báo cáo này' }).press('Enter');
    await ready('report');
    await page.locator('[data-do=set-b]').press('Enter');
    await row('number').locator('ins').waitFor();
    expect(await row('number').locator('del').innerText()).toBe('57/BC-TTT');
    expect(await row('number').locator('ins').innerText()).toBe('58/BC-TTT');
    expect(await row('place').locator('ins').innerText()).toBe('Nha Trang');
    await row('number').locator('.by', { hasText: 'Sửa dự thảo' }).waitFor();
    await page.locator('.events > li').last().getByRole('button', { name: /Dời A tới đây/ }).click();
    await page.locator('[data-known=b]').nth(1).waitFor();
    expect(await row('number').locator('del').innerText()).toBe('chưa có');
    await expectNoViolation(page, 'phát lại báo cáo');
  });

  it('a meeting that never was says so', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/phat-lai?doiTuong=giao-ban:khong-co`);
    await page.getByRole('heading', { name: 'Không có buổi giao ban này' }).waitFor();
    // The one answer of 404 is the question itself.
    expect(stage.faults.filter((fault) => !/404/.test(fault))).toEqual([]);
  });

  if (FULL)
    it('is fit to show at every width in every theme', async () => {
      await expectFitToShow(stage, 'replay-meeting', async (tab) => {
        await tab.goto(`${stage.url}/phat-lai?doiTuong=giao-ban:${meeting}&a=position:${life.items[1]!.position}&b=position:${life.items[5]!.position}`);
        await tab.locator('.replay[data-ready=yes]').waitFor();
      });
      await expectFitToShow(stage, 'replay-report', async (tab) => {
        await tab.goto(`${stage.url}/phat-lai?doiTuong=bao-cao:${report}`);
        await tab.locator('.replay[data-ready=yes]').waitFor();
      });
    }, 180_000);
});
