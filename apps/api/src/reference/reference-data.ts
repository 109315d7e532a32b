import { calendarWith, loadDefaultCalendar, type CalendarYear, type WorkingCalendar } from '#deadlines';
import { categoryOf, type EventLog, type Position, type RecordedEvent } from '#event-log';
import { INDICATOR_CATEGORY, Indicators, type IndicatorFact } from '#indicators';
import { Organisation, UnitDirectory } from '#organisation';
import { PLAN_CATEGORY, Plans, type PlanFact } from '#plans';
import { DEFAULT_RULES, evolveSubscription, REMINDER_RULES_CATEGORY, SUBSCRIPTION_CATEGORY, subscriptionIdOf, type ReminderEventData, type RuleSet, type Subscription } from '#reminders';
import { REPORT_CATEGORY, reportIdOf, Reports, type ReportFact } from '#reports';
import type { SecretCountEntry } from '#secret-counts';
import { foldSettings, settingsAt, type ProvinceSettings, type RecordedSettings } from '#settings';
import { AUTHORITIES, authorityName, type AuthorityNames } from '#tasks';
import { Following } from '../following.ts';

const CATEGORIES = ['unit', 'calendar', 'settings', 'secretcount', PLAN_CATEGORY, INDICATOR_CATEGORY, REMINDER_RULES_CATEGORY, SUBSCRIPTION_CATEGORY, REPORT_CATEGORY] as const;

/** Rules of reminders as they were set; version 0 is what the program has of itself. */
export interface RulesInForce {
  readonly version: number;
  readonly set: RuleSet;
  readonly reason: string | null;
  readonly setAt: number | null;
  readonly actorId: string | null;
}


/**
 * What is small and asked about everywhere: units, the working calendar, settings, secret counts, plans, indicators, the lives of reports, rules of reminders and who gets the dashboard. Folded from their streams and kept in
 * memory; follows the log, so that what another process writes is known here too.
 */
export class ReferenceData {
  readonly organisation = new Organisation();
  readonly secretCounts: SecretCountEntry[] = [];
  readonly plans = new Plans();
  readonly indicators = new Indicators();
  readonly reports = new Reports();
  /** Who gets the dashboard at a stated hour, ended ones too, in the order in which they were begun. */
  readonly subscriptions = new Map<string, Subscription>();
  private readonly settingsHistory: RecordedSettings[] = [];
  private readonly publishedYears: { readonly content: CalendarYear; readonly position: Position }[] = [];
  private readonly rulesHistory: RulesInForce[] = [{ version: 0, set: DEFAULT_RULES, reason: null, setAt: null, actorId: null }];
  private settingsNow: ProvinceSettings = foldSettings([]);
  private calendarNow: WorkingCalendar = loadDefaultCalendar();
  /** Earlier calendars by how many publications they know; each publication adds one. */
  private readonly calendarsThen = new Map<number, WorkingCalendar>();
  private directoryNow: UnitDirectory | undefined;
  private readonly following: Following;

  /** Who gives tasks, by code, in the order in which lists name them: what the data folder says, and not the log. */
  readonly authorities: AuthorityNames;

  constructor(log: EventLog, authorities: AuthorityNames = AUTHORITIES) {
    this.authorities = authorities;
    this.following = new Following(log, CATEGORIES, (event) => { this.take(event); });
  }

  /** The calendar in force: the one that ships, with the years published since laid over it. */
  get calendar(): WorkingCalendar {
    return this.calendarNow;
  }

  /** The calendar as it was known at a position. */
  calendarAt(known: Position): WorkingCalendar {
    const heard = this.publishedYears.filter(({ position }) => position <= known).map(({ content }) => content);
    if (heard.length === this.publishedYears.length) return this.calendarNow;
    const calendar = this.calendarsThen.get(heard.length) ?? calendarWith(loadDefaultCalendar(), heard);
    this.calendarsThen.set(heard.length, calendar);
    return calendar;
  }

  /** What was published, in the order of the log; of one year or of all. */
  publications(year?: number): readonly CalendarYear[] {
    return this.publishedYears.map(({ content }) => content).filter((content) => year === undefined || content.year === year);
  }

