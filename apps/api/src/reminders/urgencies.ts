import type { EventLog, Position } from '#event-log';
import { taskIdOf } from '#tasks';

const BATCH = 2_000;

/** Urgency of the documents of tasks, read from the log when a rule first asks for it, and followed from question to question. */
export class Urgencies {
  private readonly kept = new Map<string, string>();
  private position: Position = 0n;
  private turn: Promise<unknown> = Promise.resolve();
  private readonly log: EventLog;

  constructor(log: EventLog) {
    this.log = log;
  }

  /** One after the other: two at once would note an older urgency over a newer one. */
  known(): Promise<ReadonlyMap<string, string>> {
    const mine = this.turn.catch(() => undefined).then(() => this.follow());
    this.turn = mine;
    return mine;
  }

  private async follow(): Promise<ReadonlyMap<string, string>> {
    for (;;) {
      const events = await this.log.readAll({ after: this.position, types: ['TaskAssigned', 'TaskCorrected'], limit: BATCH, lazily: true });
      const last = events.at(-1);
      if (!last) return this.kept;
      this.position = last.position;
      for (const event of events) {
        if (event.type === 'TaskAssigned') this.note(taskIdOf(event.stream), event.data['document']);
        else if (event.type === 'TaskCorrected') {
          const changes = event.data['changes'] as Readonly<Record<string, { readonly new?: unknown } | undefined>> | undefined;
          if (changes?.['document'] !== undefined) this.note(taskIdOf(event.stream), changes['document'].new);
        }
      }
    }
  }

  private note(taskId: string, document: unknown): void {
    const urgency = (document as { readonly urgency?: unknown } | undefined)?.urgency;
    if (typeof urgency === 'string' && urgency !== '') this.kept.set(taskId, urgency);
    else this.kept.delete(taskId);
  }
}
