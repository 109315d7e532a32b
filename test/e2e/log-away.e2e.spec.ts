import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LogStoppedError, LogUnavailableError, OutcomeUnknownError } from '#event-log';
import { systemIds } from '#kernel';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer } from '../support/server.ts';

describe('a log on a server that does not answer, over HTTP', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await TestServer.start(instant('2020-11-16T08:00:00+07:00'));
    await server.done('/units', unit('so-y-te'), 'admin');
  });
  afterEach(() => server.stop());

  const assign = (key: string) => server.post('/tasks', assignment(), { 'Idempotency-Key': key });

  test('an outcome that is not known is never told as failed; the same key finds out', async () => {
    const before = await server.events();
    for (const written of [true, false]) {
      const key = systemIds.next();
      const { log } = server.runtime;
      const append = log.append.bind(log);
      const spy = jest.spyOn(log, 'append').mockImplementationOnce(async (...given) => {
        if (written) await append(...given);
        throw new OutcomeUnknownError('esdb://secret.example: no answer');
      });
      const unknown = await assign(key);
      spy.mockRestore();
      expect(unknown).toMatchObject({
        status: 503,
        body: { code: 'outcome-unknown', status: 503, detail: expect.stringMatching(/có thể đã được ghi nhận.*cùng Idempotency-Key/s) },
      });
      expect(unknown.headers.get('Retry-After')).toMatch(/^\d+$/);
      expect(unknown.headers.get('Content-Type')).toContain('application/problem+json');
      expect(unknown.text).not.toContain('secret.example');
      const again = await assign(key);
      expect(again).toMatchObject({ status: 201, body: { revision: 0, events: ['TaskAssigned'] } });
    }
    expect(await server.events()).toBe(before + 2);
  });

  test('a log that cannot be reached has written nothing and says when to come back', async () => {
    const before = await server.events();
    const key = systemIds.next();
    const spy = jest.spyOn(server.runtime.log, 'append').mockRejectedValueOnce(new LogUnavailableError('esdb://secret.example: refused'));
    const away = await assign(key);
    spy.mockRestore();
    expect(away).toMatchObject({ status: 503, body: { code: 'log-unavailable', detail: expect.stringContaining('chưa ghi gì') } });
    expect(away.headers.get('Retry-After')).toMatch(/^\d+$/);
    expect(away.text).not.toContain('secret.example');
    expect(await server.events()).toBe(before);
    expect((await assign(key)).status).toBe(201);
  });

  test('a question that the log cannot answer is not a defect', async () => {
    const task = (await assign(systemIds.next())).body as { id: string };
    const spy = jest.spyOn(server.runtime.log, 'readStream').mockRejectedValueOnce(new LogUnavailableError('refused'));
    const answer = await server.post(`/tasks/${task.id}/receive`, {}, { 'X-Actor': 'unit:so-y-te' });
    spy.mockRestore();
    expect(answer).toMatchObject({ status: 503, body: { code: 'log-unavailable' } });
  });

  test('a log that has stopped says so', async () => {
    const spy = jest.spyOn(server.runtime.log, 'append').mockRejectedValueOnce(new LogStoppedError('fsync'));
    expect(await assign(systemIds.next())).toMatchObject({ status: 503, body: { code: 'log-stopped' } });
    spy.mockRestore();
  });
});
