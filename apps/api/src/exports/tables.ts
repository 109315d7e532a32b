import { setImmediate as nextTurn } from 'node:timers/promises';
import { KIND_NAMES_VI } from '#briefing';
import { amountVi, type Amount } from '#indicators';
import type { SheetCell, SheetColumn, SheetToWrite } from '#imports';
import { dayOf, instantVi, type Instant } from '#kernel';
import { UNIT_STATUS_VI } from '#organisation';
import { PEOPLE_HEADINGS, peopleRows } from '#people';
import type { PlanState } from '#plans';
import type { Punctuality, ReportStatus } from '#reports';
import { askAudit, pages, readFlag, readPicks } from '../audit/audit.controller.ts';
import type { AuditDeadlinesListedDto, AuditEventsListedDto } from '../audit/audit-dto.ts';
import { deadlineCells, deadlineChanges, deadlineFilter, HEADER, roleWords, type DeadlineChange } from '../audit/deadline-changes.ts';
import { auditItems } from '../audit/subject.ts';
import { briefingsAsked } from '../briefing/briefings.controller.ts';
import type { BriefingsListedDto } from '../briefing/dto.ts';
import { conclusionItems } from '../briefing/views.ts';
import type { IndicatorsListedDto, PlansListedDto, PointDto } from '../http/dto.ts';
import { readPoint } from '../http/points.ts';
import { unitsAsked } from '../reference/units.controller.ts';
import { CSV_COLUMNS } from '../reminders/answers.ts';
import type { LedgerListedDto, PeopleListedDto } from '../reminders/dto.ts';
import { peopleAsked } from '../reminders/people.controller.ts';
import { peopleContext, unitWordFor } from '../reminders/people-list.ts';
import { ledgerFilter, ledgerRows } from '../reminders/reminders.controller.ts';
import type { ReportsListedDto } from '../reports/dto.ts';
import { indicatorsAsked } from '../reports/indicators.controller.ts';
import { plansAsked } from '../reports/plans.controller.ts';
import { periodWords } from '../reports/report-service.ts';
import { punctualAt, reportsAsked } from '../reports/reports.controller.ts';
import type { Runtime } from '../runtime.ts';

/** A list of something else than tasks that goes out as a file, in columns of its own. */
export interface TableToExport extends Pick<SheetToWrite, 'columns' | 'rows'> {
  readonly at: Instant;
  readonly title: string;
  /** How many rows there are at most. */
  readonly total: number;
}

const DAY = (title: string): SheetColumn => ({ title, kind: 'day', width: 12 });
const NUMBER = (title: string): SheetColumn => ({ title, kind: 'number', width: 10 });
const TEXT = (title: string, width = 20): SheetColumn => ({ title, width });
/** Of few different texts. */
const WORD = (title: string, width = 20): SheetColumn => ({ title, width, repeats: true });

const yes = (is: boolean): string => (is ? 'x' : '');
const when = (at: Instant | null | undefined): string => (at === null || at === undefined ? '' : instantVi(at));

/** A plan a row, or a row for each of its items. */
export async function plansTable(query: PlansListedDto, runtime: Runtime): Promise<TableToExport> {
  const point = await readPoint(query, runtime);
  const rows = plansAsked(query, point, runtime).flatMap((plan) => planRows(plan, runtime.reference.unitName(plan.unitId)));
  return {
    at: point.at, title: 'Kế hoạch và các mục', total: rows.length, rows,
    columns: [
      WORD('Đơn vị', 26), WORD('Mã đơn vị'), NUMBER('Năm'), WORD('Mã kế hoạch', 16), WORD('Tên kế hoạch', 44), WORD('Áp dụng', 14), DAY('Ngày ban hành'), WORD('Số, ký hiệu', 16), NUMBER('Số mục'), NUMBER('Số mục xong'), WORD('Ghi chú của kế hoạch', 30),
      NUMBER('Mục số'), TEXT('Nội dung mục', 60), TEXT('Sản phẩm', 26), DAY('Thời hạn'), DAY('Hoàn thành ngày'), TEXT('Minh chứng', 18), DAY('Ngày minh chứng'), NUMBER('Số tệp minh chứng'), TEXT('Ghi chú của mục', 30), WORD('Mã định danh kế hoạch'), TEXT('Mã định danh mục'),
    ],
  };
}

