import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Actor, EventLog } from '#event-log';
import { headingsKey, type Mapping, type MappingStore, type RawRecord } from '#imports';
import { isoInstant, Problem, type Clock, type Ids } from '#kernel';
import type { ReferenceData } from '../reference/reference-data.ts';
import type { ScaledUrls } from '../settings.ts';
import type { TaskService } from '../tasks/task-service.ts';
import { IMPORTS_FOLDER } from '../data-files.ts';
import { runWork } from './run-work.ts';
import { keptRows, type Chosen, type LivedOn, type Rehearsed, type SheetFormat, type Taken, type TakenSheet, type Work, type Worked } from './work.ts';

/** Kept so long from when they came in, and never more at once. */
export const KEPT_DAYS = 7;
const MOST_IMPORTS = 40;
const MOST_WAITING = 8;
const DAY_MS = 86_400_000;

export type Phase = 'taken' | 'rehearsed' | 'committed' | 'undone';
export type Doing = 'rehearse' | 'commit' | 'undo';

/** An import as it stands in its folder. */
export interface ImportState {
  readonly id: string;
  readonly name: string;
  readonly format: SheetFormat;
  readonly size: number;
  readonly unitId: string | null;
  readonly uploadedAt: string;
  readonly expiresAt: string;
  readonly phase: Phase;
  /** What is under way, or was when the program ended: it is taken up again. */
  readonly doing: Doing | null;
  readonly failure: { readonly doing: Doing; readonly code: string; readonly detail: string; readonly tasks?: readonly LivedOn[] } | null;
  readonly sheets: readonly (TakenSheet & { readonly remembered: Mapping | null })[];
  readonly date1904: boolean;
  readonly chosen: Chosen | null;
  readonly rehearsed: (Rehearsed & { readonly at: string; readonly position: string }) | null;
  readonly written: { readonly tasks: number; readonly events: number; readonly at: string; readonly position: string } | null;
  readonly undone: { readonly tasks: number; readonly events: number; readonly at: string; readonly position: string; readonly reason: string } | null;
  readonly reason: string | null;
  readonly actor: Actor;
}

/** A file that is read and not kept: its sheets, and the rows of each in their order. */
export interface UploadedList extends Taken {
  readonly rows: (sheet: number) => AsyncGenerator<RawRecord>;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
}

export interface ImportsOptions {
  readonly dataDir: string;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly reference: ReferenceData;
  readonly tasks: Pick<TaskService, 'now'>;
  readonly ids: Ids;
  openMappings(): Promise<MappingStore>;
  hold<T>(work: () => Promise<T>): Promise<T>;
  readonly threads: { readonly scaled: ScaledUrls | undefined } | undefined;
}

/** Lists on their way in. Each has a folder of its own, so that it is found again after a reload or a restart; work is done one piece after the other. */
export class Imports {
  readonly folder: string;
  private readonly options: ImportsOptions;
  private readonly progress = new Map<string, Progress>();
  private readonly stopping = new AbortController();
  private queue: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private mappings: Promise<MappingStore> | undefined;

  constructor(options: ImportsOptions) {
    this.options = options;
    this.folder = join(options.dataDir, IMPORTS_FOLDER);
  }

  /** Removes what was left half uploaded and what is too old; takes up what was under way. */
  async start(): Promise<void> {
    if (!existsSync(this.folder)) return;
    for (const name of await readdir(this.folder)) if (name.startsWith('upload-')) await rm(join(this.folder, name), { recursive: true, force: true });
    await this.sweep();
    for (const state of await this.list()) if (state.doing) this.begin(state.id, state.doing);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.queue.catch(() => undefined);
    await this.mappings?.then((store) => store.close(), () => undefined);
  }

  /** Latest first. */
  async list(): Promise<readonly ImportState[]> {
    if (!existsSync(this.folder)) return [];
    const states: ImportState[] = [];
    for (const id of await readdir(this.folder)) {
      const state = await this.read(id);
      if (state) states.push(state);
    }
    return states.sort((a, b) => (a.uploadedAt < b.uploadedAt || (a.uploadedAt === b.uploadedAt && a.id < b.id) ? 1 : -1));
  }

