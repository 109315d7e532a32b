import { setImmediate as nextTurn } from 'node:timers/promises';
import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { AuditColumns, AuditFilter, AuditRow } from '#audit-trail';
import { addDays, dayFromNumber, dayOf, daysBetween, Problem, weekday, type Day } from '#kernel';
import { EVENT_NAMES_VI } from '#tasks';
import { eventLine } from '#event-log/content';
import { contentDisposition } from '../http/content-disposition.ts';
import { PointDto } from '../http/dto.ts';
import { badParameter, oneOf, readPage, readPoint, type Point } from '../http/points.ts';
import { sendTextFile } from '../http/whole-lists.ts';
import { loadReport } from '../reports/report-lives.ts';
import { periodWords } from '../reports/report-service.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';
import { AuditDeadlinesDto, type AuditDto, type AuditEventsListedDto, AuditDensityDto, AuditEventsDto, AuditLifeDto, AuditPatternDto, AuditPatternsDto, AuditReportDto } from './audit-dto.ts';
import { csv, deadlineCells, deadlineChanges, deadlineFilter, HEADER, summaryOf } from './deadline-changes.ts';
import { briefingLife, briefingStateAt, findBriefing, reportLife, reportStateAt, type LifeItem } from './lives.ts';
import { headOf, PATTERN_CODES, readPatterns, type PatternCode } from './patterns.ts';
import { pdfOf } from './pdf.ts';
import { readReport } from './report.ts';
import { aboutOf, auditItems, filterOf, PEOPLE, readAfter, readSubject, withPeriod, type Subject } from './subject.ts';

const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';
/** Events or changes written at once into an export. */
const EXPORTED_AT_ONCE = 100;
const ROLES = [...PEOPLE, 'system'];

export interface AuditAsked {
  readonly point: Point;
  readonly subject: Subject;
  readonly columns: AuditColumns;
  readonly filter: AuditFilter;
}

/** Whose events, recorded when; where `period` is wanted and none is asked for, the reporting year of A. */
export async function askAudit(query: AuditDto, period: boolean, runtime: Runtime): Promise<AuditAsked> {
  const point = await readPoint(query, runtime);
  const read = readSubject(query, point, runtime);
  const subject = period ? withPeriod(read, point) : read;
  return { point, subject, columns: await runtime.projector.auditColumns(), filter: filterOf(subject, point) };
}

