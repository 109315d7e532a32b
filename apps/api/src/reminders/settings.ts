import { readFileSync } from 'node:fs';
import { Problem, type Clock } from '#kernel';
import type { Channel } from '#reminders';

/** How reminders leave the program; passwords and secrets included: never to be printed. */
export interface ReminderSettings {
  /** Where people reach the page; the address the program listens on when missing. */
  readonly baseUrl?: string;
  readonly smtp?: { readonly url: string; readonly from: string; readonly connections: number; readonly dkim?: { readonly domain: string; readonly selector: string; readonly privateKey: string } };
  readonly webhook?: { readonly url: string; readonly secret: string; readonly allowed: readonly string[] };
}

type Env = Readonly<Record<string, string | undefined>>;

const wrong = (name: string, expected: string): Problem => new Problem(500, 'setting-invalid', 'Cấu hình không hợp lệ', `${name}: cần ${expected}.`);
const said = (env: Env, name: string): string | undefined => (env[name] === '' ? undefined : env[name]);

/** Reads SMTP_…, WEBHOOK_… and NHACVIEC_URL; `secret` gives a value or the content of the file that NAME_FILE names. @throws Problem that names the variable and not its value. */
export function readReminderSettings(env: Env, secret: (name: string) => string | undefined): ReminderSettings {
  const baseUrl = said(env, 'NHACVIEC_URL');
  if (baseUrl !== undefined && !isUrl(baseUrl, ['http:', 'https:'])) throw wrong('NHACVIEC_URL', 'địa chỉ http:// hoặc https:// mà người dùng mở trang');
  const smtpUrl = secret('SMTP_URL');
  const from = said(env, 'SMTP_FROM');
  if (smtpUrl !== undefined) {
    if (!isUrl(smtpUrl, ['smtp:', 'smtps:'])) throw wrong('SMTP_URL', 'địa chỉ smtp:// hoặc smtps://, có thể kèm tên và mật khẩu');
    if (from === undefined || !/^[^\r\n]*<?[^\s@<>]+@[^\s@<>]+>?$/.test(from)) throw wrong('SMTP_FROM', 'địa chỉ người gửi, ví dụ Nhắc Việc <nhacviec@tinh.example>, vì đã đặt SMTP_URL');
  }
  const connections = Number(said(env, 'SMTP_CONNECTIONS') ?? '1');
  if (!Number.isInteger(connections) || connections < 1 || connections > 20) throw wrong('SMTP_CONNECTIONS', 'số nguyên từ 1 đến 20');
  const [domain, selector, keyFile] = [said(env, 'SMTP_DKIM_DOMAIN'), said(env, 'SMTP_DKIM_SELECTOR'), said(env, 'SMTP_DKIM_KEY_FILE')];
  if ([domain, selector, keyFile].some((one) => one !== undefined) && [domain, selector, keyFile].some((one) => one === undefined)) throw wrong('SMTP_DKIM_DOMAIN, SMTP_DKIM_SELECTOR, SMTP_DKIM_KEY_FILE', 'cả ba hoặc không');
  const hook = said(env, 'WEBHOOK_URL');
  const hookSecret = secret('WEBHOOK_SECRET');
  if (hook !== undefined) {
    if (!isUrl(hook, ['http:', 'https:'])) throw wrong('WEBHOOK_URL', 'địa chỉ https:// (hoặc http:// trong mạng nội bộ được cho phép)');
    if (hookSecret === undefined || hookSecret.length < 16) throw wrong('WEBHOOK_SECRET', 'khóa ký từ 16 ký tự (hoặc WEBHOOK_SECRET_FILE), vì đã đặt WEBHOOK_URL');
  }
  return {
    ...(baseUrl === undefined ? {} : { baseUrl: baseUrl.replace(/\/+$/, '') }),
    ...(smtpUrl === undefined || from === undefined ? {} : { smtp: { url: smtpUrl, from, connections, ...(domain === undefined || selector === undefined || keyFile === undefined ? {} : { dkim: { domain, selector, privateKey: keyIn(keyFile) } }) } }),
    ...(hook === undefined || hookSecret === undefined ? {} : { webhook: { url: hook, secret: hookSecret, allowed: (said(env, 'WEBHOOK_ALLOW') ?? '').split(/[\s,]+/).filter((one) => one !== '') } }),
  };
}

function isUrl(text: string, protocols: readonly string[]): boolean {
  try {
    return protocols.includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

function keyIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw wrong('SMTP_DKIM_KEY_FILE', 'một tệp đọc được, chứa khóa riêng DKIM');
  }
}

/** The channels that are set up; what speaks their protocols is loaded when it is. */
export async function openChannels({ smtp, webhook }: ReminderSettings, clock: Clock): Promise<readonly Channel[]> {
  return [
    ...(smtp === undefined ? [] : [(await import('#reminders/smtp/smtp-channel')).openSmtp(smtp)]),
    ...(webhook === undefined ? [] : [(await import('#reminders/webhook/webhook-channel')).openWebhook({ ...webhook, clock })]),
  ];
}
