import { keepPreviousData, queryOptions, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { ApiError, get, type Task, type TaskEvent } from '../api.ts';
import { causesOf, type Causes } from './differences.ts';
import { fieldsOf, type TaskState } from './fields.ts';
import { pointAt, type Mark, type Point } from './points.ts';

/** More events than this between two points are not asked one by one. */
export const MOST_CAUSES = 200;
const MINUTES = 60_000;
/** Steps that are asked for ahead, on each side. */
const AHEAD = 3;

export type When = Pick<Point, 'asOf' | 'knownAt'>;

/** The task as the server sees it at a point; null where nothing of it was known yet. The past does not change, so it is asked for once. */
export const stateQuery = (id: string, { asOf, knownAt }: When) =>
  queryOptions({
    queryKey: ['replay', id, asOf, knownAt],
    queryFn: async ({ signal }): Promise<TaskState | null> => {
      try {
        return await get<Task & TaskState>(`/tasks/${encodeURIComponent(id)}`, { asOf, knownAt }, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null;
        throw error;
      }
    },
    staleTime: knownAt.startsWith('position:') ? Infinity : 10_000,
    gcTime: 30 * MINUTES,
  });

export const useTaskState = (id: string, when: When) => useQuery({ ...stateQuery(id, when), placeholderData: keepPreviousData });

/** Asks for what the next steps will show, so that they show it at once. */
export function usePrefetch(id: string, marks: readonly Mark[], points: readonly Point[]): void {
  const client = useQueryClient();
  useEffect(() => {
    for (const { count } of points) {
      for (let away = 1; away <= AHEAD; away++) {
        for (const n of [count + away, count - away])
          if (n >= 1 && n <= marks.length) client.query(stateQuery(id, pointAt(marks, n))).catch(() => undefined);
      }
    }
  }, [client, id, marks, points]);
}

/** The value once it has stood still for a moment. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** What made a field differ: an event, or time alone. */
export type Cause = Pick<TaskEvent, 'id' | 'position' | 'name'> | 'time';

/**
 * Which events made the difference between `from` and the state at the instant `at` as known at `to`: the knowledge grows event by event while the instant
 * stands still, and the server says each time what the task was. null while it is not known, or not asked for.
 */
export function useCauses(
  id: string,
  events: readonly TaskEvent[],
  from: Point,
  to: Point,
  at: string,
  wanted: boolean,
): Causes<Cause> | null {
  const between = useMemo(() => events.slice(from.count, to.count), [events, from.count, to.count]);
  const asked = wanted && between.length <= MOST_CAUSES;
  const chain: When[] = asked
    ? [from, { asOf: at, knownAt: from.knownAt }, ...between.map((event) => ({ asOf: at, knownAt: `position:${event.position}` }))]
    : [];
  return useQueries({
    queries: chain.map((when) => stateQuery(id, when)),
    combine: (answers) => {
      if (!asked || answers.some((answer) => answer.data === undefined)) return null;
      const states = answers.map((answer) => (answer.data ? fieldsOf(answer.data) : null));
      return causesOf<Cause>(states, ['time', ...between]);
    },
  });
}
