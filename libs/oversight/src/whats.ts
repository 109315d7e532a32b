import { AGES, ageOf } from './ages.ts';
import { LOAD_WEEKS, type Calendar, type Surveyed } from './survey.ts';

/** Which tasks of N a number of the dashboard counts. The number and the list behind it ask this same test. */
export type TaskTest = (task: Surveyed, days: Calendar) => boolean;

const open = ({ cell }: Surveyed): boolean => cell === 'O1' || cell === 'O2' || cell === 'O3';
const goesOn = ({ cell }: Surveyed): boolean => cell.startsWith('O') || cell.startsWith('V');
const waits = (instant: number): boolean => !Number.isNaN(instant);
const within = (task: Surveyed, last: number): boolean => task.cell === 'O1' && task.dueDay <= last;
const stale = ({ told }: Surveyed, days: Calendar): boolean => !(told.updatedAt >= days.stale);

export const TASK_TESTS = {
  all: () => true,
  open,
  overdue: ({ cell }) => cell === 'O2',
  'overdue-over-30': ({ cell, late }) => cell === 'O2' && late > 30,
  ...(Object.fromEntries(AGES.map((age): [string, TaskTest] => [`age-${age}`, ({ cell, late }) => cell === 'O2' && ageOf(late) === age])) as Record<`age-${(typeof AGES)[number]}`, TaskTest>),
  'due-3': (task, days) => within(task, days.near),
  'due-7': (task, days) => within(task, days.ahead),
  'due-7-no-update': (task, days) => within(task, days.ahead) && stale(task, days),
  extended: ({ told }) => told.extensions > 0,
  'waiting-extension': (task) => goesOn(task) && waits(task.told.extensionAt),
  'waiting-completion': ({ cell }) => cell.startsWith('V'),
  'waiting-explanation': (task) => goesOn(task) && waits(task.told.unreadAt),
  'waiting-return': (task) => goesOn(task) && waits(task.told.returnAt),
  waiting: (task) => goesOn(task) && (task.cell.startsWith('V') || waits(task.told.extensionAt) || waits(task.told.unreadAt) || waits(task.told.returnAt)),
  'load-later': ({ cell, dueDay }, days) => cell === 'O1' && dueDay >= days.mondays[LOAD_WEEKS - 1]! + 7,
  'no-update-14': (task, days) => open(task) && stale(task, days),
  'due-3-below-half': (task, days) => within(task, days.near) && task.told.percent < 50,
  'extended-twice': (task) => open(task) && task.told.extensions >= 2,
  returned: (task) => open(task) && waits(task.told.sentBackAt),
} as const satisfies Readonly<Record<string, TaskTest>>;

export type TaskWhat = keyof typeof TASK_TESTS;
export const TASK_WHATS = Object.keys(TASK_TESTS) as readonly TaskWhat[];

/** In which of the coming weeks a task in time falls due; -1 beyond them, or when it is not in time. */
export function loadWeekOf({ cell, dueDay }: Surveyed, days: Calendar): number {
  if (cell !== 'O1') return -1;
  const week = Math.floor((dueDay - days.mondays[0]!) / 7);
  return week < LOAD_WEEKS ? week : -1;
}
