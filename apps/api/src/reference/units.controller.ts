import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import type { Actor, StreamAppend } from '#event-log';
import { dayOf, dayVi, Problem, startOfDay, type Day, type Instant } from '#kernel';
import { decideUnit, dayOfUnitEvent, NO_UNIT, unitStream, type UnitAt, type UnitCommand, type UnitRejection } from '#organisation';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { DissolveUnitDto, EstablishUnitDto, MergeUnitDto, MoveUnitDto, PointDto, RenameUnitDto, SplitUnitDto } from '../http/dto.ts';
import { readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import { invalid } from '../tasks/task-command-reader.ts';
import type { CommandAnswer, Warning } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';

const WAIT_MS = 5_000;

@ApiTags('units')
@ApiHeader({ name: 'X-Actor', required: false })
@ApiHeader({ name: 'Idempotency-Key', required: false })
@Controller('units')
export class UnitsController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  /** As they were named and placed on the day of A, as known at K; ended ones are marked. */
  @Get()
  async units(@Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const items = unitsAsked(query, point, this.runtime).map(unitItem);
    return { items, nextCursor: null, total: items.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Get(':id')
  async unit(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const { organisation } = this.runtime.reference;
    const unit = query.asOf === undefined && query.knownAt === undefined ? organisation.unit(id) : organisation.unit(id, { on: point.day, known: point.known });
    if (!unit) throw unitNotFound(id);
    return {
      ...unitItem(unit), standsFor: organisation.successorOf(id, query.knownAt === undefined ? null : point.known), lineage: organisation.lineage(id, query.knownAt === undefined ? null : point.known).map((entry) => ({ ...entry, position: String(entry.position) })),
      asOf: point.asOf, knownAt: point.knownAt, position: String(point.position),
    };
  }

  @Post()
  async establish(@Body() body: EstablishUnitDto, @Req() request: Request): Promise<CommandAnswer> {
    const { id, name, shortName, kind, establishedOn = dayOf(await this.runtime.tasks.now()) } = body;
    return this.give({ type: 'EstablishUnit', unitId: id, name, shortName, kind, establishedOn, ...optional('parentId', body.parentId), ...basis(body) }, body, undefined, request);
  }

  @Post(':id/rename') @HttpCode(200)
  rename(@Param('id') unitId: string, @Body() body: RenameUnitDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give({ type: 'RenameUnit', unitId, on: body.on, name: body.name, ...optional('shortName', body.shortName), ...basis(body) }, body, undefined, request);
  }

  @Post(':id/move') @HttpCode(200)
  move(@Param('id') unitId: string, @Body() body: MoveUnitDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give({ type: 'MoveUnit', unitId, on: body.on, parentId: body.parentId, ...basis(body) }, body, undefined, request);
  }

  @Post(':id/merge-into') @HttpCode(200)
  merge(@Param('id') unitId: string, @Body() body: MergeUnitDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give({ type: 'MergeUnit', unitId, on: body.on, intoUnitId: body.intoUnitId, ...basis(body) }, body, body.openTasks?.toUnitId, request);
  }

  @Post(':id/split') @HttpCode(200)
  split(@Param('id') unitId: string, @Body() body: SplitUnitDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give({ type: 'SplitUnit', unitId, on: body.on, into: body.into, heirUnitId: body.heirUnitId, ...basis(body) }, body, body.openTasks?.toUnitId, request);
  }

  @Post(':id/dissolve') @HttpCode(200)
  dissolve(@Param('id') unitId: string, @Body() body: DissolveUnitDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give({ type: 'DissolveUnit', unitId, on: body.on, ...basis(body) }, body, body.openTasks?.toUnitId, request);
  }

  private give(command: UnitCommand, body: object, openTasksTo: string | undefined, request: Request): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    // The office establishes units while it enters lists that name them; what happens to them afterwards is the administrator's.
    requireRole(actor, command.type === 'EstablishUnit' ? ['admin', 'office'] : ['admin'], 'thay đổi danh mục đơn vị');
    refuseSecrecyMark(body);
    return runtime.referenceCommands.execute({
      id: command.unitId, stream: unitStream(command.unitId), actor, content: [command.type, command.unitId, body], ...conditions(request),
      decide: async (now, eventId) => {
        const { organisation } = runtime.reference;
        const state = organisation.state(command.unitId);
        if (state.kind === 'none' && command.type !== 'EstablishUnit') throw unitNotFound(command.unitId);
        const decision = decideUnit(command, state.kind === 'none' ? NO_UNIT : state, { today: dayOf(now), organisation });
        if (!decision.ok) throw refused(decision.rejection);
        const events = decision.events.map((event) => ({ ...event, occurredAt: startOfDay(dayOfUnitEvent(event)) }));
        const warnings: Warning[] = decision.warnings.map(({ code, detail }) => ({ code, detail }));
        if (command.type === 'EstablishUnit') return { events, warnings };
        const moves = openTasksTo === undefined ? undefined : await movesOfOpenTasks(command, openTasksTo, eventId, actor, now, runtime);
        return { events, warnings: [...warnings, ...(await remaining(command, openTasksTo !== undefined, runtime))], ...(moves === undefined ? {} : { with: moves }) };
      },
    });
  }
}

/** The directory of a question: today's also shows what was recorded a moment ago and no read model has reached yet. */
export function unitsAsked(query: PointDto, { day, known }: Point, { reference: { organisation } }: Pick<Runtime, 'reference'>): readonly UnitAt[] {
  return query.asOf === undefined && query.knownAt === undefined ? organisation.all() : organisation.all({ on: day, known });
}

const optional = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } => (value === undefined ? {} : { [key]: value }) as { [P in K]?: string };
const basis = ({ legalBasis }: { readonly legalBasis?: string }): { legalBasis?: string } => optional('legalBasis', legalBasis);

