import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { get, type Figures, type Page, type TaskItem } from '../api.ts';
import { addDays, day, dayOf } from '../format.ts';
import { t } from '../i18n.ts';
import { subjectQuery, type AuditPage, type Bucket, type WideView } from './audit.ts';
import { type Happening } from './happenings.ts';
import { type PauseGroup } from './pauses.ts';

export type WideHandle = 'a' | 'b';
const PEOPLE = 'office,leader,admin,unit,auditor';

export const WIDE_PAUSES: readonly PauseGroup[] = [
  {
    label: null,
    choices: [
      { value: 'han', words: t('qua hạn của một việc') },
      { value: 'nguoi', words: t('có người ghi, không phải máy') },
      { value: 'so', words: t('số liệu đổi') },
      { value: 'hop', words: t('tới một kỳ giao ban') },
      { value: 'muon', words: t('gặp sự kiện ghi muộn') },
      { value: 'sua', words: t('gặp đính chính, hủy ghi nhận') },
    ],
  },
];

/** How the tasks of the subject are asked about, as the later point knows them. */
const listQuery = (view: WideView) => ({ ...subjectQuery(view), asOf: view.b, knownAt: view.knownNow ? null : view.b });

/** The day of the next deadline of a task of the subject, before or after a day. */
export async function nextDue(view: WideView, from: string, way: 'before' | 'after'): Promise<string | null> {
  const span = way === 'after' ? { dueFrom: addDays(from, 1), dueTo: view.today, sort: 'due' } : { dueTo: addDays(from, -1), sort: '-due' };
  const found = await get<Page<TaskItem>>('/tasks', { ...listQuery(view), ...span, limit: '1' });
  return found.items[0]?.dueOn ?? null;
}

export interface Playing {
  readonly active: WideHandle;
  readonly choose: (handle: WideHandle) => void;
  /** Days on which something was recorded, before and after the handle. */
  readonly before: string | null;
  readonly after: string | null;
  readonly playing: boolean;
  readonly play: (on: boolean) => void;
  readonly speed: number;
  readonly setSpeed: (speed: number) => void;
  readonly pauseOn: string;
  readonly setPauseOn: (on: string) => void;
  readonly paused: string;
}

/** Playing through the days on which something of the subject was recorded: A goes up to B, B up to the last day. */
export function usePlay(view: WideView, days: readonly Bucket[], happenings: readonly Happening[], move: (handle: WideHandle, to: string) => void): Playing {
  const client = useQueryClient();
  const [active, choose] = useState<WideHandle>('a');
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(1);
  const [pauseOn, setPauseOn] = useState('');
  const [paused, setPaused] = useState('');
  const here = view[active];
  const last = active === 'a' ? view.b : view.today;
  const before = days.findLast(({ to }) => to < here)?.to ?? null;
  const found = days.find(({ to }) => to > here && to <= last) ?? null;
  const after = found?.to ?? null;

  const stopsAt = async (to: Bucket): Promise<{ at: string; why: string } | null> => {
    switch (pauseOn) {
      case 'han': {
        const due = await nextDue(view, here, 'after');
        return due !== null && due <= to.to ? { at: due, why: t('có việc đến hạn {{day}}', { day: day(due) }) } : null;
      }
      case 'nguoi': {
        const { total } = await get<AuditPage<unknown>>('/audit/events', { ...subjectQuery(view), from: to.from, to: to.to, actorRole: PEOPLE, limit: '1' });
        return total > 0 ? { at: to.to, why: t('có người ghi trong ngày {{day}}', { day: day(to.to) }) } : null;
      }
      case 'so': {
        const [one, other] = await Promise.all([here, to.to].map(async (asOf) => client.query({ queryKey: ['figures', figuresQuery(view, asOf)], queryFn: ({ signal }) => get<Figures>('/figures', figuresQuery(view, asOf), signal) })));
        return JSON.stringify(one?.cells) === JSON.stringify(other?.cells) ? null : { at: to.to, why: t('số liệu đổi trong ngày {{day}}', { day: day(to.to) }) };
      }
      case 'hop': {
        const meeting = happenings.find(({ kind, at }) => kind === 'meeting' && dayOf(at) > here && dayOf(at) <= to.to);
        return meeting ? { at: dayOf(meeting.at), why: meeting.words } : null;
      }
      case 'muon':
        return to.late > 0 ? { at: to.to, why: t('có sự kiện ghi muộn trong ngày {{day}}', { day: day(to.to) }) } : null;
      case 'sua':
        return to.repairs > 0 ? { at: to.to, why: t('có đính chính hoặc hủy trong ngày {{day}}', { day: day(to.to) }) } : null;
      default:
        return null;
    }
  };
  const now = useRef({ stopsAt, move });
  now.current = { stopsAt, move };

  useEffect(() => {
    if (!playing) return undefined;
    if (found === null) {
      setPlaying(false);
      return undefined;
    }
    let gone = false;
    const next = async (): Promise<void> => {
      // A question that fails is no reason to stop: the days go on without it.
      const stop = await now.current.stopsAt(found).catch(() => null);
      if (gone) return;
      now.current.move(active, stop?.at ?? found.to);
      if (!stop) return;
      setPlaying(false);
      setPaused(stop.why);
    };
    const timer = setTimeout(() => void next(), 1000 / speed);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
    // The day that comes next says everything that a step depends on.
  }, [playing, found?.to, here, active, speed, pauseOn]);

  return {
    active,
    choose,
    before,
    after,
    playing,
    play: (on) => {
      setPaused('');
      setPlaying(on && after !== null);
    },
    speed,
    setSpeed,
    pauseOn,
    setPauseOn,
    paused,
  };
}

/** The figures of the subject at the end of a day, as known then or, where the reader chose so, now. */
export const figuresQuery = (view: WideView, asOf: string) => ({ ...subjectQuery(view), asOf, ...(view.knownNow ? {} : { knownAt: asOf }) });
