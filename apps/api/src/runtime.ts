import { join } from 'node:path';
import type { EventLog } from '#event-log';
import type { EvidenceStore } from '#evidence';
import { folderEvidence } from '#evidence/folder/folder-evidence';
import type { Columns, Coordination, FigureTasks, Marks } from '#figures';
import { systemIds, type Clock, type Ids } from '#kernel';
import type { PeopleStore } from '#people';
import type { Channel, ReminderLedger } from '#reminders';
import type { ScreenStore } from '#screens';
import type { TaskBoard } from '#task-board';
import { Briefings } from './briefing/briefings.ts';
import { BriefingService } from './briefing/briefing-service.ts';
import { Imports } from './imports/imports.ts';
import type { ViewStore } from '#views';
import { loadAuthorities } from './authorities.ts';
import { EVIDENCE_FOLDER, refuseHalfRestored } from './data-files.ts';
import { withEmbeddedStores } from './embedded/embedded-stores.ts';
import { ReadModels } from './read-models.ts';
import { ReferenceData } from './reference/reference-data.ts';
import { ReferenceService } from './reference/reference-service.ts';
import { DashboardMailing } from './reminders/dashboard-mailing.ts';
import { PeopleDirectory } from './reminders/people-known.ts';
import { ReminderProcess } from './reminders/reminder-process.ts';
import { ReminderService } from './reminders/reminder-service.ts';
import { openChannels } from './reminders/settings.ts';
import type { ScaledUrls } from './settings.ts';
import type { RuntimeOptions, Stores } from './stores.ts';
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
  /** What was told of tasks, beside their cells. */
  readonly marks: Marks;
  readonly figureTasks: FigureTasks;
  readonly board: TaskBoard;
  /** Units, calendar, settings, secret counts. */
  readonly reference: ReferenceData;
  readonly clock: Clock;
  readonly simulated: boolean;
  readonly ids: Ids;
  readonly tasks: TaskService;
  readonly referenceCommands: ReferenceService;
  /** Meetings, and the way facts of meetings enter the log. */
  readonly briefings: Briefings;
  readonly briefingCommands: BriefingService;
  readonly deadlines: DeadlineProcess;
  readonly evidence: EvidenceStore;
  /** The store of room screens, for the program that serves them; whoever opens it closes it. */
  openScreens(): Promise<ScreenStore>;
  /** Saved views of the page; the store is opened by whoever asks first. */
  readonly views: () => Promise<ViewStore>;
  /** Lists that come in, from the upload to the undoing. */
  readonly imports: Imports;
  /** What threads of this program are started with; missing where none can be: run from sources, or with a log that was handed in. */
  readonly threads: { readonly scaled: ScaledUrls | undefined } | undefined;
  /** The directory of people; the store is opened by whoever asks first. */
  readonly people: () => Promise<PeopleStore>;
  readonly directory: PeopleDirectory;
  readonly ledger: ReminderLedger;
  readonly reminders: ReminderProcess;
  readonly dashboards: DashboardMailing;
  /** Ways out that are set up. */
  readonly channels: readonly Channel[];
  readonly reminderCommands: ReminderService;
  /** Where people reach the page, as links name it. */
  baseUrl(): string;
  /** Leaves word in the data folder where this program answers. */
  readonly tell: (url: string) => void;
  /** Follows the log and, in the embedded profile, records passing deadlines; without it the runtime only answers questions. */
  start(): Promise<void>;
  close(): Promise<void>;
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

