import type { EventLog } from '#event-log';
import { taskStream } from '#tasks';

/** In the metadata of what an import recorded, and of what took it back. */
export const IMPORT_TAG = 'importId';
export const UNDO_TAG = 'undoesImport';

/** A task that an import made and that was taken back with the whole import: the same list may bring it in anew. */
export async function undoneWithImport(log: Pick<EventLog, 'readStream'>, taskId: string): Promise<boolean> {
  const [last] = await log.readStream(taskStream(taskId), { direction: 'backwards', limit: 1 });
  return last?.type === 'TaskVoided' && typeof last.metadata[UNDO_TAG] === 'string';
}
