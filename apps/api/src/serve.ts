import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { ReportDutyProcess } from './reports/report-duties.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import type { Settings } from './settings.ts';
import { keepHeapSmall } from './small-heap.ts';
import type { RuntimeOptions } from './stores.ts';
import { createLogger, errorFields } from './watching/logger.ts';
import { createMetrics } from './watching/metrics.ts';

export interface Served {
  readonly url: string;
  readonly runtime: Runtime;
  /** Prepares reports that are owed; in the scaled profile a worker does. */
  readonly duties: ReportDutyProcess;
  close(): Promise<void>;
}

/**
 * An idle connection is kept for longer than clients and proxies keep theirs (a minute): who sends just when the other end closes loses the
 * request, and what is no repeatable request is not sent again (RFC 9112 §9.3.1). Node would close after five seconds.
 */
const IDLE_MS = 65_000;

/** Opens the data folder, listens, then follows the log. */
export async function serve(settings: Settings & Pick<RuntimeOptions, 'channels' | 'projections'>, logger: Logger = createLogger(settings.logLevel ?? 'warn')): Promise<Served> {
  const metrics = createMetrics();
  // While the read models are brought up to date in their thread, this one reads the modules of the HTTP side.
  const loading = import('./app.ts');
  loading.catch(() => undefined);
  const runtime = await openRuntime({
    ...settings,
    // A thread is started from a built file; from sources, as in tests, the projector runs here.
    threaded: import.meta.url.endsWith('.js'),
    around: (log) => metrics.around(log), onBatch: (seconds, events) => { metrics.batch('all', seconds, events); },
  });
  const duties = new ReportDutyProcess(runtime);
  try {
    const { createApp } = await loading;
    const app = await createApp(runtime, { metrics, logger });
    await runtime.start();
    if (runtime.profile === 'embedded') await duties.start();
    const server = await app.listen(settings.port, settings.host);
    server.keepAliveTimeout = IDLE_MS;
    server.headersTimeout = IDLE_MS + 1_000;
    const { port } = server.address() as AddressInfo;
    const requests = followRequests(server);
    const url = `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${String(port)}`;
    runtime.tell(url);
    return {
      url,
      runtime,
      duties,
      async close() {
        const closed = app.close();
        requests.last = true;
        // A connection without a request (silent, kept alive, half a header) is not idle to Node, and would be waited for.
        while (requests.underWay > 0) await sleep(20);
        server.closeAllConnections();
        await closed;
        await duties.stop();
        await runtime.close();
      },
    };
  } catch (error) {
    await duties.stop();
    await runtime.close();
    throw error;
  }
}

/** How many requests have not been answered yet; with `last` set, every connection ends with the answer it is given. */
function followRequests(server: Server): { readonly underWay: number; last: boolean } {
  const requests = { underWay: 0, last: false };
  server.prependListener('request', (_request, response) => {
    requests.underWay += 1;
    if (requests.last) response.setHeader('Connection', 'close');
    response.once('close', () => { requests.underWay -= 1; });
  });
  return requests;
}

/** The line a program or a person waits for. */
export async function readyLine({ url, runtime }: Served): Promise<string> {
  return `Nhắc Việc: ${url} (${runtime.profile}, ${String((await runtime.log.head()).count)} events)`;
}

/** Serves until SIGTERM or SIGINT, then stops taking requests, finishes, flushes and exits 0. */
export async function serveUntilStopped(settings: Settings, onReady: (served: Served) => Promise<void>): Promise<void> {
  keepHeapSmall();
  const logger = createLogger(settings.logLevel ?? 'warn');
  process.on('uncaughtExceptionMonitor', (error) => { logger.fatal(errorFields(error), 'uncaught'); });
  const served = await serve(settings, logger);
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
