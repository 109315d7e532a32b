const PAGES_PER_STEP = 1_000;

/**
 * Copies a log, or another file of SQLite, as it stands at one moment while others go on writing it, into a new file that is one file and nothing beside it.
 * `onProgress` says pages done and in all. The caller flushes the copy to disk.
 */
export async function copyLog(from: string, to: string, onProgress?: (done: number, total: number) => void): Promise<void> {
  const { default: Sqlite } = await import('better-sqlite3');
  const source = new Sqlite(from, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    // A reader's snapshot: without it SQLite begins the copy anew whenever another process commits, and under load never ends.
    source.exec('BEGIN');
    source.prepare('SELECT count(*) FROM sqlite_schema').get();
    await source.backup(to, {
      progress: ({ totalPages, remainingPages }) => {
        onProgress?.(totalPages - remainingPages, totalPages);
        return PAGES_PER_STEP;
      },
    });
    source.exec('COMMIT');
  } finally {
    source.close();
  }
  const copy = new Sqlite(to, { fileMustExist: true });
  try {
    copy.pragma('journal_mode = DELETE');
  } finally {
    copy.close();
  }
}
