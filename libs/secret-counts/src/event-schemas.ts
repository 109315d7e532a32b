import type { EventSchema } from '#event-log';
import type { SecretCountEvent } from './secret-counts.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const SECRET_COUNT_EVENT_SCHEMAS: Readonly<Record<SecretCountEvent['type'], EventSchema>> = {
  SecretCountRecorded: {},
};
