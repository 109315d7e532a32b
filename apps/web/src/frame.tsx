import { IconClockPlay, IconHistory, IconHourglass, IconPlugConnectedX, IconSearch } from '@tabler/icons-react';
import { useIsFetching, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState, useSyncExternalStore, type SubmitEvent, type ReactNode } from 'react';
import { Link, useLocation, useNavigate, useSearchParams } from 'react-router';
import { chooseActor, ROLE_NAMES, unitOf, useActor } from './actor.ts';
import { answeredAhead, get, type System } from './api.ts';
import { at, count, day, dayOf, isDay, known, local, positionText } from './format.ts';
import { DisplayMenu } from './display/menu.tsx';
import { useArrival } from './frame/arrive.ts';
import { EmptySystem } from './frame/empty-system.tsx';
import { useBehind, type Behind } from './frame/health.ts';
import { useKeptFocus } from './frame/keep-focus.ts';
import { Nav } from './frame/nav.tsx';
import { t } from './i18n.ts';
import { followFrom } from './live/line.ts';
import { useLineWords, useTicking } from './live/use-live.ts';
import { Quick } from './quick/quick.tsx';
import { blockWord } from './scope/blocks.ts';
import { useMine } from './scope/mine.ts';
import { besides, href, toPresent, useScope, type Scope } from './scope/scope.ts';
import { useUnitName, useUnits } from './scope/units.ts';

export const useSystem = () =>
  useQuery({ queryKey: ['system'], queryFn: ({ signal }) => get<System>('/system', {}, signal), initialData: () => answeredAhead('/system', {}) as System | undefined, refetchInterval: 30_000 });

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
        aria-label={t('Tìm việc theo nội dung, mã hoặc số văn bản')}
        placeholder={t('Tìm việc, mã, số văn bản')}
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
        <b className="whatmark">{t('Thử nghiệm')}</b> <span className="long">{t('Đang thao tác với vai')}</span>
        <span className="brief">{t('Vai')}</span>
      </span>
      <select name="vai" value={actor} onChange={(event) => chooseActor(event.target.value)}>
        {Object.entries(ROLE_NAMES).map(([role, word]) => (
          <option key={role} value={role}>
            {word}
          </option>
        ))}
        <optgroup label={t('Đơn vị')}>
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
  if (scope.knownAt !== null) return true;
  if (scope.day === null || system.data === undefined) return false;
  return isDay(scope.day) ? scope.day < dayOf(system.data.now) : Date.parse(scope.day) < Date.parse(system.data.now);
}

function PastBar({ scope }: { scope: Scope }) {
  const location = useLocation();
  const [search] = useSearchParams();
  const extra = Object.fromEntries(
    [...search].filter(([name]) => ['cell', 'part', 'flow', 'out', 'rate', 'side', 'q', 'o', 'doiTuong', 'a', 'b', 'nhom', 'linhVuc', 'sao', 'soVanBan', 'hanTu', 'hanDen', 'khongCapNhat', 'sapXep', 'cot', 'what', 'week', 'tatQuyTac'].includes(name)),
  );
  const here = (change: Partial<Scope>) => href(location.pathname, { ...scope, ...change }, extra);
  const asThen: Partial<Scope> | null =
    scope.day === null || location.pathname === '/so-sanh'
      ? null
      : { knownAt: null, sinceDay: scope.day, sinceKnownAt: scope.knownAt ?? scope.day };
  return (
    <div className="pastbar" role="region" aria-label={t('Đang xem quá khứ')}>
      <p className="wrap">
        <IconHistory size={18} aria-hidden />
        <Link to={href(location.pathname, toPresent(scope), extra)}>{t('Đang xem quá khứ — về hiện tại')}</Link>
        {scope.knownAt ? (
          <span>
            {t('Chỉ tính những gì đã ghi nhận đến {{knownAt}}.', { knownAt: known(scope.knownAt) })}{' '}
            <Link to={here({ knownAt: null })}>{t('Tính cả điều ghi nhận sau đó')}</Link>
          </span>
        ) : null}
        {asThen ? (
          <Link to={href('/so-sanh', { ...scope, ...asThen })}>
            {scope.knownAt && scope.knownAt !== scope.day
              ? t('So số này với mọi điều đã biết đến nay')
              : scope.day !== null && isDay(scope.day)
                ? t('So số đã biết lúc hết {{day}} với nay', { day: day(scope.day).slice(0, 5) })
                : t('So số đã biết lúc đó với nay')}
          </Link>
        ) : null}
      </p>
    </div>
  );
}

/** Whether what is shown follows the log or stands still. Only a change of word is read out, not every second. */
function LineState({ past, down, updatedAt }: { past: boolean; down: boolean; updatedAt: number | undefined }) {
  const line = useLineWords();
  if (past)
    return (
      <span className="liveword" data-frozen="yes">
        {` · ${t('số liệu cố định')}`}
      </span>
    );
  const state = down ? 'lost' : line.state;
  const since = line.heardAt ?? updatedAt;
  return (
    <span className="liveword" data-line={state}>
      {' · '}
      {state === 'live'
        ? t('trực tiếp')
        : state === 'late'
          ? t('chậm {{seconds}} giây', { seconds: line.seconds })
          : state === 'lost'
            ? since
              ? t('mất kết nối, số liệu lúc {{time}}', { time: local(since).time })
              : t('mất kết nối')
            : t('đang nối…')}
    </span>
  );
}

