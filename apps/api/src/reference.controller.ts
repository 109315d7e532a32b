import { Body, Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { explainReading, readPhrase } from '#deadlines';
import { dayOf, derivedId, isoInstant, Problem } from '#kernel';
import { establishUnit, unitStream } from '#organisation';
import { actorOf, idempotencyKey } from './actor.ts';
import { EstablishUnitDto, ReadDeadlineDto } from './dto.ts';
import type { Runtime } from './runtime.ts';
import type { CommandAnswer } from './task-service.ts';
import { RUNTIME } from './tokens.ts';

@ApiTags('reference')
@Controller()
export class ReferenceController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('units')
  units(): unknown {
    const items = this.runtime.units.all();
    return { items, nextCursor: null, total: items.length, position: String(this.runtime.projector.lowest()) };
  }

  @Post('units')
  async establish(@Body() body: EstablishUnitDto, @Req() request: Request): Promise<CommandAnswer> {
    const { log, units, clock, ids } = this.runtime;
    const actor = actorOf(request, units);
    if (actor.role !== 'admin' && actor.role !== 'office') throw new Problem(403, 'not-permitted', 'Không có quyền', 'Chỉ quản trị hệ thống hoặc văn phòng được lập đơn vị.');
    if (body.parentId !== undefined && !units.get(body.parentId)) {
      throw new Problem(422, 'unit-unknown', 'Đơn vị không có', `Không có đơn vị cấp trên “${body.parentId}”.`, { errors: [{ pointer: '/parentId', code: 'unit-unknown', detail: 'cần mã một đơn vị có trong danh mục', given: body.parentId }] });
    }
    const unit = { id: body.id, name: body.name, shortName: body.shortName, kind: body.kind, ...(body.parentId === undefined ? {} : { parentId: body.parentId }), ...(body.legalBasis === undefined ? {} : { legalBasis: body.legalBasis }), establishedOn: body.establishedOn ?? dayOf(clock.now()) };
    const decision = establishUnit(unit, units.get(body.id) !== undefined);
    if (!decision.ok) throw new Problem(decision.rejection.status, decision.rejection.code, 'Không lập được đơn vị', decision.rejection.detail);
    const key = idempotencyKey(request);
    const result = await log.append(
      unitStream(body.id),
      decision.events.map((event, n) => ({ id: key === undefined ? ids.next() : derivedId('unit', key, String(n)), type: event.type, schema: 1, data: event.data as never, occurredAt: clock.now(), metadata: { actor } })),
      { expectedRevision: -1 },
    );
    if (!result.ok) throw new Problem(409, 'unit-already-established', 'Đơn vị đã có', `Đơn vị “${body.id}” đã có trong danh mục.`);
    units.add(unit);
    return { id: body.id, revision: result.revision, position: String(result.position), events: decision.events.map((e) => e.type), warnings: [] };
  }

  @Post('deadlines/read')
  @HttpCode(200)
  readDeadline(@Body() body: ReadDeadlineDto): unknown {
    const { calendar, policy } = this.runtime;
    const reading = readPhrase(body.phrase, { ...(body.documentDate === undefined ? {} : { documentDate: body.documentDate }), ...(body.receivedOn === undefined ? {} : { receivedOn: body.receivedOn }), policy, calendar });
    if (reading.ok) return { deadline: reading.deadline, warnings: reading.warnings, explanation: explainReading(reading) };
    throw new Problem(422, reading.code, 'Thời hạn không đọc được', reading.detail, {
      errors: [{ pointer: '/phrase', code: reading.code, detail: reading.detail, given: reading.given }],
      extra: {
        examples: reading.examples,
        ...(reading.occurrences === undefined ? {} : { occurrences: reading.occurrences, occurrencePhrases: reading.occurrencePhrases }),
        explanation: explainReading(reading),
      },
    });
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
    const projections = await this.runtime.projector.status();
    const ready = projections.every((p) => p.lastError === null);
    if (!ready) response.status(503).setHeader('Retry-After', '2');
    return { status: ready ? 'ready' : 'not-ready', projections };
  }
}
