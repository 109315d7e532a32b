import { createHash } from 'node:crypto';
import type { Actor, RecordedEvent, StreamAppend } from '#event-log';
import { readPeriod } from '#figures';
import { dayOf, derivedId, isUuid, Problem, type Day } from '#kernel';
import {
  decideReport, foldReport, NO_REPORT, REPORT_FILES, reportStream, type Finding, type FrozenPoint, type Report, type ReportCommand, type ReportContext, type ReportDecision, type ReportDue, type ReportFact, type ReportFieldChanges, type ReportFields, type ReportFile, type ReportLife, type ReportLifeState, type ReportRejection, writeWords, type WordsChange,
} from '#reports';
import type { Runtime } from '../runtime.ts';
import { invalid } from '../tasks/task-command-reader.ts';
import type { CommandAnswer, Warning } from '../tasks/task-service.ts';
import { composeFrom, requireSubject, storedContent, type ComposedReport, type ReportBasis } from './report-service.ts';
import { writeReport } from './report-writer.ts';
import { chooseTemplate, loadTemplates, parseContent, parseTemplate } from './template-library.ts';

/** Who asks, and under which conditions. */
export interface ReportAsked {
  readonly actor: Actor;
  readonly key?: string;
  readonly ifMatch?: number;
}

export interface DraftAsked {
  readonly unitId: string;
  readonly period: string;
  readonly asOf?: Day;
  readonly templateId?: string;
  readonly content?: string;
}

export type FileHashes = Readonly<Record<ReportFile, { readonly sha256: string; readonly bytes: number }>>;

type Doing = Pick<Runtime, 'log' | 'reference' | 'referenceCommands' | 'tasks' | 'ids' | 'dataDir'>;

/** A report from its stream, with its long texts. @throws Problem 404 */
export async function loadReport(id: string, { log }: Pick<Runtime, 'log'>): Promise<{ readonly life: ReportLife; readonly events: readonly RecordedEvent[] }> {
  const events = isUuid(id) ? await log.readStream(reportStream(id)) : [];
  const life = lifeOf(events);
  if (life.kind === 'none') throw new Problem(404, 'report-not-found', 'Không tìm thấy báo cáo', `Không có báo cáo mang mã “${id.slice(0, 80)}”.`, { extra: { id: id.slice(0, 80) } });
  return { life, events };
}

function lifeOf(events: readonly RecordedEvent[]): ReportLifeState {
  return foldReport(events.map(({ id, type, data, revision, position, occurredAt, recordedAt }) => ({ type, data, eventId: id, revision, position, occurredAt, recordedAt }) as unknown as ReportFact));
}

/** The draft of a report. `due` where it is owed; its id is then given, so that a second preparation finds the first. @throws Problem */
export async function draftReport(asked: DraftAsked, { actor, key, ifMatch }: ReportAsked, runtime: Doing, owed?: { readonly id: string; readonly due: ReportDue; readonly with: readonly StreamAppend[] }): Promise<CommandAnswer> {
  const { unitId, period } = asked;
  if (!runtime.reference.organisation.unit(unitId)) throw invalid('/unitId', 'unit-unknown', `Không có đơn vị “${unitId.slice(0, 80)}” trong danh mục.`, unitId);
  const days = readPeriod(period);
  if (!days) throw invalid('/period', 'period-invalid', `Kỳ “${period.slice(0, 80)}”: cần một kỳ như 2020, 2020-Q3, 2020-H1, 2020-9M, 2020-11, 2020-cal.`, period);
  const { template } = chooseTemplate(loadTemplates(runtime.dataDir), asked.templateId, days.to);
  const content = asked.content ?? storedContent(runtime.dataDir, unitId, period);
  if (content !== undefined) requireSubject(parseContent(content, 'lời văn', '/content'), asked, '/content');
  const today = dayOf(await runtime.tasks.now());
  const id = owed?.id ?? (key === undefined ? runtime.ids.next() : derivedId('report', key));
  const command: ReportCommand = {
    type: 'DraftReport', unitId, period, ...days, asOf: asked.asOf ?? (today < days.to ? today : days.to), templateId: template.id, templateVersion: template.version,
    ...(content === undefined ? {} : { content }), ...(owed === undefined ? {} : { due: owed.due }),
  };
  return execute(id, command, ['draft', asked], { actor, ...(key === undefined ? {} : { key }), ...(ifMatch === undefined ? {} : { ifMatch }) }, runtime, {
    context: () => {
      // What is owed is prepared whatever else the office has begun.
      const open = owed === undefined ? runtime.reference.reports.all().find((one) => !one.issued && one.unitId === unitId && one.period === period && one.templateId === template.id) : undefined;
      return open === undefined ? {} : { open: { id: open.id } };
    },
    ...(owed === undefined ? {} : { with: () => ({ appends: owed.with, warnings: [] }) }),
  });
}

