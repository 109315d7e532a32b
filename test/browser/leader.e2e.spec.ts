import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ask, countedLinks, describeInBrowser, openDashboard, readList } from '../support/browser.ts';
import { FULL } from '../support/rounds.ts';

const LATE = 'so-noi-vu';
const OTHER = 'thanh-tra-tinh';

/** What a leader does on the dashboard; some tasks are late here, which the list of 2020 has none of. */
describeInBrowser('lãnh đạo ở bảng điều hành', (stage) => {
  let number = 0;
  async function assign(leadUnitId: string, date: string): Promise<string> {
    number += 1;
    const answer = await fetch(`${stage.url}/api/v1/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-actor': 'office' },
      body: JSON.stringify({
        document: { number: `${String(9_100 + number)}/UBND-TH`, date: '2020-10-01', issuer: 'UBND tỉnh Khánh Hòa', title: 'Việc để đôn đốc' },
        content: `Việc để lãnh đạo xem, số ${String(number)}`,
        authority: 'chu-tich',
        field: 'cải cách hành chính',
        starred: true,
        leadUnitId,
        assignedOn: '2020-10-01',
        backdateReason: 'việc giao từ trước, nay mới nhập',
        deadline: { date },
      }),
    });
    const body = (await answer.json()) as { id: string };
    expect({ status: answer.status, body }).toMatchObject({ status: 201 });
    return body.id;
  }
  const events = async (id: string) => (await ask<{ items: { type: string }[] }>(stage.url, `/tasks/${id}/events`)).items.map(({ type }) => type);
  const position = async () => (await ask<{ position: string }>(stage.url, '/system')).position;
  async function openAsLeader(page: Page, query = ''): Promise<void> {
    await openDashboard(page, stage.url, query);
    await page.locator('select[name=vai]').selectOption('leader');
  }
  /** Tab, as often as it takes. */
  async function tabTo(page: Page, selector: string): Promise<void> {
    for (let presses = 0; presses < 120; presses++) {
      await page.keyboard.press('Tab');
      if (await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
    }
    throw new Error(`no Tab leads to ${selector}`);
  }
  const focused = (page: Page, selector: string) => page.locator(`${selector}:focus`).waitFor();
  const overdue: string[] = [];

  it('the sentence counts what is overdue, and the board says where', async () => {
    for (const [unit, date] of [[LATE, '2020-10-20'], [LATE, '2020-11-20'], [OTHER, '2020-11-25']] as const) overdue.push(await assign(unit, date));
    const { page } = stage;
    await openAsLeader(page);
    expect(await page.locator('h1').innerText()).toMatch(/^Có 3 nhiệm vụ quá hạn/);
    expect(await page.locator('#h-board').innerText()).toContain('3 việc quá hạn nằm ở 2 đơn vị');
    const rows = await page.locator('.board tr[data-row]').evaluateAll((all) => all.map((row) => [row.getAttribute('data-row'), row.getAttribute('data-overdue')]));
    expect(rows.slice(0, 2)).toEqual([
      [LATE, '2'],
      [OTHER, '1'],
    ]);
    expect(stage.faults).toEqual([]);
  });

  it('the scoreboard is walked with the arrows: Enter opens the tasks of a number, e asks for an explanation in place', async () => {
    const { page } = stage;
    await openAsLeader(page);
    await tabTo(page, '.board button.tw');
    // The total, then the bar part by part, and below a part the same one of the next unit.
    for (let stops = 1 + (await page.locator(`tr[data-row="${LATE}"] a[data-part]`).count()); stops > 0; stops--) await page.keyboard.press('ArrowRight');
    for (const [key, row] of [['ArrowDown', OTHER], ['ArrowUp', LATE]] as const) {
      await page.keyboard.press(key);
      expect(await page.evaluate('document.activeElement.closest("tr").dataset.row')).toBe(row);
    }
    await page.keyboard.press('ArrowRight');
    await focused(page, `tr[data-row="${LATE}"] a[data-what=overdue]`);
    await page.keyboard.press('e');
    await focused(page, `.detail form[data-form=explanation-requests] textarea`);
    await page.locator('.detail form').getByRole('button', { name: 'Thôi' }).press('Enter');
    await page.locator('.detail form').waitFor({ state: 'detached' });
    await page.locator(`tr[data-row="${LATE}"] a[data-what=overdue]`).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(new RegExp(`what=overdue`));
    expect(page.url()).toContain(`donVi=${LATE}`);
    expect(await readList(page)).toEqual({ total: 2, rows: 2 });
  });

  it('by keyboard alone: from the sentence to an overdue task to asking its unit to explain', async () => {
    const { page } = stage;
    await openAsLeader(page);
    await tabTo(page, 'h1 a');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/bang-dieu-hanh\/danh-sach\?what=overdue/);
    expect(await readList(page)).toEqual({ total: 3, rows: 3 });
    await page.locator('main').focus();
    await tabTo(page, 'tr[data-task] td > a');
    const href = await page.evaluate<string>('document.activeElement.getAttribute("href")');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/viec\//);
    await page.locator('[data-act=explanation-requests]').waitFor();
    await page.locator('main').focus();
    await tabTo(page, '[data-act=explanation-requests]');
    await page.keyboard.press('Enter');
    await focused(page, 'form[data-form=explanation-requests] textarea');
    await page.keyboard.type('Vì sao chậm, bao giờ xong?');
    await tabTo(page, 'form[data-form] button[type=submit]');
    await page.keyboard.press('Enter');
    await page.locator('.outcome').waitFor();
    const id = decodeURIComponent(/\/viec\/([^?]+)/.exec(href)![1]!);
    expect(overdue).toContain(id);
    expect(await events(id)).toContain('ExplanationRequested');
  });

  it('a number that is clicked shows its tasks beside the page, again the whole list; Esc gives the focus back', async () => {
    const { page } = stage;
    await openAsLeader(page);
    const number = page.locator('[data-tile=overdue] .val a');
    await number.click();
    await page.locator('.sidep[data-panel=ready]').waitFor();
    expect(await page.locator('[data-panel-total]').getAttribute('data-panel-total')).toBe('3');
    expect((await page.locator('[data-panel-task]').evaluateAll((all) => all.map((row) => row.getAttribute('data-panel-task')))).sort()).toEqual([...overdue].sort());
    await page.locator('.sidep .whyb').click();
    expect(await page.locator('.sidep .why').innerText()).toContain('nhóm O2');
    await page.keyboard.press('Escape');
    await page.locator('.sidep').waitFor({ state: 'detached' });
    await focused(page, '[data-tile=overdue] .val a');
    await number.click();
    await page.locator('.sidep[data-panel=ready]').waitFor();
    await number.click();
    await page.waitForURL(/\/bang-dieu-hanh\/danh-sach/);
  });

  it('every number of the dashboard holds as many tasks as it says: now, at a day, at a minute, of the starred tasks of a field', async () => {
    const { page } = stage;
    // With what was clicked, too: rates and weeks stay of all of these, and so do their lists.
    const narrowed = `linhVuc=${encodeURIComponent('cải cách hành chính')}&sao=co&chiXem=overdue`;
    const ofUnitAndWeek = `donVi=${LATE}&chiXem=assigned-week-2020-09-28,overdue-at-2020-11-23`;
    for (const when of ['', 'ngay=2020-11-20', 'ngay=2020-10-25T08:30:00%2B07:00', narrowed, ofUnitAndWeek]) {
      await openAsLeader(page, when);
      await page.locator('.flow .tools button').click();
      const all = await countedLinks(page, '.bands');
      expect(all.length).toBeGreaterThan(when === narrowed || when === ofUnitAndWeek ? 40 : 60);
      if (when === ofUnitAndWeek) expect(await page.locator('.strip h2 a').getAttribute('data-count')).toBe('2');
      if (when === narrowed) expect(all.filter(({ href }) => !(href.includes('linhVuc=') && href.includes('sao=co')))).toEqual([]);
      const ofAll = /what=(?!load|overdue-at|\w+-week)/;
      const walked = FULL ? all : all.filter(({ href }, n) => n % 12 === 0 || (ofAll.test(href) && !href.includes('donVi')));
      for (const { href, count } of walked) {
        const link = page.locator(`.bands a[data-count="${String(count)}"][href="${href}"]`).first();
        // A pointer's click, wherever the number has been scrolled to.
        await link.dispatchEvent('click', { detail: 1 });
        await page.locator('.sidep[data-panel=ready]').waitFor();
        const told = Number(await page.locator('[data-panel-total]').getAttribute('data-panel-total'));
        expect({ when, href, told }).toEqual({ when, href, told: count });
        expect(await page.locator('[data-panel-task]').count()).toBe(Math.min(50, count));
        await page.keyboard.press('Escape');
      }
    }
    expect(stage.faults).toEqual([]);
  }, 240_000);

  const BLOCK = 'so,ban,thanh-tra,van-phong';
  const shows = async (page: Page, tile: string, n: number) => page.locator(`.bands[data-ready=yes]:not(.stale) [data-tile=${tile}] .val a[data-count="${String(n)}"]`).waitFor();

  it('a block of units and what the acting role is in charge of stand beside the units; board, figures, lists and the reason follow', async () => {
    const { page } = stage;
    await openAsLeader(page);
    await page.locator('select[name=donVi]').selectOption(`khoi:${BLOCK}`);
    await page.waitForURL((url) => url.searchParams.get('khoi') === BLOCK);
    const block = await ask<{ all: { total: number } }>(stage.url, `/dashboard?unitKind=${BLOCK}`);
    await page.locator(`.strip h2 a[data-count="${String(block.all.total)}"]`).waitFor();
    await shows(page, 'overdue', 3);
    expect(await page.locator('.scopeword').innerText()).toMatch(/^Toàn tỉnh ▸ Sở, ban, ngành/);
    // A choice within the block, then what one gave: the leadership is one role, so which of its authorities one is, is chosen.
    await page.locator('select[name=donVi]').selectOption('toi:chu-tich');
    await page.waitForURL(/coQuanGiao=chu-tich/);
    await page.locator('[data-chip=authority]', { hasText: 'Tôi phụ trách: việc do Chủ tịch UBND tỉnh giao' }).waitFor();
    await shows(page, 'overdue', 3);
    await page.locator('[data-tile=overdue] .whyb').click();
    const why = (await page.locator('#vi-sao-o dl').innerText()).normalize('NFC');
    expect(why).toContain('việc do Chủ tịch UBND tỉnh giao: lãnh đạo phụ trách những việc mình giao');
    expect(why).toContain('đơn vị chủ trì thuộc loại so, ban, thanh-tra, van-phong trong danh mục');
    await page.keyboard.press('Escape');
    // The list of all tasks is of the same scope.
    await page.locator('nav a[href^="/viec?"]').first().click();
    await page.locator('.wgrid[data-ready=yes]').waitFor();
    const { total } = await ask<{ total: number }>(stage.url, `/tasks?unitKind=${BLOCK}&authority=chu-tich`);
    expect(Number(await page.locator('[data-total]').first().getAttribute('data-total'))).toBe(total);
    await page.locator('.scopeword a').first().click();
    await page.waitForURL((url) => url.searchParams.get('khoi') === null && url.searchParams.get('coQuanGiao') === 'chu-tich');
    // One kind alone: departments, without the inspectorate.
    await openAsLeader(page, 'khoi=so');
    await shows(page, 'overdue', 2);
    expect(await page.locator('.board tr[data-row]').evaluateAll((rows) => rows.map((row) => [row.getAttribute('data-row'), row.getAttribute('data-overdue')]))).toEqual([[LATE, '2']]);
    // A unit is in charge of what it and those under it lead.
    await page.locator('select[name=vai]').selectOption(`unit:${LATE}`);
    await page.locator('select[name=donVi]').selectOption(`toi:${LATE}`);
    await page.waitForURL((url) => url.searchParams.get('donVi') === LATE && url.searchParams.get('trucThuoc') !== null);
    await page.locator('.scopeword', { hasText: '▸ Sở Nội vụ ▸ tôi phụ trách' }).waitFor();
    expect(stage.faults).toEqual([]);
  });

  it('a part of the bar, a tile or its name narrows the whole page; Esc and back undo it, and a number still leads to its list', async () => {
    const { page } = stage;
    await openAsLeader(page);
    const whole = await page.locator('.rates .tile.lead .val').innerText();
    const chips = () => page.locator('.chips [data-chip]').evaluateAll((all) => all.map((one) => one.getAttribute('data-one')));
    const chosen = async (only: string | null) => {
      await page.waitForURL((url) => url.searchParams.get('chiXem') === only);
      // What is drawn follows the address.
      const ones = only?.split(',') ?? [];
      for (const [n, one] of ones.entries()) await page.locator('.chips [data-one]').nth(n).and(page.locator(`[data-one="${one}"]`)).waitFor();
      await page.locator('.chips [data-one]').nth(ones.length).waitFor({ state: 'detached' });
    };
    const { all } = await ask<{ all: { cells: { O1: number } } }>(stage.url, '/dashboard');
    await page.locator('.bar.big a[data-only=overdue]').click();
    await chosen('overdue');
    await page.locator('.chips [data-one=overdue]', { hasText: 'Chỉ xem: Quá hạn chưa hoàn thành' }).waitFor();
    await page.locator('.strip h2 a[data-count="3"]').waitFor();
    await page.locator('.board tfoot a[data-count="3"]').first().waitFor();
    expect(await page.locator('.board tr[data-row]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')))).toEqual([LATE, OTHER]);
    // They are asked after the numbers; what stood there before is dimmed until then.
    await page.locator('.b3:not(.stale)').waitFor();
    expect((await page.locator('[data-exception]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-exception')!))).filter((id) => !overdue.includes(id))).toEqual([]);
    // Rates are of all tasks, as the page says.
    expect([await page.locator('.rates .tile.lead .val').innerText(), await page.locator('.onlynote').count()]).toEqual([whole, 1]);
    // The surface of a tile adds a second choice; by keyboard its name does, with Space as well.
    const [ages] = (await page.locator('.ages tbody tr a[data-count]').evaluateAll((all) => all.map((one) => [one.getAttribute('data-what')!, Number(one.getAttribute('data-count'))] as const))).filter(([, n]) => n > 0);
    await page.locator(`.ages th [data-only=${ages![0]}]`).focus();
    await page.keyboard.press('Space');
    await chosen(`overdue,${ages![0]}`);
    await page.locator(`.strip h2 a[data-count="${String(ages![1])}"]`).waitFor();
    expect(await chips()).toEqual(['overdue', ages![0]]);
    await focused(page, `.ages th [data-only=${ages![0]}]`);
    await page.keyboard.press('Escape');
    await chosen('overdue');
    await page.goBack();
    await chosen(`overdue,${ages![0]}`);
    await page.goBack();
    await page.goBack();
    await chosen(null);
    expect(await chips()).toEqual([]);
    // Anywhere on the tile that is not something of its own.
    await page.locator('[data-tile=due-soon]').click({ position: { x: 8, y: 4 } });
    const { tiles } = await ask<{ tiles: { dueSoon: { in3: number } } }>(stage.url, '/dashboard');
    if (tiles.dueSoon.in3 > 0) {
      await chosen('due-3');
      await page.keyboard.press('Escape');
    }
    await chosen(null);
    await page.locator('.strip .key [data-only=in-time]').press('Enter');
    await chosen('in-time');
    await page.locator(`.strip h2 a[data-count="${String(all.cells.O1)}"]`).waitFor();
    await page.locator('.strip .key a[data-in-place]').first().click();
    await page.locator('.sidep[data-panel=ready]').waitFor();
    expect(new URL(page.url()).searchParams.get('chiXem')).toBe('in-time');
    await page.keyboard.press('Escape');
    await page.locator('.sidep').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await chosen(null);
    expect(stage.faults).toEqual([]);
  });

  it('a part of a unit’s bar narrows the page to that unit and cell; a week ahead, a weekly bar and the list of a number narrow it too', async () => {
    const { page } = stage;
    await openAsLeader(page);
    const at = async (unit: string | null, only: string | null, total: number) => {
      await page.waitForURL(({ searchParams }) => searchParams.get('donVi') === unit && searchParams.get('chiXem') === only);
      await page.locator(`.bands:not(.stale) .strip h2 a[data-count="${String(total)}"]`).waitFor();
      await page.locator(`.chips [data-one="${only ?? ''}"]`).waitFor({ state: only === null ? 'detached' : 'attached' });
    };
    const back = async () => {
      await openAsLeader(page);
      expect(await page.locator('.chips').count()).toBe(0);
    };
    type Week = { from: string; due: number; assigned: number; completed: number };
    const { all, weeks, units } = await ask<{ all: { total: number; load: Week[] }; weeks: Week[]; units: { unitId: string; total: number; cells: Record<string, number>; load: Week[] }[] }>(stage.url, '/dashboard');
    // With the mouse; again: the unit's other tasks too.
    const part = page.locator(`tr[data-row="${LATE}"] a[data-part=overdue]`);
    expect(await part.getAttribute('aria-label')).toBe('Sở Nội vụ, Quá hạn chưa hoàn thành, 2 việc: chỉ xem các việc này trên cả trang');
    await part.click();
    await at(LATE, 'overdue', 2);
    expect(await page.locator('.board tr[data-row]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')))).toEqual([LATE]);
    await page.locator('[data-tile=overdue] .val a').click();
    await page.locator('.sidep[data-panel=ready]').waitFor();
    expect([await page.locator('[data-panel-task]').count(), await page.locator('.sidep [data-narrow]').count()]).toEqual([2, 0]);
    await page.keyboard.press('Escape');
    await part.and(page.locator('[aria-current=true]')).click();
    await at(LATE, null, units.find(({ unitId }) => unitId === LATE)!.total);
    // With the keys, from the row above; Esc takes the choice away again.
    await back();
    await page.locator(`tr[data-row="${LATE}"] a[data-part=overdue]`).focus();
    await page.keyboard.press('ArrowDown');
    await focused(page, `tr[data-row="${OTHER}"] a[data-part=overdue]`);
    await page.keyboard.press('Space');
    await at(OTHER, 'overdue', 1);
    await page.keyboard.press('Escape');
    await at(OTHER, null, units.find(({ unitId }) => unitId === OTHER)!.total);
    await back();
    // A number of a week leads to its list, which offers the same: beside the page, and as a page of its own for who comes by keys.
    const busy = units.find(({ load }) => load.some(({ due }) => due > 0))!;
    const { from, due } = busy.load.find((week) => week.due > 0)!;
    await page.locator(`tr[data-row="${busy.unitId}"] a[data-what=load][href*="week=${from}"]`).dispatchEvent('click', { detail: 1 });
    await page.locator('.sidep [data-narrow]').click();
    await at(busy.unitId, `load-${from}`, due);
    await page.locator('.chips [data-one]', { hasText: /Chỉ xem: Đến hạn trong tuần \d\d\/\d\d–\d\d\/\d\d\/2020/ }).waitFor();
    await page.goto(`${stage.url}/bang-dieu-hanh/danh-sach?what=load&week=${from}&donVi=${busy.unitId}`);
    await page.locator('.whylist [data-narrow]').press('Enter');
    await at(busy.unitId, `load-${from}`, due);
    // The name of the week: of the whole scope, for arrows above the rows.
    await back();
    const week = all.load.find((one) => one.due > 0)!;
    await page.locator(`.board thead a[data-only="load-${week.from}"]`).press('Enter');
    await at(null, `load-${week.from}`, week.due);
    await page.locator(`.board thead a[data-only="load-${week.from}"][aria-current=true]`).press('ArrowDown');
    await focused(page, '.board tr[data-row] td.h a');
    // A weekly bar.
    await back();
    const full = weeks.reduce((a, b) => (b.completed > a.completed ? b : a));
    await page.locator(`.cc a[data-only="completed-week-${full.from}"] rect`).last().click();
    await at(null, `completed-week-${full.from}`, full.completed);
    expect(stage.faults).toEqual([]);
  });

  it('on a phone the sentence and its bar are on the first screen, below what the choices come to; these unfold, and stay so on other pages', async () => {
    const { page } = stage;
    await page.setViewportSize({ width: 360, height: 740 });
    try {
      await openAsLeader(page);
      for (const where of ['.say', '.bar.big']) {
        const box = (await page.locator(where).boundingBox())!;
        expect([where, box.y + box.height < 740]).toEqual([where, true]);
      }
      const fold = page.getByRole('button', { name: 'Phạm vi và thời điểm: Toàn tỉnh · bây giờ · so với 7 ngày trước' });
      expect([await fold.getAttribute('aria-expanded'), await page.locator('select[name=donVi]').isVisible()]).toEqual(['false', false]);
      // Whose, when, live and by which clock are said all the same.
      expect(await page.locator('.inst').innerText()).toMatch(/Toàn tỉnh · .*\d\d\/\d\d\/2020.*trực tiếp.*Đồng hồ mô phỏng/s);
      await fold.press('Enter');
      await page.locator('select[name=donVi]').selectOption(LATE);
      await page.waitForURL(/donVi=/);
      await page.locator('.scopesum[aria-expanded=true]', { hasText: 'Sở Nội vụ · bây giờ' }).waitFor();
      await page.getByRole('button', { name: 'Lọc', exact: true }).click();
      await page.locator('select[name=linhVuc]').waitFor();
      await page.goto(`${stage.url}/?ngay=2020-11-20`);
      await page.locator('.scopesum[aria-expanded=false]', { hasText: 'lúc hết T6 20/11/2020' }).press('Enter');
      await page.getByRole('button', { name: 'Các trang' }).click();
      await page.locator('nav a[href^="/viec?"]').first().click();
      await page.locator('.wgrid').waitFor();
      await page.locator('select[name=donVi]').waitFor();
      await page.locator('.scopesum[aria-expanded=true]').click();
      await page.locator('select[name=donVi]').waitFor({ state: 'hidden' });
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    } finally {
      await page.setViewportSize({ width: 1440, height: 900 });
    }
    expect(await page.locator('.scopesum').isVisible()).toBe(false);
  });

  it('two choices made faster than the page is drawn both stand', async () => {
    const { page } = stage;
    await openAsLeader(page);
    await page.getByRole('button', { name: 'Lọc', exact: true }).click();
    await page.locator('input[name=sao]').waitFor();
    // In one turn of the page, so that nothing can be drawn between the two.
    await page.evaluate(`(() => {
      const field = document.querySelector('select[name=linhVuc]');
      Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, 'value').set.call(field, 'cải cách hành chính');
      document.querySelector('input[name=sao]').click();
      field.dispatchEvent(new Event('change', { bubbles: true }));
    })()`);
    await page.waitForURL((url) => url.searchParams.get('sao') === 'co' && url.searchParams.get('linhVuc') === 'cải cách hành chính');
    await openAsLeader(page);
  });

  it('a field, a document and the starred tasks are chosen under Lọc, stand in the address as chips, and Esc takes the last away', async () => {
    const { page } = stage;
    await openAsLeader(page);
    await page.getByRole('button', { name: 'Lọc', exact: true }).click();
    await page.locator('select[name=linhVuc]').selectOption('cải cách hành chính');
    await page.waitForURL(/linhVuc=/);
    await page.locator('input[name=sao]').click();
    await page.waitForURL(/sao=co/);
    await page.locator('select[name=linhVuc] option', { hasText: 'cải cách hành chính (3 việc)' }).waitFor({ state: 'attached' });
    await page.locator('input[name=soVanBan]').fill('9101/ubnd-th');
    await page.keyboard.press('Enter');
    await page.waitForURL(/soVanBan=/);
    const total = () => page.locator('[data-tile=overdue] .val a[data-count="1"]').waitFor();
    await total();
    await page.locator('.chips [data-chip]').nth(2).waitFor();
    expect(await page.locator('.chips [data-chip]').allInnerTexts()).toEqual([expect.stringContaining('Lĩnh vực: cải cách hành chính'), expect.stringContaining('Văn bản 9101/ubnd-th'), expect.stringContaining('Việc trọng tâm')]);
    const { total: listed } = await ask<{ total: number }>(stage.url, `/dashboard/list?what=overdue&documentNumber=9101/UBND-TH`);
    expect(listed).toBe(1);
    // The list of all tasks has the same filters.
    expect(await page.locator('nav a[href^="/viec?"]').first().getAttribute('href')).toMatch(/soVanBan=9101/);
    // A box that is typed in has an Esc of its own.
    await page.getByRole('button', { name: 'Lọc (3)' }).click();
    await page.locator('input[name=soVanBan]').waitFor({ state: 'detached' });
    for (const left of [['field', 'documentNumber'], ['field'], []]) {
      await page.keyboard.press('Escape');
      await page.locator(`[data-chip=${left.length === 2 ? 'starred' : left.length === 1 ? 'documentNumber' : 'field'}]`).waitFor({ state: 'detached' });
      expect(await page.locator('.chips [data-chip]').evaluateAll((chips) => chips.map((chip) => chip.getAttribute('data-chip')))).toEqual(left);
    }
    await page.locator('[data-tile=overdue] .val a[data-count="3"]').waitFor();
  });

  it('two units chosen with Shift stand side by side', async () => {
    const { page } = stage;
    await openAsLeader(page);
    for (const unit of [LATE, OTHER]) await page.locator(`tr[data-row="${unit}"] .o2`).click({ modifiers: ['Shift'] });
    await page.locator('#h-pair').waitFor();
    const heads = await page.locator('.pair thead th').allInnerTexts();
    expect(heads).toEqual(['Sở Nội vụ', 'Thanh tra tỉnh']);
    expect((await page.locator('.pair a[data-what=overdue]').allInnerTexts()).map((text) => text.trim())).toEqual(['2', '1']);
    await page.keyboard.press('Escape');
    await page.locator('.pair').waitFor({ state: 'detached' });
  });

  it('nothing is said of exceptions before they are there', async () => {
    const { page } = stage;
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => { go = resolve; });
    await page.route('**/dashboard/exceptions?*', async (route) => { await held; await route.continue(); });
    try {
      await openAsLeader(page);
      expect(await page.locator('#h-exc').innerText()).toBe('Việc cần lãnh đạo chú ý.');
      go();
      await page.locator('#h-exc', { hasText: /^\d+ việc cần lãnh đạo chú ý/ }).waitFor();
    } finally {
      go();
      await page.unroute('**/dashboard/exceptions?*');
    }
  });

  it('an exception says why it stands there; its rule is switched off in the address, and Đôn đốc is one event', async () => {
    const { page } = stage;
    await openAsLeader(page);
    const row = page.locator(`[data-exception="${overdue[0]!}"]`);
    expect(await row.locator('.rs').innerText()).toMatch(/Quá hạn lâu nhất của đơn vị: \d+ ngày/);
    await page.locator('[data-rule=no-update-14]').click();
    await page.waitForURL(/tatQuyTac=no-update-14/);
    await page.locator('[data-rule=no-update-14][aria-checked=false]').waitFor();
    await page.locator('[data-exception] .rs', { hasText: 'không cập nhật' }).first().waitFor({ state: 'detached' });
    const before = await position();
    await row.getByRole('button', { name: /^Đôn đốc/ }).click();
    await row.locator('form[data-form=urge] button[type=submit]').click();
    await page.locator('.b3 > .rdone', { hasText: 'Đã ghi: Đôn đốc' }).waitFor();
    expect((await events(overdue[0]!)).filter((type) => type === 'TaskUrged')).toHaveLength(1);
    expect(BigInt(await position()) - BigInt(before)).toBe(1n);
    await row.waitFor();
    await row.getByRole('button', { name: /^Đưa vào giao ban/ }).click();
    await row.locator('form[data-form=agenda] textarea').fill('Đã đôn đốc mà chưa xong');
    await row.locator('form[data-form=agenda] button[type=submit]').click();
    await page.locator('.b3 > .rdone', { hasText: 'Đã ghi: Đưa vào giao ban' }).waitFor();
    expect((await events(overdue[0]!)).at(-1)).toBe('RaisedForBriefing');
    expect(BigInt(await position()) - BigInt(before)).toBe(2n);
  });

  it('a view is kept by name, and opened again from anywhere on the dashboard', async () => {
    const { page } = stage;
    await openAsLeader(page, `donVi=${LATE}`);
    await page.getByRole('button', { name: 'Góc nhìn' }).click();
    await page.locator('input[name=viewName]').fill('Nội vụ mỗi sáng');
    await page.keyboard.press('Enter');
    await page.locator('[data-view]').waitFor();
    await openDashboard(page, stage.url, '');
    await page.getByRole('button', { name: 'Góc nhìn' }).click();
    await page.getByRole('link', { name: 'Nội vụ mỗi sáng' }).click();
    await page.waitForURL((url) => url.pathname === '/' && url.searchParams.get('donVi') === LATE);
    expect(stage.faults).toEqual([]);
  });

  it('a look back is tinted and offers nothing to record', async () => {
    const { page } = stage;
    await openAsLeader(page, 'ngay=2020-11-28');
    expect(await page.locator('.frame.past').count()).toBe(1);
    await page.locator('[data-exception]').first().waitFor();
    expect(await page.locator('.racts button').count()).toBe(0);
    expect(await page.locator('.bands .btn.primary').count()).toBe(0);
  });

  it('a change shows which tasks came and went to whoever points at it or comes by keyboard', async () => {
    const { page } = stage;
    await openAsLeader(page, 'soVoi=2020-11-15');
    const delta = page.locator('[data-delta=overdue]');
    await delta.hover();
    await page.locator('.pop h2', { hasText: 'Vào nhóm' }).waitFor();
    const entered = await page.locator('.pop [data-changed]').evaluateAll((all) => all.map((row) => row.getAttribute('data-changed')));
    expect(entered).toEqual(expect.arrayContaining([overdue[1], overdue[2]]));
    await page.keyboard.press('Escape');
    await page.locator('.pop').waitFor({ state: 'detached' });
    await focused(page, '[data-delta=overdue]');
  });

  it('the funnel plot is fetched only when it is asked for, has a sentence, and a table instead', async () => {
    const { page } = stage;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await openAsLeader(page);
    expect(asked.filter((url) => /funnel/.test(url))).toEqual([]);
    await page.getByRole('button', { name: 'Biểu đồ phễu' }).click();
    await page.locator('.fplot svg').waitFor();
    expect(asked.filter((url) => /funnel/.test(url)).length).toBeGreaterThan(0);
    expect(await page.locator('.takeaway').innerText()).toMatch(/dao động thường/);
    await page.locator('.takeaway button').click();
    expect(await page.locator('.funnel table tbody tr').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Bảng', exact: true }).click();
    await page.locator('.board').waitFor();
  });

  it('a unit without any task says so, with a way on', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/?donVi=so-y-te`);
    await page.locator('.state h1', { hasText: 'Chưa có việc nào trong phạm vi này' }).waitFor();
    await page.getByRole('link', { name: 'Xem toàn tỉnh' }).click();
    await page.locator('.board').waitFor();
  });

  it('where a filter leaves nothing, the first way on is to take the filter away, and unit and moment stay', async () => {
    const { page } = stage;
    await page.goto(`${stage.url}/?donVi=thanh-tra-tinh&linhVuc=th%E1%BB%A7y+s%E1%BA%A3n`);
    await page.locator('.state h1', { hasText: 'Không có việc nào khớp bộ lọc' }).waitFor();
    expect(await page.locator('.state p').first().innerText()).toMatch(/“Lĩnh vực: thủy sản”/);
    const first = page.locator('.state .acts a').first();
    expect(await first.innerText()).toBe('Bỏ bộ lọc');
    expect(await page.getByRole('link', { name: 'Xem toàn tỉnh' }).count()).toBe(0);
    await first.click();
    await page.locator('.board').waitFor();
    expect([...new URL(page.url()).searchParams]).toEqual([['donVi', 'thanh-tra-tinh']]);
    // Several stand there: each is named, and all go at once.
    await page.goto(`${stage.url}/?linhVuc=th%E1%BB%A7y+s%E1%BA%A3n&sao=co&soVanBan=1%2FKL`);
    await page.getByRole('link', { name: 'Bỏ cả 3 bộ lọc' }).click();
    await page.locator('.board').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it.each([320, 720])('at %i px wide (200 % of a desk, a small phone) nothing has to be scrolled sideways', async (width) => {
    const { page } = stage;
    await page.setViewportSize({ width, height: 800 });
    try {
      await openAsLeader(page);
      await page.locator('[data-exception]').first().waitFor();
      expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
    } finally {
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  });

  it('sixty-five rows and more are there at once: the board holds every unit that has a task', async () => {
    const answer = await ask<{ units: { unitId: string }[] }>(stage.url, '/dashboard');
    const { page } = stage;
    await openAsLeader(page);
    for (const fold of await page.locator('.restrow button').all()) await fold.click();
    const shown = await page.locator('.board tr[data-row]:not(.restrow)').evaluateAll((all) => all.map((row) => row.getAttribute('data-row')));
    expect(shown.sort()).toEqual(answer.units.map(({ unitId }) => unitId).sort());
  });
});