@ApiTags('audit')
@Controller('audit')
export class AuditController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  /** How many events were recorded, or happened, when: for the rail. */
  @Get('density')
  @ApiOperation({ summary: 'Mật độ sự kiện của một đơn vị hoặc toàn hệ thống, theo ngày ghi hoặc ngày xảy ra' })
  async density(@Query() query: AuditDensityDto): Promise<object> {
    const { point, subject, columns, filter: within } = await this.ask(query);
    const by = oneOf('by', query.by, ['recorded', 'occurred'], 'recorded');
    const { recordedFrom, recordedTo, ...rest } = within;
    // The period is of the axis that is asked for.
    const filter: AuditFilter = by === 'recorded' ? within : { ...rest, ...(recordedFrom === undefined ? {} : { occurredFrom: recordedFrom }), ...(recordedTo === undefined ? {} : { occurredTo: recordedTo }) };
    const days = columns.density(filter, by);
    const span = days.length === 0 ? 0 : days.at(-1)!.day - days[0]!.day;
    const bucket = oneOf('bucket', query.bucket, ['day', 'week', 'month'], span <= 100 ? 'day' : span <= 730 ? 'week' : 'month');
    const buckets = new Map<Day, { from: Day; to: Day; total: number; late: number; repairs: number }>();
    for (const { day, total, late, repairs } of days) {
      const [from, to] = bucketOf(dayFromNumber(day), bucket);
      const one = buckets.get(from) ?? { from, to, total: 0, late: 0, repairs: 0 };
      buckets.set(from, { ...one, total: one.total + total, late: one.late + late, repairs: one.repairs + repairs });
    }
    const list = [...buckets.values()];
    return { ...aboutOf(subject, point), by, bucket, buckets: list, total: list.reduce((sum, { total }) => sum + total, 0), highest: Math.max(0, ...list.map(({ total }) => total)) };
  }

  /** The events of the subject, newest first, or for `Accept: application/x-ndjson` all of them whole, oldest first. */
  @Get('events')
  @ApiOperation({ summary: 'Các sự kiện của một đơn vị hoặc toàn hệ thống, thành câu; với Accept: application/x-ndjson là toàn bộ, từng dòng như nhacviec log export' })
  @ApiProduces('application/json', NDJSON)
  async events(@Query() query: AuditEventsDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    response.vary('Accept');
    const { point, subject, columns, filter } = await this.ask(query);
    const picked: AuditFilter = { ...filter, ...readPicks(query) };
    if (oneOf('format', query.format, ['json', 'jsonl'], request.accepts(['application/json', NDJSON]) === NDJSON ? 'jsonl' : 'json') === 'jsonl') {
      await sendTextFile(response, NDJSON, `su-kien-${subject.unitId ?? 'toan-he-thong'}.jsonl`, this.lines(columns, picked));
      return;
    }
    const { limit } = readPage({ limit: query.limit ?? '50' });
    const order = oneOf('order', query.order, ['newest', 'oldest'], 'newest');
    const after = readAfter(query.after);
    const rest: AuditFilter = after === undefined ? picked : order === 'newest' ? { ...picked, upTo: Math.min(picked.upTo, after - 1) } : { ...picked, after };
    const rows = columns.page(rest, { limit, newestFirst: order === 'newest' });
    response.json({ ...aboutOf(subject, point), items: await auditItems(rows, point, this.runtime), nextCursor: cursorOf(rows, limit), total: columns.total(picked) });
  }

  /** Every change of a deadline in force; for `Accept: text/csv` all of them as a table. */
  @Get('deadlines')
  @ApiOperation({ summary: 'Lịch sử thời hạn: mọi lần thời hạn đang có hiệu lực bị đổi; với Accept: text/csv là toàn bộ' })
  @ApiProduces('application/json', CSV)
  async deadlines(@Query() query: AuditDeadlinesDto, @Req() request: Request, @Res() response: Response): Promise<void> {
    response.vary('Accept');
    const { point, subject, columns, filter } = await this.ask(query, true);
    const changes = deadlineFilter(filter, readFlag('late', query.late) === true);
    if (oneOf('format', query.format, ['json', 'csv'], request.accepts(['application/json', CSV]) === CSV ? 'csv' : 'json') === 'csv') {
      await sendTextFile(response, `${CSV}; charset=utf-8`, `lich-su-thoi-han-${subject.unitId ?? 'toan-he-thong'}.csv`, this.table(columns, changes, point));
      return;
    }
    const { limit } = readPage({ limit: query.limit ?? '50' });
    const after = readAfter(query.after);
    const rows = columns.page(after === undefined ? changes : { ...changes, upTo: Math.min(changes.upTo, after - 1) }, { limit });
    response.json({ ...aboutOf(subject, point), summary: summaryOf(columns, changes), items: await deadlineChanges(rows, point, this.runtime), nextCursor: cursorOf(rows, limit), total: columns.total(changes) });
  }

  /** Named rules with their limits, and how many facts each finds. */
  @Get('patterns')
  @ApiOperation({ summary: 'Các quy tắc tìm điều khác thường, mỗi quy tắc với ngưỡng và số sự kiện tìm thấy' })
  async patterns(@Query() query: AuditPatternsDto): Promise<object> {
    const { point, subject, columns, filter } = await this.ask(query, true);
    const rules: object[] = [];
    for (const code of PATTERN_CODES) {
      rules.push(...readPatterns(query, [code], filter, columns, point, this.runtime).map(headOf));
      await nextTurn();
    }
    return { ...aboutOf(subject, point), rules };
  }

  @Get('patterns/:rule')
  @ApiOperation({ summary: 'Các sự kiện mà một quy tắc tìm thấy; quy tắc gộp nhóm trả các nhóm, với group là các sự kiện của nhóm' })
  async pattern(@Param('rule') rule: string, @Query() query: AuditPatternDto): Promise<object> {
    const code = PATTERN_CODES.find((one) => one === rule);
    if (code === undefined) throw new Problem(404, 'pattern-not-found', 'Không có quy tắc này', `Không có quy tắc “${rule.slice(0, 60)}”: cần ${PATTERN_CODES.join(' | ')}.`, { extra: { rule: rule.slice(0, 60) } });
    const { point, subject, columns, filter } = await this.ask(query, true);
    const { limit } = readPage({ limit: query.limit ?? '50' });
    const [pattern] = readPatterns(query, [code satisfies PatternCode], filter, columns, point, this.runtime);
    const { groups } = pattern!;
    const about = { ...aboutOf(subject, point), rule: headOf(pattern!) };
    if (groups !== null && query.group === undefined) {
      const skipped = readAfter(query.after) ?? 0;
      const shown = groups.slice(skipped, skipped + limit);
      return { ...about, groups: shown, items: [], nextCursor: skipped + limit < groups.length ? String(skipped + limit) : null, total: groups.length };
    }
    const group = groups === null ? undefined : query.group;
    if (group !== undefined && !groups!.some(({ key }) => key === group)) throw badParameter('group', group.slice(0, 120), 'mã một nhóm mà quy tắc tìm thấy', 422);
    const before = readAfter(query.after);
    const rows = pattern!.page({ limit, ...(before === undefined ? {} : { before }), ...(group === undefined ? {} : { group }) });
    return { ...about, groups: null, items: await auditItems(rows, point, this.runtime), nextCursor: cursorOf(rows, limit), total: group === undefined ? pattern!.total : pattern!.totalOf(group) };
  }

  /** The story of a task, a meeting, a report, or of a unit's period, to be kept with the papers; the same question gives the same bytes. */
  @Get('report')
  @ApiOperation({ summary: 'Bản in làm chứng cứ của một việc, một buổi giao ban, một báo cáo, hoặc một đơn vị trong một khoảng: các mốc, vị trí nhật ký, trạng thái tại A và B, các sự kiện thành câu' })
  @ApiProduces('application/pdf')
  async report(@Query() query: AuditReportDto, @Res() response: Response): Promise<void> {
    const { report, name } = await readReport(query, this.runtime, () => this.runtime.projector.auditColumns());
    response.type('application/pdf').setHeader('Content-Disposition', contentDisposition(name));
    response.send(await pdfOf(report));
  }

  /** A meeting has some dozens of events, with those it made in tasks: they are told at once, oldest first. */
  @Get('briefings/:id')
  @ApiOperation({ summary: 'Mọi sự kiện của một buổi giao ban, kể cả sự kiện các kết luận đã ghi vào việc, thành câu, cũ trước; với Accept: application/x-ndjson là từng dòng như nhacviec log export' })
  @ApiProduces('application/json', NDJSON)
  async briefing(@Param('id') id: string, @Query() query: AuditLifeDto, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object | string> {
    const point = await readPoint(query, this.runtime);
    const known = await findBriefing(id, this.runtime);
    const items = await briefingLife(known, point, this.runtime);
    if (asLines(query, request, response)) return this.lifeLines(items, `giao-ban-${dayOf(known.state.openedAt)}`, response);
    return { kind: 'briefing', id, name: known.state.name, ...knownOf(point), items, nextCursor: null, total: items.length };
  }

  @Get('briefings/:id/state')
  @ApiOperation({ summary: 'Một buổi giao ban như đã biết ở một mốc: chương trình, các kết luận, mở hay đã kết thúc; state là null khi chưa mở' })
  async briefingState(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    return { ...knownOf(point), state: await briefingStateAt(await findBriefing(id, this.runtime), point, this.runtime) };
  }

  @Get('reports/:id')
  @ApiOperation({ summary: 'Mọi sự kiện của một báo cáo, thành câu, cũ trước; với Accept: application/x-ndjson là từng dòng như nhacviec log export' })
  @ApiProduces('application/json', NDJSON)
  async reportEvents(@Param('id') id: string, @Query() query: AuditLifeDto, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object | string> {
    const point = await readPoint(query, this.runtime);
    const { life, events } = await loadReport(id, this.runtime);
    const items = reportLife(events, point, this.runtime);
    if (asLines(query, request, response)) return this.lifeLines(items, `bao-cao-${life.unitId}-${life.period}`, response);
    const unit = this.runtime.reference.unitName(life.unitId, point.day, point.known);
    return { kind: 'report', id, name: `${unit}, ${periodWords(life.period, life)}`, ...knownOf(point), items, nextCursor: null, total: items.length };
  }

  @Get('reports/:id/state')
  @ApiOperation({ summary: 'Một báo cáo như đã biết ở một mốc: trạng thái, các trường, kết quả kiểm tra, mã băm các tệp đã ban hành; state là null khi chưa lập' })
  async reportState(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const { events } = await loadReport(id, this.runtime);
    return { ...knownOf(point), state: reportStateAt(id, events, point, this.runtime) };
  }

  private ask(query: AuditDto, period = false): Promise<AuditAsked> {
    return askAudit(query, period, this.runtime);
  }

  /** The events whole, as `nhacviec log export` writes them: some dozens, in one answer. */
  private async lifeLines(items: readonly LifeItem[], name: string, response: Response): Promise<string> {
    response.type(NDJSON).setHeader('Content-Disposition', contentDisposition(`${name}.jsonl`));
    const events = await Promise.all(items.map(({ position }) => this.runtime.log.readAt(BigInt(position))));
    return events.map((event) => (event ? `${eventLine(event)}\n` : '')).join('');
  }

  private async *lines(columns: AuditColumns, filter: AuditFilter): AsyncGenerator<string> {
    for await (const rows of pages(columns, filter)) {
      const events = await Promise.all(rows.map(({ position }) => this.runtime.log.readAt(BigInt(position))));
      yield events.map((event) => (event ? `${eventLine(event)}\n` : '')).join('');
    }
  }

  private async *table(columns: AuditColumns, filter: AuditFilter, point: Point): AsyncGenerator<string> {
    // Spreadsheets take a text without this mark for one of another alphabet.
    yield `\ufeff${csv(HEADER)}`;
    for await (const rows of pages(columns, filter)) yield (await deadlineChanges(rows, point, this.runtime)).map((change) => csv(deadlineCells(change))).join('');
  }
}

/** All rows, oldest first, some at a time. */
export async function* pages(columns: AuditColumns, filter: AuditFilter): AsyncGenerator<readonly AuditRow[]> {
  for (let after = filter.after ?? 0; ; ) {
    const rows = columns.page({ ...filter, after }, { limit: EXPORTED_AT_ONCE, newestFirst: false });
    const last = rows.at(-1);
    if (!last) return;
    yield rows;
    after = last.position;
    await nextTurn();
  }
}

/** Whether the events are asked for whole, by `Accept` or for a link by `format`. */
function asLines({ format }: AuditLifeDto, request: Request, response: Response): boolean {
  response.vary('Accept');
  return oneOf('format', format, ['json', 'jsonl'], request.accepts(['application/json', NDJSON]) === NDJSON ? 'jsonl' : 'json') === 'jsonl';
}

const knownOf = ({ asOf, knownAt, position, lastEventId }: Point): object => ({ asOf, knownAt, position: String(position), lastEventId });

const cursorOf = (rows: readonly AuditRow[], limit: number): string | null => (rows.length < limit ? null : String(rows.at(-1)!.position));

function bucketOf(day: Day, bucket: 'day' | 'week' | 'month'): readonly [from: Day, to: Day] {
  if (bucket === 'day') return [day, day];
  if (bucket === 'week') {
    const monday = addDays(day, 1 - weekday(day));
    return [monday, addDays(monday, 6)];
  }
  const first = `${day.slice(0, 7)}-01`;
  const next = `${addDays(first, 31).slice(0, 7)}-01`;
  return [first, addDays(first, daysBetween(first, next) - 1)];
}

/** Which of the events a question picks. */
export function readPicks(query: AuditEventsListedDto): Partial<AuditFilter> {
  const names = Object.keys(EVENT_NAMES_VI);
  const types = query.type?.split(',').map((type) => oneOf('type', type, names, ''));
  const roles = query.actorRole?.split(',').map((role) => oneOf('actorRole', role, ROLES, ''));
  const [late, repairs] = [readFlag('late', query.late), readFlag('repairs', query.repairs)];
  return {
    ...(types ? { types: new Set(types) } : {}), ...(roles ? { roles: new Set(roles) } : {}), ...(query.actorId === undefined ? {} : { actorIds: new Set([query.actorId]) }),
    ...(late === true ? { lateDays: 1 } : {}), ...(repairs === undefined ? {} : { repairs }),
  };
}

export function readFlag(name: string, given: string | undefined): boolean | undefined {
  return given === undefined ? undefined : oneOf(name, given, ['true', 'false'], 'true') === 'true';
}

