import { cleanText } from '#kernel';
import { hasSecrecyMark } from '#tasks';
import { COLUMN_KEYS, COLUMNS, type Column } from './columns.ts';
import { isBlank, isHeader, readCsv, sameHeader, type CsvFile, type RawRecord } from './csv-file.ts';
import { readRow, type Cells, type RowContext } from './read-row.ts';
import { looksLikeTcvn3, tcvn3ToUnicode } from './tcvn3.ts';
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
  const fileName = context.fileName ?? 'danh sách';
  const refused = (code: string, detail: string, extra?: Readonly<Record<string, unknown>>): TaskListReading => ({
    fileName,
    refusal: { code, detail, ...(extra && { extra }) },
    records: [],
    unitsToCreate: [],
    counts: NO_COUNTS,
    notices: [],
  });
  const csv = readCsv(bytes);
  if (!csv.ok) return refused(csv.code, csv.detail, csv.extra);
  if (hasSecrecyMark(fileName) || csv.before.some((r) => hasMark(r.cells)) || hasMark(csv.header.cells)) {
    return { ...refused('secrecy-mark', 'Tên tệp hoặc phần đầu tệp có dấu chỉ độ mật; không được nhập tệp này vào hệ thống.'), fileName: '' };
  }
  const reordered = csv.records.find((r) => isHeader(r.cells) && !sameHeader(r.cells, csv.header.cells));
  if (reordered) {
    return refused('header-changes', `Dòng ${String(reordered.line)} lặp lại tiêu đề nhưng thứ tự cột khác tiêu đề ở dòng ${String(csv.header.line)}; dừng, chưa nhập dòng nào.`, { line: reordered.line });
  }

  const secret = secretRecords(csv);
  const units = new NewUnits(context.units, context.createUnits ? namesIn(csv, secret, context) : []);
  const rows: RowContext = {
    ...context,
    units: units.directory,
    fileName,
    taken: new Map(),
  };
  const records: ReadRecord[] = [];
  let block: Cells | undefined;
  for (const raw of csv.records) {
    const place = { record: raw.record, line: raw.line };
    if (secret.has(raw)) {
      block = undefined;
      const label = String(raw.record - csv.header.record);
      const message = `Dòng ${label} có dấu chỉ độ mật; không được nhập vào hệ thống. Chỉ nhập số lượng theo mục riêng.`;
      records.push({ ...place, label, verdict: 'refuse', secret: true, problems: [{ severity: 'refuse', column: '', given: '', code: 'secrecy-mark', message }] });
      continue;
    }
    const skip = skipped(raw, csv, records);
    if (skip) {
      block = undefined;
      records.push({ ...place, ...skip, verdict: 'skip', secret: false });
      continue;
    }
    const typed = cellsOf(raw, csv);
    const label = cleanText(typed.label);
    const tag = /(?<![\p{L}\p{N}])T\d{2,}(?![\p{L}\p{N}])/u.exec(cleanText(typed.note))?.[0];
    const named = { ...place, label, ...(tag !== undefined && raw.cells.length === csv.header.cells.length && { tag }) };
    if (raw.cells.length !== csv.header.cells.length) {
      block = undefined;
      const tagHere = /(?<![\p{L}\p{N}])T\d{2,}(?![\p{L}\p{N}])/u.exec(cleanText(raw.cells[csv.at.note + raw.cells.length - csv.header.cells.length] ?? ''))?.[0];
      const message = `Dòng có ${String(raw.cells.length)} cột, cần ${String(csv.header.cells.length)}.`;
      records.push({ ...place, label, ...(tagHere !== undefined && { tag: tagHere }), verdict: 'refuse', secret: false, problems: [{ severity: 'refuse', column: '', given: String(raw.cells.length), expected: String(csv.header.cells.length), code: 'wrong-number-of-cells', message }] });
      continue;
    }
    const { cells, problems: filled } = fillDown(typed, block);
    block = cleanText(cells.number) === '' ? undefined : cells;
    const { problems, row } = readRow(cells, typed, rows, tag ?? (label === '' ? String(raw.line) : `${String(raw.line)} (STT ${label})`));
    const all: RowProblem[] = [...filled, ...problems];
    const verdict: Verdict = row === undefined ? 'refuse' : all.length > 0 ? 'accept-with-warning' : 'accept';
    if (row) {
      const assign = row.facts[0]!;
      if (assign.type === 'AssignTask') units.use([assign.task.leadUnitId, ...assign.task.coordinatingUnitIds], assign.task.assignedOn);
    }
    records.push({ ...named, verdict, secret: false, problems: all, ...(row && { row }) });
  }

  const by = (verdict: Verdict): number => records.filter((r) => r.verdict === verdict).length;
  const counts = { tasks: records.length - by('skip'), accepted: by('accept'), warned: by('accept-with-warning'), refused: by('refuse'), skipped: by('skip'), secret: secret.size };
  const notices: string[] = [];
  if (csv.before.some((r) => !isBlank(r.cells))) notices.push(`Bỏ qua ${String(csv.before.length)} dòng đứng trước dòng tiêu đề (dòng ${String(csv.header.line)}).`);
  if (counts.tasks === 0) notices.push('Tệp không có dòng nhiệm vụ nào.');
  if (secret.size > 0) notices.push(`${String(secret.size).padStart(2, '0')} dòng có độ mật: không lưu gì ngoài số lượng.`);
  for (const { problems, verdict } of records) if (verdict === 'skip') for (const p of problems) if (p.severity === 'warning') notices.push(p.message);
  return { fileName, records, unitsToCreate: context.createUnits ? units.list(`Nhập từ danh sách ${fileName}; chưa rõ ngày thành lập`) : [], counts, notices };
}

