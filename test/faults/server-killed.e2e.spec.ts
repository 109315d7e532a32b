import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, systemIds } from '#kernel';
import { openRuntime } from '../../apps/api/src/runtime.ts';
import { endChild, startChildServer } from '../support/child-server.ts';

const KILLS = process.env['NHACVIEC_FULL'] === undefined ? 8 : 50;
const WRITERS = 16;

describe('a server killed under load', () => {
  it(`loses no acknowledged task and doubles none, ${String(KILLS)} times`, async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-kill-'));
    const data = join(root, 'data');
    const acknowledged = new Map<string, string>();
    const today = new Date(Date.now() + 7 * 3_600_000).toISOString().slice(0, 10);
    let unsent: { key: string; content: string }[] = [];
    for (let kill = 0; kill <= KILLS; kill++) {
      const { child, url } = await startChildServer(data);
      const post = async (path: string, body: object, key: string): Promise<Response> => fetch(`${url}/api/v1${path}`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key }, body: JSON.stringify(body) });
      if (kill === 0) await post('/units', { id: 'so-y-te', name: 'Sở Y tế', shortName: 'Sở Y tế', kind: 'so' }, systemIds.next());
      let killed = false;
      const assign = async (key: string, content: string): Promise<void> => {
        try {
          const response = await post('/tasks', { document: { number: '1/UBND', date: today, issuer: 'UBND tỉnh', title: 'Thử' }, content, authority: 'chu-tich', leadUnitId: 'so-y-te', assignedOn: today, deadline: { none: true } }, key);
          const { id } = (await response.json()) as { id: string };
          if (response.status === 201) acknowledged.set(content, id);
          else throw new Error(String(response.status));
        } catch {
          // Outcome unknown: the same command goes to the next server with the same key.
          unsent.push({ key, content });
        }
      };
      const again = unsent;
      unsent = [];
      await Promise.all(again.map(({ key, content }) => assign(key, content)));
      if (kill === KILLS) {
        await endChild(child, 'SIGTERM');
        break;
      }
      const writers = Array.from({ length: WRITERS }, async (_, w) => {
        for (let n = 0; !killed; n++) await assign(systemIds.next(), `việc ${String(kill)}-${String(w)}-${String(n)}`);
      });
      await new Promise((resolve) => setTimeout(resolve, 150 + (kill % 5) * 60));
      child.kill('SIGKILL');
      killed = true;
      await Promise.all(writers);
    }
    expect(unsent).toEqual([]);

    const runtime = await openRuntime({ dataDir: data, clock: new ManualClock(Date.now()) });
    const contents = new Map<string, number>();
    for (let after = 0n; ; ) {
      const events = await runtime.log.readAll({ after, categories: ['task'], limit: 1_000 });
      for (const { type, data } of events) if (type === 'TaskAssigned' && typeof data['content'] === 'string') contents.set(data['content'], (contents.get(data['content']) ?? 0) + 1);
      if (events.length === 0) break;
      after = events[events.length - 1]!.position;
    }
    expect([...acknowledged.keys()].filter((content) => contents.get(content) !== 1)).toEqual([]);
    expect([...contents].filter(([, n]) => n > 1)).toEqual([]);
    expect(await runtime.board.count()).toBe(contents.size);
    expect(acknowledged.size).toBeGreaterThan(KILLS * 10);
    await runtime.close();
    rmSync(root, { recursive: true, force: true });
  }, 600_000);
});