export interface EditAsked {
  readonly fields?: ReportFieldChanges;
  readonly content?: string | null;
  /** Instead of the whole text. */
  readonly words?: WordsChange;
  readonly asOf?: Day;
}

/** @throws Problem */
export async function editReport(id: string, { words, ...given }: EditAsked, who: ReportAsked, runtime: Doing): Promise<CommandAnswer> {
  const { life } = await loadReport(id, runtime);
  const asked = words === undefined ? given : { ...given, content: rewritten(words, given, life) };
  if (asked.content != null && asked.content.trim() !== '') requireSubject(parseContent(asked.content, 'lời văn', words === undefined ? '/content' : '/words'), life, '/content');
  // Written into the text as it stood a moment ago: what another has saved since is not to be written over.
  return execute(id, { type: 'EditReport', ...asked }, ['edit', asked], who, runtime, words === undefined ? {} : { revision: life.revision });
}

/** The text of a draft with the changes of a form in it; what cannot be read is said by slot and sentence. @throws Problem */
function rewritten(words: WordsChange, { content, fields }: EditAsked, life: ReportLife): string {
  if (content !== undefined) throw invalid('/words', 'content-twice', 'Gửi “words” (theo từng ô) hoặc “content” (cả tệp), không gửi cả hai.', 'words, content');
  const place = fields?.place ?? life.fields.place;
  if (life.content === null && (place ?? '').trim() === '') throw invalid('/place', 'place-missing', 'Chưa có nơi ban hành: điền nơi ban hành rồi lưu cùng lời văn.', place ?? '');
  const seen = new Set<string>();
  for (const [n, { code }] of (words.documents ?? []).entries()) {
    if (seen.has(code)) throw invalid(`/words/documents/${String(n)}/code`, 'document-repeated', `Mã văn bản “${code}” có hai lần; mỗi văn bản một mã.`, code);
    seen.add(code);
  }
  return writeWords(life.content, { unitId: life.unitId, period: life.period, place: place ?? '' }, words);
}

/** Checks the report as it stands and records what came out; the answer carries the findings. @throws Problem */
export async function checkReportNow(id: string, who: ReportAsked, runtime: Runtime): Promise<CommandAnswer & { readonly findings: readonly Finding[] }> {
  const { life } = await loadReport(id, runtime);
  const known = await lastKnown(runtime);
  const { findings } = await composeLife(life, runtime, known);
  return { ...(await execute(id, { type: 'CheckReport', findings, known }, ['check'], who, runtime, { revision: life.revision })), findings };
}

/**
 * Freezes a report: its parameters with the last event known, its form, its words, and the hash of each file. The files are written before
 * anything is recorded, outside the thread that answers. @throws Problem 409 `report-blocked` with the findings where one of them is an error.
 */
