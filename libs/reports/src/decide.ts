import { cleanText, dayOf, dayVi, instantVi, isDay, isoInstant, type Day, type Instant } from '#kernel';
import { hasSecrecyMark } from '#tasks';
import type { Finding } from './checks.ts';
import type { FindingCounts, FrozenPoint, ReportDue, ReportEvent, ReportEventData, ReportFieldChanges, ReportSubject } from './events.ts';
import type { ReportLife, ReportLifeState } from './state.ts';

const LINE_LIMIT = 300;
const MOST_RECIPIENTS = 30;
const CONTENT_LIMIT = 200_000;
const REASON_LIMIT = 500;

export type ReportCommand =
  | ({ readonly type: 'DraftReport'; readonly content?: string; readonly due?: ReportDue } & ReportSubject)
  | { readonly type: 'EditReport'; readonly fields?: ReportFieldChanges; readonly content?: string | null; readonly asOf?: Day }
  | { readonly type: 'CheckReport'; readonly findings: readonly Finding[]; readonly known: FrozenPoint }
  /** The findings are those of the very figures that are frozen; the fields as they are printed, wherever they came from. */
  | { readonly type: 'IssueReport'; readonly findings: readonly Finding[]; readonly frozen: Pick<ReportEventData['ReportIssued'], 'known' | 'template' | 'fields' | 'files'> }
  | { readonly type: 'SupersedeReport'; readonly byReportId: string; readonly reason: string };

export interface ReportContext {
  readonly now: Instant;
  /** A report of the same unit, period and template that is not issued yet. */
  readonly open?: { readonly id: string };
  /** The report that is said to take the place of this one. */
  readonly by?: ReportLife;
}

/** Why nothing happens to a report. `status` 409: the state stands in the way; 422: the content does. */
export interface ReportRejection {
  readonly status: 404 | 409 | 422;
  readonly code: 'report-not-found' | 'report-exists' | 'report-open' | 'report-frozen' | 'report-blocked' | 'report-not-issued' | 'report-superseded' | 'superseding-report-unknown' | 'superseding-report-not-issued' | 'superseding-report-of-another-subject'
    | 'cut-off-outside-period' | 'cut-off-in-the-future' | 'date-does-not-exist' | 'too-long' | 'too-many' | 'secrecy-mark' | 'nothing-changed' | 'reason-missing';
  readonly detail: string;
  readonly pointer?: string;
  readonly given?: unknown;
  readonly extra?: Readonly<Record<string, unknown>>;
}

export type ReportDecision = { readonly ok: true; readonly events: readonly ReportEvent[] } | { readonly ok: false; readonly rejection: ReportRejection };
type Refusal = ReportDecision & { readonly ok: false };

export function countFindings(findings: readonly Finding[]): FindingCounts {
  const count = (severity: Finding['severity']): number => findings.filter((one) => one.severity === severity).length;
  return { errors: count('error'), warnings: count('warning'), infos: count('info') };
}

/** The decider of a report's life: pure and total. Nothing is signed for anyone: issuing freezes, and people sign what was printed. */
export function decideReport(command: ReportCommand, state: ReportLifeState, context: ReportContext): ReportDecision {
  if (command.type === 'DraftReport') return draft(command, state, context);
  if (state.kind === 'none') return no({ status: 404, code: 'report-not-found', detail: 'Không có báo cáo này.' });
  switch (command.type) {
    case 'EditReport':
      return frozen(state) ?? edit(command, state, context);
    case 'CheckReport':
      return frozen(state) ?? yes(checked(command.findings, command.known));
    case 'IssueReport':
      return frozen(state) ?? issue(command, state, context);
    case 'SupersedeReport':
      return supersede(command, state, context);
  }
}

