import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLog, Position, RecordedEvent } from '#event-log';
import { endOfDeadline, lastInstantInTime, type Deadline } from '#deadlines';
import type { Clock, Instant } from '#kernel';
import { endOfOpenDeadline, fold, taskIdOf, taskStream, toFact } from '#tasks';
import type { TaskService } from './task-service.ts';

/** setTimeout cannot wait longer than a signed 32-bit count of milliseconds. */
const LONGEST_WAIT = 2_147_483_647;
const BATCH = 1_000;
/** Recorded side by side: they share a commit of the log. */
const TOGETHER = 100;
/** So many events after the last one the state is saved again: a start after a kill reads no more than these. */
const SAVE_EVERY = 20_000;
/** Raise when what counts as open changes: the next start then reads the whole log once. */
const STATE_VERSION = 1;

/** These never change what is open. A type that stands in no list below has the task's own stream asked. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'TaskReceived', 'ProgressReported', 'ExtensionRequested', 'ExtensionRefused', 'ReturnProposed', 'ReturnRefused', 'TaskUrged',
  'ExplanationRequested', 'ExplanationGiven', 'ObjectiveCauseConfirmed', 'CoordinationAnswered',
]);
const ENDS_WAITING: ReadonlySet<string> = new Set(['CompletionSubmitted', 'TaskCompleted', 'TaskWithdrawn', 'TaskVoided', 'TaskBecameOverdue']);

/** Open work with a deadline whose passing is not recorded yet, and when that deadline ends. */
export interface OpenDeadline {
  readonly taskId: string;
  readonly end: Instant;
}

/** All open deadlines after the event at `position`: what a read model can tell so that the log need not be read for it. */
export interface OpenDeadlines {
  readonly position: Position;
  readonly open: Iterable<OpenDeadline>;
}

export interface DeadlineProcessOptions {
  /** Asked once, at start; undefined when it cannot tell. */
  readonly openDeadlines?: () => OpenDeadlines | undefined;
  /** Where the process keeps what it knows between starts; without it (or when the file is of no use) it reads the log. */
  readonly stateFile?: string;
}

/**
 * Records `TaskBecameOverdue` when a deadline passes on open work. What it keeps is only a shortcut: whatever passed while the program was
 * off is recorded at start, the decider refuses what is already recorded, and the event's id comes from what passed, so restarts and second
 * instances cannot double it.
 */
export class DeadlineProcess {
  /** End of the deadline of open work whose passing is not recorded. */
  private readonly open = new Map<string, Instant>();
  /** The same by time; entries that `open` no longer confirms are passed over. */
  private readonly byEnd = new EndHeap();
  private readonly stopping = new AbortController();
  private seen: { position: Position; eventId: string } = { position: 0n, eventId: '' };
  private savedAt: Position = 0n;
  private timer: NodeJS.Timeout | undefined;
  private timerFor = Infinity;
  private running: Promise<void> | undefined;
  private recording: Promise<unknown> = Promise.resolve();
  private readonly log: EventLog;
  private readonly tasks: TaskService;
  private readonly clock: Clock;
  private readonly options: DeadlineProcessOptions;

  constructor(log: EventLog, tasks: TaskService, clock: Clock, options: DeadlineProcessOptions = {}) {
    this.log = log;
    this.tasks = tasks;
    this.clock = clock;
    this.options = options;
  }

  /** Learns what is open, records everything that has passed, then follows the log. */
  async start(): Promise<void> {
    const known = this.options.openDeadlines?.();
    if (known) {
      for (const { taskId, end } of known.open) this.wait(taskId, end);
      this.seen = { position: known.position, eventId: '' };
    } else {
      await this.load();
    }
    await this.readOn();
    this.save();
    await this.recordPassed();
    this.running = this.follow();
  }

