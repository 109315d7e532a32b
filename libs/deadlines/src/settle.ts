import { dayVi, isDay, weekdayDayVi, type Day } from '#kernel';
import { daysOffFrom, type WorkingCalendar } from './calendar.ts';
import { DAY_OFF, MIDNIGHT } from './law.ts';
import type { CountingStep, DeadlineReading, DeadlineWarning, DueDeadline, FixedDatePolicy } from './types.ts';

/** The version of the rules in this file. Raise it when the same words would give another day; stored deadlines keep theirs. */
export const RULE_VERSION = 1;

export interface ReadingContext {
  /** Date of the directive document. */
  readonly documentDate?: Day;
  /** Day of receipt; by default the day of assignment. */
  readonly receivedOn?: Day;
  readonly policy: FixedDatePolicy;
  readonly calendar: WorkingCalendar;
}

/** Phrases that are understood, shown beside a refusal. */
export const PHRASE_EXAMPLES: readonly string[] = [
  'trước ngày 15/11/2020',
  'chậm nhất ngày 15/11/2020',
  'đến hết ngày 15/11/2020',
  'trước 16 giờ 00 ngày 20/4/2020',
  'thứ Sáu, ngày 20/11/2020',
  'trong 05 ngày làm việc kể từ ngày nhận được văn bản',
  'trong thời hạn 15 ngày kể từ ngày ký',
  'quý II/2020',
  'trong tháng 6/2020',
  'cuối năm 2020',
  'trước ngày 25 hằng tháng (kỳ tháng 6/2020)',
  'ngày 15 tháng cuối quý (kỳ quý II/2020)',
  'không thời hạn',
];

/** What each policy does, in words. */
export const POLICY_VI: Readonly<Record<FixedDatePolicy, string>> = {
  all: 'dời mọi ngày cố định rơi vào ngày nghỉ',
  none: 'không dời ngày cố định',
  'all-but-before': 'dời ngày cố định, trừ “trước ngày …”',
};

export type Refusal = Extract<DeadlineReading, { readonly ok: false }>;

/** A deadline before the question of days off. */
export interface Counted {
  readonly phrase?: string;
  readonly literal: Day;
  readonly time?: string;
  readonly basis: DueDeadline['basis'];
  readonly countsWorkingDays?: boolean;
  /** First day the calendar was asked about. */
  readonly from?: Day;
  /** The day X of "trước ngày X". */
  readonly named?: Day;
  /** How "trước …" names it when that is not a day: "trước tháng 6/2020". */
  readonly namedAs?: string;
  readonly steps: readonly CountingStep[];
  readonly warnings: readonly DeadlineWarning[];
}

/** The day in force under each policy: an hour limit never moves, a period always, a fixed date by the policy. */
export function effectiveDays(basis: DueDeadline['basis'], literal: Day, calendar: WorkingCalendar): DueDeadline['dueOnBy'] {
  const moved = basis === 'hours' ? literal : calendar.nextWorkingDay(literal);
  return { all: moved, none: basis === 'period' ? moved : literal, 'all-but-before': basis === 'fixed-before' ? literal : moved };
}

/** Applies the rule for days off and writes the end of the counting. */
export function settle(counted: Counted, context: ReadingContext): DeadlineReading {
  const { policy, calendar } = context;
  const { literal, basis, named } = counted;
  const dueOnBy = effectiveDays(basis, literal, calendar);
  const moved = dueOnBy.all;
  const dueOn = dueOnBy[policy];
  const steps: CountingStep[] = [...counted.steps];
  const warnings: DeadlineWarning[] = [...counted.warnings];

  if (moved !== literal) {
    for (const day of daysOffFrom(calendar, literal))
      steps.push({ day, text: `${weekdayDayVi(day)} là ngày nghỉ: ${calendar.whyOff(day)!}.` });
    const fixed = basis !== 'period';
    if (dueOn === literal) {
      steps.push({ day: literal, text: `Không dời: cách xử lý đang áp dụng là “${POLICY_VI[policy]}”.` });
    } else {
      steps.push({
        day: dueOn,
        text: `Dời đến hết ngày làm việc tiếp theo, ${weekdayDayVi(dueOn)}${fixed ? ` (cách xử lý đang áp dụng: “${POLICY_VI[policy]}”)` : ''}.`,
        source: DAY_OFF,
      });
      if (named !== undefined && dueOn >= named) {
        const as = counted.namedAs === undefined ? `ngày ${dayVi(named)} mà câu chữ ghi là “trước ngày”` : `ngày ${dayVi(named)} mà câu chữ ghi là “${counted.namedAs}”`;
        steps.push({
          day: dueOn,
          text:
            dueOn === named
              ? `Sau khi dời, hạn rơi đúng vào ${as}.`
              : `Sau khi dời, hạn nằm sau ${as}.`,
        });
      }
      warnings.push(
        warn(
          'moved-to-working-day',
          `Hạn theo chữ ${weekdayDayVi(literal)} là ngày nghỉ (${calendar.whyOff(literal)!}); hạn hiệu lực ${weekdayDayVi(dueOn)}.`,
        ),
      );
    }
  }
  const years = basis === 'hours' ? [] : unpublishedYears(calendar, counted.from ?? literal, moved);
  if (years.length > 0) {
    const detail = `Lịch chưa công bố cho năm ${years.join(', ')}; chỉ tính ngày nghỉ hằng tuần.`;
    steps.push({ day: dueOn, text: detail });
    warnings.push(warn('calendar-not-published', detail));
  }
  steps.push({
    day: dueOn,
    text: `Hạn hiệu lực: ${counted.time === undefined ? `hết ngày ${weekdayDayVi(dueOn)} (24 giờ)` : `${counted.time} ${weekdayDayVi(dueOn)}`}.`,
    ...(counted.time === undefined && { source: MIDNIGHT }),
  });

  const deadline: DueDeadline = {
    kind: 'due',
    ...(counted.phrase !== undefined && { phrase: counted.phrase }),
    dueOn,
    ...(counted.time !== undefined && { dueTime: counted.time }),
    literalDueOn: literal,
    basis,
    dueOnBy,
    countsWorkingDays: counted.countsWorkingDays ?? false,
    ruleVersion: RULE_VERSION,
    calendarVersion: calendar.version,
    steps,
    readWith: {
      ...(isKnown(context.documentDate) && { documentDate: context.documentDate }),
      ...(isKnown(context.receivedOn) && { receivedOn: context.receivedOn }),
      policy,
    },
  };
  return { ok: true, deadline, warnings };
}

function isKnown(day: Day | undefined): day is Day {
  return day !== undefined && isDay(day);
}

function unpublishedYears(calendar: WorkingCalendar, from: Day, to: Day): string[] {
  const years: string[] = [];
  for (let y = +from.slice(0, 4); y <= +to.slice(0, 4); y++) if (!calendar.isPublished(y)) years.push(String(y));
  return years;
}

export function refuse(code: string, detail: string, given: string): Refusal {
  return { ok: false, code, detail, given, examples: PHRASE_EXAMPLES };
}

export function noSuchDate(date: string, given: string): Refusal {
  return refuse('date-does-not-exist', `Ngày “${date}” không tồn tại.`, given);
}

export function noSuchTime(given: string): Refusal {
  return refuse('time-does-not-exist', `Giờ trong “${given}” không tồn tại (00:00–24:00).`, given);
}

export function warn(code: string, detail: string): DeadlineWarning {
  return { code, detail };
}
