import { describe, expect, it } from '@jest/globals';
import { readScenario } from './read-scenario.ts';
import { faultsText } from './report.ts';
import type { Scenario, Step } from './scenario.ts';

const HEAD = `tình huống: Thử
vì sao: Để thử
nguồn: domain.md §2
đơn vị: [Thanh tra tỉnh, Sở Tài chính]
chung: {cơ quan chủ trì: Thanh tra tỉnh}
`;
const STORY = `diễn biến:
  - {làm: giao việc, việc: A, ngày: 02/11/2020, thời hạn: 20/11/2020}
`;
const RESULT = `kết quả:
  - {tính đến: 28/11/2020, tổng: 1}
`;

function read(text: string): Scenario {
  const reading = readScenario(text, 'thử.yaml');
  if (!reading.ok) throw new Error(faultsText('thử.yaml', reading.faults));
  return reading.scenario;
}

function faults(text: string): string[] {
  const reading = readScenario(text, 'thử.yaml');
  return reading.ok ? [] : faultsText('thử.yaml', reading.faults).split('\n');
}

const steps = (story: string): readonly Step[] => read(`${HEAD}diễn biến:\n${story}\n${RESULT}`).steps;
const iso = (at: number): string => new Date(at + 7 * 3_600_000).toISOString().slice(0, 16);

describe('a scenario file', () => {
  it('becomes commands with their bodies, and what is expected with its place', () => {
    const scenario = read(`${HEAD}${STORY}${RESULT}`);

    expect(scenario.units.map(({ id, name }) => [id, name])).toEqual([['thanh-tra-tinh', 'Thanh tra tỉnh'], ['so-tai-chinh', 'Sở Tài chính']]);
    expect(scenario.steps[0]).toMatchObject({
      line: 7, column: 5, path: '/tasks', tasks: ['A'], actor: 'office', gives: true,
      body: { leadUnitId: 'thanh-tra-tinh', deadline: { date: '2020-11-20' }, assignedOn: '2020-11-02', authority: 'ubnd-tinh', document: { date: '2020-11-02' } },
    });
    expect(scenario.checks[0]).toMatchObject({ kind: 'figures', query: { asOf: '2020-11-28' }, expectations: [{ of: 'total', expected: 1, line: 9, column: 34 }] });
    expect(iso(scenario.until)).toBe('2020-11-28T23:59');
  });

  it('reads a deadline as a day, a day with an hour, none, or a phrase', () => {
    const given = (deadline: string): unknown => steps(`  - {làm: giao việc, việc: A, ngày: 02/11/2020, thời hạn: ${deadline}}`)[0]!.body['deadline'];

    expect(given('20/11/2020')).toEqual({ date: '2020-11-20' });
    expect(given('20/11/2020 16:00')).toEqual({ date: '2020-11-20', time: '16:00' });
    expect(given('không thời hạn')).toEqual({ none: true });
    expect(given('trước ngày 20/11')).toEqual({ phrase: 'trước ngày 20/11' });
  });

  it('records a day at eight, or right after what was recorded later that day', () => {
    const at = steps(`
  - {làm: giao việc, việc: A, ngày: 02/11/2020, thời hạn: 20/11/2020}
  - {làm: báo cáo hoàn thành, việc: A, lúc: 03/11/2020 14:30}
  - {làm: xác nhận hoàn thành, việc: A, ngày: 03/11/2020}
  - {làm: mở lại, việc: A, ngày: 03/11/2020, ghi lúc: 05/11/2020, lý do ghi muộn: Quên, lý do: Thiếu}`);

    expect(at.map((step) => iso(step.recordedAt))).toEqual(['2020-11-02T08:00', '2020-11-03T14:30', '2020-11-03T14:30', '2020-11-05T08:00']);
    expect(at[1]!.body).toMatchObject({ occurredAt: '2020-11-03T14:30:00.000+07:00' });
    expect(at[3]!.body).toMatchObject({ occurredOn: '2020-11-03', backdateReason: 'Quên', reason: 'Thiếu' });
  });

  it('spells out groups and lists of tasks', () => {
    const [given, submitted, confirmed] = steps(`
  - {làm: giao việc, việc: Nhóm, số lượng: 3, ngày: 02/11/2020, thời hạn: 20/11/2020}
  - {làm: báo cáo hoàn thành, việc: Nhóm, ngày: 03/11/2020}
  - {làm: xác nhận hoàn thành, việc: [Nhóm (1), Nhóm (3)], ngày: 04/11/2020}`);

    expect(given!.tasks).toEqual(['Nhóm (1)', 'Nhóm (2)', 'Nhóm (3)']);
    expect(submitted!.tasks).toHaveLength(3);
    expect(confirmed!.tasks).toEqual(['Nhóm (1)', 'Nhóm (3)']);
  });

  it('expects 0 of cells that are not named, and says nothing of parts that are not', () => {
    const scenario = read(`${HEAD}${STORY}kết quả:\n  - {tính đến: 28/11/2020, ô: {O1: 1}, phần: {D1b: 0}}\n`);
    const expected = scenario.checks[0]!.expectations.map((e) => (e.of === 'count' ? `${e.section} ${e.name} ${String(e.expected)}` : e.of));

    expect(expected.filter((e) => e.startsWith('cells'))).toHaveLength(10);
    expect(expected).toContain('cells D2 0');
    expect(expected.filter((e) => e.startsWith('parts'))).toEqual(['parts D1b 0']);
  });

  it('reads the same with decomposed letters, a byte order mark and Windows line ends', () => {
    const text = `${HEAD}${STORY}${RESULT}`;
    expect(read(`\uFEFF${text.normalize('NFD').replaceAll('\n', '\r\n')}`)).toEqual(read(text));
  });
});

