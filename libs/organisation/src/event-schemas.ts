import type { EventSchema } from '#event-log';
import type { UnitEventType } from './events.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const UNIT_EVENT_SCHEMAS: Readonly<Record<UnitEventType, EventSchema>> = {
  UnitEstablished: {},
  UnitRenamed: {},
  UnitMoved: {},
  UnitMerged: {},
  UnitSplit: {},
  UnitDissolved: {},
};
