import type { EventSchema } from '#event-log';
import type { CalendarEvent } from './calendar-events.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const CALENDAR_EVENT_SCHEMAS: Readonly<Record<CalendarEvent['type'], EventSchema>> = {
  CalendarPublished: {},
};
