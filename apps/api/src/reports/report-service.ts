import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readIndicator } from '#indicators';
import { dayOf, dayVi, Problem, type Day } from '#kernel';
import { buildReport, checkedReport, checkReport, readContent, readTemplate, type Finding, type Report, type ReportContent, type ReportTemplate, type TemplateFault } from '#reports';
import { templateFiles } from '#reports/files/shipped';
import { readQuestion, releasedCounts } from '../figures/figures-service.ts';
import { readPoint } from '../http/points.ts';
import { REPORTS_FOLDER } from '../data-files.ts';
import type { Runtime } from '../runtime.ts';


export interface ReportRequest {
  readonly unitId: string;
  readonly period: string;
  readonly asOf?: string;
  readonly knownAt?: string;
  readonly templateId?: string;
  /** What the office wrote; the file of the data folder where it is left out. */
  readonly content?: ReportContent | null;
}

export interface ComposedReport {
  readonly report: Report;
  readonly findings: readonly Finding[];
}

/** Templates by id, of the product and of the data folder, where an office's own goes before one of the same name. @throws Problem naming file, line and column. */
export function loadTemplates(dataDir: string): ReadonlyMap<string, ReportTemplate> {
  const own = join(dataDir, REPORTS_FOLDER, 'templates');
  const templates = new Map<string, ReportTemplate>();
  for (const { file, text } of [...templateFiles(), ...(existsSync(own) ? templateFiles(own) : [])]) {
    const reading = readTemplate(text);
    if (!reading.ok) throw unreadable(file, 'template-invalid', reading.faults);
    templates.set(reading.template.id, reading.template);
  }
  return templates;
}

/** Where the data folder keeps what was written for a unit and period. */
export const contentFile = (dataDir: string, unitId: string, period: string): string => join(dataDir, REPORTS_FOLDER, 'content', `${unitId}-${period}.yaml`);

/** @throws Problem naming file, line and column. */
export function loadContent(file: string): ReportContent {
  const reading = readContent(readFileSync(file, 'utf8'));
  if (!reading.ok) throw unreadable(file, 'content-invalid', reading.faults);
  return reading.content;
}

function unreadable(file: string, code: string, faults: readonly TemplateFault[]): Problem {
  const lines = faults.map(({ line, column, path, detail, given, expected }) => `${file}:${String(line)}:${String(column)}: ${path === '' ? '' : `${path}: `}${detail}${given === undefined ? '' : ` [nhận: ${given}]`}${expected === undefined ? '' : ` [cần: ${expected}]`}`);
  return new Problem(422, code, 'Không đọc được tệp', lines.join('\n'), { extra: { faults } });
}

/** The form for a period: the one named, else the last one in force on its last day. @throws Problem */
export function chooseTemplate(templates: ReadonlyMap<string, ReportTemplate>, id: string | undefined, to: Day): ReportTemplate {
  const named = id === undefined ? undefined : templates.get(id);
  if (named) return named;
  const names = [...templates.keys()].join(', ');
  if (id !== undefined) throw new Problem(422, 'template-unknown', 'Không có mẫu', `Không có mẫu “${id}”; có: ${names}.`);
  const valid = [...templates.values()].filter(({ validFrom, validTo }) => validFrom <= to && (validTo === null || to <= validTo)).sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const last = valid.at(-1);
  if (!last) throw new Problem(422, 'template-none-valid', 'Không có mẫu', `Không có mẫu nào có hiệu lực ngày ${dayVi(to)}; có: ${names}.`);
  return last;
}

/** A report of a unit at its point, put together from the figures, plans and indicators as known at K, and checked. @throws Problem */
export async function composeReport(request: ReportRequest, runtime: Runtime): Promise<ComposedReport> {
  const { unitId, period, knownAt, templateId } = request;
  if (!/^[a-z0-9-]{1,100}$/.test(unitId)) throw new Problem(422, 'unit-unknown', 'Không có đơn vị', `Không có đơn vị “${unitId}” trong danh mục.`);
  const asOf = request.asOf ?? dayOf(await runtime.tasks.now());
  // A report states a day as its cut-off; up to an hour of it would be another figure under the same words.
  if (asOf.length !== 10) throw new Problem(422, 'cut-off-not-a-day', 'Mốc chốt phải là một ngày', `Báo cáo chốt số liệu đến hết một ngày: “${asOf}” không phải một ngày YYYY-MM-DD.`);
  const dto = { unitId, period, asOf, ...(knownAt === undefined ? {} : { knownAt }) };
  const point = await readPoint(dto, runtime);
  const question = readQuestion(dto, point, runtime);
  const { from, to } = question.period;
  const { reference } = runtime;
  const template = chooseTemplate(loadTemplates(runtime.dataDir), templateId, to);
  const stored = contentFile(runtime.dataDir, unitId, period);
  const content = request.content !== undefined ? request.content : existsSync(stored) ? loadContent(stored) : null;
  if (content && (content.unitId !== unitId || content.period !== period)) throw new Problem(422, 'content-of-another-report', 'Lời văn của báo cáo khác', `Tệp lời văn là của đơn vị “${content.unitId}”, kỳ ${content.period}; đang lập cho “${unitId}”, kỳ ${period}.`);
  const { counts } = await releasedCounts(question, runtime);
  const known = knownAt === undefined ? null : point.known;
  const plans = new Map(reference.plans.all({ asOf: point.day, known }).filter((plan) => plan.unitId === unitId).map((plan) => [`${String(plan.year)} ${plan.code}`, plan]));
  const indicators = new Map(reference.indicators.all({ known }).filter((indicator) => indicator.unitId === unitId).map((indicator) => [indicator.code, indicator]));
  const report = buildReport({
    template, content,
    parameters: {
      unitId, unitName: reference.unitName(unitId, point.day, point.known), period, periodWords: periodWords(period, question.period), from, to, asOf: point.day, knownAt: point.knownAt,
      position: String(point.position), lastEventId: point.lastEventId,
    },
    sources: {
      tasks: { counts, rounding: question.rounding },
      plan: (code, year) => plans.get(`${String(year)} ${code}`),
      indicator: (code) => {
        const indicator = indicators.get(code);
        return indicator && readIndicator(indicator, { asOf: point.day, from });
      },
    },
  });
  const calendar = reference.calendarAt(point.known);
  return { report, findings: checkReport(checkedReport(report), { isDayOff: (day) => !calendar.isWorkingDay(day) }) };
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
