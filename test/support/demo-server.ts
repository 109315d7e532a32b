import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockFrom, parseInstant } from '#kernel';
import { DEMO_NOW, playDemo } from '../../apps/cli/src/demo.ts';
import { serve } from '../../apps/api/src/serve.ts';

export interface DemoServer {
  readonly url: string;
  readonly folder: string;
  stop(): Promise<void>;
}

/** The demo's data in a folder of its own, served on a free port of this machine; the clock stands at `now` and runs on. */
export async function startDemoServer({ now = DEMO_NOW, from }: { now?: string; from?: string } = {}): Promise<DemoServer> {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-demo-'));
  const folder = join(root, 'demo');
  if (from === undefined) await playDemo(folder);
  else cpSync(from, folder, { recursive: true });
  const served = await serve({ host: '127.0.0.1', port: 0, dataDir: folder, clock: clockFrom(parseInstant(now)!), simulated: true });
  return {
    url: served.url,
    folder,
    async stop() {
      await served.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
