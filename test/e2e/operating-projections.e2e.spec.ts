import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { dayOf, systemClock, systemIds } from '#kernel';
import { assignment, unit } from '../support/bodies.ts';
import { CHILD_ENV, endChild, startChildServer } from '../support/child-server.ts';

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The built program with its projector in a thread, and the command line beside it. */
describe('the read models of a running program', () => {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-operating-'));
  const data = join(root, 'data');
  let server: Awaited<ReturnType<typeof startChildServer>>;
  const run = (...args: string[]): Promise<Ran> =>
    new Promise((resolve) => {
      execFile(process.execPath, ['apps/cli/launch.mjs', ...args, '--data', data], { env: CHILD_ENV }, (error, out, err) => { resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }); });
    });
  const call = async (method: 'GET' | 'POST', path: string, body: unknown = {}, actor = 'admin'): Promise<{ status: number; body: any }> => {
    const response = await fetch(`${server.url}/api/v1/${path}`, { method, headers: { 'X-Actor': actor, 'Content-Type': 'application/json' }, ...(method === 'POST' && { body: JSON.stringify(body) }) });
    return { status: response.status, body: await response.json() };
  };
  const today = dayOf(Date.now());
  const assign = async (content: string): Promise<{ id: string; position: string }> => {
    const { status, body } = await call('POST', 'tasks', assignment({ content, assignedOn: today, document: { number: '1/UBND', date: today, issuer: 'UBND tỉnh', title: 'Minh họa' }, deadline: { none: true } }), 'office');
    expect([status, body]).toEqual([201, body]);
    return body;
  };

  beforeAll(async () => {
    server = await startChildServer(data);
    expect((await call('POST', 'units', unit('so-y-te'))).status).toBe(201);
    let position = '';
    for (let n = 0; n < 20; n++) ({ position } = await assign(`việc ${String(n)}`));
    // On a busy machine what is derived may be behind the last of them.
    expect((await call('GET', `tasks?limit=1&atLeast=${position}`)).body).toMatchObject({ total: 20 });
  }, 60_000);
  afterAll(async () => {
    await endChild(server.child, 'SIGTERM');
    rmSync(root, { recursive: true, force: true });
  });

  it('are built anew by the command line while it serves: no question fails, every one is answered as before or as after the tasks given meanwhile', async () => {
    const before = (await call('GET', 'projections')).body.items as { name: string; build: number }[];
    const going = new AbortController();
    let asked = 0;
    let given = 20;
    const wrong: string[] = [];
    const reader = (async () => {
      while (!going.signal.aborted) {
        const least = given;
        const { status, body } = await call('GET', 'tasks?limit=1');
        const { status: found, body: figures } = await call('GET', 'figures');
        asked++;
        // One task is being given at any time, and what is derived may be a moment behind the answer to its giver.
        for (const [what, code, total] of [['tasks', status, body.total], ['figures', found, figures.total]]) if (code !== 200 || total < least - 1 || total > given + 1) wrong.push(`${String(what)} ${String(code)} ${String(total)}, given ${String(least)}`);
      }
    })();
    const writer = (async () => {
      while (!going.signal.aborted) {
        const { position } = await assign(`việc thêm ${String(given)}`);
        given++;
        expect((await call('GET', `tasks?limit=1&atLeast=${position}`)).body).toMatchObject({ total: given });
      }
    })();
    for (const name of ['figures', 'task-board', 'audit-trail', 'reminder-ledger']) {
      const rebuilt = await run('projections', 'rebuild', name);
      expect([rebuilt.code, rebuilt.err]).toEqual([0, '']);
    }
    going.abort();
    await Promise.all([reader, writer]);
    expect(wrong).toEqual([]);
    expect(asked).toBeGreaterThan(5);
    const after = (await call('GET', 'projections')).body.items as { name: string; build: number; state: string }[];
    for (const { name, build } of before) {
      const now = after.filter((one) => one.name === name);
      expect(now.map(({ state }) => state)).toEqual(['active']);
      expect(now[0]!.build).toBeGreaterThan(build);
    }
    expect((await run('projections', 'drop')).out).toContain('Không có bảng nào');
  }, 120_000);

  it('set an event aside that they cannot take; the command line shows it, and skips it by a decision in the log', async () => {
    const taskId = systemIds.next();
    const stream = `task-${taskId}`;
    const event = { id: systemIds.next(), type: 'TaskAssigned', schema: 1, data: { content: 'không có gì khác' }, occurredAt: Date.now(), metadata: { actor: { id: 'office', role: 'office' } } } as const;
    const log = await openSqliteEventLog({ file: join(data, 'events.sqlite'), clock: systemClock });
    await log.append(stream, [event], { expectedRevision: -1 });
    await log.close();
    const { id, position } = await assign('việc sau sự kiện hỏng');
    let shown: { items: { id: string; code: string }[] } = { items: [] };
    for (let n = 0; n < 100 && shown.items.length === 0; n++) {
      const { status, body } = await call('GET', `tasks?q=hong&atLeast=${position}`);
      if (status === 200) shown = body;
    }
    expect(shown.items.map((item) => item.id)).toStrictEqual([id]);

    const list = JSON.parse((await run('parked', 'list', '--json')).out) as { projection: string; eventId: string; stream: string; attempts: number }[];
    expect(list.map(({ projection, eventId, attempts }) => [projection, eventId, attempts]).sort()).toEqual([['audit-trail', event.id, 3], ['figures', event.id, 3], ['task-board', event.id, 3]]);
    expect(JSON.parse((await run('parked', 'show', event.id)).out)).toMatchObject({ event: { id: event.id, type: 'TaskAssigned' }, waiting: 1 });
    expect((await call('GET', 'health/ready')).body.projections.map((one: { parked: number }) => one.parked).sort()).toEqual([0, 1, 1, 1]);

    expect((await call('POST', `parked/${event.id}/retry`, { projection: 'figures' }, 'office')).status).toBe(403);
    expect(await run('parked', 'retry', event.id, '--projection', 'figures')).toMatchObject({ code: 1, err: expect.stringContaining('vẫn để riêng') });
    expect((await call('POST', `parked/${event.id}/skip`, { projection: 'figures', reason: ' ' })).body).toMatchObject({ status: 422, code: 'reason-missing' });
    expect((await call('POST', `parked/${event.id}/skip`, { projection: 'khong-co', reason: 'x' })).body).toMatchObject({ status: 404, code: 'projection-unknown' });
    for (const projection of ['figures', 'task-board', 'audit-trail']) expect(await run('parked', 'skip', event.id, '--projection', projection, '--reason', 'ghi nhầm khi thử')).toMatchObject({ code: 0, out: 'Luồng đã trở lại.\n' });
    expect((await run('parked', 'list')).out).toBe('Không có gì để riêng.\n');

    // The decision holds for builds to come, and the number of the task after it stays what it was.
    expect((await run('projections', 'rebuild')).code).toBe(0);
    const again = (await call('GET', `tasks?q=hong&atLeast=${position}`)).body as typeof shown;
    expect(again.items.map(({ code }) => code)).toEqual(shown.items.map(({ code }) => code));
  }, 120_000);
});
