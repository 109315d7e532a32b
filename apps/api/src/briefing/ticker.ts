import { tickerWords, type Briefing } from '#briefing';
import type { RecordedEvent } from '#event-log';
import { CELLS, type Cell, type CountedTask } from '#figures';
import { isoInstant } from '#kernel';
import { taskIdOf, toFact } from '#tasks';
import { unitScope } from '../figures/figures-service.ts';
import type { Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { sinceOf } from './briefing-points.ts';
import type { ChangesAfterCutOff } from './changes.ts';
import { unitShort } from './views.ts';

/** Facts of tasks in the meeting's scope that its figures do not see, as known at the point; oldest first. */
export async function changesIn(id: string, briefing: Briefing, point: Point, changes: ChangesAfterCutOff, runtime: Runtime): Promise<readonly RecordedEvent[]> {
  const all = await changes.upTo(await sinceOf(id, briefing, runtime), point.known);
  if (briefing.unitId === null) return all;
  const units = unitScope(briefing.unitId, 'tree', 'was', point, runtime);
  const inScope = new Map<string, boolean>();
  return all.filter(({ stream }) => {
    const taskId = taskIdOf(stream);
    const found = inScope.get(taskId) ?? runtime.columns.ofTask(taskId, point.at, point.known).some(({ unitId }) => units.has(unitId));
    inScope.set(taskId, found);
    return found;
  });
}

/** The last changes in words, newest first, each with what it did to the live cells. */
export async function tickerItems(events: readonly RecordedEvent[], limit: number, point: Point, runtime: Runtime): Promise<object[]> {
  const last = events.slice(-limit).reverse();
  const shown = new Map((await runtime.board.byIds([...new Set(last.map(({ stream }) => taskIdOf(stream)))], point.known)).map((task) => [task.id, task]));
  return last.map((event) => {
    const taskId = taskIdOf(event.stream);
    const task = shown.get(taskId);
    const fact = toFact(event);
    const at = (known: bigint): CountedTask | undefined => runtime.columns.ofTask(taskId, point.at, known).at(-1);
    const [before, after] = [at(event.position - 1n), at(event.position)];
    const unitId = fact.type === 'CoordinationAnswered' ? fact.data.unitId : (after ?? before)?.unitId;
    const counted = task !== undefined && !task.routine && task.parentTaskId === null;
    return {
      position: String(event.position), at: isoInstant(event.recordedAt), occurredAt: isoInstant(event.occurredAt), type: event.type, taskId, code: task?.code ?? null, unitId: unitId ?? null, unitShort: unitId === undefined ? null : unitShort(unitId, runtime, point.known),
      words: tickerWords(fact), effect: counted ? effectOf(before, after) : {},
    };
  });
}

function effectOf(before: CountedTask | undefined, after: CountedTask | undefined): Partial<Record<Cell, number>> {
  if (before?.cell === after?.cell) return {};
  const effect: Partial<Record<Cell, number>> = {};
  for (const cell of CELLS) {
    const change = Number(after?.cell === cell) - Number(before?.cell === cell);
    if (change !== 0) effect[cell] = change;
  }
  return effect;
}
