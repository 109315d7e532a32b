import { CELL_DEFINITIONS, CELLS, OUT_DEFINITIONS, OUT_REASONS, percentVi, rateOf, RATES, sumCounts, type Cell, type Counts, type OutReason } from '#figures';
import { lastInstantInTime, type Deadline } from '#deadlines';
import type { AuditColumns } from '#audit-trail';
import { dayOf, dayVi, instantVi, Problem, type Instant } from '#kernel';
import type { ReportStatus } from '#reports';
import { foldAt, taskStream, toFact } from '#tasks';
import { readQuestion, releasedCounts, type Question } from '../figures/figures-service.ts';
import { badParameter, readPoint, type Point } from '../http/points.ts';
import { loadReport } from '../reports/report-lives.ts';
import { periodWords } from '../reports/report-service.ts';
import type { Runtime } from '../runtime.ts';
import { eventItems, type EventItem } from '../tasks/task-events.ts';
import { dueParts } from '../tasks/task-items.ts';
import { taskNotFound } from '../tasks/task-service.ts';
import type { AuditReportDto } from './audit-dto.ts';
import { roleWords } from './deadline-changes.ts';
import type { EvidenceReport } from './evidence-report.ts';
import { briefingLife, briefingStateAt, findBriefing, reportLife, reportStateAt, type LifeItem } from './lives.ts';
import { auditItems, filterOf, readSubject, withPeriod } from './subject.ts';

/** Events on paper; more is for a machine to read. */
export const MOST_PRINTED = 2_000;

export interface Report {
  readonly report: EvidenceReport;
  readonly name: string;
}

/** The story of a task, or what was recorded about a unit in a period, with the states at A and B. */
export async function readReport(dto: AuditReportDto, runtime: Runtime, columns: () => Promise<AuditColumns>): Promise<Report> {
  const b = await readPoint(dto, runtime);
  const sinceKnownAt = dto.sinceKnownAt ?? dto.knownAt;
  const a = dto.sinceAsOf === undefined ? null : await readPoint({ asOf: dto.sinceAsOf, ...(sinceKnownAt === undefined ? {} : { knownAt: sinceKnownAt }) }, runtime, 'since');
  const one = (['taskId', 'briefingId', 'reportId'] as const).filter((name) => dto[name] !== undefined);
  const [name, other] = one;
  if (name === undefined) return ofUnit(dto, a, b, runtime, await columns());
  const id = dto[name]!;
  if (other !== undefined || dto.unitId !== undefined || dto.from !== undefined || dto.to !== undefined) throw badParameter(name, id, 'chỉ một đối tượng, không kèm unitId, from, to');
  if (name === 'taskId') return ofTask(id, a, b, runtime);
  return name === 'briefingId' ? ofBriefing(id, a, b, runtime) : ofReport(id, a, b, runtime);
}

const when = ({ asOf, at }: Point): string => (asOf.length === 10 ? `hết ngày ${dayVi(asOf)}` : instantVi(at));
const knownWords = ({ knownAt, position }: Point): string => `mọi điều ghi đến sự kiện ${String(position)}${knownAt === null || knownAt.startsWith('position:') || knownAt.startsWith('event:') ? '' : ` (${knownAt})`}`;

function grounds(a: Point | null, b: Point): [string, string][] {
  return [
    ...(a === null ? [] : [['Mốc A', `${when(a)}; biết đến: ${knownWords(a)}`] as [string, string]]),
    [a === null ? 'Thời điểm' : 'Mốc B', `${when(b)}; biết đến: ${knownWords(b)}`],
    ['Vị trí nhật ký', String(b.position)],
    ['Sự kiện cuối', b.lastEventId ?? 'chưa có'],
  ];
}

const CLOSING =
  'Dựng lại từ nhật ký sự kiện; không sự kiện nào bị xóa hay sửa. Hỏi lại với cùng các mốc, cùng vị trí nhật ký thì được đúng tài liệu này. Giờ Việt Nam (UTC+7). Văn bản do phần mềm lập, không thay cho văn bản có chữ ký.';

async function dateOf({ position }: Point, runtime: Runtime): Promise<Instant> {
  return position === 0n ? 0 : ((await runtime.log.readAt(position))?.recordedAt ?? 0);
}

type Told = Pick<EventItem, 'position' | 'recordedAt' | 'occurredAt' | 'actor' | 'backdated' | 'sentence' | 'effective' | 'repairs'>;

