import type { EventSchema } from '#event-log';
import type { SettingsEvent } from './settings.ts';

/** The schemas of this room's events; how to change one: docs/events.md. */
export const SETTINGS_EVENT_SCHEMAS: Readonly<Record<SettingsEvent['type'], EventSchema>> = {
  SettingsChanged: {},
};
