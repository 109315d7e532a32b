import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { assignment, unit } from '../support/bodies.ts';
import { instant, TestServer, type Reply } from '../support/server.ts';

/* Room screens: paired by a code, reading and nothing else, let go at once when their right is taken back. */

let server: TestServer;
let briefing: string;
beforeEach(async () => {
  server = await TestServer.start(instant('2020-11-23T07:40:00+07:00'));
  for (const id of ['so-y-te', 'so-noi-vu']) await server.done('/units', unit(id), 'admin');
  briefing = (await server.done('/briefings', { name: 'Giao ban', cutOff: '2020-11-23T07:30:00+07:00' })).id;
});
afterEach(() => server.stop());

const asScreen = (token: string, path: string, init: RequestInit = {}): Promise<Reply> => server.send(path, { ...init, headers: { 'X-Screen-Token': token, ...init.headers } });
async function pair(to = briefing): Promise<{ token: string; screenId: string; claim: string }> {
  const { code, claim } = (await server.post('/screens')).body;
  expect(await server.send('/screens/claim', { headers: { 'X-Screen-Claim': claim } })).toMatchObject({ status: 202, body: { state: 'waiting' } });
  await server.done('/screens/pair', { code, briefingId: to, name: 'Phòng họp số 1' });
  const claimed = await server.send('/screens/claim', { headers: { 'X-Screen-Claim': claim } });
  expect(claimed).toMatchObject({ status: 200, body: { briefingId: to } });
  return { ...claimed.body, claim };
}
/** What came over a stream until it ended, or until enough was heard. */
async function listen(path: string, headers: Record<string, string>, enough: (text: string) => boolean): Promise<{ readonly text: () => string; readonly ended: Promise<void>; readonly heard: Promise<void> }> {
  const response = await fetch(`${server.url}/api/v1${path}`, { headers });
  expect(response.status).toBe(200);
  let text = '';
  let hear = (): void => undefined;
  const heard = new Promise<void>((resolve) => { hear = resolve; });
  const read = async (): Promise<void> => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      if (enough(text)) hear();
    }
  };
  return { text: () => text, ended: read().catch(() => undefined), heard };
}

