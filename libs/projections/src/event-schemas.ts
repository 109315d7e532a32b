import type { EventSchema } from '#event-log';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const PROJECTION_EVENT_SCHEMAS: Readonly<Record<'ProjectionEventSkipped', EventSchema>> = {
  ProjectionEventSkipped: {},
};
