import { CELLS, Told, selecting, type Cell, type Columns, type FiguresQuery, type Marks, type Selector, type Visit } from '#figures';
import type { WorkingCalendar } from '#deadlines';
import { DAY_MS, addDays, dayNumber, dayNumberOf, dayOf, endOfDay, startOfDay, type Day, type Instant } from '#kernel';
import { weeksFrom, type Week } from './weeks.ts';

/** Without a fact by those in charge for so many days, an open task is stale. */
export const STALE_DAYS = 14;
/** "Sắp đến hạn" looks so many working days ahead, beside the nearer ones of the setting. */
export const AHEAD = 7;
export const LOAD_WEEKS = 8;

/** The days that a question's instant makes, as day numbers, so that a pass compares numbers only. */
export interface Calendar {
  readonly at: Instant;
  readonly today: number;
  /** Last day within the few working days of the setting, today included, and within seven. */
  readonly near: number;
  readonly ahead: number;
  /** Told about before this instant is stale. */
  readonly stale: Instant;
  /** The weeks that deadlines ahead fall in, and the day number of each Monday. */
  readonly weeks: readonly Week[];
  readonly mondays: readonly number[];
}

export function calendarFor(at: Instant, calendar: WorkingCalendar, nearDays: number): Calendar {
  const day = dayOf(at);
  const last = (days: number): number => {
    // The days off after the last working day are within it too: no more working days lie before them.
    let end = calendar.addWorkingDays(day, days);
    while (calendar.workingDaysBetween(day, addDays(end, 1)) <= days) end = addDays(end, 1);
    return dayNumber(end);
  };
  const weeks = weeksFrom(day, LOAD_WEEKS);
  return { at, today: dayNumber(day), near: last(nearDays), ahead: last(AHEAD), stale: at - STALE_DAYS * DAY_MS, weeks, mondays: weeks.map(({ from }) => dayNumber(from)) };
}

/** A task of N at (A, K), with what was told of it; one object, written over for the next. */
export interface Surveyed {
  visit: Visit;
  cell: Cell;
  told: Told;
  /** Number of the day on which its deadline ends; NaN without one. */
  dueDay: number;
  /** Calendar days since then, of what is overdue; else 0. */
  late: number;
}

/** Shows every task of N, by the definition of figures, in one pass. */
export function survey({ columns, marks }: { readonly columns: Columns; readonly marks: Marks }, query: FiguresQuery, today: number, meet: (task: Surveyed) => void): void {
  const counted = selecting({ by: 'all' });
  const told = new Told();
  const task = { told } as Surveyed;
  columns.visit(query, (visit) => {
    if (!counted(visit.code, visit.bits)) return;
    task.visit = visit;
    task.cell = CELLS[visit.code]!;
    task.dueDay = visit.due === Infinity ? NaN : dayNumberOf(visit.due);
    task.late = task.cell === 'O2' ? today - task.dueDay : 0;
    marks.read(visit.task, query.at, query.known, told);
    meet(task);
  });
}

const NINETY = 90;

/** Tasks whose effective deadline lies in the ninety days that end with the day, or in ninety earlier ones: the cohort C3 of those days. */
export function ninetyDays({ groupBy: _, ...query }: FiguresQuery, day: Day, back = 0): FiguresQuery {
  const last = addDays(day, -back * NINETY);
  return { ...query, cohort: 'C3', p0: startOfDay(addDays(last, 1 - NINETY)), p1: endOfDay(last), at: back === 0 ? query.at : endOfDay(last) - 1 };
}

/** The tasks that a number of a week behind counts: the question about that week as a period, cut at the instant, and what of its answer they are. */
export function weekBehind(what: 'assigned-week' | 'completed-week' | 'overdue-at', { groupBy: _, ...query }: FiguresQuery, { from, to }: Week): { readonly query: FiguresQuery; readonly selector: Selector } {
  return {
    query: { ...query, cohort: 'C2', p0: startOfDay(from), p1: endOfDay(to), at: Math.min(endOfDay(to) - 1, query.at) },
    selector: what === 'overdue-at' ? { by: 'cell', cells: ['O2'] } : { by: 'flow', flow: what === 'assigned-week' ? 'new' : 'closed' },
  };
}
