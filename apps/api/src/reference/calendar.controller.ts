import { setImmediate as nextTurn } from 'node:timers/promises';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { calendarChanges, calendarStream, calendarWith, evolveCalendarYear, explainReading, initialCalendarYear, loadDefaultCalendar, parseCalendarYear, publishCalendarYear, readPhrase, recomputeDeadline, type CalendarChange, type CalendarYear, type WorkingCalendar } from '#deadlines';
import { Problem, startOfDay } from '#kernel';
import { actorOf, idempotencyKey, requireRole } from '../http/actor.ts';
import { PointDto, ReadDeadlineDto, RecomputeDeadlinesDto } from '../http/dto.ts';
import { badParameter, readPoint } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { readTime } from '../tasks/task-command-reader.ts';
import type { CommandAnswer } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';

/** Deadlines counted again between two turns of the event loop. */
const AT_ONCE = 20;
const MOST_SHOWN = 200;

@ApiTags('calendar')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller()
export class CalendarController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('calendar/:year')
  async year(@Param('year') text: string, @Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const calendar = query.knownAt === undefined ? this.runtime.reference.calendar : this.runtime.reference.calendarAt(point.known);
    return { ...calendar.describeYear(readYear(text)), knownAt: point.knownAt, position: String(point.position) };
  }

  /** What a publication would change, without recording anything. */
  @Post('calendar/:year/preview') @HttpCode(200)
  @ApiBody({ schema: { type: 'object', description: 'holidays[], compensations[], swaps[], basis' } })
  async preview(@Param('year') text: string, @Body() body: object, @Req() request: Request): Promise<object> {
    requireRole(actorOf(request, this.runtime), ['admin', 'office'], 'xem trước lịch');
    const content = parseCalendarYear({ ...body, year: readYear(text) }, readYear(text));
    const next = this.with(content);
    const { changes, examined } = await this.changesUnder(next, content.year);
    return { ...next.describeYear(content.year), changes: changes.slice(0, MOST_SHOWN).map((change) => this.changeItem(change)), total: changes.length, examined };
  }

  @Post('calendar/:year')
  @ApiBody({ schema: { type: 'object', description: 'holidays[], compensations[], swaps[], basis' } })
  publish(@Param('year') text: string, @Body() body: object, @Req() request: Request): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['admin'], 'công bố lịch làm việc');
    const year = readYear(text);
    const content = parseCalendarYear({ ...body, year }, year);
    const key = idempotencyKey(request);
    return runtime.referenceCommands.execute({
      id: text, stream: calendarStream(year), actor, content: ['calendar', content], ...(key === undefined ? {} : { key }),
      decide: async (now) => {
        const state = runtime.reference.publications(year).reduce((before, data) => evolveCalendarYear(before, { type: 'CalendarPublished', data }), initialCalendarYear);
        const decision = publishCalendarYear(content, state);
        if (!decision.ok) {
          const { status, code, detail, pointer, given } = decision.rejection;
          throw new Problem(status, code, 'Chưa công bố lịch', detail, { errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }] });
        }
        const { changes } = await this.changesUnder(this.with(content), year);
        return {
          events: decision.events.map((event) => ({ ...event, occurredAt: now })),
          warnings: changes.length === 0 ? [] : [{ code: 'deadlines-would-change', detail: `${String(changes.length)} thời hạn đang mở sẽ khác nếu tính lại; lịch mới không tự dời hạn nào, cần quyết định tính lại.` }],
        };
      },
    });
  }

  /** Counts named deadlines again under the calendar in force; each is a recorded decision, the old value stays in it. */
  @Post('deadlines/recompute') @HttpCode(200)
  async recompute(@Body() body: RecomputeDeadlinesDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['office'], 'tính lại thời hạn');
    const key = idempotencyKey(request);
    const { calendar } = runtime.reference;
    const recomputed: object[] = [];
    const unchanged: string[] = [];
    const refused: object[] = [];
    for (const taskId of new Set(body.taskIds)) {
      try {
        const change: { from?: string; to?: string } = {};
        const answer = await runtime.tasks.execute({
          taskId, actor, content: ['recompute', taskId, body.reason], ...(key === undefined ? {} : { key }),
          prepare: (state, now) => {
            if (state.kind === 'none' || state.deadline.kind === 'none') return { command: { type: 'RecomputeDeadline', deadline: { kind: 'none' }, calendarVersion: calendar.version, reason: body.reason, ...readTime(body, now) } };
            const reading = recomputeDeadline(state.deadline, calendar, { documentDate: state.assigned.document.date, receivedOn: state.assigned.assignedOn });
            if (!reading.ok) throw new Problem(422, reading.code, 'Không tính lại được', reading.detail);
            if (reading.deadline.kind === 'due') Object.assign(change, { from: state.deadline.dueOn, to: reading.deadline.dueOn });
            return { command: { type: 'RecomputeDeadline', deadline: reading.deadline, calendarVersion: calendar.version, reason: body.reason, ...readTime(body, now) } };
          },
        });
        recomputed.push({ taskId, ...change, revision: answer.revision, position: answer.position });
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (error.code === 'deadline-unchanged') unchanged.push(taskId);
        else refused.push({ taskId, code: error.code, detail: error.detail });
      }
    }
    return { recomputed, unchanged, refused, calendarVersion: calendar.version };
  }

  @Post('deadlines/read') @HttpCode(200)
  readDeadline(@Body() body: ReadDeadlineDto): unknown {
    const { reference } = this.runtime;
    const reading = readPhrase(body.phrase, { ...(body.documentDate === undefined ? {} : { documentDate: body.documentDate }), ...(body.receivedOn === undefined ? {} : { receivedOn: body.receivedOn }), policy: reference.settings().fixedDatePolicy, calendar: reference.calendar });
    if (reading.ok) return { deadline: reading.deadline, warnings: reading.warnings, explanation: explainReading(reading) };
    throw new Problem(422, reading.code, 'Thời hạn không đọc được', reading.detail, {
      errors: [{ pointer: '/phrase', code: reading.code, detail: reading.detail, given: reading.given }],
      extra: {
        examples: reading.examples, explanation: explainReading(reading),
        ...(reading.occurrences === undefined ? {} : { occurrences: reading.occurrences, occurrencePhrases: reading.occurrencePhrases }),
      },
    });
  }

  private with(content: CalendarYear): WorkingCalendar {
    return calendarWith(loadDefaultCalendar(), [...this.runtime.reference.publications(), content]);
  }

  /** Open deadlines that would be others; only those that a change of this year can reach are counted again. */
  private async changesUnder(next: WorkingCalendar, year: number): Promise<{ changes: CalendarChange[]; examined: number }> {
    const { figureTasks, tasks } = this.runtime;
    const changes: CalendarChange[] = [];
    let examined = 0;
    // A swap may take its day off from the end of the year before.
    for (const taskId of figureTasks.openDueFrom(startOfDay(`${String(year - 1)}-12-01`))) {
      const state = await tasks.load(taskId);
      if (state.kind === 'none' || state.work !== 'open') continue;
      changes.push(...calendarChanges([{ taskId, deadline: state.deadline, documentDate: state.assigned.document.date, assignedOn: state.assigned.assignedOn }], next));
      if (++examined % AT_ONCE === 0) await nextTurn();
    }
    return { changes, examined };
  }

  private changeItem({ taskId, from, to }: CalendarChange): object {
    const task = this.runtime.board.byId(taskId);
    const lead = this.runtime.columns.ofTask(taskId, Infinity, null).at(-1)?.unitId;
    return { taskId, code: task?.code ?? null, content: task?.content ?? null, leadUnitName: lead === undefined ? null : this.runtime.reference.unitName(lead), from, to };
  }
}

function readYear(text: string): number {
  if (!/^\d{4}$/.test(text)) throw badParameter('year', text, 'một năm bốn chữ số', 422);
  return Number(text);
}
