import {
  IconChevronLeft,
  IconChevronRight,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconPlus,
  IconX,
} from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { type TaskEvent } from '../api.ts';
import { count, day } from '../format.ts';
import { t } from '../i18n.ts';
import { type Happening } from './happenings.ts';
import { type PauseGroup } from './pauses.ts';
import { pointAt, pointOn, pointWords, recordedLater, step, valueText, type Point, type Step } from './points.ts';
import { HappeningJumps, PausePick, TickLane, TickLegend, TickTable } from './rail-ticks.tsx';
import { columnsOf, dueTicksOf, fineSpanOf, MOST_SQUARES, nearest, placeOf, spanOf, ticksOf, type Column, type Span } from './rail-layout.ts';
import { SPEEDS, type Handle, type Replaying } from './use-points.ts';
import { type TaskState } from './fields.ts';

const KEYS: Readonly<Record<string, Step>> = { ArrowLeft: 'previous', ArrowRight: 'next', Home: 'first', End: 'last' };

function stepOf(event: { key: string; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): Step | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  if (event.shiftKey) return event.key === 'ArrowLeft' ? 'day-back' : event.key === 'ArrowRight' ? 'day-on' : null;
  return KEYS[event.key] ?? null;
}

/** The arrows step wherever they have no other work. */
function useArrows(go: (how: Step) => void): void {
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      const how = stepOf(event);
      const busy =
        event.target instanceof HTMLElement && event.target.closest('input, select, textarea, pre, .scrollx, [role=slider]') !== null;
      if (how === null || how === 'first' || how === 'last' || busy || event.defaultPrevented) return;
      event.preventDefault();
      go(how);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [go]);
}

/** The task's life from left to right: above the axis when things were written, below it when they happened; two handles; the deadlines. */
export function Rail({
  events,
  latest,
  shown,
  replay,
  happenings,
  pauses,
  preview,
  today,
  fine = false,
}: {
  events: readonly TaskEvent[];
  /** As everything known now has it: how long the rail is. */
  latest: TaskState | null;
  /** As known at the later point: which deadlines stand on it. */
  shown: TaskState | null;
  replay: Replaying;
  /** Deadlines, meetings, reports: to be jumped to, and for the last two a mark. */
  happenings: readonly Happening[];
  pauses: readonly PauseGroup[];
  /** What it was at a point that is only looked at. */
  preview: (point: Point) => ReactNode;
  today: string;
  /** A life of some hours is drawn by the minute. */
  fine?: boolean;
}) {
  const { a, b, go } = replay;
  useArrows(go);
  const history = useMemo(() => latest?.deadlineHistory ?? [], [latest]);
  const dues = useMemo(() => history.flatMap((change) => (change.deadline?.dueOn ? [change.deadline.dueOn] : [])), [history]);
  const span = useMemo(() => (fine ? fineSpanOf(events) : undefined) ?? spanOf(events, dues, [a.time, ...(b ? [b.time] : [])]), [events, dues, a, b, fine]);
  const first = events[0];
  const last = events.at(-1);
  const [peek, setPeek] = useState<Point | null>(null);
  const active = replay.active === 'b' && b ? b : a;
  const letter = replay.active === 'a' ? 'A' : 'B';
  const jump = (to: Happening): void => replay.move(replay.active, pointOn(events, to.at));
  const shownTicks = happenings.filter(({ time }) => time >= span.start && time <= span.end);
  return (
    <section className="rail" aria-labelledby="h-rail">
      <h2 id="h-rail">
        {first && last
          ? t('{{n}} sự kiện, ghi từ {{from}} đến {{to}}', {
              n: count(events.length),
              from: day(first.recordedAt),
              to: day(last.recordedAt),
            })
          : t('{{n}} sự kiện', { n: count(events.length) })}
      </h2>
      <p className="readout" data-a={a.name} data-b={b?.name}>
        <span>
          <b className="flagword fa">A</b> {pointWords(a)} · {valueText(a, events.length).split(',')[0]}
        </span>
        {b ? (
          <span>
            <b className="flagword fb">B</b> {pointWords(b)} · {valueText(b, events.length).split(',')[0]}
          </span>
        ) : null}
      </p>
      <Plot events={events} span={span} shown={shown} replay={replay} happenings={shownTicks} peek={peek} setPeek={setPeek} today={today} />
      <p className="peek" id="xem-truoc" aria-live="polite" data-peek={peek?.name}>
        {peek === null ? (
          <span className="quiet">{t('Rê chuột trên thanh, hoặc bấm Tab tới “Xem trước” rồi ← →: xem trước mà không dời mốc.')}</span>
        ) : (
          <>
            <b>{t('Xem trước')}</b> {valueText(peek, events.length)}: {preview(peek)}
          </>
        )}
      </p>
      <p className="legend" aria-hidden="true">
        <span>
          <i className="sq" /> {t('một sự kiện')}
        </span>
        <span>
          <i className="sq late" /> {t('ghi muộn, nối lúc xảy ra với lúc ghi')}
        </span>
        <span>
          <i className="sq gone" /> {t('không còn tính')}
        </span>
        <span>
          <i className="sq sys" /> {t('máy tự ghi')}
        </span>
        <TickLegend />
      </p>
      <Controls
        replay={replay}
        pauses={pauses}
        jumps={<HappeningJumps happenings={happenings} time={active.time} last={Math.max(Date.parse(last?.recordedAt ?? ''), Date.parse(`${today}T24:00:00+07:00`))} move={jump} />}
      />
      <p className="paused" role="status">
        {replay.paused === '' ? '' : t('Đã dừng: {{why}}.', { why: replay.paused })}
      </p>
      <TickTable happenings={shownTicks} move={jump} letter={letter} />
      <p className="vh" role="status">
        {replay.playing
          ? ''
          : t('Mốc {{letter}}: {{where}}', {
              letter: replay.active.toUpperCase(),
              where: valueText(replay.active === 'b' && b ? b : a, events.length),
            })}
      </p>
    </section>
  );
}

