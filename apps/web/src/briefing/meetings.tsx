import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState, type SubmitEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { ApiError, newKey, send, type Page, type Problem } from '../api.ts';
import { ExportLinks } from '../export-links.tsx';
import { at, count, local, longDay, weekday } from '../format.ts';
import { Frame, useSystem } from '../frame.tsx';
import { Labelled, refusalsOf } from '../forms/field.tsx';
import { Refusal } from '../forms/refusal.tsx';
import { asRecorded, t } from '../i18n.ts';
import { Pager } from '../pager.tsx';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/briefing.css';
import { AgendaFields } from './agenda.tsx';
import { getAs } from './ask.ts';
import { type AgendaItem, type BriefingItem } from './types.ts';
import { dayName, shortDay, USUAL_AGENDA } from './words.ts';

const USUAL_TIME = '07:30';

/** The usual cut-off of a morning; before it, the minute it is now, for figures of later are not known yet. */
export function usualCutOff(now: string): { day: string; time: string } {
  const { day, time } = local(now);
  return { day, time: time < USUAL_TIME ? time : USUAL_TIME };
}

function OpenForm({ now, actor }: { now: string; actor: string }) {
  const navigate = useNavigate();
  const usual = usualCutOff(now);
  const [name, setName] = useState(() =>
    asRecorded(`Giao ban ${dayName(usual.day)} ${longDay(usual.day).slice(weekday(usual.day).length + 1)}`),
  );
  const [date, setDate] = useState(usual.day);
  const [time, setTime] = useState(usual.time);
  const [presiding, setPresiding] = useState('');
  const [items, setItems] = useState<AgendaItem[]>(() => [...USUAL_AGENDA]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [sending, setSending] = useState(false);
  const key = useRef<{ body: string; key: string } | null>(null);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const missing = (pointer: string, detail: string): void => setProblem({ title: t('Chưa đủ'), detail, errors: [{ pointer, detail }] });
    if (!name.trim()) {
      missing('/name', t('Cần tên buổi họp.'));
      return;
    }
    if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}$/.test(time)) {
      missing('/cutOff', t('Cần ngày và giờ chốt.'));
      return;
    }
    const body = {
      name: name.trim(),
      cutOff: `${date}T${time}:00+07:00`,
      ...(presiding.trim() ? { presiding: presiding.trim() } : {}),
      agenda: items.map(({ key: page, minutes }) => ({ page, minutes })),
    };
    const text = JSON.stringify(body);
    if (key.current?.body !== text) key.current = { body: text, key: newKey() };
    setSending(true);
    setProblem(null);
    try {
      const recorded = await send('/briefings', body, { actor, key: key.current.key });
      void navigate(`/giao-ban/${encodeURIComponent(recorded.id)}`);
    } catch (error) {
      setProblem(error instanceof ApiError ? error.problem : { title: t('Trang gặp lỗi'), detail: String(error) });
      setSending(false);
    }
  };
  return (
    <form className="form bropen" noValidate onSubmit={(event) => void submit(event)}>
      <h2>{t('Mở buổi giao ban')}</h2>
      <Labelled label={t('Tên buổi họp')} required errors={refusalsOf(problem, 'name')}>
        {(ids) => <input {...ids} type="text" name="name" value={name} onChange={(event) => setName(event.target.value)} />}
      </Labelled>
      <div className="pair">
        <Labelled label={t('Ngày chốt số liệu')} required errors={refusalsOf(problem, 'cutOff')}>
          {(ids) => <input {...ids} type="date" name="date" max={local(now).day} value={date} onChange={(event) => setDate(event.target.value)} />}
        </Labelled>
        <Labelled label={t('Giờ chốt')} required>
          {(ids) => <input {...ids} type="time" name="time" value={time} onChange={(event) => setTime(event.target.value)} />}
        </Labelled>
      </div>
      <Labelled label={t('Chủ trì')} errors={refusalsOf(problem, 'presiding')} hint={t('chức danh')}>
        {(ids) => (
          <input {...ids} type="text" name="presiding" placeholder={t('Chủ tịch UBND tỉnh')} value={presiding} onChange={(event) => setPresiding(event.target.value)} />
        )}
      </Labelled>
      <details>
        <summary>
          {t('Chương trình: {{n}} trang, {{minutes}} phút', { n: items.length, minutes: items.reduce((all, item) => all + item.minutes, 0) })}
        </summary>
        <AgendaFields items={items} onChange={setItems} />
      </details>
      {problem ? <Refusal problem={problem} events={[]} /> : null}
      <p className="acts">
        <button type="submit" className="btn primary" disabled={sending}>
          {sending ? t('Đang mở…') : t('Mở giao ban')}
        </button>
      </p>
    </form>
  );
}