function printed(item: Told, more: readonly string[]): EvidenceReport['events'][number] {
  const [recorded, occurred] = [item.recordedAt, item.occurredAt].map((text) => instantVi(Date.parse(text)));
  return {
    position: item.position, recordedAt: recorded!, occurredAt: item.backdated ? `xảy ra ${occurred!}` : '', who: `${item.actor.id} (${roleWords(item.actor.role)})`,
    text: item.sentence, marks: [...more, ...(item.backdated ? ['ghi muộn'] : []), ...(item.effective ? [] : ['đã bị hủy ghi nhận']), ...(item.repairs === null ? [] : [`hủy sự kiện ${item.repairs}`])],
  };
}

async function ofTask(id: string, a: Point | null, b: Point, runtime: Runtime): Promise<Report> {
  const events = /^[0-9a-f-]{36}$/.test(id) ? await runtime.log.readStream(taskStream(id)) : [];
  const known = events.filter(({ position }) => position <= b.known);
  if (known.length === 0) throw taskNotFound(id);
  const task = await runtime.board.byId(id, b.known);
  const code = task?.code ?? id;
  const facts = events.map(toFact);
  const points = a === null ? [b] : [a, b];
  const states = points.map((point) => {
    const state = foldAt(facts.filter(({ position }) => position <= point.known), point.at);
    if (state.kind === 'none') return new Map<string, string>();
    const cell = runtime.columns.ofTask(id, point.at, point.known).at(-1)?.cell ?? null;
    const at = (instant: Instant | undefined): string => (instant === undefined ? 'chưa có' : instantVi(instant));
    return new Map<string, string>([
      ['Trạng thái', placeWords(cell)],
      ['Cơ quan chủ trì', runtime.reference.unitName(state.leadUnitId, point.day, point.known)],
      ['Thời hạn', dueWords(state.deadline)],
      ['Hạn ban đầu', dueWords(state.assigned.deadline)],
      ['Số lần gia hạn', String(state.extensions)],
      ['Tiến độ', state.percent === undefined ? 'chưa có' : `${String(state.percent)} %`],
      ['Báo cáo hoàn thành', at(state.submission?.occurredAt)],
      ['Xác nhận hoàn thành', at(state.completed?.occurredAt)],
      ['Tệp chứng cứ', (state.submission?.evidence ?? []).length === 0 ? 'chưa có' : state.submission!.evidence.join('; ')],
      ['Văn bản giao', `${state.assigned.document.number} ngày ${dayVi(state.assigned.document.date)}, ${state.assigned.document.issuer}`],
    ]);
  });
  const labels = [...(states.find(({ size }) => size > 0)?.keys() ?? [])];
  return {
    name: `${code}.pdf`,
    report: {
      title: `Phát lại việc ${code}`, subject: task?.content ?? '', grounds: grounds(a, b), date: await dateOf(b, runtime), closing: CLOSING,
      states: {
        title: a === null ? 'Trạng thái' : 'Trạng thái tại A và tại B', columns: ['Trường', ...points.map((point, n) => `${a === null ? '' : n === 0 ? 'A: ' : 'B: '}${when(point)}`)],
        rows: labels.map((label) => [label, ...states.map((state) => state.get(label) ?? 'chưa được ghi')]), note: a === null ? null : 'Chữ đậm: trường khác nhau giữa hai mốc.',
      },
      events: (await eventItems(known, runtime, b.day, b.known)).map((item) => printed(item, [])),
    },
  };
}

/** A meeting or a report at its points, as `ofTask`: the same rows for both points, what only a later one has stands behind. */
function statesOf(a: Point | null, b: Point, states: readonly (ReadonlyMap<string, string> | null)[]): EvidenceReport['states'] {
  const points = a === null ? [b] : [a, b];
  const labels = [...new Set(states.flatMap((state) => [...(state?.keys() ?? [])]))];
  return {
    title: a === null ? 'Trạng thái' : 'Trạng thái tại A và tại B', columns: ['Trường', ...points.map((point, n) => `${a === null ? '' : n === 0 ? 'A: ' : 'B: '}${when(point)}`)],
    rows: labels.map((label) => [label, ...states.map((state) => state?.get(label) ?? 'chưa được ghi')]), note: a === null ? null : 'Chữ đậm: trường khác nhau giữa hai mốc.',
  };
}

