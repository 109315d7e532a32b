import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CountedTask } from '#figures';
import { instantVi } from '#kernel';
import { listOf, sorted, exceptionsOf, SORTS } from '../dashboard/dashboard-list.ts';
import { readAsked, readRules, type DashboardListDto, type ExceptionsDto } from '../dashboard/dashboard-question.ts';
import { listCounted, askQuestion } from '../figures/figures-service.ts';
import type { FiguresChangesDto, FiguresListDto, TaskListDto } from '../http/dto.ts';
import { oneOf, readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { dueParts } from '../tasks/task-items.ts';
import { taskPage } from '../tasks/task-list.ts';
import type { ExportItem, ExportQuestion } from './export-rows.ts';

/** A list that goes out as a file. */
export interface ListToExport {
  readonly point: Pick<Point, 'at' | 'day' | 'known'>;
  readonly total: number;
  readonly title: string;
  readonly more: readonly string[];
  /** In its order, each with what the list says of it besides. */
  readonly rows: AsyncIterable<readonly { readonly task: CountedTask; readonly more: readonly string[] }[]>;
}

const SLICE = 500;
const PAGE = 10_000;

async function* slicesOf<T>(all: readonly T[], row: (one: T) => { readonly task: CountedTask; readonly more: readonly string[] }) {
  for (let from = 0; from < all.length; from += SLICE) {
    yield all.slice(from, from + SLICE).map(row);
    await nextTurn();
  }
}

const plainRow = (task: CountedTask) => ({ task, more: [] });

export async function tasksToExport(dto: Omit<TaskListDto, 'limit' | 'cursor' | 'row'>, runtime: Runtime): Promise<ListToExport> {
  const point = await readPoint(dto, runtime);
  const first = await taskPage(dto, point, runtime, { offset: 0, limit: PAGE });
  async function* rows() {
    yield* slicesOf(first.items, plainRow);
    for (let offset = PAGE; offset < first.total; offset += PAGE) yield* slicesOf((await taskPage(dto, point, runtime, { offset, limit: PAGE })).items, plainRow);
  }
  return { point, total: first.total, title: 'Danh sách nhiệm vụ', more: [], rows: rows() };
}

export async function countedToExport(dto: Omit<FiguresListDto, 'limit' | 'cursor'>, runtime: Runtime): Promise<ListToExport> {
  const point = await readPoint(dto, runtime);
  const counted = listCounted(await askQuestion(dto, point, runtime), dto, runtime);
  return { point, total: counted.length, title: 'Danh sách nhiệm vụ của một số liệu', more: [], rows: slicesOf(counted, plainRow) };
}

export async function changesToExport(dto: Omit<FiguresChangesDto, 'limit'>, runtime: Runtime): Promise<ListToExport> {
  const now = await readPoint(dto, runtime);
  const question = await askQuestion(dto, now, runtime);
  const sinceKnownAt = dto.sinceKnownAt ?? dto.knownAt;
  const since = await readPoint({ asOf: dto.sinceAsOf ?? now.asOf, ...(sinceKnownAt === undefined ? {} : { knownAt: sinceKnownAt }) }, runtime, 'since');
  const changes = runtime.columns.changes((await askQuestion(dto, since, runtime, question.period)).query, question.query);
  const all = [...changes.entered.map((one) => ({ ...one, word: 'Vào nhóm' })), ...changes.left.map((one) => ({ ...one, word: 'Ra khỏi nhóm' })), ...changes.changed.map((one) => ({ ...one, word: 'Có thay đổi' }))];
  return {
    point: now, total: all.length, title: 'Thay đổi giữa hai thời điểm', more: ['Thay đổi', 'Ô trước', 'Ô sau'],
    rows: slicesOf(all, ({ before, after, word }) => ({ task: (after ?? before)!, more: [word, before?.cell ?? '', after?.cell ?? ''] })),
  };
}

export async function dashboardToExport(dto: Omit<DashboardListDto, 'limit' | 'cursor'>, runtime: Runtime): Promise<ListToExport> {
  const asked = await readAsked(dto, runtime);
  const { tasks, point } = await listOf(dto.what, dto.week, asked, runtime);
  return { point, total: tasks.length, title: 'Danh sách nhiệm vụ trên bảng điều hành', more: [], rows: slicesOf(sorted(tasks, oneOf('sort', dto.sort, SORTS, 'due'), runtime), plainRow) };
}

export async function exceptionsToExport(dto: Omit<ExceptionsDto, 'limit' | 'cursor'>, runtime: Runtime): Promise<ListToExport> {
  const asked = await readAsked(dto, runtime);
  const found = await exceptionsOf(readRules(dto.rules), asked, runtime);
  return { point: asked.point, total: found.length, title: 'Việc cần xem', more: ['Vì sao'], rows: slicesOf(found, ({ task, why }) => ({ task, more: [why.map(({ words }) => words).join('; ')] })) };
}

/** What the writer asks of the log and what it is told, slice by slice: codes are read where the list is, so that the writer needs no read model. */
export function exportOf(list: ListToExport, format: ExportQuestion['format'], runtime: Runtime): { readonly question: ExportQuestion; readonly slices: AsyncGenerator<readonly ExportItem[]> } {
  const { reference, board } = runtime;
  const { at, day, known } = list.point;
  const heading = `${list.title} · ${String(list.total)} việc · tính đến ${instantVi(at)}`;
  // As called then; a unit of any time may coordinate.
  const unitNames = Object.fromEntries(reference.organisation.all().map(({ id }) => [id, reference.unitName(id, day, known)]));
  async function* slices(): AsyncGenerator<readonly ExportItem[]> {
    for await (const rows of list.rows) {
      const codes = await board.codesOf(rows.map(({ task }) => task.taskId), known);
      yield rows.map(({ task, more }) => ({ taskId: task.taskId, code: codes.get(task.taskId) ?? '', unitId: task.unitId, cell: task.cell, dueOn: dueParts(task.due).dueOn, more }));
    }
  }
  return { question: { format, at, known: String(known), heading, more: list.more, unitNames, authorityNames: reference.authorities, total: list.total }, slices: slices() };
}
