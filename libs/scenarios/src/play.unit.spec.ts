import { describe, expect, it } from '@jest/globals';
import { parseInstant } from '#kernel';
import type { Answer, Driver } from './driver.ts';
import { playScenario, stops, type Outcome } from './play.ts';
import { readScenario } from './read-scenario.ts';
import { differencesText, faultsText } from './report.ts';

/** Answers what it is told to, and remembers what it was asked. */
class Told implements Driver {
  readonly name = 'thử';
  readonly asked: string[] = [];
  readonly bodies: Record<string, unknown>[] = [];
  private readonly answers: Readonly<Record<string, Answer | ((query: Readonly<Record<string, string>>) => Answer)>>;
  constructor(answers: Readonly<Record<string, Answer | ((query: Readonly<Record<string, string>>) => Answer)>> = {}) {
    this.answers = answers;
  }
  async advance(to: number): Promise<void> {
    this.asked.push(`clock ${new Date(to + 7 * 3_600_000).toISOString().slice(0, 16)}`);
  }
  async post(path: string, body: object, actor: string): Promise<Answer> {
    this.asked.push(`${actor} ${path}`);
    this.bodies.push(body as Record<string, unknown>);
    const told = this.answers[path];
    if (typeof told === 'object') return told;
    return { status: 200, body: { id: path === '/tasks' ? `id-${String(body['content' as never])}` : 'x', revision: 1, warnings: [] } };
  }
  async get(path: string, query: Readonly<Record<string, string>>): Promise<Answer> {
    const told = this.answers[path] ?? { status: 404, body: { code: 'path-unknown', detail: path } };
    return typeof told === 'function' ? told(query) : told;
  }
  async close(): Promise<void> {
    this.asked.push('closed');
  }
}

const zeros = (names: readonly string[]): Record<string, number> => Object.fromEntries(names.map((name) => [name, 0]));
const figures = (cells: Record<string, number> = {}, more: object = {}): Answer => ({
  status: 200,
  body: {
    cells: { ...zeros(['D1', 'D2', 'D3', 'V1', 'V2', 'V3', 'O1', 'O2', 'O3', 'X']), ...cells }, total: Object.values(cells).reduce((a, b) => a + b, 0), parts: { D1a: 1, D1b: 0 }, out: {}, flow: {},
    rates: [{ code: 'R2', numerator: 1, denominator: 3, text: '33,33 %' }], sentence: 'Câu.', balances: [{ identity: 'N', left: 1, right: 1, holds: true }], ...more,
  },
});
const list = (...names: string[]): Answer => ({ status: 200, body: { items: names.map((name) => ({ id: `id-${name}` })), total: names.length, nextCursor: null } });

async function play(rest: string, driver: Driver): Promise<Outcome> {
  const text = `tình huống: Thử\nvì sao: Để thử\nnguồn: không\nđơn vị: [Thanh tra tỉnh]\n${rest}`;
  const reading = readScenario(text, 'thử.yaml');
  if (!reading.ok) throw new Error(faultsText('thử.yaml', reading.faults));
  return playScenario(reading.scenario, driver);
}

const TWO = 'diễn biến:\n  - {làm: giao việc, việc: [A, B], ngày: 02/11/2020, thời hạn: 20/11/2020}\n';
const expecting = (result: string, driver: Driver): Promise<Outcome> => play(`${TWO}kết quả:\n  - {tính đến: 28/11/2020, ${result}}\n`, driver);

