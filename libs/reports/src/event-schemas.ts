import type { EventSchema } from '#event-log';
import type { ReportEvent } from './events.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const REPORT_EVENT_SCHEMAS: Readonly<Record<ReportEvent['type'], EventSchema>> = {
  ReportDrafted: {},
  ReportEdited: {},
  ReportChecked: {},
  ReportIssued: {},
  ReportSuperseded: {},
};
