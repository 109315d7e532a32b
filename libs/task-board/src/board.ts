import { slug, type Day, type Instant } from '#kernel';
import { documentNumberKey, type DirectiveDocument } from '#tasks';

/** What lists, search and detail pages show of a task at any A: what only a correction changes. */
export interface BoardTask {
  readonly id: string;
  /** `NV-<year of assignedOn>-<number in log order within that year, at least four digits>`; a corrected day does not change it. */
  readonly code: string;
  readonly content: string;
  readonly product: string | null;
  readonly documentId: string;
  readonly documentNumber: string;
  readonly documentDate: Day;
  readonly authority: string;
  readonly field: string | null;
  readonly starred: boolean;
  readonly assignedOn: Day;
  /** In no figure: routine work, or a subtask of another task. */
  readonly routine: boolean;
  readonly parentTaskId: string | null;
}

/** Everything takes a K: a log position, or null for all that is known. */
export interface TaskBoard {
  byId(id: string, known?: bigint | null): BoardTask | undefined;
  /** In the order of `ids`; unknown ids are left out. */
  byIds(ids: readonly string[], known?: bigint | null): readonly BoardTask[];
  /** Ids whose code, document, content or product match, tone marks and case ignored. */
  search(text: string, known?: bigint | null): ReadonlySet<string>;
  /** Tasks of a directive document, in log order. */
  ofDocument(documentId: string, known?: bigint | null): readonly string[];
  /** Tasks of every document that bears this number, typed any way. */
  withDocumentNumber(number: string, known?: bigint | null): ReadonlySet<string>;
  starred(known?: bigint | null): ReadonlySet<string>;
  subtasksOf(id: string, known?: bigint | null): readonly string[];
  /** Codes of tasks with the same document number and content, as one who types a task a second time would make. */
  likelyDuplicates(documentNumber: string, content: string): readonly { readonly id: string; readonly code: string }[];
  /** When each task was last told about by those who do it (or was given to them), by A and as known at K. */
  lastUpdates(ids: readonly string[], at: Instant, known: bigint | null): ReadonlyMap<string, Instant>;
  count(): number;
}

export const codeOf = (year: number, number: number): string => `NV-${String(year)}-${String(number).padStart(4, '0')}`;

/** The id of a directive document: its number, date and issuer, for two offices may use one number on one day. */
export const documentIdOf = (document: Pick<DirectiveDocument, 'number' | 'date' | 'issuer'>): string => `${slug(documentNumberKey(document.number))}_${document.date}_${slug(document.issuer)}`;

/** Facts that count as an update: what the unit in charge says or is given; not what others ask of it. */
export const UPDATES: ReadonlySet<string> = new Set([
  'TaskAssigned', 'TaskReceived', 'ProgressReported', 'ExtensionRequested', 'ReturnProposed', 'TaskTransferred', 'TaskResumed', 'CompletionSubmitted', 'CompletionRefused', 'TaskReopened', 'ExplanationGiven',
]);
