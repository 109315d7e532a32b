import { existsSync, statSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { inspectLog } from '#event-log/sqlite/inspect-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { instantVi, type Clock } from '#kernel';
import { whoWrites } from '#projections/sqlite/who-writes';
import { EVIDENCE_FOLDER, LOG_FILE, READ_MODEL_FILE, RESTORING } from '../../../api/src/data-files.ts';
import { openRuntime } from '../../../api/src/runtime.ts';
import type { Settings } from '../../../api/src/settings.ts';
import { PROGRAM_VERSION } from '../../../api/src/version.ts';
import { clockFinding, fail, ok, projectionFinding, said, warn, type Finding } from './findings.ts';

const MB = 1_000_000;
const LEAST_FREE = 200 * MB;
const LITTLE_FREE = 2_000 * MB;
const LARGE_WAL = 256 * MB;

const size = (bytes: number): string => (bytes < MB ? `${String(Math.ceil(bytes / 1000))} kB` : `${(bytes / MB).toFixed(1)} MB`);

/** Looks at the machine and a data folder, changes nothing, and says what is in order and what is not. Works beside a running program. */
export async function examine({
  dataDir,
  clock,
  settings,
}: {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly settings: () => Settings;
}): Promise<readonly Finding[]> {
  const [settled, given] = settingsFinding(settings);
  const findings: Finding[] = [versions(), settled];
  if (given?.scaled) {
    const { examineServers } = await import('./doctor-servers.ts');
    return [...findings, ...(existsSync(dataDir) ? [...(await permissions(dataDir)), await disk(dataDir)] : []), ...(await examineServers({ dataDir, clock, scaled: given.scaled }))];
  }
  if (!existsSync(dataDir))
    return [
      ...findings,
      fail('data-folder', `Không có thư mục dữ liệu “${dataDir}”.`, 'Chỉ đúng thư mục bằng --data; “nhacviec serve” tạo thư mục mới.'),
    ];
  if (existsSync(join(dataDir, RESTORING)))
    findings.push(
      fail(
        'restore-unfinished',
        `Lần khôi phục vào “${dataDir}” chưa xong.`,
        'Đợi nếu đang chạy; nếu đã bị ngắt: xóa nội dung thư mục rồi chạy lại “nhacviec restore”.',
      ),
    );
  findings.push(...(await permissions(dataDir)), await disk(dataDir), ...(await files(dataDir)));
  const writer = await whoWrites(dataDir);
  findings.push(
    writer === undefined
      ? ok('writer', 'Không có chương trình nào đang ghi thư mục này.')
      : ok(
          'writer',
          `Đang chạy: tiến trình ${String(writer.pid ?? '?')}${writer.since === undefined ? '' : `, từ ${instantVi(writer.since)}`}.`,
        ),
  );
  if (!existsSync(join(dataDir, LOG_FILE)))
    return [
      ...findings,
      fail('log', `Thư mục “${dataDir}” không có ${LOG_FILE}.`, 'Chỉ đúng thư mục bằng --data, hoặc khôi phục từ bản sao lưu.'),
    ];
  const log = await logFindings(dataDir, clock);
  findings.push(...log);
  // Nothing can be said of what is built from a log that cannot be opened.
  if (log.every(({ code, state }) => code !== 'log' || state !== 'fail')) findings.push(...(await projections(dataDir, clock)));
  return findings;
}

function versions(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const detail = `Nhắc Việc ${PROGRAM_VERSION}, Node.js ${process.versions.node}, ${process.platform} ${process.arch}.`;
  return major > 20 || (major === 20 && minor >= 19) ? ok('versions', detail) : fail('versions', detail, 'Cần Node.js 20.19 trở lên.');
}

function settingsFinding(settings: () => Settings): readonly [Finding, Settings?] {
  try {
    return [ok('settings', 'Cấu hình hợp lệ.'), settings()];
  } catch (error) {
    return [fail('settings', said(error), 'Sửa biến môi trường hoặc tệp .env; xem docs/operating.md.')];
  }
}

async function permissions(dataDir: string): Promise<readonly Finding[]> {
  if (process.platform === 'win32') return [];
  const open: string[] = [];
  const look = async (path: string, most: number): Promise<void> => {
    const mode = (await stat(path)).mode & 0o777;
    if ((mode & ~most) !== 0) open.push(`${path} (${mode.toString(8)}, cần ${most.toString(8)})`);
  };
  await look(dataDir, 0o700);
  // Inside a folder that nobody else may enter, what a file's own mode allows is out of reach.
  if (open.length === 0) return [ok('permissions', 'Chỉ người chạy chương trình đọc được thư mục dữ liệu.')];
  for (const name of await readdir(dataDir)) await look(join(dataDir, name), name === EVIDENCE_FOLDER ? 0o700 : 0o600);
  return [warn('permissions', `Người khác trên máy đọc được: ${open.join('; ')}.`, `chmod -R go-rwx “${dataDir}”.`)];
}

async function disk(dataDir: string): Promise<Finding> {
  const { bavail, bsize, blocks } = await statfs(dataDir);
  const free = bavail * bsize;
  const detail = `Còn trống ${size(free)} trong ${size(blocks * bsize)}.`;
  if (free < LEAST_FREE) return fail('disk', detail, `Giải phóng ổ đĩa ngay: dưới ${size(LEAST_FREE)} thì chương trình sắp ngừng ghi.`);
  return free < LITTLE_FREE ? warn('disk', detail, 'Sắp hết chỗ: giải phóng hoặc mở rộng ổ đĩa.') : ok('disk', detail);
}

async function files(dataDir: string): Promise<readonly Finding[]> {
  const sizeOf = (name: string): number => (existsSync(join(dataDir, name)) ? statSync(join(dataDir, name)).size : 0);
  let [evidence, count] = [0, 0];
  for (const entry of existsSync(join(dataDir, EVIDENCE_FOLDER))
    ? await readdir(join(dataDir, EVIDENCE_FOLDER), { recursive: true, withFileTypes: true })
    : []) {
    if (!entry.isFile() || entry.name.endsWith('.json')) continue;
    count++;
    evidence += (await stat(join(entry.parentPath, entry.name))).size;
  }
  const wal = Math.max(sizeOf(`${LOG_FILE}-wal`), sizeOf(`${READ_MODEL_FILE}-wal`));
  return [
    ok(
      'sizes',
      `Nhật ký ${size(sizeOf(LOG_FILE))}, bảng dựng ${size(sizeOf(READ_MODEL_FILE))}, minh chứng ${String(count)} tệp ${size(evidence)}.`,
    ),
    wal > LARGE_WAL
      ? warn(
          'wal',
          `Tệp -wal lớn: ${size(wal)}.`,
          'Một tiến trình đang đọc rất lâu (backup, export) giữ nó; nếu không có, khởi động lại chương trình.',
        )
      : ok('wal', `Tệp -wal lớn nhất ${size(wal)}.`),
  ];
}

async function logFindings(dataDir: string, clock: Clock): Promise<readonly Finding[]> {
  const file = join(dataDir, LOG_FILE);
  try {
    const state = await inspectLog(file);
    const log = await openSqliteEventLog({ file, clock, readOnly: true });
    try {
      const head = await log.head();
      return [
        ok(
          'log',
          `${String(head.count)} sự kiện, vị trí ${String(head.position)}, SQLite ${state.sqlite}, lược đồ ${String(state.schema)} (chương trình hiểu đến ${String(state.knownSchema)}).`,
        ),
        state.journalMode === 'wal' && state.synchronous === 2
          ? ok('pragmas', `journal_mode=${state.journalMode}, synchronous=${String(state.synchronous)} (FULL).`)
          : state.synchronous === 2
            ? warn('pragmas', `journal_mode=${state.journalMode}, cần wal.`, 'Khởi động chương trình một lần: nó đặt lại chế độ.')
            : fail(
                'pragmas',
                `synchronous=${String(state.synchronous)}, cần 2 (FULL): mất điện có thể mất sự kiện đã ghi.`,
                'Báo bộ phận kỹ thuật.',
              ),
        clockFinding(head, clock),
      ];
    } finally {
      await log.close();
    }
  } catch (error) {
    return [
      fail('log', said(error), 'Dừng chương trình, giữ nguyên tệp, chạy “nhacviec log verify” rồi khôi phục từ bản sao lưu gần nhất.'),
    ];
  }
}

async function projections(dataDir: string, clock: Clock): Promise<readonly Finding[]> {
  try {
    const runtime = await openRuntime({ dataDir, clock, readOnly: true });
    try {
      return (await runtime.projector.status()).map(projectionFinding);
    } finally {
      await runtime.close();
    }
  } catch (error) {
    return [warn('projections', said(error), 'Khởi động chương trình: bảng dựng được dựng lại từ nhật ký, không mất gì.')];
  }
}
