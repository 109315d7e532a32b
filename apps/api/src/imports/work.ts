import { randomUUID } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import type { Actor, EventLog, NewEvent, StreamAppend } from '#event-log';
import { schemaOf, type JsonObject } from '#event-log';
import {
  COLUMN_KEYS, guessHeader, hasMark, isHeader, planRecord, readCsvRecords, secretRecords, tableByMapping, taskReading, typedCells, writeCsv,
  type FileRefusal, type ImportCounts, type Mapping, type RawRecord, type ReadRecord, type RecordPlan, type RowProblem, type Table, type TaskReading,
} from '#imports';
import { isOldXls, isZip } from '#imports/xlsx/sheet-file';
import { openXlsx } from '#imports/xlsx/read-xlsx';
import { writeXlsx } from '#imports/xlsx/write-xlsx';
import { dayOf, derivedId, type Clock, type Instant } from '#kernel';
import { decide, fold, TASK_EVENT_SCHEMAS, taskIdOf, taskStream, toFact, type AuthorityNames, type TaskCommand, type TaskFact } from '#tasks';
import { ReferenceData } from '../reference/reference-data.ts';
import { Turns } from '../turns.ts';
import { IMPORT_TAG, UNDO_TAG, undoneWithImport } from './undone.ts';

export type SheetFormat = 'csv' | 'xlsx';

/** A sheet as it came in: what its rows are is asked of a person, with this as help. */
export interface TakenSheet {
  readonly name: string;
  readonly hidden: boolean;
  readonly rows: number;
  /** The row, from 0, that looks like the header, and what its headings seem to name. */
  readonly header: number;
  readonly headings: readonly string[];
  readonly guessed: Mapping;
  /** Some rows under the header, shortened. */
  readonly sample: readonly (readonly string[])[];
  /** The sheet cannot be read; the others can. */
  readonly refusal?: { readonly code: string; readonly detail: string };
}

export interface Taken {
  readonly format: SheetFormat;
  readonly sheets: readonly TakenSheet[];
  readonly date1904: boolean;
}

/** Which sheet, which row is its header, and which column is what. */
export interface Chosen {
  readonly sheet: number;
  readonly header: number;
  readonly columns: Mapping;
}

export interface ListToRead {
  readonly dir: string;
  readonly fileName: string;
  readonly chosen: Chosen;
  readonly date1904: boolean;
}

export type Work =
  | { readonly what: 'take'; readonly dir: string; readonly upload: string }
  | ({ readonly what: 'rehearse' } & ListToRead)
  | ({ readonly what: 'commit'; readonly importId: string; readonly actor: Actor } & ListToRead)
  | { readonly what: 'undo'; readonly dir: string; readonly importId: string; readonly actor: Actor; readonly reason: string }
  | ({ readonly what: 'corrected'; readonly format: SheetFormat; readonly target: string } & ListToRead);

export interface Rehearsed {
  readonly counts: ImportCounts & { readonly secret: number; readonly tasks: number };
  readonly notices: readonly string[];
}
export interface LivedOn {
  readonly taskId: string;
  readonly code: string;
  readonly detail: string;
}
export type Worked =
  | { readonly ok: true; readonly taken: Taken }
  | { readonly ok: true; readonly rehearsed: Rehearsed }
  | { readonly ok: true; readonly written: { readonly tasks: number; readonly events: number } }
  | { readonly ok: true; readonly undone: { readonly tasks: number; readonly events: number } }
  | { readonly ok: true; readonly corrected: true }
  | { readonly ok: false; readonly code: string; readonly detail: string; readonly extra?: Readonly<Record<string, unknown>>; readonly livedOn?: readonly LivedOn[] };

