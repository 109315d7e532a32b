import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { instantVi, Problem } from '#kernel';

/** Holds the right to write the read models of a folder. */
export interface WriterLock {
  /** Leaves word where the holder answers, for commands that ask it instead of the folder. */
  tell(url: string): void;
  release(): void;
}

/**
 * Takes the folder's one place for a writer of read models: two would apply the same events twice. The lock is SQLite's on a small file, so
 * the system takes it back when the process ends, however it ends; `writer.pid` only tells people who holds it.
 * @throws Problem `data-folder-in-use` naming the folder and the process.
 */
export async function lockForWriting(folder: string): Promise<WriterLock> {
  const { default: Sqlite } = await import('better-sqlite3');
  const told = join(folder, 'writer.pid');
  let db: Database | undefined;
  try {
    db = new Sqlite(join(folder, 'writer.lock'), { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (code.startsWith('SQLITE_BUSY')) throw inUse(folder, told);
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem(500, 'data-folder-not-writable', 'Không dùng được thư mục dữ liệu', `Thư mục “${folder}” không ghi được (${why}): hãy cấp quyền ghi cho người chạy chương trình hoặc đặt NHACVIEC_DATA sang thư mục khác.`, { cause: error });
  }
  const held = db;
  const say = (more: object): void => {
    const handle = openSync(told, 'w', 0o600);
    writeSync(handle, JSON.stringify({ pid: process.pid, since: Date.now() - Math.round(process.uptime() * 1000), ...more }));
    closeSync(handle);
  };
  say({});
  return {
    tell: (url) => { say({ url }); },
    release() {
      if (!held.open) return;
      held.exec('ROLLBACK');
      held.close();
    },
  };
}

function inUse(folder: string, told: string): Problem {
  let who = 'một tiến trình khác';
  try {
    const { pid, since } = JSON.parse(readFileSync(told, 'utf8')) as { pid: number; since: number };
    who = `tiến trình ${String(pid)} (chạy từ ${instantVi(since)})`;
  } catch {
    // Between taking the lock and telling about it.
  }
  return new Problem(409, 'data-folder-in-use', 'Thư mục dữ liệu đang được dùng', `Thư mục dữ liệu “${folder}” đang do ${who} ghi: hãy dừng tiến trình đó, hoặc chọn thư mục khác bằng --data.`);
}
