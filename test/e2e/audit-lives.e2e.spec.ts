import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

interface Item { readonly id: string; readonly type: string; readonly position: string; readonly sentence: string; readonly taskCode: string | null }
interface Listed { readonly items: readonly { readonly id: string }[] }
interface Life { readonly kind: string; readonly name: string; readonly items: readonly Item[]; readonly total: number }

/** The words of a PDF in one line; null where the program that reads them is not installed. */
function textOf(pdf: Buffer): string | null {
  const read = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' });
  return read.error ? null : read.stdout.normalize('NFC').replace(/\s+/g, ' ');
}

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

  it('gives both lives away as lines of the log and on paper, the paper the same again', async () => {
    const [{ items: [meeting] }, { items: [report] }] = [await server.ok<Listed>('/briefings'), await server.ok<Listed>('/reports')];
    const file = async (path: string): Promise<{ type: string; name: string; bytes: Buffer }> => {
      const answer = await fetch(`${server.url}/api/v1${path}`);
      expect([path, answer.status]).toEqual([path, 200]);
      return { type: answer.headers.get('content-type')!, name: answer.headers.get('content-disposition')!, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    for (const [kind, id] of [['briefings', meeting!.id], ['reports', report!.id]] as const) {
      const { items } = await server.ok<Life>(`/audit/${kind}/${id}`);
      const lines = await file(`/audit/${kind}/${id}?format=jsonl`);
      expect(lines.type).toContain('application/x-ndjson');
      expect(lines.name).toContain(kind === 'briefings' ? 'giao-ban-2020-11-16.jsonl' : 'bao-cao-so-y-te-2020.jsonl');
      const events = lines.bytes.toString('utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as { id: string; position: string; metadata: object });
      expect(events.map(({ id: one, position }) => [one, position])).toEqual(items.map(({ id: one, position }) => [one, position]));
      expect(events[0]!.metadata).toMatchObject({ actor: { role: 'office' } });
      // As known earlier, nothing later is given away.
      expect((await file(`/audit/${kind}/${id}?format=jsonl&knownAt=position:${items[1]!.position}`)).bytes.toString('utf8').trimEnd().split('\n')).toHaveLength(2);
      const name = kind === 'briefings' ? 'briefingId' : 'reportId';
      const path = `/audit/report?${name}=${id}&sinceAsOf=2020-11-16&sinceKnownAt=position:${items[0]!.position}&asOf=2020-11-16&knownAt=position:${items.at(-1)!.position}`;
      const paper = await file(path);
      expect(paper.type).toBe('application/pdf');
      if (kind === 'briefings') {
        await server.done(`/tasks/${task}/progress`, { percent: 10, note: 'việc khác đi tiếp' }, 'unit:so-y-te');
        expect((await file(path)).bytes.equals(paper.bytes)).toBe(true);
      }
      const words = textOf(paper.bytes);
      if (words === null) continue;
      for (const part of kind === 'briefings' ? ['Phát lại buổi giao ban', 'đang họp', 'đã kết thúc', 'Rà soát mọi việc quá hạn', 'đã bỏ, lý do: trùng ý', code, `Các sự kiện (${String(items.length)})`] : ['Phát lại báo cáo', 'dự thảo', 'đã ban hành', '58/BC-SYT', `Các sự kiện (${String(items.length)})`])
        expect(words).toContain(part);
      // The second column stands on the page, however long a hash is.
      if (kind === 'reports') expect(words.match(/[0-9a-f]{16} [0-9a-f]{16}/g)?.length).toBeGreaterThanOrEqual(5);
    }
    expect(await server.get(`/audit/report?briefingId=${meeting!.id}&taskId=${task}`)).toMatchObject({ status: 400, body: { code: 'parameter-invalid' } });
    expect(await server.get('/audit/report?briefingId=khong-co')).toMatchObject({ status: 404, body: { code: 'briefing-not-found' } });
    expect(await server.get('/audit/report?reportId=khong-co')).toMatchObject({ status: 404, body: { code: 'report-not-found' } });
  });

  it('knows neither a meeting nor a report that never was', async () => {
    expect(await server.get('/audit/briefings/khong-co')).toMatchObject({ status: 404, body: { code: 'briefing-not-found' } });
    expect(await server.get('/audit/briefings/khong-co/state')).toMatchObject({ status: 404 });
    expect(await server.get('/audit/reports/khong-co')).toMatchObject({ status: 404, body: { code: 'report-not-found' } });
    expect(await server.get('/audit/reports/khong-co/state')).toMatchObject({ status: 404 });
  });
});