/** What work needs of the program around it. */
export interface Workplace {
  readonly log: EventLog;
  readonly clock: Clock;
  /** Who gives tasks; the five of every province where it is left out. */
  readonly authorities?: AuthorityNames;
  readonly progress: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Those of the streams that the log has, where it can say so for many at once. */
  readonly existing?: (streams: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Nobody else of this program writes to the log meanwhile. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
}

const refused = ({ code, detail, extra }: Omit<FileRefusal, 'ok'>): Extract<Worked, { ok: false }> => ({ ok: false, code, detail, ...(extra && { extra }) });

export async function doWork(work: Work, place: Workplace): Promise<Worked> {
  switch (work.what) {
    case 'take':
      return take(work.dir, work.upload, place);
    case 'rehearse':
      return rehearse(work, place);
    case 'commit':
      return commit(work, place);
    case 'undo':
      return undo(work, place);
    case 'corrected':
      return corrected(work, place);
  }
}

/** Gives other work its turn, and tells how far this is. */
class Pace {
  private readonly turns = new Turns();
  private told = 0;
  private readonly place: Workplace;
  private readonly total: number;
  constructor(place: Workplace, total: number) {
    this.place = place;
    this.total = total;
    place.progress(0, total);
  }

  async step(done: number): Promise<void> {
    if (!this.turns.over) return;
    if (this.place.signal?.aborted) throw new Error('called off');
    const now = performance.now();
    if (now - this.told > 100) {
      this.told = now;
      this.place.progress(done, this.total);
    }
    await this.turns.next();
  }

