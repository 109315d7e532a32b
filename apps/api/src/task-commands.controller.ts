import { Body, Controller, HttpCode, Inject, Param, Post, Req, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { readDeadline, type Deadline, type DeadlineInput } from '#deadlines';
import { derivedId, dayOf, parseInstant, Problem, startOfDay } from '#kernel';
import { canonicalDocumentNumber, type FactTime, type TaskAssignedData, type TaskCommand } from '#tasks';
import { cleanText } from '#kernel';
import { actorOf, idempotencyKey, ifMatch } from './actor.ts';
import { AssignTaskDto, ExtensionGrantDto, ExtensionRequestDto, FactDto, ProgressDto, ReasonDto, SubmissionDto, type DeadlineDto } from './dto.ts';
import { ExecuteTaskCommand } from './execute-task-command.ts';
import { RUNTIME } from './tokens.ts';
import type { Runtime } from './runtime.ts';
import type { CommandAnswer, Warning } from './task-service.ts';
import { taskNotFound } from './task-service.ts';

/** Roles that may give each command; a unit only for tasks it leads (checked against the task). */
const MAY: Readonly<Record<Exclude<TaskCommand['type'], 'RecordOverdue'>, readonly string[]>> = {
  AssignTask: ['office'],
  ReceiveTask: ['office', 'unit'],
  ReportProgress: ['office', 'unit'],
  RequestExtension: ['office', 'unit'],
  GrantExtension: ['office', 'leader'],
  RefuseExtension: ['office', 'leader'],
  SubmitCompletion: ['office', 'unit'],
  ConfirmCompletion: ['office', 'leader'],
  RefuseCompletion: ['office', 'leader'],
  WithdrawTask: ['office'],
  VoidTask: ['office'],
};

@ApiTags('commands')
@ApiHeader({ name: 'X-Actor', required: false })
@ApiHeader({ name: 'Idempotency-Key', required: false })
@Controller('tasks')
export class TaskCommandsController {
  private readonly runtime: Runtime;
  private readonly bus: CommandBus;

  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(CommandBus as Type<CommandBus>) bus: CommandBus) {
    this.runtime = runtime;
    this.bus = bus;
  }

  @Post()
  async assign(@Body() body: AssignTaskDto, @Req() request: Request): Promise<CommandAnswer> {
    const { runtime } = this;
    const known = (pointer: string, id: string): string => {
      if (runtime.units.get(id)) return id;
      throw new Problem(422, 'unit-unknown', 'Đơn vị không có', `Không có đơn vị “${id}” trong danh mục.`, { errors: [{ pointer, code: 'unit-unknown', detail: 'cần mã một đơn vị có trong danh mục', given: id }] });
    };
    if (body.occurredOn !== undefined && body.occurredOn !== body.assignedOn) throw disagree('/occurredOn', body.occurredOn, body.assignedOn);
    if (body.occurredAt !== undefined && dayOf(parseInstant(body.occurredAt)!) !== body.assignedOn) throw disagree('/occurredAt', body.occurredAt, body.assignedOn);
    if (body.assignedOn < body.document.date) {
      throw new Problem(422, 'assigned-before-document', 'Ngày giao trước ngày văn bản', `Ngày giao ${body.assignedOn} trước ngày văn bản ${body.document.date}.`, { errors: [{ pointer: '/assignedOn', code: 'assigned-before-document', detail: 'không trước ngày văn bản', given: body.assignedOn }] });
    }
    const { deadline, warnings } = this.deadline(body.deadline, body.document.date, body.assignedOn);
    const task: TaskAssignedData = {
      document: {
        number: canonicalDocumentNumber(body.document.number), date: body.document.date, issuer: cleanText(body.document.issuer), title: cleanText(body.document.title),
        ...(body.document.signerTitle === undefined ? {} : { signerTitle: cleanText(body.document.signerTitle) }),
        ...(body.document.urgency === undefined ? {} : { urgency: cleanText(body.document.urgency) }),
      },
      content: cleanText(body.content),
      ...(body.product === undefined ? {} : { product: cleanText(body.product) }),
      authority: body.authority,
      leadUnitId: known('/leadUnitId', body.leadUnitId),
      coordinatingUnitIds: [...new Set((body.coordinatingUnitIds ?? []).map((id, n) => known(`/coordinatingUnitIds/${String(n)}`, id)))].filter((id) => id !== body.leadUnitId),
      assignedOn: body.assignedOn,
      deadline,
      ...pick(body, ['field', 'starred', 'weight', 'itemId', 'parentTaskId', 'routine']),
    };
    const time = this.time(body, body.assignedOn);
    const key = idempotencyKey(request);
    const taskId = key === undefined ? runtime.ids.next() : derivedId('task', key);
    return this.give(request, taskId, { type: 'AssignTask', task, ...time }, warnings);
  }

  @Post(':id/receive') @HttpCode(200)
  receive(@Param('id') id: string, @Body() body: FactDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(request, id, { type: 'ReceiveTask', ...this.time(body) });
  }

  @Post(':id/progress') @HttpCode(200)
  progress(@Param('id') id: string, @Body() body: ProgressDto, @Req() request: Request): Promise<CommandAnswer> {
    const { note, ...time } = this.time(body);
    return this.give(request, id, { type: 'ReportProgress', ...time, text: note ?? '', ...pick(body, ['percent', 'blockedBy']) });
  }

  @Post(':id/extension-requests') @HttpCode(200)
  async requestExtension(@Param('id') id: string, @Body() body: ExtensionRequestDto, @Req() request: Request): Promise<CommandAnswer> {
    const { deadline, warnings } = this.extension(id, body.deadline);
    return this.give(request, id, { type: 'RequestExtension', deadline, reason: body.reason, ...this.time(body) }, warnings);
  }

  @Post(':id/extension-grants') @HttpCode(200)
  async grantExtension(@Param('id') id: string, @Body() body: ExtensionGrantDto, @Req() request: Request): Promise<CommandAnswer> {
    const { deadline, warnings } = this.extension(id, body.deadline);
    return this.give(request, id, { type: 'GrantExtension', deadline, ...pick(body, ['document', 'reason']), ...this.time(body) }, warnings);
  }

  @Post(':id/extension-refusals') @HttpCode(200)
  refuseExtension(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(request, id, { type: 'RefuseExtension', reason: body.reason, ...this.time(body) });
  }

  @Post(':id/completion-submissions') @HttpCode(200)
  submit(@Param('id') id: string, @Body() body: SubmissionDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(request, id, { type: 'SubmitCompletion', resultDocument: { number: canonicalDocumentNumber(body.resultDocument.number), date: body.resultDocument.date }, ...this.time(body) });
  }

  @Post(':id/completion-confirmations') @HttpCode(200)
  confirm(@Param('id') id: string, @Body() body: FactDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(request, id, { type: 'ConfirmCompletion', ...this.time(body) });
  }

  @Post(':id/completion-refusals') @HttpCode(200)
  refuseCompletion(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(request, id, { type: 'RefuseCompletion', reason: body.reason, ...this.time(body) });
  }

  @Post(':id/withdraw') @HttpCode(200)
  withdraw(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(request, id, { type: 'WithdrawTask', reason: body.reason, ...this.time(body) });
  }

  @Post(':id/void') @HttpCode(200)
  void(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give(request, id, { type: 'VoidTask', reason: body.reason, ...this.time(body) });
  }

  private async give(request: Request, taskId: string, command: Exclude<TaskCommand, { type: 'RecordOverdue' }>, warnings: readonly Warning[] = []): Promise<CommandAnswer> {
    const actor = actorOf(request, this.runtime.units);
    if (!MAY[command.type].includes(actor.role)) {
      throw new Problem(403, 'not-permitted', 'Không có quyền', `Vai trò “${actor.role}” không được thực hiện việc này.`, { extra: { role: actor.role, allowed: MAY[command.type] } });
    }
    if (actor.role === 'unit' && this.runtime.board.byId(taskId)?.leadUnitId !== actor.unitId) {
      if (!this.runtime.board.byId(taskId)) throw taskNotFound(taskId);
      throw new Problem(403, 'not-lead-unit', 'Không có quyền', 'Đơn vị chỉ được thực hiện với việc mình chủ trì.');
    }
    const key = idempotencyKey(request);
    const match = ifMatch(request);
    return this.bus.execute(new ExecuteTaskCommand({ taskId, command, actor, warnings, ...(key === undefined ? {} : { key }), ...(match === undefined ? {} : { ifMatch: match }) }));
  }

  private time(body: FactDto, day: string | undefined = body.occurredOn): FactTime {
    const at = body.occurredAt === undefined ? undefined : parseInstant(body.occurredAt);
    if (at !== undefined && body.occurredOn !== undefined && dayOf(at) !== body.occurredOn) throw disagree('/occurredAt', body.occurredAt, body.occurredOn);
    // Assigning "today" is a fact by day; any other command without a time happens now.
    return {
      occurredAt: at ?? (day === undefined ? Math.max(this.runtime.clock.now(), 0) : startOfDay(day)),
      byDay: at === undefined && day !== undefined,
      ...pick(body, ['backdateReason', 'backdateDocument', 'note']),
    };
  }

  private extension(taskId: string, given: DeadlineDto): { deadline: Deadline; warnings: readonly Warning[] } {
    const task = this.runtime.board.byId(taskId);
    if (!task) throw taskNotFound(taskId);
    return this.deadline(given, task.documentDate, dayOf(this.runtime.clock.now()));
  }

  private deadline(given: DeadlineDto, documentDate: string, receivedOn: string): { deadline: Deadline; warnings: readonly Warning[] } {
    const { calendar, policy } = this.runtime;
    const reading = readDeadline(toInput(given), { documentDate, receivedOn: given.receivedOn ?? receivedOn, policy, calendar });
    if (reading.ok) return reading;
    throw new Problem(422, reading.code, 'Thời hạn không dùng được', reading.detail, {
      errors: [{ pointer: '/deadline', code: reading.code, detail: reading.detail, given: reading.given }],
      extra: { examples: reading.examples, ...(reading.occurrences === undefined ? {} : { occurrences: reading.occurrences }) },
    });
  }
}

