import { FIXED_DATE_POLICIES } from '#deadlines';
import { RATES } from '#figures';
import { cleanText, isDay } from '#kernel';
import { hasSecrecyMark } from '#tasks';
import { DUTY_PERIODS, type ProvinceSettings, type ReportDuty, type SettingsEvent } from './settings.ts';

const REASON_LIMIT = 500;
const AUTHORITY_SHAPE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const AUTHORITY_LIMIT = 100;
const MOST_DUTIES = 200;
const LINE_LIMIT = 200;

/** What was sent: any of the settings, and the reason. Unchecked; the names and values are judged here, so that every door says the same. */
export type ChangeSettings = Readonly<Record<string, unknown>>;

/** Why settings are not changed; the shape is that of a task's rejection, without a fact. */
export interface SettingsRejection {
  readonly status: 409 | 422;
  readonly code: 'setting-unknown' | 'setting-invalid' | 'reason-missing' | 'reason-too-long' | 'secrecy-mark' | 'settings-unchanged';
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
}

export type SettingsDecision = { readonly ok: true; readonly events: readonly SettingsEvent[] } | { readonly ok: false; readonly rejection: SettingsRejection };

type Name = keyof ProvinceSettings;
/** The value as it is kept, or undefined when it is none. */
type Reader<N extends Name> = (value: unknown) => NonNullable<ProvinceSettings[N]> | undefined;

const KNOWN: { readonly [N in Name]-?: { readonly expected: string; readonly read: Reader<N> } } = {
  fixedDatePolicy: { expected: `một trong ${FIXED_DATE_POLICIES.join(', ')}`, read: (value) => FIXED_DATE_POLICIES.find((policy) => policy === value) },
  dueSoonWorkingDays: { expected: 'số nguyên từ 0 đến 30', read: integer(0, 30) },
  fullWeekTasks: { expected: 'số nguyên từ 1 đến 1000', read: integer(1, 1_000) },
  reportDuties: { expected: `tối đa ${String(MOST_DUTIES)} nghĩa vụ {unitId, templateId?, periods: ${DUTY_PERIODS.join(' | ')}, cutOffDaysBefore 0–60, dueWorkingDays 1–60, from: ngày, document {number, date, issuer}}, mỗi đơn vị và mẫu một nghĩa vụ`, read: duties },
  officialRates: { expected: `mã cơ quan giao (chữ thường không dấu, số, gạch nối) → một trong ${RATES.map(({ code }) => code).join(', ')}`, read: rates },
};

/**
 * The changed settings as one event; fields given with the value they have are left out of it. `officialRates` is given whole and replaced whole.
 * Pure and total: any JSON value may stand in any field.
 */
export function decideSettings(command: ChangeSettings, state: ProvinceSettings): SettingsDecision {
  const { reason, ...given } = command;
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(KNOWN, name));
  if (unknown !== undefined) return refuse('setting-unknown', `Không có thiết lập “${unknown.slice(0, 80)}”; các thiết lập: ${Object.keys(KNOWN).join(', ')}.`, unknown, given[unknown]);
  const changed: { -readonly [N in Name]?: ProvinceSettings[N] } = {};
  for (const name of Object.keys(KNOWN) as Name[]) {
    if (given[name] === undefined) continue;
    const value = KNOWN[name].read(given[name]);
    if (value === undefined) return refuse('setting-invalid', `Thiết lập ${name} = ${shown(given[name])}: cần ${KNOWN[name].expected}.`, name, given[name]);
    if (canonical(value) !== canonical(state[name])) Object.assign(changed, { [name]: value });
  }
  const because = typeof reason === 'string' ? cleanText(reason) : '';
  if (because === '') return refuse('reason-missing', 'Cần nêu lý do thay đổi thiết lập (reason).', 'reason', reason);
  if (Array.from(because).length > REASON_LIMIT) return refuse('reason-too-long', `Lý do dài ${String(Array.from(because).length)} ký tự; cần tối đa ${String(REASON_LIMIT)}.`, 'reason');
  if (hasSecrecyMark(because)) return refuse('secrecy-mark', 'Lý do có dấu chỉ độ mật; không được nhập vào hệ thống.', 'reason');
  if (Object.keys(changed).length === 0) return { ok: false, rejection: { status: 409, code: 'settings-unchanged', detail: 'Các thiết lập gửi lên đều bằng giá trị đang dùng; không có gì để thay đổi.' } };
  return { ok: true, events: [{ type: 'SettingsChanged', data: { changed, reason: because } }] };
}

function integer(least: number, most: number): (value: unknown) => number | undefined {
  return (value) => (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : undefined);
}

/** In the order of the authorities, so that the same record is written the same. */
function rates(value: unknown): Readonly<Record<string, string>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries: [string, string][] = [];
  for (const [authority, code] of Object.entries(value)) {
    if (authority.length > AUTHORITY_LIMIT || !AUTHORITY_SHAPE.test(authority) || typeof code !== 'string' || !RATES.some((rate) => rate.code === code)) return undefined;
    entries.push([authority, code]);
  }
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Strict: a duty that is half understood would owe a report to nobody. Fields in one order, so that the same duty is written the same. */
function duties(value: unknown): readonly ReportDuty[] | undefined {
  if (!Array.isArray(value) || value.length > MOST_DUTIES) return undefined;
  const read = value.map(duty);
  const names = read.map((one) => `${one?.unitId ?? ''} ${one?.templateId ?? ''}`);
  return read.every((one) => one !== undefined) && new Set(names).size === names.length ? read : undefined;
}

function duty(value: unknown): ReportDuty | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { unitId, templateId, periods, cutOffDaysBefore, dueWorkingDays, from, document, ...more } = value as Readonly<Record<string, unknown>>;
  if (Object.keys(more).length > 0 || typeof document !== 'object' || document === null) return undefined;
  const { number, date, issuer, ...rest } = document as Readonly<Record<string, unknown>>;
  const name = (given: unknown): given is string => typeof given === 'string' && given.length <= AUTHORITY_LIMIT && AUTHORITY_SHAPE.test(given);
  const line = (given: unknown): given is string => typeof given === 'string' && cleanText(given) !== '' && given.length <= LINE_LIMIT && !hasSecrecyMark(given);
  const day = (given: unknown): given is string => typeof given === 'string' && isDay(given);
  const [early, late] = [integer(0, 60)(cutOffDaysBefore), integer(1, 60)(dueWorkingDays)];
  if (!name(unitId) || (templateId !== undefined && !name(templateId)) || !Array.isArray(periods) || periods.length === 0 || early === undefined || late === undefined || !day(from) || !line(number) || !day(date) || !line(issuer) || Object.keys(rest).length > 0) return undefined;
  const known = DUTY_PERIODS.filter((period) => periods.includes(period));
  if (known.length !== periods.length) return undefined;
  return { unitId, ...(templateId === undefined ? {} : { templateId }), periods: known, cutOffDaysBefore: early, dueWorkingDays: late, from, document: { number: cleanText(number), date, issuer: cleanText(issuer) } };
}

function canonical(value: ProvinceSettings[Name]): string | undefined {
  if (value === undefined) return canonical([]);
  return JSON.stringify(typeof value === 'object' ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined ?? String(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function refuse(code: Exclude<SettingsRejection['code'], 'settings-unchanged'>, detail: string, name: string, given?: unknown): SettingsDecision {
  return { ok: false, rejection: { status: 422, code, detail, pointer: `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, ...(given === undefined ? {} : { given }) } };
}