  end(): void {
    this.place.progress(this.total, this.total);
  }
}

// Taking a file in -----------------------------------------------------------------------------------------------------------------------------

/**
 * Turns an uploaded file into rows, a line each, and removes it: of rows with a secrecy mark nothing but their place is kept. Each sheet becomes
 * `sheet-<n>.jsonl`.
 */
async function take(dir: string, upload: string, place: Workplace): Promise<Worked> {
  try {
    const { size } = await stat(upload);
    const head = Buffer.alloc(64);
    const handle = await open(upload, 'r');
    await handle.read(head, 0, 64, 0).finally(() => handle.close());
    if (!isZip(head) && !isOldXls(head) && !/\.xlsx$/i.test(upload)) {
      const csv = readCsvRecords(await readFile(upload));
      if (!csv.ok) return refused(csv);
      const sheet = await keep(dir, 0, 'CSV', false, csv.records, false, place);
      return { ok: true, taken: { format: 'csv', sheets: [sheet], date1904: false } };
    }
    const book = await openXlsx(upload, size, head.subarray(0, Math.min(64, size)));
    if (!book.ok) return refused(book);
    try {
      const sheets: TakenSheet[] = [];
      let refusal: FileRefusal | undefined;
      for (const [n, { name, hidden }] of book.sheets.entries()) {
        const records = await book.records(n);
        if ('ok' in records) {
          // What could be meant as an attack ends the whole file; an empty sheet is no trouble.
          if (records.code !== 'file-empty' && records.code !== 'xlsx-too-many-columns') return refused(records);
          refusal ??= records;
          sheets.push({ name, hidden, rows: 0, header: 0, headings: [], guessed: {}, sample: [], refusal: { code: records.code, detail: records.detail } });
        } else sheets.push(await keep(dir, n, name, hidden, records, book.date1904, place));
      }
      if (refusal && sheets.every((sheet) => sheet.refusal)) return refused(refusal);
      return { ok: true, taken: { format: 'xlsx', sheets, date1904: book.date1904 } };
    } finally {
      book.close();
    }
  } finally {
    await rm(upload, { force: true });
  }
}

type Kept = readonly [line: number, record: number, cells: readonly string[] | null, formulas?: readonly number[], numbers?: readonly number[]];

async function keep(dir: string, n: number, name: string, hidden: boolean, records: readonly RawRecord[], date1904: boolean, place: Workplace): Promise<TakenSheet> {
  const { header, mapping } = guessHeader(records);
  const secret = secretRecords(records, { number: mapping.number ?? -1, documentDate: mapping.documentDate ?? -1 });
  await writeLines(join(dir, `sheet-${String(n)}.jsonl`), records, (raw) => keptLine(raw, secret.has(raw)), place);
  const at = Object.fromEntries(COLUMN_KEYS.map((key) => [key, mapping[key] ?? -1])) as Table['at'];
  const shown = (cells: readonly string[]): string[] => cells.slice(0, 60).map((cell) => cell.slice(0, 120));
  return {
    name: hasMark([name]) ? `Trang ${String(n + 1)}` : name, hidden, rows: Math.max(0, records.length - header - 1), header,
    headings: secret.has(records[header]!) ? [] : shown(records[header]?.cells ?? []), guessed: mapping,
    sample: records.slice(header + 1, header + 4).filter((raw) => !secret.has(raw)).map((raw) => shown(typedCells(raw, { at, date1904 }))),
  };
}

const keptLine = (raw: RawRecord, secret: boolean): string => {
  const { line, record, cells, formulas, numbers } = raw;
  const kept: Kept = secret ? [line, record, null] : [line, record, cells, formulas ?? [], numbers ?? []];
  return `${JSON.stringify(kept)}\n`;
};

async function writeLines<T>(file: string, items: readonly T[], line: (item: T) => string, place: Workplace): Promise<void> {
  const part = `${file}.part`;
  const pace = new Pace(place, items.length);
  const pieces = async function* (): AsyncGenerator<string> {
    let piece = '';
    for (const [n, item] of items.entries()) {
      piece += line(item);
      if (piece.length > 128 * 1024) {
        yield piece;
        piece = '';
        await pace.step(n);
      }
    }
    yield piece;
  };
  await pipeline(Readable.from(pieces(), { objectMode: false }), createWriteStream(part, { mode: 0o600 }));
  await rename(part, file);
}

async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  const handle = await open(file, 'r');
  try {
    for await (const chunk of handle.createReadStream({ highWaterMark: 256 * 1024, autoClose: false }) as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    if (rest !== '') yield rest;
  } finally {
    await handle.close();
  }
}

/** The rows of a sheet that was taken in, as they were kept. */
export async function* keptRows(dir: string, sheet: number): AsyncGenerator<RawRecord> {
  for await (const line of linesOf(join(dir, `sheet-${String(sheet)}.jsonl`))) {
    const [at, record, cells, formulas = [], numbers = []] = JSON.parse(line) as Kept;
    yield { record, line: at, cells: cells ?? [], ...(cells === null && { secret: true as const }), ...(formulas.length > 0 && { formulas }), ...(numbers.length > 0 && { numbers }) };
  }
}

/** The rows of the chosen sheet under the columns as chosen. */
async function tableOf({ dir, chosen, date1904 }: ListToRead, place: Workplace): Promise<Table | FileRefusal> {
  const raw: RawRecord[] = [];
  const pace = new Pace(place, 0);
  for await (const row of keptRows(dir, chosen.sheet)) {
    raw.push(row);
    if (raw.length % 64 === 0) await pace.step(0);
  }
  const table = tableByMapping(raw, chosen.header, chosen.columns);
  return table.ok ? { ...table, date1904 } : table;
}

interface Read {
  readonly table: Table;
  readonly reading: TaskReading;
  /** Every row with what comes of it, in the order of the list. */
  planned(): AsyncGenerator<{ readonly record: ReadRecord; readonly plan: RecordPlan }>;
}

/** Rows whose tasks are looked for in one question. */
const TOGETHER = 256;

/** The reading of a list against the log as it is: the same code as the command line's import. */
async function readList(work: ListToRead, place: Workplace, tagged?: { readonly actor: Actor; readonly importId: string }): Promise<Read | Extract<Worked, { ok: false }>> {
  const { log, clock } = place;
  const table = await tableOf(work, place);
  if (!table.ok) return refused(table);
  const reference = new ReferenceData(log, place.authorities);
  await reference.catchUp();
  const now = Math.max(clock.now(), (await log.head()).recordedAt);
  const reading = taskReading(table, { now, units: reference.directory, formerUnits: reference.everyUnit, calendar: reference.calendar, policy: reference.settings().fixedDatePolicy, authorities: reference.authorities, createUnits: false, fileName: work.fileName });
  if ('refusal' in reading) return { ok: false, ...reading.refusal };
  const actor = tagged?.actor ?? { id: 'office', role: 'office' as const };
  const absent = new Set<string>();
  const options = {
    load: async (taskId: string): Promise<readonly TaskFact[]> => absent.has(taskId) ? [] : (await log.readStream(taskStream(taskId))).map(toFact), now, actor, undone: (taskId: string) => undoneWithImport(log, taskId),
    has: async (taskId: string): Promise<boolean> => !absent.has(taskId) && (await log.readStream(taskStream(taskId), { limit: 1 })).length > 0,
    ...(tagged && { tags: { [IMPORT_TAG]: tagged.importId } }),
  };
  async function* planned(): ReturnType<Read['planned']> {
    let batch: ReadRecord[] = [];
    async function* flush(): ReturnType<Read['planned']> {
      absent.clear();
      if (place.existing) {
        const ids = batch.flatMap(({ row, sealed }) => [...(row ? [row.taskId] : []), ...(sealed === undefined ? [] : [sealed])]);
        const found = await place.existing(ids.map(taskStream));
        for (const id of ids) if (!found.has(taskStream(id))) absent.add(id);
      }
      for (const record of batch) yield { record, plan: await planRecord(record, options) };
      batch = [];
    }
    for (const record of (reading as TaskReading).records()) {
      batch.push(record);
      if (batch.length >= TOGETHER) yield* flush();
    }
    yield* flush();
  }
  return { table, reading, planned };
}

// Rehearsal ------------------------------------------------------------------------------------------------------------------------------------

/** What is told of a row. */
export interface RowResult {
  readonly record: number;
  readonly line: number;
  readonly label: string;
  readonly outcome: RecordPlan['outcome'];
  readonly warned: boolean;
  readonly secret: boolean;
  readonly taskId: string | null;
  readonly documentNumber: string | null;
  readonly content: string | null;
  readonly messages: readonly { readonly severity: RowProblem['severity']; readonly column: string; readonly code: string; readonly message: string; readonly given: string; readonly expected?: string }[];
}

/** Groups in which rows can be looked at. */
export const ROW_GROUPS = ['all', 'refused', 'warned', 'contradiction', 'new', 'extended', 'unchanged', 'skipped'] as const;
export type RowGroup = (typeof ROW_GROUPS)[number];

const groupsOf = (row: RowResult): RowGroup[] => ['all', row.outcome, ...(row.warned && row.outcome !== 'refused' ? (['warned'] as const) : [])];

function resultOf(record: ReadRecord, plan: RecordPlan): RowResult {
  const untouched = plan.outcome === 'unchanged' && record.sealed !== undefined;
  const problems = untouched ? [] : record.problems;
  return {
    record: record.record, line: record.line, label: record.label, outcome: plan.outcome, secret: record.secret, taskId: plan.taskId ?? null,
    warned: plan.outcome !== 'contradiction' && (problems.some(({ severity }) => severity === 'warning') || plan.remarks.length > 0),
    documentNumber: record.row?.documentNumber ?? null, content: record.row === undefined ? null : record.row.content.slice(0, 160),
    messages: [
      ...problems.map(({ severity, column, code, message, given, expected }) => ({ severity, column, code, message, given: given.slice(0, 200), ...(expected !== undefined && { expected: expected.slice(0, 200) }) })),
      ...plan.remarks.map(({ code, message }) => ({ severity: plan.outcome === 'contradiction' ? ('refuse' as const) : ('warning' as const), column: '', code, message, given: '' })),
    ],
  };
}

/** Rows, and for each group where its rows stand in the file: any page of any group is found without reading the rest. */
class ResultFile {
  private readonly handle: FileHandle;
  private readonly dir: string;
  private readonly places = new Map<RowGroup, number[]>(ROW_GROUPS.map((group) => [group, []]));
  private at = 0;
  private piece = '';
  private constructor(dir: string, handle: FileHandle) {
    this.dir = dir;
    this.handle = handle;
  }