/** `/giao-ban`: the meetings there were, and the way to open one. */
export function MeetingsPage() {
  const actor = useActor();
  const role = roleOf(actor);
  const system = useSystem();
  const meetings = useInfiniteQuery({
    queryKey: ['briefings', actor],
    queryFn: ({ pageParam, signal }) => getAs<Page<BriefingItem>>({ actor }, '/briefings', { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });
  const found = meetings.data?.pages.flatMap(({ items }) => items) ?? [];
  const may = role === 'office' || role === 'leader';
  const running = found.find(({ state }) => state === 'open');
  return (
    <Frame title={t('Giao ban')}>
      <h1 className="listh">
        {running ? t('Đang họp: {{name}}', { name: running.name }) : t('Giao ban tuần')}
      </h1>
      <div className="brmeet">
        <section aria-label={t('Các buổi giao ban')}>
          {running ? (
            <p>
              <Link className="btn primary" to={`/giao-ban/${encodeURIComponent(running.id)}`}>
                {t('Vào bàn điều khiển')}
              </Link>
            </p>
          ) : null}
          {meetings.isError ? (
            <Failure error={meetings.error} retry={() => void meetings.refetch()} />
          ) : !meetings.data ? (
            <Loading what={t('các buổi giao ban')} />
          ) : found.length === 0 ? (
            <Nothing under title={t('Chưa có buổi giao ban nào')} advice={t('Mở buổi đầu tiên: số liệu được chốt ở giờ anh chị chọn, kết luận ghi ngay trong họp.')} />
          ) : (
            <>
              <ExportLinks path="/briefings" query={{}} />
              <table className="brlist">
                <thead>
                  <tr>
                    <th scope="col">{t('Buổi họp')}</th>
                    <th scope="col">{t('Mốc chốt')}</th>
                    <th scope="col">{t('Trạng thái')}</th>
                    <th scope="col" className="num">
                      {t('Kết luận')}
                    </th>
                    <th scope="col">
                      <span className="vh">{t('Xem lại')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {found.map((one) => (
                    <tr key={one.id} data-briefing={one.id}>
                      <td>
                        <Link to={`/giao-ban/${encodeURIComponent(one.id)}`}>{one.name}</Link>
                      </td>
                      <td>{at(one.cutOff.asOf)}</td>
                      <td>
                        {one.state === 'open'
                          ? t('đang họp')
                          : one.closedAt
                            ? t('kết thúc {{at}}', { at: `${local(one.closedAt).time} ${shortDay(local(one.closedAt).day)}` })
                            : t('đã kết thúc')}
                      </td>
                      <td className="num">{count(one.conclusions)}</td>
                      <td>
                        <Link to={`/giao-ban/${encodeURIComponent(one.id)}/dien-bien`}>
                          {t('Diễn biến')}
                          <span className="vh"> {one.name}</span>
                        </Link>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {meetings.hasNextPage ? (
                <Pager pages={meetings} shown={found.length} total={meetings.data.pages[0]?.total ?? 0} exported more={t('Xem các buổi cũ hơn')} />
              ) : null}
            </>
          )}
        </section>
        {may && system.data && meetings.data && !running ? <OpenForm now={system.data.now} actor={actor} /> : null}
      </div>
    </Frame>
  );
}
