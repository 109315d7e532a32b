import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadDefaultCalendar } from '#deadlines';
import { RATES } from '#figures';
import { systemIds } from '#kernel';
import { pdf } from '../../libs/evidence/src/builders.features.ts';
import { assignment, submission, unit } from '../support/bodies.ts';
import { ACTORS, commandDoors, EVERYONE, LEADS } from '../support/command-doors.ts';
import { instant, TestServer, type Reply } from '../support/server.ts';

/* Every door of the API: who may, what it answers, how it refuses. */

interface Answer { readonly id: string; readonly revision: number; readonly position: string; readonly events: readonly string[]; readonly warnings: readonly { readonly code: string }[] }
interface Item { readonly id: string; readonly code: string; readonly cell: string; readonly leadUnitId: string; readonly dueOn: string | null }

let server: TestServer;
const NOW = '2020-11-16T09:00:00+07:00';
const open = async (): Promise<void> => {
  server = await TestServer.start(instant(NOW));
  for (const id of LEADS) await server.done('/units', unit(id), 'admin');
};
const given = async (change: object = {}): Promise<string> => (await server.done<Answer>('/tasks', assignment(change))).id;
const upload = (content: Uint8Array, name: string, headers: Record<string, string> = {}): Promise<Reply> => {
  const data = new FormData();
  data.append('file', new Blob([content]), name);
  return server.send('/files', { method: 'POST', body: data, headers });
};
const ids = (items: readonly { readonly id: string }[]): string[] => items.map(({ id }) => id);
const sorted = (list: readonly string[]): string[] => [...list].sort();

/** The year 2020 as it ships, with more days off. */
function calendar2020(more: readonly { date: string; name: string }[], basis = 'Thông báo thử'): object {
  const { holidays, compensations, swaps } = loadDefaultCalendar().describeYear(2020);
  return { basis, holidays: [...holidays.map(({ date, name }) => ({ date, name })), ...more], compensations: compensations.map(({ date, compensates }) => ({ date, compensates })), swaps: swaps.map(({ worked, off }) => ({ worked, off })) };
}

describe('who may', () => {
  let doors: ReturnType<typeof commandDoors>;
  let counter = 0;
  beforeAll(async () => {
    await open();
    doors = commandDoors(server, NOW);
  });
  afterAll(() => server.stop());

  it('do what: every command that the description names, by every role', async () => {
    const { paths } = await server.ok<{ paths: Record<string, Record<string, object>> }>('/openapi.json');
    const described = Object.entries(paths).filter(([, methods]) => 'post' in methods).map(([path]) => path.replace('/api/v1', ''));
    // Lists come in with a file and piece by piece; who may is asked in imports.e2e.spec.ts.
    expect(sorted(described.filter((path) => !path.startsWith('/imports')))).toEqual(sorted(Object.keys(doors.commands)));
    for (const [path, rows] of Object.entries(doors.commands)) {
      for (const row of rows) {
        for (const who of EVERYONE) {
          const n = ++counter;
          const task = row.id ? '' : await doors.taskIn(row.state ?? 'open');
          const id = row.id ? await row.id(n) : task;
          const body = (await row.body?.(task, n)) ?? {};
          const before = await server.events();
          const reply = path === '/files' ? await upload(pdf(`tệp ${String(n)}`), 'a.pdf', { 'X-Actor': ACTORS[who] }) : await server.post(path.replace(/\{\w+\}(?:.*\{\w+\})?/, id), body, { 'X-Actor': ACTORS[who], ...(path.startsWith('/tasks/bulk') ? { 'Idempotency-Key': systemIds.next() } : {}) });
          const allowed = row.may.includes(who);
          expect([path, who, reply.status === 201 ? 200 : reply.status, reply.text]).toEqual([path, who, allowed ? (row.done ?? 200) : 403, reply.text]);
          if (!allowed) expect([path, who, reply.headers.get('content-type'), await server.events()]).toEqual([path, who, 'application/problem+json; charset=utf-8', before]);
        }
      }
    }
  }, 120_000);

  it('ask what: everyone everything', async () => {
    const { paths } = await server.ok<{ paths: Record<string, Record<string, object>> }>('/openapi.json');
    const id = await given();
    const file = (await upload(pdf('để đọc'), 'a.pdf')).body.id;
    const { documentId } = await server.ok(`/tasks/${id}`);
    const plan = (await server.done<Answer>('/plans', { unitId: 'so-y-te', year: 2019, code: 'cchc', title: 'Kế hoạch' })).id;
    const indicator = (await server.done<Answer>('/indicators', { unitId: 'so-y-te', code: 'chi-tieu', name: 'Chỉ tiêu', measure: '%' })).id;
    const meetingId = await doors.meeting(++counter);
    const report = await doors.draft(++counter);
    const queries: Readonly<Record<string, string>> = {
      '/audit/deadlines': '', '/audit/density': '', '/audit/events': '', '/audit/patterns': '', '/audit/patterns/{rule}': 'no-evidence',
      '/audit/briefings/{id}': meetingId, '/audit/briefings/{id}/state': meetingId, '/audit/reports/{id}': report, '/audit/reports/{id}/state': report,
      '/plans': '', '/plans/{id}': plan, '/indicators': '', '/indicators/{id}': indicator,
      '/report-templates': '', '/reports': '', '/reports/duties': '', '/reports/punctuality': '', '/reports/{id}': report, '/reports/{id}/preview': report, '/reports/{id}/words': report, '/reports/{id}/comparison': report, '/outputs/overdue': '',
      '/briefings': '', '/briefings/{id}': meetingId, '/briefings/{id}/screen': meetingId, '/briefings/{id}/ticker': meetingId, '/briefings/{id}/show': meetingId, '/briefings/{id}/minutes': meetingId, '/briefings/{id}/replay': meetingId,
      '/tasks': '', '/tasks/{id}': id, '/tasks/{id}/events': id, '/documents/{id}': documentId, '/dashboard': '', '/dashboard/list': '', '/dashboard/exceptions': '', '/desk': '', '/figures': '', '/figures/list': '', '/figures/changes': '', '/figures/explain': '', '/figures/coordination': '', '/rates': '', '/units': '', '/units/{id}': 'so-y-te',
      '/calendar/{year}': '2020', '/settings': '', '/secret-counts': '', '/activity': '', '/views': '', '/files/{id}': file, '/system': '', '/health/live': '', '/health/ready': '', '/metrics': '', '/parked': '', '/projections': '',
      '/subscriptions': '', '/people': '', '/inbox/people': '', '/reminder-rules': '', '/reminder-ledger': '', '/reminder-ledger/numbers': '', '/reminders/health': '',
    };
    const described = Object.entries(paths).filter(([, methods]) => 'get' in methods).map(([path]) => path.replace('/api/v1', ''));
    // The stream has no end to wait for: stream.e2e.spec.ts asks it. Those of screens are for screens: briefing-screens.e2e.spec.ts; the report of an auditor names its days: audit.e2e.spec.ts; an inbox is somebody's: reminders.e2e.spec.ts; one subscription is shown to its unit: subscriptions.e2e.spec.ts. Files take their time, and what is compared has to be issued: reports.e2e.spec.ts, outputs.e2e.spec.ts, exports.e2e.spec.ts; lists on their way in are the office's: imports.e2e.spec.ts.
    expect(sorted(described.filter((path) => !path.startsWith('/imports') && !path.endsWith('/export')))).toEqual(sorted(['/stream', '/inbox', '/subscriptions/{id}', '/calendar-feeds', '/calendar-feeds/{file}', '/audit/report', '/reports/{id}/files/{format}', '/reports/{id}/verify', '/reports/{id}/changes', '/outputs/overdue-letter', '/outputs/weekly-sheet', '/outputs/briefing-pack', '/outputs/figures-table', '/screens', '/screens/claim', '/screens/me', ...Object.keys(queries)]));
    for (const [path, value] of Object.entries(queries)) {
      for (const who of EVERYONE) expect([path, who, (await server.get(path.replace(/\{\w+\}/, encodeURIComponent(value)), ACTORS[who])).status]).toEqual([path, who, 200]);
    }
  });

  it('is told by a task as what each role may do next', async () => {
    const id = await doors.taskIn('open');
    const { next } = await server.ok(`/tasks/${id}`);
    expect(Object.keys(next)).toEqual(['office', 'leader', 'unit', 'auditor', 'admin']);
    expect([next.auditor, next.admin]).toEqual([[], []]);
    expect(sorted(next.leader)).toEqual(['agenda', 'explanation-requests', 'extension-grants', 'urge']);
    expect(sorted(next.unit)).toEqual(['completion-submissions', 'coordination-answers', 'extension-requests', 'progress', 'receive', 'return-proposals']);
    expect(next.office).not.toContain('resume');
  });

  it('an unknown actor may nothing, and a unit hands out subtasks only inside itself and of its own tasks', async () => {
    expect((await server.post('/tasks', assignment(), { 'X-Actor': 'unit:khong-co' })).body).toMatchObject({ status: 401, code: 'actor-unknown' });
    expect((await server.post('/tasks', assignment(), { 'X-Actor': 'giam-doc' })).status).toBe(401);
    const parentTaskId = await given();
    expect((await server.post('/tasks', assignment({ parentTaskId, leadUnitId: 'so-noi-vu' }), { 'X-Actor': 'unit:so-y-te' })).body).toMatchObject({ status: 403, code: 'outside-own-unit' });
    await server.done('/units', unit('phong-kham', { parentId: 'so-y-te' }), 'admin');
    const sub = await server.post('/tasks', assignment({ parentTaskId, leadUnitId: 'phong-kham', content: 'Việc con' }), { 'X-Actor': 'unit:so-y-te' });
    expect(sub.status).toBe(201);
    await server.caughtUp();
    expect(ids((await server.ok(`/tasks/${parentTaskId}`)).subtasks)).toEqual([sub.body.id]);
  });
});