const kindOf = (event: TaskEvent): string =>
  event.annulledBy !== null || !event.effective
    ? 'sq gone'
    : recordedLater(event)
      ? 'sq late'
      : event.actor?.role === 'system'
        ? 'sq sys'
        : 'sq';

function Stack({ column, known }: { column: Column; known: number }) {
  const many = column.events.length > MOST_SQUARES;
  return (
    <span className="stack" style={{ left: `${column.place}%` }}>
      {many ? (
        <>
          <i className="sq many" />
          <b>{count(column.events.length)}</b>
        </>
      ) : (
        column.events.map((event) => (
          <i key={event.id} className={Date.parse(event.recordedAt) > known ? `${kindOf(event)} unknown` : kindOf(event)} />
        ))
      )}
    </span>
  );
}

function Plot({
  events,
  span,
  shown,
  replay,
  happenings,
  peek,
  setPeek,
  today,
}: {
  events: readonly TaskEvent[];
  span: Span;
  shown: TaskState | null;
  replay: Replaying;
  happenings: readonly Happening[];
  peek: Point | null;
  setPeek: (point: Point | null) => void;
  today: string;
}) {
  const plot = useRef<HTMLDivElement>(null);
  const dragged = useRef<Handle | null>(null);
  const { a, b, active, move, choose } = replay;
  const written = useMemo(() => columnsOf(events, span, 'recordedAt'), [events, span]);
  const happened = useMemo(() => columnsOf(events, span, 'occurredAt'), [events, span]);
  const dues = useMemo(() => dueTicksOf(shown?.deadlineHistory ?? [], span), [shown, span]);
  const late = events.filter(recordedLater);
  const known = (b ?? a).time;
  const under = (event: PointerEvent): Point | null => {
    const box = plot.current?.getBoundingClientRect();
    return !box || box.width === 0 ? null : pointAt(events, nearest(events, span, ((event.clientX - box.left) / box.width) * 100));
  };
  const drop = (event: PointerEvent, handle: Handle) => {
    const point = under(event);
    if (point) move(handle, point);
  };
  const current = active === 'b' && b ? b : a;
  const ends = () => (dragged.current = null);
  return (
    <div
      className="plot"
      ref={plot}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        const on = event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-handle]') : null;
        const handle: Handle = on ? (on.dataset['handle'] === 'b' ? 'b' : 'a') : active;
        dragged.current = handle;
        choose(handle);
        event.currentTarget.setPointerCapture(event.pointerId);
        setPeek(null);
        if (!on) drop(event, handle);
      }}
      onPointerMove={(event) => {
        if (dragged.current !== null) drop(event, dragged.current);
        else if (event.pointerType !== 'touch') {
          const point = under(event);
          if (point?.name !== peek?.name) setPeek(point);
        }
      }}
      onPointerLeave={() => setPeek(null)}
      onPointerUp={ends}
      onPointerCancel={ends}
    >
      <div className="lanes" aria-hidden="true">
        <span className="lane">{t('Ghi')}</span>
        <div className="written">
          {written.map((column) => (
            <Stack key={column.day} column={column} known={known} />
          ))}
        </div>
        <div className="axis">
          {ticksOf(span).map((tick) => (
            <b key={tick.text} style={{ left: `${tick.place}%` }}>
              {tick.text}
            </b>
          ))}
        </div>
        <span className="lane down">{t('Xảy ra')}</span>
        <div className="happened">
          {happened.map((column) => (
            <Stack key={column.day} column={column} known={known} />
          ))}
        </div>
        <svg className="slants" viewBox="0 0 100 100" preserveAspectRatio="none">
          {late.map((event) => (
            <line
              key={event.id}
              x1={columnPlace(happened, event)}
              x2={columnPlace(written, event)}
              y1={100}
              y2={0}
              className={Date.parse(event.recordedAt) > known ? 'unknown' : undefined}
            />
          ))}
        </svg>
        <div className="dues">
          {dues.map((due) => (
            <span key={due.dueOn} className={`${due.old ? 'old' : ''} ${due.crowded ? 'crowded' : ''} ${due.place > 70 ? 'left' : ''}`} style={{ left: `${due.place}%` }}>
              <b>{due.text}</b>
            </span>
          ))}
        </div>
        <TickLane happenings={happenings} place={(time) => placeOf(span, time)} />
      </div>
      <Peek point={peek ?? current} on={peek !== null} place={placeOf(span, (peek ?? current).time)} total={events.length} look={setPeek} go={(from, how) => step(events, from, how, today)} take={(point) => move(active, point)} />
      <HandleMark handle="a" point={a} most={b?.count ?? events.length} events={events} span={span} replay={replay} />
      {b ? <HandleMark handle="b" point={b} most={events.length} events={events} span={span} replay={replay} /> : null}
    </div>
  );
}

