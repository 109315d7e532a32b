import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { EventLog } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { writeCsv } from '#imports/write-csv';
import { writeXlsx } from '#imports/xlsx/write-xlsx';
import { dayOf, dayVi, Problem, type Clock, type Day } from '#kernel';
import { PEOPLE_HEADINGS, peopleRows, PERSON_ROLES_VI, type PeopleStore } from '#people';
import { openSqlitePeople } from '#people/sqlite/sqlite-people';
import { LOG_FILE, PEOPLE_FILE, refuseHalfRestored, UNDERSTOOD_FILE } from '../../api/src/data-files.ts';
import { ReferenceData } from '../../api/src/reference/reference-data.ts';
import { peopleContext, peopleOf, takePeople, unitWordFor } from '../../api/src/reminders/people-list.ts';
import { readSettings } from '../../api/src/settings.ts';
import { openUnderstood } from '../../api/src/understood-log.ts';
import { writeWhole } from './whole-file.ts';

interface Doors {
  readonly data: (command: Command) => Command;
  readonly out: (line: string) => void;
}

/** What the directory is read and written with; the log is only read, for the units. */
interface Directory {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly reference: ReferenceData;
  readonly today: Day;
  /** Undefined where there is none yet and none is to be made. */
  readonly store: PeopleStore | undefined;
}

async function withDirectory(dataDir: string, make: boolean, work: (directory: Directory) => Promise<void>): Promise<void> {
  const folder = resolve(dataDir);
  const { scaled, clock } = readSettings({ ...process.env, NHACVIEC_DATA: dataDir });
  const run = async (log: EventLog, store: PeopleStore | undefined): Promise<void> => {
    try {
      const reference = new ReferenceData(log);
      await reference.catchUp();
      await work({ log, clock, reference, today: dayOf(Math.max(clock.now(), (await log.head()).recordedAt)), store });
    } finally {
      await store?.close();
    }
  };
  if (scaled) {
    const { connectServers } = await import('../../api/src/scaled/scaled-stores.ts');
    const { openMongoPeople } = await import('#people/mongo/mongo-people');
    const servers = await connectServers({ dataDir: folder, clock, scaled });
    await (async () => run(servers.log, await openMongoPeople(servers.connection)))().finally(() => servers.close());
    return;
  }
  refuseHalfRestored(folder);
  const file = join(folder, LOG_FILE);
  if (!existsSync(file)) throw new Problem(404, 'log-missing', 'Không có nhật ký', `Thư mục “${folder}” không có ${LOG_FILE}: hãy chỉ đúng thư mục dữ liệu bằng --data.`);
  const stored = await openSqliteEventLog({ file, clock, readOnly: true });
  try {
    const people = join(folder, PEOPLE_FILE);
    await run(await openUnderstood(stored, { marker: join(folder, UNDERSTOOD_FILE), remember: false }), make || existsSync(people) ? openSqlitePeople(people) : undefined);
  } finally {
    await stored.close();
  }
}

