import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useState } from 'react';
import { ApiError, read, type Deadline, type ProblemItem, type Warning } from '../api.ts';
import { day, isDay, longDay } from '../format.ts';
import { asRecorded, t } from '../i18n.ts';
import { saidIn } from '../said.tsx';
import { dueWords, StepList } from '../task/counting.tsx';
import { FieldErrors } from './field.tsx';

/** What the person gives, as the API takes it. */
export type DeadlineInput = { phrase: string; receivedOn?: string } | { date: string; time?: string } | { none: true };
export interface DeadlineDraft {
  kind: 'phrase' | 'date' | 'none' | 'keep';
  phrase: string;
  receivedOn: string;
  date: string;
  time: string;
}
export const emptyDeadline = (kind: DeadlineDraft['kind'] = 'phrase'): DeadlineDraft => ({
  kind,
  phrase: '',
  receivedOn: '',
  date: '',
  time: '',
});

/** null: nothing usable typed yet, or the old deadline is kept. */
export function deadlineInput(draft: DeadlineDraft): DeadlineInput | null {
  if (draft.kind === 'none') return { none: true };
  if (draft.kind === 'date') return isDay(draft.date) ? { date: draft.date, ...(draft.time ? { time: draft.time } : {}) } : null;
  if (draft.kind === 'phrase' && draft.phrase.trim())
    return { phrase: draft.phrase.trim(), ...(isDay(draft.receivedOn) ? { receivedOn: draft.receivedOn } : {}) };
  return null;
}

interface Reading {
  deadline: Deadline;
  warnings: Warning[];
}

/** A typed date is read through the same door as a phrase, so that its move off a day off is shown too. */
function phraseOf(draft: DeadlineDraft): string | null {
  if (draft.kind === 'phrase') return draft.phrase.trim() || null;
  if (draft.kind !== 'date' || !isDay(draft.date)) return null;
  return draft.time
    ? asRecorded(`trước ${draft.time.slice(0, 2)} giờ ${draft.time.slice(3, 5)} ngày ${day(draft.date)}`)
    : asRecorded(`đến hết ngày ${day(draft.date)}`);
}

function useReading(draft: DeadlineDraft, documentDate: string | null, receivedOn: string | null) {
  const phrase = phraseOf(draft);
  const [settled, setSettled] = useState(phrase);
  useEffect(() => {
    const wait = setTimeout(() => setSettled(phrase), 250);
    return () => clearTimeout(wait);
  }, [phrase]);
  const received = isDay(draft.receivedOn) ? draft.receivedOn : receivedOn;
  const body = {
    phrase: settled,
    ...(documentDate && isDay(documentDate) ? { documentDate } : {}),
    ...(received && isDay(received) ? { receivedOn: received } : {}),
  };
  const asked = useQuery({
    queryKey: ['deadline', body],
    queryFn: ({ signal }) => read<Reading>('/deadlines/read', body, signal),
    enabled: settled !== null && settled.length > 2,
    retry: false,
    staleTime: 600_000,
  });
  return { ...asked, current: settled === phrase };
}

/**
 * The deadline box: the words of the document, a day, or none; beside it the day it comes to and how it was counted, while one types.
 * `keep` offers to leave the deadline as it is.
 */
