import { cleanText } from '#kernel';
import { hasSecrecyMark } from '#tasks';
import { numberAsText } from './cell-number.ts';
import { COLUMN_KEYS, COLUMNS, type Column } from './columns.ts';
import { readCsv } from './csv-file.ts';
import { readRow, type Cells, type RowContext } from './read-row.ts';
import { hasMark, isBlank, isHeader, isTotals, sameHeader, secretRecords, type FileRefusal, type RawRecord, type Table } from './table.ts';
import { looksLikeTcvn3 } from './tcvn3.ts';
import type { ReadRecord, RowProblem, TaskListContext, TaskListReading, Verdict } from './types.ts';
import { leadsOf, namesToPropose, NewUnits } from './unit-names.ts';

const NO_COUNTS = { tasks: 0, accepted: 0, warned: 0, refused: 0, skipped: 0, secret: 0 } as const;
/** Cells of a merged block that stand in its first row only. */
const MERGED = ['number', 'documentDate', 'issuer', 'signer'] as const;

/**
 * Reads a task list: pure, and it never guesses. Every record gets a verdict with its reasons; a refused row never blocks the others.
 * Of a row with a secrecy mark nothing is kept but its place in the file.
 */
export function readTaskList(bytes: Uint8Array, context: TaskListContext): TaskListReading {
  return readTaskTable(readCsv(bytes), context);
}

/** Reads a list whose header is found, of whatever kind of file, all at once. */
export function readTaskTable(table: Table | FileRefusal, context: TaskListContext): TaskListReading {
  const fileName = context.fileName ?? NO_NAME;
  const reading = taskReading(table, context);
  if ('refusal' in reading) return { fileName: reading.refusal.code === 'secrecy-mark' ? '' : fileName, refusal: reading.refusal, records: [], unitsToCreate: [], counts: NO_COUNTS, notices: [] };
  const records = [...reading.records()];
  return { fileName, records, ...reading.close() };
}

/** A reading under way: records one by one, so that a long list need not stand in memory twice. `close` after the last of them. */
export interface TaskReading {
  readonly length: number;
  records(): Iterable<ReadRecord>;
  close(): Pick<TaskListReading, 'unitsToCreate' | 'counts' | 'notices'>;
}

const NO_NAME = 'danh sách';

