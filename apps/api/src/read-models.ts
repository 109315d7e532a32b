import { setTimeout as sleep } from 'node:timers/promises';
import { AuditColumns, type AuditTrail } from '#audit-trail';
import { FiguresInMemory, type BeliefsSource, type FigureTasks } from '#figures';
import type { EventLog, Position } from '#event-log';
import { Problem, type Clock, type Instant } from '#kernel';
import { readStored, statusOf, type Build, type ChangeListener, type ParkedStream, type Progress, type ProjectionStatus } from '#projections';
import type { ReminderLedger } from '#reminders';
import type { TaskBoard } from '#task-board';

/** Who keeps the read models up to date: a `Projector` of this thread, or one elsewhere. */
export interface ProjectorControl {
  catchUp(onProgress?: Progress): Promise<void>;
  start(): void;
  /** Somebody waits. */
  hurry(): void;
  /** Its commits are made in another process, and are not told to listeners here. */
  readonly elsewhere?: true;
  rebuild(name?: string, onProgress?: Progress): Promise<void>;
  drop(): Promise<readonly Build[]>;
  status(): Promise<readonly ProjectionStatus[]>;
  retry(projection: string, stream: string): Promise<ParkedStream | undefined>;
  onChange(listener: ChangeListener): void;
  stop(): Promise<void>;
}

/** A store's side for questions: sees commits, and never the middle of a batch. */
export interface ReadModelReader {
  builds(): Promise<readonly Build[]>;
  parked(): Promise<readonly ParkedStream[]>;
  board(build: Build): TaskBoard;
  figures(build: Build): FigureTasks & BeliefsSource;
  auditTrail(build: Build): AuditTrail;
  ledger(build: Build): ReminderLedger;
  /** Every table of the builds that serve, in a fixed order, a row a line. */
  dump(): AsyncIterable<string>;
  close(): Promise<void>;
}

export interface ReadModelsOptions {
  readonly reader: ReadModelReader;
  /** Missing where this process only reads. */
  readonly projector: ProjectorControl | undefined;
  readonly log: EventLog;
  readonly clock: Clock;
  /** What questions read beside the read models. */
  readonly reference: { catchUp(): Promise<void> };
}

interface Served {
  readonly key: string;
  readonly board: TaskBoard;
  readonly figureTasks: FigureTasks & BeliefsSource;
  readonly memory: FiguresInMemory;
  followed: Position;
}

/** The trail of one build: read when somebody first asks about it, and followed from question to question. */
interface ServedTrail {
  readonly key: string;
  readonly trail: AuditTrail;
  readonly columns: AuditColumns;
  followed: Position;
  /** One reading at a time. */
  reading: Promise<void>;
}

/** How often to look by itself, for what another process commits; and while somebody waits for that. */
const LOOK_MS = 200;
const LOOK_WAITING_MS = 15;

/**
 * What questions are answered from: the builds that serve, and the figures that follow them in memory. `lowest` is a position that all of
 * it has reached; as every question is asked at a position up to there, what is read while a commit comes in is of one moment all the same.
 * A switch to another build is seen as a whole or not at all.
 */
export class ReadModels {
  private served: Served;
  /** Missing while it is first built beside what serves. */
  private trail: ServedTrail | undefined;
  /** The ledger of reminders; missing while it is first built. */
  private servedLedger: { readonly key: string; readonly ledger: ReminderLedger } | undefined;
  private position: Position;
  private readonly waiting = new Set<{ position: Position; done: () => void }>();
  private readonly listeners = new Set<() => void>();
  private looking: Promise<void> | undefined;
  private again = false;
  private lookingOften = false;
  private stopped = false;
  private lastError: Error | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly reader: ReadModelReader;
  private readonly projector: ProjectorControl | undefined;
  private readonly log: EventLog;
  private readonly clock: Clock;
  private readonly reference: ReadModelsOptions['reference'];

  private constructor({ reader, projector, log, clock, reference }: ReadModelsOptions, served: Served, trail: ServedTrail | undefined, ledger: Build | undefined, position: Position) {
    this.reader = reader;
    this.projector = projector;
    this.log = log;
    this.clock = clock;
    this.reference = reference;
    this.served = served;
    this.trail = trail;
    this.follow(ledger);
    this.position = position;
    projector?.onChange(() => { void this.look(); });
  }

  /** After the projector has caught up, or without one to read what another process has built. @throws Problem `read-models-missing`. */
  static async open(options: ReadModelsOptions): Promise<ReadModels> {
    const { reader } = options;
    try {
      const { board, figures, trail, ledger } = await serving(reader);
      return new ReadModels(options, await load(reader, board, figures, options.log), trail && trailOf(reader, trail), ledger, least(board.position, figures.position, trail?.position, ledger?.position));
    } catch (error) {
      await reader.close();
      throw error;
    }
  }

