import { parseInstant, type Instant } from '#kernel';
import type { AgendaPage, BriefingFact, ConclusionKind, KnownPoint, MadeEvent } from './events.ts';
import type { Deadline } from '#deadlines';

/** A decision of the meeting as it stands now: as amended, and whether it was struck. */
export interface Conclusion {
  readonly id: string;
  readonly number: number;
  readonly kind: ConclusionKind;
  readonly text: string;
  readonly short: string | null;
  readonly reason: string | null;
  readonly taskId: string | null;
  readonly unitId: string | null;
  readonly deadline: Deadline | null;
  readonly made: readonly MadeEvent[];
  readonly recordedAt: Instant;
  readonly position: bigint;
  readonly amended: boolean;
  readonly struck: { readonly reason: string; readonly at: Instant } | null;
}

export interface Briefing {
  readonly kind: 'briefing';
  readonly name: string;
  readonly cutOff: Instant;
  readonly known: KnownPoint;
  readonly unitId: string | null;
  readonly presiding: string | null;
  readonly previousId: string | null;
  readonly pages: readonly AgendaPage[];
  readonly openedAt: Instant;
  readonly closed: { readonly at: Instant; readonly known: KnownPoint; readonly eventId: string } | null;
  readonly conclusions: readonly Conclusion[];
  readonly revision: number;
}

export type BriefingState = { readonly kind: 'none' } | Briefing;
export const NO_BRIEFING: BriefingState = { kind: 'none' };

/** Total: an event that does not fit leaves the state as it is, for the log is the truth and the decider the guard. */
export function evolveBriefing(state: BriefingState, fact: BriefingFact): BriefingState {
  if (fact.type === 'BriefingOpened') {
    if (state.kind !== 'none') return state;
    const { name, cutOff, known, unitId = null, presiding = null, previousId = null, pages } = fact.data;
    return { kind: 'briefing', name, cutOff: parseInstant(cutOff) ?? fact.occurredAt, known, unitId, presiding, previousId, pages, openedAt: fact.occurredAt, closed: null, conclusions: [], revision: fact.revision };
  }
  if (state.kind === 'none') return state;
  const next = { ...state, revision: fact.revision };
  const changed = (id: string, change: (one: Conclusion) => Conclusion): Briefing => ({ ...next, conclusions: state.conclusions.map((one) => (one.id === id ? change(one) : one)) });
  switch (fact.type) {
    case 'BriefingPagesArranged':
      return { ...next, pages: fact.data.pages };
    case 'ConclusionRecorded': {
      const { conclusionId, number, kind, text, short = null, reason = null, taskId = null, unitId = null, deadline = null, made } = fact.data;
      return { ...next, conclusions: [...state.conclusions, { id: conclusionId, number, kind, text, short, reason, taskId, unitId, deadline, made, recordedAt: fact.recordedAt, position: fact.position, amended: false, struck: null }] };
    }
    case 'ConclusionAmended': {
      const { conclusionId, text, short } = fact.data;
      return changed(conclusionId, (one) => ({ ...one, text, short: short ?? null, amended: true }));
    }
    case 'ConclusionStruck':
      return changed(fact.data.conclusionId, (one) => ({ ...one, struck: { reason: fact.data.reason, at: fact.occurredAt } }));
    case 'BriefingClosed':
      return { ...next, closed: { at: fact.occurredAt, known: fact.data.known, eventId: fact.eventId } };
  }
}

export const foldBriefing = (facts: Iterable<BriefingFact>): BriefingState => [...facts].reduce(evolveBriefing, NO_BRIEFING);
