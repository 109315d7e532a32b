import { CELL_DEFINITIONS, CELLS, type Cell } from '#figures';
import { countVi, dayVi, instantVi, isDay, parseInstant } from '#kernel';
import { EXCEPTION_RULES, type Exceptional, type ExceptionRule } from '#oversight';
import { signedOnVi, type OfficialBlock, type OfficialDocument, type OfficialTable, type ReportAppendix, type ReportCell, type ReportColumn, type TableBook } from '#reports';
import type { Runtime } from '../runtime.ts';
import { dueParts } from '../tasks/task-items.ts';
import type { DashboardAnswer } from './dashboard-answer.ts';
import { exceptionsOf } from './dashboard-list.ts';
import { change, ofRate, scopeWords } from './dashboard-words.ts';
import type { DashboardQuestion } from './dashboard-question.ts';

/* The dashboard on paper: what the page shows, with its instant, what was known and how it was narrowed at the head; the same numbers as `GET /dashboard`. */

const ISSUER = 'Ủy ban nhân dân tỉnh';
const SHOWN_EXCEPTIONS = 20;

const column = (key: string, heading: string, width: number, align: ReportColumn['align'] = 'left', group?: string): ReportColumn => ({ key, heading, width, align, ...(group === undefined ? {} : { group }) });
const words = (text: string): ReportCell => ({ text });
const counted = (number: number): ReportCell => ({ text: countVi(number), amount: { kind: 'count', number } });
/** A place of knowledge as a person reads it: a day, an instant, or a place in the log. */
function knownWords(knownAt: string | null): string {
  if (knownAt === null) return 'mọi điều đã ghi';
  if (isDay(knownAt)) return `hết ngày ${dayVi(knownAt)}`;
  const at = parseInstant(knownAt);
  return at === undefined ? knownAt.replace(/^position:/, 'sự kiện #').replace(/^event:/, 'sự kiện ') : instantVi(at);
}

interface Seen {
  readonly at: string;
  readonly scope: string;
  readonly since: string;
  /** What stands above everything: the instant, what was known, the scope, what changes are counted from. */
  readonly head: string;
  readonly main: OfficialTable;
  /** Units, exceptions, weeks. */
  readonly appendices: readonly [Appendix, Appendix, Appendix];
}

async function seenOn(asked: DashboardQuestion, answer: DashboardAnswer, rules: readonly ExceptionRule[], runtime: Runtime): Promise<Seen> {
  const { point } = asked;
  const at = answer.asOf.length === 10 ? `hết ngày ${dayVi(point.day)}` : instantVi(point.at);
  const scope = scopeWords(asked, runtime).join('; ');
  const since = `${answer.since.words.charAt(0).toLocaleUpperCase('vi')}${answer.since.words.slice(1)}`;
  const attached = `(${scope}; tại thời điểm ${at})`;
  const found = await exceptionsOf(rules, asked, runtime);
  return {
    at, scope, since,
    head: `Tại thời điểm ${at} (giờ VN); biết đến ${knownWords(answer.knownAt)}, sự kiện #${countVi(Number(answer.position))} của nhật ký. ${scope}. Số thay đổi: ${answer.since.words}.`,
    main: mainTable(answer, since),
    appendices: [unitsAppendix(answer, attached), exceptionsAppendix(await exceptionRows(found.slice(0, SHOWN_EXCEPTIONS), asked, runtime), found.length, rules, attached), weeksAppendix(answer, attached)],
  };
}

/** The same as a workbook: the figures, the units, the exceptions and the weeks, a sheet each. */
export async function dashboardBook(asked: DashboardQuestion, answer: DashboardAnswer, rules: readonly ExceptionRule[], runtime: Runtime): Promise<TableBook> {
  const { head, main, appendices } = await seenOn(asked, answer, rules, runtime);
  const figures: ReportAppendix = {
    key: 'so-lieu', number: '', title: answer.sentence.map(({ text }) => text).join(''), attached: head, landscape: false, columns: main.columns, rows: main.rows.map((row) => ({ place: '', ...row })), footnotes: [],
  };
  const names = ['Theo đơn vị', 'Việc cần chú ý', 'Theo tuần'];
  return { sheets: [{ name: 'Bảng điều hành', table: figures }, ...appendices.map((table, n) => ({ name: names[n]!, table: { ...table, number: '' } }))], author: ISSUER, day: asked.point.day };
}

