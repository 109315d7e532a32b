import { afterAll, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'nhacviec-settings-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('connection strings come from the environment or from the file it names', () => {
  const file = join(folder, 'mongodb-url');
  writeFileSync(file, 'mongodb://readmodels:27017/nhacviec?replicaSet=rs0\n');
  expect(readSettings({ NHACVIEC_PROFILE: 'scaled', KURRENTDB_URL: 'esdb://eventlog:2113?tls=false', MONGODB_URL_FILE: file }).scaled).toEqual({
    kurrentUrl: 'esdb://eventlog:2113?tls=false',
    mongoUrl: 'mongodb://readmodels:27017/nhacviec?replicaSet=rs0',
  });
  expect(readSettings({ MONGODB_URL_FILE: file })).not.toHaveProperty('scaled');
});

test('a secret file that is not there, or stands beside the value, is refused by name and without the value', () => {
  const scaled = { NHACVIEC_PROFILE: 'scaled', KURRENTDB_URL: 'esdb://eventlog:2113?tls=false' };
  expect(() => readSettings({ ...scaled, MONGODB_URL_FILE: join(folder, 'khong-co') })).toThrow(/MONGODB_URL_FILE.*khong-co/);
  expect(() => readSettings({ ...scaled, MONGODB_URL: 'mongodb://mat-khau@x', MONGODB_URL_FILE: '/x' })).toThrow(/^(?!.*mat-khau).*MONGODB_URL_FILE/);
});

test('the level of logs is one of five', () => {
  expect(readSettings({}).logLevel).toBe('warn');
  expect(readSettings({ NHACVIEC_LOG: 'debug' }).logLevel).toBe('debug');
  expect(() => readSettings({ NHACVIEC_LOG: 'tất cả' })).toThrow(/NHACVIEC_LOG.*silent, error, warn, info, debug/);
});

test('the scaled-out profile needs both addresses, and there is no third profile', () => {
  expect(() => readSettings({ NHACVIEC_PROFILE: 'scaled', KURRENTDB_URL: 'esdb://eventlog:2113' })).toThrow(/MONGODB_URL.*NHACVIEC_PROFILE=scaled/);
  expect(() => readSettings({ NHACVIEC_PROFILE: 'cluster' })).toThrow(/NHACVIEC_PROFILE=“cluster”.*embedded.*scaled/);
});
