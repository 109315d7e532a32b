import { type Counts, type Deadline, type Warning } from '../api.ts';

/** The pages of the room screen, in the order of the meeting until the operator changes it. */
export type PageKey = 'overview' | 'previous' | 'overdue' | 'due-week' | 'units' | 'raised' | 'requests' | 'signals' | 'conclusions';

export interface AgendaItem {
  key: PageKey;
  minutes: number;
}

/** What the room shows now; null until the operator shows a first page, which is when the meeting starts. */
export interface Show {
  page: PageKey;
  n: number;
  unitId: string | null;
  live: boolean;
  blank: boolean;
  revision: number;
  startedAt: string;
  at: string;
}

export type ConclusionKind =
  | 'decision'
  | 'assign'
  | 'extend'
  | 'refuse-extension'
  | 'explain'
  | 'urge'
  | 'transfer'
  | 'confirm'
  | 'refuse-completion'
  | 'accept-return'
  | 'refuse-return'
  | 'speed-up';

export interface Conclusion {
  id: string;
  number: number;
  kind: ConclusionKind;
  text: string;
  short: string;
  taskId: string | null;
  taskCode: string | null;
  unitId?: string | null;
  unitShort: string | null;
  dueOn: string | null;
  recordedAt: string;
  struck: boolean;
  amended?: boolean;
  struckReason?: string | null;
  events: readonly { id: string; position: string; type: string }[];
}

export interface BriefingItem {
  id: string;
  name: string;
  cutOff: { asOf: string };
  state: 'open' | 'closed';
  openedAt: string;
  closedAt: string | null;
  conclusions: number;
}

export interface Briefing {
  id: string;
  name: string;
  revision?: number;
  state: 'open' | 'closed';
  cutOff: { asOf: string; knownAt: string };
  openedAt: string;
  closedAt: string | null;
  closeKnownAt: string | null;
  previousId: string | null;
  presiding?: string | null;
  pages: readonly AgendaItem[];
  /** How many tasks were put on the agenda from outside. */
  raised: number;
  conclusions: readonly Conclusion[];
  show: Show | null;
  position: string;
}

export interface RateText {
  numerator: number;
  denominator: number;
  text: string;
  few?: boolean;
}

export interface OverviewPage {
  sentence: string;
  cells: Counts;
  total: number;
  from: string | null;
  since: { briefingId: string | null; asOf: string } | null;
  sinceCells: Counts | null;
  overdue: number;
  overdueUnits: number;
  over30: number;
  entered: number;
  left: number;
  dueSoon: number;
  dueSoonNoUpdate: number;
  onTime: RateText;
  sinceOnTime: RateText | null;
}

export type PromiseState = 'done-on-time' | 'done-late' | 'in-time' | 'due-today' | 'overdue' | 'words-only' | 'out';
export interface PromiseRow {
  conclusionId: string;
  number: number;
  short: string;
  unitShort: string | null;
  taskId: string | null;
  taskCode: string | null;
  dueOn: string | null;
  state: PromiseState;
  daysLate: number | null;
  nowCell?: string | null;
}
export interface PreviousPage {
  briefing: { id: string; name: string; closedAt: string } | null;
  rows: readonly PromiseRow[];
  total: number;
  counts: Partial<Record<PromiseState, number>>;
}

export interface LateRow {
  taskId: string;
  code: string;
  short: string;
  unitId: string;
  unitShort: string;
  dueOn: string;
  daysLate: number;
  reason: string | null;
  speaks: string | null;
  nowCell?: string | null;
}
export interface OverduePage {
  total: number;
  units: number;
  over30: number;
  pages: number;
  rows: readonly LateRow[];
}

export interface DueRow {
  taskId: string;
  code: string;
  short: string;
  unitShort: string;
  noUpdate: boolean;
  nowCell?: string | null;
}
export interface DueWeekPage {
  total: number;
  noUpdate: number;
  days: readonly { day: string; total: number; rows: readonly DueRow[] }[];
}