describe('a scenario played', () => {
  it('sets the clock before each step, names tasks by their ids, and asks when the last cut-off has come', async () => {
    const driver = new Told({ '/figures': figures({ O2: 2 }), '/figures/list': list('A', 'B') });
    const outcome = await play(`${TWO}  - {làm: trùng việc, việc: B, ngày: 05/11/2020, với: A, lý do: Cùng nội dung}\nkết quả:\n  - {tính đến: 28/11/2020, ô: {O2: 2}}\n`, driver);

    expect(driver.asked).toEqual(['clock 2020-11-02T08:00', 'admin /units', 'clock 2020-11-02T08:00', 'office /tasks', 'office /tasks', 'clock 2020-11-05T08:00', 'office /tasks/id-B/link-duplicate', 'clock 2020-11-28T23:59']);
    expect(driver.bodies.at(-1)).toEqual({ ofTaskId: 'id-A', reason: 'Cùng nội dung', occurredOn: '2020-11-05' });
    expect(differencesText(outcome)).toBe('');
    // Three steps answered, ten cells, one list, one balance.
    expect(outcome.checks).toBe(15);
  });

  it('says of a wrong number its place, both values and the tasks behind it', async () => {
    const outcome = await expecting('ô: {O1: 2}', new Told({ '/figures': figures({ O1: 1, D1: 1 }), '/figures/list': ({ cell }) => (cell === 'O1' ? list('A') : list('B')) }));

    expect(differencesText(outcome)).toBe(
      'thử.yaml:8:31  [thử] kết quả 1 › ô › D1: cần 0; được 1; các việc đứng sau: B\nthử.yaml:8:36  [thử] kết quả 1 › ô › O1: cần 2; được 1; các việc đứng sau: A',
    );
  });

  it.each([
    ['tổng: 2', figures({ O1: 1 }), 'tổng: cần 2; được 1; các việc đứng sau: A'],
    ['phần: {D1b: 1}', figures(), 'phần › D1b: cần 1; được 0'],
    ['tỷ lệ: {R2: "1/3 = 33,34 %"}', figures(), 'tỷ lệ › R2: cần 1/3 = 33,34 %; được 1/3 = 33,33 %'],
    ['câu: Câu khác.', figures(), 'câu: cần Câu khác.; được Câu.'],
    ['danh sách: {ô: {O1: [A, B]}}', figures({ O1: 1 }), 'danh sách › ô › O1: cần A, B; được A'],
    ['số việc mật: {giao: 1}', figures({}, { secretCounts: { assigned: 2 } }), 'giao: cần 1; được 2'],
    ['nhóm theo: đơn vị, nhóm: {Thanh tra tỉnh: {tổng: 1}}', figures({}, { groups: [] }), 'nhóm: cần thanh-tra-tinh; được không nhóm nào'],
    ['bị từ chối: cut-off-outside-period', figures(), 'cần bị từ chối: cut-off-outside-period; được có số'],
    ['tổng: 0', { status: 422, body: { code: 'cut-off-outside-period', detail: 'Ngoài kỳ.' } }, 'cần có số; được bị từ chối: cut-off-outside-period (422) Ngoài kỳ.'],
    ['tổng: 0', figures({}, { balances: [{ identity: 'N', left: 1, right: 2, holds: false }] }), 'cần cân: N; được 1 ≠ 2'],
    ['ô: {O1: 1}', figures({ O1: 1 }), ''],
  ])('compares %s', async (result, answer, told) => {
    const text = differencesText(await expecting(result, new Told({ '/figures': answer, '/figures/list': list('A') })));
    if (told === '') expect(text).toBe('');
    else expect(text).toContain(told);
  });

  it('finds a list that is longer than its number', async () => {
    expect(differencesText(await expecting('ô: {O1: 1}', new Told({ '/figures': figures({ O1: 1 }), '/figures/list': list('A', 'B') })))).toContain('cần danh sách 1 việc; được danh sách 2 việc');
  });

  it('stops at a step that is refused where it should not be, and at one that is not where it should', async () => {
    const refusal: Answer = { status: 409, body: { code: 'not-allowed-when-done', detail: 'Đã xong.', fact: { type: 'TaskCompleted' } } };
    const step = (expected: string, answers: Record<string, Answer>): Promise<Outcome> =>
      play(`${TWO}  - {làm: thu hồi, việc: A, ngày: 05/11/2020, lý do: x${expected}}\nkết quả:\n  - {tính đến: 28/11/2020, tổng: 9}\n`, new Told(answers));
    const path = '/tasks/id-A/withdraw';

    expect(differencesText(await step('', { [path]: refusal }))).toBe('thử.yaml:7:5  [thử] bước 2 (thu hồi), việc “A”: cần được ghi nhận; được bị từ chối: not-allowed-when-done (409) Đã xong.');
    expect(differencesText(await step(', bị từ chối: not-allowed-when-done', {}))).toContain('cần bị từ chối: not-allowed-when-done; được được ghi nhận');
    expect(differencesText(await step(', bị từ chối: in-the-future', { [path]: refusal }))).toContain('cần bị từ chối: in-the-future; được bị từ chối: not-allowed-when-done (409) Đã xong.');
    expect(differencesText(await step(', bị từ chối: {mã: not-allowed-when-done, vướng: thu hồi}', { [path]: refusal }))).toContain('cần vướng “thu hồi”; được vướng “xác nhận hoàn thành”');
    const right = await step(', bị từ chối: {mã: not-allowed-when-done, vướng: xác nhận hoàn thành}', { [path]: refusal, '/figures': figures({ O1: 9 }), '/figures/list': list() });
    expect(differencesText(right)).toBe('');
  });

  it('annuls the event that a label or a name stands for, of another task too', async () => {
    const events = (task: string, ...types: string[]): Answer => ({ status: 200, body: { items: types.map((type, revision) => ({ id: `${task}${String(revision)}`, type, revision })) } });
    const driver = new Told({ '/tasks/id-A/events': events('a', 'TaskAssigned', 'TaskReceived', 'TaskReceived'), '/tasks/id-B/events': events('b', 'TaskAssigned'), '/figures': figures() });
    await play(`${TWO}  - {làm: tiếp nhận, việc: A, ngày: 05/11/2020, nhãn: nhận}
  - {làm: hủy ghi nhận, việc: A, ngày: 05/11/2020, sự kiện: nhận, lý do: x}
  - {làm: hủy ghi nhận, việc: B, ngày: 05/11/2020, sự kiện: nhận, lý do: x}
  - {làm: hủy ghi nhận, việc: A, ngày: 05/11/2020, sự kiện: tiếp nhận, lý do: x}
  - {làm: hủy ghi nhận, việc: A, ngày: 05/11/2020, sự kiện: tiếp nhận lần 1, lý do: x}
kết quả:
  - {tính đến: 28/11/2020, câu: Câu.}
`, driver);

    expect(driver.bodies.slice(-4).map((body) => body['eventId'])).toEqual(['a1', 'a1', 'a2', 'a1']);
  });

  it('compares a task: its cell, deadline, events, and that it is not there', async () => {
    const view = { status: 200, body: { cell: 'O1', leadUnitId: 'thanh-tra-tinh', state: 'open', deadline: { kind: 'due', dueOn: '2020-11-20', dueTime: '16:00' }, approvalDelayDays: null, daysLate: 8 } };
    const driver = (): Told => new Told({ '/tasks/id-A': view, '/tasks/id-A/events': { status: 200, body: { items: [{ type: 'TaskAssigned' }, { type: 'TaskReceived' }] } }, '/tasks/id-B': { status: 404, body: {} } });
    const task = (result: string): Promise<Outcome> => play(`${TWO}kết quả:\n  - {việc: A, tính đến: 28/11/2020, ${result}}\n  - {việc: B, tính đến: 01/11/2020, không có: có}\n`, driver());

    const right = await task('ô: O1, thời hạn: 20/11/2020 16:00, sự kiện: [giao việc, tiếp nhận], cơ quan chủ trì: Thanh tra tỉnh, trạng thái: đang thực hiện, số ngày chờ duyệt: chưa có, số ngày quá hạn: 8');
    expect(differencesText(right)).toBe('');
    expect(differencesText(await task('ô: O2'))).toContain('ô: cần O2; được O1');
    expect(differencesText(await task('thời hạn: 20/11/2020'))).toContain('thời hạn: cần 2020-11-20; được 2020-11-20 16:00');
    expect(differencesText(await task('thời hạn: không thời hạn'))).toContain('cần không thời hạn');
    expect(differencesText(await task('sự kiện: [giao việc]'))).toContain('sự kiện: cần giao việc; được giao việc, tiếp nhận');
    expect(differencesText(await task('không có: có'))).toContain('cần chưa có việc này; được có (200)');
  });

  it('asks figures as known at a moment twice, when it has gone by and at the end, and wants the same bytes', async () => {
    const rest = `${TWO}  - {làm: thu hồi, việc: A, ngày: 10/11/2020, lý do: x}\nkết quả:\n  - {tính đến: 05/11/2020, biết đến: 05/11/2020, tổng: 2}\n`;
    const steady = new Told({ '/figures': figures({ O1: 2 }) });
    expect(differencesText(await play(rest, steady))).toBe('');
    expect(steady.asked).toEqual(['clock 2020-11-02T08:00', 'admin /units', 'clock 2020-11-02T08:00', 'office /tasks', 'office /tasks', 'clock 2020-11-05T23:59', 'clock 2020-11-10T08:00', 'office /tasks/id-A/withdraw', 'clock 2020-11-10T08:00']);

    let asked = 0;
    const shaky = await play(rest, new Told({ '/figures': () => figures({ O1: 2 }, { parameters: { position: String(asked++) } }) }));
    expect(differencesText(shaky)).toMatch(/kết quả 1 › biết đến: cần đúng như đã trả lời lúc ấy: ….*"position":"0".*…; được ….*"position":"1"/);
  });

  it('asks for warnings that should be among those given', async () => {
    const warned = (codes: string[]): Told => new Told({ '/tasks': { status: 201, body: { id: 'id-A', revision: 0, warnings: codes.map((code) => ({ code })) } }, '/figures': figures(), '/figures/list': list() });
    const rest = 'diễn biến:\n  - {làm: giao việc, việc: A, ngày: 02/11/2020, thời hạn: 20/10/2020, cảnh báo: deadline-already-passed}\nkết quả:\n  - {tính đến: 28/11/2020, tổng: 0}\n';

    expect(differencesText(await play(rest, warned(['full-week', 'deadline-already-passed'])))).toBe('');
    expect(differencesText(await play(rest, warned(['full-week'])))).toContain('cảnh báo: cần deadline-already-passed; được full-week');
  });

  it('stops the clock at every midnight on the way, a millisecond after', () => {
    const at = (text: string): number => parseInstant(`${text}+07:00`)!;
    expect(stops(at('2020-11-02T08:00:00'), at('2020-11-04T10:00:00'))).toEqual([at('2020-11-03T00:00:00.001'), at('2020-11-04T00:00:00.001'), at('2020-11-04T10:00:00')]);
    expect(stops(at('2020-11-02T08:00:00'), at('2020-11-02T09:00:00'))).toEqual([at('2020-11-02T09:00:00')]);
  });
});
