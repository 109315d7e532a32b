import { selecting, type CountedTask } from '#figures';
import { EXCEPTION_RULES, ExceptionsFound, TASK_TESTS, TASK_WHATS, loadWeekOf, survey, weekBehind, weeksUpTo, type ExceptionRule, type Exceptional, type TaskTest, type TaskWhat } from '#oversight';
import { oneOf, type Point } from '../http/points.ts';
import type { Sources } from '../sources.ts';
import { tellBlocked } from './blocked.ts';
import { WEEKS_BACK, ninety } from './dashboard-answer.ts';
import { readWeek, type Asked } from './dashboard-question.ts';

/** Numbers that are not a test of each task of N: of other cohorts, of weeks, of rules. */
const OTHERS = ['on-time-90', 'matured-90', 'assigned-week', 'completed-week', 'overdue-at', 'load', 'oldest-overdue', 'blocked-by-overdue'] as const;
export type What = TaskWhat | (typeof OTHERS)[number];
export const WHATS: readonly What[] = [...TASK_WHATS, ...OTHERS];

const byWhat = (what: What): what is TaskWhat => what in TASK_TESTS;

export interface Listed {
  readonly tasks: readonly CountedTask[];
  /** Where days left and late are told from: A, or the end of the week that was asked. */
  readonly point: Pick<Point, 'at' | 'day' | 'known'>;
}

/** The tasks that a number of the dashboard counts. */
export async function listOf(what: string | undefined, week: string | undefined, asked: Asked, runtime: Sources): Promise<Listed> {
  const { point, question: { query, whole }, days } = asked;
  const { columns } = runtime;
  const one = oneOf<What>('what', what, WHATS, 'all');
  const tested = (test: TaskTest): Listed => {
    const tasks: CountedTask[] = [];
    survey(runtime, query, days.today, (task) => {
      if (test(task, days)) tasks.push(task.visit.shown());
    });
    return { tasks, point };
  };
  if (byWhat(one)) return tested(TASK_TESTS[one]);
  switch (one) {
    case 'on-time-90':
      return { tasks: columns.list(ninety(asked), selecting({ by: 'cell', cells: ['D1'] })), point };
    case 'matured-90':
      return { tasks: columns.list(ninety(asked), selecting({ by: 'cell', cells: ['D1', 'D2', 'O2', 'V2'] })), point };
    case 'load': {
      const wanted = readWeek(week, days.weeks.map(({ from }) => from));
      return tested((task) => loadWeekOf(task, days) === wanted);
    }
    case 'oldest-overdue':
    case 'blocked-by-overdue':
      return { tasks: (await exceptionsOf([one], asked, runtime)).map(({ task }) => task), point };
    default: {
      const weeks = weeksUpTo(point.day, WEEKS_BACK);
      const wanted = weeks[readWeek(week, weeks.map(({ from }) => from))]!;
      const { query: ofWeek, selector } = weekBehind(one, whole, wanted);
      const { at } = ofWeek;
      return { tasks: columns.list(ofWeek, selecting(selector)), point: at === point.at ? point : { at, day: wanted.to, known: point.known } };
    }
  }
}

/** What the rules find, the most reasons first. */
export async function exceptionsOf(rules: readonly ExceptionRule[], { point, question, days }: Asked, runtime: Sources): Promise<readonly Exceptional[]> {
  const found = new ExceptionsFound(days);
  survey(runtime, question.query, days.today, (task) => { found.meet(task); });
  if (rules.includes('blocked-by-overdue')) await tellBlocked(found, point, runtime);
  return found.close(EXCEPTION_RULES.filter((rule) => rules.includes(rule)));
}

export const SORTS = ['due', '-due', 'code', '-code'] as const;

/** By deadline (those without one last, then by code) or by code, as `GET /tasks` does. */
export function sorted(tasks: readonly CountedTask[], sort: (typeof SORTS)[number], { columns }: Sources): readonly CountedTask[] {
  const order = new Map(tasks.map(({ taskId }) => [taskId, columns.codeOrderOf(columns.numberOfTask(taskId)!)]));
  const code = (a: CountedTask, b: CountedTask): number => order.get(a.taskId)! - order.get(b.taskId)! || a.assignment - b.assignment;
  const up = [...tasks].sort((a, b) => (sort.endsWith('due') && a.due !== b.due ? (a.due < b.due ? -1 : 1) : code(a, b)));
  return sort.startsWith('-') ? up.reverse() : up;
}
