import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answeredAhead, get, type Changes, type Figures, type Page, type Query, type TaskItem } from '../api.ts';
import { asQuery, compares, dashboardQuery, readScope, sinceQuery, type Scope } from '../scope/scope.ts';
import { EXCEPTION_RULES, type Dashboard, type ExceptionPage, type ExceptionRule } from './types.ts';

/** The page asks again by itself this often, should the line that tells of changes be broken. */
const LIVE_MS = 20_000;
export const LIST_PATH = '/bang-dieu-hanh/danh-sach';

/** Numbers of the dashboard are counted one way only; a way of counting that was chosen for the rates is left out of their links. */
export const plainly = (scope: Scope): Scope => ({ ...scope, period: null, cohort: null, basis: null, policy: null, rounding: null });

/** Under `figures`, so that the numbers tick in place with the others. */
export function useDashboard(scope: Scope) {
  const query = dashboardQuery(scope);
  return useQuery({
    queryKey: ['figures', 'dashboard', query],
    queryFn: ({ signal }) => get<Dashboard>('/dashboard', query, signal),
    initialData: () => answeredAhead('/dashboard', query) as Dashboard | undefined,
    placeholderData: keepPreviousData,
    refetchInterval: scope.day === null ? LIVE_MS : false,
  });
}

export function useFigures(scope: Scope) {
  const query = asQuery(scope);
  return useQuery({
    queryKey: ['figures', query],
    queryFn: ({ signal }) => get<Figures>('/figures', query, signal),
    initialData: () => answeredAhead('/figures', query) as Figures | undefined,
    placeholderData: keepPreviousData,
    refetchInterval: scope.day === null ? LIVE_MS : false,
  });
}

/** What moved in each cell since the comparison point of the dashboard. Counts alone need no task told. */
export function useMoves(scope: Scope, since: Pick<Dashboard['since'], 'asOf' | 'knownAt'> | undefined, told: boolean) {
  const limit = told ? '100' : '1';
  const point: Query = compares(scope) ? sinceQuery(scope) : { sinceAsOf: since?.asOf, sinceKnownAt: since?.knownAt };
  const query = { ...asQuery(scope), ...point, limit };
  return useQuery({
    queryKey: ['figures', 'changes', query],
    queryFn: ({ signal }) => get<Changes>('/figures/changes', query, signal),
    enabled: since !== undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });
}

const readOff = (search: URLSearchParams): readonly ExceptionRule[] => {
  const off = (search.get(OFF) ?? '').split(',');
  return EXCEPTION_RULES.filter((rule) => off.includes(rule));
};
/** In the address stand the rules switched off: a link without any shows them all. */
const OFF = 'tatQuyTac';
export const rulesOff = readOff;
export const rulesOffQuery = (off: readonly ExceptionRule[]): Query => ({ [OFF]: off.length > 0 ? off.join(',') : null });

export const SHOWN_EXCEPTIONS = 20;

export function useExceptions(scope: Scope, off: readonly ExceptionRule[]) {
  const rules = EXCEPTION_RULES.filter((rule) => !off.includes(rule));
  const query = { ...dashboardQuery(scope), rules: rules.join(','), limit: String(SHOWN_EXCEPTIONS) };
  return useQuery({
    queryKey: ['exceptions', query],
    queryFn: ({ signal }) => get<ExceptionPage>('/dashboard/exceptions', query, signal),
    enabled: rules.length > 0,
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** The list behind a number: which question, asked how. */
export interface Behind {
  path: '/dashboard/list' | '/figures/list';
  query: Query;
  scope: Scope;
  pick: Readonly<Record<string, string>>;
}

const FIGURE_PICKS = ['cell', 'part', 'flow', 'out', 'rate', 'side'] as const;
const DASHBOARD_PICKS = ['what', 'week'] as const;

const picked = (search: URLSearchParams, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (search.get(name) ? [[name, search.get(name) ?? '']] : [])));

/** Reads a link of this page that leads to a list; null for any other. */
export function behind(link: string): Behind | null {
  const url = new URL(link, window.location.origin);
  const scope = readScope(url.searchParams);
  if (url.pathname === LIST_PATH) {
    const pick = picked(url.searchParams, DASHBOARD_PICKS);
    return { path: '/dashboard/list', query: { ...dashboardQuery(scope), ...pick }, scope, pick };
  }
  if (url.pathname === '/danh-sach') {
    const pick = picked(url.searchParams, FIGURE_PICKS);
    return { path: '/figures/list', query: { ...asQuery(scope), ...pick }, scope, pick };
  }
  return null;
}

export function useBehind({ path, query }: Pick<Behind, 'path' | 'query'>, limit: number) {
  return useInfiniteQuery({
    queryKey: ['tasks', path, query, limit],
    queryFn: ({ pageParam, signal }) => get<Page<TaskItem>>(path, { ...query, limit: String(limit), cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
export type BehindTasks = ReturnType<typeof useBehind>;
