import { setTimeout as sleep } from 'node:timers/promises';
import type { EventLog } from '#event-log';
import { Problem, type Clock } from '#kernel';
import { statusOf, type Build, type ParkedStream, type Progress, type ProjectionStatus } from '#projections';
import type { MongoConnection } from '#event-log/mongo/connect';
import { callProjector, readStatuses, type ProjectorCall } from '#projections/mongo/projector-calls';
import type { ProjectorControl, ReadModelReader } from '../read-models.ts';

const LOOK_MS = 50;
/** A worker that is alive looks four times a second, one that takes over needs up to ten seconds; and old builds are dropped half a minute later. */
const ANSWER_MS = 60_000;
/** Without any progress for so long, waiting for the end of the log is given up. */
const STANDSTILL_MS = 60_000;

export interface ProjectorElsewhereOptions {
  readonly connection: MongoConnection;
  readonly reader: ReadModelReader;
  readonly log: EventLog;
  readonly clock: Clock;
  /** Of all projections. */
  readonly names: readonly string[];
}

/** The projectors of the workers, as an api or a command sees them: looks at what they have committed, and asks them through the database. */
export function projectorElsewhere({ connection, reader, log, clock, names }: ProjectorElsewhereOptions): ProjectorControl {
  const stopping = new AbortController();
  const named = (name: string | undefined): readonly string[] => (name === undefined ? names : [name]);
  const serving = async (): Promise<readonly Build[]> => (await reader.builds()).filter(({ state }) => state === 'active');
  const call = (name: string, what: ProjectorCall, waitMs = ANSWER_MS): Promise<unknown> => callProjector(connection, name, what, waitMs);
  return {
    /** Waits until every projection serves and has reached what is the end of the log now. */
    async catchUp(onProgress?: Progress) {
      const head = (await log.head()).position;
      for (let [best, since] = [-1n, performance.now()]; !stopping.signal.aborted; ) {
        const builds = await serving();
        const lowest = names.every((name) => builds.some((build) => build.name === name)) ? builds.reduce((low, { position }) => (position < low ? position : low), head) : -1n;
        if (lowest >= head) return;
        if (lowest > best) [best, since] = [lowest, performance.now()];
        else if (performance.now() - since > STANDSTILL_MS) throw new Problem(503, 'projection-behind', 'Số liệu chưa kịp cập nhật', `Bảng dựng đứng ở vị trí ${String(lowest < 0n ? 0n : lowest)}, nhật ký ở ${String(head)}: hãy kiểm tra các worker có đang chạy.`);
        onProgress?.(lowest < 0n ? 0n : lowest, head);
        await sleep(LOOK_MS);
      }
    },
    elsewhere: true,
    start: () => undefined,
    hurry: () => undefined,
    onChange: () => undefined,
    async rebuild(name) {
      // As long as it takes: the worker tells its progress in the status.
      for (const one of named(name)) await call(one, { what: 'rebuild' }, Infinity);
    },
    async drop() {
      return (await Promise.all(names.map((name) => call(name, { what: 'drop' })))).flatMap((dropped) => dropped as readonly Build[]);
    },
    retry: async (projection, stream) => ((await call(projection, { what: 'retry', stream })) as ParkedStream | null) ?? undefined,
    async status() {
      const [builds, parked, told] = [await reader.builds(), await reader.parked(), await readStatuses(connection)];
      return Promise.all(
        builds.filter(({ state }) => state !== 'retired').map(async (build): Promise<ProjectionStatus> => {
          const seen = await statusOf(build, parked.filter(({ buildId }) => buildId === build.id).length, log, clock);
          const said = told.find((status) => status.build === build.id && status.state === build.state);
          return said ? { ...seen, lastError: said.lastError ?? seen.lastError, restarts: said.restarts, progress: seen.progress && { ...seen.progress, secondsLeft: said.progress?.secondsLeft ?? null } } : seen;
        }),
      );
    },
    async stop() {
      stopping.abort();
    },
  };
}
