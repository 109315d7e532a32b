import { countVi } from '#kernel';
import { CELLS, type Cell, type Counts } from './counts.ts';

export type Rounding = 'half-up' | 'truncate';

/** A rate as data (domain.md §4.3): whose members stand above and below the line. */
export interface RateDefinition {
  readonly code: string;
  readonly name: string;
  readonly formula: string;
  readonly numerator: readonly Cell[];
  readonly denominator: readonly Cell[];
  /** Leaves out tasks whose deadline had already passed when they were assigned. */
  readonly withoutAssignedOverdue?: true;
  /** Leaves out suspended tasks without a deadline. */
  readonly withoutSuspendedWithoutDeadline?: true;
}

const MATURED = ['D1', 'D2', 'O2', 'V2'] as const;

export const RATES: readonly RateDefinition[] = [
  { code: 'R1', name: 'Đúng hạn trong số đã hoàn thành', formula: 'D1 / (D1+D2)', numerator: ['D1'], denominator: ['D1', 'D2'] },
  { code: 'R2', name: 'Đúng hạn trong số đã đến hạn hoặc đã hoàn thành', formula: 'D1 / (D1+D2+O2+V2)', numerator: ['D1'], denominator: MATURED },
  { code: 'R2x', name: 'Như R2, không tính việc giao khi đã quá hạn', formula: 'D1 / (D1+D2+O2+V2), trừ assignedOverdue', numerator: ['D1'], denominator: MATURED, withoutAssignedOverdue: true },
  { code: 'R3', name: 'Hoàn thành trong tổng số được giao', formula: '(D1+D2+D3) / N', numerator: ['D1', 'D2', 'D3'], denominator: CELLS },
  { code: 'R4', name: 'Đúng hạn trong tổng số có thời hạn', formula: 'D1 / (N − D3 − V3 − O3 − X không thời hạn)', numerator: ['D1'], denominator: ['D1', 'D2', 'V1', 'V2', 'O1', 'O2', 'X'], withoutSuspendedWithoutDeadline: true },
  { code: 'R5', name: 'Quá hạn trong tổng số được giao', formula: 'O2 / N', numerator: ['O2'], denominator: CELLS },
  { code: 'R5m', name: 'Quá hạn trong số đã đến hạn hoặc đã hoàn thành', formula: 'O2 / (D1+D2+O2+V2)', numerator: ['O2'], denominator: MATURED },
  { code: 'R6', name: 'Hoàn thành trong số đã đến hạn hoặc đã hoàn thành', formula: '(D1+D2) / (D1+D2+O2+V2)', numerator: ['D1', 'D2'], denominator: MATURED },
];

export interface Rate {
  readonly code: string;
  readonly name: string;
  readonly formula: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly text: string;
}

const sum = (counts: Counts, cells: readonly Cell[]): number => cells.reduce((n, cell) => n + counts.cells[cell], 0);

export function rateOf(definition: RateDefinition, counts: Counts, rounding: Rounding): Rate {
  const numerator = sum(counts, definition.numerator) - (definition.withoutAssignedOverdue ? counts.assignedOverdueD1 : 0);
  const denominator =
    sum(counts, definition.denominator) - (definition.withoutAssignedOverdue ? counts.assignedOverdueMatured : 0) - (definition.withoutSuspendedWithoutDeadline ? counts.suspendedWithoutDeadline : 0);
  return { code: definition.code, name: definition.name, formula: definition.formula, numerator, denominator, text: percentVi(numerator, denominator, rounding) };
}

/**
 * A share in Vietnamese style by integer arithmetic: half-up at two decimals (or truncated), trailing zeros dropped. "100 %" only on equality,
 * "0 %" only for nothing; an empty denominator is "không phát sinh".
 */
export function percentVi(numerator: number, denominator: number, rounding: Rounding = 'half-up'): string {
  if (denominator === 0) return 'không phát sinh';
  let hundredths = rounding === 'truncate' ? Math.floor((numerator * 10_000) / denominator) : Math.floor((numerator * 20_000 + denominator) / (2 * denominator));
  if (numerator < denominator) hundredths = Math.min(hundredths, 9_999);
  if (numerator > 0) hundredths = Math.max(hundredths, 1);
  const decimals = String(hundredths % 100).padStart(2, '0').replace(/0+$/, '');
  return `${countVi(Math.floor(hundredths / 100))}${decimals === '' ? '' : `,${decimals}`} %`;
}

export interface Balance {
  readonly identity: string;
  readonly left: number;
  readonly right: number;
  readonly holds: boolean;
}

/** The identities of domain.md §4.2; a figure whose balances fail is not released. Part and flow identities are of C2. */
export function balancesOf(counts: Counts, cohort: 'C1' | 'C2' | 'C3'): readonly Balance[] {
  const { cells, parts, flow } = counts;
  const holds = (identity: string, left: number, right: number): Balance => ({ identity, left, right, holds: left === right });
  return [
    holds('N = D1+D2+D3+V1+V2+V3+O1+O2+O3+X', counts.total, sum(counts, CELLS)),
    ...(cohort === 'C2' ? [holds('N = chuyển kỳ trước sang + giao trong kỳ + mở lại trong kỳ', counts.total, parts.carriedOver + parts.begunInPeriod + parts.reopenedInPeriod)] : []),
    holds('D1 = D1a + D1b', cells.D1, parts.D1a + parts.D1b),
    holds('đầu kỳ + mới + nhận chuyển + mở lại = kết thúc + ra khỏi + cuối kỳ', flow.opening + flow.new + flow.transferredIn + flow.reopened, flow.closed + flow.out + flow.closing),
  ];
}
