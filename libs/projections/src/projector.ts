import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { categoryOf, type EventLog, type Position, type RecordedEvent } from '#event-log';
import { Problem, type Clock } from '#kernel';
import type { Build, Checkpoint, ParkedStream, Projection, ProjectionStatus, ReadModelStore } from './projection.ts';
import { skippedEvents } from './skips.ts';

/** Events looked at at once: few enough to stay in the young generation of the heap; more at once are slower, not faster. */
const READ = 500;
/** A commit costs its dirty pages: while nobody is served, one for many events; while serving, no more than holds the thread for some tens of milliseconds. */
const COMMIT = 100_000;
const COMMIT_SERVING = 1_000;
/** What shares the thread waits no longer than about this for a catch-up. */
const SLICE_MS = 12;
/** After a live batch: what arrives meanwhile shares the next one. Cut short when somebody waits for a position. */
const REST_MS = 25;
/** An event that fails this often is set aside with its stream. */
const ATTEMPTS = 3;
const BACK_OFF_MS = [100, 500, 2_000, 10_000] as const;

/** A commit: how long it took from its first event on, and over how many events of the log it went. */
export interface CommittedBatch {
  readonly seconds: number;
  readonly events: number;
}

export type ChangeListener = (batch?: CommittedBatch) => void;

export type Progress = (done: Position, head: Position) => void;

export interface ProjectorOptions<Tx> {
  readonly log: EventLog;
  readonly store: ReadModelStore<Tx>;
  /** A maker for each projection and version; of a name, the highest version is the one to serve. */
  readonly projections: readonly (() => Projection<Tx>)[];
  readonly clock: Clock;
}

/** A build that this process keeps up to date. */
interface Run<Tx> {
  readonly projection: Projection<Tx>;
  readonly types: ReadonlySet<string> | undefined;
  readonly tx: Tx;
  build: Build;
  position: Position;
  readonly parked: Map<string, ParkedStream>;
  skipped: ReadonlySet<string>;
  lastError: string | null;
  since: { readonly at: number; readonly position: Position } | undefined;
}

interface Batch {
  events: number;
  last: RecordedEvent;
  readonly begunAt: number;
}

/**
 * Brings read models up to the log: reads batches, hands each projection what it has not seen, and commits data and checkpoints together.
 * The builds that serve share the reading. Checkpoints are read from the store at start, never kept only in memory; a kill at any moment
 * leaves the last commit. A new version, or one built anew, catches up beside the one that serves, between its batches, and takes its place
 * with one write. An event that a serving build cannot take is set aside with its stream; a build that does not serve yet stops at it.
 * One process writes a store at a time.
 */
export class Projector<Tx> {
  private runs: Run<Tx>[] = [];
  private readonly waiting = new Set<{ position: Position; done: () => void }>();
  private readonly listeners = new Set<ChangeListener>();
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;
  private building: Promise<void> = Promise.resolve();
  /** One writer at a time within the process, too: a transaction may stay open over several turns of the event loop. */
  private turn: Promise<unknown> = Promise.resolve();
  private endRest: (() => void) | undefined;
  private restarts = 0;
  private readonly log: EventLog;
  private readonly store: ReadModelStore<Tx>;
  private readonly clock: Clock;
  private readonly makers: readonly (() => Projection<Tx>)[];

  private constructor({ log, store, clock, projections }: ProjectorOptions<Tx>) {
    this.log = log;
    this.store = store;
    this.clock = clock;
    this.makers = projections;
  }

  /** Finds the builds of the projections and makes those that are missing; what was built from another log is thrown away. */
  static async open<Tx>(options: ProjectorOptions<Tx>): Promise<Projector<Tx>> {
    const projector = new Projector(options);
    const { store, log } = options;
    const builds: Build[] = [];
    for (const build of await store.builds()) {
      if (await isOf(log, build)) builds.push(build);
      else await store.drop(build);
    }
    const parked = await store.parked();
    const makers = options.projections.map((make) => ({ make, ...named(make()) }));
    for (const name of new Set(makers.map((maker) => maker.name))) {
      const versions = makers.filter((maker) => maker.name === name).sort((a, b) => a.version - b.version);
      const newest = versions.at(-1)!;
      const mine = builds.filter((build) => build.name === name);
      const serving = mine.find((build) => build.state === 'active' && versions.some(({ version }) => version === build.version));
      const next = mine.findLast((build) => build.state === 'building' && build.version === newest.version);
      if (serving) await projector.follow(serving, versions.find(({ version }) => version === serving.version)!.make(), parked);
      if (next) await projector.follow(next, newest.make(), parked);
      else if (serving?.version !== newest.version) await projector.begin(newest.make());
      // What no program of this version can go on with: an abandoned build, and one that was rebuilt under the same version.
      for (const build of mine) {
        if (build === serving || build === next) continue;
        if (build.state === 'building' || build.version === (serving ?? newest).version) await store.drop(build);
      }
    }
    return projector;
  }

