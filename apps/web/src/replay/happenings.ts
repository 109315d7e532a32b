import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { roleOf, useActor } from '../actor.ts';
import { get, type Deadline, type DeadlineChange, type Page } from '../api.ts';
import { day, dayOf, isDay } from '../format.ts';
import { t } from '../i18n.ts';

/** What stands on the rail besides events: when a deadline ended, when a meeting was cut off, when a report was issued. */
export interface Happening {
  readonly kind: 'due' | 'meeting' | 'report';
  readonly key: string;
  readonly words: string;
  /** As the address names a point: a day (its 24:00) or an instant. */
  readonly at: string;
  readonly time: number;
  /** The page of the meeting or report; of a deadline none. */
  readonly to: string | null;
}

export interface Meeting {
  readonly id: string;
  readonly name: string;
  readonly unitId: string | null;
  readonly openedAt: string;
  readonly cutOff: { readonly asOf: string };
}
interface IssuedReport {
  readonly id: string;
  readonly unitId: string;
  readonly unitName: string;
  readonly periodWords: string;
  readonly issued: { readonly at: string } | null;
}

/** As many as one page of the server holds: meetings of four years. */
const MOST = '200';

const useMeetings = () =>
  useQuery({ queryKey: ['briefings', 'rail'], queryFn: ({ signal }) => get<Page<Meeting>>('/briefings', { limit: MOST }, signal), staleTime: 60_000 });

/** When a deadline has passed: at its hour, or at the end of its day. */
export function endOf({ dueOn, dueTime }: Pick<Deadline, 'dueOn' | 'dueTime'>): { at: string; time: number } | null {
  if (!dueOn) return null;
  const at = dueTime ? `${dueOn}T${dueTime}:00+07:00` : dueOn;
  return { at, time: dueTime ? Date.parse(at) : Date.parse(`${dueOn}T24:00:00+07:00`) - 1 };
}

/** Each deadline that was in force once, in the order of time. */
export function dueHappenings(history: readonly DeadlineChange[]): Happening[] {
  const found = history.flatMap(({ deadline }) => {
    const end = deadline ? endOf(deadline) : null;
    return end === null ? [] : [{ kind: 'due' as const, key: `due-${end.at}`, words: t('Hạn {{day}}', { day: day(dayOf(end.at)) }), ...end, to: null }];
  });
  return [...new Map(found.map((one) => [one.key, one])).values()].sort((a, b) => a.time - b.time);
}

/** The meetings and the issued reports of the unit (null: of all units) in the order of time; meetings of the whole province concern every unit. */
export function useHappenings(unitId: string | null | undefined, more: readonly Happening[] = NONE): readonly Happening[] {
  const meetings = useMeetings();
  const reports = useQuery({ queryKey: ['reports', 'rail'], queryFn: ({ signal }) => get<Page<IssuedReport>>('/reports', { limit: MOST }, signal), staleTime: 60_000 });
  return useMemo(() => {
    const concerns = (of: string | null): boolean => unitId === null || of === null || of === unitId;
    const held = (meetings.data?.items ?? []).filter((one) => concerns(one.unitId)).map(({ id, name, cutOff }): Happening => ({
      kind: 'meeting', key: `meeting-${id}`, words: name, at: cutOff.asOf, time: Date.parse(cutOff.asOf), to: `/phat-lai?doiTuong=giao-ban:${encodeURIComponent(id)}`,
    }));
    const issued = (reports.data?.items ?? []).flatMap(({ id, unitId: of, unitName, periodWords, issued: when }): Happening[] =>
      when === null || !concerns(of)
        ? []
        : [{ kind: 'report', key: `report-${id}`, words: t('Báo cáo {{unit}}, {{period}}', { unit: unitName, period: periodWords }), at: when.at, time: Date.parse(when.at), to: `/phat-lai?doiTuong=bao-cao:${encodeURIComponent(id)}` }],
    );
    return [...more, ...held, ...issued].sort((a, b) => a.time - b.time);
  }, [meetings.data, reports.data, unitId, more]);
}

const NONE: readonly Happening[] = [];

/** The nearest one of a kind before or after a time. */
export function nextOf(all: readonly Happening[], kind: Happening['kind'], time: number, way: 'before' | 'after'): Happening | null {
  const found = all.filter((one) => one.kind === kind && (way === 'before' ? one.time < time : one.time > time));
  return (way === 'before' ? found.at(-1) : found[0]) ?? null;
}

/** The meeting whose pages stood, or had stood last, at a point: the one opened last by then. null where there is none, or the reader's role opens none. */
export function useMeetingAt(asOf: string): Meeting | null {
  const meetings = useMeetings();
  const role = roleOf(useActor());
  if (role === 'unit') return null;
  const time = isDay(asOf) ? Date.parse(`${asOf}T24:00:00+07:00`) - 1 : Date.parse(asOf);
  return (meetings.data?.items ?? []).filter(({ openedAt }) => Date.parse(openedAt) <= time).sort((a, b) => Date.parse(b.openedAt) - Date.parse(a.openedAt))[0] ?? null;
}
