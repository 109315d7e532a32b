import type { Db } from 'mongodb';
import type { RecordedEvent } from '#event-log';
import type { Instant } from '#kernel';
import { AtHand, type Build, type Projection } from '#projections';
import { collectionOf, type MongoTx } from '#projections/mongo/mongo-read-models';
import { taskIdOf, taskStream } from '#tasks';
import type { FigureTasks, HeldWork, PassedDeadline } from '../figure-tasks.ts';
import type { BeliefsSource, TaskBeliefs } from '../figures-in-memory.ts';
import { FIGURE_EVENTS, FollowedTask, type StoredFigures } from '../followed-task.ts';

const TABLE = 'figure_tasks';
/** Tasks in one answer of the server. */
const AT_ONCE = 500;

interface FigureTaskDocument extends Omit<StoredFigures, 'changedAt' | 'firstAt'> {
  readonly _id: string;
  readonly changedAt: bigint;
  readonly firstAt: bigint;
}

/**
 * The two-time figures read model: what was believed of every task, one document a task. What a document holds is told by `changedAt` alone,
 * so every write is conditional on it and events at or before it are passed over: batches that come again, cut otherwise, change nothing,
 * and neither does a holder that wrote after its time.
 */
export class MongoFiguresProjection implements Projection<MongoTx> {
  readonly name = 'figures';
  readonly version: number = 6;
  readonly categories = ['task'];
  readonly types = FIGURE_EVENTS;
  readonly tables = [{ name: TABLE, orderBy: '_id' }];
  private readonly tasks = new AtHand<FollowedTask>();

  async init(tx: MongoTx): Promise<void> {
    await tx.collection(TABLE).createIndexes([
      { name: 'lead', key: { unitId: 1, state: 1, firstAt: 1 } },
      // Not partial: FerretDB 1.24 has no such indexes (FerretDB issue 2448), and what is null here takes some bytes.
      { name: 'end', key: { endAt: 1, _id: 1 } },
      { name: 'changed', key: { changedAt: 1 } },
      { name: 'first', key: { firstAt: 1 } },
    ]);
  }

  async apply(events: readonly RecordedEvent[], tx: MongoTx): Promise<void> {
    await this.readBack(events, tx);
    for (const event of events) {
      const held = this.tasks.find(event.stream) ?? this.tasks.hold(event.stream, taskIdOf(event.stream), new FollowedTask(), false);
      if (held.item.take(event)) this.tasks.change(held);
    }
  }

  /** One document a task and commit, however many facts it brought. */
  flush(tx: MongoTx): void {
    for (const held of this.tasks.changed) {
      const { id: taskId, item } = held;
      const stored = item.toStored();
      if (!stored) continue;
      const document = { ...stored, changedAt: BigInt(stored.changedAt), firstAt: BigInt(stored.firstAt) };
      // An upsert on the condition below would fail where a newer document is. One that inserts or does nothing, with the condition after
      // it, leaves the newer of both, whatever else was written before, between or afterwards.
      if (!held.stored) tx.write(TABLE, { updateOne: { filter: { _id: taskId }, update: { $setOnInsert: document }, upsert: true } });
      tx.write(TABLE, { replaceOne: { filter: { _id: taskId, changedAt: { $lt: document.changedAt } }, replacement: document } });
      held.stored = true;
    }
  }

  committed(): void {
    this.tasks.committed();
  }

  rolledBack(): void {
    this.tasks.rolledBack();
  }

  /** What was begun and killed before it had its indexes gets them here. */
  async caughtUp(tx: MongoTx): Promise<void> {
    await this.init(tx);
  }