  /** Called after every commit (with what it took), switch and repair. */
  onChange(listener: ChangeListener): void {
    this.listeners.add(listener);
  }

  /**
   * Applies everything now in the log, then returns. A projection that nothing serves yet is built here and begins to serve; a new version of
   * one that serves waits for `start` (or `rebuild`). @throws Problem `projection-stopped` where a build that does not serve yet cannot go on.
   */
  async catchUp(onProgress?: Progress): Promise<void> {
    await this.exclusively(async () => {
      const runs = this.runs.filter(({ build }) => build.state === 'active' || !this.serving(build.name));
      const far = !this.running && (await this.log.head()).position - lowestOf(runs) > BigInt(COMMIT);
      if (far) await this.store.bulk(true);
      await this.advance(runs, onProgress);
      for (const { projection, tx } of runs) await projection.caughtUp?.(tx);
      for (const run of runs) if (run.build.state === 'building') await this.activate(run);
      if (far) await this.store.bulk(false);
    });
  }

  /** Follows the log until `stop`, and builds what is to be built beside. */
  start(): void {
    this.running ??= this.run();
    this.buildOn();
  }

  /** Somebody waits: what is to be read is read at once. */
  hurry(): void {
    this.endRest?.();
  }

  /** Builds one projection (or all) anew from the whole log, beside what serves; it takes its place at the end. @throws Problem `projection-stopped`. */
  async rebuild(name?: string, onProgress?: Progress): Promise<void> {
    const begun: Run<Tx>[] = [];
    await this.exclusively(async () => {
      for (const make of this.newest()) {
        const projection = make();
        if (name !== undefined && projection.name !== name) continue;
        for (const old of this.runs.filter(({ build }) => build.name === projection.name && build.state === 'building')) await this.forget(old);
        begun.push(await this.begin(projection));
      }
    });
    if (this.running) {
      await this.beside(begun, onProgress);
      return;
    }
    await this.exclusively(async () => {
      await this.store.bulk(true);
      await this.advance(begun, onProgress);
      for (const { projection, tx } of begun) await projection.caughtUp?.(tx);
      for (const run of begun) await this.activate(run);
      await this.store.bulk(false);
    });
  }

  /** Removes the builds that do not serve any more, and answers which. */
  async drop(): Promise<readonly Build[]> {
    return this.exclusively(async () => {
      const retired = (await this.store.builds()).filter(({ state }) => state === 'retired');
      for (const build of retired) await this.store.drop(build);
      return retired;
    });
  }

  /** Position that every serving projection has reached. */
  lowest(): Position {
    return lowestOf(this.runs.filter(({ build }) => build.state === 'active'));
  }

  /** Resolves true once every serving projection has applied `position`; false after `timeoutMs`. */
  async reaches(position: Position, timeoutMs: number): Promise<boolean> {
    if (this.lowest() >= position) return true;
    return new Promise((resolve) => {
      const waiter = { position, done: () => { clearTimeout(timer); resolve(true); } };
      const timer = setTimeout(() => { this.waiting.delete(waiter); resolve(false); }, timeoutMs);
      this.waiting.add(waiter);
      this.hurry();
    });
  }

  async status(): Promise<readonly ProjectionStatus[]> {
    const list: ProjectionStatus[] = [];
    for (const { build, position, parked, lastError, since } of this.runs) {
      const status = await statusOf({ ...build, position }, parked.size, this.log, this.clock);
      const rate = since === undefined ? 0 : (status.progress!.done - Number(since.position)) / Math.max(1, performance.now() - since.at);
      const progress = status.progress && { ...status.progress, secondsLeft: rate > 0 ? Math.ceil((status.progress.total - status.progress.done) / rate / 1000) : null };
      list.push({ ...status, progress, lastError: lastError ?? status.lastError, restarts: this.restarts });
    }
    return list;
  }

