import { setTimeout as sleep } from 'node:timers/promises';
import type { FigureTasks, PassedDeadline } from '#figures';
import type { Clock, Instant } from '#kernel';
import type { TaskService } from './task-service.ts';

/** The clock of the machine may be set forward while we wait: looked at anew this often. */
const LONGEST_WAIT = 60_000;
/** Recorded side by side: they share a commit of the log. */
const TOGETHER = 100;
/** What changes in the next moments is looked at together; no deadline is that near. */
const LOOK_AFTER_MS = 200;
const RETRY_MS = 5_000;

/** The read model that knows which deadlines are open; it follows the log. */
export interface OpenDeadlines {
  readonly figureTasks: Pick<FigureTasks, 'passedBy' | 'nextEnd'>;
  catchUp(): Promise<void>;
  onChange(listener: () => void): void;
}

/**
 * Records `TaskBecameOverdue` when a deadline passes on open work. It keeps nothing of its own: the read model says what has passed and is
 * not recorded, after a downtime too; the decider refuses what is already recorded; and the event's id comes from what passed, so restarts
 * and second instances cannot double it.
 */
export class DeadlineProcess {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private timerFor: Instant | undefined;
  private looking: NodeJS.Timeout | undefined;
  private recording: Promise<unknown> = Promise.resolve();
  private readonly tasks: TaskService;
  private readonly clock: Clock;
  private readonly models: OpenDeadlines;

  constructor(tasks: TaskService, clock: Clock, models: OpenDeadlines) {
    this.tasks = tasks;
    this.clock = clock;
    this.models = models;
  }

  /** Records everything that has passed, then waits for the next. */
  async start(): Promise<void> {
    await this.recordPassed();
    this.models.onChange(() => {
      if (this.stopping.signal.aborted) return;
      this.looking ??= setTimeout(() => {
        this.looking = undefined;
        this.lookAgain();
      }, LOOK_AFTER_MS);
      this.looking.unref();
    });
    await this.schedule();
  }

  /** Records every deadline that has passed by now; returns how many tasks were looked at. */
  async recordPassed(): Promise<number> {
    const looked = new Set<string>();
    for (;;) {
      await this.models.catchUp();
      const now = await this.tasks.now();
      const passed = (await this.models.figureTasks.passedBy(now, TOGETHER)).filter((one) => !looked.has(keyOf(one)));
      if (passed.length === 0 || this.stopping.signal.aborted) return looked.size;
      const results = await Promise.allSettled(passed.map(({ taskId }) => this.tasks.execute({ taskId, actor: { id: 'deadlines', role: 'system' }, prepare: () => ({ command: { type: 'RecordOverdue' } }) })));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
      for (const one of passed) looked.add(keyOf(one));
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    clearTimeout(this.looking);
    await this.recording;
  }

  private lookAgain(): void {
    this.schedule().catch((error: unknown) => { this.tryLater(error); });
  }

  private async schedule(): Promise<void> {
    const next = await this.models.figureTasks.nextEnd();
    if (this.stopping.signal.aborted || next === this.timerFor) return;
    clearTimeout(this.timer);
    this.timerFor = next;
    if (next === undefined) return;
    this.timer = setTimeout(() => {
      this.recording = this.recordPassed().then(
        () => {
          this.timerFor = undefined;
          return this.schedule();
        },
      ).catch((error: unknown) => { this.tryLater(error); });
    }, Math.min(Math.max(next - this.clock.now() + 1, 0), LONGEST_WAIT));
    this.timer.unref();
  }

  private tryLater(error: unknown): void {
    if (this.stopping.signal.aborted) return;
    process.stderr.write(`Chưa ghi được việc quá hạn, sẽ thử lại: ${error instanceof Error ? error.message : String(error)}\n`);
    void sleep(RETRY_MS, undefined, { signal: this.stopping.signal, ref: false }).then(() => {
      this.timerFor = undefined;
      this.lookAgain();
    }, () => undefined);
  }
}

const keyOf = ({ taskId, end }: PassedDeadline): string => `${taskId} ${String(end)}`;
