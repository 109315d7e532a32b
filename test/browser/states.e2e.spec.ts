import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { ask, countedTasks, DAY, describeInBrowser, expectCleanEverywhere, expectNoViolation, openDashboard, picture, TIMEOUT_MS, VIEW } from '../support/browser.ts';
import { startDemoServer, type DemoServer } from '../support/demo-server.ts';
import { FULL } from '../support/rounds.ts';

const LONG_NAME = `Ban Quản lý dự án đầu tư xây dựng các công trình dân dụng, công nghiệp, giao thông, nông nghiệp và phát triển nông thôn tỉnh ${'Khánh Hòa'.repeat(3)}`;
const LONG_WORD = 'SốHiệuVănBảnLiềnMộtMạchKhôngDấuCách'.repeat(6);

describeInBrowser('mọi trạng thái của trang đều được vẽ', (stage) => {
  const open = async (options: BrowserContextOptions, look: (tab: Page) => Promise<void>): Promise<void> => {
    const own = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'vi-VN', colorScheme: 'light', reducedMotion: 'reduce', ...options });
    own.setDefaultTimeout(TIMEOUT_MS);
    try {
      await look(await own.newPage());
    } finally {
      await own.close();
    }
  };
  /** Drawn, and looked at by axe at every size in both themes; in high contrast when there is time. */
  const seen = async (tab: Page, name: string): Promise<void> => {
    await picture(tab, `state-${name}`);
    await expectCleanEverywhere(tab, name);
    if (!FULL) return;
    for (const [way, media] of [
      ['dark', { colorScheme: 'dark' }],
      ['contrast', { colorScheme: 'light', contrast: 'more' }],
    ] as const) {
      await tab.emulateMedia(media);
      await picture(tab, `state-${name}-${way}`);
      await expectNoViolation(tab, `${name} ${way}`, ['color-contrast']);
    }
    await tab.emulateMedia({ colorScheme: 'light', contrast: null });
  };

  describe('hệ thống khác', () => {
    let other: DemoServer;
    let folder: string;
    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'nhacviec-empty-'));
      other = await startDemoServer({ from: folder });
    }, 240_000);
    afterAll(async () => {
      await other.stop();
      rmSync(folder, { recursive: true, force: true });
    });
    const post = async (path: string, actor: string, body: object): Promise<{ id: string }> => {
      const answer = await fetch(`${other.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-actor': actor }, body: JSON.stringify(body) });
      const said = (await answer.json()) as { id: string };
      expect({ path, status: answer.status, said }).toMatchObject({ status: 201 });
      return said;
    };

    it('an empty system says how to begin, and shows no noughts', async () => {
      await open({}, async (tab) => {
        await tab.goto(`${other.url}/`);
        await tab.locator('[data-state=empty-system] h1').waitFor();
        expect(await tab.locator('main').innerText()).not.toMatch(/\b0\b/);
        await seen(tab, 'empty-system');
      });
    });

    it('eighty units and names of any length leave every page in its width', async () => {
      for (let n = 1; n <= 80; n++) await post('/units', 'admin', { id: `don-vi-${n}`, name: n === 7 ? LONG_NAME : `Đơn vị số ${n}`, shortName: `ĐV ${n}`, kind: 'so', establishedOn: '2019-01-01' });
      let long = '';
      for (let n = 1; n <= 80; n++) {
        const { id } = await post('/tasks', 'office', {
          document: { number: n === 7 ? LONG_WORD.slice(0, 60) : `${n}/UBND-TH`, date: '2020-11-02', issuer: 'UBND tỉnh', title: `Văn bản số ${n}` },
          content: n === 7 ? `${LONG_WORD} ${'Báo cáo tình hình thực hiện '.repeat(12)}`.trim() : `Việc của đơn vị số ${n}`,
          authority: 'ubnd-tinh', leadUnitId: `don-vi-${n}`, assignedOn: '2020-11-03', backdateReason: 'Nhập việc đang có', deadline: { date: n % 3 === 0 ? '2020-11-20' : '2020-12-18' },
        });
        if (n === 7) long = id;
      }
      await open({}, async (tab) => {
        await tab.goto(`${other.url}/`);
        await tab.locator('[data-ready=yes]').waitFor();
        await tab.getByText(LONG_NAME).first().waitFor({ state: 'attached' });
        await seen(tab, '80-units');
        for (const path of [`/viec/${long}`, `/?donVi=don-vi-7`, '/viec', '/ban-lam-viec']) {
          await tab.goto(`${other.url}${path}`);
          await tab.locator('main h1').first().waitFor();
          for (const width of [1440, 360]) {
            await tab.setViewportSize({ width, height: 900 });
            const content = await tab.evaluate<number>('document.documentElement.scrollWidth');
            expect({ path, width, content }).toEqual({ path, width, content: Math.min(content, width) });
          }
          if (path.startsWith('/viec/')) await picture(tab, 'state-long-names-360');
        }
      });
    }, 240_000);
  });

  it('a unit without tasks is told so, with the scope in sight', async () => {
    await open({}, async (tab) => {
      const units = await ask<{ items: { id: string; name: string }[] }>(stage.url, '/units');
      const counted = await ask<{ groups?: { key: string }[] }>(stage.url, '/figures?groupBy=unit&asOf=2020-11-28');
      const idle = units.items.find(({ id }) => !(counted.groups ?? []).some(({ key }) => key === id))!;
      await tab.goto(`${stage.url}/?donVi=${idle.id}`);
      await tab.locator('[data-ready=yes]').waitFor();
      expect(await tab.locator('main').innerText()).toMatch(/Chưa có việc|Không có việc|0 việc/);
      expect(await tab.locator('.inst').innerText()).toContain(idle.name);
      await seen(tab, 'empty-scope');
      await tab.goto(`${stage.url}/viec?donVi=${idle.id}`);
      await tab.locator('.state h1').waitFor();
      await seen(tab, 'empty-list');
    });
  });

  it('what a role may not see is hidden, not shown as nought', async () => {
    await open({}, async (tab) => {
      await tab.route(/\/api\/v1\/(figures|dashboard)/, (route) =>
        route.fulfill({ status: 403, contentType: 'application/problem+json', body: JSON.stringify({ title: 'Không có quyền', status: 403, detail: 'Vai này không xem số liệu của đơn vị khác.', code: 'role-may-not' }) }),
      );
      await tab.goto(`${stage.url}/`);
      await tab.locator('main [role=alert] h1', { hasText: 'Không có quyền' }).waitFor();
      await tab.locator('main', { hasText: 'Liên hệ quản trị nếu cần' }).waitFor();
      expect(await tab.locator('main a[data-count]').count()).toBe(0);
      expect(await tab.getByRole('button', { name: 'Thử lại' }).count()).toBe(0);
      await seen(tab, 'no-permission');
    });
  });

  it('figures behind the log say how far, and when the program says it stands', async () => {
    await open({}, async (tab) => {
      const projection = { name: 'figures', version: 3, build: 1, state: 'active', position: '700', lagEvents: 1_234, lagSeconds: 42, parked: 0, lastError: null as string | null, progress: null, restarts: 0 };
      let health: { status: number; body: object } = { status: 200, body: { status: 'ready', projections: [projection] } };
      await tab.route(/\/api\/v1\/health\/ready/, (route) => route.fulfill({ status: health.status, contentType: 'application/json', body: JSON.stringify(health.body) }));
      await openDashboard(tab, stage.url, '');
      await tab.locator('[data-behind=late]').waitFor();
      expect(await tab.locator('.latebar').innerText()).toContain('Số liệu chậm 42 giây: còn 1.234 sự kiện');
      await seen(tab, 'stale');
      health = { status: 503, body: { status: 'not-ready', projections: [{ ...projection, lastError: 'hỏng' }] } };
      await tab.reload();
      await tab.locator('[data-behind=standing]').waitFor();
      expect(await tab.locator('.latebar').innerText()).toContain('Số liệu đang dừng ở sự kiện #700');
      await picture(tab, 'state-standing');
    });
  });

  it('a server that is away is told where one is, and found again without a reload', async () => {
    await open({}, async (tab) => {
      await openDashboard(tab, stage.url, VIEW);
      const before = await tab.locator('h1').innerText();
      await tab.locator('html[data-pages=yes]').waitFor({ state: 'attached' });
      await stage.server.away();
      try {
        await tab.locator('nav a', { hasText: 'So sánh' }).click();
        await tab.locator('main h1').first().waitFor();
        await tab.goBack();
        await tab.locator('main h1').first().waitFor();
        expect(await tab.locator('h1').innerText()).toBe(before);
        await tab.locator('nav a', { hasText: /^Việc$/ }).click();
        await tab.locator('main [role=alert] h1').waitFor();
        expect(await tab.locator('main [role=alert]').innerText()).toMatch(/Không tới được máy chủ[\s\S]*Thử lại/);
        await seen(tab, 'server-away');
      } finally {
        await stage.server.back();
      }
      await tab.locator('[data-task]').first().waitFor({ timeout: 30_000 });
      await tab.locator('.lostbar').waitFor({ state: 'detached' });
    });
  }, 240_000);

  it('the past is tinted, frozen, offers no command and has a way back; a simulated clock says so', async () => {
    await open({}, async (tab) => {
      const id = (await countedTasks(stage.url, 'cell=O1'))[0]!;
      await tab.goto(`${stage.url}/viec/${id}?${DAY}`);
      await tab.locator('.story li').first().waitFor();
      expect(await tab.locator('.frame.past').count()).toBe(1);
      expect(await tab.locator('[data-frozen]').innerText()).toContain('số liệu cố định');
      expect(await tab.locator('[data-act]').count()).toBe(0);
      expect(await tab.locator('[data-badge=simulated]').innerText()).toContain('Đồng hồ mô phỏng, đang là');
      await seen(tab, 'past');
      await tab.getByRole('link', { name: 'Đang xem quá khứ — về hiện tại' }).first().click();
      await tab.locator('.frame:not(.past) [data-line]').waitFor();
      await tab.locator('[data-act]').first().waitFor();
      await picture(tab, 'state-simulated');
    });
  });

  it('a damaged address is told what is wrong with it, on a page that stands', async () => {
    const odd = ['%F0%9F%92%A5', '2020-02-31'];
    const { page: tab, url, faults } = stage;
    const places = [
      ['/', ['ngay', 'bietDen', 'soVoi', 'soVoiBietDen', 'kyBaoCao', 'chiXem', 'donVi']],
      ['/viec', ['ngay', 'hanTu', 'sapXep']],
      ['/bang-dieu-hanh/danh-sach', ['week', 'what', 'ngay']],
      ['/danh-sach', ['o', 'ngay']],
      ['/phat-lai', ['a', 'b', 'tu']],
      ['/so-sanh', ['ngay', 'soVoi']],
      ['/bao-cao/van-ban', ['ngay']],
    ] as const;
    const addresses = places.flatMap(([path, names]) => names.flatMap((name) => odd.map((value) => `${path}?${name}=${value}`)));
    for (const address of [...addresses, '/?khoi=__proto__&coQuanGiao=__proto__&tyLe=constructor&tapViec=__proto__']) {
      faults.length = 0;
      await tab.goto(`${url}${address}`, { waitUntil: 'domcontentloaded' });
      await tab.locator('main').first().waitFor();
      await tab.waitForFunction("document.querySelector('main').innerText.length > 20");
      const text = await tab.evaluate<string>('document.body.innerText');
      expect([address, faults.filter((fault) => !fault.startsWith('Failed to load resource'))]).toEqual([address, []]);
      expect([address, /NaN|undefined|Invalid Date|\[object |native code|Trang gặp lỗi/.exec(text)?.[0]]).toEqual([address, undefined]);
    }
    await tab.goto(`${url}/?ngay=%F0%9F%92%A5`);
    await tab.getByText('Tham số asOf=“💥”').waitFor();
    await tab.getByRole('link', { name: 'Bỏ mọi lựa chọn' }).click();
    await tab.locator('main h1').first().waitFor();
    expect(new URL(tab.url()).search).toBe('');
    faults.length = 0;
  });

  it('where even the frame of a page breaks there are words and a way out', async () => {
    await open({}, async (tab) => {
      await tab.addInitScript("globalThis.sound = Date.prototype.toISOString; Date.prototype.toISOString = () => { throw new RangeError('hỏng'); };");
      await tab.goto(`${stage.url}/?ngay=2020-11-28T07:30:00%2B07:00`);
      await tab.getByRole('heading', { name: 'Trang gặp lỗi' }).waitFor();
      expect(await tab.getByRole('link', { name: 'Về bảng điều hành' }).getAttribute('href')).toBe('/');
      // What looks the page over writes days itself.
      await tab.evaluate('Date.prototype.toISOString = globalThis.sound');
      await seen(tab, 'broken-frame');
    });
  });

  it('without JavaScript there is a page that says what to do', async () => {
    await open({ javaScriptEnabled: false }, async (tab) => {
      await tab.goto(`${stage.url}/viec`);
      expect(await tab.locator('h1').innerText()).toBe('Trang này cần JavaScript');
      expect(await tab.locator('a', { hasText: 'tải lại trang' }).isVisible()).toBe(true);
      await picture(tab, 'state-no-script');
    });
  });

  it.each([
    ['task', '/viec/khong-co', 'Không tìm thấy việc', 'Tìm việc khác'],
    ['unit', '/?donVi=khong-co', 'cần mã một đơn vị có trong danh mục', null],
    ['document', '/van-ban/khong-co', 'Không tìm thấy văn bản', 'Tìm việc'],
    ['day', '/viec?ngay=2020-13-45', 'cần một ngày có thật', null],
    ['page', '/khong-co-trang-nay', 'Không có trang này', null],
  ])('a wrong link to a %s says what is wrong and offers a way on', async (name, path, says, way) => {
    await open({}, async (tab) => {
      await tab.goto(`${stage.url}${path}`);
      await tab.locator('main h1').first().waitFor();
      await tab.locator('main', { hasText: says }).waitFor();
      if (way !== null) expect(await tab.locator('main').getByRole('link', { name: way }).count()).toBe(1);
      expect(await tab.locator('nav a').count()).toBeGreaterThan(4);
      await seen(tab, `wrong-${name}`);
    });
  });

  it('of two people who decide the same request, the second is told what the first did, where he stands', async () => {
    const [id] = await countedTasks(stage.url, 'cell=O1');
    const task = await ask<{ leadUnitId: string; code: string }>(stage.url, `/tasks/${id!}`);
    const give = async (segment: string, actor: string, body: object): Promise<void> => {
      const answer = await fetch(`${stage.url}/api/v1/tasks/${id!}/${segment}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-actor': actor }, body: JSON.stringify(body) });
      expect({ segment, status: answer.status, said: await answer.json() }).toMatchObject({ status: 200 });
    };
    await give('extension-requests', `unit:${task.leadUnitId}`, { deadline: { date: '2021-01-15' }, reason: 'Chờ ý kiến Bộ' });
    await open({}, async (tab) => {
      await tab.goto(`${stage.url}/viec/${id!}`);
      await tab.locator('[data-act=extension-refusals]').click();
      await tab.locator('[data-form=extension-refusals] textarea').first().fill('Không có căn cứ');
      await give('extension-grants', 'leader', { deadline: { date: '2020-12-31' } });
      await tab.locator('[data-form=extension-refusals] button[type=submit]').click();
      await tab.locator('.refusal .meanwhile li').waitFor();
      const said = await tab.locator('.refusal').innerText();
      expect(said).toMatch(/việc đã được ghi thêm[\s\S]*31\/12\/2020[\s\S]*Lãnh đạo/);
      await seen(tab, 'two-decide');
      await tab.getByRole('button', { name: 'Lấy diễn biến mới' }).click();
      await tab.locator('.story', { hasText: '31/12/2020' }).waitFor();
    });
  });
});
