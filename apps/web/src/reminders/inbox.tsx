import { IconBellOff, IconCalendarPlus, IconCheck, IconCircleFilled } from '@tabler/icons-react';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type SubmitEvent } from 'react';
import { Link, useSearchParams } from 'react-router';
import { ROLE_NAMES, roleOf, useActor } from '../actor.ts';
import { ApiError, get, newKey, read, remove, send, type Problem } from '../api.ts';
import { addDays, count, day, dayOf, longDay } from '../format.ts';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { Frame } from '../frame.tsx';
import { t } from '../i18n.ts';
import { ChangesPill } from '../live/changes-pill.tsx';
import { Pager } from '../pager.tsx';
import { saidIn } from '../said.tsx';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/reminders.css';
import { choosePerson, hasInbox, personAmong, useInboxPeople, usePerson } from './inbox-people.ts';
import { DashboardFault, DeliveryWords, when } from './parts.tsx';
import { type InboxMessage, type InboxPage as InboxAnswer, type ReminderItem } from './types.ts';

const LIMIT = '20';
const asProblem = (error: unknown): Problem => (error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });

/** `/hop-nhac`: what somebody is reminded of, the newest first. */
export function InboxPage() {
  const actor = useActor();
  const role = roleOf(actor);
  const people = useInboxPeople(actor, hasInbox(role));
  const chosen = usePerson();
  const [search] = useSearchParams();
  const asked = search.get('nguoi');
  useEffect(() => {
    if (asked !== null) choosePerson(asked);
  }, [asked]);
  const person = personAmong(people.data?.items ?? [], chosen);
  const inbox = useInfiniteQuery({
    queryKey: ['inbox', actor, person?.id],
    queryFn: ({ pageParam, signal }) => get<InboxAnswer>('/inbox', { personId: person?.id, limit: LIMIT, cursor: pageParam }, signal, actor),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    enabled: person !== undefined,
    refetchOnWindowFocus: false,
  });
  const first = inbox.data?.pages[0];
  const messages = (inbox.data?.pages ?? []).flatMap(({ items }) => items);
  const frame = (children: React.ReactNode) => (
    <Frame title={t('Hộp nhắc')} instant={first ? { asOf: first.asOf, position: first.position } : undefined} updatedAt={inbox.dataUpdatedAt || undefined} lost={inbox.error instanceof ApiError && inbox.error.status === 0}>
      {children}
    </Frame>
  );
  if (!hasInbox(role))
    return frame(
      <Nothing title={t('Vai này không có hộp nhắc')} advice={t('Hộp nhắc là của người trong đơn vị, văn phòng và lãnh đạo. Muốn biết ai đã được nhắc, mở sổ nhắc.')}>
        <p>
          <Link to="/nhac/so">{t('Mở sổ nhắc')}</Link>
        </p>
      </Nothing>,
    );
  if (people.isError && !people.data) return frame(<Failure error={people.error} retry={() => void people.refetch()} />);
  if (!people.data) return frame(<Loading what={t('hộp nhắc')} />);
  if (!person)
    return frame(
      <Nothing
        title={people.data.people === 0 ? t('Chưa có danh bạ người được nhắc') : t('Danh bạ chưa có ai của vai này')}
        advice={t('Chưa ai được nhắc khi danh bạ còn trống. Quản trị nhập danh bạ từ tệp XLSX hoặc CSV; sáng làm việc kế tiếp bắt đầu nhắc.')}
      />,
    );
  return frame(
    <>
      <ChangesPill position={first?.position} apply={() => Promise.all([inbox.refetch(), people.refetch()])} />
      <h1 className="listh">
        <span className="big" data-total={first?.unseen ?? person.unseen}>
          {count(first?.unseen ?? person.unseen)}
        </span>{' '}
        {t('lời nhắc chưa xem')}
      </h1>
      <div className="remwho">
        <label className="field">
          <span>
            <b className="whatmark">{t('Thử nghiệm')}</b> {t('Xem hộp nhắc của')}
          </span>
          <select name="nguoi" value={person.id} onChange={(event) => choosePerson(event.target.value)}>
            {people.data.items.map((one) => (
              <option key={one.id} value={one.id}>
                {`${one.name} · ${one.roleName} · ${one.unitName}${one.unseen > 0 ? ` (${count(one.unseen)})` : ''}`}
              </option>
            ))}
          </select>
        </label>
        <p className="quiet">
          {t('Chưa có tài khoản: vai đang thao tác được chọn xem như từng người của vai ấy ({{role}}).', { role: role === 'unit' ? person.unitName : ROLE_NAMES[role] })}{' '}
          {first?.person.delegation
            ? t('Từ {{from}} đến {{until}} lời nhắc chuyển cho {{name}}.', { from: day(first.person.delegation.from), until: day(first.person.delegation.until), name: first.person.delegation.toName })
            : ''}
        </p>
        <Calendar key={person.id} actor={actor} personId={person.id} />
      </div>
      {inbox.isError && !inbox.data ? (
        <Failure error={inbox.error} retry={() => void inbox.refetch()} />
      ) : !first ? (
        <Loading what={t('hộp nhắc')} />
      ) : (
        <>
          {first.snoozes.length > 0 ? (
            <section aria-labelledby="tam-an" className="rsnoozed">
              <h2 id="tam-an">{t('Đang tạm ẩn')}</h2>
              <ul>
                {first.snoozes.map(({ taskId, code, content, until }) => (
                  <li key={taskId}>
                    <Link to={`/viec/${encodeURIComponent(taskId)}`}>
                      <span className="code">{code}</span> <span lang={saidIn()}>{content}</span>
                    </Link>{' '}
                    <span className="quiet">{t('nhắc lại từ {{until}}', { until: day(until) })}</span>
                  </li>
                ))}
              </ul>
            </section>
          ) : null}
          {messages.length === 0 ? (
            <p className="quiet" data-empty="yes">
              {t('Chưa có lời nhắc nào. Mỗi sáng làm việc có việc cần nhắc thì có một lời nhắc ở đây.')}
            </p>
          ) : (
            messages.map((message) => <Message key={message.id} message={message} actor={actor} personId={person.id} today={dayOf(first.asOf)} reload={() => void Promise.all([inbox.refetch(), people.refetch()])} />)
          )}
          {inbox.hasNextPage ? <Pager pages={inbox} shown={messages.length} total={first.total} more={t('Xem các lời nhắc cũ hơn')} /> : null}
        </>
      )}
    </>,
  );
}