const inTask = ({ taskCode, taskId }: LifeItem): string[] => (taskId === null ? [] : [`ghi vào việc ${taskCode ?? taskId}`]);

async function ofBriefing(id: string, a: Point | null, b: Point, runtime: Runtime): Promise<Report> {
  const known = await findBriefing(id, runtime);
  const items = await briefingLife(known, b, runtime);
  const states = await Promise.all((a === null ? [b] : [a, b]).map(async (point) => briefingWords(await briefingStateAt(known, point, runtime))));
  return {
    name: `giao-ban-${dayOf(known.state.openedAt)}.pdf`,
    report: {
      title: `Phát lại buổi giao ban: ${known.state.name}`, subject: `Mốc chốt ${instantVi(known.state.cutOff)}`, grounds: grounds(a, b), date: await dateOf(b, runtime), closing: CLOSING,
      states: statesOf(a, b, states), events: items.map((item) => printed(item, inTask(item))),
    },
  };
}

async function ofReport(id: string, a: Point | null, b: Point, runtime: Runtime): Promise<Report> {
  const { life, events } = await loadReport(id, runtime);
  const states = (a === null ? [b] : [a, b]).map((point) => reportWords(reportStateAt(id, events, point, runtime)));
  return {
    name: `bao-cao-${life.unitId}-${life.period}.pdf`,
    report: {
      title: `Phát lại báo cáo: ${runtime.reference.unitName(life.unitId, b.day, b.known)}`, subject: periodWords(life.period, life), grounds: grounds(a, b), date: await dateOf(b, runtime), closing: CLOSING,
      states: statesOf(a, b, states), events: reportLife(events, b, runtime).map((item) => printed(item, [])),
    },
  };
}

const NONE = 'chưa có';
const instantWords = (iso: string | null): string => (iso === null ? NONE : instantVi(Date.parse(iso)));

function briefingWords(state: Awaited<ReturnType<typeof briefingStateAt>>): ReadonlyMap<string, string> | null {
  if (state === null) return null;
  return new Map([
    ['Trạng thái', state.status === 'open' ? 'đang họp' : 'đã kết thúc'],
    ['Mốc chốt', instantWords(state.cutOff)],
    ['Mở lúc', instantWords(state.openedAt)],
    ['Kết thúc', instantWords(state.closedAt)],
    ['Chủ trì', state.presiding ?? NONE],
    ['Phạm vi', state.unitName ?? 'toàn tỉnh'],
    ['Chương trình', state.pages.map(({ name, minutes }) => `${name} ${String(minutes)} phút`).join('; ')],
    ...state.conclusions.map(({ number, kind, text, unitName, taskCode, deadlineText, struckReason }): [string, string] => [
      `Kết luận ${String(number)}`,
      [...(struckReason === null ? [] : [`đã bỏ, lý do: ${struckReason}`]), kind, ...[unitName, taskCode, text, deadlineText].filter((part) => part !== null)].join(' · '),
    ]),
  ]);
}

const STATUS_NAMES_VI: Readonly<Record<ReportStatus, string>> = { drafted: 'dự thảo', checked: 'đã kiểm tra', issued: 'đã ban hành', superseded: 'đã bị thay thế' };

function reportWords(state: ReturnType<typeof reportStateAt>): ReadonlyMap<string, string> | null {
  if (state === null) return null;
  const { fields, checked, issued, superseded } = state;
  return new Map([
    ['Trạng thái', STATUS_NAMES_VI[state.status]],
    ['Số, ký hiệu', fields.number ?? NONE],
    ['Ngày ký', fields.date === undefined ? NONE : dayVi(fields.date)],
    ['Số liệu đến hết ngày', dayVi(state.asOf)],
    ['Mẫu', `${state.template.id}, bản ${String(state.template.version)}`],
    ['Lời văn của đơn vị', state.written === 0 ? NONE : `${String(state.written)} ký tự`],
    ['Người ký', fields.signerTitle ?? NONE],
    ['Hạn nộp', state.dueOn === null ? NONE : dayVi(state.dueOn)],
    ['Lập dự thảo', instantWords(state.draftedAt)],
    ['Kiểm tra nhất quán', checked === null ? NONE : `${String(checked.errors)} lỗi, ${String(checked.warnings)} cảnh báo, ${String(checked.infos)} lưu ý, lúc ${instantWords(checked.at)}`],
    ['Ban hành', instantWords(issued?.at ?? null)],
    ...(issued?.files ?? []).map(({ format, sha256 }): [string, string] => [`SHA-256 tệp ${format}`, sha256]),
    ['Bị thay thế', superseded === null ? NONE : `${instantWords(superseded.at)}, lý do: ${superseded.reason}`],
  ]);
}

