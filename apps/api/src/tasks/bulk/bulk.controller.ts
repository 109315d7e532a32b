import { Body, Controller, HttpCode, Inject, Post, Req, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Problem } from '#kernel';
import { actorOf, idempotencyKey, requireRole } from '../../http/actor.ts';
import { BulkDto, BulkPreviewDto, BulkUndoDto, type BulkTargetDto, type TaskFilterDto } from '../../http/dto.ts';
import { readPoint } from '../../http/points.ts';
import { refuseSecrecyMark } from '../../http/secrecy.ts';
import { validationPipe } from '../../http/validation.ts';
import type { Runtime } from '../../runtime.ts';
import { RUNTIME } from '../../tokens.ts';
import { ExecuteTaskCommand } from '../execute-task-command.ts';
import { invalid } from '../task-command-reader.ts';
import { taskPage } from '../task-list.ts';
import type { CommandAnswer, CommandRequest } from '../task-service.ts';
import { BULK_BODIES, type BulkPath } from './bulk-actions.ts';
import { allowedAmong, bulkItems, bulkPath, effectOn, execute, foresee, undoItems, type BulkRefusal, type Recorded } from './bulk-service.ts';

const MOST = 500;

/** One command for many tasks: rehearsed, given, taken back. Each task stands for itself. */
@ApiTags('bulk')
@ApiHeader({ name: 'X-Actor', required: false })
@Controller('tasks/bulk')
export class BulkController {
  private readonly runtime: Runtime;
  private readonly bus: CommandBus;
  private readonly pipe = validationPipe();

  constructor(@Inject(RUNTIME) runtime: Runtime, @Inject(CommandBus as Type<CommandBus>) bus: CommandBus) {
    this.runtime = runtime;
    this.bus = bus;
  }

  @Post('preview') @HttpCode(200)
  @ApiOperation({ summary: 'Một lệnh cho nhiều việc sẽ làm gì: từng việc được hay không, và số liệu trước → sau; không ghi gì' })
  async preview(@Body() { action, tasks, filter, body }: BulkPreviewDto, @Req() request: Request): Promise<object> {
    const { runtime } = this;
    const actor = actorOf(request, runtime);
    const path = action === undefined ? undefined : bulkPath(action);
    const targets = await this.targets(tasks, filter);
    const point = await readPoint({}, runtime);
    const asked = { total: targets.length, asOf: point.asOf, position: String(point.position) };
    if (path === undefined) return { actions: await allowedAmong(targets.map(({ id }) => id), actor, runtime), tasks: targets, ...asked };
    const items = await foresee(bulkItems(path, targets, await this.bodyOf(path, body), actor, runtime), runtime);
    return { action: path, ...asked, ...talliesOf(items), cells: effectOn(items), items };
  }

  @Post() @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Ghi một lệnh cho nhiều việc, mỗi việc đứng riêng; gửi lại cùng Idempotency-Key để làm nốt phần còn lại' })
  async give(@Body() { action, tasks, body }: BulkDto, @Req() request: Request): Promise<object> {
    const path = bulkPath(action);
    const key = requireKey(request);
    const actor = actorOf(request, this.runtime);
    const targets = await this.targets(tasks, undefined);
    const items = await execute(bulkItems(path, targets, await this.bodyOf(path, body), actor, this.runtime, key), this.runtime, key, this.run);
    return { action: path, ...answerOf(items) };
  }

  @Post('undo') @HttpCode(200)
  @ApiHeader({ name: 'Idempotency-Key', required: true })
  @ApiOperation({ summary: 'Hủy ghi nhận nhiều sự kiện vừa ghi (văn phòng), một lý do' })
  async undo(@Body() { facts, ...body }: BulkUndoDto, @Req() request: Request): Promise<object> {
    const key = requireKey(request);
    const actor = actorOf(request, this.runtime);
    requireRole(actor, ['office'], 'hủy ghi nhận');
    bounded(facts.map(({ eventId }) => eventId), '/facts');
    refuseSecrecyMark(body);
    const items = await execute(undoItems(facts, body, actor, this.runtime, key), this.runtime, key, this.run);
    return { action: 'annul', ...answerOf(items) };
  }

