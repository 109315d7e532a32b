import type { EventSchema } from '#event-log';
import type { PlanEvent } from './plans.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const PLAN_EVENT_SCHEMAS: Readonly<Record<PlanEvent['type'], EventSchema>> = {
  PlanIssued: {},
  PlanDeclaredNotApplicable: {},
  PlanItemAdded: {},
  PlanItemDone: {},
  PlanItemReopened: {},
  PlanItemRemoved: {},
  PlanCorrected: {},
  PlanNoted: {},
};
