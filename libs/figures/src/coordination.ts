import { FIXED_DATE_POLICIES, endOfDeadline } from '#deadlines';
import type { Instant } from '#kernel';
import { DECIDING, repair, type TaskFact } from '#tasks';
import type { Columns, FiguresQuery } from './columns.ts';
import { selecting } from './members.ts';
import type { Dues } from './rows.ts';
import { timeline } from './timeline.ts';

/** A coordinating unit of a task: when it answered (NaN while it has not) and the deadline that was in force then. */
export interface Coordinator {
  readonly unitId: string;
  readonly answeredAt: Instant;
  readonly due: Dues;
}

/** Coordinators of a task as believed from a log position on. */
export interface CoordinatorsKnown {
  readonly knownFrom: number;
  readonly coordinators: readonly Coordinator[];
}

export interface CoordinationCounts {
  answered: number;
  answeredInTime: number;
  unansweredOverdue: number;
}

const NO_DUE: Dues = [Infinity, Infinity, Infinity, Infinity];

/** The coordinators that facts make, in log order. */
export function coordinatorsOf(facts: readonly TaskFact[]): readonly Coordinator[] {
  const { effective, voided } = repair(facts);
  const assigned = effective.find((f) => f.type === 'TaskAssigned');
  if (assigned?.type !== 'TaskAssigned' || voided) return [];
  const rows = timeline(facts);
  return assigned.data.coordinatingUnitIds.map((unitId) => {
    const answer = effective.find((f) => f.type === 'CoordinationAnswered' && f.data.unitId === unitId);
    if (!answer) return { unitId, answeredAt: NaN, due: NO_DUE };
    const { occurredAt } = answer;
    return { unitId, answeredAt: occurredAt, due: rows.filter((row) => row.from <= occurredAt).at(-1)?.due ?? rows[0]?.due ?? NO_DUE };
  });
}

/** Whether a fact can change who coordinates or who has answered. */
export const touchesCoordination = (type: string): boolean => type === 'TaskAssigned' || type === 'CoordinationAnswered' || type === 'TaskCorrected' || type === 'FactAnnulled' || type === 'TaskVoided';

/** Whether a ★ fact can change the deadline that an answer is judged by: one recorded after the answer about a time before it. */
export const rejudgesAnswers = (known: readonly Coordinator[], fact: TaskFact): boolean => DECIDING.has(fact.type) && known.some(({ answeredAt }) => fact.occurredAt <= answeredAt);

/** The coordinators of every task that has some, at every K. */
export class Coordination {
  private readonly tasks = new Map<string, CoordinatorsKnown[]>();

  clear(): void {
    this.tasks.clear();
  }

  set(taskId: string, versions: readonly CoordinatorsKnown[]): void {
    if (versions.some((version) => version.coordinators.length > 0)) this.tasks.set(taskId, [...versions]);
  }

  at(taskId: string, known: bigint | null): readonly Coordinator[] {
    const limit = known === null ? Infinity : Number(known);
    return this.tasks.get(taskId)?.findLast((version) => version.knownFrom <= limit)?.coordinators ?? [];
  }

  /**
   * RC per coordinating unit (domain.md §4.3) over the tasks that a figure counts: answered by the task's deadline, of those answered or
   * unanswered with the deadline passed. Tasks without a deadline are in neither.
   */
  rates(columns: Columns, query: FiguresQuery): Map<string, CoordinationCounts> {
    const column = query.policy === undefined ? 3 : FIXED_DATE_POLICIES.indexOf(query.policy);
    const units = new Map<string, CoordinationCounts>();
    for (const task of columns.list(query, selecting({ by: 'all' }))) {
      for (const { unitId, answeredAt, due } of this.at(task.taskId, query.known)) {
        const unit = query.standsUnder === undefined ? unitId : query.standsUnder(unitId);
        const answered = answeredAt <= query.at;
        // Under `original` everything is judged by the deadline that the assignment began with, answers too.
        const judge = answered && query.basis === 'current' ? due[column]! : task.due;
        if (judge === Infinity || (!answered && query.at <= endOfDeadline(judge))) continue;
        let counts = units.get(unit);
        if (!counts) units.set(unit, (counts = { answered: 0, answeredInTime: 0, unansweredOverdue: 0 }));
        if (!answered) counts.unansweredOverdue++;
        else {
          counts.answered++;
          if (answeredAt <= judge) counts.answeredInTime++;
        }
      }
    }
    return units;
  }
}