async function compose({ dataDir, clock, simulated = false, scaled, threaded = false, readOnly = false, log: given, reminders: reminderSettings = {}, channels: givenChannels }: RuntimeOptions, stores: Stores): Promise<Runtime> {
  const { profile, log } = stores;
  const reference = new ReferenceData(log, loadAuthorities(dataDir));
  await reference.catchUp();
  const briefings = new Briefings(log);
  await briefings.catchUp();
  const models = await ReadModels.open({ ...(await stores.openModels()), log, clock, reference });
  const tasks = new TaskService(log, clock, systemIds, () => reference.calendar);
  const deadlines = new DeadlineProcess(tasks, clock, models);
  const evidence = folderEvidence({ folder: join(dataDir, EVIDENCE_FOLDER) });
  // A thread is started from a built file and opens the log itself; a log that was handed in is only here.
  const threads = threaded && given === undefined ? { scaled } : undefined;
  const imports = new Imports({
    dataDir, log, clock, reference, tasks, ids: systemIds, openMappings: () => stores.openMappings(), hold: (work) => stores.hold(work),
    threads,
  });
  const stopping = new AbortController();
  let follows: Promise<unknown> | undefined;
  let views: Promise<ViewStore> | undefined;
  let peopleStore: Promise<PeopleStore> | undefined;
  const people = (): Promise<PeopleStore> => (peopleStore ??= openAgain(() => stores.openPeople(), () => { peopleStore = undefined; }));
  const directory = new PeopleDirectory(people, () => stores.hasPeople());
  let listening = 'http://127.0.0.1:3000';
  const baseUrl = (): string => reminderSettings.baseUrl ?? listening;
  const channels = givenChannels ?? (readOnly ? [] : await openChannels(reminderSettings, clock));
  const dashboards = new DashboardMailing(() => ({ log, reference, briefings, tasks, projector: models, columns: models.columns, coordination: models.coordination, marks: models.marks, board: models.board }));
  const reminders = new ReminderProcess({
    log, clock, reference, people: directory, channels, dashboards, baseUrl, instance: systemIds.next(), alone: profile === 'embedded', lanes: reminderSettings.smtp?.connections ?? 1,
    inputs: { get columns() { return models.columns; }, get marks() { return models.marks; }, get board() { return models.board; }, get ledger() { return models.ledger; }, catchUp: () => models.catchUp() },
    onTrouble: (error) => { process.stderr.write(`Chưa nhắc được việc, sẽ thử lại: ${error instanceof Error ? error.message : String(error)}\n`); },
  });
  return {
    profile, dataDir, log, projector: models, reference, clock, simulated, tasks, deadlines, evidence,
    referenceCommands: new ReferenceService(log, systemIds, tasks, reference),
    briefings,
    briefingCommands: new BriefingService(log, systemIds, tasks, briefings),
    ids: systemIds,
    people, directory, reminders, dashboards, baseUrl,
    reminderCommands: new ReminderService(log, systemIds, tasks),
    channels,
    openScreens: () => stores.openScreens(),
    views: () => (views ??= openAgain(() => stores.openViews(), () => { views = undefined; })),
    imports, threads,
    tell: (url) => {
      listening = url;
      stores.tell(url);
    },
    get ledger() { return models.ledger; },
    get board() { return models.board; },
    get figureTasks() { return models.figureTasks; },
    get columns() { return models.columns; },
    get coordination() { return models.coordination; },
    get marks() { return models.marks; },
    async start() {
      await evidence.sweep();
      if (!readOnly) await imports.start();
      models.start();
      if (profile === 'embedded') {
        await deadlines.start();
        reminders.start();
      }
      follows = Promise.all([reference.follow(stopping.signal), briefings.follow(stopping.signal)]);
    },
    async close() {
      stopping.abort();
      await imports.stop();
      await follows;
      await reminders.stop();
      await deadlines.stop();
      await models.stop();
      for (const channel of channels) await channel.close();
      await peopleStore?.then((store) => store.close(), () => undefined);
      await views?.then((store) => store.close(), () => undefined);
      await log.close();
      await stores.release();
    },
  };
}

/** A store that could not be opened is tried again by the next question. */
async function openAgain<T>(open: () => Promise<T>, failed: () => void): Promise<T> {
  try {
    return await open();
  } catch (error) {
    failed();
    throw error;
  }
}
