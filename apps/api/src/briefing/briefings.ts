import { BRIEFING_CATEGORY, briefingIdOf, evolveBriefing, NO_BRIEFING, type Briefing, type BriefingFact, type BriefingState } from '#briefing';
import type { EventLog, RecordedEvent } from '#event-log';
import { Following } from '../following.ts';

/** A meeting as it stands, and who opened it by which key. */
export interface KnownBriefing {
  readonly id: string;
  readonly state: Briefing;
  /** Its facts, oldest first: a meeting has some dozens. */
  readonly facts: readonly RecordedEvent[];
}

export function toBriefingFact(event: RecordedEvent): BriefingFact {
  const { id, type, data, revision, position, occurredAt, recordedAt } = event;
  return { type, data, eventId: id, revision, position, occurredAt, recordedAt } as unknown as BriefingFact;
}

/** All meetings, folded from their streams and kept in memory: one a week, small. Follows the log, so that what another process writes is known here too. */
export class Briefings {
  private readonly kept = new Map<string, { state: BriefingState; facts: RecordedEvent[] }>();
  private readonly following: Following;

  constructor(log: EventLog) {
    this.following = new Following(log, [BRIEFING_CATEGORY], (event) => { this.take(event); });
  }

  /** Oldest first. */
  all(): readonly KnownBriefing[] {
    return [...this.kept].flatMap(([id, { state, facts }]) => (state.kind === 'none' ? [] : [{ id, state, facts }]));
  }

  get(id: string): KnownBriefing | undefined {
    const found = this.kept.get(id);
    return found?.state.kind === 'briefing' ? { id, state: found.state, facts: found.facts } : undefined;
  }

  /** Meetings of one scope, oldest first. */
  ofScope(unitId: string | null): readonly KnownBriefing[] {
    return this.all().filter(({ state }) => state.unitId === unitId);
  }

  /** Takes in everything now in the log. */
  catchUp(): Promise<void> {
    return this.following.catchUp();
  }

  /** Why it cannot follow the log at the moment; null while it can. */
  get error(): string | null {
    return this.following.error;
  }

  follow(signal: AbortSignal): Promise<void> {
    return this.following.follow(signal);
  }

  private take(event: RecordedEvent): void {
    const id = briefingIdOf(event.stream);
    const { state, facts } = this.kept.get(id) ?? { state: NO_BRIEFING, facts: [] };
    this.kept.set(id, { state: evolveBriefing(state, toBriefingFact(event)), facts: [...facts, event] });
  }
}
