/** The records of the stand-in and the rules of appending, as they were seen on real servers. */

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface StoredRecord extends ProposedEvent {
  readonly stream: string;
  readonly revision: number;
  /** An offset in bytes: grows by the size of what stands before it. */
  readonly position: number;
  readonly created: number;
}

export type Expected = number | 'no-stream' | 'any' | 'stream-exists';

export type Outcome =
  | { readonly kind: 'written' | 'repeated'; readonly revision: number; readonly position: number }
  | { readonly kind: 'wrong-version'; readonly current: number | undefined }
  | { readonly kind: 'too-big' };

export const MAX_APPEND_BYTES = 1_048_576;
/** A real server writes events of its own now and then: one after this many appends. */
const APPENDS_PER_SYSTEM_EVENT = 7;
const RECORD_OVERHEAD = 97;

export class RecordStore {
  readonly records: StoredRecord[] = [];
  private readonly streams = new Map<string, StoredRecord[]>();
  private end = 0;
  private appends = 0;

  constructor() {
    this.write('$$$settings', system('$metadata'));
    this.write('$users', system('$UserCreated'));
  }

  stream(name: string): readonly StoredRecord[] {
    return this.streams.get(name) ?? [];
  }

  append(stream: string, expected: Expected, events: readonly ProposedEvent[]): Outcome {
    if (events.reduce((sum, { data, metadata, type }) => sum + data.length + metadata.length + type.length, 0) > MAX_APPEND_BYTES) return { kind: 'too-big' };
    const stored = this.streams.get(stream) ?? [];
    const current = stored.length - 1;
    const agrees = expected === 'any' || (expected === 'no-stream' ? current < 0 : expected === 'stream-exists' ? current >= 0 : expected === current);
    if (!agrees) {
      const from = typeof expected === 'number' ? expected + 1 : 0;
      const there = stored.slice(from, from + events.length);
      const last = there.at(-1);
      if (expected !== 'stream-exists' && last && there.length === events.length && there.every(({ id }, i) => id === events[i]!.id)) return { kind: 'repeated', revision: last.revision, position: last.position };
      return { kind: 'wrong-version', current: current < 0 ? undefined : current };
    }
    for (const event of events) this.write(stream, event);
    const last = this.records.at(-1)!;
    this.appends += 1;
    if (this.appends % APPENDS_PER_SYSTEM_EVENT === 0) this.write('$stats-127.0.0.1:2113', system('$statsCollected'));
    return { kind: 'written', revision: current + events.length, position: last.position };
  }

  /** Index of the record at the position; −1 when it points into one. */
  indexOf(position: number): number {
    const at = this.firstFrom(position);
    return this.records[at]?.position === position ? at : -1;
  }

  /** Index of the first record at or after the position. */
  firstFrom(position: number): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.records[middle]!.position < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get endPosition(): number {
    return this.end;
  }

  private write(stream: string, event: ProposedEvent): void {
    const stored = this.streams.get(stream) ?? [];
    const record: StoredRecord = { ...event, stream, revision: stored.length, position: this.end, created: Date.now() };
    this.end += RECORD_OVERHEAD + stream.length + event.type.length + event.data.length + event.metadata.length;
    stored.push(record);
    this.streams.set(stream, stored);
    this.records.push(record);
  }
}

let systemEvents = 0;
function system(type: string): ProposedEvent {
  systemEvents += 1;
  return { id: `00000000-0000-4000-8000-${systemEvents.toString(16).padStart(12, '0')}`, type, contentType: 'application/json', data: Buffer.from('{}'), metadata: Buffer.alloc(0) };
}
