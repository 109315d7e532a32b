import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { isoInstant } from '#kernel';
import type { Runtime } from './runtime.ts';
import { RUNTIME } from './tokens.ts';

@ApiTags('system')
@Controller()
export class SystemController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('system')
  async system(): Promise<unknown> {
    const { log, projector, simulated, tasks } = this.runtime;
    const { count } = await log.head();
    return { now: isoInstant(await tasks.now()), simulated, access: 'open', profile: 'embedded', events: count, position: String(projector.lowest()) };
  }

  @Get('health/live')
  live(): unknown {
    return { status: 'ok' };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<unknown> {
    const { projector, log, clock } = this.runtime;
    const projections = await projector.status(log, clock);
    // A build beside that cannot go on takes nothing away from what serves.
    const ready = projector.error === null && projections.every((p) => p.state !== 'active' || p.lastError === null);
    if (!ready) response.status(503).setHeader('Retry-After', '2');
    return { status: ready ? 'ready' : 'not-ready', projections };
  }
}
