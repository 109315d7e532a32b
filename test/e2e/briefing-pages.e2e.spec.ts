import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assignment, submission, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

/* The pages of the room screen: at the cut-off as it was known when the meeting was opened, and the present beside it. */

let server: TestServer;
let first: string;
let second: string;
const tasks: Record<string, string> = {};
const reason = 'chờ ý kiến Bộ';
const page = (name: string, more = '') => server.ok(`/briefings/${second}/screen?page=${name}${more}`);
const open = (name: string, cutOff: string) => server.done('/briefings', { name, cutOff, presiding: 'Chủ tịch UBND tỉnh' });
const assign = async (name: string, dueOn: string, leadUnitId = 'so-y-te', change: object = {}): Promise<void> => {
  tasks[name] = (await server.done('/tasks', assignment({ content: `Việc ${name}`, leadUnitId, deadline: { date: dueOn }, ...change }))).id;
};
const on = (name: string, path: string, body: object = {}, actor = 'office'): Promise<any> => server.done(`/tasks/${tasks[name]!}/${path}`, body, actor);

/* Three meetings' worth of tasks: told once, looked at by every test. */
beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-02T09:00:00+07:00'));
  for (const id of ['so-y-te', 'so-noi-vu', 'so-xay-dung']) await server.done('/units', unit(id), 'admin');
  const given = { assignedOn: '2020-11-02' };
  await assign('muộn nhất', '2020-11-06', 'so-xay-dung', given);
  await assign('muộn', '2020-11-18', 'so-y-te', given);
  await assign('xong', '2020-11-20', 'so-y-te', given);
  await assign('trong tuần', '2020-11-25', 'so-y-te', given);
  await assign('hôm nay', '2020-11-23', 'so-noi-vu', given);
  await assign('sau', '2020-12-11', 'so-noi-vu', given);
  await server.advance('2020-11-16T07:31:00+07:00');
  first = (await open('Giao ban thứ Hai 16/11/2020', '2020-11-16T07:30:00+07:00')).id;
  await server.done(`/briefings/${first}/conclusions`, { kind: 'explain', taskId: tasks['muộn nhất'], text: 'Giải trình việc muộn nhất', question: 'Vì sao?' }, 'leader');
  await server.done(`/briefings/${first}/conclusions`, { kind: 'speed-up', taskId: tasks['xong'], text: 'Làm xong trong tuần' }, 'leader');
  await server.done(`/briefings/${first}/conclusions`, { kind: 'urge', taskId: tasks['hôm nay'], text: 'Đôn đốc' }, 'leader');
  await server.done(`/briefings/${first}/conclusions`, { kind: 'decision', text: 'Các sở tự rà soát' }, 'leader');
  await server.done(`/briefings/${first}/close`, {}, 'leader');
  await server.advance('2020-11-19T09:00:00+07:00');
  await on('muộn nhất', 'explanations', { answer: 'Chờ ý kiến Bộ Xây dựng' }, 'unit:so-xay-dung');
  await on('xong', 'completion-submissions', submission({ resultDocument: { number: '9/BC-SYT', date: '2020-11-19' } }), 'unit:so-y-te');
  await on('xong', 'completion-confirmations', {}, 'leader');
  await on('sau', 'extension-requests', { deadline: { date: '2020-12-25' }, reason }, 'unit:so-noi-vu');
  await server.advance('2020-11-23T07:40:00+07:00');
  second = (await open('Giao ban thứ Hai 23/11/2020', '2020-11-23T07:30:00+07:00')).id;
});
afterAll(() => server.stop());