  /** Streams that are set aside, with the projection each is set aside in. */
  parked(): readonly (ParkedStream & { readonly projection: string; readonly version: number })[] {
    return this.runs.flatMap(({ build, parked }) => [...parked.values()].map((stream) => ({ ...stream, projection: build.name, version: build.version })));
  }

  /**
   * Applies what a stream that was set aside has by now, without the events that were skipped meanwhile (see skips.ts). Answers what is
   * still in the way, or undefined when the stream is back. @throws Problem `not-parked`.
   */
  async retry(projection: string, stream: string): Promise<ParkedStream | undefined> {
    return this.exclusively(async () => {
      const run = this.runs.find(({ build, parked }) => build.name === projection && parked.has(stream));
      const parked = run?.parked.get(stream);
      if (!run || !parked) throw new Problem(404, 'not-parked', 'Không có luồng đang để riêng', `Bảng “${projection}” không để riêng luồng “${stream}”.`);
      run.skipped = await skippedEvents(this.log, projection, run.build.version);
      const events = (await this.log.readStream(stream, { from: parked.revision })).filter((event) => event.position <= run.position && reads(run, event));
      try {
        await this.takeBack(run, parked, events);
        return undefined;
      } catch (error) {
        if (!(error instanceof ProjectionFailure)) throw error;
        const { event, message } = error;
        const still: ParkedStream = { ...parked, ...placeOf(event), error: message, attempts: parked.attempts + 1 };
        // What stands before the one in the way has just been seen to pass.
        await this.takeBack(run, parked, events.filter(({ position }) => position < event.position), still);
        return still;
      }
    });
  }

  /** Applies events of a stream that was set aside, and takes the stream back, or leaves it aside at a later place. */
  private async takeBack(run: Run<Tx>, parked: ParkedStream, events: readonly RecordedEvent[], still?: ParkedStream): Promise<void> {
    try {
      await this.store.begin();
      for (const event of events) {
        // One by one, so that the error names its event.
        if (run.skipped.has(event.id)) await run.projection.setAside?.(event, run.tx);
        else await this.give(run, [event]);
      }
      await run.projection.flush?.(run.tx);
      await this.store.unpark(parked);
      if (still) await this.store.park(still);
      await this.store.commit([]);
    } catch (error) {
      await this.rollBack(error);
      throw error;
    }
    run.projection.committed?.();
    if (still) run.parked.set(still.stream, still);
    else run.parked.delete(parked.stream);
    run.build = { ...run.build, repairs: run.build.repairs + 1 };
    this.tell();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.hurry();
    await this.running;
    await this.building;
    await this.turn.catch(() => undefined);
    await this.store.close();
  }

  private serving(name: string): Run<Tx> | undefined {
    return this.runs.find(({ build }) => build.name === name && build.state === 'active');
  }

  private newest(): (() => Projection<Tx>)[] {
    const byName = new Map<string, { readonly version: number; readonly make: () => Projection<Tx> }>();
    for (const make of this.makers) {
      const { name, version } = make();
      if (version > (byName.get(name)?.version ?? -1)) byName.set(name, { version, make });
    }
    return [...byName.values()].map(({ make }) => make);
  }

  private async follow(build: Build, projection: Projection<Tx>, parked: readonly ParkedStream[]): Promise<Run<Tx>> {
    const run: Run<Tx> = {
      projection, types: projection.types && new Set(projection.types), build, tx: this.store.tx(build), position: build.position, lastError: null, since: undefined,
      parked: new Map(parked.filter(({ buildId }) => buildId === build.id).map((stream) => [stream.stream, stream])), skipped: await skippedEvents(this.log, build.name, build.version),
    };
    this.runs.push(run);
    return run;
  }

  private async begin(projection: Projection<Tx>): Promise<Run<Tx>> {
    await this.store.begin();
    const build = await this.store.create(projection.name, projection.version);
    await projection.init(this.store.tx(build));
    await this.store.commit([]);
    return this.follow(build, projection, []);
  }

  private async forget(run: Run<Tx>): Promise<void> {
    this.runs = this.runs.filter((other) => other !== run);
    await this.store.drop(run.build);
  }

