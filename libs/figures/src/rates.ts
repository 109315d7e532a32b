import { countVi } from '#kernel';
import { CELLS, type Cell, type Counts, type LeavesOut, type Selector } from './counts.ts';
import { selecting } from './members.ts';

export type Rounding = 'half-up' | 'truncate';

/** A rate as data (domain.md §4.3): whose members stand above and below the line. */
export interface RateDefinition {
  readonly code: string;
  readonly name: string;
  readonly formula: string;
  readonly numerator: readonly Cell[];
  readonly denominator: readonly Cell[];
  readonly leavesOut?: LeavesOut;
}

const MATURED = ['D1', 'D2', 'O2', 'V2'] as const;

export const RATES: readonly RateDefinition[] = [
  { code: 'R1', name: 'Đúng hạn trong số đã hoàn thành', formula: 'D1 / (D1+D2)', numerator: ['D1'], denominator: ['D1', 'D2'] },
  { code: 'R2', name: 'Đúng hạn trong số đã đến hạn hoặc đã hoàn thành', formula: 'D1 / (D1+D2+O2+V2)', numerator: ['D1'], denominator: MATURED },
  { code: 'R2x', name: 'Như R2, không tính việc giao khi đã quá hạn', formula: 'D1 / (D1+D2+O2+V2), trừ assignedOverdue', numerator: ['D1'], denominator: MATURED, leavesOut: 'assignedOverdue' },
  { code: 'R3', name: 'Hoàn thành trong tổng số được giao', formula: '(D1+D2+D3) / N', numerator: ['D1', 'D2', 'D3'], denominator: CELLS },
  { code: 'R4', name: 'Đúng hạn trong tổng số có thời hạn', formula: 'D1 / (N − D3 − V3 − O3 − X không thời hạn)', numerator: ['D1'], denominator: ['D1', 'D2', 'V1', 'V2', 'O1', 'O2', 'X'], leavesOut: 'suspendedWithoutDeadline' },
  { code: 'R5', name: 'Quá hạn trong tổng số được giao', formula: 'O2 / N', numerator: ['O2'], denominator: CELLS },
  { code: 'R5m', name: 'Quá hạn trong số đã đến hạn hoặc đã hoàn thành', formula: 'O2 / (D1+D2+O2+V2)', numerator: ['O2'], denominator: MATURED },
  { code: 'R6', name: 'Hoàn thành trong số đã đến hạn hoặc đã hoàn thành', formula: '(D1+D2) / (D1+D2+O2+V2)', numerator: ['D1', 'D2'], denominator: MATURED },
];

export const RATE_SIDES = ['numerator', 'denominator', 'excluded'] as const;
/** Above the line of a rate, below it, and what it leaves out of the cells below it. */
export type RateSide = (typeof RATE_SIDES)[number];

/** One side of a rate, as a list picks it. */
export function rateSide({ numerator, denominator, leavesOut }: RateDefinition, side: RateSide): Selector {
  return { by: 'cell', cells: side === 'numerator' ? numerator : denominator, ...(leavesOut === undefined ? {} : { leavesOut }), leftOut: side === 'excluded' };
}

export interface Rate {
  readonly code: string;
  readonly name: string;
  readonly formula: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly text: string;
}

const sum = (counts: Counts, cells: readonly Cell[]): number => cells.reduce((n, cell) => n + counts.cells[cell], 0);

function leftOutOf({ leavesOut }: RateDefinition, counts: Counts): readonly [numerator: number, denominator: number] {
  if (leavesOut === 'assignedOverdue') return [counts.assignedOverdueD1, counts.assignedOverdueMatured];
  return [0, leavesOut === 'suspendedWithoutDeadline' ? counts.suspendedWithoutDeadline : 0];
}

export function rateOf(definition: RateDefinition, counts: Counts, rounding: Rounding): Rate {
  const [above, below] = leftOutOf(definition, counts);
  const numerator = sum(counts, definition.numerator) - above;
  const denominator = sum(counts, definition.denominator) - below;
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

interface Identity {
  readonly identity: string;
  readonly onlyC2?: true;
  readonly left: (counts: Counts) => number;
  readonly right: (counts: Counts) => number;
  /** What one assignment adds to either side: where they differ, it breaks the identity. */
  readonly adds: (code: number, bits: number) => readonly [left: number, right: number];
}

const ALL = selecting({ by: 'all' });
const INFLOWS = (['opening', 'new', 'transferredIn', 'reopened'] as const).map((flow) => selecting({ by: 'flow', flow }));
const OUTFLOWS = (['closed', 'out', 'closing'] as const).map((flow) => selecting({ by: 'flow', flow }));
const SOURCES = (['carriedOver', 'begunInPeriod', 'reopenedInPeriod'] as const).map((part) => selecting({ by: 'part', part }));
const count = (tests: readonly ((code: number, bits: number) => boolean)[], code: number, bits: number): number => tests.filter((test) => test(code, bits)).length;

/** The identities of domain.md §4.2; a figure whose balances fail is not released. Part and flow identities are of C2. */
const IDENTITIES: readonly Identity[] = [
  {
    identity: 'N = D1+D2+D3+V1+V2+V3+O1+O2+O3+X', left: (c) => c.total, right: (c) => sum(c, CELLS),
    adds: (code, bits) => [Number(ALL(code, bits)), count(CELLS.map((cell) => selecting({ by: 'cell', cells: [cell] })), code, bits)],
  },
  {
    identity: 'N = chuyển kỳ trước sang + giao trong kỳ + mở lại trong kỳ', onlyC2: true, left: (c) => c.total, right: ({ parts }) => parts.carriedOver + parts.begunInPeriod + parts.reopenedInPeriod,
    adds: (code, bits) => [Number(ALL(code, bits)), count(SOURCES, code, bits)],
  },
  {
    identity: 'D1 = D1a + D1b', left: (c) => c.cells.D1, right: ({ parts }) => parts.D1a + parts.D1b,
    adds: (code, bits) => [Number(selecting({ by: 'cell', cells: ['D1'] })(code, bits)), count([selecting({ by: 'part', part: 'D1a' }), selecting({ by: 'part', part: 'D1b' })], code, bits)],
  },
  {
    identity: 'đầu kỳ + mới + nhận chuyển + mở lại = kết thúc + ra khỏi + cuối kỳ', left: ({ flow }) => flow.opening + flow.new + flow.transferredIn + flow.reopened, right: ({ flow }) => flow.closed + flow.out + flow.closing,
    adds: (code, bits) => [count(INFLOWS, code, bits), count(OUTFLOWS, code, bits)],
  },
];

export function balancesOf(counts: Counts, cohort: 'C1' | 'C2' | 'C3'): readonly Balance[] {
  return IDENTITIES.filter(({ onlyC2 }) => !onlyC2 || cohort === 'C2').map(({ identity, left, right }) => ({ identity, left: left(counts), right: right(counts), holds: left(counts) === right(counts) }));
}

/** The test that picks the assignments which break an identity, for the error that names them. */
export function breaking(identity: string): (code: number, bits: number) => boolean {
  const { adds } = IDENTITIES.find((one) => one.identity === identity)!;
  return (code, bits) => {
    const [left, right] = adds(code, bits);
    return left !== right;
  };
}
