import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '#event-log';
import { rawReadAndParse } from '#event-log/sqlite/raw-read';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { addDays, clockFrom, dayOf, parseInstant, Problem, systemClock, systemIds, type Day } from '#kernel';
import { answerFigures, readQuestion } from '../../api/src/figures/figures-service.ts';
import { readPoint } from '../../api/src/http/points.ts';
import { LOG_FILE, READ_MODEL_FILE } from '../../api/src/data-files.ts';
import { openSqliteProjector } from '../../api/src/embedded/sqlite-read-models.ts';
import { openRuntime, type Runtime } from '../../api/src/runtime.ts';
import { benchAtSize } from './bench/at-size.ts';
import { benchDocuments } from './bench/documents.ts';
import { generatedLog } from './bench/generated-log.ts';
import type { LoadResult } from './bench/load.ts';
import { benchPeer, peerInstalled } from './bench/peer.ts';
import { benchReminders } from './bench/reminders.ts';
import { beginRebuild, isBuilding, listen, load, send, startServer } from './bench/servers.ts';
import { benchSpreadsheets } from './bench/spreadsheets.ts';
import { median, ms, percentile, perSecond, row, timed, whole } from './bench/table.ts';
import { writeHistory } from './invented/history.ts';

const NOW = '2026-11-22T08:00:00+07:00';
const CONNECTIONS = 100;
const PACE = 1_500;
const EVENTS_A_SECOND = 10;
/** A task of the invented history has a little under 14 events. */
const TASKS_OF_A_MILLION = 72_500;

/**
 * Measures on this machine, rounds interleaved, medians; server and load client in processes of their own. Every figure of speed in the
 * README comes from here.
 */
