import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { FiguresChangesDto, FiguresDto, FiguresExplainDto, FiguresListDto } from '../http/dto.ts';
import { answerChanges, answerExplanation, answerRates } from './figures-changes.ts';
import { answerCoordination, answerFigures, listCounted, askQuestion } from './figures-service.ts';
import { AnswersKept, parametersKey, presentKey } from '../http/answers-kept.ts';
import { nextCursor, readPage, readPoint } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { toItems } from '../tasks/task-items.ts';
import { RUNTIME } from '../tokens.ts';

@ApiTags('figures')
@Controller()
export class FiguresController {
  private readonly runtime: Runtime;
  private readonly kept = new AnswersKept();
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  @Get('figures')
  async figures(@Query() query: FiguresDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const question = await askQuestion(query, point, this.runtime);
    const answer = (): Promise<object> => answerFigures(question, point, this.runtime);
    // Every screen that is open asks for the present ones after each fact; the past is asked for once, by one.
    return query.asOf === undefined ? this.kept.of(`${parametersKey(query)} ${presentKey(point)}`, this.runtime.columns, answer) : answer();
  }

  @Get('figures/list')
  async list(@Query() query: FiguresListDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    const { limit, offset } = readPage(query);
    const counted = listCounted(await askQuestion(query, point, this.runtime), query, this.runtime);
    return {
      items: await toItems(counted.slice(offset, offset + limit), point, this.runtime),
      nextCursor: nextCursor(offset, limit, counted.length), total: counted.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position),
    };
  }

  @Get('figures/changes')
  changes(@Query() query: FiguresChangesDto): Promise<object> {
    return answerChanges(query, this.runtime);
  }

  @Get('figures/explain')
  explain(@Query() query: FiguresExplainDto, @Req() request: Request): Promise<object> {
    return answerExplanation(query, new URL(request.originalUrl, 'http://localhost').searchParams, this.runtime);
  }

  @Get('figures/coordination')
  async coordination(@Query() query: FiguresDto): Promise<object> {
    const point = await readPoint(query, this.runtime);
    return answerCoordination(await askQuestion(query, point, this.runtime), point, this.runtime);
  }

  @Get('rates')
  rates(): object {
    return answerRates(this.runtime);
  }
}