function Message({ message, actor, personId, today, reload }: { message: InboxMessage; actor: string; personId: string; today: string; reload: () => void }) {
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [open, setOpen] = useState<string | null>(null);
  const unseen = message.seenAt === null;
  const see = async (): Promise<void> => {
    setSending(true);
    setProblem(null);
    try {
      await send(`/inbox/${encodeURIComponent(message.id)}/seen`, {}, { actor, key: newKey() });
      reload();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setSending(false);
    }
  };
  const rows = (items: readonly (ReminderItem & { slot?: string })[]) =>
    items.map((item) => {
      const key = `${item.taskId} ${item.rule} ${item.slot ?? ''}`;
      const closed = item.cell !== null && !item.cell.startsWith('O');
      return (
        <li key={key} className={open === key ? 'rrow on' : 'rrow'} data-task={item.taskId}>
          <div className="c">
            <Link to={`/viec/${encodeURIComponent(item.taskId)}`}>
              <span className="code">{item.code ?? item.taskId}</span> <span lang={saidIn()}>{item.content}</span>
            </Link>
            <span className="sub">
              {item.unitName} · {item.dueOn ? t('hạn {{day}}', { day: longDay(item.dueOn) }) : t('Không thời hạn')}
              {closed ? ` · ${t('việc đã báo cáo hoặc đã kết thúc')}` : ''}
            </span>
          </div>
          <div className="y" lang={saidIn()}>
            <b className={/^(quá hạn|báo cấp)/.test(item.why) ? 'd-overdue' : /^(đến hạn|còn)/.test(item.why) ? 'd-soon' : undefined}>{item.why}</b>
            {item.letter ? (
              <Link className="more" to={item.letter}>
                {t('Dự thảo công văn đôn đốc')}
                <span className="vh"> {item.unitName}</span>
              </Link>
            ) : null}
            {item.slot ? <span className="more">{t('của sáng {{day}}', { day: day(item.slot) })}</span> : null}
            {item.answer ? (
              <span className="more">
                {item.answer.answer === 'done'
                  ? t('Đã trả lời: đã xong')
                  : item.answer.proposedOn
                    ? t('Đã trả lời: chưa xong vì {{reason}}; đề xuất {{day}}', { reason: item.answer.reason ?? '', day: day(item.answer.proposedOn) })
                    : t('Đã trả lời: chưa xong vì {{reason}}', { reason: item.answer.reason ?? '' })}
              </span>
            ) : null}
          </div>
          <div className="a">
            {closed ? null : (
              <button type="button" className="btn" aria-expanded={open === key} aria-label={`${item.asksAnswer && !item.answer ? t('Trả lời') : t('Tạm ẩn')}, ${item.code ?? ''}`} onClick={() => setOpen(open === key ? null : key)}>
                {open === key ? t('Đóng') : item.asksAnswer && !item.answer ? t('Trả lời') : t('Tạm ẩn')}
              </button>
            )}
          </div>
          {open === key ? (
            item.asksAnswer && !item.answer ? (
              <AnswerForm messageId={message.id} item={item} actor={actor} today={today} done={() => { setOpen(null); reload(); }} />
            ) : (
              <SnoozeForm item={item} personId={personId} actor={actor} today={today} done={() => { setOpen(null); reload(); }} />
            )
          ) : null}
        </li>
      );
    });
  const id = `nhac-${message.id}`;
  return (
    <section className={unseen ? 'rmsg fresh' : 'rmsg'} aria-labelledby={id} data-message={message.id}>
      <header>
        <h2 id={id}>
          {unseen ? <IconCircleFilled size={10} aria-hidden className="rdot" /> : null} <span lang={saidIn()}>{message.kindName}</span> {longDay(message.slot)}{' '}
          <span className="quiet">{message.dashboard ? message.dashboard.name : t('{{n}} việc', { n: count(message.tasks.length + message.missed.length) })}</span>
        </h2>
        {unseen ? (
          <button type="button" className="btn" disabled={sending} onClick={() => void see()} aria-label={t('Đánh dấu đã xem lời nhắc {{day}}', { day: day(message.slot) })}>
            <IconCheck size={16} aria-hidden /> {t('Đã xem')}
          </button>
        ) : (
          <span className="quiet">{t('Đã xem {{at}}', { at: when(message.seenAt ?? message.decidedAt) })}</span>
        )}
      </header>
      {message.late ? <p className="warnt">{t('Nhắc muộn, lúc {{at}}: chương trình đã ngừng vào giờ nhắc.', { at: when(message.decidedAt) })}</p> : null}
      {message.onBehalfOfName ? <p className="quiet">{t('Nhận thay {{name}}', { name: message.onBehalfOfName })}</p> : null}
      {message.kind === 'test' ? <p>{t('Thư thử do chính anh chị yêu cầu.')}</p> : null}
      {message.dashboard ? (
        <p>
          {message.dashboard.fault === null ? <Link to={message.dashboard.path}>{t('Bảng điều hành lúc ấy')}</Link> : <DashboardFault fault={message.dashboard.fault} />} · <Link to="/nhac/dinh-ky">{t('Đổi hoặc thôi gửi định kỳ')}</Link>
        </p>
      ) : null}
      <ul>{rows(message.tasks)}</ul>
      {message.missed.length > 0 ? (
        <>
          <h3>{t('Chưa kịp nhắc những hôm trước')}</h3>
          <ul>{rows(message.missed)}</ul>
        </>
      ) : null}
      <p className="rways">
        {message.deliveries.map((delivery) => (
          <DeliveryWords key={delivery.channel} delivery={delivery} />
        ))}
      </p>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
    </section>
  );
}

