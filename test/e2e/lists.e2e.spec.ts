import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignment, submission, unit } from '../support/bodies.ts';
import { instant, TestServer, type Reply } from '../support/server.ts';

interface Item { readonly id: string; readonly code: string; readonly cell: string; readonly leadUnitName: string; readonly assignedOn: string }
interface Page { readonly items: Item[]; readonly nextCursor: string | null; readonly total: number; readonly asOf: string; readonly position: string }

let server: TestServer;
beforeAll(async () => {
  server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'));
  await server.done('/units', unit('so-y-te', { name: 'Sở Y tế' }));
  await server.done('/units', unit('ban-dan-toc', { name: 'Ban Dân tộc' }));
  await server.done('/units', unit('so-dat-dai', { name: 'Đài Phát thanh' }));
  for (let n = 0; n < 12; n++) await server.done('/tasks', assignment({ content: `Việc số ${String(n)}`, leadUnitId: ['so-y-te', 'ban-dan-toc', 'so-dat-dai'][n % 3], assignedOn: n < 6 ? '2020-11-16' : '2020-11-13' }));
}, 60_000);
afterAll(() => server.stop());

const ids = ({ items }: Page): string[] => items.map(({ id }) => id);

describe('pages of a list', () => {
  it('are of the moment of the first one: what is recorded meanwhile neither doubles a row nor leaves one out', async () => {
    const whole = ids(await server.ok<Page>('/tasks?cell=O1&limit=200'));
    const first = await server.ok<Page>('/tasks?cell=O1&limit=5');
    // The second row leaves the list, and a task comes in before the third page is asked for.
    await server.done(`/tasks/${first.items[1]!.id}/completion-submissions`, submission());
    const second = await server.ok<Page>(`/tasks?cell=O1&limit=5&cursor=${first.nextCursor!}`);
    await server.done('/tasks', assignment({ content: 'Việc đến sau' }));
    const third = await server.ok<Page>(`/tasks?cell=O1&limit=5&cursor=${second.nextCursor!}`);
    expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(whole);
    expect([second.total, third.total, third.nextCursor]).toEqual([12, 12, null]);
    expect([second.asOf, second.position]).toEqual([first.asOf, first.position]);
    expect((await server.ok<Page>('/tasks?cell=O1&limit=5')).total).toBe(12);
  });

  it('begin at any row of that list', async () => {
    const first = await server.ok<Page>('/tasks?limit=3');
    const all = ids(await server.ok<Page>('/tasks?limit=200'));
    expect(ids(await server.ok<Page>(`/tasks?limit=3&cursor=${first.nextCursor!}&row=7`))).toEqual(all.slice(7, 10));
    expect(ids(await server.ok<Page>(`/tasks?limit=3&row=9999`))).toEqual([]);
    expect((await server.get('/tasks?row=-1')).body.code).toBe('parameter-invalid');
    expect((await server.get('/tasks?cursor=1.2.x')).body.code).toBe('parameter-invalid');
  });

  it('stand in the order asked for, both ways', async () => {
    const named = (page: Page): string[] => [...new Set(page.items.map(({ leadUnitName }) => leadUnitName))];
    expect(named(await server.ok<Page>('/tasks?sort=unit&limit=200'))).toEqual(['Ban Dân tộc', 'Đài Phát thanh', 'Sở Y tế']);
    expect(named(await server.ok<Page>('/tasks?sort=-unit&limit=200'))).toEqual(['Sở Y tế', 'Đài Phát thanh', 'Ban Dân tộc']);
    expect((await server.ok<Page>('/tasks?sort=assigned&limit=1')).items[0]!.assignedOn).toBe('2020-11-13');
    expect((await server.ok<Page>('/tasks?sort=-assigned&limit=1')).items[0]!.assignedOn).toBe('2020-11-16');
    expect((await server.get('/tasks?sort=name')).status).toBe(400);
  });
});