describe('units', () => {
  beforeAll(async () => {
    server = await TestServer.start(instant('2020-06-01T09:00:00+07:00'));
    await server.done('/units', unit('tinh'), 'admin');
    for (const id of ['huyen-a', 'huyen-b', 'huyen-c']) await server.done('/units', unit(id, { parentId: 'tinh' }), 'admin');
  });
  afterAll(() => server.stop());
  const task = (leadUnitId: string, change: object = {}): object => assignment({ document: { number: '1/UBND', date: '2020-05-20', issuer: 'UBND tỉnh', title: 'Việc' }, leadUnitId, assignedOn: '2020-06-01', deadline: { date: '2020-12-07' }, content: `Việc của ${leadUnitId}`, ...change });

  it('are renamed, moved, merged with their open tasks, split and dissolved; each day shows them as they were', async () => {
    const made: Record<string, string[]> = {};
    for (const id of ['huyen-a', 'huyen-b', 'huyen-c']) made[id] = await Promise.all([1, 2, 3].map(async (n) => (await server.post('/tasks', task(id, { content: `Việc ${String(n)} của ${id}` }))).body.id as string));
    await server.caughtUp();
    const [done, submitted] = made['huyen-a']!;
    for (const id of [done!, submitted!]) await server.done(`/tasks/${id}/completion-submissions`, submission({ resultDocument: { number: '1/BC', date: '2020-06-01' } }));
    await server.done(`/tasks/${done!}/completion-confirmations`);

    await server.advance('2020-07-01T09:00:00+07:00');
    await server.done('/units/huyen-a/rename', { on: '2020-07-01', name: 'Huyện A mới', shortName: 'A mới', legalBasis: 'Nghị quyết 1' }, 'admin');
    await server.done('/units', unit('vung', { establishedOn: '2020-07-01' }), 'admin');
    await server.done('/units/huyen-c/move', { on: '2020-07-01', parentId: 'vung', legalBasis: 'Nghị quyết 1' }, 'admin');
    await server.advance('2020-08-03T09:00:00+07:00');
    const before = await server.events();
    const merged = await server.done<Answer>('/units/huyen-a/merge-into', { on: '2020-08-01', intoUnitId: 'huyen-b', legalBasis: 'Nghị quyết 2', openTasks: { toUnitId: 'huyen-b' } }, 'admin');
    expect([merged.events, merged.warnings.map(({ code }) => code)]).toEqual([['UnitMerged', 'TaskTransferred'], ['tasks-remain']]);
    expect(await server.events()).toBe(before + 2);
    const moved = await server.ok(`/tasks/${made['huyen-a']![2]!}`);
    expect([moved.leadUnitId, moved.cell, moved.assignments.map((a: { unitId: string; to: string | null }) => [a.unitId, a.to])]).toEqual(['huyen-b', 'O1', [['huyen-a', '2020-08-01T00:00:00.000+07:00'], ['huyen-b', null]]]);
    expect((await server.post('/tasks', task('huyen-a', { assignedOn: '2020-08-03' }))).body).toMatchObject({ status: 422, code: 'unit-ended' });

    await server.advance('2020-09-01T09:00:00+07:00');
    for (const id of ['xa-1', 'xa-2']) await server.done('/units', unit(id, { parentId: 'vung', establishedOn: '2020-09-01' }), 'admin');
    const split = await server.done<Answer>('/units/huyen-c/split', { on: '2020-09-01', into: ['xa-1', 'xa-2'], heirUnitId: 'xa-2', openTasks: { toUnitId: 'xa-1' } }, 'admin');
    expect(split.events).toEqual(['UnitSplit', 'TaskTransferred', 'TaskTransferred', 'TaskTransferred']);
    await server.done('/units', unit('tam'), 'admin');
    await server.done('/units/tam/dissolve', { on: '2020-09-01', legalBasis: 'Nghị quyết 3' }, 'admin');
    expect((await server.post('/units/tam/rename', { on: '2020-09-01', name: 'x' }, { 'X-Actor': 'admin' })).body).toMatchObject({ status: 409, code: 'not-allowed-when-dissolved', fact: { type: 'UnitDissolved' } });

    const listed = async (day: string, more = ''): Promise<string[][]> => (await server.ok<{ items: { id: string; name: string; parentId: string | null; status: string }[] }>(`/units?asOf=${day}${more}`)).items.map(({ id, name, parentId, status }) => [id, name, parentId ?? '–', status]).sort();
    expect(await listed('2020-06-30')).toEqual([['huyen-a', 'Đơn vị huyen-a', 'tinh', 'active'], ['huyen-b', 'Đơn vị huyen-b', 'tinh', 'active'], ['huyen-c', 'Đơn vị huyen-c', 'tinh', 'active'], ['tam', 'Đơn vị tam', '–', 'active'], ['tinh', 'Đơn vị tinh', '–', 'active']]);
    // As known then, what was keyed later is not there.
    expect((await listed('2020-06-30', '&knownAt=2020-06-30')).map(([id]) => id)).toEqual(['huyen-a', 'huyen-b', 'huyen-c', 'tinh']);
    expect(await listed('2020-09-01')).toEqual([
      ['huyen-a', 'Huyện A mới', 'tinh', 'merged'], ['huyen-b', 'Đơn vị huyen-b', 'tinh', 'active'], ['huyen-c', 'Đơn vị huyen-c', 'vung', 'split'], ['tam', 'Đơn vị tam', '–', 'dissolved'], ['tinh', 'Đơn vị tinh', '–', 'active'], ['vung', 'Đơn vị vung', '–', 'active'],
      ['xa-1', 'Đơn vị xa-1', 'vung', 'active'], ['xa-2', 'Đơn vị xa-2', 'vung', 'active'],
    ]);
    const then = await server.ok('/units/huyen-a?asOf=2020-06-30');
    expect([then.name, then.status, then.endedOn]).toEqual(['Đơn vị huyen-a', 'active', null]);
    const now = await server.ok('/units/huyen-a');
    expect([now.name, now.status, now.endedOn, now.successorId, now.standsFor]).toEqual(['Huyện A mới', 'merged', '2020-08-01', 'huyen-b', 'huyen-b']);
    expect(now.lineage.map((entry: { on: string }) => entry.on)).toEqual(['2019-01-01', '2020-07-01', '2020-08-01']);
    expect((await server.ok('/units/huyen-a?knownAt=2020-07-31')).standsFor).toBe('huyen-a');
    expect((await server.get('/units/khong-co')).body).toMatchObject({ status: 404, code: 'unit-not-found' });
    expect((await server.get('/units/xa-1?asOf=2020-08-31')).status).toBe(404);
  });

  it('as they were and as they are add up to the same total of the province, by groups and by trees', async () => {
    const base = '/figures?period=2020&asOf=2020-09-01';
    const whole = await server.ok(base);
    expect(whole.total).toBe(9);
    const numbers = ({ cells, out, flow, parts, total }: any): object => ({ cells, out, flow, parts, total });
    for (const organisedAs of ['was', 'is']) expect([organisedAs, numbers(await server.ok(`${base}&organisedAs=${organisedAs}`))]).toEqual([organisedAs, numbers(whole)]);
    const totals = async (organisedAs: string): Promise<Record<string, number>> => Object.fromEntries((await server.ok<{ groups: { key: string; total: number }[] }>(`${base}&organisedAs=${organisedAs}`)).groups.filter(({ total }) => total > 0).map(({ key, total }) => [key, total]));
    expect(await totals('was')).toEqual({ 'huyen-a': 2, 'huyen-b': 4, 'xa-1': 3 });
    expect(await totals('is')).toEqual({ 'huyen-b': 6, 'xa-1': 3 });
    const of = async (unitId: string, more: string): Promise<number> => (await server.ok(`${base}&unitId=${unitId}&${more}`)).total;
    expect([await of('tinh', 'scope=tree'), await of('vung', 'scope=tree')]).toEqual([6, 3]);
    expect([await of('tinh', 'scope=tree&organisedAs=is'), await of('vung', 'scope=tree&organisedAs=is')]).toEqual([6, 3]);
    // What went into another unit stands there as organised now, and not under its old name as well.
    for (const scope of ['self', 'tree']) expect([await of('huyen-a', `scope=${scope}`), await of('huyen-a', `scope=${scope}&organisedAs=is`), await of('huyen-b', `scope=${scope}&organisedAs=is`)]).toEqual([2, 0, 6]);
    expect((await server.get(`${base}&unitId=khong-co`)).body).toMatchObject({ status: 422, errors: [{ pointer: '?unitId' }] });
    // On the day before the move c stood under the province.
    expect((await server.ok('/figures?period=2020&asOf=2020-06-30&unitId=tinh&scope=tree')).total).toBe(9);
  });

  it('take the day of the system, not of a clock that lags behind the log, where none is given', async () => {
    server.clock.set(instant('2020-08-20T09:00:00+07:00'));
    await server.done('/units', unit('hom-nay', { establishedOn: undefined }), 'admin');
    expect((await server.ok('/units/hom-nay')).establishedOn).toBe('2020-09-01');
  });

  it.each<[string, string, object, number, string, string]>([
    ['an id that is no slug', '/units', unit('Sở Y tế'), 422, 'unit-id-invalid', '/id'],
    ['an id that was used', '/units', unit('tam'), 409, 'unit-already-established', '/id'],
    ['an unknown parent', '/units', unit('moi', { parentId: 'khong-co' }), 422, 'unit-unknown', '/parentId'],
    ['a merger into itself', '/units/huyen-b/merge-into', { on: '2020-09-01', intoUnitId: 'huyen-b' }, 422, 'unit-itself', '/intoUnitId'],
    ['a split into one', '/units/huyen-b/split', { on: '2020-09-01', into: ['tinh'], heirUnitId: 'tinh' }, 422, 'split-needs-two', '/into'],
    ['a day in the future', '/units/huyen-b/rename', { on: '2021-09-01', name: 'x' }, 422, 'in-the-future', '/on'],
    ['open tasks to a unit that ended', '/units/huyen-b/dissolve', { on: '2020-09-01', openTasks: { toUnitId: 'huyen-a' } }, 422, 'unit-ended', '/openTasks/toUnitId'],
    ['open tasks to nobody', '/units/huyen-b/dissolve', { on: '2020-09-01', openTasks: { toUnitId: 'khong-co' } }, 422, 'unit-unknown', '/openTasks/toUnitId'],
  ])('refuse %s', async (_, path, body, status, code, pointer) => {
    const before = await server.events();
    expect((await server.post(path, body, { 'X-Actor': 'admin' })).body).toMatchObject({ status, code, errors: [{ pointer }] });
    expect(await server.events()).toBe(before);
  });
});

