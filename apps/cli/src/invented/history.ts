import { join } from 'node:path';
import { loadDefaultCalendar } from '#deadlines';
import type { Actor, JsonObject, NewEvent, StreamAppend } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { addDays, atTime, dayOf, derivedId, parseInstant, startOfDay, type Instant } from '#kernel';
import { unitStream } from '#organisation';
import { codeOf } from '#task-board';
import { decide, endOfOpenDeadline, fold, initial, taskStream, type TaskCommand, type TaskFact, type TaskState } from '#tasks';
import { LOG_FILE } from '../../../api/src/data-files.ts';
import { CATALOGUE } from '../../../api/src/understood-log.ts';
import { freshDemoFolder } from '../demo-folder.ts';
import { Agenda } from './agenda.ts';
import { lifeOf, officeMoment, type Life, type Step, type World } from './life.ts';
import { inventedUnits } from './province.ts';
import { seeded } from './random.ts';

const FIRST_DAY = '2022-12-15';
const DAYS = 1_430;
const COMMIT_AT = 2_000;
const MINUTE = 60_000;
const DEADLINES: Actor = { id: 'deadlines', role: 'system' };

interface Running {
  readonly taskId: string;
  readonly life: Life;
  state: TaskState;
  readonly facts: TaskFact[];
  /** The step that comes next; undefined when only a deadline is waited for. */
  next: Step | undefined;
}

/**
 * Writes a made-up history at size into a folder of its own, in the order in which an office would have recorded it: every event is decided by
 * the decider, at its time, and recorded then or, one in ten, some days late; deadlines that pass are recorded when they pass. The same seed
 * gives the same log.
 */
export async function writeHistory(options: { folder: string; units: number; tasks: number; seed: number; now: string }): Promise<{ events: number }> {
  const dir = await freshDemoFolder(options.folder);
  const end = parseInstant(options.now)!;
  const units = inventedUnits(options.units, FIRST_DAY);
  // The log asks the clock once an append: it is told the time of each, so that many days share a commit and every event keeps its own time.
  const times: Instant[] = [];
  const log = await openSqliteEventLog({ file: join(dir, LOG_FILE), clock: { now: () => times.shift() ?? end } });
  const appends: ReturnType<typeof log.appendMany>[] = [];
  const record = (at: Instant, streams: readonly StreamAppend[]): void => {
    times.push(at);
    appends.push(log.appendMany(streams));
  };
  const written = async (): Promise<void> => {
    for (const result of await Promise.all(appends.splice(0))) if (!result.ok) throw new Error(`${result.stream}: ${String(result.actualRevision)}`);
  };
  try {
    const actor: Actor = { id: 'admin', role: 'admin' };
    const begins = startOfDay(FIRST_DAY);
    record(begins, units.map((unit) => ({
      stream: unitStream(unit.id), expectedRevision: -1,
      events: [{ id: derivedId('seed', unit.id), type: 'UnitEstablished', schema: CATALOGUE.schemaOf('UnitEstablished'), occurredAt: begins, metadata: { actor }, data: unit as unknown as JsonObject }],
    })));
    for (const { recordedAt, append } of invent(options, units.map(({ id }) => id), end)) {
      record(recordedAt, [append]);
      if (appends.length === COMMIT_AT) await written();
    }
    await written();
    return { events: (await log.head()).count };
  } finally {
    await log.close();
  }
}

