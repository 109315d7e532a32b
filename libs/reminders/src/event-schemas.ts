import type { EventSchema } from '#event-log';
import type { ReminderEventType } from './events.ts';
import type { SubscriptionEventType } from './subscriptions.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const REMINDER_EVENT_SCHEMAS: Readonly<Record<ReminderEventType | SubscriptionEventType, EventSchema>> = {
  ReminderDecided: {},
  ReminderContinued: {},
  ReminderClaimed: {},
  ReminderSent: {},
  ReminderFailed: {},
  ReminderSuppressed: {},
  ReminderResendAsked: {},
  ReminderSeen: {},
  ReminderAnswered: {},
  ReminderSnoozed: {},
  ReminderRulesSet: {},
  RemindersBegun: {},
  ReminderMorningsDecided: {},
  ReminderDashboardsDecided: {},
  SubscriptionBegun: {},
  SubscriptionChanged: {},
  SubscriptionEnded: {},
};
