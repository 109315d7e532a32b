import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { clockFrom, parseInstant, Problem, systemClock, type Clock } from '#kernel';
import { readReminderSettings, type ReminderSettings } from './reminders/settings.ts';
import { LOG_LEVELS, type LogLevel } from './watching/logger.ts';

export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly simulated: boolean;
  /** Default `warn`. */
  readonly logLevel?: LogLevel;
  /** How reminders leave the program. */
  readonly reminders?: ReminderSettings;
  /** Of the scaled-out profile; missing in the embedded one. */
  readonly scaled?: ScaledUrls;
}

/** Where the servers of the scaled-out profile answer, credentials included: never to be printed. */
export interface ScaledUrls {
  readonly kurrentUrl: string;
  readonly mongoUrl: string;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const wrong = (name: string, given: string, expected: string): Problem =>
  new Problem(500, 'setting-invalid', 'Cấu hình không hợp lệ', `${name}=“${given}”: cần ${expected}.`);

/** The value of NAME, or the content of the file that NAME_FILE names, as secrets are handed to containers. */
function secret(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const [given, file] = [env[name], env[`${name}_FILE`]];
  if (file === undefined || file === '') return given === '' ? undefined : given;
  if (given !== undefined && given !== '') throw wrong(`${name}_FILE`, file, `chỉ một trong ${name} và ${name}_FILE`);
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw wrong(`${name}_FILE`, file, 'một tệp đọc được, chứa địa chỉ kết nối');
  }
}

/** Where the servers are, when the scaled-out profile is chosen. */
function scaledUrls(env: Readonly<Record<string, string | undefined>>): ScaledUrls | undefined {
  const profile = env['NHACVIEC_PROFILE'] || 'embedded';
  if (profile === 'embedded') return undefined;
  if (profile !== 'scaled') throw wrong('NHACVIEC_PROFILE', profile, '“embedded” (một máy, SQLite) hoặc “scaled” (EventStoreDB/KurrentDB và MongoDB)');
  const needed = (name: string, example: string): string => {
    const given = secret(env, name);
    if (given === undefined) throw wrong(name, '', `địa chỉ kết nối (hoặc ${name}_FILE), vì NHACVIEC_PROFILE=scaled; ví dụ ${example}`);
    return given;
  };
  return { kurrentUrl: needed('KURRENTDB_URL', 'esdb://máy:2113?tls=true'), mongoUrl: needed('MONGODB_URL', 'mongodb://máy:27017/nhacviec?replicaSet=rs0') };
}

/** Reads the settings of docs/operating.md from the environment; throws a Problem that names the variable, what was given and what is expected. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const host = env['HOST'] ?? '127.0.0.1';
  const portText = env['PORT'] ?? '3000';
  const port = Number(portText);
  if (!/^\d{1,5}$/.test(portText) || port > 65_535) throw wrong('PORT', portText, 'số từ 0 đến 65535');
  const access = env['NHACVIEC_ACCESS'] ?? 'open';
  // Accounts do not exist yet, so the open mode is the only one, and it must not leave the machine.
  if (access !== 'open') throw wrong('NHACVIEC_ACCESS', access, '“open”; tài khoản chưa có trong bản này');
  if (!LOOPBACK.has(host)) throw wrong('HOST', host, '127.0.0.1: chế độ “open” không có đăng nhập nên chỉ chạy trên chính máy này');
  const nowText = env['NHACVIEC_NOW'];
  let clock = systemClock;
  if (nowText !== undefined && nowText !== '') {
    const at = parseInstant(nowText);
    if (at === undefined) throw wrong('NHACVIEC_NOW', nowText, 'thời điểm ISO 8601 có múi giờ, ví dụ 2020-11-29T07:30:00+07:00');
    clock = clockFrom(at);
  }
  const logLevel = LOG_LEVELS.find((level) => level === (env['NHACVIEC_LOG'] ?? 'warn'));
  if (logLevel === undefined) throw wrong('NHACVIEC_LOG', env['NHACVIEC_LOG'] ?? '', `một trong ${LOG_LEVELS.join(', ')}`);
  const scaled = scaledUrls(env);
  const reminders = readReminderSettings(env, (name) => secret(env, name));
  return { ...(scaled && { scaled }), ...(Object.keys(reminders).length > 0 && { reminders }), logLevel, host, port, dataDir: resolve(env['NHACVIEC_DATA'] ?? './data/main'), clock, simulated: clock !== systemClock };
}
