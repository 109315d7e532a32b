import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIndicator } from '#indicators';
import type { Counts, Period } from '#figures';
import { dayOf, dayVi, Problem, type Day } from '#kernel';
import { survey } from '#oversight';
import { buildReport, checkedReport, checkReport, type BuildRequest, type Finding, type Report, type ReportContent, type ReportFields, type ReportTemplate } from '#reports';
import { readQuestion, releasedCounts, type Question } from '../figures/figures-service.ts';
import { readPoint, type Point } from '../http/points.ts';
import { REPORTS_FOLDER } from '../data-files.ts';
import type { Runtime } from '../runtime.ts';
import { REPORT_FIELD } from './report-field.ts';
import { chooseTemplate, loadTemplates, parseContent } from './template-library.ts';

export interface ReportRequest {
  readonly unitId: string;
  readonly period: string;
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly templateId?: string;
  /** What the office wrote; the file of the data folder where it is left out. */
  readonly content?: ReportContent | null;
}

/** What a report is made of, beside the facts of the log. */
export interface ReportBasis {
  readonly unitId: string;
  readonly period: string;
  /** As it stands in the report; read from the period's name where it is left out. */
  readonly days?: Period;
  readonly asOf: Day;
  readonly knownAt?: string;
  readonly template: ReportTemplate;
  readonly content: ReportContent | null;
  readonly fields?: ReportFields;
  /** How the report names its place in the log: another store may have the same event at another position. */
  readonly position?: string;
  /** False where the system has no tasks of that time: its figures are then gaps and no zeros. */
  readonly hasTasks?: (point: Point, period: Period, counts: Counts) => boolean;
}

export interface ComposedReport {
  readonly report: Report;
  readonly findings: readonly Finding[];
}

/** Where the data folder keeps what was written for a unit and period. */
export const contentFile = (dataDir: string, unitId: string, period: string): string => join(dataDir, REPORTS_FOLDER, 'content', `${unitId}-${period}.yaml`);

/** @throws Problem naming file, line and column. */
export const loadContent = (file: string): ReportContent => parseContent(readFileSync(file, 'utf8'), file);

