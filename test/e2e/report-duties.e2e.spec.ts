import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

const FORM = `mẫu: mau-ngan
phiên bản: 1
tên: Báo cáo công tác cải cách hành chính
căn cứ: Công văn thử
hiệu lực: {từ: 15/12/2018}
ký hiệu: BC
trích yếu: "Công tác {kỳ}"
nơi nhận: [Như trên]
người ký: Giám đốc
phần:
  - mã: I
    tiêu đề: Kết quả
    câu:
      - "Trên phần mềm: {câu số liệu}"
      - "Chế độ báo cáo: gửi đúng thời hạn {báo cáo: đúng hạn}/{báo cáo: phải gửi}[[, chậm {báo cáo: chậm}]][[, quá hạn {báo cáo: quá hạn}]]."
      - "Cập nhật: {việc: cập nhật.tử}/{việc: cập nhật.mẫu} ({việc: cập nhật})"
`;
const duty = { unitId: 'so-y-te', templateId: 'mau-ngan', periods: ['year', 'Q1'], cutOffDaysBefore: 0, dueWorkingDays: 5, from: '2020-12-01', document: { number: '09/2019/NĐ-CP', date: '2019-01-24', issuer: 'Chính phủ' } };
interface Item {
  readonly id: string;
  readonly period: string;
  readonly asOf: string;
  readonly status: string;
  readonly due: { readonly dueOn: string; readonly taskId: string; readonly state: string };
}

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start(instant('2020-12-10T09:00:00+07:00'), (dataDir) => {
    mkdirSync(join(dataDir, 'reports', 'templates'), { recursive: true });
    writeFileSync(join(dataDir, 'reports', 'templates', 'ngan.yaml'), FORM);
    return Promise.resolve();
  });
  await server.done('/units', unit('so-y-te', { name: 'Sở Y tế' }), 'admin');
  await server.done('/settings', { reportDuties: [duty], reason: 'Chế độ báo cáo định kỳ' }, 'admin');
});
afterAll(async () => { await server.stop(); });

const owed = async (): Promise<readonly Item[]> => [...(await server.ok<{ items: Item[] }>('/reports?owed=true')).items].reverse();

