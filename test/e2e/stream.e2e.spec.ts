import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';
import { SseClient } from '../support/sse.ts';

interface Answer {
  readonly id: string;
  readonly position: string;
}

/* GET /stream through the whole program; the rules of resuming are tested beside their source. */
describe('the event stream over HTTP', () => {
  let server: TestServer;
  const opened: SseClient[] = [];

  beforeAll(async () => {
    server = await TestServer.start(instant('2020-11-16T09:00:00+07:00'));
    await server.done('/units', unit('so-y-te'), 'admin');
  });
  afterAll(async () => {
    for (const one of opened) one.cut();
    await server.stop();
  });

  const open = async (path = '/stream', init: { lastEventId?: string; headers?: Record<string, string> } = {}): Promise<SseClient> => {
    const one = await SseClient.open(`${server.url}/api/v1${path}`, init);
    opened.push(one);
    return one;
  };

  it('names the task, its code and the position, and what it names can be asked for at once', async () => {
    const one = await open();
    const answers: unknown[] = [];
    const asking = one.until(({ events }) => events.length === 20);
    const asked: Promise<void>[] = [];
    for (let n = 0; n < 20; n++) {
      const before = one.events.length;
      const { id, position } = (await server.post('/tasks', assignment({ content: `Việc ${String(n)}` }))).body as Answer;
      asked.push(
        one
          .until(({ events }) => events.length > before && events.some((event) => event.id === position))
          .then(async () => {
            const event = one.events.find((candidate) => candidate.id === position)!;
            const { body, status } = await server.get(`/tasks/${id}`);
            answers.push(
              status === 200 &&
                event.event === 'task' &&
                event.data.taskId === id &&
                event.data.code === body.code &&
                event.data.type === 'TaskAssigned' &&
                event.data.position === position,
            );
          }),
      );
    }
    await Promise.all([asking, ...asked]);
    expect(answers).toEqual(Array.from({ length: 20 }, () => true));
  });

  it('names other events by their category, and carries nothing but ids', async () => {
    const one = await open();
    await server.done('/units', unit('so-noi-vu', { name: 'Sở Nội vụ' }), 'admin');
    await server.done('/settings', { dueSoonWorkingDays: 5, reason: 'thử' }, 'admin');
    await one.until(({ events }) => events.length === 2);
    expect(one.events.map(({ event, data: { position: _, ...data } }) => ({ event, data }))).toEqual([
      { event: 'unit', data: { type: 'UnitEstablished', id: 'so-noi-vu' } },
      { event: 'settings', data: { type: 'SettingsChanged', id: 'main' } },
    ]);
  });

  it('resumes from Last-Event-ID, which goes before the lastEventId of the address', async () => {
    const head = BigInt((await server.ok<{ position: string }>('/system')).position);
    const [byAddress, byHeader] = [
      await open(`/stream?lastEventId=${String(head - 3n)}`),
      await open(`/stream?lastEventId=${String(head - 3n)}`, { lastEventId: String(head - 1n) }),
    ];
    await byAddress.until(({ events }) => events.length === 3);
    await byHeader.until(({ events }) => events.length === 1);
    expect(byAddress.events.map(({ id }) => id)).toEqual([head - 2n, head - 1n, head].map(String));
    expect(byHeader.events.map(({ id }) => id)).toEqual([String(head)]);
  });

  it('goes on after a restart of the server', async () => {
    const one = await open();
    await one.until(({ lastEventId }) => lastEventId !== undefined);
    await server.restart();
    await one.closed;
    const { position } = await server.done<Answer>('/tasks', assignment({ content: 'Sau khi khởi động lại' }));
    const again = await open('/stream', { lastEventId: one.lastEventId! });
    await again.until(({ events }) => events.length === 1);
    expect(again.events.map(({ id, event }) => [id, event])).toEqual([[position, 'task']]);
  });

  it('is open to everyone', async () => {
    for (const who of ['office', 'leader', 'unit:so-y-te', 'auditor', 'admin'])
      await (await open('/stream', { headers: { 'X-Actor': who } })).until(({ lastEventId }) => lastEventId !== undefined);
  });

  it('is neither compressed nor kept', async () => {
    const one = await open('/stream', { headers: { 'Accept-Encoding': 'gzip, br' } });
    expect(one.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-transform',
      'x-content-type-options': 'nosniff',
    });
    expect(one.headers['content-encoding']).toBeUndefined();
    await server.done('/tasks', assignment({ content: 'Không nén' }));
    await one.until(({ events }) => events.length === 1);
  });

  it('refuses a Last-Event-ID that is no position as a problem document', async () => {
    for (const [path, headers, name] of [
      ['/stream', { 'Last-Event-ID': 'abc' }, '?Last-Event-ID'],
      ['/stream', { 'Last-Event-ID': '-1' }, '?Last-Event-ID'],
      ['/stream?lastEventId=1.5', {}, '?lastEventId'],
      ['/stream?lastEventId=', {}, '?lastEventId'],
    ] as const) {
      const { status, body, headers: answered } = await server.send(path, { headers });
      expect([status, body.code, body.errors[0].pointer, answered.get('content-type')]).toEqual([
        400,
        'parameter-invalid',
        name,
        'application/problem+json; charset=utf-8',
      ]);
    }
    expect((await server.send('/stream?lastEventId=1&lastEventId=2')).status).toBe(400);
    expect((await server.send('/stream?unknown=1')).status).toBe(400);
    expect((await server.get('/stream', 'khách')).status).toBe(401);
  });

  it('answers HEAD without opening a stream, and stands in the description of the API', async () => {
    const head = await server.send('/stream', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
    const { paths } = await server.ok('/openapi.json');
    expect(Object.keys(paths['/api/v1/stream'].get.responses['200'].content)).toEqual(['text/event-stream']);
  });
});