  /** The ledger of reminders. @throws Problem `read-models-missing` while it is first built. */
  get ledger(): ReminderLedger {
    if (!this.servedLedger) throw missing('reminder-ledger');
    return this.servedLedger.ledger;
  }
  get board(): TaskBoard {
    return this.served.board;
  }
  get figureTasks(): FigureTasks {
    return this.served.figureTasks;
  }
  get columns(): FiguresInMemory['columns'] {
    return this.served.memory.columns;
  }
  get coordination(): FiguresInMemory['coordination'] {
    return this.served.memory.coordination;
  }
  get marks(): FiguresInMemory['marks'] {
    return this.served.memory.marks;
  }
  /** How many open tasks of the unit have a deadline in the week of the instant. */
  openDueInWeekOf(unitId: string, at: Instant): number {
    return this.served.memory.openDueInWeekOf(unitId, at);
  }

  /** The trail of what was recorded, up to `lowest`. @throws Problem `read-models-missing` while it is first built. */
  async auditColumns(): Promise<AuditColumns> {
    const { trail, position } = this;
    if (!trail) throw missing('audit-trail');
    trail.reading = trail.reading.catch(() => undefined).then(async () => {
      if (trail.followed >= position) return;
      for await (const rows of trail.trail.rows(trail.followed, position)) {
        readStored(() => { trail.columns.take(rows); });
        // Where reading is cut short, it goes on from here.
        trail.followed = BigInt(rows.at(-1)!.position);
      }
      trail.followed = position;
    });
    await trail.reading;
    return trail.columns;
  }

  /** Position that everything a question reads has reached. */
  lowest(): Position {
    return this.position;
  }

