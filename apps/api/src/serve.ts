import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import type { Settings } from './settings.ts';

export interface Served {
  readonly url: string;
  readonly runtime: Runtime;
  close(): Promise<void>;
}

/** Opens the data folder, listens, then follows the log. */
export async function serve(settings: Settings): Promise<Served> {
  const runtime = await openRuntime(settings);
  try {
    const app = await createApp(runtime);
    await runtime.start();
    const server = await app.listen(settings.port, settings.host);
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${String(port)}`,
      runtime,
      async close() {
        // Connections that are kept for a next request would hold the stop until they time out.
        server.prependListener('request', (_request, response) => { response.setHeader('Connection', 'close'); });
        const idle = setInterval(() => { server.closeIdleConnections(); }, 50);
        await app.close().finally(() => { clearInterval(idle); });
        await runtime.close();
      },
    };
  } catch (error) {
    await runtime.close();
    throw error;
  }
}

/** The line a program or a person waits for. */
export async function readyLine({ url, runtime }: Served): Promise<string> {
  return `Nhắc Việc: ${url} (embedded, ${String((await runtime.log.head()).count)} events)`;
}

/** Serves until SIGTERM or SIGINT, then stops taking requests, finishes, flushes and exits 0. */
export async function serveUntilStopped(settings: Settings, onReady: (served: Served) => Promise<void>): Promise<void> {
  const served = await serve(settings);
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => { resolve(); });
  });
  await onReady(served);
  await stopped;
  // Open connections must not hold the stop beyond ten seconds.
  const late = setTimeout(() => { process.exit(0); }, 9_000);
  late.unref();
  await served.close();
}
