import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contentOf, type LogContent } from '#event-log/content';
import { copyLog } from '#event-log/sqlite/copy-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { isEvidenceId } from '#evidence';
import { isoInstant, Problem, type Clock } from '#kernel';
import { loadAuthorities } from '../../../api/src/authorities.ts';
import { AUTHORITIES_FILE, EVIDENCE_FOLDER, LOG_FILE, MAPPINGS_FILE, PEOPLE_FILE, REPORTS_FOLDER, VIEWS_FILE } from '../../../api/src/data-files.ts';
import { PROGRAM_VERSION } from '../../../api/src/version.ts';
import { copyFlushed, flush, hashFile, writeDurably } from './durable-files.ts';

export const MANIFEST = 'manifest.json';
/** What stands beside the log and is not built from it, each a database of its own. */
export const DATABASES: readonly string[] = [VIEWS_FILE, PEOPLE_FILE, MAPPINGS_FILE];
const FORMAT = 1;

/** Written last: a folder without it is no backup. */
export interface Manifest {
  readonly format: number;
  readonly program: string;
  /** ISO 8601, by the clock of the machine. */
  readonly madeAt: string;
  readonly log: LogContent;
  /** Evidence files, their notes not counted. */
  readonly evidenceFiles: number;
  /** Ids of evidence whose content was not that of its id when it was copied: damaged before the backup. */
  readonly damagedEvidence: readonly string[];
  readonly files: readonly { readonly path: string; readonly bytes: number; readonly sha256: string }[];
}

