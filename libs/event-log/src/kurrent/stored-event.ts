import type { Instant } from '#kernel';
import { LogDamagedError, type EventMetadata, type JsonObject, type RecordedEvent } from '../port.ts';
import type { PreparedEvent } from '../prepare-append.ts';
import type { IncomingEvent, OutgoingEvent } from './client.ts';

/** What the server has no field for stands in the metadata under this name, so that `$correlationId` and `$causationId` stay where its tools look. */
const ENVELOPE = '$record';


interface Envelope {

  readonly schema: number;
  readonly occurredAt: Instant;
  /** By the clock of the process that wrote it. */
  readonly recordedAt: Instant;
  /** The append that wrote it: tells a first answer from a repeated one. */
  readonly append: string;
}

export interface Incoming {
  readonly event: RecordedEvent;
  readonly append: string;
}

export function outgoing(event: PreparedEvent, recordedAt: Instant, append: string): OutgoingEvent {
  const envelope: Envelope = { schema: event.schema, occurredAt: event.occurredAt, recordedAt, append };
  const metadata = { ...(JSON.parse(event.metadata) as JsonObject), [ENVELOPE]: envelope };
  return { id: event.id, type: event.type, data: JSON.parse(event.data) as JsonObject, metadata: new Uint8Array(new TextEncoder().encode(JSON.stringify(metadata))) };
}

export function refuseEnvelope(stream: string, { type, metadata }: PreparedEvent): void {
  if (metadata.includes(ENVELOPE) && ENVELOPE in (JSON.parse(metadata) as object)) throw new TypeError(`${stream}: metadata of ${type} must not hold "${ENVELOPE}"`);
}

/** Undefined for what others wrote into the same server: system events and events without our envelope. */
export function incoming(given: IncomingEvent): Incoming | undefined {
  if (given.type.startsWith('$') || given.stream.startsWith('$')) return undefined;
  if (!isObject(given.metadata)) return undefined;
  const { [ENVELOPE]: envelope, ...metadata } = given.metadata;
  if (!isEnvelope(envelope)) return undefined;
  if (!isObject(given.data)) throw new LogDamagedError(`Sự kiện ${given.id} (luồng ${given.stream}, số ${String(given.revision)}) không đọc được: dữ liệu phải là một đối tượng JSON.`);
  const { id, type, stream, revision, position } = given;
  return {
    event: { id, type, schema: envelope.schema, data: given.data as JsonObject, metadata: metadata as unknown as EventMetadata, occurredAt: envelope.occurredAt, stream, revision, position, recordedAt: envelope.recordedAt },
    append: envelope.append,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function isEnvelope(value: unknown): value is Envelope {
  return isObject(value) && typeof value['schema'] === 'number' && typeof value['occurredAt'] === 'number' && typeof value['recordedAt'] === 'number' && typeof value['append'] === 'string';
}
