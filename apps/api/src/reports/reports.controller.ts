import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { dayOf, isoInstant, Problem } from '#kernel';
import { punctualityOf, readWords, REPORT_FILES, slotsOfTemplate, type Finding, type KnownReport, type ReportFile, type ReportLife, type WordsChange } from '#reports';
import type { ReportDuty } from '#settings';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { NothingDto } from '../briefing/dto.ts';
import { badParameter, nextCursor, oneOf, readPage } from '../http/points.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import type { Runtime } from '../runtime.ts';
import type { CommandAnswer } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';
import { ComparisonDto, DraftReportDto, EditReportDto, PunctualityDto, ReportChangesDto, ReportListDto, SupersedeReportDto, type ReportsListedDto, type WordsDto } from './dto.ts';
import { given } from './plans.controller.ts';
import { answerComparison, answerReportChanges, COMPARED_WITH } from './report-differences.ts';
import { checkReportNow, composeLife, draftReport, editReport, fileOf, hashesOf, issueReport, loadReport, supersedeReport, templateFor, type ReportAsked } from './report-lives.ts';
import { periodWords } from './report-service.ts';
import { dueOnOf, occurrencesAt } from './report-duties.ts';
import { loadTemplates } from './template-library.ts';

/** Coming reports in one answer. */
const MOST_COMING = 40;

const TYPES: Readonly<Record<ReportFile, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', pdf: 'application/pdf', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  md: 'text/markdown; charset=utf-8', json: 'application/json; charset=utf-8',
};

/** The reports of a question, the newest first. */
export function reportsAsked(query: ReportsListedDto, { reference }: Pick<Runtime, 'reference'>): readonly KnownReport[] {
  const status = query.status === undefined ? undefined : oneOf('status', query.status, ['drafted', 'checked', 'issued', 'superseded'], 'drafted');
  const owed = query.owed === undefined ? undefined : oneOf('owed', query.owed, ['true', 'false'], 'true') === 'true';
  return [...reference.reports.all()].reverse().filter((one) =>
    (query.unitId === undefined || one.unitId === query.unitId) && (query.period === undefined || one.period === query.period) && (status === undefined || one.status === status) && (owed === undefined || owed === (one.due !== null)));
}

/** How an owed report stands at an instant. */
export const punctualAt = (life: Pick<ReportLife, 'due' | 'issued'>, now: number): ReturnType<typeof punctualityOf> =>
  punctualityOf(life, { issuedOn: life.issued === null ? null : dayOf(life.issued.at), today: dayOf(now) });