/** The appends of a history in the order of their times, one event each; only the tasks that go on are in memory. */
function* invent(
  { tasks, seed }: { readonly tasks: number; readonly seed: number }, units: readonly string[], end: Instant,
): Generator<{ readonly recordedAt: Instant; readonly append: StreamAppend }> {
  const random = seeded(seed);
  const calendar = loadDefaultCalendar();
  const lateness = new Map(units.map((id) => [id, 0.03 + 0.32 * random.next() ** 2]));
  const recent: string[] = [];
  const counted = new Map<number, number>();
  const world: World = { random, calendar, end, units, lateness: (id) => lateness.get(id) ?? 0.1, neighbour: () => (recent.length === 0 ? undefined : random.pick(recent)) };
  const agenda = new Agenda<Running>();
  const wait = (running: Running): void => {
    const deadline = endOfOpenDeadline(running.state);
    const times = [running.next?.recordedAt, deadline === undefined ? undefined : deadline + MINUTE].filter((time) => time !== undefined);
    if (times.length > 0) agenda.add(Math.min(...times), running);
  };
  let begun = 0;
  let documents = 0;
  const begin = (): Instant | undefined => {
    if (begun >= tasks) return undefined;
    const day = addDays(FIRST_DAY, Math.floor((begun / tasks) * DAYS));
    const from = officeMoment(atTime(day, '07:30'), world);
    documents += 1;
    const many = Math.min(tasks - begun, random.chance(0.6) ? 1 : random.between(2, 5));
    for (let n = 0; n < many; n++) {
      begun += 1;
      const taskId = derivedId('seed-task', String(seed), String(begun));
      const document = { number: `${String(documents)}/UBND-TH`, date: dayOf(from), issuer: 'UBND tỉnh', title: 'Văn bản minh họa' };
      const life = lifeOf({ document, leadUnitId: random.pick(units), assignedAt: from, number: begun }, world);
      const first = life.next();
      if (!first.done) agenda.add(first.value.recordedAt, { taskId, life, state: initial, facts: [], next: first.value });
    }
    return from;
  };

  let opened = begin();
  let now = -Infinity;
  for (;;) {
    // Documents are written one after another; the next one is opened before anything later than it is played.
    while (opened !== undefined && opened <= (agenda.first() ?? Infinity)) opened = begin();
    const entry = agenda.take();
    if (!entry) {
      if (opened === undefined) return;
      opened = begin();
      continue;
    }
    const { item: running } = entry;
    const recordedAt = Math.max(now, entry.at);
    if (recordedAt > end) continue;
    now = recordedAt;
    const step = running.next !== undefined && running.next.recordedAt <= entry.at ? running.next : undefined;
    const decision = decide(step ? commandOf(step, recordedAt) : { type: 'RecordOverdue' }, running.state, { now: recordedAt, assignWithoutReasonFrom: dayOf(recordedAt) });
    if (decision.ok) {
      const append: NewEvent[] = [];
      for (const event of decision.events) {
        const revision = running.facts.length;
        const id = event.type === 'TaskBecameOverdue' ? derivedId('TaskBecameOverdue', running.taskId, event.data.decidingEventId, String(event.occurredAt)) : derivedId('seed-event', running.taskId, String(revision));
        append.push({
          id, type: event.type, schema: CATALOGUE.schemaOf(event.type), data: event.data as unknown as JsonObject, occurredAt: event.occurredAt,
          metadata: { actor: step?.actor ?? DEADLINES, $correlationId: id },
        });
        running.facts.push({ ...event, eventId: id, revision, position: 0n, recordedAt });
        if (event.type !== 'TaskAssigned') continue;
        const year = Number(event.data.assignedOn.slice(0, 4));
        counted.set(year, (counted.get(year) ?? 0) + 1);
        recent.push(codeOf(year, counted.get(year)!));
        if (recent.length > 40) recent.shift();
      }
      if (append.length > 0) {
        yield { recordedAt, append: { stream: taskStream(running.taskId), expectedRevision: running.facts.length - 1 - append.length, events: append } };
        running.state = fold(running.facts);
      }
    }
    if (step) {
      const next = running.life.next(running.state);
      running.next = next.done ? undefined : { ...next.value, recordedAt: Math.max(next.value.recordedAt, recordedAt + MINUTE) };
    }
    wait(running);
  }
}

function commandOf({ command, occurredAt }: Step, recordedAt: Instant): TaskCommand {
  const late = occurredAt !== undefined && dayOf(occurredAt) < dayOf(recordedAt);
  return { ...command, occurredAt: late ? occurredAt : recordedAt, byDay: false, ...(late ? { backdateReason: 'báo cáo đến sau' } : {}) };
}
