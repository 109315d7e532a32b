import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '#kernel';

/** What stands in a data folder. */
export const LOG_FILE = 'events.sqlite';
export const READ_MODEL_FILE = 'read-models.sqlite';
/** Remembers how much of the log this program has found to understand; may be deleted. */
export const UNDERSTOOD_FILE = 'events.understood.json';
/** Room screens and what they show: no part of the record, so it may be deleted; screens are then paired anew. */
export const SCREENS_FILE = 'screens.sqlite';
export const EVIDENCE_FOLDER = 'files';
/** Saved views of the page: neither in the log nor built from it. */
export const VIEWS_FILE = 'views.sqlite';
/** Lists on their way in, each in a folder of its own for a week, and how their columns were named last time; both may be deleted, and only the names are in a backup. */
export const IMPORTS_FOLDER = 'imports';
export const MAPPINGS_FILE = 'imports.sqlite';
/** The people who are reminded: names and contacts, outside the log, so that they can be erased. */
export const PEOPLE_FILE = 'people.sqlite';
/** What an office writes for its reports: `content/` the texts of a unit and period, `templates/` forms of its own. */
export const REPORTS_FOLDER = 'reports';
/** Whom an office names as giving tasks besides the five of every province: names of people stand here and not in the log. */
export const AUTHORITIES_FILE = 'authorities.json';
/** Stands in a data folder from the first to the last moment of a restore. */
export const RESTORING = '.restoring';

/** @throws Problem `restore-unfinished` for a folder that a restore has begun and not ended. */
export function refuseHalfRestored(dataDir: string): void {
  if (existsSync(join(dataDir, RESTORING))) throw new Problem(409, 'restore-unfinished', 'Khôi phục chưa xong', `Thư mục “${dataDir}” đang được khôi phục, hoặc lần khôi phục trước bị ngắt giữa chừng (có “${RESTORING}”): hãy đợi, hoặc xóa nội dung thư mục và chạy lại “nhacviec restore”.`);
}

/** Makes the data folder when it is missing. @throws Problem naming it when it cannot be written. */
export function prepareFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new Problem(500, 'data-folder-not-writable', 'Không dùng được thư mục dữ liệu', `Thư mục “${dataDir}” không ghi được: hãy cấp quyền ghi hoặc đặt NHACVIEC_DATA sang thư mục khác.`, { cause });
  }
}
