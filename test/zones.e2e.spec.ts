import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { FULL, told } from './support/rounds.ts';

/** Without summer time, with it, and a day ahead of Europe. */
const ZONES = FULL ? ['UTC', 'Europe/Brussels', 'Pacific/Apia'] : ['Pacific/Apia'];
const [PROJECTS, SUITES] = FULL ? [['unit', 'int', 'e2e'], 'libs/(kernel|deadlines|reminders)/|test/e2e/(reminders|subscriptions)'] : [['unit'], 'libs/(kernel|deadlines|reminders)/'];
const JEST = join('node_modules', 'jest', 'bin', 'jest.js');
const run = promisify(execFile);

describe('a machine that keeps the time of another country', () => {
  it.each(ZONES)('counts deadlines, reads the calendar and reminds as in Vietnam: %s', async (zone) => {
    const { stdout, stderr } = await run(process.execPath, [JEST, '--forceExit', '--maxWorkers', '1', '--selectProjects', ...PROJECTS, '--testPathPatterns', SUITES], {
      env: { ...process.env, TZ: zone, NHACVIEC_FULL: undefined, JEST_WORKER_ID: undefined }, maxBuffer: 64 * 1024 * 1024,
    });
    const counted = /^(\d+) passed, (\d+) failed, \d+ skipped$/m.exec(`${stdout}\n${stderr}`);
    told(`suites under TZ=${zone}`, { passed: Number(counted?.[1]), failed: Number(counted?.[2]) });
    // A run with a failure ends with another status, and its own words are the reason given here.
    expect(counted?.[2]).toBe('0');
    expect(Number(counted![1])).toBeGreaterThan(100);
  }, 300_000);

  it('is one: the zone is that of the process', async () => {
    const { stdout } = await run(process.execPath, ['-p', 'new Date(2020, 0, 1).getTimezoneOffset()'], { env: { ...process.env, TZ: 'Pacific/Apia', NODE_OPTIONS: '' } });
    expect(stdout.trim()).toBe('-840');
  });
});
