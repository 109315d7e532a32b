import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { ask, describeInBrowser } from '../support/browser.ts';
import { expectFocusKept, tabTo } from '../support/keys.ts';

const LEAD = 'thanh-tra-tinh';
const PATH = '/ban-lam-viec';
/** Answers that stand beside the first one of a row. */
const ANSWERS: Readonly<Record<string, string>> = {
  progress: 'Cập nhật tiến độ',
  'extension-requests': 'Đề nghị gia hạn',
  'completion-refusals': 'Từ chối, yêu cầu làm lại',
};

describeInBrowser('bàn làm việc', (stage) => {
  const actAs = async (role: string) => {
    await stage.page.goto(`${stage.url}${PATH}`);
    await stage.page.locator(`select[name=vai] option[value="${role}"]`).waitFor({ state: 'attached' });
    await stage.page.locator('select[name=vai]').selectOption(role);
    await stage.page.locator('h1 [data-total]').waitFor();
  };
  async function command(path: string, body: object, actor = 'office'): Promise<{ id: string; position: string }> {
    const answer = await fetch(`${stage.url}/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-actor': actor },
      body: JSON.stringify(body),
    });
    const given = (await answer.json()) as { id: string; position: string };
    expect({ path, status: answer.ok, given }).toMatchObject({ status: true });
    return given;
  }
  const assign = (content: string, date: string) =>
    command('/tasks', {
      document: { number: '8123/UBND-NC', date: '2020-11-27', issuer: 'UBND tỉnh Khánh Hòa', title: 'Việc cho bàn làm việc' },
      content,
      authority: 'chu-tich',
      leadUnitId: LEAD,
      coordinatingUnitIds: ['so-noi-vu'],
      assignedOn: '2020-11-27',
      deadline: { date },
    });
  const total = async (page: Page) => Number(await page.locator('h1 [data-total]').getAttribute('data-total'));
  async function rows(page: Page): Promise<string[]> {
    const more = page.getByRole('button', { name: /Xem thêm|Đang tải/ });
    const all = page.locator('.drow');
    for (let shown = await all.count(); (await more.count()) > 0; shown = await all.count()) {
      await more.click();
      await all.nth(shown).waitFor();
    }
    return all.evaluateAll((list) => list.map((row) => row.getAttribute('data-task') ?? ''));
  }
  const row = (id: string) => stage.page.locator(`.drow[data-task="${id}"]`);

  it.each([`unit:${LEAD}`, 'office', 'leader'])(
    'every count of %s equals the rows it leads to, and each group its own rows',
    async (role) => {
      await assign('Việc mới để có gì đó đang chờ', '2020-12-25');
      await actAs(role);
      const { page } = stage;
      const links = await page
        .locator('.dchips a[data-count], .dsay a[data-count]')
        .evaluateAll((all) =>
          all.map((link) => ({ href: link.getAttribute('href') ?? '', count: Number(link.getAttribute('data-count')) })),
        );
      const ids = await rows(page);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe(await total(page));
      for (const section of await page.locator('section[data-group]').all())
        expect(await section.locator('.drow').count()).toBe(Number(await section.locator('h2 [data-total]').getAttribute('data-total')));
      for (const { href, count } of links) {
        await page.goto(`${stage.url}${href}`);
        await page.locator('.drow').first().waitFor();
        expect({ href, total: await total(page), rows: (await rows(page)).length }).toEqual({ href, total: count, rows: count });
      }
    },
  );

  it('holds what the tasks themselves say: nothing else, and nothing is missing', async () => {
    const desk = new Map<string, string[]>();
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer: Response = await fetch(`${stage.url}/api/v1/desk?limit=200${cursor ? `&cursor=${cursor}` : ''}`, {
        headers: { 'x-actor': `unit:${LEAD}` },
      });
      const page = (await answer.json()) as { items: { id: string; waits: { kind: string }[] }[]; nextCursor: string | null };
      for (const item of page.items)
        desk.set(
          item.id,
          item.waits.map(({ kind }) => kind),
        );
      cursor = page.nextCursor;
    }
    const open: { items: { id: string; cell: string; dueSoon: boolean }[] } = await ask(
      stage.url,
      `/tasks?unitId=${LEAD}&cell=O1,O2,O3,V1,V2,V3&limit=200`,
    );
    const told = new Map<string, string[]>();
    for (const { id, cell, dueSoon } of open.items) {
      const task: { state: string; receivedAt: string | null; progressAt: string | null; explanation: { answer: string | null } | null } =
        await ask(stage.url, `/tasks/${id}`);
      told.set(id, [
        ...(task.explanation?.answer === null ? ['explain'] : []),
        ...(task.state === 'open' && task.receivedAt === null && task.progressAt === null ? ['receive'] : []),
        ...(cell === 'O2' ? ['overdue'] : []),
        ...(cell === 'O1' && dueSoon ? ['due-soon'] : []),
      ]);
    }
    expect(told.size).toBeGreaterThan(3);
    const plain = ['explain', 'receive', 'overdue', 'due-soon'];
    for (const [id, kinds] of told)
      expect({ id, kinds: (desk.get(id) ?? []).filter((kind) => plain.includes(kind)) }).toEqual({ id, kinds });
  });

  it('a task that is given appears when its reader says so, and is received without leaving the list', async () => {
    await actAs(`unit:${LEAD}`);
    const { page } = stage;
    const before = await total(page);
    const { id } = await assign('Việc sẽ được tiếp nhận ngay trong danh sách', '2020-12-30');
    await page.getByRole('button', { name: '1 thay đổi — cập nhật' }).click();
    await row(id).waitFor();
    expect(await total(page)).toBe(before + 1);
    await row(id).getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-form=receive]').waitFor();
    await page.locator('[data-form=receive] button[type=submit]').click();
    await row(id).waitFor({ state: 'detached' });
    expect(await total(page)).toBe(before);
    expect(await page.locator('.djust').innerText()).toContain('Tiếp nhận');
    expect(new URL(page.url()).pathname).toBe(PATH);
    expect((await ask<{ receivedAt: string | null }>(stage.url, `/tasks/${id}`)).receivedAt).not.toBeNull();
    await page.getByRole('button', { name: /thay đổi — cập nhật/ }).waitFor({ state: 'detached' });
  });

  it('an extension that is asked for waits at the office, is refused there, and the answer waits at the unit', async () => {
    const { id } = await assign('Việc sẽ xin gia hạn', '2020-12-29');
    await command(`/tasks/${id}/receive`, {}, `unit:${LEAD}`);
    await command(`/tasks/${id}/extension-requests`, { deadline: { date: '2021-01-15' }, reason: 'Chờ ý kiến của Bộ' }, `unit:${LEAD}`);
    await actAs('office');
    const { page } = stage;
    await row(id).waitFor();
    expect(await row(id).locator('.y').innerText()).toContain('Chờ ý kiến của Bộ');
    await row(id).getByRole('button').click();
    await page.locator('[data-form=extension-grants]').waitFor();
    await page.getByRole('button', { name: 'Từ chối gia hạn' }).first().click();
    await page.getByLabel('Lý do', { exact: true }).fill('Còn đủ thời gian');
    await page.locator('[data-form=extension-refusals] button[type=submit]').click();
    await row(id).waitFor({ state: 'detached' });
    await actAs(`unit:${LEAD}`);
    expect(await row(id).locator('.y').innerText()).toContain('Không được gia hạn');
    expect(await row(id).locator('.y').innerText()).toContain('Còn đủ thời gian');
    await command(`/tasks/${id}/progress`, { note: 'Đang làm tiếp' }, `unit:${LEAD}`);
    await page.getByRole('button', { name: '1 thay đổi — cập nhật' }).click();
    await row(id).waitFor({ state: 'detached' });
  });

  it('a coordinating unit is asked for its answer', async () => {
    const { id } = await assign('Việc cần ý kiến phối hợp', '2020-12-28');
    await actAs('unit:so-noi-vu');
    await row(id)
      .getByRole('button', { name: /Trả lời phối hợp/ })
      .click();
    await stage.page.locator('[data-form=coordination-answers] button[type=submit]').click();
    await row(id).waitFor({ state: 'detached' });
  });

  it('arrows walk the rows, Esc closes the form and gives the focus back', async () => {
    await actAs(`unit:${LEAD}`);
    const { page } = stage;
    const buttons = page.locator('.drow .a button');
    await buttons.first().focus();
    await page.keyboard.press('ArrowDown');
    expect(await buttons.nth(1).evaluate((one) => one.matches(':focus'))).toBe(true);
    await page.keyboard.press('Enter');
    await page.locator('form[data-form]').waitFor();
    await page.getByRole('button', { name: 'Thôi' }).focus();
    await page.keyboard.press('Escape');
    await page.locator('form[data-form]').waitFor({ state: 'detached' });
    expect(await buttons.nth(1).evaluate((one) => one.matches(':focus'))).toBe(true);
  });

  it('a unit and then the office do their day’s work by keys alone, and the keys always lead somewhere', async () => {
    const done = await assign('Việc làm bằng bàn phím', '2020-12-01');
    const late = await assign('Việc xin gia hạn bằng bàn phím', '2020-12-02');
    const { page } = stage;
    const { keyboard } = page;
    const form = (segment: string) => page.locator(`form[data-form=${segment}]`);
    const events = async (id: string): Promise<string[]> => (await ask<{ items: { type: string }[] }>(stage.url, `/tasks/${id}/events`)).items.map(({ type }) => type);
    /** Opens the row's form, or another one of its answers; the focus then stands in its first field. */
    const open = async (id: string, segment: string): Promise<void> => {
      await tabTo(page, `.drow[data-task="${id}"] .a button`);
      await keyboard.press('Enter');
      await page.locator('form[data-form] :is(input, textarea, select, button):focus').first().waitFor();
      if ((await form(segment).count()) > 0) return;
      const word = ANSWERS[segment]!;
      while ((await page.evaluate<string>('document.activeElement.textContent')) !== word) {
        await keyboard.press('Shift+Tab');
        expect(await expectFocusKept(page)).not.toContain('Tới nội dung');
      }
      await keyboard.press('Enter');
      await form(segment).locator(':is(input, textarea, select, button):focus').first().waitFor();
    };
    const submit = async (segment: string): Promise<void> => {
      await tabTo(page, `form[data-form=${segment}] button[type=submit]`);
      await keyboard.press('Enter');
      await form(segment).waitFor({ state: 'detached' });
      await expectFocusKept(page);
    };
    const become = async (role: string, keys: () => Promise<void>): Promise<void> => {
      await tabTo(page, 'select[name=vai]', { back: true });
      await keys();
      expect(await page.locator('select[name=vai]').inputValue()).toBe(role);
      await page.locator('h1 [data-total]').waitFor();
      await expectFocusKept(page);
    };

    // Whoever listens has the browser told in good time not to open a window of its own.
    page.on('filechooser', () => undefined);
    await page.goto(`${stage.url}/`);
    await page.locator('[data-ready=yes]').waitFor();
    await tabTo(page, 'nav a[href^="/ban-lam-viec"]');
    await keyboard.press('Enter');
    await page.locator('h1 [data-total]').waitFor();
    expect(await expectFocusKept(page)).toMatch(/^h1 /);
    await become(`unit:${LEAD}`, () => keyboard.type('Thanh tra t'));

    await open(done.id, 'receive');
    await submit('receive');
    await page.locator(`.drow[data-task="${done.id}"][data-wait=due-soon]`).waitFor();
    await open(done.id, 'progress');
    await keyboard.type('Đã rà soát 12 trên 30 hồ sơ');
    await keyboard.press('Tab');
    await keyboard.type('40');
    await submit('progress');
    await open(done.id, 'completion-submissions');
    // Nothing filled in yet: the refusal leads to the field that is missing.
    await tabTo(page, 'form[data-form=completion-submissions] button[type=submit]');
    await keyboard.press('Enter');
    await page.locator('.refusal').waitFor();
    expect(await expectFocusKept(page)).toBe('input resultNumber');
    await keyboard.type('77/BC-TTT');
    await tabTo(page, 'input[name=resultDate]');
    // Whichever of the two the browser asks for first.
    await keyboard.type('11112020');
    expect(await page.locator('input[name=resultDate]').inputValue()).toBe('2020-11-11');
    await tabTo(page, 'input[name=evidence]');
    for (const name of ['nhầm.txt', 'kết quả.txt']) {
      const chooser = page.waitForEvent('filechooser');
      await keyboard.press('Enter');
      await (await chooser).setFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(`Trong ${name}.\n`) });
      await page.locator('.picked li', { hasText: name }).waitFor();
      await expectFocusKept(page);
    }
    await tabTo(page, '.picked li:first-child button');
    await keyboard.press('Enter');
    await page.locator('.picked li', { hasText: 'nhầm.txt' }).waitFor({ state: 'detached' });
    await expectFocusKept(page);
    await submit('completion-submissions');
    await row(done.id).waitFor({ state: 'detached' });

    await open(late.id, 'receive');
    await submit('receive');
    await page.locator(`.drow[data-task="${late.id}"][data-wait=due-soon]`).waitFor();
    await open(late.id, 'extension-requests');
    await tabTo(page, 'input[name=phrase]');
    await keyboard.type('trước ngày 22/12/2020');
    await page.locator('.reading .due').waitFor();
    await tabTo(page, 'textarea[name=reason]');
    await keyboard.type('Chờ kết quả xác minh của huyện');
    await submit('extension-requests');
    expect(await events(done.id)).toEqual(['TaskAssigned', 'TaskReceived', 'ProgressReported', 'CompletionSubmitted']);
    expect((await ask<{ evidenceFiles: { name: string }[] }>(stage.url, `/tasks/${done.id}`)).evidenceFiles.map(({ name }) => name)).toEqual(['kết quả.txt']);
    expect(await events(late.id)).toEqual(['TaskAssigned', 'TaskReceived', 'ExtensionRequested']);

    await become('office', () => keyboard.press('Home'));
    await row(late.id).waitFor();
    await open(late.id, 'extension-grants');
    await page.locator('.reading .due').waitFor();
    await submit('extension-grants');
    await row(late.id).waitFor({ state: 'detached' });
    await open(done.id, 'completion-confirmations');
    await submit('completion-confirmations');
    await row(done.id).waitFor({ state: 'detached' });
    await assign('Việc đến trong lúc làm', '2020-12-30');
    await page.locator('.pill').waitFor();
    await tabTo(page, '.pill', { back: true });
    await keyboard.press('Enter');
    await page.locator('.pill').waitFor({ state: 'detached' });
    await expectFocusKept(page);
    // Confirmed by mistake: taken back in the same place, then refused with a reason.
    await tabTo(page, '.djust li:first-child [data-undo]');
    await keyboard.press('Enter');
    await page.locator('input[name=undoReason]:focus').waitFor();
    await keyboard.type('Xác nhận nhầm việc');
    await keyboard.press('Enter');
    await page.locator('.undone').waitFor();
    await expectFocusKept(page);
    await row(done.id).waitFor();
    await open(done.id, 'completion-refusals');
    await keyboard.type('Thiếu hồ sơ của hai huyện');
    await submit('completion-refusals');
    await row(done.id).waitFor({ state: 'detached' });

    expect((await events(done.id)).slice(4)).toEqual(['TaskCompleted', 'FactAnnulled', 'CompletionRefused']);
    expect((await events(late.id)).slice(3)).toEqual(['ExtensionGranted']);
    expect((await ask<{ state: string }>(stage.url, `/tasks/${done.id}`)).state).toBe('open');
    expect((await ask<{ deadline: { dueOn: string } }>(stage.url, `/tasks/${late.id}`)).deadline.dueOn).toBe('2020-12-21');
  }, 120_000);

  it('the past has no desk', async () => {
    await stage.page.goto(`${stage.url}${PATH}?ngay=2020-11-28`);
    await stage.page.getByRole('heading', { name: 'Bàn làm việc chỉ có ở hiện tại' }).waitFor();
    expect(stage.faults).toEqual([]);
  });
});
