import { CsvError, parse } from 'csv-parse/sync';
import { cleanText, derivedId, foldText, isDay, type Day } from '#kernel';
import { faultsOf, OUTSIDE_CHANNELS, PERSON_ROLES, PERSON_ROLES_VI, type OutsideChannel, type Person, type PersonRole } from './person.ts';

/** The columns of the list, by the names that may stand in its first line; tone marks and case do not matter. */
const COLUMNS = {
  code: ['Mã', 'Mã cán bộ'],
  name: ['Họ và tên', 'Họ tên', 'Tên'],
  unit: ['Đơn vị', 'Cơ quan'],
  role: ['Vai trò', 'Vai'],
  email: ['Thư điện tử', 'E-mail', 'Email'],
  phone: ['Điện thoại', 'Số điện thoại'],
  channels: ['Kênh'],
  quiet: ['Giờ yên lặng'],
  dailyLimit: ['Số thư mỗi ngày'],
  delegate: ['Ủy quyền cho', 'Uỷ quyền cho'],
  delegateFrom: ['Ủy quyền từ', 'Uỷ quyền từ'],
  delegateUntil: ['Ủy quyền đến', 'Uỷ quyền đến'],
  leftOn: ['Nghỉ từ'],
} as const;
type Column = keyof typeof COLUMNS;
const NEEDED: readonly Column[] = ['code', 'name', 'unit', 'role'];
const BY_NAME = new Map(Object.entries(COLUMNS).flatMap(([column, names]) => names.map((name) => [foldText(name), column as Column] as const)));

const MAX_BYTES = 8 * 1024 * 1024;
const MOST_ROWS = 50_000;

export interface RefusedRow {
  readonly line: number;
  readonly code: string;
  readonly detail: string;
}

export type PeopleFile =
  | { readonly ok: true; readonly people: readonly Person[]; readonly refused: readonly RefusedRow[] }
  | { readonly ok: false; readonly code: string; readonly detail: string };

export interface PeopleContext {
  /** Finds a unit by id or name. */
  readonly unit: (text: string) => string | undefined;
  /** Those who are in the directory: an import leaves them their id. */
  readonly known: readonly Person[];
}

/** The id of a person who comes in by their code: opaque, and the same when the file comes again. */
export const personIdOf = (code: string): string => derivedId('person', foldText(code));

