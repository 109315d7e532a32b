import { Body, Controller, Get, HttpCode, Inject, Logger, Param, Post, Req } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsString } from 'class-validator';
import type { Request } from 'express';
import { isoInstant, Problem } from '#kernel';
import { recordSkip, type ParkedStream } from '#projections';
import type { Actor } from '#event-log';
import { actorOf, requireRole } from '../http/actor.ts';
import type { Runtime } from '../runtime.ts';
import { RUNTIME } from '../tokens.ts';

class ProjectionDto {
  @ApiProperty({ description: 'Tên bảng, ví dụ figures' })
  @IsString()
  projection!: string;
}

class SkipDto extends ProjectionDto {
  @ApiProperty({ description: 'Vì sao bảng đi tiếp mà không có sự kiện này; được ghi vào nhật ký' })
  @IsString()
  reason!: string;
}

/** What is done to the read models of a running program; on the command line: `nhacviec projections` and `nhacviec parked`. */
@ApiTags('operating')
@Controller()
export class ProjectionsController {
  private readonly runtime: Runtime;
  private readonly logger = new Logger('projections');
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('projections')
  async list(): Promise<object> {
    return { items: await this.runtime.projector.status() };
  }

  /** Begins; how far it is stands in `GET /projections`. */
  @Post('projections/:name/rebuild') @HttpCode(202)
  async rebuild(@Param('name') name: string, @Req() request: Request): Promise<object> {
    requireRole(actorOf(request, this.runtime), ['admin'], 'dựng lại bảng');
    await requireProjection(name, this.runtime);
    this.runtime.projector.rebuild(name).catch((error: unknown) => { this.logger.error(`rebuild of ${name}: ${error instanceof Error ? error.message : String(error)}`); });
    return { name, state: 'building' };
  }

  @Post('projections/drop') @HttpCode(200)
  async drop(@Req() request: Request): Promise<object> {
    requireRole(actorOf(request, this.runtime), ['admin'], 'bỏ bảng');
    return { dropped: (await this.runtime.projector.drop()).map(({ id, name, version }) => ({ build: id, name, version })) };
  }

  @Get('parked')
  async parked(): Promise<object> {
    return { items: await parkedItems(this.runtime) };
  }

  @Post('parked/:eventId/retry') @HttpCode(200)
  retry(@Param('eventId') eventId: string, @Body() { projection }: ProjectionDto, @Req() request: Request): Promise<object> {
    requireRole(actorOf(request, this.runtime), ['admin'], 'thử lại sự kiện');
    return retryParked({ projection, eventId }, this.runtime);
  }

  @Post('parked/:eventId/skip') @HttpCode(200)
  skip(@Param('eventId') eventId: string, @Body() { projection, reason }: SkipDto, @Req() request: Request): Promise<object> {
    const actor = actorOf(request, this.runtime);
    requireRole(actor, ['admin'], 'bỏ qua sự kiện');
    return skipEvent({ projection, eventId, reason }, actor, this.runtime);
  }
}

/** @throws Problem 404. */
export async function requireProjection(name: string, { projector }: Runtime): Promise<void> {
  const names = [...new Set((await projector.status()).map((one) => one.name))];
  if (!names.includes(name)) throw new Problem(404, 'projection-unknown', 'Không có bảng', `Không có bảng “${name}”; các bảng: ${names.join(', ')}.`);
}

/** Streams that are set aside, as doors show them. */
export async function parkedItems({ projector }: Runtime): Promise<readonly object[]> {
  return (await projector.parked()).map((one) => item(one, one.projection, one.version));
}

/** @throws Problem 404 `not-parked`. */
export async function retryParked({ projection, eventId }: { readonly projection: string; readonly eventId: string }, { projector }: Runtime): Promise<object> {
  const parked = (await projector.parked()).find((one) => one.projection === projection && one.eventId === eventId);
  if (!parked) throw new Problem(404, 'not-parked', 'Không có luồng đang để riêng', `Bảng “${projection}” không để riêng luồng nào vì sự kiện “${eventId}”.`);
  return { stillParked: itemOrNull(await projector.retry(projection, parked.stream), projection, parked.version) };
}

/** Records the decision, then takes the stream back where it was set aside. @throws Problem 404, 422. */
export async function skipEvent({ projection, eventId, reason }: { readonly projection: string; readonly eventId: string; readonly reason: string }, actor: Actor, runtime: Runtime): Promise<object> {
  await requireProjection(projection, runtime);
  const { projector, log, clock, ids } = runtime;
  const parked = (await projector.parked()).find((one) => one.projection === projection && one.eventId === eventId);
  const version = parked?.version ?? Math.max(...(await projector.status()).filter(({ name }) => name === projection).map((one) => one.version));
  const { stream } = await recordSkip(log, { projection, version, eventId, reason }, actor, clock, ids);
  return { projection, version, eventId, stream, stillParked: itemOrNull(parked && (await projector.retry(projection, stream)), projection, version) };
}

const itemOrNull = (stream: ParkedStream | undefined, projection: string, version: number): object | null => (stream === undefined ? null : item(stream, projection, version));

const item = ({ stream, eventId, position, revision, error, parkedAt, attempts }: ParkedStream, projection: string, version: number): object => ({
  projection, version, stream, eventId, position: String(position), revision, error, parkedAt: isoInstant(parkedAt), attempts,
});
