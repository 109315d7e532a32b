import { selecting, type Cell, type FiguresQuery } from '#figures';
import type { Day } from '#kernel';
import { ninetyDays, survey, type Calendar } from './survey.ts';
import { TASK_TESTS, type Only, type TaskTest } from './whats.ts';

const NINETY_CELLS: Readonly<Record<'on-time-90' | 'matured-90', readonly Cell[]>> = { 'on-time-90': ['D1'], 'matured-90': ['D1', 'D2', 'O2', 'V2'] };

/** The tasks that each of the numbers counts, at the point and by the parameters of the question: what it is narrowed to. */
export function tasksOfAll(only: readonly Only[], source: Parameters<typeof survey>[0], query: FiguresQuery, day: Day, days: Calendar): ReadonlySet<string> {
  const tests: TaskTest[] = [];
  const sets: ReadonlySet<string>[] = [];
  for (const one of only) {
    if (one !== 'on-time-90' && one !== 'matured-90') {
      tests.push(TASK_TESTS[one]);
      continue;
    }
    const ids = new Set<string>();
    const selects = selecting({ by: 'cell', cells: NINETY_CELLS[one] });
    source.columns.visit(ninetyDays(query, day), ({ code, bits, taskId }) => { if (selects(code, bits)) ids.add(taskId); });
    sets.push(ids);
  }
  // Not all of the ninety days need lie in the period: without a test of its tasks these are the answer themselves.
  if (tests.length === 0) return sets.reduce((all, one) => new Set([...all].filter((id) => one.has(id))));
  const found = new Set<string>();
  survey(source, query, days.today, (task) => {
    const { taskId } = task.visit;
    if (tests.every((test) => test(task, days)) && sets.every((ids) => ids.has(taskId))) found.add(taskId);
  });
  return found;
}
