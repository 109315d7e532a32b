import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { IconDownload } from '@tabler/icons-react';
import { Link, useLocation } from 'react-router';
import { ApiError, type DeadlineChange, type Unit } from '../api.ts';
import { count, dayOf, moment, positionText } from '../format.ts';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { useUnits } from '../scope/units.ts';
import { Failure, Loading, Nothing } from '../states.tsx';
import { actorWords } from '../task/story.tsx';
import { PrintAndCopy } from './aside.tsx';
import { fileHref } from './audit.ts';
import { Marker, written } from './event-list.tsx';
import { dueHappenings, useHappenings } from './happenings.ts';
import { lifeFields, standingWords, type LifeState } from './life-fields.ts';
import { lifePath, lifeStateQuery, lifeSubject, useLife, useLifeCauses, useLifeState, type Life, type LifeEvent, type LifeSubject } from './life.ts';
import { replayHref } from './link.ts';
import { pauseGroups, pausingOf } from './pauses.ts';
import { pointAt, pointWords, type Point } from './points.ts';
import { Rail } from './rail.tsx';
import { StateTable, type StateColumn } from './state-table.tsx';
import { useSettled } from './state.ts';
import { usePoints, type Replaying } from './use-points.ts';
import { PdfLink } from './wide-events.tsx';

/** The replay of a meeting or of a report: what is replayed of a task, of what else has a life in the log. */
export function ReplayLife({ name }: { name: string }) {
  const subject = useMemo(() => lifeSubject(name), [name]);
  const life = useLife(subject);
  const lost = life.error instanceof ApiError && life.error.status === 0;
  if (life.data && life.data.items.length > 0)
    return <Shown name={name} subject={subject} life={life.data} readAt={life.dataUpdatedAt} lost={lost} />;
  const unknown = life.error instanceof ApiError && life.error.status === 404;
  return (
    <Frame title={t('Phát lại')} lost={lost}>
      {unknown ? (
        <Nothing
          title={subject.kind === 'briefing' ? t('Không có buổi giao ban này') : t('Không có báo cáo này')}
          advice={t('Xem lại đường dẫn, hoặc chọn đối tượng khác.')}
        >
          <p className="acts">
            <Link className="btn primary" to={href('/phat-lai', EMPTY_SCOPE)}>
              {t('Chọn đối tượng khác')}
            </Link>
          </p>
        </Nothing>
      ) : life.error ? (
        <Failure error={life.error} retry={() => void life.refetch()}>
          <Link className="btn" to={href('/phat-lai', EMPTY_SCOPE)}>
            {t('Chọn đối tượng khác')}
          </Link>
        </Failure>
      ) : (
        <Loading what={subject.kind === 'briefing' ? t('các sự kiện của buổi giao ban') : t('các sự kiện của báo cáo')} />
      )}
    </Frame>
  );
}

