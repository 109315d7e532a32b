import type { RecordedEvent } from '#event-log';
import type { TaskFact } from './events.ts';

/** The stream of a task. */
export const taskStream = (taskId: string): string => `task-${taskId}`;
export const taskIdOf = (stream: string): string => stream.slice('task-'.length);

/** A recorded event of a task stream as a fact. Unknown types are refused by the reader of the log before this. */
export function toFact(event: RecordedEvent): TaskFact {
  return {
    type: event.type,
    data: event.data,
    eventId: event.id,
    revision: event.revision,
    position: event.position,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
  } as unknown as TaskFact;
}