/** What is seen on the dashboard as a document in the layout of Decree 30, to be numbered and signed by people where that is wanted. */
export async function dashboardPaper(asked: DashboardQuestion, answer: DashboardAnswer, rules: readonly ExceptionRule[], runtime: Runtime): Promise<OfficialDocument> {
  const { at, head, main, appendices } = await seenOn(asked, answer, rules, runtime);
  const blocks: OfficialBlock[] = [
    { kind: 'paragraph', text: head, italics: true },
    { kind: 'paragraph', text: answer.sentence.map(({ text }) => text).join(''), bold: true },
    { kind: 'table', table: main },
  ];
  return {
    draft: true, parentAgency: '', agency: ISSUER.toLocaleUpperCase('vi'), number: 'Số: …/…', placeAndDate: signedOnVi('…', null), name: 'BẢNG ĐIỀU HÀNH', subject: `Tình hình thực hiện nhiệm vụ được giao, tại thời điểm ${at}`, addressees: [],
    blocks: [...blocks, { kind: 'paragraph', text: 'Định nghĩa từng số đứng ở mục “Vì sao số này?” của trang; cùng thời điểm và mức biết đến thì các số không đổi./.', italics: true }], recipients: ['- Lãnh đạo UBND tỉnh;', '- Lưu: VT.'], signerTitle: 'CHÁNH VĂN PHÒNG',
    appendices: appendices.map((one, n) => ({ ...one, number: ['I', 'II', 'III'][n]! })), title: 'Bảng điều hành', author: ISSUER, day: asked.point.day,
  };
}

function mainTable({ all, tiles, ageing }: DashboardAnswer, since: string): OfficialTable {
  const { overdue, dueSoon, onTime90, extended, waiting } = tiles;
  const { cells } = all;
  const cell = (name: string, of: readonly Cell[]): [string, number, string] => [name, of.reduce((sum, one) => sum + cells[one], 0), ''];
  const rows: readonly (readonly [name: string, value: number | string, since: string])[] = [
    ['Tổng số', all.total, ''],
    cell('Hoàn thành đúng hạn', ['D1']), cell('Hoàn thành quá hạn', ['D2']), ...(cells.D3 > 0 ? [cell('Hoàn thành, không thời hạn', ['D3'])] : []), cell('Đang thực hiện trong hạn', ['O1']),
    ['Quá hạn chưa hoàn thành', overdue.count, change(overdue.count, overdue.since)],
    cell('Chờ xác nhận', ['V1', 'V2', 'V3']), cell('Chưa có thời hạn', ['O3']), cell('Tạm dừng', ['X']),
    ['Quá hạn trên 30 ngày', overdue.over30, ''],
    ['Quá hạn lâu nhất; trung vị (ngày)', overdue.oldestDays === null ? '–' : `${countVi(overdue.oldestDays)}; ${countVi(overdue.medianDays ?? 0)}`, ''],
    ['Tuổi quá hạn: 1–7; 8–30; 31–90; trên 90 ngày', ageing.map(({ count }) => countVi(count)).join('; '), ''],
    [`Sắp đến hạn, trong ${countVi(dueSoon.nearDays)} ngày làm việc`, dueSoon.in3, ''],
    ['Đến hạn trong 7 ngày làm việc', dueSoon.in7, change(dueSoon.in7, dueSoon.since7)],
    ['– trong đó chưa có cập nhật 14 ngày', dueSoon.in7NoUpdate, ''],
    ['Tỷ lệ đúng hạn, 90 ngày', ofRate(onTime90), `trước: ${ofRate(onTime90.since)}`],
    ['Tỷ lệ đúng hạn, cả kỳ (R2)', ofRate(all.onTime), ''],
    ['Đã gia hạn (việc; lần; ngày thêm)', `${countVi(extended.tasks)}; ${countVi(extended.times)}; ${countVi(extended.daysAdded)}`, change(extended.tasks, extended.since)],
    ['Chờ xử lý của lãnh đạo', waiting.total, change(waiting.total, waiting.since)],
    ['– gia hạn; hoàn thành; giải trình; trả lại', [waiting.extensions, waiting.completions, waiting.explanations, waiting.returns].map(countVi).join('; '), ''],
  ];
  return {
    columns: [column('name', 'Chỉ số', 52), column('value', 'Số', 24, 'center'), column('since', since, 24, 'center')],
    rows: rows.map(([name, value, before]) => ({ cells: { name: words(name), value: typeof value === 'number' ? counted(value) : words(value), since: words(before) } })),
  };
}

type Appendix = Omit<ReportAppendix, 'number'>;

