import { existsSync, rmSync, writeFileSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { Problem } from '#kernel';

/** "NVRM": a file with another application id is not ours. */
const APPLICATION_ID = 0x4e56524d;
/** Layout of what the projector itself keeps in the file. Projections have versions of their own. */
const LAYOUT = 3;

/** Opens or makes the file for the projector; a damaged one, or one of another layout, is thrown away: all of it can be built again. */
export async function openWriter(file: string): Promise<Database> {
  if (existsSync(damageMark(file))) discard(file);
  try {
    return await tryOpen(file);
  } catch (error) {
    if (!isDamage(error) && !(error instanceof OtherLayoutError)) throw openingProblem(error, file);
    process.stderr.write(`Bảng dựng ${file} ${error instanceof OtherLayoutError ? 'do phiên bản khác ghi' : 'bị hỏng'}: xóa và dựng lại từ nhật ký.\n`);
    discard(file);
    return tryOpen(file);
  }
}

/** A second connection, for queries. */
export async function openReader(file: string): Promise<Database> {
  const { default: Sqlite } = await import('better-sqlite3');
  try {
    const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 5_000 });
    db.pragma('cache_size = -8000');
    return db;
  } catch (error) {
    throw openingProblem(error, file);
  }
}

/** Has the file thrown away at the next start. For damage found while it serves: what is open cannot be exchanged. */
export function markDamaged(file: string): void {
  writeFileSync(damageMark(file), '');
}

/** What SQLite says about a file that it cannot make sense of, or `readStored` of a text in it. Told by shape: see codeOf in event-log/sqlite. */
export function isDamage(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') || code === 'READ_MODEL_DAMAGED';
}

/** Removes the file and what SQLite keeps beside it. Nobody may have it open. */
export function discard(file: string): void {
  markDamaged(file);
  // The main file first: SQLite drops a journal that has lost its file, and would believe a file that has lost its journal.
  for (const suffix of ['', '-wal', '-shm', '.damaged']) rmSync(`${file}${suffix}`, { force: true });
}

const damageMark = (file: string): string => `${file}.damaged`;

class OtherLayoutError extends Error {}

async function tryOpen(file: string): Promise<Database> {
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(file, { timeout: 5_000 });
  try {
    const applicationId = db.pragma('application_id', { simple: true }) as number;
    const layout = db.pragma('user_version', { simple: true }) as number;
    const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
    const empty = applicationId === 0 && layout === 0 && tables.length === 0;
    // Layout 1 had no application id yet.
    const ours = empty || applicationId === APPLICATION_ID || (applicationId === 0 && tables.includes('checkpoints'));
    if (!ours) throw new Problem(500, 'read-models-foreign', 'Tệp lạ trong thư mục dữ liệu', `Tệp ${file} không phải bảng dựng của Nhắc Việc: hãy chuyển tệp đi chỗ khác hoặc chọn thư mục dữ liệu khác; tệp chưa bị thay đổi.`);
    if (!empty && layout !== LAYOUT) throw new OtherLayoutError();
    // Of a new file: rows of a kilobyte or two leave less of a page empty, and fewer pages are looked after.
    db.pragma('page_size = 8192');
    db.pragma('journal_mode = WAL');
    // Enough here: after a power loss the file is that of an earlier commit, and the log has the rest.
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -8000');
    if (empty) {
      db.exec(`
        CREATE TABLE builds (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, version INTEGER NOT NULL, state TEXT NOT NULL, position INTEGER NOT NULL, event_id TEXT NOT NULL, repairs INTEGER NOT NULL) STRICT;
        CREATE TABLE parked (
          build_id INTEGER NOT NULL, stream TEXT NOT NULL, event_id TEXT NOT NULL, position INTEGER NOT NULL, revision INTEGER NOT NULL, error TEXT NOT NULL, parked_at INTEGER NOT NULL, attempts INTEGER NOT NULL,
          PRIMARY KEY (build_id, stream)
        ) STRICT;
        PRAGMA application_id = ${String(APPLICATION_ID)};
        PRAGMA user_version = ${String(LAYOUT)};
      `);
    }
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function openingProblem(error: unknown, file: string): unknown {
  if (error instanceof Problem || isDamage(error)) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new Problem(500, 'read-models-not-opened', 'Không mở được bảng dựng', `Không mở được ${file} (${why}): hãy kiểm tra quyền ghi và chỗ trống của thư mục dữ liệu.`, { cause: error });
}
