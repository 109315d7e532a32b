import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockFrom, parseInstant } from '#kernel';
import { serve, type Served } from '../../apps/api/src/serve.ts';

interface Problem { readonly status: number; readonly code: string; readonly detail: string; readonly errors: readonly { pointer: string; code: string }[]; readonly fact?: { type: string } }
interface Answer { readonly id: string; readonly revision: number; readonly position: string; readonly events: readonly string[] }

let root: string;
let served: Served;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'nhacviec-http-'));
  served = await serve({ host: '127.0.0.1', port: 0, dataDir: join(root, 'data'), clock: clockFrom(parseInstant('2020-11-16T09:00:00+07:00')!), simulated: true });
  await post('/units', { id: 'so-y-te', name: 'Sở Y tế', shortName: 'Sở Y tế', kind: 'so' });
  await post('/units', { id: 'so-noi-vu', name: 'Sở Nội vụ', shortName: 'Sở Nội vụ', kind: 'so' });
});
afterAll(async () => {
  await served.close();
  rmSync(root, { recursive: true, force: true });
});

const task = (change: object = {}): object => ({
  document: { number: '10/UBND-NC', date: '2020-11-13', issuer: 'UBND tỉnh', title: 'Về việc báo cáo' }, content: 'Báo cáo kết quả', authority: 'chu-tich', leadUnitId: 'so-y-te', assignedOn: '2020-11-16', deadline: { phrase: 'trước ngày 01/12/2020' }, ...change,
});

