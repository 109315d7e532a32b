import { Problem } from '#kernel';
import type { EventLog, EventMetadata, JsonObject, NewEvent, Position, ReadAllOptions, RecordedEvent, StreamAppend } from './port.ts';

/** Lifts the data of one schema to the next. Pure: it decides by what the event itself says, for it runs at every reading, for ever. */
export type Upcaster = (data: JsonObject, event: Pick<RecordedEvent, 'occurredAt' | 'stream' | 'metadata'>) => JsonObject;

/** What a room says about one of its event types. */
export interface EventSchema {
  /** The schema that is written now; absent: 1. */
  readonly schema?: number;
  /** From schema n to n + 1 at index n − 1, so one fewer than schemas. */
  readonly upcasters?: readonly Upcaster[];
  /** Names it had before, each with the last schema that was written under it, oldest first. The numbering goes on under the new name. */
  readonly formerly?: readonly { readonly type: string; readonly upTo: number }[];
}

/** Every event type that is written now. */
export type EventSchemas = Readonly<Record<string, EventSchema>>;

/** The schema that a type of a room is written with. */
export const schemaOf = <T extends string>(schemas: Readonly<Record<T, EventSchema>>, type: T): number => schemas[type].schema ?? 1;

/** A type and schema that stand, or may stand, in a log. */
export interface WrittenAs {
  readonly type: string;
  readonly schema: number;
}

interface Lift {
  readonly type: string;
  readonly schema: number;
  readonly upcasters: readonly Upcaster[];
}

/** All that a program understands, put together from its rooms. */
export class EventCatalogue {
  /** Every type and schema ever written, in a fixed order. */
  readonly written: readonly WrittenAs[];
  private readonly current = new Map<string, number>();
  private readonly older = new Map<string, Lift>();
  private readonly former = new Map<string, readonly string[]>();

  /** Whether nothing it understands needs lifting. */
  get allCurrent(): boolean {
    return this.older.size === 0;
  }

  /** @throws TypeError where rooms contradict one another or a chain has a gap: a mistake of the program. */
  constructor(...rooms: readonly EventSchemas[]) {
    const written: WrittenAs[] = [];
    for (const [type, { schema = 1, upcasters = [], formerly = [] }] of rooms.flatMap((room) => Object.entries(room))) {
      if (this.current.has(type)) throw new TypeError(`${type} stands in two rooms`);
      if (upcasters.length !== schema - 1)
        throw new TypeError(`${type}: schema ${String(schema)} needs ${String(schema - 1)} upcasters, got ${String(upcasters.length)}`);
      this.current.set(type, schema);
      if (formerly.length > 0)
        this.former.set(
          type,
          formerly.map((name) => name.type),
        );
      let from = 1;
      for (const name of [...formerly, { type, upTo: schema }]) {
        const last = name.type === type;
        if (name.upTo < from || name.upTo > schema || (!last && name.upTo >= schema))
          throw new TypeError(`${type}: ${name.type} up to ${String(name.upTo)} is out of order; a new name needs a new schema`);
        for (; from <= name.upTo; from++) {
          written.push({ type: name.type, schema: from });
          if (from === schema) continue;
          const key = keyOf(name.type, from);
          if (this.older.has(key)) throw new TypeError(`${key} stands for two types`);
          this.older.set(key, { type, schema, upcasters: upcasters.slice(from - 1) });
        }
      }
    }
    for (const { type, schema } of written)
      if (this.older.has(keyOf(type, schema)) && this.current.get(type) === schema)
        throw new TypeError(`${keyOf(type, schema)} stands for two types`);
    this.written = written.sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : a.schema - b.schema));
  }

  /** The schema that a type is written with. @throws TypeError for a type no room has. */
  schemaOf(type: string): number {
    const schema = this.current.get(type);
    if (schema === undefined) throw new TypeError(`event type ${type} is in no room's schemas`);
    return schema;
  }

  /** The names under which a type may stand in a log. */
  namesOf(type: string): readonly string[] {
    return [type, ...(this.former.get(type) ?? [])];
  }

  /** The event as it is written now; itself when it is that already, which costs one look-up. @throws LogNotUnderstoodError */
  lift(event: RecordedEvent, lazily = false): RecordedEvent {
    if (this.current.get(event.type) === event.schema) return event;
    const lift = this.older.get(keyOf(event.type, event.schema));
    if (!lift) throw this.notUnderstood(event);
    const lifted = new LiftedEvent(event, lift);
    return lazily ? lifted : { ...event, type: lift.type, schema: lift.schema, data: lifted.data };
  }

  notUnderstood({ id, position, type, schema }: Pick<RecordedEvent, 'id' | 'position' | 'type' | 'schema'>): LogNotUnderstoodError {
    const known = this.written.filter((one) => one.type === type).at(-1)?.schema;
    const why =
      known === undefined ? 'chương trình này không biết loại ấy' : `chương trình này chỉ hiểu loại ấy đến lược đồ ${String(known)}`;
    return new LogNotUnderstoodError(
      `Nhật ký có sự kiện ${id} ở vị trí ${String(position)}, loại “${type}”, lược đồ ${String(schema)}: ${why}. Nhật ký do phiên bản mới hơn ghi: hãy cập nhật chương trình rồi mở lại; nhật ký chưa bị thay đổi.`,
      { eventId: id, position: String(position), type, schema },
    );
  }
}

