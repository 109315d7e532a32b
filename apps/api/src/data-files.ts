/** What stands in a data folder. */
export const LOG_FILE = 'events.sqlite';
export const READ_MODEL_FILE = 'read-models.sqlite';
/** Remembers how much of the log this program has found to understand; may be deleted. */
export const UNDERSTOOD_FILE = 'events.understood.json';
export const EVIDENCE_FOLDER = 'files';
