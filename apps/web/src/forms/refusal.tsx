import { useEffect, useRef } from 'react';
import { type Problem, type TaskEvent } from '../api.ts';
import { moment } from '../format.ts';
import { t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { useUnits } from '../scope/units.ts';
import { actorWords } from '../task/story.tsx';

/** Why a command was refused, and the fact that stands in the way; the field it belongs to says the same beside itself. */
export function Refusal({
  problem,
  events,
  meanwhile = [],
  reload,
}: {
  problem: Problem;
  events: readonly TaskEvent[];
  /** What others recorded since the form was opened. */
  meanwhile?: readonly TaskEvent[];
  reload?: () => void;
}) {
  const units = useUnits();
  // Revisions are for programs.
  const changed = problem.code === 'revision-mismatch';
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // To the field that is wrong where there is one, else to the sentence.
    const wrong = box.current?.closest('form')?.querySelector<HTMLElement>('[aria-invalid=true], .wrong input, .wrong select');
    (wrong ?? box.current)?.focus();
  }, [problem]);
  const fact = problem.fact;
  const standing = fact ? events.find((event) => event.id === fact.eventId) : undefined;
  return (
    <div ref={box} className="refusal" role="alert" tabIndex={-1}>
      <p>
        <span lang={problem.status === undefined ? undefined : saidIn()}>
          <b>{problem.title ?? t('Không ghi được')}.</b> {changed ? null : problem.detail}
        </span>
        {changed ? <> {t('Người khác vừa ghi vào việc này, nên lệnh của anh chị chưa được ghi.')}</> : null}
      </p>
      {fact ? (
        <p>
          {t('Vướng')}{' '}
          <a href={`#su-kien-${fact.eventId}`} onClick={() => document.getElementById(`su-kien-${fact.eventId}`)?.focus()}>
            {standing?.name ?? t('một ghi nhận')} {moment(fact.occurredAt)}
          </a>
          .
        </p>
      ) : null}
      {meanwhile.length > 0 ? (
        <>
          <p>{t('Từ lúc mở biểu mẫu này, việc đã được ghi thêm:')}</p>
          <ul className="meanwhile">
            {meanwhile.map((event) => (
              <li key={event.id}>
                <span lang={saidIn()}>{event.sentence}</span>
                <span className="sub">
                  {event.actor ? `${actorWords(event.actor, units.data ?? [])} · ` : null}
                  {moment(event.recordedAt)}
                </span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {changed && reload ? (
        <p>
          <button type="button" className="btn" onClick={reload}>
            {t('Lấy diễn biến mới, giữ phần đã điền')}
          </button>
        </p>
      ) : null}
    </div>
  );
}
