import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { get, type TaskEvent } from '../api.ts';
import { causesOf, type Causes } from './differences.ts';
import { lifeFields, type LifeState } from './life-fields.ts';
import { type Point } from './points.ts';
import { MOST_CAUSES, type Cause } from './state.ts';

/** A meeting or a report, as the address names it. */
export const MEETING = 'giao-ban:';
export const REPORT = 'bao-cao:';
export const isLife = (name: string): boolean => name.startsWith(MEETING) || name.startsWith(REPORT);

export type LifeKind = LifeState['kind'];
export interface LifeSubject {
  readonly kind: LifeKind;
  readonly id: string;
}
export const lifeSubject = (name: string): LifeSubject =>
  name.startsWith(MEETING) ? { kind: 'briefing', id: name.slice(MEETING.length) } : { kind: 'report', id: name.slice(REPORT.length) };

/** Of a meeting also what its conclusions made in tasks. */
export interface LifeEvent extends TaskEvent {
  taskId: string | null;
  taskCode: string | null;
}
export interface Life {
  kind: LifeKind;
  id: string;
  name: string;
  position: string;
  items: LifeEvent[];
}

/** Where the server tells of it. */
export const lifePath = ({ kind, id }: LifeSubject): string => `/audit/${kind === 'briefing' ? 'briefings' : 'reports'}/${encodeURIComponent(id)}`;

export const useLife = (subject: LifeSubject) =>
  useQuery({ queryKey: ['life', subject.kind, subject.id], queryFn: ({ signal }) => get<Life>(lifePath(subject), {}, signal) });

/** Whatever happens to a meeting or a report is recorded as it happens: what was known is all that a point needs. */
export const lifeStateQuery = (subject: LifeSubject, knownAt: string) =>
  queryOptions({
    queryKey: ['life-state', subject.kind, subject.id, knownAt],
    queryFn: async ({ signal }) => (await get<{ state: LifeState | null }>(`${lifePath(subject)}/state`, { knownAt }, signal)).state,
    staleTime: knownAt.startsWith('position:') ? Infinity : 10_000,
  });

export const useLifeState = (subject: LifeSubject, { knownAt }: Point) => useQuery({ ...lifeStateQuery(subject, knownAt), placeholderData: keepPreviousData });

/** Which events between A and B made which field what it is; null while it is not known. */
export function useLifeCauses(subject: LifeSubject, events: readonly LifeEvent[], a: Point, b: Point | null, wanted: boolean): Causes<Cause> | null {
  const between = useMemo(() => (b === null ? [] : events.slice(a.count, b.count)), [events, a.count, b]);
  const asked = wanted && b !== null && between.length <= MOST_CAUSES;
  const chain = asked ? [a.knownAt, ...between.map(({ position }) => `position:${position}`)] : [];
  return useQueries({
    queries: chain.map((knownAt) => lifeStateQuery(subject, knownAt)),
    combine: (answers) => {
      if (!asked || answers.some(({ data }) => data === undefined)) return null;
      return causesOf<Cause>(
        answers.map(({ data }) => (data ? lifeFields(data) : null)),
        between,
      );
    },
  });
}
