import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadDefaultCalendar } from '#deadlines';
import { assignment, submission, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

/* Whole stories over HTTP, day by day, with the clock set by hand. */

interface Answer { readonly id: string; readonly revision: number; readonly position: string; readonly events: readonly string[] }
interface Event { readonly id: string; readonly type: string; readonly occurredAt: string; readonly recordedAt: string; readonly backdated: boolean }

let server: TestServer;
const UNIT = 'unitId=so-y-te&period=2020';
const opened = async (now: string): Promise<void> => {
  server = await TestServer.start(instant(now));
  for (const id of ['so-y-te', 'so-noi-vu', 'so-tai-chinh']) await server.done('/units', unit(id), 'admin');
};
const figures = (more: string): Promise<any> => server.ok(`/figures?${UNIT}&${more}`);
const cells = async (more: string): Promise<Record<string, number>> => Object.fromEntries(Object.entries((await figures(more)).cells as Record<string, number>).filter(([, n]) => n > 0));
const eventsOf = async (id: string): Promise<Event[]> => (await server.caughtUp(), await server.ok<{ items: Event[] }>(`/tasks/${id}/events`)).items;
const given = async (change: object = {}): Promise<string> => (await server.done<Answer>('/tasks', assignment(change))).id;

describe('what is keyed late and what changes after the report', () => {
  beforeEach(() => opened('2020-11-16T09:00:00+07:00'));
  afterEach(() => server.stop());

  it('a completion of 27/11 keyed on 30/11 is absent from what was known on 28/11 and present now, back-dated, although the deadline was recorded as passed on 28/11', async () => {
    const id = await given({ deadline: { date: '2020-11-27' } });
    await server.advance('2020-11-28T18:00:00+07:00');
    expect((await eventsOf(id)).map(({ type, occurredAt }) => [type, occurredAt])).toEqual([['TaskAssigned', '2020-11-16T00:00:00.000+07:00'], ['TaskBecameOverdue', '2020-11-28T00:00:00.000+07:00']]);
    expect(await cells('asOf=2020-11-28')).toEqual({ O2: 1 });
    await server.advance('2020-11-30T08:30:00+07:00');
    const late = { occurredOn: '2020-11-27', backdateReason: 'văn thư nghỉ cuối tuần', backdateDocument: 'Công văn 15/SYT' };
    await server.done(`/tasks/${id}/completion-submissions`, submission(late), 'unit:so-y-te');
    await server.done(`/tasks/${id}/completion-confirmations`, late);

    expect(await cells('asOf=2020-11-28&knownAt=2020-11-28')).toEqual({ O2: 1 });
    expect(await cells('asOf=2020-11-28')).toEqual({ D1: 1 });
    expect(await cells('asOf=2020-11-26')).toEqual({ O1: 1 });
    expect((await figures('asOf=2020-11-28')).parts).toMatchObject({ backdated: 1, D1a: 1 });
    expect((await figures('asOf=2020-11-28&knownAt=2020-11-28')).parts).toMatchObject({ backdated: 0 });
    expect((await eventsOf(id)).slice(2).map(({ type, occurredAt, recordedAt, backdated }) => [type, occurredAt, recordedAt.slice(0, 10), backdated])).toEqual([
      ['CompletionSubmitted', '2020-11-27T00:00:00.000+07:00', '2020-11-30', true], ['TaskCompleted', '2020-11-27T00:00:00.000+07:00', '2020-11-30', true],
    ]);
    const then = await server.ok(`/tasks/${id}?asOf=2020-11-28&knownAt=2020-11-28`);
    expect([then.state, then.cell, then.daysLate]).toEqual(['open', 'O2', 1]);
    expect((await server.ok(`/tasks/${id}?asOf=2020-11-28`)).cell).toBe('D1');

    const changes = await server.ok(`/figures/changes?${UNIT}&asOf=2020-11-28&sinceAsOf=2020-11-28&sinceKnownAt=2020-11-28`);
    expect([changes.changed.total, changes.entered.total, changes.left.total]).toEqual([1, 0, 0]);
    const [item] = changes.changed.items;
    expect([item.id, item.before, item.after]).toEqual([id, 'O2', 'D1']);
    expect(item.events.map((event: Event) => [event.type, event.backdated])).toEqual([['CompletionSubmitted', true], ['TaskCompleted', true]]);
    expect([changes.cells.O2, changes.cells.D1]).toEqual([{ before: 1, after: 0, entered: 0, left: 1 }, { before: 0, after: 1, entered: 1, left: 0 }]);
  });

  it.each<[string, (id: string) => Promise<unknown>, { type: string; group: 'entered' | 'left' | 'changed'; before: string; after: string | null; cells: object }]>([
    ['a transfer of an overdue task', (id) => server.done(`/tasks/${id}/transfer`, { toUnitId: 'so-noi-vu', reason: 'đúng chức năng' }), { type: 'TaskTransferred', group: 'left', before: 'O2', after: 'transferred', cells: {} }],
    ['an extension after the deadline', (id) => server.done(`/tasks/${id}/extension-grants`, { deadline: { date: '2020-12-14' }, document: 'Công văn 99/UBND' }, 'leader'), { type: 'ExtensionGranted', group: 'changed', before: 'O2', after: 'O1', cells: { O1: 1 } }],
    ['a void', (id) => server.done(`/tasks/${id}/void`, { reason: 'nhập sai' }), { type: 'TaskVoided', group: 'left', before: 'O2', after: 'voided', cells: {} }],
    ['a withdrawal', (id) => server.done(`/tasks/${id}/withdraw`, { reason: 'không còn cần' }), { type: 'TaskWithdrawn', group: 'left', before: 'O2', after: 'withdrawn', cells: {} }],
  ])('%s after the report leaves the published figure as issued, and the changes name the task and the event', async (_, act, expected) => {
    const id = await given({ deadline: { date: '2020-11-20' } });
    await server.advance('2020-11-28T17:00:00+07:00');
    const issued = await server.get(`/figures?${UNIT}&asOf=2020-11-28`);
    expect(issued.body.cells.O2).toBe(1);
    const known = `event:${String(issued.body.parameters.lastEventId)}`;
    const published = (await server.get(`/figures?${UNIT}&asOf=2020-11-28&knownAt=${known}`)).text;
    await server.advance('2020-12-02T10:00:00+07:00');
    await act(id);
    expect((await server.get(`/figures?${UNIT}&asOf=2020-11-28&knownAt=${known}`)).text).toBe(published);
    expect((await figures(`asOf=2020-11-28&knownAt=2020-11-28`)).cells).toEqual(issued.body.cells);
    expect(await cells('asOf=2020-12-02')).toEqual(expected.cells);
    // Only what repairs the record reaches back to the day of the report; the rest acts from its own day.
    expect(await cells('asOf=2020-11-28')).toEqual(expected.type === 'TaskVoided' ? {} : { O2: 1 });
    const changes = await server.ok(`/figures/changes?${UNIT}&asOf=2020-12-02&sinceAsOf=2020-11-28&sinceKnownAt=${known}`);
    expect([changes.entered.total, changes.left.total, changes.changed.total]).toEqual([0, expected.group === 'left' ? 1 : 0, expected.group === 'changed' ? 1 : 0]);
    const [item] = changes[expected.group].items;
    expect([item.id, item.before, item.after, item.events.map((event: Event) => event.type)]).toEqual([id, expected.before, expected.after, [expected.type]]);
    expect([changes.since.total, changes.now.total]).toEqual([1, expected.group === 'left' ? 0 : 1]);
  });

  it('a transferred overdue task is one task of the province: out here, in there', async () => {
    const id = await given({ deadline: { date: '2020-11-20' } });
    await server.advance('2020-11-23T09:00:00+07:00');
    await server.done(`/tasks/${id}/transfer`, { toUnitId: 'so-noi-vu', reason: 'đúng chức năng' });
    const all = await server.ok('/figures?period=2020&asOf=2020-11-23');
    expect([all.total, all.cells.O2, all.out.transferred, all.flow]).toEqual([1, 1, 1, { opening: 0, new: 1, transferredIn: 1, reopened: 0, closed: 0, out: 1, closing: 1 }]);
    const one = await server.ok(`/tasks/${id}`);
    expect(one.assignments.map((a: { unitId: string; endedBy: string | null }) => [a.unitId, a.endedBy])).toEqual([['so-y-te', 'transferred'], ['so-noi-vu', null]]);
    expect((await eventsOf(id)).filter(({ type }) => type === 'TaskBecameOverdue')).toHaveLength(1);
  });

  it('changes between two points are told the same after later facts, also after an annulment of what they name', async () => {
    const id = await given({ deadline: { date: '2020-11-20' } });
    await server.advance('2020-11-19T09:00:00+07:00');
    await server.done(`/tasks/${id}/completion-submissions`, submission());
    await server.done(`/tasks/${id}/completion-confirmations`);
    const { parameters } = await figures('asOf=2020-11-19');
    const path = `/figures/changes?${UNIT}&asOf=2020-11-19&knownAt=position:${String(parameters.position)}&sinceAsOf=2020-11-18&sinceKnownAt=2020-11-18`;
    const before = (await server.get(path)).text;
    expect(JSON.parse(before).changed.items[0].events.map((event: Event & { effective: boolean }) => [event.type, event.effective])).toEqual([['CompletionSubmitted', true], ['TaskCompleted', true]]);
    const confirmation = (await eventsOf(id)).find(({ type }) => type === 'TaskCompleted')!;
    await server.done(`/tasks/${id}/annul`, { eventId: confirmation.id, reason: 'xác nhận nhầm' });
    await server.done('/units/so-y-te/rename', { on: '2020-11-17', name: 'Sở Y tế tỉnh', legalBasis: 'Nghị quyết' }, 'admin');
    expect((await server.get(path)).text).toBe(before);
    expect(await cells('asOf=2020-11-19')).toEqual({ V1: 1 });
  });
});

describe('published figures with other denominators', () => {
  beforeAll(() => opened('2020-11-16T09:00:00+07:00'));
  afterAll(() => server.stop());

  it('680 given, 627 done, 572 on time: R3 and R4 by the choice of definition alone', async () => {
    const several = async (n: number, change: object, act: (id: string) => Promise<void>): Promise<void> => {
      for (let done = 0; done < n; done += 40) {
        await Promise.all(Array.from({ length: Math.min(40, n - done) }, async (_, k) => {
          const { status, body } = await server.post('/tasks', assignment({ content: `Việc ${String(done + k)}`, ...change }));
          expect(status).toBe(201);
          await act(body.id);
        }));
      }
    };
    const complete = async (id: string): Promise<void> => {
      expect((await server.post(`/tasks/${id}/completion-submissions`, submission())).status).toBe(200);
      expect((await server.post(`/tasks/${id}/completion-confirmations`)).status).toBe(200);
    };
    await several(572, {}, complete);
    await several(55, { deadline: { date: '2020-11-13' } }, complete);
    await several(53, {}, () => Promise.resolve());
    await server.caughtUp();
    const answer = await figures('asOf=2020-11-16');
    const rate = (code: string, from = answer): string => { const one = from.rates.find((r: { code: string }) => r.code === code); return `${String(one.numerator)}/${String(one.denominator)} ${String(one.text)}`; };
    expect([answer.total, rate('R3'), rate('R4')]).toEqual([680, '627/680 92,21 %', '572/680 84,12 %']);
    expect(rate('R4', await figures('asOf=2020-11-16&rounding=truncate'))).toBe('572/680 84,11 %');
    expect([rate('R1'), rate('R2')]).toEqual(['572/627 91,23 %', '572/627 91,23 %']);
    for (const code of ['R3', 'R4']) {
      const explained = await server.ok(`/figures/explain?${UNIT}&asOf=2020-11-16&rate=${code}`);
      expect([explained.value.denominator, explained.terms.reduce((n: number, term: { count: number; sign: number }) => n + term.count * term.sign, 0)]).toEqual([680, 680]);
    }
  }, 120_000);
});

describe('commands', () => {
  beforeEach(() => opened('2020-11-16T09:00:00+07:00'));
  afterEach(() => server.stop());
  const key = (n: number): string => `0190a2b4-1111-7000-8000-${String(n).padStart(12, '0')}`;

  it('with a key answer a repeat as they did first, write once, also seconds later and after a restart, and refuse another body', async () => {
    const id = await given({ coordinatingUnitIds: ['so-tai-chinh'] });
    const other = await given({ content: 'Việc khác' });
    // Each as it may be given in its turn; none says when it happened.
    const commands: readonly (readonly [path: string, body: object, actor: string, otherwise: object])[] = [
      ['/tasks', assignment({ content: 'Giao bằng khóa' }), 'office', assignment({ content: 'Nội dung khác' })],
      [`/tasks/${id}/receive`, {}, 'unit:so-y-te', { note: 'x' }],
      [`/tasks/${id}/progress`, { note: 'đang làm', percent: 20 }, 'unit:so-y-te', { note: 'đang làm', percent: 30 }],
      [`/tasks/${id}/extension-requests`, { deadline: { date: '2020-12-07' }, reason: 'chờ số liệu' }, 'unit:so-y-te', { deadline: { date: '2020-12-08' }, reason: 'chờ số liệu' }],
      [`/tasks/${id}/extension-grants`, { deadline: { date: '2020-12-04' } }, 'leader', { deadline: { date: '2020-12-07' } }],
      [`/tasks/${id}/urge`, { channel: 'điện thoại' }, 'leader', { channel: 'thư' }],
      [`/tasks/${id}/coordination-answers`, { unitId: 'so-tai-chinh' }, 'unit:so-tai-chinh', { unitId: 'so-noi-vu' }],
      [`/tasks/${id}/agenda`, { reason: 'chậm hai tuần' }, 'leader', { reason: 'khác' }],
      [`/tasks/${id}/explanation-requests`, { question: 'vì sao chậm?' }, 'leader', { question: 'vì sao?' }],
      [`/tasks/${id}/explanations`, { answer: 'thiếu số liệu' }, 'unit:so-y-te', { answer: 'mưa' }],
      [`/tasks/${id}/suspend`, { reason: 'chờ trung ương' }, 'office', { reason: 'khác' }],
      [`/tasks/${id}/resume`, { deadline: { date: '2020-12-21' } }, 'office', { deadline: { date: '2020-12-22' } }],
      [`/tasks/${id}/transfer`, { toUnitId: 'so-noi-vu', reason: 'đúng chức năng' }, 'office', { toUnitId: 'so-tai-chinh', reason: 'đúng chức năng' }],
      [`/tasks/${id}/correct`, { changes: { content: 'Nội dung đúng' }, reason: 'ghi sai' }, 'office', { changes: { content: 'Khác' }, reason: 'ghi sai' }],
      [`/tasks/${id}/completion-submissions`, submission(), 'unit:so-noi-vu', submission({ resultDocument: { number: '13/BC', date: '2020-11-16' } })],
      [`/tasks/${id}/completion-confirmations`, {}, 'leader', { note: 'khác' }],
      [`/tasks/${id}/reopen`, { reason: 'còn thiếu' }, 'office', { reason: 'khác' }],
      [`/tasks/${other}/void`, { reason: 'nhập sai' }, 'office', { reason: 'khác' }],
      ['/units', unit('so-moi', { establishedOn: undefined }), 'admin', unit('so-moi', { name: 'Tên khác', establishedOn: undefined })],
      ['/units/so-tai-chinh/rename', { on: '2020-11-16', name: 'Sở Tài chính mới' }, 'admin', { on: '2020-11-16', name: 'Tên khác' }],
      ['/settings', { dueSoonWorkingDays: 5, reason: 'thử' }, 'admin', { dueSoonWorkingDays: 6, reason: 'thử' }],
      ['/secret-counts', { unitId: 'so-y-te', from: '2020-10-15', to: '2020-11-14', assigned: 2, completed: 1 }, 'office', { unitId: 'so-y-te', from: '2020-10-15', to: '2020-11-14', assigned: 3, completed: 1 }],
      ['/calendar/2021', { basis: 'Thông báo', holidays: [{ date: '2021-01-01', name: 'Tết Dương lịch' }], compensations: [], swaps: [] }, 'admin', { basis: 'Thông báo khác', holidays: [], compensations: [], swaps: [] }],
    ];
    const first: { path: string; body: object; actor: string; otherwise: object; status: number; text: string; key: string }[] = [];
    for (const [n, [path, body, actor, otherwise]] of commands.entries()) {
      const headers = { 'X-Actor': actor, 'Idempotency-Key': key(n) };
      const { status, text } = await server.post(path, body, headers);
      expect([path, status < 300, text]).toEqual([path, true, text]);
      server.clock.set(server.clock.now() + 2_500);
      const before = await server.events();
      const again = await server.post(path, body, headers);
      expect([path, again.status, again.text, await server.events()]).toEqual([path, status, text, before]);
      first.push({ path, body, actor, otherwise, status, text, key: key(n) });
    }
    await server.restart();
    server.clock.set(server.clock.now() + 60_000);
    const before = await server.events();
    for (const one of first) {
      const headers = { 'X-Actor': one.actor, 'Idempotency-Key': one.key };
      const again = await server.post(one.path, one.body, headers);
      expect([one.path, again.status, again.text]).toEqual([one.path, one.status, one.text]);
      const reused = await server.post(one.path, one.otherwise, headers);
      expect([one.path, reused.status, reused.body.code]).toEqual([one.path, 422, 'idempotency-key-reused']);
    }
    expect(await server.events()).toBe(before);
  }, 60_000);

  it('with one key sent several times at once are recorded once and all answered alike', async () => {
    const id = await given();
    for (const [n, [path, body, actor]] of ([['/tasks', assignment({ content: 'Bấm nhiều lần' }), 'office'], [`/tasks/${id}/progress`, { note: 'đang làm' }, 'office'], [`/tasks/${id}/completion-submissions`, submission(), 'office'], [`/tasks/${id}/completion-confirmations`, {}, 'leader'], ['/units', unit('bam-nhieu'), 'admin'], ['/settings', { fullWeekTasks: 9, reason: 'thử' }, 'admin']] as const).entries()) {
      const before = await server.events();
      const replies = await Promise.all(Array.from({ length: 6 }, () => server.post(path, body, { 'X-Actor': actor, 'Idempotency-Key': key(500 + n) })));
      expect([path, ...new Set(replies.map(({ status, text }) => `${String(status)} ${text}`))]).toEqual([path, `${String(replies[0]!.status)} ${replies[0]!.text}`]);
      expect([path, replies[0]!.status < 300, await server.events()]).toEqual([path, true, before + 1]);
    }
  });

  it('refused with a key are not remembered: the same request is decided anew', async () => {
    const id = await given();
    const headers = { 'Idempotency-Key': key(99) };
    expect((await server.post(`/tasks/${id}/completion-confirmations`, {}, headers)).body.code).toBe('not-allowed-when-open');
    await server.done(`/tasks/${id}/completion-submissions`, submission());
    expect((await server.post(`/tasks/${id}/completion-confirmations`, {}, headers)).status).toBe(200);
  });

  it('a recomputation with a key is answered again as it was', async () => {
    const id = await given({ deadline: { phrase: 'trong 10 ngày làm việc kể từ ngày nhận được văn bản' } });
    await server.done('/calendar/2020', calendarWith({ date: '2020-11-20', name: 'Ngày nghỉ thử' }), 'admin');
    const headers = { 'Idempotency-Key': key(7) };
    const first = await server.post('/deadlines/recompute', { taskIds: [id], reason: 'lịch mới' }, headers);
    expect(first.body.recomputed).toEqual([expect.objectContaining({ taskId: id, from: '2020-11-30', to: '2020-12-01' })]);
    server.clock.set(server.clock.now() + 5_000);
    expect((await server.post('/deadlines/recompute', { taskIds: [id], reason: 'lịch mới' }, headers)).text).toBe(first.text);
    const another = await given({ content: 'Việc khác', deadline: { date: '2020-11-20' } });
    expect((await server.post('/deadlines/recompute', { taskIds: [another, id], reason: 'lịch mới' }, headers)).body).toMatchObject({ status: 422, code: 'idempotency-key-reused' });
    expect(await eventsOf(another)).toHaveLength(1);
  });

  it('with If-Match hold only at that revision', async () => {
    const id = await given();
    const match = (revision: string): Record<string, string> => ({ 'If-Match': revision });
    expect((await server.post(`/tasks/${id}/receive`, {}, match('"1"'))).body).toMatchObject({ status: 412, code: 'revision-mismatch', expected: 1, actual: 0 });
    expect((await server.post(`/tasks/${id}/receive`, {}, match('0'))).status).toBe(400);
    expect((await server.post(`/tasks/${id}/receive`, {}, match('"0"'))).body.revision).toBe(1);
    const renamed = { on: '2020-11-16', name: 'Sở Y tế mới' };
    expect((await server.post('/units/so-y-te/rename', renamed, { 'X-Actor': 'admin', ...match('"4"') })).body).toMatchObject({ status: 412, code: 'revision-mismatch', expected: 4, actual: 0 });
    expect((await server.post('/units/so-y-te/rename', renamed, { 'X-Actor': 'admin', ...match('"0"') })).body.revision).toBe(1);
    expect((await server.post('/settings', { fullWeekTasks: 7, reason: 'thử' }, { 'X-Actor': 'admin', ...match('"0"') })).status).toBe(412);
    expect((await server.post('/calendar/2021', { basis: 'x', holidays: [], compensations: [], swaps: [] }, { 'X-Actor': 'admin', ...match('"3"') })).status).toBe(412);
  });

  it('in a race: of many confirmations one is recorded, and a confirmation and a refusal exclude each other', async () => {
    const id = await given();
    await server.done(`/tasks/${id}/completion-submissions`, submission());
    const all = await Promise.all(Array.from({ length: 8 }, (_, n) => server.post(`/tasks/${id}/completion-confirmations`, {}, { 'X-Actor': n % 2 === 0 ? 'office' : 'leader' })));
    expect(all.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(409)]);
    for (const { status, body } of all) if (status === 409) expect(body).toMatchObject({ code: 'not-allowed-when-done', fact: { type: 'TaskCompleted', eventId: (await eventsOf(id)).at(-1)!.id } });

    const two = await given();
    await server.done(`/tasks/${two}/completion-submissions`, submission());
    const [yes, no] = await Promise.all([server.post(`/tasks/${two}/completion-confirmations`), server.post(`/tasks/${two}/completion-refusals`, { reason: 'chưa đạt' })]);
    expect([yes.status, no.status].sort()).toEqual([200, 409]);
    expect((await eventsOf(two)).filter(({ type }) => type === 'TaskCompleted' || type === 'CompletionRefused')).toHaveLength(1);

    const same = await Promise.all(Array.from({ length: 5 }, () => server.post('/units', unit('so-dua'), { 'X-Actor': 'admin' })));
    expect(same.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it('are seen by whoever asks with atLeast their position: tasks, units, calendar, settings, secret counts', async () => {
    for (let n = 0; n < 10; n++) {
      const { body } = await server.post('/tasks', assignment({ content: `Việc thứ ${String(n)}` }));
      const [one, list, number] = await Promise.all([server.get(`/tasks/${body.id}?atLeast=${body.position}`), server.get(`/tasks?atLeast=${body.position}&limit=200`), server.get(`/figures?${UNIT}&atLeast=${body.position}`)]);
      expect([one.body.content, list.body.items.some((task: { id: string }) => task.id === body.id), number.body.total]).toEqual([`Việc thứ ${String(n)}`, true, n + 1]);
      expect(BigInt(number.body.parameters.position) >= BigInt(body.position)).toBe(true);
    }
    const named = (await server.post('/units/so-y-te/rename', { on: '2020-11-16', name: 'Sở Y tế tỉnh' }, { 'X-Actor': 'admin' })).body;
    expect((await server.ok(`/units/so-y-te?asOf=2020-11-16&atLeast=${named.position}`)).name).toBe('Sở Y tế tỉnh');
    expect((await server.ok(`/units?asOf=2020-11-16&atLeast=${named.position}`)).items.map((one: { name: string }) => one.name)).toContain('Sở Y tế tỉnh');
    const published = (await server.post('/calendar/2021', { basis: 'Thông báo', holidays: [{ date: '2021-01-01', name: 'Tết Dương lịch' }], compensations: [], swaps: [] }, { 'X-Actor': 'admin' })).body;
    expect(JSON.stringify(await server.ok(`/calendar/2021?atLeast=${published.position}`))).toContain('Tết Dương lịch');
    const set = (await server.post('/settings', { fullWeekTasks: 7, reason: 'thử' }, { 'X-Actor': 'admin' })).body;
    expect((await server.ok(`/settings?atLeast=${set.position}`)).fullWeekTasks).toBe(7);
    const secret = (await server.post('/secret-counts', { unitId: 'so-y-te', from: '2020-10-15', to: '2020-11-14', assigned: 2, completed: 1 })).body;
    expect((await server.ok(`/secret-counts?atLeast=${secret.position}`)).items).toHaveLength(1);
    expect((await server.ok(`/figures?${UNIT}&atLeast=${secret.position}`)).secretCounts).toMatchObject({ assigned: 2, completed: 1 });
    expect((await server.get(`/figures?atLeast=${String(BigInt(secret.position) + 1_000n)}`)).status).toBe(400);
  });
});

/** The year 2020 as it ships, with one more day off. */
function calendarWith(day: { date: string; name: string }): object {
  const year = loadDefaultCalendar().describeYear(2020) as unknown as { holidays: { date: string; name: string }[]; compensations: object[]; swaps: object[] };
  return { basis: 'Thông báo thử', holidays: [...year.holidays.map(({ date, name }) => ({ date, name })), day], compensations: year.compensations, swaps: year.swaps };
}
