import type { Deadline, FixedDatePolicy } from '#deadlines';
import { addDays, startOfDay, type Day, type Instant } from '#kernel';
import type { TaskEvent, TaskEventType, TaskFact } from '#tasks';
import { learn, newTask, type KnownTask } from './believe.ts';
import { Columns, type FiguresQuery } from './columns.ts';
import { Coordination, coordinatorsOf, rejudgesAnswers, touchesCoordination, type CoordinatorsKnown } from './coordination.ts';
import { sumCounts, type Counts } from './counts.ts';
import { Marks, mark, writeMarks, type Obstacle } from './marks.ts';
import type { BelievedRow } from './rows.ts';

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

  assigned(on: Day | Instant, deadline: Deadline, more: object = {}): this {
    return this.add('TaskAssigned', on, { authority: 'ubnd-tinh', leadUnitId: 'thanh-tra-tinh', coordinatingUnitIds: [], assignedOn: on, deadline, ...more });
  }
  granted(on: Day, deadline: Deadline, recordedOn?: Day): this {
    return this.add('ExtensionGranted', on, { deadline }, recordedOn);
  }
  requested(on: Day, deadline: Deadline): this {
    return this.add('ExtensionRequested', on, { deadline, reason: 'chưa đủ hồ sơ' });
  }
  set(on: Day, deadline: Deadline): this {
    return this.add('DeadlineSet', on, { deadline });
  }
  recomputed(on: Day, deadline: Deadline): this {
    return this.add('DeadlineRecomputed', on, { deadline, previous: noDeadline, calendarVersion: 'test', reason: 'lịch mới' });
  }
  proposedReturn(on: Day): this {
    return this.add('ReturnProposed', on, { reason: 'không đúng chức năng' });
  }
  returned(on: Day): this {
    return this.add('ReturnAccepted', on, { wasOverdue: false });
  }
  transferred(on: Day, toUnitId: string, deadline?: Deadline): this {
    return this.add('TaskTransferred', on, { fromUnitId: '', toUnitId, wasOverdue: false, reason: 'đúng chức năng', ...(deadline === undefined ? {} : { deadline }) });
  }
  suspended(on: Day): this {
    return this.add('TaskSuspended', on, { reason: 'chờ trung ương' });
  }
  resumed(on: Day, deadline: Deadline): this {
    return this.add('TaskResumed', on, { deadline });
  }
  submitted(on: Day | Instant, recordedOn?: Day): this {
    return this.add('CompletionSubmitted', on, {}, recordedOn);
  }
  confirmed(on: Day | Instant, recordedOn?: Day): this {
    return this.add('TaskCompleted', on, { submissionEventId: '' }, recordedOn);
  }
  refused(on: Day): this {
    return this.add('CompletionRefused', on, { submissionEventId: '', reason: 'chưa đạt' });
  }
  reopened(on: Day, deadline?: Deadline): this {
    return this.add('TaskReopened', on, { reason: 'còn thiếu', ...(deadline === undefined ? {} : { deadline }) });
  }
  withdrawn(on: Day, wasOverdue = false): this {
    return this.add('TaskWithdrawn', on, { wasOverdue, reason: 'không còn cần' });
  }
  cancelled(on: Day): this {
    return this.add('TaskCancelled', on, { wasOverdue: false, reason: 'không còn cần' });
  }
  duplicate(on: Day): this {
    return this.add('DuplicateLinked', on, { ofTaskId: 't0', wasOverdue: false, reason: 'trùng' });
  }
  answered(on: Day | Instant, unitId: string, recordedOn?: Day): this {
    return this.add('CoordinationAnswered', on, { unitId }, recordedOn);
  }
  asked(on: Day): this {
    return this.add('ExplanationRequested', on, { question: 'vì sao chậm?' });
  }
  explained(on: Day): this {
    return this.add('ExplanationGiven', on, { answer: 'vì mưa lũ' });
  }
  raised(on: Day): this {
    return this.add('RaisedForBriefing', on, { reason: 'chậm hai tuần' });
  }
  urged(on: Day): this {
    return this.add('TaskUrged', on, { number: 1 });
  }
  objectiveCause(on: Day): this {
    return this.add('ObjectiveCauseConfirmed', on, { document: '9/UBND', reason: 'mưa lũ' });
  }
  corrected(on: Day, values: object): this {
    return this.add('TaskCorrected', on, { changes: Object.fromEntries(Object.entries(values).map(([field, value]) => [field, { old: null, new: value }])), reason: 'ghi sai' });
  }
  /** The last fact of a type, or the last of all. */
  annulled(on: Day, type?: TaskEventType): this {
    const fact = this.facts.findLast((f) => type === undefined || f.type === type)!;
    return this.add('FactAnnulled', on, { annulledEventId: fact.eventId, annulledType: fact.type, reason: 'ghi sai' });
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

export interface Played {
  readonly columns: Columns;
  readonly coordination: Coordination;
  readonly marks: Marks;
  /** Every row ever believed, by task, in the order in which they were. */
  readonly rows: ReadonlyMap<string, readonly BelievedRow[]>;
}

/** What a projection and who follows it do: each fact in log order closes and adds rows. Facts past `until` are not heard of yet. */
export function played(lives: Iterable<{ readonly taskId: string; readonly facts: readonly TaskFact[] }>, until?: bigint): Played {
  const columns = new Columns();
  const coordination = new Coordination();
  const marks = new Marks();
  const marked = new Map<string, { readonly facts: TaskFact[]; readonly marks: number[]; readonly obstacles: Obstacle[] }>();
  const known = new Map<string, KnownTask>();
  const versions = new Map<string, CoordinatorsKnown[]>();
  const log = [...lives].flatMap(({ taskId, facts }) => facts.map((f) => ({ taskId, f }))).sort((a, b) => Number(a.f.position - b.f.position));
  for (const { taskId, f } of log) {
    if (until !== undefined && f.position > until) break;
    const task = known.get(taskId) ?? newTask();
    known.set(taskId, task);
    learn(task, f);
    columns.merge(taskId, task.rows);
    const of = marked.get(taskId) ?? { facts: [], marks: [], obstacles: [] };
    marked.set(taskId, of);
    of.facts.push(f);
    mark(of.marks, f, of.facts.length - 1, Number(f.position), () => of.facts);
    if (f.type === 'ProgressReported' && f.data.blockedBy !== undefined) of.obstacles.push([of.facts.length - 1, f.data.blockedBy]);
    const number = columns.numberOfTask(taskId);
    if (number !== undefined) marks.set(number, writeMarks(of.marks), JSON.stringify(of.obstacles));
    const told = versions.get(taskId) ?? [];
    if (!touchesCoordination(f.type) && !rejudgesAnswers(told.at(-1)?.coordinators ?? [], f)) continue;
    versions.set(taskId, [...told, { knownFrom: Number(f.position), coordinators: coordinatorsOf(of.facts) }]);
    coordination.set(taskId, versions.get(taskId)!);
  }
  return { columns, coordination, marks, rows: new Map([...known].map(([taskId, { rows }]) => [taskId, rows])) };
}

/** Figures as of the end of a day, for the reporting year 2020 unless told. */
export function asOf(day: Day, more: Partial<FiguresQuery> = {}): FiguresQuery {
  return { at: startOfDay(addDays(day, 1)) - 1, known: null, p0: startOfDay('2019-12-15'), p1: startOfDay('2020-12-15'), cohort: 'C2', basis: 'current', ...more };
}

export const counted = (columns: Columns, query: FiguresQuery): Counts => sumCounts(columns.evaluate(query).values());

/** Only the numbers that are not zero. */
export const some = (numbers: Readonly<Record<string, number>>): Record<string, number> => Object.fromEntries(Object.entries(numbers).filter(([, n]) => n !== 0));
