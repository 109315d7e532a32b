import type { EventSchema } from '#event-log';
import type { IndicatorEvent } from './indicators.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const INDICATOR_EVENT_SCHEMAS: Readonly<Record<IndicatorEvent['type'], EventSchema>> = {
  IndicatorDefined: {},
  IndicatorValueRecorded: {},
  IndicatorTargetSet: {},
};