/** Exactly one of phrase, date, none. */
function toInput(given: DeadlineDto): DeadlineInput {
  const kinds = [given.phrase !== undefined, given.date !== undefined, given.none === true].filter(Boolean).length;
  if (kinds !== 1) throw new Problem(422, 'deadline-ambiguous', 'Thời hạn không rõ', 'Thời hạn cần đúng một trong ba: phrase, date hoặc none.', { errors: [{ pointer: '/deadline', code: 'deadline-ambiguous', detail: 'đúng một trong phrase, date, none', given: Object.keys(given) }] });
  if (given.phrase !== undefined) return { phrase: given.phrase, ...(given.receivedOn === undefined ? {} : { receivedOn: given.receivedOn }) };
  if (given.date === undefined) return { none: true };
  if (given.time !== undefined && !/^([01]\d|2[0-3]):[0-5]\d$/.test(given.time)) throw new Problem(422, 'time-invalid', 'Giờ không hợp lệ', `Giờ “${given.time}”: cần dạng HH:MM.`, { errors: [{ pointer: '/deadline/time', code: 'time-invalid', detail: 'cần dạng HH:MM', given: given.time }] });
  return { date: given.date, ...(given.time === undefined ? {} : { time: given.time }) };
}

function disagree(pointer: string, given: unknown, other: string): Problem {
  return new Problem(422, 'dates-disagree', 'Hai ngày không khớp', `“${String(given)}” không khớp với ngày ${other}.`, { errors: [{ pointer, code: 'dates-disagree', detail: `phải là ngày ${other}`, given }] });
}

/** The named fields that are there. */
function pick<T extends object, K extends keyof T>(from: T, keys: readonly K[]): { [P in K]?: NonNullable<T[P]> } {
  const kept: { [P in K]?: NonNullable<T[P]> } = {};
  for (const key of keys) if (from[key] !== undefined && from[key] !== null) kept[key] = from[key];
  return kept;
}