describe('the calendar, settings and secret counts', () => {
  beforeAll(open);
  afterAll(() => server.stop());

  it('a new version is shown before it is published and moves nothing; a decision does, both values are kept, and what stays or cannot is listed', async () => {
    const counted = await given({ deadline: { phrase: 'trong 10 ngày làm việc kể từ ngày nhận được văn bản' }, content: 'Đếm ngày làm việc' });
    const fixed = await given({ deadline: { date: '2020-11-20' }, content: 'Ngày cố định' });
    const free = await given({ deadline: { none: true }, content: 'Không thời hạn' });
    const done = await given({ deadline: { phrase: 'trong 10 ngày làm việc kể từ ngày nhận được văn bản' }, content: 'Đã xong' });
    await server.done(`/tasks/${done}/completion-submissions`, submission());
    const content = calendar2020([{ date: '2020-11-25', name: 'Ngày nghỉ thử' }]);
    const before = await server.events();
    const preview = await server.done('/calendar/2020/preview', content, 'admin');
    expect([preview.total, preview.changes.map((c: any) => [c.taskId, c.leadUnitName, c.from.dueOn, c.to.dueOn])]).toEqual([1, [[counted, 'Đơn vị so-y-te', '2020-11-30', '2020-12-01']]]);
    expect(preview.examined).toBeGreaterThanOrEqual(1);
    expect(await server.events()).toBe(before);
    const published = await server.done<Answer>('/calendar/2020', content, 'admin');
    expect([published.events, published.warnings.map(({ code }) => code)]).toEqual([['CalendarPublished'], ['deadlines-would-change']]);
    expect((await server.ok(`/tasks/${counted}`)).deadline.dueOn).toBe('2020-11-30');
    const year = await server.ok('/calendar/2020');
    expect(year.holidays).toContainEqual(expect.objectContaining({ date: '2020-11-25', name: 'Ngày nghỉ thử' }));
    expect((await server.ok(`/calendar/2020?knownAt=position:${String(BigInt(published.position) - 1n)}`)).holidays).not.toContainEqual(expect.objectContaining({ date: '2020-11-25' }));
    expect((await server.ok('/calendar/2050')).published).toBe(false);

    const answer = await server.done('/deadlines/recompute', { taskIds: [counted, fixed, free, done, '0190a2b4-0000-7000-8000-000000000000'], reason: 'theo lịch mới' });
    expect(answer.recomputed.map((r: any) => [r.taskId, r.from, r.to])).toEqual([[counted, '2020-11-30', '2020-12-01']]);
    expect(answer.unchanged).toEqual([fixed]);
    expect(answer.refused.map((r: any) => [r.taskId, r.code])).toEqual([[free, 'no-deadline-to-extend'], [done, 'not-allowed-when-submitted'], ['0190a2b4-0000-7000-8000-000000000000', 'task-not-found']]);
    const task = await server.ok(`/tasks/${counted}`);
    expect(task.deadlineHistory.map((h: any) => [h.type, h.deadline.dueOn, h.deadline.steps.length > 0])).toEqual([['TaskAssigned', '2020-11-30', true], ['DeadlineRecomputed', '2020-12-01', true]]);
    expect([task.deadline.dueOn, task.originalDeadline.dueOn]).toEqual(['2020-12-01', '2020-11-30']);
    expect((await server.post('/calendar/2020', content, { 'X-Actor': 'admin' })).status).toBe(409);
    const wrong = await server.post('/calendar/2020', { basis: '', holidays: [{ date: '2020-02-31', name: 'x' }], compensations: [], swaps: [] }, { 'X-Actor': 'admin' });
    expect([wrong.status, wrong.body.code, wrong.body.errors.map((e: { pointer: string }) => e.pointer)]).toEqual([422, 'calendar-invalid', ['/basis', '/holidays/0/date']]);
    for (const path of ['/calendar/2021', '/calendar/2021/preview']) expect([path, (await server.post(path, { ...content, colour: 'red' }, { 'X-Actor': 'admin' })).body]).toEqual([path, expect.objectContaining({ status: 400, code: 'content-not-understandable', errors: [expect.objectContaining({ pointer: '/colour' })] })]);
    expect((await server.post('/calendar/20', content, { 'X-Actor': 'admin' })).status).toBe(422);
  });

  it('the policy of fixed dates acts on later deadlines only, and the what-if stays possible', async () => {
    const saturday = { deadline: { date: '2020-11-28' }, content: 'Hạn vào thứ Bảy' };
    const moved = await given(saturday);
    await server.done('/settings', { fixedDatePolicy: 'none', reason: 'theo kết luận' }, 'admin');
    const kept = await given({ ...saturday, content: 'Hạn vào thứ Bảy, sau khi đổi' });
    const due = async (id: string): Promise<string> => (await server.ok(`/tasks/${id}`)).deadline.dueOn as string;
    expect([await due(moved), await due(kept)]).toEqual(['2020-11-30', '2020-11-28']);
    await server.advance('2020-11-29T12:00:00+07:00');
    await server.caughtUp();
    const overdue = async (more: string): Promise<string[]> => sorted(ids(await server.all<Item>(`/figures/list?period=2020&asOf=2020-11-29&cell=O2${more}`))).filter((id) => id === moved || id === kept);
    expect([await overdue(''), await overdue('&fixedDatePolicy=all'), await overdue('&fixedDatePolicy=none')]).toEqual([[kept], [], sorted([moved, kept])]);
    expect(await server.ok('/settings')).toMatchObject({ fixedDatePolicy: 'none', dueSoonWorkingDays: 3, fullWeekTasks: 20, officialRates: {} });
    expect((await server.ok('/settings?knownAt=position:1')).fixedDatePolicy).toBe('all');
    expect((await server.post('/deadlines/read', { phrase: 'đến ngày 28/11/2020' })).body.deadline.dueOn).toBe('2020-11-28');
    const admin = { 'X-Actor': 'admin' };
    expect((await server.post('/settings', { fixedDatePolicy: 'none', reason: 'x' }, admin)).body).toMatchObject({ status: 409, code: 'settings-unchanged' });
    expect((await server.post('/settings', { fixedDatePolicy: 'sometimes', reason: 'x' }, admin)).body).toMatchObject({ status: 422, code: 'setting-invalid', errors: [{ pointer: '/fixedDatePolicy', given: 'sometimes' }] });
    expect((await server.post('/settings', { colour: 'red', reason: 'x' }, admin)).body).toMatchObject({ status: 400, code: 'setting-unknown', errors: [{ pointer: '/colour' }] });
    expect((await server.post('/settings', { fullWeekTasks: 5 }, admin)).body).toMatchObject({ status: 422, code: 'reason-missing' });
    await server.done('/settings', { officialRates: { 'chu-tich': 'R4' }, reason: 'theo công văn' }, 'admin');
    expect([(await server.ok('/figures?period=2020&authority=chu-tich')).officialRate, (await server.ok('/figures?period=2020')).officialRate]).toEqual(['R4', 'R2']);
    expect((await server.ok('/rates')).items.find((rate: { code: string }) => rate.code === 'R4').officialFor).toEqual(['chu-tich']);
  });

  it('counts of secret tasks stand outside N; another period may not overlap, the same one is replaced', async () => {
    const before = await server.ok('/figures?period=2020&unitId=so-noi-vu');
    const count = { unitId: 'so-noi-vu', from: '2020-10-15', to: '2020-11-14', assigned: 5, completed: 3 };
    const first = await server.done<Answer>('/secret-counts', count);
    expect(first.events).toEqual(['SecretCountRecorded']);
    const after = await server.ok('/figures?period=2020&unitId=so-noi-vu');
    expect([after.total, after.rates, after.secretCounts.assigned, after.secretCounts.completed, after.secretCounts.entries.length]).toEqual([before.total, before.rates, 5, 3, 1]);
    expect((await server.post('/secret-counts', { ...count, to: '2020-11-20' })).body).toMatchObject({ status: 409, code: 'secret-count-overlaps', fact: { position: first.position } });
    expect((await server.post('/secret-counts', count)).body).toMatchObject({ status: 409, code: 'secret-count-unchanged' });
    await server.done('/secret-counts', { ...count, assigned: 6 });
    expect((await server.ok('/figures?period=2020&unitId=so-noi-vu')).secretCounts.assigned).toBe(6);
    expect((await server.ok(`/figures?period=2020&unitId=so-noi-vu&knownAt=position:${first.position}`)).secretCounts.assigned).toBe(5);
    expect((await server.ok('/figures?period=2020&unitId=so-noi-vu&asOf=2020-11-13')).secretCounts.assigned).toBe(0);
    expect((await server.ok('/secret-counts')).items).toEqual([expect.objectContaining({ ...count, assigned: 6, unitName: 'Đơn vị so-noi-vu' })]);
    for (const [change, status, code] of [[{ unitId: 'khong-co' }, 422, 'unit-unknown'], [{ completed: 9 }, 422, 'completed-exceeds-assigned'], [{ assigned: 1.5 }, 422, 'count-invalid'], [{ from: '2020-11-15' }, 422, 'period-reversed'], [{ to: '2021-01-01' }, 422, 'in-the-future'], [{ assigned: 'nhiều' }, 400, 'content-not-understandable']] as const) {
      expect([code, (await server.post('/secret-counts', { ...count, ...change })).body]).toEqual([code, expect.objectContaining({ status, code })]);
    }
  });
});

