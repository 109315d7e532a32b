import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EventLog } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { Problem } from '#kernel';
import { discard, isDamage } from '#projections/sqlite/open-read-models';
import { lockForWriting, type WriterLock } from '#projections/sqlite/writer-lock';
import { openSqlitePeople } from '#people/sqlite/sqlite-people';
import { openSqliteScreens } from '#screens/sqlite/sqlite-screens';
import { openSqliteMappings } from '#imports/sqlite/sqlite-mappings';
import { openSqliteViews } from '#views/sqlite/sqlite-views';
import { LOG_FILE, MAPPINGS_FILE, PEOPLE_FILE, prepareFolder, READ_MODEL_FILE, SCREENS_FILE, UNDERSTOOD_FILE, VIEWS_FILE } from '../data-files.ts';
import type { ProjectorControl } from '../read-models.ts';
import type { RuntimeOptions, Stores } from '../stores.ts';
import { openUnderstood } from '../understood-log.ts';
import { projectorInThread } from './projector-in-thread.ts';
import { openSqliteProjector, openSqliteReader } from './sqlite-read-models.ts';

/** Opens the stores of a data folder and gives them to `work`; a read-model file that turns out to be damaged is thrown away and built anew, once. */
export async function withEmbeddedStores<T>(options: RuntimeOptions, work: (stores: Stores) => Promise<T>): Promise<T> {
  const { dataDir } = options;
  if (options.readOnly) return open(options, { release: () => undefined, tell: () => undefined }, work);
  prepareFolder(dataDir);
  const lock = await lockForWriting(dataDir);
  const file = join(dataDir, READ_MODEL_FILE);
  try {
    if (options.anew) discard(file);
    return await open(options, lock, work);
  } catch (error) {
    try {
      if (!isDamage(error)) throw error;
      process.stderr.write(`Bảng dựng ${file} bị hỏng: xóa và dựng lại từ nhật ký.\n`);
      discard(file);
      return await open(options, lock, work);
    } catch (final) {
      lock.release();
      throw final;
    }
  }
}

async function open<T>({ dataDir, clock, readOnly = false, threaded = false, log: given, around = (log) => log, projections, onBatch }: RuntimeOptions, lock: Pick<WriterLock, 'release' | 'tell'>, work: (stores: Stores) => Promise<T>): Promise<T> {
  const file = join(dataDir, READ_MODEL_FILE);
  let appended = (): void => undefined;
  const own = given === undefined ? await openSqliteEventLog({ file: join(dataDir, LOG_FILE), clock, readOnly, onAppended: () => { appended(); } }) : undefined;
  const stored = around(given ?? own!);
  let projector: ProjectorControl | undefined;
  try {
    const log: EventLog = await openUnderstood(stored, { marker: join(dataDir, UNDERSTOOD_FILE), remember: !readOnly });
    return await work({
      profile: 'embedded',
      log,
      async openModels() {
        if (readOnly && !existsSync(file)) throw new Problem(503, 'read-models-missing', 'Bảng dựng chưa có', `Bảng dựng trong “${dataDir}” chưa có: hãy chạy “nhacviec serve” trên thư mục này một lần.`);
        if (threaded) {
          const thread = await projectorInThread(dataDir, clock);
          appended = thread.appended;
          projector = thread;
        } else if (!readOnly) projector = await openSqliteProjector(file, log, clock, projections);
        if (onBatch) projector?.onChange((batch) => { if (batch) onBatch(batch.seconds, batch.events); });
        await projector?.catchUp();
        return { projector, reader: await openSqliteReader(file, { frozen: readOnly }) };
      },
      openScreens: () => openSqliteScreens(join(dataDir, SCREENS_FILE)),
      openViews: async () => openSqliteViews(join(dataDir, VIEWS_FILE)),
      openMappings: async () => openSqliteMappings(join(dataDir, MAPPINGS_FILE)),
      hold: (held) => (own ? own.hold(held) : held()),
      openPeople: async () => openSqlitePeople(join(dataDir, PEOPLE_FILE)),
      hasPeople: () => existsSync(join(dataDir, PEOPLE_FILE)),
      tell: (url) => { lock.tell(url); },
      release: async () => { lock.release(); },
    });
  } catch (error) {
    await projector?.stop();
    await stored.close();
    throw error;
  }
}
