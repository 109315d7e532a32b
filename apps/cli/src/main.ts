import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { FIXED_DATE_POLICIES, PHRASE_EXAMPLES, explainReading, loadDefaultCalendar, readPhrase } from '#deadlines';
import type { EventLog } from '#event-log';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { bullet, selecting } from '#figures';
import { planImport, readTaskTable, refusedCsv, runImport } from '#imports';
import { readSheetFile } from '#imports/xlsx/sheet-file';
import { clockFrom, dayVi, instantVi, isDay, parseInstant, Problem, type Clock } from '#kernel';
import { taskStream, toFact } from '#tasks';
import { answerFigures, readQuestion } from '../../api/src/figures/figures-service.ts';
import { readPoint } from '../../api/src/http/points.ts';
import { loadAuthorities } from '../../api/src/authorities.ts';
import { ReferenceData } from '../../api/src/reference/reference-data.ts';
import { LOG_FILE, prepareFolder, UNDERSTOOD_FILE } from '../../api/src/data-files.ts';
import { openRuntime, type Runtime } from '../../api/src/runtime.ts';
import type { Served } from '../../api/src/serve.ts';
import { readSettings } from '../../api/src/settings.ts';
import { toItems } from '../../api/src/tasks/task-items.ts';
import { undoneWithImport } from '../../api/src/imports/undone.ts';
import { openUnderstood } from '../../api/src/understood-log.ts';
import { bench } from './bench.ts';
import { DEMO_FOLDER, DEMO_NOW, playDemo } from './demo.ts';
import { operatingCommands } from './operating/commands.ts';
import { projectionCommands } from './operating/projection-commands.ts';
import { writeHistory } from './invented/history.ts';
import { peopleCommands } from './people-commands.ts';
import { reportCommands } from './report-commands.ts';
import { writeWhole } from './whole-file.ts';

const USAGE = 64;

/** Brings the framework of the server, four times as long to load as all the rest: only for who serves. */
const serving = () => import('../../api/src/serve.ts');

/** Shape of `GET /figures` as far as the terminal shows it. */
interface Figures {
  readonly sentence: string;
  readonly total: number;
  readonly cells: Readonly<Record<string, number>>;
  readonly parts: Readonly<Record<string, number>>;
  readonly rates: readonly { readonly code: string; readonly name: string; readonly numerator: number; readonly denominator: number; readonly text: string }[];
}

const out = (line = ''): void => { process.stdout.write(`${line}\n`); };