  static async begin(dir: string): Promise<ResultFile> {
    return new ResultFile(dir, await open(join(dir, 'rows.part'), 'w', 0o600));
  }

  async add(row: RowResult): Promise<void> {
    const line = `${JSON.stringify(row)}\n`;
    for (const group of groupsOf(row)) this.places.get(group)!.push(this.at);
    this.at += Buffer.byteLength(line);
    this.piece += line;
    if (this.piece.length > 128 * 1024) await this.flush();
  }

  async end(): Promise<void> {
    await this.flush();
    await this.handle.close();
    for (const [group, places] of this.places) await writeFile(join(this.dir, `rows-${group}.idx`), Buffer.from(new Float64Array(places).buffer), { mode: 0o600 });
    await rename(join(this.dir, 'rows.part'), join(this.dir, 'rows.jsonl'));
  }

  private async flush(): Promise<void> {
    await this.handle.appendFile(this.piece);
    this.piece = '';
  }
}

/** A page of the rows of a group. */
export async function readRows(dir: string, group: RowGroup, offset: number, limit: number): Promise<{ readonly total: number; readonly items: readonly RowResult[] }> {
  const index = await readFile(join(dir, `rows-${group}.idx`));
  const places = new Float64Array(index.buffer.slice(index.byteOffset, index.byteOffset + index.byteLength));
  const handle = await open(join(dir, 'rows.jsonl'), 'r');
  try {
    const items: RowResult[] = [];
    for (const place of places.subarray(offset, offset + limit)) {
      for (let size = 4_096; ; size *= 8) {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, place);
        const end = buffer.subarray(0, bytesRead).indexOf(10);
        if (end < 0 && bytesRead === size) continue;
        items.push(JSON.parse(buffer.toString('utf8', 0, end < 0 ? bytesRead : end)) as RowResult);
        break;
      }
    }
    return { total: places.length, items };
  } finally {
    await handle.close();
  }
}