describe('lists and explanations', () => {
  const task: Record<string, string> = {};
  beforeAll(async () => {
    await open();
    await server.done('/units', unit('phong-y', { parentId: 'so-y-te' }), 'admin');
    const make = async (name: string, change: object): Promise<void> => { task[name] = await given({ content: `Nhiệm vụ ${name}`, ...change }); };
    await make('a', { starred: true, field: 'y-te', coordinatingUnitIds: ['so-tai-chinh'] });
    await make('b', { deadline: { date: '2020-11-20' }, field: 'giao-duc', leadUnitId: 'so-noi-vu' });
    await make('c', { deadline: { none: true }, leadUnitId: 'phong-y', document: { number: '2345/QĐ-UBND', date: '2020-11-02', issuer: 'UBND tỉnh', title: 'Khoáng sản làm vật liệu' } });
    await make('d', { deadline: { date: '2020-12-11' }, coordinatingUnitIds: ['so-noi-vu', 'so-tai-chinh'], authority: 'ubnd-tinh' });
    await make('e', { deadline: { date: '2020-11-13' } });
    await make('f', { deadline: { date: '2020-11-13' } });
    await make('g', {});
    await server.done(`/tasks/${task['e']!}/completion-submissions`, submission());
    await server.done(`/tasks/${task['e']!}/completion-confirmations`);
    await server.done(`/tasks/${task['g']!}/suspend`, { reason: 'chờ' });
    await server.advance('2020-11-24T09:00:00+07:00');
    await server.done(`/tasks/${task['a']!}/progress`, { note: 'đã làm một nửa', percent: 50 }, 'unit:so-y-te');
    await server.done(`/tasks/${task['d']!}/coordination-answers`, { unitId: 'so-tai-chinh' }, 'unit:so-tai-chinh');
  });
  afterAll(() => server.stop());
  const names = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => Object.keys(task).find((name) => task[name] === id) ?? '?');

  it.each<[string, string]>([
    ['', 'abcdefg'], ['unitId=so-y-te', 'adefg'], ['unitId=so-y-te&scope=tree', 'acdefg'], ['unitId=so-tai-chinh', ''], ['unitId=so-tai-chinh&role=coordinating', 'ad'], ['role=coordinating', 'ad'], ['unitId=so-noi-vu&role=lead', 'b'],
    ['cell=O1', 'ad'], ['cell=O2,O3', 'bcf'], ['cell=D2', 'e'], ['cell=X', 'g'], ['authority=ubnd-tinh', 'd'], ['authority=all', 'abcdefg'], ['field=y-te', 'a'], ['starred=true', 'a'], ['starred=false', 'bcdefg'],
    ['dueFrom=2020-11-20', 'abdg'], ['dueTo=2020-11-20', 'bef'], ['dueFrom=2020-11-14&dueTo=2020-11-30', 'abg'], ['staleDays=5', 'bcdf'], ['staleDays=7', 'bcdf'], ['staleDays=9', ''], ['staleDays=5&starred=true', ''],
    ['sort=-code', 'gfedcba'], ['sort=due&cell=O1,O2', 'fbad'], ['sort=-due&cell=O1,O2', 'dabf'], [`documentNumber=${encodeURIComponent('Số 2345 / qđ-ubnd')}`, 'c'], [`q=${encodeURIComponent('nhiem vu')}`, 'abcdefg'], [`q=${encodeURIComponent('vật liệu nhiệm vụ')}`, 'c'], ['q=khongco', ''], [`q=${encodeURIComponent('KHOANG SAN')}`, 'c'],
    ['asOf=2020-11-16&cell=O2', 'f'], ['asOf=2020-11-15', ''], ['knownAt=2020-11-15', ''], ['asOf=2020-11-20&cell=O1', 'abd'],
  ])('tasks?%s are %s', async (query, expected) => {
    const list = await server.all<Item>(`/tasks?${query}`, 2);
    const ordered = query.includes('sort');
    expect((ordered ? names(list) : sorted(names(list))).join('')).toBe(expected);
  });

  it('are walked by their cursor, each task once, in one order', async () => {
    const whole = ids(await server.all<Item>('/tasks', 200));
    for (const limit of [1, 2, 3, 7]) expect([limit, ids(await server.all<Item>('/tasks', limit))]).toEqual([limit, whole]);
    expect(new Set(whole).size).toBe(7);
    for (const wrong of ['limit=0', 'limit=201', 'limit=x', 'cursor=!!', 'sort=name', 'cell=D9', 'role=chief', 'starred=maybe', 'staleDays=-1', 'scope=all']) expect([wrong, (await server.get(`/tasks?${wrong}`)).body]).toEqual([wrong, expect.objectContaining({ status: 400, code: 'parameter-invalid', errors: [expect.objectContaining({ pointer: `?${wrong.split('=')[0]!}` })] })]);
    expect((await server.get('/tasks?dueFrom=2020-02-31')).status).toBe(422);
  });

  it('a document has all its tasks', async () => {
    const { documentId } = await server.ok(`/tasks/${task['a']!}`);
    const document = await server.ok(`/documents/${encodeURIComponent(documentId as string)}`);
    expect([document.document.number, sorted(names(document.tasks)).join(''), document.total]).toEqual(['10/UBND-NC', 'abdefg', 6]);
    expect((await server.get('/documents/khong-co')).body).toMatchObject({ status: 404, code: 'document-not-found' });
  });

  it('the latest events come newest first, page by page without a gap', async () => {
    const all: { id: string; position: string }[] = [];
    for (let cursor = ''; ; ) {
      const page = await server.ok(`/activity?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
      all.push(...page.items);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor as string;
    }
    const events = (await server.runtime.log.readAll({ after: 0n, categories: ['task'], limit: 1_000 })).toReversed();
    expect(ids(all)).toEqual(ids(events));
    expect((await server.ok('/activity?limit=1')).items[0]).toMatchObject({ type: 'CoordinationAnswered', taskId: task['d'], code: 'NV-2020-0004' });
    expect((await server.get('/activity?cursor=x')).status).toBe(400);
  });

  it('explain every number: terms add up to it, and every link lists as many as it says', async () => {
    const base = 'period=2020&asOf=2020-11-24';
    const figures = await server.ok(`/figures?${base}`);
    const total = async (link: string): Promise<number> => (await server.ok(link.replace('/api/v1', ''))).total as number;
    for (const { code } of RATES) {
      const explained = await server.ok(`/figures/explain?${base}&rate=${code}`);
      const rate = figures.rates.find((one: { code: string }) => one.code === code);
      expect([code, explained.value]).toEqual([code, { numerator: rate.numerator, denominator: rate.denominator, text: rate.text }]);
      expect([code, explained.terms.reduce((n: number, term: { count: number; sign: number }) => n + term.count * term.sign, 0)]).toEqual([code, rate.denominator]);
      expect([code, await total(explained.links.numerator), await total(explained.links.denominator)]).toEqual([code, rate.numerator, rate.denominator]);
      for (const term of explained.terms) expect([code, term.code, await total(term.list)]).toEqual([code, term.code, term.count]);
      for (const { holds, left, right } of explained.identities) expect([holds, left]).toEqual([true, right]);
    }
    for (const [kind, counts] of [['cell', figures.cells], ['part', figures.parts], ['flow', figures.flow], ['out', figures.out]] as const) {
      for (const [name, n] of Object.entries(counts as Record<string, number>)) {
        const explained = await server.ok(`/figures/explain?${base}&${kind}=${name}`);
        expect([kind, name, explained.value.count, await total(explained.links.list)]).toEqual([kind, name, n, n]);
        expect(explained.definition).toMatch(/\S{3}/);
        for (const term of explained.terms) expect([kind, name, term.code, await total(term.list)]).toEqual([kind, name, term.code, term.count]);
      }
    }
    expect((await server.ok(`/figures/explain?${base}`)).of).toEqual({ rate: 'R2' });
    expect((await server.get(`/figures/explain?${base}&rate=R9`)).body).toMatchObject({ status: 400, errors: [{ pointer: '?rate' }] });
    expect((await server.get(`/figures/list?${base}&cell=D1&part=D1a`)).status).toBe(400);
  });

  it('list exactly what a rate leaves out of its denominator', async () => {
    const base = 'period=2020&asOf=2020-11-24&unitId=so-noi-vu';
    const here = { leadUnitId: 'so-noi-vu', assignedOn: '2020-11-24' };
    const late = { ...here, deadline: { date: '2020-11-13' } };
    const passed = await given(late);
    // Given overdue as well, but extended since: in time again, so no cell of R2's denominator holds it and R2x leaves nothing out for it.
    await server.done(`/tasks/${await given(late)}/extension-grants`, { deadline: { date: '2020-12-21' } });
    const free = await given({ ...here, deadline: { none: true } });
    for (const id of [free, await given(here)]) await server.done(`/tasks/${id}/suspend`, { reason: 'chờ' });
    for (const [rate, left] of [['R2x', passed], ['R4', free]] as const) {
      const excluded = (await server.ok(`/figures/explain?${base}&rate=${rate}`)).terms.at(-1);
      expect(excluded).toMatchObject({ code: 'excluded', count: 1, sign: -1 });
      expect([rate, ids((await server.ok(excluded.list.replace('/api/v1', ''))).items)]).toEqual([rate, [left]]);
    }
    expect((await server.ok(`/figures/list?${base}&rate=R2&side=excluded`)).total).toBe(0);
  });

  it('the rates are data, and the coordination rate stands beside them', async () => {
    const rates = await server.ok('/rates');
    expect(rates.items.map((rate: { code: string; officialFor: string[] }) => [rate.code, rate.officialFor.length > 0])).toEqual(['R1', 'R2', 'R2x', 'R3', 'R4', 'R5', 'R5m', 'R6'].map((code) => [code, code === 'R2']));
    for (const rate of rates.items) expect([rate.code, rate.name !== '', rate.formula !== '', rate.words !== '']).toEqual([rate.code, true, true, true]);
    const coordination = await server.ok('/figures/coordination?period=2020&asOf=2020-12-14');
    // a: unanswered past 30/11; d: one answered in time, one unanswered past 11/12.
    expect(coordination.total).toMatchObject({ answered: 1, answeredInTime: 1, unansweredOverdue: 2, denominator: 3, text: '33,33 %' });
    expect(coordination.units.map((u: any) => [u.unitId, u.answered, u.unansweredOverdue])).toEqual([['so-noi-vu', 0, 1], ['so-tai-chinh', 1, 1]]);
  });
});

describe('evidence and deadlines', () => {
  beforeAll(open);
  afterAll(() => server.stop());

  it('a submission names files that were sent before; an unknown one is refused and nothing is written', async () => {
    const id = await given();
    const file = (await upload(pdf('minh chứng'), 'Báo cáo.pdf')).body.id as string;
    const before = await server.events();
    const unknown = await server.post(`/tasks/${id}/completion-submissions`, submission({ evidence: [file, '0'.repeat(64)] }));
    expect(unknown.body).toMatchObject({ status: 422, code: 'file-unknown', errors: [{ pointer: '/evidence/1', given: '0'.repeat(64) }] });
    expect((await server.post(`/tasks/${id}/completion-submissions`, submission({ evidence: [file, file] }))).status).toBe(400);
    expect(await server.events()).toBe(before);
    await server.done(`/tasks/${id}/completion-submissions`, submission({ evidence: [file.toUpperCase()] }));
    expect((await server.ok(`/tasks/${id}`)).evidence).toEqual([file]);
    expect((await server.get(`/files/${file}`)).status).toBe(200);
  });

  it('a phrase is read with its counting, and nothing is recorded', async () => {
    const before = await server.events();
    const read = (body: object): Promise<Reply> => server.post('/deadlines/read', body);
    const five = (await read({ phrase: 'trong 05 ngày làm việc kể từ ngày ký', documentDate: '2020-11-12' })).body;
    expect([five.deadline.dueOn, five.deadline.countsWorkingDays, five.explanation[0]]).toEqual(['2020-11-19', true, 'Hạn: hết ngày T5 19/11/2020']);
    expect(five.deadline.steps.map((step: { day: string }) => step.day)).toEqual(expect.arrayContaining(['2020-11-12', '2020-11-13', '2020-11-16', '2020-11-19']));
    const before15 = (await read({ phrase: 'trước ngày 15/11', documentDate: '2020-11-02' })).body;
    expect([before15.deadline.literalDueOn, before15.deadline.dueOn, before15.warnings.length > 0]).toEqual(['2020-11-14', '2020-11-16', true]);
    expect((await read({ phrase: 'không thời hạn' })).body.deadline.kind).toBe('none');
    const monthly = await read({ phrase: 'trước ngày 25 hằng tháng', documentDate: '2020-11-16' });
    expect(monthly.body).toMatchObject({ status: 422, code: 'recurrence-needs-occurrence', errors: [{ pointer: '/phrase' }] });
    expect(monthly.body.occurrences.slice(0, 2)).toEqual(['2020-11-24', '2020-12-24']);
    expect([monthly.body.occurrencePhrases.length, monthly.body.explanation.length > 2]).toEqual([monthly.body.occurrences.length, true]);
    // An offered occurrence can be given as it stands.
    const one = await server.post('/tasks', assignment({ deadline: { phrase: monthly.body.occurrencePhrases[1] } }));
    expect(one.status).toBe(201);
    expect((await server.post('/tasks', assignment({ deadline: { phrase: 'trước ngày 25 hằng tháng' } }))).body).toMatchObject({ status: 422, code: 'recurrence-needs-occurrence', occurrences: expect.any(Array) });
    const vague = await read({ phrase: 'càng sớm càng tốt' });
    expect([vague.status, vague.body.code, vague.body.examples.length > 3]).toEqual([422, 'phrase-not-understood', true]);
    expect((await read({ phrase: 'ngày 31/02/2020' })).body).toMatchObject({ status: 422, code: 'date-does-not-exist' });
    expect((await read({ phrase: 'x', documentDate: '2020-02-31' })).status).toBe(422);
    expect((await read({})).status).toBe(400);
    expect(await server.events()).toBe(before + 1);
  });
});

describe('what is not understood or not there', () => {
  beforeAll(open);
  afterAll(() => server.stop());
  const id = '0190a2b4-0000-7000-8000-000000000000';

  it('is told as problem details by every door: unknown and repeated parameters, positions beyond the log, days that do not exist', async () => {
    const task = await given();
    const { documentId } = await server.ok(`/tasks/${task}`);
    const queries = ['/tasks', `/tasks/${task}`, `/tasks/${task}/events`, `/documents/${encodeURIComponent(documentId as string)}`, '/figures', '/figures/list', '/figures/changes', '/figures/explain', '/figures/coordination', '/units', '/units/so-y-te', '/calendar/2020', '/settings', '/secret-counts'];
    for (const path of queries) {
      for (const [query, status] of [['colour=red', 400], ['asOf=2020-11-16&asOf=2020-11-17', 400], ['knownAt=position:999999', 400], ['knownAt=position:x', 400], ['knownAt=event:x', 400], ['atLeast=999999', 400], ['asOf=2020-11-31', 422], ['asOf=hôm+qua', 400], [`knownAt=event:${id}`, 422]] as const) {
        const reply = await server.get(`${path}?${query}`);
        expect([path, query, reply.status, reply.headers.get('content-type')]).toEqual([path, query, status, 'application/problem+json; charset=utf-8']);
        expect(Object.keys(reply.body)).toEqual(expect.arrayContaining(['type', 'title', 'detail', 'status', 'code', 'errors']));
      }
    }
    for (const path of ['/activity', '/rates', '/health/live', '/health/ready', '/system']) {
      const { status } = await server.get(`${path}?colour=red`);
      expect([path, status]).toEqual([path, path === '/activity' ? 400 : 200]);
    }
    expect((await server.get('/figures?asOf=2020-11-16&period=2021')).body).toMatchObject({ status: 422, code: 'cut-off-outside-period' });
    expect((await server.get('/figures?from=2020-11-16')).status).toBe(422);
    expect((await server.get('/figures?period=2020-Q5')).status).toBe(400);
    for (const wrong of ['cohort=C4', 'deadlineBasis=x', 'fixedDatePolicy=x', 'rounding=up', 'organisedAs=then', 'groupBy=x', 'scope=x']) expect([wrong, (await server.get(`/figures?${wrong}`)).body]).toEqual([wrong, expect.objectContaining({ status: 400, errors: [expect.objectContaining({ pointer: `?${wrong.split('=')[0]!}` })] })]);
  });

  it('is 404 for a task in the path and 422 in the body; 405 says what is allowed; 415 and 413', async () => {
    for (const segment of ['receive', 'void', 'completion-confirmations']) expect((await server.post(`/tasks/${id}/${segment}`, { reason: segment === 'void' ? 'x' : undefined })).body).toMatchObject({ status: 404, code: 'task-not-found', id });
    for (const path of [`/tasks/${id}`, `/tasks/${id}/events`, '/tasks/khong-phai-ma']) expect((await server.get(path)).body).toMatchObject({ status: 404, code: 'task-not-found' });
    const task = await given();
    expect((await server.post(`/tasks/${task}/link-duplicate`, { ofTaskId: id, reason: 'trùng' })).body).toMatchObject({ status: 422, code: 'task-unknown', errors: [{ pointer: '/ofTaskId', given: id }] });
    expect((await server.post('/tasks', assignment({ parentTaskId: id }))).body).toMatchObject({ status: 422, errors: [{ pointer: '/parentTaskId' }] });
    expect((await server.post(`/tasks/${task}/transfer`, { toUnitId: 'khong-co', reason: 'x' })).body).toMatchObject({ status: 422, code: 'unit-unknown', errors: [{ pointer: '/toUnitId', given: 'khong-co' }] });
    expect((await server.post('/tasks', assignment({ document: { number: '1', date: '2020-02-31', issuer: 'x', title: 'x' } }))).body).toMatchObject({ status: 422, code: 'content-invalid', errors: [{ pointer: '/document/date', given: '2020-02-31' }] });
    expect((await server.post('/tasks', assignment({ coordinatingUnitIds: ['so-noi-vu', 'khong-co'] }))).body).toMatchObject({ status: 422, errors: [{ pointer: '/coordinatingUnitIds/1' }] });
    const { paths } = await server.ok<{ paths: Record<string, Record<string, object>> }>('/openapi.json');
    for (const [described, methods] of Object.entries(paths)) {
      const allow = [...Object.keys(methods).map((method) => method.toUpperCase()), ...('get' in methods ? ['HEAD'] : [])].sort().join(', ');
      const reply = await server.send(described.replace('/api/v1', '').replace(/\{\w+\}/, 'x'), { method: 'PATCH' });
      expect([described, reply.status, reply.headers.get('allow')]).toEqual([described, 405, allow]);
    }
    expect((await server.post('/tasks', '<xml/>', { 'Content-Type': 'application/xml' })).status).toBe(415);
    expect((await server.post('/tasks', assignment({ content: 'x'.repeat(1_200_000) }))).status).toBe(413);
    expect((await server.post('/tasks', assignment(), { 'Idempotency-Key': 'khong-phai-uuid' })).body).toMatchObject({ status: 400, code: 'idempotency-key-invalid' });
  });

  it('is 409 with the fact in the way where the state forbids', async () => {
    const task = await given();
    await server.done(`/tasks/${task}/receive`, {}, 'unit:so-y-te');
    const [assigned, received] = (await server.ok<{ items: { id: string }[] }>(`/tasks/${task}/events`)).items;
    expect((await server.post(`/tasks/${task}/receive`)).body).toMatchObject({ status: 409, code: 'already-received', fact: { eventId: received!.id, type: 'TaskReceived' } });
    expect((await server.post(`/tasks/${task}/resume`, { deadline: { date: '2020-12-01' } })).body).toMatchObject({ status: 409, code: 'not-allowed-when-open', fact: { eventId: assigned!.id } });
    expect((await server.post(`/tasks/${task}/extension-grants`, { deadline: { date: '2020-11-20' } })).body).toMatchObject({ status: 422, code: 'extension-not-later', errors: [{ pointer: '/deadline' }] });
    expect((await server.post(`/tasks/${task}/progress`, { note: 'x', occurredOn: '2020-11-17' })).body).toMatchObject({ status: 422, code: 'in-the-future' });
  });
});

describe('secret text', () => {
  beforeAll(open);
  afterAll(() => server.stop());

  /** Every byte that the program keeps. */
  const kept = (): Buffer[] => readdirSync(server.dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => readFileSync(join(entry.parentPath, entry.name)));

  it('is kept nowhere after a refusal, whatever field it came in and whatever stood beside it', async () => {
    const task = await given({ content: 'Nội dung được giữ: cầu Ninh Hòa' });
    const words = ['hồ sơ cột mốc Đá Lát', 'phương án Sao Vàng'];
    const [title, other] = words as [string, string];
    const mark = '(Tối mật)';
    const requests: readonly (readonly [string, object, string?])[] = [
      ['/tasks', assignment({ content: `${title} ${mark}`, product: other })],
      ['/tasks', assignment({ product: 'Mật', content: title })],
      ['/tasks', assignment({ document: { number: '1/UBND', date: '2020-11-02', issuer: 'UBND tỉnh', title: `${title} ${mark}`, urgency: other } })],
      ['/tasks', assignment({ note: `Độ mật: Tuyệt mật. ${title}`, content: other })],
      [`/tasks/${task}/progress`, { note: `${title} ${mark}` }],
      [`/tasks/${task}/progress`, { note: title, blockedBy: 'do mat: toi mat' }],
      [`/tasks/${task}/transfer`, { toUnitId: 'so-noi-vu', reason: `${title} ${mark}` }],
      [`/tasks/${task}/correct`, { changes: { content: `${title} ${mark}`, product: other }, reason: 'ghi sai' }],
      [`/tasks/${task}/completion-submissions`, submission({ note: `${title} [MẬT]` })],
      [`/tasks/${task}/explanation-requests`, { question: `${title} ${mark}` }],
      [`/tasks/${task}/agenda`, { reason: `${title} ${mark}` }],
      [`/tasks/${task}/urge`, { channel: `${title} ${mark}` }],
      ['/settings', { fullWeekTasks: 9, reason: `${title} ${mark}` }, 'admin'],
      ['/units', unit('to-cong-tac', { name: `${title} ${mark}` }), 'admin'],
      ['/units/so-y-te/rename', { on: '2020-11-16', name: 'Tên', legalBasis: `${title} ${mark}` }, 'admin'],
      ['/calendar/2031', { basis: `${title} ${mark}`, holidays: [], compensations: [], swaps: [] }, 'admin'],
      ['/deadlines/recompute', { taskIds: [task], reason: `${title} ${mark}` }],
    ];
    for (const [path, body, actor = 'office'] of requests) {
      const before = await server.events();
      const reply = await server.post(path, body, { 'X-Actor': actor, 'Idempotency-Key': '0190a2b4-2222-7000-8000-000000000001' });
      const codes = path === '/deadlines/recompute' ? reply.body.refused.map((r: { code: string }) => r.code) : [reply.body.code];
      expect([path, codes, await server.events()]).toEqual([path, ['secrecy-mark'], before]);
      for (const word of words) expect([path, reply.text.includes(word)]).toEqual([path, false]);
    }
    const secretFile = await upload(pdf(title), `${title} (Mật).pdf`);
    expect(secretFile.body.code).toBe('secrecy-mark');
    await server.caughtUp();
    const holds = (text: string): boolean => kept().some((bytes) => bytes.includes(Buffer.from(text)) || bytes.includes(Buffer.from(JSON.stringify(text).slice(1, -1))));
    expect(holds('cầu Ninh Hòa')).toBe(true);
    for (const word of words) expect([word, holds(word)]).toEqual([word, false]);
    await server.restart();
    for (const word of words) expect([word, holds(word)]).toEqual([word, false]);
    expect((await server.post('/tasks', assignment({ content: 'Công tác bảo mật và bí mật nhà nước' }))).status).toBe(201);
  });
});