export interface UnitRow {
  unitId: string;
  shortName: string;
  onTime: RateText;
  overdue: number;
  sinceOverdue: number | null;
  oldestDays: number | null;
  dueWeek: number;
  extended: number;
}
export interface UnitsPage {
  withOverdue: number;
  all: number;
  since: string | null;
  rows: readonly UnitRow[];
  rest: { units: number; overdue: number; sinceOverdue: number | null; oldestDays: number | null; onTime: RateText } | null;
  bottom?: readonly UnitRow[];
}
export interface UnitPage {
  unitId: string;
  name: string;
  shortName: string;
  cells: Counts;
  total: number;
  sinceOverdue: number | null;
  overdue: number;
  onTime: RateText;
  late: readonly LateRow[];
  extensions: { tasks: number; times: number; days: number };
  answers: { asked: number; answered: number };
  dueWeek: number;
  dueWeekNoUpdate: number;
}

export interface RaisedRow {
  taskId: string;
  code: string | null;
  short: string;
  unitShort: string;
  dueOn: string | null;
  daysLate: number | null;
  cell: string | null;
  reason: string | null;
  raisedBy: string | null;
  raisedAt: string;
  afterCutOff: boolean;
}
export interface RaisedPage {
  total: number;
  rows: readonly RaisedRow[];
}

export interface RequestRow {
  taskId: string;
  revision: number;
  code: string;
  short: string;
  unitShort: string;
  kind: 'extension' | 'return' | 'completion';
  dueOn: string | null;
  daysLate: number | null;
  askedDueOn: string | null;
  addsDays: number | null;
  reason: string | null;
  since: string;
  extensionsBefore: number;
  daysAddedBefore: number;
}
export interface RequestsPage {
  total: number;
  /** Which of them all the first row is, from 1. */
  first: number;
  rows: readonly RequestRow[];
}

export interface DecidedRequest {
  taskId: string;
  kind: RequestRow['kind'];
  /** Of this meeting; null: decided outside it. */
  conclusionId: string | null;
}

export interface SignalsPage {
  weeks: readonly { from: string; to: string; overdueStock: number }[];
  mean: number;
  lower: number;
  upper: number;
  signals: readonly { week: string; rule: string; direction: 'up' | 'down'; words: string }[];
  words: string;
}

export interface ConclusionsPage {
  rows: readonly Conclusion[];
  total: number;
}

interface Framed<K extends PageKey, P> {
  page: K;
  n: number;
  unitId: string | null;
  asOf: string;
  knownAt: string | null;
  position: string;
  data: P;
  /** The same page at the present, where the two are shown together. */
  now: P | null;
  changesAfterCutOff: number;
}
export type ScreenAnswer =
  | Framed<'overview', OverviewPage>
  | Framed<'previous', PreviousPage>
  | Framed<'overdue', OverduePage>
  | Framed<'due-week', DueWeekPage>
  | Framed<'units', UnitsPage | UnitPage>
  | Framed<'raised', RaisedPage>
  | (Framed<'requests', RequestsPage> & { /** Of all requests, on whatever page. */ decided: readonly DecidedRequest[] })
  | Framed<'signals', SignalsPage>
  | Framed<'conclusions', ConclusionsPage>;

export interface TickerItem {
  position: string;
  at: string;
  taskId: string | null;
  code: string | null;
  unitShort: string | null;
  words: string;
  effect?: Counts;
}
export interface Ticker {
  asOf: string;
  position: string;
  changesAfterCutOff: number;
  raised: number;
  items: readonly TickerItem[];
}

export interface ScreenItem {
  id: string;
  name: string;
  briefingId: string;
  pairedAt: string;
  lastSeenAt: string | null;
  expiresAt: string;
  revoked: boolean;
  connected: boolean;
}

export interface Preview {
  sentence: string;
  marks: readonly string[];
  deadline: Deadline | null;
  effect: { unitId: string | null; before: Counts; after: Counts; overdueBefore: number | null; overdueAfter: number | null } | null;
  warnings: readonly Warning[];
}
