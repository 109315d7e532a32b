import { cleanText } from '#kernel';
import { PERSON_ROLES, type PersonRole } from '#people';

/** Days are working days; a due day that is a day off counts as the last working day before it. */
export type Step =
  /** When so much of the time from the beginning to the deadline has passed. */
  | { readonly kind: 'share'; readonly percent: number }
  /** So many days before the due day; 0 is the due day. */
  | { readonly kind: 'before'; readonly days: number }
  /** From the so-manieth day after the deadline on, every so many days. */
  | { readonly kind: 'overdue'; readonly first: number; readonly every: number };

/** Whom a rule reaches: `unit` is everybody of the lead unit; other roles of a unit fall back to everybody where nobody has one of them. */
export const RECIPIENTS = ['unit', ...PERSON_ROLES] as const;
export type Recipient = 'unit' | PersonRole;

/** Which tasks a rule is about; what is left out does not matter. Lengths are in working days from the beginning to the deadline. */
export interface When {
  readonly authorities?: readonly string[];
  readonly fields?: readonly string[];
  readonly urgencies?: readonly string[];
  readonly starred?: boolean;
  readonly lengthFrom?: number;
  readonly lengthTo?: number;
}

export interface EscalationLevel {
  readonly overdueDays?: number;
  readonly urgings?: number;
  readonly to: readonly Recipient[];
}

interface RuleBase {
  readonly id: string;
  readonly name: string;
  readonly on: boolean;
  readonly when: When;
}
export interface LadderRule extends RuleBase {
  readonly kind: 'ladder';
  readonly steps: readonly Step[];
  readonly to: readonly Recipient[];
  /** In a message of its own beside the digest. */
  readonly urgent?: boolean;
  /** Asks for an answer on the due day: done, or why not and a proposed date. */
  readonly answer?: boolean;
}
/** No update by those in charge for so many days, and again every so many. */
export interface SilenceRule extends RuleBase {
  readonly kind: 'silence';
  readonly days: number;
  readonly every: number;
  readonly to: readonly Recipient[];
}
/** Each level once, on the morning on which its condition first holds. */
export interface EscalationRule extends RuleBase {
  readonly kind: 'escalation';
  readonly levels: readonly EscalationLevel[];
}
export type Rule = LadderRule | SilenceRule | EscalationRule;

export interface RuleSet {
  /** Hour of the digest on working days, `HH:MM` in Việt Nam. */
  readonly morning: string;
  readonly rules: readonly Rule[];
}

/** In force until the office sets its own: version 0. */
export const DEFAULT_RULES: RuleSet = {
  morning: '07:00',
  rules: [
    {
      id: 'viec-dai', name: 'Việc từ 10 ngày làm việc trở lên', kind: 'ladder', on: true, when: { lengthFrom: 10 }, to: ['specialist', 'responder'],
      steps: [{ kind: 'share', percent: 50 }, { kind: 'before', days: 5 }, { kind: 'before', days: 3 }, { kind: 'before', days: 1 }, { kind: 'overdue', first: 1, every: 2 }],
    },
    {
      id: 'viec-ngan', name: 'Việc dưới 10 ngày làm việc', kind: 'ladder', on: true, when: { lengthTo: 9 }, to: ['specialist', 'responder'],
      steps: [{ kind: 'before', days: 3 }, { kind: 'before', days: 1 }, { kind: 'overdue', first: 1, every: 2 }],
    },
    { id: 'tra-loi', name: 'Trả lời trong ngày đến hạn', kind: 'ladder', on: true, when: {}, steps: [{ kind: 'before', days: 0 }], to: ['responder'], urgent: true, answer: true },
    { id: 'im-lang', name: 'Không cập nhật', kind: 'silence', on: true, when: {}, days: 10, every: 10, to: ['specialist', 'responder'] },
    {
      id: 'bao-cap-tren', name: 'Báo cấp trên', kind: 'escalation', on: true, when: {},
      levels: [{ overdueDays: 3, urgings: 2, to: ['head'] }, { overdueDays: 7, urgings: 3, to: ['office'] }, { overdueDays: 15, to: ['leader'] }],
    },
  ],
};

