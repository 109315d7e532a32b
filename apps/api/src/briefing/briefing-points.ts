import type { Briefing, KnownPoint } from '#briefing';
import type { Position } from '#event-log';
import { isoInstant } from '#kernel';
import { unitScope } from '../figures/figures-service.ts';
import { badParameter, readPoint, type Point } from '../http/points.ts';
import type { Runtime } from '../runtime.ts';
import type { Since } from './changes.ts';

const positions = new WeakMap<object, Map<string, Position>>();

/** Where the named event stands in this log: its position when it was named may be one of another store. */
export async function positionOf({ position, eventId }: KnownPoint, { log }: Pick<Runtime, 'log'>): Promise<Position> {
  if (eventId === null) return 0n;
  let known = positions.get(log);
  if (!known) positions.set(log, (known = new Map()));
  const found = known.get(eventId) ?? (await log.readEvent(eventId))?.position ?? BigInt(position);
  known.set(eventId, found);
  return found;
}

/** The cut-off of a meeting: what had happened by then, as known when it was opened. */
export async function frozenPoint({ cutOff, known }: Pick<Briefing, 'cutOff' | 'known'>, runtime: Runtime): Promise<Point> {
  return readPoint({ asOf: isoInstant(cutOff), knownAt: `position:${String(await positionOf(known, runtime))}` }, runtime);
}

/** The present of a meeting: now while it is open; when it was closed, the moment of the closing. */
export async function presentPoint({ closed }: Briefing, runtime: Runtime, atLeast?: string): Promise<Point> {
  if (closed === null) return readPoint(atLeast === undefined ? {} : { atLeast }, runtime);
  return readPoint({ asOf: isoInstant(closed.at), knownAt: `position:${String(await positionOf(closed.known, runtime))}` }, runtime);
}

export async function sinceOf(id: string, briefing: Briefing, runtime: Runtime): Promise<Since> {
  return { briefingId: id, cutOff: briefing.cutOff, known: await positionOf(briefing.known, runtime) };
}

/** @throws Problem 422 for a unit that does not exist, or does not belong to the meeting. */
export function requireUnitInScope(unitId: string, { unitId: scope }: Pick<Briefing, 'unitId'>, point: Point, runtime: Runtime): void {
  const units = unitScope(scope ?? unitId, 'tree', 'was', point, runtime);
  if (!units.has(unitId)) throw badParameter('unitId', unitId, 'một đơn vị thuộc phạm vi của phiên', 422);
}
