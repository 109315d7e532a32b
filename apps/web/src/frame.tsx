import { IconClockPlay, IconHistory, IconMoon, IconPlugConnectedX, IconSearch, IconSun } from '@tabler/icons-react';
import { useIsFetching, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore, type SubmitEvent, type ReactNode } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { chooseActor, ROLE_NAMES, roleOf, unitOf, useActor } from './actor.ts';
import { get, type System } from './api.ts';
import { at, day, dayOf, isDay, known, local, positionText } from './format.ts';
import { t } from './i18n.ts';
import { followFrom } from './live/line.ts';
import { useLineWords, useTicking } from './live/use-live.ts';
import { Quick } from './quick/quick.tsx';
import { href, toPresent, useScope, type Scope } from './scope/scope.ts';
import { useUnits } from './scope/units.ts';
import { chooseTheme, currentTheme, type Theme } from './theme.ts';

export const useSystem = () =>
  useQuery({ queryKey: ['system'], queryFn: ({ signal }) => get<System>('/system', {}, signal), refetchInterval: 30_000 });

const subscribeOnline = (changed: () => void) => {
  window.addEventListener('online', changed);
  window.addEventListener('offline', changed);
  return () => {
    window.removeEventListener('online', changed);
    window.removeEventListener('offline', changed);
  };
};
const useOnline = () => useSyncExternalStore(subscribeOnline, () => navigator.onLine);

export interface Instant {
  asOf: string | null;
  position: string | null;
  /** Looks back though the address carries no day: a point of the log. */
  past?: boolean;
}

function ThemeButton() {
  const [theme, setTheme] = useState<Theme>(currentTheme);
  useEffect(() => {
    const query = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setTheme(currentTheme());
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  const next = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      className="btn plain"
      type="button"
      onClick={() => {
        chooseTheme(next);
        setTheme(next);
      }}
    >
      {next === 'dark' ? <IconMoon size={16} aria-hidden /> : <IconSun size={16} aria-hidden />}
      {next === 'dark' ? 'Nền tối' : 'Nền sáng'}
    </button>
  );
}

function Search() {
  const scope = useScope();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const input = useRef<HTMLInputElement>(null);
  const asked = search.get('q') ?? '';
  const [text, setText] = useState(asked);
  useEffect(() => setText(asked), [asked]);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, select, textarea') !== null;
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        input.current?.focus();
      }
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void navigate(href('/viec', scope, { q: text.trim() }));
  };
  return (
    <form className="find" role="search" onSubmit={submit}>
      <IconSearch size={16} aria-hidden />
      <input
        ref={input}
        type="search"
        aria-label="Tìm việc theo nội dung, mã hoặc số văn bản"
        placeholder="Tìm việc, mã, số văn bản"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            setText('');
            input.current?.blur();
          }
        }}
      />
      <kbd aria-hidden="true">/</kbd>
    </form>
  );
}

/** Until there are accounts: who the commands of this page are given by. */
function ActorPick() {
  const actor = useActor();
  const units = useUnits();
  const unit = unitOf(actor);
  const stray = unit !== null && !(units.data ?? []).some((one) => one.id === unit);
  return (
    <label className="actor">
      <span>
        <b className="whatmark">Thử nghiệm</b> Đang thao tác với vai
      </span>
      <select name="vai" value={actor} onChange={(event) => chooseActor(event.target.value)}>
        {Object.entries(ROLE_NAMES).map(([role, word]) => (
          <option key={role} value={role}>
            {word}
          </option>
        ))}
        <optgroup label="Đơn vị">
          {stray ? <option value={actor}>{unit}</option> : null}
          {(units.data ?? []).map((one) => (
            <option key={one.id} value={`unit:${one.id}`}>
              {one.name}
            </option>
          ))}
        </optgroup>
      </select>
    </label>
  );
}

/** Whether the reader looks back: at an earlier day, or with less than is known now. Nothing can be recorded from there. */
export function usePast(): boolean {
  const scope = useScope();
  const system = useSystem();
  return scope.knownAt !== null || (scope.day !== null && system.data !== undefined && scope.day < dayOf(system.data.now));
}

function PastBar({ scope }: { scope: Scope }) {
  const location = useLocation();
  const [search] = useSearchParams();
  const extra = Object.fromEntries(
    [...search].filter(([name]) => ['cell', 'part', 'flow', 'out', 'rate', 'side', 'q', 'o', 'doiTuong', 'a', 'b'].includes(name)),
  );
  const here = (change: Partial<Scope>) => href(location.pathname, { ...scope, ...change }, extra);
  const asThen: Partial<Scope> | null =
    scope.day === null || location.pathname === '/so-sanh'
      ? null
      : { knownAt: null, sinceDay: scope.day, sinceKnownAt: scope.knownAt ?? scope.day };
  return (
    <div className="pastbar">
      <p className="wrap">
        <IconHistory size={18} aria-hidden />
        <Link to={href(location.pathname, toPresent(scope), extra)}>Đang xem quá khứ — về hiện tại</Link>
        {scope.knownAt ? (
          <span>
            Chỉ tính những gì đã ghi nhận đến {known(scope.knownAt)}. <Link to={here({ knownAt: null })}>Tính cả điều ghi nhận sau đó</Link>
          </span>
        ) : null}
        {asThen ? (
          <Link to={href('/so-sanh', { ...scope, ...asThen })}>
            {scope.knownAt && scope.knownAt !== scope.day
              ? 'So số này với mọi điều đã biết đến nay'
              : `So số đã biết lúc ${isDay(scope.day ?? '') ? `hết ${day(scope.day ?? '').slice(0, 5)}` : 'đó'} với nay`}
          </Link>
        ) : null}
      </p>
    </div>
  );
}

