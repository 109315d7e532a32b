import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog, JsonObject, NewEvent } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { derivedId, isoInstant, startOfDay, type Day, type Instant, type ManualClock } from '#kernel';
import { unitStream, type UnitEvent } from '#organisation';
import { taskIdOf, taskStream, toFact, type TaskFact } from '#tasks';
import type { ToldLog } from '#tasks/lives.features';
import { LOG_FILE } from '../../apps/api/src/data-files.ts';

/** A fact of a unit and when it is recorded. */
export interface ToldUnitFact {
  readonly event: UnitEvent;
  readonly recordedAt: Instant;
}

interface Entry {
  readonly recordedAt: Instant;
  readonly stream: string;
  readonly event: Omit<NewEvent, 'metadata' | 'schema'>;
}

/** Ids as doors take them; `t3` of the n-th told log and its `t3-7` become UUIDs wherever they stand. */
function withRealIds(value: unknown, n: number): unknown {
  if (typeof value === 'string') return /^t\d+(-\d+)?$/.test(value) ? derivedId('told', String(n), value) : value;
  if (Array.isArray(value)) return value.map((one) => withRealIds(one, n));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withRealIds(inner, n)]));
}

/** Writes told lives and units into the log of a data folder, in the order of their recording, each at its own time. */
export async function writeTold(dataDir: string, clock: ManualClock, told: readonly ToldLog[], units: readonly ToldUnitFact[]): Promise<void> {
  const entries: Entry[] = [
    ...units.map(({ event, recordedAt }, n): Entry => ({
      recordedAt, stream: unitStream(event.data.id),
      event: { id: derivedId('told-unit', String(n)), type: event.type, data: event.data as unknown as JsonObject, occurredAt: startOfDay(event.type === 'UnitEstablished' ? event.data.establishedOn : event.data.on) },
    })),
    ...told.flatMap(({ log }, n) =>
      log.map(({ taskId, fact }): Entry => ({
        recordedAt: fact.recordedAt, stream: taskStream(derivedId('told', String(n), taskId)),
        event: { id: derivedId('told', String(n), fact.eventId), type: fact.type, data: withRealIds(fact.data, n) as JsonObject, occurredAt: fact.occurredAt },
      })),
    ),
  ].sort((a, b) => a.recordedAt - b.recordedAt);
  mkdirSync(dataDir, { recursive: true });
  const log = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock, readOnly: false });
  const revisions = new Map<string, number>();
  for (const { recordedAt, stream, event } of entries) {
    clock.set(recordedAt);
    const expectedRevision = revisions.get(stream) ?? -1;
    const result = await log.append(stream, [{ ...event, schema: 1, metadata: { actor: { id: 'office', role: 'office' } } }], { expectedRevision });
    if (!result.ok) throw new Error(`${stream} at ${isoInstant(recordedAt)}: not written`);
    revisions.set(stream, expectedRevision + 1);
  }
  await log.close();
}

/** What a log says, as a reference reads it: task by task, unit by unit, and when what was recorded. */
export interface ReadLog {
  readonly tasks: readonly { readonly taskId: string; readonly facts: readonly TaskFact[] }[];
  readonly units: readonly (UnitEvent & { readonly position: bigint })[];
  readonly recorded: readonly { readonly id: string; readonly position: bigint; readonly recordedAt: Instant }[];
}

export async function readLog(log: EventLog): Promise<ReadLog> {
  const events = await log.readAll({ after: 0n, limit: 100_000 });
  const tasks = new Map<string, TaskFact[]>();
  const units: (UnitEvent & { readonly position: bigint })[] = [];
  for (const event of events) {
    if (event.stream.startsWith('unit-')) units.push({ type: event.type, data: event.data, position: event.position } as unknown as UnitEvent & { position: bigint });
    if (!event.stream.startsWith('task-')) continue;
    const taskId = taskIdOf(event.stream);
    tasks.set(taskId, [...(tasks.get(taskId) ?? []), toFact(event)]);
  }
  return { tasks: [...tasks].map(([taskId, facts]) => ({ taskId, facts })), units, recorded: events.map(({ id, position, recordedAt }) => ({ id, position, recordedAt })) };
}

type Units = ReadLog['units'];
const dayOfFact = (fact: Units[number]): Day => (fact.type === 'UnitEstablished' ? fact.data.establishedOn : fact.data.on);
const heardOf = (units: Units, known: bigint | null): Units => units.filter(({ position }) => known === null || position <= known);

/** The unit that stands for it now, the naive way: follow what was merged or split until nothing follows. */
export function naiveSuccessor(units: Units, unitId: string, known: bigint | null): string {
  const end = heardOf(units, known).find((fact) => fact.data.id === unitId && (fact.type === 'UnitMerged' || fact.type === 'UnitSplit'));
  return end?.type === 'UnitMerged' ? naiveSuccessor(units, end.data.intoUnitId, known) : end?.type === 'UnitSplit' ? naiveSuccessor(units, end.data.heirUnitId, known) : unitId;
}

/** The unit it stood under: by the last fact that placed it by the day (all days: now). */
function naiveParent(units: Units, unitId: string, known: bigint | null, on?: Day): string | null {
  const placed = heardOf(units, known).filter((fact) => fact.data.id === unitId && (fact.type === 'UnitMoved' || fact.type === 'UnitEstablished') && (on === undefined || dayOfFact(fact) <= on)).sort((a, b) => (dayOfFact(a) < dayOfFact(b) ? -1 : dayOfFact(a) > dayOfFact(b) ? 1 : Number(a.position - b.position)));
  const last = placed.at(-1);
  return last?.type === 'UnitMoved' || last?.type === 'UnitEstablished' ? (last.data.parentId ?? null) : null;
}

/** The leads whose results count for a unit (domain.md §6): asks every unit whether it stood, or stands, there. */
export function naiveScope(units: Units, unitId: string, { scope, organisedAs, known, on }: { readonly scope: 'self' | 'tree'; readonly organisedAs: 'was' | 'is'; readonly known: bigint | null; readonly on: Day }): ReadonlySet<string> {
  const ids = new Set(heardOf(units, known).map((fact) => fact.data.id));
  const under = (id: string | null): boolean => {
    if (id === null) return false;
    const here = organisedAs === 'is' ? naiveSuccessor(units, id, known) : id;
    return here === unitId || (scope === 'tree' && under(naiveParent(units, here, known, organisedAs === 'is' ? undefined : on)));
  };
  return new Set([...ids].filter(under));
}
