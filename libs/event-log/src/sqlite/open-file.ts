import { closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { LogDamagedError } from '../port.ts';
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from './schema.ts';

const BUSY_MS = 5_000;
const SYNCHRONOUS_FULL = 2;

/** Opens or creates the file, refusing what is not our log before changing a byte of it. */
export async function openFile(file: string, readOnly: boolean): Promise<Database> {
  const { default: Sqlite } = await import('better-sqlite3');
  let db: Database | undefined;
  try {
    if (!readOnly) makeFolder(dirname(resolve(file)));
    db = new Sqlite(file, { readonly: readOnly, fileMustExist: readOnly, timeout: BUSY_MS });
    if (!isOurs(db, file) && readOnly) throw new LogDamagedError(foreignMessage(file));
    if (!readOnly) await switchToWal(db);
    // After the journal mode: this driver is built to fall back to NORMAL in WAL, which loses acknowledged events on power loss.
    db.pragma('synchronous = FULL');
    db.pragma('fullfsync = ON');
    const synchronous = db.pragma('synchronous', { simple: true });
    if (synchronous !== SYNCHRONOUS_FULL)
      throw new LogDamagedError(
        `Tệp nhật ký ${file}: không bật được chế độ ghi an toàn (synchronous = ${String(synchronous)}, cần ${String(SYNCHRONOUS_FULL)}). Hãy báo bộ phận kỹ thuật.`,
      );
    if (!readOnly) {
      createTables(db, file);
      settleJournal(db);
    }
    return db;
  } catch (error) {
    db?.close();
    throw openingError(error, file);
  }
}

/** True for our log, false for an empty file that can become one; throws for everything else. */
function isOurs(db: Database, file: string): boolean {
  const applicationId = db.pragma('application_id', { simple: true });
  const version = db.pragma('user_version', { simple: true }) as number;
  const tables = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  if (applicationId === 0 && version === 0 && tables === 0) return false;
  if (applicationId !== APPLICATION_ID) throw new LogDamagedError(foreignMessage(file));
  if (version > SCHEMA_VERSION) {
    throw new LogDamagedError(
      `Tệp nhật ký ${file} do phiên bản mới hơn ghi (lược đồ ${String(version)}, chương trình này chỉ hiểu đến ${String(SCHEMA_VERSION)}). Hãy cập nhật chương trình rồi mở lại; tệp chưa bị thay đổi.`,
    );
  }
  return true;
}

/** SQLite answers a change of journal mode with "busy" at once, without waiting, when another process is opening the same new file. */
async function switchToWal(db: Database): Promise<void> {
  const end = performance.now() + BUSY_MS;
  for (;;) {
    try {
      const mode = db.pragma('journal_mode = WAL', { simple: true });
      if (mode === 'wal') return;
      throw new Error(`journal_mode ${String(mode)}, expected wal`);
    } catch (error) {
      if (!isBusy(error) || performance.now() > end) throw error;
      await sleep(20);
    }
  }
}

function createTables(db: Database, file: string): void {
  // Looked at again under the write lock: another process may have made the tables meanwhile.
  db.transaction(() => {
    if (!isOurs(db, file)) db.exec(SCHEMA);
  }).immediate();
}

/**
 * Brings what an earlier process left in the journal into the file, and that to the disk, before anything is added to it. After an fsync that
 * failed the system may keep pages in memory that it never writes again: the journal then reads well, but events behind such a page would be
 * lost with it on power loss, however well they were written themselves. Where another process has the file open, it has done this.
 */
function settleJournal(db: Database): void {
  db.pragma('wal_checkpoint(PASSIVE)');
}

/** SQLite makes the file itself survive a power loss, not the folders made for it. */
function makeFolder(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined || process.platform === 'win32') return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) {
    const handle = openSync(dirname(made), 'r');
    fsyncSync(handle);
    closeSync(handle);
  }
}

function openingError(error: unknown, file: string): unknown {
  if (error instanceof LogDamagedError) return error;
  const damage = damageOf(error, file);
  if (damage) return damage;
  const why = error instanceof Error ? error.message : String(error);
  if (isBusy(error))
    return new LogDamagedError(
      `Không mở được nhật ký ${file}: một tiến trình khác đang giữ tệp (${why}). Hãy đóng tiến trình đó rồi mở lại.`,
      error,
    );
  return new LogDamagedError(
    `Không mở được nhật ký ${file} (${why}). Hãy kiểm tra thư mục ${dirname(resolve(file))}: phải có, còn chỗ trống và người chạy chương trình được quyền ghi.`,
    error,
  );
}

function foreignMessage(file: string): string {
  return `Tệp ${file} không phải nhật ký của Nhắc Việc. Hãy kiểm tra lại đường dẫn hoặc chọn tệp khác; tệp này chưa bị thay đổi.`;
}

export function damaged(file: string, what: string, cause?: unknown): LogDamagedError {
  return new LogDamagedError(
    `Tệp nhật ký ${file} bị hỏng: ${what}. Hãy dừng chương trình, giữ nguyên tệp này để kiểm tra và khôi phục thư mục dữ liệu từ bản sao lưu gần nhất.`,
    cause,
  );
}

/** What SQLite says about a file it cannot make sense of, as our error; undefined for other errors. */
export function damageOf(error: unknown, file: string): LogDamagedError | undefined {
  const code = codeOf(error);
  if (code === 'SQLITE_NOTADB')
    return new LogDamagedError(
      `Tệp ${file} bị hỏng ở phần đầu hoặc không phải nhật ký của Nhắc Việc. Hãy kiểm tra lại đường dẫn; nếu đúng, hãy khôi phục thư mục dữ liệu từ bản sao lưu gần nhất.`,
      error,
    );
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(file, (error as Error).message, error);
  return undefined;
}

export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY');
}

/**
 * Error code of the driver, '' when it is not one of its errors. Told by its shape: the native driver keeps one error class for the whole
 * process, so where two module graphs load it (test workers do) `instanceof Error` is false for errors that are ones.
 */
export function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}