export interface RuleFault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly given?: unknown;
}

const MOST_RULES = 40;
const MOST_STEPS = 20;
const MOST_DAYS = 366;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;

type Json = Readonly<Record<string, unknown>>;
type Read<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly RuleFault[] };

/** Reads rules as they are sent; every fault is named with its place. */
export function readRules(body: Json): Read<RuleSet> {
  const faults: RuleFault[] = [];
  const fault = (pointer: string, detail: string, given?: unknown): void => void faults.push({ pointer, code: 'rule-invalid', detail, ...(given === undefined ? {} : { given }) });
  const whole = (value: unknown, pointer: string, least: number, most: number): number => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
    fault(pointer, `cần số nguyên từ ${String(least)} đến ${String(most)}`, value);
    return least;
  };
  const list = (value: unknown, pointer: string, most: number, least = 0): readonly unknown[] => {
    if (Array.isArray(value) && value.length >= least && value.length <= most) return value as readonly unknown[];
    fault(pointer, `cần danh sách từ ${String(least)} đến ${String(most)} mục`, Array.isArray(value) ? value.length : value);
    return [];
  };
  const object = (value: unknown, pointer: string, names: readonly string[]): Json => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      fault(pointer, 'cần một đối tượng', value);
      return {};
    }
    for (const name of Object.keys(value)) if (!names.includes(name)) fault(`${pointer}/${name}`, `không có ô “${name.slice(0, 40)}” ở đây; các ô: ${names.join(', ')}`);
    return value as Json;
  };
  const words = (value: unknown, pointer: string): readonly string[] =>
    list(value, pointer, 100, 1).flatMap((one, n) => {
      if (typeof one === 'string' && one !== '' && one.length <= 80) return [one];
      fault(`${pointer}/${String(n)}`, 'cần chữ, không trống', one);
      return [];
    });
  const to = (value: unknown, pointer: string): readonly Recipient[] =>
    list(value, pointer, RECIPIENTS.length, 1).flatMap((one, n) => {
      const found = RECIPIENTS.find((name) => name === one);
      if (found === undefined) fault(`${pointer}/${String(n)}`, `cần một trong: ${RECIPIENTS.join(', ')}`, one);
      return found ?? [];
    });
  const when = (value: unknown, pointer: string): When => {
    const given = object(value ?? {}, pointer, ['authorities', 'fields', 'urgencies', 'starred', 'lengthFrom', 'lengthTo']);
    const { authorities, fields, urgencies, starred, lengthFrom, lengthTo } = given;
    if (starred !== undefined && typeof starred !== 'boolean') fault(`${pointer}/starred`, 'cần true hoặc false', starred);
    const read: When = {
      ...(authorities === undefined ? {} : { authorities: words(authorities, `${pointer}/authorities`) }), ...(fields === undefined ? {} : { fields: words(fields, `${pointer}/fields`) }),
      ...(urgencies === undefined ? {} : { urgencies: words(urgencies, `${pointer}/urgencies`) }), ...(typeof starred === 'boolean' ? { starred } : {}),
      ...(lengthFrom === undefined ? {} : { lengthFrom: whole(lengthFrom, `${pointer}/lengthFrom`, 0, 10_000) }), ...(lengthTo === undefined ? {} : { lengthTo: whole(lengthTo, `${pointer}/lengthTo`, 0, 10_000) }),
    };
    if (read.lengthFrom !== undefined && read.lengthTo !== undefined && read.lengthFrom > read.lengthTo) fault(`${pointer}/lengthTo`, 'không được nhỏ hơn lengthFrom', lengthTo);
    return read;
  };
  const step = (value: unknown, pointer: string): readonly Step[] => {
    const { kind, ...rest } = object(value, pointer, ['kind', 'percent', 'days', 'first', 'every']);
    switch (kind) {
      case 'share':
        return [{ kind, percent: whole(rest['percent'], `${pointer}/percent`, 1, 99) }];
      case 'before':
        return [{ kind, days: whole(rest['days'], `${pointer}/days`, 0, MOST_DAYS) }];
      case 'overdue':
        return [{ kind, first: whole(rest['first'], `${pointer}/first`, 1, MOST_DAYS), every: whole(rest['every'], `${pointer}/every`, 1, MOST_DAYS) }];
      default:
        fault(`${pointer}/kind`, 'cần share, before hoặc overdue', kind);
        return [];
    }
  };
  const flag = (value: unknown, pointer: string): boolean => {
    if (typeof value !== 'boolean') fault(pointer, 'cần true hoặc false', value);
    return value === true;
  };
  const rule = (value: unknown, pointer: string): readonly Rule[] => {
    const given = object(value, pointer, ['id', 'name', 'kind', 'on', 'when', 'steps', 'to', 'urgent', 'answer', 'days', 'every', 'levels']);
    const { id, name, kind, urgent, answer } = given;
    if (typeof id !== 'string' || !ID.test(id) || id.length > 60) fault(`${pointer}/id`, 'cần mã gồm chữ thường không dấu, số và gạch nối', id);
    const title = typeof name === 'string' ? cleanText(name) : '';
    if (title === '' || title.length > 120) fault(`${pointer}/name`, 'cần tên từ 1 đến 120 ký tự', name);
    const base = { id: String(id), name: title, on: flag(given['on'] ?? true, `${pointer}/on`), when: when(given['when'], `${pointer}/when`) };
    switch (kind) {
      case 'ladder':
        return [{
          ...base, kind, steps: list(given['steps'], `${pointer}/steps`, MOST_STEPS, 1).flatMap((one, n) => step(one, `${pointer}/steps/${String(n)}`)), to: to(given['to'], `${pointer}/to`),
          ...(urgent === undefined ? {} : { urgent: flag(urgent, `${pointer}/urgent`) }), ...(answer === undefined ? {} : { answer: flag(answer, `${pointer}/answer`) }),
        }];
      case 'silence':
        return [{ ...base, kind, days: whole(given['days'], `${pointer}/days`, 1, MOST_DAYS), every: whole(given['every'], `${pointer}/every`, 1, MOST_DAYS), to: to(given['to'], `${pointer}/to`) }];
      case 'escalation':
        return [{
          ...base, kind,
          levels: list(given['levels'], `${pointer}/levels`, MOST_STEPS, 1).map((one, n): EscalationLevel => {
            const at = `${pointer}/levels/${String(n)}`;
            const { overdueDays, urgings, to: reaches } = object(one, at, ['overdueDays', 'urgings', 'to']);
            if (overdueDays === undefined && urgings === undefined) fault(at, 'cần overdueDays hoặc urgings');
            return { ...(overdueDays === undefined ? {} : { overdueDays: whole(overdueDays, `${at}/overdueDays`, 1, MOST_DAYS) }), ...(urgings === undefined ? {} : { urgings: whole(urgings, `${at}/urgings`, 1, 100) }), to: to(reaches, `${at}/to`) };
          }),
        }];
      default:
        fault(`${pointer}/kind`, 'cần ladder, silence hoặc escalation', kind);
        return [];
    }
  };
  const { morning } = body;
  if (typeof morning !== 'string' || !TIME.test(morning)) fault('/morning', 'cần giờ dạng HH:MM', morning);
  const rules = list(body['rules'], '/rules', MOST_RULES).flatMap((one, n) => rule(one, `/rules/${String(n)}`));
  const ids = rules.map(({ id }) => id);
  ids.forEach((id, n) => { if (ids.indexOf(id) !== n) fault(`/rules/${String(n)}/id`, `mã “${id}” đã dùng cho quy tắc khác`, id); });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, value: { morning: String(morning), rules } };
}
