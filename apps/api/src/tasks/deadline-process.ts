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
/** These never change what is open. A type that stands in no list below has the task's own stream asked. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'TaskReceived', 'ProgressReported', 'ExtensionRequested', 'ExtensionRefused', 'ReturnProposed', 'ReturnRefused', 'TaskUrged',
  'ExplanationRequested', 'ExplanationGiven', 'ObjectiveCauseConfirmed', 'CoordinationAnswered',
]);
const ENDS_WAITING: ReadonlySet<string> = new Set(['CompletionSubmitted', 'TaskCompleted', 'TaskWithdrawn', 'TaskCancelled', 'TaskVoided']);

/** Open work with a deadline whose passing is not recorded yet, and when that deadline ends. */
export interface OpenDeadline {
  readonly taskId: string;
  readonly end: Instant;
}

/** All open deadlines after the event at `position`, from a read model, so that a start need not read the log. */
export interface OpenDeadlines {
  readonly position: Position;
  readonly open: Iterable<OpenDeadline>;
}

/**
 * Records `TaskBecameOverdue` when a deadline passes on open work. It keeps nothing of its own: whatever passed while the program was off is
 * recorded at start, the decider refuses what is already recorded, and the event's id comes from what passed, so restarts and second
 * instances cannot double it.
 */
export class DeadlineProcess {
  /** End of the deadline of open work whose passing is not recorded. */
  private readonly open = new Map<string, Instant>();
  /** The same by time; entries that `open` no longer confirms are passed over. */
  private readonly byEnd = new EndHeap();
  private readonly stopping = new AbortController();
  private position: Position = 0n;
  private timer: NodeJS.Timeout | undefined;
  private timerFor = Infinity;
  private running: Promise<void> | undefined;
  private recording: Promise<unknown> = Promise.resolve();
  private readonly log: EventLog;
  private readonly tasks: TaskService;
  private readonly clock: Clock;
  private readonly openDeadlines: () => OpenDeadlines;

  constructor(log: EventLog, tasks: TaskService, clock: Clock, openDeadlines: () => OpenDeadlines) {
    this.log = log;
    this.tasks = tasks;
    this.clock = clock;
    this.openDeadlines = openDeadlines;
  }

  /** Learns what is open, records everything that has passed, then follows the log. */
  async start(): Promise<void> {
    const { position, open } = this.openDeadlines();
    for (const { taskId, end } of open) this.wait(taskId, end);
    this.position = position;
    await this.readOn();
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
      const results = await Promise.allSettled(together.map(({ taskId }) => this.tasks.execute({ taskId, actor: { id: 'deadlines', role: 'system' }, prepare: () => ({ command: { type: 'RecordOverdue' } }) })));
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
    this.stopping.abort();
    clearTimeout(this.timer);
    await this.running;
    await this.recording;
  }

  private async follow(): Promise<void> {
    for await (const events of this.log.subscribe({ after: this.position, batchSize: BATCH, lazily: true, signal: this.stopping.signal })) {
      await this.see(events);
      this.schedule();
      // What arrives in the next moments is looked at together; no deadline is that near.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async readOn(): Promise<void> {
    const changed = new Set<string>();
    for (;;) {
      const events = await this.log.readAll({ after: this.position, limit: BATCH, lazily: true });
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
    if (last) this.position = last.position;
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
