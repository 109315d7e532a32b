import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { EventLog } from '#event-log';
import { contentOf, type LogContent } from '#event-log/content';
import { inspectLog } from '#event-log/sqlite/inspect-log';
import { openSqliteEventLog, type SqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { isoInstant, Problem, type Clock } from '#kernel';
import { LOG_FILE, refuseHalfRestored } from '../../../api/src/data-files.ts';
import { readSettings, type ScaledUrls } from '../../../api/src/settings.ts';
import { backup } from './backup.ts';
import { examine } from './doctor.ts';
import { exportLog, exportLogToFile } from './export-log.ts';
import { restore } from './restore.ts';
import { progressLine } from './terminal.ts';

interface Doors {
  readonly program: Command;
  /** Adds `--data`. */
  readonly data: (command: Command) => Command;
  readonly out: (line: string) => void;
  readonly clock: () => Clock;
}

interface Common {
  readonly data: string;
  readonly json?: boolean;
}

/** `log stat|verify|export`, `backup`, `restore`, `doctor`. */
export function operatingCommands({ program, data, out, clock }: Doors): void {
  const scaledOf = (dataDir: string): ScaledUrls | undefined => readSettings({ ...process.env, NHACVIEC_DATA: dataDir }).scaled;
  /** The log alone, read only: nothing is made, and a running program is not disturbed. `file` is that of the embedded profile. */
  const withLog = async (dataDir: string, work: (log: EventLog, file: SqliteEventLog | undefined) => Promise<void>): Promise<void> => {
    const scaled = scaledOf(dataDir);
    if (scaled) {
      const { connectServers } = await import('../../../api/src/scaled/scaled-stores.ts');
      const servers = await connectServers({ dataDir: resolve(dataDir), clock: clock(), scaled });
      await work(servers.log, undefined).finally(() => servers.close());
      return;
    }
    refuseHalfRestored(resolve(dataDir));
    const file = join(resolve(dataDir), LOG_FILE);
    if (!existsSync(file))
      throw new Problem(
        404,
        'log-missing',
        'Không có nhật ký',
        `Thư mục “${resolve(dataDir)}” không có ${LOG_FILE}: hãy chỉ đúng thư mục dữ liệu bằng --data.`,
      );
    const log = await openSqliteEventLog({ file, clock: clock(), readOnly: true });
    try {
      await work(log, log);
    } finally {
      await log.close();
    }
  };

  const log = program.command('log').description('nhật ký sự kiện');
  data(log.command('stat').description('có bao nhiêu sự kiện, luồng, loại; sự kiện đầu và cuối; dung lượng'))
    .option('--json', 'kết quả dạng JSON')
    .addHelpText('after', '\nVí dụ:\n  nhacviec log stat --data data/demo-2020\n  nhacviec log stat --json')
    .action(async (o: Common) => {
      await withLog(o.data, async (store, stored) => {
        const content = await reading(store);
        const inspected = stored && (await inspectLog(stored.file));
        const fileBytes = inspected && inspected.pageSize * inspected.pages;
        if (o.json) out(JSON.stringify({ ...statJson(content), ...(fileBytes === undefined ? {} : { fileBytes }) }, null, 2));
        else {
          out(`${String(content.events)} sự kiện trong ${String(content.streams)} luồng${fileBytes === undefined ? '' : `, ${(fileBytes / 1e6).toFixed(1)} MB`}`);
          if (content.events > 0)
            out(
              `ghi từ ${isoInstant(content.firstRecordedAt!)} đến ${isoInstant(content.lastRecordedAt!)}; cuối: vị trí ${content.headPosition}, sự kiện ${content.headEventId!}`,
            );
          for (const [name, counts] of [
            ['nhóm', content.categories],
            ['loại', content.types],
          ] as const)
            for (const [key, n] of Object.entries(counts)) out(`  ${name} ${key.padEnd(32)}${String(n).padStart(10)}`);
        }
      });
    });
  data(log.command('verify').description('đọc lại từng sự kiện, kiểm mã kiểm và các chỉ mục; nêu tên sự kiện hỏng'))
    .option('--json', 'kết quả dạng JSON')
    .addHelpText(
      'after',
      '\nThoát 1 khi có sự kiện hỏng: tên sự kiện, vị trí và luồng ở thông báo.\n\nVí dụ:\n  nhacviec log verify --data data/main',
    )
    .action(async (o: Common) => {
      await withLog(o.data, async (store, stored) => {
        try {
          // Reads by place first: it names the event, where the check of the whole file names a page.
          const content = await reading(store);
          // A server checks its own files; here every event was read and understood as JSON with its envelope.
          const { events, position } = stored ? await stored.verify() : { events: content.events, position: content.headPosition };
          out(o.json ? JSON.stringify({ sound: true, events, position: String(position) }) : `Nguyên vẹn: ${String(events)} sự kiện.`);
        } catch (error) {
          if (o.json) out(JSON.stringify({ sound: false, detail: error instanceof Error ? error.message : String(error) }));
          throw error;
        }
      });
    });
  data(log.command('export').description('xuất sự kiện dạng JSON Lines, mỗi dòng một sự kiện'))
    .option('--from <vị trí>', 'từ vị trí này trở đi', '0')
    .option('--out <tệp>', 'ghi vào tệp thay vì in ra')
    .option('--json', 'kết quả dạng JSON khi có --out')
    .addHelpText(
      'after',
      '\nMỗi dòng: id, stream, revision, position, type, schema, occurredAt, recordedAt, data, metadata.\n\nVí dụ:\n  nhacviec log export --out nhat-ky.jsonl\n  nhacviec log export --from 1000 | head -5',
    )
    .action(async (o: Common & { from: string; out?: string }) => {
      if (!/^\d{1,18}$/.test(o.from))
        throw new Problem(400, 'option-invalid', 'Tham số sai', `--from=“${o.from}”: cần một vị trí, là dãy chữ số.`);
      await withLog(o.data, async (store) => {
        if (o.out === undefined) {
          await exportLog(store, process.stdout, BigInt(o.from));
          return;
        }
        const line = progressLine('Xuất');
        const events = await exportLogToFile(store, o.out, BigInt(o.from), line.step).finally(line.end);
        out(o.json ? JSON.stringify({ events, file: resolve(o.out) }) : `Đã xuất ${String(events)} sự kiện ra ${o.out}.`);
      });
    });

  data(
    program
      .command('backup')
      .description('sao lưu nhật ký và mọi thứ riêng của cơ quan (minh chứng, danh bạ, cơ quan giao, mẫu, lời văn…), cả khi chương trình đang chạy')
      .argument('<thư mục>', 'thư mục mới hoặc trống'),
  )
    .option('--json', 'biên bản dạng JSON')
    .addHelpText(
      'after',
      '\nBản sao xong khi có manifest.json: vị trí cuối, số lượng, SHA-256 của từng tệp.\n\nVí dụ:\n  nhacviec backup /backup/2026-11-25 --data data/main',
    )
    .action(async (target: string, o: Common) => {
      refuseScaled(scaledOf(o.data), 'backup');
      refuseHalfRestored(resolve(o.data));
      const { step, end } = steps();
      const manifest = await backup({ dataDir: resolve(o.data), target: resolve(target), clock: clock(), onProgress: step }).finally(end);
      if (o.json) out(JSON.stringify(manifest, null, 2));
      else
        out(
          `Đã sao lưu ${String(manifest.log.events)} sự kiện (đến vị trí ${manifest.log.headPosition}) và ${String(manifest.evidenceFiles)} tệp minh chứng vào ${resolve(target)}.`,
        );
      if (manifest.damagedEvidence.length > 0)
        throw new Problem(
          500,
          'evidence-damaged',
          'Minh chứng bị hỏng',
          `Bản sao đã xong, nhưng ${String(manifest.damagedEvidence.length)} tệp minh chứng đã hỏng từ trước: ${manifest.damagedEvidence.join(', ')}. Hãy tìm chúng trong bản sao lưu cũ hơn.`,
        );
    });
  data(
    program
      .command('restore')
      .description('khôi phục một bản sao lưu vào thư mục dữ liệu trống, và đối chiếu bằng nhau')
      .argument('<thư mục>', 'bản sao lưu'),
  )
    .option('--json', 'kết quả dạng JSON')
    .addHelpText(
      'after',
      '\nThư mục dữ liệu (--data) phải mới hoặc trống. Kiểm SHA-256 từng tệp, mã kiểm từng sự kiện, dựng lại các bảng, so số lượng và nội dung nhật ký.\n\nVí dụ:\n  nhacviec restore /backup/2026-11-25 --data data/main',
    )
    .action(async (source: string, o: Common) => {
      refuseScaled(scaledOf(o.data), 'restore');
      const { step, end } = steps();
      const { log: content, evidenceFiles } = await restore({
        source: resolve(source),
        dataDir: resolve(o.data),
        clock: clock(),
        onProgress: step,
      }).finally(end);
      if (o.json) out(JSON.stringify({ equal: true, ...statJson(content), evidenceFiles }, null, 2));
      else
        out(
          `Đã khôi phục và đối chiếu bằng nhau: ${String(content.events)} sự kiện, vị trí cuối ${content.headPosition}, ${String(evidenceFiles)} tệp minh chứng, SHA-256 nội dung ${content.contentSha256.slice(0, 16)}….`,
        );
    });

  data(program.command('migrate').description('chuyển nhật ký của thư mục dữ liệu sang EventStoreDB/KurrentDB và MongoDB, và đối chiếu bằng nhau'))
    .option('--json', 'kết quả dạng JSON')
    .addHelpText(
      'after',
      '\nDừng chương trình trước. Máy chủ nhật ký phải trống, hoặc chứa phần đầu do lần chuyển trước bị ngắt để lại. Mã sự kiện, thứ tự, số phiên bản và thời điểm được giữ nguyên; vị trí thay đổi.\n\nVí dụ:\n  KURRENTDB_URL=esdb://máy:2113 MONGODB_URL=mongodb://máy/nhacviec nhacviec migrate --data data/main',
    )
    .action(async (o: Common) => {
      const { scaled } = readSettings({ ...process.env, NHACVIEC_DATA: o.data, NHACVIEC_PROFILE: 'scaled' });
      const { migrate } = await import('./migrate.ts');
      const { step, end } = steps();
      const { events, found, contentSha256, figures } = await migrate({ dataDir: resolve(o.data), scaled: scaled!, clock: clock(), onProgress: step }).finally(end);
      if (o.json) out(JSON.stringify({ equal: true, events, found, contentSha256, figures }));
      else
        out(
          `Đã chuyển và đối chiếu bằng nhau: ${String(events)} sự kiện (${String(found)} đã có từ trước), ${String(figures)} bảng số liệu, SHA-256 nội dung ${contentSha256.slice(0, 16)}…. Từ nay chạy với NHACVIEC_PROFILE=scaled; tệp minh chứng vẫn ở thư mục dữ liệu.`,
        );
    });

  data(program.command('doctor').description('khám máy và thư mục dữ liệu: phiên bản, cấu hình, ổ đĩa, đồng hồ, quyền, độ trễ'))
    .option('--json', 'kết quả dạng JSON')
    .addHelpText(
      'after',
      '\nKhông thay đổi gì; chạy được cạnh chương trình. Thoát 1 khi có dòng HỎNG.\n\nVí dụ:\n  nhacviec doctor --data data/main',
    )
    .action(async (o: Common) => {
      const findings = await examine({
        dataDir: resolve(o.data),
        clock: clock(),
        settings: () => readSettings({ ...process.env, NHACVIEC_DATA: o.data }),
      });
      if (o.json) out(JSON.stringify(findings, null, 2));
      else
        for (const { state, detail, advice } of findings)
          out(
            `${{ ok: 'tốt ', warn: 'CHÚ Ý', fail: 'HỎNG' }[state].padEnd(6)} ${detail}${advice === undefined ? '' : `\n       → ${advice}`}`,
          );
      if (findings.some(({ state }) => state === 'fail')) process.exitCode = 1;
    });
}

/** @throws Problem `embedded-only` in the scaled-out profile. */
function refuseScaled(scaled: ScaledUrls | undefined, command: string): void {
  if (scaled)
    throw new Problem(
      409,
      'embedded-only',
      'Chỉ cho hồ sơ embedded',
      `“nhacviec ${command}” sao chép thư mục dữ liệu của hồ sơ embedded. Với NHACVIEC_PROFILE=scaled hãy dùng cách sao lưu của EventStoreDB/KurrentDB; các bảng dựng lại được từ nhật ký, tệp minh chứng ở thư mục dữ liệu.`,
    );
}

async function reading(log: EventLog): Promise<LogContent> {
  const line = progressLine('Đọc nhật ký');
  return contentOf(log, line.step).finally(line.end);
}

/** A line of progress per step on a terminal; elsewhere the name of each step once. */
function steps(): { readonly step: (what: string, done: number, total: number) => void; readonly end: () => void } {
  let now = '';
  let line = progressLine('');
  return {
    step(what, done, total) {
      if (what !== now) {
        line.end();
        now = what;
        line = progressLine(what);
        if (!process.stderr.isTTY) process.stderr.write(`${what}…\n`);
      }
      line.step(done, total);
    },
    end() {
      line.end();
    },
  };
}

const statJson = ({
  events,
  streams,
  categories,
  types,
  firstRecordedAt,
  lastRecordedAt,
  headPosition,
  headEventId,
  contentSha256,
}: LogContent): object => ({
  events,
  streams,
  categories,
  types,
  firstRecordedAt: firstRecordedAt === null ? null : isoInstant(firstRecordedAt),
  lastRecordedAt: lastRecordedAt === null ? null : isoInstant(lastRecordedAt),
  position: headPosition,
  lastEventId: headEventId,
  contentSha256,
});
