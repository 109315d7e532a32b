import { CELLS, OUT_REASONS, Told, type CountedTask } from '#figures';
import { dayOf, isDay, isoInstant } from '#kernel';
import { leadsAsked } from '../figures/figures-service.ts';
import type { PointDto, TaskListDto } from '../http/dto.ts';
import { badParameter, oneOf, readPage, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';

const DAY_MS = 86_400_000;
const SORTS = ['code', 'due', 'assigned', 'unit'] as const;

/** What a list is asked with besides its point and its page. */
export type TaskFilter = Omit<TaskListDto, 'asOf' | 'knownAt' | 'atLeast' | 'limit' | 'cursor' | 'row'>;

/** The tasks that pass a filter at a point, in the order asked for. @throws Problem naming the wrong parameter. */
export async function taskPage(query: TaskFilter, point: Point, runtime: Runtime, { offset, limit }: { readonly offset: number; readonly limit: number }): Promise<{ readonly total: number; readonly items: readonly CountedTask[] }> {
  const organisedAs = oneOf('organisedAs', query.organisedAs, ['was', 'is'], 'was');
  const scope = oneOf('scope', query.scope, ['self', 'tree'], 'self');
  const units = leadsAsked(query, scope, organisedAs, point, runtime);
  const coordinating = oneOf('role', query.role, ['lead', 'coordinating'], 'lead') === 'coordinating';
  const asked = query.cell === undefined ? undefined : new Set<string>(query.cell.split(',').map((cell) => oneOf('cell', cell, [...CELLS, ...OUT_REASONS], 'O1')));
  const sort = oneOf('sort', query.sort, SORTS.flatMap((by) => [by, `-${by}`] as const), 'code');
  const by = sort.replace('-', '') as (typeof SORTS)[number];
  const dueFrom = dayParameter('dueFrom', query.dueFrom);
  const dueTo = dayParameter('dueTo', query.dueTo);
  const stale = staleBefore(query.staleDays, point);
  const { board, columns, coordination, marks, reference } = runtime;
  const among: ReadonlySet<string>[] = [];
  if (query.q !== undefined && query.q.trim() !== '') among.push(await board.search(query.q, point.known));
  if (query.documentNumber !== undefined && query.documentNumber.trim() !== '') among.push(await board.withDocumentNumber(query.documentNumber, point.known));
  const starred = query.starred === undefined ? undefined : oneOf('starred', query.starred, ['true', 'false'], 'true') === 'true';
  const stars = starred === undefined ? undefined : await board.starred(point.known);

  const where = {
    at: point.at, known: point.known, ...(units === undefined || coordinating ? {} : { unitIds: units }), ...(query.authority === undefined || query.authority === 'all' ? {} : { authority: query.authority }),
    ...(query.field === undefined ? {} : { field: query.field }),
  };
  const told = new Told();
  const tests: ((taskId: string, due: number, cell: string) => boolean)[] = among.map((ids) => (taskId) => ids.has(taskId));
  if (dueFrom !== undefined) tests.push((_, due) => due !== Infinity && dayOf(due) >= dueFrom);
  if (dueTo !== undefined) tests.push((_, due) => due !== Infinity && dayOf(due) <= dueTo);
  if (stars !== undefined) tests.push((taskId) => stars.has(taskId) === starred);
  if (coordinating) tests.push((taskId) => coordination.at(taskId, point.known).some(({ unitId }) => units === undefined || units.has(unitId)));
  if (stale !== undefined) tests.push((taskId, _, cell) => cell.startsWith('O') && !(marks.read(columns.numberOfTask(taskId)!, point.at, point.known, told).updatedAt >= stale));
  return columns.page(
    where,
    // A task that was transferred stands under its present lead; the former ones only where that is asked.
    (cell) => (asked === undefined ? cell !== 'transferred' : asked.has(cell)),
    { passes: tests.length === 0 ? undefined : (...one) => tests.every((test) => test(...one)), by, descending: sort.startsWith('-'), offset, limit, ...(by === 'unit' ? { rankOfUnit: alphabetical((id) => reference.unitName(id, point.day, point.known)) } : {}) },
  );
}

/** The place of every unit in the order of names, as Vietnamese readers expect it. */
function alphabetical(nameOf: (unitId: string) => string): (unitIds: readonly string[]) => readonly number[] {
  const order = new Intl.Collator('vi');
  return (unitIds) => {
    const named = unitIds.map((id, at) => ({ at, name: nameOf(id) })).sort((a, b) => order.compare(a.name, b.name));
    const ranks: number[] = [];
    named.forEach(({ at }, rank) => { ranks[at] = rank; });
    return ranks;
  };
}

/**
 * Which page: `limit`, and where it begins. A cursor also names the point of the first page, so that the following ones are of the same moment:
 * no row comes twice or is left out because somebody recorded something meanwhile. `row` goes to any row of that list.
 */
export function readListPage(query: Pick<TaskListDto, 'limit' | 'cursor' | 'row' | 'asOf' | 'knownAt' | 'atLeast'>): { readonly limit: number; readonly offset: number; readonly pinned: PointDto } {
  if (query.row !== undefined && !/^\d{1,9}$/.test(query.row)) throw badParameter('row', query.row, 'số thứ tự của một dòng, từ 0');
  const m = /^([0-9a-z]{1,8})\.(\d{1,18})\.(\d{1,16})$/.exec(query.cursor ?? '');
  const page = readPage({ ...(query.limit === undefined ? {} : { limit: query.limit }), ...(query.cursor === undefined ? {} : { cursor: m?.[1] ?? query.cursor }) });
  const { asOf = m === null ? undefined : isoInstant(Number(m[3])), knownAt = m === null ? undefined : `position:${m[2]!}`, atLeast } = query;
  const pinned = { ...(asOf === undefined ? {} : { asOf }), ...(knownAt === undefined ? {} : { knownAt }), ...(atLeast === undefined ? {} : { atLeast }) };
  return { limit: page.limit, offset: query.row === undefined ? page.offset : Number(query.row), pinned };
}

export function nextListCursor(next: number, total: number, { position, at }: Point): string | null {
  return next < total ? `${next.toString(36)}.${String(position)}.${String(at)}` : null;
}

function dayParameter(name: string, given: string | undefined): string | undefined {
  if (given !== undefined && !isDay(given)) throw badParameter(name, given, 'một ngày có thật, YYYY-MM-DD', 422);
  return given;
}

/** Open work last told about before this instant is stale. */
function staleBefore(given: string | undefined, { at }: Point): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,4}$/.test(given)) throw badParameter('staleDays', given, 'số ngày từ 0 đến 9999');
  return at - Number(given) * DAY_MS;
}
