import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '#kernel';

/** The process that holds the writer's place of a folder; `pid` is missing in the moment between taking the place and telling about it. */
export interface Writer {
  readonly pid?: number;
  readonly since?: Instant;
  /** Where a server answers; missing until it listens, and for commands. */
  readonly url?: string;
}

/** Asks who writes the folder's read models, without taking the place or changing anything; undefined when nobody does. */
export async function whoWrites(folder: string): Promise<Writer | undefined> {
  const lock = join(folder, 'writer.lock');
  if (!existsSync(lock)) return undefined;
  const { default: Sqlite } = await import('better-sqlite3');
  const db = new Sqlite(lock, { readonly: true, fileMustExist: true, timeout: 0 });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return undefined;
  } catch (error) {
    const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
    if (!code.startsWith('SQLITE_BUSY')) throw error;
  } finally {
    db.close();
  }
  try {
    return JSON.parse(readFileSync(join(folder, 'writer.pid'), 'utf8')) as Writer;
  } catch {
    return {};
  }
}
