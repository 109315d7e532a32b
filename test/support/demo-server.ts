import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clockFrom, parseInstant } from '#kernel';
import { DEMO_NOW, playDemo } from '../../apps/cli/src/demo.ts';
import { serve } from '../../apps/api/src/serve.ts';

export interface DemoServer {
  readonly url: string;
  readonly folder: string;
  /** Gone until `back` has it on the same port, with the same data and the same clock. */
  away(): Promise<void>;
  back(): Promise<void>;
  stop(): Promise<void>;
}

/** The demo's data in a folder of its own, served on a free port of this machine; the clock stands at `now` and runs on. */
export async function startDemoServer({ now = DEMO_NOW, from }: { now?: string; from?: string } = {}): Promise<DemoServer> {
  const root = mkdtempSync(join(tmpdir(), 'nhacviec-demo-'));
  const folder = join(root, 'demo');
  if (from === undefined) await playDemo(folder);
  else cpSync(from, folder, { recursive: true });
  const clock = clockFrom(parseInstant(now)!);
  const open = (port: number) => serve({ host: '127.0.0.1', port, dataDir: folder, clock, simulated: true });
  const first = await open(0);
  let served: typeof first | undefined = first;
  const away = async (): Promise<void> => {
    await served?.close();
    served = undefined;
  };
  return {
    url: first.url,
    folder,
    away,
    async back() {
      served = await open(Number(new URL(first.url).port));
    },
    async stop() {
      await away();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