/** The text that the data folder keeps for a unit and period. */
export function storedContent(dataDir: string, unitId: string, period: string): string | undefined {
  const file = contentFile(dataDir, unitId, period);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** @throws Problem 422 where the text was written for another unit or period. */
export function requireSubject(content: ReportContent | null, { unitId, period }: Pick<ReportBasis, 'unitId' | 'period'>, pointer?: string): void {
  if (!content || (content.unitId === unitId && content.period === period)) return;
  const detail = `Tệp lời văn là của đơn vị “${content.unitId}”, kỳ ${content.period}; đang lập cho “${unitId}”, kỳ ${period}.`;
  throw new Problem(422, 'content-of-another-report', 'Lời văn của báo cáo khác', detail, { errors: pointer === undefined ? [] : [{ pointer, code: 'content-of-another-report', detail }] });
}

/** A report of a unit at its point, put together from the figures, plans and indicators as known at K, and checked. @throws Problem */
export async function composeReport(request: ReportRequest, runtime: Runtime): Promise<ComposedReport> {
  const { unitId, period, knownAt, templateId } = request;
  if (!/^[a-z0-9-]{1,100}$/.test(unitId)) throw new Problem(422, 'unit-unknown', 'Không có đơn vị', `Không có đơn vị “${unitId}” trong danh mục.`);
  const asOf = request.asOf ?? dayOf(await runtime.tasks.now());
  // A report states a day as its cut-off; up to an hour of it would be another figure under the same words.
  if (asOf.length !== 10) throw new Problem(422, 'cut-off-not-a-day', 'Mốc chốt phải là một ngày', `Báo cáo chốt số liệu đến hết một ngày: “${asOf}” không phải một ngày YYYY-MM-DD.`);
  const dto = { unitId, period, asOf, ...(knownAt === undefined ? {} : { knownAt }) };
  const { to } = readQuestion(dto, await readPoint(dto, runtime), runtime).period;
  const { template } = chooseTemplate(loadTemplates(runtime.dataDir), templateId, to);
  const stored = request.content === undefined ? storedContent(runtime.dataDir, unitId, period) : undefined;
  const content = request.content !== undefined ? request.content : stored === undefined ? null : parseContent(stored, contentFile(runtime.dataDir, unitId, period));
  return composeFrom({ ...dto, template, content }, runtime);
}

/** @throws Problem */
export async function composeFrom(basis: ReportBasis, runtime: Runtime): Promise<ComposedReport> {
  const { request, point } = await sourcesAt(basis, runtime);
  const report = buildReport(request);
  const calendar = runtime.reference.calendarAt(point.known);
  return { report, findings: checkReport(checkedReport(report), { isDayOff: (day) => !calendar.isWorkingDay(day) }) };
}

/** What a report is built from: its form and words, and the facts as they stand at its point. @throws Problem */
export async function sourcesAt(basis: ReportBasis, runtime: Runtime): Promise<{ readonly request: BuildRequest; readonly point: Point }> {
  const { unitId, period, asOf, knownAt, template, content, fields } = basis;
  requireSubject(content, basis);
  const dto = { unitId, asOf, ...(basis.days === undefined ? { period } : {}), ...(knownAt === undefined ? {} : { knownAt }) };
  const point = await readPoint(dto, runtime);
  const question = readQuestion(dto, point, runtime, basis.days);
  const { from, to } = question.period;
  const { reference } = runtime;
  const { counts } = await releasedCounts(question, runtime);
  const { counts: reports } = await releasedCounts({ ...question, query: { ...question.query, field: REPORT_FIELD } }, runtime);
  const known = knownAt === undefined ? null : point.known;
  const plans = new Map(reference.plans.all({ asOf: point.day, known }).filter((plan) => plan.unitId === unitId).map((plan) => [`${String(plan.year)} ${plan.code}`, plan]));
  const indicators = new Map(reference.indicators.all({ known }).filter((indicator) => indicator.unitId === unitId).map((indicator) => [indicator.code, indicator]));
  return {
    point,
    request: {
      template, content, ...(fields === undefined ? {} : { fields }),
      parameters: {
        unitId, unitName: reference.unitName(unitId, point.day, point.known), period, periodWords: periodWords(period, question.period), from, to, asOf: point.day, knownAt: point.knownAt,
        position: basis.position ?? String(point.position), lastEventId: point.lastEventId,
      },
      sources: {
        ...(basis.hasTasks?.(point, question.period, counts) === false ? { tasks: null, reports: null } : { tasks: { counts, rounding: question.rounding, updated: updatedIn(question, runtime) }, reports }),
        plan: (code, year) => plans.get(`${String(year)} ${code}`),
        indicator: (code) => {
          const indicator = indicators.get(code);
          return indicator && readIndicator(indicator, { asOf: point.day, from });
        },
      },
    },
  };
}

/** Of N, those that their present lead has reported progress or completion of by A. */
function updatedIn({ query }: Question, { columns, marks }: Pick<Runtime, 'columns' | 'marks'>): number {
  let updated = 0;
  survey({ columns, marks }, query, 0, ({ told }) => {
    // A submission that was sent back told something too.
    if (![told.progressAt, told.submittedAt, told.sentBackAt].every(Number.isNaN)) updated++;
  });
  return updated;
}

/** "năm 2020", "quý III năm 2020", "6 tháng đầu năm 2020". */
export function periodWords(period: string, { from, to }: { readonly from: Day; readonly to: Day }): string {
  const m = /^(\d{4})(?:-(Q[1-4]|H1|H2|9M|\d{2}))?(?:-cal)?$/.exec(period);
  if (!m) return `từ ngày ${dayVi(from)} đến ngày ${dayVi(to)}`;
  const year = `năm ${m[1]!}`;
  const part = m[2];
  if (part === undefined) return year;
  if (part.startsWith('Q')) return `quý ${['I', 'II', 'III', 'IV'][Number(part[1]) - 1]!} ${year}`;
  return { H1: `6 tháng đầu ${year}`, H2: `6 tháng cuối ${year}`, '9M': `9 tháng đầu ${year}` }[part] ?? `tháng ${part} ${year}`;
}
