import { FIXED_DATE_POLICIES, lastInstantInTime, type Deadline } from '#deadlines';
import { dayNumberOf, type Instant } from '#kernel';
import { DECIDING, REPAIRS, repair, type TaskFact } from '#tasks';
import { BACKDATED, EXTENDED_LATE, OUT_OVERDUE, WORKING_DAYS, type Assignment, type Dues, type FigureRow, type WorkState } from './rows.ts';

/** Whether a fact can change rows: only ★ facts and repairs do. */
export function isRelevant(type: string): boolean {
  return DECIDING.has(type) || REPAIRS.has(type);
}

export function duesOf(deadline: Deadline): Dues {
  const inForce = lastInstantInTime(deadline);
  if (deadline.kind === 'none') return [Infinity, Infinity, Infinity, Infinity];
  const [all, none, before] = FIXED_DATE_POLICIES.map((policy) => (deadline.dueOnBy[policy] === deadline.dueOn ? inForce : lastInstantInTime(deadline, policy)));
  return [all!, none!, before!, inForce];
}

/** The life of a task so far: its stretches, and what the next ★ fact builds on. */
export interface Life {
  /** At least the last one. */
  readonly rows: FigureRow[];
  number: number;
  assignment: Assignment;
  state: WorkState;
  due: Dues;
  /** Event that set the deadline in force. */
  dueBy: string;
  submittedAt: Instant;
  reopenedAt: Instant;
  flags: number;
  lastAt: Instant;
}

/** The rules of domain.md §2 as stretches; pure, the future included. Facts in any order, repairs among them. Empty without an assignment. */
export function timeline(facts: readonly TaskFact[]): readonly FigureRow[] {
  return lifeOf(facts)?.rows ?? [];
}

export function lifeOf(facts: readonly TaskFact[]): Life | undefined {
  const { effective, voided } = repair(facts);
  // At equal instants the log's order decides; sorting is stable and facts come in the log's order.
  const ordered = effective.filter((f) => DECIDING.has(f.type)).sort((a, b) => a.occurredAt - b.occurredAt);
  const assigned = ordered.find((f) => f.type === 'TaskAssigned');
  if (!assigned) return undefined;
  const life = begin(assigned);
  if (voided) {
    life.state = 'voided';
    life.flags = 0;
    put(life, life.assignment.begunAt);
    return life;
  }
  for (const fact of ordered) if (fact !== assigned) advance(life, fact);
  return life;
}

function begin(fact: TaskFact & { readonly type: 'TaskAssigned' }): Life {
  const { data, occurredAt } = fact;
  const due = duesOf(data.deadline);
  const life: Life = {
    rows: [],
    number: 0,
    assignment: {
      unitId: data.leadUnitId, authority: data.authority, field: data.field ?? '', counted: data.routine !== true && data.parentTaskId === undefined, begunAt: occurredAt, byTransfer: false, original: due,
    },
    state: 'open', due, dueBy: fact.eventId, submittedAt: NaN, reopenedAt: NaN, flags: lateBit(fact) | workingBit(data.deadline), lastAt: occurredAt,
  };
  put(life, occurredAt);
  return life;
}

const workingBit = (deadline: Deadline): number => (deadline.kind === 'due' && deadline.countsWorkingDays ? WORKING_DAYS : 0);
const lateBit = (fact: TaskFact): number => (dayNumberOf(fact.recordedAt) > dayNumberOf(fact.occurredAt) ? BACKDATED : 0);

/** Writes the stretch that begins at `from`; facts at one instant leave only the last one's. */
function put(life: Life, from: Instant): FigureRow {
  // Written out, not spread: this runs for every ★ fact of a rebuild.
  const row: FigureRow = {
    number: life.number, assignment: life.assignment, state: life.state, from, due: life.due, submittedAt: life.submittedAt, reopenedAt: life.reopenedAt, flags: life.flags,
  };
  const last = life.rows.at(-1);
  if (last?.number === row.number && last.from === from) life.rows.pop();
  life.rows.push(row);
  return row;
}

/** Takes the next ★ fact, which happened no earlier than the last one; answers the stretches it begins. */
export function advance(life: Life, fact: TaskFact): readonly FigureRow[] {
  const at = fact.occurredAt;
  life.lastAt = at;
  life.flags |= lateBit(fact);
  const wasOverdue = life.state === 'open' && at > life.due[3] ? OUT_OVERDUE : 0;
  const dueBy = (deadline: Deadline | undefined): void => {
    if (deadline === undefined) return;
    life.due = duesOf(deadline);
    life.dueBy = fact.eventId;
    life.flags = (life.flags & ~WORKING_DAYS) | workingBit(deadline);
  };
  const out = (state: WorkState): void => {
    life.state = state;
    life.submittedAt = NaN;
    life.flags |= wasOverdue;
  };
  switch (fact.type) {
    case 'ExtensionGranted':
      // A grant given by day stands at 00:00, which is the end of a deadline of the day before: it came after, as a submission then is late.
      if (at > life.due[3]) life.flags |= EXTENDED_LATE;
      dueBy(fact.data.deadline);
      break;
    case 'DeadlineSet':
    case 'DeadlineRecomputed':
      dueBy(fact.data.deadline);
      break;
    case 'TaskSuspended':
      life.state = 'suspended';
      break;
    case 'TaskResumed':
      life.state = 'open';
      dueBy(fact.data.deadline);
      break;
    case 'CompletionSubmitted':
      life.state = 'submitted';
      life.submittedAt = at;
      break;
    case 'TaskCompleted':
      life.state = 'done';
      break;
    case 'CompletionRefused':
      life.state = 'open';
      life.submittedAt = NaN;
      break;
    case 'TaskReopened':
      life.state = 'open';
      life.submittedAt = NaN;
      life.reopenedAt = at;
      dueBy(fact.data.deadline);
      break;
    case 'TaskWithdrawn':
      out('withdrawn');
      break;
    case 'TaskCancelled':
      out('cancelled');
      break;
    case 'ReturnAccepted':
      out('returned');
      break;
    case 'DuplicateLinked':
      out('duplicate');
      break;
    case 'TaskTransferred': {
      out('transferred');
      const closed = put(life, at);
      dueBy(fact.data.deadline);
      // The next assignment begins with the new deadline or the one kept, and with flags of its own.
      life.number += 1;
      life.assignment = { ...life.assignment, unitId: fact.data.toUnitId, begunAt: at, byTransfer: true, original: life.due };
      life.state = 'open';
      life.reopenedAt = NaN;
      life.flags = lateBit(fact) | (life.flags & WORKING_DAYS);
      return [closed, put(life, at)];
    }
    default:
      return [];
  }
  return [put(life, at)];
}
