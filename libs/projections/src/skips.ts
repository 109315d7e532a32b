import { schemaOf, type Actor, type EventLog } from '#event-log';
import { Problem, type Clock, type Ids } from '#kernel';
import { PROJECTION_EVENT_SCHEMAS } from './event-schemas.ts';

const streamOf = (projection: string): string => `projection-${projection}`;
const SKIPPED = 'ProjectionEventSkipped';

/** The events that somebody decided a projection of this version goes on without. */
export async function skippedEvents(log: EventLog, projection: string, version: number): Promise<ReadonlySet<string>> {
  const events = await log.readStream(streamOf(projection));
  return new Set(events.filter(({ type, data }) => type === SKIPPED && data['version'] === version).map(({ data }) => data['eventId'] as string));
}

export interface Skip {
  readonly projection: string;
  readonly version: number;
  readonly eventId: string;
  readonly reason: string;
}

/**
 * Records the decision that a projection goes on without an event: in the log, for every later build of that version has to make it too.
 * @throws Problem `reason-missing`, `event-unknown`, `concurrent-change`.
 */
export async function recordSkip(log: EventLog, { projection, version, eventId, reason }: Skip, actor: Actor, clock: Clock, ids: Ids): Promise<{ readonly stream: string }> {
  if (reason.trim() === '') throw new Problem(422, 'reason-missing', 'Thiếu lý do', 'Bỏ qua một sự kiện cần có lý do.', { errors: [{ pointer: '/reason', code: 'reason-missing', detail: 'cần một câu nêu lý do', given: reason }] });
  const event = await log.readEvent(eventId);
  if (!event) throw new Problem(404, 'event-unknown', 'Không có sự kiện', `Nhật ký không có sự kiện “${eventId}”.`);
  if ((await skippedEvents(log, projection, version)).has(eventId)) return { stream: event.stream };
  const stream = streamOf(projection);
  const [last] = await log.readStream(stream, { direction: 'backwards', limit: 1 });
  const id = ids.next();
  const data = { projection, version, eventId, stream: event.stream, reason: reason.trim() };
  const result = await log.append(stream, [{ id, type: SKIPPED, schema: schemaOf(PROJECTION_EVENT_SCHEMAS, SKIPPED), data, occurredAt: clock.now(), metadata: { actor, $correlationId: id } }], { expectedRevision: last?.revision ?? -1 });
  if (!result.ok) throw new Problem(409, 'concurrent-change', 'Có người vừa ghi trước', 'Một quyết định khác vừa được ghi; hãy thử lại.');
  return { stream: event.stream };
}
