import type { EventSchema } from '#event-log';
import type { BriefingEventType } from './events.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const BRIEFING_EVENT_SCHEMAS: Readonly<Record<BriefingEventType, EventSchema>> = {
  BriefingOpened: {},
  BriefingPagesArranged: {},
  ConclusionRecorded: {},
  ConclusionAmended: {},
  ConclusionStruck: {},
  BriefingClosed: {},
};