function AnswerForm({ messageId, item, actor, today, done }: { messageId: string; item: ReminderItem; actor: string; today: string; done: () => void }) {
  const [answer, setAnswer] = useState<'done' | 'not-done'>('not-done');
  const [reason, setReason] = useState('');
  const [proposedOn, setProposedOn] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const [key] = useState(newKey);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setSending(true);
    setProblem(null);
    try {
      await send(`/inbox/${encodeURIComponent(messageId)}/answers`, { taskId: item.taskId, answer, ...(answer === 'not-done' ? { reason: reason.trim() } : {}), ...(answer === 'not-done' && proposedOn ? { proposedOn } : {}) }, { actor, key });
      done();
    } catch (error) {
      setProblem(asProblem(error));
      setSending(false);
    }
  };
  return (
    <form className="form remform" noValidate onSubmit={(event) => void submit(event)}>
      <fieldset className="kinds">
        <legend>{t('Việc này hôm nay')}</legend>
        <label>
          <input type="radio" name="answer" checked={answer === 'done'} onChange={() => setAnswer('done')} /> {t('đã xong')}
        </label>
        <label>
          <input type="radio" name="answer" checked={answer === 'not-done'} onChange={() => setAnswer('not-done')} /> {t('chưa xong')}
        </label>
      </fieldset>
      {answer === 'not-done' ? (
        <>
          <Labelled label={t('Vì sao chưa')} required errors={refusalsOf(problem, 'reason')}>
            {(ids) => <textarea {...ids} rows={2} value={reason} onChange={(event) => setReason(event.target.value)} />}
          </Labelled>
          <Labelled label={t('Ngày đề xuất')} errors={refusalsOf(problem, 'proposedOn')}>
            {(ids) => <input {...ids} type="date" min={today} value={proposedOn} onChange={(event) => setProposedOn(event.target.value)} />}
          </Labelled>
        </>
      ) : null}
      <p className="quiet">
        {answer === 'done' ? t('Trả lời ở đây không thay báo cáo hoàn thành.') : t('Trả lời ở đây không thay đề nghị gia hạn.')}{' '}
        <Link to={`/viec/${encodeURIComponent(item.taskId)}`}>{answer === 'done' ? t('Báo cáo hoàn thành') : t('Đề nghị gia hạn')}</Link>
      </p>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {t('Gửi trả lời')}
        </button>
      </p>
    </form>
  );
}