  private async activate(run: Run<Tx>): Promise<void> {
    await this.store.activate(run.build);
    const old = this.serving(run.build.name);
    run.build = { ...run.build, state: 'active' };
    run.since = undefined;
    this.runs = this.runs.filter((other) => other !== old);
    this.wake();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.exclusively(() => this.advance(this.runs.filter(({ build }) => build.state === 'active')));
        failures = 0;
        await this.rest(REST_MS);
        // Only waits for the next event: what there is by then is read together.
        for await (const _ of this.log.subscribe({ after: this.lowest(), batchSize: 1, lazily: true, signal })) break;
        // The answers to those who appended go out first.
        await nextTurn();
      } catch (error) {
        this.restarts++;
        for (const run of this.runs) if (run.build.state === 'active') run.lastError = messageOf(error);
        await this.backOff(failures++);
      }
    }
  }

  /** Builds what is under way beside what serves; an error stays in `status`, and what serves goes on. */
  private buildOn(): void {
    const waiting = this.runs.filter(({ build, since }) => build.state === 'building' && since === undefined);
    if (waiting.length > 0) this.building = this.building.then(() => this.beside(waiting)).catch(() => undefined);
  }

  private async beside(runs: readonly Run<Tx>[], onProgress?: Progress): Promise<void> {
    for (const run of runs) {
      run.since = { at: performance.now(), position: run.position };
      for (let failures = 0; ; ) {
        try {
          while (!this.stopping.signal.aborted && this.runs.includes(run) && !(await this.commitBeside(run, onProgress))) failures = 0;
          if (this.stopping.signal.aborted || !this.runs.includes(run)) return;
          await run.projection.caughtUp?.(run.tx);
          await this.exclusively(async () => {
            await this.advance([run]);
            await this.activate(run);
          });
          break;
        } catch (error) {
          run.lastError = messageOf(error);
          // The store or the log is away for a while: the build goes on where it was.
          if (error instanceof Problem && error.code === 'projection-stopped') throw error;
          this.restarts++;
          await this.backOff(failures++);
        }
      }
    }
  }

  /** A commit, so that what serves is never far behind; while commands come in, as long a rest after it is left to those who answer them. */
  private async commitBeside(run: Run<Tx>, onProgress: Progress | undefined): Promise<boolean> {
    const [served, begun] = [this.lowest(), performance.now()];
    const caughtUp = await this.exclusively(() => this.advance([run], onProgress, 1));
    if (caughtUp) return true;
    if (this.lowest() > served) await sleep(performance.now() - begun, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    else await nextTurn();
    return false;
  }

  private async backOff(failures: number): Promise<void> {
    await sleep(BACK_OFF_MS[Math.min(failures, BACK_OFF_MS.length - 1)], undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private exclusively<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(work, work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Brings runs to the end of the log, or forward by some commits; answers whether it is the end. */
  private async advance(runs: readonly Run<Tx>[], onProgress?: Progress, commits = Infinity): Promise<boolean> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.applyAll(runs, onProgress, commits);
      } catch (error) {
        if (!(error instanceof ProjectionFailure)) throw error;
        const run = error.run as Run<Tx>;
        if (run.build.state !== 'active') throw await this.stopped(run, error);
        run.lastError = error.message;
        if (failures < ATTEMPTS && !this.stopping.signal.aborted) {
          await sleep(BACK_OFF_MS[failures - 1]);
          continue;
        }
        await this.stepTo(run, error, async (event, why) => {
          await this.store.begin();
          await run.projection.setAside?.(event, run.tx);
          const parked: ParkedStream = { buildId: run.build.id, stream: event.stream, ...placeOf(event), error: why, parkedAt: this.clock.now(), attempts: ATTEMPTS };
          await this.store.park(parked);
          await this.store.commit([checkpoint(run, event)]);
          run.projection.committed?.();
          run.parked.set(event.stream, parked);
          run.position = event.position;
        });
        this.wake();
        failures = 0;
      }
    }
  }

  /** A build that does not serve yet says where it stopped. */
  private async stopped(run: Run<Tx>, failure: ProjectionFailure): Promise<Problem> {
    let problem = new Problem(500, 'projection-stopped', 'Dựng bảng dừng lại', `Bảng ${nameOf(run.build)}: ${failure.message}`);
    await this.stepTo(run, failure, async (event, why) => {
      problem = new Problem(
        500, 'projection-stopped', 'Dựng bảng dừng lại',
        `Bảng ${nameOf(run.build)} dừng ở sự kiện ${event.id} (${event.type}, vị trí ${String(event.position)}, luồng ${event.stream}): ${why}. Bảng đang phục vụ (nếu có) không bị ảnh hưởng. Hãy cập nhật chương trình rồi dựng lại, hoặc bỏ qua sự kiện này có lý do: nhacviec parked skip ${event.id} --projection ${run.build.name} --reason "…".`,
        { extra: { projection: run.build.name, version: run.build.version, eventId: event.id, position: String(event.position), stream: event.stream } },
      );
    });
    run.lastError = problem.detail;
    return problem;
  }

  /** Goes on event by event to the one that fails, and hands it over with the reason. */
  private async stepTo(run: Run<Tx>, failure: ProjectionFailure, found: (event: RecordedEvent, why: string) => Promise<void>): Promise<void> {
    for (;;) {
      const events = await this.log.readAll({ after: run.position, limit: READ });
      if (events.length === 0) return;
      for (const event of events) {
        if (this.takes(run, event)) {
          try {
            await this.store.begin();
            await this.give(run, [event]);
            await run.projection.flush?.(run.tx);
            await this.store.commit([checkpoint(run, event)]);
          } catch (error) {
            await this.rollBack(error);
            if (!(error instanceof ProjectionFailure) && this.store.failed(error)) throw error;
            await found(event, error instanceof ProjectionFailure ? error.message : failure.message);
            return;
          }
          run.projection.committed?.();
        }
        run.position = event.position;
      }
    }
  }

  /** From the lowest checkpoint on, giving way to the event loop between slices and between commits. */
  private async applyAll(runs: readonly Run<Tx>[], onProgress: Progress | undefined, commits: number): Promise<boolean> {
    if (runs.length === 0) return true;
    const most = this.running ? COMMIT_SERVING : COMMIT;
    const types = typesOf(runs);
    let batch: Batch | undefined;
    let sliceFrom = performance.now();
    let after = lowestOf(runs);
    try {
      for (let committed = 0; ; ) {
        const events = await this.log.readAll({ after, limit: READ, lazily: true, ahead: !this.running, ...(types && { types }) });
        const last = events.at(-1);
        if (last) {
          if (!batch) await this.store.begin();
          batch = { events: (batch?.events ?? 0) + READ, last, begunAt: batch?.begunAt ?? performance.now() };
          await this.apply(runs, events);
          after = last.position;
        }
        const caughtUp = !last;
        if (batch && (caughtUp || batch.events >= most)) {
          await this.commit(runs, batch);
          batch = undefined;
          committed++;
          if (onProgress) onProgress(lowestOf(runs), (await this.log.head()).position);
        }
        if (caughtUp) return true;
        if (!batch && (committed >= commits || this.stopping.signal.aborted)) return false;
        if (performance.now() - sliceFrom > SLICE_MS) {
          await nextTurn();
          sliceFrom = performance.now();
        }
      }
    } catch (error) {
      await this.rollBack(error);
      throw error;
    }
  }

  private async apply(runs: readonly Run<Tx>[], events: readonly RecordedEvent[]): Promise<void> {
    for (const run of runs) {
      const fresh = events.filter((event) => event.position > run.position && this.takes(run, event));
      // What stands between two skipped events goes together.
      for (let from = 0; from < fresh.length; ) {
        const skipped = run.skipped.size === 0 ? -1 : fresh.findIndex((event, n) => n >= from && run.skipped.has(event.id));
        const to = skipped < 0 ? fresh.length : skipped;
        await this.give(run, fresh.slice(from, to));
        if (skipped >= 0) await run.projection.setAside?.(fresh[skipped]!, run.tx);
        from = to + 1;
      }
    }
  }

  /** Whether a run takes an event now: one of a stream that is set aside waits in the log. */
  private takes(run: Run<Tx>, event: RecordedEvent): boolean {
    return reads(run, event) && !run.parked.has(event.stream);
  }

  private async give(run: Run<Tx>, events: readonly RecordedEvent[]): Promise<void> {
    if (events.length === 0) return;
    try {
      await run.projection.apply(events, run.tx);
    } catch (error) {
      if (this.store.failed(error)) throw error;
      throw new ProjectionFailure(run, events[0]!, error);
    }
  }

  private async commit(runs: readonly Run<Tx>[], { last, begunAt }: Batch): Promise<void> {
    const from = lowestOf(runs);
    const ahead = runs.filter(({ position }) => last.position > position);
    for (const run of ahead) {
      try {
        await run.projection.flush?.(run.tx);
      } catch (error) {
        if (this.store.failed(error)) throw error;
        throw new ProjectionFailure(run, last, error);
      }
    }
    await this.store.commit(ahead.map((run) => checkpoint(run, last)));
    for (const run of ahead) {
      run.position = last.position;
      run.lastError = null;
      run.projection.committed?.();
    }
    this.wake({ seconds: (performance.now() - begunAt) / 1000, events: Number(last.position - from) });
  }

  private async rollBack(error: unknown): Promise<void> {
    this.store.failed(error);
    await this.store.rollback();
    for (const { projection } of this.runs) projection.rolledBack?.();
  }

  /** Resolves after `ms`, or at once when somebody waits for a position or the projector stops. */
  private rest(ms: number): Promise<void> {
    if (this.waiting.size > 0 || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.endRest = undefined;
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.endRest = end;
    });
  }

  private wake(batch?: CommittedBatch): void {
    const reached = this.lowest();
    for (const waiter of this.waiting) {
      if (waiter.position <= reached) {
        this.waiting.delete(waiter);
        waiter.done();
      }
    }
    this.tell(batch);
  }

  private tell(batch?: CommittedBatch): void {
    for (const listener of this.listeners) listener(batch);
  }
}

