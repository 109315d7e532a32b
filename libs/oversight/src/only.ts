import { selecting, type Cell, type FiguresQuery, type Selector } from '#figures';
import { dayNumber, type Day } from '#kernel';
import { ninetyDays, survey, weekBehind, type Calendar } from './survey.ts';
import { TASK_TESTS, weekOf, type Only, type TaskTest } from './whats.ts';
import { weekFrom } from './weeks.ts';

const NINETY_CELLS: Readonly<Record<string, readonly Cell[]>> = { 'on-time-90': ['D1'], 'matured-90': ['D1', 'D2', 'O2', 'V2'] };

/** What picks the tasks of one number: a test of each task of N, or another question and what of its answer they are. */
function pickOf(one: Only, query: FiguresQuery, day: Day): TaskTest | { readonly query: FiguresQuery; readonly selector: Selector } {
  const cells = NINETY_CELLS[one];
  if (cells !== undefined) return { query: ninetyDays(query, day), selector: { by: 'cell', cells } };
  const week = weekOf(one);
  if (week === undefined) return TASK_TESTS[one as keyof typeof TASK_TESTS];
  if (week.what !== 'load') return weekBehind(week.what, query, weekFrom(week.monday));
  // Of any week, not of the eight ahead alone: the comparison point has others.
  const first = dayNumber(week.monday);
  return ({ cell, dueDay }) => cell === 'O1' && dueDay >= first && dueDay < first + 7;
}

/** The tasks that each of the numbers counts, at the point and by the parameters of the question: what it is narrowed to. */
export function tasksOfAll(only: readonly Only[], source: Parameters<typeof survey>[0], query: FiguresQuery, day: Day, days: Calendar): ReadonlySet<string> {
  const tests: TaskTest[] = [];
  const sets: ReadonlySet<string>[] = [];
  for (const one of only) {
    const pick = pickOf(one, query, day);
    if (typeof pick === 'function') {
      tests.push(pick);
      continue;
    }
    const ids = new Set<string>();
    const selects = selecting(pick.selector);
    // A week that has not begun has nothing in it yet.
    if (pick.query.p0 <= pick.query.at) source.columns.visit(pick.query, ({ code, bits, taskId }) => { if (selects(code, bits)) ids.add(taskId); });
    sets.push(ids);
  }
  // Not all of the ninety days, nor of a week, need lie in the period: without a test of its tasks these are the answer themselves.
  if (tests.length === 0) return sets.reduce((all, one) => new Set([...all].filter((id) => one.has(id))));
  const found = new Set<string>();
  survey(source, query, days.today, (task) => {
    const { taskId } = task.visit;
    if (tests.every((test) => test(task, days)) && sets.every((ids) => ids.has(taskId))) found.add(taskId);
  });
  return found;
}