function Shown({ name, subject, life, readAt, lost }: { name: string; subject: LifeSubject; life: Life; readAt: number; lost: boolean }) {
  const system = useSystem();
  const { hash } = useLocation();
  const events = life.items;
  const today = dayOf(system.data?.now ?? events.at(-1)?.recordedAt ?? '1970-01-01');
  const client = useQueryClient();
  const units = useUnits();
  const fieldsAt = useCallback(
    async ({ knownAt }: Point) => {
      const state = await client.query(lifeStateQuery(subject, knownAt));
      return state && lifeFields(state);
    },
    [client, subject],
  );
  const latest = useQuery(lifeStateQuery(subject, pointAt(events, events.length).knownAt));
  const dueOn = latest.data?.kind === 'report' ? latest.data.dueOn : null;
  const history = useMemo(() => dueOfReport(dueOn, events[0]), [dueOn, events]);
  const replay = usePoints(events, name, today, pausingOf(events, history, (actor) => actorWords(actor, units.data ?? []), fieldsAt));
  const { a, b } = replay;
  const end = b ?? a;
  const atA = useLifeState(subject, a);
  const atB = useLifeState(subject, end);
  const settled = useSettled(`${a.name} ${b?.name ?? ''}`, replay.playing ? 1200 : 150) === `${a.name} ${b?.name ?? ''}`;
  const causes = useLifeCauses(subject, events, a, b, settled);
  useEffect(() => {
    if (hash.startsWith('#su-kien-')) document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'center' });
  }, [hash]);
  const failed = [atA, atB].find(({ error }) => error !== null);
  const ready = atA.data !== undefined && atB.data !== undefined;
  const fresh = !atA.isPlaceholderData && !atB.isPlaceholderData;
  const column = (letter: 'A' | 'B', point: Point, state: LifeState | null): StateColumn => ({
    key: letter.toLowerCase(),
    letter,
    title: t('như đã thấy'),
    point,
    knowledge: point,
    fields: state === null ? null : lifeFields(state),
    cell: null,
    causes: letter === 'B' ? causes : null,
  });
  const meeting = subject.kind === 'briefing';
  const happenings = useHappenings(latest.data?.kind === 'report' ? latest.data.unitId : null, useMemo(() => dueHappenings(history), [history]));
  const pauses = pauseGroups(events, latest.data ? lifeFields(latest.data) : [], history.length > 0, (actor) => actorWords(actor, units.data ?? []));
  const [before, after] = [standingWords(atA.data ?? null), standingWords(atB.data ?? null)];
  return (
    <Frame
      title={t('Phát lại {{name}}', { name: life.name })}
      instant={{ asOf: end.asOf, position: events[end.count - 1]?.position ?? null, past: true }}
      updatedAt={readAt || undefined}
      lost={lost || (failed?.error instanceof ApiError && failed.error.status === 0)}
    >
      <div className="replay" data-life={subject.kind} data-ready={ready && fresh ? 'yes' : undefined} data-a={a.name} data-b={b?.name}>
        <p className="eyebrow">
          <span>{meeting ? t('Phát lại một buổi giao ban') : t('Phát lại một báo cáo')}</span>
          {meeting ? (
            <>
              <Link to={`/giao-ban/${encodeURIComponent(subject.id)}`}>{t('Kết luận và thông báo')}</Link>
              <Link to={`/giao-ban/${encodeURIComponent(subject.id)}/dien-bien`}>{t('Diễn biến buổi họp')}</Link>
            </>
          ) : (
            <Link to={`/bao-cao/${encodeURIComponent(subject.id)}`}>{t('Mở báo cáo này')}</Link>
          )}
          <Link to={href('/phat-lai', EMPTY_SCOPE)}>{t('Đổi đối tượng')}</Link>
        </p>
        <p className="subject">{life.name}</p>
        <h1>
          {!ready
            ? t('Đang lấy trạng thái…')
            : b === null
              ? t('{{when}}: {{what}}', { when: pointWords(a), what: before })
              : before === after
                ? t('Từ {{a}} đến {{b}}, vẫn {{what}}', { a: pointWords(a), b: pointWords(b), what: after })
                : t('Từ {{a}} đến {{b}}: {{before}}, rồi {{after}}', { a: pointWords(a), b: pointWords(b), before, after })}
        </h1>
        <p className="onpaper" aria-hidden="true">
          {window.location.origin}
          {replay.link}
        </p>
        {replay.remarks.map((remark) => (
          <p key={remark} className="aside" role="status">
            {remark}
          </p>
        ))}
        <Rail
          events={events}
          latest={null}
          shown={null}
          replay={replay}
          happenings={happenings}
          pauses={pauses}
          preview={(point) => <Preview subject={subject} point={point} />}
          today={today}
          fine
        />
        <div className="cols2">
          <div>
            {failed?.error && !ready ? (
              <Failure error={failed.error} retry={() => void failed.refetch()} />
            ) : ready ? (
              <StateTable
                columns={[column('A', a, atA.data), ...(b ? [column('B', b, atB.data)] : [])]}
                between={end.count - a.count}
                absent={meeting ? t('Lúc ấy buổi giao ban chưa mở.') : t('Lúc ấy báo cáo chưa được lập.')}
              />
            ) : (
              <Loading what={t('trạng thái ở hai mốc')} />
            )}
            {meeting ? <Boards a={a} b={b} /> : null}
            <LifeTakeAway subject={subject} link={replay.link} total={events.length} a={a} b={b} />
          </div>
          <LifeEvents events={events} replay={replay} />
        </div>
      </div>
    </Frame>
  );
}

/** A report that is owed has one deadline, known since it was drafted. */
const dueOfReport = (dueOn: string | null, drafted: LifeEvent | undefined): readonly DeadlineChange[] =>
  dueOn === null || drafted === undefined
    ? []
    : [{ eventId: drafted.id, type: drafted.type, occurredAt: drafted.occurredAt, recordedAt: drafted.recordedAt, deadline: { kind: 'due', dueOn } }];

/** Where it stood at a point that is only looked at. */
function Preview({ subject, point: { knownAt } }: { subject: LifeSubject; point: Point }) {
  const state = useQuery(lifeStateQuery(subject, knownAt));
  return <>{state.data === undefined ? (state.error ? t('chưa lấy được') : t('đang lấy…')) : standingWords(state.data)}</>;
}

/** What can be taken away of a meeting or a report: its events as lines, the view on paper, the link. */
function LifeTakeAway({ subject, link, total, a, b }: { subject: LifeSubject; link: string; total: number; a: Point; b: Point | null }) {
  const end = b ?? a;
  return (
    <section aria-labelledby="h-take" className="take">
      <h2 id="h-take">{t('Mang đi làm chứng cứ')}</h2>
      <p className="acts">
        <a className="btn" data-do="export" href={fileHref(lifePath(subject), { format: 'jsonl' })} download>
          <IconDownload size={16} aria-hidden /> {t('Tải {{n}} sự kiện (JSON Lines)', { n: count(total) })}
        </a>
        <PdfLink
          query={{
            [subject.kind === 'briefing' ? 'briefingId' : 'reportId']: subject.id,
            asOf: end.asOf,
            knownAt: end.knownAt,
            ...(b ? { sinceAsOf: a.asOf, sinceKnownAt: a.knownAt } : {}),
          }}
          words={t('Tải bản in (PDF)')}
        />
        <PrintAndCopy link={link} />
      </p>
    </section>
  );
}