  /** Called whenever `lowest` may have grown. */
  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Resolves true once `lowest` is at the position; false after `timeoutMs`. */
  async reaches(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.position >= position) return true;
    return new Promise((resolve) => {
      const waiter = { position, done: () => { clearTimeout(timer); resolve(true); } };
      const timer = setTimeout(() => { this.waiting.delete(waiter); resolve(false); }, timeoutMs);
      this.waiting.add(waiter);
      this.projector?.hurry();
      if (!this.projector || this.projector.elsewhere) void this.lookWhileWaited();
    });
  }

  /** Follows the commits of the projector, and looks by itself for those of others. */
  start(): void {
    this.projector?.start();
    this.timer = setInterval(() => { void this.look(); }, LOOK_MS);
    this.timer.unref();
  }

  /** Everything that is in the log now is in the answers afterwards. */
  async catchUp(onProgress?: Progress): Promise<void> {
    await this.writing().catchUp(onProgress);
    await this.look();
    if (this.lastError !== undefined) throw this.lastError;
  }

  /** Builds one projection, or all, anew beside what serves; afterwards the new one serves. @throws Problem `projection-stopped`. */
  async rebuild(name?: string, onProgress?: Progress): Promise<void> {
    await this.writing().rebuild(name, onProgress);
    await this.look();
  }

  /** Removes the builds that do not serve any more, once questions are answered from those that do. */
  async drop(): Promise<readonly Build[]> {
    await this.look();
    if (this.lastError !== undefined) throw this.lastError;
    return this.writing().drop();
  }

  async retry(projection: string, stream: string): Promise<ParkedStream | undefined> {
    const still = await this.writing().retry(projection, stream);
    await this.look();
    return still;
  }

  /** How far every build is; without a projector here, as another process has committed it. */
  async status(): Promise<readonly ProjectionStatus[]> {
    if (this.projector) return this.projector.status();
    const parked = await this.reader.parked();
    const builds = (await this.reader.builds()).filter(({ state }) => state !== 'retired');
    return Promise.all(builds.map((build) => statusOf(build, parked.filter(({ buildId }) => buildId === build.id).length, this.log, this.clock)));
  }

  /** Streams that are set aside, with the projection each is set aside in. */
  async parked(): Promise<readonly (ParkedStream & { readonly projection: string; readonly version: number })[]> {
    const builds = new Map((await this.reader.builds()).map((build) => [build.id, build]));
    return (await this.reader.parked()).flatMap((stream) => {
      const build = builds.get(stream.buildId);
      return build === undefined || build.state === 'retired' ? [] : [{ ...stream, projection: build.name, version: build.version }];
    });
  }

  /** What went wrong when it last looked; the answers are as of `lowest` then. */
  get error(): string | null {
    return this.lastError?.message ?? null;
  }

  dump(): AsyncIterable<string> {
    return this.reader.dump();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopped = true;
    await this.looking;
    // Before the projector: SQLite puts the journal away when the last connection closes, and one that only reads cannot.
    await this.reader.close();
    await this.projector?.stop();
  }

  private writing(): ProjectorControl {
    if (!this.projector) throw new Problem(409, 'read-only', 'Chỉ đọc', 'Thư mục dữ liệu đang do một tiến trình khác ghi.');
    return this.projector;
  }

  /** For what another process commits. */
  private async lookWhileWaited(): Promise<void> {
    if (this.lookingOften) return;
    this.lookingOften = true;
    while (this.waiting.size > 0) {
      await this.look();
      await sleep(LOOK_WAITING_MS);
    }
    this.lookingOften = false;
  }

  /** One look at a time; what changes meanwhile is looked at again before it ends. */
  private async look(): Promise<void> {
    if (this.stopped) return;
    if (this.looking) {
      this.again = true;
      return this.looking;
    }
    this.looking = (async () => {
      do {
        this.again = false;
        try {
          await this.refresh();
          this.lastError = undefined;
        } catch (error) {
          this.lastError = error instanceof Error ? error : new Error(String(error));
        }
        // Set by who looks meanwhile.
      } while (this.again as boolean);
    })().finally(() => { this.looking = undefined; });
    return this.looking;
  }

  private follow(ledger: Build | undefined): void {
    if ((ledger && keyOf(ledger)) !== this.servedLedger?.key) this.servedLedger = ledger && { key: keyOf(ledger), ledger: this.reader.ledger(ledger) };
  }

  private async refresh(): Promise<void> {
    const { board, figures, trail, ledger } = await serving(this.reader);
    const { served } = this;
    this.follow(ledger);
    if ((trail && keyOf(trail)) !== this.trail?.key) this.trail = trail && trailOf(this.reader, trail);
    // Read before what changed: rows of a later commit may come too, and are beyond `lowest` until the next look.
    // Another board, too, brings other columns: answers that are kept for them may name what stood on the board.
    if (keyOf(board, figures) !== served.key) this.served = await load(this.reader, board, figures, this.log);
    else if (figures.position > served.followed) {
      for await (const beliefs of served.figureTasks.changedAfter(served.followed)) readStored(() => { served.memory.take(beliefs); });
      served.followed = figures.position;
    }
    const position = least(board.position, figures.position, trail?.position, ledger?.position);
    if (position > this.position) await this.reference.catchUp();
    this.position = position;
    for (const waiter of this.waiting) {
      if (waiter.position <= this.position) {
        this.waiting.delete(waiter);
        waiter.done();
      }
    }
    for (const listener of this.listeners) listener();
  }
}

const missing = (name: string): Problem =>
  new Problem(503, 'read-models-missing', 'Bảng dựng chưa có', `Bảng dựng “${name}” chưa có: hãy chạy lại khi chương trình đang giữ thư mục dữ liệu đã dựng xong hoặc đã dừng.`);

async function serving(reader: ReadModelReader): Promise<{ board: Build; figures: Build; trail: Build | undefined; ledger: Build | undefined }> {
  const active = (await reader.builds()).filter(({ state }) => state === 'active');
  const of = (name: string): Build => {
    const build = active.find((one) => one.name === name);
    if (!build) throw missing(name);
    return build;
  };
  // What a release before this one has built is served without the trail until that is there.
  return { board: of('task-board'), figures: of('figures'), trail: active.find(({ name }) => name === 'audit-trail'), ledger: active.find(({ name }) => name === 'reminder-ledger') };
}

const trailOf = (reader: ReadModelReader, build: Build): ServedTrail => ({ key: keyOf(build), trail: reader.auditTrail(build), columns: new AuditColumns(), followed: 0n, reading: Promise.resolve() });

async function load(reader: ReadModelReader, board: Build, figures: Build, log: EventLog): Promise<Served> {
  const figureTasks = reader.figures(figures);
  const memory = new FiguresInMemory((await log.head()).count);
  for await (const beliefs of figureTasks.all()) readStored(() => { memory.take(beliefs); });
  return { key: keyOf(board, figures), board: reader.board(board), figureTasks, memory, followed: figures.position };
}

const keyOf = (...builds: readonly Build[]): string => builds.map(({ id, repairs }) => `${String(id)}.${String(repairs)}`).join(' ');
const least = (...positions: readonly (Position | undefined)[]): Position => positions.reduce<Position>((least, one) => (one !== undefined && one < least ? one : least), positions[0]!);