async function send(path: string, init: RequestInit): Promise<{ status: number; body: Problem & Answer; type: string | null }> {
  const response = await fetch(`${served.url}/api/v1${path}`, init);
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), body: (text === '' ? {} : JSON.parse(text)) as Problem & Answer };
}
const post = (path: string, body: unknown, headers: Record<string, string> = {}): ReturnType<typeof send> => send(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
const count = async (): Promise<number> => (await served.runtime.log.head()).count;

describe('what is refused', () => {
  it.each<[string, number, string, object]>([
    ['an unknown lead unit', 422, 'unit-unknown', { leadUnitId: 'so-kinh-te-bien' }],
    ['a day that does not exist', 422, 'content-invalid', { assignedOn: '2020-02-31' }],
    ['an unknown field', 400, 'content-not-understandable', { leader: 'x' }],
    ['a wrong type', 400, 'content-not-understandable', { content: 7 }],
    ['null for a field that may be left out', 400, 'content-not-understandable', { field: null }],
    ['null for a time', 422, 'content-invalid', { occurredAt: null }],
    ['a secrecy mark', 422, 'secrecy-mark', { content: 'Báo cáo (MẬT)' }],
    ['a phrase that is not understood', 422, 'phrase-not-understood', { deadline: { phrase: 'càng sớm càng tốt' } }],
    ['two deadlines at once', 422, 'deadline-ambiguous', { deadline: { date: '2020-12-01', none: true } }],
    ['an assignment in the future', 422, 'in-the-future', { assignedOn: '2020-11-17' }],
    ['an assignment before its document', 422, 'assigned-before-document', { assignedOn: '2020-11-12' }],
    ['an assignment more than two working days ago without a reason', 422, 'backdate-reason-missing', { document: { number: '1/UBND', date: '2020-11-01', issuer: 'UBND tỉnh', title: 't' }, assignedOn: '2020-11-11' }],
  ])('%s, and nothing is written', async (_, status, code, change) => {
    const before = await count();
    const { body, type } = await post('/tasks', task(change));
    expect([body.status, body.code, type]).toEqual([status, code, 'application/problem+json; charset=utf-8']);
    expect(await count()).toBe(before);
  });

  it('broken JSON, another content type, a body over 1 MiB, a repeated parameter, unknown paths and positions beyond the log', async () => {
    expect((await post('/tasks', '{"document":')).body.code).toBe('not-understandable');
    expect((await post('/tasks', 'x', { 'Content-Type': 'text/plain' })).body.code).toBe('unsupported-media-type');
    expect((await post('/tasks', task({ content: 'x'.repeat(1_100_000) }))).body.code).toBe('body-too-large');
    expect((await send('/figures?unitId=so-y-te&unitId=so-noi-vu', {})).status).toBe(400);
    expect((await send('/figures?knownAt=position:999999', {})).status).toBe(400);
    expect((await send('/figures?asOf=2020-11-31', {})).status).toBe(422);
    expect((await send('/figures?asOf=2020-11-16&period=2019', {})).body.code).toBe('cut-off-outside-period');
    expect((await send('/tasks/0190a2b4-0000-7000-8000-000000000000', {})).body.code).toBe('task-not-found');
    expect((await send('/nothing', {})).status).toBe(404);
  });

  it('whoever may not: an auditor, and a unit that does not lead', async () => {
    const { body } = await post('/tasks', task());
    expect((await post('/tasks', task(), { 'X-Actor': 'auditor' })).status).toBe(403);
    await served.runtime.projector.reaches(BigInt(body.position), 2_000);
    expect((await post(`/tasks/${body.id}/receive`, {}, { 'X-Actor': 'unit:so-noi-vu' })).body.code).toBe('not-lead-unit');
    expect((await post(`/tasks/${body.id}/receive`, {}, { 'X-Actor': 'unit:so-y-te' })).status).toBe(200);
  });

  it('a wrong revision, a completion before the assignment, and the loser of two confirmations', async () => {
    const { body } = await post('/tasks', task());
    const path = `/tasks/${body.id}`;
    expect((await post(`${path}/receive`, {}, { 'If-Match': '"7"' })).status).toBe(412);
    expect((await post(`${path}/completion-submissions`, { resultDocument: { number: '1/BC', date: '2020-11-13' }, occurredOn: '2020-11-13', backdateReason: 'x' })).body).toMatchObject({ status: 409, code: 'before-last-deciding-fact', fact: { type: 'TaskAssigned' } });
    expect((await post(`${path}/completion-submissions`, { resultDocument: { number: '1/BC', date: '2020-11-16' } })).status).toBe(200);
    const confirmations = await Promise.all([post(`${path}/completion-confirmations`, {}), post(`${path}/completion-confirmations`, {})]);
    expect(confirmations.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(confirmations.find(({ status }) => status === 409)!.body.code).toBe('not-allowed-when-done');
  });
});

describe('a known path with another method', () => {
  it.each([
    ['DELETE', '/tasks', 'GET, HEAD, POST'],
    ['PUT', '/tasks/0190a2b4-0000-7000-8000-000000000000', 'GET, HEAD'],
    ['GET', '/tasks/0190a2b4-0000-7000-8000-000000000000/receive', 'POST'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('%s %s is 405 and says that it takes %s', async (method, path, allow) => {
    const response = await fetch(`${served.url}/api/v1${path}`, { method });
    expect([response.status, response.headers.get('allow'), response.headers.get('content-type')]).toEqual([405, allow, 'application/problem+json; charset=utf-8']);
    expect(await response.json()).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });

  it('an unknown path stays 404, whatever the method', async () => {
    for (const method of ['GET', 'POST', 'PUT', 'DELETE']) expect((await send('/tasks-of-nobody', { method })).status).toBe(404);
    expect((await send('/tasks/x/receive/y', { method: 'POST' })).status).toBe(404);
  });
});

describe('a repeated command', () => {
  const key = '0190a2b4-1111-7000-8000-000000000001';
  it('gives the first answer and writes once; the same key with another body is refused', async () => {
    const first = await post('/tasks', task(), { 'Idempotency-Key': key });
    const before = await count();
    const again = await post('/tasks', task(), { 'Idempotency-Key': key });
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(await count()).toBe(before);
    expect((await post('/tasks', task({ content: 'Việc khác' }), { 'Idempotency-Key': key })).body.code).toBe('idempotency-key-reused');
  });
});

describe('reading one’s own write', () => {
  it('sees it at the position the command answered', async () => {
    const { body } = await post('/tasks', task({ content: 'Việc vừa giao' }));
    const response = await send(`/tasks/${body.id}?atLeast=${body.position}`, {});
    expect(response.body).toMatchObject({ id: body.id, cell: 'O1', deadline: { dueOn: '2020-11-30' } });
  });
});