export async function issueReport(id: string, who: ReportAsked, runtime: Runtime): Promise<CommandAnswer> {
  const { life } = await loadReport(id, runtime);
  // Asked again with the same key it gets its first answer; else the decider says that it is frozen.
  if (life.issued) return execute(id, { type: 'IssueReport', findings: [], frozen: life.issued }, ['issue'], who, runtime);
  const known = await lastKnown(runtime);
  const { template, text } = templateFor(life, runtime);
  const composed = await composeLife(life, runtime, known);
  const { findings } = composed;
  const fields = printedFields(composed.report);
  const frozen = { known, fields, template: { id: template.id, version: template.version, text } };
  const first = decideReport({ type: 'IssueReport', findings, frozen: { ...frozen, files: NO_FILES } }, life, { now: await runtime.tasks.now() });
  // Nobody has to wait for files to hear a refusal.
  if (!first.ok) throw refused(first.rejection);
  const files = await hashesOf(composed);
  return execute(id, { type: 'IssueReport', findings, frozen: { ...frozen, files } }, ['issue'], who, runtime, {
    revision: life.revision,
    with: (eventId) => closeTask(life, fields, who.actor, eventId, runtime),
  });
}

/** @throws Problem */
export async function supersedeReport(id: string, asked: { readonly byReportId: string; readonly reason: string }, who: ReportAsked, runtime: Doing): Promise<CommandAnswer> {
  await loadReport(id, runtime);
  const by = isUuid(asked.byReportId) ? lifeOf(await runtime.log.readStream(reportStream(asked.byReportId))) : NO_REPORT;
  return execute(id, { type: 'SupersedeReport', ...asked }, ['supersede', asked], who, runtime, { context: () => (by.kind === 'none' ? {} : { by }) });
}

interface More {
  /** The decision holds for this revision and no other: what was composed from it took its time. */
  readonly revision?: number;
  readonly context?: () => Omit<ReportContext, 'now'>;
  readonly with?: (eventId: string) => Promise<{ readonly appends: readonly StreamAppend[]; readonly warnings: readonly Warning[] }> | { readonly appends: readonly StreamAppend[]; readonly warnings: readonly Warning[] };
}

function execute(id: string, command: ReportCommand, content: unknown, { actor, key, ifMatch }: ReportAsked, runtime: Doing, { revision, context = () => ({}), with: others }: More = {}): Promise<CommandAnswer> {
  return runtime.referenceCommands.execute({
    id, stream: reportStream(id), actor, content: ['report', id, content], ...(key === undefined ? {} : { key }), ...(ifMatch === undefined ? {} : { ifMatch }),
    decide: async (now, eventId) => {
      const state = lifeOf(await runtime.log.readStream(reportStream(id)));
      if (revision !== undefined && state.kind === 'report' && state.revision !== revision) {
        throw new Problem(409, 'concurrent-change', 'Có người vừa ghi trước', 'Báo cáo vừa được người khác sửa; tải lại rồi thử lại.', { extra: { stream: reportStream(id), expected: revision, actual: state.revision } });
      }
      const decision: ReportDecision = decideReport(command, state, { now, ...context() });
      if (!decision.ok) throw refused(decision.rejection);
      const { appends = [], warnings = [] } = (await others?.(eventId)) ?? {};
      return { events: decision.events.map((event) => ({ ...event, occurredAt: now })), ...(appends.length === 0 ? {} : { with: appends }), ...(warnings.length === 0 ? {} : { warnings }) };
    },
  });
}

/** The task of an owed report is reported done with the report; what stands in the way of that does not hold the report up. */
async function closeTask({ due }: ReportLife, { number, date }: ReportFields, actor: Actor, eventId: string, { tasks }: Runtime): Promise<{ readonly appends: readonly StreamAppend[]; readonly warnings: readonly Warning[] }> {
  if (due === null) return { appends: [], warnings: [] };
  const open = (detail: string) => ({ appends: [], warnings: [{ code: 'report-task-open', detail: `Việc lập báo cáo này chưa được báo cáo hoàn thành: ${detail} Hãy báo cáo hoàn thành ở trang của việc.` }] });
  if (number === undefined || date === undefined) return open('báo cáo chưa ghi số và ngày ký.');
  try {
    const planned = await tasks.plan({ taskId: due.taskId, actor, causedBy: eventId, prepare: (_, now) => ({ command: { type: 'SubmitCompletion', resultDocument: { number, date }, occurredAt: now, byDay: false } }) });
    return { appends: 'append' in planned ? [planned.append] : [], warnings: [] };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return open(error.detail);
  }
}

