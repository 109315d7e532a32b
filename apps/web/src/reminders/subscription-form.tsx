import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type SubmitEvent } from 'react';
import { useActor } from '../actor.ts';
import { ApiError, newKey, read, send, type Problem } from '../api.ts';
import { FieldErrors, Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { t } from '../i18n.ts';
import { Modal } from '../quick/modal.tsx';
import { saidIn } from '../said.tsx';
import '../styles/reminders.css';
import { PersonField, type PersonChoice } from './person-field.tsx';
import { type Subscription } from './types.ts';

/** 1 = Monday … 7 = Sunday, as they are recorded. */
export const WEEKDAY_WORDS = [t('Thứ Hai'), t('Thứ Ba'), t('Thứ Tư'), t('Thứ Năm'), t('Thứ Sáu'), t('Thứ Bảy'), t('Chủ nhật')] as const;
const WORKING = [1, 2, 3, 4, 5];
const TYPING_MS = 400;

interface Foreseen {
  subject: string;
  text: string;
  empty: boolean;
  scopeWords: string;
}

const asProblem = (error: unknown): Problem => (error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });

/** The text that was last typed, once nothing has been typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/**
 * Who gets the dashboard of `query`, when, and what the mail would say now. `former` is changed; without it a new one is begun, under `name`
 * until somebody calls it otherwise.
 */
export function SubscriptionForm({ query, name: called, former, close, done }: { query: string; name: string; former?: Subscription; close: () => void; done: (words: string) => void }) {
  const actor = useActor();
  const client = useQueryClient();
  const [person, setPerson] = useState<PersonChoice | null>(former ? { id: former.personId, name: former.personName } : null);
  const [name, setName] = useState(former?.name ?? called);
  const [hour, setHour] = useState(former?.hour ?? '07:30');
  const [weekdays, setWeekdays] = useState<readonly number[]>(former?.weekdays ?? WORKING);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const [key, setKey] = useState(newKey);
  const title = useSettled(name.trim());
  const foreseen = useQuery({
    queryKey: ['subscription-preview', query, title],
    queryFn: ({ signal }) => read<Foreseen>('/subscriptions/preview', { query, ...(title === '' ? {} : { name: title.slice(0, 100) }) }, signal, actor),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (person === null) {
      setProblem({ title: t('Chưa đủ'), detail: t('Chọn người nhận trong danh bạ.'), errors: [{ pointer: '/personId', detail: t('Chọn người nhận trong danh bạ.') }] });
      return;
    }
    setSending(true);
    setProblem(null);
    const terms = { name, query, hour, weekdays };
    try {
      const recorded = await send(former ? `/subscriptions/${encodeURIComponent(former.id)}/change` : '/subscriptions', former ? terms : { personId: person.id, ...terms }, { actor, key });
      void client.invalidateQueries({ queryKey: ['subscriptions'] });
      done([former ? t('Đã đổi bản gửi định kỳ.') : t('Đã đặt gửi định kỳ cho {{name}}.', { name: person.name }), ...recorded.warnings.map(({ detail }) => detail)].join(' '));
    } catch (error) {
      setProblem(asProblem(error));
      // What is mended is another command.
      setKey(newKey());
      setSending(false);
    }
  };
  const heading = former ? t('Đổi bản gửi định kỳ') : t('Gửi định kỳ bảng điều hành');
  return (
    <Modal label={heading} className="rsub" close={close}>
      <h2>{heading}</h2>
      <form className="form" noValidate onSubmit={(event) => void submit(event)}>
        <div className="rsubcols">
          <div className="form">
            {former ? (
              <p>
                {t('Người nhận')}: <b>{former.personName}</b>
              </p>
            ) : (
              <PersonField label={t('Người nhận')} actor={actor} value={person} errors={refusalsOf(problem, 'personId')} onChange={setPerson} />
            )}
            <Labelled label={t('Tên thư')} required errors={refusalsOf(problem, 'name')}>
              {(ids) => <input {...ids} type="text" name="subscriptionName" maxLength={100} value={name} onChange={(event) => setName(event.target.value)} />}
            </Labelled>
            <Labelled label={t('Giờ gửi')} required errors={refusalsOf(problem, 'hour')}>
              {(ids) => <input {...ids} type="time" name="hour" required value={hour} onChange={(event) => setHour(event.target.value)} />}
            </Labelled>
            <fieldset className={refusalsOf(problem, 'weekdays').length > 0 ? 'rdays wrong' : 'rdays'}>
              <legend>{t('Vào các ngày làm việc là')}</legend>
              {WEEKDAY_WORDS.map((word, n) => (
                <label key={word}>
                  <input
                    type="checkbox"
                    name="weekday"
                    checked={weekdays.includes(n + 1)}
                    onChange={(event) => setWeekdays(event.target.checked ? [...weekdays, n + 1].sort((a, b) => a - b) : weekdays.filter((one) => one !== n + 1))}
                  />{' '}
                  {word}
                </label>
              ))}
              <FieldErrors errors={refusalsOf(problem, 'weekdays')} />
            </fieldset>
            <p className="quiet">
              {foreseen.data ? (
                <>
                  {t('Phạm vi')}: <span lang={saidIn()}>{foreseen.data.scopeWords}</span>.{' '}
                </>
              ) : null}
              {t('Số liệu là của đúng giờ gửi. Không có gì quá hạn, sắp đến hạn hay chờ xử lý thì không gửi, chỉ ghi vào sổ.')}
            </p>
            {problem ? <Refusal problem={problem} events={[]} /> : null}
            <p className="acts">
              <button type="submit" className="btn primary" disabled={sending}>
                {former ? t('Ghi thay đổi') : t('Đặt gửi định kỳ')}
              </button>
              <button type="button" className="btn" onClick={close}>
                {t('Thôi')}
              </button>
            </p>
          </div>
          <div className="rforeseen" data-foreseen={foreseen.data && !foreseen.isPlaceholderData ? 'yes' : undefined}>
            <h3>{t('Thư sẽ thế này, nếu gửi bây giờ')}</h3>
            {foreseen.isError ? (
              <p role="alert">{foreseen.error.message}</p>
            ) : foreseen.data ? (
              <>
                {foreseen.data.empty ? <p className="warnt">{t('Lúc này không có gì để báo: sẽ không gửi.')}</p> : null}
                <p lang={saidIn()}>
                  <b>{foreseen.data.subject}</b>
                </p>
                <pre lang={saidIn()} tabIndex={0} aria-label={t('Nội dung thư')}>
                  {foreseen.data.text}
                </pre>
              </>
            ) : (
              <p className="quiet">{t('Đang tải…')}</p>
            )}
          </div>
        </div>
      </form>
    </Modal>
  );
}
