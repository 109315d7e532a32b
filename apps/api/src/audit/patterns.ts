import type { AuditColumns, AuditFilter, AuditRow } from '#audit-trail';
import { dayFromNumber, dayNumberOf, dayOf, daysBetween, dayVi, instantVi, isoInstant, timeOf, type Instant } from '#kernel';
import { badParameter, oneOf, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import type { AuditPatternsDto } from './audit-dto.ts';
import { roleWords } from './deadline-changes.ts';
import { PEOPLE } from './subject.ts';

/** A limit of a rule that a question may set otherwise. */
export interface Threshold {
  readonly name: keyof AuditPatternsDto;
  readonly words: string;
  readonly value: number | string | boolean;
  readonly standard: number | string | boolean;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly { readonly value: string; readonly words: string }[];
}

/** Events that a rule finds together: one line in its list. */
export interface PatternGroup {
  readonly key: string;
  readonly words: string;
  readonly total: number;
  readonly at: string;
  readonly unitId: string | null;
}

/** What a rule finds: each number of its total is one event in its list. */
export interface Pattern {
  readonly code: string;
  readonly name: string;
  /** What it counts, as a fact and not as a charge. */
  readonly words: string;
  readonly thresholds: readonly Threshold[];
  readonly total: number;
  /** Null where the rule looks at each event alone. */
  readonly groups: readonly PatternGroup[] | null;
  page(more: { readonly limit: number; readonly before?: number; readonly group?: string }): readonly AuditRow[];
  /** How many there are of a group. */
  totalOf(group: string): number;
}

export const PATTERN_CODES = ['no-evidence', 'just-before-deadline', 'moved-after-deadline', 'odd-hours', 'many-in-an-hour', 'late-entries'] as const;
export type PatternCode = (typeof PATTERN_CODES)[number];

const HOUR_MS = 3_600_000;
const OFFSET_MS = 7 * HOUR_MS;
const hourOf = (at: Instant): number => Math.floor(((at + OFFSET_MS) % 86_400_000) / HOUR_MS);

function wholeNumber(dto: AuditPatternsDto, name: keyof AuditPatternsDto, words: string, standard: number, min: number, max: number): Threshold & { readonly value: number } {
  const given = dto[name];
  if (given !== undefined && (!/^\d{1,5}$/.test(given) || +given < min || +given > max)) throw badParameter(name, given, `số nguyên từ ${String(min)} đến ${String(max)}`);
  return { name, words, value: given === undefined ? standard : Number(given), standard, min, max };
}

/** The rules asked for, each with its limits, over what is known at K and had happened by A. */
export function readPatterns(dto: AuditPatternsDto, codes: readonly PatternCode[], base: AuditFilter, columns: AuditColumns, point: Point, runtime: Runtime): Pattern[] {
  const make: Readonly<Record<PatternCode, () => Pattern>> = {
    'no-evidence': () => {
      const proof = oneOf('proof', dto.proof, ['document', 'file'], 'file');
      const choices = [{ value: 'file', words: 'tệp chứng cứ' }, { value: 'document', words: 'tệp hoặc văn bản kết quả' }];
      return single(columns, { ...base, marks: new Set(proof === 'file' ? ['unproved', 'fileless'] : ['unproved']) }, {
        code: 'no-evidence', name: 'Xác nhận hoàn thành khi không có chứng cứ', words: 'Việc được xác nhận hoàn thành mà báo cáo hoàn thành ấy không kèm chứng cứ.',
        thresholds: [{ name: 'proof', words: 'Điều được coi là chứng cứ', value: proof, standard: 'file', choices }],
      });
    },
    'just-before-deadline': () => {
      const minutes = wholeNumber(dto, 'minutes', 'Báo cáo trước hạn không quá (phút)', 60, 1, 719);
      const bulk = wholeNumber(dto, 'bulk', 'Số việc từ đó coi là hàng loạt', 5, 2, 10_000);
      const filter: AuditFilter = { ...base, marks: new Set(['close']) };
      const near = (row: AuditRow): string | null => (row.dueBefore !== null && row.dueBefore - row.occurredAt < minutes.value * 60_000 ? `${row.unitId}~${String(row.dueBefore)}` : null);
      return grouped(columns.groups(filter, near), bulk.value, {
        code: 'just-before-deadline', name: 'Báo cáo hoàn thành hàng loạt sát giờ hết hạn', words: 'Nhiều việc của một đơn vị, cùng một thời điểm hết hạn, được báo cáo hoàn thành ngay trước thời điểm ấy.',
        thresholds: [minutes, bulk],
      }, ({ unitId, dueBefore }, rows) => ({ unitId, at: isoInstant(rows[0]!.occurredAt), words: `${runtime.reference.unitName(unitId, point.day, point.known)}: ${String(rows.length)} việc hết hạn lúc ${instantVi(dueBefore! + 1)}` }));
    },
    'moved-after-deadline': () => {
      const days = wholeNumber(dto, 'movedDays', 'Dời sau hạn cũ từ (ngày)', 0, 0, 3_650);
      return single(columns, { ...base, marks: new Set(['moved-late']) }, {
        code: 'moved-after-deadline', name: 'Dời hạn sau khi đã quá hạn', words: 'Thời hạn đang có hiệu lực bị thay bằng thời hạn khác khi nó đã qua.', thresholds: [days],
      }, days.value === 0 ? undefined : (row) => row.dueBefore !== null && daysBetween(dayOf(row.dueBefore), dayOf(row.occurredAt)) >= days.value);
    },
    'odd-hours': () => {
      const from = wholeNumber(dto, 'nightFrom', 'Từ giờ', 22, 0, 23);
      const to = wholeNumber(dto, 'nightTo', 'Đến giờ', 5, 0, 23);
      const daysOff = oneOf('daysOff', dto.daysOff, ['true', 'false'], 'true') === 'true';
      const night = (hour: number): boolean => (from.value <= to.value ? hour >= from.value && hour < to.value : hour >= from.value || hour < to.value);
      const calendar = runtime.reference.calendarAt(point.known);
      const off = new Map<number, boolean>();
      const dayOff = (at: Instant): boolean => {
        const day = dayNumberOf(at);
        const known = off.get(day) ?? !calendar.isWorkingDay(dayFromNumber(day));
        off.set(day, known);
        return known;
      };
      return single(columns, { ...base, roles: PEOPLE, recordedWhen: (at) => night(hourOf(at)) || (daysOff && dayOff(at)) }, {
        code: 'odd-hours', name: 'Ghi ngoài giờ', words: 'Sự kiện do người ghi (không phải hệ thống) trong khung giờ đêm, hoặc vào ngày nghỉ theo lịch làm việc.',
        thresholds: [from, to, { name: 'daysOff', words: 'Tính cả ngày nghỉ', value: daysOff, standard: true }],
      });
    },
    'many-in-an-hour': () => {
      const hourly = wholeNumber(dto, 'hourly', 'Số sự kiện trong một giờ từ', 60, 2, 99_999);
      const filter: AuditFilter = { ...base, roles: PEOPLE };
      const hours = columns.hours(filter, hourly.value);
      const inGroup = (key: string): AuditFilter => {
        const [hour, role, ...id] = key.split('~');
        const start = Number(hour);
        return { ...filter, recordedFrom: Math.max(start, base.recordedFrom ?? -Infinity), recordedTo: Math.min(start + HOUR_MS, base.recordedTo ?? Infinity), roles: new Set([role ?? '']), actorIds: new Set([id.join('~')]) };
      };
      const groups = hours.map(({ hour, actorId, role, total }): PatternGroup => ({
        key: `${String(hour)}~${role}~${actorId}`, total, at: isoInstant(hour), unitId: null, words: `${actorId} (${roleWords(role)}): ${String(total)} sự kiện từ ${timeOf(hour)} đến ${timeOf(hour + HOUR_MS)} ngày ${dayVi(dayOf(hour))}`,
      })).reverse();
      return {
        code: 'many-in-an-hour', name: 'Nhiều thay đổi trong một giờ', words: 'Một tài khoản trong một vai trò ghi nhiều sự kiện trong cùng một giờ đồng hồ.', thresholds: [hourly],
        total: groups.reduce((sum, { total }) => sum + total, 0), groups,
        page: ({ limit, before, group }) => (group === undefined ? [] : columns.page(upTo(inGroup(group), before), { limit })),
        totalOf: (group) => columns.total(inGroup(group)),
      };
    },
    'late-entries': () => {
      const late = wholeNumber(dto, 'lateDays', 'Ghi sau khi xảy ra quá (ngày)', 5, 0, 3_650);
      return single(columns, { ...base, roles: PEOPLE, lateDays: late.value + 1 }, {
        code: 'late-entries', name: 'Ghi muộn', words: 'Sự kiện được ghi vào hệ thống nhiều ngày sau khi xảy ra.', thresholds: [late],
      });
    },
  };
  return codes.map((code) => make[code]());
}

type Head = Pick<Pattern, 'code' | 'name' | 'words' | 'thresholds'>;
const upTo = (filter: AuditFilter, before: number | undefined): AuditFilter => (before === undefined ? filter : { ...filter, upTo: Math.min(filter.upTo, before - 1) });

function single(columns: AuditColumns, filter: AuditFilter, head: Head, also?: (row: AuditRow) => boolean): Pattern {
  const total = columns.total(filter, also);
  return { ...head, total, groups: null, page: ({ limit, before }) => columns.page(upTo(filter, before), { limit, ...(also ? { also } : {}) }), totalOf: () => total };
}

function grouped(all: ReadonlyMap<string, readonly AuditRow[]>, least: number, head: Head, words: (first: AuditRow, rows: readonly AuditRow[]) => Pick<PatternGroup, 'unitId' | 'at' | 'words'>): Pattern {
  const kept = [...all].filter(([, rows]) => rows.length >= least).sort(([, a], [, b]) => b.at(-1)!.position - a.at(-1)!.position);
  return {
    ...head, total: kept.reduce((sum, [, rows]) => sum + rows.length, 0), groups: kept.map(([key, rows]): PatternGroup => ({ key, total: rows.length, ...words(rows[0]!, rows) })),
    page: ({ limit, before, group }) => (kept.find(([key]) => key === group)?.[1] ?? []).filter(({ position }) => before === undefined || position < before).slice().reverse().slice(0, limit),
    totalOf: (group) => kept.find(([key]) => key === group)?.[1].length ?? 0,
  };
}

export const headOf = ({ code, name, words, thresholds, total, groups }: Pattern): object => ({ code, name, words, thresholds, total, groups: groups?.length ?? null });

