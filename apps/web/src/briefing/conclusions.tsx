import { useRef, useState, type SubmitEvent } from 'react';
import { ApiError, newKey, send, type Problem } from '../api.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { t } from '../i18n.ts';
import { briefingPath } from './ask.ts';
import { MOST_SHORT, MOST_TEXT } from './draft.ts';
import { type Briefing, type Conclusion } from './types.ts';
import { clockOf, KIND_WORDS, shortDay } from './words.ts';

/** Words can be mended and a conclusion struck; what it did to a task stays, and is undone there. */
function Repair({
  briefing,
  conclusion,
  how,
  actor,
  leave,
  done,
}: {
  briefing: Briefing;
  conclusion: Conclusion;
  how: 'amend' | 'strike';
  actor: string;
  leave: () => void;
  done: (says: string) => void;
}) {
  const [text, setText] = useState(conclusion.text);
  const [short, setShort] = useState(conclusion.short);
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const key = useRef(newKey());
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (!reason.trim()) {
      setProblem({ title: t('Chưa đủ'), detail: t('Cần lý do.'), errors: [{ pointer: '/reason', detail: t('Cần lý do.') }] });
      return;
    }
    const body = how === 'strike' ? { reason: reason.trim() } : { text: text.trim(), short: short.trim(), reason: reason.trim() };
    setSending(true);
    try {
      const recorded = await send(`${briefingPath(briefing.id)}/conclusions/${encodeURIComponent(conclusion.id)}/${how}`, body, { actor, key: key.current });
      const undo = recorded.warnings.map(({ detail }) => detail).join(' ');
      done(how === 'strike' ? `${t('Đã gạch kết luận {{n}}.', { n: conclusion.number })} ${undo}` : t('Đã sửa chữ kết luận {{n}}.', { n: conclusion.number }));
    } catch (error) {
      key.current = newKey();
      setProblem(error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
      setSending(false);
    }
  };
  return (
    <form
      className="form brrepair"
      noValidate
      onSubmit={(event) => void submit(event)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return;
        event.preventDefault();
        leave();
      }}
    >
      {how === 'amend' ? (
        <>
          <Labelled label={t('Nội dung')} required errors={refusalsOf(problem, 'text')}>
            {(ids) => <textarea {...ids} name="text" rows={2} maxLength={MOST_TEXT} value={text} autoFocus onChange={(event) => setText(event.target.value)} />}
          </Labelled>
          <Labelled label={t('Câu hiện trên màn')} required errors={refusalsOf(problem, 'short')}>
            {(ids) => <input {...ids} type="text" name="short" maxLength={MOST_SHORT} value={short} onChange={(event) => setShort(event.target.value)} />}
          </Labelled>
        </>
      ) : conclusion.events.length > 0 ? (
        <p className="warnt">
          {t('Kết luận này đã ghi vào {{code}}. Gạch ở đây không đổi việc; muốn hoàn lại thì hủy ghi nhận ở trang của việc.', {
            code: conclusion.taskCode ?? t('việc', { n: 1 }),
          })}
        </p>
      ) : null}
      <Labelled label={how === 'amend' ? t('Vì sao sửa') : t('Vì sao gạch')} required errors={refusalsOf(problem, 'reason')}>
        {(ids) => (
          <input {...ids} type="text" name="reason" value={reason} autoFocus={how === 'strike'} onChange={(event) => setReason(event.target.value)} />
        )}
      </Labelled>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn" disabled={sending}>
          {how === 'amend' ? t('Sửa chữ') : t('Gạch kết luận')}
        </button>
        <button type="button" className="btn plain" onClick={leave}>
          {t('Thôi')}
        </button>
      </p>
    </form>
  );
}

/** What was concluded, newest first, each to be mended or struck. */
export function Conclusions({ briefing, actor, may, said }: { briefing: Briefing; actor: string; may: boolean; said: (words: string) => void }) {
  const [open, setOpen] = useState<{ id: string; how: 'amend' | 'strike' } | null>(null);
  const rows = [...briefing.conclusions].reverse();
  const valid = rows.filter((row) => !row.struck).length;
  return (
    <section className="brdone" aria-labelledby="h-da-ghi">
      <h2 id="h-da-ghi">{t('Đã ghi {{n}} kết luận', { n: valid })}</h2>
      <ol>
        {rows.map((row) => (
          <li key={row.id} data-conclusion={row.id} className={row.struck ? 'struck' : ''}>
            <span className="n">{row.number}</span>
            <b>{row.unitShort ?? KIND_WORDS[row.kind]}</b>
            <time>{clockOf(row.recordedAt)}</time>
            <p>
              {row.struck ? <s>{row.text}</s> : row.text}
              {row.dueOn ? t('; hạn {{day}}', { day: shortDay(row.dueOn) }) : ''}
              {row.taskCode ? (
                <>
                  {' '}
                  <a className="code" href={`/viec/${encodeURIComponent(row.taskId ?? '')}`} target="_blank" rel="noreferrer">
                    {row.taskCode}
                  </a>
                </>
              ) : null}
              {row.struck ? <span className="sub">{t('Đã gạch: {{why}}', { why: row.struckReason ?? '' })}</span> : null}
            </p>
            {may && !row.struck && open?.id !== row.id ? (
              <p className="acts">
                <button type="button" className="btn plain" onClick={() => setOpen({ id: row.id, how: 'amend' })}>
                  {t('Sửa chữ')}
                  <span className="vh"> {t('kết luận {{n}}', { n: row.number })}</span>
                </button>
                <button type="button" className="btn plain" onClick={() => setOpen({ id: row.id, how: 'strike' })}>
                  {t('Gạch')}
                  <span className="vh"> {t('kết luận {{n}}', { n: row.number })}</span>
                </button>
              </p>
            ) : null}
            {open?.id === row.id ? (
              <Repair
                briefing={briefing}
                conclusion={row}
                how={open.how}
                actor={actor}
                leave={() => setOpen(null)}
                done={(words) => {
                  setOpen(null);
                  said(words);
                }}
              />
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