/** What concerns the file as a whole is looked at first; rows are read when they are asked for. */
export function taskReading(table: Table | FileRefusal, context: TaskListContext): TaskReading | { readonly refusal: NonNullable<TaskListReading['refusal']> } {
  const fileName = context.fileName ?? NO_NAME;
  const refused = (code: string, detail: string, extra?: Readonly<Record<string, unknown>>) => ({ refusal: { code, detail, ...(extra && { extra }) } });
  if (!table.ok) return refused(table.code, table.detail, table.extra);
  if (hasSecrecyMark(fileName) || table.before.some((r) => r.secret === true || hasMark(r.cells)) || hasMark(table.header.cells)) {
    return refused('secrecy-mark', 'Tên tệp hoặc phần đầu tệp có dấu chỉ độ mật; không được nhập tệp này vào hệ thống.');
  }
  const headings = new Set(table.records.filter((r) => isHeader(r.cells)));
  const reordered = [...headings].find((r) => !sameHeader(r.cells, table.header.cells));
  if (reordered) {
    return refused('header-changes', `Dòng ${String(reordered.line)} lặp lại tiêu đề nhưng thứ tự cột khác tiêu đề ở dòng ${String(table.header.line)}; dừng, chưa nhập dòng nào.`, { line: reordered.line });
  }

  const secret = secretRecords(table.records, table.at);
  const units = new NewUnits(context.units, context.createUnits ? namesIn(table, secret, context) : []);
  const rows: RowContext = {
    ...context,
    units: units.directory,
    fileName,
    taken: new Map(),
    lacks: new Set(COLUMN_KEYS.filter((key) => table.at[key] < 0)),
  };
  const tally: Record<Verdict, number> = { accept: 0, 'accept-with-warning': 0, refuse: 0, skip: 0 };
  const said: string[] = [];
  function* records(): Iterable<ReadRecord> {
    const { header } = table as Table;
    const width = header.cells.length;
    let block: Cells | undefined;
    for (const raw of (table as Table).records) {
      const place = { record: raw.record, line: raw.line };
      if (secret.has(raw)) {
        block = undefined;
        const label = String(raw.record - header.record);
        const message = `Dòng ${label} có dấu chỉ độ mật; không được nhập vào hệ thống. Chỉ nhập số lượng theo mục riêng.`;
        tally.refuse++;
        yield { ...place, label, verdict: 'refuse', secret: true, problems: [{ severity: 'refuse', column: '', given: '', code: 'secrecy-mark', message }] };
        continue;
      }
      const skip = skipped(raw, table as Table, tally, headings);
      if (skip) {
        block = undefined;
        tally.skip++;
        for (const p of skip.problems) if (p.severity === 'warning') said.push(p.message);
        yield { ...place, ...skip, verdict: 'skip', secret: false };
        continue;
      }
      const typed = cellsOf(raw, table as Table);
      const label = cleanText(typed.label);
      const tag = /(?<![\p{L}\p{N}])T\d{2,}(?![\p{L}\p{N}])/u.exec(cleanText(typed.note))?.[0];
      const named = { ...place, label, ...(tag !== undefined && raw.cells.length === width && { tag }) };
      if (raw.cells.length !== width) {
        block = undefined;
        const tagHere = /(?<![\p{L}\p{N}])T\d{2,}(?![\p{L}\p{N}])/u.exec(cleanText(raw.cells[(table as Table).at.note + raw.cells.length - width] ?? ''))?.[0];
        const message = `Dòng có ${String(raw.cells.length)} cột, cần ${String(width)}.`;
        tally.refuse++;
        yield { ...place, label, ...(tagHere !== undefined && { tag: tagHere }), verdict: 'refuse', secret: false, problems: [{ severity: 'refuse', column: '', given: String(raw.cells.length), expected: String(width), code: 'wrong-number-of-cells', message }] };
        continue;
      }
      const { cells, problems: filled } = fillDown(typed, block);
      block = cleanText(cells.number) === '' ? undefined : cells;
      const computed = formulaProblems(raw, table as Table);
      const { problems, row, sealed } = readRow(cells, typed, rows, tag ?? (label === '' ? String(raw.line) : `${String(raw.line)} (STT ${label})`), computed.some(({ severity }) => severity === 'refuse'));
      const all: RowProblem[] = [...filled, ...computed, ...problems];
      const verdict: Verdict = row === undefined ? 'refuse' : all.length > 0 ? 'accept-with-warning' : 'accept';
      if (row) {
        const assign = row.facts[0]!;
        if (assign.type === 'AssignTask') units.use([assign.task.leadUnitId, ...assign.task.coordinatingUnitIds], assign.task.assignedOn);
      }
      tally[verdict]++;
      yield { ...named, verdict, secret: false, problems: all, ...(row && { row }), ...(sealed !== undefined && { sealed }) };
    }
  }
  return {
    length: table.records.length,
    records,
    close() {
      const counts = { tasks: tally.accept + tally['accept-with-warning'] + tally.refuse, accepted: tally.accept, warned: tally['accept-with-warning'], refused: tally.refuse, skipped: tally.skip, secret: secret.size };
      const notices: string[] = [];
      if (table.before.some((r) => !isBlank(r.cells))) notices.push(`Bỏ qua ${String(table.before.length)} dòng đứng trước dòng tiêu đề (dòng ${String(table.header.line)}).`);
      if (counts.tasks === 0) notices.push('Tệp không có dòng nhiệm vụ nào.');
      if (secret.size > 0) notices.push(`${String(secret.size).padStart(2, '0')} dòng có độ mật: không lưu gì ngoài số lượng.`);
      notices.push(...said);
      return { unitsToCreate: context.createUnits ? units.list(`Nhập từ danh sách ${fileName}; chưa rõ ngày thành lập`) : [], counts, notices };
    },
  };
}

/** Columns in which a formula may stand as the text it is; in all others the row cannot be understood without computing it. */
const FORMULA_AS_TEXT: ReadonlySet<Column> = new Set<Column>(['content', 'product', 'note', 'result', 'status']);
/** Labels and what is computed anyway. */
const FORMULA_NO_MATTER: ReadonlySet<Column> = new Set<Column>(['label', 'effective', 'code']);

