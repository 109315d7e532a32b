import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react';
import { ApiError } from '../api.ts';
import { t } from '../i18n.ts';
import { lineWords, type Line } from '../live/frames.ts';
import { getAs, postAs, type Asker } from './ask.ts';
import { askCode, claim, keepPairing, keptPairing, type Code, type Paired } from './pairing.ts';
import { Room } from './room.tsx';
import { holdStream } from './screen-stream.ts';
import { type PageKey, type Show } from './types.ts';
import { refreshRoom, ROOM, useAgendaFollows, useBriefing, useScreen, useServerClock, useShow, useTicker, type PageAsked } from './use-room.ts';

const CLAIM_MS = 2_000;
const SHOW_MS = 5_000;
const TURN_MS = 20_000;
const SHIFT_MS = 60_000;
const COLLECT_MS = 150;
const RENEW_MS = 3_600_000;
const ABOUT_ME_MS = 60_000;

/** Four places two pixels apart, so that nothing burns in. */
const PLACES = [
  [0, 0],
  [2, 0],
  [2, 2],
  [0, 2],
] as const;

/** The words of the address: `?nen=toi` for a dark room; light otherwise, whatever the machine prefers. */
const themeOf = (): 'light' | 'dark' => (new URLSearchParams(window.location.search).get('nen') === 'toi' ? 'dark' : 'light');

function Stage({ children }: { children: ReactNode }) {
  const [shift, setShift] = useState(0);
  const theme = themeOf();
  useEffect(() => {
    const timer = setInterval(() => setShift((n) => (n + 1) % PLACES.length), SHIFT_MS);
    const before = document.documentElement.dataset['theme'];
    document.documentElement.dataset['theme'] = theme;
    document.title = t('Màn phòng họp · Nhắc Việc');
    return () => {
      clearInterval(timer);
      if (before === undefined) delete document.documentElement.dataset['theme'];
      else document.documentElement.dataset['theme'] = before;
    };
  }, [theme]);
  const [x, y] = PLACES[shift] ?? PLACES[0];
  return (
    <div className="rstage kiosk" data-theme={theme} data-shift={shift}>
      <div style={{ transform: `translate(${x}px, ${y}px)` }}>{children}</div>
    </div>
  );
}

/** The screen stays awake while the page is looked at; where the browser does not let it, the machine's own settings have to. */
function useWakeLock(): void {
  useEffect(() => {
    let held: WakeLockSentinel | null = null;
    let gone = false;
    const hold = (): void => {
      if (gone || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      navigator.wakeLock.request('screen').then(
        (lock) => {
          if (gone) void lock.release();
          else held = lock;
        },
        () => undefined,
      );
    };
    hold();
    document.addEventListener('visibilitychange', hold);
    return () => {
      gone = true;
      document.removeEventListener('visibilitychange', hold);
      void held?.release();
    };
  }, []);
}

/** The program of the page as it is served now: its entry bears a name of its own in every build; other scripts keep theirs. */
async function served(): Promise<string | null> {
  try {
    const answer = await fetch('/man-hinh', { cache: 'no-store', headers: { accept: 'text/html' } });
    if (!answer.ok) return null;
    return /<script(?=[^>]+type="module")[^>]+src="([^"]+)"/.exec(await answer.text())?.[1] ?? null;
  } catch {
    return null;
  }
}

/** After a new deployment the page is loaded anew, and only when the server is there to give it. */
function useNewDeployment(connections: number): void {
  const first = useRef<string | null>(null);
  useEffect(() => {
    void served().then((found) => {
      if (found === null) return;
      first.current ??= found;
      if (first.current !== found) window.location.reload();
    });
  }, [connections]);
}

/** Until somebody has entered the code at the operator's, the screen shows it, and a new one whenever it has grown old. */
function Pairing({ paired, why }: { paired: (paired: Paired) => void; why: string | null }) {
  const [code, setCode] = useState<Code | null>(null);
  const [away, setAway] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const stopped = (): boolean => stop.signal.aborted;
    const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const run = async (): Promise<void> => {
      let current: Code | null = null;
      while (!stopped()) {
        try {
          if (current === null || Date.parse(current.expiresAt) - Date.now() < 0) {
            current = await askCode(stop.signal);
            // The expiry is told by the server's clock: a code is asked anew when the server calls it expired, too.
            current = { ...current, expiresAt: new Date(Date.now() + 300_000).toISOString() };
            setCode(current);
          }
          const answer = await claim(current, stop.signal);
          setAway(false);
          if (answer === 'expired') current = null;
          else if (answer !== 'waiting') {
            paired(answer);
            return;
          }
        } catch {
          if (stopped()) return;
          setAway(true);
        }
        await pause(CLAIM_MS * (0.8 + Math.random() * 0.4));
      }
    };
    void run();
    return () => stop.abort();
  }, [paired]);
  return (
    <main className="rpair" data-away={away ? 'yes' : 'no'}>
      <h1>{t('Ghép màn phòng họp')}</h1>
      {why ? <p>{why}</p> : null}
      <p className="rcode" data-code={code?.code ?? ''} aria-label={code ? code.code.split('').join(' ') : t('Đang lấy mã')}>
        {code ? `${code.code.slice(0, 3)} ${code.code.slice(3)}` : '··· ···'}
      </p>
      <p>{t('Gõ sáu số này ở bàn điều khiển giao ban, mục “Màn phòng họp”.')}</p>
      <p className="quiet2" role="status">
        {away ? t('Không tới được máy chủ. Đang thử lại, không cần làm gì.') : t('Mã có giá trị 5 phút, hết thì màn tự lấy mã mới.')}
      </p>
    </main>
  );
}

