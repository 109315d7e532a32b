import { AuditTrailProjection, SqliteAuditTrail } from '#audit-trail/sqlite/sqlite-audit-trail';
import type { EventLog } from '#event-log';
import { FiguresProjection, SqliteFigures } from '#figures/sqlite/sqlite-figures';
import type { Clock } from '#kernel';
import { Projector, type Projection } from '#projections';
import { openReader } from '#projections/sqlite/open-read-models';
import { dumpTables, openSqliteReadModels, readBuilds, readParked, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { ReminderLedgerProjection, SqliteReminderLedger } from '#reminders/sqlite/sqlite-ledger';
import { SqliteTaskBoard, TaskBoardProjection } from '#task-board/sqlite/sqlite-task-board';
import type { ReadModelReader } from '../read-models.ts';
import type { RuntimeOptions } from '../stores.ts';

/** Every projection of the program; a release that raises a version keeps the one before here, so that it serves while the new one is built. */
const PROJECTIONS: readonly (() => Projection<SqliteTx>)[] = [() => new TaskBoardProjection(), () => new FiguresProjection(), () => new AuditTrailProjection(), () => new ReminderLedgerProjection()];

/** Takes over the read-model file as the one process and thread that writes it. */
export async function openSqliteProjector(file: string, log: EventLog, clock: Clock, projections: RuntimeOptions['projections'] = (usual) => usual): Promise<Projector<SqliteTx>> {
  const store = await openSqliteReadModels(file);
  try {
    return await Projector.open({ log, store, clock, projections: projections(PROJECTIONS) });
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** For questions. With `frozen`, everything it answers is of one moment, whatever is written meanwhile. */
export async function openSqliteReader(file: string, { frozen = false } = {}): Promise<ReadModelReader> {
  const db = await openReader(file);
  if (frozen) db.exec('BEGIN');
  return {
    builds: async () => readBuilds(db),
    parked: async () => readParked(db),
    board: (build) => new SqliteTaskBoard(db, build),
    figures: (build) => new SqliteFigures(db, build),
    auditTrail: (build) => new SqliteAuditTrail(db, build),
    ledger: (build) => new SqliteReminderLedger(db, build),
    async *dump() {
      const active = readBuilds(db).filter(({ state }) => state === 'active');
      for (const { name, tables } of PROJECTIONS.map((make) => make())) {
        const build = active.find((one) => one.name === name);
        if (build) yield* dumpTables(db, build, tables);
      }
    },
    async close() {
      db.close();
    },
  };
}
