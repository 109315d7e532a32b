import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { assignment, unit } from '../support/bodies.ts';
import { startChildServer } from '../support/child-server.ts';
import { SseClient } from '../support/sse.ts';

const CLIENTS = 500;

describe('a server told to stop while events stream', () => {
  it(`ends ${String(CLIENTS)} streams and itself with 0 within ten seconds, under load, with one client that takes nothing`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-stop-'));
    const { child, url } = await startChildServer(join(root, 'data'));
    const post = async (path: string, body: object): Promise<number> =>
      (
        await fetch(`${url}/api/v1${path}`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-Actor': path === '/units' ? 'admin' : 'office' },
          body: JSON.stringify(body),
        })
      ).status;
    expect(await post('/units', unit('so-y-te'))).toBe(201);
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => SseClient.open(`${url}/api/v1/stream`)));
    clients[0]!.pause();
    let stopping = false;
    let answered = 0;
    const writers = Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let n = 0; !stopping; n++) {
          const status = await post('/tasks', assignment({ content: `Việc ${String(n)}`, backdateReason: 'thử' })).catch(() => undefined);
          if (status === undefined) break;
          expect([201, 503]).toContain(status);
          answered++;
        }
      }),
    );
    await Promise.all(clients.slice(1).map((client) => client.until(({ events }) => events.length >= 20)));

    const started = performance.now();
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const code = await ended;
    const took = performance.now() - started;
    stopping = true;
    await Promise.all(clients.slice(1).map(({ closed }) => closed));
    await writers;
    clients[0]!.cut();
    rmSync(root, { recursive: true, force: true });

    process.stdout.write(`Dừng với ${String(CLIENTS)} luồng, ${String(answered)} lệnh đã trả lời: ${took.toFixed(0)} ms\n`);
    expect(code).toBe(0);
    // Nothing waits for a connection: the last resort after nine seconds was not needed.
    expect(took).toBeLessThan(5_000);
    const seen = clients[1]!.events.map(({ id }) => Number(id));
    expect(seen).toEqual(seen.map((_, n) => seen[0]! + n));
  });
});
