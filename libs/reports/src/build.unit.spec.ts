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
    sources: { tasks: { counts: counts({ D1: 5, O1: 1 }), rounding: 'half-up' }, plan: () => undefined, indicator: () => undefined, ...sources },
  });
}
const line = (sentence: string, sources?: Partial<ReportSources>): string => bodyLines(report([sentence, 'Hết.'], sources))[1]!;
const cellOf = (indicator: IndicatorReading | undefined, cell?: string): unknown => report(['Hết.'], { indicator: () => indicator }, cell).appendices[0]!.rows[0]!.cells['n'];

describe('figures in a sentence', () => {
  it('are counts in report style, rates with their own sides', () => {
    expect(line('Có {việc: D1} trên {việc: N} việc, {việc: R2} ({việc: R2.tử}/{việc: R2.mẫu})')).toBe('Có 05 trên 06 việc, 100 % (05/05)');
    expect(line('Có {việc: N | số}', { tasks: { counts: counts({ D1: 14_068 }), rounding: 'half-up' } })).toBe('Có 14.068');
  });
  it('say “không phát sinh” for a rate of nothing, and for a zero where it is asked for', () => {
    expect(line('{việc: R2}', { tasks: { counts: counts({}), rounding: 'half-up' } })).toBe('không phát sinh');
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