/** The log holds what this program does not know: read on, it would be half understood, so it is not read at all. */
export class LogNotUnderstoodError extends Problem {
  constructor(detail: string, extra: Readonly<Record<string, unknown>>) {
    super(500, 'log-not-understood', 'Nhật ký do phiên bản mới hơn ghi', detail, { extra });
    this.name = 'LogNotUnderstoodError';
  }
}

const keyOf = (type: string, schema: number): string => `${type}@${String(schema)}`;

/** Lifts its data when first asked for. */
class LiftedEvent implements RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly schema: number;
  readonly occurredAt: number;
  readonly stream: string;
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: number;
  private readonly from: RecordedEvent;
  private readonly upcasters: readonly Upcaster[];
  private lifted: JsonObject | undefined;

  constructor(from: RecordedEvent, { type, schema, upcasters }: Lift) {
    this.id = from.id;
    this.type = type;
    this.schema = schema;
    this.occurredAt = from.occurredAt;
    this.stream = from.stream;
    this.revision = from.revision;
    this.position = from.position;
    this.recordedAt = from.recordedAt;
    this.from = from;
    this.upcasters = upcasters;
  }

  get data(): JsonObject {
    return (this.lifted ??= this.upcasters.reduce((data, upcast) => upcast(data, this.from), this.from.data));
  }

  get metadata(): EventMetadata {
    return this.from.metadata;
  }
}

/**
 * The log as this program speaks: what is read is lifted to the schemas written now, what is not understood is never given out, and only
 * current events are taken. The one place where events are lifted; copies and backups are made from the store itself, as it stands.
 */
export class UnderstoodLog implements EventLog {
  /** Everything up to here is known to be understood. */
  private checked: Position;
  private readonly log: EventLog;
  private readonly catalogue: EventCatalogue;

  private constructor(log: EventLog, catalogue: EventCatalogue, checked: Position) {
    this.log = log;
    this.catalogue = catalogue;
    this.checked = checked;
  }

  /** Looks at everything after `checked`, up to which the same catalogue has understood the log before. @throws LogNotUnderstoodError */
  static async open(log: EventLog, catalogue: EventCatalogue, checked: Position = 0n): Promise<UnderstoodLog> {
    const understood = new UnderstoodLog(log, catalogue, checked);
    await understood.check((await log.head()).position);
    return understood;
  }

  get stopped(): EventLog['stopped'] {
    return this.log.stopped;
  }

