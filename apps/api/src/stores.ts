import type { EventLog } from '#event-log';
import type { MappingStore } from '#imports';
import type { Clock } from '#kernel';
import type { PeopleStore } from '#people';
import type { Projection } from '#projections';
import type { SqliteTx } from '#projections/sqlite/sqlite-read-models';
import type { ScreenStore } from '#screens';
import type { ProjectorControl, ReadModelReader } from './read-models.ts';
import type { ReminderSettings } from './reminders/settings.ts';
import type { ScaledUrls } from './settings.ts';
import type { Channel } from '#reminders';
import type { ViewStore } from '#views';

/** What a profile brings: where events and read models live, and who keeps the latter up to date. */
export interface Stores {
  readonly profile: 'embedded' | 'scaled';
  readonly log: EventLog;
  /** Once reference data is read; `projector` is missing where this process only reads. */
  openModels(): Promise<{ readonly reader: ReadModelReader; readonly projector: ProjectorControl | undefined }>;
  /** Opened when the first screen is asked about. */
  openScreens(): Promise<ScreenStore>;
  /** Opened when it is first asked for. */
  openViews(): Promise<ViewStore>;
  /** How columns of imported lists were named; opened when it is first asked for. */
  openMappings(): Promise<MappingStore>;
  /** Keeps this process from writing the log while another thread of it writes much at once. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** Opened when it is first asked for. */
  openPeople(): Promise<PeopleStore>;
  /** Whether there is a directory yet: asking about nobody does not make one. */
  hasPeople(): boolean;
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
  /** How reminders leave the program; the inbox alone when missing. */
  readonly reminders?: ReminderSettings;
  /** Instead of those of the settings. */
  readonly channels?: readonly Channel[];
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
  /** What is derived, made of what usually is: another version of something beside it, say. Not with `threaded`. */
  readonly projections?: (usual: readonly (() => Projection<SqliteTx>)[]) => readonly (() => Projection<SqliteTx>)[];
  /** Told of every committed batch of the projector. */
  readonly onBatch?: (seconds: number, events: number) => void;
}