/** How far a build is, from what stands in its store; a lag of more than a thousand events is told as a thousand. */
export async function statusOf({ id, name, version, state, position }: Build, parked: number, log: EventLog, clock: Clock): Promise<ProjectionStatus> {
  const head = await log.head();
  const reading = position >= head.position ? Promise.resolve([]) : log.readAll({ after: position, limit: 1_000, lazily: true });
  // What cannot be read is behind all the same, and why is the thing to tell.
  const { behind, lastError } = await reading.then((events) => ({ behind: events, lastError: null }), (error: unknown) => ({ behind: [], lastError: messageOf(error) }));
  return {
    name, version, build: id, state, position: String(position), lagEvents: lastError === null ? behind.length : Number(head.position - position), lagSeconds: behind[0] === undefined ? 0 : Math.max(0, (clock.now() - behind[0].recordedAt) / 1000), parked,
    lastError, progress: state === 'building' ? { done: Number(position), total: Number(head.position), secondsLeft: null } : null, restarts: 0,
  };
}

/** A projection threw at an event (or at the last one of what it had gathered): the event is at fault, or the projection, not the store. */
class ProjectionFailure extends Error {
  readonly run: unknown;
  readonly event: RecordedEvent;
  constructor(run: unknown, event: RecordedEvent, cause: unknown) {
    super(messageOf(cause), { cause });
    this.name = 'ProjectionFailure';
    this.run = run;
    this.event = event;
  }
}

