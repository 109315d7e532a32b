import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { BRIEFING_EVENT_SCHEMAS } from '#briefing';
import { CALENDAR_EVENT_SCHEMAS } from '#deadlines';
import { EventCatalogue, UnderstoodLog, type EventLog, type Position } from '#event-log';
import { INDICATOR_EVENT_SCHEMAS } from '#indicators';
import { UNIT_EVENT_SCHEMAS } from '#organisation';
import { PLAN_EVENT_SCHEMAS } from '#plans';
import { PROJECTION_EVENT_SCHEMAS } from '#projections';
import { REMINDER_EVENT_SCHEMAS } from '#reminders';
// Not by its index: with it would come the reader of templates, into every thread.
import { REPORT_EVENT_SCHEMAS } from '#reports/event-schemas';
import { SECRET_COUNT_EVENT_SCHEMAS } from '#secret-counts';
import { SETTINGS_EVENT_SCHEMAS } from '#settings';
import { TASK_EVENT_SCHEMAS } from '#tasks';

/** Every event this program writes, and every one it has ever written. */
export const CATALOGUE = new EventCatalogue(
  TASK_EVENT_SCHEMAS,
  UNIT_EVENT_SCHEMAS,
  CALENDAR_EVENT_SCHEMAS,
  SETTINGS_EVENT_SCHEMAS,
  SECRET_COUNT_EVENT_SCHEMAS,
  BRIEFING_EVENT_SCHEMAS,
  PLAN_EVENT_SCHEMAS,
  INDICATOR_EVENT_SCHEMAS,
  REMINDER_EVENT_SCHEMAS,
  REPORT_EVENT_SCHEMAS,
  PROJECTION_EVENT_SCHEMAS,
);

/** What was found to be understood, by which catalogue; to be believed where the named event stands at the position. */
interface Checked {
  readonly catalogue: string;
  readonly position: string;
  readonly eventId: string;
}

const FINGERPRINT = createHash('sha256').update(JSON.stringify(CATALOGUE.written)).digest('hex').slice(0, 16);

/**
 * The log as this program understands it. `marker` is a file that remembers how far that was looked at, so that a start looks at what came
 * since; it can be lost. `remember` writes it. @throws LogNotUnderstoodError where the log holds what only a newer program knows.
 */
export async function openUnderstood(
  log: EventLog,
  { marker, remember }: { readonly marker: string; readonly remember: boolean },
): Promise<UnderstoodLog> {
  const from = await checkedBefore(log, marker);
  const { position, lastEventId } = await log.head();
  const understood = await UnderstoodLog.open(log, CATALOGUE, from);
  if (remember && position > from && lastEventId !== null) {
    const checked: Checked = { catalogue: FINGERPRINT, position: String(position), eventId: lastEventId };
    // Whole or not at all: half a marker would only cost a look at the whole log, but would look like damage. Several processes may share the folder.
    const written = `${marker}.${randomUUID()}`;
    writeFileSync(written, `${JSON.stringify(checked)}\n`, { mode: 0o600 });
    renameSync(written, marker);
  }
  return understood;
}

async function checkedBefore(log: EventLog, marker: string): Promise<Position> {
  try {
    const { catalogue, position, eventId } = JSON.parse(readFileSync(marker, 'utf8')) as Checked;
    if (catalogue !== FINGERPRINT) return 0n;
    return (await log.readEvent(eventId))?.position === BigInt(position) ? BigInt(position) : 0n;
  } catch {
    return 0n;
  }
}
