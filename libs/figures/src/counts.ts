/** Cells of domain.md §4.2, in the order in which they are shown. */
export const CELLS = ['D1', 'D2', 'D3', 'V1', 'V2', 'V3', 'O1', 'O2', 'O3', 'X'] as const;
export type Cell = (typeof CELLS)[number];
export const OUT_REASONS = ['withdrawn', 'cancelled', 'returned', 'transferred', 'duplicate', 'voided'] as const;
export type OutReason = (typeof OUT_REASONS)[number];
export const PARTS = ['D1a', 'D1b', 'carriedOver', 'begunInPeriod', 'reopenedInPeriod', 'backdated', 'priorPeriodAdjustment', 'extendedAfterDeadline', 'assignedOverdue'] as const;
export type Part = (typeof PARTS)[number];
export const FLOWS = ['opening', 'new', 'transferredIn', 'reopened', 'closed', 'out', 'closing'] as const;
export type Flow = (typeof FLOWS)[number];

/** What a rate leaves out of its cells (domain.md §4.3): tasks whose deadline had passed when they were assigned; suspended tasks without a deadline. */
export type LeavesOut = 'assignedOverdue' | 'suspendedWithoutDeadline';

/** Which number a list stands behind. */
export type Selector =
  | { readonly by: 'all' }
  | { readonly by: 'cell'; readonly cells: readonly Cell[]; readonly leavesOut?: LeavesOut; /** What is left out instead of what is left. */ readonly leftOut?: boolean }
  | { readonly by: 'part'; readonly part: Part }
  | { readonly by: 'flow'; readonly flow: Flow }
  | { readonly by: 'out'; readonly reason: OutReason };

export interface Counts {
  readonly cells: Record<Cell, number>;
  readonly parts: Record<Part, number>;
  readonly out: Record<OutReason, number>;
  readonly flow: Record<Flow, number>;
  total: number;
  /** What R2x leaves out of R2's numerator and denominator. */
  assignedOverdueD1: number;
  assignedOverdueMatured: number;
  /** What R4 leaves out of X. */
  suspendedWithoutDeadline: number;
}

const zeros = <K extends string>(keys: readonly K[]): Record<K, number> => Object.fromEntries(keys.map((k) => [k, 0])) as Record<K, number>;

export function emptyCounts(): Counts {
  return { cells: zeros(CELLS), parts: zeros(PARTS), out: zeros(OUT_REASONS), flow: zeros(FLOWS), total: 0, assignedOverdueD1: 0, assignedOverdueMatured: 0, suspendedWithoutDeadline: 0 };
}

/** The plain sum of groups (domain.md §4.2: the province is the sum of its units). */
export function sumCounts(all: Iterable<Counts>): Counts {
  const sum = emptyCounts();
  for (const counts of all) {
    for (const k of CELLS) sum.cells[k] += counts.cells[k];
    for (const k of PARTS) sum.parts[k] += counts.parts[k];
    for (const k of OUT_REASONS) sum.out[k] += counts.out[k];
    for (const k of FLOWS) sum.flow[k] += counts.flow[k];
    sum.total += counts.total;
    sum.assignedOverdueD1 += counts.assignedOverdueD1;
    sum.assignedOverdueMatured += counts.assignedOverdueMatured;
    sum.suspendedWithoutDeadline += counts.suspendedWithoutDeadline;
  }
  return sum;
}
