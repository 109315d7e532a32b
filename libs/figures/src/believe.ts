import type { BelievedRow, FigureRow } from './rows.ts';

/** Object.is compares NaN and Infinity as a reader expects. */
function same(a: FigureRow, b: FigureRow): boolean {
  return (
    a.assignment === b.assignment && a.unitId === b.unitId && a.authority === b.authority && a.field === b.field && a.counted === b.counted && a.state === b.state &&
    a.from === b.from && a.to === b.to && a.begunAt === b.begunAt && a.begunByTransfer === b.begunByTransfer && Object.is(a.reopenedAt, b.reopenedAt) &&
    Object.is(a.submittedAt, b.submittedAt) && a.dueInForce === b.dueInForce && a.originalDueInForce === b.originalDueInForce &&
    a.due.every((d, n) => d === b.due[n]) && a.originalDue.every((d, n) => d === b.originalDue[n]) &&
    a.backdated === b.backdated && a.extendedAfterDeadline === b.extendedAfterDeadline && a.outWhileOverdue === b.outWhileOverdue
  );
}

/** What a new fact changes of what was believed: rows that still hold stay, the others are closed at its position, the new ones begin there. */
export function believe(believed: readonly BelievedRow[], next: readonly FigureRow[], position: bigint): { closed: BelievedRow[]; added: BelievedRow[] } {
  return {
    closed: believed.filter((row) => !next.some((n) => same(row, n))).map((row) => between(row, row.knownFrom, position)),
    added: next.filter((n) => !believed.some((row) => same(row, n))).map((row) => between(row, position, null)),
  };
}

/** Written out, not spread, for the same reason as in `timeline`. */
function between(row: FigureRow, knownFrom: bigint, knownTo: bigint | null): BelievedRow {
  return {
    taskId: row.taskId, assignment: row.assignment, unitId: row.unitId, authority: row.authority, field: row.field, counted: row.counted, state: row.state, from: row.from, to: row.to,
    begunAt: row.begunAt, begunByTransfer: row.begunByTransfer, reopenedAt: row.reopenedAt, submittedAt: row.submittedAt, due: row.due, originalDue: row.originalDue, dueInForce: row.dueInForce,
    originalDueInForce: row.originalDueInForce, backdated: row.backdated, extendedAfterDeadline: row.extendedAfterDeadline, outWhileOverdue: row.outWhileOverdue, knownFrom, knownTo,
  };
}
