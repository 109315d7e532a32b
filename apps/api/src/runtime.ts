import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import type { EvidenceStore } from '#evidence';
import { folderEvidence } from '#evidence/folder/folder-evidence';
import type { Columns, Coordination, FigureTasks } from '#figures';
import { Problem, systemIds, type Clock, type Ids } from '#kernel';
import { discard, isDamage } from '#projections/sqlite/open-read-models';
import { lockForWriting, type WriterLock } from '#projections/sqlite/writer-lock';
import type { TaskBoard } from '#task-board';
import { EVIDENCE_FOLDER, LOG_FILE, READ_MODEL_FILE, UNDERSTOOD_FILE } from './data-files.ts';
import { projectorInThread } from './projector-in-thread.ts';
import { ReadModels, type ProjectorControl } from './read-models.ts';
import { ReferenceData } from './reference/reference-data.ts';
import { ReferenceService } from './reference/reference-service.ts';
import { openSqliteProjector, openSqliteReader } from './sqlite-read-models.ts';
import { DeadlineProcess } from './tasks/deadline-process.ts';
import { TaskService } from './tasks/task-service.ts';
import { openUnderstood } from './understood-log.ts';

export { EVIDENCE_FOLDER, LOG_FILE, READ_MODEL_FILE, UNDERSTOOD_FILE };
/** Stands in a data folder from the first to the last moment of a restore. */
export const RESTORING = '.restoring';

/** The program put together on one machine: the log, what is derived from it, and the use cases. */
export interface Runtime {
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
  /** Follows the log and records passing deadlines; without it the runtime only answers questions. */
  start(): Promise<void>;
  close(): Promise<void>;
}

export interface RuntimeOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly simulated?: boolean;
  /** Writes nothing, so it works beside a running program; answers are as far as that one has built its read models. */
  readonly readOnly?: boolean;
  /** All read models are thrown away and built anew, whatever state their file is in. */
  readonly anew?: boolean;
  /** The projector in a thread of its own, so that requests do not wait for it. */
  readonly threaded?: boolean;
  /** Instead of the folder's own log; the runtime closes it. */
  readonly log?: EventLog;
  /** Puts something around the log, to count what goes through it. */
  readonly around?: (log: EventLog) => EventLog;
  /** Told of every committed batch of the projector. */
  readonly onBatch?: (seconds: number, events: number) => void;
}

/**
 * Opens (or makes) a data folder and brings its read models up to date; one process at a time, the others may open it read only.
 * @throws with the folder's or file's name and what to do; Problem `data-folder-in-use` when another process writes there.
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { dataDir } = options;
  refuseHalfRestored(dataDir);
  if (options.readOnly) return open(options, { release: () => undefined, tell: () => undefined });
  prepareFolder(dataDir);
  const lock = await lockForWriting(dataDir);
  const release = (): void => { lock.release(); };
  const tell = (url: string): void => { lock.tell(url); };
  const file = join(dataDir, READ_MODEL_FILE);
  try {
    if (options.anew) discard(file);
    return await open(options, { release, tell });
  } catch (error) {
    try {
      if (!isDamage(error)) throw error;
      process.stderr.write(`Bảng dựng ${file} bị hỏng: xóa và dựng lại từ nhật ký.\n`);
      discard(file);
      return await open(options, { release, tell });
    } catch (final) {
      release();
      throw final;
    }
  }
}

async function open({ dataDir, clock, simulated = false, readOnly = false, threaded = false, log: given, around = (log) => log, onBatch }: RuntimeOptions, { release, tell }: Pick<WriterLock, 'release' | 'tell'>): Promise<Runtime> {
  const file = join(dataDir, READ_MODEL_FILE);
  let appended = (): void => undefined;
  const stored = around(given ?? (await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock, readOnly, onAppended: () => { appended(); } })));
  let projector: ProjectorControl | undefined;
  let models: ReadModels | undefined;
  try {
    const log = await openUnderstood(stored, { marker: join(dataDir, UNDERSTOOD_FILE), remember: !readOnly });
    const reference = new ReferenceData(log);
    await reference.catchUp();
    if (readOnly && !existsSync(file)) throw new Problem(503, 'read-models-missing', 'Bảng dựng chưa có', `Bảng dựng trong “${dataDir}” chưa có: hãy chạy “nhacviec serve” trên thư mục này một lần.`);
    if (threaded) {
      const thread = await projectorInThread(dataDir, clock);
      appended = thread.appended;
      projector = thread;
    } else if (!readOnly) projector = await openSqliteProjector(file, log, clock);
    if (onBatch) projector?.onChange((batch) => { if (batch) onBatch(batch.seconds, batch.events); });
    await projector?.catchUp();
    const following = (models = await ReadModels.open({ reader: await openSqliteReader(file, { frozen: readOnly }), projector, log, clock }));
    const tasks = new TaskService(log, clock, systemIds, () => reference.calendar);
    const deadlines = new DeadlineProcess(tasks, clock, following);
    const evidence = folderEvidence({ folder: join(dataDir, EVIDENCE_FOLDER) });
    const stopping = new AbortController();
    let referenceFollows: Promise<void> | undefined;
    return {
      dataDir, log, projector: following, reference, clock, simulated, tasks, deadlines, evidence,
      referenceCommands: new ReferenceService(log, systemIds, tasks, reference),
      ids: systemIds,
      tell,
      get board() { return following.board; },
      get figureTasks() { return following.figureTasks; },
      get columns() { return following.columns; },
      get coordination() { return following.coordination; },
      async start() {
        await evidence.sweep();
        following.start();
        await deadlines.start();
        referenceFollows = reference.follow(stopping.signal);
      },
      async close() {
        stopping.abort();
        await referenceFollows;
        await deadlines.stop();
        await following.stop();
        await log.close();
        release();
      },
    };
  } catch (error) {
    await (models ?? projector)?.stop();
    await stored.close();
    throw error;
  }
}

/** @throws Problem `restore-unfinished` for a folder that a restore has begun and not ended. */
export function refuseHalfRestored(dataDir: string): void {
  if (existsSync(join(dataDir, RESTORING))) throw new Problem(409, 'restore-unfinished', 'Khôi phục chưa xong', `Thư mục “${dataDir}” đang được khôi phục, hoặc lần khôi phục trước bị ngắt giữa chừng (có “${RESTORING}”): hãy đợi, hoặc xóa nội dung thư mục và chạy lại “nhacviec restore”.`);
}

/** Makes the data folder when it is missing. @throws Problem naming it when it cannot be written. */
export function prepareFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Problem(500, 'data-folder-not-writable', 'Không dùng được thư mục dữ liệu', `Thư mục “${dataDir}” không ghi được: hãy cấp quyền ghi hoặc đặt NHACVIEC_DATA sang thư mục khác.`, { cause });
  }
}
