import type { Briefing } from '#briefing';
import type { Actor } from '#event-log';
import type { Raised } from '#figures';
import { taskStream } from '#tasks';
import { unitScope } from '../figures/figures-service.ts';
import type { Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import { positionOf, presentPoint } from './briefing-points.ts';

export interface RaisedTask extends Raised {
  readonly taskId: string;
  /** Who leads it now. */
  readonly unitId: string;
}

/**
 * Tasks put on the agenda of a meeting, in the order in which they were: those of its scope that were raised after the meeting before it in
 * the scope was closed, before it was opened or while it is held. The place of the fact in the log says it all: no list is kept, and what is
 * raised while no meeting is open waits for the next one.
 */
export async function raisedFor(briefing: Briefing, present: Point, runtime: Runtime): Promise<readonly RaisedTask[]> {
  const { columns, marks } = runtime;
  const previous = briefing.previousId === null ? undefined : runtime.briefings.get(briefing.previousId)?.state.closed;
  const raised = marks.raisedBetween(previous ? await positionOf(previous.known, runtime) : 0n, present.known);
  if (raised.length === 0) return [];
  const units = briefing.unitId === null ? null : unitScope(briefing.unitId, 'tree', 'was', present, runtime);
  return raised.flatMap((one) => {
    const taskId = columns.taskNumbered(one.task);
    const unitId = columns.ofTask(taskId, present.at, present.known).at(-1)?.unitId;
    return unitId === undefined || (units !== null && !units.has(unitId)) ? [] : [{ ...one, taskId, unitId }];
  });
}

/** The same, as seen at the present of the meeting. */
export async function raisedNow(briefing: Briefing, runtime: Runtime): Promise<readonly RaisedTask[]> {
  return raisedFor(briefing, await presentPoint(briefing, runtime), runtime);
}

/** Why a task was put on the agenda, and by whom. */
export async function raisingOf({ taskId, position }: RaisedTask, { log }: Pick<Runtime, 'log'>): Promise<{ readonly reason: string; readonly actor: Actor } | undefined> {
  const fact = (await log.readStream(taskStream(taskId))).find((event) => event.position === position);
  return fact && { reason: fact.data['reason'] as string, actor: fact.metadata.actor };
}