  /** @throws Problem 404 */
  async get(id: string): Promise<ImportState> {
    const state = /^[0-9a-f-]{36}$/.test(id) ? await this.read(id) : undefined;
    if (!state) throw new Problem(404, 'import-not-found', 'Không có lần nhập này', `Không có lần nhập mang mã “${id.slice(0, 80)}”; tệp tải lên chỉ được giữ ${String(KEPT_DAYS)} ngày.`);
    return state;
  }

  progressOf(id: string): Progress | null {
    return this.progress.get(id) ?? null;
  }

  dir(id: string): string {
    return join(this.folder, id);
  }

  /** Where an upload is written before anything is known of it. */
  async uploadPlace(name: string): Promise<string> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    return join(this.folder, `upload-${this.options.ids.next()}${/\.xlsx$/i.test(name) ? '.xlsx' : ''}`);
  }

  /** Takes an uploaded file in. @throws Problem 413, 422, 503; nothing of it is kept then. */
  async take(upload: string, { name, size, unitId, actor }: { readonly name: string; readonly size: number; readonly unitId: string | null; readonly actor: Actor }): Promise<ImportState> {
    const { ids, tasks } = this.options;
    const id = ids.next();
    const dir = this.dir(id);
    try {
      if (this.waiting >= MOST_WAITING) throw tooBusy();
      await this.sweep();
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const worked = await this.alone(id, { what: 'take', dir, upload });
      if (!worked.ok) throw fileProblem(worked);
      if (!('taken' in worked)) throw new Error('an upload was answered with something else');
      const { format, sheets, date1904 } = worked.taken;
      const now = await tasks.now();
      const recalled = await this.store();
      const remembered = await Promise.all(sheets.map(({ headings }) => recalled.recall(unitId ?? '', headingsKey(headings))));
      const state: ImportState = {
        id, name, format, size, unitId, uploadedAt: isoInstant(now), expiresAt: isoInstant(now + KEPT_DAYS * DAY_MS), phase: 'taken', doing: null, failure: null,
        sheets: sheets.map((sheet, n) => ({ ...sheet, remembered: remembered[n] ?? null })), date1904, chosen: null, rehearsed: null, written: null, undone: null, reason: null, actor,
      };
      await this.keep(state);
      return state;
    } catch (error) {
      await rm(dir, { recursive: true, force: true });
      throw error;
    } finally {
      await rm(upload, { force: true });
    }
  }

  /** Reads an uploaded list of something else than tasks, as guarded as one of tasks; nothing of it is kept. @throws Problem 413, 422, 503 */
  async readList<T>(upload: string, use: (list: UploadedList) => Promise<T>): Promise<T> {
    // Named so that the next start removes what an end of the program leaves of it.
    const dir = await this.uploadPlace('');
    try {
      if (this.waiting >= MOST_WAITING) throw tooBusy();
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const worked = await this.alone(null, { what: 'take', dir, upload });
      if (!worked.ok) throw fileProblem(worked);
      if (!('taken' in worked)) throw new Error('an upload was answered with something else');
      return await use({ ...worked.taken, rows: (sheet) => keptRows(dir, sheet) });
    } finally {
      await rm(dir, { recursive: true, force: true });
      await rm(upload, { force: true });
    }
  }

  /** Names the columns and rehearses. @throws Problem 409 once it is recorded, 422 for columns that cannot be. */
  async choose(id: string, chosen: Chosen): Promise<ImportState> {
    const state = await this.free(id, ['taken', 'rehearsed'], 'ghép cột');
    const sheet = state.sheets[chosen.sheet];
    if (!sheet || sheet.refusal) throw new Problem(422, 'sheet-unknown', 'Không đọc được trang', sheet?.refusal?.detail ?? `Sổ tính không có trang thứ ${String(chosen.sheet + 1)}.`, { errors: [{ pointer: '/sheet', code: 'sheet-unknown', detail: 'trang không có hoặc không đọc được', given: chosen.sheet }] });
    await (await this.store()).remember(state.unitId ?? '', headingsKey(sheet.headings), chosen.columns, isoInstant(this.options.clock.now()));
    const next: ImportState = { ...state, chosen, phase: 'taken', rehearsed: null, doing: 'rehearse', failure: null };
    await this.keep(next);
    this.begin(id, 'rehearse');
    return next;
  }

  /** Records what was accepted, all of it or nothing. A repeat finds it under way or done. */
  async commit(id: string, actor: Actor): Promise<ImportState> {
    const now = await this.get(id);
    if (now.phase === 'committed' || now.doing === 'commit') return now;
    const state = await this.free(id, ['rehearsed'], 'ghi');
    const next: ImportState = { ...state, doing: 'commit', failure: null, actor };
    await this.keep(next);
    this.begin(id, 'commit');
    return next;
  }

  /** Takes back what was recorded, with a reason, all of it or nothing. */
  async undo(id: string, actor: Actor, reason: string): Promise<ImportState> {
    const now = await this.get(id);
    if (now.phase === 'undone' || now.doing === 'undo') return now;
    const state = await this.free(id, ['committed'], 'hoàn tác');
    const next: ImportState = { ...state, doing: 'undo', failure: null, actor, reason };
    await this.keep(next);
    this.begin(id, 'undo');
    return next;
  }

  /** The list with what was found, written anew each time. */
  async corrected(id: string): Promise<{ readonly file: string; readonly name: string; readonly format: SheetFormat }> {
    const state = await this.get(id);
    if (!state.chosen || !state.rehearsed) throw new Problem(409, 'import-not-rehearsed', 'Chưa chạy thử', 'Chưa chạy thử danh sách này nên chưa có gì để tải về.');
    const file = join(this.dir(id), `corrected.${state.format}`);
    if (!existsSync(file)) {
      const worked = await this.alone(null, { what: 'corrected', ...listOf(state, this.dir(id), state.chosen), format: state.format, target: file });
      if (!worked.ok) throw fileProblem(worked);
    }
    return { file, name: `${state.name.replace(/\.[a-z]{1,5}$/i, '')}-da-xem.${state.format}`, format: state.format };
  }

  async remove(id: string): Promise<void> {
    const state = await this.get(id);
    if (state.doing) throw busy(state);
    await rm(this.dir(id), { recursive: true, force: true });
  }

  private async free(id: string, phases: readonly Phase[], what: string): Promise<ImportState> {
    const state = await this.get(id);
    if (state.doing) throw busy(state);
    if (!phases.includes(state.phase)) {
      const words: Readonly<Record<Phase, string>> = { taken: 'mới tải lên', rehearsed: 'đã chạy thử', committed: 'đã ghi', undone: 'đã hoàn tác' };
      throw new Problem(409, 'import-not-in-phase', 'Không hợp lệ ở bước này', `Lần nhập này ${words[state.phase]}, không ${what} được.`, { extra: { phase: state.phase } });
    }
    return state;
  }

  private begin(id: string, doing: Doing): void {
    this.progress.set(id, { done: 0, total: 0 });
    void this.run(id, doing).catch((error: unknown) => {
      if (!this.stopping.signal.aborted) process.stderr.write(`import ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    });
  }

  private async run(id: string, doing: Doing): Promise<void> {
    const state = await this.get(id);
    const dir = this.dir(id);
    const list = listOf(state, dir, state.chosen!);
    const work: Work =
      doing === 'rehearse' ? { what: 'rehearse', ...list }
      : doing === 'commit' ? { what: 'commit', ...list, importId: id, actor: state.actor }
      : { what: 'undo', dir, importId: id, actor: state.actor, reason: state.reason ?? '' };
    if (doing === 'rehearse') await rm(join(dir, `corrected.${state.format}`), { force: true });
    let worked: Worked;
    try {
      worked = await this.alone(id, work);
    } catch (error) {
      if (this.stopping.signal.aborted) return;
      await this.keep({ ...state, doing: null, failure: { doing, code: 'internal-error', detail: 'Đã có lỗi không lường trước; hãy thử lại.' } });
      throw error;
    } finally {
      this.progress.delete(id);
    }
    const at = isoInstant(await this.options.tasks.now());
    const position = String((await this.options.log.head()).position);
    const idle = { ...state, doing: null, failure: null };
    if (!worked.ok) await this.keep({ ...idle, failure: { doing, code: worked.code, detail: worked.detail, ...(worked.livedOn && { tasks: worked.livedOn }) } });
    else if ('rehearsed' in worked) await this.keep({ ...idle, phase: 'rehearsed', rehearsed: { ...worked.rehearsed, at, position } });
    else if ('written' in worked) await this.keep({ ...idle, phase: 'committed', written: { ...worked.written, at, position } });
    else if ('undone' in worked) await this.keep({ ...idle, phase: 'undone', undone: { ...worked.undone, at, position, reason: state.reason ?? '' } });
  }

  /** One piece of work after the other: the machine is there for those who work with it. */
  private alone(id: string | null, work: Work): Promise<Worked> {
    const { dataDir, log, clock, reference, threads } = this.options;
    const hold = <T>(held: () => Promise<T>): Promise<T> => this.options.hold(held);
    this.waiting += 1;
    const run = (): Promise<Worked> => {
      this.stopping.signal.throwIfAborted();
      return runWork(work, { dataDir, log, clock, authorities: reference.authorities, threads, hold, signal: this.stopping.signal, onProgress: (done, total) => { if (id !== null) this.progress.set(id, { done, total }); } });
    };
    const worked = this.queue.catch(() => undefined).then(run);
    this.queue = worked.catch(() => undefined);
    return worked.finally(() => { this.waiting -= 1; });
  }

  private store(): Promise<MappingStore> {
    return (this.mappings ??= this.options.openMappings().catch((error: unknown) => {
      this.mappings = undefined;
      throw error;
    }));
  }

  private async read(id: string): Promise<ImportState | undefined> {
    try {
      return JSON.parse(await readFile(join(this.dir(id), 'state.json'), 'utf8')) as ImportState;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    }
  }

  private async keep(state: ImportState): Promise<void> {
    const file = join(this.dir(state.id), 'state.json');
    await writeFile(`${file}.part`, JSON.stringify(state), { mode: 0o600 });
    await rename(`${file}.part`, file);
  }

  /** By the age of what is on disk: a simulated clock does not make a file old. */
  private async sweep(): Promise<void> {
    if (!existsSync(this.folder)) return;
    const found: { readonly id: string; readonly at: number }[] = [];
    for (const id of await readdir(this.folder)) {
      const state = await stat(join(this.dir(id), 'state.json')).catch(() => undefined);
      if (state) found.push({ id, at: state.mtimeMs });
    }
    found.sort((a, b) => b.at - a.at);
    for (const [n, { id, at }] of found.entries()) {
      if ((n < MOST_IMPORTS && Date.now() - at < KEPT_DAYS * DAY_MS) || (await this.read(id))?.doing) continue;
      await rm(this.dir(id), { recursive: true, force: true });
    }
  }
}

const listOf = (state: ImportState, dir: string, chosen: Chosen) => ({ dir, fileName: state.name, chosen, date1904: state.date1904 });

const tooBusy = (): Problem => new Problem(503, 'imports-busy', 'Đang bận', 'Đang có nhiều tệp chờ đọc; hãy tải lại sau ít phút.');
const busy = ({ doing }: ImportState): Problem => new Problem(409, 'import-under-way', 'Đang làm', `Lần nhập này đang được ${doing === 'rehearse' ? 'chạy thử' : doing === 'commit' ? 'ghi' : 'hoàn tác'}; hãy đợi xong.`, { extra: { doing } });

const TOO_MUCH: ReadonlySet<string> = new Set(['file-too-large', 'xlsx-bomb', 'xlsx-too-big', 'xlsx-too-many-parts', 'xlsx-too-many-rows', 'xlsx-too-many-columns', 'xlsx-too-many-merges', 'cell-too-long', 'csv-too-many-cells', 'file-too-slow', 'file-too-heavy']);

/** What is too much is 413, what cannot be read 422. */
export function fileProblem({ code, detail, extra }: Extract<Worked, { ok: false }>): Problem {
  const status = TOO_MUCH.has(code) ? 413 : 422;
  return new Problem(status, code, status === 413 ? 'Tệp quá lớn' : 'Không đọc được tệp', detail, { errors: [{ pointer: '/file', code, detail }], ...(extra === undefined ? {} : { extra }) });
}