  private readonly run = (request: CommandRequest): Promise<CommandAnswer> => this.bus.execute(new ExecuteTaskCommand(request));

  /** The tasks named, or all that a filter finds now. */
  private async targets(tasks: readonly BulkTargetDto[] | undefined, filter: TaskFilterDto | undefined): Promise<readonly { readonly id: string; readonly revision?: number }[]> {
    if ((tasks === undefined) === (filter === undefined)) throw invalid('/tasks', 'tasks-or-filter', 'Cần đúng một trong hai: tasks hoặc filter.', null);
    if (tasks !== undefined) {
      bounded(tasks.map(({ id }) => id), '/tasks');
      return tasks.map(({ id, revision }) => ({ id, ...(revision === undefined ? {} : { revision }) }));
    }
    const point = await readPoint({}, this.runtime);
    const page = await taskPage(filter!, point, this.runtime, { offset: 0, limit: MOST });
    if (page.total > MOST) throw invalid('/filter', 'too-many-tasks', `Bộ lọc có ${String(page.total)} việc; mỗi lần tối đa ${String(MOST)} việc. Thu hẹp bộ lọc hoặc chọn từng phần.`, page.total);
    // A task stands in a list once for each of its leads.
    return [...new Set(page.items.map(({ taskId }) => taskId))].map((id) => ({ id }));
  }

  /** Read as the door of the single command reads it; places are named below `/body`. */
  private async bodyOf(path: BulkPath, body: Record<string, unknown> = {}): Promise<object> {
    refuseSecrecyMark({ body });
    try {
      const read = (await this.pipe.transform(body, { type: 'body', metatype: BULK_BODIES[path] })) as object;
      if (path === 'extension-grants' || path === 'extension-requests') {
        const given = read as { readonly deadline?: unknown; readonly addWorkingDays?: unknown };
        if ((given.deadline === undefined) === (given.addWorkingDays === undefined)) throw invalid('/deadline', 'deadline-ambiguous', 'Cần đúng một trong hai: deadline hoặc addWorkingDays.', null);
      }
      return read;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      throw new Problem(error.status, error.code, error.title, error.detail, { errors: error.errors.map((item) => ({ ...item, pointer: `/body${item.pointer}` })), extra: error.extra });
    }
  }
}

function requireKey(request: Request): string {
  const key = idempotencyKey(request);
  if (key === undefined) throw new Problem(400, 'idempotency-key-missing', 'Thiếu Idempotency-Key', 'Một lệnh cho nhiều việc cần Idempotency-Key (một UUID): nếu bị ngắt giữa chừng, gửi lại cùng mã để làm nốt mà không ghi hai lần.');
  return key;
}

function bounded(ids: readonly string[], pointer: string): void {
  if (ids.length === 0) throw invalid(pointer, 'tasks-missing', 'Chưa chọn việc nào.', 0);
  if (ids.length > MOST) throw invalid(pointer, 'too-many-tasks', `Đã chọn ${String(ids.length)} việc; mỗi lần tối đa ${String(MOST)} việc.`, ids.length);
  const twice = ids.findIndex((id, n) => ids.indexOf(id) !== n);
  if (twice >= 0) throw invalid(`${pointer}/${String(twice)}`, 'task-twice', 'Một việc được nêu hai lần.', ids[twice]);
}

const talliesOf = (items: readonly { readonly ok: boolean }[]): { readonly accepted: number; readonly refused: number } => {
  const accepted = items.filter(({ ok }) => ok).length;
  return { accepted, refused: items.length - accepted };
};

/** `position`: the last of what was recorded, so that a question can wait for all of it. */
function answerOf(items: readonly (Recorded | BulkRefusal)[]): object {
  const { accepted, refused } = talliesOf(items);
  const positions = items.flatMap((item) => (item.ok ? [BigInt(item.position)] : []));
  const position = positions.reduce((most, one) => (one > most ? one : most), 0n);
  return { total: items.length, recorded: accepted, refused, repeated: items.filter((item) => item.ok && item.repeated).length, position: String(position), items };
}
