import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { ask, DAY, describeInBrowser, expectCleanEverywhere, TIMEOUT_MS, toldLooks, VIEW } from '../support/browser.ts';

const ROOM_PAGES = ['overview', 'previous', 'overdue', 'due-week', 'units', 'raised', 'requests', 'signals', 'conclusions'] as const;
const LATE = 'so-noi-vu';
const OTHER = 'thanh-tra-tinh';
const PATIENCE_MS = 2 * TIMEOUT_MS;

/** What opens inside a page and is no page of its own; whole pages and forms are in `looks`, broken ones in `states`. Each is opened once. */
describeInBrowser('axe: không lỗi nào ở những gì mở ra trong trang, phòng họp và bàn điều khiển', (stage) => {
  let context: BrowserContext;
  let tab: Page;
  let meeting = '';
  const late: string[] = [];

  async function post<T = { id: string }>(path: string, body: object, actor = 'office'): Promise<T> {
    const answer = await fetch(`${stage.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-actor': actor }, body: JSON.stringify(body) });
    const said = (await answer.json()) as T;
    if (!answer.ok) throw new Error(`POST ${path}: ${String(answer.status)} ${JSON.stringify(said)}`);
    return said;
  }
  const assign = async (n: number, leadUnitId: string, date: string): Promise<string> =>
    (await post('/tasks', {
      document: { number: `${String(9_300 + n)}/UBND-TH`, date: '2020-10-01', issuer: 'UBND tỉnh Khánh Hòa', title: 'Việc để xem' },
      content: `Việc để xem, số ${String(n)}`, authority: 'chu-tich', field: 'cải cách hành chính', starred: true, leadUnitId, assignedOn: '2020-10-01', backdateReason: 'nhập lại sổ giấy', deadline: { date },
    })).id;
  const show = (body: object): Promise<unknown> => post(`/briefings/${meeting}/show`, { n: 1, unitId: null, live: false, blank: false, ...body });
  const as = (role: string): Promise<void> => tab.evaluate(`localStorage.setItem('nhacviec.vai', ${JSON.stringify(role)})`);
  async function open(path: string, ready: string): Promise<void> {
    await tab.goto(`${stage.url}${path}`);
    await tab.locator(ready).first().waitFor();
  }

  beforeAll(async () => {
    for (const [n, [unit, date]] of ([[LATE, '2020-10-20'], [LATE, '2020-11-20'], [OTHER, '2020-11-25'], [LATE, '2020-12-04']] as const).entries()) late.push(await assign(n, unit, date));
    const before = await post('/briefings', { name: 'Giao ban kỳ trước', cutOff: '2020-11-28T07:30:00+07:00' });
    await post(`/briefings/${before.id}/conclusions`, { kind: 'explain', taskId: late[0], text: 'Giải trình việc muộn nhất', question: 'Vì sao?' }, 'leader');
    await post(`/briefings/${before.id}/close`, {}, 'leader');
    await post(`/tasks/${late[3]!}/extension-requests`, { deadline: { date: '2020-12-25' }, reason: 'chờ ý kiến Bộ' }, `unit:${LATE}`);
    await post(`/tasks/${late[1]!}/agenda`, { reason: 'Đã đôn đốc ba lần' }, 'leader');
    meeting = (await post('/briefings', { name: 'Giao ban Chủ nhật 29/11/2020', cutOff: '2020-11-29T07:00:00+07:00' })).id;
    context = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'vi-VN', reducedMotion: 'reduce' });
    context.setDefaultTimeout(PATIENCE_MS);
    tab = await context.newPage();
    await tab.goto(`${stage.url}/khong-co-trang-nay`);
  }, 120_000);
  afterAll(async () => {
    await context.close();
    toldLooks('axe ở mọi nơi');
  });

  const opened: readonly [name: string, role: string, path: string, ready: string, then?: () => Promise<unknown>][] = [
    ['the list behind a tile', 'leader', '/bang-dieu-hanh/danh-sach?what=overdue', 'tr[data-task]', () => tab.locator('.whyb').first().click()],
    ['the side panel, with why', 'leader', '/', '[data-ready=yes]', async () => {
      await tab.locator('[data-tile=overdue] .val a').click();
      await tab.locator('.sidep[data-panel=ready] .whyb').click();
      await tab.locator('.sidep .why').waitFor();
    }],
    ['two units side by side', 'leader', '/', '[data-ready=yes]', async () => {
      for (const unit of [LATE, OTHER]) await tab.locator(`tr[data-row="${unit}"] .o2`).click({ modifiers: ['Shift'] });
      await tab.locator('#h-pair').waitFor();
    }],
    ['the funnel', 'leader', '/', '[data-ready=yes]', async () => {
      await tab.getByRole('button', { name: 'Biểu đồ phễu' }).click();
      await tab.locator('.fplot svg').waitFor();
    }],
    ['the funnel as a table, the flow as a table', 'leader', '/', '[data-ready=yes]', async () => {
      await tab.locator('.flow .tools button').click();
      await tab.getByRole('button', { name: 'Biểu đồ phễu' }).click();
      await tab.locator('.takeaway button').click();
      await tab.locator('.funnel table tbody tr').first().waitFor();
    }],
    ['the filters, chosen', 'leader', `/?linhVuc=${encodeURIComponent('cải cách hành chính')}&sao=co&khoi=so&chiXem=overdue`, '[data-ready=yes]', async () => {
      await tab.getByRole('button', { name: 'Lọc (2)' }).click();
      await tab.locator('input[name=soVanBan]').waitFor();
    }],
    ['the way it is counted', 'leader', '/', '[data-ready=yes]', () => tab.getByRole('button', { name: 'Cách tính' }).click()],
    ['the saved views', 'leader', '/', '[data-ready=yes]', async () => {
      await tab.getByRole('button', { name: 'Góc nhìn' }).click();
      await tab.locator('input[name=viewName]').waitFor();
    }],
    ['what the display may be', 'leader', '/', '[data-ready=yes]', async () => {
      await tab.getByRole('button', { name: 'Hiển thị' }).click();
      await tab.getByRole('radio', { name: 'Nền tối' }).waitFor();
    }],
    ['an exception being urged', 'leader', '/', '[data-exception]', async () => {
      await tab.locator(`[data-exception="${late[0]!}"]`).getByRole('button', { name: /^Đôn đốc/ }).click();
      await tab.locator('form[data-form=urge]').waitFor();
    }],
    ['an explanation asked on the board', 'leader', '/', '[data-ready=yes]', async () => {
      await tab.locator(`tr[data-row="${OTHER}"] a[data-what=overdue]`).focus();
      await tab.keyboard.press('e');
      await tab.locator('.detail form[data-form=explanation-requests]').waitFor();
    }],
    ['a change and who it was', 'leader', '/?soVoi=2020-11-15', '[data-delta=overdue]', async () => {
      await tab.locator('[data-delta=overdue]').focus();
      await tab.locator('.pop h2').first().waitFor();
    }],
    ['the whole system in replay, its events', 'office', '/phat-lai?doiTuong=he-thong&a=2020-10-01&b=2020-11-28', '.events.wide > li'],
    ['the whole system in replay, its deadlines', 'office', '/phat-lai?doiTuong=he-thong&a=2020-01-01&b=2020-11-28&muc=thoi-han', '.moves tbody tr'],
    ['a list of an unusual pattern', 'office', '/phat-lai?doiTuong=he-thong&a=2020-10-01&b=2020-11-28&muc=bat-thuong&quyTac=late-entries&lateDays=1', '[data-list=late-entries] .events > li'],
    ['a task of an overdue unit, and an answer being written', `unit:${LATE}`, '/ban-lam-viec', '.drow button', async () => {
      await tab.locator('.drow button').first().click();
      await tab.locator('form[data-form]').waitFor();
    }],
    ['the desk of a leader', 'leader', '/ban-lam-viec', 'main h1'],
    ['a task that asks for more time', 'leader', '#task', '.story li', () => tab.locator('[data-act=extension-refusals]').click()],
    ['a list to bring in', 'office', '/nhap', 'input[type=file]'],
    ['the meetings, one of them open', 'office', '/giao-ban', '.brlist'],
  ];
  for (const [name, role, path, ready, then] of opened)
    it(name, async () => {
      await as(role);
      await open(path === '#task' ? `/viec/${late[3]!}` : path, ready);
      await then?.();
      await expectCleanEverywhere(tab, name);
    }, 120_000);

  it('the pages behind their button on a phone', async () => {
    await tab.setViewportSize({ width: 320, height: 800 });
    await open(`/?${VIEW}`, '[data-ready=yes]');
    await tab.getByRole('button', { name: 'Các trang' }).click();
    await tab.locator('nav.open').waitFor();
    await expectCleanEverywhere(tab, 'menu', { sizes: ['320'] });
    await tab.setViewportSize({ width: 1440, height: 900 });
  }, 60_000);

  it('the look back at a whole province, in high contrast too', async () => {
    await open(`/?${DAY}`, '[data-ready=yes]');
    await expectCleanEverywhere(tab, 'past');
    await tab.evaluate('(document.documentElement.dataset.contrast = "high")');
    await expectCleanEverywhere(tab, 'past, high contrast', { sizes: ['1440'] });
  }, 60_000);

  it('the room: waiting for its code, every page, a unit, off, without its line, turned away, in light and for a dark room', async () => {
    const room = await stage.browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'vi-VN', reducedMotion: 'reduce' });
    room.setDefaultTimeout(PATIENCE_MS);
    try {
      const [light, dark] = [await room.newPage(), await room.newPage()];
      const clean = async (name: string): Promise<void> => {
        for (const [page, theme] of [[light, 'light'], [dark, 'dark']] as const) await expectCleanEverywhere(page, `room ${name}, ${theme}`, { themes: [theme], sizes: [] });
      };
      await light.goto(`${stage.url}/man-hinh`);
      await dark.goto(`${stage.url}/man-hinh?nen=toi`);
      for (const page of [light, dark]) await page.locator('.rcode[data-code]:not([data-code=""])').waitFor();
      await clean('waiting for its code');
      const code = await light.locator('.rcode').getAttribute('data-code');
      await post('/screens/pair', { code, briefingId: meeting, name: 'Phòng họp số 1' });
      await light.locator('.rframe[data-ready=yes]').waitFor();
      await dark.reload();
      for (const page of ROOM_PAGES) {
        await show({ page });
        for (const one of [light, dark]) await one.locator(`.rframe[data-page="${page}"][data-ready=yes]`).waitFor();
        await clean(page);
      }
      await show({ page: 'units', unitId: LATE });
      for (const one of [light, dark]) await one.locator('.unitpage').waitFor();
      await clean('one unit');
      await show({ page: 'overdue', live: true });
      for (const one of [light, dark]) await one.locator('[data-state=live]').waitFor();
      await clean('live');
      await show({ page: 'overdue', blank: true });
      for (const one of [light, dark]) await one.locator('[data-blank=yes]').waitFor();
      await clean('off');
      await show({ page: 'overdue' });
      for (const one of [light, dark]) await one.locator('.rframe[data-page=overdue][data-ready=yes]').waitFor();
      await stage.server.away();
      try {
        for (const one of [light, dark]) await one.locator('.rlost').waitFor({ timeout: 60_000 });
        await clean('without its line');
      } finally {
        await stage.server.back();
      }
      for (const one of [light, dark]) await one.locator('.rlost').waitFor({ state: 'detached', timeout: 60_000 });
      const { items } = await ask<{ items: { id: string }[] }>(stage.url, '/screens');
      await post(`/screens/${items[0]!.id}/revoke`, {});
      for (const one of [light, dark]) await one.locator('main', { hasText: 'đã bị thu hồi' }).waitFor({ timeout: 60_000 });
      await clean('turned away');
    } finally {
      await room.close();
    }
  }, 240_000);

  const dialogs: readonly [name: string, keys: readonly string[], ready: string][] = [
    ['a conclusion being written', ['k'], '.brform textarea[name=text]'],
    ['an extension of the request that is shown', ['g'], '.brform input[name=deadline]'],
    ['a task being looked for', ['/'], '.brform [data-box=task] input'],
    ['a task being assigned', ['a'], '.brform'],
    ['the screens and the code', ['m'], 'dialog input[name=code]'],
    ['the keys', ['?'], 'dialog[open]'],
  ];
  it.each(dialogs)('the console: %s', async (name, keys, ready) => {
    await as('office');
    await show({ page: 'requests' });
    await open(`/giao-ban/${meeting}`, '.brmirror .rframe[data-page=requests][data-ready=yes]');
    for (const key of keys) await tab.keyboard.press(key);
    await tab.locator(ready).first().waitFor();
    await expectCleanEverywhere(tab, name);
  }, 60_000);

  it('the console: its agenda changed, a conclusion struck, the reading back, closed with its notice, and what it recorded', async () => {
    await post(`/briefings/${meeting}/conclusions`, { kind: 'decision', text: 'Các sở bố trí người trực' }, 'leader');
    await open(`/giao-ban/${meeting}`, '.brdone [data-conclusion]');
    await tab.getByRole('button', { name: 'Đổi thứ tự, thời lượng' }).click();
    await tab.locator('dialog .brorder').waitFor();
    await expectCleanEverywhere(tab, 'agenda');
    await tab.keyboard.press('Escape');
    await tab.getByRole('button', { name: /^Gạch/ }).click();
    await tab.locator('.brrepair').waitFor();
    await expectCleanEverywhere(tab, 'striking');
    await tab.locator('.brrepair').getByRole('button', { name: 'Thôi' }).click();
    await tab.getByRole('button', { name: 'Kết thúc và lập thông báo' }).click();
    await tab.locator('.brreadback li').first().waitFor();
    await expectCleanEverywhere(tab, 'reading back');
    await tab.locator('dialog .btn.primary').click();
    await tab.locator('.brminutes pre').waitFor();
    await expectCleanEverywhere(tab, 'closed');
    await open(`/giao-ban/${meeting}/dien-bien`, 'tr[data-event]');
    await expectCleanEverywhere(tab, 'its course');
    await open('/giao-ban', '.bropen');
    await expectCleanEverywhere(tab, 'one about to be opened');
    await as(`unit:${LATE}`);
    await open(`/giao-ban/${meeting}`, 'main h1');
    await expectCleanEverywhere(tab, 'not for this role');
  }, 120_000);

  it('the closed meeting in the room', async () => {
    const room = await stage.browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'vi-VN' });
    try {
      const page = await room.newPage();
      const next = (await post('/briefings', { name: 'Giao ban bổ sung', cutOff: '2020-11-29T07:00:00+07:00' })).id;
      await page.goto(`${stage.url}/man-hinh`);
      await page.locator('.rcode[data-code]:not([data-code=""])').waitFor();
      await post('/screens/pair', { code: await page.locator('.rcode').getAttribute('data-code'), briefingId: next, name: 'Phòng họp số 2' });
      await page.locator('.rframe[data-ready=yes]').waitFor();
      await post(`/briefings/${next}/close`, {}, 'leader');
      await page.locator('[data-state=closed]').waitFor();
      await expectCleanEverywhere(page, 'closed room', { themes: ['light'], sizes: [] });
    } finally {
      await room.close();
    }
    expect(stage.faults).toEqual([]);
  }, 60_000);
});
