import { CsvError, parse } from 'csv-parse/sync';
import { cleanText, derivedId, foldText, isDay, type Day } from '#kernel';
import { faultsOf, MOST_DAILY, OUTSIDE_CHANNELS, PERSON_ROLES, PERSON_ROLES_VI, type OutsideChannel, type Person, type PersonRole } from './person.ts';

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

const DAYS: ReadonlySet<Column> = new Set<Column>(['delegateFrom', 'delegateUntil', 'leftOn']);
const HOURS: ReadonlySet<Column> = new Set<Column>(['quiet']);

const MAX_BYTES = 8 * 1024 * 1024;
const MOST_ROWS = 50_000;
/** Titles and addresses may stand above the table. */
const HEADER_WITHIN = 20;
const MOST_SHOWN = 80;

/** Why a row, or a part of it, is not taken: where, what stands there, and what is expected. */
export interface RefusedRow {
  readonly line: number;
  /** Heading of the column, empty when it is about the whole row. */
  readonly column: string;
  readonly given: string;
  readonly expected?: string;
  readonly code: string;
  readonly detail: string;
}

/** A row before anything is understood, of whatever kind of file. */
export interface PeopleRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** Cells that hold a formula: never computed. */
  readonly formulas?: readonly number[];
  /** Cells that hold a number, as spreadsheets keep days. */
  readonly numbers?: readonly number[];
  /** Its cells were taken out when the file came in: it carries a secrecy mark. */
  readonly secret?: true;
}

export type PeopleFile =
  | { readonly ok: true; readonly people: readonly Person[]; readonly refused: readonly RefusedRow[] }
  | { readonly ok: false; readonly code: string; readonly detail: string };

export interface PeopleContext {
  /** Finds a unit by id or name. */
  readonly unit: (text: string) => string | undefined;
  /** Those who are in the directory: an import leaves them their id. */
  readonly known: readonly Person[];
  /** The number of a spreadsheet as the day it stands for, `dd/mm/yyyy`. */
  readonly dayOfNumber?: (number: string) => string;
}

/** The id of a person who comes in by their code: opaque, and the same when the file comes again. */
export const personIdOf = (code: string): string => derivedId('person', foldText(code));

const ROLES_SAID = Object.values(PERSON_ROLES_VI).join(', ');
const EXPECTED: Readonly<Partial<Record<Column, string>>> = {
  code: 'mã từ 1 đến 40 ký tự', name: 'họ và tên từ 1 đến 120 ký tự', unit: 'mã, tên hoặc tên tắt của đơn vị trong danh mục', role: ROLES_SAID, email: 'địa chỉ như ten@donvi.gov.vn', phone: 'số như 0912345678',
  quiet: 'giờ như 22:00-06:30', dailyLimit: `số nguyên từ 1 đến ${String(MOST_DAILY)}`, delegate: 'mã của một cán bộ khác trong danh bạ', delegateFrom: 'ngày/tháng/năm', delegateUntil: 'ngày/tháng/năm, không trước ngày bắt đầu', leftOn: 'ngày/tháng/năm',
};
/** Which column a fault of a person is about. */
const OF_POINTER: Readonly<Record<string, Column>> = { '/code': 'code', '/name': 'name', '/email': 'email', '/phone': 'phone', '/quiet': 'quiet', '/dailyLimit': 'dailyLimit', '/leftOn': 'leftOn' };

const isBlank = (cells: readonly string[]): boolean => cells.every((one) => cleanText(one) === '');

interface Delegating {
  readonly n: number;
  readonly line: number;
  readonly code: string;
  readonly from: Day;
  readonly until: Day;
  /** As they stand there. */
  readonly days: string;
}

/** Reads a list of people row by row: the header is looked for among the first ones, and a row that cannot be taken is refused while the others are taken. */
export class PeopleReader {
  private readonly context: PeopleContext;
  private at: ReadonlyMap<Column, number> | undefined;
  private best: readonly Column[] = NEEDED;
  private rows = 0;
  private wrong: Extract<PeopleFile, { ok: false }> | undefined;
  private readonly idOf: Map<string, string>;
  private readonly people: Person[] = [];
  private readonly refused: RefusedRow[] = [];
  private readonly seen = new Map<string, number>();
  private readonly delegates: Delegating[] = [];

