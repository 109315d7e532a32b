import type { Instant } from '#kernel';
import type { EventIndex, IndexedEvent } from '../event-index.ts';
import type { Position } from '../port.ts';

/** An index that is built anew at every start: some 200 bytes of memory an event. */
export class MemoryEventIndex implements EventIndex {
  private readonly events: IndexedEvent[] = [];
  private readonly byId = new Map<string, IndexedEvent>();
  /** The latest time up to each event: never decreasing, whatever the clocks of several writers did. */
  private readonly latest: Instant[] = [];
  private readonly start: Position;

  /** `after`: the log is taken to begin after this position. */
  constructor({ after = 0n }: { after?: Position } = {}) {
    this.start = after;
  }

  async upTo(): Promise<Position> {
    return this.events.at(-1)?.position ?? this.start;
  }

  async add(events: readonly IndexedEvent[]): Promise<void> {
    let upTo = await this.upTo();
    for (const event of events) {
      if (event.position <= upTo) continue;
      upTo = event.position;
      this.latest.push(Math.max(event.recordedAt, this.latest.at(-1) ?? -Infinity));
      this.events.push(event);
      this.byId.set(event.id, event);
    }
  }

  async find(ids: readonly string[]): Promise<readonly IndexedEvent[]> {
    return ids.flatMap((id) => this.byId.get(id) ?? []);
  }

  async last(): Promise<IndexedEvent | undefined> {
    return this.events.at(-1);
  }

  async count(upTo: Position): Promise<number> {
    return this.countWhile((n) => this.events[n]!.position <= upTo);
  }

  async firstAfter(position: Position): Promise<Position | undefined> {
    return this.events[this.countWhile((n) => this.events[n]!.position <= position)]?.position;
  }

  async positionAt(instant: Instant): Promise<Position> {
    return this.events[this.countWhile((n) => this.latest[n]! <= instant) - 1]?.position ?? 0n;
  }

  /** How many events from the first on hold; they do so up to some place and not after it. */
  private countWhile(holds: (n: number) => boolean): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (holds(middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
