import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { contentOf } from '#event-log/content';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { Problem, type Clock } from '#kernel';
import { AUTHORITIES_FILE, EVIDENCE_FOLDER, LOG_FILE, READ_MODEL_FILE, REPORTS_FOLDER, RESTORING } from '../../../api/src/data-files.ts';
import { openRuntime } from '../../../api/src/runtime.ts';
import { DATABASES, emptyFolder, readManifest, type Manifest } from './backup.ts';
import { copyFlushed, flush } from './durable-files.ts';

export interface RestoreOptions {
  readonly source: string;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly onProgress?: (step: string, done: number, total: number) => void;
}

/**
 * Puts a backup into an empty data folder: everything is built and proved equal inside `.restoring`, and the log is moved into its place last. As
 * long as `.restoring` stands there the program refuses the folder, so an interrupted restore never looks complete.
 * @throws Problem naming the first thing that is not equal; nothing is served from the folder then.
 */
export async function restore({ source, dataDir, clock, onProgress }: RestoreOptions): Promise<Manifest> {
  const manifest = await readManifest(source);
  await emptyFolder(dataDir, 'dữ liệu khôi phục');
  const building = join(dataDir, RESTORING);
  // Not recursive: of two restores into one folder the second fails here.
  await mkdir(building, { mode: 0o700 });
  await flush(dataDir, true);
  for (const [n, { path, sha256, bytes }] of manifest.files.entries()) {
    const from = join(source, path);
    if (!existsSync(from)) throw notEqual(`thiếu tệp ${path}`);
    const to = join(building, path);
    await mkdir(dirname(to), { recursive: true, mode: 0o700 });
    const copied = await copyFlushed(from, to);
    if (copied.sha256 !== sha256)
      throw notEqual(
        `tệp ${path}: SHA-256 ${copied.sha256} (${String(copied.bytes)} byte), biên bản ghi ${sha256} (${String(bytes)} byte)`,
      );
    onProgress?.('Chép tệp', n + 1, manifest.files.length);
  }
  await prove(building, manifest, clock, onProgress);
  for (const folder of new Set(manifest.files.map(({ path }) => dirname(path)))) await flush(join(building, folder), true);
  for (const name of [EVIDENCE_FOLDER, REPORTS_FOLDER, AUTHORITIES_FILE, ...DATABASES, READ_MODEL_FILE, LOG_FILE]) {
    if (existsSync(join(building, name))) await rename(join(building, name), join(dataDir, name));
    await flush(dataDir, true);
  }
  await rm(building, { recursive: true });
  await flush(dataDir, true);
  return manifest;
}

/** Reads every event with its checksum, compares what the log holds with the manifest, and builds the read models. */
async function prove(folder: string, { log: expected }: Manifest, clock: Clock, onProgress: RestoreOptions['onProgress']): Promise<void> {
  // As stored, not as the program lifts it.
  const log = await openSqliteEventLog({ file: join(folder, LOG_FILE), clock, readOnly: true });
  try {
    const actual = await contentOf(log, (done, total) => onProgress?.('Đối chiếu nhật ký', done, total));
    for (const field of [
      'events',
      'streams',
      'headPosition',
      'headEventId',
      'firstRecordedAt',
      'lastRecordedAt',
      'contentSha256',
    ] as const) {
      if (actual[field] !== expected[field])
        throw notEqual(`${field} là ${String(actual[field])}, biên bản ghi ${String(expected[field])}`);
    }
    for (const field of ['categories', 'types'] as const) {
      if (JSON.stringify(actual[field]) !== JSON.stringify(expected[field]))
        throw notEqual(`${field} là ${JSON.stringify(actual[field])}, biên bản ghi ${JSON.stringify(expected[field])}`);
    }
    await log.verify();
  } finally {
    await log.close();
  }
  onProgress?.('Dựng lại các bảng', 0, 1);
  const runtime = await openRuntime({ dataDir: folder, clock });
  const reached = String(runtime.projector.lowest());
  await runtime.close();
  if (reached !== expected.headPosition) throw notEqual(`bảng dựng mới đến vị trí ${reached}, nhật ký đến ${expected.headPosition}`);
}

const notEqual = (what: string): Problem =>
  new Problem(
    422,
    'backup-not-equal',
    'Bản khôi phục không khớp',
    `Bản khôi phục không khớp bản sao lưu: ${what}. Thư mục dữ liệu chưa dùng được; hãy xóa nội dung của nó và dùng bản sao lưu khác.`,
  );
