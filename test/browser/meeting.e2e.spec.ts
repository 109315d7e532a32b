import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrowserContext, Page } from 'playwright-core';
import { ask, describeInBrowser, expectNoViolation, picture, TIMEOUT_MS } from '../support/browser.ts';

/** Whoever does not lead the meeting leafs through it on a page of their own; the room stays with the operator. */
describeInBrowser('giao ban, người xem', (stage) => {
  let id = '';
  let auditors: BrowserContext;
  let page: Page;

  async function post<T = { id: string; position: string }>(path: string, body: object = {}): Promise<T> {
    const answer = await fetch(`${stage.url}/api/v1${path}`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-actor': 'office' }, body: JSON.stringify(body) });
    const given = (await answer.json()) as T;
    expect({ path, ok: answer.ok, given }).toMatchObject({ ok: true });
    return given;
  }
  const agenda = (word: string) => page.locator('.bragenda button', { hasText: word });
  const mirrored = (key: string) => page.locator(`.brmirror .rframe[data-page=${key}][data-ready=yes]`).waitFor();
  const heading = () => page.locator('#h-soi').innerText();
  const shown = () => ask<{ page: string; revision: number } | null>(stage.url, `/briefings/${id}/show`);

  beforeAll(async () => {
    id = (await post('/briefings', { name: 'Giao ban thứ Bảy', cutOff: '2020-11-28T07:30:00+07:00' })).id;
    await post(`/briefings/${id}/show`, { page: 'overdue', n: 1, unitId: null, live: false, blank: false });
    auditors = await stage.browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'vi-VN' });
    auditors.setDefaultTimeout(TIMEOUT_MS);
    await auditors.addInitScript(`localStorage.setItem('nhacviec.vai', 'auditor')`);
    page = await auditors.newPage();
    page.on('pageerror', (error) => stage.faults.push(error.message));
  }, 60_000);
  afterAll(() => auditors.close());

  it('an auditor sees what the room shows, and opens any page of an open meeting by the agenda without moving the room', async () => {
    await page.goto(`${stage.url}/giao-ban/${id}`);
    await mirrored('overdue');
    expect(await heading()).toBe('Màn phòng họp đang hiện: 3/8 Quá hạn');
    await agenda('Theo đơn vị').press('Enter');
    await mirrored('units');
    expect(await heading()).toBe('Đang xem riêng: 5/8 Theo đơn vị; màn phòng họp đang hiện 3/8 Quá hạn');
    await page.keyboard.press('ArrowRight');
    await mirrored('requests');
    await page.getByRole('button', { name: 'Trực tiếp' }).click();
    await page.locator('.brmirror [data-state=live]').waitFor();
    expect(await shown()).toMatchObject({ page: 'overdue', revision: 1 });
    // Keys that act in the meeting do nothing here, and no box stands open for them.
    for (const key of ['b', 'm', 'k']) await page.keyboard.press(key);
    expect(await page.locator('dialog[open], .brform').count()).toBe(0);
    await page.getByRole('button', { name: 'Theo màn phòng họp' }).click();
    await mirrored('overdue');
    expect(await heading()).toBe('Màn phòng họp đang hiện: 3/8 Quá hạn');
    expect(await shown()).toMatchObject({ page: 'overdue', revision: 1 });
  });

  it('everybody leafs through a closed meeting as it was at its cut-off, by the agenda and by the arrows', async () => {
    await post(`/briefings/${id}/conclusions`, { kind: 'decision', text: 'Rà soát việc quá hạn' });
    const overdue = (await ask<{ data: { total: number } }>(stage.url, `/briefings/${id}/screen?page=overdue`)).data.total;
    await post(`/briefings/${id}/show`, { page: 'conclusions', n: 1, unitId: null, live: false, blank: true });
    await post(`/briefings/${id}/close`);
    await page.goto(`${stage.url}/giao-ban/${id}`);
    await mirrored('overview');
    expect(await heading()).toMatch(/^Xem lại buổi họp, số liệu mốc chốt 07:30: 1\/8 Tổng quan$/);
    expect(await page.locator('.brmirror.blank').count()).toBe(0);
    await agenda('Kết luận').last().press('Enter');
    await mirrored('conclusions');
    await page.locator('.brmirror tr', { hasText: 'Rà soát việc quá hạn' }).waitFor();
    for (let back = 0; back < 5; back++) await page.keyboard.press('ArrowLeft');
    await mirrored('overdue');
    expect(await page.locator('.bragenda [aria-current=step]').innerText()).toContain('Quá hạn');
    expect(await page.locator('.brmirror .rframe').innerText()).toContain(String(overdue));
    await expectNoViolation(page, 'xem lại buổi giao ban');
    await picture(page, 'briefing-closed-1440-light');
    // The office looks back in the same way.
    await stage.page.goto(`${stage.url}/giao-ban/${id}`);
    await stage.page.locator('.bragenda button', { hasText: 'Theo đơn vị' }).press('Enter');
    await stage.page.locator('.brmirror .rframe[data-page=units][data-ready=yes]').waitFor();
    expect(stage.faults).toEqual([]);
  });
});
