import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHash } from 'node:crypto';
import { loadDefaultCalendar } from '#deadlines';
import type { EventLog, NewEvent, StreamAppend } from '#event-log';
import { openSqliteEventLog } from '#event-log/sqlite/sqlite-event-log';
import { readTaskList } from '#imports';
import { addDays, dayOf, derivedId, ManualClock, parseInstant, startOfDay, type Day, type Instant } from '#kernel';
import { UnitDirectory, unitStream } from '#organisation';
import { decide, endOfOpenDeadline, fold, taskStream, type TaskCommand, type TaskFact, type DecidedEvent } from '#tasks';
import { reportData } from '#reports/files/shipped';
import { LOG_FILE } from '../../api/src/data-files.ts';
import { ReferenceData } from '../../api/src/reference/reference-data.ts';
import { importReportData } from '../../api/src/reports/report-data.ts';
import { contentFile } from '../../api/src/reports/report-service.ts';
import { CATALOGUE } from '../../api/src/understood-log.ts';
import { freshDemoFolder } from './demo-folder.ts';
import { DemoReminders } from './demo-reminders.ts';

export const DEMO_NOW = '2020-11-29T07:30:00+07:00';
export const DEMO_FOLDER = './data/demo-2020';

/** When the office enters the plans and indicators of the year: the evening before the report's cut-off. */
const REPORT_DATA_AT = '2020-11-27T17:30:00+07:00';

interface Step {
  readonly taskId: string;
  readonly command: TaskCommand;
  readonly recordedAt: Instant;
  readonly order: number;
}

/** What happened from this day on is always keyed late, so that the cut-off of 28/11 shows two knowledges. */
const ALWAYS_LATE_FROM = '2020-11-27';

/** 0 in most cases, else one to three days: steady for a task and fact, so that every demo is the same. */
function daysLate(taskId: string, n: number, day: Day): number {
  const byte = createHash('sha256').update(`${taskId}|${String(n)}`).digest()[0]!;
  return byte < 160 && day < ALWAYS_LATE_FROM ? 0 : 1 + (byte % 3);
}

/** The list of 2020 that ships with the product. */
export function demoList(): string {
  for (let at = dirname(fileURLToPath(import.meta.url)); ; at = dirname(at)) {
    const file = join(at, 'libs/imports/data/thanh-tra-tinh-2020.csv');
    if (existsSync(file)) return file;
    if (dirname(at) === at) throw new Error('libs/imports/data/thanh-tra-tinh-2020.csv không có trong bản cài đặt');
  }
}

/**
 * Plays the list of 2020 into a fresh folder in the order of its dates: each fact is recorded on its day at a morning hour, or one to three
 * days late, so that "as known at" has something to show; deadlines that pass are recorded when they pass. The clock ends at DEMO_NOW.
 */
