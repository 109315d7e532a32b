import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, parseInstant, type Instant } from '#kernel';
import type { Channel } from '#reminders';
import { serve, type Served } from '../../apps/api/src/serve.ts';
import type { Runtime } from '../../apps/api/src/runtime.ts';
import type { RuntimeOptions } from '../../apps/api/src/stores.ts';
import { advanceRuntime } from '../../apps/cli/src/scenario-runtime.ts';

/** What came over the socket: the bytes as text, and what they say. */
export interface Reply<T = any> {
  readonly status: number;
  readonly text: string;
  readonly body: T;
  readonly headers: Headers;
}

export const instant = (text: string): Instant => {
  const at = parseInstant(text);
  if (at === undefined) throw new Error(`not an instant: ${text}`);
  return at;
};

/** The served program over real HTTP on a free port of this machine, with a clock set by hand and a folder of its own. */
export class TestServer {
  readonly dataDir: string;
  readonly clock: ManualClock;
  private readonly root: string;
  private served: Served | undefined;
  /** Ways out of reminders, taken at the next start. */
  channels: readonly Channel[] = [];
  /** What is derived, taken at the next start. */
  projections: NonNullable<RuntimeOptions['projections']> = (usual) => usual;

  private constructor(root: string, clock: ManualClock) {
    this.root = root;
    this.dataDir = join(root, 'data');
    this.clock = clock;
  }

  /** `fill` writes into the folder before anything is served. */
  static async start(now: Instant, fill?: (dataDir: string, clock: ManualClock) => Promise<void>, channels: readonly Channel[] = []): Promise<TestServer> {
    const server = new TestServer(mkdtempSync(join(tmpdir(), 'nhacviec-api-')), new ManualClock(now));
    server.channels = channels;
    await fill?.(server.dataDir, server.clock);
    server.clock.set(now);
    await server.open();
    return server;
  }

  get runtime(): Runtime {
    return this.served!.runtime;
  }

  get duties(): Served['duties'] {
    return this.served!.duties;
  }

  get url(): string {
    return this.served!.url;
  }

  private async open(): Promise<void> {
    this.served = await serve({ host: '127.0.0.1', port: 0, dataDir: this.dataDir, clock: this.clock, simulated: true, channels: this.channels, projections: this.projections });
  }

  /** Stops, does what is asked while nothing holds the folder, and starts again. */
  async restart(between: () => void | Promise<void> = () => undefined): Promise<void> {
    await this.served?.close();
    await between();
    await this.open();
  }

  async stop(): Promise<void> {
    await this.served?.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Moves the clock; every deadline that passes on the way is recorded when it does. */
  async advance(to: string): Promise<void> {
    await advanceRuntime({ deadlines: this.runtime.deadlines, duties: this.duties }, this.clock, instant(to));
  }

  async send(path: string, init: RequestInit = {}): Promise<Reply> {
    const response = await fetch(`${this.served!.url}/api/v1${path}`, init);
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) : undefined };
  }

  get(path: string, actor?: string): Promise<Reply> {
    return this.send(path, actor === undefined ? {} : { headers: { 'X-Actor': actor } });
  }

  /** The body of an answer that has to be 200. */
  async ok<T = any>(path: string): Promise<T> {
    const { status, text, body } = await this.get(path);
    if (status !== 200) throw new Error(`GET ${path}: ${String(status)} ${text.slice(0, 500)}`);
    return body as T;
  }

  post(path: string, body: unknown = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: typeof body === 'string' ? body : JSON.stringify(body) });
  }

  /** A command that has to be accepted; afterwards every question sees it. */
  async done<T = any>(path: string, body: unknown = {}, actor = 'office'): Promise<T> {
    const reply = await this.post(path, body, { 'X-Actor': actor });
    if (reply.status !== 200 && reply.status !== 201) throw new Error(`POST ${path}: ${String(reply.status)} ${reply.text.slice(0, 500)}`);
    await this.caughtUp();
    return reply.body as T;
  }

  /** Until what is derived has reached the end of the log. */
  async caughtUp(): Promise<void> {
    const { log, projector } = this.runtime;
    if (!(await projector.reaches((await log.head()).position, 10_000))) throw new Error('the read models have not reached the end of the log');
  }

  async events(): Promise<number> {
    return (await this.runtime.log.head()).count;
  }

  /** Every item of a list, by walking its cursor; `total` is the same on every page. */
  async all<T = any>(path: string, limit = 200): Promise<T[]> {
    const items: T[] = [];
    const totals = new Set<number>();
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: { items: T[]; nextCursor: string | null; total: number } = await this.ok(`${path}${path.includes('?') ? '&' : '?'}limit=${String(limit)}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      items.push(...page.items);
      totals.add(page.total);
      cursor = page.nextCursor;
    }
    if (totals.size !== 1 || !totals.has(items.length)) throw new Error(`${path}: ${String(items.length)} items, totals told: ${[...totals].join(', ')}`);
    return items;
  }
}
