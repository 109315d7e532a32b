import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '#event-log';
import type { Clock } from '#kernel';
import { createLogger } from '../../apps/api/src/watching/logger.ts';
import { openRuntime, type Runtime } from '../../apps/api/src/runtime.ts';
import type { ScaledUrls } from '../../apps/api/src/settings.ts';
import { startWorker, type Worker } from '../../apps/worker/src/worker.ts';
import { EventStoreDbStandIn } from '../stand-ins/eventstoredb/eventstoredb-stand-in.ts';
import { startStandIn, type StandIn } from '../stand-ins/mongodb/server.ts';

/** The two servers of the scaled-out profile, empty, as stand-ins in this process; over real sockets. */
export interface ScaledServers {
  readonly eventStore: EventStoreDbStandIn;
  readonly mongo: StandIn;
  readonly urls: ScaledUrls;
  stop(): Promise<void>;
}

export async function startScaledServers(): Promise<ScaledServers> {
  const [eventStore, mongo] = [await EventStoreDbStandIn.start(), await startStandIn()];
  return {
    eventStore,
    mongo,
    urls: { kurrentUrl: eventStore.url, mongoUrl: mongo.url },
    async stop() {
      await eventStore.stop();
      await mongo.close();
    },
  };
}

/** The environment of a process of the scaled-out profile. */
export const scaledEnv = ({ kurrentUrl, mongoUrl }: ScaledUrls): Record<string, string> => ({ NHACVIEC_PROFILE: 'scaled', KURRENTDB_URL: kurrentUrl, MONGODB_URL: mongoUrl });

export interface ScaledProgram {
  readonly runtime: Runtime;
  readonly worker: Worker;
  /** The worker and what lies on disk; the runtime has been closed before. */
  closeRest(): Promise<void>;
}

/** A worker and an api of the scaled-out profile in this process. */
export async function openScaled(urls: ScaledUrls, clock: Clock, around?: (log: EventLog) => EventLog): Promise<ScaledProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'nhacviec-scaled-'));
  const options = { scaled: urls, clock, dataDir: join(folder, 'data') };
  const worker = await startWorker({ ...options, dataDir: join(folder, 'worker'), dropAfterMs: 100 }, createLogger('silent'));
  try {
    const runtime = await openRuntime({ ...options, simulated: true, ...(around && { around }) });
    return {
      runtime,
      worker,
      async closeRest() {
        await worker.stop();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await worker.stop();
    throw error;
  }
}
