import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog, RecordedEvent } from '#event-log';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { derivedId, ManualClock, Problem, systemIds } from '#kernel';
import type { Projection, ReadModelStore } from './projection.ts';
import { Projector, type ProjectorOptions } from './projector.ts';
import { recordSkip } from './skips.ts';

/** What the suite needs of a store: reopened on the same data as often as it is asked, and a counter in it. */
export interface StoreUnderTest<Tx> {
  open(): Promise<ReadModelStore<Tx>>;
  /** A projection's tables: how often each key came, and how many came in all. */
  init(tx: Tx): void | Promise<void>;
  /** Counts one, together with everything else until the commit. */
  count(tx: Tx, key: string, event: RecordedEvent): void | Promise<void>;
  /** What the serving build has counted and committed, as another connection sees it; undefined when none serves. */
  counted(name: string): Promise<Record<string, number> | undefined>;
  clear(): Promise<void>;
}

const START = Date.parse('2020-11-29T07:30:00+07:00');

/** The behaviour of the projector on a store; each store's spec calls it. */
export function projectorFeatures<Tx>(name: string, make: () => Promise<StoreUnderTest<Tx>>): void {
  /** Counts events by type; cannot take the types it is told. */
  class Counting implements Projection<Tx> {
    readonly name: string = 'counting';
    readonly categories = ['task'];
    readonly tables = [{ name: 'counting', orderBy: 'type' }];
    readonly version: number;
    applied = 0;
    commits = 0;
    setAsides: string[] = [];
    readonly refuses: ReadonlySet<string>;
    constructor(version = 1, refuses: ReadonlySet<string> = new Set()) {
      this.version = version;
      this.refuses = refuses;
    }
    init(tx: Tx): void | Promise<void> {
      return under.init(tx);
    }
    async apply(events: readonly RecordedEvent[], tx: Tx): Promise<void> {
      for (const event of events) {
        await under.count(tx, event.type, event);
        if (this.refuses.has(event.type)) throw new Error(`không nhận ${event.type}`);
        this.applied++;
      }
    }
    committed(): void {
      this.commits++;
    }
    setAside(event: RecordedEvent): void {
      this.setAsides.push(event.type);
    }
  }

  let under: StoreUnderTest<Tx>;
  let log: EventLog;
  const clock = new ManualClock(START);
  const actor = { id: 'admin', role: 'admin' } as const;
  const opened = new Set<Projector<Tx>>();
  const open = async (...projections: Projection<Tx>[]): Promise<Projector<Tx>> => {
    const projector = await Projector.open({ log, store: await under.open(), clock, projections: projections.map((one) => () => one) } satisfies ProjectorOptions<Tx>);
    opened.add(projector);
    return projector;
  };
  const counted = (): Promise<Record<string, number> | undefined> => under.counted('counting');

  async function happen(stream: string, ...types: string[]): Promise<RecordedEvent[]> {
    const revision = (await log.readStream(stream)).length - 1;
    const result = await log.append(stream, types.map((type) => ({ id: systemIds.next(), type, schema: 1, data: {}, occurredAt: clock.now(), metadata: { actor } })), { expectedRevision: revision });
    if (!result.ok) throw new Error('conflict');
    return [...(await log.readStream(stream, { from: revision + 1 }))];
  }
  const stream = (n: number): string => `task-${derivedId('stream', String(n))}`;

  beforeEach(async () => {
    under = await make();
    clock.set(START);
    log = new MemoryEventLog({ clock });
  });
  afterEach(async () => {
    // A test that failed has left its own running; stopping twice is nothing.
    for (const projector of opened) await projector.stop();
    opened.clear();
    await log.close();
    await under.clear();
  });

  describe(`the projector on ${name}`, () => {
    it('goes on from its checkpoint after a restart, applying nothing twice', async () => {
      await happen(stream(1), 'Giao', 'Nhận');
      const before = await open(new Counting());
      await before.catchUp();
      await before.stop();
      const projection = new Counting();
      const after = await open(projection);
      await after.catchUp();
      expect([projection.applied, await counted()]).toEqual([0, { Giao: 1, Nhận: 1 }]);
      await happen(stream(1), 'Nhận');
      await after.catchUp();
      expect([projection.applied, await counted()]).toEqual([1, { Giao: 1, Nhận: 2 }]);
      await after.stop();
    });

    it('reads only its types and categories', async () => {
      await happen(stream(1), 'Giao', 'Nhận');
      await happen('unit-so-y-te', 'Giao');
      const projector = await open(Object.assign(new Counting(), { types: ['Giao'] }));
      await projector.catchUp();
      expect(await counted()).toEqual({ Giao: 1 });
      expect((await projector.status())[0]).toMatchObject({ position: '3', lagEvents: 0, lagSeconds: 0, state: 'active' });
      await projector.stop();
    });

    it('follows the log, wakes whoever waits for a position, and tells its lag', async () => {
      const projector = await open(new Counting());
      await projector.catchUp();
      await happen(stream(1), 'Giao', 'Nhận');
      clock.set(START + 3_000);
      expect(await projector.status()).toMatchObject([{ name: 'counting', position: '0', lagEvents: 2, lagSeconds: 3 }]);
      let changes = 0;
      projector.onChange(() => { changes++; });
      projector.start();
      const [event] = await happen(stream(1), 'Nhận');
      expect(await projector.reaches(event!.position, 2_000)).toBe(true);
      expect(await projector.reaches(event!.position + 1n, 50)).toBe(false);
      expect([changes > 0, await counted()]).toEqual([true, { Giao: 1, Nhận: 2 }]);
      await projector.stop();
    });

    it('takes a burst in few commits and still answers a waiter soon', async () => {
      const projection = new Counting();
      const projector = await open(projection);
      await projector.catchUp();
      projector.start();
      for (let n = 0; n < 200; n++) {
        await happen(stream(n), 'Giao');
        if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const [last] = await happen(stream(1), 'Nhận');
      expect(await projector.reaches(last!.position, 5_000)).toBe(true);
      expect([projection.applied, projection.commits < 100]).toEqual([201, true]);
      await projector.stop();
    });

    it('builds a new version beside the one that serves, and switches when it has caught up', async () => {
      await happen(stream(1), 'Giao');
      const first = await open(new Counting(1));
      await first.catchUp();
      await first.stop();
      const [old, next] = [new Counting(1), new Counting(2)];
      const projector = await open(old, next);
      await projector.catchUp();
      // Until `start` the old one serves alone, and is kept up to date.
      await happen(stream(2), 'Giao');
      await projector.catchUp();
      expect([old.applied, next.applied, await counted()]).toEqual([1, 0, { Giao: 2 }]);
      expect((await projector.status()).map(({ version, state }) => [version, state])).toEqual([[1, 'active'], [2, 'building']]);
      projector.start();
      for (let n = 3; n < 4_000 && (await projector.status()).length > 1; n++) {
        await happen(stream(n), 'Giao');
        // A store over a network needs longer than a turn for a batch.
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const head = await log.head();
      expect(await projector.reaches(head.position, 10_000)).toBe(true);
      expect((await projector.status()).map(({ version, state }) => [version, state])).toEqual([[2, 'active']]);
      expect([await counted(), next.applied]).toEqual([{ Giao: head.count }, head.count]);
      expect((await projector.drop()).map(({ version, state }) => [version, state])).toEqual([[1, 'retired']]);
      expect(await projector.drop()).toEqual([]);
      await projector.stop();
    });

    it('builds at once what nothing serves: a version the program does not know any more, or of another log', async () => {
      await happen(stream(1), 'Giao');
      const first = await open(new Counting(1));
      await first.catchUp();
      await first.stop();
      const second = new Counting(2);
      const projector = await open(second);
      await projector.catchUp();
      expect([second.applied, await counted()]).toEqual([1, { Giao: 1 }]);
      await projector.stop();
      await log.close();
      log = new MemoryEventLog({ clock });
      await happen(stream(7), 'Nhận');
      const third = await open(new Counting(2));
      await third.catchUp();
      expect(await counted()).toEqual({ Nhận: 1 });
      await third.stop();
    });

    it('builds anew beside what serves, which stays right meanwhile and after', async () => {
      for (let n = 0; n < 50; n++) await happen(stream(n), 'Giao', 'Nhận');
      const projector = await open(new Counting());
      await projector.catchUp();
      const [before] = await projector.status();
      projector.start();
      const rebuilding = projector.rebuild('counting');
      const [event] = await happen(stream(99), 'Giao');
      expect(await projector.reaches(event!.position, 2_000)).toBe(true);
      await rebuilding;
      expect(await counted()).toEqual({ Giao: 51, Nhận: 50 });
      const [after, ...others] = await projector.status();
      expect([after!.build > before!.build, after!.state, others]).toEqual([true, 'active', []]);
      await projector.stop();
    });

    it('goes on with a build that was cut short from where it was', async () => {
      for (let n = 0; n < 3; n++) await happen(stream(n), 'Giao');
      const poisoned = new Counting(2, new Set(['Hỏng']));
      const first = await open(new Counting(1));
      await first.catchUp();
      await first.stop();
      await happen(stream(4), 'Hỏng');
      const cut = await open(new Counting(1), poisoned);
      await cut.catchUp();
      await expect(cut.rebuild('counting')).rejects.toBeInstanceOf(Problem);
      await cut.stop();
      const next = new Counting(2);
      const again = await open(new Counting(1), next);
      await again.catchUp();
      again.start();
      for (let n = 0; n < 100 && (await again.status()).length > 1; n++) await new Promise((resolve) => setTimeout(resolve, 10));
      // What stood before the event in the way was kept.
      expect([next.applied, await counted()]).toEqual([1, { Giao: 3, Hỏng: 1 }]);
      await again.stop();
    });

    describe('an event that a projection cannot take', () => {
      it('is set aside with its stream after some tries; the others go on, and it comes back by a retry', async () => {
        const refuses = new Set(['Hỏng']);
        const projector = await open(new Counting(1, refuses));
        await projector.catchUp();
        projector.start();
        await happen(stream(1), 'Giao', 'Hỏng', 'Nhận');
        const [last] = await happen(stream(2), 'Giao');
        expect(await projector.reaches(last!.position, 5_000)).toBe(true);
        expect(await counted()).toEqual({ Giao: 2 });
        await happen(stream(1), 'Nhận');
        const [other] = await happen(stream(3), 'Nhận');
        expect(await projector.reaches(other!.position, 5_000)).toBe(true);
        expect(await counted()).toEqual({ Giao: 2, Nhận: 1 });
        expect(projector.parked()).toMatchObject([{ projection: 'counting', version: 1, stream: stream(1), revision: 1, error: 'không nhận Hỏng', attempts: 3 }]);
        expect(await projector.status()).toMatchObject([{ parked: 1, lagEvents: 0 }]);
        expect(await projector.retry('counting', stream(1))).toMatchObject({ attempts: 4 });
        refuses.clear();
        expect(await projector.retry('counting', stream(1))).toBeUndefined();
        expect([await counted(), projector.parked()]).toEqual([{ Giao: 2, Hỏng: 1, Nhận: 3 }, []]);
        await expect(projector.retry('counting', stream(1))).rejects.toMatchObject({ code: 'not-parked' });
        await projector.stop();
      }, 20_000);

      it('keeps what came before a second one in the same stream, also when that one is skipped', async () => {
        const refuses = new Set(['Hỏng', 'Hỏng nữa']);
        const projector = await open(new Counting(1, refuses));
        await projector.catchUp();
        projector.start();
        const [, , , second] = await happen(stream(1), 'Giao', 'Hỏng', 'Nhận', 'Hỏng nữa', 'Nhận');
        const [last] = await happen(stream(2), 'Giao');
        expect(await projector.reaches(last!.position, 5_000)).toBe(true);
        refuses.delete('Hỏng');
        expect(await projector.retry('counting', stream(1))).toMatchObject({ eventId: second!.id, revision: 3, error: 'không nhận Hỏng nữa' });
        expect(await counted()).toEqual({ Giao: 2, Hỏng: 1, Nhận: 1 });
        await recordSkip(log, { projection: 'counting', version: 1, eventId: second!.id, reason: 'ghi nhầm' }, actor, clock, systemIds);
        expect(await projector.retry('counting', stream(1))).toBeUndefined();
        expect(await counted()).toEqual({ Giao: 2, Hỏng: 1, Nhận: 2 });
        await projector.stop();
      }, 20_000);

      it('stays set aside over a restart, and is skipped only by a decision with a reason, which a rebuild keeps to', async () => {
        const [event] = await happen(stream(1), 'Hỏng');
        await happen(stream(1), 'Nhận');
        const refusing = (): Counting => new Counting(1, new Set(['Hỏng']));
        // Nothing serves yet, so the first build stops and says where.
        const first = await open(refusing());
        await expect(first.catchUp()).rejects.toMatchObject({ code: 'projection-stopped', detail: expect.stringContaining(event!.id), extra: { projection: 'counting', position: '1', stream: stream(1) } });
        await first.stop();
        await expect(recordSkip(log, { projection: 'counting', version: 1, eventId: event!.id, reason: ' ' }, actor, clock, systemIds)).rejects.toMatchObject({ code: 'reason-missing' });
        await expect(recordSkip(log, { projection: 'counting', version: 1, eventId: systemIds.next(), reason: 'thử' }, actor, clock, systemIds)).rejects.toMatchObject({ code: 'event-unknown' });
        await recordSkip(log, { projection: 'counting', version: 1, eventId: event!.id, reason: 'ghi nhầm khi thử' }, actor, clock, systemIds);
        const skipping = refusing();
        const second = await open(skipping);
        await second.catchUp();
        expect([await counted(), skipping.setAsides]).toEqual([{ Nhận: 1 }, ['Hỏng']]);
        await second.rebuild();
        expect(await counted()).toEqual({ Nhận: 1 });
        // A decision for one version is none for the next.
        await second.stop();
        const next = await open(new Counting(2, new Set(['Hỏng'])));
        await expect(next.catchUp()).rejects.toMatchObject({ code: 'projection-stopped' });
        await next.stop();
      });

      it('leaves a stream that was set aside so after a restart, with what came since waiting in the log', async () => {
        const refuses = new Set(['Hỏng']);
        await happen(stream(1), 'Giao');
        const before = await open(new Counting(1, refuses));
        await before.catchUp();
        before.start();
        const [event] = await happen(stream(1), 'Hỏng');
        expect(await before.reaches(event!.position, 5_000)).toBe(true);
        await before.stop();
        const after = await open(new Counting(1, refuses));
        await happen(stream(1), 'Nhận');
        await after.catchUp();
        expect([await counted(), after.parked().map((one) => one.eventId)]).toEqual([{ Giao: 1 }, [event!.id]]);
        await recordSkip(log, { projection: 'counting', version: 1, eventId: event!.id, reason: 'ghi nhầm' }, actor, clock, systemIds);
        expect(await after.retry('counting', stream(1))).toBeUndefined();
        expect(await counted()).toEqual({ Giao: 1, Nhận: 1 });
        await after.stop();
      }, 20_000);

      it('stops a build beside, which says so, and leaves what serves alone', async () => {
        await happen(stream(1), 'Giao', 'Nhận');
        const first = await open(new Counting(1));
        await first.catchUp();
        await first.stop();
        const projector = await open(new Counting(1), new Counting(2, new Set(['Nhận'])));
        await projector.catchUp();
        projector.start();
        const building = async () => (await projector.status()).find(({ state }) => state === 'building')!;
        for (let n = 0; n < 100 && (await building()).lastError === null; n++) await new Promise((resolve) => setTimeout(resolve, 10));
        expect((await building()).lastError).toContain('không nhận Nhận');
        const [event] = await happen(stream(1), 'Giao');
        expect(await projector.reaches(event!.position, 2_000)).toBe(true);
        expect([await counted(), (await projector.status())[0]!.lastError]).toEqual([{ Giao: 2, Nhận: 1 }, null]);
        await projector.stop();
      });
    });
  });
}