function LateBar({ behind }: { behind: Behind }) {
  return (
    <p className="latebar" role="status" data-behind={behind.kind}>
      <span className="wrap">
        <IconHourglass size={18} aria-hidden />
        {behind.kind === 'late'
          ? t('Số liệu chậm {{seconds}} giây: còn {{events}} sự kiện đã ghi mà chưa vào số liệu. Trang tự cập nhật khi kịp.', {
              seconds: count(behind.seconds),
              events: count(behind.events),
            })
          : t('Số liệu đang dừng ở sự kiện {{position}}; điều ghi sau đó chưa vào. Báo quản trị nếu kéo dài.', {
              position: positionText(behind.position),
            })}
      </span>
    </p>
  );
}

/** Pages that show a part of the province. */
const SCOPED: ReadonlySet<string> = new Set(['/', '/danh-sach', '/viec', '/so-sanh']);

/** Whose numbers these are, from the whole province down; each step leads back up to itself. */
function ScopePath({ scope }: { scope: Scope }) {
  const { pathname } = useLocation();
  const [search] = useSearchParams();
  const unitName = useUnitName(scope.unitId);
  const mine = useMine(scope);
  const { unitId, unitKind } = scope;
  const up = (change: Partial<Scope>) => href(pathname, { ...scope, unitId: null, tree: null, ...change }, besides(search));
  const within = unitId === null ? null : unitName;
  return (
    <span className="scopeword">
      {unitId === null && unitKind === null ? t('Toàn tỉnh') : <Link to={up({ unitKind: null })}>{t('Toàn tỉnh')}</Link>}
      {unitKind === null ? null : <> ▸ {within === null ? blockWord(unitKind) : <Link to={up({})}>{blockWord(unitKind)}</Link>}</>}
      {within === null ? null : ` ▸ ${within}`}
      {mine === null ? null : ` ▸ ${t('tôi phụ trách')}`}
      {' · '}
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
  const online = useOnline();
  const fetching = useIsFetching({ predicate: ({ queryKey }) => queryKey[0] !== 'health' }) > 0;
  const main = useRef<HTMLElement>(null);
  const inst = useRef<HTMLDivElement>(null);
  const behind = useBehind();

  useEffect(() => {
    document.title = `${title} · ${t('Nhắc Việc')}`;
  }, [title]);
  useArrival(main);
  useKeptFocus();
  useEffect(() => {
    if (!inst.current) return undefined;
    const row = inst.current;
    // What sticks under it, and what one jumps to, has to know how high it is.
    const measured = new ResizeObserver(() => document.documentElement.style.setProperty('--inst-h', `${row.offsetHeight}px`));
    measured.observe(row);
    return () => measured.disconnect();
  }, []);

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
        {t('Tới nội dung')}
      </a>
      <header className="wrap top">
        <Link className="brand" to={href('/', scope)}>
          {t('Nhắc Việc')}
        </Link>
        <Nav />
        <Search />
        <DisplayMenu />
      </header>
      <div className="wrap inst" ref={inst} role="region" aria-label={t('Đang xem')}>
        <p className="point">
          {SCOPED.has(location.pathname) ? <ScopePath scope={scope} /> : null}
          {shown ? (
            <>
              <span className="lead">{t('Tại thời điểm')} </span>
              <b>{at(shown)}</b> <span className="lead">{t('(giờ VN)')}</span>
              {position ? ` · ${t('sự kiện {{position}}', { position: positionText(position) })}` : null}
              <LineState past={past} down={down} updatedAt={updatedAt} />
            </>
          ) : (
            t('Đang lấy thời điểm…')
          )}
        </p>
        {system.data?.simulated ? (
          <p className="badge" data-badge="simulated">
            <IconClockPlay size={16} aria-hidden />{' '}
            {scope.day === null ? t('Đồng hồ mô phỏng') : t('Đồng hồ mô phỏng, đang là {{now}}', { now: at(system.data.now) })}
          </p>
        ) : null}
        <p className="busy" aria-live="polite">
          {fetching ? t('Đang cập nhật…') : ''}
        </p>
        <ActorPick />
      </div>
      {back ? <PastBar scope={scope} /> : null}
      {down ? (
        <p className="lostbar" role="status">
          <span className="wrap">
            <IconPlugConnectedX size={18} aria-hidden />
            {updatedAt
              ? t('Mất kết nối — số liệu lúc {{time}}. Trang tự lấy lại khi có mạng.', { time: local(updatedAt).seconds })
              : t('Mất kết nối. Trang tự lấy lại khi có mạng.')}
          </span>
        </p>
      ) : null}
      {behind && !down ? <LateBar behind={behind} /> : null}
      <main id="noi-dung" className="wrap" ref={main} tabIndex={-1}>
        {system.data?.events === 0 ? <EmptySystem /> : children}
      </main>
      <Quick />
      <footer className="wrap foot">
        <p>
          {[t('Nhắc Việc'), ...(system.data?.version ? [system.data.version] : [])].join(' ')} ·{' '}
          {t('Mỗi con số dẫn tới đúng danh sách việc tạo nên nó, cùng thời điểm.')}{' '}
          <span className="keys">
            {t('Phím')} <kbd>/</kbd> {t('để tìm,')} <kbd>Ctrl</kbd>
            {'\u00a0'}
            <kbd>K</kbd> {t('để đi nhanh,')} <kbd>?</kbd> {t('xem các phím.')}
          </span>
        </p>
      </footer>
    </div>
  );
}