function planRows({ planId, unitId, year, code, title, applicable, issuedOn, document, items, note }: PlanState, unitName: string): readonly (readonly SheetCell[])[] {
  const counted = applicable && items.length > 0;
  // Does not apply, nothing entered yet, and a count stay three different cells.
  const counts: readonly SheetCell[] = counted ? [items.length, items.filter(({ done }) => done).length] : applicable ? ['', ''] : ['-', '-'];
  const plan: readonly SheetCell[] = [unitName, unitId, year, code, title, applicable ? 'áp dụng' : 'không áp dụng', issuedOn ?? '', document?.number ?? '', ...counts, note ?? ''];
  if (items.length === 0) return [[...plan, '', '', '', '', '', '', '', '', '', planId, '']];
  return items.map(({ itemId, content, product, dueOn, done }, n) => [
    ...plan, n + 1, content, product ?? '', dueOn ?? '', done === undefined ? '' : dayOf(done.at), done?.evidence?.number ?? '', done?.evidence?.date ?? '', done?.fileIds?.length ?? '', done?.note ?? '', planId, itemId,
  ]);
}

const PARTS = [['province', 'Cấp tỉnh'], ['district', 'Cấp huyện'], ['commune', 'Cấp xã'], ['rate', 'Tỷ lệ']] as const;
const amount = (given: Amount | undefined): SheetCell => (given === undefined ? '' : given.kind === 'count' ? given.number : amountVi(given));

/** An indicator a row, with the value in force. */
export async function indicatorsTable(query: IndicatorsListedDto, runtime: Runtime): Promise<TableToExport> {
  const point = await readPoint(query, runtime);
  const { reference } = runtime;
  const asked = indicatorsAsked(query, point, runtime);
  return {
    at: point.at, title: 'Chỉ tiêu, chỉ số', total: asked.length,
    columns: [
      WORD('Đơn vị', 26), WORD('Mã đơn vị'), TEXT('Mã chỉ tiêu'), TEXT('Tên chỉ tiêu', 50), WORD('Đơn vị tính', 14), WORD('Nơi chịu trách nhiệm', 26), NUMBER('Giá trị'), ...PARTS.map(([, title]) => NUMBER(title)), TEXT('Ghi chú', 30), DAY('Có hiệu lực từ'), WORD('Lấy từ kỳ trước', 10),
      TEXT('Minh chứng', 18), DAY('Ngày minh chứng'), TEXT('Trích yếu minh chứng', 30), NUMBER('Số tệp minh chứng'), TEXT('Mục tiêu các năm', 26), WORD('Ghi gần nhất lúc', 20), TEXT('Mã định danh'),
    ],
    rows: asked.map((read): readonly SheetCell[] => {
      const { indicatorId, unitId, code, name, measure, ownerUnitId, amount: value, parts, note, validFrom, carriedOver, evidence, targets, lastChange } = read();
      return [
        reference.unitName(unitId), unitId, code, name, measure, reference.unitName(ownerUnitId ?? unitId), amount(value), ...PARTS.map(([key]) => amount(parts[key])), note ?? '', validFrom ?? '', yes(carriedOver),
        evidence?.number ?? '', evidence?.date ?? '', evidence?.title ?? '', evidence?.fileIds?.length ?? '', Object.entries(targets).map(([year, target]) => `${year}: ${amountVi(target)}`).join('; '), when(lastChange), indicatorId,
      ];
    }),
  };
}

/** The directory on a day, ended units too. */
export async function unitsTable(query: PointDto, runtime: Runtime): Promise<TableToExport> {
  const point = await readPoint(query, runtime);
  const units = unitsAsked(query, point, runtime);
  const names = new Map(units.map(({ id, name }) => [id, name]));
  const named = (id: string | undefined): string => (id === undefined ? '' : (names.get(id) ?? id));
  return {
    at: point.at, title: 'Danh mục đơn vị', total: units.length,
    columns: [TEXT('Tên đơn vị', 44), TEXT('Tên tắt', 18), TEXT('Mã đơn vị'), WORD('Loại', 16), WORD('Đơn vị cấp trên', 36), WORD('Mã đơn vị cấp trên'), WORD('Tình trạng', 18), DAY('Thành lập ngày'), DAY('Kết thúc ngày'), WORD('Đơn vị kế thừa', 36), WORD('Căn cứ', 30)],
    rows: units.map((unit): readonly SheetCell[] => [
      unit.name, unit.shortName, unit.id, unit.kind, named(unit.parentId), unit.parentId ?? '', UNIT_STATUS_VI[unit.status], unit.establishedOn, unit.endedOn ?? '', named(unit.successorId), unit.legalBasis ?? '',
    ]),
  };
}