  /** Revision of the stream of settings, to decide a change on; -1 while nothing was ever set. */
  get settingsRevision(): number {
    return this.settingsHistory.length - 1;
  }

  settings(known: bigint | null = null): ProvinceSettings {
    return known === null ? this.settingsNow : settingsAt(this.settingsHistory, known);
  }

  /** The rules of reminders in force. */
  get rules(): RulesInForce {
    return this.rulesHistory.at(-1)!;
  }

  /** All there have been, oldest first. */
  get rulesThen(): readonly RulesInForce[] {
    return this.rulesHistory;
  }

  /** Active units by name, for lists that name them. */
  get directory(): UnitDirectory {
    return (this.directoryNow ??= UnitDirectory.of(this.organisation.all().filter((unit) => unit.status === 'active')));
  }

  /** With those that are no more, for lists that name tasks of theirs; a name that was borne twice is that of the present one. */
  get everyUnit(): UnitDirectory {
    const all = UnitDirectory.of(this.directory.all());
    for (const unit of this.organisation.all()) if (unit.status !== 'active' && all.match(unit.name).kind === 'none') all.add(unit);
    return all;
  }

  /** Name of a unit as it was called on a day (default: now), as known at K. */
  unitName(id: string, on?: string, known?: bigint | null): string {
    const heard = known === undefined ? {} : { known };
    // Before its first day a unit goes by its name as known then; only one not known at all then by that of now.
    return (this.organisation.unit(id, { ...(on === undefined ? {} : { on }), ...heard }) ?? this.organisation.unit(id, heard) ?? this.organisation.unit(id))?.name ?? id;
  }

  authorityName(code: string): string {
    return authorityName(code, this.authorities);
  }

  /** Takes in everything now in the log. */
  catchUp(): Promise<void> {
    return this.following.catchUp();
  }

  /** Why it cannot follow the log at the moment; null while it can. */
  get error(): string | null {
    return this.following.error;
  }

  follow(signal: AbortSignal): Promise<void> {
    return this.following.follow(signal);
  }

  private take(event: RecordedEvent): void {
    const { type, position, stream, occurredAt, recordedAt, id: eventId } = event;
    const data = event.data as unknown;
    const category = categoryOf(stream);
    if (category === PLAN_CATEGORY) {
      this.plans.apply(stream.slice(PLAN_CATEGORY.length + 1), { type, data, eventId, position, occurredAt } as PlanFact);
      return;
    }
    if (category === INDICATOR_CATEGORY) {
      this.indicators.apply(stream.slice(INDICATOR_CATEGORY.length + 1), { type, data, eventId, position, occurredAt, recordedAt, actor: event.metadata.actor } as IndicatorFact);
      return;
    }
    if (category === REPORT_CATEGORY) {
      this.reports.apply(reportIdOf(stream), { type, data, eventId, revision: event.revision, position, occurredAt, recordedAt } as ReportFact);
      return;
    }
    if (category === SUBSCRIPTION_CATEGORY) {
      const id = subscriptionIdOf(stream);
      const next = evolveSubscription(this.subscriptions.get(id), id, { type, data, revision: event.revision, occurredAt });
      if (next) this.subscriptions.set(id, next);
      return;
    }
    if (type === 'CalendarPublished') {
      this.publishedYears.push({ content: data as CalendarYear, position });
      this.calendarNow = calendarWith(loadDefaultCalendar(), this.publications());
    } else if (type === 'SettingsChanged') {
      this.settingsHistory.push({ type, data: data as RecordedSettings['data'], position });
      this.settingsNow = foldSettings(this.settingsHistory);
    } else if (type === 'ReminderRulesSet') {
      const { reason, ...set } = data as ReminderEventData['ReminderRulesSet'];
      this.rulesHistory.push({ version: this.rulesHistory.length, set, reason, setAt: occurredAt, actorId: event.metadata.actor.id });
    } else if (type === 'SecretCountRecorded') {
      this.secretCounts.push({ ...(data as Omit<SecretCountEntry, 'position'>), position });
    } else {
      this.organisation.apply(event);
      this.directoryNow = undefined;
    }
  }
}