export async function bench({ short = false, peer = false }: { readonly short?: boolean; readonly peer?: boolean }): Promise<void> {
  if (peer && peerInstalled() !== true) throw new Problem(409, 'peer-missing', 'Chưa cài phần so sánh', 'Chưa cài emmett-sqlite để đo bên cạnh: hãy chạy “npm --prefix bench/emmett ci” trước.');
  const tasks = short ? 5_000 : 50_000;
  const rounds = short ? 3 : 5;
  const dir = mkdtempSync(join(tmpdir(), 'nhacviec-bench-'));
  process.stdout.write(
    `Node ${process.version}, ${String(availableParallelism())} cores, load ${loadavg()[0]!.toFixed(1)} at start, ${short ? 'short' : 'full'} run, medians of ${String(rounds)} interleaved rounds\n\n`,
  );
  if (!peer && peerInstalled() !== undefined) {
    const how = peerInstalled() === true ? 'add --peer' : 'npm --prefix bench/emmett ci, then add --peer';
    process.stdout.write(`Not beside emmett-sqlite (${how}).\n\n`);
  }
  row('what', 'measured', 'to reach');
  process.stdout.write(`|${'-'.repeat(76)}|${'-'.repeat(15)}:|${'-'.repeat(12)}|\n`);
  try {
    await benchWrites(dir, rounds, short);
    await benchStream(dir, short);
    await benchDocuments(dir, rounds);
    const folder = join(dir, 'history');
    const { events } = await writeHistory({ folder, units: 65, tasks, seed: 1, now: NOW });
    await benchRebuild(folder, events, rounds);
    if (peer) await benchPeer(dir, { logFile: join(folder, LOG_FILE), events }, rounds);
    await benchServer(folder, events, short);
    await benchSpreadsheets(folder, NOW, tasks, dayOf(parseInstant(NOW)!));
    await benchReminders(dir, tasks);
    if (short) await benchAtSize(dir, folder, events, true);
    else {
      rmSync(folder, { recursive: true });
      const large = await writeHistory({ folder, units: 65, tasks: TASKS_OF_A_MILLION, seed: 1, now: NOW });
      await benchAtSize(dir, folder, large.events, false);
    }
    rmSync(folder, { recursive: true });
    for (const size of short ? [10_000, 50_000] : [10_000, 50_000, 200_000, 1_000_000]) await benchGrowth(join(dir, `generated-${String(size)}`), size);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Durable appends in process and commands over HTTP, by turns. */
async function benchWrites(dir: string, rounds: number, short: boolean): Promise<void> {
  const log = await openSqliteEventLog({ file: join(dir, 'appends.sqlite'), clock: systemClock });
  const server = await startServer(join(dir, 'commands'));
  const rates = new Map<number, number[]>([[1, []], [10, []], [100, []], [1000, []]]);
  const loads: LoadResult[] = [];
  const paced: LoadResult[] = [];
  try {
    await send(`${server.url}/api/v1/units`, { id: 'don-vi', name: 'Đơn vị', shortName: 'ĐV', kind: 'so' });
    for (let round = 0; round < rounds; round++) {
      for (const [width, list] of rates) {
        const total = width === 1 ? 2_000 : 10_000;
        const started = performance.now();
        for (let done = 0; done < total; done += width) await Promise.all(Array.from({ length: width }, () => appendOne(log)));
        list.push((total * 1000) / (performance.now() - started));
      }
      // The first requests compile the program; a server that has run for a minute is what people meet.
      loads.push(await load(server.url, 'don-vi', CONNECTIONS, round === 0 ? 3_000 : 300, short ? 3_000 : 10_000));
      paced.push(await load(server.url, 'don-vi', CONNECTIONS, 300, short ? 3_000 : 10_000, PACE));
    }
    row('durable append, one by one', perSecond(median(rates.get(1)!)), '2,000/s');
    row('durable append, group commit, 10 under way', perSecond(median(rates.get(10)!)));
    row('durable append, group commit, 100 under way', perSecond(median(rates.get(100)!)));
    row('durable append, group commit, 1,000 under way', perSecond(median(rates.get(1000)!)), '15,000/s');
    row(`POST /tasks over HTTP, durable, ${String(CONNECTIONS)} connections`, perSecond(median(loads.map((one) => one.perSecond))), '1,500/s');
    row('  p50', ms(median(loads.map((one) => one.p50))));
    row('  p99', ms(median(loads.map((one) => one.p99))));
    row(`  p99 while ${whole(PACE)} a second are sent`, ms(median(paced.map((one) => one.p99))), '50 ms');
    row('  resident server after it (MB)', whole(server.resident()), '300');
  } finally {
    await server.stop();
    await log.close();
  }
}

/** Many clients of the event stream while tasks are assigned at a steady pace. */
async function benchStream(dir: string, short: boolean): Promise<void> {
  const clients = short ? 500 : 5_000;
  const server = await startServer(join(dir, 'stream'));
  try {
    await send(`${server.url}/api/v1/units`, { id: 'don-vi', name: 'Đơn vị', shortName: 'ĐV', kind: 'so' });
    let resident = NaN;
    const { p50, p99 } = await listen(server.url, 'don-vi', clients, EVENTS_A_SECOND, short ? 50 : 200, () => { resident = server.resident(); });
    row(`${whole(clients)} SSE clients, ${String(EVENTS_A_SECOND)} events/s, from command to event, p50`, ms(p50));
    row('  p99', ms(p99), '500 ms');
    row('  resident server with all of them (MB)', whole(resident), '400');
  } finally {
    await server.stop();
  }
}

function appendOne(log: EventLog): Promise<unknown> {
  const id = systemIds.next();
  return log.append(`task-${id}`, [{ id, type: 'ProgressReported', schema: 1, occurredAt: Date.now(), data: { note: 'đo tốc độ ghi nhật ký sự kiện', percent: 40 }, metadata: { actor: { id: 'office', role: 'office' } } }], { expectedRevision: -1 });
}

async function benchRebuild(folder: string, events: number, rounds: number): Promise<void> {
  const raw: number[] = [];
  const rebuilt: number[] = [];
  const clock = clockFrom(parseInstant(NOW)!);
  const log = await openSqliteEventLog({ file: join(folder, LOG_FILE), clock });
  const projector = await openSqliteProjector(join(folder, READ_MODEL_FILE), log, clock);
  try {
    await projector.catchUp();
    for (let round = 0; round < rounds; round++) {
      raw.push((events * 1000) / (await timed(() => rawReadAndParse(join(folder, LOG_FILE)))));
      rebuilt.push((events * 1000) / (await timed(() => projector.rebuild())));
      await projector.drop();
    }
  } finally {
    await projector.stop();
    await log.close();
  }
  row(`raw read and JSON.parse of ${whole(events)} events`, perSecond(median(raw)));
  row('rebuild of all projections', perSecond(median(rebuilt)));
  row('  of the raw rate', median(rebuilt.map((rate, i) => rate / raw[i]!)).toFixed(2), '0.25');
  const server = await startServer(folder, NOW);
  try {
    const longest = async (): Promise<number> => Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await (await fetch(`${server.url}/api/v1/metrics`)).text())?.[1]) * 1000;
    // What was before is told by then, and not again.
    await longest();
    await beginRebuild(`${server.url}/api/v1`);
    while (await isBuilding(`${server.url}/api/v1`)) await sleep(100);
    await send(`${server.url}/api/v1/figures`);
    row('  event loop delay of a server during one, longest', ms(await longest()), '50 ms');
  } finally {
    await server.stop();
  }
}

