import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useRef, useState, type SubmitEvent } from 'react';
import { ApiError, newKey, send, type Problem } from '../api.ts';
import { Refusal } from '../forms/refusal.tsx';
import { t } from '../i18n.ts';
import { Modal } from '../quick/modal.tsx';
import { briefingPath } from './ask.ts';
import { planOf, spentOn, type Timers } from './timers.ts';
import { type AgendaItem, type Briefing, type PageKey } from './types.ts';
import { clockOf, minutesText, PAGE_WORDS } from './words.ts';

/** The agenda against the clock; what is left leads. */
export function Agenda({
  briefing,
  page,
  timers,
  startedAt,
  now,
  go,
  looking = false,
  arrange,
}: {
  briefing: Briefing;
  page: PageKey;
  timers: Timers | null;
  startedAt: number | null;
  now: number;
  go: (page: PageKey) => void;
  /** Whoever only looks has a page of their own, which is marked also while nothing runs. */
  looking?: boolean;
  arrange: (() => void) | null;
}) {
  const running = timers !== null && startedAt !== null;
  const plan = running ? planOf(briefing.pages, timers, startedAt, now) : null;
  const totalMs = briefing.pages.reduce((all, { minutes }) => all + minutes * 60_000, 0);
  const inRoom = looking ? (timers?.page ?? null) : page;
  const at = briefing.pages.findIndex(({ key }) => key === inRoom);
  const late = plan ? Math.round(plan.lateMs / 60_000) : 0;
  return (
    <nav className="bragenda" aria-label={t('Chương trình giao ban')}>
      <h2>{briefing.state === 'closed' ? t('Thời lượng dự kiến') : plan && plan.leftMs < 0 ? t('Đã quá') : t('Còn lại')}</h2>
      <p className={plan && plan.leftMs < 0 ? 'brleft over' : 'brleft'} data-left={plan ? Math.round(plan.leftMs / 1000) : ''}>
        {minutesText(plan ? plan.leftMs : totalMs)}
      </p>
      <p className="quiet">
        {plan
          ? late === 0
            ? t('trong {{total}}; dự kiến xong {{end}}, đúng giờ', { total: minutesText(totalMs), end: clockOf(plan.endsAt) })
            : late > 0
              ? t('trong {{total}}; dự kiến xong {{end}}, muộn {{n}} phút', { total: minutesText(totalMs), end: clockOf(plan.endsAt), n: late })
              : t('trong {{total}}; dự kiến xong {{end}}, sớm {{n}} phút', { total: minutesText(totalMs), end: clockOf(plan.endsAt), n: -late })
          : briefing.state === 'closed'
            ? t('Bấm một trang để xem lại như lúc họp.')
            : t('tính từ khi mở trang đầu tiên')}
      </p>
      <ol>
        {briefing.pages.map((item, n) => {
          const spent = running ? spentOn(timers, item.key, now) : 0;
          const given = item.minutes * 60_000;
          const current = item.key === page && (running || looking);
          const timed = running && item.key === inRoom;
          return (
            <li key={item.key} className={running && n < at ? 'past' : ''}>
              <button type="button" aria-current={current ? 'step' : undefined} onClick={() => go(item.key)}>
                <span className="n">{n + 1}</span>
                <b>{PAGE_WORDS[item.key]}</b>
                <span className="t">
                  {timed
                    ? spent > given
                      ? t('quá {{time}}', { time: minutesText(spent - given) })
                      : t('còn {{time}}', { time: minutesText(given - spent) })
                    : spent > 0
                      ? minutesText(spent)
                      : minutesText(given)}
                </span>
                {timed ? (
                  <>
                    <span className="prog" aria-hidden="true">
                      <i style={{ width: `${Math.min(100, Math.round((spent / Math.max(1, given)) * 100))}%` }} />
                    </span>
                    <small>{t('đã dùng {{spent}}/{{given}}', { spent: minutesText(spent), given: minutesText(given) })}</small>
                  </>
                ) : spent > 0 ? (
                  <small>
                    {spent > given
                      ? t('quá {{time}} so với {{given}}', { time: minutesText(spent - given), given: minutesText(given) })
                      : t('sớm {{time}} so với {{given}}', { time: minutesText(given - spent), given: minutesText(given) })}
                  </small>
                ) : null}
              </button>
            </li>
          );
        })}
      </ol>
      {arrange ? (
        <p>
          <button type="button" className="btn" onClick={arrange}>
            {t('Đổi thứ tự, thời lượng')}
          </button>
        </p>
      ) : null}
    </nav>
  );
}

/** The boxes of an agenda: order by buttons, minutes by number. */
export function AgendaFields({ items, onChange }: { items: readonly AgendaItem[]; onChange: (items: AgendaItem[]) => void }) {
  const list = useRef<HTMLOListElement>(null);
  const move = (from: number, by: 1 | -1): void => {
    const next = [...items];
    const [item] = next.splice(from, 1);
    if (item) next.splice(from + by, 0, item);
    onChange(next);
    // The button goes with its row, and the focus with it.
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('li')[from + by]?.querySelector<HTMLElement>(`[data-by="${by}"]`)?.focus());
  };
  return (
    <ol className="brorder" ref={list}>
      {items.map((item, n) => (
        <li key={item.key}>
          <span className="n">{n + 1}</span>
          <span>{PAGE_WORDS[item.key]}</span>
          <label>
            <input
              type="number"
              min={0}
              max={240}
              aria-label={t('Số phút cho “{{page}}”', { page: PAGE_WORDS[item.key] })}
              value={item.minutes}
              onChange={(event) =>
                onChange(items.map((one) => (one.key === item.key ? { ...one, minutes: Math.max(0, Math.min(240, Number(event.target.value) || 0)) } : one)))
              }
            />{' '}
            {t('phút')}
          </label>
          <button
            type="button"
            className="btn plain"
            data-by="-1"
            disabled={n === 0}
            onClick={() => move(n, -1)}
            aria-label={t('Đưa “{{page}}” lên', { page: PAGE_WORDS[item.key] })}
          >
            <IconArrowUp size={16} aria-hidden /> {t('Lên')}
          </button>
          <button
            type="button"
            className="btn plain"
            data-by="1"
            disabled={n === items.length - 1}
            onClick={() => move(n, 1)}
            aria-label={t('Đưa “{{page}}” xuống', { page: PAGE_WORDS[item.key] })}
          >
            <IconArrowDown size={16} aria-hidden /> {t('Xuống')}
          </button>
        </li>
      ))}
    </ol>
  );
}

export function ArrangeDialog({ briefing, actor, close, done }: { briefing: Briefing; actor: string; close: () => void; done: () => void }) {
  const [items, setItems] = useState<AgendaItem[]>(() => [...briefing.pages]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const key = useRef(newKey());
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    try {
      await send(`${briefingPath(briefing.id)}/pages`, { pages: items }, { actor, key: key.current });
      done();
      close();
    } catch (error) {
      key.current = newKey();
      setProblem(error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
    }
  };
  return (
    <Modal label={t('Đổi thứ tự, thời lượng')} className="brdialog" close={close}>
      <form className="form" onSubmit={(event) => void submit(event)}>
        <h2>{t('Đổi thứ tự, thời lượng')}</h2>
        <AgendaFields items={items} onChange={setItems} />
        {problem ? <Refusal problem={problem} events={[]} /> : null}
        <p className="acts">
          <button type="submit" className="btn primary">
            {t('Lưu chương trình')}
          </button>
          <button type="button" className="btn" onClick={close}>
            {t('Thôi')}
          </button>
        </p>
      </form>
    </Modal>
  );
}
