import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { roleOf, useActor } from '../actor.ts';
import { ApiError, newKey, send, type BulkAnswer, type Problem } from '../api.ts';
import { count } from '../format.ts';
import { Labelled } from '../forms/field.tsx';
import { t } from '../i18n.ts';

export interface RecordedFact {
  taskId: string;
  eventId: string;
}

/** The form that had the focus is gone. */
const focused = (box: HTMLElement | null): void => box?.focus();

/** What was just recorded, taken back in the same place: each fact is annulled, with one reason. Who may not is told who can. */
export function Undo({ facts, undone }: { facts: readonly RecordedFact[]; undone?: () => void }) {
  const actor = useActor();
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const [answer, setAnswer] = useState<BulkAnswer | null>(null);
  /** A repeat carries the same key, so that a lost answer cannot become a second annulment. */
  const key = useRef<{ reason: string; key: string } | null>(null);
  if (facts.length === 0) return null;
  if (roleOf(actor) !== 'office') return <p className="quiet">{t('Ghi nhầm? Văn phòng UBND tỉnh hủy được ghi nhận này.')}</p>;
  if (answer)
    return (
      <div className="undone" role="status" tabIndex={-1} ref={focused}>
        <p>
          <b>{t('Đã hoàn tác {{n}} ghi nhận.', { n: count(answer.recorded) })}</b> {answer.refused > 0 ? t('{{n}} ghi nhận không hoàn tác được:', { n: count(answer.refused) }) : null}
        </p>
        {answer.items.map((item, at) =>
          item.ok ? null : (
            <p key={at} className="warnt">
              {item.code ?? item.id}: {item.problem.detail}
            </p>
          ),
        )}
      </div>
    );
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const text = reason.trim();
    if (text === '') {
      setProblem({ detail: t('Cần ghi lý do hoàn tác.') });
      return;
    }
    if (key.current?.reason !== text) key.current = { reason: text, key: newKey() };
    setSending(true);
    setProblem(null);
    try {
      const told = await send<BulkAnswer>('/tasks/bulk/undo', { facts, reason: text }, { actor, key: key.current.key });
      setAnswer(told);
      await client.invalidateQueries();
      if (told.recorded > 0) undone?.();
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { detail: String(error) });
    } finally {
      setSending(false);
    }
  };
  if (!open)
    return (
      <p>
        <button type="button" className="btn" data-undo onClick={() => setOpen(true)}>
          {t('Hoàn tác')}
        </button>
      </p>
    );
  return (
    <form className="form undo" noValidate onSubmit={(event) => void submit(event)}>
      <Labelled label={t('Lý do hoàn tác')} required errors={problem ? [{ detail: problem.detail ?? t('Không ghi được') }] : []}>
        {(ids) => <input {...ids} type="text" name="undoReason" autoFocus value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Labelled>
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {sending ? t('Đang ghi…') : t('Hủy {{n}} ghi nhận', { n: count(facts.length) })}
        </button>
        <button type="button" className="btn" onClick={() => setOpen(false)}>
          {t('Thôi')}
        </button>
      </p>
    </form>
  );
}
