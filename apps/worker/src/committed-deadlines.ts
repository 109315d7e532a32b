import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog, Position } from '#event-log';
import { Problem } from '#kernel';
import type { Build } from '#projections';
import type { ReadModelReader } from '../../api/src/read-models.ts';
import type { OpenDeadlines } from '../../api/src/tasks/deadline-process.ts';

const LOOK_MS = 200;

/** The open deadlines as the figures have them that are committed: whoever builds these may be another process. Looks until `ending` aborts. */
export function committedDeadlines(reader: ReadModelReader, log: EventLog, ending: AbortSignal): OpenDeadlines {
  const built = async (): Promise<Build | undefined> => (await reader.builds()).find(({ name, state }) => name === 'figures' && state === 'active');
  const serving = async (): Promise<Build> => {
    const build = await built();
    if (!build) throw new Problem(503, 'read-models-missing', 'Bảng dựng chưa có', 'Bảng “figures” chưa được dựng xong.');
    return build;
  };
  return {
    figureTasks: {
      passedBy: async (instant, limit) => reader.figures(await serving()).passedBy(instant, limit),
      nextEnd: async () => reader.figures(await serving()).nextEnd(),
    },
    async catchUp() {
      const head = (await log.head()).position;
      // At first there may be none: another worker is building it.
      while (!ending.aborted && ((await built())?.position ?? -1n) < head) await sleep(LOOK_MS, undefined, { signal: ending }).catch(() => undefined);
    },
    onChange(listener) {
      void (async () => {
        for (let seen: Position = -1n; !ending.aborted; ) {
          const position = await serving().then((build) => build.position, () => seen);
          if (position !== seen) listener();
          seen = position;
          await sleep(LOOK_MS, undefined, { signal: ending }).catch(() => undefined);
        }
      })();
    },
  };
}