/** `people list|import|export`: the directory, by the code of the HTTP door, also beside a running program. */
export function peopleCommands(program: Command, { data, out }: Doors): void {
  const people = program.command('people').description('danh bạ người được nhắc');

  data(people.command('list').description('ai có trong danh bạ; không in liên hệ'))
    .option('--unit <mã>', 'mã đơn vị').option('--json', 'kết quả dạng JSON')
    .action(async (o: { data: string; unit?: string; json?: boolean }) => {
      await withDirectory(o.data, false, async ({ reference, store }) => {
        const all = ((await store?.all()) ?? []).filter(({ unitId }) => o.unit === undefined || unitId === o.unit);
        if (o.json) out(JSON.stringify(all.map(({ id, code, name, unitId, role, channels, leftOn }) => ({ id, code, name, unitId, unitName: reference.unitName(unitId), role, channels, leftOn })), null, 2));
        else {
          for (const { code, name, unitId, role, leftOn } of all) out(`${code.padEnd(10)} ${name}; ${PERSON_ROLES_VI[role]}, ${reference.unitName(unitId)}${leftOn === null ? '' : `; nghỉ từ ${dayVi(leftOn)}`}`);
          out(`${String(all.length)} người.`);
        }
      });
    });

  data(people.command('import').description('nhập danh bạ từ một tệp CSV hoặc XLSX').argument('<tệp>', 'tệp có cột Mã, Họ và tên, Đơn vị, Vai trò'))
    .option('--dry-run', 'chỉ xem kết quả, không ghi').option('--sync', 'ai không có trong tệp coi như nghỉ từ hôm nay').option('--json', 'kết quả dạng JSON')
    .addHelpText('after', '\nCác cột: docs/reminders.md\n\nVí dụ:\n  nhacviec people import danh-ba.xlsx --dry-run\n  nhacviec people import danh-ba.csv --sync')
    .action(async (file: string, o: { data: string; dryRun?: boolean; sync?: boolean; json?: boolean }) => {
      if (!existsSync(file)) throw new Problem(404, 'file-missing', 'Không có tệp', `Không có tệp “${file}”.`);
      const dryRun = o.dryRun === true;
      await withDirectory(o.data, !dryRun, async ({ log, clock, reference, today, store }) => {
        const known = (await store?.all()) ?? [];
        const dir = mkdtempSync(join(tmpdir(), 'nhacviec-danh-ba-'));
        try {
          // What is read is taken away afterwards: a copy is read, and the file stays where it is.
          const upload = join(dir, `tep-${basename(file)}`);
          copyFileSync(file, upload);
          const { doWork, keptRows } = await import('../../api/src/imports/work.ts');
          const worked = await doWork({ what: 'take', dir, upload }, { log, clock, progress: () => undefined, exclusive: (held) => held() });
          if (!worked.ok) throw new Problem(422, worked.code, 'Không đọc được danh bạ', worked.detail);
          if (!('taken' in worked)) throw new Error('a file was answered with something else');
          const list = await peopleOf({ ...worked.taken, rows: (sheet) => keptRows(dir, sheet) }, peopleContext(known, reference));
          const imported = await takePeople(list, {
            known, today, pointer: '/file', sync: o.sync === true, dryRun,
            store: () => (store === undefined ? Promise.reject(new Error('a rehearsal writes nothing')) : Promise.resolve(store)),
          });
          if (o.json) out(JSON.stringify(imported, null, 2));
          else {
            for (const { line, column, given, expected, detail } of imported.refused) out(`Dòng ${String(line)}${column === '' ? '' : `, cột “${column}”`}: ${detail}${given === '' ? '' : ` [đang ghi: ${given}]`}${expected === undefined ? '' : ` [cần: ${expected}]`}`);
            out(`Thêm ${String(imported.added)}, sửa ${String(imported.changed)}, cho nghỉ ${String(imported.left)}, không nhận ${String(imported.refused.length)} dòng.`);
            out(dryRun ? 'Chạy thử: không ghi gì.' : 'Đã ghi.');
          }
          if (imported.added + imported.changed === 0) process.exitCode = 1;
        } finally {
          rmSync(dir, { recursive: true, force: true });
        }
      });
    });

  data(people.command('export').description('ghi danh bạ ra XLSX hoặc CSV, nhập lại được; có tên và liên hệ').argument('<tệp>', 'tệp .xlsx hoặc .csv'))
    .action(async (file: string, o: { data: string }) => {
      const format = /\.(xlsx|csv)$/i.exec(file)?.[1]?.toLowerCase();
      if (format === undefined) throw new Problem(400, 'option-invalid', 'Tham số sai', `“${file}”: cần tên tệp .xlsx hoặc .csv.`);
      await withDirectory(o.data, false, async ({ reference, store, today }) => {
        const all = (await store?.all()) ?? [];
        const unitWord = unitWordFor(peopleContext(all, reference), reference);
        const sheet = { name: 'Danh bạ', heading: `Danh bạ người được nhắc, ${dayVi(today)}`, columns: PEOPLE_HEADINGS.map((title) => ({ title })), rows: peopleRows(all, unitWord) };
        // Names and contacts: for the one who asks alone.
        await writeWhole(file, format === 'csv' ? writeCsv(sheet) : writeXlsx(sheet), 0o600);
        out(`${file}: ${String(all.length)} người.`);
      });
    });
}
