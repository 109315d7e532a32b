import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import type { EvidenceStore } from '#evidence';
import { folderEvidence } from '#evidence/folder/folder-evidence';
import { Columns, Coordination, type FigureTasks } from '#figures';
import { FiguresProjection, SqliteFigureTasks } from '#figures/sqlite/sqlite-figures';
import { Problem, systemIds, type Clock, type Ids } from '#kernel';
import { discard, isDamage } from '#projections/sqlite/open-read-models';
import { ReadModelMissingError, SqliteProjector } from '#projections/sqlite/sqlite-projector';
import { lockForWriting } from '#projections/sqlite/writer-lock';
import type { TaskBoard } from '#task-board';
import { SqliteTaskBoard, TaskBoardProjection } from '#task-board/sqlite/sqlite-task-board';
import { DeadlineProcess } from './tasks/deadline-process.ts';
import { ReferenceData } from './reference/reference-data.ts';
import { ReferenceService } from './reference/reference-service.ts';
import { TaskService } from './tasks/task-service.ts';
import { openUnderstood } from './understood-log.ts';

export const LOG_FILE = 'events.sqlite';
export const READ_MODEL_FILE = 'read-models.sqlite';
/** Remembers how much of the log this program has found to understand; may be deleted. */
export const UNDERSTOOD_FILE = 'events.understood.json';
export const EVIDENCE_FOLDER = 'files';

/** The program put together on one machine: the log, what is derived from it, and the use cases. */
export interface Runtime {
  readonly dataDir: string;
  readonly log: EventLog;
  readonly projector: SqliteProjector;
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
  /** Instead of the folder's own log; the runtime closes it. */
  readonly log?: EventLog;
}

/**
 * Opens (or makes) a data folder and brings its read models up to date; one process at a time, the others may open it read only.
 * @throws with the folder's or file's name and what to do; Problem `data-folder-in-use` when another process writes there.
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { dataDir } = options;
  if (options.readOnly) return open(options, () => undefined);
  prepareFolder(dataDir);
  const lock = await lockForWriting(dataDir);
  const release = (): void => { lock.release(); };
  const file = join(dataDir, READ_MODEL_FILE);
  try {
    if (options.anew) discard(file);
    return await open(options, release);
  } catch (error) {
    try {
      if (!isDamage(error)) throw error;
      process.stderr.write(`Bảng dựng ${file} bị hỏng: xóa và dựng lại từ nhật ký.\n`);
      discard(file);
      return await open(options, release);
    } catch (final) {
      release();
      throw final;
    }
  }
}

async function open({ dataDir, clock, simulated = false, readOnly = false, log: given }: RuntimeOptions, release: () => void): Promise<Runtime> {
  const stored = given ?? await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock, readOnly });
  let projector: SqliteProjector | undefined;
  try {
    const log = await openUnderstood(stored, { marker: join(dataDir, UNDERSTOOD_FILE), remember: !readOnly });
    const reference = new ReferenceData(log);
    await reference.catchUp();
    const columns = new Columns();
    const coordination = new Coordination();
    const figures = new FiguresProjection(columns, coordination);
    const board = new TaskBoardProjection();
    const following = await SqliteProjector.open(join(dataDir, READ_MODEL_FILE), log, [board, figures], clock, { readOnly });
    projector = following;
    figures.load(following.database);
    board.load(following.database);
    if (!readOnly) await following.catchUp();
    const tasks = new TaskService(log, clock, systemIds, () => reference.calendar);
    const figureTasks = new SqliteFigureTasks(following.database, figures.weekLoads);
    const deadlines = new DeadlineProcess(log, tasks, clock, () => ({ position: following.lowest(), open: figureTasks.openDeadlines() }));
    const evidence = folderEvidence({ folder: join(dataDir, EVIDENCE_FOLDER) });
    const stopping = new AbortController();
    let referenceFollows: Promise<void> | undefined;
    return {
      dataDir, log, projector: following, columns, coordination, figureTasks, reference, clock, simulated, tasks, deadlines, evidence,
      referenceCommands: new ReferenceService(log, systemIds, tasks, reference),
      ids: systemIds,
      board: new SqliteTaskBoard(following.database, board.documentKeys),
      async start() {
        await evidence.sweep();
        await deadlines.start();
        await following.catchUp();
        following.start();
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
    await projector?.stop();
    await stored.close();
    if (error instanceof ReadModelMissingError) throw new Problem(503, 'read-models-missing', 'Bảng dựng chưa có', `Bảng dựng trong “${dataDir}” chưa có hoặc thuộc phiên bản khác (${error.message}): hãy chạy lại khi chương trình đang giữ thư mục đã dựng xong hoặc đã dừng.`);
    throw error;
  }
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