async function rehearse(work: ListToRead, place: Workplace): Promise<Worked> {
  const read = await readList(work, place);
  if ('ok' in read) return read;
  const { reading } = read;
  const pace = new Pace(place, reading.length);
  const file = await ResultFile.begin(work.dir);
  const counts = { accepted: 0, warned: 0, refused: 0, skipped: 0, new: 0, unchanged: 0, extended: 0, contradictions: 0, events: 0 };
  let done = 0;
  for await (const { record, plan } of read.planned()) {
    const row = resultOf(record, plan);
    counts.events += plan.append?.events.length ?? 0;
    if (row.outcome === 'refused' || row.outcome === 'skipped') counts[row.outcome]++;
    else {
      counts[row.messages.some(({ severity }) => severity === 'warning') ? 'warned' : 'accepted']++;
      if (row.outcome === 'contradiction') counts.contradictions++;
      else counts[row.outcome]++;
    }
    await file.add(row);
    done++;
    if (done % 8 === 0) await pace.step(done);
  }
  await file.end();
  const { counts: { secret, tasks }, notices } = reading.close();
  pace.end();
  return { ok: true, rehearsed: { counts: { ...counts, secret, tasks }, notices } };
}

// The corrected file ---------------------------------------------------------------------------------------------------------------------------

const OURS_TITLES = ['Dòng trong tệp', 'Kết quả', 'Thông báo'] as const;
const OUTCOME_WORDS: Readonly<Record<RecordPlan['outcome'], string>> = { new: 'Việc mới', unchanged: 'Không đổi', extended: 'Thêm sự kiện', contradiction: 'Trái với nhật ký', refused: 'Từ chối', skipped: 'Bỏ qua' };

