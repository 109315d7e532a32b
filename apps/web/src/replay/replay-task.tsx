import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { Link, useLocation } from 'react-router';
import { ApiError, type DeadlineChange, type TaskEvent } from '../api.ts';
import { dayOf } from '../format.ts';
import { Frame, useSystem } from '../frame.tsx';
import { t } from '../i18n.ts';
import { LookIcon, stateWords } from '../parts.tsx';
import { EMPTY_SCOPE, href } from '../scope/scope.ts';
import { useUnits } from '../scope/units.ts';
import { Failure, Loading } from '../states.tsx';
import { dueWords } from '../task/counting.tsx';
import { actorWords } from '../task/story.tsx';
import { lookOf, placeWords } from '../words.ts';
import { DeadlineHistory, Elsewhere, TakeAway } from './aside.tsx';
import { rowsOf } from './differences.ts';
import { EventList } from './event-list.tsx';
import { fieldsOf, type TaskState } from './fields.ts';
import { dueHappenings, useHappenings } from './happenings.ts';
import { pauseGroups, pausingOf } from './pauses.ts';
import { pointAt, pointWords, type Point } from './points.ts';
import { Rail } from './rail.tsx';
import { StateTable, type StateColumn } from './state-table.tsx';
import { stateQuery, useCauses, usePrefetch, useSettled, useTaskState } from './state.ts';
import { usePoints } from './use-points.ts';

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function Standing({ state }: { state: TaskState | null }) {
  if (state === null) return <span className="standing">{t('chưa được ghi')}</span>;
  const look = lookOf(state.cell);
  const { more } = stateWords(state);
  return (
    <span className={look === 'overdue' || look === 'done' ? `standing t-${look}` : 'standing'}>
      <LookIcon look={look} /> {placeWords(state.cell).toLowerCase()}
      {more ? `, ${more}` : ''}
    </span>
  );
}

const NO_HISTORY: readonly DeadlineChange[] = [];

/** What the task was at a point that is only looked at, in a line. */
function Preview({ id, point }: { id: string; point: Point }) {
  const state = useQuery(stateQuery(id, point));
  if (state.data === undefined) return <>{state.error ? t('chưa lấy được') : t('đang lấy…')}</>;
  return (
    <>
      <Standing state={state.data} />
      {state.data === null ? null : <> · {dueWords(state.data.deadline)} · {state.data.leadUnitName}</>}
    </>
  );
}

const shownAs = (state: TaskState | null): Pick<StateColumn, 'fields' | 'cell'> =>
  state === null ? { fields: null, cell: null } : { fields: fieldsOf(state), cell: state.cell };

