import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Database } from 'better-sqlite3';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventLog } from '#event-log';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { ManualClock, systemIds } from '#kernel';
import type { Projection } from '../projection.ts';
import { SqliteProjector } from './sqlite-projector.ts';

/** Counts events by type; refuses the type it is told to. */
class Counting implements Projection<Database> {
  readonly name = 'counting';
  readonly categories = ['task'];
  readonly tables = [{ name: 'counting', orderBy: 'type' }];
  readonly version: number;
  refuses: string | undefined;
  applied = 0;
  constructor(version = 1) {
    this.version = version;
  }
  init(db: Database): void {
    db.exec('CREATE TABLE counting (type TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT');
  }
  drop(db: Database): void {
    db.exec('DROP TABLE IF EXISTS counting');
  }
  apply(events: Parameters<Projection<Database>['apply']>[0], db: Database): void {
    for (const event of events) {
      db.prepare('INSERT INTO counting VALUES (?, 1) ON CONFLICT (type) DO UPDATE SET n = n + 1').run(event.type);
      if (event.type === this.refuses) throw new Error(`không nhận ${event.type}`);
      this.applied++;
    }
  }
}

let folder: string;
let log: EventLog;
const clock = new ManualClock(Date.parse('2020-11-29T07:30:00+07:00'));
const open = (projection: Counting): Promise<SqliteProjector> => SqliteProjector.open(join(folder, 'read-models.sqlite'), log, [projection], clock);
async function happen(...types: string[]): Promise<bigint> {
  const id = systemIds.next();
  const result = await log.append(`task-${id}`, types.map((type) => ({ id: systemIds.next(), type, schema: 1, data: {}, occurredAt: clock.now(), metadata: { actor: { id: 'office', role: 'office' } } })), { expectedRevision: -1 });
  if (!result.ok) throw new Error('conflict');
  return result.position;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nhacviec-projector-'));
  log = new MemoryEventLog({ clock });
});
afterEach(async () => {
  await log.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the projector', () => {
  it('goes on from its checkpoint after a restart, applying nothing twice', async () => {
    await happen('TaskAssigned', 'TaskReceived');
    const before = await open(new Counting());
    await before.catchUp();
    const dump = [...before.dump()];
    await before.stop();
    const projection = new Counting();
    const after = await open(projection);
    await after.catchUp();
    expect([projection.applied, [...after.dump()]]).toEqual([0, dump]);
    await happen('TaskReceived');
    await after.catchUp();
    expect([...after.dump()]).toEqual(['# counting@1 counting', '{"type":"TaskAssigned","n":1}', '{"type":"TaskReceived","n":2}']);
    await after.stop();
  });

  it('keeps nothing of a batch that fails, and says so with its lag', async () => {
    await happen('TaskAssigned', 'Poison');
    const projection = new Counting();
    projection.refuses = 'Poison';
    const projector = await open(projection);
    await expect(projector.catchUp()).rejects.toThrow('không nhận Poison');
    expect([...projector.dump()]).toEqual(['# counting@1 counting']);
    clock.set(clock.now() + 3_000);
    expect(await projector.status()).toMatchObject([{ name: 'counting', position: '0', lagEvents: 2, lagSeconds: 3 }]);
    projection.refuses = undefined;
    await projector.catchUp();
    expect(await projector.status()).toMatchObject([{ lagEvents: 0, lagSeconds: 0 }]);
    await projector.stop();
  });

  it('builds anew when the version changed or the log is another one', async () => {
    await happen('TaskAssigned');
    const first = await open(new Counting(1));
    await first.catchUp();
    await first.stop();
    const second = new Counting(2);
    const projector = await open(second);
    await projector.catchUp();
    expect(second.applied).toBe(1);
    await projector.stop();
    log = new MemoryEventLog({ clock });
    const third = await open(new Counting(2));
    expect([...third.dump()]).toEqual(['# counting@2 counting']);
    await third.stop();
  });

  it('shows queries commits only, never the middle of a batch, and says when it has caught up', async () => {
    const projection = new Counting();
    const projector = await open(projection);
    const rows = (): unknown => projector.database.prepare('SELECT count(*) AS n FROM counting').get();
    let during: unknown;
    let caughtUp = 0;
    const apply = projection.apply.bind(projection);
    Object.assign(projection, {
      apply: (events: Parameters<Projection<Database>['apply']>[0], db: Database) => { apply(events, db); during = rows(); },
      caughtUp: () => { caughtUp++; },
    });
    await happen('TaskAssigned', 'TaskReceived');
    await projector.catchUp();
    expect([during, rows(), caughtUp]).toEqual([{ n: 0 }, { n: 2 }, 1]);
    expect(() => projector.database.exec('DELETE FROM counting')).toThrow('readonly');
    await projector.stop();
  });

  it('takes a burst in few commits and still answers a waiter soon', async () => {
    const projection = new Counting();
    const projector = await open(projection);
    let batches = 0;
    Object.assign(projection, { committed: () => { batches++; } });
    projector.start();
    for (let n = 0; n < 200; n++) {
      await happen('TaskAssigned');
      if (n % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await projector.reaches(await happen('TaskReceived'), 2_000)).toBe(true);
    expect(projection.applied).toBe(201);
    expect(batches).toBeLessThan(100);
    const waits: number[] = [];
    for (let n = 0; n < 20; n++) {
      const position = await happen('TaskReceived');
      const from = performance.now();
      await projector.reaches(position, 2_000);
      waits.push(performance.now() - from);
    }
    // Half of them: a busy machine may hold back a few.
    expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(20);
    await projector.stop();
  });

  it('follows the log and wakes whoever waits for a position', async () => {
    const projector = await open(new Counting());
    projector.start();
    const position = await happen('TaskAssigned');
    expect(await projector.reaches(position, 2_000)).toBe(true);
    expect(await projector.reaches(position + 1n, 50)).toBe(false);
    await projector.stop();
  });
});
