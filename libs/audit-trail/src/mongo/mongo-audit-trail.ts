import type { Db } from 'mongodb';
import type { RecordedEvent } from '#event-log';
import { AtHand, type Build, type Projection } from '#projections';
import { collectionOf, type MongoTx, type Row } from '#projections/mongo/mongo-read-models';
import { taskIdOf, taskStream } from '#tasks';
import { AUDIT_TRAIL, type AuditRow } from '../audit-row.ts';
import type { AuditTrail } from '../audit-trail.ts';
import { TrailTask } from '../trail-task.ts';

const EVENTS = 'audit_events';
const TASKS = 'audit_tasks';
/** Documents in one answer of the server. */
const AT_ONCE = 2_000;

type EventDocument = Omit<AuditRow, 'position'> & { readonly _id: string; readonly position: bigint };
interface TaskDocument {
  readonly _id: string;
  readonly unitId: string;
  readonly due: number | null;
  readonly facts: string;
  readonly taken: bigint;
}

/**
 * One document an event and one a task. Documents of events stand before those of their tasks in a commit, and follow from the log alone: what
 * a task's document says has been taken is there, and what is written again is the same.
 */
export class MongoAuditTrailProjection implements Projection<MongoTx> {
  readonly name = AUDIT_TRAIL.name;
  readonly version: number = AUDIT_TRAIL.version;
  readonly categories = AUDIT_TRAIL.categories;
  readonly types = AUDIT_TRAIL.types;
  readonly tables = [
    { name: EVENTS, orderBy: '_id' },
    { name: TASKS, orderBy: '_id' },
  ];
  private readonly kept = new AtHand<TrailTask>();

  async init(tx: MongoTx): Promise<void> {
    await tx.collection(EVENTS).createIndexes([{ name: 'position', key: { position: 1 } }]);
    await tx.collection(TASKS).createIndexes([{ name: 'taken', key: { taken: 1 } }]);
  }

  async apply(events: readonly RecordedEvent[], tx: MongoTx): Promise<void> {
    await this.readBack(events, tx);
    for (const event of events) {
      const held = this.kept.find(event.stream) ?? this.kept.hold(event.stream, taskIdOf(event.stream), new TrailTask(), false);
      const row = held.item.take(event, held.id);
      if (!row) continue;
      this.kept.change(held);
      tx.write(EVENTS, {
        updateOne: {
          filter: { _id: String(row.position).padStart(16, '0') },
          update: { $setOnInsert: { ...row, position: event.position } },
          upsert: true,
        },
      });
    }
  }

  flush(tx: MongoTx): void {
    for (const held of this.kept.changed) {
      const { id: taskId, item } = held;
      const { taken, ...life } = item.toStored();
      const document = { ...life, taken: BigInt(taken) };
      // An upsert on the condition below would fail where a newer document is.
      if (!held.stored) tx.write(TASKS, { updateOne: { filter: { _id: taskId }, update: { $setOnInsert: document }, upsert: true } });
      tx.write(TASKS, { replaceOne: { filter: { _id: taskId, taken: { $lt: document.taken } }, replacement: document } });
      held.stored = true;
    }
  }

  committed(): void {
    this.kept.committed();
  }

  rolledBack(): void {
    this.kept.rolledBack();
  }

  /** What was begun and killed before it had its indexes gets them here. */
  async caughtUp(tx: MongoTx): Promise<void> {
    await this.init(tx);
  }

  /** Fetches the tasks of a batch that are not at hand, all with one question. */
  private async readBack(events: readonly RecordedEvent[], tx: MongoTx): Promise<void> {
    const begun = new Set(events.filter(({ revision }) => revision === 0).map(({ stream }) => stream));
    const wanted = [...new Set(events.map(({ stream }) => stream))].filter((stream) => !begun.has(stream) && !this.kept.find(stream)).map(taskIdOf);
    if (wanted.length === 0) return;
    const found = tx.collection(TASKS).find<TaskDocument>({ _id: { $in: wanted } }, { batchSize: wanted.length });
    for await (const { _id, taken, ...life } of found)
      this.kept.hold(taskStream(_id), _id, new TrailTask({ ...life, taken: Number(taken) }), true);
  }
}

/** Reads what `MongoAuditTrailProjection` wrote in one build. */
export class MongoAuditTrail implements AuditTrail {
  private readonly db: Db;
  private readonly events: string;
  constructor({ db }: { readonly db: Db }, build: Build) {
    this.db = db;
    this.events = collectionOf(build, EVENTS);
  }

  /** By pages of their own and not one long cursor, which the server would end when its reader is slow. */
  async *rows(after: bigint, upTo: bigint): AsyncGenerator<readonly AuditRow[]> {
    for (let from = after; ;) {
      const page = (await this.db
        .collection<Row>(this.events)
        .find({ position: { $gt: from, $lte: upTo } }, { sort: { position: 1 }, limit: AT_ONCE, batchSize: AT_ONCE })
        .toArray()) as unknown as readonly EventDocument[];
      const last = page.at(-1);
      if (last) yield page.map(({ _id, position, ...row }) => ({ position: Number(position), ...row }));
      if (!last || page.length < AT_ONCE) return;
      from = last.position;
    }
  }
}