async function ofUnit(dto: AuditReportDto, a: Point | null, b: Point, runtime: Runtime, columns: AuditColumns): Promise<Report> {
  const subject = withPeriod(readSubject(dto, b, runtime), b);
  const filter = filterOf(subject, b);
  const total = columns.total(filter);
  const advice = 'thu hẹp from, to, hoặc lấy GET /audit/events với Accept: application/x-ndjson';
  if (total > MOST_PRINTED) throw new Problem(422, 'report-too-long', 'Quá nhiều sự kiện để in', `Khoảng này có ${String(total)} sự kiện, bản in nhận nhiều nhất ${String(MOST_PRINTED)}: hãy ${advice}.`, { extra: { total, most: MOST_PRINTED } });
  const items = await auditItems(columns.page(filter, { limit: MOST_PRINTED, newestFirst: false }), b, runtime);
  const scoped = { scope: subject.scope, ...(dto.unitId === undefined ? {} : { unitId: dto.unitId }), ...(dto.organisedAs === undefined ? {} : { organisedAs: dto.organisedAs }) };
  const questionB = readQuestion(scoped, b, runtime);
  const countsOf = async (question: Question): Promise<Counts> => sumCounts((await releasedCounts({ ...question, groupBy: 'unit' }, runtime)).groups.values());
  const counts = [...(a === null ? [] : [await countsOf(readQuestion(scoped, a, runtime, questionB.period))]), await countsOf(questionB)];
  const points = a === null ? [b] : [a, b];
  const name = subject.unitName ?? 'Toàn hệ thống';
  const { period } = questionB;
  const r2 = RATES.find(({ code }) => code === 'R2')!;
  return {
    name: `${subject.unitId ?? 'toan-he-thong'}.pdf`,
    report: {
      title: `Phát lại: ${name}`, subject: `Các sự kiện được ghi từ ${dayVi(dayOf(subject.from))} đến hết ${dayVi(dayOf(subject.to - 1))}`, date: await dateOf(b, runtime), closing: CLOSING,
      grounds: [['Phạm vi', subject.unitId === null ? 'mọi đơn vị' : subject.scope === 'tree' ? 'cả đơn vị trực thuộc' : 'riêng đơn vị này'], ...grounds(a, b), ['Kỳ số liệu', `${dayVi(period.from)} – ${dayVi(period.to)}, tập việc C2`]],
      states: {
        title: a === null ? 'Số liệu' : 'Số liệu tại A và tại B', columns: ['Ô', ...points.map((point, n) => `${a === null ? '' : n === 0 ? 'A: ' : 'B: '}${when(point)}`)],
        rows: [
          ...CELLS.map((cell) => [CELL_DEFINITIONS[cell].name, ...counts.map((one) => String(one.cells[cell]))]),
          ['Tổng số', ...counts.map((one) => String(one.total))],
          ['Đúng hạn (R2)', ...counts.map((one) => rateWords(rateOf(r2, one, 'half-up')))],
        ],
        note: a === null ? null : 'Chữ đậm: số khác nhau giữa hai mốc.',
      },
      events: items.map((item) => printed(item, [item.code ?? item.taskId, item.unitName])),
    },
  };
}

const rateWords = ({ numerator, denominator }: { readonly numerator: number; readonly denominator: number }): string => `${percentVi(numerator, denominator, 'half-up')} (${String(numerator)}/${String(denominator)})`;

function placeWords(cell: string | null): string {
  if (cell === null) return 'chưa được tính';
  if (CELLS.includes(cell as Cell)) return CELL_DEFINITIONS[cell as Cell].name;
  return OUT_REASONS.includes(cell as OutReason) ? `Ngoài tổng số: ${OUT_DEFINITIONS[cell as OutReason].name.toLowerCase()}` : cell;
}

function dueWords(deadline: Deadline): string {
  const { dueOn, dueTime } = dueParts(lastInstantInTime(deadline));
  return dueOn === null ? 'không thời hạn' : `${dueTime === null ? 'hết ngày' : `${dueTime} ngày`} ${dayVi(dueOn)}`;
}
