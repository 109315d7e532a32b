import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ManualClock } from '#kernel';
import { EventStoreDbStandIn } from '../../../../test/stand-ins/eventstoredb/eventstoredb-stand-in.ts';
import { eventLogFeatures, newEvent } from '../event-log.features.ts';
import { MemoryEventIndex } from '../memory/memory-event-index.ts';
import { openKurrentEventLog } from './kurrent-event-log.ts';

let server: EventStoreDbStandIn;
beforeAll(async () => {
  server = await EventStoreDbStandIn.start();
});
afterAll(() => server.stop());

eventLogFeatures('EventStoreDB, protocol stand-in', (clock) => {
  server.reset();
  return openKurrentEventLog({ url: server.url, clock, index: new MemoryEventIndex() });
});

describe('the log on EventStoreDB', () => {
  const open = () => {
    server.reset();
    return openKurrentEventLog({ url: server.url, clock: new ManualClock(1_000_000), index: new MemoryEventIndex() });
  };

  test('takes a position between two events', async () => {
    const log = await open();
    await log.append('task-1', [newEvent(), newEvent(), newEvent()], { expectedRevision: -1 });
    const [first, second, third] = await log.readAll({ after: 0n, limit: 10 });
    expect((await log.readAll({ after: second!.position - 1n, limit: 1 })).map((e) => e.id)).toEqual([second!.id]);
    expect((await log.readAll({ after: third!.position + 1n, limit: 1 })).map((e) => e.id)).toEqual([]);
    expect((await log.readAll({ after: third!.position - 1n, limit: 5, direction: 'backwards' })).map((e) => e.id)).toEqual([second!.id, first!.id]);
    await log.close();
  });

  test('passes over what others write into the same server', async () => {
    const log = await open();
    for (let n = 0; n < 30; n++) await log.append(`task-${String(n)}`, [newEvent()], { expectedRevision: -1 });
    expect(server.records.filter(({ type }) => type.startsWith('$')).length).toBeGreaterThan(4);
    expect(await log.readAll({ after: 0n, limit: 100 })).toHaveLength(30);
    expect(await log.readAll({ after: 0n, limit: 100, direction: 'backwards' })).toHaveLength(30);
    expect((await log.head()).count).toBe(30);
    await log.close();
  });

  test('tells the repeat of what another process wrote, and its first time', async () => {
    const [one, other] = [await open(), await openKurrentEventLog({ url: server.url, clock: new ManualClock(2_000_000), index: new MemoryEventIndex() })];
    const events = [newEvent(), newEvent()];
    const first = await one.append('task-1', events, { expectedRevision: -1 });
    expect(await other.append('task-1', events, { expectedRevision: -1 })).toEqual({ ...first, repeated: true });
    await Promise.all([one.close(), other.close()]);
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