/** Cells of the four main kinds and those beside them, as the bar of a unit shows them. */
function unitsAppendix({ units, all }: DashboardAnswer, attached: string): Appendix {
  const row = (place: string, name: string, one: DashboardAnswer['units'][number]): Appendix['rows'][number] => ({
    place,
    cells: {
      stt: words(place), name: words(name), total: counted(one.total), ...Object.fromEntries(CELLS.map((cell) => [cell, counted(one.cells[cell])])), oldest: words(one.oldestDays === null ? '–' : countVi(one.oldestDays)), soon: counted(one.dueSoon),
      rate: words(one.onTime.few ? `ít dữ liệu (${countVi(one.onTime.numerator)}/${countVi(one.onTime.denominator)})` : ofRate(one.onTime)), extended: counted(one.extended), updated: words(one.lastUpdateOn === null ? '–' : dayVi(one.lastUpdateOn)),
    },
  });
  return {
    key: 'don-vi', title: 'SỐ LIỆU THEO ĐƠN VỊ', attached, landscape: true,
    columns: [
      column('stt', 'STT', 8, 'center'), column('name', 'Đơn vị', 30), column('total', 'Tổng số', 10, 'right'), ...CELLS.map((cell) => column(cell, cell, 7, 'right', 'Số việc theo ô')), column('oldest', 'Tuổi quá hạn lớn nhất (ngày)', 13, 'right'),
      column('soon', 'Sắp đến hạn', 9, 'right'), column('rate', 'Tỷ lệ đúng hạn', 20, 'center'), column('extended', 'Đã gia hạn', 9, 'right'), column('updated', 'Cập nhật gần nhất', 19, 'center'),
    ],
    rows: [...units.map((one, n) => row(String(n + 1), one.name, one)), row('', 'Tổng cộng', all)],
    footnotes: [`${CELLS.map((cell) => `${cell}: ${CELL_DEFINITIONS[cell].name.toLocaleLowerCase('vi')}`).join('; ')}. Sắp đến hạn: trong 7 ngày làm việc. Xếp theo số quá hạn, rồi tuổi quá hạn.`],
  };
}

interface ExceptionRow {
  readonly code: string;
  readonly content: string;
  readonly unit: string;
  readonly due: string;
  readonly why: string;
}

async function exceptionRows(found: readonly Exceptional[], { point }: DashboardQuestion, { board, reference }: Runtime): Promise<readonly ExceptionRow[]> {
  const tasks = new Map((await board.byIds(found.map(({ task }) => task.taskId), point.known)).map((task) => [task.id, task]));
  return found.map(({ task, why }) => {
    const { dueOn } = dueParts(task.due);
    const shown = tasks.get(task.taskId);
    return { code: shown?.code ?? '', content: shown?.content ?? '', unit: reference.unitName(task.unitId, point.day, point.known), due: dueOn === null ? 'không thời hạn' : dayVi(dueOn), why: why.map((one) => one.words).join('; ') };
  });
}

function exceptionsAppendix(rows: readonly ExceptionRow[], total: number, rules: readonly ExceptionRule[], attached: string): Appendix {
  const off = EXCEPTION_RULES.length - rules.length;
  return {
    key: 'can-chu-y', title: `${countVi(total)} VIỆC CẦN LÃNH ĐẠO CHÚ Ý`, attached, landscape: true,
    columns: [column('stt', 'STT', 8, 'center'), column('why', 'Vì sao ở đây', 40), column('code', 'Mã việc', 16, 'center'), column('content', 'Nhiệm vụ', 50), column('unit', 'Đơn vị chủ trì', 28), column('due', 'Hạn', 14, 'center')],
    rows: rows.map(({ code, content, unit, due, why }, n) => ({ place: String(n + 1), cells: { stt: words(String(n + 1)), why: words(why), code: words(code), content: words(content), unit: words(unit), due: words(due) } })),
    footnotes: [
      `${total > rows.length ? `Hiện ${countVi(rows.length)} việc đầu trong ${countVi(total)}: nhiều quy tắc nhất trước, rồi hạn cũ nhất. ` : ''}Mỗi dòng có mặt vì một quy tắc nêu rõ, không vì điểm số${off === 0 ? '' : `; đang tắt ${countVi(off)} quy tắc`}.`,
    ],
  };
}

function weeksAppendix({ weeks }: DashboardAnswer, attached: string): Appendix {
  return {
    key: 'dong-chay', title: 'DÒNG CHẢY THEO TUẦN', attached, landscape: false,
    columns: [column('from', 'Tuần từ', 20, 'center'), column('to', 'đến', 20, 'center'), column('assigned', 'Được giao', 18, 'right'), column('completed', 'Hoàn thành', 18, 'right'), column('overdue', 'Quá hạn cuối tuần', 22, 'right')],
    rows: weeks.map(({ from, to, assigned, completed, overdueStock }) => ({ place: '', cells: { from: words(dayVi(from)), to: words(dayVi(to)), assigned: counted(assigned), completed: counted(completed), overdue: counted(overdueStock) } })),
    footnotes: [],
  };
}
