import { COLUMN_KEYS, COLUMNS, DATE_COLUMNS, sealOf, type Cells, type Column, type SheetCell, type SheetColumn } from '#imports';
import { dayOf, dayVi, startOfDay, timeOf, type Instant } from '#kernel';
import { authorityName, foldAt, repair, type AuthorityNames, type TaskFact } from '#tasks';
import { Turns } from '../turns.ts';
import { factsFrom, type ReadLog } from './export-facts.ts';

/** A row of a list on its way out: what the log does not say of it. */
export interface ExportItem {
  readonly taskId: string;
  readonly code: string;
  readonly unitId: string;
  readonly cell: string;
  /** Effective day of the deadline that judges it. */
  readonly dueOn: string | null;
  /** What the list says of the row besides, in the order of its own columns. */
  readonly more: readonly string[];
}

export interface ExportQuestion {
  readonly format: 'xlsx' | 'csv';
  readonly at: Instant;
  /** A position, in digits: the last that is known. */
  readonly known: string;
  readonly heading: string;
  readonly more: readonly string[];
  /** Names of the units that may stand in a row, as they were called then. */
  readonly unitNames: Readonly<Record<string, string>>;
  readonly authorityNames: AuthorityNames;
  /** How many rows there will be. */
  readonly total: number;
}

const DAYS: ReadonlySet<Column> = new Set(DATE_COLUMNS);
const NUMBERS: ReadonlySet<Column> = new Set<Column>(['label', 'weight']);
const REPEATED: ReadonlySet<Column> = new Set<Column>(['issuer', 'signer', 'lead', 'coordinators', 'phrase', 'dueTime', 'completedTime', 'status', 'urgency', 'authority', 'field', 'starred', 'routine']);
const WIDTHS: Readonly<Partial<Record<Column, number>>> = { label: 6, number: 20, issuer: 22, signer: 18, content: 60, product: 22, lead: 24, coordinators: 32, phrase: 34, result: 30, status: 24, note: 30, title: 40, taskId: 20, seal: 16, dueTime: 8, completedTime: 10 };

/** The columns of an import, so that what goes out comes in again, and those of the list itself behind them. */
export const exportColumns = (more: readonly string[]): SheetColumn[] => [
  ...COLUMN_KEYS.map((key): SheetColumn => ({ title: COLUMNS[key], width: WIDTHS[key] ?? 13, ...(DAYS.has(key) ? { kind: 'day' as const } : NUMBERS.has(key) ? { kind: 'number' as const } : {}), ...(REPEATED.has(key) ? { repeats: true } : {}) })),
  { title: 'Hiện trạng', width: 26, repeats: true },
  ...more.map((title) => ({ title, width: 18, repeats: true })),
];

const [LABEL_AT, WEIGHT_AT, SEAL_AT] = (['label', 'weight', 'seal'] as const).map((key) => COLUMN_KEYS.indexOf(key)) as [number, number, number];

const STATUS: Readonly<Record<string, string>> = {
  D1: 'Hoàn thành đúng hạn', D2: 'Hoàn thành quá hạn', D3: 'Hoàn thành, không thời hạn', V1: 'Hoàn thành, chờ xác nhận', V2: 'Hoàn thành quá hạn, chờ xác nhận', V3: 'Hoàn thành, chờ xác nhận, không thời hạn',
  O1: 'Đang thực hiện, trong hạn', O2: 'Đang thực hiện, quá hạn', O3: 'Đang thực hiện, không thời hạn', X: 'Đang tạm dừng',
  withdrawn: 'Đã thu hồi', cancelled: 'Đã hủy', returned: 'Đã trả lại', transferred: 'Đã chuyển cơ quan chủ trì', duplicate: 'Trùng việc khác', voided: 'Hủy do nhập sai',
};

// eslint-disable-next-line no-control-regex -- they cannot stand in a sheet
const clean = (text: string): string => (/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/.test(text) ? text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F]/g, ' ') : text);
const GRANTED = /gia hạn (?:tại|theo) .+? ngày (\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?!\d)/iu;
const pad = (n: string): string => n.padStart(2, '0');