export interface BackupOptions {
  readonly dataDir: string;
  readonly target: string;
  readonly clock: Clock;
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

/**
 * Copies the log and all that an office keeps of its own (saved views, people, how columns are named, authorities, texts and forms of reports, evidence) of a data folder into an
 * empty or new folder, while a server may go on writing. The log is copied first: the evidence that it speaks of stood there before. The copy of the log is read whole before it counts.
 * @throws Problem when the target is not empty, the folder has no log or the authorities cannot be read; LogDamagedError naming the event.
 */
export async function backup({ dataDir, target, clock, onProgress }: BackupOptions): Promise<Manifest> {
  const source = join(dataDir, LOG_FILE);
  if (!existsSync(source))
    throw new Problem(
      404,
      'log-missing',
      'Không có nhật ký',
      `Thư mục “${dataDir}” không có ${LOG_FILE}: hãy chỉ đúng thư mục dữ liệu bằng --data.`,
    );
  await emptyFolder(target, 'bản sao lưu');
  const copy = join(target, LOG_FILE);
  await copyLog(source, copy, (done, total) => onProgress?.('Chép nhật ký', done, total));
  await chmod(copy, 0o600);
  await flush(copy);
  const log = await readCopy(copy, clock, onProgress);
  const files = [{ path: LOG_FILE, ...(await hashFile(copy)) }];
  for (const name of DATABASES) {
    if (!existsSync(join(dataDir, name))) continue;
    const kept = join(target, name);
    await copyLog(join(dataDir, name), kept);
    await chmod(kept, 0o600);
    await flush(kept);
    files.push({ path: name, ...(await hashFile(kept)) });
  }
  if (existsSync(join(dataDir, AUTHORITIES_FILE))) {
    files.push({ path: AUTHORITIES_FILE, ...(await copyFlushed(join(dataDir, AUTHORITIES_FILE), join(target, AUTHORITIES_FILE))) });
    // The program does not start with one that it cannot read: better said now than when the backup is needed.
    loadAuthorities(target);
  }
  for (const path of await reportPaths(join(dataDir, REPORTS_FOLDER))) {
    const to = join(target, REPORTS_FOLDER, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    files.push({ path: `${REPORTS_FOLDER}/${path}`, ...(await copyFlushed(join(dataDir, REPORTS_FOLDER, path), to)) });
    await flush(dirname(to), true);
    await flush(join(target, REPORTS_FOLDER), true);
  }
  const { copied, damagedEvidence } = await copyEvidence(dataDir, target, onProgress);
  files.push(...copied);
  await flush(target, true);
  const manifest: Manifest = {
    format: FORMAT,
    program: PROGRAM_VERSION,
    madeAt: isoInstant(clock.now()),
    log,
    evidenceFiles: copied.filter(({ path }) => !path.endsWith('.json')).length,
    damagedEvidence,
    files,
  };
  await writeDurably(join(target, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
  await flush(dirname(target), true);
  return manifest;
}

async function readCopy(file: string, clock: Clock, onProgress: BackupOptions['onProgress']): Promise<LogContent> {
  const log = await openSqliteEventLog({ file, clock, readOnly: true });
  try {
    const content = await contentOf(log, (done, total) => onProgress?.('Đọc lại bản sao nhật ký', done, total));
    await log.verify();
    return content;
  } finally {
    await log.close();
  }
}

async function copyEvidence(
  dataDir: string,
  target: string,
  onProgress: BackupOptions['onProgress'],
): Promise<{ copied: { path: string; bytes: number; sha256: string }[]; damagedEvidence: string[] }> {
  const copied: { path: string; bytes: number; sha256: string }[] = [];
  const damagedEvidence: string[] = [];
  const paths = await evidencePaths(join(dataDir, EVIDENCE_FOLDER));
  for (const [n, path] of paths.entries()) {
    const to = join(target, EVIDENCE_FOLDER, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const hashed = await copyFlushed(join(dataDir, EVIDENCE_FOLDER, path), to);
    copied.push({ path: `${EVIDENCE_FOLDER}/${path}`, ...hashed });
    const id = path.slice(3);
    if (!id.endsWith('.json') && hashed.sha256 !== id) damagedEvidence.push(id);
    onProgress?.('Chép tệp minh chứng', n + 1, paths.length);
  }
  for (const folder of new Set(copied.map(({ path }) => dirname(path)))) await flush(join(target, folder), true);
  if (copied.length > 0) await flush(join(target, EVIDENCE_FOLDER), true);
  return { copied, damagedEvidence };
}

const EVIDENCE_PATH = /^[0-9a-f]{2}\/([0-9a-f]{64})(?:\.json)?$/;

/** Content and notes under the folder of evidence, in a fixed order; uploads under way are left out. */
export async function evidencePaths(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const paths: string[] = [];
  for (const part of (await readdir(folder)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
    for (const name of (await readdir(join(folder, part))).sort()) if (isEvidencePath(`${part}/${name}`)) paths.push(`${part}/${name}`);
  }
  return paths;
}

const isEvidencePath = (path: string): boolean =>
  isEvidenceId(EVIDENCE_PATH.exec(path)?.[1] ?? '') && EVIDENCE_PATH.exec(path)![1]!.startsWith(path.slice(0, 2));

/** Whatever name an office gives a file that is read from there. */
// eslint-disable-next-line no-control-regex -- a name is one line of text
const REPORT_PATH = /^(?:content|templates)\/[^/\\\u0000-\u001f\u007f]{1,250}\.yaml$/;

/** Texts and templates of reports, in a fixed order. */
async function reportPaths(folder: string): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const part of ['content', 'templates']) {
    if (existsSync(join(folder, part))) paths.push(...(await readdir(join(folder, part))).map((name) => `${part}/${name}`));
  }
  return paths.filter((path) => REPORT_PATH.test(path)).sort();
}

/** Makes the folder with mode 0700, or takes an empty one. @throws Problem `folder-not-empty`. */
export async function emptyFolder(folder: string, what: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const found = await readdir(folder);
  if (found.length > 0)
    throw new Problem(
      409,
      'folder-not-empty',
      'Thư mục không trống',
      `Thư mục “${folder}” cho ${what} không trống (có “${found[0]!}”): hãy chọn thư mục mới hoặc trống; chưa ghi gì.`,
    );
}

/** @throws Problem when the folder holds no finished backup of a format this program knows. */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST);
  if (!existsSync(file)) {
    const there = existsSync(folder) && (await stat(folder)).isDirectory() && (await readdir(folder)).length > 0;
    throw there
      ? new Problem(
          422,
          'backup-unfinished',
          'Bản sao chưa xong',
          `Thư mục “${folder}” không có ${MANIFEST}: lần sao lưu ấy bị ngắt giữa chừng, hoặc đây không phải bản sao lưu. Hãy dùng bản khác.`,
        )
      : new Problem(404, 'backup-missing', 'Không có bản sao', `Không có bản sao lưu ở “${folder}”.`);
  }
  let manifest: Manifest;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  } catch (cause) {
    throw new Problem(422, 'backup-damaged', 'Bản sao bị hỏng', `${file} không đọc được: bản sao này bị hỏng, hãy dùng bản khác.`, {
      cause,
    });
  }
  if (manifest.format !== FORMAT)
    throw new Problem(
      422,
      'backup-newer',
      'Bản sao của phiên bản khác',
      `${file}: định dạng ${String(manifest.format)}, chương trình này hiểu ${String(FORMAT)}. Hãy dùng phiên bản đã sao lưu (${manifest.program}) hoặc mới hơn.`,
    );
  for (const { path } of manifest.files) {
    const within = (folder: string): string => (path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : '');
    const known = path === LOG_FILE || path === AUTHORITIES_FILE || DATABASES.includes(path) || isEvidencePath(within(EVIDENCE_FOLDER)) || REPORT_PATH.test(within(REPORTS_FOLDER));
    if (!known) throw new Problem(422, 'backup-damaged', 'Bản sao bị hỏng', `${file}: tên tệp “${path}” không phải của một bản sao lưu.`);
  }
  return manifest;
}
