import type { Day, Instant } from '#kernel';

/** What happens to a fixed date on a day off (domain.md §3): moves always, never, or moves unless written "trước ngày X". */
export const FIXED_DATE_POLICIES = ['all', 'none', 'all-but-before'] as const;
export type FixedDatePolicy = (typeof FIXED_DATE_POLICIES)[number];

/** What a user gives. */
export type DeadlineInput =
  | { readonly phrase: string; readonly receivedOn?: Day }
  | { readonly date: Day; readonly time?: string }
  | { readonly none: true };

/** One step of the counting, for people: the day it stands at, a Vietnamese sentence, and the source (article of law). */
export interface CountingStep {
  readonly day: Day;
  readonly text: string;
  readonly source?: string;
}

/** A normalised deadline as events hold it. */
export interface DueDeadline {
  readonly kind: 'due';
  /** The phrase as written, when there was one. */
  readonly phrase?: string;
  /** Effective day: the deadline runs to its 24:00, or to `dueTime` of it. */
  readonly dueOn: Day;
  /** `HH:MM`, only for hour limits. */
  readonly dueTime?: string;
  /** The day by the letter, before any move to a working day. */
  readonly literalDueOn: Day;
  /** fixed = a date; period = counted in days, weeks, months, quarters kể từ…; hours = a limit with an hour or counted in hours, which never moves. */
  readonly basis: 'fixed' | 'fixed-before' | 'period' | 'hours';
  /** The effective day under each fixed-date policy, so that a what-if needs no new counting. `dueOn` is the one in force. */
  readonly dueOnBy: { readonly [P in FixedDatePolicy]: Day };
  /** True when the phrase counts working days: days left are then shown in working days. */
  readonly countsWorkingDays: boolean;
  readonly ruleVersion: number;
  readonly calendarVersion: string;
  readonly steps: readonly CountingStep[];
  /** What the counting was made with, so that the same words can be counted again. Absent in deadlines recorded before it was kept. */
  readonly readWith?: { readonly documentDate?: Day; readonly receivedOn?: Day; readonly policy: FixedDatePolicy };
}

export interface NoDeadline {
  readonly kind: 'none';
  readonly phrase?: string;
}

export type Deadline = DueDeadline | NoDeadline;

export interface DeadlineWarning {
  /** kebab-case: `year-assumed`, `span-assumed`, `trigger-day-differs`, `calendar-not-published`, `moved-to-working-day`, … */
  readonly code: string;
  /** Vietnamese. */
  readonly detail: string;
}

export type DeadlineReading =
  | { readonly ok: true; readonly deadline: Deadline; readonly warnings: readonly DeadlineWarning[] }
  | {
      readonly ok: false;
      /** `phrase-not-understood`, `date-does-not-exist`, `weekday-disagrees`, `recurrence-needs-occurrence`, `received-day-missing`, `document-date-missing` */
      readonly code: string;
      readonly detail: string;
      readonly given: string;
      /** Phrases that are understood, to show beside the refusal. */
      readonly examples: readonly string[];
      /** For a recurrence: the next occurrences offered. */
      readonly occurrences?: readonly Day[];
      /** The phrase to record for each of `occurrences`, in the same order: the one given with its occurrence in brackets. */
      readonly occurrencePhrases?: readonly string[];
    };

/**
 * The last millisecond that is still in time: 23:59:59.999 of the effective day, or the very instant of an hour limit
 * ("a submission at that very instant is in time"). A fact given by day stands at 00:00, so the next day's is late.
 */
export type LastInstantInTime = Instant;
