import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { FiguresDto, FiguresListDto } from './dto.ts';
import { answerFigures, listCounted, readQuestion } from './figures-service.ts';
import { nextCursor, readPage, readPoint } from './points.ts';
import type { Runtime } from './runtime.ts';
import { toItems } from './task-items.ts';
import { RUNTIME } from './tokens.ts';

@ApiTags('figures')
@Controller('figures')
export class FiguresController {
  private readonly runtime: Runtime;
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get()
  async figures(@Query() query: FiguresDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    return answerFigures(readQuestion(query, point, this.runtime), point, this.runtime);
  }

  @Get('list')
  async list(@Query() query: FiguresListDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const { limit, offset } = readPage(query);
    const counted = listCounted(readQuestion(query, point, this.runtime), query, this.runtime);
    return {
      items: toItems(counted.slice(offset, offset + limit), point.at, this.runtime),
      nextCursor: nextCursor(offset, limit, counted.length), total: counted.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position),
    };
  }
}
