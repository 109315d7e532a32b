import { slug, type Day } from '#kernel';
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
  byId(id: string, known?: bigint | null): Promise<BoardTask | undefined>;
  /** In the order of `ids`; unknown ids are left out. */
  byIds(ids: readonly string[], known?: bigint | null): Promise<readonly BoardTask[]>;
  /** The code of each of the ids that there are, in one question. */
  codesOf(ids: readonly string[], known?: bigint | null): Promise<ReadonlyMap<string, string>>;
  /** The ids of those of the codes that there are, in one question; a code never changes. */
  withCodes(codes: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Ids whose code, document, content or product match, tone marks and case ignored: every typed word begins one of theirs. At most 20,000, the earliest. */
  search(text: string, known?: bigint | null): Promise<ReadonlySet<string>>;
  /** Tasks of a directive document, in log order. */
  ofDocument(documentId: string, known?: bigint | null): Promise<readonly string[]>;
  /** Tasks of every document that bears this number, typed any way. */
  withDocumentNumber(number: string, known?: bigint | null): Promise<ReadonlySet<string>>;
  starred(known?: bigint | null): Promise<ReadonlySet<string>>;
  subtasksOf(id: string, known?: bigint | null): Promise<readonly string[]>;
  /** Tasks with the same document number and content, as one who types a task a second time would make. */
  likelyDuplicates(documentNumber: string, content: string): Promise<readonly { readonly id: string; readonly code: string }[]>;
  count(): Promise<number>;
}

export const codeOf = (year: number, number: number): string => `NV-${String(year)}-${String(number).padStart(4, '0')}`;

/**
 * The id of a directive document: its number, date and issuer, for two offices may use one number on one day. The key of the number can be
 * read back out of it; a slash, which would end a path, is written as a tilde.
 */
export const documentIdOf = (document: Pick<DirectiveDocument, 'number' | 'date' | 'issuer'>): string => `${encodeURIComponent(documentNumberKey(document.number)).replaceAll('_', '%5F').replaceAll('~', '%7E').replaceAll('%2F', '~')}_${document.date}_${slug(document.issuer)}`;

/** The key of the document number in such an id; undefined when it is none. */
export function documentKeyOf(documentId: string): string | undefined {
  const key = /^([^_]+)_\d{4}-\d{2}-\d{2}_/.exec(documentId)?.[1];
  try {
    return key === undefined ? undefined : decodeURIComponent(key.replaceAll('~', '%2F'));
  } catch {
    return undefined;
  }
}