/** A third handle that moves no point: what it stands on is told below. It comes and goes with the focus or the pointer. */
function Peek({
  point,
  on,
  place,
  total,
  look,
  go,
  take,
}: {
  point: Point;
  on: boolean;
  place: number;
  total: number;
  look: (point: Point | null) => void;
  go: (from: Point, how: Step) => Point;
  take: (point: Point) => void;
}) {
  const press = (event: KeyboardEvent) => {
    const how = stepOf(event);
    if (how !== null) look(go(point, how));
    else if (event.key === 'Enter') take(point);
    else if (event.key === 'Escape') look(null);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className={on ? 'peekmark on' : 'peekmark'}
      style={{ left: `${place}%` }}
      role="slider"
      tabIndex={0}
      aria-label={t('Xem trước')}
      aria-orientation="horizontal"
      aria-valuemin={Math.min(1, point.count)}
      aria-valuemax={Math.max(total, point.count)}
      aria-valuenow={point.count}
      aria-valuetext={valueText(point, total)}
      aria-describedby="xem-truoc"
      onFocus={() => look(point)}
      onBlur={() => look(null)}
      onKeyDown={press}
    />
  );
}

const columnPlace = (columns: readonly Column[], event: TaskEvent): number =>
  columns.find((column) => column.events.includes(event))?.place ?? 0;