export function DeadlineField({
  label,
  draft,
  onChange,
  onRead,
  documentDate,
  receivedOn,
  keep,
  allowNone = true,
  errors = [],
}: {
  label: string;
  draft: DeadlineDraft;
  onChange: (draft: DeadlineDraft) => void;
  onRead?: (deadline: Deadline | null) => void;
  documentDate: string | null;
  receivedOn: string | null;
  keep?: string;
  allowNone?: boolean;
  errors?: readonly ProblemItem[];
}) {
  const id = useId();
  const reading = useReading(draft, documentDate, receivedOn);
  const deadline = draft.kind === 'none' ? { kind: 'none' } : (reading.data?.deadline ?? null);
  const shown = reading.current && phraseOf(draft) !== null ? deadline : draft.kind === 'none' ? deadline : null;
  const key = JSON.stringify(shown);
  useEffect(() => onRead?.(shown), [key]);
  const kinds: [DeadlineDraft['kind'], string][] = [
    ...(keep ? ([['keep', keep]] as [DeadlineDraft['kind'], string][]) : []),
    ['phrase', t('Ghi như trong văn bản')],
    ['date', t('Ngày cụ thể')],
    ...(allowNone ? ([['none', t('Không thời hạn')]] as [DeadlineDraft['kind'], string][]) : []),
  ];
  const problem = reading.error instanceof ApiError ? reading.error.problem : null;
  return (
    <fieldset className={errors.length > 0 ? 'deadline wrong' : 'deadline'} aria-describedby={errors.length > 0 ? `${id}-sai` : undefined}>
      <legend>{label}</legend>
      <div className="kinds">
        {kinds.map(([kind, word]) => (
          <label key={kind}>
            <input type="radio" name={id} value={kind} checked={draft.kind === kind} onChange={() => onChange({ ...draft, kind })} /> {word}
          </label>
        ))}
      </div>
      {draft.kind === 'phrase' ? (
        <div className="row">
          <input
            type="text"
            name="phrase"
            aria-label={t('{{label}}, ghi như trong văn bản', { label })}
            placeholder={t('trước ngày 15/12/2020; trong 10 ngày làm việc kể từ ngày nhận')}
            value={draft.phrase}
            onChange={(event) => onChange({ ...draft, phrase: event.target.value })}
          />
          {/nh[aậ]n/i.test(draft.phrase) ? (
            <label className="inline">
              {t('Ngày nhận')}{' '}
              <input
                type="date"
                name="receivedOn"
                value={draft.receivedOn || (receivedOn ?? '')}
                onChange={(event) => onChange({ ...draft, receivedOn: event.target.value })}
              />
            </label>
          ) : null}
        </div>
      ) : draft.kind === 'date' ? (
        <div className="row">
          <input
            type="date"
            name="date"
            aria-label={t('{{label}}, ngày', { label })}
            value={draft.date}
            onChange={(event) => onChange({ ...draft, date: event.target.value })}
          />
          <label className="inline">
            {t('Giờ')} <span className="opt">{t('(nếu có)')}</span>{' '}
            <input type="time" name="time" value={draft.time} onChange={(event) => onChange({ ...draft, time: event.target.value })} />
          </label>
        </div>
      ) : null}
      <FieldErrors id={`${id}-sai`} errors={errors} />
      <div className="reading" aria-live="polite">
        {draft.kind === 'none' ? (
          <p className="quiet">{t('Việc không thời hạn không nằm trong các tỷ lệ đúng hạn.')}</p>
        ) : phraseOf(draft) === null ? null : problem ? (
          <Unread problem={problem} use={(next) => onChange({ ...draft, ...next })} />
        ) : shown?.dueOn ? (
          <>
            <p>
              {t('Đọc là:')} <b className="due">{dueWords(shown)}</b>
              {shown.literalDueOn && shown.literalDueOn !== shown.dueOn ? (
                <span className="warnt">
                  {' '}
                  {t('· theo mặt chữ {{literalDueOn}}, trúng ngày nghỉ', { literalDueOn: longDay(shown.literalDueOn) })}
                </span>
              ) : null}
            </p>
            {(reading.data?.warnings ?? []).map((warning) => (
              <p key={warning.code} className="warnt" lang={saidIn()}>
                {warning.detail}
              </p>
            ))}
            <details>
              <summary>{t('Cách tính, từng ngày')}</summary>
              <StepList steps={shown.steps ?? []} />
            </details>
          </>
        ) : shown ? (
          <p>{t('Đọc là: không thời hạn.')}</p>
        ) : (
          <p className="quiet">{t('Đang đọc…')}</p>
        )}
      </div>
    </fieldset>
  );
}

function Unread({
  problem,
  use,
}: {
  problem: { detail?: string; examples?: string[]; occurrences?: string[] };
  use: (next: Partial<DeadlineDraft>) => void;
}) {
  return (
    <>
      <p className="warnt" lang={problem.detail ? saidIn() : undefined}>
        {problem.detail ?? t('Chưa đọc được thời hạn này.')}
      </p>
      {problem.occurrences && problem.occurrences.length > 0 ? (
        <p className="offers">
          {t('Chọn một kỳ:')}{' '}
          {problem.occurrences.slice(0, 4).map((on) => (
            <button key={on} type="button" className="chip" onClick={() => use({ kind: 'date', date: on })}>
              {longDay(on)}
            </button>
          ))}
        </p>
      ) : null}
      {problem.examples && problem.examples.length > 0 ? (
        <p className="quiet">
          {t('Ví dụ đọc được:')}{' '}
          {problem.examples
            .slice(0, 3)
            .map((one) => `“${one}”`)
            .join('; ')}
          {t('. Hoặc chọn “Ngày cụ thể”.')}
        </p>
      ) : null}
    </>
  );
}
