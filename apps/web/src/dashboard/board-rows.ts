import { type UnitRow } from './types.ts';

/** A line of the scoreboard: a unit, how deep it stands under others, and what its sub-units have. */
export interface BoardLine {
  row: UnitRow;
  depth: number;
  below: readonly BoardLine[];
  /** Of the unit and everything below it. */
  overdueInAll: number;
}

/** Folding away a handful of rows saves nothing. */
const FEW = 4;

/**
 * Units under the ones they belong to, in the given order. A unit that would take most of the others below itself (the province) takes none:
 * the reader asked where, and would see one row.
 */
export function nest(rows: readonly UnitRow[]): BoardLine[] {
  const known = new Set(rows.map((row) => row.unitId));
  const children = new Map<string, UnitRow[]>();
  for (const row of rows)
    if (row.parentId !== null && known.has(row.parentId)) children.set(row.parentId, [...(children.get(row.parentId) ?? []), row]);
  for (const [parent, list] of children) if (list.length * 2 > rows.length) children.delete(parent);
  const nested = new Set([...children.values()].flat().map((row) => row.unitId));
  const line = (row: UnitRow, depth: number): BoardLine => {
    const below = (children.get(row.unitId) ?? []).map((child) => line(child, depth + 1));
    return { row, depth, below, overdueInAll: row.overdue + below.reduce((sum, one) => sum + one.overdueInAll, 0) };
  };
  return rows.filter((row) => !nested.has(row.unitId)).map((row) => line(row, 0));
}

/** Those that have something overdue, and the quiet ones that fold into one row; none fold where that would leave nothing, or saves nothing. */
export function fold(lines: readonly BoardLine[]): { late: BoardLine[]; quiet: BoardLine[] } {
  const late = lines.filter((line) => line.overdueInAll > 0);
  const quiet = lines.filter((line) => line.overdueInAll === 0);
  return late.length === 0 || quiet.length < FEW ? { late: [...lines], quiet: [] } : { late, quiet };
}

/** The lines as they stand below each other. */
export const opened = (lines: readonly BoardLine[], open: ReadonlySet<string>): BoardLine[] =>
  lines.flatMap((line) => [line, ...(open.has(line.row.unitId) ? opened(line.below, open) : [])]);

export const addUp = (lines: readonly BoardLine[], of: (row: UnitRow) => number): number =>
  lines.reduce((sum, line) => sum + of(line.row) + addUp(line.below, of), 0);
export const howMany = (lines: readonly BoardLine[]): number => lines.reduce((sum, line) => sum + 1 + howMany(line.below), 0);
