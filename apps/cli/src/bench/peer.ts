import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NewEvent, RecordedEvent } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { systemClock, systemIds } from '#kernel';
import { Projector, type Projection } from '#projections';
import { openSqliteReadModels, tableOf, type SqliteTx } from '#projections/sqlite/sqlite-read-models';
import { prepared } from '#projections/sqlite/prepared';
import { median, perSecond, row, timed, whole } from './table.ts';

/** Work that both do: one statement or none for an event, so that what is measured is reading, parsing, handing over and committing. */
const INIT = [
  'DROP TABLE IF EXISTS peer_tasks',
  'CREATE TABLE peer_tasks (task_id TEXT PRIMARY KEY, unit_id TEXT NOT NULL, last TEXT NOT NULL, events INTEGER NOT NULL) STRICT',
] as const;
const COUNT = 'SELECT count(*) AS tasks, sum(events) AS events, max(last) AS last FROM';
type Statement = readonly [sql: string, values: readonly (string | number)[]];

function statementsOf(table: string, { type, stream, data }: Pick<RecordedEvent, 'type' | 'stream' | 'data'>): readonly Statement[] {
  if (type === 'TaskAssigned') return [[`INSERT INTO ${table} VALUES (?, ?, ?, 1)`, [stream, data['leadUnitId'] as string, type]]];
  return stream.startsWith('task-') ? [[`UPDATE ${table} SET last = ?, events = events + 1 WHERE task_id = ?`, [type, stream]]] : [];
}

/** bench/emmett/peer.mjs */
interface Peer {
  append(stream: string, events: readonly NewEvent[]): Promise<void>;
  rebuild(init: readonly string[], handle: (event: Pick<RecordedEvent, 'type' | 'stream' | 'data'>) => readonly Statement[]): Promise<void>;
  query(sql: string): Promise<readonly object[]>;
  close(): void;
}

/** From dist/program. */
const FOLDER = fileURLToPath(new URL('../../bench/emmett', import.meta.url));

/** Whether the peer's own packages are installed; undefined where this program has no folder for it. */
export function peerInstalled(): boolean | undefined {
  return existsSync(join(FOLDER, 'peer.mjs')) ? existsSync(join(FOLDER, 'node_modules', '@event-driven-io', 'emmett-sqlite')) : undefined;
}

class PeerTasks implements Projection<SqliteTx> {
  readonly name = 'peer';
  readonly version = 1;
  readonly categories = ['task'];
  readonly tables = [{ name: 'peer_tasks', orderBy: 'task_id' }];
  init({ db, table }: SqliteTx): void {
    for (const sql of INIT) db.exec(sql.replaceAll('peer_tasks', table('peer_tasks')));
  }
  apply(events: readonly RecordedEvent[], { db, table }: SqliteTx): void {
    const name = table('peer_tasks');
    for (const event of events) for (const [sql, values] of statementsOf(name, event)) prepared(db, sql).run(...values);
  }
}

/**
 * The same appends and the same rebuild, here and through emmett-sqlite, by turns in one process. Both: WAL, `synchronous=FULL` for the log,
 * one connection kept open, 2,000 events a batch in the rebuild. @throws where the two do not come to the same rows.
 */