  /** Fetches the tasks of a batch that are not at hand, all with one question. */
  private async readBack(events: readonly RecordedEvent[], tx: MongoTx): Promise<void> {
    const wanted = new Set<string>();
    // The first event of a stream has nothing before it to read back.
    for (const { stream, revision } of events) if (revision > 0 && !this.tasks.find(stream)) wanted.add(taskIdOf(stream));
    for (const { stream, revision } of events) if (revision === 0) wanted.delete(taskIdOf(stream));
    if (wanted.size === 0) return;
    const found = tx
      .collection(TABLE)
      .find<FigureTaskDocument>(
        { _id: { $in: [...wanted] } },
        {
          projection: { dueBy: 1, facts: 1, count: 1, rows: 1, coordination: 1, marks: 1, obstacles: 1, passed: 1, changedAt: 1 },
          batchSize: wanted.size,
          promoteBuffers: true,
        },
      );
    for await (const { _id, changedAt, ...life } of found)
      this.tasks.hold(taskStream(_id), _id, new FollowedTask({ ...life, changedAt: Number(changedAt) }), true);
  }
}

/** Reads what `MongoFiguresProjection` wrote in one build. */
export class MongoFigures implements FigureTasks, BeliefsSource {
  private readonly tasks: ReturnType<typeof tasksOf>;
  constructor({ db }: { readonly db: Db }, build: Build) {
    this.tasks = tasksOf(db, build);
  }

  async openOf(unitId: string): Promise<readonly string[]> {
    return this.idsOf({ unitId, state: 'open' });
  }

  async openDueFrom(from: Instant): Promise<readonly string[]> {
    return this.idsOf({ state: 'open', dueAt: { $gte: from } });
  }

  async heldBy(unitId: string): Promise<HeldWork> {
    const held = { open: 0, submitted: 0, suspended: 0 };
    const groups = this.tasks.aggregate<{ readonly _id: keyof HeldWork; readonly n: number | bigint }>([
      { $match: { unitId, state: { $in: Object.keys(held) } } },
      { $group: { _id: '$state', n: { $sum: 1 } } },
    ]);
    for await (const { _id, n } of groups) held[_id] = Number(n);
    return held;
  }

  async passedBy(instant: Instant, limit: number): Promise<readonly PassedDeadline[]> {
    const found = await this.tasks
      .find({ endAt: { $lt: instant } }, { projection: { endAt: 1 }, sort: { endAt: 1, _id: 1 }, limit })
      .toArray();
    return found.map(({ _id, endAt }) => ({ taskId: _id, end: endAt! }));
  }

  async nextEnd(): Promise<Instant | undefined> {
    const next = await this.tasks.findOne({ endAt: { $ne: null } }, { projection: { endAt: 1 }, sort: { endAt: 1 } });
    return next?.endAt ?? undefined;
  }

  all(): AsyncGenerator<readonly TaskBeliefs[]> {
    return this.pages('firstAt', 0n);
  }

  changedAfter(position: bigint): AsyncGenerator<readonly TaskBeliefs[]> {
    return this.pages('changedAt', position);
  }

  /** By pages of their own and not one long cursor, which the server would end when its reader is slow. One event stands at a position, so no two tasks share one. */
  private async *pages(by: 'firstAt' | 'changedAt', position: bigint): AsyncGenerator<readonly TaskBeliefs[]> {
    for (let after = position; ;) {
      const page = await this.tasks
        .find(
          { [by]: { $gt: after } },
          { projection: { rows: 1, coordination: 1, marks: 1, obstacles: 1, [by]: 1 }, sort: { [by]: 1 }, limit: AT_ONCE, batchSize: AT_ONCE, promoteBuffers: true },
        )
        .toArray();
      const last = page.at(-1);
      if (last) yield page.map(({ _id, rows, coordination, marks, obstacles }) => ({ taskId: _id, rows, coordination, marks, obstacles }));
      if (!last || page.length < AT_ONCE) return;
      after = last[by];
    }
  }

  private async idsOf(filter: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
    const found = await this.tasks.find(filter, { projection: { _id: 1 }, sort: { firstAt: 1 } }).toArray();
    return found.map(({ _id }) => _id);
  }
}

const tasksOf = (db: Db, build: Build) => db.collection<FigureTaskDocument>(collectionOf(build, TABLE));
