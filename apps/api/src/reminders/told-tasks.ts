import type { Instant } from '#kernel';
import type { BoardTask } from '#task-board';
import type { ReminderInputs } from './records.ts';

/** So long what is known of a task is told without looking again. */
const BELIEVED_MS = 1_000;

/** What messages that are sent soon after one another say of their tasks, asked once: people of one unit are reminded of the same ones. */
export class ToldTasks {
  private readonly madeAt = performance.now();
  private readonly stand = new Map<string, { readonly unitId: string; readonly due: number } | undefined>();
  private readonly board = new Map<string, BoardTask>();
  private readonly inputs: ReminderInputs;
  /** When it was asked. */
  readonly now: Instant;
  constructor(inputs: ReminderInputs, now: Instant) {
    this.inputs = inputs;
    this.now = now;
  }

  /** A mail server may be slow, and what was open then is done by now. */
  get isOld(): boolean {
    return performance.now() - this.madeAt > BELIEVED_MS;
  }

  /** Who leads a task that is still open, and until when; undefined for any other. */
  standing(taskId: string): { readonly unitId: string; readonly due: number } | undefined {
    if (this.stand.has(taskId)) return this.stand.get(taskId);
    const last = this.inputs.columns.ofTask(taskId, this.now, null).at(-1);
    const open = last?.cell.startsWith('O') === true ? { unitId: last.unitId, due: last.due } : undefined;
    this.stand.set(taskId, open);
    return open;
  }

  async texts(taskIds: readonly string[]): Promise<ReadonlyMap<string, BoardTask>> {
    const asked = [...new Set(taskIds)].filter((id) => !this.board.has(id));
    if (asked.length > 0) for (const task of await this.inputs.board.byIds(asked)) this.board.set(task.id, task);
    return this.board;
  }
}