describe('answers that all screens ask for', () => {
  const ask = async (path: string, encoding: string): Promise<{ readonly encoding: string | null; readonly vary: string | null; readonly type: string | null; readonly text: string }> => {
    const { headers, ...answer } = await fetch(`${server.url}/api/v1${path}`, { headers: { 'accept-encoding': encoding } }).then(async (one) => ({ headers: one.headers, text: await one.text() }));
    return { encoding: headers.get('content-encoding'), vary: headers.get('vary'), type: headers.get('content-type'), ...answer };
  };

  it.each(['/figures?groupBy=unit', '/dashboard'])('%s are packed once, say the same to who cannot unpack, and something else after a fact', async (path) => {
    const [first, second] = [await ask(path, 'gzip'), await ask(path, 'gzip')];
    expect(first).toMatchObject({ encoding: 'gzip', type: 'application/json; charset=utf-8' });
    expect(first.vary).toContain('Accept-Encoding');
    expect(second).toEqual(first);
    expect(await ask(path, 'identity')).toEqual({ ...first, encoding: null });
    await server.done('/tasks', assignment({ content: `Việc mới khi đang xem ${path}` }));
    await server.caughtUp();
    expect((await ask(path, 'gzip')).text).not.toBe(first.text);
  });
});

describe('saved views', () => {
  const save = (body: object, actor = 'office'): Promise<Reply> => server.post('/views', body, { 'X-Actor': actor });
  const remove = (id: string, actor = 'office'): Promise<Reply> => server.send(`/views/${id}`, { method: 'DELETE', headers: { 'X-Actor': actor } });

  it('are kept for the role, renamed, removed, and outlive the program', async () => {
    const { status, body } = await save({ name: ' Quá hạn  Sở Y tế ', path: '/viec', query: '?donVi=so-y-te&nhom=O2' });
    expect([status, body.name, body.path, body.query]).toEqual([201, 'Quá hạn Sở Y tế', '/viec', 'donVi=so-y-te&nhom=O2']);
    await save({ name: 'Quá hạn Sở Y tế', path: '/', query: '' }, 'unit:so-y-te');
    await server.restart();
    expect((await server.get('/views', 'office')).body.items).toEqual([body]);
    expect((await server.get('/views', 'leader')).body.total).toBe(0);
    const renamed = await server.post(`/views/${body.id as string}/rename`, { name: 'Trễ hạn' }, { 'X-Actor': 'office' });
    expect([renamed.status, renamed.body.name]).toEqual([200, 'Trễ hạn']);
    expect((await remove(body.id as string, 'leader')).status).toBe(404);
    expect((await remove(body.id as string)).body).toEqual({ id: body.id, removed: true });
    expect((await remove(body.id as string)).body.code).toBe('view-not-found');
  });

  it.each<[string, number, string, object]>([
    ['a place that is none of the page', 422, 'view-path-unknown', { name: 'x', path: 'https://example.org' }],
    ['parameters that are none of the page', 422, 'view-query-invalid', { name: 'x', path: '/viec', query: 'on-load=1' }],
    ['an empty name', 422, 'view-name-empty', { name: ' ​', path: '/viec' }],
    ['a secrecy mark', 422, 'secrecy-mark', { name: 'Danh sách (MẬT)', path: '/viec' }],
    ['an unknown field', 400, 'content-not-understandable', { name: 'x', path: '/viec', owner: 'leader' }],
  ])('refuse %s', async (_, status, code, body) => {
    const reply = await save(body);
    expect([reply.status, reply.body.code]).toEqual([status, code]);
    expect((await server.get('/views', 'office')).body.total).toBe(0);
  });

  it('keep a name once', async () => {
    expect((await save({ name: 'Một', path: '/viec' }, 'leader')).status).toBe(201);
    expect((await save({ name: 'MỘT', path: '/' }, 'leader')).body).toMatchObject({ status: 409, code: 'view-name-taken' });
  });

  it('write nothing into the log', async () => {
    const before = await server.events();
    await save({ name: 'Hai', path: '/viec' }, 'leader');
    expect(await server.events()).toBe(before);
  });
});
