import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, Position, RecordedEvent } from '#event-log';
import { Problem } from '#kernel';

/** Of an event, what goes out: its name for `addEventListener`, and what stands beside position and type in its data. Nothing personal. */
export interface Told {
  readonly event: string;
  readonly data: Readonly<Record<string, string | undefined>>;
}

export interface LiveStreamOptions {
  readonly log: Pick<EventLog, 'readAll' | 'readAt' | 'subscribe' | 'head'>;
  /** Position that everything a client may ask has reached: no event goes out before, for a client asks again on it and must find it. */
  readonly reached: () => Promise<Position>;
  readonly tell: (event: RecordedEvent) => Promise<Told>;
  /** Hears why the reading of the log broke off; the clients are let go, and the first to come back starts it again. */
  readonly onBroken?: (error: unknown) => void;
  readonly heartbeatMs?: number;
  /** A client that leaves this many bytes lying is cut. */
  readonly bufferBytes?: number;
  /** How many events back a client may resume. */
  readonly kept?: number;
}

export type ResyncReason = 'gap-too-long' | 'beyond-log';

interface Frame {
  readonly position: Position;
  readonly text: string;
}

interface Client {
  readonly response: ServerResponse;
  /** Hears besides what this meeting's room shows. */
  readonly briefing: string | undefined;
  /** Everything up to here was handed to it. */
  position: Position;
}

const BATCH = 200;
const REACHED_MS = 20;
/** Writing to many takes a while: requests get a turn in between. */
const CLIENTS_A_TURN = 500;
const STOP_MS = 1_000;

/**
 * New events for any number of clients as server-sent events: one reader of the log, each frame made once, the last ones kept for those who
 * come back. A client gets every event after the position it names, in order and once, or one `resync` and the events from there on.
 */
export class LiveStream {
  private readonly options: Required<Omit<LiveStreamOptions, 'onBroken'>> & Pick<LiveStreamOptions, 'onBroken'>;
  private readonly connected = new Set<Client>();
  private readonly stopping = new AbortController();
  private started: Promise<void> | undefined;
  private heartbeat: NodeJS.Timeout | undefined;
  /** The last frames up to `position`, without a gap after `from`. */
  private frames: readonly Frame[] = [];
  private from: Position = 0n;
  private position: Position = 0n;

  constructor(options: LiveStreamOptions) {
    this.options = { heartbeatMs: 15_000, bufferBytes: 256 * 1024, kept: 1_000, ...options };
  }

  /** Clients connected now. */
  get clients(): number {
    return this.connected.size;
  }

