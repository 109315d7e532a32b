import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loadDefaultCalendar, type FixedDatePolicy, type WorkingCalendar } from '#deadlines';
import type { EventLog } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import type { EvidenceStore } from '#evidence';
import { folderEvidence } from '#evidence/folder/folder-evidence';
import { Columns } from '#figures';
import { FiguresProjection } from '#figures/sqlite/sqlite-figures';
import { Problem, systemIds, type Clock, type Ids } from '#kernel';
import { UnitDirectory, type Unit } from '#organisation';
import { SqliteProjector } from '#projections/sqlite/sqlite-projector';
import type { TaskBoard } from '#task-board';
import { SqliteTaskBoard, taskBoardProjection } from '#task-board/sqlite/sqlite-task-board';
import { DeadlineProcess } from './deadline-process.ts';
import { TaskService } from './task-service.ts';

export const LOG_FILE = 'events.sqlite';
export const READ_MODEL_FILE = 'read-models.sqlite';
export const EVIDENCE_FOLDER = 'files';

/** The program put together on one machine: the log, what is derived from it, and the use cases. */
export interface Runtime {
  readonly dataDir: string;
  readonly log: EventLog;
  readonly projector: SqliteProjector;
  readonly columns: Columns;
  readonly board: TaskBoard;
  readonly units: UnitDirectory;
  readonly calendar: WorkingCalendar;
  readonly policy: FixedDatePolicy;
  readonly clock: Clock;
  readonly simulated: boolean;
  readonly ids: Ids;
  readonly tasks: TaskService;
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
}

/** Opens (or makes) a data folder and brings its read models up to date. @throws with the file's name and what to do. */
export async function openRuntime({ dataDir, clock, simulated = false }: RuntimeOptions): Promise<Runtime> {
  prepareFolder(dataDir);
  const log = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock });
  try {
    const calendar = loadDefaultCalendar();
    const columns = new Columns();
    const figures = new FiguresProjection(columns);
    const units = UnitDirectory.of(await readUnits(log));
    const projector = await SqliteProjector.open(join(dataDir, READ_MODEL_FILE), log, [taskBoardProjection, figures], clock);
    figures.load(projector.database);
    await projector.catchUp();
    const tasks = new TaskService(log, clock, systemIds, calendar);
    const deadlines = new DeadlineProcess(log, tasks, clock);
    const evidence = folderEvidence({ folder: join(dataDir, EVIDENCE_FOLDER) });
    return {
      dataDir, log, projector, columns, units, calendar, clock, simulated, tasks, deadlines, evidence,
      policy: 'all',
      ids: systemIds,
      board: new SqliteTaskBoard(projector.database),
      async start() {
        await evidence.sweep();
        await deadlines.start();
        await projector.catchUp();
        projector.start();
      },
      async close() {
        await deadlines.stop();
        await projector.stop();
        await log.close();
      },
    };
  } catch (error) {
    await log.close();
    throw error;
  }
}

function prepareFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Problem(500, 'data-folder-not-writable', 'Không dùng được thư mục dữ liệu', `Thư mục “${dataDir}” không ghi được: hãy cấp quyền ghi hoặc đặt NHACVIEC_DATA sang thư mục khác.`, { cause });
  }
}

/** Units are few: the directory is folded from its streams at start and kept in memory. */
async function readUnits(log: EventLog): Promise<Unit[]> {
  const units: Unit[] = [];
  for (let after = 0n; ; ) {
    const events = await log.readAll({ after, categories: ['unit'], limit: 1_000 });
    for (const event of events) if (event.type === 'UnitEstablished') units.push(event.data as unknown as Unit);
    const last = events[events.length - 1];
    if (last === undefined) return units;
    after = last.position;
  }
}