/** Reads a list of people (CSV, UTF-8). A row that cannot be taken is refused with its line, and the others are taken. */
export function readPeople(bytes: Uint8Array, { unit, known }: PeopleContext): PeopleFile {
  if (bytes.length > MAX_BYTES) return { ok: false, code: 'file-too-large', detail: `Tệp lớn ${String(bytes.length)} byte; tối đa ${String(MAX_BYTES)} byte.` };
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return { ok: false, code: 'file-not-csv', detail: 'Tệp là sổ tính XLSX (hoặc ZIP); đề nghị lưu dưới dạng “CSV UTF-8” rồi nhập lại.' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { ok: false, code: 'encoding-not-utf8', detail: 'Tệp không phải UTF-8. Đề nghị lưu lại dưới dạng “CSV UTF-8” rồi nhập lại; chưa có dòng nào được nhập.' };
  }
  let rows: readonly { readonly record: readonly string[]; readonly info: { readonly lines: number } }[];
  try {
    const head = text.split(/\r?\n/, 1)[0] ?? '';
    const delimiter = [',', ';', '\t'].reduce((best, one) => (head.split(one).length > head.split(best).length ? one : best), ',');
    rows = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, info: true }) as unknown as typeof rows;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return { ok: false, code: 'csv-broken', detail: `Không đọc được CSV (${error.code}).` };
  }
  const [header, ...records] = rows;
  if (!header) return { ok: false, code: 'file-empty', detail: 'Tệp không có chữ nào.' };
  const at = new Map<Column, number>();
  header.record.forEach((cell, n) => {
    const column = BY_NAME.get(foldText(cell));
    if (column !== undefined && !at.has(column)) at.set(column, n);
  });
  const missing = NEEDED.filter((column) => !at.has(column));
  if (missing.length > 0) return { ok: false, code: 'columns-missing', detail: `Thiếu cột ${missing.map((column) => `“${COLUMNS[column][0]}”`).join(', ')} ở dòng đầu.` };
  if (records.length > MOST_ROWS) return { ok: false, code: 'too-many-rows', detail: `Danh sách có ${String(records.length)} dòng; tối đa ${String(MOST_ROWS)}.` };

  const idOf = new Map(known.map((person) => [foldText(person.code), person.id]));
  const people: Person[] = [];
  const refused: RefusedRow[] = [];
  const seen = new Map<string, number>();
  const delegates: { readonly n: number; readonly line: number; readonly code: string; readonly from: Day; readonly until: Day }[] = [];
  for (const { record, info } of records) {
    const cell = (column: Column): string => cleanText(record[at.get(column) ?? -1] ?? '');
    if (record.every((one) => cleanText(one) === '')) continue;
    const refuse = (code: string, detail: string): void => void refused.push({ line: info.lines, code, detail });
    const code = cell('code');
    const key = foldText(code);
    const before = seen.get(key);
    if (code !== '' && before !== undefined) {
      refuse('person-code-repeated', `Mã “${code}” đã có ở dòng ${String(before)}.`);
      continue;
    }
    const unitId = unit(cell('unit'));
    if (unitId === undefined) {
      refuse('unit-unknown', `Không có đơn vị “${cell('unit').slice(0, 80)}” trong danh mục.`);
      continue;
    }
    const role = roleOf(cell('role'));
    if (role === undefined) {
      refuse('person-role-unknown', `Không rõ vai trò “${cell('role').slice(0, 80)}”; cần một trong: ${Object.values(PERSON_ROLES_VI).join(', ')}.`);
      continue;
    }
    const quiet = cell('quiet');
    const times = /^(\S+?)\s*[-–]\s*(\S+)$/.exec(quiet);
    const email = cell('email');
    const limit = cell('dailyLimit');
    const person: Person = {
      id: idOf.get(key) ?? personIdOf(code), code, name: cell('name'), unitId, role, email: email === '' ? null : email, phone: cell('phone') === '' ? null : cell('phone'),
      channels: channelsOf(cell('channels'), email !== ''),
      quiet: quiet === '' ? null : { from: times?.[1] ?? quiet, until: times?.[2] ?? '' },
      dailyLimit: limit === '' ? null : Number(limit), delegation: null, leftOn: cell('leftOn') === '' ? null : dayFrom(cell('leftOn')),
    };
    const fault = faultsOf(person)[0];
    if (fault) {
      refuse(fault.code, fault.detail);
      continue;
    }
    if (cell('delegate') !== '') delegates.push({ n: people.length, line: info.lines, code: cell('delegate'), from: dayFrom(cell('delegateFrom')), until: dayFrom(cell('delegateUntil')) });
    seen.set(key, info.lines);
    people.push(person);
    idOf.set(key, person.id);
  }
  // After all have their ids: somebody may stand in for one who comes later in the list.
  for (const { n, line, code, from, until } of delegates) {
    const toId = idOf.get(foldText(code));
    const person = people[n]!;
    const withDelegation: Person | undefined = toId === undefined ? undefined : { ...person, delegation: { toId, from, until } };
    const fault = withDelegation === undefined ? { code: 'delegate-unknown', detail: `Không có cán bộ mang mã “${code.slice(0, 80)}” để ủy quyền.` } : faultsOf(withDelegation)[0];
    if (fault) refused.push({ line, code: fault.code, detail: `${fault.detail} Cán bộ vẫn được nhập, không có ủy quyền.` });
    else people[n] = withDelegation!;
  }
  return { ok: true, people, refused };
}

function roleOf(text: string): PersonRole | undefined {
  const folded = foldText(text);
  return PERSON_ROLES.find((role) => role === folded || foldText(PERSON_ROLES_VI[role]) === folded);
}

/** Nothing said means what there is an address for. */
function channelsOf(text: string, email: boolean): readonly OutsideChannel[] {
  if (text === '') return email ? ['email'] : [];
  const words = foldText(text).split(/[\s,;+]+/);
  return OUTSIDE_CHANNELS.filter((channel) => words.includes(channel) || (channel === 'email' && (words.includes('thu') || words.includes('mail'))));
}

/** `2020-11-30` or `30/11/2020`; what is neither is kept as it is, and found to be no day. */
function dayFrom(text: string): Day {
  const parts = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  const day = parts === null ? text : `${parts[3]!}-${parts[2]!.padStart(2, '0')}-${parts[1]!.padStart(2, '0')}`;
  return isDay(day) ? day : text;
}
