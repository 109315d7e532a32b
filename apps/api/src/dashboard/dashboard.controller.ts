import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnswersKept, parametersKey, presentKey } from '../http/answers-kept.ts';
import { nextCursor, oneOf, readPage } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { toItems } from '../tasks/task-items.ts';
import { RUNTIME } from '../tokens.ts';
import { answerDashboard } from './dashboard-answer.ts';
import { SORTS, exceptionsOf, listOf, sorted } from './dashboard-list.ts';
import { DashboardDto, DashboardListDto, ExceptionsDto, readAsked, readDashboard, readRules } from './dashboard-question.ts';

@ApiTags('dashboard')
@Controller()
export class DashboardController {
  private readonly runtime: Runtime;
  private readonly kept = new AnswersKept();
  constructor(@Inject(RUNTIME) runtime: Runtime) {
    this.runtime = runtime;
  }

  /** What a leader looks at first: tiles, units, weeks, ages and rules, each number with the list behind it. */
  @Get('dashboard')
  async dashboard(@Query() query: DashboardDto): Promise<object> {
    const asked = await readDashboard(query, this.runtime);
    const { point, since, sinceBy } = asked;
    const key = [parametersKey(query), query.asOf === undefined ? presentKey(point) : String(point.known), String(since.point.known), sinceBy === 'meeting' ? String(since.point.at) : ''].join(' ');
    return this.kept.of(key, this.runtime.columns, () => answerDashboard(asked, this.runtime));
  }

  /** Exactly the tasks that the number `what` of the dashboard counts. */
  @Get('dashboard/list')
  async list(@Query() query: DashboardListDto): Promise<object> {
    const asked = await readAsked(query, this.runtime);
    const { limit, offset } = readPage(query);
    const sort = oneOf('sort', query.sort, SORTS, 'due');
    const { tasks, point: shownAt } = await listOf(query.what, query.week, asked, this.runtime);
    const { point } = asked;
    return {
      items: await toItems(sorted(tasks, sort, this.runtime).slice(offset, offset + limit), shownAt, this.runtime),
      nextCursor: nextCursor(offset, limit, tasks.length), total: tasks.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position),
    };
  }

  /** Open tasks that a leader should look at, each with the reasons in words. */
  @Get('dashboard/exceptions')
  async exceptions(@Query() query: ExceptionsDto): Promise<object> {
    const asked = await readAsked(query, this.runtime);
    const { limit, offset } = readPage({ limit: query.limit ?? '20', ...(query.cursor === undefined ? {} : { cursor: query.cursor }) });
    const found = await exceptionsOf(readRules(query.rules), asked, this.runtime);
    const page = found.slice(offset, offset + limit);
    const { point } = asked;
    const items = (await toItems(page.map(({ task }) => task), point, this.runtime)) as { readonly id: string }[];
    const why = new Map(page.map((one) => [one.task.taskId, one.why]));
    return {
      items: items.map((item) => ({ ...item, why: why.get(item.id)! })),
      nextCursor: nextCursor(offset, limit, found.length), total: found.length, asOf: point.asOf, knownAt: point.knownAt, position: String(point.position),
    };
  }
}
