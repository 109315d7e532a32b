import { Body, Controller, HttpCode, Inject, Param, Post, Req, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { derivedId } from '#kernel';
import { actorOf, conditions, idempotencyKey } from '../http/actor.ts';
import {
  AnnulDto, AssignTaskDto, CoordinationAnswerDto, CorrectDto, ExplanationDto, ExplanationRequestDto, ExtensionGrantDto, ExtensionRequestDto, FactDto, LinkDuplicateDto, ObjectiveCauseDto, OptionalReasonDto, ProgressDto, ReasonDto, ReopenDto, SetDeadlineDto, SubmissionDto, SuspendDto, TransferDto, UrgeDto,
} from '../http/dto.ts';
import { ExecuteTaskCommand } from './execute-task-command.ts';
import type { Runtime } from '../runtime.ts';
import type { TaskCommandPath } from './task-command-reader.ts';
import { assignmentRequest, commandRequest } from './task-requests.ts';
import type { CommandAnswer, CommandRequest } from './task-service.ts';
import { RUNTIME } from '../tokens.ts';

/** One door per command; what each may and does stands in task-command-reader.ts. */
@ApiTags('commands')
@ApiHeader({ name: 'X-Actor', required: false })
@ApiHeader({ name: 'Idempotency-Key', required: false })
@ApiHeader({ name: 'If-Match', required: false })
@Controller('tasks')
export class TaskCommandsController {
  private readonly runtime: Runtime;
  private readonly bus: CommandBus;

  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(CommandBus as Type<CommandBus>) bus: CommandBus) {
    this.runtime = runtime;
    this.bus = bus;
  }

  @Post()
  assign(@Body() body: AssignTaskDto, @Req() request: Request): Promise<CommandAnswer> {
    const key = idempotencyKey(request);
    const taskId = key === undefined ? this.runtime.ids.next() : derivedId('task', key);
    return this.bus.execute(new ExecuteTaskCommand(this.headed(assignmentRequest(taskId, body, actorOf(request, this.runtime), this.runtime), request)));
  }

  @Post(':id/receive') @HttpCode(200)
  receive(@Param('id') id: string, @Body() body: FactDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('receive', id, body, request);
  }

  @Post(':id/progress') @HttpCode(200)
  progress(@Param('id') id: string, @Body() body: ProgressDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('progress', id, body, request);
  }

  @Post(':id/extension-requests') @HttpCode(200)
  requestExtension(@Param('id') id: string, @Body() body: ExtensionRequestDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('extension-requests', id, body, request);
  }

  @Post(':id/extension-grants') @HttpCode(200)
  grantExtension(@Param('id') id: string, @Body() body: ExtensionGrantDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('extension-grants', id, body, request);
  }

  @Post(':id/extension-refusals') @HttpCode(200)
  refuseExtension(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('extension-refusals', id, body, request);
  }

  @Post(':id/deadline') @HttpCode(200)
  setDeadline(@Param('id') id: string, @Body() body: SetDeadlineDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('deadline', id, body, request);
  }

  @Post(':id/return-proposals') @HttpCode(200)
  proposeReturn(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('return-proposals', id, body, request);
  }

  @Post(':id/return-acceptances') @HttpCode(200)
  acceptReturn(@Param('id') id: string, @Body() body: OptionalReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('return-acceptances', id, body, request);
  }

  @Post(':id/return-refusals') @HttpCode(200)
  refuseReturn(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('return-refusals', id, body, request);
  }

  @Post(':id/transfer') @HttpCode(200)
  transfer(@Param('id') id: string, @Body() body: TransferDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('transfer', id, body, request);
  }

  @Post(':id/suspend') @HttpCode(200)
  suspend(@Param('id') id: string, @Body() body: SuspendDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('suspend', id, body, request);
  }

  @Post(':id/resume') @HttpCode(200)
  resume(@Param('id') id: string, @Body() body: SetDeadlineDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('resume', id, body, request);
  }

  @Post(':id/completion-submissions') @HttpCode(200)
  submit(@Param('id') id: string, @Body() body: SubmissionDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('completion-submissions', id, body, request);
  }

  @Post(':id/completion-confirmations') @HttpCode(200)
  confirm(@Param('id') id: string, @Body() body: FactDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('completion-confirmations', id, body, request);
  }

  @Post(':id/completion-refusals') @HttpCode(200)
  refuseCompletion(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('completion-refusals', id, body, request);
  }

  @Post(':id/reopen') @HttpCode(200)
  reopen(@Param('id') id: string, @Body() body: ReopenDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('reopen', id, body, request);
  }

  @Post(':id/withdraw') @HttpCode(200)
  withdraw(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('withdraw', id, body, request);
  }

  @Post(':id/cancel') @HttpCode(200)
  cancel(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('cancel', id, body, request);
  }

  @Post(':id/link-duplicate') @HttpCode(200)
  linkDuplicate(@Param('id') id: string, @Body() body: LinkDuplicateDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('link-duplicate', id, body, request);
  }

  @Post(':id/urge') @HttpCode(200)
  urge(@Param('id') id: string, @Body() body: UrgeDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('urge', id, body, request);
  }

  @Post(':id/agenda') @HttpCode(200)
  raiseForBriefing(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('agenda', id, body, request);
  }

  @Post(':id/explanation-requests') @HttpCode(200)
  requestExplanation(@Param('id') id: string, @Body() body: ExplanationRequestDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('explanation-requests', id, body, request);
  }

  @Post(':id/explanations') @HttpCode(200)
  explain(@Param('id') id: string, @Body() body: ExplanationDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('explanations', id, body, request);
  }

  @Post(':id/objective-causes') @HttpCode(200)
  confirmObjectiveCause(@Param('id') id: string, @Body() body: ObjectiveCauseDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('objective-causes', id, body, request);
  }

  @Post(':id/coordination-answers') @HttpCode(200)
  answerCoordination(@Param('id') id: string, @Body() body: CoordinationAnswerDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('coordination-answers', id, body, request);
  }

  @Post(':id/correct') @HttpCode(200)
  correct(@Param('id') id: string, @Body() body: CorrectDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('correct', id, body, request);
  }

  @Post(':id/annul') @HttpCode(200)
  annul(@Param('id') id: string, @Body() body: AnnulDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('annul', id, body, request);
  }

  @Post(':id/void') @HttpCode(200)
  void(@Param('id') id: string, @Body() body: ReasonDto, @Req() request: Request): Promise<CommandAnswer> {
    return this.give('void', id, body, request);
  }

  private give(path: TaskCommandPath, taskId: string, body: object, request: Request): Promise<CommandAnswer> {
    return this.bus.execute(new ExecuteTaskCommand(this.headed(commandRequest(path, taskId, body, actorOf(request, this.runtime), this.runtime), request)));
  }

  private headed(request: CommandRequest, { headers }: Request): CommandRequest {
    return { ...request, ...conditions({ headers }) };
  }
}
