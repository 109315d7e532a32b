import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { lastInstantInTime } from '#deadlines';
import { CELLS, OUT_REASONS, type CountedTask } from '#figures';
import { dayOf, isDay, isoInstant } from '#kernel';
import { EVENT_NAMES_VI, allowedCommands, documentNumberKey, fold, sentenceOf, taskStream, toFact, type TaskFact } from '#tasks';
import type { RecordedEvent } from '#event-log';
import { PointDto, TaskListDto } from './dto.ts';
import { unitScope } from './figures-service.ts';
import { badParameter, nextCursor, oneOf, readPage, readPoint, type Point } from './points.ts';
import type { Runtime } from './runtime.ts';
import { daysTo, dueParts, toItems } from './task-items.ts';
import { taskNotFound } from './task-service.ts';
import { RUNTIME } from './tokens.ts';

@ApiTags('tasks')
@Controller('tasks')
export class TaskQueriesController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get()
  async list(@Query() query: TaskListDto): Promise<object> {
    const { runtime } = this;
    const point = await readPoint(query, runtime);
    const { limit, offset } = readPage(query);
    const units = query.unitId === undefined ? undefined : unitScope(query.unitId, 'self', runtime);
    const cells = query.cell === undefined ? undefined : new Set<string>(query.cell.split(',').map((cell) => oneOf('cell', cell, [...CELLS, ...OUT_REASONS], 'O1')));
    const day = (name: 'dueFrom' | 'dueTo'): string | undefined => {
      const given = query[name];
      if (given !== undefined && !isDay(given)) throw badParameter(name, given, 'một ngày có thật, YYYY-MM-DD', 422);
      return given;
    };
    const dueFrom = day('dueFrom');
    const dueTo = day('dueTo');
    const words = [query.q, query.documentNumber].filter((text) => text !== undefined && text.trim() !== '').map((text) => runtime.board.search(text!));
    const number = query.documentNumber === undefined ? undefined : documentNumberKey(query.documentNumber);
    let found: CountedTask[] = runtime.columns.alive(point.at, point.known).filter(
      (task) =>
        (units === undefined || units.has(task.unitId)) && (cells === undefined || cells.has(task.cell)) && words.every((ids) => ids.has(task.taskId)) &&
        (dueFrom === undefined || (task.due !== Infinity && dayOf(task.due) >= dueFrom)) && (dueTo === undefined || (task.due !== Infinity && dayOf(task.due) <= dueTo)),
    );
    if (number !== undefined || query.authority !== undefined) {
      const kept = new Set(runtime.board.byIds(found.map(({ taskId }) => taskId)).filter((task) => (number === undefined || documentNumberKey(task.documentNumber) === number) && (query.authority === undefined || task.authority === query.authority)).map(({ id }) => id));
      found = found.filter(({ taskId }) => kept.has(taskId));
    }
    const sort = oneOf('sort', query.sort, ['code', '-code', 'due', '-due'], 'code');
    if (sort.endsWith('due')) found.sort((a, b) => a.due - b.due || 0);
    if (sort.startsWith('-')) found.reverse();
    return { items: toItems(found.slice(offset, offset + limit), point.at, runtime), nextCursor: nextCursor(offset, limit, found.length), total: found.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Get(':id')
  async one(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const { runtime } = this;
    const point = await readPoint(query, runtime);
    const recorded = (await this.read(id)).map(toFact);
    const known = recorded.filter((fact) => fact.position <= (point.known ?? point.position));
    const voided = known.some((fact) => fact.type === 'TaskVoided');
    const happened = known.filter((fact) => fact.occurredAt <= point.at || (voided && fact.type === 'TaskVoided'));
    const state = fold([...happened].sort((a, b) => a.occurredAt - b.occurredAt || a.revision - b.revision));
    if (state.kind === 'none') throw taskNotFound(id);
    const { assigned, deadline } = state;
    const name = (unitId: string): string => runtime.units.get(unitId)?.name ?? unitId;
    const cell = runtime.columns.list({ at: point.at, known: point.known ?? point.position, p0: -Infinity, p1: Infinity, cohort: 'C1', basis: 'current' }, () => true, id)[0]?.cell ?? null;
    const judged = state.submission?.deadline ?? deadline;
    const due = lastInstantInTime(judged);
    const working = deadline.kind === 'due' && deadline.countsWorkingDays;
    return {
      id, code: runtime.board.byId(id)?.code ?? null, revision: known.length - 1, state: state.work, cell, content: assigned.content, product: assigned.product ?? null,
      document: assigned.document, authority: assigned.authority, leadUnitId: assigned.leadUnitId, leadUnitName: name(assigned.leadUnitId),
      coordinatingUnits: assigned.coordinatingUnitIds.map((unitId) => ({ id: unitId, name: name(unitId) })), assignedOn: assigned.assignedOn,
      deadline: { ...deadline, ...dueParts(lastInstantInTime(deadline)) }, originalDeadline: state.originalDeadline, extensions: state.extensions, percent: state.percent ?? null,
      pendingExtension: state.pendingExtension ?? null, routine: assigned.routine ?? false, starred: assigned.starred ?? false,
      submittedAt: state.submission === undefined ? null : isoInstant(state.submission.occurredAt), completedAt: state.completed === undefined ? null : isoInstant(state.completed.occurredAt),
      ...(state.work === 'open' ? daysTo(due, point.at, working, runtime) : { daysLeft: null, daysLate: null }),
      next: allowedCommands(state), asOf: point.asOf, knownAt: point.knownAt, position: String(point.position),
    };
  }

  @Get(':id/events')
  async events(@Param('id') id: string, @Query() query: PointDto): Promise<object> {
    const point: Point = await readPoint(query, this.runtime);
    const recorded = (await this.read(id)).filter((event) => event.position <= (point.known ?? point.position));
    let lead = '';
    const items = recorded.map((event) => {
      const fact = toFact(event);
      if (fact.type === 'TaskAssigned') lead = fact.data.leadUnitId;
      return this.item(event, fact, lead);
    });
    return { items, nextCursor: null, total: items.length, asOf: point.asOf, position: String(point.position) };
  }

  private item(event: RecordedEvent, fact: TaskFact, lead: string): object {
    return {
      id: event.id, type: event.type, name: EVENT_NAMES_VI[fact.type], schema: event.schema, revision: event.revision, position: String(event.position),
      occurredAt: isoInstant(event.occurredAt), recordedAt: isoInstant(event.recordedAt), backdated: dayOf(event.recordedAt) > dayOf(event.occurredAt), actor: event.metadata.actor,
      sentence: sentenceOf(fact, (unitId) => this.runtime.units.get(unitId)?.name ?? unitId, lead), data: event.data,
    };
  }

  private async read(id: string): Promise<readonly RecordedEvent[]> {
    const events = /^[0-9a-f-]{36}$/.test(id) ? await this.runtime.log.readStream(taskStream(id)) : [];
    if (events.length === 0) throw taskNotFound(id);
    return events;
  }
}
