import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { isoInstant } from '#kernel';
import { AUTHORITIES } from '#tasks';
import type { Runtime } from './runtime.ts';
import { LiveStream } from './stream/live-stream.ts';
import { METRICS, RUNTIME } from './tokens.ts';
import type { Metrics } from './watching/metrics.ts';

@ApiTags('system')
@Controller()
export class SystemController {
  private readonly runtime: Runtime;
  private readonly metrics: Metrics;
  private readonly stream: LiveStream;
  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(METRICS) metrics: Metrics, @Inject(LiveStream) stream: LiveStream) {
    this.stream = stream;
    this.runtime = runtime;
    this.metrics = metrics;
  }

  @Get('system')
  async system(): Promise<unknown> {
    const { log, profile, projector, reference, simulated, tasks } = this.runtime;
    const { count } = await log.head();
    return { now: isoInstant(await tasks.now()), simulated, access: 'open', profile, events: count, position: String(projector.lowest()), authorities: Object.entries(reference.authorities).map(([code, name]) => ({ code, name, own: !Object.hasOwn(AUTHORITIES, code) || AUTHORITIES[code] !== name })) };
  }

  @Get('health/live')
  live(): unknown {
    return { status: 'ok' };
  }

  @Get('metrics')
  @ApiProduces('text/plain')
  async prometheus(@Res() response: Response): Promise<void> {
    this.metrics.streamClients(this.stream.clients);
    response.set('Content-Type', this.metrics.contentType).send(await this.metrics.text());
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response): Promise<unknown> {
    const { log, projector, reference, briefings } = this.runtime;
    const projections = await projector.status();
    // A build beside that cannot go on takes nothing away from what serves.
    const error = log.stopped?.message ?? projector.error ?? reference.error ?? briefings.error;
    const ready = error === null && projections.every((p) => p.state !== 'active' || p.lastError === null);
    if (!ready) response.status(503).setHeader('Retry-After', '2');
    return { status: ready ? 'ready' : 'not-ready', ...(error === null ? {} : { error }), projections };
  }
}
