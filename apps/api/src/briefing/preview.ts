import { deadlineVi, KIND_NAMES_VI, type Briefing, type ConclusionKind } from '#briefing';
import { lastInstantInTime } from '#deadlines';
import type { RecordedEvent, StreamAppend } from '#event-log';
import { CELLS, Columns, learn, newTask, type Cell, type Counts } from '#figures';
import { dayOf } from '#kernel';
import { fold, taskIdOf, taskStream, toFact, type TaskFact } from '#tasks';
import { readQuestion } from '../figures/figures-service.ts';
import { readPoint } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import type { BriefingService } from './briefing-service.ts';
import { unitShort } from './views.ts';

type Cells = Counts['cells'];
type Planned = Awaited<ReturnType<BriefingService['plan']>>;
const AFTER_ALL = BigInt(Number.MAX_SAFE_INTEGER);

/** What a conclusion would record: in words, its deadline with the counting, and what it would do to the live figures. Frozen ones never change. */
export async function previewOf({ state, append, command, warnings }: Planned, runtime: Runtime): Promise<object> {
  const taskId = append === undefined ? command.taskId : taskIdOf(append.stream);
  const code = taskId === undefined ? null : ((await runtime.board.byId(taskId))?.code ?? null);
  const { marks, effect, effects } = append === undefined ? { marks: [], effect: null, effects: [] } : await effectOf(state, append, runtime);
  const unit = command.unitId === undefined ? null : unitShort(command.unitId, runtime);
  const kind = command.kind as ConclusionKind;
  const due = command.deadline === undefined ? '' : `, ${command.deadline.kind === 'none' ? '' : 'hạn '}${deadlineVi(command.deadline)}`;
  return {
    sentence: `${KIND_NAMES_VI[kind]}${code === null ? '' : ` ${code}`}${unit === null ? '' : `, ${unit}`}${due}.`, marks, deadline: command.deadline ?? null, events: append?.events.map(({ type }) => type) ?? [], number: state.conclusions.length + 1,
    effect: effect ?? { unitId: command.unitId ?? null, before: {}, after: {}, overdueBefore: null, overdueAfter: null }, others: effects, warnings,
  };
}

async function effectOf(state: Briefing, append: StreamAppend, runtime: Runtime): Promise<{ marks: string[]; effect: object | null; effects: object[] }> {
  const point = await readPoint({}, runtime);
  const taskId = taskIdOf(append.stream);
  const recorded = await runtime.log.readStream(taskStream(taskId));
  const planned = append.events.map((event, n): RecordedEvent => ({ ...event, stream: append.stream, revision: recorded.length + n, position: AFTER_ALL - BigInt(append.events.length - n), recordedAt: event.occurredAt }));
  const [before, after] = [recorded, [...recorded, ...planned]].map((events) => events.map(toFact)) as [TaskFact[], TaskFact[]];
  const { query } = readQuestion({ scope: 'tree', ...(state.unitId === null ? {} : { unitId: state.unitId }) }, point, runtime);
  const at = Math.max(point.at, ...planned.map(({ occurredAt }) => occurredAt));
  const alone = { ...query, at, known: null, groupBy: 'unit' as const };
  const [was, becomes] = [columnsOf(taskId, before), columnsOf(taskId, after)].map((columns) => columns.evaluate(alone)) as [Map<string, Counts>, Map<string, Counts>];
  const now = runtime.columns.evaluate({ ...alone, known: point.known });
  const overdue = [...now.values()].reduce((sum, { cells }) => sum + cells.O2, 0);
  const moved = (unit: string, cell: Cell): number => (becomes.get(unit)?.cells[cell] ?? 0) - (was.get(unit)?.cells[cell] ?? 0);
  const units = [...new Set([...was.keys(), ...becomes.keys()])];
  const overdueAfter = overdue + units.reduce((sum, unit) => sum + moved(unit, 'O2'), 0);
  const effects = units.map((unitId) => {
    const cells = CELLS.filter((cell) => moved(unitId, cell) !== 0);
    const of = (more: boolean): Partial<Cells> => Object.fromEntries(cells.map((cell) => [cell, (now.get(unitId)?.cells[cell] ?? 0) + (more ? moved(unitId, cell) : 0)]));
    return { unitId, unitShort: unitShort(unitId, runtime), before: of(false), after: of(true), overdueBefore: overdue, overdueAfter };
  });
  return { marks: marksOf(before, planned.map(toFact), at), effect: effects[0] ?? null, effects: effects.slice(1) };
}

function columnsOf(taskId: string, facts: readonly TaskFact[]): Columns {
  const known = newTask();
  for (const fact of facts) learn(known, fact);
  const columns = new Columns();
  columns.merge(taskId, known.rows);
  return columns;
}

/** Flags that the figures will carry because of it. */
function marksOf(before: readonly TaskFact[], planned: readonly TaskFact[], at: number): string[] {
  const state = fold(before);
  if (state.kind === 'none') return planned.some((fact) => fact.type === 'TaskAssigned' && lastInstantInTime(fact.data.deadline) < at) ? ['giao khi đã quá hạn'] : [];
  const passed = state.work === 'open' && at > lastInstantInTime(state.deadline);
  return planned.flatMap((fact) => {
    if (fact.type === 'ExtensionGranted' && passed) return ['gia hạn sau khi quá hạn'];
    if (fact.type === 'TaskTransferred' && passed) return ['chuyển khi đang quá hạn'];
    if (fact.type === 'TaskCompleted' && state.submission && dayOf(state.submission.occurredAt) < dayOf(at)) return ['xác nhận sau ngày báo cáo'];
    return [];
  });
}
