import { describe, expect, it } from '@jest/globals';
import { emptyCounts, type Counts } from '#figures';
import { readIndicator, type IndicatorReading, type IndicatorState } from '#indicators';
import type { PlanState } from '#plans';
import { buildReport, bodyLines, checkedReport, checkReport, readTemplate, type Report, type ReportSources } from './index.ts';

const counts = (cells: Partial<Counts['cells']>): Counts => {
  const all = emptyCounts();
  Object.assign(all.cells, cells);
  all.total = Object.values(all.cells).reduce((a, b) => a + b, 0);
  return all;
};
const reading = (change: Partial<IndicatorReading>): IndicatorReading => ({ indicatorId: 'i', unitId: 'u', code: 'a', name: 'số hồ sơ', measure: 'hồ sơ', amount: { kind: 'count', number: 3 }, parts: {}, carriedOver: false, targets: {}, lastChange: 0, ...change });
const plan = (change: Partial<PlanState>): PlanState => ({ planId: 'p', unitId: 'u', year: 2020, code: 'k', title: 'Kế hoạch', applicable: true, items: [], lastFact: { eventId: 'e', occurredAt: 0 }, ...change });

function report(sentences: readonly string[], sources: Partial<ReportSources> = {}, cell = '{chỉ tiêu: a}'): Report {
  const text = `mẫu: thu
phiên bản: 1
tên: Thử
căn cứ: Thử
hiệu lực: {từ: 01/01/2020}
ký hiệu: BC
trích yếu: Thử
nơi nhận: Như trên
người ký: Giám đốc
phần:
  - mã: I
    tiêu đề: Kết quả
    câu:
${sentences.map((one) => `      - ${JSON.stringify(one)}`).join('\n')}
phụ lục:
  - {mã: PL1, tiêu đề: BẢNG, cột: [{khóa: n, tiêu đề: Số, ô: ${JSON.stringify(cell)}}], dòng: [{mã: a}]}
`;
  const template = readTemplate(text);
  if (!template.ok) throw new Error(JSON.stringify(template.faults));
  return buildReport({
    template: template.template, content: null,
    parameters: { unitId: 'u', unitName: 'Đơn vị U', period: '2020', periodWords: 'năm 2020', from: '2019-12-15', to: '2020-12-14', asOf: '2020-11-28', knownAt: null, position: '1', lastEventId: null },
    sources: { tasks: { counts: counts({ D1: 5, O1: 1 }), rounding: 'half-up', updated: 0 }, reports: null, plan: () => undefined, indicator: () => undefined, ...sources },
  });
}
const line = (sentence: string, sources?: Partial<ReportSources>): string => bodyLines(report([sentence, 'Hết.'], sources))[1]!;
const cellOf = (indicator: IndicatorReading | undefined, cell?: string): unknown => report(['Hết.'], { indicator: () => indicator }, cell).appendices[0]!.rows[0]!.cells['n'];

describe('figures in a sentence', () => {
  it('are counts in report style, rates with their own sides', () => {
    expect(line('Có {việc: D1} trên {việc: N} việc, {việc: R2} ({việc: R2.tử}/{việc: R2.mẫu})')).toBe('Có 05 trên 06 việc, 100 % (05/05)');
    expect(line('Có {việc: N | số}', { tasks: { counts: counts({ D1: 14_068 }), rounding: 'half-up', updated: 0 } })).toBe('Có 14.068');
  });
  it('say “không phát sinh” for a rate of nothing, and for a zero where it is asked for', () => {
    expect(line('{việc: R2}', { tasks: { counts: counts({}), rounding: 'half-up', updated: 0 } })).toBe('không phát sinh');
    expect(line('{chỉ tiêu: a | bằng chữ}, {chỉ tiêu: a}', { indicator: () => reading({ amount: { kind: 'count', number: 0 } }) })).toBe('không phát sinh, 0');
  });
  it('are left out with their part when they are zero or do not apply, and not when nobody has reported', () => {
    const optional = (amount: IndicatorReading['amount']): string => line('Xong[[, {chỉ tiêu: a} hồ sơ]].', { indicator: () => reading({ amount }) });
    expect(optional({ kind: 'count', number: 3 })).toBe('Xong, 03 hồ sơ.');
    expect(optional({ kind: 'count', number: 0 })).toBe('Xong.');
    expect(optional({ kind: 'not-applicable' })).toBe('Xong.');
    expect(optional({ kind: 'blank' })).toBe('Xong, [còn thiếu: chưa báo cáo số hồ sơ] hồ sơ.');
  });
  it('are marked as gaps where the source has nothing, never zero', () => {
    expect(line('Có {việc: D1} việc.', { tasks: null })).toMatch(/^Có \[còn thiếu: .*\] việc\.$/);
    expect(line('{chỉ tiêu: a}')).toBe('[còn thiếu: chỉ tiêu “a”]');
    expect(line('{kế hoạch: k.xong}')).toBe('[còn thiếu: kế hoạch “k” năm 2020]');
  });
});