/** A task as a row of a clerk's list, from its facts as known then; undefined where it is not there at this instant. */
function exportRow(facts: readonly TaskFact[], at: Instant, { taskId, code, unitId, cell, dueOn, more }: ExportItem, label: number, unitName: (id: string) => string, authorities: AuthorityNames): readonly SheetCell[] | undefined {
  const state = foldAt(facts, at);
  if (state.kind === 'none') return undefined;
  const { assigned } = state;
  const { effective } = repair(facts);
  const happened = effective.filter(({ occurredAt }) => occurredAt <= at);
  const grant = happened.findLast((fact) => fact.type === 'ExtensionGranted');
  const submission = state.submission && happened.find(({ eventId }) => eventId === state.submission!.eventId);
  const said = submission?.type === 'CompletionSubmitted' ? submission.data : undefined;
  const { deadline } = assigned;
  const days: Partial<Record<Column, string | undefined>> = {
    documentDate: assigned.document.date, assignedOn: assigned.assignedOn, due: deadline.kind === 'due' ? deadline.literalDueOn : undefined,
    extendedTo: grant?.type === 'ExtensionGranted' && grant.data.deadline.kind === 'due' ? grant.data.deadline.literalDueOn : undefined,
    completedOn: state.submission && dayOf(state.submission.occurredAt), confirmedOn: state.completed && dayOf(state.completed.occurredAt), effective: dueOn ?? undefined,
  };
  const done = state.submission?.occurredAt;
  const text: Record<string, string> = {
    number: assigned.document.number, issuer: assigned.document.issuer, signer: assigned.document.signerTitle ?? '', content: assigned.content, product: assigned.product ?? '',
    lead: unitName(unitId), coordinators: assigned.coordinatingUnitIds.map(unitName).join('; '),
    phrase: deadline.phrase ?? (deadline.kind === 'none' ? 'không thời hạn' : ''), dueTime: deadline.kind === 'due' ? (deadline.dueTime ?? '') : '',
    result: said?.result ?? (said?.resultDocument ? `Văn bản số ${said.resultDocument.number} ngày ${dayVi(said.resultDocument.date)}` : ''),
    status: STATUS[cell] ?? '', note: noteOf(assigned.asTyped?.[COLUMNS.note] ?? '', grant),
    completedTime: done === undefined || done === startOfDay(dayOf(done)) ? '' : timeOf(done),
    title: assigned.document.title === assigned.content ? '' : assigned.document.title, urgency: assigned.document.urgency ?? '', authority: authorityName(assigned.authority, authorities), field: assigned.field ?? '',
    starred: assigned.starred === true ? 'x' : '', weight: assigned.weight === undefined ? '' : String(assigned.weight), routine: assigned.routine === true ? 'x' : '', itemId: assigned.itemId ?? '', parent: assigned.parentTaskId ?? '',
    code, taskId, seal: '',
  };
  // Said as it is typed, for the seal; in the row days and numbers are what they are.
  const row: SheetCell[] = [];
  for (const key of COLUMN_KEYS) {
    const day = days[key];
    if (day === undefined) row.push((text[key] = clean(text[key] ?? '')));
    else {
      text[key] = dayVi(day);
      row.push(day);
    }
  }
  row[LABEL_AT] = label;
  if (assigned.weight !== undefined) row[WEIGHT_AT] = assigned.weight;
  row[SEAL_AT] = sealOf(text as Cells);
  row.push(STATUS[cell] ?? cell, ...more);
  return row;
}

/** The importer finds the day of a grant in the remark. */
function noteOf(note: string, grant: TaskFact | undefined): string {
  if (grant?.type !== 'ExtensionGranted') return note;
  const day = dayOf(grant.occurredAt);
  const m = GRANTED.exec(note);
  if (m && `${m[3]!}-${pad(m[2]!)}-${pad(m[1]!)}` === day) return note;
  const document = grant.data.document ?? 'quyết định';
  const words = `gia hạn tại ${/ ngày \d{1,2}[/.-]\d{1,2}[/.-]\d{4}$/.test(document) ? document : `${document} ngày ${dayVi(day)}`}`;
  return note === '' ? words : `${words}; ${note}`;
}

/** Rows of the list in its order, from items that come in slices. */
export async function* exportRows(slices: AsyncIterable<readonly ExportItem[]>, question: ExportQuestion, log: ReadLog): AsyncGenerator<readonly SheetCell[]> {
  const factsOf = await factsFrom(log, BigInt(question.known), question.total);
  const unitName = (id: string): string => question.unitNames[id] ?? id;
  let label = 0;
  const turns = new Turns();
  for await (const items of slices) {
    for (const item of items) {
      const row = exportRow(await factsOf(item.taskId), question.at, item, label + 1, unitName, question.authorityNames);
      if (row === undefined) continue;
      label += 1;
      yield row;
      if (turns.over) await turns.next();
    }
  }
}
