import type { FixedDatePolicy } from '#deadlines';

/** What the office has settled for the whole province. */
export interface ProvinceSettings {
  /** Whether a fixed date on a day off moves to the next working day; acts on deadlines read afterwards (domain.md §3). */
  readonly fixedDatePolicy: FixedDatePolicy;
  /** A deadline is near from this many working days before it, 0–30. */
  readonly dueSoonWorkingDays: number;
  /** A unit with this many tasks due in one week gets a warning, 1–1000. */
  readonly fullWeekTasks: number;
  /** Authority → code of the rate it uses as official; one that is not named uses R2. */
  readonly officialRates: Readonly<Record<string, string>>;
}

export const SETTINGS_STREAM = 'settings-main';
export const DEFAULT_OFFICIAL_RATE = 'R2';

export const defaultSettings: ProvinceSettings = { fixedDatePolicy: 'all', dueSoonWorkingDays: 3, fullWeekTasks: 20, officialRates: {} };

export interface SettingsChanged {
  /** The changed fields with their new values; `officialRates` is replaced as a whole. */
  readonly changed: Partial<ProvinceSettings>;
  readonly reason: string;
}

export interface SettingsEvent {
  readonly type: 'SettingsChanged';
  readonly data: SettingsChanged;
}

/** A settings event with its place in the log. */
export interface RecordedSettings extends SettingsEvent {
  readonly position: bigint;
}

/** The settings after these events, given in the order of the log. */
export function foldSettings(events: Iterable<SettingsEvent>): ProvinceSettings {
  let settings = defaultSettings;
  for (const { data } of events) settings = { ...settings, ...data.changed };
  return settings;
}

/** The settings as known at a position (that event included); null knows everything. `history` in the order of the log. */
export function settingsAt(history: readonly RecordedSettings[], known: bigint | null): ProvinceSettings {
  return foldSettings(known === null ? history : history.filter(({ position }) => position <= known));
}

/** Code of the rate an authority uses as official. */
export function officialRateOf(settings: ProvinceSettings, authority: string): string {
  return Object.hasOwn(settings.officialRates, authority) ? settings.officialRates[authority]! : DEFAULT_OFFICIAL_RATE;
}
