/**
 * emmett-sqlite as the bench drives it (apps/cli/src/bench/peer.ts has the types). Its own functions over one connection that stays open: the
 * store object opens and closes the file for every append, which would make it slower than it is.
 */
import { appendToStream, createEventStoreSchema, getSQLiteEventStore, sqliteConnection } from '@event-driven-io/emmett-sqlite';

/** Events read between two turns; its default of 100, with 50 ms of rest after each, measures the rest. */
const BATCH = 2_000;

const toEvent = ({ type, data, metadata, occurredAt }) => ({ type, data, metadata: { ...metadata, occurredAt } });

/** @param {string} fileName */
export async function openPeer(fileName) {
  const connection = sqliteConnection({ fileName });
  await createEventStoreSchema(connection);
  await connection.command('PRAGMA synchronous = FULL');
  const { synchronous } = await connection.querySingle('PRAGMA synchronous');
  const { journal_mode: journalMode } = await connection.querySingle('PRAGMA journal_mode');
  if (synchronous !== 2 || journalMode !== 'wal')
    throw new Error(`emmett-sqlite runs with synchronous ${synchronous}, journal ${journalMode}`);
  let rebuilds = 0;
  return {
    /** All events of a new stream in one transaction. */
    async append(stream, events) {
      const result = await appendToStream(connection, stream, stream.slice(0, stream.indexOf('-')), events.map(toEvent), {
        expectedStreamVersion: 0n,
      });
      if (!result.success) throw new Error(`${stream}: not appended`);
    },
    /** Hands every event to `handle` from the first on, a transaction and a checkpoint per batch as its consumer does it. */
    async rebuild(init, handle) {
      for (const sql of init) await connection.command(sql);
      const { n } = await connection.querySingle('SELECT max(global_position) AS n FROM emt_messages');
      const consumer = getSQLiteEventStore({ fileName, schema: { autoMigration: 'None' } }).consumer({
        pulling: { batchSize: BATCH, pullingFrequencyInMs: 0 },
      });
      consumer.processor({
        processorId: `rebuild-${(rebuilds += 1)}`,
        startFrom: 'BEGINNING',
        stopAfter: ({ metadata }) => metadata.globalPosition >= BigInt(n),
        eachMessage: async (event, { connection: within }) => {
          for (const [sql, values] of handle({ type: event.type, stream: event.metadata.streamName, data: event.data }))
            await within.command(sql, values);
        },
      });
      await consumer.start();
      await consumer.close();
    },
    query: (sql) => connection.query(sql),
    close: () => connection.close(),
  };
}
