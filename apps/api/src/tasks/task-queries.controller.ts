import { Controller, Get, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { lastInstantInTime } from '#deadlines';
import { dayOf, daysBetween, isDay, isoInstant, Problem } from '#kernel';
import { CELLS, OUT_REASONS, Told } from '#figures';
import { EVENT_NAMES_VI, allowedCommands, foldAt, repair, taskIdOf, taskStream, toFact, type Task, type TaskFact, type TaskState } from '#tasks';
import type { RecordedEvent } from '#event-log';
import { eventLine } from '#event-log/content';
import type { Role } from '../http/actor.ts';
import { contentDisposition } from '../http/content-disposition.ts';
import { ActivityDto, PointDto, TaskListDto } from '../http/dto.ts';
import { unitScope } from '../figures/figures-service.ts';
import { badParameter, nextCursor, oneOf, readPage, readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { TASK_COMMANDS, endpointOf, type TaskCommandPath } from './task-command-reader.ts';
import { eventItems, sentenceWith } from './task-events.ts';
import { daysTo, dueParts, toItems } from './task-items.ts';
import { taskNotFound } from './task-service.ts';
import { RUNTIME } from '../tokens.ts';

const DAY_MS = 86_400_000;
const NDJSON = 'application/x-ndjson';

@ApiTags('tasks')
@Controller()
export class TaskQueriesController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('tasks')
  async list(@Query() query: TaskListDto): Promise<object> {
    const { runtime } = this;
    const point = await readPoint(query, runtime);
    const { limit, offset } = readPage(query);
    const organisedAs = oneOf('organisedAs', query.organisedAs, ['was', 'is'], 'was');
    const scope = oneOf('scope', query.scope, ['self', 'tree'], 'self');
    const units = query.unitId === undefined ? undefined : unitScope(query.unitId, scope, organisedAs, point, runtime);
    const coordinating = oneOf('role', query.role, ['lead', 'coordinating'], 'lead') === 'coordinating';
    const asked = query.cell === undefined ? undefined : new Set<string>(query.cell.split(',').map((cell) => oneOf('cell', cell, [...CELLS, ...OUT_REASONS], 'O1')));
    const sort = oneOf('sort', query.sort, ['code', '-code', 'due', '-due'], 'code');
    const dueFrom = dayParameter('dueFrom', query.dueFrom);
    const dueTo = dayParameter('dueTo', query.dueTo);
    const stale = staleBefore(query.staleDays, point);
    const { board, columns, coordination } = runtime;
    const among: ReadonlySet<string>[] = [];
    if (query.q !== undefined && query.q.trim() !== '') among.push(await board.search(query.q, point.known));
    if (query.documentNumber !== undefined && query.documentNumber.trim() !== '') among.push(await board.withDocumentNumber(query.documentNumber, point.known));
    const starred = query.starred === undefined ? undefined : oneOf('starred', query.starred, ['true', 'false'], 'true') === 'true';
    const stars = starred === undefined ? undefined : await board.starred(point.known);

    const where = {
      at: point.at, known: point.known, ...(units === undefined || coordinating ? {} : { unitIds: units }), ...(query.authority === undefined || query.authority === 'all' ? {} : { authority: query.authority }),
      ...(query.field === undefined ? {} : { field: query.field }),
    };
    const { marks } = runtime;
    const told = new Told();
    const isStale = (taskId: string): boolean => !(marks.read(columns.numberOfTask(taskId)!, point.at, point.known, told).updatedAt >= stale!);
    const page = columns.page(
      where,
      (cell, due, taskId) =>
        // A task that was transferred stands under its present lead; the former ones only where that is asked.
        (asked === undefined ? cell !== 'transferred' : asked.has(cell)) &&
        (dueFrom === undefined || (due !== Infinity && dayOf(due) >= dueFrom)) && (dueTo === undefined || (due !== Infinity && dayOf(due) <= dueTo)) &&
        among.every((ids) => ids.has(taskId)) && (starred === undefined || stars!.has(taskId) === starred) &&
        (!coordinating || coordination.at(taskId, point.known).some(({ unitId }) => units === undefined || units.has(unitId))) &&
        (stale === undefined || (cell.startsWith('O') && isStale(taskId))),
      { by: sort.endsWith('due') ? 'due' : 'code', descending: sort.startsWith('-'), offset, limit },
    );
    return { items: await toItems(page.items, point, runtime), nextCursor: nextCursor(offset, limit, page.total), total: page.total, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Get('tasks/:id')
  async one(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const { runtime } = this;
    const point = await readPoint(query, runtime);
    const known = (await this.read(id)).map(toFact).filter((fact) => fact.position <= point.known);
    const state = foldAt(known, point.at);
    if (state.kind === 'none') throw taskNotFound(id);
    const { assigned, deadline, submission, completed } = state;
    const name = (unitId: string): string => runtime.reference.unitName(unitId, point.day, point.known);
    const shown = await runtime.board.byId(id, point.known);
    const original = state.duplicateOf === undefined ? undefined : await runtime.board.byId(state.duplicateOf, point.known);
    const subtasks = await runtime.board.byIds(await runtime.board.subtasksOf(id, point.known), point.known);
    const now = runtime.columns.ofTask(id, point.at, point.known).at(-1);
    const working = deadline.kind === 'due' && deadline.countsWorkingDays;
    const { explanation, objectiveCause: cause, urged } = state;
    return {
      id, code: shown?.code ?? id, revision: known.length - 1, state: state.work, cell: now?.cell ?? (state.work === 'voided' ? 'voided' : null), content: assigned.content, product: assigned.product ?? null,
      documentId: shown?.documentId ?? null, document: assigned.document, itemId: assigned.itemId ?? null, authority: assigned.authority, field: assigned.field ?? null, weight: assigned.weight ?? null,
      leadUnitId: state.leadUnitId, leadUnitName: name(state.leadUnitId),
      coordinatingUnits: assigned.coordinatingUnitIds.map((unitId) => ({ id: unitId, name: name(unitId), answeredAt: isoOrNull(state.coordination[unitId]?.occurredAt) })), assignedOn: assigned.assignedOn,
      deadline: { ...deadline, ...dueParts(lastInstantInTime(deadline)) }, originalDeadline: assigned.deadline, deadlineHistory: deadlineHistory(known, point), assignments: assignments(known, state, point, name),
      extensions: state.extensions, percent: state.percent ?? null, progressAt: isoOrNull(state.progress?.occurredAt), receivedAt: isoOrNull(state.received?.occurredAt),
      pendingExtension: state.pendingExtension === undefined ? null : { ...state.pendingExtension, occurredAt: isoInstant(state.pendingExtension.occurredAt) },
      pendingReturn: state.pendingReturn === undefined ? null : { ...state.pendingReturn, occurredAt: isoInstant(state.pendingReturn.occurredAt) },
      explanation: explanation === undefined ? null : { question: explanation.question, askedAt: isoInstant(explanation.occurredAt), answer: explanation.answered?.answer ?? null, answeredAt: isoOrNull(explanation.answered?.occurredAt) },
      urged: { count: urged?.number ?? 0, lastAt: isoOrNull(urged?.occurredAt) }, objectiveCause: cause === undefined ? null : { document: cause.document, reason: cause.reason, at: isoInstant(cause.occurredAt) },
      evidence: submission?.evidence ?? [], duplicateOf: state.duplicateOf === undefined ? null : { id: state.duplicateOf, code: original?.code ?? state.duplicateOf },
      parentTaskId: assigned.parentTaskId ?? null, subtasks: subtasks.map((task) => ({ id: task.id, code: task.code, content: task.content })),
      routine: assigned.routine ?? false, starred: assigned.starred ?? false,
      submittedAt: isoOrNull(submission?.occurredAt), completedAt: isoOrNull(completed?.occurredAt), approvalDelayDays: submission && completed ? daysBetween(dayOf(submission.occurredAt), dayOf(completed.occurredAt)) : null,
      ...(state.work === 'open' ? daysTo(lastInstantInTime(deadline), point.at, working, runtime.reference.calendarAt(point.known)) : { daysLeft: null, daysLate: null }),
      next: nextByRole(state), asOf: point.asOf, knownAt: point.knownAt, position: String(point.position),
    };
  }

  /** As people read them, or for `Accept: application/x-ndjson` whole, a line each, in the form of `nhacviec log export`: with the metadata, to be kept as evidence. */
  @Get('tasks/:id/events')
  @ApiOperation({ summary: 'Các sự kiện của một việc, cũ trước; với Accept: application/x-ndjson là từng dòng như nhacviec log export' })
  @ApiProduces('application/json', NDJSON)
  async eventsAsAccepted(@Param('id') id: string, @Query() query: PointDto, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object | string> {
    response.vary('Accept');
    if (request.accepts(['application/json', NDJSON]) !== NDJSON) return this.events(id, query);
    const point = await readPoint(query, this.runtime);
    const events = await this.eventsKnown(id, point);
    const code = (await this.runtime.board.byId(id, point.known))?.code ?? id;
    response.type(NDJSON).setHeader('Content-Disposition', contentDisposition(`${code}.jsonl`));
    return events.map((event) => `${eventLine(event)}\n`).join('');
  }

  async events(id: string, query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const items = await eventItems(await this.eventsKnown(id, point), this.runtime, point.day, point.known);
    return { items, nextCursor: null, total: items.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Get('documents/:id')
  async document(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const { runtime } = this;
    const point = await readPoint(query, runtime);
    const all = await runtime.board.ofDocument(id, point.known);
    const shown = all.flatMap((taskId) => runtime.columns.ofTask(taskId, point.at, point.known).slice(-1));
    const first = shown[0] === undefined ? undefined : foldAt((await this.read(shown[0].taskId)).map(toFact).filter((fact) => fact.position <= point.known), point.at);
    if (first?.kind !== 'task') throw new Problem(404, 'document-not-found', 'Không tìm thấy văn bản', `Không có văn bản mang mã “${id}”.`, { extra: { id } });
    return { id, document: first.assigned.document, tasks: await toItems(shown, point, runtime), total: shown.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  /** The latest events of tasks in words, newest first; the cursor is the position of the last one shown. */
  @Get('activity')
  async activity(@Query() query: ActivityDto): Promise<object> {
    const { runtime } = this;
    const { limit } = readPage({ limit: query.limit ?? '50' });
    if (query.cursor !== undefined && !/^\d{1,18}$/.test(query.cursor)) throw badParameter('cursor', query.cursor, 'giá trị nextCursor của trang trước');
    const point = await readPoint(query, runtime);
    // Backwards from the last event known at K, itself included; what had not happened by A is passed over.
    const newest = query.cursor === undefined && point.known > 0n ? await runtime.log.readAt(point.known) : undefined;
    const first = newest?.stream.startsWith('task-') ? [newest] : [];
    const after = query.cursor === undefined ? point.known : BigInt(query.cursor);
    const more = after === 0n || first.length === limit ? [] : await runtime.log.readAll({ after, categories: ['task'], limit: limit - first.length, direction: 'backwards' });
    const events = [...first, ...more];
    const items = await Promise.all(events.filter(({ occurredAt }) => occurredAt <= point.at).map((event) => this.activityItem(event)));
    return { items, nextCursor: events.length < limit ? null : String(events.at(-1)!.position), asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  private async activityItem(event: RecordedEvent): Promise<object> {
    const { board, columns } = this.runtime;
    const taskId = taskIdOf(event.stream);
    const fact = toFact(event);
    const lead = fact.type === 'TaskAssigned' ? fact.data.leadUnitId : fact.type === 'TaskTransferred' ? fact.data.fromUnitId : (columns.ofTask(taskId, event.occurredAt, null).at(-1)?.unitId ?? '');
    const [item] = await eventItems([event], this.runtime);
    return { taskId, code: (await board.byId(taskId))?.code ?? null, ...item, sentence: await sentenceWith(fact, lead, this.runtime), data: undefined, name: EVENT_NAMES_VI[fact.type] };
  }

  private async eventsKnown(id: string, { known }: Point): Promise<readonly RecordedEvent[]> {
    return (await this.read(id)).filter((event) => event.position <= known);
  }

  private async read(id: string): Promise<readonly RecordedEvent[]> {
    const events = /^[0-9a-f-]{36}$/.test(id) ? await this.runtime.log.readStream(taskStream(id)) : [];
    if (events.length === 0) throw taskNotFound(id);
    return events;
  }
}

const isoOrNull = (at: number | undefined): string | null => (at === undefined ? null : isoInstant(at));

function dayParameter(name: string, given: string | undefined): string | undefined {
  if (given !== undefined && !isDay(given)) throw badParameter(name, given, 'một ngày có thật, YYYY-MM-DD', 422);
  return given;
}

/** Open work last told about before this instant is stale. */
function staleBefore(given: string | undefined, { at }: Point): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,4}$/.test(given)) throw badParameter('staleDays', given, 'số ngày từ 0 đến 9999');
  return at - Number(given) * DAY_MS;
}

/** What each role may do next, as the last segment of the command's path. */
function nextByRole(state: TaskState): Readonly<Record<Role, readonly TaskCommandPath[]>> {
  const allowed = new Set<string>(allowedCommands(state));
  const paths = (Object.keys(TASK_COMMANDS) as TaskCommandPath[]).filter((path) => allowed.has(endpointOf(path).type));
  const of = (role: Role): readonly TaskCommandPath[] => paths.filter((path) => endpointOf(path).roles.includes(role));
  return { office: of('office'), leader: of('leader'), unit: of('unit'), auditor: of('auditor'), admin: of('admin') };
}

/** Every deadline in the order in which it came into force, as believed at K and happened by A. */
function deadlineHistory(known: readonly TaskFact[], { at }: Point): object[] {
  return repair(known).effective.filter((fact) => fact.occurredAt <= at).flatMap((fact) => {
    if (!['TaskAssigned', 'ExtensionGranted', 'DeadlineSet', 'DeadlineRecomputed', 'TaskTransferred', 'TaskResumed', 'TaskReopened'].includes(fact.type) || !('deadline' in fact.data)) return [];
    return [{ eventId: fact.eventId, type: fact.type, name: EVENT_NAMES_VI[fact.type], occurredAt: isoInstant(fact.occurredAt), recordedAt: isoInstant(fact.recordedAt), deadline: fact.data.deadline }];
  });
}

/** Who led the task, from when to when. */
function assignments(known: readonly TaskFact[], state: Task, { at }: Point, name: (unitId: string) => string): object[] {
  const list: { unitId: string; unitName: string; from: string; to: string | null; endedBy: string | null }[] = [];
  for (const fact of repair(known).effective) {
    if (fact.occurredAt > at) continue;
    const on = isoInstant(fact.occurredAt);
    if (fact.type === 'TaskAssigned') list.push({ unitId: fact.data.leadUnitId, unitName: name(fact.data.leadUnitId), from: on, to: null, endedBy: null });
    if (fact.type !== 'TaskTransferred') continue;
    Object.assign(list.at(-1) ?? {}, { to: on, endedBy: 'transferred' });
    list.push({ unitId: fact.data.toUnitId, unitName: name(fact.data.toUnitId), from: on, to: null, endedBy: null });
  }
  if (['withdrawn', 'cancelled', 'returned', 'duplicate', 'voided'].includes(state.work)) Object.assign(list.at(-1) ?? {}, { to: isoInstant(state.lastDeciding.occurredAt), endedBy: state.work });
  return list;
}
