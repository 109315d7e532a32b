import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock, type Instant } from '#kernel';
import type { Answer, Driver } from '#scenarios';
import { serve, type Served } from '../../apps/api/src/serve.ts';
import { advanceRuntime } from '../../apps/cli/src/scenario-runtime.ts';

/** The served program over real HTTP, on a free port of this machine, with a clock set by hand and a folder of its own. */
export class HttpDriver implements Driver {
  readonly name = 'HTTP';
  private position = '0';
  private readonly served: Served;
  private readonly clock: ManualClock;
  private readonly folder: string;

  private constructor(served: Served, clock: ManualClock, folder: string) {
    this.served = served;
    this.clock = clock;
    this.folder = folder;
  }

  static async open(): Promise<HttpDriver> {
    const folder = mkdtempSync(join(tmpdir(), 'nhacviec-scenario-'));
    const clock = new ManualClock(0);
    return new HttpDriver(await serve({ host: '127.0.0.1', port: 0, dataDir: join(folder, 'data'), clock, simulated: true }), clock, folder);
  }

  advance(to: Instant): Promise<void> {
    return advanceRuntime(this.served.runtime, this.clock, to);
  }

  async post(path: string, body: object, actor: string): Promise<Answer> {
    const answer = await this.ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Actor': actor }, body: JSON.stringify(body) });
    const { position } = answer.body as { position?: string };
    if (position !== undefined && answer.status < 400 && BigInt(position) > BigInt(this.position)) this.position = position;
    return answer;
  }

  get(path: string, query: Readonly<Record<string, string>>): Promise<Answer> {
    return this.ask(`${path}?${new URLSearchParams({ ...query, atLeast: this.position }).toString()}`, {});
  }

  private async ask(path: string, init: RequestInit): Promise<Answer> {
    const response = await fetch(`${this.served.url}/api/v1${path}`, init);
    return { status: response.status, body: await response.json() };
  }

  async close(): Promise<void> {
    await this.served.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
