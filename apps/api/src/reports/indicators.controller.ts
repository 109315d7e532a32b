import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { readPeriod, reportingYearContaining } from '#figures';
import { decideIndicator, indicatorStream, readIndicator, type Amount, type IndicatorCommand, type IndicatorReading } from '#indicators';
import { isoInstant, Problem } from '#kernel';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { DefineIndicatorDto, IndicatorListDto, PointDto, type IndicatorsListedDto, RecordIndicatorValueDto, SetIndicatorTargetDto } from '../http/dto.ts';
import { badParameter, nextCursor, readPage, readPoint, type Point } from '../http/points.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import type { Runtime } from '../runtime.ts';
import { invalid } from '../tasks/task-command-reader.ts';
import type { CommandAnswer } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';
import { given, refused } from './plans.controller.ts';
import { indicatorIdOf } from './report-data.ts';

/** The indicators of a question as known at K, each to be read at A. */
export function indicatorsAsked(query: IndicatorsListedDto, point: Point, { reference }: Pick<Runtime, 'reference'>): readonly (() => IndicatorReading)[] {
  const period = query.period === undefined ? reportingYearContaining(point.day) : readPeriod(query.period);
  if (!period) throw badParameter('period', query.period, 'một kỳ như 2020, 2020-Q3');
  return reference.indicators.all({ known: query.knownAt === undefined ? null : point.known })
    .filter(({ unitId }) => query.unitId === undefined || unitId === query.unitId)
    .map((indicator) => () => readIndicator(indicator, { asOf: point.day, from: period.from }));
}

@ApiTags('indicators')
@ApiHeader({ name: 'X-Actor', required: false })
@ApiHeader({ name: 'Idempotency-Key', required: false })
@Controller('indicators')
export class IndicatorsController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  /** The value of each in force at A, as known at K; marked where it was carried over from before the period. */
  @Get()
  async indicators(@Query() query: IndicatorListDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const { limit, offset } = readPage(query);
    const found = indicatorsAsked(query, point, this.runtime);
    const items = found.slice(offset, offset + limit).map((read) => this.line(read()));
    return { items, nextCursor: nextCursor(offset, limit, found.length), total: found.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Get(':id')
  async indicator(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const state = this.runtime.reference.indicators.indicator(id, { known: query.knownAt === undefined ? null : point.known });
    if (!state) throw new Problem(404, 'indicator-unknown', 'Không tìm thấy', `Không có chỉ tiêu “${id}”.`);
    const reading = readIndicator(state, { asOf: point.day, from: reportingYearContaining(point.day).from });
    return { ...this.line(reading), values: state.values.map((value) => ({ ...value, recordedAt: isoInstant(value.recordedAt) })), asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Post()
  define(@Body() body: DefineIndicatorDto, @Req() request: Request): Promise<CommandAnswer> {
    const indicatorId = indicatorIdOf(body.unitId, body.code);
    return this.give(indicatorId, { type: 'DefineIndicator', indicatorId, ...given(body) }, body, request, [['/unitId', body.unitId], ...(body.ownerUnitId === undefined ? [] : [['/ownerUnitId', body.ownerUnitId] as const])]);
  }

  @Post(':id/values') @HttpCode(200)
  async record(@Param('id') id: string, @Body() body: RecordIndicatorValueDto, @Req() request: Request): Promise<CommandAnswer> {
    for (const [n, fileId] of (body.evidence?.fileIds ?? []).entries()) if (!(await this.runtime.evidence.has(fileId))) throw invalid(`/evidence/fileIds/${String(n)}`, 'file-unknown', `Không có tệp “${fileId}”.`, fileId);
    const { amount, parts, evidence, ...rest } = body;
    // Whether these are amounts is for the decider to say.
    return this.give(id, {
      type: 'RecordIndicatorValue', ...given(rest), amount: amount as unknown as Amount, ...(parts === undefined ? {} : { parts: parts as unknown as Readonly<Record<string, Amount>> }), ...(evidence === undefined ? {} : { evidence: given(evidence) }),
    }, body, request);
  }

  @Post(':id/targets') @HttpCode(200)
  target(@Param('id') id: string, @Body() body: SetIndicatorTargetDto, @Req() request: Request): Promise<CommandAnswer> {
    const { year, amount, document } = body;
    return this.give(id, { type: 'SetIndicatorTarget', year, amount: amount as unknown as Amount, ...(document === undefined ? {} : { document: given(document) }) }, body, request);
  }

  private give(indicatorId: string, command: IndicatorCommand, content: unknown, request: Request, units: readonly (readonly [string, string])[] = []): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['office'], 'ghi chỉ tiêu');
    refuseSecrecyMark(content);
    for (const [pointer, unitId] of units) if (!runtime.reference.organisation.unit(unitId)) throw invalid(pointer, 'unit-unknown', `Không có đơn vị “${unitId}” trong danh mục.`, unitId);
    return runtime.referenceCommands.execute({
      id: indicatorId, stream: indicatorStream(indicatorId), actor, content: ['indicator', content], ...conditions(request),
      decide: (now) => {
        const decision = decideIndicator(command, runtime.reference.indicators.indicator(indicatorId), { now });
        if (!decision.ok) throw refused(decision.rejection);
        return { events: decision.events };
      },
    });
  }

  private line({ indicatorId, unitId, ownerUnitId, lastChange, change, ...reading }: IndicatorReading): object {
    const { reference } = this.runtime;
    return { id: indicatorId, unitId, unitName: reference.unitName(unitId), ownerUnitId: ownerUnitId ?? unitId, ownerUnitName: reference.unitName(ownerUnitId ?? unitId), ...reading, lastChange: isoInstant(lastChange), change: change === undefined ? null : { ...change, at: isoInstant(change.at) } };
  }
}
