import { isUuid, type Instant } from '#kernel';
import { categoryOf, type EventMetadata, type JsonObject, type NewEvent, type RecordedEvent, type StreamAppend } from './port.ts';

/** Data and metadata of one append together, as UTF-8 JSON. KurrentDB takes 1 MiB per append by default; every store keeps to it, so that a log can move. */
export const MAX_APPEND_BYTES = 1024 * 1024;
const MAX_DEPTH = 64;
const STREAM_SHAPE = /^[A-Za-z][A-Za-z0-9_]{0,63}-[^\s\p{C}]{1,200}$/u;
const TYPE_SHAPE = /^[^\s$\p{C}][^\p{C}]{0,199}$/u;

/** An event as a store writes it: checked, with its JSON made once. */
export interface PreparedEvent {
  readonly id: string;
  readonly type: string;
  readonly schema: number;
  readonly data: string;
  readonly metadata: string;
  readonly occurredAt: Instant;
}

export interface PreparedAppend {
  readonly stream: string;
  readonly category: string;
  readonly expectedRevision: number;
  readonly events: readonly PreparedEvent[];
}

/** An event as a store reads it back. */
export interface StoredEvent extends PreparedEvent {
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly recordedAt: Instant;
}

/** Checks an append and makes its JSON. Throws TypeError: what is wrong here is the program's mistake, not an outcome. */
export function prepareAppend({ stream, expectedRevision, events }: StreamAppend): PreparedAppend {
  if (typeof stream !== 'string' || !STREAM_SHAPE.test(stream))
    throw new TypeError(`stream name must be <category>-<id>, got ${shown(stream)}`);
  if (!Number.isSafeInteger(expectedRevision) || expectedRevision < -1)
    throw new TypeError(`${stream}: expected revision must be an integer from -1 on, got ${shown(expectedRevision)}`);
  if (events.length === 0) throw new TypeError(`${stream}: an append needs at least one event`);
  let bytes = 0;
  const prepared = events.map((event) => {
    const one = prepareEvent(stream, event);
    bytes += Buffer.byteLength(one.data) + Buffer.byteLength(one.metadata);
    return one;
  });
  if (bytes > MAX_APPEND_BYTES)
    throw new TypeError(`${stream}: an append holds at most ${String(MAX_APPEND_BYTES)} bytes of data and metadata, got ${String(bytes)}`);
  if (prepared.length > 1 && new Set(prepared.map((e) => e.id)).size < prepared.length)
    throw new TypeError(`${stream}: the same event id stands twice in one append`);
  return { stream, category: categoryOf(stream), expectedRevision, events: prepared };
}

function prepareEvent(stream: string, { id, type, schema, data, metadata, occurredAt }: NewEvent): PreparedEvent {
  // Lower case only: stores compare ids as text, and a UUID in capitals is the same UUID.
  if (typeof id !== 'string' || !isUuid(id) || id !== id.toLowerCase())
    throw new TypeError(`${stream}: event id must be a lower-case UUID, got ${shown(id)}`);
  if (typeof type !== 'string' || !TYPE_SHAPE.test(type))
    throw new TypeError(`${stream}: event type must be a non-empty text that does not start with $, got ${shown(type)}`);
  if (!Number.isSafeInteger(schema) || schema < 1)
    throw new TypeError(`${stream}: schema of ${type} must be an integer from 1 on, got ${shown(schema)}`);
  if (!Number.isSafeInteger(occurredAt))
    throw new TypeError(`${stream}: occurredAt of ${type} must be whole milliseconds, got ${shown(occurredAt)}`);
  requireJsonObject(data, `${stream}: data of ${type}`);
  requireJsonObject(metadata, `${stream}: metadata of ${type}`);
  return { id, type, schema, data: JSON.stringify(data), metadata: JSON.stringify(metadata), occurredAt };
}

function requireJsonObject(value: unknown, where: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new TypeError(`${where} must be an object, got ${shown(value)}`);
  requireJson(value, where, 0);
}

/** JSON.stringify alone would quietly write NaN as null, a Map as {} and a Date as text: what is read back must be what was given. */
function requireJson(value: unknown, where: string, depth: number): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return;
  } else if (typeof value === 'object') {
    if (depth > MAX_DEPTH) throw new TypeError(`${where} is nested deeper than ${String(MAX_DEPTH)} levels`);
    if (Array.isArray(value)) {
      for (const item of value as unknown[]) requireJson(item, where, depth + 1);
      return;
    }
    if (Object.prototype.toString.call(value) === '[object Object]' && !('toJSON' in value)) {
      for (const item of Object.values(value)) if (item !== undefined) requireJson(item, where, depth + 1);
      return;
    }
  }
  throw new TypeError(`${where} holds a value JSON cannot carry: ${shown(value)}`);
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return typeof value === 'object' ? Object.prototype.toString.call(value) : typeof value;
}

export function toRecorded(stored: StoredEvent): RecordedEvent {
  return {
    id: stored.id,
    type: stored.type,
    schema: stored.schema,
    data: JSON.parse(stored.data) as JsonObject,
    metadata: JSON.parse(stored.metadata) as EventMetadata,
    occurredAt: stored.occurredAt,
    stream: stored.stream,
    revision: stored.revision,
    position: BigInt(stored.position),
    recordedAt: stored.recordedAt,
  };
}
