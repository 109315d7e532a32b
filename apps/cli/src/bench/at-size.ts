import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '#kernel';
import { backup } from '../operating/backup.ts';
import { restore } from '../operating/restore.ts';
import type { LoadResult } from './load.ts';
import { beginRebuild, isBuilding, load, send, startServer } from './servers.ts';
import { median, ms, percentile, perSecond, row, timed, whole } from './table.ts';

const CONNECTIONS = 100;
const PACE = 1_500;
const LAG_PACE = 1_000;
/** Of the invented history: `writeHistory` makes them. */
const UNIT = 'so-noi-vu';

/**
 * What depends on how long the log is: restart, commands beside a rebuild, lag of the read models, backup and restore. Adds tasks to the
 * folder, at the time of the machine.
 */
export async function benchAtSize(dir: string, folder: string, events: number, short: boolean): Promise<void> {
  const size = whole(events);
  const starts: number[] = [];
  for (let n = 0; n < (short ? 2 : 3); n++) {
    const server = await startServer(folder);
    // The first start has passed deadlines to record, and what is compiled then is kept.
    if (n > 0) starts.push(server.startMs);
    await server.stop();
  }
  row(`restart over ${size} events, process to ready line`, ms(median(starts)), '3,000 ms');
  const server = await startServer(folder);
  try {
    const api = `${server.url}/api/v1`;
    await load(server.url, UNIT, CONNECTIONS, 1_000, 1_000);
    await lag(api, server.url, short ? 4_000 : 20_000);
    await besideRebuild(api, server.url, size, short);
    row('  resident server after it (MB)', whole(server.resident()), '300');
  } finally {
    await server.stop();
  }
  const [copy, restored] = [join(dir, 'backup'), join(dir, 'restored')];
  const backedUp = await timed(() => backup({ dataDir: folder, target: copy, clock: systemClock }));
  row(`backup of ${size} events, read back whole`, `${(backedUp / 1000).toFixed(1)} s`);
  const took = await timed(() => restore({ source: copy, dataDir: restored, clock: systemClock }));
  row(`restore of ${size} events, proved equal, read models built`, `${(took / 1000).toFixed(1)} s`, '120 s');
  for (const made of [copy, restored]) rmSync(made, { recursive: true, force: true });
}

/** From when an event is known to stand in the log until questions are answered with it, seen from outside: the way there and back counts. */
async function lag(api: string, url: string, commands: number): Promise<void> {
  const lags: number[] = [];
  const done = new AbortController();
  const watching = (async () => {
    while (!done.signal.aborted) {
      const { events } = (await send(`${api}/system`)) as { events: number };
      const from = performance.now();
      for (;;) {
        const { position } = (await send(`${api}/system`)) as { position: string };
        if (Number(position) >= events) break;
        await sleep(2);
      }
      lags.push(performance.now() - from);
      await sleep(5);
    }
  })();
  const { perSecond: sent } = await load(url, UNIT, CONNECTIONS, 0, commands, LAG_PACE);
  done.abort();
  await watching;
  row(`lag of the read models at ${whole(sent)} events a second, p50`, ms(median(lags)));
  row('  p99', ms(percentile(lags, 0.99)), '100 ms');
}

/** Commands while all read models are built anew, again and again for as long as it takes. */
async function besideRebuild(api: string, url: string, size: string, short: boolean): Promise<void> {
  const done = new AbortController();
  let rebuilds = 0;
  const begin = async (): Promise<void> => {
    await beginRebuild(api);
    rebuilds += 1;
  };
  await begin();
  const rebuilding = (async () => {
    while (!done.signal.aborted) {
      if (!(await isBuilding(api))) await begin();
      await sleep(50);
    }
  })();
  const free: LoadResult[] = [];
  const paced: LoadResult[] = [];
  try {
    for (let round = 0; round < (short ? 1 : 3); round++) {
      free.push(await load(url, UNIT, CONNECTIONS, 300, short ? 3_000 : 10_000));
      paced.push(await load(url, UNIT, CONNECTIONS, 300, short ? 3_000 : 10_000, PACE));
    }
  } finally {
    done.abort();
    await rebuilding;
  }
  row(
    `POST /tasks while all is rebuilt from ${size} events (${whole(rebuilds)} begun)`,
    perSecond(median(free.map((one) => one.perSecond))),
    '1,500/s',
  );
  row(`  p99 while ${whole(PACE)} a second are sent`, ms(median(paced.map((one) => one.p99))), '100 ms');
  while (await isBuilding(api)) await sleep(100);
}
