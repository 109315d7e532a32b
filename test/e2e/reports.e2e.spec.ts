import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DEMO_NOW, playDemo } from '../../apps/cli/src/demo.ts';
import { instant, TestServer } from '../support/server.ts';

const UNIT = 'thanh-tra-tinh';
const FORMATS = ['docx', 'pdf', 'xlsx', 'md', 'json'] as const;
interface Answer {
  readonly id: string;
  readonly revision: number;
  readonly events: readonly string[];
}

const root = mkdtempSync(join(tmpdir(), 'nhacviec-reports-'));
let server: TestServer;
let id: string;

beforeAll(async () => {
  await playDemo(join(root, 'demo'));
  server = await TestServer.start(instant(DEMO_NOW), (dataDir) => {
    cpSync(join(root, 'demo'), dataDir, { recursive: true });
    return Promise.resolve();
  });
}, 120_000);
afterAll(async () => {
  await server.stop();
  rmSync(root, { recursive: true, force: true });
});

const fileOf = async (report: string, format: string): Promise<{ readonly sha256: string; readonly verified: string | null; readonly type: string | null; readonly name: string | null }> => {
  const reply = await fetch(`${server.url}/api/v1/reports/${report}/files/${format}`);
  expect(reply.status).toBe(200);
  const bytes = Buffer.from(await reply.arrayBuffer());
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(reply.headers.get('X-Report-SHA256')).toBe(sha256);
  return { sha256, verified: reply.headers.get('X-Report-Verified'), type: reply.headers.get('Content-Type'), name: reply.headers.get('Content-Disposition') };
};

