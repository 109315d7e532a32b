import { expect, it } from '@jest/globals';
import { ask, describeInBrowser, expectFitToShow } from '../support/browser.ts';

const UNIT = 'unit:thanh-tra-tinh';

describeInBrowser('dáng vẻ các trang nhắc việc', (stage) => {
  it('the pages are fit to be shown, in every theme and width, and to a finger', async () => {
    const person = (await ask<{ items: { id: string; role: string }[] }>(stage.url, '/people')).items.find(({ role }) => role === 'responder')!.id;
    const set = await fetch(`${stage.url}/api/v1/subscriptions`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ personId: person, name: 'Bảng điều hành Thanh tra tỉnh', query: 'donVi=thanh-tra-tinh', hour: '07:30', weekdays: [1, 3, 5] }) });
    expect(set.status).toBe(201);
    for (const [name, path, ready] of [
      ['inbox', `/hop-nhac?nguoi=${person}`, '.rmsg'],
      ['reminder-ledger', '/nhac/so', 'tr[data-slot]'],
      ['reminder-rules', '/nhac/quy-tac', '[data-rule]'],
      ['reminder-subscriptions', '/nhac/dinh-ky', 'tr[data-subscription]'],
      ['reminder-subscription-form', '/', '[data-ready=yes]'],
      ['reminder-health', '/nhac/gui', '[data-channel]'],
      ['reminder-people', '/nhac/danh-ba', 'tr[data-person]'],
    ] as const) {
      await expectFitToShow(stage, name, async (tab) => {
        await tab.addInitScript(`localStorage.setItem('nhacviec.vai', ${JSON.stringify(name === 'reminder-people' ? 'admin' : name === 'reminder-rules' ? 'office' : UNIT)})`);
        await tab.goto(`${stage.url}${path}`);
        await tab.locator(ready).first().waitFor();
        // What is folded away has to be fit to be shown as well.
        if (name === 'reminder-rules') await tab.locator('details.rwhen > summary').first().click();
        if (name === 'reminder-subscriptions') await tab.locator('details.rhistory > summary').first().click();
        if (name === 'reminder-subscription-form') {
          await tab.getByRole('button', { name: 'Gửi định kỳ' }).click();
          await tab.locator('[data-foreseen=yes]').waitFor();
        }
        if (name === 'reminder-ledger') {
          await tab.getByRole('button', { name: 'Theo người' }).click();
          await tab.locator('tr[data-group]').first().waitFor();
        }
      });
    }
    const own = await stage.browser.newContext({ viewport: { width: 360, height: 800 }, hasTouch: true, isMobile: true });
    try {
      const tab = await own.newPage();
      await tab.addInitScript(`localStorage.setItem('nhacviec.vai', ${JSON.stringify(UNIT)})`);
      for (const [path, ready] of [[`/hop-nhac?nguoi=${person}`, '.rmsg'], ['/nhac/so', 'tr[data-slot]'], ['/nhac/dinh-ky', 'tr[data-subscription]']] as const) {
        await tab.goto(`${stage.url}${path}`);
        await tab.locator(ready).first().waitFor();
        const small = await tab.locator('main button, main input, main select, main summary').evaluateAll((all) => all.filter((one) => one.checkVisibility()).map((one) => (one.matches('label [type=checkbox]') ? one.closest('label')! : one)).map((one) => ({ what: one.textContent, height: one.getBoundingClientRect().height })).filter(({ height }) => height < 44));
        expect({ path, small }).toEqual({ path, small: [] });
      }
    } finally {
      await own.close();
    }
    expect(stage.faults).toEqual([]);
  }, 120_000);
});
