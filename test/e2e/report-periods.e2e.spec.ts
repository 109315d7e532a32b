import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

const form = (id: string, valid: string): string => `mẫu: ${id}
phiên bản: 1
tên: Báo cáo quý
căn cứ: Công văn thử
hiệu lực: {${valid}}
ký hiệu: BC
trích yếu: "Công tác {kỳ}"
nơi nhận: [Như trên]
người ký: Giám đốc
phần:
  - mã: I
    tiêu đề: Kết quả
    câu: ["Trên phần mềm: {câu số liệu}", "Có {chỉ tiêu: ho-so} hồ sơ, {chỉ tiêu: chu-ky-so} văn bản ký số."]
`;
interface Row {
  readonly reference: { readonly of: string; readonly what?: string; readonly code?: string };
  readonly current: { readonly text: string; readonly state: string };
  readonly other: { readonly text: string; readonly state: string };
  readonly difference: object | null;
}
interface Compared {
  readonly other: { readonly period: string; readonly asOf: string; readonly reportId: string | null; readonly hasData: boolean };
  readonly rows: readonly Row[];
}

let server: TestServer;
let folder: string;
const ids: Record<string, string> = {};
const given = async (content: string, assignedOn: string, due: string): Promise<string> => (await server.done<{ id: string }>('/tasks', assignment({ document: { number: '1/UBND-NC', date: '2020-01-02', issuer: 'UBND tỉnh', title: 'Giao việc' }, content, assignedOn, deadline: { date: due } }))).id;
const done = async (id: string, on: string, more: object = {}): Promise<void> => {
  await server.done(`/tasks/${id}/completion-submissions`, { resultDocument: { number: '1/BC-SYT', date: on }, ...more });
};
const value = (id: string, amount: object, validFrom: string): Promise<unknown> => server.done(`/indicators/${id}/values`, { amount, validFrom, evidence: { number: '2/BC-SYT' } });
const drafted = async (period: string, asOf: string, templateId?: string): Promise<string> => (await server.done<{ id: string }>('/reports', { unitId: 'so-y-te', period, asOf, ...(templateId === undefined ? {} : { templateId }) })).id;
const compared = (id: string, what: string): Promise<Compared> => server.ok<Compared>(`/reports/${id}/comparison?with=${what}`);
/** A figure of a comparison: now, then, and what is more or less. */
const figure = ({ rows }: Compared, named: string): unknown => {
  const row = rows.find(({ reference: { what, code } }) => named === (what ?? code))!;
  return [row.current.text, row.other.text, row.difference];
};

beforeAll(async () => {
  server = await TestServer.start(instant('2020-01-10T09:00:00+07:00'), (dataDir) => {
    folder = join(dataDir, 'reports', 'templates');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'truoc.yaml'), form('mau-truoc', 'từ: 15/12/2018, đến: 14/12/2020'));
    writeFileSync(join(folder, 'sau.yaml'), form('mau-sau', 'từ: 15/03/2021'));
    return Promise.resolve();
  });
  await server.done('/units', unit('so-y-te', { name: 'Sở Y tế' }), 'admin');
  for (const [code, measure] of [['ho-so', 'hồ sơ'], ['chu-ky-so', '%']] as const) ids[code] = (await server.done<{ id: string }>('/indicators', { unitId: 'so-y-te', code, name: code, measure })).id;
  // The first quarter of 2020 ends on 14/3: one task done in time, one overdue.
  const inTime = await given('Việc một', '2020-01-10', '2020-02-10');
  const late = await given('Việc hai', '2020-01-10', '2020-03-02');
  await value(ids['ho-so']!, { kind: 'count', number: 5 }, '2020-01-10');
  await value(ids['chu-ky-so']!, { kind: 'percent', hundredths: 9_050 }, '2020-01-10');
  await server.advance('2020-02-05T09:00:00+07:00');
  await done(inTime, '2020-02-05');
  await server.done(`/tasks/${inTime}/completion-confirmations`, {}, 'leader');
  await server.advance('2020-03-16T09:00:00+07:00');
  ids['first'] = await drafted('2020-Q1', '2020-03-14');
  await server.done(`/reports/${ids['first']}/edit`, { number: '1/BC-SYT', date: '2020-03-16', place: 'Nha Trang' });
  await server.done(`/reports/${ids['first']}/issue`);
  // Recorded too late for the report: the other one had been done on 10/3.
  await server.advance('2020-03-20T09:00:00+07:00');
  await done(late, '2020-03-10', { occurredOn: '2020-03-10', backdateReason: 'văn thư ghi muộn' });
  await server.done(`/tasks/${late}/completion-confirmations`, {}, 'leader');
  await server.advance('2020-05-04T09:00:00+07:00');
  for (const content of ['Việc ba', 'Việc bốn', 'Việc năm']) await given(content, '2020-05-04', '2020-06-29');
  await value(ids['ho-so']!, { kind: 'count', number: 3 }, '2020-05-04');
  await value(ids['chu-ky-so']!, { kind: 'percent', hundredths: 9_550 }, '2020-05-04');
  await server.advance('2020-06-16T09:00:00+07:00');
  ids['second'] = await drafted('2020-Q2', '2020-06-14');
});
afterAll(async () => { await server.stop(); });

