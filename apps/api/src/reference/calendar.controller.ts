import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { calendarChanges, calendarStream, calendarWith, evolveCalendarYear, explainReading, initialCalendarYear, loadDefaultCalendar, parseCalendarYear, publishCalendarYear, readPhrase, recomputeDeadline, type CalendarChange, type CalendarYear, type Deadline, type WorkingCalendar } from '#deadlines';
import { Problem, startOfDay } from '#kernel';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { PointDto, ReadDeadlineDto, RecomputeDeadlinesDto } from '../http/dto.ts';
import { badParameter, readPoint } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { refuseSecrecyMark } from '../http/secrecy.ts';
import { readTime } from '../tasks/task-command-reader.ts';
import type { CommandAnswer, CommandRequest } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';
import { Turns } from '../turns.ts';

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
    const content = readYearContent(text, body);
    const next = this.with(content);
    const { changes, examined } = await this.changesUnder(next, content.year);
    return { ...next.describeYear(content.year), changes: await Promise.all(changes.slice(0, MOST_SHOWN).map((change) => this.changeItem(change))), total: changes.length, examined };
  }

  @Post('calendar/:year')
  @ApiBody({ schema: { type: 'object', description: 'holidays[], compensations[], swaps[], basis' } })
  publish(@Param('year') text: string, @Body() body: object, @Req() request: Request): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['admin'], 'công bố lịch làm việc');
    refuseSecrecyMark(body);
    const year = readYear(text);
    const content = readYearContent(text, body);
    return runtime.referenceCommands.execute({
      id: text, stream: calendarStream(year), actor, content: ['calendar', content], ...conditions(request),
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
    const { key } = conditions(request);
    const { calendar } = runtime.reference;
    const ids = [...new Set(body.taskIds)];
    const requestFor = (taskId: string): CommandRequest => ({
      taskId, actor, content: ['recompute', taskId, body], ...(key === undefined ? {} : { key }),
      prepare: (state, now) => {
        if (state.kind === 'none' || state.deadline.kind === 'none') return { command: { type: 'RecomputeDeadline', deadline: { kind: 'none' }, calendarVersion: calendar.version, reason: body.reason, ...readTime(body, now) } };
        const reading = recomputeDeadline(state.deadline, calendar, { documentDate: state.assigned.document.date, receivedOn: state.assigned.assignedOn });
        if (!reading.ok) throw new Problem(422, reading.code, 'Không tính lại được', reading.detail);
        return { command: { type: 'RecomputeDeadline', deadline: reading.deadline, calendarVersion: calendar.version, reason: body.reason, ...readTime(body, now) } };
      },
    });
    // A key that came with another body refuses the whole request, before any of it is recorded.
    if (key !== undefined) for (const taskId of ids) await runtime.tasks.plan(requestFor(taskId)).catch((error: unknown) => { if (!(error instanceof Problem) || error.code === 'idempotency-key-reused') throw error; });
    const recomputed: object[] = [];
    const unchanged: string[] = [];
    const refused: object[] = [];
    for (const taskId of ids) {
      try {
        const answer = await runtime.tasks.execute(requestFor(taskId));
        // From what is recorded, so that a repeat answers as the first time.
        const event = await runtime.log.readAt(BigInt(answer.position));
        const { previous, deadline } = event!.data as unknown as { readonly previous: Deadline; readonly deadline: Deadline };
        recomputed.push({ taskId, ...(previous.kind === 'due' && deadline.kind === 'due' ? { from: previous.dueOn, to: deadline.dueOn } : {}), revision: answer.revision, position: answer.position });
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
    const turns = new Turns();
    // A swap may take its day off from the end of the year before.
    for (const taskId of await figureTasks.openDueFrom(startOfDay(`${String(year - 1)}-12-01`))) {
      const state = await tasks.load(taskId);
      if (state.kind === 'none' || state.work !== 'open') continue;
      changes.push(...calendarChanges([{ taskId, deadline: state.deadline, documentDate: state.assigned.document.date, assignedOn: state.assigned.assignedOn }], next));
      examined += 1;
      if (turns.over) await turns.next();
    }
    return { changes, examined };
  }

  private async changeItem({ taskId, from, to }: CalendarChange): Promise<object> {
    const task = await this.runtime.board.byId(taskId);
    const lead = this.runtime.columns.ofTask(taskId, Infinity, null).at(-1)?.unitId;
    return { taskId, code: task?.code ?? null, content: task?.content ?? null, leadUnitName: lead === undefined ? null : this.runtime.reference.unitName(lead), from, to };
  }
}

const CONTENT: readonly string[] = ['year', 'basis', 'holidays', 'compensations', 'swaps'];

/** The body of a publication: a name that does not exist is not understood, a value that does not fit is understood and invalid. */
function readYearContent(text: string, body: object): CalendarYear {
  const year = readYear(text);
  const unknown = Object.keys(body).find((name) => !CONTENT.includes(name));
  if (unknown !== undefined) {
    const detail = `Trường “${unknown.slice(0, 80)}” không có trong lịch của một năm; các trường: ${CONTENT.join(', ')}.`;
    throw new Problem(400, 'content-not-understandable', 'Nội dung không hiểu được', detail, { errors: [{ pointer: `/${unknown.slice(0, 80)}`, code: 'whitelistValidation', detail }] });
  }
  return parseCalendarYear({ ...body, year }, year);
}

function readYear(text: string): number {
  if (!/^\d{4}$/.test(text)) throw badParameter('year', text, 'một năm bốn chữ số', 422);
  return Number(text);
}
