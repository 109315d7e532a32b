import { FIXED_DATE_POLICIES, lastInstantInTime, type Deadline } from '#deadlines';
import { dayOf, type Instant } from '#kernel';
import { DECIDING, type TaskFact } from '#tasks';
import type { FigureRow, WorkState } from './rows.ts';

/** Whether a fact can change rows: only ★ facts and repairs do. */
export function isRelevant(type: string): boolean {
  return DECIDING.has(type) || type === 'TaskVoided';
}

interface Dues {
  readonly due: readonly [number, number, number];
  readonly dueInForce: number;
}

function dues(deadline: Deadline): Dues {
  const [all, none, before] = FIXED_DATE_POLICIES.map((policy) => lastInstantInTime(deadline, policy));
  return { due: [all!, none!, before!], dueInForce: lastInstantInTime(deadline) };
}

/**
 * The life of a task as stretches between facts (domain.md §2 "The state at (A, K)"): pure, the future included. Facts act in the order in
 * which they happened, the log's order at equal instants; a repair acts at every instant.
 */
export function timeline(taskId: string, facts: readonly TaskFact[]): FigureRow[] {
  const ordered = facts.filter((f) => isRelevant(f.type)).sort((a, b) => a.occurredAt - b.occurredAt || (a.position < b.position ? -1 : a.position > b.position ? 1 : 0));
  const assigned = ordered.find((f) => f.type === 'TaskAssigned');
  if (!assigned) return [];
  const { data } = assigned;
  const original = dues(data.deadline);
  const begunAt = assigned.occurredAt;
  const field = data.field ?? '';
  const counted = data.routine !== true && data.parentTaskId === undefined;
  // Written out, not spread: this runs for every ★ fact of a rebuild, and spreading was a third of its time.
  const row = (state: WorkState, from: Instant, to: Instant, submittedAt: Instant, deadline: Dues, backdated: boolean, extendedAfterDeadline: boolean, outWhileOverdue: boolean): FigureRow => ({
    taskId, assignment: 0, unitId: data.leadUnitId, authority: data.authority, field, counted, state, from, to, begunAt, begunByTransfer: false, reopenedAt: NaN, submittedAt,
    due: deadline.due, originalDue: original.due, dueInForce: deadline.dueInForce, originalDueInForce: original.dueInForce, backdated, extendedAfterDeadline, outWhileOverdue,
  });
  if (ordered.some((f) => f.type === 'TaskVoided')) {
    return [row('voided', begunAt, Infinity, NaN, original, false, false, false)];
  }

  const rows: FigureRow[] = [];
  let state: WorkState = 'open';
  let inForce = original;
  let submittedAt = NaN;
  let from: Instant = begunAt;
  let backdated = false;
  let extendedAfterDeadline = false;
  let outWhileOverdue = false;
  const close = (to: Instant): void => {
    // Facts at one instant leave no stretch between them.
    if (to > from) rows.push(row(state, from, to, submittedAt, inForce, backdated, extendedAfterDeadline, outWhileOverdue));
    from = to;
  };
  for (const fact of ordered) {
    close(fact.occurredAt);
    backdated ||= dayOf(fact.recordedAt) > dayOf(fact.occurredAt);
    switch (fact.type) {
      case 'ExtensionGranted':
        // A grant given by day stands at 00:00, which is the end of a deadline of the day before: it came after, as a submission then is late.
        extendedAfterDeadline ||= fact.occurredAt > inForce.dueInForce;
        inForce = dues(fact.data.deadline);
        break;
      case 'CompletionSubmitted':
        state = 'submitted';
        submittedAt = fact.occurredAt;
        break;
      case 'TaskCompleted':
        state = 'done';
        break;
      case 'CompletionRefused':
        state = 'open';
        submittedAt = NaN;
        break;
      case 'TaskWithdrawn':
        state = 'withdrawn';
        submittedAt = NaN;
        outWhileOverdue = fact.data.wasOverdue;
        break;
      // Transfer ends this assignment and begins the next; suspension, resumption, reopening, return, cancellation and duplicates move `state`.
      default:
    }
  }
  close(Infinity);
  return rows;
}
