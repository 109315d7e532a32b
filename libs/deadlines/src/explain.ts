import { weekdayDayVi } from '#kernel';
import { POLICY_VI } from './settle.ts';
import { FIXED_DATE_POLICIES, type CountingStep, type DeadlineReading } from './types.ts';

/** Refusals that an example does not help: the words are understood. */
const UNDERSTOOD: readonly string[] = ['document-date-missing', 'received-day-missing', 'weekday-disagrees', 'recurrence-needs-occurrence'];

/**
 * A reading as lines for people: the day in force, the counting day by day with its sources, what other policies would give, warnings;
 * or the reason of the refusal with the occurrences of a recurring duty or phrases that are understood.
 */
export function explainReading(reading: DeadlineReading): readonly string[] {
  if (!reading.ok) {
    const { code, detail, examples, occurrences = [], occurrencePhrases = [] } = reading;
    if (occurrences.length > 0)
      return [detail, 'Các kỳ tiếp theo (hạn theo chữ, và câu chữ để ghi cho một việc):', ...occurrences.map((day, i) => `  ${weekdayDayVi(day)}  ${occurrencePhrases[i] ?? ''}`.trimEnd())];
    const lines = code === 'recurrence-needs-occurrence' ? [detail, 'Cho biết ngày văn bản hoặc ngày nhận thì các kỳ tiếp theo được liệt kê.'] : [detail];
    return UNDERSTOOD.includes(code) ? lines : [...lines, 'Ví dụ hiểu được:', ...examples.map((e) => `  ${e}`)];
  }
  const { deadline } = reading;
  if (deadline.kind === 'none') return ['Không thời hạn: không tính vào tỷ lệ đúng hạn cho đến khi có ngày cụ thể.'];
  const { dueOn, dueTime, literalDueOn, dueOnBy } = deadline;
  const others = FIXED_DATE_POLICIES.filter((policy) => dueOnBy[policy] !== dueOn);
  return [
    `Hạn: ${dueTime === undefined ? 'hết ngày' : dueTime} ${weekdayDayVi(dueOn)}${literalDueOn === dueOn ? '' : ` (theo chữ: ${weekdayDayVi(literalDueOn)})`}`,
    ...deadline.steps.map(stepLine),
    ...others.map((policy) => `  Nếu theo cách xử lý ${policy} (${POLICY_VI[policy]}): hết ngày ${weekdayDayVi(dueOnBy[policy])}`),
    ...reading.warnings.map((warning) => `  Lưu ý: ${warning.detail}`),
  ];
}

/** The day stands in front unless the sentence begins with it. */
function stepLine({ day, text, source }: CountingStep): string {
  const on = weekdayDayVi(day);
  return `  ${text.startsWith(on) ? text : `${on}  ${text}`}${source === undefined ? '' : ` (${source})`}`;
}