function cellsOf(raw: RawRecord, csv: CsvFile): Cells {
  return Object.fromEntries(COLUMN_KEYS.map((key) => [key, raw.cells[csv.at[key]] ?? ''])) as Record<Column, string>;
}

/** "(Mật, hỏa tốc)", and what an unquoted comma leaves of it in one cell: "05/KH-UBND (MẬT". */
const OPEN_BRACKET = /[([{]\s*(?:tối |tuyệt )?mật\s*(?:[,;]|$)/iu;
const isMark = (text: string): boolean => hasSecrecyMark(text) || (/mật/iu.test(text) && OPEN_BRACKET.test(text));

/** A mark in any cell, also one typed with an old font. */
function hasMark(cells: readonly string[]): boolean {
  return cells.some((cell) => cell !== '' && (isMark(cleanText(cell)) || (looksLikeTcvn3(cell) && isMark(cleanText(tcvn3ToUnicode(cell))))));
}

/** Rows with a mark, and rows of the same merged block below them: their content belongs to the same secret document. */
function secretRecords(csv: CsvFile): ReadonlySet<RawRecord> {
  const secret = new Set<RawRecord>();
  let continues = false;
  for (const raw of csv.records) {
    const cells = cellsOf(raw, csv);
    const ends = isBlank(raw.cells) || isHeader(raw.cells) || isTotals(raw.cells);
    const below: boolean = !ends && continues && cleanText(cells.number) === '' && cleanText(cells.documentDate) === '';
    continues = hasMark(raw.cells) || below;
    if (continues) secret.add(raw);
  }
  return secret;
}

function* namesIn(csv: CsvFile, secret: ReadonlySet<RawRecord>, context: TaskListContext): Iterable<string> {
  for (const raw of csv.records) {
    if (secret.has(raw) || raw.cells.length !== csv.header.cells.length || isHeader(raw.cells) || raw.cells.some(looksLikeTcvn3)) continue;
    const cells = cellsOf(raw, csv);
    // A cell with several leads is refused, so it brings no unit.
    if (leadsOf(cells.lead, context.units).length === 1) yield* namesToPropose(cells.lead);
    yield* namesToPropose(cells.coordinators);
  }
}

const isTotals = (cells: readonly string[]): boolean => /^(?:tổng cộng|tổng số|cộng|tong cong|tong so)(?:\s*[:(].*)?$/iu.test(cleanText(cells.find((c) => cleanText(c) !== '') ?? ''));

/** Lines that are no task: empty, a repeated header, totals. Each ends a merged block. */
function skipped(raw: RawRecord, csv: CsvFile, before: readonly ReadRecord[]): { label: string; problems: readonly RowProblem[] } | undefined {
  if (isBlank(raw.cells)) return { label: '', problems: [] };
  if (isHeader(raw.cells)) return { label: '', problems: [{ severity: 'info', column: '', given: '', code: 'header-repeated', message: `Dòng ${String(raw.line)} lặp lại tiêu đề; bỏ qua.` }] };
  if (!isTotals(raw.cells)) return undefined;
  const label = cleanText(raw.cells.find((c) => cleanText(c) !== '')!);
  const stated = /\d+(?:\.\d{3})*/.exec(cleanText(raw.cells[csv.at.content] ?? '') || cleanText(raw.cells.slice(1).find((c) => /\d/.test(c)) ?? ''))?.[0];
  const read = before.filter((r) => r.verdict !== 'skip').length;
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
