import type { Deadline } from '#deadlines';
import type { TaskFact } from '#tasks';
import { touchesCoordination } from './coordination.ts';
import { isRelevant } from './timeline.ts';

/*
 * What a life is made of, kept beside its rows so that the next fact can be learned: texts and counting steps are left out, days that are
 * equal under every policy stand once. One JSON text a fact, made when the fact is learned.
 */

const KEPT = ['authority', 'leadUnitId', 'coordinatingUnitIds', 'field', 'routine', 'parentTaskId', 'assignedOn', 'toUnitId', 'unitId', 'annulledEventId'] as const;

type StoredDeadline = 0 | readonly [dueOn: string, working: 0 | 1, dueTime: string | 0, by?: readonly [string, string, string]];
interface StoredData {
  readonly d?: StoredDeadline;
  readonly c?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}

/**
 * The facts of a task as one text. A life is made anew from them seldom (a repair, a fact told late), so nobody holds them parsed: what a
 * projection follows stays small, however long the documents are that its events quote. Of a fact that no life and no answer of a
 * coordinating unit is made of, its id stands there alone, for a repair to name it by.
 */
export class KeptFacts {
  /** Joined when they are stored: text put together bit by bit keeps every bit, and what holds them together. */
  private texts: string[];
  private count: number;

  /** @throws SyntaxError for a text that makes no sense: it would be noticed by a repair only, and blamed on that. */
  constructor(stored?: { readonly facts: string; readonly count: number }) {
    if (stored !== undefined) JSON.parse(stored.facts);
    this.texts = stored === undefined || stored.count === 0 ? [] : [stored.facts.slice(1, -1)];
    this.count = stored?.count ?? 0;
  }

  get length(): number {
    return this.count;
  }

  push(fact: TaskFact): void {
    this.texts.push(isRelevant(fact.type) || touchesCoordination(fact.type) ? writeFact(fact) : JSON.stringify(fact.eventId));
    this.count++;
  }

  /** All of them in log order, as far as a life is made of them; those kept by their id have no type. */
  all(): readonly TaskFact[] {
    return readFacts(this.toStored());
  }

  toStored(): string {
    const text = this.texts.join();
    if (this.texts.length > 1) this.texts = [text];
    return `[${text}]`;
  }
}

function writeFact({ type, eventId, occurredAt, recordedAt, data }: TaskFact): string {
  const from = data as unknown as Readonly<Record<string, unknown>>;
  const kept: Record<string, unknown> = {};
  for (const key of KEPT) if (from[key] !== undefined) kept[key] = from[key];
  if (from['deadline'] !== undefined) kept['d'] = writeDeadline(from['deadline'] as Deadline);
  if (type === 'TaskCorrected') {
    const changes = Object.entries(data.changes).filter(([field]) => field === 'deadline' || (KEPT as readonly string[]).includes(field));
    kept['c'] = Object.fromEntries(changes.map(([field, change]) => (field === 'deadline' ? ['d', writeDeadline(change.new as Deadline)] : [field, change.new])));
  }
  return JSON.stringify([type, eventId, occurredAt, recordedAt, kept]);
}

/** The facts of a task, as far as a life is made of them; positions stand in the rows. */
function readFacts(text: string): TaskFact[] {
  return (JSON.parse(text) as readonly (string | readonly [string, string, number, number, StoredData])[]).map((stored, revision) => {
    if (typeof stored === 'string') return { type: '', eventId: stored, revision, position: 0n, occurredAt: NaN, recordedAt: NaN, data: {} } as unknown as TaskFact;
    const [type, eventId, occurredAt, recordedAt, { d, c, ...data }] = stored;
    const changes = c && Object.fromEntries(Object.entries(c).map(([field, value]) => (field === 'd' ? ['deadline', { new: readDeadline(value as StoredDeadline) }] : [field, { new: value }])));
    return { type, eventId, revision, position: 0n, occurredAt, recordedAt, data: { ...data, ...(d === undefined ? {} : { deadline: readDeadline(d) }), ...(changes === undefined ? {} : { changes }) } } as unknown as TaskFact;
  });
}

function writeDeadline(deadline: Deadline): StoredDeadline {
  if (deadline.kind === 'none') return 0;
  const { dueOn, dueTime = 0, dueOnBy: by, countsWorkingDays } = deadline;
  const stored = [dueOn, countsWorkingDays ? 1 : 0, dueTime] as const;
  return by.all === dueOn && by.none === dueOn && by['all-but-before'] === dueOn ? stored : [...stored, [by.all, by.none, by['all-but-before']]];
}

function readDeadline(stored: StoredDeadline): unknown {
  if (stored === 0) return { kind: 'none' };
  const [dueOn, working, dueTime, [all, none, before] = [dueOn, dueOn, dueOn]] = stored;
  return { kind: 'due', dueOn, countsWorkingDays: working === 1, ...(dueTime === 0 ? {} : { dueTime }), dueOnBy: { all, none, 'all-but-before': before } };
}
