import { IconChevronLeft, IconChevronRight, IconPlayerPause, IconPlayerPlay, IconPlayerSkipBack, IconPlayerSkipForward } from '@tabler/icons-react';
import { useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { addDays, count, day, dayOf, daysBetween, longDay } from '../format.ts';
import { t } from '../i18n.ts';
import { Failure, Loading } from '../states.tsx';
import { MAIN } from '../words.ts';
import { bucketFor, useDensity, usePointFigures, type Bucket, type WideView } from './audit.ts';
import { nextOf, useHappenings, type Happening } from './happenings.ts';
import { Jumps, PausePick, TickLane, TickLegend, TickTable } from './rail-ticks.tsx';
import { useSettled } from './state.ts';
import { figuresQuery, nextDue, usePlay, WIDE_PAUSES, type Playing } from './use-play.ts';
import { SPEEDS } from './use-points.ts';

const spanWords = ({ from, to }: Bucket): string => (from === to ? day(from) : t('{{from}} đến {{to}}', { from: day(from), to: day(to) }));

const NO_DAYS: readonly Bucket[] = [];

/** The meeting of another day, before or after. */
const meetingFrom = (happenings: readonly Happening[], here: string, way: 'before' | 'after'): Happening | null =>
  nextOf(happenings, 'meeting', Date.parse(`${here}T${way === 'before' ? '00:00' : '24:00'}:00+07:00`), way);

/** What was recorded on a day that is only looked at, and how the figures stood at its end. */
function Preview({ view, on, recorded }: { view: WideView; on: string; recorded: number }) {
  const settled = useSettled(on, 120);
  const figures = usePointFigures(figuresQuery(view, settled), true);
  const shown = settled === on && !figures.isPlaceholderData ? figures.data : undefined;
  const sum = (cells: readonly string[]): number => cells.reduce((all, cell) => all + (shown?.cells[cell] ?? 0), 0);
  return (
    <>
      <b>{t('Xem trước hết {{day}}', { day: longDay(on) })}</b>: {t('trong ngày ghi {{n}} sự kiện', { n: count(recorded) })}
      {shown === undefined
        ? ''
        : `; ${[t('tổng số {{n}}', { n: count(shown.total) }), ...MAIN.map(({ cells, word }) => `${word.toLowerCase()} ${count(sum(cells))}`)].join(', ')}`}
    </>
  );
}

/** A third handle that moves no point; the day it stands on is told below. */
function Peek({ day: on, on: seen, place, from, today, look, take }: { day: string; on: boolean; place: number; from: string; today: string; look: (on: string | null) => void; take: (on: string) => void }) {
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const by: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowDown: -1, ArrowUp: 1, PageDown: -7, PageUp: 7 };
    const next = event.key === 'Home' ? from : event.key === 'End' ? today : by[event.key] === undefined ? null : addDays(on, by[event.key]!);
    if (next !== null) look(next < from ? from : next > today ? today : next);
    else if (event.key === 'Enter') take(on);
    else if (event.key === 'Escape') look(null);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className={seen ? 'peekmark on' : 'peekmark'}
      style={{ left: `${place}%` }}
      role="slider"
      tabIndex={0}
      aria-label={t('Xem trước')}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, daysBetween(from, today))}
      aria-valuenow={Math.max(0, daysBetween(from, on))}
      aria-valuetext={t('hết {{day}}', { day: longDay(on) })}
      aria-describedby="xem-truoc"
      onFocus={() => look(on)}
      onBlur={() => look(null)}
      onKeyDown={press}
    />
  );
}

