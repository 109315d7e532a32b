import { afterEach, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHILD_ENV, endChild, endLeftServers, startChildServer } from '../support/child-server.ts';

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['apps/cli/launch.mjs', ...args], { env: CHILD_ENV, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

afterEach(endLeftServers);

describe('a data folder with a running server', () => {
  it('refuses a second writer naming folder and process, answers commands that only read, and is free again after kill -9', async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-in-use-'));
    const data = join(root, 'data');
    const first = await startChildServer(data);
    try {
      const unit = await fetch(`${first.url}/api/v1/units`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 'so-y-te', name: 'Sở Y tế', shortName: 'Sở Y tế', kind: 'so' }) });
      expect(unit.status).toBe(201);

      const { code, err } = run('serve', '--data', data);
      expect(code).toBe(1);
      expect(err).toContain(`“${data}”`);
      expect(err).toContain(`tiến trình ${String(first.child.pid)} `);

      const figures = run('figures', '--unit', 'so-y-te', '--data', data, '--json');
      expect([figures.code, JSON.parse(figures.out)]).toMatchObject([0, { total: 0 }]);
      expect(figures.err).toContain('Chương trình đang chạy');
      const list = run('projections', 'list', '--data', data, '--json');
      expect([list.code, JSON.parse(list.out).length > 0]).toEqual([0, true]);
      expect(JSON.parse(run('log', 'stat', '--json', '--data', data).out)).toMatchObject({ events: 1 });
      expect(run('log', 'verify', '--data', data)).toMatchObject({ code: 0, out: 'Nguyên vẹn: 1 sự kiện.\n' });
      expect((await fetch(`${first.url}/api/v1/health/ready`)).status).toBe(200);
    } finally {
      await endChild(first.child, 'SIGKILL');
    }
    const second = await startChildServer(data);
    await endChild(second.child, 'SIGTERM');
    expect(run('projections', 'rebuild', '--data', data)).toMatchObject({ code: 0 });
    rmSync(root, { recursive: true, force: true });
  }, 120_000);
});
