import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useParams } from 'react-router';
import { roleOf, useActor } from '../actor.ts';
import { dayOf } from '../format.ts';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { followFrom } from '../live/line.ts';
import { useLineWords } from '../live/use-live.ts';
import { Quick } from '../quick/quick.tsx';
import { Failure, Loading, Nothing } from '../states.tsx';
import '../styles/briefing.css';
import { Agenda, ArrangeDialog } from './agenda.tsx';
import { type Asker } from './ask.ts';
import { Changes } from './changes.tsx';
import { CloseDialog, Minutes } from './closing.tsx';
import { ConclusionForm, startOn, type Start } from './conclusion-form.tsx';
import { Conclusions } from './conclusions.tsx';
import { KeyBar, useConsoleKeys } from './console-keys.tsx';
import { ConsoleTop } from './console-top.tsx';
import { mayDo, type ConsoleCommand } from './keys.ts';
import { Mirror, partsOf } from './mirror.tsx';
import { ScreensDialog } from './screens-dialog.tsx';
import { type Briefing, type PageKey } from './types.ts';
import { refreshRoom, useAgendaFollows, useBriefing, useRefreshedRoom, useScreen, useServerClock, useTicker } from './use-room.ts';
import { useShown } from './use-shown.ts';
import { useTimers } from './use-timers.ts';
import { clockOf } from './words.ts';

const CHANGES = 20;
const ON_ITS_WAY_MS = 100;

function Console({ briefing, as, actor, may }: { briefing: Briefing; as: Asker; actor: string; may: boolean }) {
  const id = briefing.id;
  const open = briefing.state === 'open';
  const leads = may && open;
  const client = useQueryClient();
  const clock = useServerClock();
  const line = useLineWords();
  const [dialog, setDialog] = useState<'screens' | 'close' | 'arrange' | null>(null);
  const [start, setStart] = useState<Start>({ kind: 'decision', task: null, deadline: '', focus: 'next', n: 0 });
  const [says, setSays] = useState('');
  const main = useRef<HTMLElement>(null);
  const shown = useShown(briefing, as, leads, clock.now, setSays);
  const { show, asked, turn } = shown;
  const at = briefing.pages.findIndex(({ key }) => key === asked.page);
  const near = [briefing.pages[at + 1], briefing.pages[at - 1]].flatMap((one) => (one ? [{ page: one.key, n: 1, unitId: null, live: asked.live }] : []));
  const screen = useScreen(id, as, asked, [...near, { ...asked, live: !asked.live }]);
  // Which unit stands behind a number is told by the scoreboard, wherever the meeting is.
  const board = useScreen(id, as, { page: 'units', n: 1, unitId: null, live: false }, []);
  const ticker = useTicker(id, as, CHANGES);
  const timers = useTimers(id, show, clock.now, open && show !== null);
  useAgendaFollows(client, id, briefing, ticker.data);
  useRefreshedRoom(client, id);

  const go = (page: PageKey): void => turn({ page, n: 1, unitId: null, blank: false });
  const act = (command: ConsoleCommand): void => {
    if (!mayDo(command, leads, open)) return;
    switch (command.do) {
      case 'page': {
        // The first turn shows the first page, wherever it goes.
        const to = leads && show === null ? asked.page : briefing.pages[at + command.by]?.key;
        if (to) go(to);
        return;
      }
      case 'part': {
        const n = Math.min(Math.max(1, asked.n + command.by), partsOf(screen.data));
        if (n !== asked.n) turn({ n });
        return;
      }
      case 'live':
        turn({ live: !asked.live });
        return;
      case 'blank':
        turn({ blank: !(show?.blank ?? false) });
        return;
      case 'back':
        if (asked.unitId !== null) turn({ unitId: null });
        return;
      case 'unit': {
        const data = board.data?.page === 'units' ? board.data.data : null;
        const row = data && 'rows' in data ? data.rows[command.n - 1] : undefined;
        if (row) turn({ page: 'units', n: 1, unitId: row.unitId, blank: false });
        else setSays(t('Không có đơn vị nào ở số {{n}}.', { n: command.n }));
        return;
      }
      case 'screens':
        setDialog('screens');
        return;
      case 'find':
        setStart((old) => ({ kind: 'extend', task: null, deadline: '', focus: 'task', n: old.n + 1 }));
        return;
      case 'conclude':
        if ((asked.page === 'requests' || asked.page === 'raised') && screen.data !== undefined && screen.data.page !== asked.page) {
          // The page is on its way: the request that is meant stands on it.
          setTimeout(() => acting.current(command), ON_ITS_WAY_MS);
          return;
        }
        setStart((old) => ({ kind: command.kind, ...startOn(screen.data, asked.n, command.kind), focus: 'next', n: old.n + 1 }));
        return;
    }
  };
  const acting = useRef(act);
  acting.current = act;
  useConsoleKeys(acting, leads, open);

  const shut = (): void => setDialog(null);
  const leave = (): void => main.current?.focus({ preventScroll: true });
  /** Something was recorded in the meeting: it is shown and said. */
  const recorded = (words: string): void => {
    refreshRoom(client, id, 'briefing');
    setSays(words);
  };
  const changes = ticker.data?.changesAfterCutOff ?? screen.data?.changesAfterCutOff ?? 0;
  const lost = line.state === 'lost' && line.heardAt !== null ? line.heardAt + clock.offset : null;
  return (
    <div className="brconsole">
      <a className="skip" href="#noi-dung">
        {t('Tới nội dung')}
      </a>
      <ConsoleTop
        briefing={briefing}
        as={as}
        may={may}
        live={asked.live}
        changes={changes}
        now={clock.now}
        setLive={(live) => turn({ live })}
        screens={() => setDialog('screens')}
        close={() => {
          go('conclusions');
          setDialog('close');
        }}
      />
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
          startedAt={open && show !== null ? Date.parse(show.startedAt) : null}
          now={clock.now}
          go={go}
          looking={!leads}
          arrange={leads ? () => setDialog('arrange') : null}
        />
        <section className="brmid" aria-labelledby="h-soi">
          <Mirror briefing={briefing} shown={shown} screen={screen} leads={leads} ticker={ticker.data ?? null} now={clock.now} lostAt={lost} act={act} />
          <p className="brsays" role="status">
            {says}
          </p>
          {open ? <Changes items={ticker.data?.items ?? []} cutOff={briefing.cutOff.asOf} total={changes} /> : <Minutes briefing={briefing} as={as} />}
        </section>
        <section className="brright" aria-label={t('Kết luận của buổi họp')}>
          {leads ? (
            <ConclusionForm
              briefing={briefing}
              actor={actor}
              today={dayOf(briefing.openedAt)}
              start={start}
              done={({ warnings }, short) => {
                recorded(`${t('Đã ghi: {{short}}', { short })}. ${warnings.map(({ detail }) => detail).join(' ')}`);
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
              recorded(words);
              leave();
            }}
          />
        </section>
      </main>
      {leads ? <KeyBar /> : null}
      {dialog === 'screens' ? <ScreensDialog briefing={briefing} as={as} close={shut} /> : null}
      {dialog === 'arrange' ? <ArrangeDialog briefing={briefing} actor={actor} close={shut} done={() => refreshRoom(client, id, 'briefing')} /> : null}
      {dialog === 'close' ? <CloseDialog briefing={briefing} actor={actor} close={shut} done={() => recorded(t('Đã kết thúc. Dự thảo thông báo ở bên dưới.'))} /> : null}
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