  /**
   * Sends events until the client leaves: those after `after`, or from now on. Takes the response over once it resolves.
   * @throws Problem 503 when the program is stopping; what the log throws when it cannot be read. Nothing is sent then.
   */
  async attach(response: ServerResponse, after?: Position, briefing?: string): Promise<void> {
    this.requireGoing();
    await (this.started ??= this.begin());
    // Another process may have shown the client more than this one has read so far.
    const head = after !== undefined && after > this.position ? (await this.options.log.head()).position : this.position;
    this.requireGoing();
    if (response.destroyed || response.socket?.destroyed !== false) return;
    const { position, text } = this.opening(after, head);
    const client: Client = { response, briefing, position };
    this.connected.add(client);
    response.once('close', () => {
      this.connected.delete(client);
    });
    response.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      // no-transform: nothing on the way may hold events back to compress them.
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
      Connection: 'close',
    });
    this.send(client, text);
  }

  /** Tells those who follow a meeting something that is no event: it has no id, so a client that comes back misses nothing by it. */
  announce(briefing: string, event: string, data: object): void {
    const text = aside(event, data);
    for (const client of this.connected) if (client.briefing === briefing) this.send(client, text);
  }

  /** The same to one client. */
  tell(response: ServerResponse, event: string, data: object): void {
    for (const client of this.connected) if (client.response === response) this.send(client, aside(event, data));
  }

  /** Meetings that somebody follows. */
  briefings(): string[] {
    return [...this.connected].flatMap(({ briefing }) => (briefing === undefined ? [] : [briefing]));
  }

  /** Ends every stream at once; a client that does not take the end of its own is cut a second later. */
  stop(): void {
    this.stopping.abort();
    clearInterval(this.heartbeat);
    this.letGo();
  }

  private requireGoing(): void {
    if (this.stopping.signal.aborted)
      throw new Problem(503, 'stopping', 'Chương trình đang dừng', 'Chương trình đang dừng; hãy kết nối lại sau ít giây.');
  }

  private letGo(): void {
    const left = [...this.connected];
    this.connected.clear();
    for (const { response } of left) response.end();
    setTimeout(() => {
      for (const { response } of left) response.destroy();
    }, STOP_MS).unref();
  }

  /** Reads the last events back into memory, then follows the log from there. */
  private async begin(): Promise<void> {
    const { log, reached, kept, heartbeatMs } = this.options;
    try {
      const position = await reached();
      const newest = position === 0n ? undefined : await log.readAt(position);
      const before = newest === undefined ? [] : await log.readAll({ after: position, limit: kept, direction: 'backwards', lazily: true });
      const last = newest === undefined ? [] : [newest, ...before].reverse();
      this.position = position;
      this.from = last.length > kept ? last[0]!.position : 0n;
      this.frames = await this.framesOf(last.length > kept ? last.slice(1) : last);
    } catch (error) {
      this.started = undefined;
      throw error;
    }
    this.heartbeat ??= setInterval(() => void this.beat(), heartbeatMs).unref();
    void this.follow();
  }

  private async follow(): Promise<void> {
    const { log, onBroken } = this.options;
    const { signal } = this.stopping;
    try {
      for await (const events of log.subscribe({ after: this.position, batchSize: BATCH, lazily: true, signal })) {
        // Not `projector.reaches`: who waits there makes the projector commit without collecting a batch, and nobody here is in such a hurry.
        while ((await this.options.reached()) < events.at(-1)!.position && !signal.aborted) await sleep(REACHED_MS);
        if (signal.aborted) return;
        await this.deliver(await this.framesOf(events));
      }
    } catch (error) {
      onBroken?.(error);
    }
    if (signal.aborted) return;
    this.started = undefined;
    this.letGo();
  }

  private framesOf(events: readonly RecordedEvent[]): Promise<readonly Frame[]> {
    return Promise.all(events.map((event) => this.frameOf(event)));
  }

  private async frameOf(event: RecordedEvent): Promise<Frame> {
    const { event: name, data } = await this.options.tell(event);
    const id = String(event.position);
    return {
      position: event.position,
      text: `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify({ position: id, type: event.type, ...data })}\n\n`,
    };
  }

  private async deliver(batch: readonly Frame[]): Promise<void> {
    const from = this.position;
    const to = batch.at(-1)!.position;
    this.frames = [...this.frames, ...batch];
    this.position = to;
    const surplus = this.frames.length - this.options.kept;
    if (surplus > BATCH) {
      this.from = this.frames[surplus - 1]!.position;
      this.frames = this.frames.slice(surplus);
    }
    const bytes = Buffer.from(batch.map(({ text }) => text).join(''));
    let written = 0;
    // Who comes while this goes on has been given this batch already.
    for (const client of this.connected) {
      if (client.position >= to) continue;
      this.send(client, client.position <= from ? bytes : textOf(batch.filter(({ position }) => position > client.position)));
      client.position = to;
      if (++written % CLIENTS_A_TURN === 0) await nextTurn();
    }
  }

  private async beat(): Promise<void> {
    let written = 0;
    for (const client of this.connected) {
      this.send(client, ':\n\n');
      if (++written % CLIENTS_A_TURN === 0) await nextTurn();
    }
  }

  private send(client: Client, bytes: string | Buffer): void {
    const { response } = client;
    const waiting = response.writableLength;
    if (waiting === 0 || waiting + bytes.length <= this.options.bufferBytes) {
      response.write(bytes);
      return;
    }
    this.connected.delete(client);
    response.destroy();
  }

  /** What a client hears first, and where it stands then. */
  private opening(after: Position | undefined, head: Position): Frame {
    // Those of a server that went away do not all come back in one moment.
    const retry = `retry: ${String(1_000 + Math.floor(Math.random() * 2_000))}\n`;
    // An id without data makes no event, but a client cut off before its first event then knows where it was.
    if (after === undefined || after === this.position)
      return { position: this.position, text: `${retry}id: ${String(this.position)}\n\n` };
    if (after > this.position)
      return after <= head ? { position: after, text: `${retry}id: ${String(after)}\n\n` } : this.resync(retry, 'beyond-log');
    const at = after === this.from ? -1 : this.frames.findLastIndex(({ position }) => position === after);
    // An older one, or one that no event of this log has.
    if (at < 0 && after !== this.from) return this.resync(retry, 'gap-too-long');
    const missed = textOf(this.frames.slice(at + 1));
    // What would fill half of the buffer at once is fetched better than sent.
    if (missed.length > this.options.bufferBytes / 2) return this.resync(retry, 'gap-too-long');
    return { position: this.position, text: `${retry}\n${missed}` };
  }

  private resync(retry: string, reason: ResyncReason): Frame {
    const id = String(this.position);
    return { position: this.position, text: `${retry}id: ${id}\nevent: resync\ndata: ${JSON.stringify({ position: id, reason })}\n\n` };
  }
}

const textOf = (frames: readonly Frame[]): string => frames.map(({ text }) => text).join('');
const aside = (event: string, data: object): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
