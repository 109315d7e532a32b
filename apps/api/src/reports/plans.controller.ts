import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { dayOf, isoInstant, Problem } from '#kernel';
import { decidePlan, planStream, type PlanCommand, type PlanState } from '#plans';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { AddPlanItemDto, CompletePlanItemDto, CorrectPlanDto, IssuePlanDto, NotePlanDto, PlanListDto, PlanReasonDto, PointDto, type PlansListedDto } from '../http/dto.ts';
import { badParameter, nextCursor, readPage, readPoint, type Point } from '../http/points.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import type { Runtime } from '../runtime.ts';
import { invalid } from '../tasks/task-command-reader.ts';
import type { CommandAnswer } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';
import { planIdOf } from './report-data.ts';

/** What is left out of a body is left out of the command too. */
export function given<T extends object>(body: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

@ApiTags('plans')
@ApiHeader({ name: 'X-Actor', required: false })
@ApiHeader({ name: 'Idempotency-Key', required: false })
@Controller('plans')
export class PlansController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  /** As they stood at A, as known at K. */
  @Get()
  async plans(@Query() query: PlanListDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const { limit, offset } = readPage(query);
    const found = plansAsked(query, point, this.runtime);
    return { items: found.slice(offset, offset + limit).map((plan) => this.line(plan)), nextCursor: nextCursor(offset, limit, found.length), total: found.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Get(':id')
  async plan(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const plan = this.runtime.reference.plans.plan(id, { asOf: point.day, known: query.knownAt === undefined ? null : point.known });
    if (!plan) throw unknown(id);
    const items = plan.items.map(({ done, ...item }) => ({ ...item, done: done === undefined ? null : { on: dayOf(done.at), evidence: done.evidence ?? null, fileIds: done.fileIds ?? [], note: done.note ?? null } }));
    return { ...this.line(plan), items, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Post()
  issue(@Body() body: IssuePlanDto, @Req() request: Request): Promise<CommandAnswer> {
    const { notApplicable, unitId, year, code, title } = body;
    const planId = planIdOf(unitId, year, code);
    const { issuedOn, document } = given(body);
    return this.give(planId, notApplicable === undefined
      ? { type: 'IssuePlan', planId, unitId, year, code, title, ...(issuedOn === undefined ? {} : { issuedOn }), ...(document === undefined ? {} : { document: given(document) }) }
      : { type: 'DeclarePlanNotApplicable', planId, unitId, year, code, title, reason: notApplicable }, body, request, unitId);
  }

  /** The answer names the new item besides. */
  @Post(':id/items')
  async add(@Param('id') id: string, @Body() body: AddPlanItemDto, @Req() request: Request): Promise<CommandAnswer & { readonly itemId: string }> {
    const answer = await this.give(id, (eventId) => ({ type: 'AddPlanItem', itemId: eventId, ...given(body) }), body, request);
    const [event] = await this.runtime.log.readStream(planStream(id), { from: answer.revision, limit: 1 });
    return { ...answer, itemId: (event?.data as { itemId: string }).itemId };
  }

  @Post(':id/items/:itemId/done') @HttpCode(200)
  async complete(@Param('id') id: string, @Param('itemId') itemId: string, @Body() body: CompletePlanItemDto, @Req() request: Request): Promise<CommandAnswer> {
    const { doneOn = dayOf(await this.runtime.tasks.now()), evidence, ...rest } = given(body);
    for (const [n, fileId] of (body.fileIds ?? []).entries()) if (!(await this.runtime.evidence.has(fileId))) throw invalid(`/fileIds/${String(n)}`, 'file-unknown', `Không có tệp “${fileId}”.`, fileId);
    return this.give(id, { type: 'CompletePlanItem', itemId, doneOn, ...rest, ...(evidence === undefined ? {} : { evidence: given(evidence) }) }, body, request);
  }

  @Post(':id/items/:itemId/reopen') @HttpCode(200)
  reopen(@Param('id') id: string, @Param('itemId') itemId: string, @Body() { reason }: PlanReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(id, { type: 'ReopenPlanItem', itemId, reason }, { itemId, reason }, request);
  }

  @Post(':id/items/:itemId/remove') @HttpCode(200)
  remove(@Param('id') id: string, @Param('itemId') itemId: string, @Body() { reason }: PlanReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(id, { type: 'RemovePlanItem', itemId, reason }, { itemId, reason, remove: true }, request);
  }

  @Post(':id/correct') @HttpCode(200)
  correct(@Param('id') id: string, @Body() body: CorrectPlanDto, @Req() request: Request): Promise<CommandAnswer> {
    const { document, ...rest } = given(body);
    return this.give(id, { type: 'CorrectPlan', ...rest, ...(document === undefined ? {} : { document: given(document) }) }, { correct: body }, request);
  }

  @Post(':id/notes') @HttpCode(200)
  note(@Param('id') id: string, @Body() body: NotePlanDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(id, { type: 'NotePlan', ...given(body) }, body, request);
  }

  private give(planId: string, command: PlanCommand | ((eventId: string) => PlanCommand), content: unknown, request: Request, unitId?: string): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['office'], 'ghi kế hoạch');
    refuseSecrecyMark(content);
    if (unitId !== undefined && !runtime.reference.organisation.unit(unitId)) throw invalid('/unitId', 'unit-unknown', `Không có đơn vị “${unitId}” trong danh mục.`, unitId);
    return runtime.referenceCommands.execute({
      id: planId, stream: planStream(planId), actor, content: ['plan', content], ...conditions(request),
      decide: (now, eventId) => {
        const decision = decidePlan(typeof command === 'function' ? command(eventId) : command, runtime.reference.plans.plan(planId), { now });
        if (!decision.ok) throw refused(decision.rejection);
        return { events: decision.events };
      },
    });
  }

  private line({ items, planId, unitId, lastFact, ...plan }: PlanState): object {
    return {
      id: planId, unitId, unitName: this.runtime.reference.unitName(unitId), ...plan,
      // Three values: does not apply, nothing entered yet, and a count.
      counts: !plan.applicable ? { kind: 'not-applicable' } : items.length === 0 ? { kind: 'blank' } : { kind: 'count', items: items.length, done: items.filter(({ done }) => done).length },
      lastChange: isoInstant(lastFact.occurredAt),
    };
  }
}

/** The plans of a question, as they stood at A and as known at K. */
export function plansAsked(query: PlansListedDto, point: Point, { reference }: Pick<Runtime, 'reference'>): readonly PlanState[] {
  if (query.year !== undefined && !/^\d{4}$/.test(query.year)) throw badParameter('year', query.year, 'một năm, ví dụ 2020');
  return reference.plans.all({ asOf: point.day, known: query.knownAt === undefined ? null : point.known })
    .filter(({ unitId, year }) => (query.unitId === undefined || unitId === query.unitId) && (query.year === undefined || year === Number(query.year)));
}

const unknown = (id: string): Problem => new Problem(404, 'plan-unknown', 'Không tìm thấy', `Không có kế hoạch “${id}”.`);

/** A rejection of a plan or an indicator as a problem document. */
export function refused({ status, code, detail, pointer, given: value }: { readonly status: number; readonly code: string; readonly detail: string; readonly pointer?: string; readonly given?: unknown }): Problem {
  const title = status === 404 ? 'Không tìm thấy' : status === 409 ? 'Không hợp lệ ở trạng thái hiện tại' : 'Nội dung không hợp lệ';
  return new Problem(status, code, title, detail, { errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(value === undefined ? {} : { given: value }) }] });
}