describe('the report of 2020 over HTTP', () => {
  it('is drafted for a unit and period with the text the office wrote, by the form in force', async () => {
    const templates = await server.ok<{ items: { id: string; version: number }[] }>('/report-templates');
    expect(templates.items.map((one) => one.id)).toEqual(['bao-cao-cchc-2011-2020', 'bao-cao-cchc-2021-2030']);
    const answer = await server.done<Answer>('/reports', { unitId: UNIT, period: '2020', asOf: '2020-11-28' });
    expect(answer.events).toEqual(['ReportDrafted']);
    id = answer.id;
    expect(await server.ok(`/reports/${id}`)).toMatchObject({ unitId: UNIT, status: 'drafted', asOf: '2020-11-28', templateId: 'bao-cao-cchc-2011-2020', content: /đơn vị: thanh-tra-tinh/, fields: {}, issued: null, due: null });
    expect((await server.post('/reports', { unitId: UNIT, period: '2020' })).body).toMatchObject({ status: 409, code: 'report-open', reportId: id });
  });

  it('shows what will be printed, and what the check finds in it', async () => {
    const { report, findings } = await server.ok<{ report: { head: { number: string } }; findings: { severity: string; place: string[] }[] }>(`/reports/${id}/preview`);
    expect(report.head.number).toBe('57/BC-TTT');
    expect(findings.filter(({ severity }) => severity === 'error').length).toBeGreaterThan(0);
    const checked = await server.done<Answer & { findings: unknown[] }>(`/reports/${id}/check`);
    expect([checked.events, checked.findings]).toEqual([['ReportChecked'], findings]);
    expect(await server.ok(`/reports/${id}`)).toMatchObject({ status: 'checked', checked: { errors: findings.filter(({ severity }) => severity === 'error').length } });
  });

  it('is not issued while an error stands, and says where, with the values that differ', async () => {
    const refusal = await server.post(`/reports/${id}/issue`);
    const errors = (refusal.body.findings as { severity: string; code: string; place: string[]; values: string[] }[]).filter(({ severity }) => severity === 'error');
    expect(refusal.body).toMatchObject({ status: 409, code: 'report-blocked' });
    expect(errors.map(({ code, place }) => [code, place.join(' ')])).toEqual([['date-conflict', 'PL1.2 I.3'], ['rate-without-counts', 'PL1.6 PL1.7'], ['same-number-two-documents', 'II.2'], ['missing-value', 'II.7']]);
    expect(errors[0]!.values).toEqual(expect.arrayContaining(['01/11/2019', 'tháng 10/2020 (ban hành kế hoạch kiểm tra)']));
    expect(await server.ok(`/reports/${id}`)).toMatchObject({ status: 'checked' });
  });

  it('has its words read and changed slot by slot, and nothing else of its text', async () => {
    interface Words { slots: { slot: string; section: string | null; required: boolean; lines: string[] }[]; documents: { code: string; number: string }[] }
    const before = await server.ok<{ content: string }>(`/reports/${id}`);
    const words = await server.ok<Words>(`/reports/${id}/words`);
    expect(words.slots.find(({ slot }) => slot === 'III')).toEqual({ slot: 'III', section: 'III', required: expect.any(Boolean), lines: [expect.stringContaining('triển khai toàn diện')] });
    expect(words.documents.length).toBeGreaterThan(40);
    const slots = [{ slot: 'III', lines: ['Công tác cải cách hành chính được triển khai đều.', '- Căn cứ {văn bản: d01}.'] }];
    await server.done(`/reports/${id}/edit`, { words: { slots } });
    const after = await server.ok<{ content: string }>(`/reports/${id}`);
    expect(after.content.split('\n').filter((line) => !before.content.includes(line))).toEqual(['    - Công tác cải cách hành chính được triển khai đều.', '    - "- Căn cứ {văn bản: d01}."']);
    const { report } = await server.ok<{ report: { sections: { key: string; items: { runs: { text: string }[] }[] }[] } }>(`/reports/${id}/preview`);
    expect(report.sections.find(({ key }) => key === 'III')!.items.map(({ runs }) => runs.map(({ text }) => text).join(''))).toEqual(expect.arrayContaining([expect.stringContaining('3777/QĐ-UBND')]));
    // Given back as they were told, those without a day included, they change nothing.
    expect((await server.post(`/reports/${id}/edit`, { words: { slots, documents: words.documents } })).body).toMatchObject({ status: 409, code: 'nothing-changed' });
    await server.done(`/reports/${id}/edit`, { content: before.content });
  });

  it('refuses words that cannot be read, by slot and sentence, and changes nothing', async () => {
    const edit = async (body: object): Promise<unknown> => (await server.post(`/reports/${id}/edit`, body)).body;
    const { revision } = await server.ok<{ revision: number }>(`/reports/${id}`);
    expect(await edit({ words: { slots: [{ slot: 'III', lines: ['Đúng.', 'Có {sai: 1} ở đây.'] }] } })).toMatchObject({ status: 422, code: 'content-invalid', errors: [{ pointer: '/words' }], faults: [{ path: 'lời văn › III 2' }] });
    expect(await edit({ words: { slots: [] }, content: 'đơn vị: a' })).toMatchObject({ status: 422, code: 'content-twice' });
    const one = { code: 'd01', number: '1/QĐ', issuer: 'UBND tỉnh', content: 'x' };
    expect(await edit({ words: { documents: [one, one] } })).toMatchObject({ status: 422, code: 'document-repeated', errors: [{ pointer: '/words/documents/1/code' }] });
    expect(await edit({ words: { documents: [{ ...one, date: '2020-02-31' }] } })).toMatchObject({ errors: [{ pointer: '/words/documents/0/date' }] });
    expect(await edit({ words: { documents: [{ ...one, code: 'Mã Sai' }] } })).toMatchObject({ status: 422, code: 'content-invalid' });
    expect(await server.ok(`/reports/${id}`)).toMatchObject({ revision });
  });

  it('is issued once the office has mended what the check found', async () => {
    const reason = 'đính chính theo kết quả kiểm tra báo cáo';
    const { items } = await server.ok<{ items: { id: string; code: string }[] }>(`/plans?unitId=${UNIT}&year=2020`);
    const plan = (code: string): string => `/plans/${items.find((one) => one.code === code)!.id}`;
    await server.done(`${plan('kiem-tra-cchc')}/correct`, { issuedOn: '2020-10-29', document: { number: '153/QĐ-TTT', date: '2020-10-29' }, reason });
    for (const code of ['dao-tao', 'ung-dung-cntt']) await server.done(`${plan(code)}/notes`, { note: 'Đang tổng hợp số nhiệm vụ', on: '2020-11-28' });
    const indicators = await server.ok<{ items: { id: string; code: string }[] }>(`/indicators?unitId=${UNIT}&limit=200`);
    const electronic = indicators.items.find(({ code }) => code === 'van-ban-dien-tu')!.id;
    await server.done(`/indicators/${electronic}/values`, { amount: { kind: 'percent', hundredths: 9_500 }, validFrom: '2020-11-27', evidence: { number: '44/BC-VP', date: '2020-11-27' } });
    const { content } = await server.ok<{ content: string }>(`/reports/${id}`);
    const mended = content.replace(/( {2}d30:\n {4}số: )3595(\/QĐ-UBND)/u, '$13597$2');
    expect(mended).not.toBe(content);
    const edited = await server.done<Answer>(`/reports/${id}/edit`, { content: mended, recipients: ['UBND tỉnh', 'Sở Nội vụ', 'Lưu: VT, VP'], signerTitle: 'Phó Chánh Thanh tra' });
    expect(await server.ok(`/reports/${id}`)).toMatchObject({ status: 'drafted', checked: null, revision: edited.revision });
    const key = '6f1f3f9e-7a55-4c0e-9d6b-1f7f5a1c2d3e';
    const first = await server.post(`/reports/${id}/issue`, {}, { 'Idempotency-Key': key });
    expect([first.status, first.body.events]).toEqual([200, ['ReportChecked', 'ReportIssued']]);
    expect((await server.post(`/reports/${id}/issue`, {}, { 'Idempotency-Key': key })).body).toEqual(first.body);
    expect((await server.post(`/reports/${id}/issue`)).body).toMatchObject({ status: 409, code: 'report-frozen' });
    expect((await server.post(`/reports/${id}/edit`, { number: '58/BC-TTT' })).body).toMatchObject({ status: 409, code: 'report-frozen', fact: { type: 'ReportIssued' } });
    await server.caughtUp();
    const detail = await server.ok<{ issued: { known: { eventId: string }; files: Record<string, { sha256: string }> } }>(`/reports/${id}`);
    expect(detail).toMatchObject({ status: 'issued', asOf: '2020-11-28', fields: { number: '57/BC-TTT', date: '2020-11-29', place: 'Khánh Hòa', signerTitle: 'Phó Chánh Thanh tra', recipients: ['UBND tỉnh', 'Sở Nội vụ', 'Lưu: VT, VP'] }, issued: { template: { id: 'bao-cao-cchc-2011-2020', version: 2 }, errors: 0 } });
    expect(detail.issued.known.eventId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gives the very files that were frozen, each saying that it is the same', async () => {
    const { issued } = await server.ok<{ issued: { files: Record<string, { sha256: string }> } }>(`/reports/${id}`);
    for (const format of FORMATS) expect(await fileOf(id, format)).toMatchObject({ sha256: issued.files[format]!.sha256, verified: 'match' });
    expect((await fileOf(id, 'docx')).name).toContain('bao-cao-thanh-tra-tinh-2020.docx');
    expect((await server.get(`/reports/${id}/files/odt`)).body).toMatchObject({ status: 404 });
    expect(await server.ok(`/reports/${id}/changes`)).toMatchObject({ figures: [], sources: [], tasks: { entered: { total: 0 }, left: { total: 0 }, changed: { total: 0 } } });
  });

  it('names after a late fact the task, the old and new figures and the event, and stays as it was issued', async () => {
    const open = await server.ok<{ items: { id: string; code: string }[] }>(`/figures/list?unitId=${UNIT}&period=2020&asOf=2020-11-28&cell=O1`);
    expect(open.items).toHaveLength(6);
    const task = open.items[0]!;
    const late = await server.done<{ eventIds: string[] }>(`/tasks/${task.id}/completion-submissions`, { resultDocument: { number: '77/BC-TTT', date: '2020-11-27' }, occurredOn: '2020-11-27', backdateReason: 'văn thư ghi muộn' });
    const changes = await server.ok(`/reports/${id}/changes`);
    expect(changes.tasks.changed).toMatchObject({ total: 1, items: [{ id: task.id, code: task.code, before: 'O1', after: 'V1', events: [{ id: late.eventIds[0], type: 'CompletionSubmitted' }] }] });
    expect(changes.tasks.cells).toMatchObject({ O1: { before: 6, after: 5, entered: 0, left: 1 }, V1: { before: 0, after: 1, entered: 1, left: 0 } });
    const figure = (changes.figures as { reference: { what?: string }; before: { text: string }; after: { text: string } }[]).find(({ reference }) => reference.what === 'O1');
    expect(figure).toMatchObject({ where: 'II.4', before: { text: '6' }, after: { text: '5' } });
    expect(await server.ok(`/reports/${id}/verify`)).toMatchObject({ matches: true, firstDiffering: null, words: 'trùng khớp' });
    expect((await fileOf(id, 'pdf')).verified).toBe('match');
    expect((await server.ok(`/reports/${id}/preview`)).report.figures.find((one: { reference: { what?: string } }) => one.reference.what === 'O1').text).toBe('06');
  });

  it('names what was recorded of an indicator since, and who recorded it', async () => {
    const { items } = await server.ok<{ items: { id: string; code: string }[] }>(`/indicators?unitId=${UNIT}&limit=200`);
    const indicator = items.find(({ code }) => code === 'van-ban-dien-tu')!;
    await server.done(`/indicators/${indicator.id}/values`, { amount: { kind: 'percent', hundredths: 9_700 }, validFrom: '2020-11-28', evidence: { number: '45/BC-VP', date: '2020-11-28' } });
    const { figures, sources } = await server.ok<{ figures: object[]; sources: object[] }>(`/reports/${id}/changes`);
    expect(figures).toContainEqual(expect.objectContaining({ where: 'II.7', before: expect.objectContaining({ text: '95 %' }), after: expect.objectContaining({ text: '97 %' }) }));
    expect(sources).toMatchObject([{ of: 'indicator', code: 'van-ban-dien-tu', events: [{ type: 'IndicatorValueRecorded', actor: { role: 'office' } }] }]);
  });

  it('stands beside the year before, and says of a period without data that there is none', async () => {
    const { other, rows } = await server.ok<{ other: object; rows: { reference: { of: string; what?: string }; current: { text: string; state: string }; other: { text: string; state: string } }[] }>(`/reports/${id}/comparison?with=last-year`);
    expect(other).toMatchObject({ period: '2019', asOf: '2019-11-28', reportId: null });
    const old = await server.done<Answer>('/reports', { unitId: UNIT, period: '2018', templateId: 'bao-cao-cchc-2011-2020' });
    const none = await server.ok<{ other: { hasData: boolean; note: string }; rows: { other: { state: string; text: string } }[] }>(`/reports/${old.id}/comparison?with=previous`);
    expect(none.other).toMatchObject({ period: '2017', hasData: false, note: 'Hệ thống không có dữ liệu của năm 2017.' });
    expect(new Set(none.rows.map((row) => row.other.state))).toEqual(new Set(['no-data', 'blank']));
    expect(none.rows.map((row) => row.other.text).filter((text) => text !== '')).toEqual([]);
    const total = rows.find(({ reference }) => reference.of === 'tasks' && reference.what === 'N')!;
    expect(total.current).toMatchObject({ text: '274', state: 'value' });
    expect((await server.get(`/reports/${id}/comparison?with=next`)).body).toMatchObject({ status: 400 });
  });

  it('verifies after a restart, and when its template is another one by now', async () => {
    await server.restart(async () => {
      const { mkdirSync, readFileSync, writeFileSync } = await import('node:fs');
      const folder = join(server.dataDir, 'reports', 'templates');
      mkdirSync(folder, { recursive: true });
      const text = readFileSync('libs/reports/data/templates/bao-cao-cchc-2011-2020.yaml', 'utf8');
      writeFileSync(join(folder, 'rieng.yaml'), text.replace(/^phiên bản: 2$/mu, 'phiên bản: 3').replace(/^người ký: .*$/mu, 'người ký: Giám đốc'));
    });
    expect((await server.ok<{ items: { id: string; version: number }[] }>('/report-templates')).items[0]).toMatchObject({ id: 'bao-cao-cchc-2011-2020', version: 3 });
    expect(await server.ok(`/reports/${id}/verify`)).toMatchObject({ matches: true });
  });

  it('is superseded by another one of the same period, and remains what it was', async () => {
    const again = await server.done<Answer>('/reports', { unitId: UNIT, period: '2020', asOf: '2020-11-28', content: (await server.ok<{ content: string }>(`/reports/${id}`)).content });
    expect((await server.post(`/reports/${id}/supersede`, { byReportId: again.id, reason: 'số liệu ghi muộn' })).body).toMatchObject({ status: 422, code: 'superseding-report-not-issued' });
    await server.done(`/reports/${again.id}/edit`, { number: '58/BC-TTT' });
    await server.done(`/reports/${again.id}/issue`);
    await server.done(`/reports/${id}/supersede`, { byReportId: again.id, reason: 'số liệu ghi muộn' });
    expect(await server.ok(`/reports/${id}`)).toMatchObject({ status: 'superseded', superseded: { byReportId: again.id, reason: 'số liệu ghi muộn' } });
    expect(await server.ok(`/reports/${again.id}`)).toMatchObject({ supersedes: [id], templateVersion: 3 });
    expect(await server.ok(`/reports/${id}/verify`)).toMatchObject({ matches: true });
    const list = await server.ok<{ items: { id: string }[]; total: number }>(`/reports?unitId=${UNIT}&period=2020`);
    expect([list.total, list.items.map((one) => one.id)]).toEqual([2, [again.id, id]]);
    expect((await server.ok<{ total: number }>('/reports?status=superseded')).total).toBe(1);
  });
});

describe('doors of reports', () => {
  it('take commands from the office alone, and show everyone what there is', async () => {
    for (const actor of ['leader', 'auditor', 'admin', `unit:${UNIT}`]) {
      expect([actor, (await server.post('/reports', { unitId: UNIT, period: '2020' }, { 'X-Actor': actor })).status]).toEqual([actor, 403]);
      expect([actor, (await server.get(`/reports/${id}/preview`, actor)).status]).toEqual([actor, 200]);
    }
  });
  it('begin their text with the form where no file was written, once it is known where they are signed', async () => {
    const { id: fresh } = await server.done<Answer>('/reports', { unitId: UNIT, period: '2020-H1', templateId: 'bao-cao-cchc-2021-2030' });
    const words = { slots: [{ slot: 'I', lines: ['- Đã ban hành {văn bản: m1}.'] }], documents: [{ code: 'm1', number: '12/KH-TTT', date: '2020-01-15', issuer: 'Thanh tra tỉnh', content: 'Kế hoạch cải cách hành chính' }] };
    expect((await server.post(`/reports/${fresh}/edit`, { words })).body).toMatchObject({ status: 422, code: 'place-missing', errors: [{ pointer: '/place' }] });
    await server.done(`/reports/${fresh}/edit`, { place: 'Khánh Hòa', words });
    expect(await server.ok(`/reports/${fresh}/words`)).toMatchObject({ documents: [{ code: 'm1', kind: null }], slots: expect.arrayContaining([{ slot: 'I', section: 'I', required: expect.any(Boolean), lines: ['- Đã ban hành {văn bản: m1}.'] }, expect.objectContaining({ slot: 'II.1', lines: [] })]) });
  });
  it('refuse with code and place', async () => {
    const refusal = async (body: object): Promise<unknown> => (await server.post('/reports', { unitId: UNIT, period: '2020-Q1', ...body })).body;
    expect(await refusal({ unitId: 'khong-co' })).toMatchObject({ status: 422, code: 'unit-unknown', errors: [{ pointer: '/unitId' }] });
    expect(await refusal({ period: 'nay' })).toMatchObject({ status: 422, code: 'period-invalid', errors: [{ pointer: '/period' }] });
    expect(await refusal({ asOf: '2020-05-01' })).toMatchObject({ status: 422, code: 'cut-off-outside-period' });
    expect(await refusal({ period: '2020-Q4', asOf: '2020-12-01' })).toMatchObject({ status: 422, code: 'cut-off-in-the-future' });
    expect(await refusal({ templateId: 'khong-co' })).toMatchObject({ status: 422, code: 'template-unknown', errors: [{ pointer: '/templateId' }] });
    expect(await refusal({ content: 'đơn vị: a\nkỳ: "2020"\nnơi ban hành: b\nlời văn:\n  I:\n    - "{sai: 1}"' })).toMatchObject({ status: 422, code: 'content-invalid', faults: [{ line: 6 }] });
    expect(await refusal({ content: 'đơn vị: so-khac\nkỳ: "2020"\nnơi ban hành: b' })).toMatchObject({ status: 422, code: 'content-of-another-report', errors: [{ pointer: '/content' }] });
    expect((await server.get('/reports/khong-co')).body).toMatchObject({ status: 404, code: 'report-not-found' });
    const { items } = await server.ok<{ items: { id: string; status: string }[] }>('/reports?status=drafted');
    expect((await server.get(`/reports/${items[0]!.id}/verify`)).body).toMatchObject({ status: 409, code: 'report-not-issued' });
    expect((await server.get(`/reports/${items[0]!.id}/changes`)).body).toMatchObject({ status: 409, code: 'report-not-issued' });
    expect((await server.post(`/reports/${items[0]!.id}/edit`, { number: '1/BC' }, { 'If-Match': '"7"' })).status).toBe(412);
  });
});
