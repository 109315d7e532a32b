import { dayVi, isDay, weekday, type Day } from '#kernel';
import { AGES, ageOf } from './ages.ts';
import { LOAD_WEEKS, type Calendar, type Surveyed } from './survey.ts';
import { weekFrom } from './weeks.ts';

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
  'done-on-time': ({ cell }) => cell === 'D1',
  'done-late': ({ cell }) => cell === 'D2',
  'in-time': ({ cell }) => cell === 'O1',
  'no-deadline': ({ cell }) => cell === 'O3' || cell === 'D3',
  suspended: ({ cell }) => cell === 'X',
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

/** Numbers that are told of one week: what of the tasks in time falls due in it, what was assigned or done in it, and what was overdue at its end. */
const WEEK_WHATS = ['load', 'assigned-week', 'completed-week', 'overdue-at'] as const;
export type WeekWhat = (typeof WEEK_WHATS)[number];

/** What a question about the dashboard can be narrowed to: the tasks that these of its numbers count; those of a week with its Monday behind them. */
export const ONLY = [...TASK_WHATS, 'on-time-90', 'matured-90'] as const;
type Named = (typeof ONLY)[number];
export type Only = Named | `${WeekWhat}-${Day}`;

/** The number and the Monday of one that is told of a week. */
export function weekOf(one: string): { readonly what: WeekWhat; readonly monday: Day } | undefined {
  const what = WEEK_WHATS.find((each) => one.startsWith(`${each}-`));
  if (what === undefined) return undefined;
  const monday = one.slice(what.length + 1);
  return isDay(monday) && weekday(monday) === 1 ? { what, monday } : undefined;
}

export const isOnly = (one: string): one is Only => (ONLY as readonly string[]).includes(one) || weekOf(one) !== undefined;

/** The same in words, as it stands after "chỉ việc". */
const ONLY_NAMES: Readonly<Record<Named, string>> = {
  all: 'trong tổng số', open: 'chưa hoàn thành', 'done-on-time': 'hoàn thành đúng hạn', 'done-late': 'hoàn thành quá hạn', 'in-time': 'đang thực hiện trong hạn', 'no-deadline': 'chưa có thời hạn', suspended: 'tạm dừng',
  overdue: 'quá hạn chưa hoàn thành', 'overdue-over-30': 'quá hạn trên 30 ngày', 'age-1-7': 'quá hạn 1–7 ngày', 'age-8-30': 'quá hạn 8–30 ngày', 'age-31-90': 'quá hạn 31–90 ngày', 'age-over-90': 'quá hạn trên 90 ngày',
  'due-3': 'sắp đến hạn', 'due-7': 'đến hạn trong 7 ngày làm việc', 'due-7-no-update': 'đến hạn trong 7 ngày làm việc mà 14 ngày chưa cập nhật', extended: 'đã gia hạn', waiting: 'chờ lãnh đạo xử lý',
  'waiting-extension': 'có đề nghị gia hạn chờ quyết', 'waiting-completion': 'chờ xác nhận hoàn thành', 'waiting-explanation': 'có giải trình đã nhận', 'waiting-return': 'có đề nghị trả lại chờ quyết', 'load-later': 'đến hạn sau 8 tuần',
  'no-update-14': 'không cập nhật từ 14 ngày', 'due-3-below-half': 'sắp đến hạn mà tiến độ dưới 50 %', 'extended-twice': 'gia hạn từ 2 lần', returned: 'đã bị trả lại mà chưa báo cáo lại', 'on-time-90': 'đúng hạn trong 90 ngày qua', 'matured-90': 'đến hạn trong 90 ngày qua',
};

const WEEK_NAMES: Readonly<Record<WeekWhat, string>> = { load: 'đến hạn trong tuần', 'assigned-week': 'giao trong tuần', 'completed-week': 'hoàn thành trong tuần', 'overdue-at': 'quá hạn chưa hoàn thành cuối tuần' };

function onlyName(one: string): string {
  const week = weekOf(one);
  if (week === undefined) return (ONLY_NAMES as Readonly<Record<string, string | undefined>>)[one] ?? one;
  const { from, to } = weekFrom(week.monday);
  return `${WEEK_NAMES[week.what]} ${dayVi(from).slice(0, 5)}–${dayVi(to)}`;
}

/** All of them at once: "đã gia hạn và quá hạn chưa hoàn thành". */
export const onlyWords = (only: readonly string[]): string => only.map(onlyName).join(' và ');
