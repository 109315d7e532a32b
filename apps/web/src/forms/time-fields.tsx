import { type Problem } from '../api.ts';
import { isDay } from '../format.ts';
import { t } from '../i18n.ts';
import { Labelled, refusalsOf } from './field.tsx';

export interface TimeDraft {
  other: boolean;
  on: string;
  reason: string;
  document: string;
}
export const emptyTime: TimeDraft = { other: false, on: '', reason: '', document: '' };

export function timeBody(time: TimeDraft): { body: Record<string, string> } | { missing: string; says: string } {
  if (!time.other) return { body: {} };
  if (!isDay(time.on)) return { missing: 'occurredOn', says: t('Cần ngày xảy ra.') };
  return {
    body: {
      occurredOn: time.on,
      ...(time.reason.trim() ? { backdateReason: time.reason.trim() } : {}),
      ...(time.document.trim() ? { backdateDocument: time.document.trim() } : {}),
    },
  };
}

/** An earlier day and why it is recorded only now: the two belong together. */
export function TimeFields({
  time,
  onChange,
  today,
  problem,
}: {
  time: TimeDraft;
  onChange: (time: TimeDraft) => void;
  today: string;
  problem: Problem | null;
}) {
  const onErrors = [...refusalsOf(problem, 'occurredOn'), ...refusalsOf(problem, 'occurredAt')];
  return (
    <div className="when">
      <label className="check">
        <input
          type="checkbox"
          name="ngayKhac"
          checked={time.other}
          onChange={(event) => onChange({ ...time, other: event.target.checked })}
        />{' '}
        {t('Xảy ra từ trước, nay mới ghi')}
      </label>
      {time.other ? (
        <>
          <Labelled label={t('Ngày xảy ra')} required errors={onErrors}>
            {(ids) => (
              <input
                {...ids}
                type="date"
                name="occurredOn"
                max={today}
                value={time.on}
                onChange={(event) => onChange({ ...time, on: event.target.value })}
              />
            )}
          </Labelled>
          <Labelled
            label={t('Vì sao nay mới ghi')}
            required={!isDay(time.on) || time.on < today}
            errors={refusalsOf(problem, 'backdateReason')}
          >
            {(ids) => (
              <textarea
                {...ids}
                name="backdateReason"
                rows={2}
                value={time.reason}
                onChange={(event) => onChange({ ...time, reason: event.target.value })}
              />
            )}
          </Labelled>
          <Labelled label={t('Văn bản làm căn cứ')} errors={refusalsOf(problem, 'backdateDocument')}>
            {(ids) => (
              <input
                {...ids}
                type="text"
                name="backdateDocument"
                value={time.document}
                onChange={(event) => onChange({ ...time, document: event.target.value })}
              />
            )}
          </Labelled>
        </>
      ) : null}
    </div>
  );
}
