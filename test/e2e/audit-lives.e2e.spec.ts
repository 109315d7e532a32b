import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

interface Item { readonly id: string; readonly type: string; readonly position: string; readonly sentence: string; readonly taskCode: string | null }
interface Life { readonly kind: string; readonly name: string; readonly items: readonly Item[]; readonly total: number }

describe('the life of a meeting and of a report, for an auditor', () => {
  let server: TestServer;
  let task = '';
  let code = '';
  beforeAll(async () => {
    server = await TestServer.start(instant('2020-11-16T08:00:00+07:00'));
    await server.done('/units', unit('so-y-te'), 'admin');
    task = (await server.done('/tasks', assignment({ leadUnitId: 'so-y-te' }))).id;
    const templates = join(server.dataDir, 'reports', 'templates');
    mkdirSync(templates, { recursive: true });
    writeFileSync(join(templates, 'ngan.yaml'), 'mẫu: mau-ngan\nphiên bản: 1\ntên: Mẫu ngắn\ncăn cứ: Công văn\nhiệu lực: {từ: 15/12/2018}\nký hiệu: BC\ntrích yếu: Công tác\nnơi nhận: [Như trên]\nngười ký: Giám đốc\nphần:\n  - {mã: I, tiêu đề: Kết quả, câu: ["Tốt."]}\n');
    ({ code } = await server.ok(`/tasks/${task}`));
  }, 30_000);
  afterAll(() => server.stop());

  it('tells every event of a meeting, those in tasks with them, and the meeting as it stood after each', async () => {
    const { id } = await server.done('/briefings', { name: 'Giao ban thứ Hai 16/11/2020', cutOff: '2020-11-16T07:30:00+07:00' });
    const first = await server.done(`/briefings/${id}/conclusions`, { kind: 'decision', text: 'Rà soát việc quá hạn' });
    await server.done(`/briefings/${id}/conclusions`, { kind: 'urge', taskId: task, text: 'Đôn đốc ngay', reason: 'chưa có báo cáo' });
    await server.done(`/briefings/${id}/conclusions/${first.conclusionId}/amend`, { text: 'Rà soát mọi việc quá hạn', reason: 'nói rõ' });
    await server.done(`/briefings/${id}/conclusions/${first.conclusionId}/strike`, { reason: 'trùng ý' });
    await server.done(`/briefings/${id}/close`);

    const life = await server.ok<Life>(`/audit/briefings/${id}`);
    expect(life).toMatchObject({ kind: 'briefing', name: 'Giao ban thứ Hai 16/11/2020', total: 7 });
    expect(life.items.map(({ type, taskCode }) => [type, taskCode])).toEqual([
      ['BriefingOpened', null], ['ConclusionRecorded', null], ['TaskUrged', code], ['ConclusionRecorded', null], ['ConclusionAmended', null], ['ConclusionStruck', null], ['BriefingClosed', null],
    ]);
    expect(life.items[5]!.sentence).toBe('Bỏ kết luận 1; lý do: trùng ý');
    const at = async (n: number): Promise<any> => (await server.ok(`/audit/briefings/${id}/state?knownAt=position:${life.items[n]!.position}`)).state;
    expect(await at(0)).toMatchObject({ status: 'open', unitName: null, conclusions: [] });
    expect((await at(1)).conclusions).toMatchObject([{ number: 1, text: 'Rà soát việc quá hạn', amended: false, struckReason: null }]);
    expect((await at(4)).conclusions).toMatchObject([{ text: 'Rà soát mọi việc quá hạn', amended: true }, { number: 2, taskCode: code }]);
    expect(await at(6)).toMatchObject({ status: 'closed', conclusions: [{ struckReason: 'trùng ý' }, { struckReason: null }] });
    expect(await server.ok(`/audit/briefings/${id}/state?knownAt=2020-11-15`)).toMatchObject({ state: null });
    // As known at an earlier event, nothing later is told.
    expect((await server.ok<Life>(`/audit/briefings/${id}?knownAt=position:${life.items[2]!.position}`)).items).toHaveLength(3);
    expect((await server.ok<Life>(`/audit/briefings/${id}?knownAt=2020-11-15`)).items).toEqual([]);
  });

  it('tells every event of a report, and the report as it stood after each', async () => {
    const { id } = await server.done('/reports', { unitId: 'so-y-te', period: '2020', templateId: 'mau-ngan' });
    await server.done(`/reports/${id}/edit`, { number: '57/BC-SYT', date: '2020-11-16' });
    await server.done(`/reports/${id}/check`);
    await server.done(`/reports/${id}/edit`, { number: '58/BC-SYT' });
    await server.done(`/reports/${id}/issue`);
    const life = await server.ok<Life>(`/audit/reports/${id}`);
    expect(life.items.map(({ type }) => type)).toEqual(['ReportDrafted', 'ReportEdited', 'ReportChecked', 'ReportEdited', 'ReportChecked', 'ReportIssued']);
    expect(life.items[1]!.sentence).toBe('Sửa dự thảo: số, ký hiệu: 57/BC-SYT; ngày ký: 16/11/2020.');
    expect(life.items[5]!.sentence).toMatch(/^Ban hành số 58\/BC-SYT, số liệu đến hết ngày 16\/11\/2020; 0 lỗi/);
    const at = async (n: number): Promise<any> => (await server.ok(`/audit/reports/${id}/state?knownAt=position:${life.items[n]!.position}`)).state;
    expect(await at(0)).toMatchObject({ status: 'drafted', asOf: '2020-11-16', fields: {}, checked: null, issued: null });
    expect(await at(2)).toMatchObject({ status: 'checked', fields: { number: '57/BC-SYT' }, checked: { errors: 0 } });
    expect(await at(3)).toMatchObject({ status: 'drafted', fields: { number: '58/BC-SYT', date: '2020-11-16' }, checked: null });
    const issued = await at(5);
    expect(issued.status).toBe('issued');
    const { files } = await server.ok<{ files: { format: string; frozen: { sha256: string } }[] }>(`/reports/${id}/verify`);
    expect(issued.issued.files).toEqual(files.map(({ format, frozen: { sha256 } }) => ({ format, sha256 })));
    expect(await server.ok(`/audit/reports/${id}/state?knownAt=2020-11-15`)).toMatchObject({ state: null });
  });

  it('knows neither a meeting nor a report that never was', async () => {
    expect(await server.get('/audit/briefings/khong-co')).toMatchObject({ status: 404, body: { code: 'briefing-not-found' } });
    expect(await server.get('/audit/briefings/khong-co/state')).toMatchObject({ status: 404 });
    expect(await server.get('/audit/reports/khong-co')).toMatchObject({ status: 404, body: { code: 'report-not-found' } });
    expect(await server.get('/audit/reports/khong-co/state')).toMatchObject({ status: 404 });
  });
});
