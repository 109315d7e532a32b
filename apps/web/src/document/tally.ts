import { type Counts, type TaskItem } from '../api.ts';
import { CELL_WORDS } from '../words.ts';

/** How many of the rows stand in each cell, and outside of them: `total` and `out` add up to the rows. */
export function tallyOf(tasks: readonly Pick<TaskItem, 'cell'>[]): { cells: Counts; total: number; out: number } {
  const cells: Record<string, number> = {};
  let total = 0;
  for (const { cell } of tasks) {
    if (cell === null || !(cell in CELL_WORDS)) continue;
    cells[cell] = (cells[cell] ?? 0) + 1;
    total += 1;
  }
  return { cells, total, out: tasks.length - total };
}
