import type { FixedDatePolicy } from '#deadlines';
import type { Day } from '#kernel';

/** The parts of a year that a report can be owed for; `year` is the whole of it. */
export const DUTY_PERIODS = ['year', 'H1', 'H2', '9M', 'Q1', 'Q2', 'Q3', 'Q4'] as const;
export type DutyPeriod = (typeof DUTY_PERIODS)[number];

/** Which unit owes which report for which periods, and by when. */
export interface ReportDuty {
  readonly unitId: string;
  /** The form; the one in force on the period's last day where it is left out. */
  readonly templateId?: string;
  readonly periods: readonly DutyPeriod[];
  /** Figures are closed this many days before the period's last day, 0–60. */
  readonly cutOffDaysBefore: number;
  /** The report is due this many working days after its cut-off, 1–60. */
  readonly dueWorkingDays: number;
  /** The first day whose cut-offs count: nothing is owed for what lies before. */
  readonly from: Day;
  /** What orders the report; the task of it names this document. */
  readonly document: { readonly number: string; readonly date: Day; readonly issuer: string };
}

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
  /** Reports that are owed; given whole and replaced whole. None where it was never set. */
  readonly reportDuties?: readonly ReportDuty[];
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
