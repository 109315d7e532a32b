import { afterAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ManualClock } from '#kernel';
import { startKurrentTestServer, type KurrentWorld } from '../../../../test/support/kurrent-server.ts';
import { eventLogFeatures, newEvent, OVER_A_SOCKET } from '../event-log.features.ts';
import { MemoryEventIndex } from '../memory/memory-event-index.ts';
import { LogUnavailableError } from '../port.ts';
import { openKurrentEventLog } from './kurrent-event-log.ts';

/** An index on a server that cannot be reached after so many questions. */
class GoesAway extends MemoryEventIndex {
  findsBeforeItGoes = Infinity;
  override find(ids: readonly string[]): ReturnType<MemoryEventIndex['find']> {
    return this.findsBeforeItGoes-- > 0 ? super.find(ids) : Promise.reject(new LogUnavailableError('the index is away'));
  }
  override add(events: Parameters<MemoryEventIndex['add']>[0]): Promise<void> {
    return this.findsBeforeItGoes > 0 ? super.add(events) : Promise.reject(new LogUnavailableError('the index is away'));
  }
}

// Thousands of appends one after another over a socket.
jest.setTimeout(180_000);

const server = await startKurrentTestServer();
afterAll(() => server.stop());

eventLogFeatures(server.name, async (clock) => (await server.world())({ clock }), OVER_A_SOCKET);

describe(`the log on ${server.name}`, () => {
  let world: KurrentWorld;
  beforeEach(async () => {
    world = await server.world();
  });
  const open = (now = 1_000_000) => world({ clock: new ManualClock(now) });

  test('takes a position between two events', async () => {
    const log = await open();
    await log.append('task-1', [newEvent(), newEvent(), newEvent()], { expectedRevision: -1 });
    const [first, second, third] = await log.readAll({ after: 0n, limit: 10 });
    expect((await log.readAll({ after: second!.position - 1n, limit: 1 })).map((e) => e.id)).toEqual([second!.id]);
    expect((await log.readAll({ after: third!.position + 1n, limit: 1 })).map((e) => e.id)).toEqual([]);
    expect((await log.readAll({ after: third!.position - 1n, limit: 5, direction: 'backwards' })).map((e) => e.id)).toEqual([second!.id, first!.id]);
    expect((await log.readAll({ after: third!.position + 1_000_000n, limit: 1, direction: 'backwards' })).map((e) => e.id)).toEqual([third!.id]);
    expect(await log.readAt(second!.position + 1n)).toBeUndefined();
    const stop = new AbortController();
    const given: string[] = [];
    for await (const batch of log.subscribe({ after: first!.position + 1n, signal: stop.signal })) {
      given.push(...batch.map(({ id }) => id));
      if (given.length >= 2) stop.abort();
    }
    expect(given).toEqual([second!.id, third!.id]);
    await log.close();
  });

  test('passes over what others write into the same server', async () => {
    const log = await open();
    for (let n = 0; n < 30; n++) await log.append(`task-${String(n)}`, [newEvent()], { expectedRevision: -1 });
    if (server.standIn) expect(server.standIn.records.filter(({ type }) => type.startsWith('$')).length).toBeGreaterThan(4);
    expect(await log.readAll({ after: 0n, limit: 100 })).toHaveLength(30);
    expect(await log.readAll({ after: 0n, limit: 100, direction: 'backwards' })).toHaveLength(30);
    expect((await log.head()).count).toBe(30);
    await log.close();
  });

  test('tells the repeat of what another process wrote, and its first time', async () => {
    const [one, other] = [await open(), await open(2_000_000)];
    const events = [newEvent(), newEvent()];
    const first = await one.append('task-1', events, { expectedRevision: -1 });
    expect(await other.append('task-1', events, { expectedRevision: -1 })).toEqual({ ...first, repeated: true });
    await Promise.all([one.close(), other.close()]);
  });

  test('finds times in order although the clock of another writer is behind', async () => {
    const [ahead, behind] = [await open(5_000_000), await open(1_000_000)];
    await ahead.append('task-1', [newEvent()], { expectedRevision: -1 });
    // Has seen nothing of the other yet, so writes by its own clock; from then on it knows better.
    const first = await behind.append('task-2', [newEvent()], { expectedRevision: -1 });
    const second = await behind.append('task-2', [newEvent()], { expectedRevision: 0 });
    expect([first, second]).toMatchObject([{ recordedAt: 1_000_000 }, { recordedAt: 5_000_000 }]);
    const positions = (await ahead.readAll({ after: 0n, limit: 10 })).map(({ position }) => position);
    for (const log of [ahead, behind]) {
      expect(await log.positionAt(4_999_999)).toBe(0n);
      expect(await log.positionAt(5_000_000)).toBe(positions[2]);
    }
    await Promise.all([ahead.close(), behind.close()]);
  });

  test('answers that an append is written although its index goes away after it', async () => {
    const index = new GoesAway();
    const log = await openKurrentEventLog({ url: server.url, clock: new ManualClock(1_000_000), index });
    const [stream, event] = [`task-${newEvent().id}`, newEvent()];
    index.findsBeforeItGoes = 1;
    expect(await log.append(stream, [event], { expectedRevision: -1 })).toMatchObject({ ok: true, stream, revision: 0, repeated: false });
    await expect(log.append(stream, [newEvent()], { expectedRevision: 0 })).rejects.toThrow(LogUnavailableError);
    index.findsBeforeItGoes = Infinity;
    expect((await log.readStream(stream)).map(({ id }) => id)).toEqual([event.id]);
    expect(await log.append(stream, [event], { expectedRevision: -1 })).toMatchObject({ ok: true, repeated: true });
    await log.close();
  });

  test('is one client in a process: another address is refused while it is open', async () => {
    const log = await open();
    await expect(openKurrentEventLog({ url: 'esdb://127.0.0.1:1?tls=false', clock: new ManualClock(0), index: new MemoryEventIndex() })).rejects.toThrow('một kết nối');
    await log.close();
  });

  test('refuses metadata that would overwrite its own', async () => {
    const log = await open();
    const event = newEvent({ metadata: { actor: { id: 'u1', role: 'office' }, $record: {} } });
    await expect(log.append('task-1', [event], { expectedRevision: -1 })).rejects.toThrow(TypeError);
    await log.close();
  });
});
