import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { EventLog } from '#event-log';
import type { ProjectionStatus } from '#projections';

const SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export type CommandOutcome = 'accepted' | 'refused' | 'conflict' | 'invalid' | 'not-permitted' | 'not-found' | 'failed';

/** What a running program tells a Prometheus server. Labels come from fixed lists only: no ids, no raw paths, nothing about people. */
export interface Metrics {
  readonly contentType: string;
  /** Prometheus text; asks for the lag while it is written. */
  text(): Promise<string>;
  /** The same log, with its appends counted and timed. */
  around(log: EventLog): EventLog;
  /** `route` is a pattern such as `/api/v1/tasks/:id`. */
  request(method: string, route: string, status: number, seconds: number): void;
  command(outcome: CommandOutcome): void;
  /** A committed batch of the projector; `projection` is its name, or `all` for a batch that several share. */
  batch(projection: string, seconds: number, events: number): void;
  /** How many clients now hold the event stream open. */
  streamClients(count: number): void;
  /** Where the lag is asked when somebody looks. */
  watch(projections: () => Promise<readonly ProjectionStatus[]>): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  let status: (() => Promise<readonly ProjectionStatus[]>) | undefined;

  const appends = new Counter({
    name: 'nhacviec_appends_total',
    help: 'Appends to the event log by outcome',
    labelNames: ['outcome'],
    registers,
  });
  const events = new Counter({ name: 'nhacviec_appended_events_total', help: 'Events written to the log', registers });
  const appendSeconds = new Histogram({
    name: 'nhacviec_append_seconds',
    help: 'From an append until it is durable',
    buckets: SECONDS,
    registers,
  });
  const conflicts = new Counter({ name: 'nhacviec_append_conflicts_total', help: 'Appends that lost a race', registers });
  const commands = new Counter({ name: 'nhacviec_commands_total', help: 'Commands by outcome', labelNames: ['outcome'], registers });
  const requests = new Counter({
    name: 'nhacviec_http_requests_total',
    help: 'HTTP requests',
    labelNames: ['method', 'route', 'status'],
    registers,
  });
  const requestSeconds = new Histogram({
    name: 'nhacviec_http_request_seconds',
    help: 'From a request until its answer is handed over',
    labelNames: ['method', 'route'],
    buckets: SECONDS,
    registers,
  });
  const batchSeconds = new Histogram({
    name: 'nhacviec_projection_batch_seconds',
    help: 'Time of one committed batch',
    labelNames: ['projection'],
    buckets: SECONDS,
    registers,
  });
  const batchEvents = new Counter({
    name: 'nhacviec_projected_events_total',
    help: 'Events applied to read models',
    labelNames: ['projection'],
    registers,
  });
  const clients = new Gauge({ name: 'nhacviec_stream_clients', help: 'Open event streams', registers });
  const perProjection = { labelNames: ['projection', 'version'], registers } as const;
  const lagEvents = new Gauge({ name: 'nhacviec_projection_lag_events', help: 'Events in the log not yet applied', ...perProjection });
  const lagSeconds = new Gauge({
    name: 'nhacviec_projection_lag_seconds',
    help: 'Age of the oldest event not yet applied',
    ...perProjection,
  });
  const parked = new Gauge({ name: 'nhacviec_projection_parked', help: 'Parked events', ...perProjection });
  const failing = new Gauge({ name: 'nhacviec_projection_failing', help: '1 while the last batch failed', ...perProjection });

  async function askLag(): Promise<void> {
    // A build under way beside is no lag of what serves.
    const list = ((await status?.()) ?? []).filter(({ state }) => state === 'active');
    for (const gauge of [lagEvents, lagSeconds, parked, failing]) gauge.reset();
    for (const one of list) {
      const labels = { projection: one.name, version: String(one.version) };
      lagEvents.set(labels, one.lagEvents);
      lagSeconds.set(labels, one.lagSeconds);
      parked.set(labels, one.parked);
      failing.set(labels, one.lastError === null ? 0 : 1);
    }
  }

  async function counted<T extends { readonly ok: boolean }>(append: () => Promise<T>, written: (result: T) => number): Promise<T> {
    const end = appendSeconds.startTimer();
    let outcome = 'failed';
    try {
      const result = await append();
      outcome = result.ok ? 'written' : 'conflict';
      if (result.ok) events.inc(written(result));
      else conflicts.inc();
      return result;
    } finally {
      end();
      appends.inc({ outcome });
    }
  }

  return {
    contentType: registry.contentType,
    async text() {
      await askLag();
      return registry.metrics();
    },
    around: (log) =>
      overriding(log, {
        append: (stream, list, options) =>
          counted(
            () => log.append(stream, list, options),
            (r) => (r.ok && !r.repeated ? list.length : 0),
          ),
        appendMany: (list) =>
          counted(
            () => log.appendMany(list),
            (r) => (r.ok ? list.reduce((n, one, i) => n + (r.results[i]?.repeated === true ? 0 : one.events.length), 0) : 0),
          ),
      }),
    request(method, route, code, seconds) {
      requests.inc({ method, route, status: String(code) });
      requestSeconds.observe({ method, route }, seconds);
    },
    command(outcome) {
      commands.inc({ outcome });
    },
    batch(projection, seconds, count) {
      batchSeconds.observe({ projection }, seconds);
      batchEvents.inc({ projection }, count);
    },
    streamClients(count) {
      clients.set(count);
    },
    watch(projections) {
      status = projections;
    },
  };
}

/** The log with some of its methods exchanged; whatever else a store can do stays as it is. */
function overriding(log: EventLog, own: Partial<EventLog>): EventLog {
  const bound = new Map<PropertyKey, unknown>(Object.entries(own));
  return new Proxy(log, {
    get(target, name) {
      if (bound.has(name)) return bound.get(name);
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const method: unknown = value.bind(target);
      bound.set(name, method);
      return method;
    },
  });
}
