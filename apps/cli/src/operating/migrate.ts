import { join } from 'node:path';
import { contentOf, eventsOf } from '#event-log/content';
import { copyIntoKurrent, NotTheSameLogError } from '#event-log/kurrent/copy-into-kurrent';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { isoInstant, Problem, type Clock } from '#kernel';
import { LOG_FILE } from '../../../api/src/data-files.ts';
import { answerFigures, readQuestion } from '../../../api/src/figures/figures-service.ts';
import { readPoint } from '../../../api/src/http/points.ts';
import { openRuntime, type Runtime } from '../../../api/src/runtime.ts';
import { connectServers } from '../../../api/src/scaled/scaled-stores.ts';
import type { ScaledUrls } from '../../../api/src/settings.ts';
import { createLogger } from '../../../api/src/watching/logger.ts';
import { startWorker } from '../../../worker/src/worker.ts';

export interface MigrateOptions {
  readonly dataDir: string;
  readonly scaled: ScaledUrls;
  readonly clock: Clock;
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

export interface Migrated {
  readonly events: number;
  /** Of these, how many stood on the server already. */
  readonly found: number;
  readonly contentSha256: string;
  /** Figures compared: so many questions, each answered by both. */
  readonly figures: number;
}

/** Moments at which figures are compared: so many places spread over the log, and its end. */
const PLACES = 12;
const GROUPINGS = ['unit', 'authority', 'field', 'month'] as const;

/**
 * Copies the log of a data folder to the servers of the scaled-out profile and builds the read models there; ends only when the content of both
 * logs has one hash and every figure compared is the same. The folder's log is not changed, and nobody may write it meanwhile. A move that
 * broke off is gone on with by doing it again.
 * @throws Problem `migrate-not-equal`, `migrate-target-differs`; `data-folder-in-use` while a program writes the folder.
 */
export async function migrate(options: MigrateOptions): Promise<Migrated> {
  const { dataDir, scaled, clock, onProgress } = options;
  // Holds the folder until the end, and brings its read models up to date, to compare with.
  const here = await openRuntime({ dataDir, clock });
  try {
    // As stored, not as the program lifts it.
    const source = await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock, readOnly: true });
    try {
      const { count } = await source.head();
      const { found } = await copyIntoKurrent({ url: scaled.kurrentUrl, events: eventsOf(source), onProgress: (done) => onProgress?.('Chép sự kiện', done, count) }).catch((error: unknown) => {
        if (!(error instanceof NotTheSameLogError)) throw error;
        throw new Problem(409, 'migrate-target-differs', 'Máy chủ đã có nhật ký khác', error.message);
      });
      const { contentSha256 } = await contentOf(source, (done, total) => onProgress?.('Đọc nhật ký gốc', done, total));
      await requireSameContent(contentSha256, options);
      return { events: count, found, contentSha256, figures: await requireSameFigures(here, options) };
    } finally {
      await source.close();
    }
  } finally {
    await here.close();
  }
}

async function requireSameContent(wanted: string, options: MigrateOptions): Promise<void> {
  const servers = await connectServers(options);
  try {
    const { contentSha256 } = await contentOf(servers.log, (done, total) => options.onProgress?.('Đối chiếu nhật ký', done, total));
    if (contentSha256 !== wanted) throw notEqual(`SHA-256 của nhật ký trên máy chủ là ${contentSha256}, của nhật ký gốc là ${wanted}`);
  } finally {
    await servers.close();
  }
}

/** The same questions to both, as of and as known at places all over the log; answers how many. */
async function requireSameFigures(here: Runtime, options: MigrateOptions): Promise<number> {
  const { onProgress } = options;
  // What passes meanwhile is recorded by the workers that come after: the copy stays a copy.
  const worker = await startWorker({ ...options, processes: false }, createLogger('error'));
  try {
    const there = await openRuntime(options);
    try {
      await there.projector.catchUp((done, head) => onProgress?.('Dựng bảng', Number(done), Number(head)));
      const places = await placesOf(here);
      let compared = 0;
      for (const { eventId, recordedAt } of places) {
        for (const groupBy of GROUPINGS) {
          const dto = { asOf: isoInstant(recordedAt), knownAt: `event:${eventId}`, groupBy };
          const [a, b] = [await figuresOf(here, dto), await figuresOf(there, dto)];
          if (a !== b) throw notEqual(`số liệu ${JSON.stringify(dto)}: trên máy chủ ${b}; ở thư mục gốc ${a}`);
          compared++;
          onProgress?.('Đối chiếu số liệu', compared, places.length * GROUPINGS.length);
        }
      }
      return compared;
    } finally {
      await there.close();
    }
  } finally {
    await worker.stop();
  }
}

async function placesOf({ log, projector }: Runtime): Promise<readonly { readonly eventId: string; readonly recordedAt: number }[]> {
  const end = projector.lowest();
  const places = new Map<string, number>();
  for (let n = 1; n <= PLACES; n++) {
    const [event] = await log.readAll({ after: (end * BigInt(n)) / BigInt(PLACES) - 1n, limit: 1 });
    if (event) places.set(event.id, event.recordedAt);
  }
  return [...places].map(([eventId, recordedAt]) => ({ eventId, recordedAt }));
}

/** Without positions, which differ between the stores. */
async function figuresOf(runtime: Runtime, dto: { readonly asOf: string; readonly knownAt: string; readonly groupBy: (typeof GROUPINGS)[number] }): Promise<string> {
  const point = await readPoint(dto, runtime);
  const answer = (await answerFigures(readQuestion(dto, point, runtime), point, runtime)) as { readonly parameters: object };
  return JSON.stringify({ ...answer, parameters: { ...answer.parameters, position: null } });
}

const notEqual = (what: string): Problem => new Problem(422, 'migrate-not-equal', 'Bản chuyển không khớp', `Bản chuyển không khớp bản gốc: ${what}. Đừng dùng máy chủ này; thư mục gốc vẫn nguyên vẹn.`);
