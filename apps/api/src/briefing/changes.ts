import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLog, Position, RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';

const BATCH = 1_000;
/** Meetings whose changes are kept; asked about are the open one and perhaps the last. */
const KEPT = 8;

/** What was recorded about tasks after the cut-off of a meeting, oldest first. */
interface Kept {
  readonly events: RecordedEvent[];
  /** Read up to here. */
  position: Position;
  reading: Promise<void>;
}

export interface Since {
  readonly briefingId: string;
  readonly cutOff: Instant;
  /** What the meeting knew when it was opened. */
  readonly known: Position;
}

/**
 * Facts of tasks that the figures of a meeting do not see: recorded after what it knew, or happened after its cut-off. Read from the log
 * when they are first asked about and followed from there; as disposable as memory.
 */
export class ChangesAfterCutOff {
  private readonly log: Pick<EventLog, 'readAll' | 'positionAt'>;
  private readonly kept = new Map<string, Kept>();

  constructor(log: Pick<EventLog, 'readAll' | 'positionAt'>) {
    this.log = log;
  }

  /** Up to and including a position. */
  async upTo(since: Since, position: Position): Promise<readonly RecordedEvent[]> {
    let kept = this.kept.get(since.briefingId);
    if (!kept) {
      const from = await this.log.positionAt(since.cutOff);
      kept = this.kept.get(since.briefingId) ?? { events: [], position: from < since.known ? from : since.known, reading: Promise.resolve() };
      this.kept.set(since.briefingId, kept);
      const oldest = this.kept.keys().next().value;
      if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    }
    const mine = kept;
    mine.reading = mine.reading.catch(() => undefined).then(() => this.read(mine, since, position));
    await mine.reading;
    const last = mine.events.findLastIndex((event) => event.position <= position);
    return last === mine.events.length - 1 ? mine.events : mine.events.slice(0, last + 1);
  }

  private async read(kept: Kept, { cutOff, known }: Since, position: Position): Promise<void> {
    while (kept.position < position) {
      const events = await this.log.readAll({ after: kept.position, categories: ['task'], limit: BATCH, lazily: true });
      for (const event of events) if (event.position > known || event.occurredAt > cutOff) kept.events.push(event);
      // The log may have grown meanwhile: what was read stands, whatever was asked.
      kept.position = events.at(-1)?.position ?? position;
      if (events.length < BATCH && kept.position < position) kept.position = position;
      await nextTurn();
    }
  }
}
