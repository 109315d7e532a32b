import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dayVi, ManualClock, parseInstant } from '#kernel';
import { bodyLines, cellAmount, type ReportFigure, type TranscribedReport } from '#reports';
import { reportData } from '#reports/files/shipped';
import { DEMO_NOW, playDemo } from '../../../cli/src/demo.ts';
import { openRuntime, type Runtime } from '../runtime.ts';
import { composeReport, type ComposedReport } from './report-service.ts';

type Source = Omit<TranscribedReport, 'appendices'> & { readonly appendices: readonly (TranscribedReport['appendices'][number] & { readonly title: string; readonly footnotes?: readonly string[] })[] };
const source = JSON.parse(readFileSync(reportData('2020', '57-BC-TTT-2020.json'), 'utf8')) as Source;

const root = mkdtempSync(join(tmpdir(), 'nhacviec-report-'));
let runtime: Runtime;
let composed: ComposedReport;

beforeAll(async () => {
  const dataDir = join(root, 'demo');
  await playDemo(dataDir);
  runtime = await openRuntime({ dataDir, clock: new ManualClock(parseInstant(DEMO_NOW)!), simulated: true });
  composed = await composeReport({ unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-28' }, runtime);
}, 120_000);
afterAll(async () => {
  await runtime.close();
  rmSync(root, { recursive: true, force: true });
});

/** House style where the paper writes otherwise: "100%" is "100 %", 17/3/2020 is 17/03/2020. The rest is compared as printed. */
const inHouseStyle = (text: string, amount: ReturnType<typeof cellAmount>): string => (amount.kind === 'percent' ? text.replace('%', ' %') : amount.kind === 'day' ? dayVi(amount.day) : text);

describe('the report of 2020, out of imported tasks, plans and indicators', () => {
  it('has the four appendices cell by cell: the same values, the three empties apart, the same words', () => {
    let cells = 0;
    source.appendices.forEach((appendix, a) => {
      const ours = composed.report.appendices[a]!;
      expect(ours.title).toBe(appendix.title);
      expect(ours.columns.map(({ heading }) => heading)).toEqual(appendix.columns.map(({ heading }) => heading));
      expect(ours.rows).toHaveLength(appendix.rows.length);
      expect(ours.footnotes).toEqual(appendix.footnotes ?? []);
      appendix.rows.forEach((row, r) => {
        for (const { key } of appendix.columns) {
          const printedCell = row.cells[key]!;
          const amount = cellAmount(printedCell);
          const cell = ours.rows[r]!.cells[key]!;
          const at = `PL${String(a + 1)}.${String(r + 1)}.${key}`;
          if (printedCell.kind !== 'value') expect([at, cell.text, cell.amount]).toEqual([at, printedCell.kind === 'blank' ? '' : '-', { kind: printedCell.kind }]);
          else expect([at, cell.text]).toEqual([at, inHouseStyle(printedCell.text!, amount)]);
          // What is a number on paper is a figure of a source here, and not typed text.
          if (amount.kind === 'count' || amount.kind === 'percent' || amount.kind === 'day') expect([at, cell.amount]).toEqual([at, amount]);
          cells++;
        }
      });
    });
    expect(cells).toBe(7 * 6 + 30 * 7 + 3 * 7 + 3 * 8);
  });

  it('has every figure of the text, each from its source', () => {
    const { figures } = composed.report;
    const of = (code: string, role: ReportFigure['role'] = 'result'): ReportFigure | undefined => figures.find((figure) => figure.source.code === code && figure.role === role);
    const where: Readonly<Record<string, readonly [code: string, role?: ReportFigure['role']]>> = {
      f01: ['chỉ tiêu van-ban-dien-tu', 'target'], f02: ['chỉ tiêu linh-vuc-ke-hoach'], f03: ['chỉ tiêu bao-cao-cchc'], f04: ['chỉ tiêu cap-quy-trinh'], f05: ['chỉ tiêu vb-qppl-tham-dinh'], f06: ['chỉ tiêu vb-qppl'],
      f07: ['chỉ tiêu tthc-cong-bo'], f08: ['chỉ tiêu cap-giai-quyet-to-cao'], f09: ['chỉ tiêu cap-trinh-quy-trinh'], f10: ['chỉ tiêu hinh-thuc-cong-khai'], f11: ['chỉ tiêu phan-anh-kien-nghi'], f12: ['chỉ tiêu ho-so-mot-cua'],
      f13: ['chỉ tiêu ho-so-tren-he-thong'], f15: ['việc R2'], f16: ['việc D1'], f17: ['việc N'], f18: ['việc O1'], f19: ['chỉ tiêu bo-nhiem-dung'], f20: ['chỉ tiêu bo-tri-phu-hop'], f21: ['chỉ tiêu ngach-phu-hop'],
      f22: ['chỉ tiêu dao-tao-theo-ke-hoach'], f23: ['chỉ tiêu hoc-trung-cap-llct'], f24: ['chỉ tiêu boi-duong-cap-phong'], f25: ['chỉ tiêu boi-duong-ttv-chinh'], f26: ['chỉ tiêu boi-duong-chuyen-vien'],
      f27: ['chỉ tiêu trang-thong-tin'], f28: ['chỉ tiêu van-ban-dien-tu'], f29: ['chỉ tiêu thu-dien-tu'], f30: ['chỉ tiêu chu-ky-so'], f32: ['chỉ tiêu ky-bao-cao-noi-chinh', 'target'], f33: ['chỉ tiêu viec-dung-han', 'target'],
      f34: ['chỉ tiêu bo-tri-phu-hop', 'target'], f35: ['chỉ tiêu ngach-phu-hop', 'target'], f36: ['chỉ tiêu dao-tao-theo-ke-hoach', 'target'], f37: ['chỉ tiêu tiet-kiem', 'target'], f38: ['chỉ tiêu trang-thong-tin', 'target'],
      f39: ['chỉ tiêu thu-dien-tu', 'target'], f40: ['chỉ tiêu chu-ky-so', 'target'],
    };
    // f14 is the printed repetition of f13; f31 announces five contents where seven are listed: ours counts them.
    expect(source.figures.map(({ id }) => id).filter((id) => where[id] === undefined)).toEqual(['f14', 'f31']);
    expect(of('phần IV')?.amount).toEqual({ kind: 'count', number: 7 });
    for (const figure of source.figures) {
      const [code, role] = where[figure.id] ?? [];
      if (code === undefined) continue;
      const ours = of(code, role);
      const printedAmount = figure.value?.kind === 'blank' ? { kind: 'blank' } : figure.unit === '%' ? { kind: 'percent', hundredths: figure.number! * 100 } : { kind: 'count', number: figure.number };
      expect([figure.id, ours?.amount]).toMatchObject([figure.id, printedAmount]);
      if (figure.unit === '%') expect([figure.id, (ours!.amount as { comparison?: string }).comparison]).toEqual([figure.id, { '>=': 'atLeast', '>': 'over' }[figure.comparison ?? '']]);
    }
  });

  it('says the sentence of section II.4 with each rate beside its own fraction', () => {
    expect(bodyLines(composed.report)).toContain(
      '- Trên phần mềm nhắc việc của UBND tỉnh: hoàn thành đúng hạn 268/268 việc đã đến hạn hoặc đã hoàn thành (100 %); tổng số việc được giao 274, còn 06 việc trong thời hạn xử lý, 0 việc quá hạn (tính đến hết ngày 28/11/2020).',
    );
  });

  it('cites every document of the source that has a number', () => {
    const numbered = source.documents.filter(({ id, number }) => number !== null && id !== 'd00');
    expect(composed.report.documents.map(({ code, number, date, issuer }) => [code, number, date ?? null, issuer])).toEqual(numbered.map(({ id, number, date, issuer }) => [id, number, date, issuer]));
  });

  it('keeps the defects that lie in what the unit recorded, each found, and none of those that lay in the writing', () => {
    const found = composed.findings.map(({ code, place }) => `${code} ${place.join(' ')}`);
    expect(found).toEqual([
      'cut-off-on-day-off II.4 head',
      'date-conflict PL1.2 I.3',
      'date-conflict PL1.4 II.2 I.2',
      'year-conflict PL1.2 PL1.5 PL1.7',
      'rate-without-counts PL1.6 PL1.7',
      'same-number-two-documents II.2',
      'missing-value II.7',
      'target-below-result IV.7 II.7',
      'symbol-variants II.5 IV.5',
      'symbol-variants II.5 IV.5',
      'symbol-variants II.5 IV.5',
      'symbol-doubtful II.2',
      'symbol-changed II.5 I.1',
      'frequency-conflict II.4 IV.4',
      'total-without-breakdown PL2.26 PL4.2',
      'missing-rate PL4.2',
      'not-applicable-vs-value PL2.6 PL2.8 I.1',
      'unit-meaning PL2.1 PL2.2',
      'plan-vs-appendix PL1.2 PL2.2 I.3',
      'already-done IV.4 II.1',
      'share-without-denominator II.5',
      'share-of-nothing II.1',
    ]);
  });

  it('shows what nobody has reported as a gap, and never as a zero', () => {
    expect(composed.report.gaps).toEqual([{ where: 'II.7', why: 'chưa báo cáo văn bản đi phát hành dưới dạng điện tử qua E-Office' }]);
    expect(bodyLines(composed.report)).toContain('- Văn bản đi phát hành dưới dạng điện tử qua E-Office: [còn thiếu: chưa báo cáo văn bản đi phát hành dưới dạng điện tử qua E-Office].');
  });

  it('tells of every recorded figure its evidence, owner, day of validity and last change', () => {
    const figure = composed.report.figures.find(({ source: { code } }) => code === 'chỉ tiêu trang-thong-tin')!;
    expect(figure.source).toEqual({ code: 'chỉ tiêu trang-thong-tin', owner: 'thanh-tra-tinh', carriedOver: false, validFrom: '2020-11-27', evidence: 'Số liệu tự báo cáo của đơn vị', lastChange: parseInstant('2020-11-27T17:30:00+07:00') });
  });
});

describe('a report at another point', () => {
  it('knows less as known earlier: what was not recorded then is a gap and not a zero', async () => {
    const { report } = await composeReport({ unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-26', knownAt: '2020-11-26' }, runtime);
    const planned = report.appendices[0]!.rows[0]!.cells['planned']!;
    expect(planned.amount).toEqual({ kind: 'gap', why: 'kế hoạch “cchc” năm 2020' });
    expect(planned.text).not.toMatch(/^0/);
  });

  it('counts the items done by the cut-off and no later ones', async () => {
    const { report } = await composeReport({ unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-06-30' }, runtime);
    const [planned, done] = ['planned', 'done'].map((key) => report.appendices[0]!.rows[0]!.cells[key]!.amount);
    expect(planned).toEqual({ kind: 'count', number: 43 });
    expect((done as { number: number }).number).toBeGreaterThan(10);
    expect((done as { number: number }).number).toBeLessThan(30);
  });

  it('is the same, figure by figure, with the same parameters', async () => {
    const again = await composeReport({ unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-28' }, runtime);
    expect(JSON.stringify(again)).toBe(JSON.stringify(composed));
  });

  it('can take the form of the six areas of 2021–2030, marked as a suggestion', async () => {
    const { report, findings } = await composeReport({ unitId: 'thanh-tra-tinh', period: '2020', asOf: '2020-11-28', templateId: 'bao-cao-cchc-2021-2030', content: null }, runtime);
    expect(report.template.suggested).toBe(true);
    expect(report.sections[1]!.sections.map(({ heading }) => heading)).toEqual(['Cải cách thể chế', 'Cải cách thủ tục hành chính', 'Cải cách tổ chức bộ máy hành chính nhà nước', 'Cải cách chế độ công vụ', 'Cải cách tài chính công', 'Xây dựng và phát triển chính phủ điện tử, chính phủ số']);
    expect(findings.filter(({ code }) => code === 'missing-text')).toHaveLength(7);
  });
});
