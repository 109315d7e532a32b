/** What stands in a data folder. */
export const LOG_FILE = 'events.sqlite';
export const READ_MODEL_FILE = 'read-models.sqlite';
export const EVIDENCE_FOLDER = 'files';