/** The fields as they stand on paper, whether the office filled them in, or its text or the template says so. */
function printedFields({ head: { number, date, place, agency, parentAgency }, signature, recipients }: Report): ReportFields {
  return {
    agency, signerTitle: signature.title, recipients, ...(number.startsWith('/') ? {} : { number }), ...(date === null ? {} : { date }), ...(place === '' ? {} : { place }), ...(parentAgency === '' ? {} : { parentAgency }),
  };
}

async function lastKnown({ log }: Pick<Runtime, 'log'>): Promise<FrozenPoint> {
  const { position, lastEventId } = await log.head();
  return { position: String(position), eventId: lastEventId };
}

/** The form of a report: an issued one's as it was frozen. @throws Problem */
export function templateFor({ issued, templateId, to }: ReportLife, { dataDir }: Pick<Runtime, 'dataDir'>): ReturnType<typeof chooseTemplate> {
  return issued ? { template: parseTemplate(issued.template.text, issued.template.id), text: issued.template.text } : chooseTemplate(loadTemplates(dataDir), templateId, to);
}

const contentOf = ({ content }: Pick<ReportLife, 'content'>): ReportBasis['content'] => (content === null ? null : parseContent(content, 'lời văn'));

/** What a report is made of: an issued one of what was frozen, a draft of what stands now; `known` is where a draft is to be looked at. */
export function basisOf(life: ReportLife, runtime: Pick<Runtime, 'dataDir'>, known?: FrozenPoint): ReportBasis {
  const { unitId, period, from, to, asOf, fields, issued } = life;
  const point = issued?.known ?? known;
  return {
    unitId, period, days: { from, to }, asOf, fields, content: contentOf(life), template: templateFor(life, runtime).template,
    // The event's id finds the place again in any store; the position is told as it was.
    ...(point === undefined ? {} : { position: point.position, knownAt: point.eventId === null ? 'position:0' : `event:${point.eventId}` }),
  };
}

/** @throws Problem */
export const composeLife = (life: ReportLife, runtime: Runtime, known?: FrozenPoint): Promise<ComposedReport> => composeFrom(basisOf(life, runtime, known), runtime);

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const NO_FILES = Object.fromEntries(REPORT_FILES.map((format) => [format, { sha256: '', bytes: 0 }])) as unknown as FileHashes;

/** Writes every file and keeps of each what tells it apart. */
export async function hashesOf({ report }: Pick<ComposedReport, 'report'>): Promise<FileHashes> {
  const written = await writeReport(report, REPORT_FILES);
  return Object.fromEntries(written.map(({ format, bytes }) => [format, { sha256: sha256(bytes), bytes: bytes.length }])) as unknown as FileHashes;
}

/** One file as the log has it now, and its hash. */
export async function fileOf(life: ReportLife, format: ReportFile, runtime: Runtime): Promise<{ readonly bytes: Uint8Array; readonly sha256: string }> {
  const { report } = await composeLife(life, runtime);
  const { bytes } = (await writeReport(report, [format]))[0]!;
  return { bytes, sha256: sha256(bytes) };
}

export function refused({ status, code, detail, pointer, given, extra = {} }: ReportRejection): Problem {
  const title = status === 404 ? 'Không tìm thấy' : status === 409 ? 'Không hợp lệ ở trạng thái hiện tại' : 'Nội dung không hợp lệ';
  return new Problem(status, code, title, detail, { errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }], extra });
}
