import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiHeader, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { Request } from 'express';
import { Told, type CountedTask } from '#figures';
import { dayOf, isoInstant } from '#kernel';
import { WAITS, waitsOf, waitsTold, type Wait, type WaitSince, type Waiting } from '#oversight';
import { foldAt, repair, taskStream, toFact } from '#tasks';
import { actorOf } from '../http/actor.ts';
import { nextCursor, oneOf, readPage, readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { dueParts, toItems } from '../tasks/task-items.ts';
import { RUNTIME } from '../tokens.ts';

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
  readonly waits: readonly WaitSince[];
}

@ApiTags('desk')
@Controller()
export class DeskController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
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
    const all = this.rows(point, actor.role, ofUnit).filter(({ task }) => query.unitId === undefined || task.unitId === query.unitId);
    const has = (row: Row, wait: Wait): boolean => row.waits.some((one) => one.kind === wait);
    const shown = all.filter((row) => (kind === undefined || has(row, kind)) && (group === undefined || row.group === group));
    const page = shown.slice(offset, offset + limit);
    const items = (await toItems(page.map(({ task }) => task), point, runtime)) as { readonly id: string }[];
    const rows = new Map(await Promise.all(page.map(async (row) => [row.task.taskId, { group: row.group, waits: await this.withWords(row, point) }] as const)));
    return {
      items: items.map((item) => ({ ...item, ...rows.get(item.id)! })),
      nextCursor: nextCursor(offset, limit, shown.length), total: shown.length, all: all.length,
      groups: Object.fromEntries(URGENCIES.map((name) => [name, shown.filter((row) => row.group === name).length])),
      kinds: Object.fromEntries(WAITS.map((name) => [name, all.filter((row) => (group === undefined || row.group === group) && has(row, name)).length])),
      asOf: point.asOf, knownAt: null, position: String(point.position),
    };
  }

  private rows(point: Point, role: string, unit: string | undefined): readonly Row[] {
    if (role !== 'unit' && role !== 'office' && role !== 'leader') return [];
    const { columns, coordination, marks, reference } = this.runtime;
    const where = { at: point.at, known: point.known };
    const goesOn = (cell: string): boolean => cell.startsWith('O') || cell.startsWith('V');
    const led = columns.page(unit === undefined ? where : { ...where, unitIds: new Set([unit]) }, goesOn, { by: 'due' }).items;
    const helped =
      unit === undefined
        ? []
        : columns
            .page(where, (cell) => cell.startsWith('O'), { passes: (taskId) => coordination.at(taskId, point.known).some((one) => one.unitId === unit && !(one.answeredAt <= point.at)) })
            .items.filter((task) => task.unitId !== unit);
    const items = [...led, ...helped].sort((a, b) => (a.due === b.due ? 0 : a.due - b.due));
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
    const told = new Told();
    return items.flatMap((task) => {
      const { lead, deciders } = waitsTold(marks.read(columns.numberOfTask(task.taskId)!, point.at, point.known, told), task.cell.startsWith('O'));
      const mine: WaitSince[] = unit === undefined ? [...deciders] : [];
      // Of what stands on nobody's desk nothing more has to be reckoned.
      if (unit === undefined && mine.length === 0) return [];
      const group = urgency(task);
      if (unit !== undefined && task.unitId === unit) {
        mine.push(...lead);
        if (task.cell === 'O2') mine.push({ kind: 'overdue', since: task.due });
        else if (task.cell === 'O1' && (group === 'today' || group === 'soon')) mine.push({ kind: 'due-soon', since: task.due });
      } else if (unit !== undefined) mine.push({ kind: 'coordinate', since: told.assignedAt });
      return mine.length === 0 ? [] : [{ task, group, waits: mine }];
    });
  }

  /** What waits, with the words given with it: those stand in the task's stream alone, read for what is shown. */
  private async withWords({ task, waits }: Row, { at, known }: Point): Promise<readonly (Omit<Waiting, 'since'> & { readonly since: string })[]> {
    const words = new Map<Wait, Waiting>();
    if (waits.some(({ kind }) => WITH_WORDS.has(kind))) {
      const facts = (await this.runtime.log.readStream(taskStream(task.taskId))).filter(({ position }) => position <= known).map(toFact);
      const state = foldAt(facts, at);
      if (state.kind === 'task') {
        const { lead, deciders } = waitsOf(state, repair(facts).effective.filter((fact) => fact.occurredAt <= at));
        for (const one of [...lead, ...deciders]) words.set(one.kind, one);
      }
    }
    return waits.map(({ kind, since }) => ({ text: null, ...words.get(kind), kind, since: isoInstant(since) }));
  }
}

const WITH_WORDS: ReadonlySet<Wait> = new Set(['explain', 'redo', 'extension-answer', 'extension', 'return']);
