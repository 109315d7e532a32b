import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonObject } from '#event-log';
import { addDays, dayOf } from '#kernel';
import { assignment, submission, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

interface Item {
  readonly id: string;
  readonly type: string;
  readonly position: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly sentence: string;
  readonly taskId: string;
  readonly unitId: string;
  readonly actor: { readonly id: string; readonly role: string };
  readonly lateDays: number;
}
interface Rule {
  readonly code: string;
  readonly total: number;
  readonly groups: number | null;
  readonly thresholds: readonly { readonly name: string; readonly value: unknown; readonly standard: unknown }[];
}

describe('what an auditor asks over HTTP', () => {
  let server: TestServer;
  const task: Record<string, string> = {};
  /** The log itself, read from its beginning: what every answer is held against. */
  let log: { position: string; type: string; stream: string; occurredAt: number; recordedAt: number; actor: { id: string; role: string }; data: JsonObject }[];
  const give = async (name: string, body: object): Promise<void> => {
    task[name] = (await server.done('/tasks', assignment({ content: name, ...body }))).id;
  };
  const act = (name: string, command: string, body: object = {}, actor = 'office'): Promise<unknown> => server.done(`/tasks/${task[name]!}/${command}`, body, actor);
  const now = (text: string): Promise<void> => server.advance(text);
  async function pages<T>(path: string, limit: number): Promise<T[]> {
    const items: T[] = [];
    for (let after = ''; ; ) {
      const page: { items: T[]; nextCursor: string | null; total: number } = await server.ok(`${path}${path.includes('?') ? '&' : '?'}limit=${String(limit)}${after}`);
      items.push(...page.items);
      if (page.nextCursor === null) {
        expect([path, items.length]).toEqual([path, page.total]);
        return items;
      }
      after = `&after=${page.nextCursor}`;
    }
  }

  beforeAll(async () => {
    server = await TestServer.start(instant('2020-11-16T08:00:00+07:00'));
    for (const id of ['so-y-te', 'so-xay-dung']) await server.done('/units', unit(id), 'admin');
    await server.done('/units', unit('chi-cuc', { parentId: 'so-y-te' }), 'admin');
    for (const name of ['sát hạn 1', 'sát hạn 2', 'sát hạn 3', 'dời muộn', 'dời sớm']) await give(name, {});
    await give('trực thuộc', { leadUnitId: 'chi-cuc' });
    await give('xây dựng', { leadUnitId: 'so-xay-dung' });
    await give('giờ', { deadline: { date: '2020-11-20', time: '16:00' } });
    await now('2020-11-19T09:00:00+07:00');
    await act('dời sớm', 'extension-grants', { deadline: { date: '2020-12-10' }, document: '15/UBND' }, 'leader');
    await act('xây dựng', 'transfer', { toUnitId: 'so-y-te', reason: 'đúng chức năng' });
    // Keyed a week after it happened.
    await now('2020-11-27T10:00:00+07:00');
    await act('trực thuộc', 'completion-submissions', { ...submission(), occurredOn: '2020-11-20', backdateReason: 'nhập bù' }, 'unit:chi-cuc');
    await act('trực thuộc', 'completion-confirmations');
    await now('2020-11-30T23:30:00+07:00');
    for (const name of ['sát hạn 1', 'sát hạn 2', 'sát hạn 3']) await act(name, 'completion-submissions', submission(), 'unit:so-y-te');
    await now('2020-12-01T09:00:00+07:00');
    for (const name of ['sát hạn 1', 'sát hạn 3']) await act(name, 'completion-confirmations', {}, 'leader');
    await now('2020-12-03T10:00:00+07:00');
    await act('dời muộn', 'extension-grants', { deadline: { date: '2020-12-20' } }, 'leader');
    await act('giờ', 'correct', { changes: { content: 'đã đính chính' }, reason: 'gõ nhầm' });
    const all = await server.runtime.log.readAll({ after: 0n, limit: 10_000 });
    log = all
      .filter(({ stream }) => stream.startsWith('task-'))
      .map(({ position, type, stream, occurredAt, recordedAt, metadata, data }) => ({ position: String(position), type, stream, occurredAt, recordedAt, actor: metadata.actor, data }));
  }, 120_000);
  afterAll(() => server.stop());

  it('every event of the system is told once, page by page, as a sentence with both times', async () => {
    const items = await pages<Item>('/audit/events', 7);
    expect(items.map(({ position }) => position)).toEqual(log.map(({ position }) => position).reverse());
    expect((await pages<Item>('/audit/events?order=oldest', 5)).map(({ position }) => position)).toEqual(log.map(({ position }) => position));
    for (const item of items) {
      const stored = log.find(({ position }) => position === item.position)!;
      expect([Date.parse(item.occurredAt), Date.parse(item.recordedAt), item.type, item.actor.role]).toEqual([stored.occurredAt, stored.recordedAt, stored.type, stored.actor.role]);
      expect(item.sentence.length).toBeGreaterThan(5);
    }
  });

  it('a unit shows what it led when it was recorded, both sides of a transfer, and what stands under it', async () => {
    const of = async (query: string): Promise<string[]> => [...new Set((await pages<Item>(`/audit/events?${query}`, 50)).map(({ taskId }) => Object.keys(task).find((name) => task[name] === taskId)!))].sort();
    expect(await of('unitId=so-xay-dung')).toEqual(['xây dựng']);
    expect(await of('unitId=chi-cuc')).toEqual(['trực thuộc']);
    const self = await of('unitId=so-y-te&scope=self');
    expect(self).toContain('xây dựng');
    expect(self).not.toContain('trực thuộc');
    expect(await of('unitId=so-y-te')).toEqual([...self, 'trực thuộc'].sort());
    expect((await pages<Item>('/audit/events?unitId=so-xay-dung', 50)).map(({ type }) => type)).toEqual(['TaskTransferred', 'TaskAssigned']);
  });

  it('filters pick what reading the whole log picks', async () => {
    const positions = async (query: string): Promise<string[]> => (await pages<Item>(`/audit/events?order=oldest&${query}`, 3)).map(({ position }) => position);
    const naive = (test: (one: (typeof log)[number]) => boolean): string[] => log.filter(test).map(({ position }) => position);
    expect(await positions('type=CompletionSubmitted,TaskCompleted')).toEqual(naive(({ type }) => type === 'CompletionSubmitted' || type === 'TaskCompleted'));
    expect(await positions('actorRole=leader')).toEqual(naive(({ actor }) => actor.role === 'leader'));
    expect(await positions('late=true')).toEqual(naive(({ occurredAt, recordedAt }) => dayOf(recordedAt) > dayOf(occurredAt)));
    expect(await positions('repairs=true')).toEqual(naive(({ type }) => type === 'TaskCorrected'));
    expect(await positions('from=2020-11-19&to=2020-11-27')).toEqual(naive(({ recordedAt }) => dayOf(recordedAt) >= '2020-11-19' && dayOf(recordedAt) <= '2020-11-27'));
    expect(await positions('actorId=unit:so-y-te&asOf=2020-11-30')).toEqual(naive(({ actor, occurredAt }) => actor.id === 'unit:so-y-te' && dayOf(occurredAt) <= '2020-11-30'));
    const middle = log[9]!.position;
    expect(await positions(`knownAt=position:${middle}`)).toEqual(naive(({ position }) => BigInt(position) <= BigInt(middle)));
  });

  it('the density is the count of each day, on the axis that is asked for', async () => {
    for (const by of ['recorded', 'occurred'] as const) {
      const { buckets, total } = await server.ok<{ buckets: { from: string; to: string; total: number; late: number; repairs: number }[]; total: number }>(`/audit/density?by=${by}&bucket=day`);
      expect(total).toBe(log.length);
      const days = [...new Set(log.map((one) => dayOf(by === 'recorded' ? one.recordedAt : one.occurredAt)))].sort();
      expect(buckets).toEqual(
        days.map((day) => {
          const of = log.filter((one) => dayOf(by === 'recorded' ? one.recordedAt : one.occurredAt) === day);
          return { from: day, to: day, total: of.length, late: of.filter((one) => dayOf(one.recordedAt) > dayOf(one.occurredAt)).length, repairs: of.filter(({ type }) => type === 'TaskCorrected').length };
        }),
      );
    }
    const weeks = (await server.ok<{ buckets: { from: string; to: string }[] }>('/audit/density?bucket=week')).buckets;
    expect(weeks.every(({ from, to }) => addDays(from, 6) === to)).toBe(true);
  });

  it('the history of deadlines holds every change with what it added, who decided, and whether it came too late; as a table too', async () => {
    const { items, summary } = await server.ok<{ items: (Item & { before: object; after: object; original: object; daysAdded: number; afterDeadline: boolean; document: string | null; decidedBy: object; number: number })[]; summary: object }>('/audit/deadlines?unitId=so-y-te');
    expect(items.map(({ taskId, daysAdded, afterDeadline, document, number }) => [taskId, daysAdded, afterDeadline, document, number])).toEqual([
      [task['dời muộn'], 21, true, null, 1],
      [task['dời sớm'], 10, false, '15/UBND', 1],
    ]);
    // 20/12/2020 is a Sunday: it ends on Monday, and so counts.
    expect(items[0]).toMatchObject({ original: { dueOn: '2020-11-30' }, before: { dueOn: '2020-11-30' }, decidedBy: { role: 'leader' } });
    expect(summary).toEqual({ changes: 2, afterDeadline: 1, daysAdded: 31, tasks: 2, moreThanOnce: 0 });
    expect((await server.ok<{ total: number }>('/audit/deadlines?late=true')).total).toBe(1);
    const table = await server.send('/audit/deadlines?unitId=so-y-te', { headers: { Accept: 'text/csv' } });
    expect([table.headers.get('content-type'), table.text.trimEnd().split('\r\n').length]).toEqual(['text/csv; charset=utf-8', 3]);
    expect(table.headers.get('content-disposition')).toContain('lich-su-thoi-han-so-y-te.csv');
  });

  it('each rule names its limits, counts facts, and lists as many as it counts', async () => {
    const query = 'bulk=3&hourly=4&lateDays=6';
    const { rules } = await server.ok<{ rules: Rule[] }>(`/audit/patterns?${query}`);
    const of = Object.fromEntries(rules.map((rule) => [rule.code, rule]));
    // A result document every report has; none of the three that were confirmed brought a file.
    expect(of['no-evidence']!.total).toBe(3);
    expect(of['just-before-deadline']).toMatchObject({ total: 3, groups: 1 });
    expect(of['moved-after-deadline']!.total).toBe(1);
    // Three reports at 23:30; nothing was recorded on a day off.
    expect(of['odd-hours']!.total).toBe(3);
    expect(of['late-entries']!.total).toBe(1);
    expect(of['late-entries']!.thresholds).toMatchObject([{ name: 'lateDays', value: 6, standard: 5 }]);
    const given = log.filter(({ type }) => type === 'TaskAssigned').length;
    expect(of['many-in-an-hour']).toMatchObject({ total: given, groups: 1 });
    for (const { code, total, groups } of rules) {
      if (groups === null) {
        expect([code, (await pages<Item>(`/audit/patterns/${code}?${query}`, 2)).length]).toEqual([code, total]);
        continue;
      }
      const listed = await server.ok<{ groups: { key: string; total: number }[]; total: number }>(`/audit/patterns/${code}?${query}`);
      expect([code, listed.groups.length, listed.total]).toEqual([code, groups, groups]);
      let events = 0;
      for (const { key, total: of } of listed.groups) {
        const found = await pages<Item>(`/audit/patterns/${code}?${query}&group=${encodeURIComponent(key)}`, 2);
        expect(found.length).toBe(of);
        events += found.length;
      }
      expect([code, events]).toEqual([code, total]);
    }
    expect((await server.ok<{ rules: Rule[] }>('/audit/patterns?proof=document')).rules.find(({ code }) => code === 'no-evidence')!.total).toBe(0);
    expect((await server.ok<{ rules: Rule[] }>(`/audit/patterns?nightFrom=9&nightTo=10`)).rules.find(({ code }) => code === 'odd-hours')!.total).toBe(4);
    // As known before the late grant was recorded it had not been moved.
    expect((await server.ok<{ rules: Rule[] }>('/audit/patterns?asOf=2020-12-01&knownAt=2020-12-01')).rules.find(({ code }) => code === 'moved-after-deadline')!.total).toBe(0);
  });

  it('refuses what it does not understand, by name', async () => {
    const refused: readonly (readonly [string, number, string])[] = [
      ['/audit/patterns/khong-co', 404, 'pattern-not-found'], ['/audit/events?type=Khong', 400, 'parameter-invalid'], ['/audit/events?after=x', 400, 'parameter-invalid'], ['/audit/density?by=x', 400, 'parameter-invalid'],
      ['/audit/patterns?minutes=0', 400, 'parameter-invalid'], ['/audit/patterns/many-in-an-hour?group=x', 422, 'value-invalid'], ['/audit/events?unitId=khong-co', 422, 'value-invalid'],
      ['/audit/events?from=2020-12-02&to=2020-12-01', 422, 'value-invalid'], ['/audit/report?taskId=x', 404, 'task-not-found'], [`/audit/report?taskId=${task['giờ']!}&unitId=so-y-te`, 400, 'parameter-invalid'],
    ];
    for (const [path, status, code] of refused) expect([path, (await server.get(path)).body]).toMatchObject([path, { status, code }]);
  });

  it('the events go out whole, a line each, in the order and the form of the log', async () => {
    const lines = (text: string): { position: string; stream: string; metadata: { actor: object }; data: object }[] => text.trimEnd().split('\n').map((line) => JSON.parse(line) as never);
    const whole = await fetch(`${server.url}/api/v1/audit/events`, { headers: { Accept: 'application/x-ndjson' } });
    const [text, { headers }] = [await whole.text(), whole];
    expect(headers.get('content-type')).toMatch(/^application\/x-ndjson/);
    expect(lines(text).map(({ position, stream, metadata, data }) => ({ position, stream, actor: metadata.actor, data }))).toEqual(log.map(({ position, stream, actor, data }) => ({ position, stream, actor, data })));
    const some = await fetch(`${server.url}/api/v1/audit/events?unitId=so-xay-dung&format=jsonl`);
    expect(lines(await some.text()).length).toBe(2);
  });

  it('the printed evidence names its ground, pages and every event, and is the same to the byte when it is asked for again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nhacviec-pdf-'));
    const get = async (path: string): Promise<Buffer> => {
      const response = await fetch(`${server.url}/api/v1${path}`);
      expect([path, response.status, response.headers.get('content-type')]).toEqual([path, 200, 'application/pdf']);
      return Buffer.from(await response.arrayBuffer());
    };
    const textOf = (pdf: Buffer): string => {
      const file = join(folder, 'x.pdf');
      writeFileSync(file, pdf);
      return execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).normalize('NFC');
    };
    const last = log.at(-1)!.position;
    const ofTask = `/audit/report?taskId=${task['dời muộn']!}&asOf=2020-12-03&knownAt=position:${last}&sinceAsOf=2020-11-20`;
    const ofUnit = `/audit/report?unitId=so-y-te&from=2020-11-16&to=2020-12-03&asOf=2020-12-03&knownAt=position:${last}&sinceAsOf=2020-11-20`;
    const [first, unitFirst] = [await get(ofTask), await get(ofUnit)];
    await act('sát hạn 2', 'completion-confirmations');
    expect((await get(ofTask)).equals(first)).toBe(true);
    expect((await get(ofUnit)).equals(unitFirst)).toBe(true);
    try {
      execFileSync('pdftotext', ['-v'], { stdio: 'ignore' });
    } catch {
      process.stderr.write('printed evidence: pdftotext is not installed, its words were not read\n');
      rmSync(folder, { recursive: true });
      return;
    }
    const text = textOf(first).replace(/\s+/g, ' ');
    for (const part of ['Mốc A', 'Mốc B', 'hết ngày 20/11/2020', `Vị trí nhật ký ${last}`, 'trang 1/1', 'Đang thực hiện trong hạn', 'Cho gia hạn']) expect(text).toContain(part);
    const unitText = textOf(unitFirst).replace(/\s+/g, ' ');
    expect(unitText).toMatch(/trang 2\/\d+/);
    const { total } = await server.ok<{ total: number }>(`/audit/events?unitId=so-y-te&from=2020-11-16&to=2020-12-03&knownAt=position:${last}`);
    expect(unitText).toContain(`Các sự kiện (${String(total)})`);
    rmSync(folder, { recursive: true });
  }, 120_000);
});
