import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { AnyBulkWriteOperation, Collection, Db, FindCursor } from 'mongodb';
import type { JsonObject, RecordedEvent } from '#event-log';
import { MemoryEventLog } from '#event-log/memory/memory-event-log';
import { derivedId, ManualClock, systemIds } from '#kernel';
import { Projector, type Build } from '#projections';
import { connectMongo, type MongoConnection } from '#event-log/mongo/connect';
import { acquireLease, type ProjectionDocument } from '#projections/mongo/lease';
import { collectionOf, openMongoReadModels, type MongoTx, type Row } from '#projections/mongo/mongo-read-models';
import { tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { taskIdOf } from '#tasks';
import { startStandIn, type StandIn } from '../../../../test/stand-ins/mongodb/server.ts';
import { documentIdOf, type TaskBoard } from '../board.ts';
import { boardLogArb, inOrder, naiveRows, naiveSearch, WORDS, type BoardRow, type ToldEvent } from '../naive.features.ts';
import { SqliteTaskBoard, TaskBoardProjection } from '../sqlite/sqlite-task-board.ts';
import { assignment } from '../task-board.features.ts';
import { MongoTaskBoard, MongoTaskBoardProjection } from './mongo-task-board.ts';

const RUNS = process.env['NHACVIEC_FULL'] ? 600 : 25;

type Write = () => Promise<unknown>;

/** A commit of a process: how its events are cut, whether a write is done twice, and where the process ends, if it does. */
interface Step {
  readonly cuts: readonly number[];
  readonly twice: number;
  /** Writes before the kill; beyond the last one it comes between data and checkpoint. */
  readonly killedAfter: number | null;
  /** The process sees the rest of its commit fail, and goes on itself. */
  readonly survives: boolean;
  /** How many writes of killed processes that were only paused are done before each read, and before the commit. */
  readonly woken: number;
  readonly retries: boolean;
}

const stepArb: fc.Arbitrary<Step> = fc.record({
  cuts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  twice: fc.nat(20),
  killedAfter: fc.option(fc.nat(6), { freq: 2 }),
  survives: fc.boolean(),
  woken: fc.nat(3),
  retries: fc.boolean(),
});
const CALM: Step = { cuts: [Infinity], twice: -1, killedAfter: null, survives: false, woken: 0, retries: true };

/**
 * Plays a log into a build by processes that are killed between any two writes of a commit, of which some were only paused and write the
 * rest of their commit while a later one works. What a checkpoint and the parked streams say is kept as the store keeps it.
 */
class Processes {
  readonly counted = { kills: 0, woken: 0 };
  private readonly db: Db;
  private readonly build: Build;
  private readonly told: readonly ToldEvent[];
  private projection = new MongoTaskBoardProjection();
  private gathered: Write[] = [];
  private readonly paused: Write[] = [];
  private reached = 0;
  private parked = new Map<string, readonly ToldEvent[]>();
  private step: Step = CALM;

  constructor(db: Db, build: Build, told: readonly ToldEvent[]) {
    [this.db, this.build, this.told] = [db, build, told];
  }

  async play(steps: readonly Step[]): Promise<void> {
    await this.projection.init(this.tx);
    for (const step of steps) await this.go(step);
    while (this.reached < this.told.length || this.parked.size > 0) await this.go(CALM);
    while (this.paused.length > 0) await this.wake(this.paused.length);
  }

  private async go(step: Step): Promise<void> {
    this.step = step;
    const [stream] = this.parked.keys();
    if (stream !== undefined && step.retries) {
      await this.commit(
        async () => {
          for (const { event, fate } of this.parked.get(stream)!)
            await (fate === 'skipped' ? this.projection.setAside(event, this.tx) : this.projection.apply([event], this.tx));
        },
        () => this.parked.delete(stream),
      );
    } else if (this.reached < this.told.length) await this.goOn(step.cuts);
  }

  /** To the next event that cannot be taken yet, or to the end of the step. */
  private async goOn(cuts: readonly number[]): Promise<void> {
    const first = this.told[this.reached]!;
    const { stream } = first.event;
    if (first.fate === 'parked' && !this.parked.has(stream)) {
      await this.commit(
        () => this.projection.setAside(first.event, this.tx),
        () => {
          this.parked.set(stream, [first]);
          this.reached++;
        },
      );
      return;
    }
    const waiting = new Map(this.parked);
    const batches: ToldEvent[][] = [];
    let to = this.reached;
    for (const cut of cuts) {
      const batch: ToldEvent[] = [];
      for (; to < this.told.length && batch.length < cut; to++) {
        const one = this.told[to]!;
        const held = waiting.get(one.event.stream);
        if (held) waiting.set(one.event.stream, [...held, one]);
        else if (one.fate === 'parked') break;
        else batch.push(one);
      }
      batches.push(batch);
    }
    await this.commit(
      async () => {
        for (const batch of batches) {
          // As the projector does: what is skipped is set aside in the middle of a batch.
          let some: RecordedEvent[] = [];
          for (const { event, fate } of batch) {
            if (fate !== 'skipped') some.push(event);
            else {
              if (some.length > 0) await this.projection.apply(some, this.tx);
              some = [];
              await this.projection.setAside(event, this.tx);
            }
          }
          if (some.length > 0) await this.projection.apply(some, this.tx);
        }
      },
      () => {
        this.parked = waiting;
        this.reached = to;
      },
    );
  }

  private async commit(work: () => Promise<void>, checkpoint: () => void): Promise<void> {
    this.gathered = [];
    await work();
    this.projection.flush(this.tx);
    const writes = this.gathered;
    await this.wake(this.step.woken);
    const { killedAfter, survives, twice } = this.step;
    for (const [n, write] of writes.entries()) {
      if (n === killedAfter) break;
      await write();
      if (n === twice) await write();
    }
    if (killedAfter === null) {
      checkpoint();
      this.projection.committed();
      return;
    }
    this.paused.push(...writes.slice(killedAfter));
    this.counted.kills++;
    if (survives) {
      this.projection.rolledBack();
      return;
    }
    this.projection = new MongoTaskBoardProjection();
  }

  private async wake(most: number): Promise<void> {
    for (const write of this.paused.splice(0, most)) {
      await write();
      this.counted.woken++;
    }
  }

  private readonly tx: MongoTx = {
    collection: (table) => this.stirred(this.db.collection<Row>(collectionOf(this.build, table))),
    write: (table, operation: AnyBulkWriteOperation<Row>) =>
      void this.gathered.push(() => this.db.collection<Row>(collectionOf(this.build, table)).bulkWrite([operation])),
  };

  /** Somebody else may write before any answer is read. */
  private stirred(collection: Collection<Row>): Collection<Row> {
    const cursor = (inner: FindCursor<Row>): Partial<FindCursor<Row>> => ({
      toArray: async () => {
        await this.wake(this.step.woken);
        return inner.toArray();
      },
      next: async () => {
        await this.wake(this.step.woken);
        return inner.next();
      },
    });
    return Object.assign(Object.create(collection) as Collection<Row>, {
      find: (...given: Parameters<Collection<Row>['find']>) => cursor(collection.find(...given) as unknown as FindCursor<Row>),
    });
  }
}

/** The same log in SQLite, where a commit counts wholly or not at all. */
function inSqlite(told: readonly ToldEvent[], build: Build): { readonly rows: readonly BoardRow[]; readonly board: TaskBoard } {
  const db = new Database(':memory:');
  const tx: SqliteTx = { db, table: (name) => tableOf(build, name) };
  const projection = new TaskBoardProjection();
  projection.init(tx);
  const parked = new Map<string, ToldEvent[]>();
  const give = ({ event, fate }: ToldEvent): void => {
    if (fate === 'skipped') projection.setAside(event, tx);
    else projection.apply([event], tx);
  };
  for (const one of told) {
    const { stream } = one.event;
    if (parked.has(stream)) parked.get(stream)!.push(one);
    else if (one.fate === 'parked') {
      projection.setAside(one.event, tx);
      parked.set(stream, [one]);
    } else give(one);
  }
  for (const waiting of parked.values()) waiting.forEach(give);
  projection.flush(tx);
  const rows = db
    .prepare<[], Record<string, unknown>>(`SELECT * FROM ${tableOf(build, 'task_board')}`)
    .all()
    .map((row): BoardRow => ({
      taskId: row['task_id'] as string,
      code: row['code'] as string,
      knownFrom: BigInt(row['known_from'] as number),
      knownTo: BigInt(row['known_to'] as number),
      believed: [
        row['document_number'],
        row['document_date'],
        row['issuer'],
        row['title'],
        row['content'],
        row['product'],
        row['authority'],
        row['field'],
        row['starred'] === 1,
        row['assigned_on'],
        row['routine'] === 1,
        row['parent_task_id'],
      ],
    }));
  return { rows: inOrder(rows), board: new SqliteTaskBoard(db, build) };
}

interface Version extends Record<string, unknown> {
  readonly knownFrom: bigint;
  readonly knownTo: bigint;
}

describe('the task board in MongoDB, by processes that are killed, paused and repeat themselves', () => {
  let server: StandIn;
  let connection: MongoConnection;
  beforeAll(async () => {
    server = await startStandIn();
    connection = await connectMongo(server.url);
  });
  afterAll(async () => {
    await connection.close();
    await server.close();
  });

  it('is what a slow reading of the log gives, what SQLite keeps, and what a build in one go is', async () => {
    const { db } = connection;
    const counted = { kills: 0, woken: 0, events: 0 };
    let builds = 0;
    await fc.assert(
      fc.asyncProperty(
        boardLogArb,
        fc.array(stepArb, { maxLength: 25, size: 'max' }),
        fc.subarray([...WORDS], { minLength: 3, maxLength: 4 }),
        async (told, steps, words) => {
          const build: Build = { id: ++builds, name: 'task-board', version: 4, state: 'active', position: 0n, eventId: '', repairs: 0 };
          const processes = new Processes(db, build, told);
          await processes.play(steps);
          const kept = (id: number): Promise<readonly Row[]> =>
            db
              .collection<Row>(collectionOf({ id }, 'task_board'))
              .find({}, { sort: { _id: 1 } })
              .toArray();
          const documents = await kept(build.id);
          const rows = inOrder(
            documents.flatMap(({ _id, code, versions }) =>
              (versions as readonly Version[]).map((version): BoardRow => ({
                taskId: _id,
                code: code as string,
                knownFrom: version.knownFrom,
                knownTo: version.knownTo,
                believed: [
                  'documentNumber',
                  'documentDate',
                  'issuer',
                  'title',
                  'content',
                  'product',
                  'authority',
                  'field',
                  'starred',
                  'assignedOn',
                  'routine',
                  'parentTaskId',
                ].map((field) => version[field]),
              })),
            ),
          );
          const naive = naiveRows(told);
          const sqlite = inSqlite(told, build);
          expect(sqlite.rows).toEqual(naive);
          expect(rows).toEqual(naive);

          // Nothing was ever in the way of this one.
          const whole: Build = { ...build, id: ++builds };
          await new Processes(
            db,
            whole,
            told.map(({ event, fate }) => ({ event, fate: fate === 'parked' ? 'applied' : fate })),
          ).play([]);
          expect(documents).toEqual(await kept(whole.id));

          const board = new MongoTaskBoard(db, build);
          const ids = told.map(({ event }) => taskIdOf(event.stream));
          for (const known of [null, told[Math.floor(told.length / 2)]?.event.position ?? 0n]) {
            for (const text of words) {
              const found = [...(await board.search(text, known))].sort();
              expect([text, found]).toEqual([text, naiveSearch(naive, text, known)]);
              expect([text, found]).toEqual([text, [...(await sqlite.board.search(text, known))].sort()]);
            }
            const answers = async (one: TaskBoard): Promise<unknown> => [
              await one.byIds(ids, known),
              await one.starred(known),
              await one.withDocumentNumber('57/BC-TTT', known),
              new Set(await one.subtasksOf('t0', known)),
              new Set(await one.ofDocument(documentIdOf(assignment().document), known)),
              await one.count(),
            ];
            expect(await answers(board)).toEqual(await answers(sqlite.board));
          }
          for (const { id } of [build, whole]) await db.dropCollection(collectionOf({ id }, 'task_board'));
          for (const key of ['kills', 'woken'] as const) counted[key] += processes.counted[key];
          counted.events += told.length;
        },
      ),
      // Making a failure smaller takes thousands of builds: give its `path` for that.
      { numRuns: RUNS, seed: 20_201_129, endOnFailure: true },
    );
    process.stderr.write(
      `task board in MongoDB, repeated: logs ${String(RUNS)}, events ${String(counted.events)}, kills within commits ${String(counted.kills)}, writes of paused processes ${String(counted.woken)}\n`,
    );
    expect(Math.min(counted.kills, counted.woken)).toBeGreaterThan(RUNS);
  }, 600_000);

  it('counts once what a projector wrote before its checkpoint, and what the server did twice', async () => {
    const clock = new ManualClock(0);
    const log = new MemoryEventLog({ clock });
    const database = 'twice';
    const stream = (n: number): string => `task-${derivedId('task', String(n))}`;
    const append = async (n: number, type: string, data: object): Promise<void> => {
      const event = {
        id: systemIds.next(),
        type,
        schema: 1,
        data: data as JsonObject,
        occurredAt: 0,
        metadata: { actor: { id: 'office', role: 'office' } },
      } as const;
      await log.append(stream(n), [event], { expectedRevision: (await log.readStream(stream(n))).length - 1 });
    };
    const start = async (holder: string): Promise<Projector<MongoTx>> => {
      const own = await connectMongo(server.url, { database });
      const lease = await acquireLease(own.db.collection<ProjectionDocument>('projections'), { name: 'all', holder, renewMs: 20 });
      await lease!.release();
      const store = openMongoReadModels(own, { name: 'all', fence: lease!.fence });
      return Projector.open({ log, store, clock, projections: [() => new MongoTaskBoardProjection()] });
    };
    const first = await start('first');
    for (let n = 0; n < 20; n++) await append(n, 'TaskAssigned', assignment());
    await first.catchUp();
    for (let n = 20; n < 40; n++) await append(n, 'TaskAssigned', assignment());
    for (let n = 10; n < 30; n++) await append(n, 'TaskCorrected', { changes: { content: { old: '', new: 'khác' } }, reason: '' });
    server.misbehave({ kind: 'cut-before', collection: 'projections', commands: ['update'], times: 1_000 });
    await expect(first.catchUp()).rejects.toThrow();
    server.behave();
    server.misbehave({ kind: 'duplicate', collection: 'task_board_1', times: 1_000 });
    const second = await start('second');
    expect(second.lowest()).toBe(20n);
    for (let n = 40; n < 50; n++) await append(n, 'TaskAssigned', assignment());
    await second.catchUp();
    server.behave();
    const own = await connectMongo(server.url, { database });
    const board = new MongoTaskBoard(own.db, { id: 1 });
    const ids = Array.from({ length: 50 }, (_, n) => taskIdOf(stream(n)));
    const shown = (await board.byIds(ids)).map(({ code, content }) => [code, content]);
    expect(shown).toEqual(
      ids.map((_, n) => [`NV-2020-${String(n + 1).padStart(4, '0')}`, n >= 10 && n < 30 ? 'khác' : assignment().content]),
    );
    expect([(await board.search('khac')).size, (await board.search('khac', 50n)).size, await board.count()]).toEqual([20, 10, 50]);
    await Promise.all([first.stop(), second.stop(), own.close(), log.close()]);
  });
});