function SnoozeForm({ item, personId, actor, today, done }: { item: ReminderItem; personId: string; actor: string; today: string; done: () => void }) {
  const [until, setUntil] = useState(addDays(today, 3));
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setSending(true);
    setProblem(null);
    try {
      await send('/inbox/snoozes', { personId, taskId: item.taskId, until }, { actor, key: newKey() });
      done();
    } catch (error) {
      setProblem(asProblem(error));
      setSending(false);
    }
  };
  return (
    <form className="form remform" noValidate onSubmit={(event) => void submit(event)}>
      <Labelled label={t('Nhắc lại từ ngày')} required errors={refusalsOf(problem, 'until')}>
        {(ids) => <input {...ids} type="date" min={addDays(today, 1)} max={addDays(today, 60)} value={until} onChange={(event) => setUntil(event.target.value)} />}
      </Labelled>
      <p className="quiet">{t('Chỉ ẩn với riêng anh chị; người khác vẫn được nhắc, và văn phòng thấy việc tạm ẩn này trong sổ nhắc.')}</p>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          <IconBellOff size={16} aria-hidden /> {t('Tạm ẩn việc này')}
        </button>
      </p>
    </form>
  );
}

/** A calendar of one's own: its address is shown once. */
function Calendar({ actor, personId }: { actor: string; personId: string }) {
  const client = useQueryClient();
  const [made, setMade] = useState<{ url: string; webcal: string } | null>(null);
  const [said, setSaid] = useState('');
  const make = async (): Promise<void> => {
    try {
      setMade(await read<{ url: string; webcal: string }>('/calendar-feeds', { personId }, undefined, actor));
      setSaid('');
    } catch (error) {
      setSaid(asProblem(error).detail ?? '');
    }
    void client.invalidateQueries({ queryKey: ['feeds'] });
  };
  const revoke = async (): Promise<void> => {
    const { revoked } = (await remove(`/calendar-feeds?personId=${encodeURIComponent(personId)}`, actor)) as { revoked: number };
    setMade(null);
    setSaid(t('Đã thu hồi {{n}} địa chỉ lịch.', { n: count(revoked) }));
  };
  return (
    <details className="rcal">
      <summary>
        <IconCalendarPlus size={16} aria-hidden /> {t('Đưa thời hạn vào lịch của tôi')}
      </summary>
      <p className="quiet">{t('Một địa chỉ bí mật để chương trình lịch tự lấy thời hạn. Ai có địa chỉ thì xem được; lộ thì thu hồi.')}</p>
      {made ? (
        <p className="rfeed">
          <a href={made.webcal}>{t('Mở bằng chương trình lịch')}</a>
          <code>{made.url}</code>
          <span className="quiet">{t('Địa chỉ chỉ hiện một lần này.')}</span>
        </p>
      ) : null}
      <p className="acts">
        <button type="button" className="btn" onClick={() => void make()}>
          {t('Tạo địa chỉ lịch')}
        </button>
        <button type="button" className="btn" onClick={() => void revoke()}>
          {t('Thu hồi mọi địa chỉ')}
        </button>
      </p>
      <p role="status">{said}</p>
    </details>
  );
}
