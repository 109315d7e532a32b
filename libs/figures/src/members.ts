import { CELLS, FLOWS, OUT_REASONS, PARTS, emptyCounts, type Cell, type Counts, type Flow, type LeavesOut, type OutReason, type Part, type Selector } from './counts.ts';

/*
 * What one assignment counts for, as two small numbers, so that a pass over a million of them makes no garbage: `code` is its cell or way
 * out, `bits` everything else. `tally` counts them, `selecting` picks exactly what `tally` counted.
 */

/** Cells and ways out in the order of `CELLS` and then `OUT_REASONS`; all cells stand before `OUT`. */
export const CODES: readonly (Cell | OutReason)[] = [...CELLS, ...OUT_REASONS];
export const D1 = CELLS.indexOf('D1');
export const V1 = CELLS.indexOf('V1');
export const O1 = CELLS.indexOf('O1');
export const X = CELLS.indexOf('X');
export const OUT = CELLS.length;
export const VOIDED_CODE = CODES.indexOf('voided');
export const isOut = (cell: Cell | OutReason): cell is OutReason => (CODES as readonly string[]).indexOf(cell) >= OUT;

/** In the cohort asked. */
export const IN_COHORT = 1;
/** In C2, which flows are always of. */
export const IN_C2 = 2;
/** At most one of the three, the first that fits. */
export const PART_CARRIED = 4;
export const PART_BEGUN = 8;
export const PART_REOPENED = 16;
export const BY_TRANSFER = 32;
export const MOVED_LATE = 64;
export const WAS_BACKDATED = 128;
export const EXTENDED_AFTER = 256;
export const PRIOR_PERIOD = 512;
export const ASSIGNED_OVERDUE = 1024;
export const NO_DEADLINE = 2048;
/** Routine work or a subtask: in no figure. */
export const UNCOUNTED = 4096;

const PART_AT = CODES.length;
const FLOW_AT = PART_AT + PARTS.length;
const TOTAL = FLOW_AT + FLOWS.length;
const OVERDUE_D1 = TOTAL + 1;
const OVERDUE_MATURED = TOTAL + 2;
const SUSPENDED_FREE = TOTAL + 3;
const TALLIED = TOTAL + 4;
const partAt = (name: Part): number => PART_AT + PARTS.indexOf(name);
const flowAt = (name: Flow): number => FLOW_AT + FLOWS.indexOf(name);
const [CARRIED, BEGUN, REOPENED, D1A, D1B] = [partAt('carriedOver'), partAt('begunInPeriod'), partAt('reopenedInPeriod'), partAt('D1a'), partAt('D1b')];
const [BACKDATED_PART, PRIOR, EXTENDED, OVERDUE] = [partAt('backdated'), partAt('priorPeriodAdjustment'), partAt('extendedAfterDeadline'), partAt('assignedOverdue')];
const [OPENING, NEW, IN, AGAIN, CLOSED, GONE, CLOSING] = [flowAt('opening'), flowAt('new'), flowAt('transferredIn'), flowAt('reopened'), flowAt('closed'), flowAt('out'), flowAt('closing')];
const MATURED = CODES.map((cell) => cell === 'D1' || cell === 'D2' || cell === 'O2' || cell === 'V2');
const RARE = BY_TRANSFER | MOVED_LATE | WAS_BACKDATED | EXTENDED_AFTER | PRIOR_PERIOD | ASSIGNED_OVERDUE | NO_DEADLINE;

/** A group while it is counted: numbers side by side. */
export const newTally = (): Int32Array => new Int32Array(TALLIED);