const REPORT_STATUS: Readonly<Record<ReportStatus, string>> = { drafted: 'dự thảo', checked: 'đã kiểm tra', issued: 'đã ban hành', superseded: 'đã bị thay thế' };
const PUNCTUAL: Readonly<Record<Punctuality, string>> = { 'on-time': 'ban hành đúng hạn', late: 'ban hành chậm', waiting: 'chưa đến hạn', overdue: 'quá hạn' };

/** A report a row with how far its life has come; what was frozen is named by its SHA-256. */
export async function reportsTable(query: ReportsListedDto, runtime: Runtime): Promise<TableToExport> {
  const { reference, tasks } = runtime;
  await reference.catchUp();
  const now = await tasks.now();
  const found = reportsAsked(query, runtime);
  return {
    at: now, title: 'Báo cáo định kỳ', total: found.length,
    columns: [
      WORD('Đơn vị', 30), WORD('Mã đơn vị'), WORD('Kỳ', 12), WORD('Kỳ báo cáo', 24), DAY('Số liệu đến hết ngày'), WORD('Mẫu', 26), NUMBER('Phiên bản mẫu'), WORD('Trạng thái', 16), TEXT('Số, ký hiệu', 16), DAY('Ngày ký'), WORD('Lập lúc', 20),
      WORD('Kiểm tra lúc', 20), NUMBER('Số lỗi'), NUMBER('Số cảnh báo'), NUMBER('Số lưu ý'), WORD('Ban hành lúc', 20), DAY('Hạn nộp'), WORD('Đúng hạn', 18), TEXT('Lý do bị thay thế', 30), TEXT('SHA-256 của tệp PDF', 30), TEXT('Mã định danh'),
    ],
    rows: found.map((report): readonly SheetCell[] => {
      const { id, unitId, period, asOf, templateId, templateVersion, status, fields, due, draftedAt, checked, issued, superseded } = report;
      const state = punctualAt(report, now);
      const counts = issued ?? checked;
      return [
        reference.unitName(unitId), unitId, period, periodWords(period, report), asOf, templateId, templateVersion, REPORT_STATUS[status], fields.number ?? '', fields.date ?? '', when(draftedAt),
        when(checked?.at), counts?.errors ?? '', counts?.warnings ?? '', counts?.infos ?? '', when(issued?.at), due?.dueOn ?? '', state === undefined ? '' : PUNCTUAL[state], superseded?.reason ?? '', issued?.files.pdf.sha256 ?? '', id,
      ];
    }),
  };
}

/** A meeting a row, or a row for each of its conclusions, struck ones too. */
export async function briefingsTable(query: BriefingsListedDto, runtime: Runtime): Promise<TableToExport> {
  const { reference, briefings, tasks } = runtime;
  await briefings.catchUp();
  const found = briefingsAsked(query, runtime);
  const rows: (readonly SheetCell[])[] = [];
  for (const { id, state } of found) {
    const meeting: readonly SheetCell[] = [state.name, state.unitId === null ? 'toàn tỉnh' : reference.unitName(state.unitId), state.presiding ?? '', when(state.cutOff), when(state.openedAt), when(state.closed?.at), state.conclusions.filter(({ struck }) => struck === null).length];
    const told = await conclusionItems(state.conclusions, runtime);
    if (told.length === 0) rows.push([...meeting, '', '', '', '', '', '', '', '', '', '', id]);
    for (const [n, { number, text, reason, taskCode, unitId, deadlineText, amended, struck, struckReason }] of told.entries()) {
      const { kind, recordedAt } = state.conclusions[n]!;
      rows.push([...meeting, number, KIND_NAMES_VI[kind], text, reason ?? '', unitId === null ? '' : reference.unitName(unitId), taskCode ?? '', deadlineText ?? '', when(recordedAt), yes(amended), struck ? `đã bỏ: ${struckReason ?? ''}` : '', id]);
    }
    await nextTurn();
  }
  return {
    at: await tasks.now(), title: 'Giao ban và các kết luận', total: rows.length, rows,
    columns: [
      WORD('Phiên', 30), WORD('Phạm vi', 24), WORD('Chủ trì', 18), WORD('Mốc chốt', 20), WORD('Mở lúc', 20), WORD('Kết thúc lúc', 20), NUMBER('Số kết luận'),
      NUMBER('Kết luận số'), WORD('Loại', 20), TEXT('Nội dung kết luận', 60), TEXT('Lý do', 30), WORD('Đơn vị', 26), TEXT('Mã việc', 16), TEXT('Thời hạn', 22), WORD('Ghi lúc', 20), WORD('Đã sửa', 8), TEXT('Đã bỏ', 26), WORD('Mã định danh phiên'),
    ],
  };
}

