import { IconBroadcast, IconDeviceTv, IconLock } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Link, useParams } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { type Counts } from '../api.ts';
import { count, dayOf } from '../format.ts';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { followFrom, liveState, subscribeLive } from '../live/line.ts';
import { useLineWords } from '../live/use-live.ts';
import { Quick } from '../quick/quick.tsx';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/briefing.css';
import { Agenda, ArrangeDialog } from './agenda.tsx';
import { briefingPath, postAs, type Asker } from './ask.ts';
import { CloseDialog, Course, Minutes } from './closing.tsx';
import { ConclusionForm, type Start } from './conclusion-form.tsx';
import { Conclusions } from './conclusions.tsx';
import { commandOf, focusOf, type ConsoleCommand } from './keys.ts';
import { placeIn } from './pages/shared.ts';
import { pageNumber, Room } from './room.tsx';
import { ScreensDialog, useScreens } from './screens-dialog.tsx';
import { startTimers, turnTo, type Timers } from './timers.ts';
import { type Briefing, type PageKey, type ScreenAnswer, type Show, type TickerItem } from './types.ts';
import { refreshRoom, ROOM, useAgendaFollows, useBriefing, useScreen, useServerClock, useShow, useTicker, type PageAsked } from './use-room.ts';
import { clockOf, PAGE_WORDS } from './words.ts';

const SHOW_MS = 5_000;
const CHANGES = 20;
const COLLECT_MS = 100;
const ON_ITS_WAY_MS = 100;

/** Short words for what a change did to the figures. */
const EFFECT_WORDS: readonly [cells: readonly string[], word: string][] = [
  [['D1'], t('đúng hạn')],
  [['D2'], t('hoàn thành quá hạn')],
  [['O1'], t('trong hạn')],
  [['O2'], t('quá hạn')],
  [['V1', 'V2', 'V3'], t('chờ xác nhận')],
  [['O3', 'D3'], t('chưa có thời hạn')],
  [['X'], t('tạm dừng')],
];
function effectWords(effect: Counts | undefined): string {
  const parts = EFFECT_WORDS.flatMap(([cells, word]) => {
    const n = cells.reduce((all, cell) => all + (effect?.[cell] ?? 0), 0);
    return n === 0 ? [] : [`${word} ${n > 0 ? '+' : '−'}${Math.abs(n)}`];
  });
  return parts.length === 0 ? t('không đổi số') : parts.join(', ');
}

const timersKey = (id: string): string => `nhacviec.giao-ban.${id}`;
function keptTimers(id: string): Timers | null {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(timersKey(id)) ?? 'null');
    return found !== null && typeof found === 'object' && 'page' in found && 'spent' in found ? (found as Timers) : null;
  } catch {
    return null;
  }
}
function keepTimers(id: string, timers: Timers): void {
  try {
    localStorage.setItem(timersKey(id), JSON.stringify(timers));
  } catch {
    // Storage is closed: the times then last as long as the page.
  }
}

/** How long each page was shown, as the operator's own machine saw it; it outlives a reload. */
function useTimers(id: string, show: Show | null, now: number, running: boolean): Timers | null {
  const [timers, setTimers] = useState<Timers | null>(() => keptTimers(id));
  const page = show?.page ?? null;
  useEffect(() => {
    if (page === null || !running) return;
    setTimers((old) => {
      const next = old === null ? startTimers(page, now) : turnTo(old, page, now);
      keepTimers(id, next);
      return next;
    });
  }, [page, running, id]);
  return timers;
}