/** The replay of one task: the rail with its two points, the state at each, the events, and the ways on. */
export function ReplayTask({
  id,
  name,
  events,
  readAt,
  lost,
}: {
  id: string;
  name: string;
  events: readonly TaskEvent[];
  readAt: number;
  lost: boolean;
}) {
  const system = useSystem();
  const { hash } = useLocation();
  const today = dayOf(system.data?.now ?? events.at(-1)?.recordedAt ?? '1970-01-01');
  const client = useQueryClient();
  const units = useUnits();
  const latest = useQuery(stateQuery(id, pointAt(events, events.length)));
  const fieldsAt = useCallback(
    async (point: Point) => {
      const state = await client.query(stateQuery(id, point));
      return state && fieldsOf(state);
    },
    [client, id],
  );
  const history = latest.data?.deadlineHistory ?? NO_HISTORY;
  const replay = usePoints(events, name, today, pausingOf(events, history, (actor) => actorWords(actor, units.data ?? []), fieldsAt));
  const { a, b } = replay;
  const end = b ?? a;
  const points = useMemo(() => (b ? [a, b] : [a]), [a, b]);
  usePrefetch(id, events, points);

  const atA = useTaskState(id, a);
  const atB = useTaskState(id, end);
  const lateA = useTaskState(id, { asOf: a.asOf, knownAt: end.knownAt });

  // The events that made the differences are asked for once the reader rests.
  const settled = useSettled(`${a.name} ${b?.name ?? ''}`, replay.playing ? 1200 : 150) === `${a.name} ${b?.name ?? ''}`;
  const fresh = !atA.isPlaceholderData && !atB.isPlaceholderData && !lateA.isPlaceholderData;
  const causesB = useCauses(id, events, a, end, end.asOf, b !== null && settled);
  const revised = useMemo(
    () =>
      b !== null &&
      atA.data !== undefined &&
      lateA.data !== undefined &&
      rowsOf([atA.data && fieldsOf(atA.data), lateA.data && fieldsOf(lateA.data)]).some((row) => row.changed),
    [b, atA.data, lateA.data],
  );
  const causesA = useCauses(id, events, a, end, a.asOf, revised && settled);

  useEffect(() => {
    if (hash.startsWith('#su-kien-')) document.getElementById(hash.slice(1))?.scrollIntoView({ block: 'center' });
  }, [hash]);

  const failed = [atA, atB, lateA].find((one) => one.error !== null);
  const down = lost || (failed?.error instanceof ApiError && failed.error.status === 0);
  const ready = atA.data !== undefined && atB.data !== undefined && lateA.data !== undefined;
  const columns: StateColumn[] = ready
    ? [
        { key: 'a', letter: 'A', title: t('như đã thấy'), point: a, knowledge: a, ...shownAs(atA.data), causes: null },
        ...(b && revised
          ? [
              {
                key: 'a-now',
                letter: 'A' as const,
                title: t('theo điều biết tại B'),
                point: a,
                knowledge: b,
                ...shownAs(lateA.data),
                causes: causesA,
              },
            ]
          : []),
        ...(b
          ? [{ key: 'b', letter: 'B' as const, title: t('như đã thấy'), point: b, knowledge: b, ...shownAs(atB.data), causes: causesB }]
          : []),
      ]
    : [];
  // Who led and what it was called, as known at the points: a later transfer does not show before its time.
  const subject = atB.data ?? latest.data ?? null;
  const code = subject?.code ?? name;
  const happenings = useHappenings(subject?.leadUnitId, useMemo(() => dueHappenings(history), [history]));
  const pauses = pauseGroups(events, latest.data ? fieldsOf(latest.data) : [], history.length > 0, (actor) => actorWords(actor, units.data ?? []));

  return (
    <Frame
      title={t('Phát lại {{code}}', { code })}
      instant={{ asOf: end.asOf, position: events[end.count - 1]?.position ?? null, past: true }}
      updatedAt={readAt || undefined}
      lost={down}
    >
      <div className="replay" data-ready={ready && fresh ? 'yes' : undefined} data-a={a.name} data-b={b?.name}>
        <p className="eyebrow">
          <span>
            {t('Phát lại một việc')} <b className="code">{code}</b>
          </span>
          {subject ? <span>{t('{{unit}} chủ trì', { unit: subject.leadUnitName })}</span> : null}
          <Link to={href(`/viec/${encodeURIComponent(id)}`, EMPTY_SCOPE)}>{t('Mở việc này ở hiện tại')}</Link>
          <Link to={href('/phat-lai', EMPTY_SCOPE)}>{t('Đổi đối tượng')}</Link>
        </p>
        {subject ? <p className="subject">{subject.content}</p> : null}
        <h1>
          {!ready ? (
            t('Đang lấy trạng thái…')
          ) : b === null ? (
            <>
              {upper(pointWords(a))}: <Standing state={atA.data} />
            </>
          ) : atA.data?.cell === atB.data?.cell ? (
            <>
              {t('Từ {{a}} đến {{b}}, việc vẫn', { a: pointWords(a), b: pointWords(b) })} <Standing state={atB.data} />
            </>
          ) : (
            <>
              {t('Từ {{a}} đến {{b}}, việc chuyển từ', { a: pointWords(a), b: pointWords(b) })} <Standing state={atA.data} /> {t('sang')}{' '}
              <Standing state={atB.data} />
            </>
          )}
        </h1>
        {/* Paper keeps the way back to this very view. */}
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
          latest={latest.data ?? null}
          shown={atB.data ?? null}
          replay={replay}
          happenings={happenings}
          pauses={pauses}
          preview={(point) => <Preview id={id} point={point} />}
          today={today}
        />
        <div className="cols2">
          <div>
            {failed?.error && !ready ? (
              <Failure error={failed.error} retry={() => void failed.refetch()} />
            ) : ready ? (
              <StateTable columns={columns} between={end.count - a.count} />
            ) : (
              <Loading what={t('trạng thái ở hai mốc')} />
            )}
            {ready && atB.data ? <DeadlineHistory state={atB.data} events={events} /> : null}
            <Elsewhere a={a} b={b} unit={subject ? { id: subject.leadUnitId, name: subject.leadUnitName } : null} />
            <TakeAway id={id} code={code} link={replay.link} events={events} a={a} b={b} />
          </div>
          <EventList id={id} events={events} replay={replay} />
        </div>
      </div>
    </Frame>
  );
}
