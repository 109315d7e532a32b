import type { Actor, JsonObject, RecordedEvent } from '#event-log';
import { dayOf, isoInstant, type Day } from '#kernel';
import { EVENT_NAMES_VI, repair, sentenceOf, tasksNamedIn, toFact, type StoryNames, type TaskFact } from '#tasks';
import type { Runtime } from '../runtime.ts';

/** An event of a task as people read it. */
export interface EventItem {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly schema: number;
  readonly revision: number;
  readonly position: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** Recorded on a later day than it happened. */
  readonly backdated: boolean;
  readonly actor: Actor;
  readonly sentence: string;
  /** The annulment in force that takes it out of the life, and the fact that this one annuls. */
  readonly annulledBy: string | null;
  readonly repairs: string | null;
  readonly effective: boolean;
  readonly data: JsonObject;
}

async function storyNames(facts: readonly TaskFact[], runtime: Runtime, day?: Day, known?: bigint): Promise<StoryNames> {
  const codes = await runtime.board.codesOf(tasksNamedIn(facts), known);
  return { unit: (id) => runtime.reference.unitName(id, day, known), task: (id) => codes.get(id) ?? id, authority: (code) => runtime.reference.authorityName(code) };
}

/** One fact alone in words, of a task that this unit led. */
export const sentenceWith = async (fact: TaskFact, leadUnitId: string, runtime: Runtime): Promise<string> => sentenceOf(fact, await storyNames([fact], runtime), leadUnitId);

/** A task's events, oldest first, each in the words of its day: who led the task when it happened. `known` is where the knowledge ends that names units and tasks. */
export async function eventItems(recorded: readonly RecordedEvent[], runtime: Runtime, day?: Day, known?: bigint): Promise<EventItem[]> {
  const facts = recorded.map(toFact);
  const { effective, annulledBy } = repair(facts);
  const assigned = effective.find((fact) => fact.type === 'TaskAssigned');
  let lead = assigned?.type === 'TaskAssigned' ? assigned.data.leadUnitId : '';
  const names = await storyNames(facts, runtime, day, known);
  return facts.map((fact, n) => {
    const event = recorded[n]!;
    const annulled = annulledBy.get(fact.eventId)?.eventId ?? null;
    const item: EventItem = {
      id: event.id, type: event.type, name: EVENT_NAMES_VI[fact.type], schema: event.schema, revision: event.revision, position: String(event.position),
      occurredAt: isoInstant(event.occurredAt), recordedAt: isoInstant(event.recordedAt), backdated: dayOf(event.recordedAt) > dayOf(event.occurredAt), actor: event.metadata.actor,
      sentence: sentenceOf(fact, names, lead), annulledBy: annulled, repairs: fact.type === 'FactAnnulled' ? fact.data.annulledEventId : null, effective: annulled === null, data: event.data,
    };
    if (fact.type === 'TaskTransferred' && annulled === null) lead = fact.data.toUnitId;
    return item;
  });
}
