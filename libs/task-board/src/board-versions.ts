import type { RecordedEvent } from '#event-log';
import { foldText, type Day } from '#kernel';
import { documentNumberKey, repair, toFact, type TaskAssignedData, type TaskFact } from '#tasks';
import { documentIdOf, type BoardTask } from './board.ts';

/** The name, version and events of the projection, in whatever store it is kept. */
export const TASK_BOARD = {
  name: 'task-board',
  version: 4,
  categories: ['task'],
  types: ['TaskAssigned', 'TaskCorrected', 'FactAnnulled'],
} as const;

export const MOST_MATCHES = 20_000;
export const MOST_DUPLICATES = 5;

/** `knownTo` of a version that is still believed. */
export const FOREVER = Number.MAX_SAFE_INTEGER;

/** What is believed of a task between two positions of the log. */
export interface BoardVersion {
  readonly content: string;
  readonly product: string | null;
  /** Of `documentNumber`, see `documentNumberKey`. */
  readonly documentKey: string;
  readonly documentNumber: string;
  readonly documentDate: Day;
  readonly issuer: string;
  readonly title: string;
  readonly authority: string;
  readonly field: string | null;
  readonly starred: boolean;
  readonly assignedOn: Day;
  readonly routine: boolean;
  readonly parentTaskId: string | null;
}

/** A correction, or an annulment that may take one back; as far as it is needed to make later versions. */
export type BoardRepair = Pick<TaskFact & { readonly type: 'TaskCorrected' | 'FactAnnulled' }, 'type' | 'eventId' | 'data'>;

export function boardVersion(task: TaskAssignedData): BoardVersion {
  return {
    content: task.content,
    product: task.product ?? null,
    documentKey: documentNumberKey(task.document.number),
    documentNumber: task.document.number,
    documentDate: task.document.date,
    issuer: task.document.issuer,
    title: task.document.title,
    authority: task.authority,
    field: task.field ?? null,
    starred: task.starred === true,
    assignedOn: task.assignedOn,
    routine: task.routine === true,
    parentTaskId: task.parentTaskId ?? null,
  };
}

/** The part of an assignment that the board keeps. */
export function assignmentOf(version: BoardVersion): TaskAssignedData {
  return {
    document: { number: version.documentNumber, date: version.documentDate, issuer: version.issuer, title: version.title },
    content: version.content,
    ...(version.product === null ? {} : { product: version.product }),
    authority: version.authority,
    ...(version.field === null ? {} : { field: version.field }),
    starred: version.starred,
    assignedOn: version.assignedOn,
    routine: version.routine,
    ...(version.parentTaskId === null ? {} : { parentTaskId: version.parentTaskId }),
    leadUnitId: '',
    coordinatingUnitIds: [],
    deadline: { kind: 'none' },
  };
}

export function repairOf(event: RecordedEvent): BoardRepair {
  const { type, eventId, data } = toFact(event);
  return { type, eventId, data } as BoardRepair;
}

/** What is believed of a task after all of its repairs, in log order; undefined when that is `current`. */
export function repairedVersion(
  assigned: TaskAssignedData,
  repairs: readonly BoardRepair[],
  current: BoardVersion,
): BoardVersion | undefined {
  const first = { type: 'TaskAssigned', eventId: '', data: assigned, occurredAt: 0 } as unknown as TaskFact;
  const now = repair([first, ...(repairs as readonly unknown[] as readonly TaskFact[])]).effective.find(
    (fact) => fact.type === 'TaskAssigned',
  );
  if (now?.type !== 'TaskAssigned') return undefined;
  const version = boardVersion(now.data);
  return (Object.keys(version) as (keyof BoardVersion)[]).every((field) => version[field] === current[field]) ? undefined : version;
}

export function boardTask(id: string, code: string, version: BoardVersion): BoardTask {
  const { content, product, documentNumber, documentDate, issuer, authority, field, starred, assignedOn, routine, parentTaskId } = version;
  return {
    id,
    code,
    content,
    product,
    documentId: documentIdOf({ number: documentNumber, date: documentDate, issuer }),
    documentNumber,
    documentDate,
    authority,
    field,
    starred,
    assignedOn,
    routine,
    parentTaskId,
  };
}

/** The year whose numbers an assignment counts in. Of what cannot be read as one it is 0, so that setting it aside cannot fail too. */
export const numberedIn = (task: Partial<TaskAssignedData>): number => Number(String(task.assignedOn).slice(0, 4)) || 0;

/** What a search looks through, without tone marks; the code still has its capitals. */
export const searchableText = (code: string, { documentKey, title, content, product }: BoardVersion): string =>
  [code, documentKey, foldText(`${title} ${content} ${product ?? ''}`)].join(' ');

/** The words that somebody typed; each has to begin a word of what is found. */
export const typedWords = (text: string): readonly string[] =>
  documentNumberKey(text)
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');

/** Whether two tasks of one document say the same. */
export const sameContent = (a: string, b: string): boolean => foldText(a) === foldText(b);

/** The words of such a text as SQLite's `unicode61` cuts them: letters and digits of any script, in small letters. */
export const wordsOf = (text: string): readonly string[] => [
  ...new Set(
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}\p{Co}]+/u)
      .filter((word) => word !== ''),
  ),
];
