import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInBrowser, openDashboard } from '../support/browser.ts';

const LEAD = 'thanh-tra-tinh';

describeInBrowser('trang cập nhật khi có thay đổi', (stage) => {
  let other: Page;
  let number = 0;

  /** A new task by HTTP, from nowhere near the page. */
  async function assign(): Promise<string> {
    number += 1;
    const answer = await fetch(`${stage.url}/api/v1/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        document: {
          number: `${String(7000 + number)}/UBND-NC`,
          date: '2020-11-27',
          issuer: 'UBND tỉnh Khánh Hòa',
          title: 'Việc đến từ nơi khác',
        },
        content: `Việc đến từ nơi khác, số ${String(number)}`,
        authority: 'chu-tich',
        leadUnitId: LEAD,
        assignedOn: '2020-11-27',
        deadline: { date: '2020-12-18' },
      }),
    });
    const body = (await answer.json()) as { id: string };
    expect({ status: answer.status, body }).toMatchObject({ status: 201 });
    return body.id;
  }
  const total = (page: Page) => page.locator('h1 [data-total]').getAttribute('data-total').then(Number);
  const line = (page: Page, state: string) => page.locator(`[data-line=${state}]`).waitFor();
  const pill = (page: Page) => page.locator('.pill');
  async function streams(): Promise<number> {
    const text = await (await fetch(`${stage.url}/api/v1/metrics`)).text();
    return Number(/^nhacviec_stream_clients (\d+)$/m.exec(text)?.[1]);
  }
  /** The metric is counted when it is asked for; a stream that was just let go may need a moment to be gone. */
  async function expectStreams(count: number): Promise<void> {
    for (let tries = 0; tries < 40 && (await streams()) !== count; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await streams()).toBe(count);
  }

  it('two tabs share one stream', async () => {
    other = await stage.context.newPage();
    await stage.page.goto(`${stage.url}/viec`);
    await line(stage.page, 'live');
    await openDashboard(other, stage.url, '');
    await line(other, 'live');
    await expectStreams(1);
  });

  it('a command from elsewhere is a pill over the list and a new number on the dashboard within a second, and rows stay', async () => {
    const before = await total(stage.page);
    const rows = await stage.page.locator('[role=row][data-task]').evaluateAll((all) => all.map((row) => row.getAttribute('data-task')));
    const count = async () => Number(await other.locator('a[data-count][href*="cell=O1"]').first().getAttribute('data-count'));
    const counted = await count();
    const began = Date.now();
    await assign();
    await pill(stage.page).waitFor();
    const toPill = Date.now() - began;
    await other
      .locator(`a[data-count="${String(counted + 1)}"][href*="cell=O1"]`)
      .first()
      .waitFor();
    const toCounter = Date.now() - began;
    console.log(`lệnh → nhãn ${String(toPill)} ms, lệnh → số ${String(toCounter)} ms`);
    expect(Math.max(toPill, toCounter)).toBeLessThan(1_000);
    expect(await pill(stage.page).innerText()).toBe('1 thay đổi — cập nhật');
    expect(await total(stage.page)).toBe(before);
    expect(await stage.page.locator('[role=row][data-task]').evaluateAll((all) => all.map((row) => row.getAttribute('data-task')))).toEqual(rows);
    await assign();
    await stage.page.getByRole('button', { name: '2 thay đổi — cập nhật' }).click();
    await pill(stage.page).waitFor({ state: 'detached' });
    expect(await total(stage.page)).toBe(before + 2);
  });

  it('a page of the past offers nothing and stays as it is', async () => {
    await other.goto(`${stage.url}/viec?ngay=2020-11-28`);
    await other.locator('[role=row][data-task]').first().waitFor();
    const before = await total(other);
    await assign();
    await pill(stage.page).waitFor();
    expect(await pill(other).count()).toBe(0);
    expect(await other.locator('[data-line]').count()).toBe(0);
    expect(await total(other)).toBe(before);
  });

  it('the other tab takes the stream over when the one that has it closes, and misses nothing', async () => {
    await other.goto(`${stage.url}/viec`);
    await line(other, 'live');
    // The first tab has held it since the beginning.
    const [held, waiting] = await other.evaluate<number[]>(
      'navigator.locks.query().then(({ held, pending }) => [held.length, pending.length])',
    );
    expect([held, waiting]).toEqual([1, 1]);
    await stage.page.close();
    await assign();
    await pill(other).waitFor();
    expect(await pill(other).innerText()).toBe('1 thay đổi — cập nhật');
    await expectStreams(1);
  });

  it('a server that went away and came back is found again without a reload, and what it missed is told', async () => {
    await other.evaluate('window.stillHere = true');
    await stage.server.away();
    await line(other, 'lost');
    expect(await other.locator('[data-line]').innerText()).toMatch(/mất kết nối, số liệu lúc \d\d:\d\d/);
    await stage.server.back();
    await assign();
    await line(other, 'live');
    await other.getByRole('button', { name: '2 thay đổi — cập nhật' }).click();
    await pill(other).waitFor({ state: 'detached' });
    expect(await other.evaluate('window.stillHere')).toBe(true);
    await expectStreams(1);
  }, 40_000);
});
