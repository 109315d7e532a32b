import { beforeAll, describe, expect, it } from '@jest/globals';
import { ask, countedTasks, describeInBrowser } from '../support/browser.ts';

const DAY = '2020-11-28';
const UNIT = 'thanh-tra-tinh';

/** Words and days that stand nowhere else in the demonstration, so that where they are seen says where they came from. */
const NOW_ONLY = ['TIẾN-ĐỘ-MỚI-GHI', 'VIỆC-MỚI-GIAO', '19/07/2031', 'Đôn đốc Thanh tra tỉnh lần 1'] as const;

describeInBrowser('quá khứ đúng là quá khứ, và tờ giấy đúng là tờ giấy', (stage) => {
  let task = '';
  let documentId = '';
  const figures: Record<string, string> = {};

  async function post(path: string, body: object, actor = 'office'): Promise<{ id: string }> {
    const answer = await fetch(`${stage.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-actor': actor }, body: JSON.stringify(body) });
    const said = (await answer.json()) as { id: string };
    expect({ path, ok: answer.ok, said }).toMatchObject({ ok: true });
    return said;
  }
  const pages = (point: string): readonly (readonly [name: string, path: string, ready: string])[] => [
    ['dashboard', `/?${point}&donVi=${UNIT}`, '[data-ready=yes]'],
    ['list', `/viec?${point}&donVi=${UNIT}&nhom=O1`, '.wgrid[data-ready=yes] [data-task]'],
    ['counted list', `/danh-sach?${point}&donVi=${UNIT}&cell=O1`, 'tr[data-task]'],
    ['document', `/van-ban/${encodeURIComponent(documentId)}?${point}`, 'tr[data-task]'],
    ['task', `/viec/${task}?${point}`, '.story li'],
    ['comparison', `/so-sanh?${point}&donVi=${UNIT}&soVoi=2020-11-21`, '[data-ready=yes]'],
  ];
  const seen = async (path: string, ready: string): Promise<string> => {
    await stage.page.goto(`${stage.url}${path}`);
    await stage.page.locator(ready).first().waitFor();
    // All of it: what is asked afterwards, too.
    await stage.page.locator('.busy:empty').waitFor({ state: 'attached' });
    return (await stage.page.locator('body').innerText()).normalize('NFC');
  };
  /** Without what tells the present on purpose: the line, the clock, how far the log is. */
  const still = (text: string): string => text.replaceAll(/sự kiện #[\d.]+|đang là [^\n]*|Trực tiếp[^\n]*|\d+ thay đổi[^\n]*/gi, '');

  beforeAll(async () => {
    [task] = (await countedTasks(stage.url, 'cell=O1')) as [string];
    const known = await ask<{ documentId: string; document: { number: string; date: string; issuer: string; title: string } }>(stage.url, `/tasks/${task}`);
    documentId = known.documentId;
    for (const [name, path, ready] of pages(`ngay=${DAY}`)) figures[name] = still(await seen(path, ready));
    await post(`/tasks/${task}/progress`, { note: NOW_ONLY[0], percent: 37 }, `unit:${UNIT}`);
    await post(`/tasks/${task}/urge`, {}, 'leader');
    await post(`/tasks/${task}/extension-grants`, { deadline: { date: '2031-07-19' }, reason: 'Để thấy hạn mới ở đâu' }, 'leader');
    await post('/tasks', { document: known.document, content: NOW_ONLY[1], authority: 'chu-tich', leadUnitId: UNIT, assignedOn: '2020-11-29', deadline: { date: '2031-07-19' } });
  }, 120_000);

  it('what was recorded now is seen now: the new task and its deadline in lists and document, all of it on the task', async () => {
    const now: Record<string, string> = {};
    for (const [name, path, ready] of pages('')) now[name] = await seen(path.replace('?&', '?'), ready);
    for (const name of ['list', 'counted list', 'document']) expect([name, now[name]]).toEqual([name, expect.stringContaining(NOW_ONLY[1])]);
    for (const words of [NOW_ONLY[0], NOW_ONLY[2], NOW_ONLY[3]]) expect(now['task']).toContain(words);
    expect(now['dashboard']).not.toBe(figures['dashboard']);
  }, 60_000);

  it.each(['dashboard', 'list', 'counted list', 'document', 'task', 'comparison'])('the %s of a past day shows none of it, and says what it said before', async (name) => {
    const [, path, ready] = pages(`ngay=${DAY}`).find(([one]) => one === name)!;
    const text = await seen(path, ready);
    for (const words of NOW_ONLY) expect(text).not.toContain(words);
    // What has come since is folded away, and only told to be there.
    expect(still(text).replace(/\d+ sự kiện sau thời điểm đang xem\n*/, '')).toBe(figures[name]);
  }, 60_000);

  describe('the work list on paper', () => {
    const print = async (): Promise<{ rows: number; ids: number; says: string | null; grid: boolean }> => {
      const { page } = stage;
      // In the place of the printer, which lays the paper out when it is called.
      await page.evaluate(`void (window.laidOut = new Promise((done) => { window.print = () => {
        dispatchEvent(new Event('beforeprint'));
        const rows = [...document.querySelectorAll('[data-printed]')].map((row) => row.dataset.printed);
        done({ rows: rows.length, ids: new Set(rows).size, says: document.querySelector('.printsheet p')?.textContent ?? null });
      }; }))`);
      await page.keyboard.press('Control+p');
      const laidOut = await page.evaluate<{ rows: number; ids: number; says: string | null }>('window.laidOut');
      await page.emulateMedia({ media: 'print' });
      const grid = await page.locator('.wgrid').isVisible();
      expect(await page.locator('[data-printed]').last().isVisible()).toBe(true);
      await page.emulateMedia({ media: null });
      await page.evaluate(`dispatchEvent(new Event('afterprint'))`);
      expect(await page.locator('[data-printed]').count()).toBe(0);
      return { ...laidOut, grid };
    };

    it('has every row and not those in sight', async () => {
      const { total } = await ask<{ total: number }>(stage.url, '/tasks?limit=1');
      expect(total).toBeGreaterThan(200);
      await seen('/viec', '.wgrid[data-ready=yes] [data-task]');
      expect(await stage.page.locator('[data-task]').count()).toBeLessThan(100);
      expect(await print()).toEqual({ rows: total, ids: total, says: null, grid: false });
    });

    it('stops at two thousand and says how many there are; from the menu it has the rows read so far and says so', async () => {
      const { page } = stage;
      await page.route('**/api/v1/tasks?*', async (route) => {
        const url = new URL(route.request().url());
        const row = Number(url.searchParams.get('row') ?? '0');
        for (const name of ['row', 'cursor']) url.searchParams.delete(name);
        const answer = await route.fetch({ url: url.href });
        const page = (await answer.json()) as { items: { id: string }[] };
        await route.fulfill({ response: answer, json: { ...page, total: 2_345, nextCursor: 'next', items: page.items.map((item, n) => ({ ...item, id: `${item.id}-${String(row + n)}` })) } });
      });
      try {
        await seen('/viec', '.wgrid[data-ready=yes] [data-task]');
        await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
        expect([await page.locator('[data-printed]').count(), await page.locator('.printsheet p').textContent()]).toEqual([100, 'In 100 việc đầu, đã đọc, trong 2.345 việc; nút In của trang in đủ tới 2.000 việc, tệp xuất XLSX, CSV có đủ.']);
        expect(await print()).toEqual({ rows: 2_000, ids: 2_000, says: 'In 2.000 việc đầu trong 2.345 việc; tệp xuất XLSX, CSV có đủ.', grid: false });
      } finally {
        await page.unroute('**/api/v1/tasks?*');
      }
    });
  });

  it('a list that is read page after page says on paper how many of its rows it has, until it has them all', async () => {
    const { page } = stage;
    const { total } = await ask<{ total: number }>(stage.url, '/figures/list?limit=1&cell=D1,D2,O1,O2');
    expect([total > 100, total <= 300]).toEqual([true, true]);
    await seen('/danh-sach?cell=D1,D2,O1,O2', 'tr[data-task]');
    const says = page.locator('.pager .onpaper');
    expect(await says.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    try {
      expect(await says.innerText()).toBe(`Bản in này có 100 trên ${String(total)} dòng; tệp xuất XLSX, CSV có đủ.`);
    } finally {
      await page.emulateMedia({ media: null });
    }
    for (const more = page.locator('[data-do=more]'); (await more.count()) > 0; ) {
      const rows = await page.locator('tr[data-task]').count();
      await more.click();
      await page.locator('tr[data-task]').nth(rows).waitFor();
    }
    expect([await page.locator('tr[data-task]').count(), await says.count()]).toEqual([total, 0]);
  }, 60_000);

  describe('on paper', () => {
    const sheets = (): readonly (readonly [name: string, path: string, ready: string])[] => [
      ...pages(`ngay=${DAY}`),
      ['replay', '/phat-lai?doiTuong=NV-2020-0031&a=position:169&b=position:176', '.replay[data-ready=yes]'],
      ['replay of a unit', `/phat-lai?doiTuong=don-vi:${UNIT}&a=2020-10-01&b=${DAY}`, '.events.wide > li'],
      ['desk', '/ban-lam-viec', 'main h1'],
    ];
    it.each(['dashboard', 'list', 'counted list', 'document', 'task', 'comparison', 'replay', 'replay of a unit', 'desk'])('the %s is A4 on its side, nothing beyond its edge, without anything to press', async (name) => {
      const [, path, ready] = sheets().find(([one]) => one === name)!;
      const { page } = stage;
      await seen(path, ready);
      const paper = (await page.pdf({ preferCSSPageSize: true, path: `node_modules/.cache/screenshots/print-${name.replaceAll(' ', '-')}.pdf` })).toString('latin1');
      const boxes = [...paper.matchAll(/\/MediaBox\s*\[([\d. ]+)\]/g)].map(([, box]) => box!.trim().split(' ').map((side) => Math.round(Number(side))));
      expect(boxes.length).toBeGreaterThan(0);
      expect(boxes.filter((box) => box.join() !== '0,0,842,595' && box.join() !== '0,0,842,596')).toEqual([]);
      // As the printer lays it out: the width of the sheet between its margins, 273 mm at 96 points an inch.
      const was = page.viewportSize()!;
      await page.setViewportSize({ width: Math.floor((273 / 25.4) * 96), height: 700 });
      await page.emulateMedia({ media: 'print' });
      try {
        const [content, width] = await page.evaluate<number[]>('[document.documentElement.scrollWidth, window.innerWidth]');
        expect({ name, content }).toEqual({ name, content: Math.min(content!, width!) });
        const cut = await page.evaluate<string[]>(`[...document.querySelectorAll('main table, main .wgrid, main [role=row]')].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.className + ' ' + Math.round(one.getBoundingClientRect().right))`);
        expect({ name, cut }).toEqual({ name, cut: [] });
        // What says a figure, a filter or the name of a column stays as its words.
        const pressed = await page.evaluate<string[]>(`[...document.querySelectorAll('button, input, select, textarea, [role=slider]')].filter((one) => !one.matches('.delta, .chip, th button, [role=columnheader] button')).filter((one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 0).map((one) => (one.getAttribute('name') ?? '') + ' ' + (one.textContent ?? '').trim().slice(0, 40) + ' .' + one.className + ' in ' + (one.parentElement?.className ?? ''))`);
        expect({ name, pressed }).toEqual({ name, pressed: [] });
      } finally {
        await page.emulateMedia({ media: null });
        await page.setViewportSize(was);
      }
    }, 60_000);
  });
});
