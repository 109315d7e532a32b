import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { assignment, submission, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

/* A meeting over HTTP, from its cut-off to its notice. */

const reason = 'chờ ý kiến Bộ';
const cutOff = '2020-11-23T07:30:00+07:00';
let server: TestServer;

beforeEach(async () => {
  server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'));
  for (const id of ['so-y-te', 'so-noi-vu', 'so-xay-dung']) await server.done('/units', unit(id), 'admin');
});
afterEach(() => server.stop());

const assign = async (change: object = {}): Promise<string> => (await server.done('/tasks', assignment(change))).id as string;
const open = (change: object = {}, actor = 'office'): Promise<any> => server.done('/briefings', { name: 'Giao ban thứ Hai 23/11/2020', cutOff, presiding: 'Chủ tịch UBND tỉnh', ...change }, actor);
const conclude = (id: string, body: object, actor = 'leader'): Promise<any> => server.done(`/briefings/${id}/conclusions`, { text: 'Yêu cầu thực hiện nghiêm', ...body }, actor);
const eventsOf = async (): Promise<number> => (await server.runtime.log.head()).count;

describe('a weekly meeting', () => {
  test('goes from its cut-off over conclusions to a notice, and can be told again event by event', async () => {
    const first = await assign({ content: 'Báo cáo mặt bằng', deadline: { date: '2020-11-20' } });
    const asked = await assign({ content: 'Điều chỉnh quy hoạch', leadUnitId: 'so-xay-dung', deadline: { date: '2020-11-25' } });
    await server.done(`/tasks/${asked}/extension-requests`, { deadline: { date: '2020-12-15' }, reason }, 'unit:so-xay-dung');
    await server.advance('2020-11-16T10:00:00+07:00');
    const before = await open({ name: 'Giao ban thứ Hai 16/11/2020', cutOff: '2020-11-16T09:30:00+07:00' });
    await conclude(before.id, { kind: 'decision', text: 'Các sở rà soát việc quá hạn' });
    await server.done(`/briefings/${before.id}/close`);

    await server.advance('2020-11-23T07:40:00+07:00');
    const { id, position } = await open();
    expect(await server.ok(`/briefings/${id}?atLeast=${position}`)).toMatchObject({
      name: 'Giao ban thứ Hai 23/11/2020', state: 'open', cutOff: { asOf: '2020-11-23T07:30:00.000+07:00' }, previousId: before.id, presiding: 'Chủ tịch UBND tỉnh', conclusions: [],
    });

    const granted = await conclude(id, { kind: 'extend', taskId: asked, deadline: { phrase: '10 ngày làm việc' }, text: 'Trình quy hoạch phân khu 3', short: 'Trình quy hoạch phân khu 3' });
    expect(granted).toMatchObject({ events: ['ConclusionRecorded', 'ExtensionGranted'], taskId: asked, taskRevision: 2, number: 1 });
    const explained = await conclude(id, { kind: 'explain', taskId: first, question: 'Vì sao chậm?' });
    expect(explained.events).toEqual(['ConclusionRecorded', 'ExplanationRequested']);
    const given = await conclude(id, { kind: 'assign', content: 'Lập danh mục nhà ở xã hội', leadUnitId: 'so-xay-dung', deadline: { date: '2020-12-30' }, text: 'Giao Sở Xây dựng lập danh mục' }, 'office');
    expect(given.events).toEqual(['ConclusionRecorded', 'TaskAssigned']);

    const made = await server.runtime.log.readStream(`task-${asked}`);
    expect(made.at(-1)).toMatchObject({ type: 'ExtensionGranted', data: { deadline: { dueOn: '2020-12-07' }, reason: 'Kết luận giao ban 23/11' }, metadata: { actor: { role: 'leader' }, briefing: { briefingId: id, conclusionId: granted.conclusionId } } });
    expect((await server.runtime.log.readStream(`task-${first}`)).at(-1)).toMatchObject({ type: 'ExplanationRequested', data: { note: 'Kết luận giao ban 23/11' } });
    expect((await server.runtime.log.readStream(`task-${given.taskId}`))[0]).toMatchObject({ data: { document: { number: '(chờ số)/TB-UBND 23/11/2020', date: '2020-11-23' }, leadUnitId: 'so-xay-dung' } });

    const { conclusions } = await server.ok(`/briefings/${id}`);
    expect(conclusions).toMatchObject([
      { number: 1, kind: 'extend', taskId: asked, taskCode: 'NV-2020-0002', unitShort: 'so-xay-dung', dueOn: '2020-12-07', struck: false, events: [{ id: made.at(-1)!.id, position: String(made.at(-1)!.position), type: 'ExtensionGranted' }] },
      { number: 2, kind: 'explain', taskCode: 'NV-2020-0001', unitShort: 'so-y-te', dueOn: null },
      { number: 3, kind: 'assign', taskCode: 'NV-2020-0003', unitShort: 'so-xay-dung', dueOn: '2020-12-30' },
    ]);

    // The last changes after the cut-off, and what each did to the live cells.
    expect(await server.ok(`/briefings/${id}/ticker?limit=2`)).toMatchObject({
      changesAfterCutOff: 3,
      items: [{ code: 'NV-2020-0003', words: 'được giao', unitShort: 'so-xay-dung', effect: { O1: 1 } }, { code: 'NV-2020-0001', words: 'phải giải trình', effect: {} }],
    });

    await server.done(`/briefings/${id}/close`, {}, 'leader');
    const closed = await server.ok(`/briefings/${id}`);
    expect(closed).toMatchObject({ state: 'closed', closedAt: '2020-11-23T07:40:00.000+07:00', closeLastEventId: expect.any(String) });
    const items: any[] = (await server.ok(`/briefings/${id}/replay`)).items;
    expect(items.map(({ type }) => type)).toEqual(['BriefingOpened', 'ExtensionGranted', 'ConclusionRecorded', 'ExplanationRequested', 'ConclusionRecorded', 'TaskAssigned', 'ConclusionRecorded', 'BriefingClosed']);
    expect(items.every(({ sentence, occurredAt, recordedAt }) => sentence.length > 10 && occurredAt && recordedAt)).toBe(true);
    expect(items[1]).toMatchObject({ taskCode: 'NV-2020-0002', conclusionId: granted.conclusionId, sentence: expect.stringContaining('Cho gia hạn, hạn hết ngày 07/12/2020') });

    const minutes = await server.ok(`/briefings/${id}/minutes`);
    expect(minutes).toMatchObject({ draft: true, title: 'THÔNG BÁO', abstract: 'Kết luận giao ban thứ Hai 23/11/2020', items: [{ number: 1, unit: 'Đơn vị so-xay-dung', task: 'NV-2020-0002', deadline: 'hết ngày 07/12/2020' }, {}, {}] });
    const { text } = await server.get(`/briefings/${id}/minutes?format=md`);
    expect(text).toContain('1. Trình quy hoạch phân khu 3 (Gia hạn; Đơn vị so-xay-dung; NV-2020-0002; hạn hết ngày 07/12/2020).');
    expect(await server.ok('/briefings')).toMatchObject({ total: 2, items: [{ id, state: 'closed', conclusions: 3 }, { id: before.id }] });
  });

  test('takes up what was put on its agenda, before it is opened and while it is held, with the reason and who asked', async () => {
    const early = await assign({ content: 'Báo cáo mặt bằng', deadline: { date: '2020-11-20' } });
    const own = await assign({ content: 'Điều chỉnh quy hoạch', leadUnitId: 'so-xay-dung', deadline: { date: '2020-11-25' } });
    const late = await assign({ content: 'Kiểm tra thuốc' });
    await server.advance('2020-11-16T10:00:00+07:00');
    const before = await open({ name: 'Giao ban thứ Hai 16/11/2020', cutOff: '2020-11-16T09:30:00+07:00' });
    expect(await server.ok(`/briefings/${before.id}`)).toMatchObject({ raised: 0, pages: expect.not.arrayContaining([expect.objectContaining({ key: 'raised' })]) });
    await server.done(`/briefings/${before.id}/close`);

    // No meeting is open: it waits for the next one.
    await server.done(`/tasks/${early}/agenda`, { reason: 'Hai lần quá hạn' }, 'leader');
    await server.advance('2020-11-23T07:40:00+07:00');
    const { id, position } = await open();
    const screen = (of: string, query = ''): Promise<any> => server.ok(`/briefings/${of}/screen?page=raised${query}`);
    expect(await server.ok(`/briefings/${id}?atLeast=${position}`)).toMatchObject({ raised: 1 });
    expect((await server.ok(`/briefings/${id}`)).pages.map(({ key }: any) => key)).toEqual(['overview', 'previous', 'overdue', 'due-week', 'units', 'raised', 'requests', 'signals', 'conclusions']);
    expect((await screen(id)).data).toMatchObject({
      total: 1, rows: [{ taskId: early, code: 'NV-2020-0001', unitShort: 'so-y-te', dueOn: '2020-11-20', daysLate: 3, reason: 'Hai lần quá hạn', raisedBy: 'leader', raisedAt: '2020-11-16T10:00:00.000+07:00', afterCutOff: false }],
    });

    // While it is held it joins at once, also where the figures stand at the cut-off; a meeting of another unit does not see it.
    const unitMeeting = await open({ name: 'Giao ban Sở Y tế', unitId: 'so-y-te' });
    const raised = await server.done(`/tasks/${own}/agenda`, { reason: 'Chờ ý kiến Bộ quá lâu' }, 'office');
    expect(raised.events).toEqual(['RaisedForBriefing']);
    expect((await screen(id, `&atLeast=${raised.position}`)).data.rows).toMatchObject([{ taskId: early }, { taskId: own, raisedBy: 'office', afterCutOff: true, cell: 'O1', daysLate: null }]);
    expect(await server.ok(`/briefings/${id}/ticker?limit=1`)).toMatchObject({ raised: 2, items: [{ code: 'NV-2020-0002', words: 'được đưa vào giao ban' }] });
    expect((await screen(unitMeeting.id)).data.rows.map(({ taskId }: any) => taskId)).toEqual([early]);

    // A raising that is annulled is none; one raised anew stands once, with its last reason.
    const mistaken = await server.done(`/tasks/${late}/agenda`, { reason: 'Nhầm việc' }, 'leader');
    await server.done(`/tasks/${late}/annul`, { eventId: mistaken.eventIds[0], reason: 'nhầm việc' });
    const again = await server.done(`/tasks/${early}/agenda`, { reason: 'Ba lần quá hạn' }, 'leader');
    expect((await screen(id, `&atLeast=${again.position}`)).data.rows).toMatchObject([{ taskId: own }, { taskId: early, reason: 'Ba lần quá hạn' }]);

    await conclude(id, { kind: 'urge', taskId: early, text: 'Xong trước thứ Sáu' });
    await conclude(id, { kind: 'urge', taskId: late, text: 'Kiểm tra lại' });
    await server.done(`/briefings/${id}/close`);
    const { text } = await server.get(`/briefings/${id}/minutes?format=md`);
    expect(text).toContain('1. Xong trước thứ Sáu (Đôn đốc; Đơn vị so-y-te; NV-2020-0001; việc đưa vào giao ban).');
    expect(text).toContain('2. Kiểm tra lại (Đôn đốc; Đơn vị so-y-te; NV-2020-0003).');

    // What is raised after the end is the next meeting's; the closed one stays as it was, and the next does not take up what was.
    const next = await server.done(`/tasks/${late}/agenda`, { reason: 'Thuốc hết hạn' }, 'leader');
    expect((await screen(id, `&atLeast=${next.position}`)).data.rows.map(({ taskId }: any) => taskId)).toEqual([own, early]);
    await server.advance('2020-11-30T07:40:00+07:00');
    const following = await open({ name: 'Giao ban 30/11', cutOff: '2020-11-30T07:30:00+07:00' });
    expect((await screen(following.id, `&atLeast=${following.position}`)).data.rows.map(({ taskId }: any) => taskId)).toEqual([late]);
    expect((await server.ok(`/tasks/${early}/events`)).items.map(({ sentence }: any) => sentence)).toContain('Đưa vào giao ban; lý do: Hai lần quá hạn.');
  });

  test('is not asked to look at a task that is done, nor without a reason, nor by who does not decide', async () => {
    const task = await assign();
    expect(await server.post(`/tasks/${task}/agenda`, {}, { 'X-Actor': 'leader' })).toMatchObject({ status: 400 });
    expect(await server.post(`/tasks/${task}/agenda`, { reason: 'x' }, { 'X-Actor': 'unit:so-y-te' })).toMatchObject({ status: 403 });
    await server.done(`/tasks/${task}/completion-submissions`, submission(), 'unit:so-y-te');
    await server.done(`/tasks/${task}/completion-confirmations`);
    expect(await server.post(`/tasks/${task}/agenda`, { reason: 'x' }, { 'X-Actor': 'leader' })).toMatchObject({ status: 409, body: { code: 'not-allowed-when-done' } });
  });

  test('shows what a conclusion would do before it is recorded, and records nothing', async () => {
    const late = await assign({ deadline: { date: '2020-11-20' } });
    await server.advance('2020-11-23T07:40:00+07:00');
    const { id } = await open();
    const count = await eventsOf();
    const preview = await server.done(`/briefings/${id}/conclusions/preview`, { kind: 'extend', taskId: late, deadline: { phrase: '03 ngày làm việc' }, text: 'Gia hạn lần cuối' }, 'leader');
    expect(preview).toMatchObject({
      sentence: 'Gia hạn NV-2020-0001, so-y-te, hạn hết ngày 26/11/2020.', marks: ['gia hạn sau khi quá hạn'], events: ['ExtensionGranted'],
      effect: { unitId: 'so-y-te', before: { O1: 0, O2: 1 }, after: { O1: 1, O2: 0 }, overdueBefore: 1, overdueAfter: 0 },
    });
    expect(preview.deadline.steps.length).toBeGreaterThan(2);
    expect(await eventsOf()).toBe(count);
  });

  test('refuses who may not hold it, a second one of the scope, and anything after its end', async () => {
    const task = await assign();
    await server.advance('2020-11-23T07:40:00+07:00');
    const { id } = await open();
    for (const actor of ['auditor', 'unit:so-y-te', 'admin']) {
      expect(await server.post('/briefings', { name: 'x', cutOff }, { 'X-Actor': actor })).toMatchObject({ status: 403 });
      expect(await server.post(`/briefings/${id}/conclusions`, { kind: 'decision', text: 'x' }, { 'X-Actor': actor })).toMatchObject({ status: 403 });
      expect(await server.post(`/briefings/${id}/close`, {}, { 'X-Actor': actor })).toMatchObject({ status: 403 });
    }
    expect(await server.post('/briefings', { name: 'Phiên khác', cutOff })).toMatchObject({ status: 409, body: { code: 'briefing-open', briefing: { id, name: 'Giao ban thứ Hai 23/11/2020' } } });
    expect(await server.post('/briefings', { name: 'Giao ban Sở Y tế', cutOff, unitId: 'so-y-te' })).toMatchObject({ status: 201 });
    expect(await server.post('/briefings', { name: 'Mai', cutOff: '2020-11-24T07:30:00+07:00', unitId: 'so-noi-vu' })).toMatchObject({ status: 422, body: { code: 'cut-off-in-the-future' } });
    await server.done(`/briefings/${id}/close`);
    const count = await eventsOf();
    for (const [path, body] of [['conclusions', { kind: 'urge', taskId: task, text: 'x' }], ['conclusions', { kind: 'decision', text: 'x' }], ['pages', { pages: [{ key: 'overview', minutes: 3 }] }], ['close', {}]] as const) {
      expect(await server.post(`/briefings/${id}/${path}`, body)).toMatchObject({ status: 409, body: { code: 'briefing-closed', fact: { type: 'BriefingClosed' } } });
    }
    expect(await eventsOf()).toBe(count);
    expect((await server.get('/briefings/01890000-0000-7000-8000-000000000000')).status).toBe(404);
  });

  test("passes on the refusal of the task's decider, and records nothing", async () => {
    const task = await assign();
    await server.advance('2020-11-23T07:40:00+07:00');
    const { id } = await open();
    const count = await eventsOf();
    expect(await server.post(`/briefings/${id}/conclusions`, { kind: 'confirm', taskId: task, text: 'Đồng ý' })).toMatchObject({ status: 409, body: { fact: { type: 'TaskAssigned' } } });
    expect(await server.post(`/briefings/${id}/conclusions`, { kind: 'extend', taskId: task, deadline: { date: '2020-02-31' }, text: 'x' })).toMatchObject({ status: 422 });
    expect(await server.post(`/briefings/${id}/conclusions`, { kind: 'extend', taskId: task, text: 'x' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/deadline' }] } });
    expect(await server.post(`/briefings/${id}/conclusions`, { kind: 'urge', taskId: randomUUID(), text: 'x' })).toMatchObject({ status: 422, body: { code: 'task-unknown' } });
    expect(await server.post(`/briefings/${id}/conclusions`, { kind: 'urge', taskId: task, taskRevision: 7, text: 'x' })).toMatchObject({ status: 412 });
    expect(await server.post(`/briefings/${id}/conclusions`, { kind: 'urge', taskId: task, text: 'Nội dung [Tối mật]' })).toMatchObject({ status: 422, body: { code: 'secrecy-mark' } });
    expect(await eventsOf()).toBe(count);
  });

  test('records a repeated request once, and not under a key that came with something else', async () => {
    const task = await assign();
    await server.done(`/tasks/${task}/completion-submissions`, submission(), 'unit:so-y-te');
    await server.advance('2020-11-23T07:40:00+07:00');
    const key = randomUUID();
    const opened = await server.post('/briefings', { name: 'Giao ban', cutOff }, { 'Idempotency-Key': key });
    expect(await server.post('/briefings', { name: 'Giao ban', cutOff }, { 'Idempotency-Key': key })).toMatchObject({ status: 201, text: opened.text });
    const { id } = opened.body;
    const again = randomUUID();
    const body = { kind: 'confirm', taskId: task, text: 'Đồng ý kết quả' };
    const [one, two] = await Promise.all([1, 2].map(() => server.post(`/briefings/${id}/conclusions`, body, { 'Idempotency-Key': again })));
    expect(one).toMatchObject({ status: 201, body: { events: ['ConclusionRecorded', 'TaskCompleted'], taskRevision: 2 } });
    expect(two!.text).toBe(one!.text);
    expect(await server.post(`/briefings/${id}/conclusions`, { ...body, text: 'Khác' }, { 'Idempotency-Key': again })).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    await server.caughtUp();
    expect((await server.ok(`/briefings/${id}`)).conclusions).toHaveLength(1);
    expect(await server.post(`/briefings/${id}/pages`, { pages: [{ key: 'overdue', minutes: 5 }] }, { 'If-Match': '"0"' })).toMatchObject({ status: 412 });
    expect(await server.post(`/briefings/${id}/pages`, { pages: [{ key: 'overdue', minutes: 5 }] }, { 'If-Match': '"1"' })).toMatchObject({ status: 200 });
  });

  test('keeps a conclusion that was amended or struck, and says what a struck one leaves in the task', async () => {
    const task = await assign();
    await server.advance('2020-11-23T07:40:00+07:00');
    const { id } = await open();
    const { conclusionId } = await conclude(id, { kind: 'urge', taskId: task, text: 'Đôn đốc' });
    await server.done(`/briefings/${id}/conclusions/${conclusionId}/amend`, { text: 'Đôn đốc lần cuối', reason: 'nói rõ' });
    const struck = await server.done(`/briefings/${id}/conclusions/${conclusionId}/strike`, { reason: 'nhầm việc' });
    expect(struck.warnings).toMatchObject([{ code: 'task-events-remain', detail: expect.stringContaining('NV-2020-0001: TaskUrged') }]);
    expect((await server.ok(`/briefings/${id}`)).conclusions).toMatchObject([{ text: 'Đôn đốc lần cuối', amended: true, struck: true, struckReason: 'nhầm việc' }]);
    expect((await server.ok(`/briefings/${id}/minutes`)).items).toEqual([]);
    expect(await server.post(`/briefings/${id}/conclusions/${conclusionId}/amend`, { text: 'x', reason: 'y' })).toMatchObject({ status: 409, body: { code: 'conclusion-struck' } });
  });
});