/** A day in the history, another for every n. */
const dayOfRound = (n: number): Day => addDays('2023-06-01', (n * 37) % 1_200);

async function benchServer(folder: string, events: number, short: boolean): Promise<void> {
  const starts: number[] = [];
  for (let n = 0; n < 2; n++) {
    const server = await startServer(folder, NOW);
    starts.push(server.startMs);
    await server.stop();
  }
  const server = await startServer(folder, NOW);
  starts.push(server.startMs);
  const api = `${server.url}/api/v1`;
  const reads = short ? 60 : 300;
  try {
    row(`cold start over ${whole(events)} events, process to ready line`, ms(median(starts)), '2,000 ms');
    row('  resident server then (MB)', whole(server.resident()), '300');
    const head = Number(((await send(`${api}/system`)) as { position: string }).position);
    const figures: number[] = [];
    const dashboards: number[] = [];
    const lists: number[] = [];
    const tasks: number[] = [];
    const { items: units } = (await send(`${api}/units`)) as { items: readonly { readonly id: string }[] };
    const long = await longTask(api, 200);
    for (let n = 0; n < reads; n++) {
      const known = 1 + ((n * 7_919_993) % head);
      figures.push(await timed(() => send(`${api}/figures?asOf=${dayOfRound(n)}&knownAt=position:${String(known)}&groupBy=unit`)));
      // Another point each time, so that no answer is one that was kept.
      dashboards.push(await timed(() => send(`${api}/dashboard?asOf=${dayOfRound(n)}&knownAt=position:${String(known)}`)));
      lists.push(await timed(() => send(`${api}/tasks?limit=50&unitId=${units[n % units.length]!.id}&asOf=${dayOfRound(n)}`)));
      tasks.push(await timed(async () => { await send(`${api}/tasks/${long}`); await send(`${api}/tasks/${long}/events`); }));
    }
    row('GET /figures, any day as known at any position, by unit, p50', ms(median(figures)));
    row('  p95', ms(percentile(figures, 0.95)));
    row('GET /dashboard, any day as known at any position, p50', ms(median(dashboards)), '100 ms');
    row('  p95', ms(percentile(dashboards, 0.95)));
    row('GET /tasks, a page of 50 of one unit as of any day, p50', ms(median(lists)));
    row('  p95', ms(percentile(lists, 0.95)));
    row('GET /tasks/{id} and its 200 events, p50', ms(median(tasks)));
    row('  p95', ms(percentile(tasks, 0.95)));
    row('  resident server after all that (MB)', whole(server.resident()), '300');
  } finally {
    await server.stop();
  }
}

/** A task with so many events, made over HTTP. */
async function longTask(api: string, events: number): Promise<string> {
  const day = dayOf(parseInstant(NOW)!);
  const { id } = (await send(`${api}/tasks`, {
    document: { number: '1/UBND-TH', date: day, issuer: 'UBND tỉnh', title: 'Về việc đo tốc độ' }, content: 'Việc có nhiều lần cập nhật', authority: 'ubnd-tinh', leadUnitId: 'so-noi-vu', assignedOn: day,
    deadline: { date: addDays(day, 60) },
  })) as { id: string };
  let position = '0';
  for (let n = 1; n < events; n++) position = ((await send(`${api}/tasks/${id}/progress`, { note: `Đợt ${String(n)}`, percent: Math.min(99, n) })) as { position: string }).position;
  await send(`${api}/tasks/${id}?atLeast=${position}`);
  return id;
}

/** What one question costs in process, at sizes that are computed and not written. */
async function benchGrowth(dataDir: string, tasks: number): Promise<void> {
  const runtime = await openRuntime({ dataDir, clock: clockFrom(parseInstant(NOW)!), log: generatedLog(tasks) });
  try {
    const head = Number((await runtime.log.head()).position);
    const times: number[] = [];
    for (let n = 0; n < 60; n++) {
      const known = 1 + ((n * 7_919_993) % head);
      const took = await timed(() => ask(runtime, dayOfRound(n), `position:${String(known)}`));
      if (n >= 10) times.push(took);
    }
    row(`figures by unit in process, any day, any knowledge, ${whole(tasks)} tasks, p50`, ms(median(times)));
    row('  p95', ms(percentile(times, 0.95)));
  } finally {
    await runtime.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function ask(runtime: Runtime, asOf: Day, knownAt: string): Promise<object> {
  const dto = { asOf, knownAt, groupBy: 'unit' };
  const point = await readPoint(dto, runtime);
  return answerFigures(readQuestion(dto, point, runtime), point, runtime);
}