export async function benchPeer(
  dir: string,
  history: { readonly logFile: string; readonly events: number },
  rounds: number,
): Promise<void> {
  const { openPeer } = (await import(join(FOLDER, 'peer.mjs'))) as { openPeer: (file: string) => Promise<Peer> };
  const log = await openSqliteEventLog({ file: join(dir, 'peer-ours.sqlite'), clock: systemClock });
  const peer = await openPeer(join(dir, 'peer-theirs.sqlite'));
  const ours = async (stream: string, events: readonly NewEvent[]): Promise<void> => {
    const result = await log.append(stream, events, { expectedRevision: -1 });
    if (!result.ok) throw new Error(`${stream}: not appended`);
  };
  const theirs = (stream: string, events: readonly NewEvent[]): Promise<void> => peer.append(stream, events);
  const lines: readonly {
    readonly what: string;
    readonly events: number;
    readonly run: (append: typeof ours) => Promise<void>;
    readonly rates: [number[], number[]];
  }[] = [
    {
      what: 'one event after another',
      events: 500,
      rates: [[], []],
      run: async (append) => {
        for (let n = 0; n < 500; n++) await append(...stream(1));
      },
    },
    {
      what: '100 events an append, one after another',
      events: 10_000,
      rates: [[], []],
      run: async (append) => {
        for (let n = 0; n < 100; n++) await append(...stream(100));
      },
    },
    {
      what: '100 of one event under way',
      events: 500,
      rates: [[], []],
      run: async (append) => {
        // Its connection has one transaction at a time; a second one begun meanwhile would be acknowledged before it is committed.
        if (append === theirs) for (let n = 0; n < 500; n++) await append(...stream(1));
        else for (let n = 0; n < 5; n++) await Promise.all(Array.from({ length: 100 }, () => append(...stream(1))));
      },
    },
  ];
  try {
    for (let round = 0; round < rounds; round++) {
      for (const { events, run, rates } of lines)
        for (const [who, append] of [ours, theirs].entries()) rates[who]!.push((events * 1000) / (await timed(() => run(append))));
    }
  } finally {
    await log.close();
    peer.close();
  }
  for (const { what, rates } of lines) compare(`append, ${what}`, rates);
  await benchPeerRebuild(openPeer, dir, history, rounds);
}

async function benchPeerRebuild(
  openPeer: (file: string) => Promise<Peer>,
  dir: string,
  { logFile, events }: { readonly logFile: string; readonly events: number },
  rounds: number,
): Promise<void> {
  const log = await openSqliteEventLog({ file: logFile, clock: systemClock, readOnly: true });
  const modelFile = join(dir, 'peer-ours-models.sqlite');
  const projector = await Projector.open({
    log,
    store: await openSqliteReadModels(modelFile),
    clock: systemClock,
    projections: [() => new PeerTasks()],
  });
  const peer = await openPeer(join(dir, 'peer-theirs-history.sqlite'));
  const rates: [number[], number[]] = [[], []];
  try {
    await copyHistory(log, peer);
    await projector.catchUp();
    for (let round = 0; round < rounds; round++) {
      rates[0].push((events * 1000) / (await timed(() => projector.rebuild())));
      rates[1].push((events * 1000) / (await timed(() => peer.rebuild(INIT, (event) => statementsOf('peer_tasks', event)))));
    }
    const { default: Sqlite } = await import('better-sqlite3');
    const db = new Sqlite(modelFile, { readonly: true });
    const build = db.prepare<[], { id: number }>("SELECT id FROM builds WHERE state = 'active'").get()!;
    const [mine, its] = [db.prepare(`${COUNT} ${tableOf(build, 'peer_tasks')}`).get(), (await peer.query(`${COUNT} peer_tasks`))[0]];
    db.close();
    if (JSON.stringify(mine) !== JSON.stringify(its)) throw new Error(`not the same work: ${JSON.stringify(mine)}, ${JSON.stringify(its)}`);
  } finally {
    await projector.stop();
    await log.close();
    peer.close();
  }
  compare(`rebuild of one table from ${whole(events)} events`, rates);
}

/** The history as the peer stores it, stream by stream. */
async function copyHistory(log: Awaited<ReturnType<typeof openSqliteEventLog>>, peer: Peer): Promise<void> {
  const streams = new Map<string, RecordedEvent[]>();
  for (let after = 0n; ;) {
    const batch = await log.readAll({ after, limit: 5_000 });
    for (const event of batch) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    if (batch.length === 0) break;
    after = batch.at(-1)!.position;
  }
  for (const [name, events] of streams) await peer.append(name, events);
}

function stream(events: number): [string, readonly NewEvent[]] {
  const event = (): NewEvent => ({
    id: systemIds.next(),
    type: 'ProgressReported',
    schema: 1,
    occurredAt: Date.now(),
    data: { note: 'đo tốc độ ghi nhật ký sự kiện', percent: 40 },
    metadata: { actor: { id: 'office', role: 'office' } },
  });
  return [`task-${systemIds.next()}`, Array.from({ length: events }, event)];
}

function compare(what: string, [ours, theirs]: readonly [readonly number[], readonly number[]]): void {
  row(`beside emmett-sqlite: ${what}`, perSecond(median(ours)));
  row('  emmett-sqlite', perSecond(median(theirs)));
  row('  times as fast', median(ours.map((rate, n) => rate / theirs[n]!)).toFixed(1), '1');
}
