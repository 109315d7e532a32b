import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Problem, systemIds } from '#kernel';
import { Projector, type Build } from '#projections';
import { aborted, whileLeaseHeld } from '#projections/mongo/hold-lease';
import type { Lease, ProjectionDocument } from '#projections/mongo/lease';
import { openMongoReadModels, type MongoTx } from '#projections/mongo/mongo-read-models';
import { answerCalls, tellStatus, type CalledProjector } from '#projections/mongo/projector-calls';
import { loadAuthorities } from '../../api/src/authorities.ts';
import { ReferenceData } from '../../api/src/reference/reference-data.ts';
import { ReferenceService } from '../../api/src/reference/reference-service.ts';
import { ReportDutyProcess } from '../../api/src/reports/report-duties.ts';
import { MONGO_PROJECTIONS, mongoReader } from '../../api/src/scaled/mongo-read-models.ts';
import { connectServers, type ScaledServersOptions } from '../../api/src/scaled/scaled-stores.ts';
import { openMongoPeople } from '#people/mongo/mongo-people';
import { ReadModels } from '../../api/src/read-models.ts';
import { Briefings } from '../../api/src/briefing/briefings.ts';
import { DashboardMailing } from '../../api/src/reminders/dashboard-mailing.ts';
import { PeopleDirectory } from '../../api/src/reminders/people-known.ts';
import { ReminderProcess } from '../../api/src/reminders/reminder-process.ts';
import { openChannels, type ReminderSettings } from '../../api/src/reminders/settings.ts';
import { DeadlineProcess } from '../../api/src/tasks/deadline-process.ts';
import { TaskService } from '../../api/src/tasks/task-service.ts';
import { errorFields } from '../../api/src/watching/logger.ts';
import { committedDeadlines } from './committed-deadlines.ts';

export interface WorkerOptions extends ScaledServersOptions {
  /** How long an api may still answer from a build that does not serve any more before it is dropped, in milliseconds. */
  readonly dropAfterMs?: number;
  /** False to keep read models up to date and record nothing. */
  readonly processes?: boolean;
  /** How reminders leave the program; the inbox alone when missing. */
  readonly reminders?: ReminderSettings;
}

export interface Worker {
  /** What this worker does at the moment: the names of its leases. */
  holds(): readonly string[];
  /** Ends what is under way, gives the leases back, and disconnects. */
  stop(): Promise<void>;
}

const LOOK_MS = 200;
/** An api looks five times a second for what serves, and then loads the figures of the new build. */
const DROP_AFTER_MS = 30_000;

/** The lease of what is done once for all: the passing of deadlines, the reports that fall due. */
const PROCESSES = 'processes';
/** The lease of deciding and sending reminders. */
const REMINDERS = 'reminders';
const REACH_MS = 60_000;

/**
 * Keeps read models up to date and records passing deadlines, as one of any number of workers: each projection, and the processes, belong to
 * whoever holds their lease; the others wait for it.
 */
