import type { Deadline, FixedDatePolicy } from '#deadlines';
import { addDays, startOfDay, type Day, type Instant } from '#kernel';
import type { TaskEvent, TaskEventType, TaskFact } from '#tasks';
import { believe } from './believe.ts';
import { Columns, type FiguresQuery } from './columns.ts';
import { sumCounts, type Counts } from './counts.ts';
import type { BelievedRow } from './rows.ts';
import { isRelevant, timeline } from './timeline.ts';

/** A deadline by its day (and hour); `by` gives the days under other policies. */
export function due(on: Day, dueTime?: string, by: Partial<Record<FixedDatePolicy, Day>> = {}): Deadline {
  return {
    kind: 'due', dueOn: on, literalDueOn: on, basis: dueTime === undefined ? 'fixed' : 'hours', dueOnBy: { all: on, none: on, 'all-but-before': on, ...by },
    countsWorkingDays: false, ruleVersion: 1, calendarVersion: 'test', steps: [], ...(dueTime === undefined ? {} : { dueTime }),
  };
}

export const noDeadline: Deadline = { kind: 'none' };

interface Recorded {
  readonly at: Instant;
  readonly recordedAt?: Instant;
  readonly position: number;
}

export function fact(type: TaskEventType, data: object, { at, recordedAt, position }: Recorded): TaskFact {
  return { type, data, eventId: `e${position}`, revision: position, position: BigInt(position), occurredAt: at, recordedAt: recordedAt ?? at } as unknown as TaskEvent as TaskFact;
}

/** A task told day by day: `life().assigned('2020-03-02', due('2020-03-10')).submitted('2020-03-09').confirmed('2020-03-12')`. */
export class Life {
  readonly facts: TaskFact[] = [];
  readonly taskId: string;
  private readonly next: () => number;

  constructor(taskId = 't1', next?: () => number) {
    this.taskId = taskId;
    let position = 0;
    this.next = next ?? (() => ++position);
  }

  assigned(on: Day, deadline: Deadline, more: object = {}): this {
    return this.add('TaskAssigned', on, { authority: 'ubnd-tinh', leadUnitId: 'thanh-tra-tinh', assignedOn: on, deadline, ...more });
  }
  granted(on: Day, deadline: Deadline): this {
    return this.add('ExtensionGranted', on, { deadline });
  }
  requested(on: Day, deadline: Deadline): this {
    return this.add('ExtensionRequested', on, { deadline, reason: 'chưa đủ hồ sơ' });
  }
  submitted(on: Day | Instant, recordedOn?: Day): this {
    return this.add('CompletionSubmitted', on, {}, recordedOn);
  }
  confirmed(on: Day, recordedOn?: Day): this {
    return this.add('TaskCompleted', on, { submissionEventId: '' }, recordedOn);
  }
  refused(on: Day): this {
    return this.add('CompletionRefused', on, { submissionEventId: '', reason: 'chưa đạt' });
  }
  withdrawn(on: Day, wasOverdue = false): this {
    return this.add('TaskWithdrawn', on, { wasOverdue, reason: 'không còn cần' });
  }
  voided(on: Day): this {
    return this.add('TaskVoided', on, { reason: 'nhập sai' });
  }

  private add(type: TaskEventType, on: Day | Instant, data: object, recordedOn?: Day): this {
    const at = typeof on === 'number' ? on : startOfDay(on);
    this.facts.push(fact(type, data, { at, position: this.next(), ...(recordedOn === undefined ? {} : { recordedAt: startOfDay(recordedOn) }) }));
    return this;
  }
}

/** What the projection does: each fact in log order closes and adds rows. Answers the columns and every row ever believed. */
export function played(...lives: { readonly taskId: string; readonly facts: readonly TaskFact[] }[]): { columns: Columns; rows: BelievedRow[] } {
  const columns = new Columns();
  const rows: BelievedRow[] = [];
  const log = lives.flatMap(({ taskId, facts }) => facts.map((f) => ({ taskId, f }))).sort((a, b) => Number(a.f.position - b.f.position));
  const told = new Map<string, { facts: TaskFact[]; believed: BelievedRow[] }>();
  for (const { taskId, f } of log) {
    if (!isRelevant(f.type)) continue;
    const known = told.get(taskId) ?? { facts: [], believed: [] };
    told.set(taskId, known);
    known.facts.push(f);
    const { closed, added } = believe(known.believed, timeline(taskId, known.facts), f.position);
    const isClosed = (row: BelievedRow): boolean => closed.some((c) => c.assignment === row.assignment && c.from === row.from && c.state === row.state);
    rows.push(...closed);
    known.believed = [...known.believed.filter((row) => !isClosed(row)), ...added];
    columns.apply(taskId, closed, added);
  }
  for (const { believed } of told.values()) rows.push(...believed);
  return { columns, rows };
}

/** Figures as of the end of a day, for the reporting year 2020 unless told. */
export function asOf(day: Day, more: Partial<FiguresQuery> = {}): FiguresQuery {
  return { at: startOfDay(addDays(day, 1)) - 1, known: null, p0: startOfDay('2019-12-15'), p1: startOfDay('2020-12-15'), cohort: 'C2', basis: 'current', ...more };
}

export const counted = (columns: Columns, query: FiguresQuery): Counts => sumCounts(columns.evaluate(query).values());

/** Only the numbers that are not zero. */
export const some = (numbers: Readonly<Record<string, number>>): Record<string, number> => Object.fromEntries(Object.entries(numbers).filter(([, n]) => n !== 0));