/** Formulas are never computed, and what a spreadsheet remembers as their outcome is not believed: it may be old, or made up. */
function formulaProblems(raw: RawRecord, { at }: Table): RowProblem[] {
  if (raw.formulas === undefined) return [];
  return COLUMN_KEYS.flatMap((key): RowProblem[] => {
    if (!raw.formulas!.includes(at[key]) || FORMULA_AS_TEXT.has(key) || FORMULA_NO_MATTER.has(key)) return [];
    const cell = `${columnLetters(at[key])}${String(raw.line)}`;
    return [{ severity: 'refuse', column: COLUMNS[key], given: (raw.cells[at[key]] ?? '').slice(0, 200), code: 'formula', message: `Ô ${cell} (${COLUMNS[key]}) là công thức; công thức không được tính. Hãy dán giá trị vào ô rồi nhập lại.` }];
  });
}

/** 0 → A, 25 → Z, 26 → AA. */
export function columnLetters(index: number): string {
  let letters = '';
  for (let n = index + 1; n > 0; n = Math.floor((n - 1) / 26)) letters = String.fromCharCode(65 + ((n - 1) % 26)) + letters;
  return letters;
}

function cellsOf(raw: RawRecord, table: Table): Cells {
  const cells = {} as Record<Column, string>;
  for (const key of COLUMN_KEYS) {
    const at = table.at[key];
    const cell = at < 0 ? '' : (raw.cells[at] ?? '');
    cells[key] = raw.numbers?.includes(at) === true ? numberAsText(cell, key, table.date1904 === true) : cell;
  }
  return cells;
}

function* namesIn(table: Table, secret: ReadonlySet<RawRecord>, context: TaskListContext): Iterable<string> {
  for (const raw of table.records) {
    if (secret.has(raw) || raw.cells.length !== table.header.cells.length || isHeader(raw.cells) || raw.cells.some(looksLikeTcvn3)) continue;
    const cells = cellsOf(raw, table);
    // A cell with several leads is refused, so it brings no unit.
    if (leadsOf(cells.lead, context.units).length === 1) yield* namesToPropose(cells.lead);
    yield* namesToPropose(cells.coordinators);
  }
}

/** Lines that are no task: empty, a repeated header, totals. Each ends a merged block. */
function skipped(raw: RawRecord, table: Table, tally: Readonly<Record<Verdict, number>>, headings: ReadonlySet<RawRecord>): { label: string; problems: readonly RowProblem[] } | undefined {
  if (isBlank(raw.cells)) return { label: '', problems: [] };
  if (headings.has(raw)) return { label: '', problems: [{ severity: 'info', column: '', given: '', code: 'header-repeated', message: `Dòng ${String(raw.line)} lặp lại tiêu đề; bỏ qua.` }] };
  if (!isTotals(raw.cells)) return undefined;
  const label = cleanText(raw.cells.find((c) => cleanText(c) !== '')!);
  const stated = /\d+(?:\.\d{3})*/.exec(cleanText(raw.cells[table.at.content] ?? '') || cleanText(raw.cells.slice(1).find((c) => /\d/.test(c)) ?? ''))?.[0];
  const read = tally.accept + tally['accept-with-warning'] + tally.refuse;
  const info: RowProblem = { severity: 'info', column: '', given: stated ?? '', code: 'totals-row', message: `Dòng ${String(raw.line)} là dòng tổng cộng; bỏ qua.` };
  if (stated === undefined || Number(stated.replaceAll('.', '')) === read) return { label, problems: [info] };
  return {
    label,
    problems: [{ severity: 'warning', column: COLUMNS.content, given: stated, expected: String(read), code: 'totals-differ', message: `Dòng tổng cộng ghi ${stated}, đọc được ${String(read)} dòng nhiệm vụ.` }],
  };
}

/** In a merged block only the first row names the document; number, date, issuer and signer come down, nothing else. */
function fillDown(cells: Cells, block: Cells | undefined): { cells: Cells; problems: readonly RowProblem[] } {
  if (!block || [cells.number, cells.documentDate, cells.issuer].some((c) => cleanText(c) !== '')) return { cells, problems: [] };
  const filled = { ...cells };
  for (const key of MERGED) if (cleanText(filled[key]) === '') filled[key] = block[key];
  const number = cleanText(block.number);
  return {
    cells: filled,
    problems: [{ severity: 'warning', column: COLUMNS.number, given: '', expected: number, code: 'document-from-row-above', message: `Số, ký hiệu văn bản lấy theo dòng trên (${number}).` }],
  };
}
