import { type Cell, type Page, type TaskItem } from '../api.ts';

export const EXCEPTION_RULES = [
  'oldest-overdue',
  'due-3-below-half',
  'extended-twice',
  'no-update-14',
  'returned',
  'blocked-by-overdue',
] as const;
export type ExceptionRule = (typeof EXCEPTION_RULES)[number];

export type AgeBand = '1-7' | '8-30' | '31-90' | 'over-90';

interface Ratio {
  numerator: number;
  denominator: number;
  text: string;
}

export interface Tiles {
  overdue: { count: number; since: number; over30: number; oldestDays: number | null; medianDays: number | null; noneSince: string | null };
  /** The near days (3, unless set otherwise) and 7 working days, today included. */
  dueSoon: { nearDays: number; in3: number; in7: number; in7NoUpdate: number; since7: number };
  onTime90: Ratio & { since: Ratio; state: 'stable' | 'better' | 'worse' | 'few'; words: string };
  extended: { tasks: number; times: number; daysAdded: number; since: number };
  waiting: { extensions: number; completions: number; explanations: number; returns: number; total: number; since: number };
}

export interface Week {
  from: string;
  to: string;
  assigned: number;
  completed: number;
  overdueStock: number;
}

export interface Control {
  mean: number;
  lower: number;
  upper: number;
  signals: { week: string; rule: 'outside' | 'seven-one-side' | 'trend-of-six'; direction: 'up' | 'down'; words: string }[];
  words: string;
}

export interface UnitRow {
  unitId: string;
  name: string;
  shortName: string;
  parentId: string | null;
  hasSubunits: boolean;
  cells: Readonly<Record<Cell, number>>;
  total: number;
  overdue: number;
  oldestDays: number | null;
  /** 12 weeks, oldest first. */
  overdueWeeks: readonly number[];
  dueSoon: number;
  /** The interval is Wilson's at 95 %, in hundredths of a per cent. */
  onTime: Ratio & { low: number | null; high: number | null; few: boolean };
  extended: number;
  lastUpdateOn: string | null;
  /** Eight weeks from the one of the instant; with `later` they add up to O1. */
  load: readonly { from: string; due: number; heavy: boolean }[];
  later: number;
  usualPerWeek: number;
}

/** What `GET /dashboard` answers; each number has its list behind a `what`. */
export interface Dashboard {
  asOf: string;
  knownAt: string | null;
  position: string;
  since: { asOf: string; knownAt: string | null; by: 'asked' | 'meeting' | 'week'; words: string };
  tiles: Tiles;
  sentence: readonly { text: string; what?: string }[];
  ageing: readonly { key: AgeBand; count: number }[];
  /** 26 weeks, oldest first; the last one is cut at the instant. */
  weeks: readonly Week[];
  control: Control;
  units: readonly UnitRow[];
  all: UnitRow;
  exceptions: { rules: readonly { code: ExceptionRule; name: string; count: number }[] };
}

export interface ExceptionItem extends TaskItem {
  why: readonly { rule: ExceptionRule; words: string }[];
}
export type ExceptionPage = Omit<Page<ExceptionItem>, 'nextCursor'>;
