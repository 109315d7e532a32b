import { type Deadline, type Step } from '../api.ts';
import { due, isDay, longDay } from '../format.ts';
import { BASIS_WORDS } from '../words.ts';

export const dueWords = (deadline: Deadline | null): string =>
  !deadline?.dueOn
    ? 'Không thời hạn'
    : deadline.dueTime
      ? `${deadline.dueTime.slice(0, 5)} ${longDay(deadline.dueOn)}`
      : `hết ${longDay(deadline.dueOn)}`;

export function StepList({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="steps">
      {steps.map((step, index) => (
        <li key={index}>
          <span className="w">{step.day && isDay(step.day) ? longDay(step.day) : step.day}</span>
          <span>
            {step.text}
            {step.source ? <span className="sub">{step.source}</span> : null}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** How one deadline came about: its words, its counting day by day, its move off a day off. */
export function Counting({ deadline }: { deadline: Deadline | null }) {
  if (!deadline?.dueOn) return <p className="quiet">Không thời hạn, nên không nằm trong các tỷ lệ đúng hạn.</p>;
  const steps = deadline.steps ?? [];
  return (
    <div className="counting">
      {deadline.phrase ? <p className="quiet">Nguyên văn: “{deadline.phrase}”.</p> : null}
      {steps.length > 0 ? <StepList steps={steps} /> : null}
      {deadline.literalDueOn && deadline.literalDueOn !== deadline.dueOn ? (
        <p>
          Theo mặt chữ {due(deadline.literalDueOn, null)}; dời tới <b>{due(deadline.dueOn, deadline.dueTime)}</b> vì trúng ngày nghỉ.
        </p>
      ) : null}
      <p>
        Hạn: <b>{dueWords(deadline)}</b>
        {deadline.dueTime ? '.' : ', kết thúc lúc 24:00.'}
      </p>
      {deadline.basis ? (
        <p className="quiet">
          Loại hạn: {BASIS_WORDS[deadline.basis] ?? deadline.basis}.
          {deadline.calendarVersion ? ` Lịch làm việc bản ${deadline.calendarVersion}.` : ''}
        </p>
      ) : null}
    </div>
  );
}