describe('the reports that a unit hands in itself', () => {
  const sentence = 'Gửi {báo cáo: đúng hạn hoặc chỉ tiêu: a}/{báo cáo: phải gửi} báo cáo[[, chậm {báo cáo: chậm}]][[, quá hạn {báo cáo: quá hạn}]].';
  it('are the tasks to hand them in: sent on time whether confirmed or not, late, overdue', () => {
    expect(line(sentence, { reports: counts({ D1: 2, V1: 1, D2: 1, V2: 1, O1: 3, O2: 1 }) })).toBe('Gửi 03/09 báo cáo, chậm 02, quá hạn 01.');
    expect(line(sentence, { reports: counts({ D1: 4 }) })).toBe('Gửi 04/04 báo cáo.');
    expect(line('{báo cáo: đã gửi}', { reports: counts({ D1: 1, D3: 1, V2: 1, V3: 1, O1: 3 }) })).toBe('04');
  });
  it('are no zero where the unit was given none: what it told itself stands in, else they do not apply', () => {
    const none = { reports: counts({}), indicator: () => reading({ amount: { kind: 'count', number: 4 } }) };
    expect(line(sentence, none)).toBe('Gửi 04/không áp dụng báo cáo.');
    const [first, second] = report([sentence], none).figures;
    expect([first!.source.code, second!.source.code, second!.amount]).toEqual(['chỉ tiêu a', 'báo cáo phải gửi', { kind: 'not-applicable' }]);
    expect(line('{báo cáo: đúng hạn hoặc chỉ tiêu: a}', { reports: counts({}) })).toBe('[còn thiếu: chỉ tiêu “a”]');
    // A zero that was counted is one.
    expect(line(sentence, { ...none, reports: counts({ O1: 1 }) })).toBe('Gửi 0/01 báo cáo.');
  });
  it('are a gap where the system knows nothing of the time', () => {
    expect(line('{báo cáo: đúng hạn}', { reports: null })).toMatch(/^\[còn thiếu: /);
  });
  it('leave out a sentence of which every part falls away', () => {
    const sections = (reports: Counts): readonly string[] => bodyLines(report(['- [[Gửi {báo cáo: đã gửi} báo cáo.]]', 'Hết.'], { reports }));
    expect([sections(counts({})), sections(counts({ D1: 1 }))]).toEqual([['I. Kết quả', 'Hết./.'], ['I. Kết quả', '- Gửi 01 báo cáo.', 'Hết./.']]);
  });
});

describe('the share of tasks that were told about in the program', () => {
  it('is of all tasks given, with its two sides, and of nothing is none', () => {
    const tasks = { counts: counts({ D1: 268, O1: 6 }), rounding: 'half-up', updated: 268 } as const;
    expect(line('{việc: cập nhật.tử}/{việc: cập nhật.mẫu} việc ({việc: cập nhật})', { tasks })).toBe('268/274 việc (97,81 %)');
    expect(line('{việc: cập nhật}', { tasks: { ...tasks, counts: counts({}), updated: 0 } })).toBe('không phát sinh');
    expect(line('{việc: cập nhật}', { tasks: null })).toMatch(/^\[còn thiếu: /);
  });
});

describe('the three empties and the gap', () => {
  it('stay four values in a cell', () => {
    expect(cellOf(reading({ amount: { kind: 'not-applicable' } }))).toMatchObject({ text: '-', amount: { kind: 'not-applicable' } });
    expect(cellOf(reading({ amount: { kind: 'blank' } }))).toMatchObject({ text: '', amount: { kind: 'blank' } });
    expect(cellOf(reading({ amount: { kind: 'count', number: 0 } }))).toMatchObject({ text: '0', amount: { kind: 'count', number: 0 } });
    expect(cellOf(undefined)).toMatchObject({ text: '[còn thiếu: chỉ tiêu “a”]', amount: { kind: 'gap' } });
  });
  it('come of plans too: not applicable, issued without items, issued with none done', () => {
    const cell = (state: PlanState | undefined): unknown => report(['Hết.'], { plan: () => state }, '{kế hoạch: k.xong}').appendices[0]!.rows[0]!.cells['n']!.amount;
    expect(cell(plan({ applicable: false }))).toEqual({ kind: 'not-applicable' });
    expect(cell(plan({}))).toEqual({ kind: 'blank' });
    expect(cell(plan({ items: [{ itemId: '1', content: 'x' }] }))).toEqual({ kind: 'count', number: 0 });
    expect(cell(undefined)).toMatchObject({ kind: 'gap' });
  });
});

describe('a value recorded for an earlier period', () => {
  it('is used, told as carried over, and brought up by the check', () => {
    const state: IndicatorState = { indicatorId: 'i', unitId: 'u', code: 'a', name: 'số hồ sơ', measure: 'hồ sơ', values: [{ amount: { kind: 'count', number: 4 }, validFrom: '2019-06-01', recordedAt: 1, eventId: 'e', evidence: { number: '1/BC' } }], targets: {}, lastChange: 1 };
    const built = report(['Có {chỉ tiêu: a}.'], { indicator: () => readIndicator(state, { asOf: '2020-11-28', from: '2019-12-15' }) });
    expect(built.figures[0]!.source).toMatchObject({ carriedOver: true, validFrom: '2019-06-01', evidence: '1/BC' });
    expect(checkReport(checkedReport(built)).map(({ code, place }) => [code, place])).toEqual([['carried-over-value', ['I']]]);
  });
});

describe('the check of a report of ours', () => {
  it('finds nothing in a plain one', () => {
    expect(checkReport(checkedReport(report(['Trên phần mềm: {câu số liệu}'], { indicator: () => reading({}) })), { isDayOff: () => false })).toEqual([]);
  });
  it('finds a bullet written twice, an open parenthesis, a gap', () => {
    const built = report(['- Đã làm (xong.', '- Đã làm (xong.', '{chỉ tiêu: a}']);
    expect(checkReport(checkedReport(built)).map(({ code }) => code)).toEqual(['repeated-bullet', 'missing-value', 'missing-value', 'unbalanced-parenthesis', 'unbalanced-parenthesis']);
  });
});
