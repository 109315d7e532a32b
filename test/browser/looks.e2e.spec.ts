import { afterAll, expect, it } from '@jest/globals';
import { gzipSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { ask, countedTasks, DAY, describeInBrowser, expectFitToShow, TIMEOUT_MS, toldLooks, VIEW } from '../support/browser.ts';

const FIRST_PAGE_BYTES = 260_000;

/** The page allows no `eval`, by which a browser would be waited for. */
async function until(tab: Page, holds: string): Promise<void> {
  for (let tries = 0; tries < 100 && !(await tab.evaluate<boolean>(holds)); tries++) await tab.waitForTimeout(50);
  expect({ holds, is: await tab.evaluate(holds) }).toEqual({ holds, is: true });
}

describeInBrowser('dáng vẻ và khả năng tiếp cận', (stage) => {
  afterAll(() => toldLooks('dáng vẻ'));
  const done = async (): Promise<string> => (await countedTasks(stage.url, 'cell=D1'))[0]!;
  const running = async (): Promise<string> => (await countedTasks(stage.url, 'cell=O1'))[0]!;
  const documentId = async (): Promise<string> =>
    encodeURIComponent((await ask<{ items: { documentId: string }[] }>(stage.url, '/tasks?limit=1')).items[0]!.documentId);
  /** The draft of the report of 2020, made once. */
  const report = async (): Promise<string> => {
    const { items } = await ask<{ items: { id: string }[] }>(stage.url, '/reports');
    if (items[0]) return items[0].id;
    const made = await fetch(`${stage.url}/api/v1/reports`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-28' }) });
    return ((await made.json()) as { id: string }).id;
  };
  const at = (path: () => Promise<string>, ready: string, then?: (tab: Page) => Promise<void>) => async (tab: Page) => {
    await tab.goto(`${stage.url}${await path()}`);
    await tab.locator('main h1').waitFor();
    await tab.locator(ready).first().waitFor();
    await then?.(tab);
  };
  const pages: [string, (tab: Page) => Promise<void>][] = [
    [
      'dashboard',
      at(
        async () => `/?${VIEW}`,
        '[data-ready=yes]',
        async (tab) => {
          await tab.locator('.whyb').first().click();
          await tab.locator('.why dl').waitFor();
        },
      ),
    ],
    ['province', at(async () => `/?${DAY}`, '[data-ready=yes]')],
    [
      'known-then',
      at(
        async () => `/?${VIEW}&bietDen=2020-11-28&tapViec=C3&ngayNghi=none`,
        '[data-ready=yes]',
        async (tab) => {
          await tab.getByRole('button', { name: 'Cách tính' }).click();
        },
      ),
    ],
    [
      'deltas',
      at(
        async () => `/?${VIEW}&soVoi=2020-11-21`,
        '[data-delta]',
        async (tab) => {
          await tab.locator('[data-delta]').first().click();
          await tab.locator('.panel').waitFor();
        },
      ),
    ],
    ['compare', at(async () => `/so-sanh?${VIEW}&soVoi=2020-11-28&soVoiBietDen=2020-11-28`, '[data-ready=yes]')],
    ['compare-empty', at(async () => `/so-sanh?${DAY}`, '.state')],
    [
      'list',
      at(
        async () => `/danh-sach?${VIEW}&cell=O1`,
        'tr[data-task]',
        async (tab) => {
          await tab.getByRole('button', { name: 'Vì sao số này?' }).click();
          await tab.locator('.why dl').waitFor();
        },
      ),
    ],
    ['task-past', at(async () => `/viec/${await done()}?${VIEW}`, '.story li')],
    ['task', at(async () => `/viec/${await running()}`, '.story li')],
    [
      'task-form',
      at(
        async () => `/viec/${await running()}`,
        '.story li',
        async (tab) => {
          await tab.locator('[data-act=extension-grants]').click();
          await tab.getByLabel('Thời hạn mới, ghi như trong văn bản').fill('trước ngày 13/12/2020');
          await tab.locator('.reading .due').waitFor();
          await tab.getByLabel('Xảy ra từ trước').check();
          await tab.locator('form button[type=submit]').click();
          await tab.locator('.refusal').waitFor();
        },
      ),
    ],
    [
      'assign',
      at(
        async () => '/giao-viec',
        'form.assign',
        async (tab) => {
          await tab.getByLabel('Cơ quan chủ trì').fill('thanh tra tinh');
          await tab.keyboard.press('Enter');
          await tab.getByLabel('Thời hạn, ghi như trong văn bản').fill('trong 10 ngày làm việc kể từ ngày nhận được văn bản');
          await tab.locator('.reading .due').waitFor();
          await tab.getByRole('button', { name: 'Giao 1 việc' }).click();
          await tab.locator('.ferr').first().waitFor();
          await tab.locator('.reading summary').click();
          await tab.getByLabel('Cơ quan phối hợp').fill('so');
        },
      ),
    ],
    [
      'desk',
      at(
        async () => '/ban-lam-viec',
        'h1 [data-total]',
        async (tab) => {
          await tab.locator('select[name=vai] option[value="unit:thanh-tra-tinh"]').waitFor({ state: 'attached' });
          await tab.locator('select[name=vai]').selectOption('unit:thanh-tra-tinh');
          await tab.locator('.drow button').first().click();
          await tab.locator('form[data-form]').waitFor();
        },
      ),
    ],
    ['desk-past', at(async () => `/ban-lam-viec?${DAY}`, '.state')],
    ['document', at(async () => `/van-ban/${await documentId()}`, 'tr[data-task]')],
    ['report', at(async () => `/bao-cao/${await report()}`, '.paper')],
    ['reports', at(async () => '/bao-cao', '.rptabs')],
    ['plans', at(async () => '/bao-cao/ke-hoach', '.rpplans')],
    ['indicators', at(async () => '/bao-cao/chi-so', '.rpplans')],
    [
      'duties',
      at(
        async () => '/bao-cao/phai-nop',
        'h1.listh',
        async (tab) => {
          await tab.locator('select[name=vai]').selectOption('admin');
          await tab.getByRole('heading', { name: 'Thêm báo cáo phải nộp' }).waitFor();
        },
      ),
    ],
    ['outputs', at(async () => '/bao-cao/van-ban', '.rppaper')],
    [
      'palette',
      at(
        async () => `/?${VIEW}`,
        '[data-ready=yes]',
        async (tab) => {
          await tab.keyboard.press('Control+k');
          await tab.getByRole('combobox', { name: /Đi tới/ }).fill('thanh tra');
          await tab.getByRole('group', { name: 'Việc' }).waitFor();
        },
      ),
    ],
    [
      'worklist',
      at(
        async () => '/viec?nhom=O1,O2&sapXep=due',
        '.wgrid[data-ready=yes] [data-task]',
        async (tab) => {
          await tab.locator('.wgrid').focus();
          await tab.keyboard.press('Space');
          await tab.locator('[data-picked]').waitFor();
        },
      ),
    ],
    [
      'worklist-bulk',
      at(
        async () => '/viec?nhom=O1',
        '.wgrid[data-ready=yes] [data-task]',
        async (tab) => {
          await tab.locator('.wgrid').focus();
          await tab.keyboard.press('Space');
          await tab.keyboard.press('a');
          await tab.locator('[data-act=extension-grants]').click();
          await tab.getByRole('button', { name: 'Xem trước' }).click();
          await tab.locator('[data-foreseen]').waitFor();
        },
      ),
    ],
    [
      'shortcuts',
      at(
        async () => '/viec',
        '[role=row][data-task]',
        async (tab) => {
          await tab.keyboard.press('?');
          await tab.locator('dialog').waitFor();
        },
      ),
    ],
    [
      'replay',
      at(
        async () => '/phat-lai?doiTuong=NV-2020-0031&a=position:169&b=position:176',
        '.replay[data-ready=yes]',
        async (tab) => {
          await tab.locator('[data-field=cell] [data-column=b] .by a').first().waitFor();
          await tab.locator('.events summary').first().click();
          await tab.locator('.events pre').first().waitFor();
        },
      ),
    ],
    ['replay-one', at(async () => '/phat-lai?doiTuong=NV-2020-0091&a=2020-05-20', '.replay[data-ready=yes]')],
    ['replay-choose', at(async () => '/phat-lai', '.replay-pick')],
    ['replay-unknown', at(async () => '/phat-lai?doiTuong=NV-2020-9999', '.state .acts')],
    ['refused', at(async () => '/?ngay=2020-11-28&kyBaoCao=2019', '[role=alert]')],
    ['nothing', at(async () => '/danh-sach?ngay=2020-11-28&cell=X', '.state')],
  ];
  it.each(pages)(
    '%s: no finding of axe, no sideways scrolling, in every theme and width',
    async (name, prepare) => expectFitToShow(stage, name, prepare),
    120_000,
  );

  it('the first page costs at most 260 KB of script, packed', async () => {
    const tab = await stage.context.newPage();
    try {
      const scripts = new Set<string>();
      tab.on('response', (response) => {
        if (response.request().resourceType() === 'script') scripts.add(new URL(response.url()).pathname);
      });
      await tab.goto(`${stage.url}/?${VIEW}`);
      await tab.locator('[data-ready=yes]').waitFor();
      expect(scripts.size).toBeGreaterThan(1);
      const bytes = [...scripts].reduce((sum, file) => sum + gzipSync(readFileSync(`dist/apps/web${file}`)).length, 0);
      expect(bytes).toBeLessThanOrEqual(FIRST_PAGE_BYTES);
    } finally {
      await tab.close();
    }
  });

  it('arriving at a page puts the focus on its heading and the page at its top; going back finds the place', async () => {
    const tab = await stage.context.newPage();
    try {
      await tab.goto(`${stage.url}/viec`);
      await tab.locator('[data-task]').first().waitFor();
      await tab.mouse.move(700, 600);
      await tab.mouse.wheel(0, 2_500);
      await until(tab, 'window.scrollY > 2000');
      const row = tab.locator('[data-task] a').nth(18);
      await row.scrollIntoViewIfNeeded();
      const was = await tab.evaluate<number>('window.scrollY');
      expect(was).toBeGreaterThan(300);
      const code = await row.locator('xpath=ancestor::*[@data-task]').getAttribute('data-task');
      // Without the scrolling that a pointer would bring along.
      await row.dispatchEvent('click');
      await tab.locator('.story li').first().waitFor();
      expect(await tab.evaluate('document.activeElement.tagName')).toBe('H1');
      expect(await tab.evaluate('window.scrollY')).toBe(0);
      await tab.goBack();
      await tab.locator(`[data-task="${code!}"]`).waitFor();
      await until(tab, `Math.abs(window.scrollY - ${String(was)}) < 4`);
    } finally {
      await tab.close();
    }
  });

  it('what a reader chose for the display stands before anything is drawn, and the page is English for who reads English', async () => {
    const own = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: 'light', locale: 'vi-VN' });
    try {
      own.setDefaultTimeout(TIMEOUT_MS);
      const tab = await own.newPage();
      await tab.goto(`${stage.url}/giao-viec`);
      await tab.getByRole('button', { name: 'Hiển thị' }).click();
      await tab.getByRole('radio', { name: 'Nền tối' }).check();
      await tab.getByRole('radio', { name: 'Tương phản cao' }).check();
      await tab.getByRole('radio', { name: '150 %' }).check();
      expect(await tab.evaluate('getComputedStyle(document.documentElement).fontSize')).toBe('24px');
      // The page is loaded anew, so nobody is left to say that it is checked.
      await tab.getByRole('radio', { name: 'English' }).click();
      await tab.getByRole('button', { name: 'Display' }).waitFor();
      // Scripts of the page itself wait: what is there now was put there before them.
      await tab.route(/\/assets\/.*\.js/, (route) => route.abort());
      await tab.reload({ waitUntil: 'commit' });
      await tab.locator('link[rel=stylesheet]').waitFor({ state: 'attached' });
      expect(await tab.evaluate('({ ...document.documentElement.dataset, lang: document.documentElement.lang })')).toEqual({
        theme: 'dark',
        contrast: 'high',
        size: '150',
        lang: 'en',
      });
      await tab.unroute(/\/assets\/.*\.js/);
      await tab.reload();
      expect(await tab.locator('main h1').innerText()).toBe('Assign');
      expect(await tab.getByRole('button', { name: 'Assign 1 task' }).count()).toBe(1);
      await tab.goto(`${stage.url}/viec/khong-co`);
      await tab.locator('main [role=alert] h1').waitFor();
      expect(await tab.locator('main h1[lang=vi]').innerText()).toBe('Không tìm thấy việc');
      for (const [path, ready] of [
        ['/viec', '[data-task]'],
        [`/viec/${await running()}`, '.story li'],
      ] as const) {
        await tab.goto(`${stage.url}${path}`);
        await tab.locator(ready).first().waitFor();
        for (const width of [1440, 360]) {
          await tab.setViewportSize({ width, height: 900 });
          const content = await tab.evaluate<number>('document.documentElement.scrollWidth');
          expect({ path, width, content }).toEqual({ path, width, content: Math.min(content, width) });
        }
      }
    } finally {
      await own.close();
    }
  }, 240_000);

  it('on a phone the pages stand behind a button, and what sticks is the instant alone', async () => {
    const own = await stage.browser.newContext({ viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true, locale: 'vi-VN' });
    try {
      own.setDefaultTimeout(TIMEOUT_MS);
      const tab = await own.newPage();
      await tab.goto(`${stage.url}/viec`);
      await tab.locator('[data-task]').first().waitFor();
      expect(await tab.locator('nav a', { hasText: 'So sánh' }).isVisible()).toBe(false);
      await tab.getByRole('button', { name: 'Các trang' }).click();
      expect((await tab.locator('nav a', { hasText: 'So sánh' }).boundingBox())!.height).toBeGreaterThanOrEqual(44);
      await tab.keyboard.press('Escape');
      expect(await tab.locator('nav a', { hasText: 'So sánh' }).isVisible()).toBe(false);
      await tab.evaluate('window.scrollTo(0, 2000)');
      await until(tab, 'window.scrollY > 1000');
      const point = (await tab.locator('.point').boundingBox())!;
      expect(point.y).toBeLessThan(4);
      expect(point.height).toBeLessThan(60);
      expect(await tab.locator('.point').innerText()).toMatch(/Toàn tỉnh · .*\d\d\/\d\d\/\d{4}/);
    } finally {
      await own.close();
    }
  });

  it('a finger finds every button, box and link in the page of a task on a phone', async () => {
    const own = await stage.browser.newContext({ viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true });
    try {
      const tab = await own.newPage();
      await tab.goto(`${stage.url}/viec/${await running()}`);
      await tab.locator('.story li').first().waitFor();
      const small = await tab.locator('main button, main input, main select, main summary').evaluateAll((all) =>
        all
          .filter((one) => one.checkVisibility())
          .map((one) => ({ what: one.textContent, height: one.getBoundingClientRect().height }))
          .filter(({ height }) => height < 44),
      );
      expect(small).toEqual([]);
    } finally {
      await own.close();
    }
  });
});