export function tally(t: Int32Array, code: number, bits: number): void {
  if (code === VOIDED_CODE) {
    t[code]!++;
    return;
  }
  if ((bits & IN_C2) !== 0) {
    t[(bits & PART_CARRIED) !== 0 ? OPENING : (bits & PART_REOPENED) !== 0 ? AGAIN : (bits & BY_TRANSFER) !== 0 ? IN : NEW]!++;
    t[code >= OUT ? GONE : code < V1 ? CLOSED : CLOSING]!++;
  }
  if ((bits & IN_COHORT) === 0) return;
  t[code]!++;
  if (code >= OUT) return;
  t[TOTAL]!++;
  if ((bits & PART_CARRIED) !== 0) t[CARRIED]!++;
  else if ((bits & PART_BEGUN) !== 0) t[BEGUN]!++;
  else if ((bits & PART_REOPENED) !== 0) t[REOPENED]!++;
  if (code === D1) t[(bits & MOVED_LATE) !== 0 ? D1B : D1A]!++;
  if ((bits & RARE) === 0) return;
  if ((bits & WAS_BACKDATED) !== 0) t[BACKDATED_PART]!++;
  if ((bits & PRIOR_PERIOD) !== 0) t[PRIOR]!++;
  if ((bits & EXTENDED_AFTER) !== 0) t[EXTENDED]!++;
  if ((bits & ASSIGNED_OVERDUE) !== 0) {
    t[OVERDUE]!++;
    if (code === D1) t[OVERDUE_D1]!++;
    if (MATURED[code]) t[OVERDUE_MATURED]!++;
  }
  if (code === X && (bits & NO_DEADLINE) !== 0) t[SUSPENDED_FREE]!++;
}

/** A tally as counts, added to `before` where units stand under one. */
export function countsOf(t: Int32Array, before: Counts = emptyCounts()): Counts {
  CELLS.forEach((name, n) => { before.cells[name] += t[n]!; });
  OUT_REASONS.forEach((name, n) => { before.out[name] += t[OUT + n]!; });
  PARTS.forEach((name, n) => { before.parts[name] += t[PART_AT + n]!; });
  FLOWS.forEach((name, n) => { before.flow[name] += t[FLOW_AT + n]!; });
  before.total += t[TOTAL]!;
  before.assignedOverdueD1 += t[OVERDUE_D1]!;
  before.assignedOverdueMatured += t[OVERDUE_MATURED]!;
  before.suspendedWithoutDeadline += t[SUSPENDED_FREE]!;
  return before;
}

const PART_BITS: Readonly<Partial<Record<Part, number>>> = {
  carriedOver: PART_CARRIED, begunInPeriod: PART_BEGUN, reopenedInPeriod: PART_REOPENED, backdated: WAS_BACKDATED, priorPeriodAdjustment: PRIOR_PERIOD, extendedAfterDeadline: EXTENDED_AFTER, assignedOverdue: ASSIGNED_OVERDUE,
};

function isLeftOut(leavesOut: LeavesOut | undefined, code: number, bits: number): boolean {
  if (leavesOut === 'assignedOverdue') return (bits & ASSIGNED_OVERDUE) !== 0;
  return leavesOut === 'suspendedWithoutDeadline' && code === X && (bits & NO_DEADLINE) !== 0;
}

/** The test that picks exactly what `tally` counts under a name. */
export function selecting(selector: Selector): (code: number, bits: number) => boolean {
  const counted = (code: number, bits: number): boolean => code < OUT && (bits & IN_COHORT) !== 0;
  switch (selector.by) {
    case 'all':
      return counted;
    case 'cell': {
      const codes = new Set(selector.cells.map((cell) => CODES.indexOf(cell)));
      return (code, bits) =>
        counted(code, bits) && codes.has(code) && isLeftOut(selector.leavesOut, code, bits) === (selector.leftOut === true);
    }
    case 'out': {
      const wanted = CODES.indexOf(selector.reason);
      return (code, bits) => code === wanted && (code === VOIDED_CODE || (bits & IN_COHORT) !== 0);
    }
    case 'part': {
      if (selector.part === 'D1a') return (code, bits) => counted(code, bits) && code === D1 && (bits & MOVED_LATE) === 0;
      if (selector.part === 'D1b') return (code, bits) => counted(code, bits) && code === D1 && (bits & MOVED_LATE) !== 0;
      const bit = PART_BITS[selector.part]!;
      return (code, bits) => counted(code, bits) && (bits & bit) !== 0;
    }
    case 'flow': {
      const { flow } = selector;
      return (code, bits) => {
        if (code === VOIDED_CODE || (bits & IN_C2) === 0) return false;
        switch (flow) {
          case 'opening':
            return (bits & PART_CARRIED) !== 0;
          case 'reopened':
            return (bits & PART_REOPENED) !== 0;
          case 'transferredIn':
            return (bits & PART_BEGUN) !== 0 && (bits & BY_TRANSFER) !== 0;
          case 'new':
            return (bits & PART_BEGUN) !== 0 && (bits & BY_TRANSFER) === 0;
          case 'out':
            return code >= OUT;
          case 'closed':
            return code < V1;
          case 'closing':
            return code >= V1 && code < OUT;
        }
      };
    }
  }
}