  /** Records every deadline that has passed by now; returns how many tasks were looked at. */
  async recordPassed(): Promise<number> {
    const now = await this.tasks.now();
    const passed: OpenDeadline[] = [];
    for (let next = this.next(); next && next.end < now; next = this.next()) {
      passed.push(next);
      this.byEnd.pop();
    }
    for (let from = 0; from < passed.length; from += TOGETHER) {
      const together = this.stopping.signal.aborted ? [] : passed.slice(from, from + TOGETHER);
      const results = await Promise.allSettled(together.map(({ taskId }) => this.tasks.execute({ taskId, command: { type: 'RecordOverdue' }, actor: { id: 'deadlines', role: 'system' } })));
      results.forEach((result, i) => {
        const { taskId, end } = together[i]!;
        if (result.status === 'fulfilled' && this.open.get(taskId) === end) this.open.delete(taskId);
      });
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) {
        for (const { taskId, end } of passed.slice(from)) if (this.open.get(taskId) === end) this.byEnd.push(taskId, end);
        throw failed.reason;
      }
    }
    this.schedule();
    return passed.length;
  }

  async stop(): Promise<void> {
    const started = this.running !== undefined;
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
    await this.recording;
    if (started) this.save();
  }

  private async follow(): Promise<void> {
    for await (const events of this.log.subscribe({ after: this.seen.position, batchSize: BATCH, lazily: true, signal: this.stopping.signal })) {
      await this.see(events);
      if (this.seen.position - this.savedAt >= BigInt(SAVE_EVERY)) this.save();
      this.schedule();
      // What arrives in the next moments is looked at together; no deadline is that near.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async readOn(): Promise<void> {
    const changed = new Set<string>();
    for (;;) {
      const events = await this.log.readAll({ after: this.seen.position, limit: BATCH, lazily: true });
      this.note(events, changed);
      if (events.length < BATCH) break;
      await nextTurn();
    }
    await this.ask(changed);
  }

  private async see(events: readonly RecordedEvent[]): Promise<void> {
    const changed = new Set<string>();
    this.note(events, changed);
    await this.ask(changed);
  }

  /** Takes what the events say by themselves; tasks whose stream has to be asked go into `changed`. */
  private note(events: readonly RecordedEvent[], changed: Set<string>): void {
    for (const event of events) {
      if (!event.stream.startsWith('task-') || WITHOUT_EFFECT.has(event.type)) continue;
      const taskId = taskIdOf(event.stream);
      if (event.type === 'TaskAssigned') this.wait(taskId, endOfDeadline(lastInstantInTime(event.data['deadline'] as unknown as Deadline)));
      else if (ENDS_WAITING.has(event.type)) this.open.delete(taskId);
      else changed.add(taskId);
    }
    const last = events[events.length - 1];
    if (last) this.seen = { position: last.position, eventId: last.id };
  }

  private async ask(changed: ReadonlySet<string>): Promise<void> {
    for (const taskId of changed) {
      const end = endOfOpenDeadline(fold((await this.log.readStream(taskStream(taskId))).map(toFact)));
      this.wait(taskId, end ?? Infinity);
    }
  }

  private wait(taskId: string, end: Instant): void {
    if (!Number.isFinite(end)) {
      this.open.delete(taskId);
      return;
    }
    if (this.open.get(taskId) === end) return;
    this.open.set(taskId, end);
    this.byEnd.push(taskId, end);
  }

  /** The next deadline to end, after passing over what is no longer waited for. */
  private next(): OpenDeadline | undefined {
    for (;;) {
      const first = this.byEnd.first();
      if (!first || this.open.get(first.taskId) === first.end) return first;
      this.byEnd.pop();
    }
  }

  private schedule(): void {
    const next = this.next()?.end ?? Infinity;
    if (this.stopping.signal.aborted || (next === this.timerFor && next !== Infinity)) return;
    clearTimeout(this.timer);
    this.timerFor = next;
    if (next === Infinity) return;
    const wait = Math.min(Math.max(next - this.clock.now() + 1, 0), LONGEST_WAIT);
    this.timer = setTimeout(() => {
      this.timerFor = Infinity;
      this.recording = this.recordPassed().catch((error: unknown) => {
        process.stderr.write(`Chưa ghi được việc quá hạn, sẽ thử lại: ${error instanceof Error ? error.message : String(error)}\n`);
        if (!this.stopping.signal.aborted) this.timer = setTimeout(() => { this.schedule(); }, 5_000);
      });
    }, wait);
    this.timer.unref();
  }

  private async load(): Promise<void> {
    if (this.options.stateFile === undefined) return;
    const state = readState(this.options.stateFile);
    if (!state) return;
    const position = BigInt(state.position);
    // The log may have been restored or exchanged: the event at the place has to be the one that was read.
    const [event] = position === 0n ? [] : await this.log.readAll({ after: position - 1n, limit: 1, lazily: true });
    if (event?.id !== state.eventId) return;
    for (const [taskId, end] of state.open) this.wait(taskId, end);
    this.seen = { position, eventId: state.eventId };
    this.savedAt = position;
  }

  private save(): void {
    const { stateFile } = this.options;
    if (stateFile === undefined || this.seen.eventId === '' || this.seen.position === this.savedAt) return;
    const state: State = { version: STATE_VERSION, position: String(this.seen.position), eventId: this.seen.eventId, open: [...this.open] };
    try {
      writeState(stateFile, state);
      this.savedAt = this.seen.position;
    } catch (error) {
      process.stderr.write(`Không ghi được ${stateFile} (${error instanceof Error ? error.message : String(error)}): lần chạy sau sẽ đọc lại nhật ký.\n`);
    }
  }
}

interface State {
  readonly version: number;
  readonly position: string;
  readonly eventId: string;
  readonly open: readonly (readonly [taskId: string, end: Instant])[];
}

function readState(file: string): State | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as Partial<State> | null;
    const usable = state?.version === STATE_VERSION && /^\d{1,18}$/.test(state.position ?? '') && typeof state.eventId === 'string' && Array.isArray(state.open);
    return usable ? (state as State) : undefined;
  } catch {
    return undefined;
  }
}

/** The old file or the new one, never half of one. */
function writeState(file: string, state: State): void {
  const made = `${file}.new`;
  const handle = openSync(made, 'w', 0o600);
  try {
    writeSync(handle, JSON.stringify(state));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(made, file);
}

/** A binary heap, earliest end first, by id where ends are equal. */
class EndHeap {
  private readonly items: OpenDeadline[] = [];

  first(): OpenDeadline | undefined {
    return this.items[0];
  }

  push(taskId: string, end: Instant): void {
    const { items } = this;
    const item = { taskId, end };
    let at = items.length;
    items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(item, items[above]!)) break;
      items[at] = items[above]!;
      at = above;
    }
    items[at] = item;
  }

  pop(): void {
    const { items } = this;
    const item = items.pop();
    if (item === undefined || items.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= items.length) break;
      if (below + 1 < items.length && before(items[below + 1]!, items[below]!)) below++;
      if (!before(items[below]!, item)) break;
      items[at] = items[below]!;
      at = below;
    }
    items[at] = item;
  }
}

const before = (a: OpenDeadline, b: OpenDeadline): boolean => a.end < b.end || (a.end === b.end && a.taskId < b.taskId);