/** What the meeting had before it: the dashboard of the points. */
function Boards({ a, b }: { a: Point; b: Point | null }) {
  const board = (letter: 'A' | 'B', point: Point) => (
    <li key={letter}>
      <span>{letter === 'A' ? t('Bảng điều hành lúc A, như đã biết lúc ấy') : t('Bảng điều hành lúc B, như đã biết lúc ấy')}</span>
      <Link data-board={letter} to={href('/', { ...EMPTY_SCOPE, day: point.asOf, knownAt: point.knownAt })}>
        {letter === 'A' ? t('Mở bảng điều hành lúc A') : t('Mở bảng điều hành lúc B')}
      </Link>
    </li>
  );
  return (
    <ul className="links">
      {board('A', a)}
      {b ? board('B', b) : null}
    </ul>
  );
}

function LifeEvents({ events, replay }: { events: readonly LifeEvent[]; replay: Replaying }) {
  const units = useUnits();
  const [newest, setNewest] = useState(true);
  const { a, b } = replay;
  const numbered = events.map((event, at) => ({ event, n: at + 1 }));
  const marks = [...(b ? [{ letter: 'B' as const, point: b }] : []), { letter: 'A' as const, point: a }];
  const markers = (n: number, after: number | null) =>
    marks.filter(({ point }) => (newest ? point.count >= n && (after === null || point.count < after) : point.count === n));
  const shown = newest ? [...numbered].reverse() : numbered;
  return (
    <section aria-labelledby="h-events" className="eventsec">
      <div className="headrow">
        <h2 id="h-events">{t('Dòng sự kiện')}</h2>
        <label className="pick">
          <span>{t('Thứ tự')}</span>
          <select name="thuTu" value={newest ? 'newest' : 'oldest'} onChange={(event) => setNewest(event.target.value === 'newest')}>
            <option value="newest">{t('mới ghi trước')}</option>
            <option value="oldest">{t('cũ ghi trước')}</option>
          </select>
        </label>
      </div>
      <ol className="events">
        {shown.map(({ event, n }, at) => {
          const lines = markers(n, shown[at - 1]?.n ?? null);
          return <Line key={event.id} event={event} n={n} of={events.length} replay={replay} units={units.data ?? []} lines={lines} above={newest} point={pointAt(events, n)} />;
        })}
      </ol>
    </section>
  );
}

function Line({
  event,
  n,
  of,
  replay,
  units,
  lines,
  above,
  point,
}: {
  event: LifeEvent;
  n: number;
  of: number;
  replay: Replaying;
  units: readonly Unit[];
  lines: readonly { letter: 'A' | 'B'; point: Point }[];
  above: boolean;
  point: Point;
}) {
  const { a, b, active } = replay;
  const known = n <= a.count ? 'yes' : b !== null && n <= b.count ? 'b' : 'no';
  const marks = lines.map((mark) => <Marker key={mark.letter} {...mark} />);
  return (
    <li id={`su-kien-${event.id}`} tabIndex={-1} data-event={event.type} data-position={event.position} data-known={known}>
      {above ? marks : null}
      <div className="body">
        <p className="note first">
          <b>{positionText(event.position)}</b> · {t('ghi {{when}} · sự kiện {{n}} trên {{of}}', { when: written(event.recordedAt), n, of })}
          {event.actor ? <> · {actorWords(event.actor, units)}</> : null}
        </p>
        <p className="told">
          <b>{event.name}</b>: {event.sentence}
        </p>
        <p className="badges">
          {known === 'yes' ? null : <span className="badge dim">{known === 'no' && b ? t('Chưa biết tại B') : t('Chưa biết tại A')}</span>}
          {event.taskId === null ? null : (
            <span>
              {t('ghi vào việc')} <Link to={replayHref(event.taskCode ?? event.taskId, EMPTY_SCOPE)}>{event.taskCode ?? event.taskId.slice(0, 8)}</Link>
            </span>
          )}
        </p>
        {moment(event.occurredAt) === moment(event.recordedAt) ? null : (
          <p className="note">
            {t('Xảy ra')} <time dateTime={event.occurredAt}>{moment(event.occurredAt)}</time>
          </p>
        )}
        <div className="tools">
          <details>
            <summary>
              {t('Dữ liệu của sự kiện')}
              <span className="vh"> {positionText(event.position)}</span>
            </summary>
            <pre tabIndex={0} aria-label={t('Dữ liệu của sự kiện {{position}}', { position: positionText(event.position) })}>
              {JSON.stringify(event.data, null, 2)}
            </pre>
          </details>
          <button className="btn plain here" type="button" onClick={() => replay.move(active, point)}>
            {active === 'a' ? t('Dời A tới đây') : t('Dời B tới đây')}
            <span className="vh">, {t('sự kiện {{position}}', { position: positionText(event.position) })}</span>
          </button>
        </div>
      </div>
      {above ? null : marks}
    </li>
  );
}
