import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandAnswer, CommandRequest } from './task-service.ts';
import { RUNTIME } from '../tokens.ts';
import type { Runtime } from '../runtime.ts';

/** The door to every task use case. */
export class ExecuteTaskCommand extends Command<CommandAnswer> {
  readonly request: CommandRequest;
  constructor(request: CommandRequest) {
    super();
    this.request = request;
  }
}

@CommandHandler(ExecuteTaskCommand)
export class ExecuteTaskCommandHandler implements ICommandHandler<ExecuteTaskCommand> {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }
  execute({ request }: ExecuteTaskCommand): Promise<CommandAnswer> {
    return this.runtime.tasks.execute(request);
  }
}