/** Periodic reports: drafted, filled in, checked, issued and frozen, superseded (docs/reports.md). */
@ApiTags('reports')
@ApiHeader({ name: 'X-Actor', required: false })
@ApiHeader({ name: 'Idempotency-Key', required: false })
@ApiHeader({ name: 'If-Match', required: false })
@Controller()
export class ReportsController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('report-templates')
  @ApiOperation({ summary: 'Các mẫu báo cáo: của sản phẩm và của thư mục dữ liệu' })
  templates(): object {
    const items = [...loadTemplates(this.runtime.dataDir).values()].map(({ template: { id, version, name, suggested, basis, validFrom, validTo } }) => ({ id, version, name, suggested, basis, validFrom, validTo }));
    return { items, nextCursor: null, total: items.length };
  }

  @Get('reports')
  @ApiOperation({ summary: 'Các báo cáo, mới nhất trước' })
  async list(@Query() query: ReportListDto): Promise<object> {
    const { reference, tasks, projector } = this.runtime;
    await reference.catchUp();
    const { limit, offset } = readPage(query);
    const now = await tasks.now();
    const found = reportsAsked(query, this.runtime);
    return { items: found.slice(offset, offset + limit).map((one) => this.line(one, now)), nextCursor: nextCursor(offset, limit, found.length), total: found.length, asOf: isoInstant(now), position: String(projector.lowest()) };
  }

  /** How many owed reports were issued in time: counted by their due days. */
  @Get('reports/punctuality')
  @ApiOperation({ summary: 'Báo cáo phải nộp: đúng thời hạn, chậm, chưa nộp' })
  async punctuality(@Query() query: PunctualityDto): Promise<object> {
    const { reference, tasks, projector } = this.runtime;
    await reference.catchUp();
    const { unitId, year } = query;
    if (year !== undefined && !/^\d{4}$/.test(year)) throw badParameter('year', year, 'một năm, ví dụ 2020');
    const now = await tasks.now();
    const counts = { owed: 0, onTime: 0, late: 0, waiting: 0, overdue: 0 };
    const items = reference.reports.all().flatMap((one) => {
      const state = punctualAt(one, now);
      if (state === undefined || (unitId !== undefined && one.unitId !== unitId) || (year !== undefined && !one.period.startsWith(year))) return [];
      counts.owed++;
      counts[state === 'on-time' ? 'onTime' : state]++;
      return [this.line(one, now)];
    });
    return { unitId: unitId ?? null, year: year ?? null, ...counts, items, asOf: isoInstant(now), position: String(projector.lowest()) };
  }

  /** What the province has settled about reports that are owed, and which come next; changed by `POST /settings`. */
  @Get('reports/duties')
  @ApiOperation({ summary: 'Đơn vị nào phải nộp báo cáo nào; các kỳ sắp tới với ngày chốt và hạn nộp' })
  async duties(): Promise<object> {
    const { reference, tasks, projector, dataDir } = this.runtime;
    await reference.catchUp();
    const now = await tasks.now();
    const { reportDuties = [] } = reference.settings();
    const templates = loadTemplates(dataDir);
    const named = ({ unitId, templateId }: ReportDuty): object => ({
      unitName: reference.unitName(unitId), unitKnown: reference.organisation.unit(unitId) !== undefined, templateName: templateId === undefined ? null : (templates.get(templateId)?.template.name ?? null),
    });
    const coming = occurrencesAt(reportDuties, now).coming.slice(0, MOST_COMING);
    return {
      items: reportDuties.map((duty) => ({ ...duty, ...named(duty) })),
      coming: coming.map((one) => ({ unitId: one.duty.unitId, ...named(one.duty), period: one.period, periodWords: periodWords(one.period, one), cutOff: one.cutOff, dueOn: dueOnOf(one, reference) })),
      revision: reference.settingsRevision, asOf: isoInstant(now), position: String(projector.lowest()),
    };
  }

  @Get('reports/:id')
  @ApiOperation({ summary: 'Một báo cáo: trạng thái, các trường còn sửa được, điều đã chốt, lịch sử' })
  async one(@Param('id') id: string): Promise<object> {
    const { life, events } = await loadReport(id, this.runtime);
    const { reference } = this.runtime;
    await reference.catchUp();
    const now = await this.runtime.tasks.now();
    return {
      ...this.line({ id, ...life }, now), from: life.from, to: life.to, fields: life.fields, content: life.content,
      supersedes: reference.reports.all().filter(({ superseded }) => superseded?.byReportId === id).map((one) => one.id),
      history: events.map(({ id: eventId, type, position, occurredAt, recordedAt, metadata: { actor } }) => ({ id: eventId, type, position: String(position), occurredAt: isoInstant(occurredAt), recordedAt: isoInstant(recordedAt), actor })),
      now: isoInstant(now), position: String(this.runtime.projector.lowest()),
    };
  }

  /** The text of a report by the slots of its template, for a form; slots that the template does not have come last, without a section. */
  @Get('reports/:id/words')
  @ApiOperation({ summary: 'Lời văn của báo cáo theo từng ô của mẫu, và các văn bản được dẫn' })
  async words(@Param('id') id: string): Promise<object> {
    const { life } = await loadReport(id, this.runtime);
    const { template } = templateFor(life, this.runtime);
    const { slots, documents } = readWords(life.content);
    const written = new Map(slots.map(({ slot, lines }) => [slot, lines]));
    const places = slotsOfTemplate(template);
    const others = slots.filter(({ slot }) => !places.some((one) => one.slot === slot)).map(({ slot }) => ({ slot, section: null, required: false }));
    return { id, slots: [...places, ...others].map((one) => ({ ...one, lines: written.get(one.slot) ?? [] })), documents, revision: life.revision, position: String(this.runtime.projector.lowest()) };
  }

  @Post('reports')
  @ApiOperation({ summary: 'Lập dự thảo một báo cáo' })
  draft(@Body() body: DraftReportDto, @Req() request: Request): Promise<CommandAnswer> {
    return draftReport(given(body), this.office(request, body), this.runtime);
  }

  @Post('reports/:id/edit') @HttpCode(200)
  @ApiOperation({ summary: 'Sửa các trường của dự thảo: số, ngày, nơi, người ký, nơi nhận, lời văn, ngày chốt; null: trả về như mẫu' })
  edit(@Param('id') id: string, @Body() body: EditReportDto, @Req() request: Request): Promise<CommandAnswer> {
    const who = this.office(request, body);
    const { content, words, asOf, ...fields } = given(body);
    return editReport(id, { fields: fields, ...(content === undefined ? {} : { content }), ...(words === undefined ? {} : { words: changeOf(words) }), ...(asOf === undefined ? {} : { asOf }) }, who, this.runtime);
  }

  @Post('reports/:id/check') @HttpCode(200)
  @ApiOperation({ summary: 'Kiểm tra mâu thuẫn và ghi lại kết quả' })
  check(@Param('id') id: string, @Body() _: NothingDto, @Req() request: Request): Promise<CommandAnswer & { readonly findings: readonly Finding[] }> {
    return checkReportNow(id, this.office(request, {}), this.runtime);
  }

  @Post('reports/:id/issue') @HttpCode(200)
  @ApiOperation({ summary: 'Ban hành: chốt tham số, mốc biết đến, mẫu, lời văn và SHA-256 của từng tệp; còn lỗi thì 409 kèm các điều thấy được' })
  issue(@Param('id') id: string, @Body() _: NothingDto, @Req() request: Request): Promise<CommandAnswer> {
    return issueReport(id, this.office(request, {}), this.runtime);
  }

  @Post('reports/:id/supersede') @HttpCode(200)
  @ApiOperation({ summary: 'Ghi rằng một báo cáo khác thay thế báo cáo này' })
  supersede(@Param('id') id: string, @Body() body: SupersedeReportDto, @Req() request: Request): Promise<CommandAnswer> {
    return supersedeReport(id, body, this.office(request, body), this.runtime);
  }

  @Get('reports/:id/preview')
  @ApiOperation({ summary: 'Báo cáo như sẽ in, dạng JSON, và các điều kiểm tra thấy được' })
  async preview(@Param('id') id: string): Promise<object> {
    const { life } = await loadReport(id, this.runtime);
    const { report, findings } = await composeLife(life, this.runtime);
    return { id, status: life.status, report, findings, position: String(this.runtime.projector.lowest()) };
  }

  @Get('reports/:id/files/:format')
  @ApiOperation({ summary: 'Một tệp của báo cáo, lập lại từ nhật ký; báo cáo đã ban hành thì X-Report-Verified nói có trùng tệp đã chốt không' })
  @ApiParam({ name: 'format', enum: REPORT_FILES })
  @ApiProduces(...Object.values(TYPES))
  @ApiOkResponse({ headers: { 'X-Report-Verified': { description: 'match | mismatch | not-issued', schema: { type: 'string' } }, 'X-Report-SHA256': { description: 'SHA-256 của tệp này', schema: { type: 'string' } } } })
  async file(@Param('id') id: string, @Param('format') given: string, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const format = REPORT_FILES.find((known) => known === given);
    if (format === undefined) throw new Problem(404, 'path-unknown', 'Không có đường dẫn', `Không có định dạng “${given.slice(0, 40)}”; có: ${REPORT_FILES.join(', ')}.`);
    const { life } = await loadReport(id, this.runtime);
    const { bytes, sha256 } = await fileOf(life, format, this.runtime);
    response.setHeader('X-Report-SHA256', sha256);
    response.setHeader('X-Report-Verified', life.issued === null ? 'not-issued' : life.issued.files[format].sha256 === sha256 ? 'match' : 'mismatch');
    return new StreamableFile(bytes, { type: TYPES[format], disposition: contentDisposition(`${life.issued === null ? 'du-thao-' : ''}bao-cao-${life.unitId}-${life.period}.${format}`), length: bytes.length });
  }

  /** Writes every file of an issued report again and compares. */
  @Get('reports/:id/verify')
  @ApiOperation({ summary: 'Chạy lại từ nhật ký mọi tệp của báo cáo đã ban hành và so với SHA-256 đã chốt' })
  async verify(@Param('id') id: string): Promise<object> {
    const { life } = await loadReport(id, this.runtime);
    const { issued } = life;
    if (!issued) throw new Problem(409, 'report-not-issued', 'Không hợp lệ ở trạng thái hiện tại', 'Báo cáo chưa ban hành: chưa có tệp nào được chốt để so.');
    const files = await hashesOf(await composeLife(life, this.runtime));
    const compared = REPORT_FILES.map((format) => ({ format, matches: files[format].sha256 === issued.files[format].sha256, frozen: issued.files[format], now: files[format] }));
    const differing = compared.find(({ matches }) => !matches)?.format ?? null;
    return { id, matches: differing === null, firstDiffering: differing, words: differing === null ? 'trùng khớp' : `khác ở tệp ${differing}`, files: compared, knownAt: issued.known, position: String(this.runtime.projector.lowest()) };
  }

  @Get('reports/:id/changes')
  @ApiOperation({ summary: 'Thay đổi sau khi ban hành: số liệu cũ và mới, các việc làm nên khác biệt, các sự kiện đã gây ra' })
  async changes(@Param('id') id: string, @Query() query: ReportChangesDto): Promise<object> {
    const { life } = await loadReport(id, this.runtime);
    return answerReportChanges(id, life, query.limit, this.runtime);
  }

  @Get('reports/:id/comparison')
  @ApiOperation({ summary: 'Số liệu của báo cáo cạnh kỳ trước hoặc cùng kỳ năm trước; kỳ không có dữ liệu thì nói là không có' })
  async comparison(@Param('id') id: string, @Query() query: ComparisonDto): Promise<object> {
    const what = oneOf('with', query.with, COMPARED_WITH, 'previous');
    const { life } = await loadReport(id, this.runtime);
    return answerComparison(id, life, what, this.runtime);
  }

  private office(request: Request, body: unknown): ReportAsked {
    const actor = actorOf(request, this.runtime);
    requireRole(actor, ['office'], 'lập và ban hành báo cáo');
    refuseSecrecyMark(body);
    return { actor, ...conditions(request) };
  }

  private line(report: KnownReport, now: number): object {
    const { id, unitId, period, asOf, templateId, templateVersion, status, fields, due, draftedAt, checked, issued, superseded, revision } = report;
    return {
      id, unitId, unitName: this.runtime.reference.unitName(unitId), period, periodWords: periodWords(period, report), asOf, templateId, templateVersion, status, number: fields.number ?? null, revision, draftedAt: isoInstant(draftedAt),
      due: due === null ? null : { ...due, state: punctualAt(report, now) },
      checked: checked === null ? null : { ...checked, at: isoInstant(checked.at) },
      issued: issued === null ? null : { at: isoInstant(issued.at), eventId: issued.eventId, known: issued.known, template: { id: issued.template.id, version: issued.template.version }, files: issued.files, errors: issued.errors, warnings: issued.warnings, infos: issued.infos },
      superseded: superseded === null ? null : { ...superseded, at: isoInstant(superseded.at) },
    };
  }
}

const changeOf = ({ slots, documents }: WordsDto): WordsChange => ({
  ...(slots === undefined ? {} : { slots }), ...(documents === undefined ? {} : { documents: documents.map(({ date = null, kind = null, ...rest }) => ({ ...rest, date, kind })) }),
});
