import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { inFolder } from './log-writer.ts';

const runs = process.platform === 'win32' ? test.skip : test;

runs('a data folder without the right to write is refused by name, and one that cannot be made, too', () =>
  inFolder(async (folder) => {
    chmodSync(folder, 0o755);
    const closed = join(folder, 'closed');
    const missing = join(folder, 'closed', 'data');
    mkdirSync(closed);
    chmodSync(closed, 0o555);
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--conditions=source', '--import', '@swc-node/register/esm-register', join(import.meta.dirname, 'data-folder-not-writable.child.ts'), closed, missing],
      { encoding: 'utf8', cwd: join(import.meta.dirname, '../..'), env: { ...process.env, NODE_OPTIONS: '', SWC_NODE_PROJECT: join(import.meta.dirname, '../../tsconfig.json') } },
    );
    expect([status, stderr]).toEqual([0, '']);
    const answers = stdout.trim().split('\n').map((line) => JSON.parse(line) as { code: string; detail: string });
    expect(answers).toMatchObject([{ code: 'data-folder-not-writable' }, { code: 'data-folder-not-writable' }]);
    expect(answers[0]!.detail).toContain(`“${closed}”`);
    expect(answers[1]!.detail).toContain(`“${missing}”`);
    expect(answers[0]!.detail).toContain('cấp quyền ghi');
    expect(readdirSync(closed)).toEqual([]);
    chmodSync(closed, 0o755);
  }));
