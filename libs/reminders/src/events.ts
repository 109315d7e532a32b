import { derivedId, type Day } from '#kernel';
import type { OutsideChannel, PersonRole } from '#people';
import type { RuleSet } from './rules.ts';

/** `dashboard` is sent to who asked for it at a stated hour, the others as rules say. */
export const MESSAGE_KINDS = ['urgent', 'escalation', 'digest', 'test', 'dashboard'] as const;
export type MessageKind = (typeof MESSAGE_KINDS)[number];

/** Why a slot that was decided tells nobody anything by itself. */
export const ITEM_SUPPRESSIONS = ['snoozed', 'merged', 'closed-meanwhile'] as const;
export type ItemSuppression = (typeof ITEM_SUPPRESSIONS)[number];

/** Why a message does not go out by a channel. */
export const DELIVERY_SUPPRESSIONS = ['recipient-removed', 'no-address', 'nothing-left', 'limit', 'channel-off', 'empty', 'missed', 'no-figures', 'ended'] as const;
export type DeliverySuppression = (typeof DELIVERY_SUPPRESSIONS)[number];

/** One slot: rule × task × recipient × day, the last two being those of the message. */
export interface ItemData {
  readonly taskId: string;
  readonly rule: string;
  readonly step: string;
  /** Who led the task. */
  readonly unitId: string;
  readonly dueOn?: Day;
  /** An answer is asked for. */
  readonly answer?: true;
  readonly suppressed?: ItemSuppression;
}

/** A slot that was missed and is told with a later message. */
export interface MergedItem extends ItemData {
  readonly slot: Day;
}

export interface PlannedDelivery {
  readonly channel: OutsideChannel;
  /** ISO 8601: the end of quiet hours. */
  readonly notBefore?: string;
  readonly suppressed?: DeliverySuppression;
  /** It cannot be sent, and why as a code: given up from the beginning, until somebody asks for it again. */
  readonly failed?: string;
}

/** Why a dashboard was not sent at all: nothing overdue, due soon or waiting in it; its day had gone by; formerly, its figures could not be asked, which is a failure now. */
export const DASHBOARD_SILENCES = ['empty', 'missed', 'no-figures'] as const;
export type DashboardSilence = (typeof DASHBOARD_SILENCES)[number];

/** Which dashboard a message shows: that of the address at the message's slot, as known when it was decided. */
export interface SentDashboard {
  readonly subscriptionId: string;
  readonly name: string;
  readonly query: string;
  readonly silent?: DashboardSilence;
  /** What is wrong with the address, by which no dashboard can be asked (any more): there is nothing to look at. */
  readonly fault?: string;
}

/** The code of a dashboard whose address is none. */
export const QUERY_INVALID = 'dashboard-query-invalid';

/** Positions differ between stores and after a move; the event's id does not. */
export interface Known {
  readonly position: string;
  readonly eventId: string | null;
}

/** Opaque ids only: names and addresses stand in the directory of people. */
export interface ReminderEventData {
  /** In the inbox from then on. Items beyond the first few hundred follow in `ReminderContinued` of the same append. */
  ReminderDecided: {
    readonly kind: MessageKind;
    readonly slot: Day;
    readonly slotAt: string;
    readonly recipientId: string;
    readonly role: PersonRole;
    readonly unitId: string;
    readonly onBehalfOf?: string;
    readonly rules: number;
    readonly calendar: string;
    readonly known: Known;
    readonly deliveries: readonly PlannedDelivery[];
    readonly items: readonly ItemData[];
    readonly merged?: readonly MergedItem[];
    readonly dashboard?: SentDashboard;
    /** Decided after its morning had gone by. */
    readonly late?: true;
  };
  ReminderContinued: { readonly items: readonly ItemData[] };
  /** Somebody begins to send; until then nobody else does. */
  ReminderClaimed: { readonly channel: OutsideChannel; readonly attempt: number; readonly by: string; readonly until: string };
  ReminderSent: { readonly channel: OutsideChannel; readonly attempt: number; readonly messageId: string };
  /** `unknown`: it may have arrived. Without `retryAt` it is given up until somebody asks for it again. */
  ReminderFailed: { readonly channel: OutsideChannel; readonly attempt: number; readonly outcome: 'refused' | 'unknown'; readonly code: string; readonly messageId: string; readonly retryAt?: string };
  ReminderSuppressed: { readonly channel: OutsideChannel; readonly reason: DeliverySuppression };
  ReminderResendAsked: { readonly channel: OutsideChannel };
  ReminderSeen: Readonly<Record<string, never>>;
  ReminderAnswered: { readonly taskId: string; readonly answer: 'done' | 'not-done'; readonly reason?: string; readonly proposedOn?: Day };
  /** For oneself only; the day is the first on which one is reminded again. */
  ReminderSnoozed: { readonly recipientId: string; readonly taskId: string; readonly until: Day };
  ReminderRulesSet: RuleSet & { readonly reason: string };
  /** From this day on mornings are decided. */
  RemindersBegun: { readonly from: Day };
  /** All messages of the mornings up to the slot stand in the log. */
  ReminderMorningsDecided: { readonly slot: Day; readonly from: Day; readonly rules: number; readonly known: Known; readonly messages: number; readonly items: number; readonly missed: number };
  /** All dashboards that were to be sent up to this instant stand in the log, sent or not. */
  ReminderDashboardsDecided: { readonly until: string; readonly known: Known; readonly messages: number; readonly missed: number };
}

export type ReminderEventType = keyof ReminderEventData;
export type ReminderEvent = { [T in ReminderEventType]: { readonly type: T; readonly data: ReminderEventData[T] } }[ReminderEventType];

export const REMINDER_CATEGORY = 'reminder';
export const REMINDER_RULES_CATEGORY = 'reminderrules';
export const RULES_STREAM = `${REMINDER_RULES_CATEGORY}-province`;
export const RUNS_STREAM = 'reminderrun-mornings';
export const DASHBOARD_RUNS_STREAM = 'reminderrun-dashboards';

/** Whoever decides a recipient's message of a morning finds it decided where another was first. */
export const messageIdOf = (recipientId: string, slot: Day, kind: MessageKind): string => derivedId('reminder', recipientId, slot, kind);
/** One a subscription and day. */
export const dashboardMessageIdOf = (subscriptionId: string, slot: Day): string => derivedId('reminder-dashboard', subscriptionId, slot);
export const snoozeIdOf = (recipientId: string, taskId: string): string => derivedId('reminder-snooze', recipientId, taskId);
export const reminderStream = (id: string): string => `${REMINDER_CATEGORY}-${id}`;
export const reminderIdOf = (stream: string): string => stream.slice(REMINDER_CATEGORY.length + 1);
/** The id of a slot: rule × task × recipient × day. */
export const slotIdOf = (rule: string, taskId: string, recipientId: string, slot: Day): string => derivedId('reminder-slot', rule, taskId, recipientId, slot);
