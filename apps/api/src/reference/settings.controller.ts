import { Body, Controller, Get, Inject, Post, Query, Req, HttpCode } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { dayOf, endOfDay, Problem } from '#kernel';
import { decideSecretCount, secretCountsInForce, secretCountStream, type SecretCountRejection } from '#secret-counts';
import { decideSettings, SETTINGS_STREAM } from '#settings';
import { actorOf, conditions, requireRole } from '../http/actor.ts';
import { PointDto, SecretCountDto } from '../http/dto.ts';
import { readPoint } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { invalid } from '../tasks/task-command-reader.ts';
import type { CommandAnswer } from '../tasks/task-service.ts';
import { RUNTIME } from '../tokens.ts';

@ApiTags('settings')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller()
export class SettingsController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('settings')
  async settings(@Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    return { ...this.runtime.reference.settings(query.knownAt === undefined ? null : point.known), knownAt: point.knownAt, position: String(point.position) };
  }

  @Post('settings') @HttpCode(200)
  @ApiBody({ schema: { type: 'object', description: 'fixedDatePolicy, dueSoonWorkingDays, fullWeekTasks, officialRates, reportDuties, reason' } })
  change(@Body() body: Readonly<Record<string, unknown>>, @Req() request: Request): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['admin'], 'thay đổi thiết lập');
    return runtime.referenceCommands.execute({
      id: 'settings', stream: SETTINGS_STREAM, actor, content: ['settings', body], ...conditions(request),
      decide: (now) => {
        const decision = decideSettings(body, runtime.reference.settings());
        if (!decision.ok) {
          const { status, code, detail, pointer, given } = decision.rejection;
          // A name that does not exist is not understood; a value that does not fit is understood and invalid.
          throw new Problem(code === 'setting-unknown' ? 400 : status, code, 'Chưa đổi thiết lập', detail, { errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }] });
        }
        return { events: decision.events.map((event) => ({ ...event, occurredAt: now })) };
      },
    });
  }

  @Get('secret-counts')
  async secretCounts(@Query() query: PointDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const { reference } = this.runtime;
    const items = secretCountsInForce(reference.secretCounts, query.knownAt === undefined ? null : point.known).filter(({ to }) => endOfDay(to) - 1 <= point.at || to <= point.day).map((entry) => ({ ...entry, unitName: reference.unitName(entry.unitId, point.day, query.knownAt === undefined ? null : point.known), position: String(entry.position) }));
    return { items, nextCursor: null, total: items.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position) };
  }

  @Post('secret-counts')
  recordSecretCount(@Body() body: SecretCountDto, @Req() request: Request): Promise<CommandAnswer> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    requireRole(actor, ['office'], 'nhập số việc mật');
    return runtime.referenceCommands.execute({
      id: body.unitId, stream: secretCountStream(body.unitId), actor, content: ['secret-count', body], ...conditions(request),
      decide: (now) => {
        if (!runtime.reference.organisation.unit(body.unitId)) throw invalid('/unitId', 'unit-unknown', `Không có đơn vị “${body.unitId}” trong danh mục.`, body.unitId);
        const decision = decideSecretCount(body, runtime.reference.secretCounts, { today: dayOf(now) });
        if (!decision.ok) throw refused(decision.rejection);
        return { events: decision.events.map((event) => ({ ...event, occurredAt: now })) };
      },
    });
  }
}

function refused({ status, code, detail, pointer, given, fact }: SecretCountRejection): Problem {
  return new Problem(status, code, status === 409 ? 'Không hợp lệ ở trạng thái hiện tại' : 'Nội dung không hợp lệ', detail, {
    errors: pointer === undefined ? [] : [{ pointer, code, detail, ...(given === undefined ? {} : { given }) }],
    extra: fact === undefined ? {} : { fact: { ...fact, position: String(fact.position) } },
  });
}