/** The page after the shown one, and the one of the other state: whichever the operator goes to next is there already. */
function ahead(pages: readonly { key: PageKey }[], asked: PageAsked): PageAsked[] {
  const at = pages.findIndex(({ key }) => key === asked.page);
  return [pages[at + 1], pages[at - 1]].flatMap((one) => (one ? [{ page: one.key, n: 1, unitId: null, live: asked.live }] : []));
}

function PairedRoom({ paired, change, leave }: { paired: Paired; change: (paired: Paired) => void; leave: (why: string) => void }) {
  const { briefingId: id, token } = paired;
  const client = useQueryClient();
  const as: Asker = { screenToken: token };
  const [line, setLine] = useState<Line>({ up: false, heardAt: null });
  const [startedAt] = useState(() => Date.now());
  const [connections, setConnections] = useState(0);
  const [turn, setTurn] = useState(0);
  const clock = useServerClock();
  const briefing = useBriefing(id, as);
  const shown = useShow(id, as, SHOW_MS);
  const ticker = useTicker(id, as, 3);
  useAgendaFollows(client, id, briefing.data, ticker.data);
  useNewDeployment(connections);

  useEffect(() => {
    const stop = new AbortController();
    const waiting = new Set<'task' | 'briefing' | 'all'>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const collect = (what: 'task' | 'briefing' | 'all'): void => {
      waiting.add(what);
      timer ??= setTimeout(() => {
        timer = undefined;
        for (const one of waiting.has('all') ? (['all'] as const) : waiting) refreshRoom(client, id, one);
        waiting.clear();
      }, COLLECT_MS);
    };
    void holdStream(id, { screenToken: token }, stop.signal, {
      line: setLine,
      news: (event) => collect(event === 'briefing' ? 'briefing' : 'task'),
      show: (show: Show) => client.setQueryData([ROOM, id, 'show'], { show }),
      resync: () => {
        setConnections((n) => n + 1);
        collect('all');
      },
      refused: () => leave(t('Màn này không còn được ghép: quyền xem đã bị thu hồi hoặc hết hạn.')),
    });
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [client, id, token, leave]);

  // A refusal of the token, whichever request hears it first.
  const refused = [briefing.error, shown.error, ticker.error].some((error) => error instanceof ApiError && error.status === 401);
  useEffect(() => {
    if (refused) leave(t('Màn này không còn được ghép: quyền xem đã bị thu hồi hoặc hết hạn.'));
  }, [refused, leave]);

  useEffect(() => {
    const renew = setInterval(() => {
      postAs<Partial<Paired>>({ screenToken: token }, '/screens/renew', {}).then(
        (answer) => {
          if (answer.token && answer.token !== token) change({ ...paired, token: answer.token });
        },
        () => undefined,
      );
    }, RENEW_MS);
    const about = setInterval(() => {
      getAs<Partial<Paired>>({ screenToken: token }, '/screens/me').then(
        (answer) => {
          if (answer.briefingId && answer.briefingId !== id) change({ ...paired, briefingId: answer.briefingId });
        },
        () => undefined,
      );
    }, ABOUT_ME_MS);
    return () => {
      clearInterval(renew);
      clearInterval(about);
    };
  }, [paired, token, id, change]);

  const show = shown.data?.show ?? null;
  const pages = briefing.data?.pages ?? [];
  const turning = shown.data !== undefined && show === null;
  useEffect(() => {
    if (!turning) return undefined;
    const timer = setInterval(() => setTurn((n) => n + 1), TURN_MS);
    return () => clearInterval(timer);
  }, [turning]);
  const asked: PageAsked = show
    ? { page: show.page, n: show.n, unitId: show.unitId, live: show.live }
    : { page: pages[turn % Math.max(1, pages.length)]?.key ?? 'overview', n: 1, unitId: null, live: false };
  const screen = useScreen(id, as, asked, ahead(pages, asked));
  const words = lineWords(line, startedAt, Date.now());
  const heardAt = line.heardAt ?? (screen.dataUpdatedAt || startedAt);
  const lostAt = words.state === 'lost' ? heardAt + clock.offset : null;

  if (!briefing.data || !screen.data)
    return (
      <main className="rpair" data-away={lostAt === null ? 'no' : 'yes'}>
        <h1>{briefing.data?.name ?? t('Màn phòng họp')}</h1>
        <p role="status">{lostAt === null ? t('Đang lấy số liệu…') : t('Không tới được máy chủ. Đang thử lại, không cần làm gì.')}</p>
      </main>
    );
  if (show?.blank) return <main className="rblank" data-blank="yes" aria-label={t('Màn đang tắt')} />;
  return (
    <Room
      view={{
        briefing: briefing.data,
        answer: screen.data,
        page: asked.page,
        live: asked.live,
        ticker: ticker.data ?? null,
        now: clock.now,
        lostAt,
      }}
    />
  );
}

/** The room screen: no menu, no pointer, nobody at it. It is paired once, follows the operator, and comes back by itself from whatever happens. */
export function ScreenPage() {
  const client = useQueryClient();
  const [paired, setPaired] = useState<Paired | null>(keptPairing);
  const [why, setWhy] = useState<string | null>(null);
  useWakeLock();
  const change = useCallback((next: Paired) => {
    keepPairing(next);
    setWhy(null);
    setPaired(next);
  }, []);
  const leave = useCallback(
    (reason: string) => {
      keepPairing(null);
      setWhy(reason);
      setPaired(null);
      client.removeQueries({ queryKey: [ROOM] });
    },
    [client],
  );
  return (
    <Stage>
      {paired ? <PairedRoom key={paired.briefingId} paired={paired} change={change} leave={leave} /> : <Pairing paired={change} why={why} />}
    </Stage>
  );
}