/** Whether an event is of the types and categories that a projection reads. */
const reads = ({ types, projection: { categories } }: { readonly types: ReadonlySet<string> | undefined; readonly projection: { readonly categories: readonly string[] } }, { type, stream }: RecordedEvent): boolean =>
  (types?.has(type) ?? true) && categories.includes(categoryOf(stream));
const named = ({ name, version }: { readonly name: string; readonly version: number }): { name: string; version: number } => ({ name, version });
const nameOf = ({ name, version }: Build): string => `${name}@${String(version)}`;
const messageOf = (error: unknown): string => (error instanceof Problem ? error.detail : error instanceof Error ? error.message : String(error));
const placeOf = ({ id, position, revision }: RecordedEvent): { eventId: string; position: Position; revision: number } => ({ eventId: id, position, revision });
const checkpoint = ({ build }: { readonly build: Build }, { position, id }: RecordedEvent): Checkpoint => ({ buildId: build.id, position, eventId: id });

function lowestOf(runs: readonly { readonly position: Position }[]): Position {
  return runs.reduce((low, { position }) => (position < low ? position : low), runs[0]?.position ?? 0n);
}

/** The types that some projection reads; undefined where one reads all. */
function typesOf(runs: readonly { readonly projection: { readonly types?: readonly string[] } }[]): readonly string[] | undefined {
  const types = new Set<string>();
  for (const { projection } of runs) {
    if (!projection.types) return undefined;
    for (const type of projection.types) types.add(type);
  }
  return [...types];
}

/** A checkpoint of another log (restored, exchanged, cut off) says nothing: the event at its position has to be the one it names. */
async function isOf(log: EventLog, { position, eventId }: Build): Promise<boolean> {
  return position === 0n || (await log.readAt(position))?.id === eventId;
}
