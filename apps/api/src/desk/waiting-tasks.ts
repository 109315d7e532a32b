import { setImmediate as nextTurn } from 'node:timers/promises';
import { categoryOf, type EventLog, type Position } from '#event-log';
import type { Instant } from '#kernel';
import { foldAt, repair, taskIdOf, taskStream, toFact } from '#tasks';
import { waitsOf, type TaskWaits } from '#oversight';

const AT_ONCE = 50;
const BATCH = 1_000;

/**
 * What waits in tasks, kept in memory: a task's stream is read when it is first asked about, and again only after something was recorded in
 * it. As disposable as memory, and never told anything but what stands in the log.
 */
export class WaitingTasks {
  private readonly log: Pick<EventLog, 'readAll' | 'readStream'>;
  private readonly kept = new Map<string, TaskWaits>();
  /** What is kept holds up to here; undefined before the first question. */
  private position: Position | undefined;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(log: Pick<EventLog, 'readAll' | 'readStream'>) {
    this.log = log;
  }

  /** What waits in each of the tasks, by what is known up to `known` (not before an earlier question's) and happened by `at`. */
  of(taskIds: readonly string[], known: Position, at: Instant): Promise<ReadonlyMap<string, TaskWaits>> {
    const answer = this.turn.then(() => this.read(taskIds, known, at));
    this.turn = answer.catch(() => undefined);
    return answer;
  }

  private async read(taskIds: readonly string[], known: Position, at: Instant): Promise<ReadonlyMap<string, TaskWaits>> {
    await this.forgetUpTo(known);
    const missing = taskIds.filter((id) => !this.kept.has(id));
    for (let n = 0; n < missing.length; n += AT_ONCE) {
      await Promise.all(
        missing.slice(n, n + AT_ONCE).map(async (id) => {
          const facts = (await this.log.readStream(taskStream(id))).filter(({ position }) => position <= this.position!).map(toFact);
          const state = foldAt(facts, at);
          if (state.kind === 'task') this.kept.set(id, waitsOf(state, repair(facts).effective.filter((fact) => fact.occurredAt <= at)));
        }),
      );
      await nextTurn();
    }
    return this.kept;
  }

  private async forgetUpTo(known: Position): Promise<void> {
    this.position ??= known;
    while (this.position < known) {
      const events = await this.log.readAll({ after: this.position, limit: BATCH, lazily: true });
      for (const { stream, position } of events) if (position <= known && categoryOf(stream) === 'task') this.kept.delete(taskIdOf(stream));
      const last = events.at(-1)?.position;
      this.position = last === undefined || last > known ? known : last;
    }
  }
}