  constructor(context: PeopleContext) {
    this.context = context;
    this.idOf = new Map(context.known.map((person) => [foldText(person.code), person.id]));
  }

  /** False once more rows are of no use: the list is refused as a whole. */
  take(row: PeopleRow): boolean {
    if (this.wrong) return false;
    if (isBlank(row.cells) && row.secret !== true) return true;
    this.rows += 1;
    if (this.at) {
      if (this.rows > MOST_ROWS + HEADER_WITHIN) this.wrong = { ok: false, code: 'too-many-rows', detail: `Danh sách có hơn ${String(MOST_ROWS)} dòng; đề nghị tách tệp.` };
      else this.person(row, this.at);
    } else if (this.rows > HEADER_WITHIN) this.wrong = missing(this.best);
    else this.header(row);
    return this.wrong === undefined;
  }

  end(): PeopleFile {
    if (this.wrong) return this.wrong;
    if (!this.at) return this.rows === 0 ? { ok: false, code: 'file-empty', detail: 'Tệp không có chữ nào.' } : missing(this.best);
    this.delegate();
    return { ok: true, people: this.people, refused: this.refused };
  }

  private header({ cells }: PeopleRow): void {
    const at = new Map<Column, number>();
    const twice = new Set<Column>();
    cells.forEach((cell, n) => {
      const column = cell.length > 60 ? undefined : BY_NAME.get(foldText(cell));
      if (column === undefined) return;
      if (at.has(column)) twice.add(column);
      else at.set(column, n);
    });
    const lacking = NEEDED.filter((column) => !at.has(column));
    if (lacking.length < this.best.length) this.best = lacking;
    if (lacking.length > 0) return;
    if (twice.size > 0) this.wrong = { ok: false, code: 'columns-repeated', detail: `Cột ${[...twice].map((column) => `“${COLUMNS[column][0]}”`).join(', ')} xuất hiện hai lần trong tiêu đề.` };
    else this.at = at;
  }

