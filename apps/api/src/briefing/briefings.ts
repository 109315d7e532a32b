import { setTimeout as sleep } from 'node:timers/promises';
import { BRIEFING_CATEGORY, briefingIdOf, evolveBriefing, NO_BRIEFING, type Briefing, type BriefingFact, type BriefingState } from '#briefing';
import type { EventLog, Position, RecordedEvent } from '#event-log';

const BATCH = 1_000;
const RETRY_MS = 2_000;

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
  private readonly log: EventLog;
  private readonly kept = new Map<string, { state: BriefingState; facts: RecordedEvent[] }>();
  private position: Position = 0n;
  private reading: Promise<void> = Promise.resolve();
  private broken: string | null = null;

  constructor(log: EventLog) {
    this.log = log;
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

  /** Takes in everything now in the log; one reading at a time. */
  catchUp(): Promise<void> {
    this.reading = this.reading.catch(() => undefined).then(() => this.read());
    return this.reading;
  }

  /** Why it cannot follow the log at the moment; null while it can. */
  get error(): string | null {
    return this.broken;
  }

  /** Follows until the signal aborts; a log that cannot be read is tried again. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const events of this.log.subscribe({ after: this.position, categories: [BRIEFING_CATEGORY], signal })) {
          for (const event of events) this.take(event);
          this.broken = null;
        }
        return;
      } catch (error) {
        this.broken = error instanceof Error ? error.message : String(error);
        await sleep(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  private async read(): Promise<void> {
    const { position } = await this.log.head();
    if (position <= this.position) return;
    for (;;) {
      const events = await this.log.readAll({ after: this.position, categories: [BRIEFING_CATEGORY], limit: BATCH });
      for (const event of events) this.take(event);
      if (events.length < BATCH) break;
    }
    // What stands in between is none of these: not to be looked through again.
    if (position > this.position) this.position = position;
  }

  private take(event: RecordedEvent): void {
    if (event.position <= this.position) return;
    this.position = event.position;
    const id = briefingIdOf(event.stream);
    const { state, facts } = this.kept.get(id) ?? { state: NO_BRIEFING, facts: [] };
    this.kept.set(id, { state: evolveBriefing(state, toBriefingFact(event)), facts: [...facts, event] });
  }
}