export async function playDemo(folder: string): Promise<{ events: number }> {
  const dir = await freshDemoFolder(folder);
  const end = parseInstant(DEMO_NOW)!;
  const calendar = loadDefaultCalendar();
  const reading = readTaskList(readFileSync(demoList()), { now: end, units: UnitDirectory.of([]), calendar, policy: 'all', createUnits: true, fileName: 'thanh-tra-tinh-2020.csv' });
  const clock = new ManualClock(startOfDay('2019-11-01'));
  const log = await openSqliteEventLog({ file: join(dir, LOG_FILE), clock });
  const reminders = new DemoReminders(dir, log, clock);
  try {
    const actor = { id: 'office', role: 'office' } as const;
    await log.appendMany(
      reading.unitsToCreate.map((unit) => ({
        stream: unitStream(unit.id),
        expectedRevision: -1,
        events: [{ id: derivedId('demo', 'unit', unit.id), type: 'UnitEstablished', schema: CATALOGUE.schemaOf('UnitEstablished'), data: unit as unknown as NewEvent['data'], occurredAt: clock.now(), metadata: { actor } }],
      })),
    );

    const steps: Step[] = [];
    for (const { row } of reading.records) {
      if (!row) continue;
      let earliest = 0;
      row.facts.forEach((command, n) => {
        if (command.type === 'RecordOverdue') return;
        // A fact with an hour is keyed after that hour; nothing is recorded before the fact that it builds on, nor after the demo's now.
        const late = daysLate(row.taskId, n, dayOf(command.occurredAt));
        const morning = startOfDay(addDays(dayOf(command.occurredAt), late)) + 8 * 3_600_000 + n * 60_000;
        const recordedAt = Math.min(Math.max(morning, command.occurredAt + 60_000, earliest), end - 3_600_000);
        earliest = recordedAt;
        steps.push({ taskId: row.taskId, command, recordedAt, order: steps.length });
      });
    }
    steps.sort((a, b) => a.recordedAt - b.recordedAt || a.order - b.order);

    const facts = new Map<string, TaskFact[]>();
    const due = new Map<string, Instant>();
    let batch: StreamAppend[] = [];
    const flush = async (): Promise<void> => {
      if (batch.length === 0) return;
      const result = await log.appendMany(batch);
      if (!result.ok) throw new Error(`Xung đột khi trình diễn ở ${result.stream}`);
      batch = [];
    };
    const give = async (taskId: string, command: TaskCommand, at: Instant): Promise<void> => {
      if (clock.now() !== at) {
        await flush();
        clock.set(at);
      }
      const known = facts.get(taskId) ?? [];
      const decision = decide(command, fold(known), { now: at, assignWithoutReasonFrom: dayOf(at) });
      if (!decision.ok) throw new Error(`${taskId}: ${decision.rejection.detail}`);
      const events = decision.events.map((event): NewEvent => toNewEvent(taskId, event, known.length));
      if (events.length === 0) return;
      batch.push({ stream: taskStream(taskId), expectedRevision: known.length - 1, events });
      events.forEach((event, n) => {
        known.push({ type: event.type, data: event.data, eventId: event.id, revision: known.length + n, position: 0n, occurredAt: event.occurredAt, recordedAt: at } as unknown as TaskFact);
      });
      facts.set(taskId, known);
      const openUntil = endOfOpenDeadline(fold(known));
      if (openUntil === undefined) due.delete(taskId);
      else due.set(taskId, openUntil);
    };
    const pass = async (until: Instant): Promise<void> => {
      for (;;) {
        const next = [...due].filter(([, at]) => at < until).sort((a, b) => a[1] - b[1])[0];
        if (!next) return;
        due.delete(next[0]);
        await give(next[0], { type: 'RecordOverdue' }, next[1] + 60_000);
      }
    };
    let reported = false;
    const report = async (): Promise<void> => {
      const now = parseInstant(REPORT_DATA_AT)!;
      await pass(now);
      await flush();
      clock.set(now);
      await recordReportData(dir, log, now);
    };
    const remind = async (until: Instant): Promise<void> => {
      for (let morning = reminders.at; morning !== undefined && morning < until; morning = reminders.at) {
        await pass(morning - 3_600_000);
        await flush();
        await reminders.remind();
      }
    };
    for (const { taskId, command, recordedAt } of steps) {
      await remind(recordedAt - 60_000);
      if (!reported && recordedAt > parseInstant(REPORT_DATA_AT)!) {
        reported = true;
        await report();
      }
      await pass(recordedAt - 60_000);
      await give(taskId, command, recordedAt);
    }
    await pass(end - 60_000);
    await flush();
    return { events: (await log.head()).count };
  } finally {
    await reminders.close();
    await log.close();
  }
}

/** The plans and indicators of the report of 2020, and what the office wrote for it. */
async function recordReportData(dir: string, log: EventLog, now: Instant): Promise<void> {
  const reference = new ReferenceData(log);
  await reference.catchUp();
  for (const name of ['ke-hoach.json', 'chi-tieu.json']) {
    const file = reportData('2020', name);
    await importReportData(readFileSync(file, 'utf8'), name, { log, reference, now });
  }
  const content = contentFile(dir, 'thanh-tra-tinh', '2020');
  mkdirSync(dirname(content), { recursive: true, mode: 0o700 });
  copyFileSync(reportData('2020', 'noi-dung.yaml'), content);
}

function toNewEvent(taskId: string, event: DecidedEvent, revision: number): NewEvent {
  const system = event.type === 'TaskBecameOverdue';
  const id = system ? derivedId('TaskBecameOverdue', taskId, event.data.decidingEventId, String(event.occurredAt)) : derivedId('demo', taskId, String(revision));
  return { id, type: event.type, schema: CATALOGUE.schemaOf(event.type), data: event.data as unknown as NewEvent['data'], occurredAt: event.occurredAt, metadata: { actor: system ? { id: 'deadlines', role: 'system' } : { id: 'office', role: 'office' }, $correlationId: id } };
}