/** The list as it came, with what was found in columns before it: put right and imported again as it is. Of secret rows only the number stands there. */
async function corrected({ format, target, ...work }: ListToRead & { readonly format: SheetFormat; readonly target: string }, place: Workplace): Promise<Worked> {
  const table = await tableOf(work, place);
  if (!table.ok) return refused(table);
  const raw = new Map(table.records.map((one) => [one.record, one]));
  const days = new Set(COLUMN_KEYS.filter((key) => ['documentDate', 'assignedOn', 'due', 'extendedTo', 'completedOn', 'effective', 'confirmedOn'].includes(key)).map((key) => table.at[key]));
  const columns = [
    { title: OURS_TITLES[0], kind: 'number' as const, width: 8 }, { title: OURS_TITLES[1], width: 14 }, { title: OURS_TITLES[2], width: 60 },
    ...table.header.cells.map((title, n) => ({ title, width: n === table.at.content ? 60 : 18, ...(days.has(n) && { kind: 'day' as const }) })),
  ];
  const asDay = (cell: string): string => cell.replace(/^(\d\d)\/(\d\d)\/(\d{4})$/, '$3-$2-$1');
  const rows = async function* (): AsyncGenerator<(string | number)[]> {
    const pace = new Pace(place, table.records.length);
    let done = 0;
    for await (const line of linesOf(join(work.dir, 'rows.jsonl'))) {
      const row = JSON.parse(line) as RowResult;
      const found = raw.get(row.record);
      if (found) {
        const cells = row.secret ? [] : typedCells(found, table).map((cell, n) => (days.has(n) ? asDay(cell) : cell));
        // Empty rows, repeated headings and totals stay what they are: they end merged blocks.
        const said = row.outcome !== 'skipped' ? [row.line, OUTCOME_WORDS[row.outcome], row.messages.map(({ message }) => message).join(' ')] : isHeader(found.cells) ? OURS_TITLES : ['', '', ''];
        yield [...said, ...cells];
      }
      if (++done % 16 === 0) await pace.step(done);
    }
  };
  const sheet = { name: 'Danh sách', heading: work.fileName, columns, rows: rows() };
  await pipeline(Readable.from(format === 'xlsx' ? writeXlsx(sheet) : writeCsv(sheet)), createWriteStream(`${target}.part`, { mode: 0o600 }));
  await rename(`${target}.part`, target);
  return { ok: true, corrected: true };
}

// Recording and undoing ------------------------------------------------------------------------------------------------------------------------

const TRIES = 3;
/** What is about to be written, a stream a line, kept before the first of it is: whoever comes after a kill writes just that, and undoing knows it. */
const intentFile = (dir: string, kind: 'commit' | 'undo'): string => join(dir, `${kind}.jsonl`);

async function intended(dir: string, kind: 'commit' | 'undo'): Promise<StreamAppend[]> {
  const appends: StreamAppend[] = [];
  if (existsSync(intentFile(dir, kind))) for await (const line of linesOf(intentFile(dir, kind))) appends.push(JSON.parse(line) as StreamAppend);
  return appends;
}

