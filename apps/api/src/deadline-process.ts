import type { EventLog, RecordedEvent } from '#event-log';
import { endOfDeadline, lastInstantInTime } from '#deadlines';
import type { Clock, Instant } from '#kernel';
import { taskIdOf, toFact } from '#tasks';
import type { TaskService } from './task-service.ts';

/** setTimeout cannot wait longer than a signed 32-bit count of milliseconds. */
const LONGEST_WAIT = 2_147_483_647;
const BATCH = 2_000;

/**
 * Records `TaskBecameOverdue` when a deadline passes on open work. It keeps no state of its own: at start it reads the log once and knows
 * every open deadline, so whatever passed while the program was off is recorded then. The decider refuses what is already recorded, and the
 * event's id comes from what passed, so restarts and second instances cannot double it.
 */
export class DeadlineProcess {
  /** End of the deadline of open work whose passing is not recorded. */
  private readonly open = new Map<string, Instant>();
  /** Ends of deadlines in force, for work that is sent back to be redone. */
  private readonly ends = new Map<string, Instant>();
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private recording: Promise<unknown> = Promise.resolve();
  private readonly log: EventLog;
  private readonly tasks: TaskService;
  private readonly clock: Clock;

  constructor(log: EventLog, tasks: TaskService, clock: Clock) {
    this.log = log;
    this.tasks = tasks;
    this.clock = clock;
  }

  /** Reads the log, records everything that has passed, then follows. */
  async start(): Promise<void> {
    const head = (await this.log.head()).position;
    let after = 0n;
    for (;;) {
      const events = await this.log.readAll({ after, categories: ['task'], limit: BATCH });
      for (const event of events) this.see(event);
      const last = events[events.length - 1];
      if (last === undefined) break;
      after = last.position;
    }
    await this.recordPassed();
    this.running = this.follow(after > head ? after : head);
  }

  /** Records every deadline that has passed by now; returns how many tasks were looked at. */
  async recordPassed(): Promise<number> {
    const now = await this.tasks.now();
    const passed = [...this.open].filter(([, end]) => end < now).sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
    for (const [taskId] of passed) {
      if (this.stopping.signal.aborted) break;
      await this.tasks.execute({ taskId, command: { type: 'RecordOverdue' }, actor: { id: 'deadlines', role: 'system' } });
      this.open.delete(taskId);
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

  private async follow(after: bigint): Promise<void> {
    for await (const events of this.log.subscribe({ after, categories: ['task'], batchSize: BATCH, signal: this.stopping.signal })) {
      for (const event of events) this.see(event);
      this.schedule();
    }
  }

  private see(event: RecordedEvent): void {
    const taskId = taskIdOf(event.stream);
    const fact = toFact(event);
    if (fact.type === 'TaskAssigned' || fact.type === 'ExtensionGranted') this.wait(taskId, endOfDeadline(lastInstantInTime(fact.data.deadline)));
    else if (fact.type === 'CompletionRefused') this.wait(taskId, this.ends.get(taskId) ?? Infinity);
    else if (['CompletionSubmitted', 'TaskWithdrawn', 'TaskVoided', 'TaskBecameOverdue'].includes(fact.type)) this.open.delete(taskId);
  }

  private wait(taskId: string, end: Instant): void {
    this.ends.set(taskId, end);
    if (Number.isFinite(end)) this.open.set(taskId, end);
    else this.open.delete(taskId);
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.stopping.signal.aborted) return;
    let next = Infinity;
    for (const end of this.open.values()) if (end < next) next = end;
    if (next === Infinity) return;
    const wait = Math.min(Math.max(next - this.clock.now() + 1, 0), LONGEST_WAIT);
    this.timer = setTimeout(() => {
      this.recording = this.recordPassed().catch((error: unknown) => {
        process.stderr.write(`Chưa ghi được việc quá hạn, sẽ thử lại: ${error instanceof Error ? error.message : String(error)}\n`);
        if (!this.stopping.signal.aborted) this.timer = setTimeout(() => { this.schedule(); }, 5_000);
      });
    }, wait);
    this.timer.unref();
  }
}
