import type { Clock, Instant } from '#kernel';
import { Bell, follow } from '../follow.ts';
import {
  categoryOf,
  LogStoppedError,
  type Appended,
  type AppendConflict,
  type AppendResult,
  type EventLog,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type ReadAllOptions,
  type RecordedEvent,
  type StreamAppend,
} from '../port.ts';
import { prepareAppend, toRecorded, type PreparedAppend, type StoredEvent } from '../prepare-append.ts';

/** A log that forgets at the end of the process: for tests and trials. Position p stands at index p − 1. */
export class MemoryEventLog implements EventLog {
  private readonly clock: Clock;
  private readonly events: StoredEvent[] = [];
  private readonly byStream = new Map<string, StoredEvent[]>();
  private readonly byId = new Map<string, StoredEvent>();
  private readonly bell = new Bell();

  constructor({ clock }: { clock: Clock }) {
    this.clock = clock;
  }

  async append(stream: string, events: readonly NewEvent[], options: { expectedRevision: ExpectedRevision }): Promise<AppendResult> {
    const many = await this.appendMany([{ stream, expectedRevision: options.expectedRevision, events }]);
    return many.ok ? many.results[0]! : many;
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<{ ok: true; results: readonly Appended[] } | AppendConflict> {
    const prepared = appends.map(prepareAppend);
    this.requireOpen();
    const before = this.events.length;
    const recordedAt = Math.max(Math.trunc(this.clock.now()), this.events.at(-1)?.recordedAt ?? -Infinity);
    const results: Appended[] = [];
    for (const append of prepared) {
      const result = this.write(append, recordedAt);
      if (!result.ok) {
        this.forgetFrom(before);
        return result;
      }
      results.push(result);
    }
    if (this.events.length > before) this.bell.ring(new Set(prepared.map(({ category }) => category)));
    return { ok: true, results };
  }

  async readStream(
    stream: string,
    options: { from?: number; limit?: number; direction?: 'forwards' | 'backwards' } = {},
  ): Promise<readonly RecordedEvent[]> {
    this.requireOpen();
    const { from, limit = Infinity, direction = 'forwards' } = options;
    const all = this.byStream.get(stream) ?? [];
    const part =
      direction === 'forwards' ? all.slice(Math.max(from ?? 0, 0)) : all.slice(0, Math.max((from ?? all.length) + 1, 0)).reverse();
    return part.slice(0, limit).map(toRecorded);
  }

  async readAll(options: ReadAllOptions): Promise<readonly RecordedEvent[]> {
    this.requireOpen();
    return this.read(options);
  }

  async readAt(position: Position): Promise<RecordedEvent | undefined> {
    this.requireOpen();
    const stored = this.events[Number(position) - 1];
    return stored && toRecorded(stored);
  }

  async readEvent(id: string): Promise<RecordedEvent | undefined> {
    this.requireOpen();
    const stored = this.byId.get(id);
    return stored && toRecorded(stored);
  }

  async head(): Promise<{ position: Position; recordedAt: Instant; lastEventId: string | null; count: number }> {
    this.requireOpen();
    const last = this.events.at(-1);
    return {
      position: BigInt(last?.position ?? 0),
      recordedAt: last?.recordedAt ?? 0,
      lastEventId: last?.id ?? null,
      count: this.events.length,
    };
  }

  async positionAt(instant: Instant): Promise<Position> {
    this.requireOpen();
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.events[middle]!.recordedAt <= instant) low = middle + 1;
      else high = middle;
    }
    return BigInt(low);
  }

  subscribe(options: {
    after: Position;
    categories?: readonly string[];
    batchSize?: number;
    signal: AbortSignal;
  }): AsyncIterable<readonly RecordedEvent[]> {
    const { after, categories, batchSize: limit = 500, signal } = options;
    return follow({ after, signal, categories, bell: this.bell, read: (from) => this.read({ after: from, limit, ...(categories && { categories }) }) });
  }

  async close(): Promise<void> {
    this.bell.close();
  }

  private write(append: PreparedAppend, recordedAt: Instant): AppendResult {
    const { stream, expectedRevision, events } = append;
    const stored = this.byStream.get(stream) ?? [];
    const actualRevision = stored.length - 1;
    const conflict: AppendConflict = { ok: false, stream, expectedRevision, actualRevision };
    if (expectedRevision !== actualRevision) {
      const there = stored.slice(expectedRevision + 1, expectedRevision + 1 + events.length);
      const last = there.at(-1);
      if (!last || there.length < events.length || events.some((event, i) => event.id !== there[i]!.id)) return conflict;
      return { ok: true, stream, revision: last.revision, position: BigInt(last.position), recordedAt: last.recordedAt, repeated: true };
    }
    if (events.some((event) => this.byId.has(event.id))) return conflict;
    for (const event of events) {
      const one: StoredEvent = { ...event, stream, revision: stored.length, position: this.events.length + 1, recordedAt };
      stored.push(one);
      this.events.push(one);
      this.byId.set(one.id, one);
    }
    this.byStream.set(stream, stored);
    return { ok: true, stream, revision: stored.length - 1, position: BigInt(this.events.length), recordedAt, repeated: false };
  }

  private forgetFrom(count: number): void {
    for (const { id, stream } of this.events.splice(count).reverse()) {
      this.byId.delete(id);
      const stored = this.byStream.get(stream)!;
      stored.pop();
      if (stored.length === 0) this.byStream.delete(stream);
    }
  }

  private read({ after, categories, types, limit, direction = 'forwards' }: ReadAllOptions): RecordedEvent[] {
    if (types) {
      const lookedAt = this.events.slice(Number(after), Number(after) + limit);
      return lookedAt.filter(({ type }, n) => types.includes(type) || n === lookedAt.length - 1).map(toRecorded);
    }
    const wanted = categories && new Set(categories);
    const found: RecordedEvent[] = [];
    const step = direction === 'forwards' ? 1 : -1;
    const end = this.events.length;
    const start = step === 1 ? Number(after) : (after === 0n ? end : Math.min(Number(after) - 1, end)) - 1;
    for (let i = start; i >= 0 && i < end && found.length < limit; i += step) {
      const stored = this.events[i]!;
      if (!wanted || wanted.has(categoryOf(stored.stream))) found.push(toRecorded(stored));
    }
    return found;
  }

  private requireOpen(): void {
    if (this.bell.closed) throw new LogStoppedError('Nhật ký đã đóng.');
  }
}