function draft({ type: _, content, due, ...subject }: Extract<ReportCommand, { type: 'DraftReport' }>, state: ReportLifeState, { now, open }: ReportContext): ReportDecision {
  if (state.kind !== 'none') return no({ status: 409, code: 'report-exists', detail: 'Báo cáo này đã được lập.' });
  const wrong = cutOff(subject.asOf, subject, now) ?? contentTrouble(content);
  if (wrong) return wrong;
  if (open) return no({ status: 409, code: 'report-open', detail: `Đơn vị đang có một báo cáo kỳ ${subject.period} theo mẫu này chưa ban hành; hãy làm tiếp báo cáo ấy.`, extra: { reportId: open.id } });
  return yes({ type: 'ReportDrafted', data: { ...subject, ...(content === undefined ? {} : { content }), ...(due === undefined ? {} : { due }) } });
}

function edit({ fields = {}, content, asOf }: Extract<ReportCommand, { type: 'EditReport' }>, state: ReportLife, { now }: ReportContext): ReportDecision {
  const clean: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(fields) as [keyof ReportFieldChanges, string | readonly string[] | null | undefined][]) {
    if (given === undefined) continue;
    // An empty line is how a form says that the field is taken back.
    const lines = given === null ? [] : (typeof given === 'string' ? [given] : given).map(cleanText).filter((line) => line !== '');
    const wrong = linesTrouble(lines, name);
    if (wrong) return wrong;
    const value = lines.length === 0 ? null : name === 'recipients' ? lines : lines[0]!;
    if (name === 'date' && value !== null && !isDay(value as string)) return invalid('date-does-not-exist', `Ngày ký “${value as string}” không tồn tại.`, '/date', value);
    if (JSON.stringify(value) !== JSON.stringify(state.fields[name] ?? null)) clean[name] = value;
  }
  const wrong = contentTrouble(content ?? undefined) ?? (asOf === undefined ? undefined : cutOff(asOf, state, now));
  if (wrong) return wrong;
  const words = content === undefined || (content ?? '').trim() === (state.content ?? '').trim() ? undefined : (content ?? '').trim() === '' ? null : content;
  const day = asOf === state.asOf ? undefined : asOf;
  if (Object.keys(clean).length === 0 && words === undefined && day === undefined) return no({ status: 409, code: 'nothing-changed', detail: 'Nội dung gửi lên bằng nội dung đang có; không có gì để sửa.' });
  return yes({ type: 'ReportEdited', data: { ...(Object.keys(clean).length === 0 ? {} : { fields: clean }), ...(words === undefined ? {} : { content: words }), ...(day === undefined ? {} : { asOf: day }) } });
}

function checked(findings: readonly Finding[], known: FrozenPoint): ReportEvent {
  const rules: Record<string, number> = {};
  for (const { code } of findings) rules[code] = (rules[code] ?? 0) + 1;
  return { type: 'ReportChecked', data: { ...countFindings(findings), known, rules } };
}

function issue({ findings, frozen: { known, template, fields, files } }: Extract<ReportCommand, { type: 'IssueReport' }>, state: ReportLife, { now }: ReportContext): ReportDecision {
  const wrong = cutOff(state.asOf, state, now);
  if (wrong) return wrong;
  const counts = countFindings(findings);
  if (counts.errors > 0) {
    const first = findings.find(({ severity }) => severity === 'error')!;
    return no({ status: 409, code: 'report-blocked', detail: `Còn ${String(counts.errors)} lỗi nên chưa ban hành được; lỗi đầu tiên ở ${first.place.join(', ')}: ${first.detail}`, extra: { findings } });
  }
  const { unitId, period, from, to, asOf, content } = state;
  return yes(checked(findings, known), { type: 'ReportIssued', data: { unitId, period, from, to, asOf, known, template, fields, content, files, ...counts } });
}