export async function startWorker(options: WorkerOptions, logger: Logger): Promise<Worker> {
  const { clock, dropAfterMs = DROP_AFTER_MS, processes = true } = options;
  const servers = await connectServers(options);
  const { log, connection } = servers;
  const leases = connection.db.collection<ProjectionDocument>('projections');
  const holder = `${hostname()} ${String(process.pid)} ${randomUUID()}`;
  const stopping = new AbortController();
  const held = new Set<string>();

  async function project(name: string, { fence }: Lease, ending: AbortSignal): Promise<void> {
    const store = openMongoReadModels({ ...connection, close: () => Promise.resolve() }, { name, fence });
    const projector = await Projector.open({ log, store, clock, projections: MONGO_PROJECTIONS.filter((make) => make().name === name) });
    const called: CalledProjector = { rebuild: () => rebuildOrJoin(projector, name, ending), drop: () => dropLater(projector, dropAfterMs, ending), retry: (stream) => projector.retry(name, stream), status: () => projector.status() };
    projector.start();
    try {
      await Promise.all([answerCalls(connection, name, called, ending), tellStatus(connection, name, holder, called, ending)]);
    } finally {
      await projector.stop();
    }
  }

  async function recordDeadlines(ending: AbortSignal): Promise<void> {
    const reference = new ReferenceData(log, loadAuthorities(options.dataDir));
    await reference.catchUp();
    const models = committedDeadlines(mongoReader(connection), log, ending);
    const tasks = new TaskService(log, clock, systemIds, () => reference.calendar);
    const deadlines = new DeadlineProcess(tasks, clock, models);
    const duties = new ReportDutyProcess({ log, reference, referenceCommands: new ReferenceService(log, systemIds, tasks, reference), tasks, ids: systemIds, dataDir: options.dataDir, clock });
    const following = reference.follow(ending);
    try {
      await deadlines.start();
      await duties.start();
      await aborted(ending);
    } finally {
      await deadlines.stop();
      await duties.stop();
      await following;
    }
  }

  async function remind(ending: AbortSignal): Promise<void> {
    const reader = mongoReader(connection);
    const needed = ['task-board', 'figures', 'reminder-ledger'];
    // At first there may be none: another worker is building it.
    const built = async (): Promise<boolean> => {
      const serving = (await reader.builds()).filter(({ state }) => state === 'active').map(({ name }) => name);
      return needed.every((name) => serving.includes(name));
    };
    while (!ending.aborted && !(await built())) await sleep(LOOK_MS, undefined, { signal: ending }).catch(() => undefined);
    if (ending.aborted) return;
    const reference = new ReferenceData(log, loadAuthorities(options.dataDir));
    await reference.catchUp();
    const models = await ReadModels.open({ reader, projector: undefined, log, clock, reference });
    const people = await openMongoPeople(connection);
    const settings = options.reminders ?? {};
    const channels = await openChannels(settings, clock);
    const catchUp = async (): Promise<void> => {
      const { position } = await log.head();
      if (!(await models.reaches(position, REACH_MS))) throw new Problem(503, 'projection-behind', 'Số liệu chưa kịp cập nhật', `Bảng dựng chưa tới vị trí ${String(position)} sau ${String(REACH_MS / 1000)} giây.`);
    };
    const briefings = new Briefings(log);
    const tasks = new TaskService(log, clock, systemIds, () => reference.calendar);
    const dashboards = new DashboardMailing(() => ({ log, reference, briefings, tasks, projector: models, columns: models.columns, coordination: models.coordination, marks: models.marks, board: models.board }));
    const reminders = new ReminderProcess({
      log, clock, reference, people: new PeopleDirectory(async () => people), channels, dashboards, baseUrl: () => settings.baseUrl ?? 'http://127.0.0.1:3000', instance: holder, alone: false, lanes: settings.smtp?.connections ?? 1,
      inputs: { get columns() { return models.columns; }, get marks() { return models.marks; }, get board() { return models.board; }, get ledger() { return models.ledger; }, catchUp },
      onTrouble: (error) => { logger.error(errorFields(error), 'reminders will be tried again'); },
    });
    models.start();
    reminders.start();
    try {
      await aborted(ending);
    } finally {
      await reminders.stop();
      await models.stop();
      for (const channel of channels) await channel.close();
    }
  }

  const hold = (name: string, work: (lease: Lease, ending: AbortSignal) => Promise<void>): Promise<void> =>
    whileLeaseHeld(
      leases,
      { name, holder: `${holder} ${name}`, signal: stopping.signal, onFailure: (error) => { logger.error({ lease: name, ...errorFields(error) }, 'begins anew'); } },
      async (lease, ending) => {
        held.add(name);
        logger.info({ lease: name, fence: String(lease.fence) }, 'holds the lease');
        try {
          await work(lease, ending);
        } finally {
          held.delete(name);
          logger.info({ lease: name }, 'holds the lease no longer');
        }
      },
    );
  const names = [...new Set(MONGO_PROJECTIONS.map((make) => make().name))];
  const working = Promise.all([...names.map((name) => hold(name, (lease, ending) => project(name, lease, ending))), ...(processes ? [hold(PROCESSES, (_, ending) => recordDeadlines(ending)), hold(REMINDERS, (_, ending) => remind(ending))] : [])]);
  return {
    holds: () => [...held],
    async stop() {
      stopping.abort();
      await working;
      await servers.close();
    },
  };
}

/** Drops what does not serve, once nobody can be answering from it any more. */
async function dropLater(projector: Pick<Projector<MongoTx>, 'drop'>, ms: number, ending: AbortSignal): Promise<readonly Build[]> {
  await sleep(ms, undefined, { signal: ending });
  return projector.drop();
}

/** Builds anew; a build that is under way, as one that a killed worker had begun, is waited for instead. @throws Problem `projection-stopped`. */
async function rebuildOrJoin(projector: Pick<Projector<MongoTx>, 'status' | 'rebuild'>, name: string, ending: AbortSignal): Promise<void> {
  const underWay = (await projector.status()).find(({ state, lastError }) => state === 'building' && lastError === null);
  if (!underWay) return projector.rebuild(name);
  while (!ending.aborted) {
    const build = (await projector.status()).find((status) => status.build === underWay.build);
    if (build?.state === 'active') return;
    if (build === undefined) throw new Problem(500, 'projection-stopped', 'Dựng bảng dừng lại', `Bản dựng ${String(underWay.build)} của bảng “${name}” đã bị bỏ.`);
    await sleep(LOOK_MS, undefined, { signal: ending }).catch(() => undefined);
  }
}
