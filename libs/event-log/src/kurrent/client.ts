import type { EventEmitter } from 'node:events';
import type { Readable, Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventStoreDBClient, JSONEventType } from '@eventstore/db-client';
import type { JsonObject, Position } from '../port.ts';

/**
 * All that touches the client library: how it is loaded and called, `expectedRevision`, the fields of its errors.
 * `@kurrent/kurrentdb-client` silently ignores `expectedRevision` (there it is `streamState`, and the errors have `expectedState` and
 * `actualState`), so a change of client is made here, and shown by the conflict tests of the behaviour suite.
 */

export interface OutgoingEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  /** UTF-8 JSON. */
  readonly metadata: Uint8Array;
}

/** An event as the server gives it, system events included. */
export interface IncomingEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly data: unknown;
  readonly metadata: unknown;
}

export interface Reading extends AsyncIterable<IncomingEvent> {
  /** Events that have arrived and were not taken yet. */
  readonly waiting: number;
  /** Ends the call on the server, too; a reader that waits gets the error, or the end. */
  stop(error?: Error): void;
}

export type Place = 'start' | 'end' | Position;

export interface KurrentClient {
  /** `expectedRevision` −1: the stream does not exist. Answers with the place of the last event. */
  append(stream: string, expectedRevision: number, events: readonly OutgoingEvent[]): Promise<{ revision: number; position: Position }>;
  readStream(stream: string, options: { from: number | 'end'; maxCount: number; forwards: boolean }): Reading;
  /** The place is included forwards and excluded backwards; it must be one of an event. */
  readAll(options: { from: Place; maxCount: number; forwards: boolean }): Reading;
  /** What comes after the place, in streams whose names begin with one of these; without prefixes, all but system streams. */
  subscribe(options: { after: Place; prefixes?: readonly string[] }): Reading;
  /** Asks the leader for one event: a client that speaks to another node learns its address and goes there. */
  findLeader(): Promise<void>;
  release(): Promise<void>;
}

/**
 * What an error of the client means.
 * `unavailable`: nothing was written, it may be sent again. `unknown`: it may have been written; it may be sent again with the same ids and
 * the same revision. `rejected`: the server does not take the request as it is.
 */
export type Failure =
  | { readonly kind: 'conflict'; readonly actualRevision: number }
  | { readonly kind: 'not-found' | 'deleted' | 'too-big' | 'too-slow' | 'denied' | 'not-leader' | 'unavailable' | 'rejected' | 'unknown' };

export function classify(error: unknown): Failure {
  if (typeof error !== 'object' || error === null) return { kind: 'unknown' };
  const { code, type, message = '', actualVersion } = error as { code?: unknown; type?: unknown; message?: string; actualVersion?: unknown };
  switch (type) {
    case 'wrong-expected-version':
      return { kind: 'conflict', actualRevision: typeof actualVersion === 'bigint' ? Number(actualVersion) : -1 };
    case 'stream-not-found':
      return { kind: 'not-found' };
    case 'stream-deleted':
      return { kind: 'deleted' };
    case 'maximum-append-size-exceeded':
      return { kind: 'too-big' };
    case 'access-denied':
      return { kind: 'denied' };
    case 'not-leader':
      return { kind: 'not-leader' };
  }
  if (/too slow/i.test(message)) return { kind: 'too-slow' };
  if (/leader info|no leader/i.test(message)) return { kind: 'not-leader' };
  // Said before anything was sent, or instead of taking it.
  if (/not ready|server is busy|no connection established|econnrefused|failed to discover|name resolution failed/i.test(message)) return { kind: 'unavailable' };
  // 2 UNKNOWN, 3 INVALID_ARGUMENT, 11 OUT_OF_RANGE; all else (14 UNAVAILABLE, 10 ABORTED, 4 DEADLINE_EXCEEDED, 13 INTERNAL, 1 CANCELLED) may have come after the write.
  if (code === 2 || code === 3 || code === 11) return { kind: 'rejected' };
  return { kind: 'unknown' };
}

/** Takes lists of pending appends as the client does: one for the whole process, so there is one client, whoever asks. */
let shared: { readonly url: string; users: number; readonly client: Promise<EventStoreDBClient> } | undefined;

/**
 * The client of this process for the connection string. A second connection string while the first is in use is refused: the client keeps
 * the pending appends of all its instances in one table, and the failure of one rejects the appends of the others.
 */
export async function connect(url: string): Promise<KurrentClient> {
  if (shared && shared.url !== url) throw new Error('Một tiến trình chỉ dùng được một kết nối EventStoreDB/KurrentDB: kết nối đang mở có địa chỉ khác.');
  shared ??= { url, users: 0, client: import('@eventstore/db-client').then(({ EventStoreDBClient }) => passOverLateAnswers(EventStoreDBClient.connectionString(withKeepAlive(url)))) };
  const mine = shared;
  mine.users += 1;
  try {
    return wrap(await mine.client, async () => {
      mine.users -= 1;
      if (mine.users > 0) return;
      if (shared === mine) shared = undefined;
      await (await mine.client).dispose();
    });
  } catch (error) {
    if (shared === mine) shared = undefined;
    throw error;
  }
}

