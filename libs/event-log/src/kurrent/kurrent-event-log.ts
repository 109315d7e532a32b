import { systemIds, type Clock, type Instant } from '#kernel';
import type { EventIndex, IndexedEvent } from '../event-index.ts';
import {
  categoryOf,
  LogDamagedError,
  LogStoppedError,
  LogUnavailableError,
  OutcomeUnknownError,
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
import { prepareAppend, type PreparedAppend } from '../prepare-append.ts';
import { connect, type IncomingEvent, type KurrentClient, type Reading } from './client.ts';
import { followKurrent, type Page } from './follow-kurrent.ts';
import { cannotRead, retrying, Slots, within, type Limits } from './retrying.ts';
import { incoming, outgoing, refuseEnvelope, type Incoming } from './stored-event.ts';

/** Events asked for at once where the caller sets no smaller limit. */
const PAGE = 2_000;
/** Questions under way at once when the revisions of many streams are asked for. */
const ASKED_TOGETHER = 64;
/** More at once only wait in the client and the server, and their time limit with them: 256 at a time are a fifth faster than 64, at ten times the latency. */
const APPENDS_AT_ONCE = 128;

export interface KurrentLogOptions {
  /** `esdb://…` with the credentials in it: given per call they would take a slower path of the client. */
  readonly url: string;
  readonly clock: Clock;
  /** Filled by this log from what it reads. */
  readonly index: EventIndex;
  /** An attempt without an answer is given up after this (its outcome is then unknown) and made again. Default 5,000. */
  readonly attemptMs?: number;
  /** All attempts of one call together. Default 15,000. */
  readonly totalMs?: number;
  /** A subscription that has given nothing for so long is compared with the log. Default 5,000. */
  readonly watchdogMs?: number;
}

type Head = Awaited<ReturnType<EventLog['head']>>;
type ManyResult = { ok: true; results: readonly Appended[] } | AppendConflict;

/**
 * The log on an EventStoreDB 23.10+ or KurrentDB server. Brings the index up to the end of the log before it answers: with an index that is
 * empty that means reading the whole log.
 *
 * Where it differs from the other stores:
 * - `appendMany` is not one transaction. All revisions and ids are looked at first, so that a conflict is found before anything is written;
 *   then the appends are made one after another. When the server goes away or another process writes into one of these streams meanwhile,
 *   the first ones stand and the rest do not; the same call again passes over what stands and goes on.
 * - An id that stands in another stream is found through the index. Two processes that write the same id into two streams in the same
 *   moment both succeed: ids are chosen at random or derived from their stream, so only a mistake does that.
 * - `recordedAt` is the clock of the process that wrote, never before the last event it knows of. Two processes whose clocks differ may
 *   in the same moment write times that go back by that difference; `positionAt` takes the latest time up to each place.
 *
 * Throws OutcomeUnknownError and LogUnavailableError besides what the port names.
 */
export async function openKurrentEventLog(options: KurrentLogOptions): Promise<EventLog> {
  const client = await connect(options.url);
  const log = new KurrentEventLog(client, options);
  try {
    await log.begin();
    return log;
  } catch (error) {
    await log.close();
    throw error;
  }
}

class KurrentEventLog implements EventLog {
  private readonly client: KurrentClient;
  private readonly clock: Clock;
  private readonly index: EventIndex;
  private readonly limits: Limits;
  private readonly watchdogMs: number;
  private readonly slots = new Slots(APPENDS_AT_ONCE);
  private readonly closing = new AbortController();
  private readonly underWay = new Set<Promise<unknown>>();
  private closed: Promise<void> | undefined;
  /** The last place read, that of a system event perhaps; the index holds everything up to it. */
  private cursor: Position = 0n;
  private known: Head = { position: 0n, recordedAt: 0, lastEventId: null, count: 0 };
  private latest: Instant = -Infinity;
  private pulling: Promise<void> | undefined;
  private nextPull: Promise<void> | undefined;
  /** Last events of appends under way: what is read of them is kept here. */
  private readonly awaited = new Map<string, { found?: Incoming; waiting: number }>();

  constructor(client: KurrentClient, { clock, index, attemptMs = 5_000, totalMs = 15_000, watchdogMs = 5_000 }: KurrentLogOptions) {
    this.client = client;
    this.clock = clock;
    this.index = index;
    this.limits = { attemptMs, totalMs };
    this.watchdogMs = watchdogMs;
  }

  async begin(): Promise<void> {
    this.cursor = await this.index.upTo();
    await this.takeHead();
    await this.catchUp();
  }

  async append(stream: string, events: readonly NewEvent[], options: { expectedRevision: ExpectedRevision }): Promise<AppendResult> {
    const prepared = this.prepare({ stream, events, expectedRevision: options.expectedRevision });
    return this.during(async () => (await this.answerFromIndex(prepared)) ?? (await this.slots.run(() => this.write(prepared, true))));
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<ManyResult> {
    const prepared = appends.map((append) => this.prepare(append));
    return this.during(async () => {
      if (prepared.length === 0) return { ok: true, results: [] };
      await this.catchUp();
      const before = await this.lookedAt(prepared);
      if ('ok' in before) return before;
      const results: Appended[] = [];
      for (const append of prepared) {
        const result = repeatOf(append, append.events.flatMap(({ id }) => before.get(id) ?? [])) ?? (await this.write(append, false).catch((error: unknown) => { throw partWritten(error, results.length); }));
        if (!result.ok) return result;
        results.push(result);
      }
      // What is written stays written when the index cannot be reached now.
      await this.catchUp().catch(() => undefined);
      return { ok: true, results };
    });
  }

  async readStream(stream: string, options: { from?: number; limit?: number; direction?: 'forwards' | 'backwards' } = {}): Promise<readonly RecordedEvent[]> {
    this.requireOpen();
    const { from, limit = Infinity, direction = 'forwards' } = options;
    const forwards = direction === 'forwards';
    const found: RecordedEvent[] = [];
    let next: number | 'end' = forwards ? Math.max(from ?? 0, 0) : (from ?? 'end');
    while (found.length < limit && (next === 'end' || next >= 0)) {
      const at: number | 'end' = next;
      const maxCount = Math.min(limit - found.length, PAGE);
      const page = await this.collect(`Đọc luồng ${stream}`, () => this.client.readStream(stream, { from: at, maxCount, forwards }));
      if (page === 'rejected') throw new LogDamagedError(`Đọc luồng ${stream}: máy chủ không nhận số thứ tự ${String(at)}.`);
      for (const given of page) {
        const last = found.at(-1);
        // Given twice, or read past what was asked for.
        if (last && (forwards ? given.revision <= last.revision : given.revision >= last.revision)) continue;
        const one = incoming(given);
        if (!one) throw new LogDamagedError(`Luồng ${stream} có sự kiện số ${String(given.revision)} (${given.type}) không do chương trình này ghi.`);
        if (found.length < limit) found.push(one.event);
      }
      const last = found.at(-1);
      if (page.length < maxCount || !last) break;
      next = forwards ? last.revision + 1 : last.revision - 1;
    }
    return found;
  }

  async readAll({ after, categories, types, limit, direction = 'forwards' }: ReadAllOptions): Promise<readonly RecordedEvent[]> {
    this.requireOpen();
    if (direction === 'backwards') return this.backwards(after, limit, categories);
    if (!types) return (await this.page(after, limit, categories)).events;
    const { events } = await this.page(after, limit);
    return events.filter(({ type }, n) => types.includes(type) || n === events.length - 1);
  }

  async readAt(position: Position): Promise<RecordedEvent | undefined> {
    this.requireOpen();
    if (position <= 0n) return undefined;
    const page = await this.collect('Đọc nhật ký', () => this.client.readAll({ from: position, maxCount: 1, forwards: true }));
    const [given] = page === 'rejected' ? [] : page;
    return given?.position === position ? incoming(given)?.event : undefined;
  }

  async readEvent(id: string): Promise<RecordedEvent | undefined> {
    this.requireOpen();
    let [place] = await this.index.find([id]);
    if (!place) {
      await this.catchUp();
      [place] = await this.index.find([id]);
    }
    if (!place) return undefined;
    const [event] = await this.readStream(place.stream, { from: place.revision, limit: 1 });
    if (event?.id !== id) throw new LogDamagedError(`Chỉ mục nói sự kiện ${id} ở luồng ${place.stream} số ${String(place.revision)}, nhưng ở đó là ${event?.id ?? 'không có gì'}; hãy dựng lại chỉ mục.`);
    return event;
  }

  async head(): Promise<Head> {
    this.requireOpen();
    await this.catchUp();
    return this.known;
  }

  async positionAt(instant: Instant): Promise<Position> {
    this.requireOpen();
    await this.catchUp();
    return this.index.positionAt(instant);
  }

  subscribe(options: { after: Position; categories?: readonly string[]; batchSize?: number; lazily?: boolean; signal: AbortSignal }): AsyncIterable<readonly RecordedEvent[]> {
    const { after, categories, batchSize = 500, signal } = options;
    return followKurrent({
      after,
      batchSize,
      ...(categories && { categories }),
      watchdogMs: this.watchdogMs,
      signal: AbortSignal.any([signal, this.closing.signal]),
      page: (from, limit) => this.page(from, limit, categories),
      open: (from) => this.client.subscribe({ after: from === 0n ? 'start' : from, ...(categories && { prefixes: categories.map((category) => `${category}-`) }) }),
    });
  }

  close(): Promise<void> {
    this.closed ??= (async () => {
      await Promise.allSettled(this.underWay);
      this.closing.abort();
      await this.pulling?.catch(() => undefined);
      await this.client.release();
    })();
    return this.closed;
  }

  private prepare(append: StreamAppend): PreparedAppend {
    const prepared = prepareAppend(append);
    for (const event of prepared.events) refuseEnvelope(prepared.stream, event);
    return prepared;
  }

  private async during<T>(work: () => Promise<T>): Promise<T> {
    this.requireOpen();
    const promise = work();
    this.underWay.add(promise);
    try {
      return await promise;
    } finally {
      this.underWay.delete(promise);
    }
  }

  private requireOpen(): void {
    if (this.closed) throw new LogStoppedError('Nhật ký trên EventStoreDB/KurrentDB đã đóng.');
  }

  /** A repeat or a conflict that the ids alone show; undefined when none of them stands in the log. */
  private async answerFromIndex(append: PreparedAppend): Promise<AppendResult | undefined> {
    const places = await this.index.find(append.events.map(({ id }) => id));
    if (places.length === 0) return undefined;
    return repeatOf(append, places) ?? { ok: false, stream: append.stream, expectedRevision: append.expectedRevision, actualRevision: await this.lastRevision(append.stream) };
  }

  /** `lookBack`: waits until the event has been read again, which tells a repeat written by another process from a first write. */
  private async write(append: PreparedAppend, lookBack: boolean): Promise<AppendResult> {
    const { stream, expectedRevision, events } = append;
    const token = systemIds.next();
    const lastId = events.at(-1)!.id;
    const watch = this.awaited.get(lastId) ?? { waiting: 0 };
    watch.waiting += 1;
    this.awaited.set(lastId, watch);
    let recordedAt = 0;
    try {
      const written = await retrying<{ revision: number; position: Position } | AppendConflict>({
        what: `Ghi vào luồng ${stream}`,
        limits: this.limits,
        writes: true,
        findLeader: () => this.client.findLeader(),
        attempt: () => {
          recordedAt = this.latest = Math.max(Math.trunc(this.clock.now()), this.latest);
          return within(this.limits.attemptMs, this.client.append(stream, expectedRevision, events.map((event) => outgoing(event, recordedAt, token))));
        },
        settle: (failure, error) => {
          if (failure.kind === 'conflict') return { ok: false, stream, expectedRevision, actualRevision: failure.actualRevision };
          if (failure.kind === 'too-big') throw new TypeError(`${stream}: the append is larger than the server takes (its setting MaxAppendSize)`, { cause: error });
          return cannotRead(`Ghi vào luồng ${stream}`, failure, error);
        },
      });
      if ('ok' in written) return written;
      const { revision, position } = written;
      if (lookBack) await this.catchUp().catch(() => undefined);
      const seen = watch.found;
      if (seen?.event.stream === stream) return { ok: true, stream, revision, position, recordedAt: seen.event.recordedAt, repeated: seen.append !== token };
      // It is written: an index that is away now only hides whether somebody else had written it before.
      const [indexed] = lookBack ? await this.index.find([lastId]).catch(() => []) : [];
      // Read by this process before the append was made, so somebody else's write of the same events.
      if (indexed?.stream === stream) return { ok: true, stream, revision, position, recordedAt: indexed.recordedAt, repeated: true };
      return { ok: true, stream, revision, position, recordedAt, repeated: false };
    } finally {
      watch.waiting -= 1;
      if (watch.waiting === 0) this.awaited.delete(lastId);
    }
  }

  /** Where those of the events stand that are in the log, or the conflict that there would be if nobody else wrote. */
  private async lookedAt(appends: readonly PreparedAppend[]): Promise<ReadonlyMap<string, IndexedEvent> | AppendConflict> {
    const revisions = new Map<string, number>();
    const names = [...new Set(appends.map(({ stream }) => stream))];
    for (let n = 0; n < names.length; n += ASKED_TOGETHER)
      await Promise.all(names.slice(n, n + ASKED_TOGETHER).map(async (name) => revisions.set(name, await this.lastRevision(name))));
    const places = await this.index.find(appends.flatMap(({ events }) => events.map(({ id }) => id)));
    const found = new Map(places.map((place) => [place.id, place]));
    const byId = new Map(found);
    for (const append of appends) {
      const { stream, expectedRevision, events } = append;
      const actualRevision = revisions.get(stream)!;
      const there = events.flatMap(({ id }) => byId.get(id) ?? []);
      if (repeatOf(append, there)) continue;
      if (there.length > 0 || expectedRevision !== actualRevision) return { ok: false, stream, expectedRevision, actualRevision };
      events.forEach(({ id }, i) => byId.set(id, { id, stream, revision: actualRevision + 1 + i, position: 0n, recordedAt: 0 }));
      revisions.set(stream, actualRevision + events.length);
    }
    return found;
  }

  private async lastRevision(stream: string): Promise<number> {
    const [last] = await this.readStream(stream, { direction: 'backwards', limit: 1 });
    return last?.revision ?? -1;
  }

  /** Reads what was written since the last time into the index. Whoever asks sees at least what stood in the log when he asked. */
  private catchUp(): Promise<void> {
    if (this.nextPull) return this.nextPull;
    if (!this.pulling) {
      const first = this.pull().finally(() => {
        if (this.pulling === first) this.pulling = undefined;
      });
      this.pulling = first;
      return first;
    }
    const next = this.pulling
      .catch(() => undefined)
      .then(() => {
        this.nextPull = undefined;
        this.pulling = this.pull().finally(() => {
          if (this.pulling === started) this.pulling = undefined;
        });
        const started = this.pulling;
        return started;
      });
    this.nextPull = next;
    return next;
  }

  private async pull(): Promise<void> {
    for (;;) {
      const { given, end } = await this.scan(this.cursor, PAGE);
      const found: IndexedEvent[] = [];
      for (const raw of given) {
        const one = incoming(raw);
        if (!one) continue;
        const { id, stream, revision, position, recordedAt } = one.event;
        found.push({ id, stream, revision, position, recordedAt });
        const watch = this.awaited.get(id);
        if (watch) watch.found ??= one;
        if (recordedAt > this.latest) this.latest = recordedAt;
      }
      if (found.length > 0) {
        await this.index.add(found);
        await this.takeHead();
      }
      this.cursor = given.at(-1)?.position ?? this.cursor;
      if (end) return;
    }
  }

  private async takeHead(): Promise<void> {
    const last = await this.index.last();
    if (!last) return;
    this.latest = Math.max(this.latest, last.recordedAt);
    this.known = { position: last.position, recordedAt: last.recordedAt, lastEventId: last.id, count: await this.index.count(last.position) };
  }

  private async page(after: Position, limit: number, categories?: readonly string[]): Promise<Page> {
    const wanted = categories && new Set(categories);
    const events: RecordedEvent[] = [];
    let scannedTo = after;
    // Where few are wanted and many are looked at, ever larger pages.
    let size = Math.min(wanted ? limit * 2 : limit, PAGE);
    while (events.length < limit && wanted?.size !== 0) {
      const { given, end } = await this.scan(scannedTo, size);
      for (const raw of given) {
        scannedTo = raw.position;
        const one = incoming(raw);
        if (one && (!wanted || wanted.has(categoryOf(one.event.stream)))) events.push(one.event);
        if (events.length >= limit) break;
      }
      if (end) return { events, scannedTo, end: events.length < limit };
      size = wanted ? Math.min(size * 4, PAGE) : Math.min(limit - events.length, PAGE);
    }
    return { events, scannedTo, end: false };
  }

  /** What stands after the place, system events included; `end` when that was all. */
  private async scan(after: Position, count: number): Promise<{ given: readonly IncomingEvent[]; end: boolean }> {
    const what = 'Đọc nhật ký';
    let maxCount = count + 1;
    let page = await this.collect(what, () => this.client.readAll({ from: after === 0n ? 'start' : after, maxCount, forwards: true }));
    if (page === 'rejected') {
      // The place is inside a record; the index knows the next one.
      await this.indexed(after);
      const from = await this.index.firstAfter(after);
      if (from === undefined) return { given: [], end: true };
      maxCount = count;
      page = await this.collect(what, () => this.client.readAll({ from, maxCount, forwards: true }));
      if (page === 'rejected') throw new LogDamagedError(`${what}: chỉ mục nói có sự kiện ở vị trí ${String(from)}, máy chủ nói không; hãy dựng lại chỉ mục.`);
    }
    let last = after === 0n ? -1n : after;
    const given: IncomingEvent[] = [];
    for (const one of page) {
      if (one.position > last) {
        last = one.position;
        given.push(one);
      } else if (one.position > after && !given.some(({ position }) => position === one.position)) {
        // Given twice is passed over; this one would be lost.
        throw new LogDamagedError(`${what}: máy chủ đưa sự kiện ${one.id} ở vị trí ${String(one.position)} sau vị trí ${String(last)}.`);
      }
    }
    return { given, end: page.length < maxCount };
  }

  private async backwards(after: Position, limit: number, categories?: readonly string[]): Promise<readonly RecordedEvent[]> {
    const wanted = categories && new Set(categories);
    const found: RecordedEvent[] = [];
    let from: Position | 'end' = after === 0n ? 'end' : after;
    while (found.length < limit && wanted?.size !== 0) {
      const at: Position | 'end' = from;
      const maxCount = wanted ? PAGE : Math.min(limit - found.length, PAGE);
      const page = await this.collect('Đọc nhật ký', () => this.client.readAll({ from: at, maxCount, forwards: false }));
      if (page === 'rejected') {
        if (typeof at === 'string' || at !== after) throw new LogDamagedError(`Đọc nhật ký: máy chủ không nhận vị trí ${String(at)}.`);
        await this.indexed(at);
        from = (await this.index.firstAfter(at)) ?? 'end';
        continue;
      }
      for (const raw of page) {
        const before = found.at(-1)?.position;
        if (before !== undefined && raw.position >= before) continue;
        const one = incoming(raw);
        if (one && (!wanted || wanted.has(categoryOf(one.event.stream)))) found.push(one.event);
        if (found.length >= limit) break;
      }
      const last = page.at(-1);
      if (!last || page.length < maxCount) break;
      from = last.position;
    }
    return found;
  }

  /** The index has to hold what is near the place; while it is being filled it asks for no place that is not an event's. */
  private async indexed(place: Position): Promise<void> {
    if (this.cursor < place) await this.catchUp();
  }

  /** All that one call gives. An attempt that breaks off is made again from its beginning. */
  private async collect(what: string, open: () => Reading): Promise<readonly IncomingEvent[] | 'rejected'> {
    return retrying<readonly IncomingEvent[] | 'rejected'>({
      what,
      limits: this.limits,
      writes: false,
      findLeader: () => this.client.findLeader(),
      attempt: () => takeAll(open(), this.limits.attemptMs),
      settle: (failure, error) => {
        if (failure.kind === 'not-found') return [];
        if (failure.kind === 'rejected') return 'rejected';
        return cannotRead(what, failure, error);
      },
    });
  }
}

/** Ends with an error when nothing has come for so long. */
async function takeAll(reading: Reading, silenceMs: number): Promise<readonly IncomingEvent[]> {
  const given: IncomingEvent[] = [];
  const timer = setTimeout(() => {
    reading.stop(new Error(`nothing was read for ${String(silenceMs)} ms`));
  }, silenceMs);
  try {
    for await (const event of reading) {
      given.push(event);
      timer.refresh();
    }
    return given;
  } finally {
    clearTimeout(timer);
    reading.stop();
  }
}

/** After some of many appends stand, a log that is away has not "written nothing". */
function partWritten(error: unknown, written: number): unknown {
  if (!(error instanceof LogUnavailableError) || written === 0) return error;
  return new OutcomeUnknownError(`${error.message} Đã ghi ${String(written)} luồng đầu; gửi lại đúng yêu cầu này để ghi tiếp phần còn lại.`, error);
}

/** The first answer, when all these ids stand at just these revisions. */
function repeatOf({ stream, expectedRevision, events }: PreparedAppend, places: readonly IndexedEvent[]): Appended | undefined {
  if (places.length < events.length) return undefined;
  const byId = new Map(places.map((place) => [place.id, place]));
  const there = events.map(({ id }) => byId.get(id));
  if (there.some((place, i) => place?.stream !== stream || place.revision !== expectedRevision + 1 + i)) return undefined;
  const { revision, position, recordedAt } = there.at(-1)!;
  return { ok: true, stream, revision, position, recordedAt, repeated: true };
}

