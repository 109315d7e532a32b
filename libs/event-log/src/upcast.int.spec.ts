import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ManualClock, systemIds, type Clock } from '#kernel';
import { Projector, type Projection } from '#projections';
import { openReader } from '#projections/sqlite/open-read-models';
import { dumpTables, openSqliteReadModels, readBuilds, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { eventLogFeatures } from './event-log.features.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import type { EventLog, JsonObject, NewEvent } from './port.ts';
import { openSqliteEventLog } from './sqlite/sqlite-event-log.ts';
import { EventCatalogue, LogNotUnderstoodError, UnderstoodLog, type EventSchemas } from './upcast.ts';

/*
 * A life of three schemas. 1: `OfficeMoved {to: "Tầng 2, phòng 5"}`. 2: floor and room apart. 3: renamed to `RoomChanged`, with the year, which
 * stood nowhere but in the time of the fact.
 */
const asOne: EventSchemas = { OfficeMoved: {}, Noted: {} };
const apart = (data: JsonObject): JsonObject => {
  const [, floor, room] = /^Tầng (\d+), phòng (\d+)$/.exec(data['to'] as string)!;
  return { floor: Number(floor), room: Number(room) };
};
const asTwo: EventSchemas = { OfficeMoved: { schema: 2, upcasters: [apart] }, Noted: {} };
const asThree: EventSchemas = {
  RoomChanged: {
    schema: 3,
    formerly: [{ type: 'OfficeMoved', upTo: 2 }],
    upcasters: [apart, (data, { occurredAt }) => ({ ...data, year: new Date(occurredAt).getUTCFullYear() })],
  },
  Noted: {},
};
const AT = Date.UTC(2026, 10, 25);

const event = (type: string, schema: number, data: JsonObject): NewEvent => ({
  id: systemIds.next(),
  type,
  schema,
  data,
  metadata: { actor: { id: 'office', role: 'office' } },
  occurredAt: AT,
});
const inOne = event('OfficeMoved', 1, { to: 'Tầng 2, phòng 5' });
const noted = event('Noted', 1, { text: 'đã chuyển' });
const inTwo = event('OfficeMoved', 2, { floor: 3, room: 1 });
const inThree = event('RoomChanged', 3, { floor: 4, room: 7, year: 2025 });
const CURRENT = [
  ['RoomChanged', 3, { floor: 2, room: 5, year: 2026 }],
  ['Noted', 1, { text: 'đã chuyển' }],
  ['RoomChanged', 3, { floor: 3, room: 1, year: 2026 }],
  ['RoomChanged', 3, { floor: 4, room: 7, year: 2025 }],
] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhacviec-upcast-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const stores: readonly (readonly [string, (clock: Clock) => Promise<EventLog>])[] = [
  ['memory', (clock) => Promise.resolve(new MemoryEventLog({ clock }))],
  ['sqlite', (clock) => openSqliteEventLog({ file: join(folder, 'events.sqlite'), clock })],
];

describe.each(stores)('events of past schemas in %s', (_, open) => {
  let stored: EventLog;
  const as = (schemas: EventSchemas): Promise<UnderstoodLog> => UnderstoodLog.open(stored, new EventCatalogue(schemas));

  beforeEach(async () => {
    stored = await open(new ManualClock(AT));
    // Each program writes what it knows.
    await (await as(asOne)).append('office-1', [inOne, noted], { expectedRevision: -1 });
    await (await as(asTwo)).append('office-1', [inTwo], { expectedRevision: 1 });
    await (await as(asThree)).append('office-1', [inThree], { expectedRevision: 2 });
  });
  afterEach(() => stored.close());

  test('are read as the present program writes them, by every door of the log', async () => {
    const log = await as(asThree);
    const told = (events: Iterable<{ type: string; schema: number; data: unknown }>): unknown[] =>
      [...events].map(({ type, schema, data }) => [type, schema, data]);
    expect(told(await log.readStream('office-1'))).toEqual(CURRENT);
    expect(told(await log.readAll({ after: 0n, limit: 10 }))).toEqual(CURRENT);
    expect(told(await log.readAll({ after: 0n, limit: 10, lazily: true }))).toEqual(CURRENT);
    expect(told(await log.readAll({ after: 0n, limit: 10, direction: 'backwards' }))).toEqual(CURRENT.toReversed());
    // Asked for by its present name, it is found under the old one.
    expect(told(await log.readAll({ after: 0n, limit: 10, types: ['RoomChanged'] }))).toEqual(
      CURRENT.filter(([type]) => type === 'RoomChanged'),
    );
    expect(told([(await log.readEvent(inOne.id))!])).toEqual([CURRENT[0]]);
    for await (const batch of log.subscribe({ after: 0n, signal: new AbortController().signal })) {
      expect(told(batch)).toEqual(CURRENT);
      break;
    }
  });

  test('keep everything but type, schema and data', async () => {
    const [before] = await stored.readStream('office-1');
    for (const lazily of [false, true]) {
      const [after] = await (await as(asThree)).readAll({ after: 0n, limit: 1, lazily });
      const { id, stream, revision, position, occurredAt, recordedAt, metadata } = after!;
      expect({
        id,
        stream,
        revision,
        position,
        occurredAt,
        recordedAt,
        metadata,
        type: 'OfficeMoved',
        schema: 1,
        data: before!.data,
      }).toEqual(before);
    }
  });

  test('stay unparsed and unlifted until their data is asked for, and are lifted once', async () => {
    const upcaster = jest.fn(apart);
    const log = await as({
      OfficeMoved: { schema: 3, upcasters: [upcaster, (data) => data] },
      RoomChanged: { schema: 3, upcasters: [(data) => data, (data) => data] },
      Noted: {},
    });
    const events = await log.readAll({ after: 0n, limit: 10, lazily: true });
    expect(upcaster).not.toHaveBeenCalled();
    expect([events[0]!.data, events[0]!.data]).toEqual([
      { floor: 2, room: 5 },
      { floor: 2, room: 5 },
    ]);
    expect(upcaster).toHaveBeenCalledTimes(1);
  });

  test('are handed through as they are where nothing has changed', async () => {
    const rows = await stored.readAll({ after: 1n, limit: 1 });
    const log = await UnderstoodLog.open({ ...delegating(stored), readAll: () => Promise.resolve(rows) }, new EventCatalogue(asThree), 4n);
    expect(await log.readAll({ after: 1n, limit: 1 })).toBe(rows);
  });

  test('reach a projection lifted', async () => {
    const rooms: Projection<SqliteTx> = {
      name: 'rooms',
      version: 1,
      categories: ['office'],
      types: ['RoomChanged'],
      tables: [{ name: 'rooms', orderBy: 'position' }],
      init: ({ db, table }) => {
        db.exec(`CREATE TABLE ${table('rooms')} (position INTEGER PRIMARY KEY, floor INTEGER, room INTEGER, year INTEGER)`);
      },
      apply(events, { db, table }) {
        for (const { type, position, data } of events)
          if (type === 'RoomChanged')
            db.prepare(`INSERT INTO ${table('rooms')} VALUES (?, ?, ?, ?)`).run(position, data['floor'], data['room'], data['year']);
      },
    };
    const file = join(folder, 'read-models.sqlite');
    const store = await openSqliteReadModels(file);
    const projector = await Projector.open({ log: await as(asThree), store, projections: [() => rooms], clock: new ManualClock(AT) });
    await projector.catchUp();
    const db = await openReader(file);
    expect([...dumpTables(db, readBuilds(db)[0]!, rooms.tables)]).toEqual([
      '# rooms@1 rooms',
      '{"position":1,"floor":2,"room":5,"year":2026}',
      '{"position":3,"floor":3,"room":1,"year":2026}',
      '{"position":4,"floor":4,"room":7,"year":2025}',
    ]);
    db.close();
    await projector.stop();
  });

  test('of a newer program are refused at opening, by event, position, type and schema', async () => {
    await expect(as(asOne)).rejects.toMatchObject({
      code: 'log-not-understood',
      extra: { eventId: inTwo.id, position: '3', type: 'OfficeMoved', schema: 2 },
    });
    await expect(as(asOne)).rejects.toThrow(
      `sự kiện ${inTwo.id} ở vị trí 3, loại “OfficeMoved”, lược đồ 2: chương trình này chỉ hiểu loại ấy đến lược đồ 1`,
    );
    await expect(as(asTwo)).rejects.toThrow(
      `sự kiện ${inThree.id} ở vị trí 4, loại “RoomChanged”, lược đồ 3: chương trình này không biết loại ấy`,
    );
    await expect(as(asTwo)).rejects.toBeInstanceOf(LogNotUnderstoodError);
    // What was looked at before is not looked at again.
    await expect(UnderstoodLog.open(stored, new EventCatalogue(asTwo), 4n)).resolves.toBeDefined();
  });

  test('of a newer program that writes beside a running one are given out by no door', async () => {
    const log = await as(asThree);
    const newer = event('RoomClosed', 1, { room: 7 });
    await stored.append('office-1', [newer], { expectedRevision: 3 });
    const refused = { code: 'log-not-understood', extra: { eventId: newer.id } };
    await expect(log.readStream('office-1')).rejects.toMatchObject(refused);
    await expect(log.readAll({ after: 0n, limit: 10, lazily: true })).rejects.toMatchObject(refused);
    await expect(log.readEvent(newer.id)).rejects.toMatchObject(refused);
    // Not even passed over by one who asks for other types only.
    await expect(log.readAll({ after: 0n, limit: 10, types: ['Noted'] })).rejects.toMatchObject(refused);
    await expect(
      (async () => {
        for await (const batch of log.subscribe({ after: 3n, signal: new AbortController().signal }))
          throw new Error(`got ${String(batch.length)}`);
      })(),
    ).rejects.toMatchObject(refused);
  });

  test('are written no more', async () => {
    const log = await as(asThree);
    await expect(log.append('office-2', [event('OfficeMoved', 2, {})], { expectedRevision: -1 })).rejects.toThrow(
      'OfficeMoved is in no room',
    );
    await expect(log.append('office-2', [event('RoomChanged', 2, {})], { expectedRevision: -1 })).rejects.toThrow(
      'RoomChanged is written with schema 3, got 2',
    );
    await expect(log.appendMany([{ stream: 'office-2', events: [event('Other', 1, {})], expectedRevision: -1 }])).rejects.toThrow('Other');
    expect((await stored.head()).count).toBe(4);
  });
});

describe('a catalogue', () => {
  test('names every type and schema that may stand in a log', () => {
    expect(new EventCatalogue(asThree).written).toEqual([
      { type: 'Noted', schema: 1 },
      { type: 'OfficeMoved', schema: 1 },
      { type: 'OfficeMoved', schema: 2 },
      { type: 'RoomChanged', schema: 3 },
    ]);
  });

  test('refuses gaps and contradictions', () => {
    const same = (data: JsonObject): JsonObject => data;
    expect(() => new EventCatalogue({ A: { schema: 3, upcasters: [same] } })).toThrow('needs 2 upcasters, got 1');
    expect(() => new EventCatalogue({ A: {} }, { A: {} })).toThrow('two rooms');
    expect(() => new EventCatalogue({ A: { formerly: [{ type: 'B', upTo: 1 }] } })).toThrow('a new name needs a new schema');
    expect(() => new EventCatalogue({ A: { schema: 2, upcasters: [same], formerly: [{ type: 'B', upTo: 1 }] }, B: {} })).toThrow(
      'B@1 stands for two types',
    );
    expect(
      () =>
        new EventCatalogue({
          A: { schema: 2, upcasters: [same], formerly: [{ type: 'B', upTo: 1 }] },
          C: { schema: 2, upcasters: [same], formerly: [{ type: 'B', upTo: 1 }] },
        }),
    ).toThrow('B@1 stands for two types');
  });
});

eventLogFeatures('an understood log', async (clock) =>
  UnderstoodLog.open(new MemoryEventLog({ clock }), new EventCatalogue({ TaskAssigned: {}, Ghi: {}, Đọc: {}, Xóa: {} })),
);

function delegating(log: EventLog): EventLog {
  return {
    append: (...given) => log.append(...given),
    appendMany: (...given) => log.appendMany(...given),
    readStream: (...given) => log.readStream(...given),
    readAll: (options) => log.readAll(options),
    readAt: (position) => log.readAt(position),
    readEvent: (id) => log.readEvent(id),
    head: () => log.head(),
    positionAt: (instant) => log.positionAt(instant),
    subscribe: (options) => log.subscribe(options),
    close: () => log.close(),
  };
}
