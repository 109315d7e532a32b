import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { atTime, derivedId, ManualClock, systemIds, type Clock } from '#kernel';
import type { EventLog, JsonObject, NewEvent, RecordedEvent } from './port.ts';

const MORNING = atTime('2020-11-27', '07:30');

/** A task event with a new id, unless told otherwise. */
export function newEvent(change: Partial<NewEvent> = {}): NewEvent {
  return {
    id: systemIds.next(),
    type: 'TaskAssigned',
    schema: 1,
    data: { title: 'Báo cáo' },
    metadata: { actor: { id: 'u1', role: 'office' } },
    occurredAt: MORNING,
    ...change,
  };
}

const withData = (data: JsonObject): NewEvent => newEvent({ data });
const events = (count: number): NewEvent[] => Array.from({ length: count }, () => newEvent());
const idsOf = (list: readonly { id: string }[]): string[] => list.map((one) => one.id);

async function gather(
  log: EventLog,
  count: number,
  options: { categories?: readonly string[]; batchSize?: number; after?: bigint } = {},
  during?: () => Promise<void>,
): Promise<RecordedEvent[]> {
  const enough = new AbortController();
  const seen: RecordedEvent[] = [];
  const reading = (async () => {
    for await (const batch of log.subscribe({ after: 0n, ...options, signal: enough.signal })) {
      seen.push(...batch);
      if (seen.length >= count) enough.abort();
    }
  })();
  await during?.();
  await reading;
  return seen;
}

/** How large the large tests are. */
export interface EventLogSizes {
  readonly streams: number;
  readonly imported: number;
}

const LARGE: EventLogSizes = { streams: 10_000, imported: 3_000 };
/** Of a log over a socket to a server in this very process: in every run smaller, in the long one as large as elsewhere. */
export const OVER_A_SOCKET: EventLogSizes = process.env['NHACVIEC_FULL'] ? LARGE : { streams: 1_500, imported: 500 };