/** The directory of people as it is imported again: names and contacts, so for those alone who see them. */
export async function peopleTable(query: PeopleListedDto, runtime: Runtime): Promise<TableToExport> {
  const { all } = await runtime.directory.known();
  const found = new Set(peopleAsked(query, all, true, runtime).map(({ id }) => id));
  const unitWord = unitWordFor(peopleContext(all, runtime.reference), runtime.reference);
  const rows = peopleRows(all, unitWord).filter((_, n) => found.has(all[n]!.id));
  return { at: await runtime.tasks.now(), title: 'Danh bạ người được nhắc', total: rows.length, columns: PEOPLE_HEADINGS.map((title) => TEXT(title)), rows };
}

/** Who was reminded of what, and what became of it. */
export async function ledgerTable(query: LedgerListedDto, runtime: Runtime): Promise<TableToExport> {
  const filter = ledgerFilter(query);
  const { total } = await runtime.ledger.entries(filter, { offset: 0, limit: 1 });
  return { at: await runtime.tasks.now(), title: 'Sổ nhắc', total, columns: CSV_COLUMNS.map((title, n) => (n === 0 ? DAY(title) : WORD(title))), rows: each(ledgerRows(filter, runtime)) };
}

/** The events of tasks in sentences, oldest first. */
export async function eventsTable(query: AuditEventsListedDto, runtime: Runtime): Promise<TableToExport> {
  const { point, subject, columns, filter } = await askAudit(query, false, runtime);
  const picked = { ...filter, ...readPicks(query) };
  async function* rows(): AsyncGenerator<readonly (readonly SheetCell[])[]> {
    for await (const some of pages(columns, picked)) {
      yield (await auditItems(some, point, runtime)).map((item) => [
        Number(item.position), item.recordedAt, item.occurredAt, item.lateDays, item.code ?? item.taskId, item.content ?? '', item.unitName, item.name, item.sentence, item.actor.id, roleWords(item.actor.role), item.effective ? '' : 'đã hủy ghi nhận', item.id,
      ]);
    }
  }
  return {
    at: point.at, title: `Sự kiện ${subject.unitName ?? 'toàn hệ thống'}`, total: columns.total(picked), rows: each(rows()),
    columns: [NUMBER('Sự kiện'), TEXT('Ghi lúc', 26), TEXT('Xảy ra lúc', 26), NUMBER('Ghi muộn (ngày)'), WORD('Mã việc', 16), WORD('Nội dung việc', 44), WORD('Cơ quan chủ trì', 26), WORD('Loại', 24), TEXT('Sự kiện thành câu', 60), WORD('Người ghi', 18), WORD('Vai trò', 18), WORD('Hủy ghi nhận', 16), TEXT('Mã sự kiện')],
  };
}

/** Every change of a deadline in force, oldest first. */
export async function deadlinesTable(query: AuditDeadlinesListedDto, runtime: Runtime): Promise<TableToExport> {
  const { point, subject, columns, filter } = await askAudit(query, true, runtime);
  const changes = deadlineFilter(filter, readFlag('late', query.late) === true);
  const numbers: ReadonlySet<string> = new Set(['Sự kiện', 'Lần', 'Số ngày thêm']);
  const cellsOf = (change: DeadlineChange): readonly SheetCell[] => deadlineCells(change).map((cell, n) => (numbers.has(HEADER[n]!) && cell !== '' ? Number(cell) : cell));
  async function* rows(): AsyncGenerator<readonly (readonly SheetCell[])[]> {
    for await (const some of pages(columns, changes)) yield (await deadlineChanges(some, point, runtime)).map(cellsOf);
  }
  return { at: point.at, title: `Lịch sử thời hạn ${subject.unitName ?? 'toàn hệ thống'}`, total: columns.total(changes), columns: HEADER.map((title) => (numbers.has(title) ? NUMBER(title) : WORD(title))), rows: each(rows()) };
}

async function* each(pagesOfRows: AsyncIterable<readonly (readonly SheetCell[])[]>): AsyncGenerator<readonly SheetCell[]> {
  for await (const rows of pagesOfRows) {
    yield* rows;
    await nextTurn();
  }
}