  async append(stream: string, events: readonly NewEvent[], options: { expectedRevision: number }): ReturnType<EventLog['append']> {
    this.requireCurrent(stream, events);
    return this.log.append(stream, events, options);
  }

  async appendMany(appends: readonly StreamAppend[]): ReturnType<EventLog['appendMany']> {
    for (const { stream, events } of appends) this.requireCurrent(stream, events);
    return this.log.appendMany(appends);
  }

  async readStream(...given: Parameters<EventLog['readStream']>): Promise<readonly RecordedEvent[]> {
    return this.lift(await this.log.readStream(...given));
  }

  async readAll(options: ReadAllOptions): Promise<readonly RecordedEvent[]> {
    const { types, lazily } = options;
    if (!types) return this.lift(await this.log.readAll(options), lazily);
    const events = await this.log.readAll({ ...options, types: types.flatMap((type) => this.catalogue.namesOf(type)) });
    // What was passed over unread has to be understood as well: a new type of a newer program is of none of these types.
    const last = events.at(-1)?.position;
    if (last !== undefined && last > this.checked) await this.check(last);
    return this.lift(events, lazily);
  }

  async readAt(position: Position): Promise<RecordedEvent | undefined> {
    const event = await this.log.readAt(position);
    return event && this.catalogue.lift(event);
  }

  async readEvent(id: string): Promise<RecordedEvent | undefined> {
    const event = await this.log.readEvent(id);
    return event && this.catalogue.lift(event);
  }

  head(): ReturnType<EventLog['head']> {
    return this.log.head();
  }

  positionAt(instant: number): Promise<Position> {
    return this.log.positionAt(instant);
  }

  async *subscribe(options: Parameters<EventLog['subscribe']>[0]): AsyncGenerator<readonly RecordedEvent[], void, undefined> {
    for await (const events of this.log.subscribe(options)) yield this.lift(events, options.lazily);
  }

  close(): Promise<void> {
    return this.log.close();
  }

  /** The same array when every event is current. */
  private lift(events: readonly RecordedEvent[], lazily = false): readonly RecordedEvent[] {
    // Catching up costs nothing then: all of it was looked at, and nothing of it can be older.
    const [first, last] = [events[0], events.at(-1)];
    if (!first || !last || (this.catalogue.allCurrent && first.position <= this.checked && last.position <= this.checked)) return events;
    let lifted: RecordedEvent[] | undefined;
    for (let i = 0; i < events.length; i++) {
      const event = this.catalogue.lift(events[i]!, lazily);
      if (event !== events[i]) (lifted ??= [...events])[i] = event;
    }
    return lifted ?? events;
  }

  private async check(upTo: Position): Promise<void> {
    const first = await firstOther(this.log, this.catalogue.written, this.checked, upTo);
    if (first) throw this.catalogue.notUnderstood(first);
    this.checked = upTo;
  }

  private requireCurrent(stream: string, events: readonly NewEvent[]): void {
    for (const { type, schema } of events) {
      const current = this.catalogue.schemaOf(type);
      if (schema !== current) throw new TypeError(`${stream}: ${type} is written with schema ${String(current)}, got ${String(schema)}`);
    }
  }
}

async function firstOther(log: EventLog, known: readonly WrittenAs[], after: Position, upTo: Position): Promise<RecordedEvent | undefined> {
  if (after >= upTo) return undefined;
  if (log.firstOther) return log.firstOther(known, { after, upTo });
  const keys = new Set(known.map(({ type, schema }) => keyOf(type, schema)));
  for (let from = after; from < upTo;) {
    const events = await log.readAll({ after: from, limit: 1_000, lazily: true });
    const found = events.find(({ type, schema, position }) => position <= upTo && !keys.has(keyOf(type, schema)));
    if (found || events.length === 0) return found;
    from = events.at(-1)!.position;
  }
  return undefined;
}
