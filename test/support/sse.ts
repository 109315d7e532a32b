import { request, type ClientRequest, type IncomingMessage } from 'node:http';

export interface SseEvent {
  readonly id: string;
  readonly event: string;
  readonly data: any;
}

/** A client of an event stream over a connection of its own, reading as the HTML standard says. */
export class SseClient {
  readonly events: SseEvent[] = [];
  comments = 0;
  /** As a browser would send it when it connects again; known from an id without data, too. */
  lastEventId: string | undefined;
  /** Resolves when the connection is gone, for whatever reason. */
  readonly closed: Promise<void>;
  private readonly asked: ClientRequest;
  private readonly answer: IncomingMessage;
  private rest = '';
  private readonly watching = new Set<() => void>();

  private constructor(asked: ClientRequest, answer: IncomingMessage, lastEventId: string | undefined) {
    this.asked = asked;
    this.answer = answer;
    this.lastEventId = lastEventId;
    answer.setEncoding('utf8');
    this.closed = new Promise((resolve) => {
      answer.once('close', () => {
        resolve();
      });
      answer.on('error', () => undefined);
    });
    answer.on('data', (chunk: string) => {
      this.take(chunk);
    });
  }

  /** @throws when the answer is not 200: with its status and body. */
  static async open(
    url: string,
    { lastEventId, headers = {} }: { lastEventId?: string; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<SseClient> {
    const asked = request(url, {
      agent: false,
      headers: { Accept: 'text/event-stream', ...headers, ...(lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId }) },
    });
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      asked.once('response', resolve);
      asked.once('error', reject);
      asked.end();
    });
    asked.on('error', () => undefined);
    if (answer.statusCode === 200) return new SseClient(asked, answer, lastEventId);
    let body = '';
    for await (const chunk of answer) body += String(chunk);
    throw new Error(`${String(answer.statusCode)} ${body}`);
  }

  get headers(): IncomingMessage['headers'] {
    return this.answer.headers;
  }

  /** Once `done` says so; asked at every piece that comes in. */
  async until(done: (client: this) => boolean, ms = 20_000): Promise<void> {
    if (done(this)) return;
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        this.watching.delete(look);
        reject(new Error(`${String(ms)} ms are over: ${String(this.events.length)} events, last ${JSON.stringify(this.events.at(-1))}`));
      }, ms);
      const look = (): void => {
        if (!done(this)) return;
        clearTimeout(late);
        this.watching.delete(look);
        resolve();
      };
      this.watching.add(look);
    });
  }

  /** Takes nothing any more: what is sent then stays on the way. */
  pause(): void {
    this.answer.pause();
  }

  resume(): void {
    this.answer.resume();
  }

  /** Cuts the connection, with whatever was half read. */
  cut(): void {
    this.asked.destroy();
  }

  private take(chunk: string): void {
    this.rest += chunk;
    const blocks = this.rest.split('\n\n');
    this.rest = blocks.pop()!;
    for (const block of blocks) {
      const fields = new Map<string, string>();
      for (const line of block.split('\n')) {
        const colon = line.indexOf(':');
        if (colon === 0) this.comments++;
        else if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
      }
      this.lastEventId = fields.get('id') ?? this.lastEventId;
      const data = fields.get('data');
      if (data !== undefined) this.events.push({ id: this.lastEventId!, event: fields.get('event') ?? 'message', data: JSON.parse(data) });
    }
    for (const look of this.watching) look();
  }
}