describe('a room screen', () => {
  test('is paired once by the code on it, and reads its meeting and nothing else', async () => {
    const { token, claim, screenId } = await pair();
    expect(await server.send('/screens/claim', { headers: { 'X-Screen-Claim': claim } })).toMatchObject({ status: 401, body: { code: 'screen-claim-unknown' } });
    for (const path of [`/briefings/${briefing}`, `/briefings/${briefing}/ticker`, `/briefings/${briefing}/show`, '/health/live', '/health/ready', '/screens/me']) expect([path, (await asScreen(token, path)).status]).toEqual([path, 200]);
    const { id: task } = await server.done('/tasks', assignment({ assignedOn: '2020-11-23' }));
    const { paths } = await server.ok('/openapi.json');
    for (const [path, methods] of Object.entries<object>(paths)) {
      if (/^\/api\/v1\/(briefings\/\{id\}(\/(screen|ticker|show))?|stream|health\/(live|ready)|screens\/(me|renew))$/.test(path)) continue;
      for (const method of Object.keys(methods)) {
        const url = path.replace('/api/v1', '').replaceAll(/\{id\}/g, task).replaceAll(/\{\w+\}/g, 'x');
        const init = method === 'post' ? { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } } : {};
        expect([method, url, await asScreen(token, url, init).then(({ status, body }) => [status, body?.code])]).toEqual([method, url, [403, 'screen-read-only']]);
      }
    }
    for (const path of ['conclusions', 'close', 'show']) expect(await asScreen(token, `/briefings/${briefing}/${path}`, { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json', 'X-Actor': 'office' } })).toMatchObject({ status: 403 });
    expect(await server.ok('/screens')).toMatchObject({ items: [{ id: screenId, name: 'Phòng họp số 1', briefingId: briefing, revoked: false, connected: true }] });
    expect((await server.get('/screens', 'unit:so-y-te')).status).toBe(403);
  });

  test('sees meetings of its own scope only, and follows the scope to its next meeting', async () => {
    const other = (await server.done('/briefings', { name: 'Giao ban Sở Y tế', cutOff: '2020-11-23T07:30:00+07:00', unitId: 'so-y-te' })).id;
    const { token } = await pair();
    expect(await asScreen(token, `/briefings/${other}`)).toMatchObject({ status: 403, body: { code: 'screen-out-of-scope' } });
    await server.done(`/briefings/${briefing}/close`);
    await server.advance('2020-11-24T07:30:00+07:00');
    const next = (await server.done('/briefings', { name: 'Giao ban sau', cutOff: '2020-11-24T07:30:00+07:00' })).id;
    expect((await asScreen(token, '/screens/me')).body).toMatchObject({ briefingId: next });
    expect((await asScreen(token, '/screens/renew', { method: 'POST' })).body).toMatchObject({ briefingId: next, expiresAt: '2020-11-25T07:30:00.000+07:00' });
    // A code typed for a meeting that is over pairs nothing.
    const { code } = (await server.post('/screens')).body;
    expect(await server.post('/screens/pair', { code, briefingId: briefing, name: 'x' })).toMatchObject({ status: 409, body: { code: 'briefing-closed' } });
  });

  test('renews its right for another day; the old one holds a moment longer, so that a lost answer locks nobody out', async () => {
    const { token } = await pair();
    server.clock.set(instant('2020-11-23T20:00:00+07:00'));
    const { body } = await asScreen(token, '/screens/renew', { method: 'POST' });
    expect(body).toMatchObject({ briefingId: briefing, expiresAt: '2020-11-24T20:00:00.000+07:00' });
    expect(body.token).not.toBe(token);
    expect((await asScreen(token, '/screens/me')).status).toBe(200);
    server.clock.set(instant('2020-11-23T20:06:00+07:00'));
    expect(await asScreen(token, '/screens/me')).toMatchObject({ status: 401, body: { code: 'screen-token-unknown' } });
    server.clock.set(instant('2020-11-24T19:59:00+07:00'));
    expect((await asScreen(body.token, '/screens/me')).status).toBe(200);
    await server.restart();
    expect((await asScreen(body.token, '/screens/me')).status).toBe(200);
    server.clock.set(instant('2020-11-24T20:00:00+07:00'));
    expect(await asScreen(body.token, '/screens/me')).toMatchObject({ status: 401, body: { code: 'screen-expired' } });
  });

  test('loses its right at once, on its open stream too', async () => {
    const { token, screenId } = await pair();
    const stream = await listen('/stream', { 'X-Screen-Token': token }, () => false);
    await sleep(50);
    expect((await server.post(`/screens/${screenId}/revoke`, {}, { 'X-Actor': 'auditor' })).status).toBe(403);
    await server.done(`/screens/${screenId}/revoke`);
    await stream.ended;
    expect(await asScreen(token, `/briefings/${briefing}`)).toMatchObject({ status: 401, body: { code: 'screen-revoked' } });
    expect(await asScreen(token, '/stream')).toMatchObject({ status: 401, body: { code: 'screen-revoked' } });
  });

  test('hears over the stream what it is to show, and other pages do not', async () => {
    const { token } = await pair();
    const show = (page: string, change: object = {}): Promise<any> => server.done(`/briefings/${briefing}/show`, { page, live: false, blank: false, ...change }, 'leader');
    expect(await server.get(`/briefings/${briefing}/show`)).toMatchObject({ status: 200, text: 'null' });
    expect(await show('overview')).toMatchObject({ page: 'overview', n: 1, unitId: null, revision: 1, startedAt: '2020-11-23T07:40:00.000+07:00' });
    const room = await listen('/stream?screenToken=' + token, {}, (text) => text.includes('"revision":2'));
    const page = await listen('/stream', {}, (text) => text.includes('event: unit'));
    await show('units', { unitId: 'so-y-te', n: 2 });
    await room.heard;
    expect(room.text()).toMatch(/event: show\ndata: \{"briefingId":"[^"]+","page":"overview"[^\n]*"revision":1[\s\S]*event: show\ndata: [^\n]*"page":"units","n":2,"unitId":"so-y-te"/);
    expect(room.text()).not.toMatch(/id: [^\n]*\nevent: show/);
    await server.done('/units', unit('so-tu-phap'), 'admin');
    await page.heard;
    expect(page.text()).not.toContain('event: show');
    expect(await server.ok(`/briefings/${briefing}`)).toMatchObject({ show: { page: 'units', revision: 2 } });
    expect(await server.post(`/briefings/${briefing}/show`, { page: 'units', unitId: 'khong-co', live: false, blank: false })).toMatchObject({ status: 422 });
  });

  test('cannot be guessed: codes and tokens are tried a few times and then no more', async () => {
    for (let n = 0; n < 10; n++) expect((await server.post('/screens/pair', { code: String(n).padStart(6, '9'), briefingId: briefing, name: 'x' })).status).toBe(422);
    const reply = await server.post('/screens/pair', { code: '123456', briefingId: briefing, name: 'x' });
    expect(reply).toMatchObject({ status: 429, body: { code: 'too-many-attempts' } });
    expect(Number(reply.headers.get('Retry-After'))).toBeGreaterThan(200);
    for (let n = 0; n < 20; n++) expect((await asScreen(`x${String(n)}`, '/screens/me')).status).toBe(401);
    expect((await asScreen('x', '/screens/me')).status).toBe(429);
    for (let n = 0; n < 10; n++) expect((await server.post('/screens')).status).toBe(201);
    expect((await server.post('/screens')).status).toBe(429);
  });
});
