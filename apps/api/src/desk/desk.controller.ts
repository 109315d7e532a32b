import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { Request } from 'express';
import type { CountedTask } from '#figures';
import { dayOf, isoInstant } from '#kernel';
import { actorOf } from '../http/actor.ts';
import { nextCursor, oneOf, readPage, readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { dueParts, toItems } from '../tasks/task-items.ts';
import { RUNTIME } from '../tokens.ts';
import { WaitingTasks } from './waiting-tasks.ts';
import { WAITS, type Wait, type Waiting } from '#oversight';

/** How pressing, by the deadline, in the order of the desk. */
export const URGENCIES = ['overdue', 'today', 'soon', 'later', 'none'] as const;
export type Urgency = (typeof URGENCIES)[number];

class DeskDto {
  @ApiPropertyOptional({ enum: WAITS, description: 'Chỉ việc có điều này đang chờ' }) @IsOptional() @IsString() kind?: string;
  @ApiPropertyOptional({ enum: URGENCIES }) @IsOptional() @IsString() group?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() unitId?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() limit?: string;
  @ApiPropertyOptional() @IsOptional() @IsString() cursor?: string;
  @ApiPropertyOptional({ description: 'Đợi đến khi số liệu đạt vị trí này' }) @IsOptional() @IsString() atLeast?: string;
}

interface Row {
  readonly task: CountedTask;
  readonly group: Urgency;
  readonly waits: readonly Waiting[];
}

@ApiTags('desk')
@Controller()
export class DeskController {
  private readonly runtime: Runtime;
  private readonly waiting: WaitingTasks;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
    this.waiting = new WaitingTasks(runtime.log);
  }

  /** What waits for the role of `X-Actor` now, the oldest deadline first, a task once. */
  @Get('desk')
  @ApiHeader({ name: 'X-Actor', required: false, description: 'Vai được hỏi: office, leader, unit:<mã đơn vị>, …' })
  async desk(@Query() query: DeskDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    const kind = query.kind === undefined ? undefined : oneOf('kind', query.kind, WAITS, 'receive');
    const group = query.group === undefined ? undefined : oneOf('group', query.group, URGENCIES, 'overdue');
    const { limit, offset } = readPage(query);
    const point = await readPoint(query.atLeast === undefined ? {} : { atLeast: query.atLeast }, runtime);
    const ofUnit = actor.role === 'unit' ? actor.unitId : undefined;
    const all = (await this.rows(point, actor.role, ofUnit)).filter(({ task }) => query.unitId === undefined || task.unitId === query.unitId);
    const has = (row: Row, wait: Wait): boolean => row.waits.some((one) => one.kind === wait);
    const shown = all.filter((row) => (kind === undefined || has(row, kind)) && (group === undefined || row.group === group));
    const page = shown.slice(offset, offset + limit);
    const items = (await toItems(page.map(({ task }) => task), point, runtime)) as { readonly id: string }[];
    const rows = new Map(page.map((row) => [row.task.taskId, row]));
    return {
      items: items.map((item) => {
        const row = rows.get(item.id)!;
        return { ...item, group: row.group, waits: row.waits.map((one) => ({ ...one, since: isoInstant(one.since) })) };
      }),
      nextCursor: nextCursor(offset, limit, shown.length), total: shown.length, all: all.length,
      groups: Object.fromEntries(URGENCIES.map((name) => [name, shown.filter((row) => row.group === name).length])),
      kinds: Object.fromEntries(WAITS.map((name) => [name, all.filter((row) => (group === undefined || row.group === group) && has(row, name)).length])),
      asOf: point.asOf, knownAt: null, position: String(point.position),
    };
  }

  private async rows(point: Point, role: string, unit: string | undefined): Promise<readonly Row[]> {
    if (role !== 'unit' && role !== 'office' && role !== 'leader') return [];
    const { columns, coordination, reference } = this.runtime;
    const where = { at: point.at, known: point.known };
    const goesOn = (cell: string): boolean => cell.startsWith('O') || cell.startsWith('V');
    const led = columns.page(unit === undefined ? where : { ...where, unitIds: new Set([unit]) }, goesOn, { by: 'due' }).items;
    const helped =
      unit === undefined
        ? []
        : columns
            .page(where, (cell, _due, taskId) => cell.startsWith('O') && coordination.at(taskId, point.known).some((one) => one.unitId === unit && !(one.answeredAt <= point.at)))
            .items.filter((task) => task.unitId !== unit);
    const items = [...led, ...helped].sort((a, b) => (a.due === b.due ? 0 : a.due - b.due));
    const waits = await this.waiting.of(items.map(({ taskId }) => taskId), point.known, point.at);
    const calendar = reference.calendarAt(point.known);
    const soonDays = reference.settings(point.known).dueSoonWorkingDays;
    const today = dayOf(point.at);
    const urgency = ({ cell, due }: CountedTask): Urgency => {
      const { dueOn } = dueParts(due);
      if (dueOn === null) return 'none';
      if (cell === 'O2' || (cell === 'V2' && dueOn < today)) return 'overdue';
      if (dueOn === today) return 'today';
      return dueOn > today && calendar.workingDaysBetween(today, dueOn) <= soonDays ? 'soon' : dueOn < today ? 'overdue' : 'later';
    };
    return items.flatMap((task) => {
      const of = waits.get(task.taskId);
      if (!of) return [];
      const group = urgency(task);
      const mine: Waiting[] = unit === undefined ? [...of.deciders] : [];
      if (unit !== undefined && task.unitId === unit) {
        mine.push(...of.lead);
        if (task.cell === 'O2') mine.push({ kind: 'overdue', since: task.due, text: null });
        else if (task.cell === 'O1' && (group === 'today' || group === 'soon')) mine.push({ kind: 'due-soon', since: task.due, text: null });
      } else if (unit !== undefined && of.coordinators.includes(unit)) mine.push({ kind: 'coordinate', since: of.assignedAt, text: null });
      return mine.length === 0 ? [] : [{ task, group, waits: mine }];
    });
  }
}
