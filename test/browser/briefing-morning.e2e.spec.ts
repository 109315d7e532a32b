import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { playDemo } from '../../apps/cli/src/demo.ts';
import { describeInBrowser } from '../support/browser.ts';
import { tabTo } from '../support/keys.ts';
import { instant, TestServer } from '../support/server.ts';

const PATIENCE_MS = 30_000;
const AT = (time: string): string => `2020-11-30T${time}+07:00`;
const PAGES = ['overview', 'previous', 'overdue', 'due-week', 'units', 'requests', 'signals', 'conclusions'] as const;

/** A meeting from its opening at 07:30 to its notice at 07:50, the clock of the program moved on by the test, with keys and nothing else; then an auditor who was not there. */
describeInBrowser('một buổi giao ban hai mươi phút, chỉ bằng bàn phím', (stage) => {
  let server: TestServer;
  let operator: BrowserContext;
  let desk: Page;
  let roomContext: BrowserContext;
  let room: Page;
  let id = '';
  const late: { id: string; code: string }[] = [];
  let asking: { id: string; code: string };
  const faults: string[] = [];

  const context = async (width: number, height: number): Promise<BrowserContext> => {
    const made = await stage.browser.newContext({ viewport: { width, height }, locale: 'vi-VN', colorScheme: 'light', acceptDownloads: true });
    made.setDefaultTimeout(PATIENCE_MS);
    return made;
  };
  const tab = async (of: BrowserContext): Promise<Page> => {
    const page = await of.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    return page;
  };
  const shows = (page: string): Promise<void> => room.locator(`.rframe[data-page="${page}"][data-ready=yes]`).waitFor();

  beforeAll(async () => {
    server = await TestServer.start(instant(AT('07:00:00')), async (folder) => { await playDemo(folder); });
    const assign = async (n: number, date: string): Promise<{ id: string; code: string }> => {
      const { id: task } = await server.done('/tasks', {
        document: { number: `${String(900 + n)}/KL-UBND`, date: '2020-10-01', issuer: 'UBND tỉnh', title: 'Kết luận thanh tra' },
        content: `Khắc phục sau thanh tra đợt ${String(n)}`, authority: 'chu-tich', leadUnitId: 'so-noi-vu', assignedOn: '2020-10-01', backdateReason: 'nhập lại sổ giấy', deadline: { date },
      });
      return { id: task, code: (await server.ok(`/tasks/${String(task)}`)).code };
    };
    for (const [n, date] of ['2020-11-10', '2020-11-11', '2020-11-12'].entries()) late.push(await assign(n, date));
    asking = await assign(9, '2020-12-04');
    await server.done(`/tasks/${asking.id}/extension-requests`, { deadline: { date: '2020-12-25' }, reason: 'chờ ý kiến Bộ' }, 'unit:so-noi-vu');
    await server.advance(AT('07:30:00'));
    operator = await context(1440, 900);
    roomContext = await context(1920, 1080);
    [desk, room] = [await tab(operator), await tab(roomContext)];
  }, 120_000);
  afterAll(async () => {
    await operator.close();
    await roomContext.close();
    await server.stop();
  }, 30_000);

  it('opens at 07:30 and lets the room in', async () => {
    await desk.goto(`${server.url}/giao-ban`);
    await desk.locator('.bropen').waitFor();
    await tabTo(desk, '.bropen input[name=name]');
    await desk.keyboard.press('Enter');
    await desk.locator('.brmirror .rframe[data-ready=yes]').waitFor();
    id = new URL(desk.url()).pathname.split('/')[2]!;
    const { openedAt, cutOff } = await server.ok(`/briefings/${id}`);
    expect([openedAt, cutOff.asOf]).toEqual([AT('07:30:00.000'), AT('07:30:00.000')]);
    await room.goto(`${server.url}/man-hinh`);
    await room.locator('.rcode[data-code]:not([data-code=""])').waitFor();
    await desk.keyboard.press('m');
    await desk.locator('dialog input[name=code]').waitFor();
    await desk.keyboard.type((await room.locator('.rcode').getAttribute('data-code'))!);
    await desk.keyboard.press('Tab');
    await desk.keyboard.type('Phòng họp số 1');
    await desk.keyboard.press('Enter');
    await desk.locator('[data-screen]').waitFor();
    await desk.keyboard.press('Escape');
    await room.locator('.rframe').waitFor();
  }, 120_000);

  it('goes through its pages in twenty minutes: three conclusions, an extension granted and an explanation asked among them', async () => {
    for (const [n, page] of PAGES.entries()) {
      await desk.keyboard.press('ArrowRight');
      await shows(page);
      await desk.locator(`.brmirror .rframe[data-page=${page}][data-ready=yes]`).waitFor();
      if (page === 'overdue') {
        await desk.keyboard.press('r');
        await desk.locator('.brform [data-box=task] input:focus').waitFor();
        await desk.keyboard.type(late[0]!.code);
        await desk.locator('.brform [data-box=task] [role=option]', { hasText: late[0]!.code }).waitFor();
        await desk.keyboard.press('Enter');
        await tabTo(desk, '.brform textarea[name=question]');
        await desk.keyboard.type('Vì sao quá hạn 20 ngày chưa báo cáo?');
        await desk.locator('.brform [data-preview=yes]').waitFor();
        await desk.keyboard.press('Control+Enter');
        await desk.locator('.brdone [data-conclusion]').waitFor();
      }
      if (page === 'units') {
        await desk.keyboard.press('k');
        await desk.locator('.brform textarea[name=text]:focus').waitFor();
        await desk.keyboard.type('Các sở bố trí người trực 7 ngày');
        await desk.keyboard.press('Control+Enter');
        await desk.locator('.brdone [data-conclusion]').nth(1).waitFor();
      }
      if (page === 'requests') {
        await desk.keyboard.press('g');
        await desk.locator('.brform input[name=deadline]:focus').waitFor();
        expect(await desk.locator('.brform input[name=deadline]').inputValue()).toBe('25/12/2020');
        await desk.locator('.brform [data-preview=yes]').waitFor();
        await desk.keyboard.press('Control+Enter');
        await desk.locator('.brdone [data-conclusion]').nth(2).waitFor();
      }
      // Two and a half minutes a page.
      const minutes = 30 + Math.round((n + 1) * 2.5);
      await server.advance(AT(`07:${String(minutes)}:00`));
    }
    expect(await room.locator('[data-conclusion]').count()).toBe(3);
    expect((await server.ok(`/tasks/${asking.id}`)).deadline.dueOn).toBe('2020-12-25');
    expect((await server.ok(`/tasks/${late[0]!.id}`)).explanation).toMatchObject({ answer: null });
  }, 180_000);

  it('closes at 07:50 after reading back, and its notice is drafted', async () => {
    await tabTo(desk, '.brtop > button:last-of-type');
    await desk.keyboard.press('Enter');
    await desk.locator('.brreadback li').nth(2).waitFor();
    await desk.locator('dialog .btn.primary:focus').waitFor();
    await desk.keyboard.press('Enter');
    await desk.locator('.brminutes pre').waitFor();
    const notice = await desk.locator('.brminutes pre').innerText();
    for (const words of [asking.code, late[0]!.code, 'Các sở bố trí người trực 7 ngày']) expect(notice).toContain(words);
    const saved = desk.waitForEvent('download');
    await tabTo(desk, '.brminutes .btn.primary');
    await desk.keyboard.press('Enter');
    expect((await saved).suggestedFilename()).toBe('thong-bao-ket-luan-2020-11-30.docx');
    await room.locator('[data-state=closed]').waitFor();
    const { openedAt, closedAt, state } = await server.ok(`/briefings/${id}`);
    expect({ state, minutes: (Date.parse(closedAt) - Date.parse(openedAt)) / 60_000 }).toEqual({ state: 'closed', minutes: 20 });
  }, 120_000);

  it('is replayed by an auditor in a browser that has never been here, who ends at the dashboard that the meeting had', async () => {
    await server.advance(AT('09:00:00'));
    const fresh = await context(1440, 900);
    try {
      const auditor = await tab(fresh);
      await auditor.goto(`${server.url}/phat-lai`);
      await auditor.locator('select[name=meeting] option').nth(1).waitFor({ state: 'attached' });
      await tabTo(auditor, 'select[name=vai]');
      await auditor.keyboard.type('Thanh tra,');
      expect(await auditor.locator('select[name=vai]').inputValue()).toBe('auditor');
      await tabTo(auditor, 'select[name=meeting]');
      await auditor.keyboard.press('ArrowDown');
      await auditor.keyboard.press('Tab');
      await auditor.keyboard.press('Enter');
      await auditor.waitForURL((url) => url.searchParams.get('doiTuong') === `giao-ban:${id}`);
      await auditor.locator('.replay[data-life=briefing][data-ready=yes]').waitFor();
      const events = await auditor.locator('.events > li').evaluateAll((all) => all.map((one) => one.getAttribute('data-event')).sort());
      expect(events).toEqual(['BriefingClosed', 'BriefingOpened', 'ConclusionRecorded', 'ConclusionRecorded', 'ConclusionRecorded', 'ExplanationRequested', 'ExtensionGranted']);
      await tabTo(auditor, `a[href="/giao-ban/${id}/dien-bien"]`);
      await auditor.keyboard.press('Enter');
      await auditor.locator('tr[data-event]').first().waitFor();
      await tabTo(auditor, '[data-do=board]');
      await auditor.keyboard.press('Enter');
      await auditor.locator('.frame.past [data-ready=yes]').waitFor();
      expect(await auditor.locator('h1').innerText()).toMatch(/^Có 3 nhiệm vụ quá hạn/);
      expect(await auditor.locator('.inst').innerText()).toContain('07:30');
    } finally {
      await fresh.close();
    }
    expect(faults).toEqual([]);
  }, 120_000);
});
