import { dayOf, startOfDay } from '#kernel';
import { REPAIRS, type TaskAssignedData, type TaskFact } from './events.ts';

/** What remains of a task's facts after its repairs (domain.md §2 ↶). */
export interface Repaired {
  /** In log order: without repairs and without what they annulled, the assignment as corrected. */
  readonly effective: readonly TaskFact[];
  /** The void in force: the task was never a task. */
  readonly voided: TaskFact | undefined;
  /** Event id of an annulled fact → the annulment in force. */
  readonly annulledBy: ReadonlyMap<string, TaskFact>;
}

const NOTHING: ReadonlyMap<string, TaskFact> = new Map();

/**
 * Applies the repairs of a task to its facts, given in log order. An annulment always names an earlier fact, so walking backwards knows of
 * each repair whether it still stands: annulling an annulment brings the fact back.
 */
export function repair(facts: readonly TaskFact[]): Repaired {
  if (!facts.some(({ type }) => REPAIRS.has(type))) return { effective: facts, voided: undefined, annulledBy: NOTHING };
  const annulledBy = new Map<string, TaskFact>();
  for (let n = facts.length - 1; n >= 0; n--) {
    const fact = facts[n]!;
    if (fact.type === 'FactAnnulled' && !annulledBy.has(fact.eventId)) annulledBy.set(fact.data.annulledEventId, fact);
  }
  const effective: TaskFact[] = [];
  let assigned = -1;
  let voided: TaskFact | undefined;
  for (const fact of facts) {
    if (fact.type === 'FactAnnulled' || annulledBy.has(fact.eventId)) continue;
    if (fact.type === 'TaskVoided') voided = fact;
    else if (fact.type === 'TaskCorrected') {
      const before = effective[assigned];
      if (before?.type === 'TaskAssigned') effective[assigned] = corrected(before, fact);
    } else {
      if (fact.type === 'TaskAssigned') assigned = effective.length;
      effective.push(fact);
    }
  }
  return { effective, voided, annulledBy };
}

function corrected(assigned: TaskFact & { readonly type: 'TaskAssigned' }, { data: { changes } }: TaskFact & { readonly type: 'TaskCorrected' }): TaskFact {
  const values: readonly (readonly [string, unknown])[] = Object.entries(changes).map(([field, change]) => [field, change.new] as const);
  // `null` takes an optional field away.
  const data: unknown = Object.fromEntries([...Object.entries(assigned.data), ...values].filter(([field]) => !values.some(([changed, value]) => changed === field && value === null)));
  const { assignedOn } = data as TaskAssignedData;
  // An hour stays the hour of its day; on another day the assignment stands at 00:00 like any fact given by day.
  const occurredAt = dayOf(assigned.occurredAt) === assignedOn ? assigned.occurredAt : startOfDay(assignedOn);
  return { ...assigned, data: data as typeof assigned.data, occurredAt };
}