describe('a file with something wrong is refused', () => {
  const wrongStep = (step: string): string[] => faults(`${HEAD}${STORY}  - ${step}\n${RESULT}`);

  it('names the line and column, what was given and what is expected', () => {
    expect(wrongStep('{làm: báo cáo hoàn thành, việc: A, ngày: 31/11/2020}')).toEqual([
      'thử.yaml:8:46  diễn biến 2 › ngày: Ngày 31/11/2020 không có trong lịch. Nhận: 31/11/2020. Cần: một ngày có thật, dạng 28/11/2020.',
    ]);
  });

  it.each([
    ['an unknown key, with the nearest one', '{làm: cho gia hạn, việc: A, ngay: 05/11/2020, thời hạn: 30/11/2020}', 'Khóa “ngay” không dùng ở đây; có phải “ngày”?'],
    ['an unknown action, with the nearest one', '{làm: báo cáo hoàn thanh, việc: A, ngày: 05/11/2020}', 'Không có “báo cáo hoàn thanh” ở đây; có phải “báo cáo hoàn thành”?'],
    ['an unknown task', '{làm: tiếp nhận, việc: B, ngày: 05/11/2020}', 'Chưa có việc nào tên “B”. Nhận: B. Cần: một việc đã giao ở bước trước: A.'],
    ['a task given twice', '{làm: giao việc, việc: A, ngày: 05/11/2020, thời hạn: 20/11/2020}', 'Đã có việc tên “A”'],
    ['an unknown unit', '{làm: chuyển cơ quan chủ trì, việc: A, ngày: 05/11/2020, đến: Sở Y tế, lý do: x}', 'Không có đơn vị “Sở Y tế” trong tệp'],
    ['a missing reason', '{làm: thu hồi, việc: A, ngày: 05/11/2020}', 'Thiếu “lý do”'],
    ['a key that belongs to another action', '{làm: tiếp nhận, việc: A, ngày: 05/11/2020, thời hạn: 20/11/2020}', 'Khóa “thời hạn” không dùng ở đây'],
    ['a step without a time', '{làm: tiếp nhận, việc: A}', 'Không rõ lúc nào'],
    ['both a day and an instant', '{làm: tiếp nhận, việc: A, ngày: 05/11/2020, lúc: 05/11/2020 10:00}', 'Có cả “ngày” và “lúc”'],
    ['an instant without an hour', '{làm: tiếp nhận, việc: A, lúc: 05/11/2020}', '“lúc” cần cả giờ'],
    ['an hour that does not exist', '{làm: tiếp nhận, việc: A, lúc: 05/11/2020 24:30}', 'Giờ trong “05/11/2020 24:30” không có'],
    ['an ISO date', '{làm: tiếp nhận, việc: A, ngày: 2020-11-05}', '“2020-11-05” không phải một ngày'],
    ['a late entry that does not say when it was recorded', '{làm: tiếp nhận, việc: A, ngày: 30/10/2020}', 'đây là ghi muộn. Nhận: 30/10/2020. Cần: thêm “ghi lúc”'],
    ['a recording that goes back', '{làm: tiếp nhận, việc: A, ngày: 30/10/2020, ghi lúc: 31/10/2020}', 'Ghi trước bước trên (02/11/2020 08:00)'],
    ['an annulment of what has no name', '{làm: hủy ghi nhận, việc: A, ngày: 05/11/2020, sự kiện: duyệt, lý do: x}', 'Không có nhãn hay sự kiện “duyệt”'],
    ['an empty value', '{làm: thu hồi, việc: A, ngày: 05/11/2020, lý do: }', 'Đang để trống'],
    ['an unknown actor', '{làm: tiếp nhận, việc: A, ngày: 05/11/2020, ai: giám đốc}', 'Không có “giám đốc” ở đây'],
  ])('for %s', (_, step, message) => {
    const found = wrongStep(step);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^thử\.yaml:8:\d+ {2}/);
    expect(found[0]).toContain(message);
  });

  it.each([
    ['an unknown cell', '{tính đến: 28/11/2020, ô: {D4: 1}}', 'Khóa “D4” không dùng ở đây'],
    ['a number with a minus', '{tính đến: 28/11/2020, tổng: -1}', '“-1” không phải một số đếm'],
    ['a rate without numerator and denominator', '{tính đến: 28/11/2020, tỷ lệ: {R2: 100 %}}', '“100 %” không phải một tỷ lệ'],
    ['a rate cut by its comma', '{tính đến: 28/11/2020, tỷ lệ: {R2: 2/3 = 66,67 %}}', 'nên đặt cả tỷ lệ trong dấu nháy kép'],
    ['no number at all', '{tính đến: 28/11/2020, đơn vị: Sở Tài chính}', 'Không nêu con số nào'],
    ['no cut-off', '{tổng: 1}', 'Thiếu “tính đến”'],
    ['groups without saying by what', '{tính đến: 28/11/2020, nhóm: {Sở Tài chính: {tổng: 0}}}', '“nhóm” cần “nhóm theo”'],
    ['a refusal beside numbers', '{tính đến: 28/11/2020, tổng: 1, bị từ chối: cut-off-outside-period}', 'Đã bị từ chối thì không có số'],
    ['both a period and its days', '{tính đến: 28/11/2020, tổng: 1, kỳ: 2020, từ: 01/11/2020}', 'Có cả “kỳ” và “từ”, “đến”'],
    ['a list of an unknown task', '{tính đến: 28/11/2020, danh sách: {ô: {O1: [B]}}}', 'Chưa có việc nào tên “B”'],
    ['nothing about a task', '{việc: A, tính đến: 28/11/2020}', 'Không nêu điều gì về việc này'],
  ])('for a result with %s', (_, check, message) => {
    const found = faults(`${HEAD}${STORY}kết quả:\n  - ${check}\n`);
    expect(found.join('\n')).toContain(message);
    expect(found[0]).toMatch(/^thử\.yaml:9:\d+ {2}/);
  });

  it.each([
    ['a tab', `${HEAD}diễn biến:\n\t- {làm: chờ}\n`, 'thử.yaml:7:1  Thụt dòng bằng phím Tab; cần dấu cách'],
    ['a key twice', `${HEAD}tình huống: Nữa\n`, 'thử.yaml:6:1  Khóa này đã có trong cùng nhóm'],
    ['two documents', `${HEAD}${STORY}${RESULT}---\na: b\n`, 'Một tệp chỉ có một tình huống'],
    ['a colon inside a sentence', 'tình huống: Một: hai\n', 'Trong giá trị có dấu “: ”'],
    ['an empty file', '', 'Cần một nhóm “khóa: giá trị”'],
    ['a list where keys should be', '- a\n- b\n', 'Cần một nhóm “khóa: giá trị”'],
    ['no story', `${HEAD}${RESULT}`, 'Thiếu “diễn biến”'],
    ['no result', `${HEAD}${STORY}`, 'Thiếu “kết quả”'],
    ['a case that does not exist', `trường hợp: 33\n${HEAD}${STORY}${RESULT}`, 'Không có trường hợp số 33'],
    ['anchors of YAML', `${HEAD}${STORY.replace('20/11/2020', '*hạn')}${RESULT}`, 'Không dùng dấu & và * của YAML'],
    ['a unit twice', `${HEAD.replace('Sở Tài chính', 'Thanh tra tỉnh')}${STORY}${RESULT}`, 'Đơn vị “Thanh tra tỉnh” đã có'],
  ])('for %s', (_, text, message) => {
    expect(faults(text).join('\n')).toContain(message);
  });

  it('tells all faults of a file at once, in the order of their places', () => {
    const places = faults(`${HEAD}diễn biến:\n  - {làm: giao việc, việc: A, ngày: 2020, thời hạn: 20/11/2020}\n  - {làm: nghỉ, việc: A}\nkết quả:\n  - {tính đến: nay, tổng: một}\n`).map((fault) => fault.split(' ')[0]);
    expect(places).toEqual(['thử.yaml:7:37', 'thử.yaml:8:11', 'thử.yaml:10:16', 'thử.yaml:10:27']);
  });
});