function HandleMark({
  handle,
  point,
  most,
  events,
  span,
  replay,
}: {
  handle: Handle;
  point: Point;
  most: number;
  events: readonly TaskEvent[];
  span: Span;
  replay: Replaying;
}) {
  const press = (event: KeyboardEvent) => {
    const how = stepOf(event);
    if (how !== null) {
      event.preventDefault();
      replay.go(how);
    } else if (event.key === ' ') {
      event.preventDefault();
      replay.play(!replay.playing);
    } else if (event.key === 'Escape' && replay.playing) {
      event.preventDefault();
      replay.play(false);
    }
  };
  return (
    <div
      className={`handle h${handle}${replay.active === handle ? ' on' : ''}`}
      style={{ left: `${placeOf(span, point.time)}%` }}
      data-handle={handle}
      role="slider"
      tabIndex={0}
      aria-label={handle === 'a' ? t('Mốc A') : t('Mốc B')}
      aria-orientation="horizontal"
      aria-valuemin={handle === 'b' ? Math.min(replay.a.count, point.count) : Math.min(1, point.count)}
      aria-valuemax={Math.max(most, point.count)}
      aria-valuenow={point.count}
      aria-valuetext={valueText(point, events.length)}
      onFocus={() => replay.choose(handle)}
      onKeyDown={press}
    >
      <span className="flag">{handle.toUpperCase()}</span>
    </div>
  );
}

function Controls({ replay, pauses, jumps }: { replay: Replaying; pauses: readonly PauseGroup[]; jumps: ReactNode }) {
  const { b, active, go, playing } = replay;
  const button = (how: Step, text: string, Icon: typeof IconChevronLeft, off: boolean) => (
    <button className="btn" type="button" data-step={how} disabled={off} onClick={() => go(how)}>
      <Icon size={16} aria-hidden /> {text}
    </button>
  );
  return (
    <>
      <div className="controls" role="group" aria-label={t('Điều khiển phát lại')}>
        <span className="seg">
          {b === null ? (
            <button className="btn" type="button" data-do="set-b" onClick={replay.setB}>
              <IconPlus size={16} aria-hidden /> {t('Đặt mốc B để so')}
            </button>
          ) : (
            <>
              <button className="btn" type="button" aria-pressed={active === 'a'} onClick={() => replay.choose('a')}>
                {t('Dời A')}
              </button>
              <button className="btn" type="button" aria-pressed={active === 'b'} onClick={() => replay.choose('b')}>
                {t('Dời B')}
              </button>
              <button className="btn" type="button" data-do="drop-b" onClick={replay.dropB}>
                <IconX size={16} aria-hidden /> {t('Bỏ B')}
              </button>
            </>
          )}
        </span>
        <span className="seg">
          {button('first', t('Đầu'), IconPlayerSkipBack, !replay.canGoBack)}
          {button('previous', t('Sự kiện trước'), IconChevronLeft, !replay.canGoBack)}
          <button className="btn primary" type="button" data-do="play" onClick={() => replay.play(!playing)}>
            {playing ? <IconPlayerPause size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
            {playing ? t('Dừng') : active === 'a' ? t('Phát từ A') : t('Phát từ B')}
          </button>
          {button('next', t('Sự kiện sau'), IconChevronRight, !replay.canGoOn)}
          {button('last', t('Cuối'), IconPlayerSkipForward, !replay.canGoOn)}
        </span>
        <span className="seg">
          {button('day-back', t('Hết ngày trước'), IconChevronLeft, false)}
          {button('day-on', t('Hết ngày sau'), IconChevronRight, false)}
        </span>
        {jumps}
        <label className="pick">
          <span>{t('Tốc độ')}</span>
          <select name="tocDo" value={replay.speed} onChange={(event) => replay.setSpeed(Number(event.target.value))}>
            {SPEEDS.map((speed) => (
              <option key={speed} value={speed}>
                {t('{{n}} sự kiện/giây', { n: speed })}
              </option>
            ))}
          </select>
        </label>
        <PausePick groups={pauses} value={replay.pauseOn} onChange={replay.setPauseOn} />
      </div>
      <p className="quiet keysline">
        {t('Bàn phím: ← → một sự kiện, Shift + ← → một ngày; ở mốc: Home, End về đầu, cuối, phím cách phát hoặc dừng.')}
      </p>
    </>
  );
}
