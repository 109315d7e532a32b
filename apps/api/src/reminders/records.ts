import { schemaOf, type EventLog, type JsonObject, type NewEvent } from '#event-log';
import { Problem, type Clock, type Instant } from '#kernel';
import { evolveHead, REMINDER_EVENT_SCHEMAS, type Channel, type Known, type MessageFact, type MessageHead, type ReminderEvent, type ReminderLedger } from '#reminders';
import type { ReferenceData } from '../reference/reference-data.ts';
import { addressFault, type DashboardMailing, type ShownDashboard } from './dashboard-mailing.ts';
import type { MorningSources } from './morning.ts';
import type { PeopleDirectory } from './people-known.ts';

/* What deciding and sending share. */

/** Who acts for the program. */
const REMINDERS_ACTOR = { id: 'reminders', role: 'system' } as const;

/** What is derived from the log and asked by the process; caught up before it is. */
export interface ReminderInputs extends MorningSources {
  readonly ledger: ReminderLedger;
  catchUp(): Promise<void>;
}

export interface ReminderProcessOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly inputs: ReminderInputs;
  readonly reference: ReferenceData;
  readonly people: PeopleDirectory;
  readonly channels: readonly Channel[];
  /** What dashboards say that are sent at a stated hour. */
  readonly dashboards: DashboardMailing;
  /** Where people reach the page. */
  readonly baseUrl: () => string;
  /** Names this process among others. */
  readonly instance: string;
  /** No other process sends: what another has claimed is of one that is gone. */
  readonly alone: boolean;
  /** How many mails of one channel are on their way at once. */
  readonly lanes?: number;
  readonly onTrouble?: (error: unknown) => void;
  /** Told at the places where a crash would hurt; for tests of just that. */
  readonly at?: (place: 'decided' | 'claimed' | 'sent' | 'recorded') => void | Promise<void>;
}

/** The later of the clock and the log's last recordedAt. */
export async function timeOf({ clock, log }: Pick<ReminderProcessOptions, 'clock' | 'log'>): Promise<Instant> {
  return Math.max(clock.now(), (await log.head()).recordedAt);
}

export function reminderEvent(id: string, event: ReminderEvent, occurredAt: Instant): NewEvent {
  return { id, type: event.type, schema: schemaOf(REMINDER_EVENT_SCHEMAS, event.type), data: event.data as unknown as JsonObject, occurredAt, metadata: { actor: REMINDERS_ACTOR, $correlationId: id } };
}

/** What a dashboard says, or what is wrong with its address; any other failure is thrown, and tried again. */
export async function shownBy(dashboards: DashboardMailing, query: string, at: Instant, known: Known): Promise<ShownDashboard | { readonly fault: string }> {
  try {
    return await dashboards.shown(query, at, known);
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return { fault: addressFault(error).detail };
    throw error;
  }
}

export const toFact = ({ type, data, revision, position, occurredAt }: { readonly type: string; readonly data: unknown; readonly revision: number; readonly position: bigint; readonly occurredAt: Instant }): MessageFact => ({ type, data, revision, position: Number(position), occurredAt });

export const headOf = (id: string, facts: readonly MessageFact[]): MessageHead | undefined => facts.reduce<MessageHead | undefined>((head, fact) => evolveHead(head, id, fact), undefined);