async function commit(work: ListToRead & { readonly importId: string; readonly actor: Actor }, place: Workplace): Promise<Worked> {
  const { log } = place;
  await mkdir(work.dir, { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt++) {
    const appends = await intended(work.dir, 'commit');
    if (!some(appends)) {
      const read = await readList(work, place, work);
      if ('ok' in read) return read;
      const pace = new Pace(place, read.reading.length);
      let done = 0;
      for await (const { plan: { append } } of read.planned()) {
        if (append) appends.push(append);
        if (++done % 8 === 0) await pace.step(done);
      }
      if (!some(appends)) return { ok: true, written: { tasks: 0, events: 0 } };
      await writeLines(intentFile(work.dir, 'commit'), appends, (append) => `${JSON.stringify(append)}\n`, place);
    }
    const result = await place.exclusive(() => log.appendMany(appends));
    if (result.ok) return { ok: true, written: tally(appends) };
    // Over a network some of it may stand: it is known by its ids, so what stands is kept in mind and the rest is decided anew.
    const standing = await standingOf(appends, log);
    await rm(intentFile(work.dir, 'commit'));
    if (standing.length > 0) await writeLines(join(work.dir, `commit-${randomUUID()}.jsonl`), standing, (append) => `${JSON.stringify(append)}\n`, place);
    if (attempt === TRIES) return { ok: false, code: 'concurrent-change', detail: 'Có người vừa ghi vào các việc của danh sách này; chưa ghi gì. Hãy chạy thử lại rồi ghi.' };
  }
}

const some = (appends: readonly StreamAppend[]): boolean => appends.length > 0;
const tally = (appends: readonly StreamAppend[]): { tasks: number; events: number } => ({ tasks: appends.length, events: appends.reduce((n, { events }) => n + events.length, 0) });

async function standingOf(appends: readonly StreamAppend[], log: EventLog): Promise<StreamAppend[]> {
  const standing: StreamAppend[] = [];
  for (const append of appends) {
    const ids = new Set((await log.readStream(append.stream)).map(({ id }) => id));
    if (append.events.every(({ id }) => ids.has(id))) standing.push(append);
  }
  return standing;
}

/**
 * Takes back what an import recorded, all of it or nothing: a task it made is voided, facts it added to a task are annulled, with a reason and by
 * events. A task to which anything has happened since is named, and then nothing is taken back.
 */
async function undo({ dir, importId, actor, reason }: Extract<Work, { what: 'undo' }>, place: Workplace): Promise<Worked> {
  const { log, clock } = place;
  for (let attempt = 1; ; attempt++) {
    const appends = await intended(dir, 'undo');
    if (!some(appends)) {
      const imported = await intended(dir, 'commit');
      const now = Math.max(clock.now(), (await log.head()).recordedAt);
      const livedOn: LivedOn[] = [];
      const pace = new Pace(place, imported.length);
      for (const [n, append] of imported.entries()) {
        const back = takenBack(append, (await log.readStream(append.stream)).map(toFact), { now, actor, importId, reason });
        if ('detail' in back) livedOn.push(back);
        else appends.push(back);
        if (n % 4 === 0) await pace.step(n);
      }
      if (livedOn.length > 0) {
        return { ok: false, code: 'tasks-lived-on', detail: `${String(livedOn.length)} việc đã có ghi nhận khác từ khi nhập nên không hoàn tác được; chưa hủy gì.`, livedOn: livedOn.slice(0, 100), extra: { total: livedOn.length } };
      }
      if (!some(appends)) return { ok: true, undone: { tasks: 0, events: 0 } };
      await writeLines(intentFile(dir, 'undo'), appends, (append) => `${JSON.stringify(append)}\n`, place);
    }
    const result = await place.exclusive(() => log.appendMany(appends));
    if (result.ok) return { ok: true, undone: tally(appends) };
    await rm(intentFile(dir, 'undo'));
    if (attempt === TRIES) return { ok: false, code: 'concurrent-change', detail: 'Có người vừa ghi vào các việc của lần nhập này; chưa hủy gì. Hãy thử lại.' };
  }
}

function takenBack(append: StreamAppend, facts: readonly TaskFact[], by: { readonly now: Instant; readonly actor: Actor; readonly importId: string; readonly reason: string }): StreamAppend | LivedOn {
  const taskId = taskIdOf(append.stream);
  const ids = new Set(append.events.map(({ id }) => id));
  const mine = facts.filter(({ eventId }) => ids.has(eventId));
  const last = mine.at(-1);
  if (!last) return { taskId, code: 'not-there', detail: 'không còn thấy sự kiện của lần nhập này' };
  // That a deadline passed is evidence the program writes by itself; nobody has done anything.
  const since = facts.find(({ revision, type }) => revision > last.revision && type !== 'TaskBecameOverdue');
  if (since) return { taskId, code: 'lived-on', detail: since.type };
  const time = { occurredAt: by.now, byDay: false } as const;
  const commands: TaskCommand[] = append.expectedRevision === -1
    ? [{ type: 'VoidTask', reason: by.reason, ...time }]
    : [...mine].reverse().map(({ eventId }): TaskCommand => ({ type: 'AnnulFact', eventId, reason: by.reason, ...time }));
  const events: NewEvent[] = [];
  const told = [...facts];
  for (const command of commands) {
    const decision = decide(command, fold(told), { now: by.now, assignWithoutReasonFrom: dayOf(by.now) });
    if (!decision.ok) return { taskId, code: decision.rejection.code, detail: decision.rejection.detail };
    for (const event of decision.events) {
      const id = derivedId('undo', by.importId, taskId, String(events.length));
      events.push({ id, type: event.type, schema: schemaOf(TASK_EVENT_SCHEMAS, event.type), data: event.data as unknown as JsonObject, occurredAt: event.occurredAt, metadata: { actor: by.actor, [UNDO_TAG]: by.importId } });
      told.push({ ...event, eventId: id, revision: told.length, position: 0n, recordedAt: by.now });
    }
  }
  return { stream: append.stream, expectedRevision: facts.at(-1)!.revision, events };
}