  private person(row: PeopleRow, at: ReadonlyMap<Column, number>): void {
    const { line } = row;
    if (row.secret) {
      this.refused.push({ line, column: '', given: '', code: 'secrecy-mark', detail: 'Dòng có dấu độ mật; không có gì của dòng này được giữ lại.' });
      return;
    }
    const cell = (column: Column): string => {
      const n = at.get(column) ?? -1;
      // Written behind an apostrophe, so that no spreadsheet takes it for a formula.
      const text = cleanText(row.cells[n] ?? '').replace(/^'(?=[=+\-@])/, '');
      return DAYS.has(column) && row.numbers?.includes(n) === true ? (this.context.dayOfNumber?.(text) ?? text) : text;
    };
    const refuse = (column: Column, code: string, detail: string, expected = EXPECTED[column]): void =>
      void this.refused.push({ line, column: COLUMNS[column][0], given: cell(column).slice(0, MOST_SHOWN), ...(expected === undefined ? {} : { expected }), code, detail });
    for (const [column, n] of at) {
      if (row.formulas?.includes(n) === true) {
        refuse(column, 'formula', `Ô “${COLUMNS[column][0]}” là công thức; công thức không được tính. Hãy dán giá trị vào ô rồi nhập lại.`, 'giá trị, không phải công thức');
        return;
      }
      if (HOURS.has(column) && row.numbers?.includes(n) === true) {
        refuse(column, 'quiet-hours-invalid', 'Giờ yên lặng cần dạng HH:MM-HH:MM, hai giờ khác nhau; ô đang là một số.');
        return;
      }
    }
    const code = cell('code');
    const key = foldText(code);
    const before = this.seen.get(key);
    if (code !== '' && before !== undefined) {
      refuse('code', 'person-code-repeated', `Mã “${code}” đã có ở dòng ${String(before)}.`, 'mỗi mã một dòng');
      return;
    }
    const unitId = this.context.unit(cell('unit'));
    if (unitId === undefined) {
      refuse('unit', 'unit-unknown', `Không có đơn vị “${cell('unit').slice(0, MOST_SHOWN)}” trong danh mục.`);
      return;
    }
    const role = roleOf(cell('role'));
    if (role === undefined) {
      refuse('role', 'person-role-unknown', `Không rõ vai trò “${cell('role').slice(0, MOST_SHOWN)}”; cần một trong: ${ROLES_SAID}.`);
      return;
    }
    const phone = cell('phone');
    // A spreadsheet drops the nought that a number of this country begins with.
    if (/^[1-9]\d{8}$/.test(phone) && row.numbers?.includes(at.get('phone')!) === true) {
      refuse('phone', 'phone-is-number', `Ô Điện thoại là số ${phone}, có lẽ đã mất chữ số 0 đứng đầu; hãy để ô là văn bản.`, `0${phone}`);
      return;
    }
    const quiet = cell('quiet');
    const times = /^(\S+?)\s*[-–]\s*(\S+)$/.exec(quiet);
    const email = cell('email');
    const limit = cell('dailyLimit');
    const person: Person = {
      id: this.idOf.get(key) ?? personIdOf(code), code, name: cell('name'), unitId, role, email: email === '' ? null : email, phone: phone === '' ? null : phone,
      channels: channelsOf(cell('channels'), email !== ''),
      quiet: quiet === '' ? null : { from: times?.[1] ?? quiet, until: times?.[2] ?? '' },
      dailyLimit: limit === '' ? null : Number(limit), delegation: null, leftOn: cell('leftOn') === '' ? null : dayFrom(cell('leftOn')),
    };
    const fault = faultsOf(person)[0];
    if (fault) {
      refuse(OF_POINTER[fault.pointer] ?? 'code', fault.code, fault.detail);
      return;
    }
    if (cell('delegate') !== '') this.delegates.push({ n: this.people.length, line, code: cell('delegate'), from: dayFrom(cell('delegateFrom')), until: dayFrom(cell('delegateUntil')), days: `${cell('delegateFrom')} – ${cell('delegateUntil')}` });
    this.seen.set(key, line);
    this.people.push(person);
    this.idOf.set(key, person.id);
  }

  /** After all have their ids: somebody may stand in for one who comes later in the list. */
  private delegate(): void {
    for (const { n, line, code, from, until, days } of this.delegates) {
      const toId = this.idOf.get(foldText(code));
      const person = this.people[n]!;
      const withDelegation: Person | undefined = toId === undefined ? undefined : { ...person, delegation: { toId, from, until } };
      const fault = withDelegation === undefined ? { code: 'delegate-unknown', detail: `Không có cán bộ mang mã “${code.slice(0, MOST_SHOWN)}” để ủy quyền.` } : faultsOf(withDelegation)[0];
      if (!fault) this.people[n] = withDelegation!;
      else {
        const column: Column = fault.code === 'delegation-days-invalid' ? 'delegateUntil' : 'delegate';
        this.refused.push({ line, column: COLUMNS[column][0], given: (column === 'delegate' ? code : days).slice(0, MOST_SHOWN), expected: EXPECTED[column]!, code: fault.code, detail: `${fault.detail} Cán bộ vẫn được nhập, không có ủy quyền.` });
      }
    }
  }
}

const missing = (columns: readonly Column[]): Extract<PeopleFile, { ok: false }> => ({ ok: false, code: 'columns-missing', detail: `Thiếu cột ${columns.map((column) => `“${COLUMNS[column][0]}”`).join(', ')} trong ${String(HEADER_WITHIN)} dòng đầu.` });

/** Reads a list of people (CSV, UTF-8). A row that cannot be taken is refused with its line, and the others are taken. */
export function readPeople(bytes: Uint8Array, context: PeopleContext): PeopleFile {
  if (bytes.length > MAX_BYTES) return { ok: false, code: 'file-too-large', detail: `Tệp lớn ${String(bytes.length)} byte; tối đa ${String(MAX_BYTES)} byte.` };
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return { ok: false, code: 'file-not-csv', detail: 'Đây là sổ tính XLSX (hoặc ZIP), không phải chữ CSV; hãy gửi nó như một tệp.' };
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
  const reader = new PeopleReader(context);
  for (const { record, info } of rows) if (!reader.take({ line: info.lines, cells: record })) break;
  return reader.end();
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
