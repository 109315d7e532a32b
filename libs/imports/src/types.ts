import type { FixedDatePolicy, WorkingCalendar } from '#deadlines';
import type { Day, Instant } from '#kernel';
import type { Unit, UnitDirectory } from '#organisation';
import type { AuthorityNames, TaskCommand } from '#tasks';

export type Verdict = 'accept' | 'accept-with-warning' | 'refuse' | 'skip';

/** One thing to say about a row. `refuse` keeps the row out; `warning` lets it in and asks a person to look; `info` explains a skip. */
export interface RowProblem {
  readonly severity: 'refuse' | 'warning' | 'info';
  /** Header of the column, empty when it is about the whole row. */
  readonly column: string;
  /** The cell as typed; empty for a row with a secrecy mark. */
  readonly given: string;
  /** The reading that is offered or was taken. */
  readonly expected?: string;
  /** Stable, English, kebab-case. */
  readonly code: string;
  /** One Vietnamese sentence. */
  readonly message: string;
}

/** A row that may be recorded: the task it names and what happened to it, oldest first. */
export interface AcceptedRow {
  /** Derived from document number, document date, content and lead, so the same row of any later file is the same task. */
  readonly taskId: string;
  /** The row names its task itself, as lists that this program writes do. */
  readonly identified: boolean;
  readonly documentNumber: string;
  readonly documentDate: Day;
  readonly content: string;
  readonly leadUnitId: string;
  readonly facts: readonly TaskCommand[];
  /** False when the file does not say on which day the extension was granted: the day is then a stand-in and contradicts nothing. */
  readonly grantDayKnown: boolean;
}

export interface ReadRecord {
  /** Number of the CSV record; an empty line counts, the first record is 1. */
  readonly record: number;
  /** Physical line on which the record begins. */
  readonly line: number;
  /** STT as typed: a label, never a key. For a row with a secrecy mark its place in the list instead, for nothing of it is kept. */
  readonly label: string;
  /** A mark like `T07` standing in Ghi chú, to speak of the row. */
  readonly tag?: string;
  readonly verdict: Verdict;
  readonly problems: readonly RowProblem[];
  /** True when the row carries a secrecy mark, or continues one that does. */
  readonly secret: boolean;
  readonly row?: AcceptedRow;
  /** The task of a row that this program wrote and nobody has changed since: where the log has that task there is nothing to say. */
  readonly sealed?: string;
}

export interface ReadingCounts {
  /** Task rows: accepted, warned and refused together. */
  readonly tasks: number;
  /** Accepted without a warning. */
  readonly accepted: number;
  readonly warned: number;
  readonly refused: number;
  readonly skipped: number;
  /** Refused for a secrecy mark, included in `refused`. */
  readonly secret: number;
}

export interface TaskListReading {
  readonly fileName: string;
  /** Set when the file as a whole cannot be read; there are then no records. */
  readonly refusal?: { readonly code: string; readonly detail: string; readonly extra?: Readonly<Record<string, unknown>> };
  /** Without the header and what stands before it. */
  readonly records: readonly ReadRecord[];
  /** Units the accepted rows name and the directory lacks; only with `createUnits`. */
  readonly unitsToCreate: readonly Unit[];
  readonly counts: ReadingCounts;
  /** Vietnamese sentences about the file as a whole. */
  readonly notices: readonly string[];
}

export interface TaskListContext {
  readonly now: Instant;
  readonly units: UnitDirectory;
  readonly calendar: WorkingCalendar;
  readonly policy: FixedDatePolicy;
  /** Those that an office has named, beside the five of every province; these alone where it is left out. */
  readonly authorities?: AuthorityNames;
  /** With the units that are no more; for rows that name a task of this program. */
  readonly formerUnits?: UnitDirectory;
  /** Establish the units that the file names and the directory lacks. */
  readonly createUnits: boolean;
  /** Shown in the reason of every back-dated fact. */
  readonly fileName?: string;
}
