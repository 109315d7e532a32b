import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isUuid, ManualClock } from '#kernel';
import { serve, type Served } from '../../apps/api/src/serve.ts';
import { createLogger } from '../../apps/api/src/watching/logger.ts';
import { assignment, unit } from '../support/bodies.ts';
import { instant } from '../support/server.ts';

const NOW = instant('2020-11-16T09:00:00+07:00');
const GIVEN = '5f0c1d1e-3c57-4c0e-9d9e-0d9c6f1a2b3c';
const folder = mkdtempSync(join(tmpdir(), 'nhacviec-watching-'));
const lines: string[] = [];
let served: Served;

const send = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${served.url}/api/v1${path}`, init);
const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  send(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });

beforeAll(async () => {
  served = await serve(
    { host: '127.0.0.1', port: 0, dataDir: join(folder, 'data'), clock: new ManualClock(NOW), simulated: true },
    createLogger('info', {
      write: (line) => {
        lines.push(line);
      },
    }),
  );
  expect((await post('/units', unit('so-y-te'), { 'X-Actor': 'admin' })).status).toBe(201);
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Prometheus text as name{labels} → value; throws on a line that is neither comment nor sample. */
async function metrics(): Promise<ReadonlyMap<string, number>> {
  const response = await send('/metrics');
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const samples = new Map<string, number>();
  for (const line of (await response.text()).split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const m = /^([a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\]|\\.)*",?)*\})?) (\S+)$/.exec(line);
    if (!m) throw new Error(`not a sample: ${line}`);
    samples.set(m[1]!, Number(m[2]));
  }
  return samples;
}

test('a correlation id goes from the request to the answer, the event and the line', async () => {
  const response = await post('/tasks', assignment(), {
    'X-Correlation-Id': GIVEN,
    'Idempotency-Key': '0190d6a0-0000-7000-8000-000000000001',
  });
  expect(response.headers.get('x-correlation-id')).toBe(GIVEN);
  const { id } = (await response.json()) as { id: string };
  const [event] = await served.runtime.log.readStream(`task-${id}`);
  expect(event!.metadata.$correlationId).toBe(GIVEN);
  expect(lines.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ correlationId: GIVEN, method: 'POST', route: '/api/v1/tasks', status: 201, role: 'office', level: 'info' }),
  );

  const made = (await post('/tasks', assignment(), { 'X-Correlation-Id': 'Nguyen Van A' })).headers.get('x-correlation-id')!;
  expect(isUuid(made)).toBe(true);
  const events = await served.runtime.log.readAll({ after: 0n, limit: 100 });
  expect(events.at(-1)!.metadata.$correlationId).toBe(made);
});

test('counts what happened, with route patterns and nothing of what was sent', async () => {
  const before = await metrics();
  const { id } = (await (await post('/tasks', assignment())).json()) as { id: string };
  await served.runtime.projector.reaches((await served.runtime.log.head()).position, 5_000);
  await send(`/tasks/${id}`);
  await post('/tasks', { sai: 1 });
  await send('/khong-co/0901234567');
  const after = await metrics();
  const grown = (name: string): number => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  expect(grown('nhacviec_appends_total{outcome="written"}')).toBe(1);
  expect(grown('nhacviec_appended_events_total')).toBe(1);
  expect(grown('nhacviec_append_seconds_count')).toBe(1);
  expect(grown('nhacviec_commands_total{outcome="accepted"}')).toBe(1);
  expect(grown('nhacviec_commands_total{outcome="invalid"}')).toBe(1);
  expect(grown('nhacviec_http_requests_total{method="GET",route="/api/v1/tasks/:id",status="200"}')).toBe(1);
  expect(grown('nhacviec_http_requests_total{method="GET",route="none",status="404"}')).toBe(1);
  expect(grown('nhacviec_projection_batch_seconds_count{projection="all"}')).toBeGreaterThan(0);
  for (const name of ['nhacviec_stream_clients', 'nodejs_eventloop_lag_p99_seconds', 'process_cpu_seconds_total'])
    expect(after.has(name)).toBe(true);
  expect([...after.keys()].filter((name) => name.startsWith('nhacviec_projection_lag_seconds{'))).toHaveLength(4);
  expect([...after.keys()].filter((name) => /[0-9a-f]{8}-|0901234567|so-y-te/.test(name))).toEqual([]);
});

test('a lost race is counted', async () => {
  const { log } = served.runtime;
  const [event] = await log.readAll({ after: 0n, limit: 1 });
  const before = (await metrics()).get('nhacviec_append_conflicts_total') ?? 0;
  const { id: _, ...fact } = event!;
  expect(
    await log.append(event!.stream, [{ ...fact, id: '0190d6a0-0000-7000-8000-0000000000ff' }], { expectedRevision: 40 }),
  ).toMatchObject({ ok: false });
  expect((await metrics()).get('nhacviec_append_conflicts_total')).toBe(before + 1);
});

test('lines hold no names, bodies, queries, units or ids of tasks', async () => {
  const from = lines.length;
  const { id } = (await (
    await post(
      '/tasks',
      assignment({
        content: 'Xác minh đơn của bà Trần Thị B',
        document: { number: '7/UBND', date: '2020-11-02', issuer: 'UBND tỉnh', title: 'Đơn của bà Trần Thị B' },
      }),
    )
  ).json()) as { id: string };
  await send('/tasks?q=Tr%E1%BA%A7n+Th%E1%BB%8B+B');
  await send(`/tasks/${id}`, { headers: { 'X-Actor': 'unit:so-y-te' } });
  await send('/tasks', { headers: { 'X-Actor': encodeURIComponent('Trần Thị B') } });
  await post('/tasks', { ten: 'Trần Thị B' });
  await new Promise((resolve) => setTimeout(resolve, 50));
  const said = lines.slice(from).join('');
  expect(lines.length - from).toBe(5);
  expect(said).not.toMatch(/Tr%|Trần|Thị|so-y-te|UBND/);
  expect(said).not.toContain(id);
});

test('an unforeseen error is a 500 that tells nothing, and a line that tells where', async () => {
  const positions = served.runtime.projector.status.bind(served.runtime.projector);
  served.runtime.projector.status = () => Promise.reject(new Error('bí mật bên trong'));
  const response = await send('/health/ready');
  served.runtime.projector.status = positions;
  expect(response.status).toBe(500);
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  expect(await response.text()).not.toMatch(/bí mật|at .*\.ts/);
  const line = lines
    .map((text) => JSON.parse(text) as { level: string; code?: string; stack?: string; correlationId?: string })
    .find(({ level }) => level === 'error');
  expect(line).toMatchObject({
    code: 'internal-error',
    correlationId: response.headers.get('x-correlation-id'),
    stack: expect.stringContaining('watching.e2e.spec'),
  });
});