describe('the pages of a meeting', () => {
  test('overview: the sentence, the cells, what came and went since the last meeting', async () => {
    const frame = await page('overview');
    expect(frame).toMatchObject({ page: 'overview', n: 1, unitId: null, asOf: '2020-11-23T07:30:00.000+07:00', now: null, changesAfterCutOff: 0 });
    expect(frame.data).toMatchObject({
      sentence: expect.stringMatching(/^Có 2 nhiệm vụ quá hạn \(tăng 1 so với giao ban 16\/11\)/), cells: { D1: 1, O1: 3, O2: 2, V1: 0 }, total: 6, from: '2019-12-15', since: { briefingId: first, asOf: '2020-11-16T07:30:00.000+07:00' },
      sinceCells: { D1: 0, O1: 5, O2: 1 }, overdue: 2, overdueUnits: 2, over30: 0, entered: 1, left: 0, dueSoon: 2, dueSoonNoUpdate: 2, onTime: { numerator: 1, denominator: 3, text: '33,33 %' }, sinceOnTime: { numerator: 0, denominator: 1 },
    });
    const figures = await server.ok(`/figures?asOf=${encodeURIComponent(frame.asOf)}&knownAt=${frame.knownAt}`);
    expect(frame.data.cells).toEqual(figures.cells);
  });

  test('previous: what became of the last conclusions, overdue first', async () => {
    expect((await page('previous')).data).toMatchObject({
      briefing: { id: first, name: 'Giao ban thứ Hai 16/11/2020', closedAt: expect.any(String) }, total: 4, counts: { overdue: 1, 'due-today': 1, 'done-on-time': 1, 'words-only': 1, 'in-time': 0 },
      rows: [
        { number: 1, state: 'overdue', daysLate: 17, unitShort: 'so-xay-dung', taskCode: 'NV-2020-0001', dueOn: '2020-11-06' }, { number: 3, state: 'due-today', daysLate: null }, { number: 2, state: 'done-on-time', short: 'Làm xong trong tuần' },
        { number: 4, state: 'words-only', taskCode: null, unitShort: null },
      ],
    });
  });

  test('overdue: the worst ten with the reason that was given', async () => {
    expect((await page('overdue')).data).toMatchObject({
      total: 2, units: 2, over30: 0, pages: 1,
      rows: [{ code: 'NV-2020-0001', short: 'Việc muộn nhất', unitShort: 'so-xay-dung', dueOn: '2020-11-06', daysLate: 17, reason: 'Chờ ý kiến Bộ Xây dựng', speaks: null }, { code: 'NV-2020-0002', daysLate: 5, reason: null }],
    });
    expect((await page('overdue', '&n=2')).data).toMatchObject({ total: 2, rows: [] });
  });

  test('due-week: by day, with those that lack an update', async () => {
    const { data } = await page('due-week');
    expect(data).toMatchObject({ total: 2, noUpdate: 2 });
    expect(data.days.map(({ day, total }: any) => [day, total])).toEqual([['2020-11-23', 1], ['2020-11-24', 0], ['2020-11-25', 1], ['2020-11-26', 0], ['2020-11-27', 0]]);
    expect(data.days[2].rows).toMatchObject([{ code: 'NV-2020-0004', short: 'Việc trong tuần', unitShort: 'so-y-te', noUpdate: true }]);
  });

  test('units: the worst first, each with its figures since the last meeting; and one unit by itself', async () => {
    expect((await page('units')).data).toMatchObject({
      withOverdue: 2, all: 3, rest: null,
      rows: [{ unitId: 'so-xay-dung', overdue: 1, sinceOverdue: 1, oldestDays: 17, onTime: { few: true } }, { unitId: 'so-y-te', overdue: 1, sinceOverdue: 0, oldestDays: 5, dueWeek: 1 }, { unitId: 'so-noi-vu', overdue: 0, oldestDays: null, dueWeek: 1 }],
    });
    expect((await page('units', '&unitId=so-xay-dung')).data).toMatchObject({ unitId: 'so-xay-dung', name: 'Đơn vị so-xay-dung', total: 1, overdue: 1, cells: { O2: 1 }, answers: { asked: 1, answered: 1 }, extensions: { tasks: 0, times: 0, days: 0 }, late: [{ daysLate: 17 }] });
    expect(await server.get(`/briefings/${second}/screen?page=units&unitId=khong-co`)).toMatchObject({ status: 422 });
  });

  test('requests and signals', async () => {
    expect((await page('requests')).data).toMatchObject({ total: 1, rows: [{ taskId: tasks['sau'], kind: 'extension', code: 'NV-2020-0006', dueOn: '2020-12-11', askedDueOn: '2020-12-25', addsDays: 14, reason, revision: 1, extensionsBefore: 0 }] });
    const { data } = await page('signals');
    expect(data.weeks).toHaveLength(26);
    expect(data.weeks.at(-1)).toEqual({ from: '2020-11-23', to: '2020-11-23', overdueStock: 2 });
    expect(data.words).toContain('Chưa đủ dữ liệu');
  });

  test('stay as they were at the cut-off whatever is recorded since, and are so a year later; the present stands beside them', async () => {
    const names = ['overview', 'previous', 'overdue', 'due-week', 'units', 'requests', 'signals'];
    const before = await Promise.all(names.map((name) => page(name)));
    const { taskRevision } = await server.done(`/briefings/${second}/conclusions`, { kind: 'extend', taskId: tasks['sau'], taskRevision: 1, deadline: { date: '2020-12-18' }, text: 'Cho gia hạn đến 18/12' }, 'leader');
    expect(taskRevision).toBe(2);
    await on('muộn', 'completion-submissions', submission({ resultDocument: { number: '10/BC-SYT', date: '2020-11-23' } }), 'unit:so-y-te');
    // Told late of a day before the cut-off, it was not known when the meeting was opened.
    await on('trong tuần', 'progress', { note: 'xong một nửa', percent: 50, occurredOn: '2020-11-20', backdateReason: 'nhập bù' }, 'unit:so-y-te');
    const frame = await page('overview', '&live=true');
    expect(frame).toMatchObject({ data: { overdue: 2, dueSoonNoUpdate: 2 }, now: { overdue: 1, left: 0, cells: { O2: 1, V2: 1 } }, changesAfterCutOff: 3 });
    expect((await page('requests', '&live=true')).now).toMatchObject({ total: 1, rows: [{ kind: 'completion', taskId: tasks['muộn'] }] });
    expect((await page('conclusions')).data).toMatchObject({ total: 1, rows: [{ number: 1, dueOn: '2020-12-18' }] });
    await server.done(`/briefings/${second}/close`, {}, 'leader');
    const [minutes, document] = [await server.get(`/briefings/${second}/minutes`), await server.get(`/briefings/${second}/minutes?format=docx`)];
    expect(document.headers.get('Content-Disposition')).toContain('Thong-bao-ket-luan-2020-11-23.docx');
    server.clock.set(instant('2021-11-22T08:00:00+07:00'));
    await server.restart();
    const after = await Promise.all(names.map((name) => page(name)));
    expect(after.map(({ data, asOf, knownAt }) => ({ data, asOf, knownAt }))).toEqual(before.map(({ data, asOf, knownAt }) => ({ data, asOf, knownAt })));
    // The present of a meeting that is over is the moment of its end.
    expect(await page('overview', '&live=true')).toMatchObject({ now: { overdue: 1 }, changesAfterCutOff: 3 });
    expect([await server.get(`/briefings/${second}/minutes`), await server.get(`/briefings/${second}/minutes?format=docx`)].map(({ text }) => text)).toEqual([minutes.text, document.text]);
  });
});