/** The controls of a task's replay, a day on which something was recorded taking the place of an event. */
function Controls({
  view,
  play,
  move,
  happenings,
  first,
  jump,
}: {
  view: WideView;
  play: Playing;
  move: (handle: 'a' | 'b', to: string) => void;
  happenings: readonly Happening[];
  first: string;
  jump: (kind: 'due' | 'meeting', way: 'before' | 'after') => void;
}) {
  const { active } = play;
  const here = view[active];
  const button = (name: string, text: string, Icon: typeof IconChevronLeft, to: string | null) => (
    <button className="btn" type="button" data-step={name} disabled={to === null || to === here} onClick={() => to !== null && move(active, to)}>
      <Icon size={16} aria-hidden /> {text}
    </button>
  );
  return (
    <div className="controls" role="group" aria-label={t('Điều khiển phát lại')}>
      <span className="seg">
        <button className="btn" type="button" aria-pressed={active === 'a'} onClick={() => play.choose('a')}>
          {t('Dời A')}
        </button>
        <button className="btn" type="button" aria-pressed={active === 'b'} onClick={() => play.choose('b')}>
          {t('Dời B')}
        </button>
      </span>
      <span className="seg">
        {button('first', t('Đầu'), IconPlayerSkipBack, first)}
        {button('previous', t('Ngày có sự kiện trước'), IconChevronLeft, play.before)}
        <button className="btn primary" type="button" data-do="play" disabled={!play.playing && play.after === null} onClick={() => play.play(!play.playing)}>
          {play.playing ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
          {play.playing ? t('Dừng') : active === 'a' ? t('Phát từ A') : t('Phát từ B')}
        </button>
        {button('next', t('Ngày có sự kiện sau'), IconChevronRight, play.after)}
        {button('last', t('Cuối'), IconPlayerSkipForward, active === 'a' ? view.b : view.today)}
      </span>
      <Jumps jump={jump} can={(kind, way) => kind === 'due' || meetingFrom(happenings, here, way) !== null} />
      <label className="pick">
        <span>{t('Tốc độ')}</span>
        <select name="tocDo" value={play.speed} onChange={(event) => play.setSpeed(Number(event.target.value))}>
          {SPEEDS.map((speed) => (
            <option key={speed} value={speed}>
              {t('{{n}} ngày/giây', { n: speed })}
            </option>
          ))}
        </select>
      </label>
      <PausePick groups={WIDE_PAUSES} value={play.pauseOn} onChange={play.setPauseOn} />
    </div>
  );
}

/** When it was recorded, above the line, and when it happened, below: how many events by day, week or month, with the two points on it. */
export function WideRail({ view }: { view: WideView }) {
  const whole = useDensity(view, 'recorded', null);
  const first = whole.data?.buckets[0]?.from;
  const last = whole.data?.buckets.at(-1)?.to;
  const from = view.from ?? first ?? view.today;
  const to = view.to ?? (last !== undefined && last > view.today ? last : view.today);
  const bucket = bucketFor(from, to);
  const recorded = useDensity(view, 'recorded', bucket);
  const occurred = useDensity(view, 'occurred', bucket);
  const daily = useDensity(view, 'recorded', 'day');
  const everything = useHappenings(view.unitId);
  const happenings = useMemo(() => everything.filter(({ time }) => dayOf(new Date(time).toISOString()) >= from && dayOf(new Date(time).toISOString()) <= to), [everything, from, to]);
  const [peek, setPeek] = useState<string | null>(null);
  const [told, setTold] = useState('');
  const move = (handle: 'a' | 'b', to: string): void => {
    const kept = to < from ? from : to > view.today ? view.today : to;
    const now = view.at();
    setTold('');
    // A stays before B: the one that is passed goes along.
    if (handle === 'a') view.move({ a: kept, b: kept > now.b ? kept : now.b });
    else view.move({ b: kept, a: kept < now.a ? kept : now.a });
  };
  const play = usePlay(view, daily.data?.buckets ?? NO_DAYS, happenings, move);
  const plot = useRef<HTMLDivElement>(null);
  const failed = [whole, recorded, occurred].find(({ error, data }) => error !== null && data === undefined);
  if (failed?.error) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!recorded.data || !occurred.data) return <Loading what={t('mật độ sự kiện')} />;
  const days = Math.max(1, daysBetween(from, to) + 1);
  const place = (on: string): number => Math.min(100, Math.max(0, (daysBetween(from, on) / days) * 100));
  const highest = Math.max(1, recorded.data.highest, occurred.data.highest);
  const bars = (list: readonly Bucket[], lane: 'up' | 'down') =>
    list
      .filter((one) => one.to >= from && one.from <= to)
      .map((one) => (
        <i
          key={one.from}
          className={`dbar ${lane}`}
          data-late={one.late > 0 || undefined}
          style={{
            left: `${place(one.from)}%`,
            width: `max(1px, ${Math.max(0, place(addDays(one.to, 1)) - place(one.from))}% - 1px)`,
            height: `${Math.max(2, Math.round((one.total / highest) * 100))}%`,
          }}
        />
      ));
  const dayAt = (event: PointerEvent): string => {
    const box = plot.current!.getBoundingClientRect();
    return addDays(from, Math.min(days - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * days))));
  };
  const nearest = (on: string): 'a' | 'b' => (Math.abs(daysBetween(view.a, on)) <= Math.abs(daysBetween(view.b, on)) ? 'a' : 'b');
  const handle = (letter: 'a' | 'b') => {
    const on = view[letter];
    const press = (event: KeyboardEvent) => {
      if (event.key === ' ') {
        event.preventDefault();
        play.play(!play.playing);
        return;
      }
      const here = view.at()[letter];
      const steps: Readonly<Record<string, string>> = {
        ArrowLeft: addDays(here, -1),
        ArrowDown: addDays(here, -1),
        ArrowRight: addDays(here, 1),
        ArrowUp: addDays(here, 1),
        PageDown: addDays(here, -7),
        PageUp: addDays(here, 7),
        Home: from,
        End: view.today,
      };
      const next = steps[event.key];
      if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      move(letter, next);
    };
    return (
      <div
        className={`handle h${letter}${play.active === letter ? ' on' : ''}`}
        style={{ left: `${place(addDays(on, 1))}%` }}
        data-handle={letter}
        role="slider"
        tabIndex={0}
        aria-label={letter === 'a' ? t('Mốc A') : t('Mốc B')}
        aria-valuemin={0}
        aria-valuemax={daysBetween(from, view.today)}
        aria-valuenow={Math.max(0, daysBetween(from, on))}
        aria-valuetext={t('hết {{day}}', { day: longDay(on) })}
        onFocus={() => play.choose(letter)}
        onKeyDown={press}
      >
        <span className="flag">{letter.toUpperCase()}</span>
      </div>
    );
  };
  const late = recorded.data.buckets.reduce((sum, one) => sum + one.late, 0);
  const repairs = recorded.data.buckets.reduce((sum, one) => sum + one.repairs, 0);
  const rows = [...new Set([...recorded.data.buckets, ...occurred.data.buckets].map((one) => one.from))].sort();
  const at = (list: readonly Bucket[], start: string): Bucket | undefined => list.find((one) => one.from === start);
  return (
    <section aria-labelledby="h-rail" className="widerail">
      <h2 id="h-rail">
        {t('{{n}} sự kiện được ghi', { n: count(recorded.data.total) })}{' '}
        <span className="quiet">
          {t('từ {{from}} đến {{to}}; {{late}} ghi muộn, {{repairs}} đính chính hoặc hủy', {
            from: day(from),
            to: day(to),
            late: count(late),
            repairs: count(repairs),
          })}
        </span>
      </h2>
      <div className="controls" role="group" aria-label={t('Hai mốc và khoảng thời gian')}>
        <label className="pick">
          <span>{t('Mốc A, hết ngày')}</span>
          <input
            type="date"
            name="a"
            value={view.a}
            max={view.today}
            onChange={(event) => event.target.value !== '' && move('a', event.target.value)}
          />
        </label>
        <label className="pick">
          <span>{t('Mốc B, hết ngày')}</span>
          <input
            type="date"
            name="b"
            value={view.b}
            max={view.today}
            onChange={(event) => event.target.value !== '' && move('b', event.target.value)}
          />
        </label>
        <label className="pick">
          <span>{t('Trải từ')}</span>
          <input type="date" name="tu" value={view.from ?? from} onChange={(event) => view.set({ tu: event.target.value })} />
        </label>
        <label className="pick">
          <span>{t('đến')}</span>
          <input type="date" name="den" value={view.to ?? to} onChange={(event) => view.set({ den: event.target.value })} />
        </label>
        {view.from !== null || view.to !== null ? (
          <button className="btn" type="button" onClick={() => view.set({ tu: null, den: null })}>
            {t('Trải hết')}
          </button>
        ) : null}
      </div>
      <div
        className="plot"
        onPointerDown={(event) => {
          const on = dayAt(event);
          play.choose(nearest(on));
          move(nearest(on), on);
        }}
        onPointerMove={(event) => {
          if (event.pointerType !== 'touch') setPeek(dayAt(event));
        }}
        onPointerLeave={() => setPeek(null)}
      >
        <div className="lanes" ref={plot}>
          <span className="lane wide">{t('ghi')}</span>
          <span className="lane wide down">{t('xảy ra')}</span>
          <div className="dlane up" aria-hidden="true">
            {bars(recorded.data.buckets, 'up')}
          </div>
          <div className="axis" aria-hidden="true">
            {[0, 1, 2, 3, 4].map((n) => {
              const on = addDays(from, Math.floor((days * n) / 5));
              return (
                <b key={n} style={{ left: `${n * 20}%` }}>
                  {day(on)}
                </b>
              );
            })}
          </div>
          <div className="dlane down" aria-hidden="true">
            {bars(occurred.data.buckets, 'down')}
          </div>
          <TickLane happenings={happenings} place={(time) => place(addDays(dayOf(new Date(time).toISOString()), 1))} />
          <Peek day={peek ?? view[play.active]} on={peek !== null} place={place(addDays(peek ?? view[play.active], 1))} from={from} today={view.today} look={setPeek} take={(on) => move(play.active, on)} />
          {handle('a')}
          {handle('b')}
        </div>
      </div>
      <p className="peek" id="xem-truoc" aria-live="polite" data-peek={peek}>
        {peek === null ? (
          <span className="quiet">{t('Rê chuột trên thanh, hoặc bấm Tab tới “Xem trước” rồi ← →: xem trước mà không dời mốc.')}</span>
        ) : (
          <Preview view={view} on={peek} recorded={daily.data?.buckets.find((one) => one.from === peek)?.total ?? 0} />
        )}
      </p>
      <p className="legend" aria-hidden="true">
        <TickLegend />
      </p>
      <Controls
        view={view}
        play={play}
        move={move}
        happenings={happenings}
        first={daily.data?.buckets[0]?.from ?? from}
        jump={(kind, way) => {
          const here = view[play.active];
          if (kind === 'meeting') {
            const one = meetingFrom(happenings, here, way);
            if (one) move(play.active, dayOf(one.at));
            return;
          }
          nextDue(view, here, way).then(
            (on) => (on === null ? setTold(way === 'before' ? t('Không có hạn nào trước mốc này.') : t('Không có hạn nào sau mốc này, đến hôm nay.')) : move(play.active, on)),
            (error: unknown) => setTold(error instanceof Error ? error.message : String(error)),
          );
        }}
      />
      <p className="paused" role="status">
        {told !== '' ? told : play.paused === '' ? '' : t('Đã dừng: {{why}}.', { why: play.paused })}
      </p>
      <TickTable happenings={happenings} move={(one) => move(play.active, dayOf(one.at))} letter={play.active === 'a' ? 'A' : 'B'} />
      <p className="quiet keysline">
        {t(
          'Cột trên trục: theo ngày ghi; dưới trục: theo ngày xảy ra. Ở mốc: ← → một ngày, PageUp PageDown một tuần, Home End về đầu, cuối, phím cách phát hoặc dừng.',
        )}
      </p>
      <details className="more">
        <summary>{t('Bảng số của biểu đồ')}</summary>
        <div className="scrollx" role="region" aria-label={t('Số sự kiện theo thời gian')} tabIndex={0}>
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">{t('Khoảng')}</th>
                <th scope="col" className="num">
                  {t('Ghi')}
                </th>
                <th scope="col" className="num">
                  {t('Trong đó ghi muộn')}
                </th>
                <th scope="col" className="num">
                  {t('Xảy ra')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map((start) => {
                const [up, down] = [at(recorded.data.buckets, start), at(occurred.data.buckets, start)];
                const one = up ?? down!;
                return (
                  <tr key={start}>
                    <th scope="row">{spanWords(one)}</th>
                    <td className="num">{count(up?.total ?? 0)}</td>
                    <td className="num">{count(up?.late ?? 0)}</td>
                    <td className="num">{count(down?.total ?? 0)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
