import { systemIds } from '#kernel';
import type { Position, RecordedEvent } from '../port.ts';
import { prepareAppend } from '../prepare-append.ts';
import { connect, type KurrentClient } from './client.ts';
import { cannotRead, retrying, within } from './retrying.ts';
import { incoming, outgoing } from './stored-event.ts';

const PAGE = 2_000;
/** Events of one stream that follow each other, written at once; their bytes stay below what a server takes by default. */
const MOST_AT_ONCE = 200;
const MOST_BYTES = 512 * 1024;
const LIMITS = { attemptMs: 5_000, totalMs: 60_000 };

export interface CopyOptions {
  readonly url: string;
  /** The whole log to be copied, from its first event, in its order. */
  readonly events: AsyncIterable<readonly RecordedEvent[]>;
  /** Events that stand on the server by now. */
  readonly onProgress?: (done: number) => void;
}

/** What the server holds is not the beginning of the log to be copied. */
export class NotTheSameLogError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotTheSameLogError';
  }
}

/**
 * Copies a log to an EventStoreDB or KurrentDB server that is empty or holds the beginning of it, as a copy that broke off leaves: every event
 * with its id, stream, revision and both times, in the same order; positions are the server's own. One append after the other, so that what
 * stands on the server is the beginning of the log at every moment. Answers how many stood there before and how many were written.
 * @throws NotTheSameLogError; OutcomeUnknownError, LogUnavailableError when the server is away: the same call again goes on.
 */
export async function copyIntoKurrent({ url, events, onProgress }: CopyOptions): Promise<{ readonly found: number; readonly written: number }> {
  const client = await connect(url);
  try {
    const there = eventsOn(client);
    let [found, written] = [0, 0];
    let appending: RecordedEvent[] = [];
    let bytes = 0;
    const flush = async (): Promise<void> => {
      if (appending.length > 0) await write(client, appending);
      written += appending.length;
      appending = [];
      bytes = 0;
    };
    let more = true;
    for await (const batch of events) {
      for (const event of batch) {
        if (more) {
          const next = await there.next();
          if (next.done) more = false;
          else {
            refuseOther(event, next.value, found);
            found++;
            continue;
          }
        }
        const size = JSON.stringify([event.data, event.metadata]).length;
        if (appending.length > 0 && (appending[0]!.stream !== event.stream || appending.length >= MOST_AT_ONCE || bytes + size > MOST_BYTES)) await flush();
        appending.push(event);
        bytes += size;
      }
      onProgress?.(found + written);
    }
    await flush();
    const beyond = more ? await there.next() : undefined;
    if (beyond && !beyond.done) throw new NotTheSameLogError(`Máy chủ đã có thêm sự kiện ${beyond.value.id} (luồng ${beyond.value.stream}) sau ${String(found)} sự kiện của nhật ký cần chuyển.`);
    onProgress?.(found + written);
    return { found, written };
  } finally {
    await client.release();
  }
}

function refuseOther(event: RecordedEvent, there: RecordedEvent, place: number): void {
  const [wanted, given] = [event, there].map(({ id, stream, revision, type, schema, occurredAt, recordedAt }) => JSON.stringify([id, stream, revision, type, schema, occurredAt, recordedAt]));
  if (wanted !== given) throw new NotTheSameLogError(`Sự kiện thứ ${String(place + 1)} trên máy chủ là ${given!}, trong nhật ký cần chuyển là ${wanted!}: hãy dùng một máy chủ trống.`);
}

async function write(client: KurrentClient, events: readonly RecordedEvent[]): Promise<void> {
  const { stream, revision } = events[0]!;
  const expectedRevision = revision - 1;
  const prepared = prepareAppend({ stream, expectedRevision, events });
  const token = systemIds.next();
  await retrying({
    what: `Ghi vào luồng ${stream}`,
    limits: LIMITS,
    writes: true,
    findLeader: () => client.findLeader(),
    attempt: () => within(LIMITS.attemptMs, client.append(stream, expectedRevision, prepared.events.map((event, n) => outgoing(event, events[n]!.recordedAt, token)))),
    settle: (failure, error) => {
      if (failure.kind === 'conflict') throw new NotTheSameLogError(`Luồng ${stream} trên máy chủ đã ở số ${String(failure.actualRevision)}, cần ${String(expectedRevision)}: có chương trình khác đang ghi vào máy chủ này.`);
      return cannotRead(`Ghi vào luồng ${stream}`, failure, error);
    },
  });
}

/** Our events on the server, in their order. */
async function* eventsOn(client: KurrentClient): AsyncGenerator<RecordedEvent> {
  for (let from: Position | 'start' = 'start'; ; ) {
    const at: Position | 'start' = from;
    const page: (RecordedEvent | Position)[] = [];
    await retrying({
      what: 'Đọc nhật ký',
      limits: LIMITS,
      writes: false,
      findLeader: () => client.findLeader(),
      attempt: async () => {
        page.length = 0;
        for await (const raw of client.readAll({ from: at, maxCount: PAGE, forwards: true })) {
          // The place asked for is one that was read before.
          if (typeof at === 'bigint' && raw.position <= at) continue;
          page.push(incoming(raw)?.event ?? raw.position);
        }
      },
      settle: (failure, error) => cannotRead('Đọc nhật ký', failure, error),
    });
    for (const one of page) if (typeof one !== 'bigint') yield one;
    const last = page.at(-1);
    if (last === undefined) return;
    from = typeof last === 'bigint' ? last : last.position;
  }
}
