import { createHash } from 'node:crypto';
import { isoInstant, type Instant } from '#kernel';
import { categoryOf, type EventLog, type Position, type RecordedEvent } from './port.ts';

const BATCH = 500;

/** What a log holds, from reading all of it. */
export interface LogContent {
  readonly events: number;
  readonly streams: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly types: Readonly<Record<string, number>>;
  readonly firstRecordedAt: Instant | null;
  readonly lastRecordedAt: Instant | null;
  /** '0' and null when the log is empty. */
  readonly headPosition: string;
  readonly headEventId: string | null;
  /** Hex SHA-256 over every event without its position, which differs between stores: equal for a log and its copy in any store. */
  readonly contentSha256: string;
}

export type LogProgress = (done: number, total: number) => void;

/** The fields of an event in the order in which they are exported, `position` apart. */
function fieldsOf({
  id,
  stream,
  revision,
  type,
  schema,
  occurredAt,
  recordedAt,
  data,
  metadata,
}: RecordedEvent): readonly [object, object] {
  return [
    { id, stream, revision },
    { type, schema, occurredAt: isoInstant(occurredAt), recordedAt: isoInstant(recordedAt), data, metadata },
  ];
}

/** One event as a line of JSON, without its end: id, stream, revision, position (a string), type, schema, both times in ISO 8601, data, metadata. */
export function eventLine(event: RecordedEvent): string {
  const [before, after] = fieldsOf(event);
  return JSON.stringify({ ...before, position: String(event.position), ...after });
}

/**
 * The events from position `from` (inclusive) to what is the head when it begins, batch by batch in constant memory; what is written meanwhile
 * is left for the next time.
 * @throws what the log throws for a damaged event, naming it.
 */
export async function* eventsOf(log: EventLog, from: Position = 0n, onProgress?: LogProgress): AsyncGenerator<readonly RecordedEvent[]> {
  const head = await log.head();
  let after = from > 0n ? from - 1n : 0n;
  for (let done = 0; after < head.position;) {
    const batch = (await log.readAll({ after, limit: BATCH })).filter(({ position }) => position <= head.position);
    const last = batch.at(-1);
    if (!last) return;
    yield batch;
    after = last.position;
    done += batch.length;
    onProgress?.(done, head.count);
  }
}

/** Reads every event, its checksum included where the store keeps one, and says what there is. @throws as `eventsOf`. */
export async function contentOf(log: EventLog, onProgress?: LogProgress): Promise<LogContent> {
  const hash = createHash('sha256');
  const categories = new Map<string, number>();
  const types = new Map<string, number>();
  let [events, streams] = [0, 0];
  let first: RecordedEvent | undefined;
  let last: RecordedEvent | undefined;
  for await (const batch of eventsOf(log, 0n, onProgress)) {
    for (const event of batch) {
      events++;
      // Every stream begins once.
      if (event.revision === 0) streams++;
      const category = categoryOf(event.stream);
      categories.set(category, (categories.get(category) ?? 0) + 1);
      types.set(event.type, (types.get(event.type) ?? 0) + 1);
      hash.update(`${JSON.stringify(fieldsOf(event))}\n`);
    }
    first ??= batch[0];
    last = batch.at(-1);
  }
  return {
    events,
    streams,
    categories: sorted(categories),
    types: sorted(types),
    firstRecordedAt: first?.recordedAt ?? null,
    lastRecordedAt: last?.recordedAt ?? null,
    headPosition: String(last?.position ?? 0n),
    headEventId: last?.id ?? null,
    contentSha256: hash.digest('hex'),
  };
}

const sorted = (counts: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