describe('a report that is owed', () => {
  it('is prepared as a draft when its cut-off passes, with a task of the unit that is due with it', async () => {
    await server.advance('2020-12-14T23:00:00+07:00');
    expect(await owed()).toEqual([]);
    await server.advance('2020-12-15T08:00:00+07:00');
    const [report, ...more] = await owed();
    expect(more).toEqual([]);
    // Five working days after Monday 14/12/2020.
    expect(report).toMatchObject({ unitId: 'so-y-te', period: '2020', asOf: '2020-12-14', status: 'drafted', templateId: 'mau-ngan', due: { dueOn: '2020-12-21', state: 'waiting' } });
    expect(await server.ok(`/tasks/${report!.due.taskId}`)).toMatchObject({ leadUnitId: 'so-y-te', deadline: { dueOn: '2020-12-21' }, content: 'Lập và gửi Báo cáo công tác cải cách hành chính, năm 2020', field: 'bao-cao-dinh-ky' });
    expect(await server.ok('/reports/punctuality?unitId=so-y-te')).toMatchObject({ owed: 1, onTime: 0, waiting: 1 });
  });

  it('is told with what comes next: cut-off, and the day it is due', async () => {
    const { items, coming, revision } = await server.ok<{ items: object[]; coming: object[]; revision: number }>('/reports/duties');
    expect(items).toEqual([{ ...duty, unitName: 'Sở Y tế', unitKnown: true, templateName: 'Báo cáo công tác cải cách hành chính' }]);
    // The year 2020 has been cut off; Monday 15/3/2021 begins the five working days.
    expect(coming[0]).toEqual({ unitId: 'so-y-te', unitName: 'Sở Y tế', unitKnown: true, templateName: 'Báo cáo công tác cải cách hành chính', period: '2021-Q1', periodWords: expect.stringContaining('quý I'), cutOff: '2021-03-14', dueOn: '2021-03-19' });
    expect(coming.map((one) => (one as { period: string }).period)).toEqual(['2021-Q1', '2021']);
    // Who decides on an older list does not undo what another has set meanwhile.
    await server.done('/settings', { dueSoonWorkingDays: 4, reason: 'thử' }, 'admin');
    const stale = await server.post('/settings', { reportDuties: [], reason: 'bỏ' }, { 'X-Actor': 'admin', 'If-Match': `"${String(revision)}"` });
    expect([stale.status, (await server.ok<{ items: object[] }>('/reports/duties')).items.length]).toEqual([412, 1]);
  });

  it('is prepared once, also after restarts and when it is looked for again', async () => {
    const before = (await owed()).map(({ id }) => id);
    const { count } = await server.runtime.log.head();
    await server.duties.prepareDue();
    await server.restart();
    await server.duties.prepareDue();
    expect([(await owed()).map(({ id }) => id), (await server.runtime.log.head()).count]).toEqual([before, count]);
  });

  it('is reported done with the report, in time, and can be counted among the figures of its unit', async () => {
    const [report] = await owed();
    await server.advance('2020-12-18T09:00:00+07:00');
    await server.done(`/reports/${report!.id}/edit`, { number: '90/BC-SYT', date: '2020-12-18' });
    const issued = await server.done<{ events: string[]; warnings: object[] }>(`/reports/${report!.id}/issue`);
    expect([issued.events, issued.warnings]).toEqual([['ReportChecked', 'ReportIssued', 'CompletionSubmitted'], []]);
    await server.done(`/tasks/${report!.due.taskId}/completion-confirmations`, {}, 'leader');
    expect(await server.ok('/reports/punctuality?unitId=so-y-te&year=2020')).toMatchObject({ owed: 1, onTime: 1, late: 0, waiting: 0, overdue: 0 });
    const { cells } = await server.ok<{ cells: Record<string, number> }>('/figures?unitId=so-y-te&field=bao-cao-dinh-ky&asOf=2020-12-18');
    expect(cells).toMatchObject({ D1: 1, O1: 0, O2: 0 });
    expect(await server.ok(`/reports/${report!.id}/verify`)).toMatchObject({ matches: true });
  });

  it('is prepared after a downtime too, and is overdue once its day has passed', async () => {
    await server.restart(() => { server.clock.set(instant('2021-03-29T08:00:00+07:00')); });
    await server.caughtUp();
    const report = (await owed()).at(-1)!;
    expect(report).toMatchObject({ period: '2021-Q1', asOf: '2021-03-14', due: { dueOn: '2021-03-19', state: 'overdue' } });
    expect(await server.ok(`/tasks/${report.due.taskId}`)).toMatchObject({ assignedOn: '2021-03-15', deadline: { dueOn: '2021-03-19' }, cell: 'O2' });
    expect(await server.ok('/reports/punctuality')).toMatchObject({ owed: 2, onTime: 1, overdue: 1 });
  });

  it('is late when it is issued after its day; without number and day its task stays open, and the answer says so', async () => {
    const report = (await owed()).at(-1)!;
    const issued = await server.done<{ events: string[]; warnings: { code: string; detail: string }[] }>(`/reports/${report.id}/issue`);
    expect([issued.events, issued.warnings.map((one) => one.code)]).toEqual([['ReportChecked', 'ReportIssued'], ['report-task-open']]);
    expect(await server.ok('/reports/punctuality?year=2021')).toMatchObject({ owed: 1, late: 1, overdue: 0 });
  });

  it('is a figure of the report of the year: two were to be handed in, one was late, each as it stood on its day and as known then', async () => {
    const said = async (id: string): Promise<string[]> =>
      (await server.ok<{ report: { sections: { items: { runs: { text: string }[] }[] }[] } }>(`/reports/${id}/preview`)).report.sections[0]!.items.slice(1).map(({ runs }) => runs.map(({ text }) => text).join(''));
    const { id } = await server.done<{ id: string }>('/reports', { unitId: 'so-y-te', period: '2021', asOf: '2021-03-29', templateId: 'mau-ngan' });
    expect(await said(id)).toEqual(['Chế độ báo cáo: gửi đúng thời hạn 01/02, quá hạn 01.', 'Cập nhật: 01/02 (50 %)']);
    const { taskId } = (await owed()).at(-1)!.due;
    const { position } = await server.ok<{ position: string }>(`/tasks/${taskId}`);
    await server.done(`/tasks/${taskId}/completion-submissions`, { resultDocument: { number: '12/BC-SYT', date: '2021-03-29' } });
    expect(await said(id)).toEqual(['Chế độ báo cáo: gửi đúng thời hạn 01/02, chậm 01.', 'Cập nhật: 02/02 (100 %)']);
    await server.done(`/reports/${id}/edit`, { asOf: '2021-03-19' });
    expect(await said(id)).toEqual(['Chế độ báo cáo: gửi đúng thời hạn 01/02.', 'Cập nhật: 01/02 (50 %)']);
    const { cells } = await server.ok<{ cells: Record<string, number> }>(`/figures?unitId=so-y-te&field=bao-cao-dinh-ky&asOf=2021-03-29&knownAt=position:${position}`);
    expect(cells).toMatchObject({ D1: 1, O2: 1, V2: 0 });
  });

  it('is not owed by a unit that the settings name wrongly, and what can be prepared still is', async () => {
    await server.done('/settings', { reportDuties: [{ ...duty, unitId: 'khong-co' }, { ...duty, periods: ['Q1', 'year', 'Q2'] }], reason: 'thêm quý II' }, 'admin');
    await server.advance('2021-06-15T08:00:00+07:00');
    expect((await owed()).map(({ period }) => period)).toEqual(['2020', '2021-Q1', '2021-Q2']);
  });
});