describe('a report beside the period before it', () => {
  it('takes the figures that were issued then, whatever was recorded since, and says what is more or less', async () => {
    const answer = await compared(ids['second']!, 'previous');
    expect(answer.other).toMatchObject({ period: '2020-Q1', asOf: '2020-03-14', reportId: ids['first'], hasData: true });
    // Three new ones, and the one that was submitted and not yet confirmed.
    expect(figure(answer, 'N')).toEqual(['4', '2', { kind: 'count', by: 2 }]);
    expect(figure(answer, 'D2')).toEqual(['1', '0', { kind: 'count', by: 1 }]);
    expect(figure(answer, 'D1')).toEqual(['0', '1', { kind: 'count', by: -1 }]);
    expect(figure(answer, 'O2')).toEqual(['0', '1', { kind: 'count', by: -1 }]);
    expect(figure(answer, 'ho-so')).toEqual(['3', '5', { kind: 'count', by: -2 }]);
    expect(figure(answer, 'chu-ky-so')).toEqual(['95,5 %', '90,5 %', { kind: 'percent', by: 500 }]);
    expect(figure(answer, 'R2')).toEqual(['0 %', '50 %', { kind: 'percent', by: -5_000 }]);
  });

  it('takes the figures as the log has them now where none was issued by its form', async () => {
    const answer = await compared(await drafted('2020-Q2', '2020-06-14', 'mau-sau'), 'previous');
    expect(answer.other).toMatchObject({ period: '2020-Q1', asOf: '2020-03-14', reportId: null, hasData: true });
    expect([figure(answer, 'N'), figure(answer, 'O2')]).toEqual([['4', '2', { kind: 'count', by: 2 }], ['0', '0', { kind: 'count', by: 0 }]]);
  });

  it('has nothing to subtract from where the system knows nothing of the period', async () => {
    const answer = await compared(ids['second']!, 'last-year');
    expect(answer.other).toMatchObject({ period: '2019-Q2', reportId: null, hasData: false });
    expect(answer.rows.map(({ difference }) => difference)).toEqual(answer.rows.map(() => null));
  });
});

describe('a report beside the same period a year before', () => {
  it('takes that quarter, as it was issued', async () => {
    await server.advance('2021-03-16T09:00:00+07:00');
    const answer = await compared(await drafted('2021-Q1', '2021-03-14', 'mau-truoc'), 'last-year');
    expect(answer.other).toMatchObject({ period: '2020-Q1', asOf: '2020-03-14', reportId: ids['first'] });
    expect([figure(answer, 'N'), figure(answer, 'O2'), figure(answer, 'ho-so')]).toEqual([['3', '2', { kind: 'count', by: 1 }], ['3', '1', { kind: 'count', by: 2 }], ['3', '5', { kind: 'count', by: -2 }]]);
  });
});

describe('the form of a report', () => {
  it('is the one in force on the last day of its period, where none is named', async () => {
    await server.advance('2021-09-16T09:00:00+07:00');
    const formOf = async (period: string, asOf: string): Promise<string> => (await server.ok<{ templateId: string }>(`/reports/${await drafted(period, asOf)}`)).templateId;
    expect([await formOf('2018', '2018-12-14'), await formOf('2020', '2020-12-14'), await formOf('2021-Q1', '2021-03-14'), await formOf('2021-Q2', '2021-06-14')]).toEqual(['bao-cao-cchc-2011-2020', 'mau-truoc', 'bao-cao-cchc-2021-2030', 'mau-sau']);
  });

  it('that cannot be read is refused with its file, line and column, and nothing is drafted', async () => {
    writeFileSync(join(folder, 'hong.yaml'), form('mau-hong', 'từ: 15/12/2018').replace('{chỉ tiêu: ho-so}', '{chỉ số: ho-so}'));
    const { total } = await server.ok<{ total: number }>('/reports');
    for (const { body } of [await server.post('/reports', { unitId: 'so-y-te', period: '2021-Q3' }), await server.get('/report-templates')]) {
      expect(body).toMatchObject({ status: 422, code: 'template-invalid', detail: expect.stringMatching(/^reports\/templates\/hong\.yaml:13:48: .*Không có nguồn số liệu “chỉ số”/), faults: [{ line: 13, column: 48, given: 'chỉ số: ho-so' }] });
    }
    expect(await server.ok('/reports')).toMatchObject({ total });
    rmSync(join(folder, 'hong.yaml'));
  });
});