function Changes({ items, cutOff, total }: { items: readonly TickerItem[]; cutOff: string; total: number }) {
  return (
    <section aria-labelledby="sau-moc" className="brchanges">
      <h2 id="sau-moc">{t('{{n}} thay đổi sau mốc {{at}}', { n: count(total), at: clockOf(cutOff) })}</h2>
      {items.length === 0 ? null : (
        <table>
          <thead className="vh">
            <tr>
              <th scope="col">{t('Giờ')}</th>
              <th scope="col">{t('Thay đổi')}</th>
              <th scope="col">{t('Số thay đổi')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.position}>
                <td className="q">{clockOf(item.at)}</td>
                <td>
                  <b>{item.unitShort}</b> {item.code ? <span className="code">{item.code}</span> : null} {item.words}
                </td>
                <td className="num q">{effectWords(item.effect)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

const KEYS: readonly [keys: readonly string[], word: string][] = [
  [['←', '→'], t('đổi trang')],
  [['↑', '↓'], t('trang con, đề nghị')],
  [[t('Dấu cách')], t('mốc chốt, trực tiếp')],
  [['1', '–', '9'], t('mở đơn vị')],
  [['/'], t('tìm việc')],
  [['K'], t('kết luận mới')],
  [['G'], t('gia hạn')],
  [['R'], t('yêu cầu giải trình')],
  [['A'], t('giao việc')],
  [['B'], t('tắt màn')],
  [['M'], t('màn phòng họp')],
];

/** How many parts the page has that are shown one after another. */
const partsOf = (answer: ScreenAnswer | undefined): number =>
  answer?.page === 'overdue'
    ? answer.data.pages
    : answer?.page === 'requests'
      ? answer.data.total
      : answer?.page === 'raised' || answer?.page === 'conclusions'
        ? answer.data.rows.length
        : 1;

/** Keys that move the page in the window, which only the operator's page has other work for. */
const SCROLLING: ReadonlySet<string> = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', ' ']);

/** What those may do who only look: turn pages, and in an open meeting compare with the present. */
const mayLook = (command: ConsoleCommand, open: boolean): boolean =>
  command.do === 'page' || command.do === 'part' || command.do === 'unit' || command.do === 'back' || (command.do === 'live' && open);

/** What stands in the room meanwhile, as a sentence goes on with it. */
const inTheRoom = (briefing: Briefing, show: Show | null): string =>
  show === null
    ? t('màn phòng họp đang tự lật trang')
    : show.blank
      ? t('màn phòng họp đang tắt')
      : t('màn phòng họp đang hiện {{n}} {{page}}', { n: pageNumber(briefing, show.page), page: PAGE_WORDS[show.page] });

function Console({ briefing, as, actor, may }: { briefing: Briefing; as: Asker; actor: string; may: boolean }) {
  const id = briefing.id;
  const client = useQueryClient();
  const clock = useServerClock();
  const shown = useShow(id, as, SHOW_MS);
  const ticker = useTicker(id, as, CHANGES);
  useAgendaFollows(client, id, briefing, ticker.data);
  const screens = useScreens(as);
  const line = useLineWords();
  const [dialog, setDialog] = useState<'screens' | 'close' | 'arrange' | null>(null);
  const [start, setStart] = useState<Start>({ kind: 'decision', task: null, deadline: '', focus: 'next', n: 0 });
  const [says, setSays] = useState('');
  const main = useRef<HTMLElement>(null);
  const open = briefing.state === 'open';
  const show = shown.data?.show ?? null;
  const first = briefing.pages[0]?.key ?? 'overview';
  const leads = may && open;
  // Whoever does not lead leafs on a page of their own; a closed meeting is leafed through from its beginning.
  const [own, setOwn] = useState<PageAsked | null>(null);
  const inRoom: PageAsked =
    show && open ? { page: show.page, n: show.n, unitId: show.unitId, live: show.live } : { page: first, n: 1, unitId: null, live: false };
  const asked = leads ? inRoom : (own ?? inRoom);
  const at = briefing.pages.findIndex(({ key }) => key === asked.page);
  const near = [briefing.pages[at + 1], briefing.pages[at - 1]].flatMap((one) => (one ? [{ page: one.key, n: 1, unitId: null, live: asked.live }] : []));
  const screen = useScreen(id, as, asked, [...near, { ...asked, live: !asked.live }]);
  // Which unit stands behind a number is told by the scoreboard, wherever the meeting is.
  const board = useScreen(id, as, { page: 'units', n: 1, unitId: null, live: false }, []);
  const timers = useTimers(id, show, clock.now, open && show !== null);

  // What is recorded, here or elsewhere, is shown at once.
  useEffect(() => {
    let { position, line: before } = liveState();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let what: 'task' | 'briefing' | 'all' = 'task';
    const unsubscribe = subscribeLive(() => {
      const state = liveState();
      const back = state.line.up && !before.up;
      if (state.position === position && !back) {
        before = state.line;
        return;
      }
      if (back) what = 'all';
      else if (what === 'task' && state.heard.some((news) => news.event === 'briefing' && (position === null || BigInt(news.position) > BigInt(position)))) what = 'briefing';
      ({ position, line: before } = state);
      timer ??= setTimeout(() => {
        timer = undefined;
        refreshRoom(client, id, what);
        what = 'task';
      }, COLLECT_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(timer);
    };
  }, [client, id]);

  const latest = useRef<{ asked: PageAsked; blank: boolean }>({ asked, blank: false });
  latest.current = { asked, blank: show?.blank ?? false };
  /** The room turns with the operator; what the operator sees does not wait for it. The others turn their own page only. */
  const tell = useCallback(
    (part: Partial<PageAsked> & { blank?: boolean }): void => {
      const next = { ...latest.current.asked, blank: latest.current.blank, ...part };
      latest.current = { asked: next, blank: next.blank };
      if (!leads) {
        const { page, n, unitId, live } = next;
        setOwn({ page, n, unitId, live });
        return;
      }
      client.setQueryData<{ show: Show | null }>([ROOM, id, 'show'], (old) => ({
        show: {
          ...next,
          revision: (old?.show?.revision ?? 0) + 1,
          startedAt: old?.show?.startedAt ?? new Date(clock.now).toISOString(),
          at: new Date(clock.now).toISOString(),
        },
      }));
      postAs<Show>(as, `${briefingPath(id)}/show`, next).then(
        (answered) => {
          client.setQueryData<{ show: Show | null }>([ROOM, id, 'show'], (old) => (old?.show && old.show.revision > answered.revision ? old : { show: answered }));
          setSays('');
        },
        (error: unknown) => {
          setSays(t('Màn phòng họp chưa đổi: {{why}}', { why: error instanceof Error ? error.message : String(error) }));
          void client.invalidateQueries({ queryKey: [ROOM, id, 'show'] });
        },
      );
    },
    [as, client, id, leads, clock.now],
  );
  const parts = Math.max(1, partsOf(screen.data));
  const go = (page: PageKey): void => tell({ page, n: 1, unitId: null, blank: false });

  const act = (command: ConsoleCommand): void => {
    if (!leads && !mayLook(command, open)) return;
    switch (command.do) {
      case 'page': {
        if (leads && show === null) {
          go(first);
          return;
        }
        const to = briefing.pages[at + command.by];
        if (to) go(to.key);
        return;
      }
      case 'part': {
        const n = Math.min(Math.max(1, asked.n + command.by), parts);
        if (n !== asked.n) tell({ n });
        return;
      }
      case 'live':
        tell({ live: !asked.live });
        return;
      case 'blank':
        tell({ blank: !(show?.blank ?? false) });
        return;
      case 'back':
        if (asked.unitId !== null) tell({ unitId: null });
        return;
      case 'unit': {
        const data = board.data?.page === 'units' ? board.data.data : null;
        const row = data && 'rows' in data ? data.rows[command.n - 1] : undefined;
        if (row) tell({ page: 'units', n: 1, unitId: row.unitId, blank: false });
        else setSays(t('Không có đơn vị nào ở số {{n}}.', { n: command.n }));
        return;
      }
      case 'screens':
        setDialog('screens');
        return;
      case 'find':
        setStart((old) => ({ kind: 'extend', task: null, deadline: '', focus: 'task', n: old.n + 1 }));
        return;
      case 'conclude': {
        const answer = screen.data;
        if ((asked.page === 'requests' || asked.page === 'raised') && answer !== undefined && answer.page !== asked.page) {
          // The page is on its way: the request that is meant stands on it.
          setTimeout(() => acting.current(command), ON_ITS_WAY_MS);
          return;
        }
        // Words for everybody are of no task, whatever stands in the room.
        const ofTask = command.kind !== 'assign' && command.kind !== 'decision';
        const request = answer?.page === 'requests' && ofTask ? answer.data.rows[placeIn(answer.data.rows, asked.n - answer.data.first + 1)] : undefined;
        const raised = answer?.page === 'raised' && ofTask ? answer.data.rows[placeIn(answer.data.rows, asked.n)] : undefined;
        const meant = request ?? raised;
        const due = command.kind === 'extend' && request?.askedDueOn ? `${request.askedDueOn.slice(8, 10)}/${request.askedDueOn.slice(5, 7)}/${request.askedDueOn.slice(0, 4)}` : '';
        setStart((old) => ({
          kind: command.kind,
          task: meant ? { id: meant.taskId, name: meant.short } : null,
          deadline: due,
          focus: 'next',
          n: old.n + 1,
        }));
        return;
      }
    }
  };
  const acting = useRef(act);
  acting.current = act;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector('dialog[open]')) return;
      const command = commandOf({
        key: event.key,
        ctrlKey: event.ctrlKey,
        metaKey: event.metaKey,
        altKey: event.altKey,
        on: focusOf(event.target),
      });
      if (!command || !(leads || (mayLook(command, open) && !SCROLLING.has(event.key)))) return;
      event.preventDefault();
      acting.current(command);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [leads, open]);

  const leave = useCallback(() => main.current?.focus({ preventScroll: true }), []);
  const started = show === null ? null : Date.parse(show.startedAt);
  const connected = (screens.data ?? []).filter((one) => one.connected && !one.revoked).length;
  const total = ticker.data?.changesAfterCutOff ?? screen.data?.changesAfterCutOff ?? 0;
  const lost = line.state === 'lost' && line.heardAt !== null ? line.heardAt + clock.offset : null;
  return (
    <div className="brconsole">
      <a className="skip" href="#noi-dung">
        {t('Tới nội dung')}
      </a>
      <header className="brtop">
        <Link to="/giao-ban">{t('Giao ban')}</Link>
        <h1>{briefing.name}</h1>
        {open ? (
          <>
            <div className="brseg" role="group" aria-label={leads ? t('Số liệu trên màn phòng họp') : t('Số liệu của trang đang xem')}>
              <button type="button" aria-pressed={!asked.live} onClick={() => tell({ live: false })}>
                <IconLock size={16} aria-hidden /> {t('Mốc chốt {{at}}', { at: clockOf(briefing.cutOff.asOf) })}
              </button>
              <button type="button" aria-pressed={asked.live} onClick={() => tell({ live: true })}>
                <IconBroadcast size={16} aria-hidden /> {t('Trực tiếp')}
              </button>
            </div>
            <a className="brbadge" href="#sau-moc">
              {t('{{n}} thay đổi sau mốc', { n: count(total) })}
            </a>
            <span className="brgap" />
            <button type="button" className="btn" disabled={!may} onClick={() => setDialog('screens')}>
              <IconDeviceTv size={16} aria-hidden />
              {connected === 0 ? t('Chưa nối màn nào') : t('Đang nối {{n}} màn', { n: connected })}
              <kbd aria-hidden="true">M</kbd>
            </button>
            <button
              type="button"
              className="btn"
              disabled={!may}
              onClick={() => {
                go('conclusions');
                setDialog('close');
              }}
            >
              {t('Kết thúc và lập thông báo')}
            </button>
          </>
        ) : (
          <p className="brgap">
            {t('Đã kết thúc lúc {{at}}; mốc chốt {{cut}}', { at: briefing.closedAt ? clockOf(briefing.closedAt) : '', cut: clockOf(briefing.cutOff.asOf) })}
          </p>
        )}
        <time className="brclock">{clockOf(clock.now)}</time>
      </header>
      {lost !== null ? (
        <p className="lostbar" role="status">
          <span className="wrap">{t('Mất kết nối — số liệu lúc {{at}}. Trang tự lấy lại khi có mạng.', { at: clockOf(lost) })}</span>
        </p>
      ) : null}
      <main id="noi-dung" className={open ? 'brcols' : 'brcols closed'} ref={main} tabIndex={-1}>
        <Agenda
          briefing={briefing}
          page={asked.page}
          timers={timers}
          startedAt={open ? started : null}
          now={clock.now}
          go={go}
          looking={!leads}
          arrange={leads ? () => setDialog('arrange') : null}
        />
        <section className="brmid" aria-labelledby="h-soi">
          <div className="brch">
            <h2 id="h-soi">
              {open
                ? own !== null && !leads
                  ? t('Đang xem riêng: {{n}} {{page}}; {{room}}', { n: pageNumber(briefing, asked.page), page: PAGE_WORDS[asked.page], room: inTheRoom(briefing, show) })
                  : show === null
                    ? t('Chưa bắt đầu: màn phòng họp đang tự lật trang')
                    : show.blank
                      ? t('Màn phòng họp đang tắt')
                      : t('Màn phòng họp đang hiện: {{n}} {{page}}', { n: pageNumber(briefing, asked.page), page: PAGE_WORDS[asked.page] })
                : t('Xem lại buổi họp, số liệu mốc chốt {{at}}: {{n}} {{page}}', {
                    at: clockOf(briefing.cutOff.asOf),
                    n: pageNumber(briefing, asked.page),
                    page: PAGE_WORDS[asked.page],
                  })}
            </h2>
            {!leads ? (
              <p className="acts">
                <button type="button" className="btn" disabled={at <= 0} onClick={() => act({ do: 'page', by: -1 })}>
                  <kbd aria-hidden="true">←</kbd>
                  {t('Trang trước')}
                </button>
                <button type="button" className="btn" disabled={at >= briefing.pages.length - 1} onClick={() => act({ do: 'page', by: 1 })}>
                  {t('Trang sau')}
                  <kbd aria-hidden="true">→</kbd>
                </button>
                {parts > 1 ? (
                  <>
                    <button type="button" className="btn" disabled={asked.n <= 1} onClick={() => act({ do: 'part', by: -1 })}>
                      {t('Phần trước')}
                    </button>
                    <button type="button" className="btn" disabled={asked.n >= parts} onClick={() => act({ do: 'part', by: 1 })}>
                      {t('Phần sau')}
                    </button>
                  </>
                ) : null}
                {open && own !== null ? (
                  <button type="button" className="btn" onClick={() => setOwn(null)}>
                    {t('Theo màn phòng họp')}
                  </button>
                ) : null}
              </p>
            ) : (
              <p className="acts">
                {show === null ? (
                  <button type="button" className="btn primary" onClick={() => go(first)}>
                    {t('Bắt đầu')}
                    <kbd aria-hidden="true">→</kbd>
                  </button>
                ) : (
                  <>
                    <button type="button" className="btn" disabled={at <= 0} onClick={() => act({ do: 'page', by: -1 })}>
                      <kbd aria-hidden="true">←</kbd>
                      {t('Trang trước')}
                    </button>
                    <button type="button" className="btn" disabled={at >= briefing.pages.length - 1} onClick={() => act({ do: 'page', by: 1 })}>
                      {t('Trang sau')}
                      <kbd aria-hidden="true">→</kbd>
                    </button>
                    <button type="button" className="btn" aria-pressed={show.blank} onClick={() => act({ do: 'blank' })}>
                      {show.blank ? t('Bật màn') : t('Tắt màn')}
                      <kbd aria-hidden="true">B</kbd>
                    </button>
                  </>
                )}
              </p>
            )}
          </div>
          <div
            className={show?.blank && open && (leads || own === null) ? 'brmirror blank' : 'brmirror'}
            role="group"
            aria-label={open && (leads || own === null) ? t('Bản soi màn phòng họp') : t('Trang của buổi họp')}
          >
            <div className="rstage" data-theme="light" data-mirror="yes">
              {screen.data ? (
                <Room
                  mirror
                  view={{
                    briefing,
                    answer: screen.data,
                    page: asked.page,
                    live: asked.live,
                    ticker: ticker.data ?? null,
                    now: clock.now,
                    lostAt: lost,
                  }}
                />
              ) : screen.error ? (
                <p className="brwait">{screen.error.message}</p>
              ) : (
                <p className="brwait">{t('Đang lấy số liệu…')}</p>
              )}
            </div>
          </div>
          <p className="brsays" role="status">
            {says}
          </p>
          {open ? <Changes items={ticker.data?.items ?? []} cutOff={briefing.cutOff.asOf} total={total} /> : <Minutes briefing={briefing} as={as} />}
        </section>
        <section className="brright" aria-label={t('Kết luận của buổi họp')}>
          {leads ? (
            <ConclusionForm
              briefing={briefing}
              actor={actor}
              today={dayOf(briefing.openedAt)}
              start={start}
              done={(recorded, short) => {
                refreshRoom(client, id, 'briefing');
                setSays(`${t('Đã ghi: {{short}}', { short })}. ${recorded.warnings.map(({ detail }) => detail).join(' ')}`);
                leave();
              }}
              leave={leave}
            />
          ) : null}
          <Conclusions
            briefing={briefing}
            actor={actor}
            may={leads}
            said={(words) => {
              refreshRoom(client, id, 'briefing');
              setSays(words);
              leave();
            }}
          />
        </section>
      </main>
      {leads ? (
        <footer className="brkeys">
          <ul aria-label={t('Bảng phím')}>
            {KEYS.map(([keys, word]) => (
              <li key={word}>
                {keys.map((key) => (key === '–' ? ' – ' : <kbd key={key}>{key}</kbd>))} {word}
              </li>
            ))}
          </ul>
        </footer>
      ) : null}
      {dialog === 'screens' ? <ScreensDialog briefing={briefing} as={as} close={() => setDialog(null)} /> : null}
      {dialog === 'arrange' ? (
        <ArrangeDialog briefing={briefing} actor={actor} close={() => setDialog(null)} done={() => refreshRoom(client, id, 'briefing')} />
      ) : null}
      {dialog === 'close' ? (
        <CloseDialog
          briefing={briefing}
          actor={actor}
          close={() => setDialog(null)}
          done={() => {
            refreshRoom(client, id, 'briefing');
            setSays(t('Đã kết thúc. Dự thảo thông báo ở bên dưới.'));
          }}
        />
      ) : null}
      <Quick />
    </div>
  );
}

/** `/giao-ban/:id`: the operator's page, run without a mouse. */
export function ConsolePage() {
  const { id = '' } = useParams();
  const actor = useActor();
  const role = roleOf(actor);
  const as: Asker = { actor };
  const briefing = useBriefing(id, as);
  const system = useSystem();
  const begin = system.data?.position;
  useEffect(() => {
    if (begin !== undefined) followFrom(begin);
  }, [begin]);
  const name = briefing.data?.name;
  useEffect(() => {
    if (name !== undefined) document.title = t('{{name}} · Nhắc Việc', { name });
  }, [name]);
  if (role === 'unit')
    return (
      <Frame title={t('Giao ban')}>
        <Nothing title={t('Vai đang chọn không mở được bàn điều khiển')} advice={t('Bàn điều khiển là của Văn phòng và lãnh đạo UBND tỉnh.')} />
      </Frame>
    );
  if (!briefing.data)
    return (
      <Frame title={t('Giao ban')}>
        {briefing.isError ? <Failure error={briefing.error} retry={() => void briefing.refetch()} /> : <Loading what={t('buổi giao ban')} />}
      </Frame>
    );
  return <Console key={id} briefing={briefing.data} as={as} actor={actor} may={role === 'office' || role === 'leader'} />;
}

/** `/giao-ban/:id/dien-bien`: what the meeting recorded, for those who look at it afterwards. */
export function CoursePage() {
  const { id = '' } = useParams();
  const as: Asker = { actor: useActor() };
  const briefing = useBriefing(id, as);
  return (
    <Frame title={t('Diễn biến buổi họp')}>
      {briefing.data ? (
        <>
          <h1 className="listh">{t('Diễn biến: {{name}}', { name: briefing.data.name })}</h1>
          <p className="quiet">
            {t('Mốc chốt {{at}}.', { at: clockOf(briefing.data.cutOff.asOf) })}{' '}
            <Link to={`/giao-ban/${encodeURIComponent(id)}`}>{t('Kết luận và thông báo')}</Link>
            {' · '}
            <Link to={`/phat-lai?doiTuong=giao-ban:${encodeURIComponent(id)}`}>{t('Phát lại')}</Link>
            {' · '}
            <Link data-do="board" to={href('/', { ...EMPTY_SCOPE, day: briefing.data.cutOff.asOf, knownAt: briefing.data.cutOff.knownAt })}>
              {t('Bảng điều hành lúc chốt')}
            </Link>
            {briefing.data.closedAt === null ? null : (
              <>
                {' · '}
                <Link to={href('/so-sanh', { ...EMPTY_SCOPE, day: briefing.data.closedAt, sinceDay: briefing.data.cutOff.asOf })}>
                  {t('Số liệu đổi từ lúc chốt đến lúc bế mạc')}
                </Link>
              </>
            )}
          </p>
          <Course briefing={briefing.data} as={as} />
        </>
      ) : briefing.isError ? (
        <Failure error={briefing.error} retry={() => void briefing.refetch()} />
      ) : (
        <Loading what={t('buổi giao ban')} />
      )}
    </Frame>
  );
}
