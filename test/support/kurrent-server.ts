import { randomBytes } from 'node:crypto';
import type { Appended, AppendConflict, AppendResult, EventLog, RecordedEvent, StreamAppend } from '#event-log';
import { connect } from '../../libs/event-log/src/kurrent/client.ts';
import { openKurrentEventLog, type KurrentLogOptions } from '../../libs/event-log/src/kurrent/kurrent-event-log.ts';
import { MemoryEventIndex } from '../../libs/event-log/src/memory/memory-event-index.ts';
import { EventStoreDbStandIn } from '../stand-ins/eventstoredb/eventstoredb-stand-in.ts';

type OpenOptions = Omit<KurrentLogOptions, 'url' | 'index'>;

/** What the EventStoreDB tests run against: the real server at KURRENTDB_URL, or else the protocol stand-in. */
export interface KurrentTestServer {
  readonly url: string;
  /** Kind and version, for titles. */
  readonly name: string;
  readonly standIn?: EventStoreDbStandIn;
  /** An empty world for the next test: logs opened in it see each other's events and nothing from before. */
  world(): Promise<KurrentWorld>;
  stop(): Promise<void>;
}

/** Opens a log on the server, or on a way to it. */
export type KurrentWorld = (options: OpenOptions, url?: string) => Promise<EventLog>;

export async function startKurrentTestServer(): Promise<KurrentTestServer> {
  const url = process.env['KURRENTDB_URL'];
  if (url) return { url, name: await nameOf(url), world: () => realWorld(url), stop: () => Promise.resolve() };
  const standIn = await EventStoreDbStandIn.start();
  return {
    url: standIn.url,
    name: 'EventStoreDB (protocol stand-in)',
    standIn,
    world: () => {
      standIn.reset();
      const open: KurrentWorld = (options, way = standIn.url) =>
        openKurrentEventLog({ ...options, url: way, index: new MemoryEventIndex() });
      return Promise.resolve(open);
    },
    stop: () => standIn.stop(),
  };
}

/** `esdb://user:password@a:2113,b:2113?tls=true` → `a:2113`. */
export function firstNodeOf(url: string): { readonly host: string; readonly port: number; readonly tls: boolean } {
  const [, host = '127.0.0.1', port = '2113'] = /^\w+(?:\+discover)?:\/\/(?:[^@/]*@)?([^:,/?]+)(?::(\d+))?/.exec(url) ?? [];
  return { host, port: Number(port), tls: !/[?&]tls=false/i.test(url) };
}

async function nameOf(url: string): Promise<string> {
  const { host, port, tls } = firstNodeOf(url);
  const info: unknown = await fetch(`http${tls ? 's' : ''}://${host}:${String(port)}/info`, { signal: AbortSignal.timeout(5_000) }).then(
    (answer) => answer.json(),
    () => ({}),
  );
  const { esVersion, dbVersion } = info as { esVersion?: string; dbVersion?: string };
  return dbVersion ? `KurrentDB ${dbVersion} (real)` : `EventStoreDB ${esVersion ?? 'of unknown version'} (real)`;
}

/**
 * A real server keeps what earlier tests wrote: this world begins at its present end, and its streams have a name of their own. Whoever else
 * writes into the server meanwhile would be seen: tests on a real server run one after another.
 */
async function realWorld(url: string): Promise<KurrentWorld> {
  const begin = await endOf(url);
  const mark = randomBytes(5).toString('hex');
  return async (options, way = url) =>
    new World(await openKurrentEventLog({ ...options, url: way, index: new MemoryEventIndex({ after: begin }) }), begin, mark);
}

async function endOf(url: string): Promise<bigint> {
  const client = await connect(url);
  try {
    for await (const { position } of client.readAll({ from: 'end', maxCount: 1, forwards: false })) return position;
    return 0n;
  } finally {
    await client.release();
  }
}

class World implements EventLog {
  private readonly log: EventLog;
  private readonly begin: bigint;
  private readonly mark: string;

  constructor(log: EventLog, begin: bigint, mark: string) {
    this.log = log;
    this.begin = begin;
    this.mark = `${mark}.`;
  }

  async append(stream: string, events: StreamAppend['events'], options: { expectedRevision: number }): Promise<AppendResult> {
    return this.seen(await this.log.append(this.nameFor(stream), events, options));
  }

  async appendMany(appends: readonly StreamAppend[]): Promise<{ ok: true; results: readonly Appended[] } | AppendConflict> {
    const answer = await this.log.appendMany(appends.map((append) => ({ ...append, stream: this.nameFor(append.stream) })));
    return answer.ok ? { ok: true, results: answer.results.map((result) => this.seen(result)) } : this.seen(answer);
  }

  async readStream(stream: string, options?: Parameters<EventLog['readStream']>[1]): Promise<readonly RecordedEvent[]> {
    return (await this.log.readStream(this.nameFor(stream), options)).map((event) => this.seen(event));
  }

  async readAll(options: Parameters<EventLog['readAll']>[0]): Promise<readonly RecordedEvent[]> {
    const backwards = options.direction === 'backwards';
    const events = await this.log.readAll(backwards ? options : { ...options, after: this.since(options.after) });
    return events.filter(({ position }) => position > this.begin).map((event) => this.seen(event));
  }

  async readAt(position: bigint): Promise<RecordedEvent | undefined> {
    const event = await this.log.readAt(position);
    return event && this.seen(event);
  }

  async readEvent(id: string): Promise<RecordedEvent | undefined> {
    const event = await this.log.readEvent(id);
    return event && this.seen(event);
  }

  head(): ReturnType<EventLog['head']> {
    return this.log.head();
  }

  positionAt(instant: number): Promise<bigint> {
    return this.log.positionAt(instant);
  }

  async *subscribe(options: Parameters<EventLog['subscribe']>[0]): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    for await (const batch of this.log.subscribe({ ...options, after: this.since(options.after) }))
      yield batch.map((event) => this.seen(event));
  }

  close(): Promise<void> {
    return this.log.close();
  }

  private since(after: bigint): bigint {
    return after > this.begin ? after : this.begin;
  }

  /** `task-1` → `task-<mark>1`; what is no stream name stays none. */
  private nameFor(stream: string): string {
    return typeof stream === 'string' ? stream.replace(/^([^-]+-)(?=.)/, (category) => category + this.mark) : stream;
  }

  private seen<T extends { readonly stream: string }>(given: T): T {
    return { ...given, stream: given.stream.replace(`-${this.mark}`, '-') };
  }
}
