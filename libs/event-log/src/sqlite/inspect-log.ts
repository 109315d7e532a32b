import { openFile } from './open-file.ts';
import { SCHEMA_VERSION } from './schema.ts';

/** What a connection to the log file really runs with. */
export interface LogFileState {
  readonly sqlite: string;
  /** Schema of the file, and the newest this program knows. */
  readonly schema: number;
  readonly knownSchema: number;
  readonly journalMode: string;
  /** 2 is FULL. */
  readonly synchronous: number;
  readonly pageSize: number;
  readonly pages: number;
}

/** Opens the file read only as the program does and asks. @throws LogDamagedError naming the file. */
export async function inspectLog(file: string): Promise<LogFileState> {
  const db = await openFile(file, true);
  try {
    const pragma = (name: string): unknown => db.pragma(name, { simple: true });
    return {
      sqlite: db.prepare<[], string>('SELECT sqlite_version()').pluck().get()!,
      schema: pragma('user_version') as number,
      knownSchema: SCHEMA_VERSION,
      journalMode: pragma('journal_mode') as string,
      synchronous: pragma('synchronous') as number,
      pageSize: pragma('page_size') as number,
      pages: pragma('page_count') as number,
    };
  } finally {
    db.close();
  }
}