/** Whether what is shown follows the log. Only a change of word is read out, not every second. */
function LineState({ past, down, updatedAt }: { past: boolean; down: boolean; updatedAt: number | undefined }) {
  const line = useLineWords();
  if (past) return null;
  const state = down ? 'lost' : line.state;
  const since = line.heardAt ?? updatedAt;
  return (
    <span className="liveword" data-line={state}>
      {' · '}
      {state === 'live'
        ? 'trực tiếp'
        : state === 'late'
          ? `chậm ${line.seconds} giây`
          : state === 'lost'
            ? `mất kết nối${since ? `, số liệu lúc ${local(since).time}` : ''}`
            : 'đang nối…'}
    </span>
  );
}

/** The head and the tint every page shares: which instant is shown, whether it is live, past or simulated, whether the line is up. */
export function Frame({
  title,
  instant,
  updatedAt,
  lost,
  children,
}: {
  title: string;
  instant?: Instant | undefined;
  updatedAt?: number | undefined;
  lost?: boolean | undefined;
  children: ReactNode;
}) {
  const scope = useScope();
  const location = useLocation();
  const system = useSystem();
  const actor = useActor();
  const online = useOnline();
  const fetching = useIsFetching() > 0;
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  useEffect(() => {
    document.title = `${title} · Nhắc Việc`;
  }, [title]);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
  }, [location.pathname]);

  const now = system.data?.now ?? null;
  const back = usePast();
  const past = back || instant?.past === true;
  const shown = instant?.asOf ?? scope.day ?? now;
  const position = instant?.position ?? system.data?.position ?? null;
  const down = !online || lost === true;
  const begin = system.data?.position;
  useEffect(() => {
    if (begin !== undefined) followFrom(begin);
  }, [begin]);
  useTicking(past);

  return (
    <div className={past ? 'frame past' : 'frame'}>
      <a className="skip" href="#noi-dung">
        Tới nội dung
      </a>
      <header className="wrap top">
        <Link className="brand" to={href('/', scope)}>
          Nhắc Việc
        </Link>
        <nav aria-label="Các trang">
          <Link to={href('/', scope)} aria-current={location.pathname === '/' ? 'page' : undefined}>
            Điều hành
          </Link>
          <Link to={href('/ban-lam-viec', toPresent(scope))} aria-current={location.pathname === '/ban-lam-viec' ? 'page' : undefined}>
            Bàn làm việc
          </Link>
          <Link to={href('/viec', scope)} aria-current={location.pathname === '/viec' ? 'page' : undefined}>
            Việc
          </Link>
          <Link to={href('/so-sanh', scope)} aria-current={location.pathname === '/so-sanh' ? 'page' : undefined}>
            So sánh
          </Link>
          <Link to={href('/phat-lai', toPresent(scope))} aria-current={location.pathname === '/phat-lai' ? 'page' : undefined}>
            Phát lại
          </Link>
          {roleOf(actor) === 'unit' ? null : (
            <Link to="/giao-ban" aria-current={location.pathname.startsWith('/giao-ban') ? 'page' : undefined}>
              {t('Giao ban')}
            </Link>
          )}
          {roleOf(actor) === 'office' ? (
            <Link to={href('/giao-viec', toPresent(scope))} aria-current={location.pathname === '/giao-viec' ? 'page' : undefined}>
              Giao việc
            </Link>
          ) : null}
        </nav>
        <Search />
        <ThemeButton />
      </header>
      <div className="wrap inst">
        <p>
          {shown ? (
            <>
              Tại thời điểm <b>{at(shown)}</b> (giờ VN){position ? <> · sự kiện {positionText(position)}</> : null}
              <LineState past={past} down={down} updatedAt={updatedAt} />
            </>
          ) : (
            'Đang lấy thời điểm…'
          )}
        </p>
        {system.data?.simulated ? (
          <p className="badge" data-badge="simulated">
            <IconClockPlay size={16} aria-hidden /> Đồng hồ mô phỏng{scope.day === null ? '' : `, đang là ${at(system.data.now)}`}
          </p>
        ) : null}
        <p className="busy" aria-live="polite">
          {fetching ? 'Đang cập nhật…' : ''}
        </p>
        <ActorPick />
      </div>
      {back ? <PastBar scope={scope} /> : null}
      {down ? (
        <p className="lostbar" role="status">
          <span className="wrap">
            <IconPlugConnectedX size={18} aria-hidden />
            Mất kết nối{updatedAt ? ` — số liệu lúc ${local(updatedAt).seconds}` : ''}. Trang tự lấy lại khi có mạng.
          </span>
        </p>
      ) : null}
      <main id="noi-dung" className="wrap" ref={main} tabIndex={-1}>
        {children}
      </main>
      <Quick />
      <footer className="wrap foot">
        <p>
          Nhắc Việc{system.data?.version ? ` ${system.data.version}` : ''} · Mỗi con số dẫn tới đúng danh sách việc tạo nên nó, cùng thời
          điểm.{' '}
          <span className="keys">
            Phím <kbd>/</kbd> để tìm, <kbd>Ctrl</kbd>
            {'\u00a0'}
            <kbd>K</kbd> để đi nhanh, <kbd>?</kbd> xem các phím.
          </span>
        </p>
      </footer>
    </div>
  );
}
