import { MongoAuditTrail, MongoAuditTrailProjection } from '#audit-trail/mongo/mongo-audit-trail';
import { MongoFigures, MongoFiguresProjection } from '#figures/mongo/mongo-figures';
import type { Projection } from '#projections';
import type { MongoConnection } from '#event-log/mongo/connect';
import { dumpCollections } from '#projections/mongo/dump-collections';
import { readBuilds, readParked, type MongoTx } from '#projections/mongo/mongo-read-models';
import { MongoReminderLedger, MongoReminderLedgerProjection } from '#reminders/mongo/mongo-ledger';
import { MongoTaskBoard, MongoTaskBoardProjection } from '#task-board/mongo/mongo-task-board';
import type { ReadModelReader } from '../read-models.ts';

/** Every projection of the program; a release that raises a version keeps the one before here, so that it serves while the new one is built. */
export const MONGO_PROJECTIONS: readonly (() => Projection<MongoTx>)[] = [() => new MongoTaskBoardProjection(), () => new MongoFiguresProjection(), () => new MongoAuditTrailProjection(), () => new MongoReminderLedgerProjection()];

/** For questions; the connection stays open when it is closed. */
export function mongoReader(connection: MongoConnection): ReadModelReader {
  return {
    builds: () => readBuilds(connection),
    parked: () => readParked(connection),
    board: (build) => new MongoTaskBoard(connection.db, build),
    figures: (build) => new MongoFigures(connection, build),
    auditTrail: (build) => new MongoAuditTrail(connection, build),
    ledger: (build) => new MongoReminderLedger(connection, build),
    async *dump() {
      const active = (await readBuilds(connection)).filter(({ state }) => state === 'active');
      for (const { name, tables } of MONGO_PROJECTIONS.map((make) => make())) {
        const build = active.find((one) => one.name === name);
        if (build) yield* dumpCollections(connection, build, tables);
      }
    },
    close: () => Promise.resolve(),
  };
}
