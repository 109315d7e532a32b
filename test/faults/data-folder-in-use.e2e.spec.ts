import { describe, expect, it } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const env = { ...process.env, PORT: '0', NODE_OPTIONS: '' };

function run(...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['apps/cli/launch.mjs', ...args], { env, encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

async function start(data: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['apps/cli/launch.mjs', 'serve', '--data', data], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      const m = /Nhắc Việc: (\S+)/.exec(said);
      if (m) resolve(m[1]!);
    });
    child.once('exit', (code) => { reject(new Error(`the server stopped before it was ready: ${String(code)} ${said}`)); });
  });
  return { child, url };
}

const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('exit', resolve));

describe('a data folder with a running server', () => {
  it('refuses a second writer naming folder and process, answers commands that only read, and is free again after kill -9', async () => {
    const root = mkdtempSync(join(tmpdir(), 'nhacviec-in-use-'));
    const data = join(root, 'data');
    const first = await start(data);
    try {
      const unit = await fetch(`${first.url}/api/v1/units`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ id: 'so-y-te', name: 'Sở Y tế', shortName: 'Sở Y tế', kind: 'so' }) });
      expect(unit.status).toBe(201);

      for (const command of [['serve'], ['projections', 'rebuild'], ['projections', 'rebuild', 'figures']]) {
        const { code, err } = run(...command, '--data', data);
        expect([command, code]).toEqual([command, 1]);
        expect(err).toContain(`“${data}”`);
        expect(err).toContain(`tiến trình ${String(first.child.pid)} `);
      }

      const figures = run('figures', '--unit', 'so-y-te', '--data', data, '--json');
      expect([figures.code, JSON.parse(figures.out)]).toMatchObject([0, { total: 0 }]);
      expect(figures.err).toContain('Chương trình đang chạy');
      const list = run('projections', 'list', '--data', data, '--json');
      expect([list.code, JSON.parse(list.out).length > 0]).toEqual([0, true]);
      expect(JSON.parse(run('log', 'stat', '--data', data).out)).toMatchObject({ events: 1 });
      expect(run('log', 'verify', '--data', data)).toMatchObject({ code: 0, out: 'Nguyên vẹn: 1 sự kiện.\n' });
      expect((await fetch(`${first.url}/api/v1/health/ready`)).status).toBe(200);
    } finally {
      first.child.kill('SIGKILL');
      await ended(first.child);
    }
    const second = await start(data);
    second.child.kill('SIGTERM');
    await ended(second.child);
    expect(run('projections', 'rebuild', '--data', data)).toMatchObject({ code: 0 });
    rmSync(root, { recursive: true, force: true });
  }, 120_000);
});