/** The command line. Exit codes: 0 done, 1 refused or failed, 64 usage. */
export async function main(args: readonly string[]): Promise<void> {
  // A reader that has seen enough, as `| head` has, is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  // Settings may stand in a .env file; what the environment says already goes before it.
  if (existsSync('.env')) process.loadEnvFile('.env');
  const program = new Command('nhacviec')
    .description('Nhắc Việc: theo dõi nhiệm vụ, tính đúng từng con số')
    .helpOption('-h, --help', 'hiện trợ giúp')
    .helpCommand(false)
    .showHelpAfterError('(thêm --help để xem cách dùng)')
    .exitOverride();
  const data = (command: Command): Command => command.option('--data <thư mục>', 'thư mục dữ liệu', process.env['NHACVIEC_DATA'] ?? './data/main');

  data(program.command('serve').description('chạy chương trình: trang web và API'))
    .action(async (options: { data: string }) => {
      const settings = readSettings({ ...process.env, NHACVIEC_DATA: options.data });
      const { readyLine, serveUntilStopped } = await serving();
      await serveUntilStopped(settings, async (served) => { out(await readyLine(served)); });
    });

  data(program.command('worker').description('hồ sơ “scaled”: dựng bảng và ghi việc quá hạn; chạy bao nhiêu tiến trình cũng được'))
    .action(async (options: { data: string }) => {
      const { workUntilStopped } = await import('../../worker/src/work.ts');
      await workUntilStopped(readSettings({ ...process.env, NHACVIEC_DATA: options.data }));
    });

  program.command('demo').description('trình diễn với danh sách năm 2020, hoặc với dữ liệu giả ở quy mô lớn')
    .option('--data <thư mục>', 'thư mục trình diễn, làm mới mỗi lần', DEMO_FOLDER)
    .option('--units <số>', 'số đơn vị (cùng --tasks)', '65').option('--tasks <số>', 'số việc giả lập').option('--seed <số>', 'hạt giống', '1')
    .option('--no-serve', 'chỉ tạo dữ liệu, không chạy')
    .addHelpText('after', '\nVí dụ:\n  nhacviec demo\n  nhacviec demo --units 65 --tasks 50000 --seed 1 --data data/demo-lon')
    .action(async (options: { data: string; units: string; tasks?: string; seed: string; serve: boolean }) => {
      const now = options.tasks === undefined ? DEMO_NOW : '2026-11-22T08:00:00+07:00';
      if (options.tasks === undefined) await playDemo(options.data);
      else await writeHistory({ folder: options.data === DEMO_FOLDER ? './data/demo-lon' : options.data, units: whole('--units', options.units), tasks: whole('--tasks', options.tasks), seed: whole('--seed', options.seed), now });
      const folder = options.tasks !== undefined && options.data === DEMO_FOLDER ? './data/demo-lon' : options.data;
      const settings = { ...readSettings({ ...process.env, NHACVIEC_NOW: now, NHACVIEC_DATA: folder }) };
      if (options.serve) await (await serving()).serveUntilStopped(settings, (served) => describeDemo(served, options.tasks === undefined));
      else out(`Dữ liệu trình diễn nằm trong ${folder}, đồng hồ của nó ở ${instantVi(Date.parse(now))}. Xem: NHACVIEC_NOW=${now} npm run -s nhacviec -- serve --data ${folder}`);
    });

  data(program.command('import').description('nhập danh sách nhiệm vụ từ tệp CSV hoặc XLSX').argument('<tệp>', 'danh sách 20 cột'))
    .option('--dry-run', 'chỉ kiểm tra, không ghi').option('--strict', 'có một dòng bị từ chối thì từ chối cả tệp').option('--create-units', 'lập các đơn vị có tên trong tệp').option('--sheet <tên>', 'trang của tệp XLSX; không nói thì trang đầu không ẩn').option('--json', 'kết quả dạng JSON')
    .addHelpText('after', '\nVí dụ:\n  nhacviec import danh-sach.csv --dry-run\n  nhacviec import danh-sach.csv --create-units\n  nhacviec import danh-sach.xlsx --sheet "Tháng 11"')
    .action(async (file: string, options: { data: string; dryRun?: boolean; strict?: boolean; createUnits?: boolean; sheet?: string; json?: boolean }) => {
      await withImportLog(options.data, options.dryRun === true, async (store, reference, now) => {
        const bytes = readFileSync(file);
        const table = await readSheetFile(bytes, options.sheet);
        const reading = readTaskTable(table, { now, units: reference.directory, formerUnits: reference.everyUnit, calendar: reference.calendar, policy: reference.settings().fixedDatePolicy, authorities: reference.authorities, createUnits: options.createUnits === true, fileName: basename(file) });
        if (reading.refusal) throw new Problem(422, reading.refusal.code, 'Không đọc được tệp', reading.refusal.detail);
        const plan = await planImport(reading, { load: async (taskId) => (await store.readStream(taskStream(taskId))).map(toFact), now, actor: { id: 'office', role: 'office' }, undone: (taskId) => undoneWithImport(store, taskId) });
        const strictly = options.strict === true && plan.counts.refused > 0;
        const write = options.dryRun !== true && !strictly;
        if (options.json) out(JSON.stringify({ counts: plan.counts, written: write, problems: reading.records.flatMap((r) => r.problems.map((p) => ({ record: r.record, line: r.line, ...p }))), contradictions: plan.contradictions }, null, 2));
        else {
          for (const record of reading.records) for (const p of record.problems) out(`Bản ghi ${String(record.record)} (dòng ${String(record.line)})${p.column === '' ? '' : `, cột “${p.column}”`}: ${p.message}${p.given === '' ? '' : ` [nhận: ${p.given.slice(0, 80)}]`}${p.expected === undefined ? '' : ` [cần: ${p.expected}]`}`);
          for (const c of plan.contradictions) out(`Mâu thuẫn cần quyết định, bản ghi ${String(c.record)} (dòng ${String(c.line)}): ${c.message}`);
          for (const notice of reading.notices) out(notice);
          const n = plan.counts;
          out(`Nhận ${String(n.accepted)}, nhận kèm cảnh báo ${String(n.warned)}, từ chối ${String(n.refused)}, bỏ qua ${String(n.skipped)}; việc mới ${String(n.new)}, thêm sự kiện ${String(n.extended)}, không đổi ${String(n.unchanged)}, mâu thuẫn ${String(n.contradictions)}.`);
        }
        if (write) {
          const result = await runImport(store, plan);
          // All or none: saying "written" of rows that are not would be worse than any refusal.
          if (!result.ok) throw new Problem(409, result.code, 'Chưa ghi được', `Không ghi gì: ${result.detail}`);
        }
        if (write && plan.counts.refused > 0) {
          writeFileSync(`${file}.refused.csv`, refusedCsv(reading, table));
          if (!options.json) out(`Các dòng bị từ chối: ${file}.refused.csv`);
        }
        if (!options.json) out(strictly ? 'Không ghi gì: có dòng bị từ chối (--strict).' : write ? 'Đã ghi.' : 'Chạy thử: không ghi gì.');
        const usable = plan.counts.accepted + plan.counts.warned;
        if (strictly || usable === 0) process.exitCode = 1;
      });
    });

  data(program.command('figures').description('số liệu của một đơn vị hoặc toàn tỉnh'))
    .option('--unit <mã>', 'mã đơn vị').option('--as-of <ngày>', 'tính đến hết ngày').option('--known-at <mốc>', 'biết đến: ngày, thời điểm, position:<n>, event:<uuid>')
    .option('--period <kỳ>', 'ví dụ 2020, 2020-Q3').option('--policy <chính sách>', FIXED_DATE_POLICIES.join(' | ')).option('--basis <hạn>', 'current | original').option('--json', 'JSON như GET /figures')
    .addHelpText('after', '\nVí dụ:\n  nhacviec figures --data data/demo-2020 --unit thanh-tra-tinh --as-of 2020-11-28 --json')
    .action(async (o: { data: string; unit?: string; asOf?: string; knownAt?: string; period?: string; policy?: string; basis?: string; json?: boolean }) => {
      await reading(o.data, async (runtime) => {
        const dto = defined({ unitId: o.unit, asOf: o.asOf, knownAt: o.knownAt, period: o.period, fixedDatePolicy: o.policy, deadlineBasis: o.basis });
        const point = await readPoint(dto, runtime);
        const answer = (await answerFigures(readQuestion(dto, point, runtime), point, runtime)) as Figures;
        if (o.json) out(JSON.stringify(answer, null, 2));
        else {
          out(answer.sentence);
          for (const rate of answer.rates) out(`  ${rate.code.padEnd(4)}${rate.text.padStart(16)}  ${String(rate.numerator)}/${String(rate.denominator)}  ${rate.name}`);
          out(`  ${Object.entries(answer.cells).map(([cell, n]) => `${cell} ${String(n)}`).join(' · ')} · N ${String(answer.total)}`);
        }
      });
    });

  data(program.command('export').description('xuất danh sách nhiệm vụ ra XLSX hoặc CSV, nhập lại được'))
    .requiredOption('--out <tệp>', 'tệp .xlsx hoặc .csv').option('--unit <mã>', 'mã đơn vị').option('--tree', 'cả đơn vị trực thuộc').option('--cell <ô>', 'một hoặc nhiều ô, cách nhau bằng dấu phẩy, ví dụ O2')
    .option('--q <chữ>', 'tìm không cần dấu').option('--as-of <ngày>', 'tính đến hết ngày').option('--known-at <mốc>', 'biết đến')
    .addHelpText('after', '\nVí dụ:\n  nhacviec export --out viec.xlsx\n  nhacviec export --data data/demo-2020 --unit thanh-tra-tinh --cell O2 --out qua-han.csv')
    .action(async (o: { data: string; out: string; unit?: string; tree?: boolean; cell?: string; q?: string; asOf?: string; knownAt?: string }) => {
      const format = /\.(xlsx|csv)$/i.exec(o.out)?.[1]?.toLowerCase();
      if (format !== 'xlsx' && format !== 'csv') throw new Problem(400, 'option-invalid', 'Tham số sai', `--out=“${o.out}”: cần tên tệp .xlsx hoặc .csv.`);
      await reading(o.data, async (runtime) => {
        const { exportOf, tasksToExport } = await import('../../api/src/exports/lists.ts');
        const { sheetPieces } = await import('../../api/src/exports/export-sheet.ts');
        const list = await tasksToExport({ ...defined({ unitId: o.unit, cell: o.cell, q: o.q, asOf: o.asOf, knownAt: o.knownAt }), ...(o.tree === true && { scope: 'tree' }) }, runtime);
        const { question, slices } = exportOf(list, format, runtime);
        await writeWhole(o.out, sheetPieces(slices, question, runtime.log));
        out(`${o.out}: ${String(list.total)} việc.`);
      });
    });

  reportCommands(program, { data, out, reading, withImportLog });
  peopleCommands(program, { data, out });

  program.command('deadline').description('đọc một cụm từ thời hạn và giải thích cách đếm, không ghi gì').argument('<cụm từ>')
    .option('--document-date <ngày>', 'ngày văn bản, YYYY-MM-DD').option('--received-on <ngày>', 'ngày nhận văn bản, YYYY-MM-DD')
    .option('--policy <chính sách>', `ngày cố định rơi vào ngày nghỉ: ${FIXED_DATE_POLICIES.join(' | ')}`, 'all').option('--json', 'JSON, cả khi bị từ chối')
    .addHelpText('after', `
Ví dụ:
  nhacviec deadline "trước ngày 15/11/2020"
  nhacviec deadline "trước ngày 15/11" --document-date 2020-11-02
  nhacviec deadline "trong 15 ngày làm việc kể từ ngày nhận được văn bản" --received-on 2020-11-12
  nhacviec deadline "ngày 15 tháng cuối quý" --document-date 2020-06-01
  nhacviec deadline "trước ngày 25 hằng tháng (kỳ tháng 6/2020)" --policy none

Các mẫu hiểu được:
  ${PHRASE_EXAMPLES.join('\n  ')}`)
    .action((phrase: string, o: { documentDate?: string; receivedOn?: string; policy: string; json?: boolean }) => {
      for (const day of [o.documentDate, o.receivedOn]) if (day !== undefined && !isDay(day)) throw new Problem(422, 'date-does-not-exist', 'Ngày không có', `Ngày “${day}” không tồn tại; cần YYYY-MM-DD.`);
      const policy = FIXED_DATE_POLICIES.find((p) => p === o.policy);
      if (policy === undefined) throw new Problem(400, 'option-invalid', 'Tham số sai', `--policy=“${o.policy}”: cần một trong ${FIXED_DATE_POLICIES.join(', ')}.`);
      const reading = readPhrase(phrase, { ...defined({ documentDate: o.documentDate, receivedOn: o.receivedOn }), policy, calendar: loadDefaultCalendar() });
      const give = reading.ok ? undefined : { 'document-date-missing': '--document-date', 'received-day-missing': '--received-on', 'recurrence-needs-occurrence': o.documentDate ?? o.receivedOn ? undefined : '--document-date' }[reading.code];
      const text = [...explainReading(reading), ...(give === undefined ? [] : [`Thêm ${give} YYYY-MM-DD.`])].join('\n');
      if (o.json) out(JSON.stringify(reading, null, 2));
      else if (reading.ok) out(text);
      if (!reading.ok) throw new Problem(422, reading.code, 'Không đọc được', o.json ? reading.detail : text);
    });

  program.command('scenario').description('chạy các tình huống: diễn biến và con số phải ra, viết trong tệp YAML').argument('<tệp...>', 'tệp .yaml, hoặc thư mục chứa các tệp ấy').option('--json', 'kết quả dạng JSON')
    .addHelpText('after', '\nChạy hai cách, chỉ riêng phần quy tắc và trên SQLite trong một thư mục tạm; không đụng đến dữ liệu nào. Cách viết: docs/scenarios.md\n\nVí dụ:\n  nhacviec scenario test/scenarios/files/17-xong-2711-nhap-3011.yaml\n  nhacviec scenario test/scenarios/files')
    .action(async (paths: string[], o: { json?: boolean }) => {
      const { scenarioCommand } = await import('./scenario.ts');
      if (!(await scenarioCommand(paths, o.json === true, out))) process.exitCode = 1;
    });

  projectionCommands(program, { out, data, reading, withRuntime });
  operatingCommands({ program, data, out, clock: wallClock });

  program.command('bench').description('đo tốc độ trên máy này').option('--short', 'bản rút gọn').option('--peer', 'đo cả emmett-sqlite, cùng một việc, xen kẽ (cài trước: npm --prefix bench/emmett ci)')
    .action(async (o: { short?: boolean; peer?: boolean }) => { await bench(o); });

  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE;
      return;
    }
    process.stderr.write(`${error instanceof Problem ? error.detail : error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,8}$/.test(text)) throw new Problem(400, 'option-invalid', 'Tham số sai', `${name}=“${text}”: cần một số nguyên không âm.`);
  return Number(text);
}

function defined<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: NonNullable<T[K]> };
}

function wallClock(): Clock {
  const now = process.env['NHACVIEC_NOW'];
  const at = now === undefined ? undefined : parseInstant(now);
  return at === undefined ? { now: () => Date.now() } : clockFrom(at);
}

/**
 * The log and what is folded from it at once, for writing beside a running program: it follows the log and builds the read models. A
 * rehearsal writes nothing, so it makes no folder and no file either.
 */
async function withImportLog(dataDir: string, rehearsal: boolean, work: (log: EventLog, reference: ReferenceData, now: number) => Promise<void>): Promise<void> {
  const { scaled, clock } = readSettings({ ...process.env, NHACVIEC_DATA: dataDir });
  const run = async (log: EventLog): Promise<void> => {
    const reference = new ReferenceData(log, loadAuthorities(dataDir));
    await reference.catchUp();
    await work(log, reference, Math.max(clock.now(), (await log.head()).recordedAt));
  };
  if (scaled) {
    const { connectServers } = await import('../../api/src/scaled/scaled-stores.ts');
    const servers = await connectServers({ dataDir: resolve(dataDir), clock, scaled });
    await run(servers.log).finally(() => servers.close());
    return;
  }
  const file = join(resolve(dataDir), LOG_FILE);
  if (!rehearsal) prepareFolder(resolve(dataDir));
  const stored = rehearsal && !existsSync(file) ? new MemoryEventLog({ clock }) : await openSqliteEventLog({ file, clock, readOnly: rehearsal });
  try {
    await run(await openUnderstood(stored, { marker: join(resolve(dataDir), UNDERSTOOD_FILE), remember: false }));
  } finally {
    await stored.close();
  }
}

/** For commands that only ask: beside a running program they read what it has built, and say how far that is. */
async function reading(dataDir: string, work: (runtime: Runtime) => Promise<void>): Promise<void> {
  try {
    await withRuntime(dataDir, work);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'data-folder-in-use') throw error;
    await withRuntime(dataDir, async (runtime) => {
      const [built, head] = [runtime.projector.lowest(), (await runtime.log.head()).position];
      process.stderr.write(`Chương trình đang chạy trên thư mục này; bảng dựng ${built === head ? 'đã kịp nhật ký' : `ở vị trí ${String(built)}, nhật ký ở ${String(head)}`}.\n`);
      await work(runtime);
    }, { readOnly: true });
  }
}

async function withRuntime(dataDir: string, work: (runtime: Runtime) => Promise<void>, how: { readOnly?: boolean; anew?: boolean } = {}): Promise<void> {
  const { scaled, clock } = readSettings({ ...process.env, NHACVIEC_DATA: dataDir });
  const runtime = await openRuntime({ dataDir: resolve(dataDir), clock, scaled, ...how });
  try {
    await work(runtime);
  } finally {
    await runtime.close();
  }
}

/** What a newcomer sees: the sentence, two rates, what is still open, the bullet of section II.4, the address. */
async function describeDemo(served: Served, theList: boolean): Promise<void> {
  const { runtime } = served;
  const dto = theList ? { unitId: 'thanh-tra-tinh', asOf: '2020-11-28' } : {};
  const point = await readPoint(dto, runtime);
  const question = readQuestion(dto, point, runtime);
  const answer = (await answerFigures(question, point, runtime)) as Figures;
  out(answer.sentence);
  for (const rate of answer.rates.filter(({ code }) => code === 'R2' || code === 'R3')) out(`${rate.code} ${rate.name}: ${String(rate.numerator)}/${String(rate.denominator)} (${rate.text})`);
  const open = runtime.columns.list(question.query, selecting({ by: 'cell', cells: ['O1'] }));
  for (const item of (await toItems(open.slice(0, theList ? 6 : 3), point, runtime)) as { code: string; content: string; dueOn: string; daysLeft: number; countsWorkingDays: boolean }[]) {
    out(`  ${item.code}  hạn ${dayVi(item.dueOn)}, còn ${String(item.daysLeft)} ngày${item.countsWorkingDays ? ' làm việc' : ''}  ${item.content.slice(0, 70)}`);
  }
  out(bullet(answer.sentence));
  out(await (await serving()).readyLine(served));
}