function supersede({ byReportId, reason }: Extract<ReportCommand, { type: 'SupersedeReport' }>, state: ReportLife, { by }: ReportContext): ReportDecision {
  if (state.superseded) return no({ status: 409, code: 'report-superseded', detail: `Báo cáo này đã được thay thế lúc ${instantVi(state.superseded.at)}.`, extra: { byReportId: state.superseded.byReportId } });
  if (!state.issued) return no({ status: 409, code: 'report-not-issued', detail: 'Báo cáo chưa ban hành nên chưa có gì để thay thế: hãy sửa bản dự thảo.' });
  const because = cleanText(reason);
  if (because === '') return invalid('reason-missing', 'Cần nêu lý do thay thế (reason).', '/reason', reason);
  const wrong = linesTrouble([because], 'reason', REASON_LIMIT);
  if (wrong) return wrong;
  if (!by) return invalid('superseding-report-unknown', `Không có báo cáo mang mã “${byReportId.slice(0, 80)}”.`, '/byReportId', byReportId);
  if (!by.issued || by.superseded) return invalid('superseding-report-not-issued', 'Báo cáo thay thế phải đang có hiệu lực: đã ban hành và chưa bị thay thế.', '/byReportId', byReportId);
  if (by.unitId !== state.unitId || by.period !== state.period || by.issued.eventId === state.issued.eventId) return invalid('superseding-report-of-another-subject', `Báo cáo thay thế phải là một báo cáo khác của cùng đơn vị và cùng kỳ ${state.period}.`, '/byReportId', byReportId);
  return yes({ type: 'ReportSuperseded', data: { byReportId, reason: because } });
}

function frozen(state: ReportLife): Refusal | undefined {
  if (!state.issued) return undefined;
  return no({
    status: 409, code: 'report-frozen', detail: `Báo cáo đã ban hành lúc ${instantVi(state.issued.at)} và không đổi được nữa; số liệu khác đi thì lập báo cáo mới để thay thế.`,
    extra: { fact: { eventId: state.issued.eventId, type: 'ReportIssued', occurredAt: isoInstant(state.issued.at) } },
  });
}

function cutOff(asOf: Day, { from, to }: Pick<ReportSubject, 'from' | 'to'>, now: Instant): Refusal | undefined {
  if (!isDay(asOf)) return invalid('date-does-not-exist', `Ngày chốt số liệu “${asOf}” không tồn tại: cần dạng NĂM-THÁNG-NGÀY.`, '/asOf', asOf);
  if (asOf < from || asOf > to) return invalid('cut-off-outside-period', `Ngày chốt số liệu ${dayVi(asOf)} không nằm trong kỳ ${dayVi(from)} – ${dayVi(to)}.`, '/asOf', asOf);
  return asOf > dayOf(now) ? invalid('cut-off-in-the-future', `Ngày chốt số liệu ${dayVi(asOf)} chưa đến; hôm nay là ${dayVi(dayOf(now))}.`, '/asOf', asOf) : undefined;
}

function linesTrouble(lines: readonly string[], name: string, limit = LINE_LIMIT): Refusal | undefined {
  if (lines.length > MOST_RECIPIENTS) return invalid('too-many', `“Nơi nhận” có ${String(lines.length)} dòng; nhiều nhất ${String(MOST_RECIPIENTS)}.`, `/${name}`);
  const long = lines.find((line) => Array.from(line).length > limit);
  if (long !== undefined) return invalid('too-long', `Dài ${String(Array.from(long).length)} ký tự; nhiều nhất ${String(limit)}.`, `/${name}`, `${long.slice(0, 80)}…`);
  return lines.some(hasSecrecyMark) ? invalid('secrecy-mark', 'Nội dung có dấu chỉ độ mật; không được nhập vào hệ thống.', `/${name}`) : undefined;
}

function contentTrouble(content: string | undefined): Refusal | undefined {
  if (content === undefined) return undefined;
  if (content.length > CONTENT_LIMIT) return invalid('too-long', `Lời văn dài ${String(content.length)} ký tự; nhiều nhất ${String(CONTENT_LIMIT)}.`, '/content');
  return content.split('\n').some(hasSecrecyMark) ? invalid('secrecy-mark', 'Lời văn có dấu chỉ độ mật; không được nhập vào hệ thống.', '/content') : undefined;
}

const yes = (...events: readonly ReportEvent[]): ReportDecision => ({ ok: true, events });
const no = (rejection: ReportRejection): Refusal => ({ ok: false, rejection });
const invalid = (code: ReportRejection['code'], detail: string, pointer: string, given?: unknown): Refusal => no({ status: 422, code, detail, pointer, ...(given === undefined ? {} : { given }) });
