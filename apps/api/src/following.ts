import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, Position, RecordedEvent } from '#event-log';

const BATCH = 1_000;
const RETRY_MS = 2_000;

/**
 * Hands the events of some categories to whoever folds them into memory: once each, in log order, whether they are caught up with or
 * followed, and whichever process wrote them.
 */
export class Following {
  private position: Position = 0n;
  private reading: Promise<void> = Promise.resolve();
  private broken: string | null = null;
  private readonly log: EventLog;
  private readonly categories: readonly string[];
  private readonly take: (event: RecordedEvent) => void;

  constructor(log: EventLog, categories: readonly string[], take: (event: RecordedEvent) => void) {
    this.log = log;
    this.categories = categories;
    this.take = take;
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
        for await (const events of this.log.subscribe({ after: this.position, categories: this.categories, signal })) {
          for (const event of events) this.hand(event);
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
      const events = await this.log.readAll({ after: this.position, categories: this.categories, limit: BATCH });
      for (const event of events) this.hand(event);
      if (events.length < BATCH) break;
    }
    // What stands in between is none of these: not to be looked through again.
    if (position > this.position) this.position = position;
  }

  private hand(event: RecordedEvent): void {
    if (event.position <= this.position) return;
    this.position = event.position;
    this.take(event);
  }
}