/** With the client's own 10 s + 10 s a frozen server holds every call for 18.5 s. */
function withKeepAlive(url: string): string {
  if (/[?&]keepAliveTimeout=/i.test(url)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}keepAliveTimeout=3000`;
}

type CreateStream = (service: unknown, name: string, open: (grpc: unknown) => EventEmitter, cache: unknown) => () => Promise<unknown>;

/**
 * When something fails while appending, the client rejects all appends that wait; an answer that comes after that makes it throw where nobody
 * can catch it, which ends the process. Such an answer is passed over: whoever appended has heard of the failure and tries again.
 */
function passOverLateAnswers(client: EventStoreDBClient): EventStoreDBClient {
  const inside = client as unknown as { GRPCStreamCreator: CreateStream };
  const create = inside.GRPCStreamCreator;
  const openGuarded = (open: (grpc: unknown) => EventEmitter) => (grpc: unknown) => {
    const stream = open(grpc);
    const emit = stream.emit.bind(stream);
    stream.emit = (event, ...given: unknown[]) => {
      try {
        return emit(event, ...given);
      } catch (error) {
        if (event !== 'data') throw error;
        return true;
      }
    };
    return stream;
  };
  inside.GRPCStreamCreator = (service, name, open, cache) => create(service, name, name === 'appendToStream' ? openGuarded(open) : open, cache);
  return client;
}

/** The second append of a new connection would overtake the first while the client still opens its call. */
const FIRST_ALONE_MS = 1_000;

function wrap(client: EventStoreDBClient, release: () => Promise<void>): KurrentClient {
  let first: Promise<unknown> | undefined;
  return {
    append: async (stream, expectedRevision, events) => {
      if (first) await first;
      const answering = client.appendToStream<JSONEventType>(
        stream,
        events.map(({ id, type, data, metadata }) => ({ id, type, data, metadata, contentType: 'application/json' })),
        // Never 'any': after a restart of the server a repeat would be written twice.
        { expectedRevision: expectedRevision < 0 ? 'no_stream' : BigInt(expectedRevision), requiresLeader: true },
      );
      first ??= Promise.race([answering.catch(() => undefined), sleep(FIRST_ALONE_MS, undefined, { ref: false })]);
      const answer = await answering;
      if (!answer.position) throw new Error(`${stream}: the server gave no position for an append`);
      return { revision: Number(answer.nextExpectedRevision), position: answer.position.commit };
    },
    readStream: (stream, { from, maxCount, forwards }) =>
      reading(client.readStream(stream, { fromRevision: from === 'end' ? from : BigInt(from), maxCount, direction: forwards ? 'forwards' : 'backwards', requiresLeader: true })),
    readAll: ({ from, maxCount, forwards }) => reading(client.readAll({ fromPosition: placeOf(from), maxCount, direction: forwards ? 'forwards' : 'backwards', requiresLeader: true })),
    subscribe: ({ after, prefixes }) => {
      const filter = { filterOn: 'streamName' as const, maxSearchWindow: 32, checkpointInterval: 32, ...(prefixes ? { prefixes: [...prefixes] } : { regex: '^[^$].*' }) };
      return reading(client.subscribeToAll({ fromPosition: placeOf(after), filter, requiresLeader: true }, { highWaterMark: 512 }));
    },
    findLeader: async () => {
      const one = reading(client.readAll({ fromPosition: 'end', direction: 'backwards', maxCount: 1, requiresLeader: true }));
      for await (const _ of one) break;
    },
    release,
  };
}

function placeOf(place: Place): 'start' | 'end' | { commit: bigint; prepare: bigint } {
  return typeof place === 'bigint' ? { commit: place, prepare: place } : place;
}

interface ClientReading extends AsyncIterable<unknown> {
  readonly readableLength: number;
  on(event: 'error' | 'close', listener: () => void): unknown;
  destroy(error?: Error): unknown;
  cancel?(): Promise<void>;
  unsubscribe?(): Promise<void>;
}

interface GivenEvent {
  readonly event?: { readonly id: string; readonly type: string; readonly streamId: string; readonly revision: bigint; readonly data: unknown; readonly metadata?: unknown; readonly position?: { readonly commit: bigint } | undefined };
  readonly commitPosition?: bigint;
}

function reading(source: ClientReading): Reading {
  // An error that comes after the reader has left would otherwise end the process.
  source.on('error', () => undefined);
  // What has come of a call stands in the stream underneath until it is taken. A reader who leaves then would leave it there for ever, and
  // letting the connection go waits for every such stream.
  let underneath: Readable | undefined;
  // A Transform, which its types do not say.
  (source as unknown as Transform).on('pipe', (from: Readable) => {
    underneath = from;
  });
  source.on('close', () => underneath?.resume());
  let ended = false;
  const stop = (error?: Error): void => {
    if (ended) return;
    ended = true;
    // Destroying the outer stream alone leaves the call running on the server.
    void (source.cancel?.() ?? source.unsubscribe?.())?.catch(() => undefined);
    source.destroy(error);
  };
  return {
    get waiting() {
      return source.readableLength;
    },
    stop,
    async *[Symbol.asyncIterator]() {
      try {
        for await (const given of source) {
          const { event, commitPosition } = given as GivenEvent;
          if (!event) continue;
          const position = event.position?.commit ?? commitPosition;
          if (position === undefined) throw new Error(`${event.streamId}: the server gave no position for event ${event.id}`);
          yield { id: event.id, type: event.type, stream: event.streamId, revision: Number(event.revision), position, data: event.data, metadata: event.metadata };
        }
      } catch (error) {
        // Stopped without an error: the end, and nothing else.
        if (ended && classifyStop(error)) return;
        throw error;
      } finally {
        stop();
      }
    },
  };
}

function classifyStop(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE';
}
