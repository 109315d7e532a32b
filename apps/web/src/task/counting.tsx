import { type Deadline, type Step } from '../api.ts';
import { due, isDay, longDay } from '../format.ts';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { BASIS_WORDS } from '../words.ts';

export const dueWords = (deadline: Deadline | null): string =>
  !deadline?.dueOn
    ? t('Không thời hạn')
    : deadline.dueTime
      ? `${deadline.dueTime.slice(0, 5)} ${longDay(deadline.dueOn)}`
      : t('hết {{dueOn}}', { dueOn: longDay(deadline.dueOn) });

export function StepList({ steps }: { steps: readonly Step[] }) {
  return (
    <ol className="steps">
      {steps.map((step, index) => (
        <li key={index}>
          <span className="w">{step.day && isDay(step.day) ? longDay(step.day) : step.day}</span>
          <span lang={saidIn()}>
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
  if (!deadline?.dueOn) return <p className="quiet">{t('Không thời hạn, nên không nằm trong các tỷ lệ đúng hạn.')}</p>;
  const steps = deadline.steps ?? [];
  return (
    <div className="counting">
      {deadline.phrase ? <p className="quiet">{t('Nguyên văn: “{{phrase}}”.', { phrase: deadline.phrase })}</p> : null}
      {steps.length > 0 ? <StepList steps={steps} /> : null}
      {deadline.literalDueOn && deadline.literalDueOn !== deadline.dueOn ? (
        <p>
          {t('Theo mặt chữ {{literalDueOn}}; dời tới', { literalDueOn: due(deadline.literalDueOn, null) })}{' '}
          <b>{due(deadline.dueOn, deadline.dueTime)}</b> {t('vì trúng ngày nghỉ.')}
        </p>
      ) : null}
      <p>
        {t('Hạn:')} <b>{dueWords(deadline)}</b>
        {deadline.dueTime ? '.' : t(', kết thúc lúc 24:00.')}
      </p>
      {deadline.basis ? (
        <p className="quiet">
          {t('Loại hạn: {{basis}}.', { basis: BASIS_WORDS[deadline.basis] ?? deadline.basis })}
          {deadline.calendarVersion ? ` ${t('Lịch làm việc bản {{version}}.', { version: deadline.calendarVersion })}` : ''}
        </p>
      ) : null}
    </div>
  );
}
