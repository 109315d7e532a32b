import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '#event-log';
import { openKurrentEventLog } from '#event-log/kurrent/kurrent-event-log';
import { openMongoEventIndex } from '#event-log/mongo/mongo-event-index';
import { Problem, type Clock } from '#kernel';
import { connectMongo, type MongoConnection } from '#event-log/mongo/connect';
import { openMongoPeople } from '#people/mongo/mongo-people';
import { openMongoScreens } from '#screens/mongo/mongo-screens';
import { openMongoMappings } from '#imports/mongo/mongo-mappings';
import { openMongoViews } from '#views/mongo/mongo-views';
import { prepareFolder, UNDERSTOOD_FILE } from '../data-files.ts';
import type { ReadModelReader } from '../read-models.ts';
import type { RuntimeOptions, Stores } from '../stores.ts';
import type { ScaledUrls } from '../settings.ts';
import { openUnderstood } from '../understood-log.ts';
import { MONGO_PROJECTIONS, mongoReader } from './mongo-read-models.ts';
import { projectorElsewhere } from './projector-elsewhere.ts';

/** A program that starts before its workers gives them so long to build what is missing. */
const FIRST_BUILD_MS = 60_000;
const LOOK_MS = 100;

/** The servers of the scaled-out profile, connected. */
export interface ScaledServers {
  readonly log: EventLog;
  readonly connection: MongoConnection;
  close(): Promise<void>;
}

export interface ScaledServersOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly scaled: ScaledUrls;
  readonly around?: (log: EventLog) => EventLog;
}

/** @throws Problem of MongoDB, LogUnavailableError, or LogNotUnderstoodError where a newer program has written. */
export async function connectServers({ dataDir, clock, scaled, around = (log) => log }: ScaledServersOptions): Promise<ScaledServers> {
  prepareFolder(dataDir);
  const connection = await connectMongo(scaled.mongoUrl);
  let stored: EventLog | undefined;
  try {
    stored = around(await openKurrentEventLog({ url: scaled.kurrentUrl, clock, index: await openMongoEventIndex(connection) }));
    const log = await openUnderstood(stored, { marker: join(dataDir, UNDERSTOOD_FILE), remember: true });
    return {
      log,
      connection,
      async close() {
        await log.close();
        await connection.close();
      },
    };
  } catch (error) {
    await stored?.close();
    await connection.close();
    throw error;
  }
}

/** Connects the servers and gives what the program needs of them to `work`. */
export async function withScaledStores<T>(options: RuntimeOptions & ScaledServersOptions, work: (stores: Stores) => Promise<T>): Promise<T> {
  const servers = await connectServers(options);
  const { log, connection } = servers;
  try {
    return await work({
      profile: 'scaled',
      log,
      async openModels() {
        const names = MONGO_PROJECTIONS.map((make) => make().name);
        const reader = mongoReader(connection);
        await firstBuilds(reader, names);
        return { reader, projector: projectorElsewhere({ connection, reader, log, clock: options.clock, names }) };
      },
      openScreens: () => openMongoScreens(connection),
      openViews: () => openMongoViews(connection),
      openMappings: () => openMongoMappings(connection),
      hold: (work) => work(),
      openPeople: () => openMongoPeople(connection),
      hasPeople: () => true,
      // Commands find the workers through the database.
      tell: () => undefined,
      release: () => connection.close(),
    });
  } catch (error) {
    await servers.close();
    throw error;
  }
}

/** Until something serves of every projection. @throws Problem `read-models-missing`. */
async function firstBuilds(reader: ReadModelReader, names: readonly string[]): Promise<void> {
  for (const until = performance.now() + FIRST_BUILD_MS; performance.now() < until; ) {
    const builds = await reader.builds();
    if (names.every((name) => builds.some((build) => build.name === name && build.state === 'active'))) return;
    await sleep(LOOK_MS);
  }
  throw new Problem(503, 'read-models-missing', 'Bảng dựng chưa có', `Chưa có bảng dựng nào trong MongoDB sau ${String(FIRST_BUILD_MS / 1000)} giây: hãy chạy “nhacviec worker” (ít nhất một tiến trình) và đợi nó dựng xong; “nhacviec doctor” nói đến đâu.`);
}
