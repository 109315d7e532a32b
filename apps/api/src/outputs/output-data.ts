import { CELL_DEFINITIONS, CELLS, isOut, percentVi, rateOf, RATES, selecting, sentence, type Cell, type Counts, type CountedTask, type GroupBy } from '#figures';
import type { Amount } from '#indicators';
import { addDays, countVi, dayOf, dayVi, daysBetween, proseCountVi, Problem, type Day } from '#kernel';
import type { OfficialBlock, OfficialDocument, OfficialTable, ReportAppendix, ReportCell, ReportColumn, TableBook } from '#reports';
import { signedOnVi } from '#reports';
import { FOOT_HEIGHT, HEAD_HEIGHT, heightOf, PAGE_HEIGHT } from '#reports/files/height';
import { readQuestion, releasedCounts, type Question } from '../figures/figures-service.ts';
import { badParameter, readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { dueParts } from '../tasks/task-items.ts';

/** What is asked of a paper: whose, as of which day, as known when. */
export interface OutputAsked {
  readonly unitId?: string;
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly atLeast?: string;
}

/** Long overdue: what a letter names apart. */
const LONG_DAYS = 30;
/** No page of the pack tells of more units and tasks than these, and of fewer where their words are long. */
const PAGE_UNITS = 8;
const PAGE_TASKS = 6;
const SHORT_WORDS = 90;

const ISSUER = 'Ủy ban nhân dân tỉnh';
/** By order: of the head of the agency, above the office of the one who signs (Decree 30/2020, Appendix I, part I, II.7). */
const SIGNED_FOR_CHAIR = 'TL. CHỦ TỊCH\nCHÁNH VĂN PHÒNG';
const upper = (text: string): string => text.toLocaleUpperCase('vi');
const short = (text: string, most = SHORT_WORDS): string => (Array.from(text).length <= most ? text : `${Array.from(text).slice(0, most - 1).join('').trimEnd()}…`);

interface Ground {
  readonly point: Point;
  readonly question: Question;
  readonly runtime: Runtime;
}

async function groundOf(asked: OutputAsked, runtime: Runtime): Promise<Ground> {
  const { atLeast, ...rest } = asked;
  const asOf = rest.asOf ?? dayOf(await runtime.tasks.now());
  if (asOf.length !== 10) throw badParameter('asOf', asOf, 'một ngày YYYY-MM-DD: văn bản chốt số liệu đến hết một ngày', 422);
  const dto = { ...rest, asOf, ...(atLeast === undefined ? {} : { atLeast }) };
  const point = await readPoint(dto, runtime);
  return { point, question: readQuestion(dto, point, runtime), runtime };
}

function requireUnit({ unitId }: OutputAsked): string {
  if (unitId === undefined) throw badParameter('unitId', '', 'mã đơn vị nhận văn bản');
  return unitId;
}

const inCells = ({ question, runtime }: Ground, cells: readonly Cell[]): CountedTask[] => runtime.columns.list(question.query, selecting({ by: 'cell', cells: [...cells] }));

interface Row {
  readonly code: string;
  readonly content: string;
  readonly document: string;
  readonly due: Day | null;
  readonly unit: string;
  readonly late: number;

}

/** Tasks as papers print them, the longest overdue first. */
async function rowsOf(tasks: readonly CountedTask[], { point, runtime }: Ground): Promise<readonly Row[]> {
  const board = new Map((await runtime.board.byIds(tasks.map(({ taskId }) => taskId), point.known)).map((task) => [task.id, task]));
  const rows = tasks.flatMap(({ taskId, unitId, due }) => {
    const task = board.get(taskId);
    if (!task) return [];
    const { dueOn } = dueParts(due);
    return [{
      code: task.code, content: task.content, document: `${task.documentNumber} ngày ${dayVi(task.documentDate)}`, due: dueOn, unit: runtime.reference.unitName(unitId, point.day, point.known),
      late: dueOn === null ? 0 : Math.max(0, daysBetween(dueOn, point.day)),
    }];
  });
  return rows.sort((a, b) => b.late - a.late || ((a.due ?? '9') < (b.due ?? '9') ? -1 : (a.due ?? '9') > (b.due ?? '9') ? 1 : a.code < b.code ? -1 : 1));
}

const column = (key: string, heading: string, width: number, align: ReportColumn['align'] = 'left'): ReportColumn => ({ key, heading, width, align });
const STT = column('stt', 'STT', 7, 'center');
const CODE = column('code', 'Mã việc', 18, 'center');
const CONTENT = column('content', 'Nội dung', 42);
const DUE = column('due', 'Thời hạn', 15, 'center');
const words = (text: string): ReportCell => ({ text });
const counted = (number: number): ReportCell => ({ text: countVi(number), amount: { kind: 'count', number } });

function tableOf(columns: readonly ReportColumn[], rows: readonly Row[], long = false): OfficialTable {
  return {
    columns,
    rows: rows.map((row, n) => ({
      cells: {
        stt: words(String(n + 1)), code: words(row.code), content: words(long ? row.content : short(row.content)), document: words(row.document), due: words(row.due === null ? 'không thời hạn' : dayVi(row.due)), unit: words(row.unit), late: counted(row.late),
      },
    })),
  };
}

interface Head {
  readonly name: string | null;
  readonly subject: string;
  readonly title: string;
  readonly number: string;
  readonly addressees: readonly string[];
  readonly recipients: readonly string[];
  readonly signerTitle: string;
  readonly blocks: readonly OfficialBlock[];
  readonly appendices?: readonly ReportAppendix[];
}

/** Numbered, dated and signed by people: those places stay open. */
const draftOf = ({ appendices = [], ...head }: Head, day: Day): OfficialDocument => ({ draft: true, parentAgency: '', agency: upper(ISSUER), placeAndDate: signedOnVi('…', null), appendices, author: ISSUER, day, ...head });

const paragraph = (text: string, more: Partial<Extract<OfficialBlock, { kind: 'paragraph' }>> = {}): OfficialBlock => ({ kind: 'paragraph', text, ...more });

/** What a paper rests on, so that it can be asked for again and be the same. */
const basisOf = ({ point }: Ground): string => `Số liệu tính đến hết ngày ${dayVi(point.day)}, theo những gì ghi nhận đến sự kiện ${String(point.position)} của nhật ký.`;

/** Công văn đôn đốc: a draft letter to a unit about what it has overdue, with the list. @throws Problem 422 `nothing-overdue` */
export async function overdueLetter(asked: OutputAsked, runtime: Runtime): Promise<OfficialDocument> {
  const unitId = requireUnit(asked);
  const ground = await groundOf(asked, runtime);
  const { point } = ground;
  const unit = runtime.reference.unitName(unitId, point.day, point.known);
  const rows = await rowsOf(inCells(ground, ['O2']), ground);
  if (rows.length === 0) throw new Problem(422, 'nothing-overdue', 'Không có gì để đôn đốc', `${unit} không có việc quá hạn tính đến hết ngày ${dayVi(point.day)}.`);
  const long = rows.filter(({ late }) => late > LONG_DAYS).length;
  const oldest = rows[0]!;
  const asOf = dayVi(point.day);
  return draftOf(
    {
      name: null, subject: 'V/v đôn đốc nhiệm vụ quá hạn', title: `Công văn đôn đốc ${unit}`, number: 'Số: …/UBND-…', addressees: [`Kính gửi: ${unit}.`],
      blocks: [
        paragraph(`Qua theo dõi việc thực hiện nhiệm vụ do UBND tỉnh, Chủ tịch, Phó Chủ tịch UBND tỉnh giao, tính đến hết ngày ${asOf}, ${unit} còn ${proseCountVi(rows.length)} việc quá hạn chưa hoàn thành${long === 0 ? '' : `, trong đó ${proseCountVi(long)} việc quá hạn trên ${String(LONG_DAYS)} ngày`}; quá hạn lâu nhất là ${String(oldest.late)} ngày (${oldest.code}). Danh mục kèm theo Công văn này.`),
        paragraph(`UBND tỉnh đề nghị ${unit}:`),
        paragraph('1. Tập trung hoàn thành các việc trong danh mục; báo cáo kết quả kèm văn bản, tệp minh chứng trên phần mềm nhắc việc.'),
        paragraph('2. Với từng việc quá hạn, nêu rõ nguyên nhân và thời điểm hoàn thành; việc vướng mắc vượt thẩm quyền thì kiến nghị cách giải quyết.'),
        paragraph('3. Với việc chưa đến hạn mà dự kiến không hoàn thành kịp, đề nghị gia hạn trước khi hết hạn, nêu lý do.'),
        paragraph(`Đề nghị ${unit} khẩn trương thực hiện./.`),
      ],
      recipients: ['- Như trên;', '- Chủ tịch, các PCT UBND tỉnh (b/c);', '- Lưu: VT.'], signerTitle: SIGNED_FOR_CHAIR,
      appendices: [{
        key: 'DM', number: '', title: `DANH MỤC NHIỆM VỤ QUÁ HẠN CỦA ${upper(unit)}`, attached: `(Kèm theo Công văn số …/UBND-… ngày … tháng … năm … của UBND tỉnh; số liệu tính đến hết ngày ${asOf})`, landscape: true,
        ...appendixRows([STT, CODE, CONTENT, column('document', 'Văn bản giao', 24), DUE, column('late', 'Số ngày quá hạn', 10, 'center')], rows), footnotes: [basisOf(ground)],
      }],
    },
    point.day,
  );
}

function appendixRows(columns: readonly ReportColumn[], rows: readonly Row[]): Pick<ReportAppendix, 'columns' | 'rows'> {
  const table = tableOf(columns, rows, true);
  return { columns, rows: table.rows.map(({ cells }, n) => ({ place: `DM.${String(n + 1)}`, cells })) };
}

/** Phiếu nhắc việc: what a unit has overdue, what falls due in the next seven days, what waits for confirmation. */
export async function weeklySheet(asked: OutputAsked, runtime: Runtime): Promise<OfficialDocument> {
  const unitId = requireUnit(asked);
  const ground = await groundOf(asked, runtime);
  const { point, question } = ground;
  const unit = runtime.reference.unitName(unitId, point.day, point.known);
  const [overdue, open, waiting] = [inCells(ground, ['O2']), inCells(ground, ['O1']), inCells(ground, ['V1', 'V2', 'V3'])];
  const until = addDays(point.day, 7);
  const soon = open.filter(({ due }) => due !== Infinity && dayOf(due) <= until);
  const later = open.length - soon.length;
  const { counts } = await releasedCounts(question, runtime);
  const part = async (title: string, tasks: readonly CountedTask[], columns: readonly ReportColumn[]): Promise<readonly OfficialBlock[]> => {
    const rows = await rowsOf(tasks, ground);
    return [
      paragraph(`${title}: ${rows.length === 0 ? 'không có.' : `${proseCountVi(rows.length)} việc.`}`, { bold: true, ...(rows.length === 0 ? {} : { keepNext: true }) }),
      ...(rows.length === 0 ? [] : [{ kind: 'table' as const, table: tableOf(columns, rows) }]),
    ];
  };
  return draftOf(
    {
      name: 'PHIẾU NHẮC VIỆC', subject: `Tuần từ ngày ${dayVi(addDays(point.day, 1))} đến ngày ${dayVi(until)}`, title: `Phiếu nhắc việc ${unit}`, number: 'Số: …/PNV-…', addressees: [`Gửi: ${unit}.`],
      blocks: [
        paragraph(sentence(counts, point.day, 'half-up')),
        ...(await part('I. Quá hạn chưa hoàn thành', overdue, [STT, CODE, CONTENT, DUE, column('late', 'Quá hạn (ngày)', 11, 'center')])),
        ...(await part('II. Đến hạn trong 7 ngày tới', soon, [STT, CODE, CONTENT, DUE, column('document', 'Văn bản giao', 23)])),
        ...(await part('III. Đã báo cáo, chờ xác nhận', waiting, [STT, CODE, CONTENT, DUE, column('document', 'Văn bản giao', 23)])),
        ...(later === 0 ? [] : [paragraph(`Ngoài ra còn ${proseCountVi(later)} việc trong hạn, đến hạn sau ngày ${dayVi(until)}.`)]),
        paragraph(basisOf(ground).replace(/\.$/, './.')),
      ],
      recipients: ['- Như trên;', '- Lưu: VT.'], signerTitle: SIGNED_FOR_CHAIR,
    },
    point.day,
  );
}

/** Tài liệu giao ban: a page for each authority that has given tasks, with its figures, its units and what is longest overdue. */
export async function briefingPack(asked: OutputAsked, runtime: Runtime): Promise<OfficialDocument> {
  const whole = await groundOf(asked, runtime);
  const { point } = whole;
  const dto = { ...(asked.unitId === undefined ? {} : { unitId: asked.unitId, scope: 'tree' }), asOf: point.asOf };
  const byAuthority = runtime.columns.evaluate({ ...readQuestion({ ...dto, groupBy: 'authority' }, point, runtime).query, groupBy: 'authority' });
  const order = Object.keys(runtime.reference.authorities);
  const rank = (authority: string): number => (order.includes(authority) ? order.indexOf(authority) : order.length);
  const names = [...byAuthority.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  const blocks: OfficialBlock[] = [];
  const basis = paragraph(basisOf(whole).replace(/\.$/, './.'), { italics: true });
  for (const [n, authority] of names.entries()) {
    const question = readQuestion({ ...dto, authority, groupBy: 'unit' }, point, runtime);
    const { groups, counts } = await releasedCounts(question, runtime);
    const overdue = await rowsOf(inCells({ ...whole, question }, ['O2']), whole);
    const units = [...groups].filter(([, one]) => one.total > 0).sort(([a, one], [b, other]) => other.cells.O2 - one.cells.O2 || other.total - one.total || (a < b ? -1 : 1));
    const page = (ofUnits: number, ofTasks: number): readonly OfficialBlock[] => [
      { kind: 'title', text: `Nhiệm vụ do ${runtime.reference.authorityName(authority)} giao`, newPage: n > 0 }, paragraph(sentence(counts, point.day, 'half-up')),
      { kind: 'table', table: unitsTable(units.slice(0, ofUnits), (id) => runtime.reference.unitName(id, point.day, point.known)) },
      ...(units.length > ofUnits ? [paragraph(`Còn ${proseCountVi(units.length - ofUnits)} đơn vị khác, ${proseCountVi(units.slice(ofUnits).reduce((sum, [, one]) => sum + one.cells.O2, 0))} việc quá hạn.`)] : []),
      ...(overdue.length === 0
        ? [paragraph('Không có việc quá hạn.')]
        : [paragraph(`Quá hạn lâu nhất${overdue.length > ofTasks ? ` (${String(ofTasks)} trong ${countVi(overdue.length)} việc)` : ''}:`, { bold: true, keepNext: true }), { kind: 'table' as const, table: tableOf([STT, CODE, CONTENT, column('unit', 'Chủ trì', 24), column('late', 'Quá hạn (ngày)', 12, 'center')], overdue.slice(0, ofTasks)) }]),
    ];
    const room = PAGE_HEIGHT - (n === 0 ? HEAD_HEIGHT : 0) - (n === names.length - 1 ? FOOT_HEIGHT + heightOf(basis) : 0);
    blocks.push(...onePage(page, { units: Math.min(PAGE_UNITS, units.length), tasks: Math.min(PAGE_TASKS, overdue.length) }, room));
  }
  if (names.length === 0) blocks.push(paragraph(`Không có việc nào được giao trong kỳ, tính đến hết ngày ${dayVi(point.day)}.`));
  blocks.push(basis);
  return draftOf({ name: 'TÀI LIỆU GIAO BAN', subject: `Tình hình thực hiện nhiệm vụ được giao, tính đến hết ngày ${dayVi(point.day)}`, title: 'Tài liệu giao ban', number: 'Số: …/TL-…', addressees: [], blocks, recipients: ['- Lãnh đạo UBND tỉnh;', '- Lưu: VT.'], signerTitle: 'CHÁNH VĂN PHÒNG' }, point.day);
}

/** As many units and tasks as stand on one page, one of each in turn; what is left out is told on it as a number. */
function onePage(page: (units: number, tasks: number) => readonly OfficialBlock[], most: { readonly units: number; readonly tasks: number }, room: number): readonly OfficialBlock[] {
  let [units, tasks] = [Math.min(1, most.units), Math.min(1, most.tasks)];
  let laid = page(units, tasks);
  for (let grown = true; grown; ) {
    grown = false;
    for (const [u, t] of [[1, 0], [0, 1]] as const) {
      if (units + u > most.units || tasks + t > most.tasks) continue;
      const next = page(units + u, tasks + t);
      if (next.reduce((sum, block) => sum + heightOf(block), 0) > room) continue;
      [units, tasks, laid, grown] = [units + u, tasks + t, next, true];
    }
  }
  return laid;
}

const R2 = RATES.find(({ code }) => code === 'R2')!;
const rateText = (counts: Counts): string => {
  const { numerator, denominator } = rateOf(R2, counts, 'half-up');
  return denominator === 0 ? 'không phát sinh' : `${percentVi(numerator, denominator)} (${countVi(numerator)}/${countVi(denominator)})`;
};

function unitsTable(units: readonly (readonly [string, Counts])[], nameOf: (id: string) => string): OfficialTable {
  return {
    columns: [STT, column('unit', 'Cơ quan chủ trì', 34), column('total', 'Được giao', 10, 'center'), column('done', 'Đã xong', 10, 'center'), column('intime', 'Trong hạn', 10, 'center'), column('overdue', 'Quá hạn', 10, 'center'), column('rate', 'Đúng hạn (R2)', 20, 'center')],
    rows: units.map(([id, counts], n) => ({ cells: { stt: words(String(n + 1)), unit: words(nameOf(id)), total: counted(counts.total), done: counted(counts.cells.D1 + counts.cells.D2 + counts.cells.D3), intime: counted(counts.cells.O1), overdue: counted(counts.cells.O2), rate: words(rateText(counts)) } })),
  };
}

const GROUPS: readonly (readonly [by: GroupBy, name: string, heading: string])[] = [['unit', 'Theo đơn vị', 'Cơ quan chủ trì'], ['authority', 'Theo cơ quan giao', 'Cơ quan giao'], ['field', 'Theo lĩnh vực', 'Lĩnh vực'], ['month', 'Theo tháng giao', 'Tháng']];
const TABLE_RATES = RATES.filter(({ code }) => ['R1', 'R2', 'R3', 'R4', 'R5'].includes(code));

/** The figures of the reporting year by unit, authority, field and month, each with its total: the same numbers as `GET /figures`. */
export async function figuresTable(asked: OutputAsked, runtime: Runtime): Promise<TableBook> {
  const { point } = await groundOf(asked, runtime);
  const dto = { ...(asked.unitId === undefined ? {} : { unitId: asked.unitId, scope: 'tree' }), asOf: point.asOf };
  const sheets: { readonly name: string; readonly table: ReportAppendix }[] = [];
  for (const [groupBy, name, heading] of GROUPS) {
    const question = readQuestion({ ...dto, groupBy }, point, runtime);
    const { groups, counts } = await releasedCounts(question, runtime);
    const label = (key: string): string => (groupBy === 'unit' ? runtime.reference.unitName(key, point.day, point.known) : groupBy === 'authority' ? runtime.reference.authorityName(key) : key === '' ? 'Chưa phân lĩnh vực' : key);
    const lines = [...groups].map(([key, one]) => [label(key), one] as const).sort(([a], [b]) => a.localeCompare(b, 'vi'));
    const row = (n: string, title: string, one: Counts): { readonly place: string; readonly cells: Readonly<Record<string, ReportCell>> } => ({
      place: n,
      cells: { stt: words(n), name: words(title), ...Object.fromEntries(CELLS.map((cell) => [cell, counted(one.cells[cell])])), total: counted(one.total), ...Object.fromEntries(TABLE_RATES.flatMap((rate) => rateCells(rate.code, one))) },
    });
    sheets.push({
      name,
      table: {
        key: groupBy, number: '', title: `SỐ LIỆU THỰC HIỆN NHIỆM VỤ ${upper(name)}`, landscape: true,
        attached: `(Kỳ ${dayVi(question.period.from)} – ${dayVi(question.period.to)}, tính đến hết ngày ${dayVi(point.day)}; biết đến sự kiện ${String(point.position)}${asked.unitId === undefined ? '' : `; ${runtime.reference.unitName(asked.unitId, point.day, point.known)} và đơn vị trực thuộc`})`,
        columns: [STT, column('name', heading, 38), ...CELLS.map((cell): ReportColumn => ({ ...column(cell, CELL_DEFINITIONS[cell].name, 13, 'right'), group: 'Số việc' })), column('total', 'Tổng số', 11, 'right'), ...TABLE_RATES.flatMap(({ code }): ReportColumn[] => [{ ...column(`${code}f`, 'Phân số', 14, 'right'), group: code }, { ...column(code, 'Tỷ lệ', 11, 'right'), group: code }])],
        rows: [...lines.map(([title, one], n) => row(String(n + 1), title, one)), row('', 'Tổng cộng', counts)],
        footnotes: TABLE_RATES.map(({ code, name: rate, formula }) => `${code}: ${rate} = ${formula}.`),
      },
    });
  }
  return { sheets, author: ISSUER, day: point.day };
}

function rateCells(code: string, counts: Counts): readonly (readonly [string, ReportCell])[] {
  const rate = RATES.find((one) => one.code === code)!;
  const { numerator, denominator, text } = rateOf(rate, counts, 'half-up');
  const amount: Amount = denominator === 0 ? { kind: 'text', text } : { kind: 'percent', hundredths: Math.round(Number(text.slice(0, -2).replaceAll('.', '').replace(',', '.')) * 100) };
  return [[`${code}f`, words(`${countVi(numerator)}/${countVi(denominator)}`)], [code, { text, amount }]];
}

/** What is overdue, as data: the list that a letter is written from. */
export async function overdueList(asked: OutputAsked, runtime: Runtime): Promise<{ readonly point: Point; readonly units: readonly { readonly unitId: string; readonly unitName: string; readonly overdue: number; readonly long: number; readonly oldestDays: number }[] }> {
  const ground = await groundOf(asked, runtime);
  const { point } = ground;
  const units = new Map<string, { overdue: number; long: number; oldestDays: number }>();
  for (const { unitId, due, cell } of inCells(ground, ['O2'])) {
    if (isOut(cell)) continue;
    const late = Math.max(0, daysBetween(dayOf(due), point.day));
    const one = units.get(unitId) ?? { overdue: 0, long: 0, oldestDays: 0 };
    units.set(unitId, { overdue: one.overdue + 1, long: one.long + (late > LONG_DAYS ? 1 : 0), oldestDays: Math.max(one.oldestDays, late) });
  }
  return { point, units: [...units].map(([unitId, one]) => ({ unitId, unitName: runtime.reference.unitName(unitId, point.day, point.known), ...one })).sort((a, b) => b.overdue - a.overdue || (a.unitId < b.unitId ? -1 : 1)) };
}