/** What every store of the log does. `factory` gives a new, empty log. */
export function eventLogFeatures(name: string, factory: (clock: Clock) => Promise<EventLog>, { streams, imported } = LARGE): void {
  describe(`${name}: an event log`, () => {
    let clock: ManualClock;
    let log: EventLog;

    beforeEach(async () => {
      clock = new ManualClock(MORNING);
      log = await factory(clock);
    });

    afterEach(() => log.close());

    describe('appending', () => {
      test('gives back what was appended', async () => {
        const event = newEvent({ data: { title: 'Báo cáo quý III', days: [1, 2.5, -3], done: false, unit: null } });
        const answer = await log.append('task-1', [event], { expectedRevision: -1 });
        const [read] = await log.readStream('task-1');
        expect(answer).toEqual({ ok: true, stream: 'task-1', revision: 0, position: read!.position, recordedAt: MORNING, repeated: false });
        expect(read).toEqual({ ...event, stream: 'task-1', revision: 0, position: read!.position, recordedAt: MORNING });
        const [lazily] = await log.readAll({ after: 0n, limit: 1, lazily: true });
        expect([lazily!.data, lazily!.metadata, lazily!.id, lazily!.stream, lazily!.position, lazily!.recordedAt]).toEqual([event.data, event.metadata, event.id, 'task-1', read!.position, MORNING]);
      });

      test('numbers the events of a stream from 0', async () => {
        await log.append('task-1', events(2), { expectedRevision: -1 });
        const answer = await log.append('task-1', events(3), { expectedRevision: 1 });
        expect(answer).toMatchObject({ ok: true, revision: 4 });
        expect((await log.readStream('task-1')).map((e) => e.revision)).toEqual([0, 1, 2, 3, 4]);
      });

      test('names stream, expected and actual revision in a conflict', async () => {
        await log.append('task-1', events(3), { expectedRevision: -1 });
        expect(await log.append('task-1', events(1), { expectedRevision: 0 })).toEqual({
          ok: false,
          stream: 'task-1',
          expectedRevision: 0,
          actualRevision: 2,
        });
        expect(await log.append('task-1', events(1), { expectedRevision: -1 })).toEqual({
          ok: false,
          stream: 'task-1',
          expectedRevision: -1,
          actualRevision: 2,
        });
        expect(await log.append('task-1', events(1), { expectedRevision: 7 })).toEqual({
          ok: false,
          stream: 'task-1',
          expectedRevision: 7,
          actualRevision: 2,
        });
        expect(await log.append('task-2', events(1), { expectedRevision: 0 })).toEqual({
          ok: false,
          stream: 'task-2',
          expectedRevision: 0,
          actualRevision: -1,
        });
        expect((await log.head()).count).toBe(3);
      });

      test('lets exactly one of many concurrent appends to a stream win', async () => {
        const answers = await Promise.all(events(50).map((event) => log.append('task-1', [event], { expectedRevision: -1 })));
        expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
        expect(answers.filter((answer) => !answer.ok && answer.actualRevision === 0)).toHaveLength(49);
        expect(await log.readStream('task-1')).toHaveLength(1);
      });

      test('does not let a conflict disturb its neighbours', async () => {
        await log.append('task-2', events(1), { expectedRevision: -1 });
        const answers = await Promise.all([
          log.append('task-1', events(2), { expectedRevision: -1 }),
          log.append('task-2', events(2), { expectedRevision: -1 }),
          log.append('task-3', events(2), { expectedRevision: -1 }),
        ]);
        expect(answers.map((answer) => answer.ok)).toEqual([true, false, true]);
        expect((await log.readAll({ after: 0n, limit: 100 })).map((e) => e.stream)).toEqual([
          'task-2',
          'task-1',
          'task-1',
          'task-3',
          'task-3',
        ]);
      });

      test('writes all events of an append or none', async () => {
        const known = newEvent();
        await log.append('task-1', [known], { expectedRevision: -1 });
        const before = await log.head();
        expect(await log.append('task-2', [newEvent(), newEvent(), known], { expectedRevision: -1 })).toMatchObject({
          ok: false,
          actualRevision: -1,
        });
        expect(await log.readStream('task-2')).toEqual([]);
        expect(await log.head()).toEqual(before);
      });

      test('refuses what is not an event', async () => {
        const append = (change: Partial<NewEvent>) => log.append('task-1', [newEvent(change)], { expectedRevision: -1 });
        await expect(append({ id: 'not-a-uuid' })).rejects.toThrow(TypeError);
        await expect(append({ id: systemIds.next().toUpperCase() })).rejects.toThrow(TypeError);
        await expect(append({ type: '' })).rejects.toThrow(TypeError);
        await expect(append({ type: '$system' })).rejects.toThrow(TypeError);
        await expect(append({ schema: 1.5 })).rejects.toThrow(TypeError);
        await expect(append({ occurredAt: Number.NaN })).rejects.toThrow(TypeError);
        await expect(append({ data: { rate: Number.NaN } })).rejects.toThrow(TypeError);
        await expect(append({ data: [] as unknown as JsonObject })).rejects.toThrow(TypeError);
        await expect(append({ data: { at: new Date() } as unknown as JsonObject })).rejects.toThrow(TypeError);
        await expect(append({ data: { text: 'x'.repeat(1024 * 1024) } })).rejects.toThrow(TypeError);
        const twice = newEvent();
        await expect(log.append('task-1', [twice, twice], { expectedRevision: -1 })).rejects.toThrow(TypeError);
        await expect(log.append('task-1', [], { expectedRevision: -1 })).rejects.toThrow(TypeError);
        await expect(log.append('task-1', events(1), { expectedRevision: -2 })).rejects.toThrow(TypeError);
        for (const stream of ['', 'task', '-1', 'task-', 'task-a b', '$task-1'])
          await expect(log.append(stream, events(1), { expectedRevision: -1 })).rejects.toThrow(TypeError);
        expect((await log.head()).count).toBe(0);
      });

      test('keeps large events whole', async () => {
        const text = 'Đôn đốc thực hiện; '.repeat(22_000).slice(0, 400_000);
        const event = withData({ text });
        expect(Buffer.byteLength(text)).toBeGreaterThan(500_000);
        await log.append('task-1', [event], { expectedRevision: -1 });
        expect((await log.readStream('task-1'))[0]!.data).toEqual({ text });
      });

      test('keeps any text as it was', async () => {
        const data = {
          'tiêu đề': 'Uỷ ban nhân dân tỉnh Đắk Lắk 🏛️',
          decomposed: 'e\u0302\u0301',
          nul: 'a\u0000b',
          lines: 'một\r\nhai\u2028ba',
          quote: '"\\',
          lone: '\ud800',
        };
        await log.append('unit-sở-nội-vụ', [withData(data)], { expectedRevision: -1 });
        const [read] = await log.readStream('unit-sở-nội-vụ');
        expect(read!.data).toEqual(data);
        expect(read!.stream).toBe('unit-sở-nội-vụ');
      });

      test('keeps its events from a caller who changes his', async () => {
        const data: { title: string } = { title: 'trước' };
        const appending = log.append('task-1', [withData(data)], { expectedRevision: -1 });
        data.title = 'sau';
        await appending;
        expect((await log.readStream('task-1'))[0]!.data).toEqual({ title: 'trước' });
      });

      test('holds thousands of streams apart', async () => {
        const count = streams;
        const answers = await Promise.all(
          Array.from({ length: count }, (_, i) => log.append(`task-${String(i)}`, [withData({ i })], { expectedRevision: -1 })),
        );
        expect(answers.every((answer) => answer.ok)).toBe(true);
        for (const i of [0, 1, Math.floor(count / 2), count - 1]) expect((await log.readStream(`task-${String(i)}`)).map((e) => e.data)).toEqual([{ i }]);
        expect((await log.head()).count).toBe(count);
      });
    });

    describe('appending again', () => {
      test('gives the first answer to the same ids at the same expected revision', async () => {
        const batch = events(3);
        const first = await log.append('task-1', batch, { expectedRevision: -1 });
        clock.set(MORNING + 60_000);
        await log.append('task-1', events(2), { expectedRevision: 2 });
        expect(await log.append('task-1', batch, { expectedRevision: -1 })).toEqual({ ...first, repeated: true });
        expect((await log.head()).count).toBe(5);
      });

      test('gives the first answer to two equal appends under way at once', async () => {
        const batch = events(2);
        const [first, second] = await Promise.all([
          log.append('task-1', batch, { expectedRevision: -1 }),
          log.append('task-1', batch, { expectedRevision: -1 }),
        ]);
        expect(second).toEqual({ ...first, repeated: true });
      });

      test('takes the first part of a stored append as a repeat', async () => {
        const batch = events(3);
        await log.append('task-1', batch, { expectedRevision: -1 });
        expect(await log.append('task-1', batch.slice(0, 2), { expectedRevision: -1 })).toMatchObject({
          ok: true,
          revision: 1,
          repeated: true,
        });
      });

      test('is a conflict at another expected revision', async () => {
        const [a, b] = events(2);
        await log.append('task-1', [a!], { expectedRevision: -1 });
        await log.append('task-1', [b!], { expectedRevision: 0 });
        expect(await log.append('task-1', [a!], { expectedRevision: 0 })).toEqual({
          ok: false,
          stream: 'task-1',
          expectedRevision: 0,
          actualRevision: 1,
        });
        expect(await log.append('task-1', [a!], { expectedRevision: 1 })).toEqual({
          ok: false,
          stream: 'task-1',
          expectedRevision: 1,
          actualRevision: 1,
        });
        expect(await log.append('task-1', [b!], { expectedRevision: -1 })).toMatchObject({ ok: false });
      });

      test('is a conflict when some of the ids are new', async () => {
        const [a, b] = events(2);
        await log.append('task-1', [a!, b!], { expectedRevision: -1 });
        expect(await log.append('task-1', [a!, newEvent()], { expectedRevision: -1 })).toMatchObject({ ok: false, actualRevision: 1 });
        expect(await log.append('task-1', [a!, b!, newEvent()], { expectedRevision: -1 })).toMatchObject({ ok: false, actualRevision: 1 });
        expect(await log.append('task-1', [newEvent(), b!], { expectedRevision: 1 })).toMatchObject({ ok: false, actualRevision: 1 });
        expect((await log.head()).count).toBe(2);
      });

      test('is a conflict in another stream', async () => {
        const event = newEvent();
        await log.append('task-1', [event], { expectedRevision: -1 });
        expect(await log.append('task-2', [event], { expectedRevision: -1 })).toEqual({
          ok: false,
          stream: 'task-2',
          expectedRevision: -1,
          actualRevision: -1,
        });
      });
    });

    describe('appending to many streams', () => {
      test('answers for each, in order', async () => {
        const answer = await log.appendMany([
          { stream: 'task-1', expectedRevision: -1, events: events(2) },
          { stream: 'unit-1', expectedRevision: -1, events: events(1) },
          { stream: 'task-1', expectedRevision: 1, events: events(1) },
        ]);
        if (!answer.ok) throw new Error('a conflict');
        expect(answer.results.map((r) => [r.stream, r.revision])).toEqual([
          ['task-1', 1],
          ['unit-1', 0],
          ['task-1', 2],
        ]);
        expect((await log.readAll({ after: 0n, limit: 10 })).map((e) => e.stream)).toEqual(['task-1', 'task-1', 'unit-1', 'task-1']);
      });

      test('writes nothing when one is a conflict', async () => {
        await log.append('task-2', events(1), { expectedRevision: -1 });
        const before = await log.head();
        const answer = await log.appendMany([
          { stream: 'task-1', expectedRevision: -1, events: events(2) },
          { stream: 'task-2', expectedRevision: 0, events: events(2) },
          { stream: 'task-2', expectedRevision: 0, events: events(1) },
          { stream: 'task-3', expectedRevision: 5, events: events(1) },
        ]);
        expect(answer).toEqual({ ok: false, stream: 'task-2', expectedRevision: 0, actualRevision: 2 });
        expect(await log.head()).toEqual(before);
        expect(await log.readStream('task-1')).toEqual([]);
        expect(await log.append('task-1', events(1), { expectedRevision: -1 })).toMatchObject({ ok: true });
      });

      test('is repeatable, and goes on where only some stood already', async () => {
        const first = { stream: 'task-1', expectedRevision: -1, events: events(2) };
        const second = { stream: 'task-2', expectedRevision: -1, events: events(1) };
        await log.appendMany([first]);
        expect(await log.appendMany([first, second])).toMatchObject({ ok: true, results: [{ repeated: true }, { repeated: false }] });
        expect(await log.appendMany([first, second])).toMatchObject({ ok: true, results: [{ repeated: true }, { repeated: true }] });
        expect((await log.head()).count).toBe(3);
      });

      test('takes an import of many streams at once', async () => {
        const appends = Array.from({ length: imported }, (_, i) => ({ stream: `task-${String(i)}`, expectedRevision: -1, events: events(2) }));
        expect(await log.appendMany(appends)).toMatchObject({ ok: true });
        expect((await log.head()).count).toBe(imported * 2);
      });

      test('answers nothing for nothing', async () => {
        expect(await log.appendMany([])).toEqual({ ok: true, results: [] });
      });
    });

    describe('reading', () => {
      const given = async (): Promise<NewEvent[]> => {
        const list = events(6);
        await log.append('task-1', list.slice(0, 2), { expectedRevision: -1 });
        await log.append('unit-1', list.slice(2, 3), { expectedRevision: -1 });
        await log.append('task-2', list.slice(3, 4), { expectedRevision: -1 });
        await log.append('calendar-1', list.slice(4, 5), { expectedRevision: -1 });
        await log.append('task-1', list.slice(5), { expectedRevision: 1 });
        return list;
      };

      test('an empty log finds nothing', async () => {
        expect(await log.readAll({ after: 0n, limit: 10 })).toEqual([]);
        expect(await log.readStream('task-1')).toEqual([]);
        expect(await log.readEvent(systemIds.next())).toBeUndefined();
        expect(await log.head()).toEqual({ position: 0n, recordedAt: 0, lastEventId: null, count: 0 });
        expect(await log.positionAt(MORNING)).toBe(0n);
      });

      test('gives all events in the order they were written', async () => {
        const list = await given();
        const read = await log.readAll({ after: 0n, limit: 100 });
        expect(idsOf(read)).toEqual(idsOf(list));
        expect(read.every((e, i) => e.position > (read[i - 1]?.position ?? 0n))).toBe(true);
      });

      test('goes on after a position, page by page', async () => {
        const list = await given();
        const first = await log.readAll({ after: 0n, limit: 4 });
        const second = await log.readAll({ after: first.at(-1)!.position, limit: 4 });
        expect(idsOf([...first, ...second])).toEqual(idsOf(list));
        expect(await log.readAll({ after: second.at(-1)!.position, limit: 4 })).toEqual([]);
      });

      test('goes backwards from the end, page by page', async () => {
        const list = idsOf(await given()).reverse();
        const first = await log.readAll({ after: 0n, limit: 4, direction: 'backwards' });
        const second = await log.readAll({ after: first.at(-1)!.position, limit: 4, direction: 'backwards' });
        expect(idsOf([...first, ...second])).toEqual(list);
      });

      test('gives the events of some categories only', async () => {
        const ids = idsOf(await given());
        const read = async (categories: string[], limit = 100, direction: 'forwards' | 'backwards' = 'forwards') =>
          (await log.readAll({ after: 0n, categories, limit, direction })).map((e) => ids.indexOf(e.id));
        expect(await read(['task'])).toEqual([0, 1, 3, 5]);
        expect(await read(['unit', 'task'])).toEqual([0, 1, 2, 3, 5]);
        expect(await read(['task', 'calendar'], 4)).toEqual([0, 1, 3, 4]);
        expect(await read(['task', 'task'])).toEqual([0, 1, 3, 5]);
        expect(await read(['task', 'unit'], 3, 'backwards')).toEqual([5, 3, 2]);
        expect(await read(['tas'])).toEqual([]);
        expect(await read([])).toEqual([]);
      });

      test('passes over events of other types, and tells how far it has looked', async () => {
        const types = ['Ghi', 'Đọc', 'Ghi', 'Xóa', 'Đọc', 'Đọc'];
        for (const [n, type] of types.entries()) await log.append(`task-${n}`, [newEvent({ type })], { expectedRevision: -1 });
        // Positions are the store's own: the nth event is named by n.
        const places = [0n, ...(await log.readAll({ after: 0n, limit: 10 })).map((e) => e.position)];
        const read = async (wanted: string[], limit: number, after = 0): Promise<string[]> => (await log.readAll({ after: places[after]!, types: wanted, limit })).map((e) => `${places.indexOf(e.position)} ${e.type}`);
        expect(await read(['Ghi'], 10)).toEqual(['1 Ghi', '3 Ghi', '6 Đọc']);
        expect(await read(['Ghi', 'Xóa'], 2)).toEqual(['1 Ghi', '2 Đọc']);
        expect(await read(['Ghi', 'Xóa'], 2, 2)).toEqual(['3 Ghi', '4 Xóa']);
        expect(await read(['Ghi'], 2, 4)).toEqual(['6 Đọc']);
        expect(await read(['Ghi'], 2, 6)).toEqual([]);
      });

      test('gives a part of a stream, in both directions', async () => {
        await log.append('task-1', events(5), { expectedRevision: -1 });
        const read = async (options?: Parameters<EventLog['readStream']>[1]) =>
          (await log.readStream('task-1', options)).map((e) => e.revision);
        expect(await read({ from: 2 })).toEqual([2, 3, 4]);
        expect(await read({ from: 1, limit: 2 })).toEqual([1, 2]);
        expect(await read({ from: 9 })).toEqual([]);
        expect(await read({ direction: 'backwards' })).toEqual([4, 3, 2, 1, 0]);
        expect(await read({ direction: 'backwards', limit: 1 })).toEqual([4]);
        expect(await read({ direction: 'backwards', from: 2 })).toEqual([2, 1, 0]);
      });

      test('finds an event by its id', async () => {
        const list = await given();
        expect(await log.readEvent(list[3]!.id)).toMatchObject({ id: list[3]!.id, stream: 'task-2', revision: 0 });
        const found = (await log.readEvent(list[3]!.id))!;
        expect(await log.readAt(found.position)).toEqual(found);
      });

      test('knows its head', async () => {
        const list = await given();
        const last = (await log.readAll({ after: 0n, limit: 100 })).at(-1)!;
        expect(await log.head()).toEqual({ position: last.position, recordedAt: MORNING, lastEventId: list[5]!.id, count: 6 });
      });
    });

    describe('time', () => {
      test('recordedAt never decreases when the clock steps back', async () => {
        await log.append('task-1', events(1), { expectedRevision: -1 });
        clock.set(MORNING - 3_600_000);
        expect(await log.append('task-1', events(1), { expectedRevision: 0 })).toMatchObject({ recordedAt: MORNING });
        clock.set(MORNING + 5);
        expect(await log.append('task-1', events(1), { expectedRevision: 1 })).toMatchObject({ recordedAt: MORNING + 5 });
      });

      test('positionAt finds the last event recorded at or before an instant', async () => {
        const at = new Map<number, bigint>();
        for (let i = 0; i < 9; i++) {
          clock.set(MORNING + Math.floor(i / 2) * 1_000);
          const answer = await log.append(`task-${String(i)}`, events(1), { expectedRevision: -1 });
          if (answer.ok) at.set(answer.recordedAt, answer.position);
        }
        expect(await log.positionAt(MORNING - 1)).toBe(0n);
        for (const [instant, position] of at) {
          expect(await log.positionAt(instant)).toBe(position);
          expect(await log.positionAt(instant + 999)).toBe(position);
        }
        expect(await log.positionAt(MORNING + 3_600_000)).toBe((await log.head()).position);
      });
    });

    describe('a subscription', () => {
      test('sees everything once and in order, before and after it began', async () => {
        const before = events(250);
        const after = events(250);
        const append = (list: NewEvent[]) =>
          Promise.all(list.map((event) => log.append(`task-${event.id}`, [event], { expectedRevision: -1 })));
        await append(before);
        const seen = await gather(log, 500, { batchSize: 64 }, async () => {
          for (let i = 0; i < after.length; i += 50) {
            await append(after.slice(i, i + 50));
            await sleep(2);
          }
        });
        expect(idsOf(seen)).toEqual(idsOf([...before, ...after]));
      });

      test('sees its categories only, from its position on', async () => {
        await log.append('task-1', events(2), { expectedRevision: -1 });
        const from = (await log.head()).position;
        const [a, b] = events(2);
        const seen = await gather(log, 2, { after: from, categories: ['task', 'calendar'] }, async () => {
          await log.append('unit-1', events(3), { expectedRevision: -1 });
          await log.append('task-1', [a!], { expectedRevision: 1 });
          await log.append('calendar-1', [b!], { expectedRevision: -1 });
        });
        expect(idsOf(seen)).toEqual([a!.id, b!.id]);
      });

      test('keeps to its batch size', async () => {
        await log.append('task-1', events(25), { expectedRevision: -1 });
        const stop = new AbortController();
        const sizes: number[] = [];
        for await (const batch of log.subscribe({ after: 0n, batchSize: 10, signal: stop.signal })) {
          sizes.push(batch.length);
          if (sizes.length === 3) stop.abort();
        }
        expect(sizes).toEqual([10, 10, 5]);
      });

      test('ends when it is told to while it waits', async () => {
        const stop = new AbortController();
        setTimeout(() => {
          stop.abort();
        }, 20);
        for await (const batch of log.subscribe({ after: 0n, signal: stop.signal })) throw new Error(`got ${String(batch.length)} events`);
        for await (const batch of log.subscribe({ after: 0n, signal: AbortSignal.abort() }))
          throw new Error(`got ${String(batch.length)} events`);
      });

      test('ends when the log is closed', async () => {
        setTimeout(() => void log.close(), 20);
        for await (const batch of log.subscribe({ after: 0n, signal: new AbortController().signal }))
          throw new Error(`got ${String(batch.length)} events`);
      });
    });

    test('answers appends under way before it closes, and refuses later ones', async () => {
      const appending = log.append('task-1', [newEvent({ id: derivedId('task-1', '0') })], { expectedRevision: -1 });
      await log.close();
      expect(await appending).toMatchObject({ ok: true });
      await expect(log.append('task-1', events(1), { expectedRevision: 0 })).rejects.toThrow('đóng');
      await expect(log.head()).rejects.toThrow('đóng');
    });
  });
}
