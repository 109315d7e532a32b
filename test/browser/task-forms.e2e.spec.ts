import { expect, it } from '@jest/globals';
import { ask, describeInBrowser } from '../support/browser.ts';

const LEAD = 'thanh-tra-tinh';
const HELPER = 'so-noi-vu';
type Fill = Readonly<Record<string, string>>;

describeInBrowser('mỗi lệnh một biểu mẫu', (stage) => {
  let made = 0;
  async function newTask(deadline: object = { date: '2020-12-18' }): Promise<string> {
    made += 1;
    const answer = await fetch(`${stage.url}/api/v1/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-actor': 'office' },
      body: JSON.stringify({
        document: { number: `${900 + made}/UBND-TH`, date: '2020-11-27', issuer: 'UBND tỉnh', title: `Văn bản thử số ${made}` },
        content: `Việc thử biểu mẫu số ${made}`,
        authority: 'ubnd-tinh',
        leadUnitId: LEAD,
        coordinatingUnitIds: [HELPER],
        assignedOn: '2020-11-28',
        deadline,
      }),
    });
    const body = (await answer.json()) as { id: string };
    expect({ status: answer.status, body }).toMatchObject({ status: 201 });
    return body.id;
  }

  /** Gives one command through its form; `fill` names fields by their name, a value `!` picks the first choice of a list. */
  async function give(task: string, role: string, segment: string, fill: Fill = {}): Promise<string> {
    const { page } = stage;
    await page.goto(`${stage.url}/viec/${task}`);
    await page.locator('.story > li').first().waitFor();
    await page.locator('select[name=vai]').selectOption(role);
    await page.locator(`[data-act="${segment}"]`).click();
    const form = page.locator(`[data-form="${segment}"]`);
    for (const [name, value] of Object.entries(fill)) {
      if (name === 'combo') {
        await form.getByRole('combobox').and(form.locator('input')).fill(value);
        const options = form.locator('[role=option]:not([aria-disabled])');
        await options.first().waitFor();
        await page.keyboard.press('Enter');
      } else if (name === 'deadline') {
        await form.getByLabel('Ngày cụ thể').check();
        await form.locator('input[name=date]').fill(value);
        await form.locator('.reading .due').waitFor();
      } else {
        const box = form.locator(`[name=${name}]`);
        if ((await box.evaluate((one) => one.tagName)) === 'SELECT') await box.selectOption(value);
        else await box.fill(value);
      }
    }
    await form.locator('button[type=submit]').click();
    const outcome = page.locator('.outcome, .refusal');
    await outcome.waitFor();
    const said = await outcome.innerText();
    expect({ segment, said }).toEqual({ segment, said: expect.stringContaining('Đã ghi') });
    return said;
  }
  const cellOf = async (task: string) => (await ask<{ cell: string | null }>(stage.url, `/tasks/${task}`)).cell;

  it('suspends and resumes with a new deadline', async () => {
    const task = await newTask();
    expect(await give(task, 'office', 'suspend', { reason: 'Chờ hướng dẫn của Bộ', document: '12/UBND ngày 29/11/2020' })).toContain(
      'sang “Tạm dừng”',
    );
    expect(await give(task, 'office', 'resume', { deadline: '2020-12-30' })).toContain('sang “Đang thực hiện trong hạn”');
    expect(await stage.page.locator('.dlist > li').count()).toBe(2);
  });

  it('transfers to another unit, found without tone marks; the old assignment stays in the history', async () => {
    const task = await newTask();
    await give(task, 'office', 'transfer', { combo: 'so tai chinh', reason: 'Đúng chức năng hơn' });
    const { page } = stage;
    expect(await page.locator('.facts').innerText()).toContain('Sở Tài chính');
    expect(await page.locator('.hands > li').count()).toBe(2);
    expect(await page.locator('.hands').first().innerText()).toContain('chuyển cơ quan khác');
  });

  it('sets a deadline where there was none', async () => {
    const task = await newTask({ none: true });
    expect(await cellOf(task)).toBe('O3');
    expect(await give(task, 'office', 'deadline', { deadline: '2020-12-15' })).toContain('sang “Đang thực hiện trong hạn”');
  });

  it('asks for an explanation, is answered, and confirms an objective cause; urges', async () => {
    const task = await newTask();
    const { page } = stage;
    await give(task, 'leader', 'explanation-requests', { question: 'Vì sao chưa tiếp nhận?' });
    expect(await page.locator('.talk').innerText()).toContain('Chưa trả lời.');
    await give(task, `unit:${LEAD}`, 'explanations', { answer: 'Văn bản đến muộn' });
    expect(await page.locator('.talk').innerText()).toContain('Văn bản đến muộn');
    await give(task, 'office', 'objective-causes', { document: '15/BC-STP ngày 29/11/2020', reason: 'Mưa lũ' });
    expect(await page.locator('.talk').innerText()).toContain('15/BC-STP');
    await give(task, 'leader', 'urge', { channel: 'Điện thoại' });
    expect(await page.locator('.facts').innerText()).toContain('Đã đôn đốc 1 lần');
  });

  it('the coordinating unit answers, and only that', async () => {
    const task = await newTask();
    await give(task, `unit:${HELPER}`, 'coordination-answers', { note: 'Nhất trí' });
    expect(await stage.page.locator('.talk').innerText()).toContain('Mọi đơn vị đã trả lời.');
    expect(await stage.page.locator('[data-act]').evaluateAll((all) => all.map((one) => one.getAttribute('data-act')))).not.toContain(
      'receive',
    );
  });

  it('a return is proposed, refused, proposed again and accepted', async () => {
    const task = await newTask();
    await give(task, `unit:${LEAD}`, 'return-proposals', { reason: 'Không thuộc chức năng' });
    await give(task, 'leader', 'return-refusals', { reason: 'Đúng chức năng' });
    await give(task, `unit:${LEAD}`, 'return-proposals', { reason: 'Vẫn đề nghị xem lại' });
    expect(await give(task, 'leader', 'return-acceptances')).toContain('Ngoài tổng số: trả lại');
    // Both proposals stay with what became of them.
    const turns = stage.page.locator('.talk > li[data-decided]');
    await turns.nth(1).waitFor();
    expect(await turns.allInnerTexts()).toEqual([expect.stringMatching(/Không thuộc chức năng[^]*Đúng chức năng/), expect.stringContaining('Vẫn đề nghị xem lại')]);
  });

  it('refuses an extension and a completion, each with its reason', async () => {
    const task = await newTask();
    await give(task, `unit:${LEAD}`, 'extension-requests', { deadline: '2020-12-28', reason: 'Chờ số liệu' });
    await give(task, 'leader', 'extension-refusals', { reason: 'Không chậm hơn được' });
    expect(await stage.page.locator('.talk > li[data-decided]').innerText()).toMatch(/Chờ số liệu[^]*Không chậm hơn được/);
    await give(task, `unit:${LEAD}`, 'completion-submissions', { resultNumber: '1/BC', resultDate: '2020-11-28' });
    expect(await give(task, 'office', 'completion-refusals', { reason: 'Thiếu phụ lục' })).toContain('sang “Đang thực hiện trong hạn”');
  });

  it.each([
    ['withdraw', 'Ngoài tổng số: thu hồi', 'withdrawn'],
    ['cancel', 'Ngoài tổng số: hủy', 'cancelled'],
    ['void', 'Ngoài tổng số: hủy do nhập sai', 'voided'],
  ])('%s takes the task out of the total', async (segment, words, cell) => {
    const task = await newTask();
    expect(await give(task, 'office', segment, { reason: 'Lý do thử' })).toContain(words);
    expect(await cellOf(task)).toBe(cell);
  });

  it('links a duplicate to the task it repeats, found by its document number', async () => {
    const first = await newTask();
    const second = await newTask();
    const { document } = await ask<{ document: { number: string } }>(stage.url, `/tasks/${first}`);
    await give(second, 'office', 'link-duplicate', { combo: document.number, reason: 'Giao lặp' });
    const { duplicateOf } = await ask<{ duplicateOf: { id: string } | null }>(stage.url, `/tasks/${second}`);
    expect(duplicateOf?.id).toBe(first);
    expect(await stage.page.locator('main').innerText()).toContain('coi như đôn đốc việc ấy');
  });

  it('a unit hands out a subtask inside itself; the page of each names the other', async () => {
    const task = await newTask();
    const { page } = stage;
    await page.goto(`${stage.url}/viec/${task}`);
    await page.locator('select[name=vai]').selectOption(`unit:${LEAD}`);
    await page.getByRole('link', { name: 'Giao việc con trong đơn vị' }).click();
    await page.locator('textarea[name=content]').fill('Phần việc của phòng nghiệp vụ');
    await page.getByLabel('Cơ quan chủ trì').fill('thanh tra tinh');
    await page.keyboard.press('Enter');
    await page.getByLabel('Không thời hạn').check();
    await page.getByRole('button', { name: 'Giao 1 việc' }).click();
    await page.locator('[data-given] a').click();
    await page.locator('.taskh', { hasText: 'Phần việc của phòng nghiệp vụ' }).waitFor();
    expect(await page.locator('main').innerText()).toContain('Là việc con của');
    await page.goto(`${stage.url}/viec/${task}`);
    await page.locator('.hands', { hasText: 'Phần việc của phòng nghiệp vụ' }).waitFor();
    await page.locator('select[name=vai]').selectOption('office');
    expect(stage.faults).toEqual([]);
  });
});
