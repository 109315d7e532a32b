import type { CountedTask } from '#figures';
import { countVi, dayOf, dayVi, type Instant } from '#kernel';
import type { Calendar, Surveyed } from './survey.ts';
import { TASK_TESTS } from './whats.ts';

/* Rules, not a score: each says of a task why a leader should look at it. */

export const EXCEPTION_RULES = ['oldest-overdue', 'due-3-below-half', 'extended-twice', 'no-update-14', 'returned', 'blocked-by-overdue'] as const;
export type ExceptionRule = (typeof EXCEPTION_RULES)[number];

export const EXCEPTION_NAMES: Readonly<Record<ExceptionRule, string>> = {
  'oldest-overdue': 'Quá hạn lâu nhất của đơn vị',
  'due-3-below-half': 'Sắp đến hạn mà tiến độ dưới 50 %',
  'extended-twice': 'Gia hạn từ 2 lần',
  'no-update-14': 'Không cập nhật từ 14 ngày',
  returned: 'Đã bị trả lại, chưa báo cáo lại',
  'blocked-by-overdue': 'Phụ thuộc việc đang quá hạn',
};

export interface Why {
  readonly rule: ExceptionRule;
  readonly words: string;
}

/** A task that a rule has found, with the reasons in the order of the rules. */
export interface Exceptional {
  readonly task: CountedTask;
  readonly why: readonly Why[];
}

interface Candidate {
  readonly task: CountedTask;
  readonly why: Why[];
}

/** An open task whose last report names what it waits for; whether that is an overdue task has to be looked up. */
export interface Hindered {
  readonly task: CountedTask;
  /** The task's number, and the fact that names the obstacle. */
  readonly number: number;
  readonly fact: number;
}

/** Gathers what the rules find in one survey. */
export class ExceptionsFound {
  private readonly found = new Map<string, Candidate>();
  private readonly oldest = new Map<string, { readonly task: CountedTask; readonly late: number }>();
  readonly hindered: Hindered[] = [];
  private readonly days: Calendar;
  constructor(days: Calendar) {
    this.days = days;
  }

  meet(surveyed: Surveyed): void {
    const { days } = this;
    if (!TASK_TESTS.open(surveyed)) return;
    const { told, visit, late, cell, dueDay } = surveyed;
    let task: CountedTask | undefined;
    const shown = (): CountedTask => (task ??= visit.shown());
    if (cell === 'O2') {
      const other = this.oldest.get(visit.unitId);
      if (!other || visit.due < other.task.due || (visit.due === other.task.due && visit.taskId < other.task.taskId)) this.oldest.set(visit.unitId, { task: shown(), late });
    }
    if (TASK_TESTS['due-3-below-half'](surveyed, days)) this.add(shown(), 'due-3-below-half', `${dueDay === days.today ? 'đến hạn hôm nay' : `còn đến hạn ${dayVi(dayOf(visit.due))}`}, ${told.percent < 0 ? 'chưa báo tiến độ' : `tiến độ ${String(told.percent)} %`}`);
    if (TASK_TESTS['extended-twice'](surveyed)) this.add(shown(), 'extended-twice', `đã gia hạn ${countVi(told.extensions)} lần, ${told.daysAdded < 0 ? 'rút ngắn' : 'thêm'} ${countVi(Math.abs(told.daysAdded))} ngày`);
    if (TASK_TESTS['no-update-14'](surveyed, days)) this.add(shown(), 'no-update-14', `không cập nhật từ ${dayWords(told.updatedAt)}`);
    if (TASK_TESTS.returned(surveyed)) this.add(shown(), 'returned', `bị trả lại ${dayWords(told.sentBackAt)}, chưa báo cáo lại`);
    if (told.obstacle >= 0) this.hindered.push({ task: shown(), number: visit.task, fact: told.obstacle });
  }

  /** One of the hindered waits for a task that is overdue, by the code given. */
  blocked({ task }: Hindered, code: string): void {
    this.add(task, 'blocked-by-overdue', `chờ ${code} đang quá hạn`);
  }

  /** What was found, of the rules asked: the most reasons first, then by deadline and id. */
  close(rules: readonly ExceptionRule[] = EXCEPTION_RULES): readonly Exceptional[] {
    for (const { task, late } of this.oldest.values()) this.add(task, 'oldest-overdue', late === 0 ? 'quá hạn lâu nhất của đơn vị: quá hạn hôm nay' : `quá hạn lâu nhất của đơn vị: ${countVi(late)} ngày`);
    this.oldest.clear();
    return [...this.found.values()]
      .map(({ task, why }) => ({ task, why: rules.flatMap((rule) => why.filter((one) => one.rule === rule)) }))
      .filter(({ why }) => why.length > 0)
      .sort((a, b) => b.why.length - a.why.length || (a.task.due === b.task.due ? 0 : a.task.due - b.task.due) || (a.task.taskId < b.task.taskId ? -1 : 1));
  }

  private add(task: CountedTask, rule: ExceptionRule, words: string): void {
    const one = this.found.get(task.taskId);
    if (one) one.why.push({ rule, words });
    else this.found.set(task.taskId, { task, why: [{ rule, words }] });
  }
}

const dayWords = (at: Instant): string => `ngày ${dayVi(dayOf(at))}`;

/** The task codes and ids that the words of an obstacle name. */
export const namedIn = (words: string): readonly string[] => words.match(/NV-\d{4}-\d{4,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/giu) ?? [];