const ENDING: ReadonlySet<UnitCommand['type']> = new Set(['MergeUnit', 'SplitUnit', 'DissolveUnit']);

/** The transfers of all open tasks of a unit that ends: decided together, written with the decision or not at all. */
async function movesOfOpenTasks(command: Exclude<UnitCommand, { type: 'EstablishUnit' }>, toUnitId: string, eventId: string, actor: Actor, now: Instant, runtime: Runtime): Promise<readonly StreamAppend[]> {
  const { organisation } = runtime.reference;
  const target = organisation.unit(toUnitId);
  if (!target) throw invalid('/openTasks/toUnitId', 'unit-unknown', `Không có đơn vị “${toUnitId}” trong danh mục.`, toUnitId);
  if (toUnitId === command.unitId || (target.endedOn !== undefined && target.endedOn <= command.on)) throw invalid('/openTasks/toUnitId', 'unit-ended', `“${target.name}” không nhận việc được vào ngày ${dayVi(command.on)}.`, toUnitId);
  // What the unit leads is asked of a read model, so it must have reached the log's end first.
  const head = (await runtime.log.head()).position;
  if (!(await runtime.projector.reaches(head, WAIT_MS))) throw new Problem(503, 'projection-behind', 'Số liệu chưa kịp cập nhật', 'Danh sách việc đang mở của đơn vị chưa kịp cập nhật; thử lại sau.');
  const appends: StreamAppend[] = [];
  for (const taskId of await runtime.figureTasks.openOf(command.unitId)) {
    const planned = await runtime.tasks.plan({
      taskId, actor, causedBy: eventId,
      prepare: (state) => ({
        command: {
          type: 'TransferTask', toUnitId, reason: `Sắp xếp đơn vị từ ngày ${dayVi(command.on)}${command.legalBasis === undefined ? '' : ` theo ${command.legalBasis}`}`,
          // A task given after that day moves when it was given, or later: never before its own last fact.
          occurredAt: Math.max(startOfDay(command.on), state.kind === 'task' ? state.lastDeciding.occurredAt : 0), byDay: false, ...lateReason(command.on, now),
        },
      }),
    });
    if ('append' in planned) appends.push(planned.append);
  }
  return appends;
}

const lateReason = (on: Day, now: Instant): { backdateReason?: string } => (on < dayOf(now) ? { backdateReason: `Ghi cùng quyết định sắp xếp đơn vị có hiệu lực ngày ${dayVi(on)}` } : {});

/** Work that stays with a unit that ends: what was not asked to move, and what cannot move before it is decided. */
async function remaining(command: UnitCommand, moved: boolean, { figureTasks }: Runtime): Promise<Warning[]> {
  if (!ENDING.has(command.type)) return [];
  const { open, submitted, suspended } = await figureTasks.heldBy(command.unitId);
  const stays = [...(moved || open === 0 ? [] : [`${String(open)} việc đang thực hiện`]), ...(submitted === 0 ? [] : [`${String(submitted)} việc chờ xác nhận`]), ...(suspended === 0 ? [] : [`${String(suspended)} việc tạm dừng`])];
  return stays.length === 0 ? [] : [{ code: 'tasks-remain', detail: `Còn ở đơn vị kết thúc hoạt động: ${stays.join(', ')}.` }];
}

function unitItem(unit: UnitAt): object {
  return {
    id: unit.id, name: unit.name, shortName: unit.shortName, kind: unit.kind, parentId: unit.parentId ?? null, legalBasis: unit.legalBasis ?? null, status: unit.status, establishedOn: unit.establishedOn, endedOn: unit.endedOn ?? null,
    successorId: unit.successorId ?? null, into: unit.into ?? null,
  };
}

function refused({ status, code, detail, pointer, given, fact }: UnitRejection): Problem {
  return new Problem(status, code, status === 409 ? 'Không hợp lệ ở trạng thái hiện tại' : 'Nội dung không hợp lệ', detail, {
    errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }],
    extra: fact === undefined ? {} : { fact: { ...fact, position: String(fact.position) } },
  });
}

const unitNotFound = (id: string): Problem => new Problem(404, 'unit-not-found', 'Không tìm thấy đơn vị', `Không có đơn vị mang mã “${id}”.`, { extra: { id } });
