import { join } from 'node:path';
import type { EventLog } from '#event-log';
import type { EvidenceStore } from '#evidence';
import { folderEvidence } from '#evidence/folder/folder-evidence';
import type { Columns, Coordination, FigureTasks } from '#figures';
import { systemIds, type Clock, type Ids } from '#kernel';
import type { TaskBoard } from '#task-board';
import { EVIDENCE_FOLDER, refuseHalfRestored } from './data-files.ts';
import { withEmbeddedStores } from './embedded/embedded-stores.ts';
import { ReadModels, type ProjectorControl, type ReadModelReader } from './read-models.ts';
import { ReferenceData } from './reference/reference-data.ts';
import { ReferenceService } from './reference/reference-service.ts';
import type { ScaledUrls } from './settings.ts';
import { DeadlineProcess } from './tasks/deadline-process.ts';
import { TaskService } from './tasks/task-service.ts';

/** The program put together: the log, what is derived from it, and the use cases. */
export interface Runtime {
  readonly profile: Stores['profile'];
  readonly dataDir: string;
  readonly log: EventLog;
  readonly projector: ReadModels;
  readonly columns: Columns;
  readonly coordination: Coordination;
  readonly figureTasks: FigureTasks;
  readonly board: TaskBoard;
  /** Units, calendar, settings, secret counts. */
  readonly reference: ReferenceData;
  readonly clock: Clock;
  readonly simulated: boolean;
  readonly ids: Ids;
  readonly tasks: TaskService;
  readonly referenceCommands: ReferenceService;
  readonly deadlines: DeadlineProcess;
  readonly evidence: EvidenceStore;
  /** Leaves word in the data folder where this program answers. */
  readonly tell: (url: string) => void;
  /** Follows the log and, in the embedded profile, records passing deadlines; without it the runtime only answers questions. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** What a profile brings: where events and read models live, and who keeps the latter up to date. */
export interface Stores {
  readonly profile: 'embedded' | 'scaled';
  readonly log: EventLog;
  /** Once reference data is read; `projector` is missing where this process only reads. */
  openModels(): Promise<{ readonly reader: ReadModelReader; readonly projector: ProjectorControl | undefined }>;
  tell(url: string): void;
  /** After everything else is closed. */
  release(): Promise<void>;
}

export interface RuntimeOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly simulated?: boolean;
  /** Log and read models on servers; workers keep the read models up to date and record passing deadlines. The options below are of the embedded profile. */
  readonly scaled?: ScaledUrls | undefined;
  /** Puts something around the log, to count what goes through it. */
  readonly around?: (log: EventLog) => EventLog;
  /** Writes nothing, so it works beside a running program; answers are as far as that one has built its read models. */
  readonly readOnly?: boolean;
  /** All read models are thrown away and built anew, whatever state their file is in. */
  readonly anew?: boolean;
  /** The projector in a thread of its own, so that requests do not wait for it. */
  readonly threaded?: boolean;
  /** Instead of the folder's own log; the runtime closes it. */
  readonly log?: EventLog;
  /** Told of every committed batch of the projector. */
  readonly onBatch?: (seconds: number, events: number) => void;
}

/**
 * Opens (or makes) a data folder and brings its read models up to date; one process at a time, the others may open it read only. In the
 * scaled profile any number of processes share the servers, and the folder holds evidence files alone.
 * @throws with the folder's or file's name and what to do; Problem `data-folder-in-use` when another process writes there.
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  refuseHalfRestored(options.dataDir);
  if (!options.scaled) return withEmbeddedStores(options, (stores) => compose(options, stores));
  // Its drivers are loaded where they are used.
  const { withScaledStores } = await import('./scaled/scaled-stores.ts');
  return withScaledStores({ ...options, scaled: options.scaled }, (stores) => compose(options, stores));
}

async function compose({ dataDir, clock, simulated = false }: RuntimeOptions, { profile, log, openModels, tell, release }: Stores): Promise<Runtime> {
  const reference = new ReferenceData(log);
  await reference.catchUp();
  const models = await ReadModels.open({ ...(await openModels()), log, clock, reference });
  const tasks = new TaskService(log, clock, systemIds, () => reference.calendar);
  const deadlines = new DeadlineProcess(tasks, clock, models);
  const evidence = folderEvidence({ folder: join(dataDir, EVIDENCE_FOLDER) });
  const stopping = new AbortController();
  let referenceFollows: Promise<void> | undefined;
  return {
    profile, dataDir, log, projector: models, reference, clock, simulated, tasks, deadlines, evidence,
    referenceCommands: new ReferenceService(log, systemIds, tasks, reference),
    ids: systemIds,
    tell,
    get board() { return models.board; },
    get figureTasks() { return models.figureTasks; },
    get columns() { return models.columns; },
    get coordination() { return models.coordination; },
    async start() {
      await evidence.sweep();
      models.start();
      if (profile === 'embedded') await deadlines.start();
      referenceFollows = reference.follow(stopping.signal);
    },
    async close() {
      stopping.abort();
      await referenceFollows;
      await deadlines.stop();
      await models.stop();
      await log.close();
      await release();
    },
  };
}
